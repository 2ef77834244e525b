package planner

import (
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"
)

// What makes a reading less than certain is told with it, and a plain question
// has nothing of the kind.
func TestDoubt(t *testing.T) {
	stores := shop()
	for i, e := range stores.Events {
		if e.Name == "order" { // Lisboa is a city, a brand and a store
			stores.Events[i].Props = append(e.Props[:len(e.Props):len(e.Props)], textField("store", "Madrid", "Lisboa"))
		}
	}
	planners := map[string]*Planner{"shop": planner(t, shop()), "casino": planner(t, casino()), "stores": planner(t, stores)}
	for _, c := range []struct {
		on, question string
		doubts       []string // a piece of each; nil for none
	}{
		{"shop", "how many customers are there?", nil},
		{"shop", "¿cuántos clientes compraron zapatos en 2025?", nil},
		{"shop", "faturamento por país em 2025", nil},
		{"shop", "how many customers bougth shoes in 2025?", []string{"“bougth” is read as “bought”"}},
		{"shop", "¿cuántos clienttes compraron en 2025?", []string{"«clienttes» se lee como «clientes»"}},
		{"shop", "quantos clientes comprarm sapatos em 2025?", []string{"“comprarm” lê-se como “compraram”"}},
		{"shop", "customers in Germny", []string{"“Germny” is read as “germany”"}},
		{"shop", "revenue by contry in 2025", []string{"“contry” is read as “country”"}},
		// Slips in the frame of a question and in the group that stands in it.
		{"shop", "how senstive is the group of customers with at least 5 orders to the number", []string{"“senstive” is read as “sensitive”"}},
		{"shop", "why is C-00012 not among those who bougth shoes?", []string{"“bougth” is read as “bought”"}},
		// As an order, too.
		{"shop", "save the customers who bougth shoes as \"Walkers\"", []string{"“bougth” is read as “bought”"}},
		// Another reading is not far.
		{"shop", "how many customers bought again in May 2025?", []string{"it might also mean: Number of customers with at least 2 orders in May 2025"}},
	} {
		o := ask(t, planners[c.on], nil, c.question)
		if len(o.calls) == 0 {
			t.Errorf("%s: %s", c.question, show(o))
			continue
		}
		ok := len(o.decision.Doubt) == len(c.doubts)
		for i := 0; ok && i < len(c.doubts); i++ {
			ok = strings.Contains(o.decision.Doubt[i], c.doubts[i])
		}
		if !ok {
			t.Errorf("%s: doubts %q, want %q of %s", c.question, o.decision.Doubt, c.doubts, show(o))
		}
		for _, s := range o.decision.Doubt {
			for _, a := range o.decision.Assumptions {
				if s == a {
					t.Errorf("%s: %q is both assumed and doubted", c.question, s)
				}
			}
		}
	}
}

// TestNoDoubtOfRestatements: what the planner says it understood it reads back
// without a doubt, so that it can be put as a choice.
func TestNoDoubtOfRestatements(t *testing.T) {
	p := planner(t, shop())
	plans := 400
	if testing.Short() {
		plans = 80
	}
	for _, lang := range languages {
		r := rand.New(rand.NewPCG(3, 4))
		for range plans {
			tool, args := randomPlan(r)
			raw, err := json.Marshal(args)
			if err != nil {
				t.Fatal(err)
			}
			said, _ := p.say.Call(lang, tool, raw, p.ix.cat)
			if o := ask(t, p, nil, said); len(o.calls) == 1 && o.calls[0].Name == tool && string(o.calls[0].Args) == string(raw) && len(o.decision.Doubt) > 0 {
				t.Errorf("%s: %s: %q", lang, said, o.decision.Doubt)
			}
		}
	}
}
