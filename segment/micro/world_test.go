package micro

import (
	"context"
	"fmt"
	"math/big"
	"testing"
	"time"

	"tesela/segment"
	"tesela/segment/column"
	"tesela/segment/segmenttest"
	"tesela/segment/syntax"
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// shop is a world under construction: customers with a country, orders with a
// category and an amount, visits.
type shop struct {
	*segmenttest.World
	draws uint64
}

func newShop() *shop {
	return &shop{World: &segmenttest.World{
		Zone: time.UTC, Currency: "EUR", Digits: 2,
		Traits: []segmenttest.Field{{Name: "country", Kind: column.Text}, {Name: "consent", Kind: column.Bool}},
		Events: []segmenttest.Kind{
			{Name: "order", Tied: true, Props: []segmenttest.Field{{Name: "amount", Kind: column.Money}, {Name: "category", Kind: column.Text}}},
			{Name: "visit"},
		},
		Roles: map[string]string{
			"purchase": "order", "amount": "order.amount", "category": "order.category", "visit": "visit", "country": "country", "consent": "consent",
		},
	}}
}

// draw gives a whole number below n.
func (s *shop) draw(n int) int {
	s.draws++
	return int(mix(s.draws) % uint64(n))
}

var shopNow = time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)

// customer adds one, and tells its number.
func (s *shop) customer(traits map[string]any) int {
	n := len(s.Customers)
	s.Customers = append(s.Customers, segmenttest.Customer{ID: fmt.Sprintf("c%05d", n), Traits: traits})
	return n
}

// order adds one so many days and hours before the end.
func (s *shop) order(customer, days, hour int, cents int64, category string) {
	at := shopNow.AddDate(0, 0, -days).Add(time.Duration(hour) * time.Hour)
	s.Rows = append(s.Rows, segmenttest.Row{
		Event: "order", Customer: customer, Time: at, ID: fmt.Sprintf("o%d", len(s.Rows)),
		Props: map[string]any{"amount": big.NewRat(cents, 100), "category": category},
	})
}

func (s *shop) visit(customer, days int) {
	s.Rows = append(s.Rows, segmenttest.Row{Event: "visit", Customer: customer, Time: shopNow.AddDate(0, 0, -days)})
}

func (s *shop) source(t testing.TB) segment.Source {
	t.Helper()
	src, err := segmenttest.NewSource(s.World)
	must(t, err)
	return src
}

// twoKinds has n customers of two kinds, by turns, all active: the one buys
// Bread in the morning at little cost, the other Wine in the evening at much.
func twoKinds(n int) *shop {
	s := newShop()
	for i := range n {
		c := s.customer(map[string]any{"country": []string{"Spain", "France", "Italy"}[s.draw(3)], "consent": s.draw(4) > 0})
		for k := range 5 + s.draw(5) {
			if i%2 == 0 {
				s.order(c, 5+20*k+s.draw(10), 8+s.draw(3), int64(500+s.draw(500)), "Bread")
			} else {
				s.order(c, 5+20*k+s.draw(10), 19+s.draw(3), int64(5000+s.draw(5000)), "Wine")
			}
		}
		for range s.draw(4) {
			s.visit(c, 1+s.draw(200))
		}
	}
	return s
}

func find1(t testing.TB, s *shop, q Query) *Result {
	t.Helper()
	r, err := Find(context.Background(), s.source(t), shopNow, q)
	must(t, err)
	check(t, s, r, q)
	return r
}

// check asks what holds of every result: all customers of the base are in just
// one group's clusters, formulas find what is told of them, with the plain
// evaluator as the judge, and no formula has over four conditions.
func check(t testing.TB, s *shop, r *Result, q Query) {
	t.Helper()
	in := map[int32]int{}
	found := map[int]int{}
	base := map[int]bool{}
	if q.Base == nil {
		for i := range s.Customers {
			base[i] = true
		}
	} else {
		for _, i := range members(t, s, q.Base, shopNow) {
			base[i] = true
		}
	}
	for k := range r.Groups {
		g := &r.Groups[k]
		if n := len(segment.Conditions(g.Formula)); n > conditions {
			t.Errorf("%d conditions: %s", n, g.Formula)
		}
		if g.Clustered != len(g.InClusters()) {
			t.Errorf("%s: %d in clusters, told %d", g.Formula, len(g.InClusters()), g.Clustered)
		}
		clustered := map[int]bool{}
		for _, i := range g.InClusters() {
			in[i]++
			clustered[int(i)] = true
		}
		size, both := 0, 0
		for _, i := range members(t, s, g.Formula, shopNow) {
			if !base[i] {
				continue
			}
			size++
			found[i]++
			if clustered[i] {
				both++
			}
		}
		if size != g.Size || g.Precision != ratio(both, size) || g.Recall != ratio(both, g.Clustered) {
			t.Errorf("%s: size %d, precision %v, recall %v, plainly %d, %d of %d", g.Formula, g.Size, g.Precision, g.Recall, size, both, g.Clustered)
		}
		before := 0
		for _, i := range members(t, s, g.Formula, r.Before) {
			if base[i] || q.Base != nil {
				before++
			}
		}
		if q.Base == nil && before != g.Before {
			t.Errorf("%s: %d a quarter earlier, told %d", g.Formula, before, g.Before)
		}
		if again, err := syntax.Parse(g.Formula.String()); err != nil || !syntax.Equal(again, g.Formula) {
			t.Errorf("%s does not read back: %v", g.Formula, err)
		}
	}
	none, several := 0, 0
	for i := range base {
		if in[int32(i)] != 1 {
			t.Errorf("customer %d is in %d groups' clusters", i, in[int32(i)])
		}
		switch {
		case found[i] == 0:
			none++
		case found[i] > 1:
			several++
		}
	}
	if len(base) != r.Customers || none != r.Unassigned || several != r.Several {
		t.Errorf("%d customers, %d unassigned, %d in several; plainly %d, %d, %d", r.Customers, r.Unassigned, r.Several, len(base), none, several)
	}
}

// members are those of a formula, evaluated by itself.
func members(t testing.TB, s *shop, f syntax.Formula, at time.Time) []int {
	t.Helper()
	plan, err := segment.Compile(context.Background(), f, s.source(t), at)
	must(t, err)
	set, err := plan.Run(context.Background())
	must(t, err)
	var all []int
	set.Each(func(i int) { all = append(all, i) })
	return all
}
