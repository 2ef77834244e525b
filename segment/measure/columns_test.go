package measure_test

import (
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"tesela/segment"
	"tesela/segment/column"
	"tesela/segment/measure"
	"tesela/segment/syntax"
)

// shape is what random columns look like.
type shape struct {
	customers int
	zone      *time.Location
	step      time.Duration // of times
	most      int64         // of amounts, either side of 0
	words     int           // categories
	form      string        // of ids: none, tied, apart (with times of their own), scattered
	packed    bool
}

// randomColumns makes orders of customers with few rows, with over 64, and now
// and then with more than a block has.
func randomColumns(r *rand.Rand) (*columns, shape) {
	zones := []string{"Europe/London", "America/New_York", "Asia/Kolkata", "UTC"}
	zone, err := time.LoadLocation(zones[r.IntN(len(zones))])
	if err != nil {
		zone = time.UTC
	}
	pick := func(n ...int) int { return n[r.IntN(len(n))] }
	s := shape{
		customers: pick(1, 3, 70, 400), zone: zone,
		step: []time.Duration{time.Microsecond, time.Second, time.Second, time.Hour, 24 * time.Hour}[r.IntN(5)],
		most: int64(pick(100, 5_000, 3_000_000, math.MaxUint32)), words: pick(1, 12, 300, 70_000),
		form: []string{"none", "tied", "apart", "scattered"}[r.IntN(4)], packed: r.IntN(4) > 0,
	}
	list := func(prefix string, n int) *column.Dict {
		all := make([]string, n)
		for i := range all {
			all[i] = fmt.Sprint(prefix, i)
		}
		return column.NewDict(all)
	}
	amount := &column.Column{Kind: column.Money}
	category := &column.Column{Kind: column.Text, Dict: list("cat", s.words)}
	t := &column.Table{Event: "order", Props: map[string]*column.Column{"amount": amount, "category": category}}
	country := &column.Column{Kind: column.Text, Dict: list("land", 5), Codes: make([]uint32, s.customers)}
	start := time.Date(2022, 3, 1, 0, 0, 0, 0, time.UTC)
	id, giant := uint32(0), r.IntN(4) == 0
	allSet, negative := r.IntN(2) == 0, r.IntN(2) == 0
	for c := range s.customers {
		country.Codes[c] = uint32(r.IntN(6))
		n := pick(0, 0, 1, 2, 3, 9, 20)
		if r.IntN(25) == 0 {
			n = 60 + r.IntN(100)
		}
		if giant && c == s.customers/2 {
			n = 5000
		}
		if n == 0 {
			continue
		}
		t.Who, t.Starts = append(t.Who, uint32(c)), append(t.Starts, uint32(len(t.Times)))
		var times []int64
		for len(times) < n {
			at := start.Add(time.Duration(r.Int64N(int64(700 * 24 * time.Hour)))).Truncate(s.step)
			for k := range min(1+r.IntN(4), n-len(times)) {
				if s.form == "apart" || s.form == "scattered" {
					at = at.Add(s.step * time.Duration(k*r.IntN(3)))
				}
				times = append(times, at.UnixMicro())
			}
		}
		slices.Sort(times)
		t.Times = append(t.Times, times...)
		without := false // an id
		for k := range n {
			if k == 0 || s.form == "tied" && times[k] != times[k-1] || s.form != "tied" && r.IntN(3) == 0 {
				id++
				without = r.IntN(12) == 0
			}
			switch of := id; {
			case without:
				t.IDs = append(t.IDs, 0)
			case s.form == "scattered":
				t.IDs = append(t.IDs, of-uint32(r.IntN(2))*min(1, uint32(k)))
			default:
				t.IDs = append(t.IDs, of)
			}
			v := r.Int64N(s.most)
			if negative && r.IntN(3) == 0 {
				v = -v
			}
			code := uint32(1 + r.IntN(s.words))
			if !allSet && r.IntN(9) == 0 {
				v = column.Unset
			}
			if r.IntN(9) == 0 {
				code = 0
			}
			amount.Ints, category.Codes = append(amount.Ints, v), append(category.Codes, code)
		}
		id++
	}
	t.Starts = append(t.Starts, uint32(len(t.Times)))
	switch s.form {
	case "none":
		t.IDs = nil
	case "scattered":
		t.Scattered = true
	}
	event := segment.Event{
		Name: "order", Tied: t.IDs != nil, Rows: len(t.Times),
		Props: []segment.Field{{Name: "amount", Kind: column.Money}, {Name: "category", Kind: column.Text}},
	}
	if len(t.Times) > 0 {
		event.First, event.Last = time.UnixMicro(slices.Min(t.Times)), time.UnixMicro(slices.Max(t.Times))
	}
	src := &columns{ids: list("c", s.customers), schema: &segment.Schema{
		Customers: s.customers, Zone: zone, Currency: "GBP", Digits: 2,
		Roles:  map[string]string{"purchase": "order", "amount": "order.amount"},
		Traits: []segment.Field{{Name: "country", Kind: column.Text}}, Events: []segment.Event{event},
	}, world: &column.World{
		Customers: s.customers, Traits: map[string]*column.Column{"country": country}, Tables: map[string]*column.Table{"order": t},
	}}
	return src, s
}

