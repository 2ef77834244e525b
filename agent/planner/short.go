package planner

import (
	"fmt"
	"slices"
	"strings"
)

// shorthand is a way to write words in short, "q +" for "que más", "w/o" for
// "without": what is typed, token by token, and what is meant.
type shorthand struct {
	words  []string
	slash  bool // a slash ends it
	number bool // a number stands before it, and no formula around it: "60 d"
	meant  string
}

// shorthands reads the heading "short": longer ones first.
func (lx *lexicon) shorthands(doc map[string]any) error {
	list, _ := doc["short"].([]any)
	for _, one := range list {
		row, _ := one.(map[string]any)
		typed, _ := row["typed"].([]any)
		if len(typed) == 0 || row["meant"] == nil {
			return fmt.Errorf("short: %v says not what is written for what", row)
		}
		for _, text := range typed {
			s := shorthand{meant: fmt.Sprint(row["meant"])}
			rest, number := strings.CutPrefix(fmt.Sprint(text), "# ")
			rest, slash := strings.CutSuffix(rest, "/")
			s.number, s.slash = number, slash
			for _, t := range tokenize(rest) {
				s.words = append(s.words, t.folded)
			}
			if len(s.words) == 0 {
				return fmt.Errorf("short: %q is no word", text)
			}
			lx.short = append(lx.short, s)
		}
	}
	slices.SortFunc(lx.short, func(a, b shorthand) int {
		if n := len(b.words) - len(a.words); n != 0 {
			return n
		}
		return strings.Compare(strings.Join(a.words, " ")+fmt.Sprint(a.number, a.slash), strings.Join(b.words, " ")+fmt.Sprint(b.number, b.slash))
	})
	delete(doc, "short")
	return nil
}

// spelledOut is a question with what is written in short as it is said, in the
// language that it likely is of. What the data calls something so stays.
func (p *Planner) spelledOut(question, before string) string {
	toks := tokenize(question)
	if len(toks) == 0 || len(toks) > maxTokens {
		return question
	}
	langs, _ := p.likely(toks, before)
	lx := p.lexicons[langs[0]]
	var b strings.Builder
	at := 0
	for i := 0; i < len(toks); i++ {
		s, to := lx.shortAt(question, toks, i)
		if to == 0 || p.addsUp(toks, i) || len(s.words) == 1 && toks[i].kind == tokWord && !s.number && !s.slash && p.inData(toks[i].folded) {
			continue
		}
		end := toks[i+len(s.words)-1].to
		b.WriteString(question[at:toks[i].from])
		b.WriteString(s.meant)
		if at = end; s.slash {
			at++
			if at < len(question) && question[at] != ' ' {
				b.WriteString(" ")
			}
		}
		i += len(s.words) - 1
	}
	b.WriteString(question[at:])
	return b.String()
}

// addsUp tells whether a sign stands between what it adds: two figures, or two
// things of the data.
func (p *Planner) addsUp(toks []token, i int) bool {
	if toks[i].kind != tokSymbol || i+1 >= len(toks) {
		return false
	}
	next := toks[i+1]
	return next.kind != tokWord || i > 0 && len(p.ix.value(next.folded)) > 0 && len(p.ix.value(toks[i-1].folded)) > 0
}

// inData tells whether the data calls something by a word.
func (p *Planner) inData(w string) bool {
	return p.ix.words[w] || len(p.ix.names[w]) > 0 || len(p.ix.aliases[w]) > 0 || len(p.ix.value(w)) > 0
}

// shortAt is the shorthand at a token, and where in the question it ends; 0 for none.
func (lx *lexicon) shortAt(question string, toks []token, i int) (shorthand, int) {
	for _, s := range lx.short {
		n := len(s.words)
		if i+n > len(toks) || s.number && (i == 0 || toks[i-1].kind != tokNumber || strings.Contains(question, "(")) || !s.number && !s.slash && i > 0 && toks[i-1].kind == tokNumber && len(toks[i].folded) == 1 {
			continue
		}
		fits := true
		for k, w := range s.words {
			t := toks[i+k]
			fits = fits && t.folded == w && t.kind != tokQuoted && t.kind != tokNumber && t.kind != tokDate
		}
		end := toks[i+n-1].to
		if fits && s.slash == (end < len(question) && question[end] == '/') {
			return s, end
		}
	}
	return shorthand{}, 0
}
