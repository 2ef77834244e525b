package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// searcher finds texts in what was sent, however they are spelled there.
type searcher struct {
	// texts are what must not be there, in lower case, by their beginnings.
	texts map[[prefix]byte][]string
	// seen are the pieces that were looked at already: most of a request is
	// the same as in the one before.
	seen  map[string]bool
	found map[string]string // text → where
}

// prefix is how much of a text finds it; shorter texts are not looked for.
const prefix = 6

func newSearcher(texts []string) *searcher {
	s := &searcher{texts: map[[prefix]byte][]string{}, seen: map[string]bool{}, found: map[string]string{}}
	for _, t := range texts {
		s.add(t)
		// Telephone numbers are often written without their spaces and signs.
		if digits := strings.Map(digit, t); len(digits) >= 9 && len(digits)*2 > len(t) {
			s.add(digits)
		}
	}
	return s
}

func digit(r rune) rune {
	if r < '0' || r > '9' {
		return -1
	}
	return r
}

func (s *searcher) add(text string) {
	text = strings.ToLower(text)
	if len(text) > prefix {
		key := [prefix]byte([]byte(text[:prefix]))
		s.texts[key] = append(s.texts[key], text)
	}
}

// request looks through all of a request: where it went, with which headers,
// and its body.
func (s *searcher) request(address string, headers, body []byte) {
	s.piece(address, 0)
	s.piece(string(headers), 0)
	if !s.document(body, 0) {
		s.piece(string(body), 0)
	}
}

// document looks through a JSON document: every name and text in it.
func (s *searcher) document(doc []byte, depth int) bool {
	d := json.NewDecoder(bytes.NewReader(doc))
	d.UseNumber()
	var v any
	if d.Decode(&v) != nil {
		return false
	}
	s.value(v, depth)
	return true
}

func (s *searcher) value(v any, depth int) {
	switch v := v.(type) {
	case map[string]any:
		for name, one := range v {
			s.piece(name, depth)
			s.value(one, depth)
		}
	case []any:
		for _, one := range v {
			s.value(one, depth)
		}
	case string:
		s.piece(v, depth)
	case json.Number:
		s.plain(v.String())
	}
}

var (
	escaped  = regexp.MustCompile(`\\u[0-9a-fA-F]{4}|\\["\\/]`)
	base64ed = regexp.MustCompile(`[A-Za-z0-9+/_-]{8,}={0,2}`)
)

// piece looks through a text, and through what it stands for where it is
// escaped or encoded once more.
func (s *searcher) piece(text string, depth int) {
	if s.seen[text] || depth > 4 {
		return
	}
	s.seen[text] = true
	s.plain(text)
	if t := strings.TrimSpace(text); len(t) > 1 && (t[0] == '{' || t[0] == '[' || t[0] == '"') {
		s.document([]byte(t), depth+1)
	}
	if strings.Contains(text, `\`) {
		s.piece(escaped.ReplaceAllStringFunc(text, unescape), depth+1)
	}
	if strings.Contains(text, "%") {
		if plain, err := url.QueryUnescape(text); err == nil {
			s.piece(plain, depth+1)
		} else {
			s.piece(percent.ReplaceAllStringFunc(text, func(p string) string {
				b, _ := strconv.ParseUint(p[1:], 16, 8)
				return string([]byte{byte(b)})
			}), depth+1)
		}
	}
	for _, t := range base64ed.FindAllString(text, -1) {
		t = strings.TrimRight(strings.NewReplacer("-", "+", "_", "/").Replace(t), "=")
		for from := range 4 { // it may begin anywhere in a longer word
			part := t[from:]
			if len(part)%4 == 1 {
				part = part[:len(part)-1]
			}
			if plain, err := base64.RawStdEncoding.DecodeString(part); err == nil {
				s.plain(string(plain))
			}
		}
	}
}

var percent = regexp.MustCompile(`%[0-9a-fA-F]{2}`)

func unescape(s string) string {
	if plain, err := strconv.Unquote(`"` + s + `"`); err == nil {
		return plain
	}
	return s[1:]
}

// in tells whether a text that is not sent holds one of the texts.
func (s *searcher) in(text string) bool {
	alone := &searcher{texts: s.texts, seen: map[string]bool{}, found: map[string]string{}}
	alone.plain(text)
	return len(alone.found) > 0
}

// plain looks for the texts in a piece as it is, in any case.
func (s *searcher) plain(text string) {
	text = strings.ToLower(text)
	for i := 0; i+prefix <= len(text); i++ {
		for _, t := range s.texts[[prefix]byte([]byte(text[i:i+prefix]))] {
			if strings.HasPrefix(text[i:], t) && s.found[t] == "" {
				s.found[t] = fmt.Sprintf("…%s…", text[max(0, i-300):min(len(text), i+100)])
			}
		}
	}
}

// The net has no holes: a text is found in every spelling.
func TestSpellingsAreFound(t *testing.T) {
	const name, phone = "Inês Araújo", "+351 912 345 678"
	inner, _ := json.Marshal(map[string]string{"a": "x " + name + " y"})
	ascii := strconv.QuoteToASCII(name)
	for spelling, body := range map[string]string{
		"plain":         `{"m":"said ` + name + `."}`,
		"a name of it":  `{"` + name + `":1}`,
		"no JSON":       name,
		"escaped":       `{"m":` + ascii + `}`,
		"twice escaped": `{"m":` + strconv.Quote(`{"a":`+ascii+`}`) + `}`,
		"in a text":     `{"m":` + strconv.Quote("see "+ascii) + `}`,
		"within JSON":   `{"m":` + strconv.Quote(string(inner)) + `}`,
		"upper case":    `{"m":"` + strings.ToUpper(name) + `"}`,
		"URL":           `{"m":"/q?a=` + url.QueryEscape(name) + `"}`,
		"path":          `{"m":"100% /` + url.PathEscape(name) + `"}`,
		"base64":        `{"m":"` + base64.StdEncoding.EncodeToString([]byte("12"+name)) + `"}`,
		"base64 of URL": `{"m":"x=` + base64.RawURLEncoding.EncodeToString([]byte(name)) + `&y"}`,
		"bare number":   `{"m":351912345678}`,
		"phone":         `{"m":"` + phone + `"}`,
	} {
		s := newSearcher([]string{name, phone})
		s.request("/x", nil, []byte(body))
		if len(s.found) == 0 {
			t.Errorf("%s: not found in %s", spelling, body)
		}
	}
	s := newSearcher([]string{name, phone})
	s.request("/x?a="+url.QueryEscape(name), []byte("X: "+phone), []byte(`{}`))
	if len(s.found) != 2 {
		t.Errorf("found %v in address and headers", s.found)
	}
	s = newSearcher([]string{name, phone})
	s.request("/x", nil, []byte(`{"m":"Inês and Araújo, 351"}`))
	if len(s.found) != 0 {
		t.Errorf("found %v in nothing", s.found)
	}
}
