package planner

import (
	"encoding/json"
	"strings"
	"testing"

	"tesela/agent/model"
)

// turnOf is a turn with what it must come to: calls by their arguments, or why
// there are none.
type turnOf struct{ question, want string }

func TestTalks(t *testing.T) {
	p := planner(t, shop())
	in2025 := `{"formula":"count(order, 2025) >= 1"}`
	spain := `{"formula":"count(order, 2025) >= 1 and country = \"Spain\""}`
	spainFirst := `{"formula":"country = \"Spain\" and count(order, 2025) >= 1"}`
	for _, talk := range [][]turnOf{
		{ // several levels back, then nothing left
			{"how many customers bought in 2025?", in2025},
			{"only Spain", spain},
			{"now Portugal", `{"formula":"count(order, 2025) >= 1 and country = \"Portugal\""}`},
			{"undo", spain},
			{"go back", in2025},
			{"undo", "started_over"},
			{"undo", "nothing_before"},
		},
		{
			{"¿cuántos clientes compraron en 2025?", in2025},
			{"solo España", spain},
			{"ahora Portugal", `{"formula":"count(order, 2025) >= 1 and country = \"Portugal\""}`},
			{"deshaz los dos últimos cambios", in2025},
			{"empezar de nuevo", "started_over"},
			{"¿y en Portugal?", "nothing_before"},
		},
		{ // a filter and a time go; what is not there cannot
			{"quantos clientes da Espanha compraram em 2025?", spainFirst},
			{"tira o filtro de país", in2025},
			{"sem o filtro de data", `{"formula":"count(order) >= 1"}`},
			{"sem o filtro de data", "does_not_fit"},
		},
		{ // readings by number, out of range, by place, by their words
			{"customers who ordered three times in 2025", "ambiguous"},
			{"7", "no_such_choice"},
			{"the second one", `{"formula":"count(order, 2025) >= 3"}`},
			{"the other one", `{"formula":"count(order, 2025) = 3"}`},
		},
		{
			{"clientes que compraron tres veces en 2025", "ambiguous"},
			{"exactamente", `{"formula":"count(order, 2025) = 3"}`},
		},
		{ // a fresh question instead is taken as that
			{"customers who ordered three times in 2025", "ambiguous"},
			{"how many customers bought in 2025?", in2025},
		},
		{ // a word, then what it means
			{"how many frumps in Spain?", "unknown_words"},
			{"the top 5% by spend", `{"formula":"top 5% by sum(order.amount) and country = \"Spain\""}`},
			{"keep it", `{"meaning":"top 5% by sum(order.amount)","word":"frumps"}`},
		},
		{
			{"how many frumps in Spain?", "unknown_words"},
			{"by frumps I mean the top 5% by spend", `{"formula":"top 5% by sum(order.amount) and country = \"Spain\""} {"meaning":"top 5% by sum(order.amount)","word":"frumps"}`},
		},
		{{"how many frumps do we have, meaning the top 5% by spend?", `{"formula":"top 5% by sum(order.amount)"}`}},
		{ // the people of the answer before
			{"how many customers in Spain?", `{"formula":"country = \"Spain\""}`},
			{"how much did they spend?", `{"formula":"country = \"Spain\"","measures":["gross_revenue"]}`},
		},
		{ // of a measure's people too, and in its time
			{"revenue from Spain in 2025", `{"formula":"country = \"Spain\"","measures":["revenue"],"window":"2025"}`},
			{"how many orders did they place?", `{"formula":"country = \"Spain\"","measures":["orders"],"window":"2025"}`},
		},
		{
			{"¿cuántos clientes hay en España?", `{"formula":"country = \"Spain\""}`},
			{"¿cuánto gastaban?", `{"formula":"country = \"Spain\"","measures":["gross_revenue"]}`},
		},
		{
			{"clientes que compraram em 2025", in2025},
			{"quantos são de Portugal?", `{"formula":"count(order, 2025) >= 1 and country = \"Portugal\""}`},
			// what they did is of the time by which they were told apart
			{"quantas encomendas fizeram?", `{"formula":"country = \"Portugal\"","measures":["orders"],"window":"2025"}`},
		},
		{
			{"how many customers bought in 2025?", in2025},
			{"how much did they spend?", `{"measures":["gross_revenue"],"window":"2025"}`},
		},
		{ // nobody is told of
			{"flurb glorp customers", "unknown_words"},
			{"how much did they spend?", "nothing_before"},
		},
		{ // the period before, of the time that was asked of
			{"revenue by channel in 2024", `{"group_by":["channel"],"measures":["revenue"],"window":"2024"}`},
			{"compare that with the year before", `{"group_by":["channel"],"measures":["revenue"],"window":"2024"} {"group_by":["channel"],"measures":["revenue"],"window":"2023"}`},
		},
		{ // courtesies and slips around a move
			{"hi, how many customers bought in 2025? thanks", in2025},
			{"quick question: only Spain, if you can", `{"formula":"count(order, 2025) >= 1 and country = \"Spain\""}`},
			{"women please", `{"formula":"count(order, 2025) >= 1 and country = \"Spain\" and gender = \"female\""}`},
			{"undo the last two chnages, thanks", in2025},
		},
		{
			{"orders by channel in 2025", `{"group_by":["channel"],"measures":["orders"],"window":"2025"}`},
			{"also by quarter", `{"group_by":["channel"],"measures":["orders"],"per":"quarter","window":"2025"}`},
		},
		{
			{"how many customers bought in 2025?", in2025},
			{"what about the others?", `{"formula":"not count(order, 2025) >= 1"}`},
		},
		{ // one of two that exclude each other
			{"¿cuántos clientes compraron?", `{"formula":"count(order) >= 1"}`},
			{"¿y los que nunca compraron?", `{"formula":"count(order) = 0"}`},
		},
		{
			{"how many customers bought shoes in 2025?", `{"formula":"count(order where category = \"Shoes\", 2025) >= 1"}`},
			{"and how many of those also bought bags?", `{"formula":"count(order where category = \"Shoes\", 2025) >= 1 and count(order where category = \"Bags\", 2025) >= 1"}`},
		},
		{ // another size, another order, parts of the whole
			{"revenue by city", `{"group_by":["city"],"measures":["revenue"]}`},
			{"as a share", `{"group_by":["city"],"measures":["revenue"],"shares":true}`},
			{"the three worst", `{"group_by":["city"],"measures":["revenue"],"order":"asc","shares":true,"top":3}`},
			{"make it 5", `{"group_by":["city"],"measures":["revenue"],"order":"asc","shares":true,"top":5}`},
			{"also by gender", `{"group_by":["city","gender"],"measures":["revenue"],"shares":true}`},
		},
		{
			{"how many customers in Spain bought in 2025?", spainFirst},
			{"I said Portugal, not Spain", `{"formula":"count(order, 2025) >= 1 and country = \"Portugal\""}`},
		},
		{
			{"quem comprou em 2025?", in2025},
			{"quantos são?", in2025},
			{"por quê?", in2025},
		},
		{{"undo", "nothing_before"}, {"and the others?", "nothing_before"}},
	} {
		var history []model.Message
		for _, turn := range talk {
			o := ask(t, p, history, turn.question)
			got := string(o.decision.Reason)
			if len(o.calls) > 0 {
				var all []string
				for _, c := range o.calls {
					all = append(all, argsOf(t, c.Args))
				}
				got = strings.Join(all, " ")
			}
			if got != turn.want {
				t.Errorf("%s: %q\n\tgot  %s\n\twant %s", talk[0].question, turn.question, got, turn.want)
				break
			}
			history = append(history, model.Message{Role: model.User, Text: turn.question}, model.Message{Role: model.Assistant, Calls: o.calls, Reply: o.decision})
		}
	}
}

// A breakdown's row is taken by its place, where the rows are at hand.
func TestPlaceOfRow(t *testing.T) {
	p := planner(t, shop())
	first := ask(t, p, nil, "revenue by city")
	history := []model.Message{
		{Role: model.User, Text: "revenue by city"},
		{Role: model.Assistant, Calls: first.calls, Reply: first.decision},
		{Role: model.ToolRole, CallID: first.calls[0].ID, Shown: [][]string{{"Porto"}, {"Lisboa"}}},
	}
	if o := ask(t, p, history, "the second one"); len(o.calls) != 1 || argsOf(t, o.calls[0].Args) != `{"formula":"city = \"Lisboa\"","measures":["revenue"]}` {
		t.Errorf("got %s %+v", o.calls, o.decision)
	}
	if o := ask(t, p, history, "the fifth one"); o.decision.Reason != model.NoSuchChoice {
		t.Errorf("got %s %+v", o.calls, o.decision)
	}
}

// argsOf is a call's arguments with their keys in order.
func argsOf(t *testing.T, args json.RawMessage) string {
	t.Helper()
	var v any
	if err := json.Unmarshal(args, &v); err != nil {
		t.Fatal(err)
	}
	b := &strings.Builder{}
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(b.String())
}
