package digest

import (
	"fmt"
	"slices"
	"strings"
)

// found is what the slots of a form held.
type found struct {
	weekdays []int
	days     []int
	nth      int
	n        int
	hour     int
	minute   int
	minutes  bool   // the minutes were said
	part     string // of the day: am, pm, night
	half     int    // the hour that goes with a part of the day, where one was named
}

// form is a way of saying something, compiled from its notation: words as they
// are typed, [what may be left out], (one|or the other), <a part with a name of
// its own> and {slot}.
type form func(s *scan, at int, f found, then func(at int, f found) bool) bool

// scan is a text that forms are looked for in.
type scan struct {
	*language
	tokens []token
}

// match gives where a form that begins at a token may end, and what it held;
// the longest comes first.
func (s *scan) match(f form, at int, with found) (ends []int, held []found) {
	type hit struct {
		end  int
		held found
	}
	var hits []hit
	f(s, at, with, func(end int, held found) bool {
		if !slices.ContainsFunc(hits, func(h hit) bool { return h.end == end }) {
			hits = append(hits, hit{end, held})
		}
		return false
	})
	slices.SortStableFunc(hits, func(a, b hit) int { return b.end - a.end })
	for _, h := range hits {
		ends, held = append(ends, h.end), append(held, h.held)
	}
	return ends, held
}

// longest gives the furthest end of a form at a token, and false where it does
// not begin there or holds nothing.
func (s *scan) longest(forms []form, at int) (end int, ok bool) {
	end = at
	for _, f := range forms {
		if ends, _ := s.match(f, at, found{}); len(ends) > 0 {
			end = max(end, ends[0])
		}
	}
	return end, end > at
}

// compile reads a form's notation.
func compile(notation string, parts map[string]string) (form, error) {
	c := &compiler{rest: notation, parts: parts}
	f, err := c.choice(0)
	if err == nil && c.rest != "" {
		err = fmt.Errorf("%q closes what was not opened", c.rest)
	}
	if err != nil {
		return nil, fmt.Errorf("read the form %q: %w", notation, err)
	}
	return f, nil
}

type compiler struct {
	rest  string
	parts map[string]string
}

// mostNested bounds how deep forms lie in one another.
const mostNested = 12

func (c *compiler) choice(depth int) (form, error) {
	if depth > mostNested {
		return nil, fmt.Errorf("it is nested too deeply")
	}
	var choices []form
	for {
		one, err := c.sequence(depth)
		if err != nil {
			return nil, err
		}
		choices = append(choices, one)
		if !strings.HasPrefix(c.rest, "|") {
			return either(choices), nil
		}
		c.rest = c.rest[1:]
	}
}

func (c *compiler) sequence(depth int) (form, error) {
	var steps []form
	for c.rest != "" && !strings.ContainsRune("|)]", rune(c.rest[0])) {
		step, err := c.step(depth)
		if err != nil {
			return nil, err
		}
		steps = append(steps, step)
	}
	return inTurn(steps), nil
}

func (c *compiler) step(depth int) (form, error) {
	open := c.rest[0]
	switch open {
	case '[', '(':
		c.rest = c.rest[1:]
		inner, err := c.choice(depth + 1)
		if err != nil {
			return nil, err
		}
		if want := map[byte]string{'[': "]", '(': ")"}[open]; !strings.HasPrefix(c.rest, want) {
			return nil, fmt.Errorf("%q is missing", want)
		}
		c.rest = c.rest[1:]
		if open == '[' {
			inner = either([]form{inner, inTurn(nil)})
		}
		return inner, nil
	case '<', '{':
		name, rest, ok := strings.Cut(c.rest[1:], map[byte]string{'<': ">", '{': "}"}[open])
		if !ok {
			return nil, fmt.Errorf("%q is not closed", c.rest)
		}
		c.rest = rest
		if open == '{' {
			slot := slotNamed(name)
			if slot == nil {
				return nil, fmt.Errorf("there is no slot %q", name)
			}
			return slot, nil
		}
		text, ok := c.parts[name]
		if !ok {
			return nil, fmt.Errorf("there is no part %q", name)
		}
		inner := &compiler{rest: text, parts: c.parts}
		return inner.choice(depth + 1)
	}
	end := strings.IndexAny(c.rest, "[]()<>{}|")
	if end < 0 {
		end = len(c.rest)
	}
	var steps []form
	for _, t := range tokens(c.rest[:end]) {
		steps = append(steps, literal(t.text))
	}
	c.rest = c.rest[end:]
	return inTurn(steps), nil
}

func literal(word string) form {
	return func(s *scan, at int, f found, then func(int, found) bool) bool {
		return at < len(s.tokens) && s.tokens[at].text == word && then(at+1, f)
	}
}

func either(choices []form) form {
	if len(choices) == 1 {
		return choices[0]
	}
	return func(s *scan, at int, f found, then func(int, found) bool) bool {
		for _, c := range choices {
			if c(s, at, f, then) {
				return true
			}
		}
		return false
	}
}

func inTurn(steps []form) form {
	return func(s *scan, at int, f found, then func(int, found) bool) bool {
		var from func(i, at int, f found) bool
		from = func(i, at int, f found) bool {
			if i == len(steps) {
				return then(at, f)
			}
			return steps[i](s, at, f, func(at int, f found) bool { return from(i+1, at, f) })
		}
		return from(0, at, f)
	}
}
