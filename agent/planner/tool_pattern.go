package planner

import (
	"fmt"
	"slices"
	"strings"
)

// pattern is a piece of a form as prompts/lexicon/tools.yaml writes it: words,
// (one|or the other), [what may be left out], <a list by name> and {a slot}.
type pattern interface {
	// match goes on with then at each place where the pattern may end that
	// begins at token i; it stops at the first that then accepts.
	match(m *fitting, i int, then func(int) bool) bool
	// needs are the words of which each set must have one in a question.
	needs() clauses
	tell(v *vocabulary) // all of its words
}

type (
	word    string
	inTurn  []pattern
	oneOf   []pattern
	slot    string
	listing struct {
		name string
		of   pattern
	}
	// shared is a pattern that many forms name: what it needs is worked out once.
	shared struct {
		pattern
		needed clauses
	}
)

func sharing(p pattern) *shared {
	needed := slices.Clone(p.needs())
	for i, some := range needed {
		some = slices.Clone(some)
		slices.Sort(some)
		needed[i] = slices.Compact(some)
	}
	return &shared{p, needed}
}

// fitting is a form being tried on a question.
type fitting struct {
	toks     []token
	question string
	to       int
	spans    map[string][2]int // of slots and lists
	heads    pattern           // what a second group begins with
	loose    bool              // it may begin otherwise
	lex      *lexicon          // tells what may be a number; nil where none is looked for
	steps    int               // what is left to try
	near     map[string][]string
	// allows tells whether tokens i…j may be what a slot is for; nil for any.
	allows func(slot string, i, j int) bool
}

// mostSteps bounds the trying of one form.
const mostSteps = 20000

func (w word) match(m *fitting, i int, then func(int) bool) bool {
	for i < m.to && m.toks[i].kind == tokBreak {
		i++
	}
	if m.steps--; m.steps < 0 || i >= m.to {
		return false
	}
	t := m.toks[i]
	if t.kind == tokQuoted || t.kind == tokBreak || t.folded != string(w) && !slices.Contains(m.near[t.folded], string(w)) {
		return false
	}
	return then(i + 1)
}

func (s inTurn) match(m *fitting, i int, then func(int) bool) bool {
	if len(s) == 0 {
		return then(i)
	}
	return s[0].match(m, i, func(j int) bool { return s[1:].match(m, j, then) })
}

func (s oneOf) match(m *fitting, i int, then func(int) bool) bool {
	for _, p := range s {
		if p.match(m, i, then) {
			return true
		}
	}
	return false
}

// match notes where a list stands.
func (l listing) match(m *fitting, i int, then func(int) bool) bool {
	return l.of.match(m, i, func(j int) bool {
		was, had := m.spans[l.name]
		m.spans[l.name] = [2]int{i, j}
		if then(j) {
			return true
		}
		if delete(m.spans, l.name); had {
			m.spans[l.name] = was
		}
		return false
	})
}

// match takes as little as it can, but for what the slot itself forbids.
func (s slot) match(m *fitting, i int, then func(int) bool) bool {
	for i < m.to && isPause(m.toks[i]) {
		i++
	}
	among := s == "those" // a group that says so: it has such a word in it
	if among {
		s = "other"
	}
	if s == "other" && !among && !m.loose && !m.heads.match(m, i, func(int) bool { return true }) {
		return false
	}
	most := m.to - i
	switch s {
	case "customer":
		most = min(most, 6)
	case "nth":
		most = min(most, 1)
	case "value", "n":
		most = min(most, 5)
	case "field":
		most = min(most, 8)
	default:
		if n := slotLengths[string(s)]; n > 0 {
			most = min(most, n)
		}
	}
	if (s == "value" || s == "n" || s == "nth") && (i >= m.to || !m.isNumber(i)) {
		return false
	}
	var ends []int
	for end := i + 1; end <= i+most; end++ {
		if s == "customer" && !m.isCustomer(i, end) || s == "text" && end < m.to && !m.isText(i, end) {
			continue
		}
		if m.allows != nil && !m.allows(string(s), i, end) {
			continue
		}
		if among && !slices.ContainsFunc(indices(i, end), func(k int) bool {
			return m.heads.match(m, k, func(at int) bool { return at <= end })
		}) {
			continue
		}
		ends = append(ends, end)
	}
	if s == "customer" {
		slices.Reverse(ends)
	}
	if _, had := m.spans[string(s)]; had {
		return false // said twice
	}
	try := func(end int) bool {
		if m.steps--; m.steps < 0 {
			return false
		}
		m.spans[string(s)] = [2]int{i, end}
		if then(end) {
			return true
		}
		delete(m.spans, string(s))
		return false
	}
	return slices.ContainsFunc(ends, try)
}