// loops takes measures over plain columns, row by row.
type loops struct {
	t        *column.Table
	zone     *time.Location
	end      int64
	country  *column.Column
	per      string
	dims     []string
	member   func(who uint32) bool
	category string // a filter; "" passes all
}

func (l *loops) word(c *column.Column, i int) string {
	if c.Codes[i] == 0 {
		return "-"
	}
	return c.Dict.Word(c.Codes[i])
}

func (l *loops) key(row int, who uint32, at int64) string {
	var parts []string
	if l.per != "" {
		parts = append(parts, periodOf(l.per, time.UnixMicro(at).In(l.zone)))
	}
	for _, d := range l.dims {
		if d == "country" {
			parts = append(parts, l.word(l.country, int(who)))
		} else {
			parts = append(parts, l.word(l.t.Props["category"], row))
		}
	}
	return strings.Join(parts, " ")
}

// gather lists the rows of every cell, of each customer's first event alone if
// so asked; "" is the cell of all.
func (l *loops) gather(span segment.Span, firsts bool) map[string][]int {
	cells := map[string][]int{}
	for k, who := range l.t.Who {
		first := int(l.t.Starts[k])
		for row := first; row < int(l.t.Starts[k+1]); row++ {
			at := l.t.Times[row]
			if firsts {
				if row > first && (l.t.IDs == nil || l.t.IDs[first] == 0 || l.t.IDs[row] != l.t.IDs[first]) || at >= l.end {
					continue
				}
				at = l.t.Times[first]
			}
			if !span.Has(at) || !l.member(who) || l.category != "" && l.word(l.t.Props["category"], row) != l.category {
				continue
			}
			cells[""] = append(cells[""], row)
			if l.per != "" || len(l.dims) > 0 {
				cells[l.key(row, who, at)] = append(cells[l.key(row, who, at)], row)
			}
		}
	}
	return cells
}

// figures are those of the measures, over rows.
func (l *loops) figures(rows, firsts []int) []string {
	whoOf := func(row int) uint32 {
		k, _ := slices.BinarySearch(l.t.Starts, uint32(row+1))
		return l.t.Who[k-1]
	}
	type event struct{ who, id uint32 }
	events, buyers, fresh, kinds, days := map[event]bool{}, map[uint32]int{}, map[uint32]bool{}, map[uint32]bool{}, map[string]bool{}
	sum, set, gapSum, gaps := int64(0), int64(0), 0, 0
	lastWho, lastDay := int64(-1), time.Time{}
	for _, row := range rows {
		who := whoOf(row)
		e := event{who, uint32(1<<31 + row)}
		if l.t.IDs != nil && l.t.IDs[row] != 0 {
			e.id = l.t.IDs[row]
		}
		if !events[e] {
			events[e] = true
			buyers[who]++
		}
		if v := l.t.Props["amount"].Ints[row]; v != column.Unset {
			sum, set = sum+v, set+1
		}
		if c := l.t.Props["category"].Codes[row]; c != 0 {
			kinds[c] = true
		}
		y, m, d := time.UnixMicro(l.t.Times[row]).In(l.zone).Date()
		day := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
		days[day.String()] = true
		if int64(who) == lastWho && day != lastDay {
			gapSum, gaps = gapSum+int(day.Sub(lastDay).Hours()/24), gaps+1
		}
		lastWho, lastDay = int64(who), day
	}
	for _, row := range firsts {
		fresh[whoOf(row)] = true
	}
	repeaters := 0
	for _, n := range buyers {
		if n > 1 {
			repeaters++
		}
	}
	ratio := func(a, b int64) string {
		if b == 0 {
			return "<nil>"
		}
		f, _ := big.NewRat(a, b).Float64()
		return fmt.Sprint(f)
	}
	average := "<nil>"
	if set > 0 {
		half := (2*max(sum, -sum) + set) / (2 * set)
		if sum < 0 {
			half = -half
		}
		average = segment.MoneyString(half, 2)
	}
	return []string{
		fmt.Sprint(len(events)), fmt.Sprint(len(buyers)), segment.MoneyString(sum, 2), ratio(int64(repeaters), int64(len(buyers))),
		average, fmt.Sprint(len(kinds)), ratio(int64(gapSum), int64(gaps)), fmt.Sprint(len(fresh)), fmt.Sprint(len(days)), fmt.Sprint(len(rows)),
	}
}

