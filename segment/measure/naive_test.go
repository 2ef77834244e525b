package measure_test

import (
	"context"
	"fmt"
	"math"
	"math/big"
	"slices"
	"sort"
	"strconv"
	"strings"
	"testing"
	"time"

	"tesela/segment"
	"tesela/segment/column"
	"tesela/segment/segmenttest"
	"tesela/segment/syntax"
)

// naive measures as plainly as the definition reads: it gathers the rows of a
// group and period and goes over them again for each figure. It shares with
// the engine the syntax tree, the resolving of windows, and the plain
// evaluator of formulas.
type naive struct {
	t    *testing.T
	w    *segmenttest.World
	at   time.Time
	ask  ask
	base []int

	whereF syntax.Formula
	span   segment.Span
}

// naiveCell is what a figure is taken over: which customers, which rows.
type naiveCell struct {
	row    func(r segmenttest.Row) bool // in the group and period
	people func(i int) bool             // in the group
	span   segment.Span                 // the period in the query's window
	asked  bool                         // a window or period holds
}

// figure is a number with its kind, nil where unset.
type naiveFigure struct {
	r     *big.Rat
	money bool
}

func newNaive(t *testing.T, w *segmenttest.World, at time.Time, a ask) *naive {
	n := &naive{t: t, w: w, at: at, ask: a}
	q := a.query(t)
	n.whereF = q.Where
	var err error
	if n.span, err = segment.Resolve(q.Window, at, w.Zone); err != nil {
		t.Fatal(err)
	}
	if q.Base == nil {
		q.Base = &syntax.Everyone{}
	}
	if n.base, _, err = (segmenttest.Naive{}).Set(context.Background(), q.Base, w, at); err != nil {
		t.Fatal(err)
	}
	return n
}

func (n *naive) hasProp(event, prop string) bool {
	e, _ := n.w.Event(event)
	return slices.ContainsFunc(e.Props, func(f segmenttest.Field) bool { return f.Name == prop })
}

// passes tests a row by wrapping it into a world of its own.
func (n *naive) passes(f syntax.Formula, r segmenttest.Row) bool {
	if f == nil {
		return true
	}
	w := *n.w
	w.Customers = []segmenttest.Customer{{ID: "x"}}
	r.Customer = 0
	w.Rows = []segmenttest.Row{r}
	got, _, err := (segmenttest.Naive{}).Set(context.Background(),
		&syntax.Compare{Left: &syntax.Call{Fn: syntax.Count, Event: r.Event, Where: f}, Op: syntax.Ge, Right: &syntax.Number{Text: "1"}}, &w, n.at)
	if err != nil {
		n.t.Fatal(err)
	}
	return len(got) > 0
}

func (n *naive) whereApplies(event string) bool {
	if n.whereF == nil {
		return false
	}
	for _, p := range []string{"category", "gift", "amount", "quantity"} {
		if strings.Contains(n.whereF.String(), p) && !n.hasProp(event, p) {
			return false
		}
	}
	return true
}

// rows are those of an event that a call goes over, in the stored order.
func (n *naive) rows(event string, own syntax.Formula, window *syntax.Window, c naiveCell) []segmenttest.Row {
	span, err := segment.Resolve(window, n.at, n.w.Zone)
	if err != nil {
		n.t.Fatal(err)
	}
	var all []segmenttest.Row
	for _, r := range n.w.Rows {
		t := r.Time.UnixMicro()
		if r.Event != event || !slices.Contains(n.base, r.Customer) || !span.Has(t) || !n.span.Has(t) || !c.row(r) {
			continue
		}
		if !n.passes(own, r) || n.whereApplies(event) && !n.passes(n.whereF, r) {
			continue
		}
		all = append(all, r)
	}
	slices.SortStableFunc(all, func(a, b segmenttest.Row) int { return a.Time.Compare(b.Time) })
	return all
}

