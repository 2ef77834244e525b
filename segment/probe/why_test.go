package probe_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"tesela/segment/probe"
)

func editText(e probe.Edit) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s", e.Kind)
	if e.Event != "" {
		fmt.Fprintf(&b, " %d %s", e.N, e.Event)
	}
	for _, o := range e.Events {
		fmt.Fprintf(&b, " [%s %s]", o.Time.Format("2006-01-02"), o.ID)
	}
	if !e.At.IsZero() {
		fmt.Fprintf(&b, " at %s", e.At.Format("2006-01-02"))
	}
	for _, p := range e.Values {
		fmt.Fprintf(&b, " %s %v=%v", p.Name, e.From, p.Cell)
	}
	for _, and := range e.And {
		b.WriteString(" & " + editText(and))
	}
	return b.String()
}

func whyText(a *probe.Account) string {
	var conditions []string
	for _, v := range a.Conditions {
		text := "✗"
		if v.Holds {
			text = "✓"
		}
		for _, f := range v.Figures {
			text += fmt.Sprintf(" %v", f.Cell)
		}
		text += " " + v.Needs
		for _, e := range v.Evidence {
			text += fmt.Sprintf(" {%d", e.Events)
			for _, o := range e.Shown {
				text += fmt.Sprintf(" %s %s", o.Time.Format("2006-01-02"), o.ID)
				for _, p := range o.Properties {
					text += fmt.Sprintf(" %v", p.Cell)
				}
			}
			text += "}"
		}
		conditions = append(conditions, text)
	}
	change := "nothing"
	if a.Change != nil {
		var edits []string
		for _, e := range a.Change.Edits {
			edits = append(edits, editText(e))
		}
		change = strings.Join(edits, "; ")
	}
	in := "out"
	if a.In {
		in = "in"
	}
	return in + ": " + strings.Join(conditions, ", ") + " | " + change
}

func why(t *testing.T, formula, id string) *probe.Account {
	t.Helper()
	w, src, at := shop(t)
	a, err := probe.Why(context.Background(), parse(t, formula), src, at, w.Customer(id), 2)
	must(t, err)
	return a
}

// Each worked out by hand from the shop.
func TestWhyOfTheShop(t *testing.T) {
	for _, c := range []struct{ formula, who, want string }{
		{"count(order) >= 3", "a", "in: ✓ 3 >= 3 {3 2024-06-10 o3 2024-05-20 o2} | remove 1 order [2024-06-10 o3]"},
		{"count(order, last 90d) >= 3", "a", "out: ✗ 2 >= 3 {2 2024-06-10 o3 2024-05-20 o2} | add 1 order at 2024-06-30"},
		{"count(order) >= 3", "d", "out: ✗ 1 >= 3 {1 2024-03-15 o7} | add 2 order at 2024-06-30"},
		{"count(order) < 1", "f", "in: ✓ 0 < 1 {0} | add 1 order at 2024-06-30"},
		// 15.50 + 20 + 30 = 65.50.
		{"sum(order.amount) > 100", "a", "out: ✗ 65.50 > 100 {3 2024-06-10 o3 30.00 2024-05-20 o2 20.00} | add 1 order at 2024-06-30 amount <nil>=34.51"},
		{"sum(order.amount) >= 100", "b", "in: ✓ 100.00 >= 100 {1 2024-06-01 o4 100.00} | set 1 order [2024-06-01 o4] amount 100.00=99.99"},
		// The last order on 10 June was 20 days before 30 June.
		{"days_since(order) > 25", "a", "out: ✗ 20 > 25 {3 2024-06-10 o3 2024-05-20 o2} | move 1 order [2024-06-10 o3] at 2024-06-04"},
		{"days_since(order) <= 60", "d", "out: ✗ 107 <= 60 {1 2024-03-15 o7} | add 1 order at 2024-05-01"},
		{"days_since(order) <= 60", "f", "out: ✗ <nil> <= 60 {0} | add 1 order at 2024-06-30"},
		{`country = "Germany"`, "c", `out: ✗ France = "Germany" | trait country France=Germany`},
		{`country is set`, "c", `in: ✓ France is set | trait country France=<nil>`},
		{"age > 30", "a", "out: ✗ 30 > 30 | trait age 30=31"},
		{"age > 30", "d", "out: ✗ <nil> > 30 | trait age <nil>=31"},
		// One order more, but at a time that leaves the last 90 days empty.
		{
			"count(order) >= 2 and count(order, last 90d) = 0", "d",
			"out: ✗ 1 >= 2 {1 2024-03-15 o7}, ✓ 0 = 0 {0} | add 1 order at 2024-04-01",
		},
		// Two conditions fail, and either would do on the other side.
		{
			`country = "Spain" and age > 60 or count(visit) >= 2`, "e",
			`out: ✓ Spain = "Spain", ✗ 50 > 60, ✗ 0 >= 2 {0} | trait age 50=61`,
		},
		{
			`country = "Spain" and age > 60`, "c",
			`out: ✗ France = "Spain", ✗ 25 > 60 | trait country France=Spain; trait age 25=61`,
		},
		// A segment is taken apart; its condition says what would do.
		{`segment "Lapsed" and country is set`, "e", "out: ✗ 10 > 30 {1 2024-06-20 o8}, ✓ Spain is set | move 1 order [2024-06-20 o8] at 2024-05-30"},
		// Ranked by spend: b 100, a 65.50, d 50, e 20, c 16, f 0. Second place
		// of the others is a's.
		{"top 2 by sum(order.amount)", "d", "out: ✗ 50.00 top 2 {1 2024-03-15 o7 50.00} | add 1 order at 2024-06-30 amount <nil>=15.50"},
		{"bottom 2 by sum(order.amount)", "e", "out: ✗ 20.00 bottom 2 {1 2024-06-20 o8 20.00} | set 1 order [2024-06-20 o8] amount 20.00=16.00"},
		{"sequence(visit, order, within 30d)", "f", "out: ✗ sequence(visit, order, within 30d) {1 2024-06-02 } {0} | add 1 order at 2024-06-02"},
		{"sequence(order, visit, within 30d)", "c", "out: ✗ sequence(order, visit, within 30d) {2 2024-06-29 o6 2024-02-01 o5} {0} | add 1 visit at 2024-06-29"},
		{`count(order where product = "Bags" and amount > 50) >= 1`, "c", "out: ✗ 0 >= 1 {0} | add 1 order at 2024-06-30 amount <nil>=50.01 product <nil>=Bags"},
		{"distinct(order.product) >= 3", "c", "out: ✗ 1 >= 3 {2 2024-06-29 o6 Socks 2024-02-01 o5 Socks} | add 2 order at 2024-06-30 product <nil>=Shoes"},
		{"active_months(order) >= 3", "c", "out: ✗ 2 >= 3 {2 2024-06-29 o6 2024-02-01 o5} | add 1 order at 2024-05-31"},
		{"nobody", "a", "out:  | nothing"},
		{"count(order) >= 2 and count(order) <= 1", "a", "out: ✓ 3 >= 2 {3 2024-06-10 o3 2024-05-20 o2}, ✗ 3 <= 1 {3 2024-06-10 o3 2024-05-20 o2} | nothing"},
	} {
		if got := whyText(why(t, c.formula, c.who)); got != c.want {
			t.Errorf("%s of %s:\n got %s\nwant %s", c.formula, c.who, got, c.want)
		}
	}
}
