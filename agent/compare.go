package agent

import (
	"bytes"
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"tesela/tools"
)

// Difference is a place in a result that differs: values.size, rows[3][1].
// A side that lacks the place is null.
type Difference struct {
	Path string          `json:"path"`
	Kind DifferenceKind  `json:"kind"`
	Then json.RawMessage `json:"then"`
	Now  json.RawMessage `json:"now"`
	// Of says in the result's own names what the place holds: "Germany,
	// revenue" for a cell; "" for a place that its path names well enough.
	Of string `json:"of,omitempty"`
}

// DifferenceKind says what differs.
type DifferenceKind string

// The kinds of differences: figures and what they are called and counted in;
// words and charts that a reader sees around them; what a newer version tells
// beside what was told; the fingerprint alone.
const (
	Figure  DifferenceKind = "figure"
	Wording DifferenceKind = "wording"
	Added   DifferenceKind = "added"
	Print   DifferenceKind = "fingerprint"
)

// mostDifferences bounds what is listed of one call.
const mostDifferences = 20

// compareResults lists where a result differs from the kept one. What was
// withheld from the file is left out on both sides: the fingerprint covers it.
func compareResults(call *ReplayedCall, kept keptCall, now json.RawMessage, grows bool) error {
	then := kept.Result
	switch {
	case kept.Result == nil && kept.Error == "":
		then = json.RawMessage("null")
	case kept.Error != "":
		then, _ = json.Marshal(map[string]string{"error": kept.Error})
	}
	a, err := tree(then)
	if err != nil {
		return err
	}
	b, err := tree(now)
	if err != nil {
		return err
	}
	c := comparison{then: a, now: b, grows: grows}
	if len(kept.Withheld) > 0 {
		c.without(kept.Withheld)
	}
	c.compare("", c.then, c.now)
	// Figures come first, so that none falls behind the bound.
	slices.SortStableFunc(c.found, func(a, b Difference) int { return rank(a.Kind) - rank(b.Kind) })
	call.Differences = append(call.Differences, c.found[:min(len(c.found), mostDifferences)]...)
	return nil
}

func rank(k DifferenceKind) int {
	return slices.Index([]DifferenceKind{Figure, Wording, Added, Print}, k)
}

func figuresSame(list []Difference) bool {
	return !slices.ContainsFunc(list, func(d Difference) bool { return d.Kind == Figure })
}

// sameOutcome tells whether two runs of the same calls differ from what was
// kept in the same places by the same figures.
func sameOutcome(a, b []ReplayedCall) bool {
	figures := func(calls []ReplayedCall) (out [][]Difference) {
		for _, c := range calls {
			var own []Difference
			for _, d := range c.Differences {
				if d.Kind == Figure {
					own = append(own, d)
				}
			}
			out = append(out, own)
		}
		return out
	}
	return reflect.DeepEqual(figures(a), figures(b))
}

// comparison is of two results, as trees.
type comparison struct {
	then, now any
	found     []Difference
	// grows is set where another version ran on the same data: what it tells
	// beside all that was told is no figure that differs.
	grows bool
}

// without leaves parts out on both sides.
func (c *comparison) without(parts []string) {
	for _, side := range []any{c.then, c.now} {
		if object, ok := side.(map[string]any); ok {
			for _, part := range parts {
				delete(object, part)
			}
			// A print that covers what is not there counts as a figure.
			object["withheld"] = object["fingerprint"]
		}
	}
}

// tree reads JSON with its numbers as they are written, so that comparing
// trees is comparing bytes but for space and the order of keys.
func tree(b json.RawMessage) (any, error) {
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	var v any
	err := d.Decode(&v)
	return v, err
}

// mostFound bounds what is looked for in one result.
const mostFound = 10_000