// loopMeasures are in the order of figures.
var loopMeasures = []string{"orders", "buyers", "gross_revenue", "repeat_rate", "avg(order.amount)", "distinct(order.category)", "days_between", "new_buyers", "active_days(order)", "items"}

// TestColumnsAgainstLoops holds figures to a second computation on tables of
// many shapes, larger than a block of rows and a word of marks.
func TestColumnsAgainstLoops(t *testing.T) {
	worlds := 60
	if testing.Short() {
		worlds = 20
	}
	for seed := range worlds {
		r := rand.New(rand.NewPCG(uint64(seed), 11))
		src, s := randomColumns(r)
		plain := src.world.Plain()
		if s.packed {
			src.world.Tables["order"].Pack()
			src.world.Traits["country"] = src.world.Traits["country"].Pack()
		}
		at := time.Date(2023, 6, 1+r.IntN(300), 0, 0, 0, 0, s.zone)
		for range 4 {
			pick := func(s ...string) string { return s[r.IntN(len(s))] }
			l := &loops{t: plain.Tables["order"], zone: s.zone, end: at.UnixMicro(), country: plain.Traits["country"]}
			l.per = pick("", "", "month", "week", "hour", "day", "quarter", "weekday", "year")
			if dims := pick("", "country", "order.category", "country order.category"); dims != "" {
				l.dims = strings.Fields(dims)
			}
			q := measure.Query{GroupBy: l.dims, Per: l.per}
			base, where, window := pick("", "", "country = \"land2\"", "count(order) >= 3"), pick("", "", "", "cat0"), pick("", "", "last 90d", "from 2022-05-03 to 2022-11-20", "before 2022-09-01", "last 1y")
			var err error
			l.member = func(uint32) bool { return true }
			if base != "" {
				if q.Base, err = syntax.Parse(base); err != nil {
					t.Fatal(err)
				}
				p, err := segment.Compile(t.Context(), q.Base, src, at)
				if err != nil {
					continue // nobody is from there
				}
				set, err := p.Run(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				l.member = func(who uint32) bool { return set.Has(int(who)) }
			}
			if where != "" {
				l.category = where
				if q.Where, err = syntax.ParseFilter(fmt.Sprintf("category = %q", where)); err != nil {
					t.Fatal(err)
				}
			}
			span := segment.Span{From: math.MinInt64, To: at.UnixMicro()}
			if window != "" {
				if q.Window, err = syntax.ParseWindow(window); err != nil {
					t.Fatal(err)
				}
				if span, err = segment.Resolve(q.Window, at, s.zone); err != nil {
					t.Fatal(err)
				}
			}
			var which []int
			for i := range loopMeasures {
				if r.IntN(3) > 0 {
					which, q.Measures = append(which, i), append(q.Measures, loopMeasures[i])
				}
			}
			if which == nil {
				continue
			}
			p, err := measure.Compile(t.Context(), q, src, at)
			if err != nil {
				t.Fatal(err)
			}
			if r.IntN(2) == 0 {
				p.InChunksOf(1 + r.IntN(3000))
			}
			got, err := p.Run(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			compareWithLoops(t, fmt.Sprintf("seed %d %+v of %q where %q in %q", seed, s, base, where, window), p.String(), l, which, got, l.gather(span, false), l.gather(span, true))
		}
	}
}

func compareWithLoops(t *testing.T, name, plan string, l *loops, which []int, got *measure.Table, rows, firsts map[string][]int) {
	t.Helper()
	want := func(key string) string {
		all, some := l.figures(rows[key], firsts[key]), []string{}
		for _, i := range which {
			some = append(some, all[i])
		}
		return strings.Join(some, " ")
	}
	show := func(cells []any) string {
		var parts []string
		for _, c := range cells {
			parts = append(parts, fmt.Sprint(c))
		}
		return strings.Join(parts, " ")
	}
	if g, w := show(got.Totals), want(""); g != w {
		t.Fatalf("%s\n%s\ntotals %s, want %s", name, plan, g, w)
	}
	keys := len(got.Columns) - len(which)
	seen := 0
	for _, row := range got.Rows {
		key := strings.ReplaceAll(show(row[:keys]), "<nil>", "-")
		if _, ok := rows[key]; ok {
			seen++
		}
		if g, w := show(row[keys:]), want(key); g != w {
			t.Fatalf("%s\n%s\n%s: %s, want %s", name, plan, key, g, w)
		}
	}
	cells := len(rows) - 1
	if keys == 0 || cells < 0 {
		return
	}
	counted := slices.ContainsFunc(which, func(i int) bool { return i != 7 }) // new_buyers alone has fewer cells
	if counted && seen != cells {
		t.Fatalf("%s\n%s\n%d of %d cells", name, plan, seen, cells)
	}
}
