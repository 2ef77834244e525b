package modeltest

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// object is a JSON object of a request under test.
type object map[string]json.RawMessage

// objectOf reads an object; nil for all else.
func objectOf(raw json.RawMessage) object {
	var o object
	if json.Unmarshal(raw, &o) != nil {
		return nil
	}
	return o
}

// listOf reads a list; ok is false for all else but null and nothing.
func listOf(raw json.RawMessage) (list []json.RawMessage, ok bool) {
	if isNull(raw) {
		return nil, true
	}
	err := json.Unmarshal(raw, &list)
	return list, err == nil
}

// textOf is a JSON string; ok is false for all else.
func textOf(raw json.RawMessage) (s string, ok bool) {
	if len(raw) == 0 || raw[0] != '"' {
		return "", false
	}
	err := json.Unmarshal(raw, &s)
	return s, err == nil
}

func (o object) text(names ...string) string {
	for _, name := range names {
		if s, ok := textOf(o[name]); ok {
			return s
		}
	}
	return ""
}

// get is a field by any of its spellings; nil where there is none.
func (o object) get(names ...string) json.RawMessage {
	for _, name := range names {
		if raw, ok := o[name]; ok {
			return raw
		}
	}
	return nil
}

func (o object) has(name string) bool { return !isNull(o[name]) }

// unknown are the names that are none of those known, sorted.
func (o object) unknown(known ...string) []string {
	var names []string
	for name := range o {
		if !slices.Contains(known, name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

func isNull(raw json.RawMessage) bool { return len(raw) == 0 || string(raw) == "null" }

func isObject(raw json.RawMessage) bool { return len(raw) > 0 && raw[0] == '{' }

// within tells whether a number, where there is one, is in a range.
func within(raw json.RawMessage, low, high float64) bool {
	if isNull(raw) {
		return true
	}
	n, err := strconv.ParseFloat(string(raw), 64)
	return err == nil && n >= low && n <= high
}

// toolNames tells of names that are not of letters, digits, _ and -, or too
// long, or twice there.
func toolNames(names []string, most int) string {
	pattern := regexp.MustCompile(fmt.Sprintf(`^[a-zA-Z0-9_-]{1,%d}$`, most))
	seen := map[string]bool{}
	for _, n := range names {
		if !pattern.MatchString(n) {
			return fmt.Sprintf("%q does not match pattern %s", n, pattern)
		}
		if seen[n] {
			return fmt.Sprintf("%q: tool names must be unique", n)
		}
		seen[n] = true
	}
	return ""
}

// nineOf makes an id of nine letters and digits from another, of which those
// that differ within seven of them still do.
func nineOf(id string, i int) string {
	var b strings.Builder
	for _, r := range id {
		if r < 0x80 && (r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z') {
			b.WriteRune(r)
		}
	}
	short := b.String()
	if len(short) > 7 {
		short = short[len(short)-7:]
	}
	return fmt.Sprintf("%s%0*d", short, 9-len(short), i+1)
}