// isCustomer tells whether tokens i…j may be a customer's id: in quotes, or in
// one piece that has a digit or a sign of an address.
func (m *fitting) isCustomer(i, j int) bool {
	if j == i+1 && m.toks[i].kind == tokQuoted {
		return true
	}
	text := m.question[m.toks[i].from:m.toks[j-1].to]
	if m.toks[i].kind == tokBreak || m.toks[j-1].kind == tokBreak || strings.ContainsAny(text, " \t\n\"“«?") || !strings.ContainsAny(text, "0123456789@") {
		return false
	}
	// The whole piece: no id ends in the middle of one.
	rest := m.question[m.toks[j-1].to:]
	return rest == "" || strings.ContainsAny(rest[:1], " \t\n,;:?!.)'") || strings.HasPrefix(rest, "’")
}

// isNumber tells whether a number may begin at token i.
func (m *fitting) isNumber(i int) bool {
	switch t := m.toks[i]; t.kind {
	case tokNumber, tokSymbol:
		return true
	case tokWord:
		return m.lex != nil && slices.ContainsFunc(m.lex.exact[t.folded], func(e entry) bool {
			switch e.cat {
			case "numbers", "articles", "multipliers", "currencies":
				return true
			}
			return false
		})
	}
	return false
}

// isText tells whether a text to look for may stand before other words: in
// quotes, or few words.
func (m *fitting) isText(i, j int) bool {
	return m.toks[i].kind == tokQuoted && j == i+1 || m.toks[i].kind != tokQuoted && j-i <= 4
}

// patternReader reads the writing of patterns.
type patternReader struct {
	rest  []string
	lists map[string]pattern
}

var patternMarks = strings.NewReplacer("(", " ( ", ")", " ) ", "[", " [ ", "]", " ] ", "|", " | ")

// toolSlots are what a form may ask for.
var toolSlots = []string{
	"who", "other", "those", "customer", "value", "text", "field", "n", "nth",
	"when", "label", "entered", "campaign", "goal", "by", "outcome", "among", "traits", "days", "horizon", "lastcall", "remove", "date", "treated",
	"top", "least", "most", "lift", "power", "holdout", "name", "events", "arms", "more",
}

// slotLengths bound how many tokens a slot takes.
var slotLengths = map[string]int{
	"when": 14, "date": 8, "label": 6, "entered": 6, "campaign": 10, "by": 8, "outcome": 10, "traits": 10, "days": 5, "horizon": 5, "lastcall": 5, "remove": 5,
	"top": 3, "least": 3, "most": 3, "lift": 4, "power": 4, "holdout": 4, "events": 10, "arms": 10, "more": 3,
}

// readPattern reads a pattern; lists are those it may name.
func readPattern(text string, lists map[string]pattern) (pattern, error) {
	r := &patternReader{rest: strings.Fields(patternMarks.Replace(text)), lists: lists}
	p, err := r.choice("")
	if err != nil {
		return nil, fmt.Errorf("%q: %w", text, err)
	}
	return p, nil
}

// choice reads sequences parted by bars, up to the closing sign.
func (r *patternReader) choice(closing string) (pattern, error) {
	var all oneOf
	var seq inTurn
	for {
		if len(r.rest) == 0 {
			if closing != "" {
				return nil, fmt.Errorf("a %s is missing", closing)
			}
			return append(all, seq).plain(), nil
		}
		next := r.rest[0]
		r.rest = r.rest[1:]
		switch {
		case next == closing:
			return append(all, seq).plain(), nil
		case next == "|":
			all, seq = append(all, seq), nil
			continue
		case next == "(":
			p, err := r.choice(")")
			if err != nil {
				return nil, err
			}
			seq = append(seq, p)
		case next == "[":
			p, err := r.choice("]")
			if err != nil {
				return nil, err
			}
			seq = append(seq, oneOf{p, inTurn{}})
		case next == ")" || next == "]":
			return nil, fmt.Errorf("a %s too many", next)
		case next == "&":
			if r.lists["&"] == nil {
				return nil, fmt.Errorf("nothing may be said beside this")
			}
			seq = append(seq, r.lists["&"])
		case next[0] == '<':
			name := strings.Trim(next, "<>")
			if r.lists[name] == nil {
				return nil, fmt.Errorf("there is no list %s", next)
			}
			seq = append(seq, listing{name, r.lists[name]})
		case next[0] == '{':
			name := strings.Trim(next, "{}")
			if !slices.Contains(toolSlots, name) {
				return nil, fmt.Errorf("there is no slot %s", next)
			}
			seq = append(seq, slot(name))
		default:
			f := foldPhrase(next)
			for _, w := range strings.Fields(f) {
				seq = append(seq, word(w))
			}
		}
	}
}

func (s oneOf) plain() pattern {
	if len(s) == 1 {
		return s[0]
	}
	return s
}

// indices are i…j.
func indices(i, j int) []int {
	var out []int
	for ; i < j; i++ {
		out = append(out, i)
	}
	return out
}
