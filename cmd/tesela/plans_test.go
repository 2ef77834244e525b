package main

import (
	"encoding/json"
	"strings"
	"testing"

	"tesela/agent/model"
)

// texts are the values of a field in a made-up catalogue.
type texts []string

func (t texts) Len() int        { return len(t) }
func (t texts) At(i int) string { return t[i] }

func smallCatalogue() *model.Catalogue {
	return &model.Catalogue{
		Customers: 10, Zone: "UTC",
		Traits: []model.Field{{Name: "country", Kind: "text", Values: texts{"Spain", "France"}}, {Name: "age", Kind: "number"}, {Name: "email", Kind: "text"}},
		Events: []model.Event{
			{Name: "order", Props: []model.Field{{Name: "amount", Kind: "money"}, {Name: "category", Kind: "text", Values: texts{"Shoes", "Bags"}}}},
			{Name: "visit"},
		},
		Roles:    map[string]string{"purchase": "order", "amount": "order.amount", "country": "country"},
		Words:    map[string]string{"regulars": "count(order) >= 3"},
		Segments: []string{"Walkers"},
	}
}

func aCall(tool, args string) model.Call {
	return model.Call{ID: "1", Name: tool, Args: json.RawMessage(args)}
}

// counted is a call that counts a formula.
func countOf(formula string) model.Call {
	b, _ := json.Marshal(map[string]string{"formula": formula})
	return model.Call{Name: "count_segment", Args: b}
}

// Calls of one meaning have one key, and others another.
func TestKeysOfPlans(t *testing.T) {
	p, err := newPlans()
	if err != nil {
		t.Fatal(err)
	}
	key := func(calls ...model.Call) string {
		t.Helper()
		k, err := p.Key(calls, smallCatalogue())
		if err != nil {
			t.Fatalf("%s: %v", calls, err)
		}
		return k
	}
	for _, same := range [][2]model.Call{
		{countOf(`country = "Spain" and count(order) >= 1`), countOf(`count(order)>0 and country="Spain"`)},
		{countOf(`country in ("Spain", "France")`), countOf(`country = "France" or country = "Spain"`)},
		{countOf(`country in ("Spain")`), countOf(`country = "Spain"`)},
		{countOf(`not count(order) >= 1`), countOf(`count(order) = 0`)},
		{countOf(`count(order) < 1`), countOf(`count(order) <= 0`)},
		{countOf(`2 <= count(order)`), countOf(`count(order) > 1`)},
		{countOf(`count(order) between 2 and 5`), countOf(`count(order) < 6 and count(order) >= 2`)},
		{countOf(`count(order, last 1y) >= 1`), countOf(`count(order, last 12mo) >= 1`)},
		{countOf(`count(order, last 2w) >= 1`), countOf(`count(order, last 14d) >= 1`)},
		{countOf(`count(order, 2025) >= 1`), countOf(`count(order, from 2025-01-01 to 2026-01-01) >= 1`)},
		{countOf(`count(order, 2025-12) >= 1`), countOf(`count(order, from 2025-12-01 to 2026-01-01) >= 1`)},
		{countOf(`everyone and country = "Spain"`), countOf(`country = "Spain"`)},
		{countOf(`country = "Spain" and country = "Spain"`), countOf(`country = "Spain"`)},
		{countOf(`email is not set`), countOf(`not (email is set)`)},
		{countOf(`top 10 by sum(order.amount) among (everyone)`), countOf(`top 10 by sum(order.amount)`)},
		{countOf(`country = "Spain"`), aCall("list_customers", `{"formula":"country = \"Spain\"","limit":20}`)},
		{aCall("measure", `{"measures":["revenue"],"formula":"everyone","order":"desc","top":null,"shares":false}`), aCall("measure", `{"measures":["revenue"]}`)},
		{aCall("measure", `{"measures":["revenue"],"window":"2025","group_by":[]}`), aCall("measure", `{"window":"from 2025-01-01 to 2026-01-01","measures":["revenue"]}`)},
		{aCall("measure", `{"measures":["count(order where category = \"Shoes\" and amount > 5)"]}`), aCall("measure", `{"measures":["count(order where amount > 5 and category = \"Shoes\")"]}`)},
		{aCall("score_rfm", `{"bins":5.0}`), aCall("score_rfm", ``)},
		{aCall("tier_value", `{"window":"last 12mo","top_percent":2e1}`), aCall("tier_value", `{}`)},
		{aCall("stage_lifecycle", `{"new":"last 30d"}`), aCall("stage_lifecycle", `{}`)},
		{aCall("diff_segments", `{"from":"count(order) > 0","to":"everyone"}`), aCall("diff_segments", `{"from":"count(order) >= 1","to":"everyone"}`)},
		{countOf(`regulars`), countOf(` regulars `)},
	} {
		if a, b := key(same[0]), key(same[1]); a != b {
			t.Errorf("not the same:\n  %s\n  %s", a, b)
		}
	}
	for _, other := range [][2]model.Call{
		{countOf(`count(order) >= 1`), countOf(`count(order) >= 2`)},
		{countOf(`count(order) >= 1`), countOf(`count(visit) >= 1`)},
		{countOf(`count(order) >= 1`), countOf(`count(order, last 90d) >= 1`)},
		{countOf(`count(order, last 30d) >= 1`), countOf(`count(order, last 1mo) >= 1`)},
		{countOf(`count(order, this month) >= 1`), countOf(`count(order, last month) >= 1`)},
		{countOf(`country = "Spain"`), countOf(`country = "France"`)},
		{countOf(`country = "Spain"`), countOf(`country != "Spain"`)},
		{countOf(`not country = "Spain"`), countOf(`country != "Spain"`)}, // nobody's country may be unknown, or somebody's
		{countOf(`country in ("Spain", "France")`), countOf(`country not in ("Spain", "France")`)},
		{countOf(`country = "Spain" and count(order) >= 1`), countOf(`country = "Spain" or count(order) >= 1`)},
		{countOf(`age > 2`), countOf(`age >= 3`)}, // ages need not be whole
		{countOf(`sum(order.amount) > 2`), countOf(`sum(order.amount) >= 3`)},
		{countOf(`top 10 by sum(order.amount)`), countOf(`bottom 10 by sum(order.amount)`)},
		{countOf(`count(order where category = "Shoes") >= 1`), countOf(`count(order where category = "Bags") >= 1`)},
		{countOf(`country = "Spain"`), aCall("list_customers", `{"formula":"country = \"Spain\"","limit":5}`)},
		{countOf(`country = "Spain"`), aCall("list_customers", `{"formula":"country = \"Spain\"","by":"count(order)"}`)},
		{aCall("measure", `{"measures":["revenue"]}`), aCall("measure", `{"measures":["gross_revenue"]}`)},
		{aCall("measure", `{"measures":["revenue"]}`), aCall("measure", `{"measures":["revenue"],"order":"asc"}`)},
		{aCall("measure", `{"measures":["revenue"],"per":"month"}`), aCall("measure", `{"measures":["revenue"],"per":"week"}`)},
		{aCall("score_rfm", `{"bins":4}`), aCall("score_rfm", `{}`)},
		{aCall("save_segment", `{"name":"a","formula":"everyone"}`), aCall("delete_segment", `{"name":"a"}`)},
	} {
		if a, b := key(other[0]), key(other[1]); a == b {
			t.Errorf("the same: %s\n  of %s\n  and %s", a, other[0].Args, other[1].Args)
		}
	}
	// What only looks names up is no part of a plan.
	look := aCall("find_values", `{"text":"shoes"}`)
	if k := key(look); k != "" {
		t.Errorf("a look-up is %q", k)
	}
	if a, b := key(look, countOf(`count(order) > 0`)), key(countOf(`count(order) >= 1`)); a != b {
		t.Errorf("%q, %q", a, b)
	}
	if k := key(aCall("describe_data", `{}`)); k == "" {
		t.Error("what the data are can be asked")
	}
}