func events(rows []segmenttest.Row) map[string]bool {
	seen := map[string]bool{}
	for i, r := range rows {
		if r.ID == "" {
			seen[fmt.Sprint("#", i)] = true
		} else {
			seen[fmt.Sprint(r.Customer, " ", r.ID)] = true
		}
	}
	return seen
}

func doers(rows []segmenttest.Row, least int) int64 {
	by := map[int][]segmenttest.Row{}
	for _, r := range rows {
		by[r.Customer] = append(by[r.Customer], r)
	}
	n := int64(0)
	for _, rs := range by {
		if len(events(rs)) >= least {
			n++
		}
	}
	return n
}

func rat(n int64) *big.Rat { return new(big.Rat).SetInt64(n) }

func plain(n int64) naiveFigure { return naiveFigure{r: rat(n)} }

func (n *naive) figure(v syntax.Value, c naiveCell) naiveFigure {
	switch v := v.(type) {
	case *syntax.Number:
		r, _ := new(big.Rat).SetString(v.Text)
		return naiveFigure{r: r}
	case *syntax.Arith:
		a, b := n.figure(v.Left, c), n.figure(v.Right, c)
		if a.r == nil || b.r == nil {
			return naiveFigure{money: a.money != b.money || v.Op != '/' && a.money}
		}
		out := naiveFigure{r: new(big.Rat)}
		switch v.Op {
		case '+':
			out.r.Add(a.r, b.r)
			out.money = a.money || b.money
		case '-':
			out.r.Sub(a.r, b.r)
			out.money = a.money || b.money
		case '*':
			out.r.Mul(a.r, b.r)
			out.money = a.money || b.money
		case '/':
			out.money = a.money && !b.money
			if b.r.Sign() == 0 {
				out.r = nil
			} else {
				out.r.Quo(a.r, b.r)
			}
		}
		return out
	case *syntax.Call:
		return n.call(v, c)
	case *syntax.Name:
		return n.named(v, c)
	case *syntax.CustomersOf:
		k := int64(0)
		for _, i := range n.inside(v.Formula, c) {
			if slices.Contains(n.base, i) && c.people(i) {
				k++
			}
		}
		return plain(k)
	case *syntax.PerCustomer:
		return n.perCustomer(v, c)
	}
	n.t.Fatalf("no naive figure of %s", v)
	return naiveFigure{}
}

// inside evaluates a formula over the world with only the rows that calls
// without a window see. The tests' formulas have windows everywhere or
// nowhere.
func (n *naive) inside(f syntax.Formula, c naiveCell) []int {
	got, _, err := (segmenttest.Naive{}).Set(context.Background(), f, n.narrowed(f.String(), c), n.at)
	if err != nil {
		n.t.Fatal(err)
	}
	return got
}

func (n *naive) narrowed(text string, c naiveCell) *segmenttest.World {
	w := *n.w
	w.Rows = nil
	for _, r := range n.w.Rows {
		if !strings.Contains(text, "last ") && c.asked && !c.span.Has(r.Time.UnixMicro()) {
			continue
		}
		if n.whereApplies(r.Event) && !n.passes(n.whereF, r) {
			continue
		}
		w.Rows = append(w.Rows, r)
	}
	return &w
}

