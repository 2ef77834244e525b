package planner

import (
	"strings"
	"testing"
	"unicode/utf8"

	"tesela/agent/model"
)

// TestSlipsChangeNoFigure makes one slip in each longer word of questions that
// are understood: the answer is the same, or a question comes back.
func TestSlipsChangeNoFigure(t *testing.T) {
	shop, casino := planner(t, shop()), planner(t, casino())
	slips := []func(w string, at int) string{
		func(w string, at int) string { return w[:at] + w[at+1:at+2] + w[at:at+1] + w[at+2:] },
		func(w string, at int) string { return w[:at] + w[at:at+1] + w[at:] },
		func(w string, at int) string { return w[:at] + w[at+1:] },
	}
	asked, same := 0, 0
	for _, c := range []struct {
		p        *Planner
		question string
	}{
		{shop, "how many customers bought shoes in 2025"},
		{shop, "revenue by country last year"},
		{shop, "customers from Portugal with more than three orders"},
		{shop, "average order value by category in 2025"},
		{shop, "customers who never opened an email"},
		{shop, "top 10 customers by revenue"},
		{shop, "cuántos clientes compraron bolsos en 2025"},
		{shop, "ingresos por país el mes pasado"},
		{shop, "clientes de España con menos de dos pedidos"},
		{shop, "quantos clientes compraram sapatos em 2025"},
		{shop, "receita por categoria no ano passado"},
		{shop, "clientes de Portugal sem pedidos em 2025"},
		{casino, "players from Germany who deposited in March 2025"},
		{casino, "deposits by method in 2025"},
		{casino, "jugadores que nunca retiraron"},
		{casino, "jogadores que apostaram no telemóvel"},
	} {
		plain := ask(t, c.p, nil, c.question)
		if len(plain.calls) == 0 {
			t.Errorf("%s: %s", c.question, show(plain))
			continue
		}
		for _, w := range strings.Fields(c.question) {
			if utf8.RuneCountInString(w) < 6 || strings.ContainsFunc(w, func(r rune) bool { return r > 'z' || r < 'A' }) {
				continue
			}
			for _, slip := range slips {
				typed := slip(w, len(w)/2)
				if typed == w {
					continue
				}
				noisy := ask(t, c.p, nil, strings.Replace(c.question, w, typed, 1))
				asked++
				switch {
				case len(noisy.calls) == 0:
				case !sameCalls(noisy.calls, plain.calls):
					t.Errorf("%s as %s: %s", c.question, typed, show(noisy))
				default:
					same++
				}
			}
		}
	}
	if same*100 < asked*80 {
		t.Errorf("%d of %d questions with a slip are understood", same, asked)
	}
}

// TestMended: slips that the parts of a reading cannot mend by themselves.
func TestMended(t *testing.T) {
	p := planner(t, casino())
	for _, c := range []struct {
		question, args string // "" for a question back
	}{
		{"lastmonth deposits", `{"measures":["orders"],"window":"last month"}`},
		{"play ers from Germany", `{"formula":"country = \"DE\""}`},
		{"whcih players never deposited", `{"formula":"count(deposit) = 0"}`},
		{"¿quiéens nunca depositaron?", `{"formula":"count(deposit) = 0"}`},
		{"players who deposited zxqvw", ""},
	} {
		o := ask(t, p, nil, c.question)
		if c.args == "" && len(o.calls) > 0 || c.args != "" && (len(o.calls) != 1 || !sameJSON(t, string(o.calls[0].Args), c.args) || len(o.decision.Doubt) == 0) {
			t.Errorf("%s\n  want %s\n  got  %s", c.question, c.args, show(o))
		}
	}
}

// TestNamesAreNoSlips: a name that is given is kept as typed, and nothing is
// deleted by a guess.
func TestNamesAreNoSlips(t *testing.T) {
	cat := shop()
	cat.Segments = []string{"Newsletter readers"}
	p := planner(t, cat)
	o := ask(t, p, nil, `saev customers from Portugal as Porttugal fans`)
	if len(o.calls) == 1 && !strings.Contains(string(o.calls[0].Args), "Porttugal fans") {
		t.Error(show(o))
	}
	if o := ask(t, p, nil, "delete the segment Newsleter readers"); len(o.calls) > 0 {
		t.Error(show(o))
	}
}

// TestOwnedFields: a property may be named with what it is of.
func TestOwnedFields(t *testing.T) {
	for _, c := range []struct {
		cat      *model.Catalogue
		question string
		by       string
	}{
		{shop(), "revenue by category of product", "order.category"},
		{shop(), "ingresos por categoría de producto", "order.category"},
		{shop(), "receita por categoria de produto", "order.category"},
		{shop(), "revenue by brand of the order", "order.brand"},
		{shop(), "customers by country of the customers", "country"},
		{casino(), "bets by type of game", "bet.game"},
		{casino(), "apuestas por tipo de juego", "bet.game"},
	} {
		o := ask(t, planner(t, c.cat), nil, c.question)
		if len(o.calls) != 1 || !strings.Contains(string(o.calls[0].Args), `"group_by":["`+c.by+`"]`) {
			t.Errorf("%s: %s", c.question, show(o))
		}
	}
	if o := ask(t, planner(t, shop()), nil, "revenue by size of shoe"); len(o.calls) > 0 {
		t.Error(show(o))
	}
}