// What cannot be run as it is has no key.
func TestNoKey(t *testing.T) {
	p, err := newPlans()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []model.Call{
		countOf(`country =`), countOf(`flurbs = 1`), countOf(`count(flurb) >= 1`), countOf(`sum(order.flurb) > 1`), countOf(`count(order where flurb = 1) >= 1`),
		countOf(`segment "Nobody"`), countOf(`sequence(visit, flurb, within 1d)`), aCall("count_segment", `[1]`), aCall("count_segment", `{"formula":{"a":1}}`),
		aCall("measure", `{"measures":["revenue"],"window":"once upon a time"}`), aCall("list_customers", `{"formula":"everyone","by":"sum(flurb.x)"}`),
	} {
		if k, err := p.Key([]model.Call{c}, smallCatalogue()); err == nil {
			t.Errorf("%s has the key %q", c.Args, k)
		}
	}
	for _, f := range []string{`segment "Walkers"`, `rfm = "Champions"`, `lifecycle(at: 90d ago) = "churned"`, `sequence(visit, order, within 1d)`, `count(order where weekday in (6, 7) and hour >= 20) >= 1`} {
		if _, err := p.Key([]model.Call{countOf(f)}, smallCatalogue()); err != nil {
			t.Errorf("%s: %v", f, err)
		}
	}
}

func TestQuestionsOfPlans(t *testing.T) {
	p, err := newPlans()
	if err != nil {
		t.Fatal(err)
	}
	c := smallCatalogue()
	if q := p.Question("es", []model.Call{aCall("find_values", `{"text":"x"}`), countOf(`country = "Spain"`)}, c); !strings.Contains(q, "Spain") || !strings.HasPrefix(q, "Número") {
		t.Error(q)
	}
	for _, calls := range [][]model.Call{nil, {countOf("everyone"), countOf(`country = "Spain"`)}} {
		if q := p.Question("en", calls, c); q != "" {
			t.Errorf("one question for %d calls: %q", len(calls), q)
		}
	}
}
