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
type form struct {
	run run
	// begins tells which words it may begin with, so that most forms are passed
	// over at most words.
	begins begins
}

// run goes on with then at each end that a form may have, until that is true.
type run func(s *scan, at int, f *found, then rest) bool

type rest func(at int, f *found) bool

// begins is what may stand at the beginning: words, a name of a day, a number,
// a part of the day, anything at all; empty is set where nothing need be there.
type begins struct {
	words                         map[string]bool
	day, number, half, any, empty bool
}

func (b *begins) add(other begins) {
	for w := range other.words {
		if b.words == nil {
			b.words = map[string]bool{}
		}
		b.words[w] = true
	}
	b.day, b.number, b.half, b.any = b.day || other.day, b.number || other.number, b.half || other.half, b.any || other.any
}

// mayBegin tells whether a form is worth trying at a token.
func (s *scan) mayBegin(b *begins, at int) bool {
	if b.any || b.empty {
		return true
	}
	if at >= len(s.tokens) {
		return false
	}
	word := s.tokens[at].text
	return b.words[word] || b.day && s.dayWords[word] || b.half && s.halfWords[word] ||
		b.number && (s.numberWords[word] || word[0] >= '0' && word[0] <= '9')
}

// scan is a text that forms are looked for in.
type scan struct {
	*language
	tokens []token
}

// match gives where a form that begins at a token may end, and what it held;
// the longest comes first.
func (s *scan) match(f form, at int) (ends []int, held []*found) {
	if !s.mayBegin(&f.begins, at) {
		return nil, nil
	}
	type hit struct {
		end  int
		held *found
	}
	var hits []hit
	f.run(s, at, &found{}, func(end int, held *found) bool {
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
		if ends, _ := s.match(f, at); len(ends) > 0 {
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
		return form{}, fmt.Errorf("read the form %q: %w", notation, err)
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
		return form{}, fmt.Errorf("it is nested too deeply")
	}
	var choices []form
	for {
		one, err := c.sequence(depth)
		if err != nil {
			return form{}, err
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
			return form{}, err
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
			return form{}, err
		}
		if want := map[byte]string{'[': "]", '(': ")"}[open]; !strings.HasPrefix(c.rest, want) {
			return form{}, fmt.Errorf("%q is missing", want)
		}
		c.rest = c.rest[1:]
		if open == '[' {
			inner = either([]form{inner, inTurn(nil)})
		}
		return inner, nil
	case '<', '{':
		name, rest, ok := strings.Cut(c.rest[1:], map[byte]string{'<': ">", '{': "}"}[open])
		if !ok {
			return form{}, fmt.Errorf("%q is not closed", c.rest)
		}
		c.rest = rest
		if open == '{' {
			if slot, ok := slotNamed(name); ok {
				return slot, nil
			}
			return form{}, fmt.Errorf("there is no slot %q", name)
		}
		text, ok := c.parts[name]
		if !ok {
			return form{}, fmt.Errorf("there is no part %q", name)
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
	return form{func(s *scan, at int, f *found, then rest) bool {
		return at < len(s.tokens) && s.tokens[at].text == word && then(at+1, f)
	}, begins{words: map[string]bool{word: true}}}
}

func either(choices []form) form {
	if len(choices) == 1 {
		return choices[0]
	}
	var b begins
	for _, c := range choices {
		b.add(c.begins)
		b.empty = b.empty || c.begins.empty
	}
	return form{func(s *scan, at int, f *found, then rest) bool {
		for i := range choices {
			if s.mayBegin(&choices[i].begins, at) && choices[i].run(s, at, f, then) {
				return true
			}
		}
		return false
	}, b}
}

func inTurn(steps []form) form {
	b := begins{empty: true}
	for _, step := range steps {
		if b.add(step.begins); !step.begins.empty {
			b.empty = false
			break
		}
	}
	whole := form{func(_ *scan, at int, f *found, then rest) bool { return then(at, f) }, b}
	for i := len(steps) - 1; i >= 0; i-- {
		one, next := steps[i], whole.run
		if i == len(steps)-1 {
			whole.run = one.run
			continue
		}
		whole.run = func(s *scan, at int, f *found, then rest) bool {
			return one.run(s, at, f, func(at int, f *found) bool { return next(s, at, f, then) })
		}
	}
	return whole
}
