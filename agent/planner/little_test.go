package planner

import (
	"strings"
	"testing"
)

// TestLittleWords: which of the words that are said most a typed one is a
// plain slip of; none of what may be a word of its own, or a name.
func TestLittleWords(t *testing.T) {
	p := planner(t, shop())
	for _, c := range []struct{ lang, question, want string }{
		{"en", "sales fo shoes", "fo=of"},
		{"en", "Hoq many customers", "Hoq=how"},
		{"en", "who spent mpre than 200", "mpre=more"},
		{"en", "customers who bought a hat", ""},
		{"es", "los quw compraron", "quw=que"},
		{"es", "NPS por plan", ""},
		{"es", "clientes que nua compraron", ""},
		{"pt", "clientes aue compraram", "aue=que"},
		{"pt", "receita de Kos", ""},
	} {
		toks := p.ix.tokens(c.question)
		var got []string
		for i := range toks {
			if p.stands(toks[i].folded) {
				continue
			}
			if meant := p.lexicons[c.lang].littleMeant(toks, i); len(meant) > 0 {
				got = append(got, toks[i].text+"="+meant[0].word)
			}
		}
		if g := strings.Join(got, " "); g != c.want {
			t.Errorf("%s: %q: %q, want %q", c.lang, c.question, g, c.want)
		}
	}
}
