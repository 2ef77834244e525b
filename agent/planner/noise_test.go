package planner

import (
	"slices"
	"strings"
	"testing"

	"tesela/agent/model"
)

// TestNoNoiseIsOverheard: questions that noise made unsure, and what becomes
// of them: the figure of the plain question, or a question back.
func TestNoNoiseIsOverheard(t *testing.T) {
	stores := shop()
	for i, e := range stores.Events {
		if e.Name == "order" {
			stores.Events[i].Props = append(slices.Clone(e.Props), textField("store", "Madrid", "London"))
		}
	}
	malta := casino()
	for i, f := range malta.Traits {
		if f.Name == "country" {
			malta.Traits[i] = textField("country", "Malta", "Germany", "Brazil")
		}
	}
	planners := map[string]*Planner{"shop": planner(t, shop()), "casino": planner(t, casino()), "stores": planner(t, stores), "malta": planner(t, malta)}
	for _, c := range []struct {
		on, question string
		args         string // of the answer; "" for a question back
		named        string // a word that is named, or a piece of a choice
	}{
		// "Anything" denies nothing by itself.
		{"shop", "customers who bought anything in 2025", `{"formula":"count(order, 2025) >= 1"}`, ""},
		{"shop", "customers who did not buy anything at all in 2025", `{"formula":"count(order, 2025) = 0"}`, ""},
		{"shop", "quem comprou qualquer coisa em 2025", `{"formula":"count(order, 2025) >= 1"}`, ""},
		{"shop", "quem não comprou qualquer coisa em 2025", `{"formula":"count(order, 2025) = 0"}`, ""},
		// A time before the question is one behind it.
		{"shop", "In March 2025, who bought shoes?", `{"formula":"count(order where category = \"Shoes\", 2025-03) >= 1"}`, ""},
		{"shop", "el mes pasado cuántos clientes compraron", `{"formula":"count(order, last month) >= 1"}`, ""},
		{"shop", "nos últimos 6 meses, quem comprou sapatos?", `{"formula":"count(order where category = \"Shoes\", last 6mo) >= 1"}`, ""},
		{"shop", "em 2025, qual foi o país com mais pedidos?", `{"measures":["orders"],"group_by":["country"],"window":"2025","top":10}`, ""},
		// Courtesies say nothing.
		{"shop", "perdona, ¿cuántos clientes compraron en 2025, si es posible? mil gracias", `{"formula":"count(order, 2025) >= 1"}`, ""},
		{"shop", "desculpe, uma pergunta: clientes de Lisboa, se puder, por favor", `{"formula":"city = \"Lisboa\""}`, ""},
		{"shop", "sorry to bother you, customers in Lisboa if you can, many thanks", `{"formula":"city = \"Lisboa\""}`, ""},
		// Accents left out or wrong.
		{"shop", "clientes de Málaga con mas de tres pedidos", `{"formula":"city = \"Málaga\" and count(order) > 3"}`, ""},
		{"shop", "¿cuánto vendéremos en énero?", "", "vendéremos"},
		// A short word of one language is not overheard in another.
		{"shop", "customers que só bought sapatos", "", "Shoes"},
		{"stores", "customers de Madrid o Porto que compraram Shoes", "", "Porto"},
		{"shop", "sales por month en 2025", `{"measures":["revenue"],"window":"2025","per":"month"}`, ""},
		// A letter typed twice is a slip, also of a word that says nothing of its own;
		// a word that may well be one of its own is not overheard.
		{"casino", "jugadores que retiraron platta", `{"formula":"count(withdrawal) >= 1"}`, ""},
		{"casino", "quanto foi appostado na semana passada", `{"measures":["sum(bet.stake)"],"window":"last week"}`, ""},
		{"casino", "jugadores que retiraron planta", "", "planta"},
		// A country is no slang where it is written as a name.
		{"malta", "jogadores in Malta", `{"formula":"country = \"Malta\""}`, ""},
		{"malta", "jogadores da malta", "", "Malta"},
		{"malta", "quantas pessoas temos em Malta?", `{"formula":"country = \"Malta\""}`, ""},
		// Back to front.
		{"shop", "quantos deles são de Portugal?", "", "deles"},
	} {
		o := ask(t, planners[c.on], nil, c.question)
		if c.args == "" {
			told := strings.Join(o.decision.Unknown, " ")
			for _, choice := range o.decision.Choices {
				told += " " + choice.Question
			}
			if len(o.calls) > 0 || !strings.Contains(told, c.named) {
				t.Errorf("%s\n  want a question back about %s\n  got  %s", c.question, c.named, show(o))
			}
			continue
		}
		if len(o.calls) != 1 || !sameJSON(t, string(o.calls[0].Args), c.args) {
			t.Errorf("%s\n  want %s\n  got  %s", c.question, c.args, show(o))
		}
	}
}

// TestFragmentAfterNoAnswer: what only changes a question is no question of
// its own where the one before was not understood.
func TestFragmentAfterNoAnswer(t *testing.T) {
	p := planner(t, shop())
	first := ask(t, p, nil, "ppurcchases of zzz")
	if len(first.calls) > 0 {
		t.Fatal(show(first))
	}
	history := []model.Message{
		{Role: model.User, Text: "ppurcchases of zzz"},
		{Role: model.Assistant, Reply: first.decision},
	}
	if o := ask(t, p, history, "by country"); len(o.calls) > 0 {
		t.Errorf("by country: %s", show(o))
	}
	if o := ask(t, p, nil, "by country"); len(o.calls) != 1 {
		t.Errorf("by country, first of all: %s", show(o))
	}
}
