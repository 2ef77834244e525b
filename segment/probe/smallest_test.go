package probe_test

import (
	"context"
	"fmt"
	"maps"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"tesela/segment/probe"
	"tesela/segment/segmenttest"
	"tesela/segment/syntax"
)

// gridText is a world so small that all changes of a grid can be tried.
const gridText = `
zone Europe/Madrid
currency EUR 2
customers country:text age:number
  a Germany 30
  b France -
  c - 40
  d Germany 18
event order amount:money product:text
  a 2024-06-02T12:00 10.00 Shoes
  a 2024-06-20T12:00 50.00 Bags
  b 2024-06-28T12:00 5.00 Shoes
  b 2024-06-11T12:00 50.00 Shoes
  b 2024-05-02T12:00 10.00 Bags
  d 2024-05-20T12:00 5.00 Bags
event visit
  a 2024-06-11T09:00
  c 2024-06-28T09:00
at 2024-07-01
eval everyone -> a b c d
`

// grid lists changes of one customer in a world: every single one of a grid
// of days, amounts, products and traits, any events taken away.
func grid(w *segmenttest.World, who int) []func(*segmenttest.World) {
	days := []string{"2024-05-02T12:00", "2024-05-31T12:00", "2024-06-11T11:00", "2024-06-21T12:00", "2024-06-30T12:00"}
	var all []func(*segmenttest.World)
	at := func(day string) time.Time {
		t, err := w.ParseTime(day)
		if err != nil {
			panic(err)
		}
		return t
	}
	add := func(r segmenttest.Row) {
		all = append(all, func(w *segmenttest.World) { w.Rows = append(w.Rows, r) })
	}
	for _, day := range days {
		add(segmenttest.Row{Event: "visit", Customer: who, Time: at(day)})
		for _, amount := range []int64{1, 45, 200} {
			for _, product := range []string{"Shoes", "Bags"} {
				add(segmenttest.Row{Event: "order", Customer: who, Time: at(day), Props: map[string]any{"amount": big.NewRat(amount, 1), "product": product}})
			}
		}
	}
	var mine []int
	for i, r := range w.Rows {
		if r.Customer != who {
			continue
		}
		mine = append(mine, i)
		for _, day := range days {
			all = append(all, func(w *segmenttest.World) { w.Rows[i].Time = at(day) })
		}
		if r.Event == "order" {
			for _, amount := range []int64{1, 45, 200} {
				all = append(all, func(w *segmenttest.World) {
					w.Rows[i].Props = map[string]any{"amount": big.NewRat(amount, 1), "product": w.Rows[i].Props["product"]}
				})
			}
		}
	}
	for set := 1; set < 1<<len(mine); set++ {
		kinds := map[string]bool{}
		for k, i := range mine {
			if set&(1<<k) != 0 {
				kinds[w.Rows[i].Event] = true
			}
		}
		if len(kinds) > 1 {
			continue // two changes
		}
		all = append(all, func(w *segmenttest.World) {
			for k, i := range mine {
				if set&(1<<k) != 0 {
					w.Rows[i].Customer = -1 // nobody's
				}
			}
		})
	}
	trait := func(name string, values ...any) {
		for _, v := range values {
			all = append(all, func(w *segmenttest.World) {
				w.Customers[who].Traits = maps.Clone(w.Customers[who].Traits)
				delete(w.Customers[who].Traits, name)
				if v != nil {
					w.Customers[who].Traits[name] = v
				}
			})
		}
	}
	trait("country", nil, "Germany", "France")
	trait("age", nil, 17.0, 25.0, 35.0, 60.0)
	return all
}

// atoms are conditions to mix.
var atoms = []string{
	"count(order) >= 2", "count(order) = 1", "count(order) <= 2", "count(order, last 20d) >= 1", "count(order, last 40d) = 0",
	"sum(order.amount) > 55", "sum(order.amount, last 45d) <= 40", "days_since(order) > 12", "days_since(order) <= 20",
	`count(order where product = "Shoes") >= 1`, `count(order where amount > 20) = 0`, `count(order where product = "Bags" and amount < 8) >= 1`,
	"last(order) after 2024-06-15", "first(order) before 2024-05-10", "max(order.amount) > 40", "min(order.amount) < 8",
	"distinct(order.product) = 2", "active_months(order) >= 2", `latest(order.product) = "Shoes"`, "count(visit) >= 1", "days_since(visit) < 15",
	`country = "Germany"`, `country != "France"`, "country is set", "age > 25", "age between 20 and 38", "age is not set",
	"sequence(order, visit, within 20d)", "sequence(visit, not order, within 10d)",
}

// mixed joins conditions at random.
func mixed(r *rand.Rand, depth int) string {
	if depth == 0 || r.IntN(4) == 0 {
		return atoms[r.IntN(len(atoms))]
	}
	a, b := mixed(r, depth-1), mixed(r, depth-1)
	switch r.IntN(5) {
	case 0, 1:
		return "(" + a + " and " + b + ")"
	case 2, 3:
		return "(" + a + " or " + b + ")"
	}
	return "not (" + a + ")"
}