func (n *naive) perCustomer(v *syntax.PerCustomer, c naiveCell) naiveFigure {
	w := n.narrowed(v.Value.String(), c)
	got, err := (segmenttest.Naive{}).Value(context.Background(), v.Value, w, n.at)
	if err != nil {
		n.t.Fatal(err)
	}
	money := strings.Contains(v.Value.String(), "amount")
	var all []*big.Rat
	for _, i := range n.base {
		if got[i] == nil || !c.people(i) {
			continue
		}
		r, ok := new(big.Rat).SetString(fmt.Sprint(got[i]))
		if !ok {
			n.t.Fatalf("%v is no number", got[i])
		}
		all = append(all, r)
	}
	sort.Slice(all, func(i, j int) bool { return all[i].Cmp(all[j]) < 0 })
	sum := new(big.Rat)
	for _, r := range all {
		sum.Add(sum, r)
	}
	f := naiveFigure{money: money}
	k := len(all)
	switch {
	case v.Statistic == "sum":
		f.r = sum
	case k == 0:
	case v.Statistic == "mean":
		f.r = sum.Quo(sum, rat(int64(k)))
	case v.Statistic == "min":
		f.r = all[0]
	case v.Statistic == "max":
		f.r = all[k-1]
	case v.Statistic == "median" && k%2 == 0:
		f.r = new(big.Rat).Add(all[k/2-1], all[k/2])
		f.r.Quo(f.r, rat(2))
	case v.Statistic == "median":
		f.r = all[k/2]
	default:
		p, _ := strconv.Atoi(v.Statistic[1:])
		// the smallest value that at least p% of all are not above
		for _, x := range all {
			at := 0
			for _, y := range all {
				if y.Cmp(x) <= 0 {
					at++
				}
			}
			if at*100 >= p*k {
				f.r = x
				break
			}
		}
	}
	return f
}

func (n *naive) number(v any) *big.Rat {
	switch v := v.(type) {
	case float64:
		return new(big.Rat).SetFloat64(v)
	case *big.Rat:
		return v
	}
	return nil
}

func (n *naive) call(v *syntax.Call, c naiveCell) naiveFigure {
	rows := n.rows(v.Event, v.Where, v.Window, c)
	f := naiveFigure{}
	if e, _ := n.w.Event(v.Event); v.Property != "" {
		for _, p := range e.Props {
			f.money = f.money || p.Name == v.Property && p.Kind == column.Money
		}
	}
	sum, set := new(big.Rat), int64(0)
	distinct := map[string]bool{}
	for _, r := range rows {
		x := r.Props[v.Property]
		if x == nil {
			continue
		}
		distinct[fmt.Sprint(x)] = true
		if y := n.number(x); y != nil {
			sum.Add(sum, y)
			set++
			if f.r == nil || v.Fn == syntax.Min && y.Cmp(f.r) < 0 || v.Fn == syntax.Max && y.Cmp(f.r) > 0 {
				f.r = y
			}
		}
	}
	last := func() *big.Rat {
		if len(rows) == 0 {
			return nil
		}
		return rat(day(n.at.Add(-1), n.w.Zone) - day(rows[len(rows)-1].Time, n.w.Zone))
	}
	active := map[string]bool{}
	for _, r := range rows {
		l := r.Time.In(n.w.Zone)
		switch v.Fn {
		case syntax.ActiveDays:
			active[l.Format(time.DateOnly)] = true
		case syntax.ActiveWeeks:
			y, w := l.ISOWeek()
			active[fmt.Sprint(y, " ", w)] = true
		case syntax.ActiveMonths:
			active[l.Format("2006-01")] = true
		}
	}
	switch v.Fn {
	case syntax.Count:
		return plain(int64(len(events(rows))))
	case syntax.Sum:
		return naiveFigure{sum, f.money}
	case syntax.Avg:
		if set == 0 {
			return naiveFigure{money: f.money}
		}
		return naiveFigure{sum.Quo(sum, rat(set)), f.money}
	case syntax.Distinct:
		return plain(int64(len(distinct)))
	case syntax.Min, syntax.Max:
		return f
	case syntax.DaysSince:
		return naiveFigure{r: last()}
	}
	return plain(int64(len(active)))
}

func day(t time.Time, zone *time.Location) int64 {
	y, m, d := t.In(zone).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86400
}

