package planner

import "testing"

// TestShort spells out what is written in short, and nothing that adds up.
func TestShort(t *testing.T) {
	p := planner(t, shop())
	for question, want := range map[string]string{
		"los clientes q + gastaron en los últimos 60 d":  "los clientes que más gastaron en los últimos 60 días",
		"los clientes s/ compras y c/ visitas en el año": "los clientes sin compras y con visitas en el año",
		"ingresos x mes":                               "ingresos por mes",
		"qts clientes c/ + de 3 compras?":              "quantos clientes com mais de 3 compras?",
		"os clientes q + gastaram":                     "os clientes que mais gastaram",
		"how many custs w/ 3+ orders in the last 90 d": "how many customers with 3+ orders in the last 90 days",
		"who spent 2 + 3 euros":                        "who spent 2 + 3 euros",
	} {
		if got := p.spelledOut(question, ""); got != want {
			t.Errorf("%q is read as %q, not %q", question, got, want)
		}
	}
}

// TestMisheard tells by what stands beside a word that another one is meant.
func TestMisheard(t *testing.T) {
	p := planner(t, shop())
	for _, c := range []struct{ lang, question, want string }{
		{"pt", "quem no comprou este ano", "não"},
		{"pt", "quem comprou no mês passado", ""},
		{"pt", "os que mas gastaram", "mais"},
		{"pt", "compraram mas não visitaram", ""},
		{"en", "spent more then 500", "than"},
		{"en", "bought then returned", ""},
		{"es", "los que han echo pedidos", "hecho"},
	} {
		toks, got := tokenize(c.question), ""
		for i := range toks {
			got += p.lexicons[c.lang].misheardAt(toks, i)
		}
		if got != c.want {
			t.Errorf("%q: %q is meant, not %q", c.question, got, c.want)
		}
	}
}