// changed is a world with changes made in it.
func changed(w *segmenttest.World, changes ...func(*segmenttest.World)) *segmenttest.World {
	out := *w
	out.Rows, out.Customers = slices.Clone(w.Rows), slices.Clone(w.Customers)
	for _, do := range changes {
		do(&out)
	}
	out.Rows = slices.DeleteFunc(out.Rows, func(r segmenttest.Row) bool { return r.Customer < 0 })
	return &out
}

// No change of the grid turns membership where the one told takes two edits,
// and no two of the grid together where none is told or it takes three; nor
// does one of the grid turn fewer conditions than one told that is one edit, or
// conditions that come before in the text.
func TestNoSmallerChange(t *testing.T) {
	cases, err := segmenttest.ParseFile("grid", gridText)
	must(t, err)
	w, at := cases[0].World, cases[0].At
	formulas := []string{
		"count(order) >= 2 and count(order, last 20d) = 0",
		"count(order, last 40d) >= 1 and days_since(order) > 8",
		`country = "Germany" and age > 25 and count(order) >= 1`,
		`country = "Germany" or age > 25 or count(order) >= 1`,
		`not (country = "Germany" or count(visit) >= 1)`,
		`(country = "France" or count(visit) >= 1) and (age >= 40 or sum(order.amount) > 60)`,
		"sum(order.amount, last 30d) > 40 and count(order) < 3",
		"sum(order.amount) > 100 or count(order, last 12d) >= 2 and age is set",
		`count(order where product = "Shoes") >= 1 and count(order where product = "Bags") = 0`,
		"days_since(order) <= 10 and not days_since(visit) <= 10",
		"active_days(order, last 60d) >= 2 and distinct(order.product) = 1",
		"first(order) after 2024-05-15 and last(order) before 2024-06-25",
		"max(order.amount) >= 50 and min(order.amount) >= 10",
		"avg(order.amount) > 25 and age is not set",
		"sequence(visit, order, within 10d) and count(order) <= 2",
		"sequence(order, not visit, order, within 40d) or country is not set",
		"sum(order.amount, last 20d) < 0.5 * sum(order.amount, from 60d ago to 20d ago)",
		`latest(order.product) = "Bags" and count(order, last 20d) = 0 or age between 20 and 35`,
		"count(order) = 2 and count(visit) = 1 and age > 25 and country is set",
		"count(order) >= 1 and not (count(order) >= 2 and (age > 20 or count(visit) = 0))",
	}
	ranks := []string{
		"top 1 by sum(order.amount)", "top 2 by count(order, last 40d)", "bottom 1 by last(order)", "top 50% by age",
		`top 1 by max(order.amount) among (country = "Germany") and count(order) >= 1`,
	}
	formulas = append(ranks, formulas...)
	for seed := range uint64(40) {
		formulas = append(formulas, mixed(rand.New(rand.NewPCG(seed, 11)), 2))
	}
	if testing.Short() {
		formulas = formulas[:7]
	}
	src, err := segmenttest.NewSource(w)
	must(t, err)
	tried := 0
	for _, text := range formulas {
		f := parse(t, text)
		for who, customer := range w.Customers {
			a, err := probe.Why(context.Background(), f, src, at, who, 1)
			must(t, err)
			conditions := []syntax.Formula{f}
			for _, v := range a.Conditions {
				conditions = append(conditions, v.Condition)
			}
			apart := changed(w)
			if !slices.Contains(ranks, text) { // nobody else matters
				apart.Rows = slices.DeleteFunc(apart.Rows, func(r segmenttest.Row) bool { return r.Customer != who })
			}
			flips := func(w *segmenttest.World) (turned bool, set []int) {
				for i, c := range conditions {
					in := slices.Contains(naive(t, w, c, at), who)
					if i == 0 {
						if turned = in != a.In; !turned {
							return false, nil
						}
					} else if in != a.Conditions[i-1].Holds {
						set = append(set, i-1)
					}
				}
				return turned, set
			}
			all, bad := grid(apart, who), false
			try := func(changes ...func(*segmenttest.World)) {
				tried++
				turned, set := flips(changed(apart, changes...))
				if !turned || bad {
					return
				}
				if a.Change == nil {
					bad = true
					t.Errorf("%s of %s: no change is told, but %v can be turned\n%s", text, customer.ID, set, changed(apart, changes...))
				} else if len(a.Change.Edits) > len(changes) {
					bad = true
					t.Errorf("%s of %s: %s takes %d edits, but %d will do\n%s", text, customer.ID, whyText(a), len(a.Change.Edits), len(changes), changed(apart, changes...))
				} else if len(changes) > 1 {
					return
				} else if len(set) < len(a.Change.Flips) || len(set) == len(a.Change.Flips) && slices.Compare(set, a.Change.Flips) < 0 {
					bad = true
					t.Errorf("%s of %s: %s turns %v, but %v will do\n%s", text, customer.ID, whyText(a), a.Change.Flips, set, changed(apart, changes...))
				}
			}
			for i, one := range all {
				try(one)
				// Pairs, where one could not do: of each with every third.
				for j := i + 1; j < len(all); j += 3 {
					try(one, all[j])
				}
			}
			if a.Change == nil {
				t.Logf("%s of %s: nothing turns it", text, customer.ID)
			}
		}
	}
	t.Log(fmt.Sprint(tried, " changes tried"))
}