// compare lists where two trees differ, in the order of keys and indices.
func (c *comparison) compare(path string, then, now any) {
	if len(c.found) >= mostFound {
		return
	}
	switch a := then.(type) {
	case map[string]any:
		if b, ok := now.(map[string]any); ok {
			keys := slices.Collect(maps.Keys(a))
			for k := range b {
				if _, ok := a[k]; !ok {
					keys = append(keys, k)
				}
			}
			slices.Sort(keys)
			for _, k := range keys {
				below := k
				if path != "" {
					below = path + "." + k
				}
				was, there := a[k]
				if !there && c.grows {
					c.add(below, Added, nil, b[k])
					continue
				}
				c.compare(below, was, b[k])
			}
			return
		}
	case []any:
		if b, ok := now.([]any); ok {
			for i := range max(len(a), len(b)) {
				below := path + "[" + strconv.Itoa(i) + "]"
				switch {
				case i < len(a) && i < len(b):
					c.compare(below, a[i], b[i])
				case i < len(a):
					c.differ(below, a[i], nil)
				default:
					c.differ(below, nil, b[i])
				}
			}
			return
		}
	}
	if !equal(then, now) {
		c.differ(path, then, now)
	}
}

func (c *comparison) differ(path string, then, now any) {
	kind := kindOf(path)
	if path == "error" && (then == nil || now == nil) {
		kind = Figure // one that failed, and one that did not
	}
	c.add(path, kind, then, now)
}

func (c *comparison) add(path string, kind DifferenceKind, then, now any) {
	c.found = append(c.found, Difference{Path: path, Kind: kind, Then: leaf(then), Now: leaf(now), Of: c.named(path)})
}

// kindOf tells what lies at a place of a result.
func kindOf(path string) DifferenceKind {
	name, _, _ := strings.Cut(path, ".")
	name, _, _ = strings.Cut(name, "[")
	switch {
	case path == "fingerprint":
		return Print
	case slices.Contains([]string{"title", "notes", "chart", "error"}, name), name == "segments" && strings.HasSuffix(path, "].text"):
		return Wording
	}
	return Figure
}

// named names a cell by its row's first text and its column.
func (c *comparison) named(path string) string {
	var row, column int
	var ok bool
	rest, found := strings.CutPrefix(path, "rows[")
	if !found {
		return ""
	}
	first, second, found := strings.Cut(strings.TrimSuffix(rest, "]"), "][")
	if !found {
		return ""
	}
	if row, ok = index(first); !ok {
		return ""
	}
	if column, ok = index(second); !ok {
		return ""
	}
	for _, side := range []any{c.then, c.now} {
		cells, columns := listAt(listIn(side, "rows"), row), listIn(side, "columns")
		if column >= len(cells) || column >= len(columns) {
			continue
		}
		about, _ := columns[column].(map[string]any)
		name, _ := about["name"].(string)
		label, _ := cells[0].(string)
		if column == 0 || label == "" {
			return name
		}
		return label + ", " + name
	}
	return ""
}

func listIn(result any, name string) []any {
	object, _ := result.(map[string]any)
	list, _ := object[name].([]any)
	return list
}

func listAt(list []any, i int) []any {
	if i >= len(list) {
		return nil
	}
	inner, _ := list[i].([]any)
	return inner
}

func index(s string) (int, bool) {
	n, err := strconv.Atoi(s)
	return n, err == nil && n >= 0
}

func equal(a, b any) bool {
	switch a.(type) {
	case map[string]any, []any:
		return false // of different kinds, else they were taken apart
	}
	switch b.(type) {
	case map[string]any, []any:
		return false
	}
	if x, ok := a.(json.Number); ok {
		y, ok := b.(json.Number)
		return ok && plainNumber(x) == plainNumber(y)
	}
	return a == b
}

func leaf(v any) json.RawMessage {
	b, err := jsonLine(v)
	if err != nil {
		return json.RawMessage("null")
	}
	return b
}

// changes lists the kept definitions that are not the same now, and roles set
// since.
func changes(then, now tools.Definitions) []DefinitionChange {
	out := []DefinitionChange{}
	differ := func(kind, name, a, b string) {
		if a != b {
			out = append(out, DefinitionChange{Kind: kind, Name: name, Then: a, Now: b})
		}
	}
	each := func(kind string, a, b map[string]string, names []string) {
		slices.Sort(names)
		for _, name := range slices.Compact(names) {
			differ(kind, name, a[name], b[name])
		}
	}
	keys := func(m map[string]string) []string { return slices.Collect(maps.Keys(m)) }
	each("segment", then.Segments, now.Segments, keys(then.Segments))
	each("word", then.Words, now.Words, keys(then.Words))
	each("role", then.Roles, now.Roles, append(keys(then.Roles), keys(now.Roles)...))
	differ("zone", "", then.Zone, now.Zone)
	differ("currency", "", then.Currency, now.Currency)
	return out
}
