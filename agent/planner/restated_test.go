package planner

import "testing"

// "then" alone has nothing before it that something could follow.
func TestThenAlone(t *testing.T) {
	p := planner(t, shop())
	for _, q := range []string{"then visits within 3 days", "customers then visits within 3 days", "luego visitas en 3 días", "depois visitas em 3 dias"} {
		ask(t, p, nil, q)
	}
}

// What is restated is read as it stands, and only as it stands: a word more
// makes a question of it like any other.
func TestRestatedIsReadAsItStands(t *testing.T) {
	p := planner(t, shop())
	const said = "Number of customers in the top 10% by spend among customers whose country is Spain"
	o := ask(t, p, nil, said)
	if len(o.calls) != 1 || string(o.calls[0].Args) != `{"formula":"top 10% by sum(order.amount) among (country = \"Spain\")"}` {
		t.Errorf("read %s", show(o))
	}
	if _, _, ok := p.say.Read("en", said+" too", p.ix.cat, p.ix.holds); ok {
		t.Error("read with a word more")
	}
}
