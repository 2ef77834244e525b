package tools_test

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"tesela/store"
	"tesela/tools"
)

// definedShop is the shop with words, and segments that lean on one another.
func definedShop(t *testing.T) store.Workspace {
	t.Helper()
	ws := shop(t, true)
	for _, s := range [][2]string{
		{"Keen", `count(order) >= 2`},
		{"Keen Germans", `segment "Keen" and country = "Germany"`},
		{"Others", `not segment "Keen Germans" at 2024-06-01`},
		{"Visitors", `count(visit) >= 1`},
	} {
		must(t, ws.SaveSegment(t.Context(), store.Segment{Name: s[0], Formula: s[1]}))
	}
	for _, w := range [][2]string{
		{"VIP", `sum(order.amount) >= 50`},
		{"café society", `segment "Visitors"`},
		{"net", `sum(order.amount) - sum(refund.amount)`},
		{"unused", `nobody`},
	} {
		must(t, ws.SetWord(t.Context(), w[0], w[1]))
	}
	return ws
}

func TestDefinitionsUsed(t *testing.T) {
	all, err := tools.AllDefinitions(t.Context(), definedShop(t))
	must(t, err)
	if len(all.Segments) != 4 || len(all.Words) != 4 || all.Zone != "Europe/Madrid" || all.Currency != "EUR" || all.Roles["purchase"] != "order" {
		t.Fatalf("%+v", all)
	}
	for _, c := range []struct {
		question, args  string
		segments, words string
	}{
		{"how many?", `{"formula":"count(order) >= 3"}`, "", ""},
		{"how many?", `{"formula":"segment \"Others\" or count(order) >= 3"}`, "Keen, Keen Germans, Others", ""},
		{"how many?", `{"formula":"entered segment \"Keen\" within last 30d"}`, "Keen", ""},
		{"how many?", `{"measures":["customers(segment \"Keen Germans\")","net"]}`, "Keen, Keen Germans", "net"},
		{"how many?", `{"measures":["NET / count(order)"]}`, "", "net"},
		{"how many?", `{"from":"Visitors","to":"everyone"}`, "Visitors", ""},
		{"how many?", `{"formula":"vip"}`, "", "VIP"},
		{"¿cuántos VIP hay?", `{"formula":"everyone"}`, "", "VIP"},
		{"the Cafe-Society of Köln", `{"formula":"everyone"}`, "", "café society"},
		{"those", `{"formula":"count(visit) >= 1 and sum(order.amount) >= 50"}`, "", "VIP"}, // by what it stands for
		{"the network", `{"formula":"everyone"}`, "", ""},
		{"how many?", `{"formula":"segment \"Gone\""}`, "", ""},
		{"how many?", `not JSON`, "", ""},
	} {
		used := all.UsedBy(c.question, json.RawMessage(c.args))
		if got := names(used.Segments); got != c.segments {
			t.Errorf("%s %s: segments %s, want %s", c.question, c.args, got, c.segments)
		}
		if got := names(used.Words); got != c.words {
			t.Errorf("%s %s: words %s, want %s", c.question, c.args, got, c.words)
		}
		if !reflect.DeepEqual(used.Roles, all.Roles) || used.Zone != all.Zone {
			t.Errorf("%+v", used)
		}
	}
}

func names(m map[string]string) string {
	var all []string
	for name := range m {
		all = append(all, name)
	}
	slices.Sort(all)
	return strings.Join(all, ", ")
}

// Under other definitions the figures are those of their time, and the
// workspace itself stays as it is.
func TestUnderOtherDefinitions(t *testing.T) {
	ws := definedShop(t)
	then, err := tools.AllDefinitions(t.Context(), ws)
	must(t, err)
	size := func(ws store.Workspace, tool, args string) string {
		r, err := tools.NewBox(ws).Call(t.Context(), tools.Caller{Language: "en", Person: true}, tool, json.RawMessage(args))
		must(t, err)
		b, err := json.Marshal(r.Values)
		must(t, err)
		return string(b)
	}
	calls := [][2]string{
		{"count_segment", `{"formula":"segment \"Keen Germans\""}`},
		{"count_segment", `{"formula":"VIP"}`},
		{"measure", `{"measures":["net"]}`},
		{"measure", `{"measures":["orders"]}`},
	}
	var before []string
	for _, c := range calls {
		before = append(before, size(ws, c[0], c[1]))
	}
	must(t, ws.SaveSegment(t.Context(), store.Segment{Name: "Keen", Formula: "count(order) >= 1"}))
	must(t, ws.SetWord(t.Context(), "VIP", "everyone"))
	must(t, ws.SetWord(t.Context(), "net", ""))
	must(t, ws.SetRole(t.Context(), "purchase", "visit"))
	for i, c := range calls {
		if got := size(then.Under(ws), c[0], c[1]); got != before[i] {
			t.Errorf("%s: %s, before %s", c[1], got, before[i])
		}
		if c[1] == `{"measures":["net"]}` {
			continue // the word is no longer there
		}
		if got := size(ws, c[0], c[1]); got == before[i] {
			t.Errorf("%s: %s under either definitions", c[1], got)
		}
	}
}

func TestPersonalInAnswers(t *testing.T) {
	ws := definedShop(t)
	box := tools.NewBox(ws)
	search, err := tools.NewPersonalSearch(t.Context(), ws)
	must(t, err)
	for _, c := range []struct {
		question, tool, args string
		rows, elsewhere      bool
	}{
		{"how many?", "count_segment", `{"formula":"country = \"Germany\""}`, false, false},
		{"what is there?", "describe_data", `{}`, false, false},
		{"revenue", "measure", `{"measures":["revenue"],"group_by":["country"]}`, false, false},
		{"who?", "list_customers", `{"formula":"everyone"}`, true, false},
		{"who?", "list_customers", `{"formula":"everyone","with":["email"],"limit":2}`, true, false},
		{"who?", "list_customers", `{"formula":"nobody"}`, false, false},
		{"how many have an address?", "count_segment", `{"formula":"email is set"}`, false, false},
		{"how many?", "count_segment", `{"formula":"email = \"ann@example.com\""}`, true, true},
		{"how many?", "count_segment", `{"formula":"count(order) >= 1 and email contains \"ann\""}`, true, true},
		{"is ann@example.com in?", "count_segment", `{"formula":"everyone"}`, false, true},
		{"why is it in?", "explain_customer", `{"formula":"count(order) >= 1","customer":"c1"}`, false, true},
		{"why is “c1” in?", "count_segment", `{"formula":"everyone"}`, false, true},
		{"who nearly?", "find_near_misses", `{"formula":"count(order) >= 2 and country = \"Germany\"","sample":3}`, true, false},
		{"what changes?", "diff_segments", `{"from":"count(order) >= 1","to":"count(order) >= 2","sample":3}`, false, true},
	} {
		r, err := box.Call(t.Context(), tools.Caller{Language: "en", Person: true}, c.tool, json.RawMessage(c.args))
		must(t, err)
		found := search.In(c.question, []tools.Told{{Args: json.RawMessage(c.args), Result: r}})
		if found.Rows[0] != c.rows || (found.Elsewhere != "") != c.elsewhere || found.Any() != (c.rows || c.elsewhere) {
			t.Errorf("%s %s %s: %+v", c.question, c.tool, c.args, found)
		}
	}
}