func (n *naive) named(v *syntax.Name, c naiveCell) naiveFigure {
	rows := n.rows("order", nil, nil, c)
	money := func(event string) *big.Rat {
		return n.call(&syntax.Call{Fn: syntax.Sum, Event: event, Property: "amount"}, c).r
	}
	revenue := func() *big.Rat {
		r := new(big.Rat).Set(money("order"))
		if n.whereF == nil || n.whereApplies("refund") {
			r.Sub(r, money("refund"))
		}
		return r
	}
	over := func(a *big.Rat, b int64, isMoney bool) naiveFigure {
		if b == 0 {
			return naiveFigure{money: isMoney}
		}
		return naiveFigure{new(big.Rat).Quo(a, rat(b)), isMoney}
	}
	orders, buyers := int64(len(events(rows))), doers(rows, 1)
	switch v.Name {
	case "customers":
		k := int64(0)
		for _, i := range n.base {
			if c.people(i) {
				k++
			}
		}
		return plain(k)
	case "buyers":
		return plain(buyers)
	case "orders":
		return plain(orders)
	case "gross_revenue":
		return naiveFigure{money("order"), true}
	case "refunds":
		return naiveFigure{money("refund"), true}
	case "revenue":
		return naiveFigure{revenue(), true}
	case "aov":
		return over(money("order"), orders, true)
	case "orders_per_buyer":
		return over(rat(orders), buyers, false)
	case "revenue_per_buyer":
		return over(revenue(), buyers, true)
	case "repeat_rate":
		return over(rat(doers(rows, 2)), buyers, false)
	case "new_buyers":
		return plain(n.firsts(c))
	case "items":
		return n.call(&syntax.Call{Fn: syntax.Sum, Event: "order", Property: "quantity"}, c)
	case "days_between":
		sum, gaps := int64(0), int64(0)
		for _, i := range n.base {
			before := int64(math.MinInt64)
			for _, r := range rows {
				if r.Customer != i {
					continue
				}
				d := day(r.Time, n.w.Zone)
				if before != math.MinInt64 && d != before {
					sum += d - before
					gaps++
				}
				before = d
			}
		}
		return over(rat(sum), gaps, false)
	case "events":
		return plain(int64(len(events(n.rows(v.Params[0].Event, nil, nil, c)))))
	case "doers":
		return plain(doers(n.rows(v.Params[0].Event, nil, nil, c), 1))
	case "dated":
		k := int64(0)
		for _, i := range n.base {
			if d, ok := n.w.Customers[i].Traits[v.Params[0].Event].(time.Time); ok && c.people(i) && c.span.Has(d.UnixMicro()) && d.Before(n.at) {
				k++
			}
		}
		return plain(k)
	}
	n.t.Fatalf("no naive %s", v)
	return naiveFigure{}
}

// firsts counts customers whose first order ever, seen at its earliest row's
// time, has a row in the cell.
func (n *naive) firsts(c naiveCell) int64 {
	k := int64(0)
	for _, i := range n.base {
		var first *segmenttest.Row
		for j, r := range n.w.Rows {
			if r.Event == "order" && r.Customer == i && r.Time.Before(n.at) && (first == nil || r.Time.Before(first.Time)) {
				first = &n.w.Rows[j]
			}
		}
		if first == nil || !n.span.Has(first.Time.UnixMicro()) {
			continue
		}
		found := false
		for _, r := range n.w.Rows {
			same := r.Event == "order" && r.Customer == i && first.ID != "" && r.ID == first.ID && r.Time.Before(n.at)
			if first.ID == "" {
				same = r.Event == "order" && r.Customer == i && r.ID == "" && r.Time.Equal(first.Time) && fmt.Sprint(r.Props) == fmt.Sprint(first.Props)
			}
			r.Time = first.Time
			found = found || same && c.row(r) && (!n.whereApplies("order") || n.passes(n.whereF, r))
		}
		if found {
			k++
		}
	}
	return k
}

// show prints a figure as the engine's cells are printed.
func (f naiveFigure) show() string {
	switch {
	case f.r == nil:
		return "<nil>"
	case f.money:
		return f.r.FloatString(2) // rounds half away from zero
	}
	x, _ := f.r.Float64()
	return fmt.Sprint(x)
}
