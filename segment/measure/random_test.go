package measure_test

import (
	"cmp"
	"fmt"
	"maps"
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"tesela/segment/column"
	"tesela/segment/segmenttest"
	"tesela/segment/syntax"
)

// randomWorld is a small shop with ties in time, orders whose rows lie apart,
// unset values, and rows at both ends of summer time and at T.
func randomWorld(r *rand.Rand) *segmenttest.World {
	zones := []string{"Europe/London", "America/Sao_Paulo", "Asia/Kolkata", "UTC"}
	zone, err := time.LoadLocation(zones[r.IntN(len(zones))])
	if err != nil {
		zone = time.UTC
	}
	w := &segmenttest.World{
		Zone: zone, Currency: "GBP", Digits: 2,
		Roles:  map[string]string{"purchase": "order", "amount": "order.amount", "refund": "refund", "quantity": "order.quantity"},
		Traits: []segmenttest.Field{{Name: "age", Kind: column.Number}, {Name: "country", Kind: column.Text}, {Name: "likes", Kind: column.Tags}, {Name: "seen", Kind: column.Time}},
	}
	order := segmenttest.Kind{Name: "order", Tied: true, Props: []segmenttest.Field{
		{Name: "amount", Kind: column.Money}, {Name: "category", Kind: column.Text}, {Name: "gift", Kind: column.Bool}, {Name: "quantity", Kind: column.Number},
	}}
	refund := segmenttest.Kind{Name: "refund", Props: []segmenttest.Field{{Name: "amount", Kind: column.Money}}}
	if r.IntN(2) == 0 {
		refund.Props = append(refund.Props, segmenttest.Field{Name: "category", Kind: column.Text})
	}
	w.Events = []segmenttest.Kind{order, refund, {Name: "visit", Props: []segmenttest.Field{{Name: "page", Kind: column.Text}}}}
	maybe := func(m map[string]any, key string, v any) {
		if r.IntN(5) > 0 {
			m[key] = v
		}
	}
	pick := func(s ...string) string { return s[r.IntN(len(s))] }
	for i := range 1 + r.IntN(8) {
		c := segmenttest.Customer{ID: fmt.Sprint("c", i), Traits: map[string]any{}}
		maybe(c.Traits, "country", pick("DE", "UK", "FR"))
		maybe(c.Traits, "age", float64(20+r.IntN(4)))
		var likes []string
		for _, tag := range []string{"cake", "tea"} {
			if r.IntN(2) == 0 {
				likes = append(likes, tag)
			}
		}
		if likes != nil {
			c.Traits["likes"] = likes
		}
		maybe(c.Traits, "seen", time.Date(2011, 1, 1, r.IntN(330*24), 0, 0, 0, time.UTC))
		w.Customers = append(w.Customers, c)
	}
	// Amounts and times of all widths.
	most := []int64{200, 5000, 5000, 60_000, 3_000_000_000, 40_000_000_000_000}[r.IntN(6)]
	grain := []time.Duration{time.Hour, time.Hour, time.Second, time.Microsecond}[r.IntN(4)]
	start := time.Date(2011, 1, 1, 0, 0, 0, 0, time.UTC)
	for range r.IntN(40) {
		at := start.Add(time.Duration(r.IntN(330*24)) * time.Hour)
		if r.IntN(3) == 0 {
			at = start.AddDate(0, 0, 30*r.IntN(11)).Add(time.Duration(r.IntN(2)) * 30 * time.Minute)
		}
		at = at.Add(time.Duration(r.Int64N(int64(time.Hour))).Truncate(grain))
		row := segmenttest.Row{Customer: r.IntN(len(w.Customers)), Time: at, Props: map[string]any{}}
		switch row.Event = pick("order", "order", "order", "refund", "visit"); row.Event {
		case "order":
			if r.IntN(4) > 0 {
				row.ID = fmt.Sprint("o", r.IntN(12))
			}
			maybe(row.Props, "amount", big.NewRat(r.Int64N(most), 100))
			maybe(row.Props, "category", pick("Bags", "Shoes", "Hats"))
			maybe(row.Props, "gift", r.IntN(2) == 0)
			maybe(row.Props, "quantity", float64(r.IntN(9))/4)
		case "refund":
			maybe(row.Props, "amount", big.NewRat(r.Int64N(most), 100))
			if len(refund.Props) > 1 {
				maybe(row.Props, "category", pick("Bags", "Shoes", "Socks"))
			}
		default:
			maybe(row.Props, "page", pick("home", "help"))
		}
		w.Rows = append(w.Rows, row)
	}
	return w
}

func randomAsk(r *rand.Rand, w *segmenttest.World) ask {
	pick := func(s ...string) string { return s[r.IntN(len(s))] }
	// A filter's value is one that all events with the property have.
	known := map[string]map[string]bool{}
	for _, row := range w.Rows {
		if c, ok := row.Props["category"].(string); ok {
			if known[c] == nil {
				known[c] = map[string]bool{}
			}
			known[c][row.Event] = true
		}
	}
	category := ""
	for _, c := range slices.Sorted(maps.Keys(known)) {
		if refund, _ := w.Event("refund"); known[c]["order"] && (known[c]["refund"] || len(refund.Props) == 1) {
			category = c
		}
	}
	measures := []string{
		"customers", "buyers", "orders", "revenue", "gross_revenue", "refunds", "aov", "orders_per_buyer", "revenue_per_buyer",
		"repeat_rate", "new_buyers", "items", "days_between", "events(visit)", "doers(visit)", "events(order)", "dated(seen)",
		"count(order where gift = true) / count(order)", "sum(order.amount, last 90d)", "avg(order.amount)", "min(order.amount)",
		"max(order.quantity)", "avg(order.quantity)", "distinct(order.category)", "distinct(order.quantity)", "active_days(order)",
		"active_weeks(order)", "active_months(visit)", "days_since(order)", "revenue / customers + 2", "2 * orders - buyers",
		"customers(count(order) >= 2) / customers(count(order) >= 1)", "customers(count(order, last 120d) = 0)",
		"per_customer(sum(order.amount), median)", "per_customer(count(order), mean)", "per_customer(age, p75)",
		"per_customer(sum(order.amount, last 200d), p10)", "per_customer(count(visit), max)", "per_customer(age, sum)",
		"sum(order.amount) / sum(order.quantity)", "refunds / gross_revenue", "sum(order.quantity where gift = true)",
	}
	a := ask{measures: pick(measures...) + "; " + pick(measures...)}
	a.base = pick("", "", "age >= 21", "count(order) >= 1", "nobody", "not age > 21")
	if r.IntN(3) == 0 {
		a.where = pick("gift = true", "quantity >= 1", "not gift = false", "amount > 20")
		if category != "" {
			a.where = pick(a.where, fmt.Sprintf("category = %q", category), fmt.Sprintf("category != %q and amount is set", category), "category is not set")
		}
	}
	a.window = pick("", "last 200d", "2011-03", "from 2011-02-10 to 2011-11-02", "last 3mo", "before 2011-06-15")
	switch r.IntN(4) {
	case 0:
		a.groupBy = pick("country", "likes", "order.category", "order.gift", "order.category; country", "likes; order.category", "country; likes")
	case 1:
		a.groupBy = pick("country", "order.category", "likes")
		fallthrough
	case 2:
		a.per = pick("day", "week", "month", "quarter", "year", "weekday", "hour")
		a.window = pick("last 200d", "2011-03", "from 2011-02-10 to 2011-11-02", "last 3mo")
		if folded := a.per == "weekday" || a.per == "hour"; folded && !strings.Contains(a.groupBy, ".") {
			for strings.Contains(a.measures, "customers(") || strings.Contains(a.measures, "per_customer(") || strings.Contains(a.measures, "dated(") {
				a.measures = pick(measures...)
			}
		}
	}
	if r.IntN(3) == 0 {
		a.top = 1 + r.IntN(3)
	}
	a.ascending = r.IntN(4) == 0
	if r.IntN(2) == 0 {
		a.chunk = 1 + r.IntN(4)
	}
	return a
}

// periodOf names the period of a local time.
func periodOf(per string, l time.Time) string {
	switch per {
	case "day":
		return l.Format(time.DateOnly)
	case "week":
		y, w := l.ISOWeek()
		return fmt.Sprintf("%d-W%02d", y, w)
	case "month":
		return l.Format("2006-01")
	case "quarter":
		return fmt.Sprintf("%d-Q%d", l.Year(), (int(l.Month())+2)/3)
	case "year":
		return l.Format("2006")
	case "weekday":
		return fmt.Sprint((int(l.Weekday())+6)%7 + 1)
	}
	return fmt.Sprint(l.Hour())
}

// periods lists the periods of the window, by going through it hour by hour.
func (n *naive) periods() (keys []string, spans map[string][2]int64) {
	spans = map[string][2]int64{}
	for t := n.span.From; t < n.span.To; t += 1800e6 {
		k := periodOf(n.ask.per, time.UnixMicro(t).In(n.w.Zone))
		s, ok := spans[k]
		if !ok {
			s[0] = t
			keys = append(keys, k)
		}
		s[1] = min(t+1800e6, n.span.To)
		spans[k] = s
	}
	switch n.ask.per {
	case "weekday":
		keys = strings.Split("1 2 3 4 5 6 7", " ")
	case "hour":
		keys = nil
		for h := range 24 {
			keys = append(keys, fmt.Sprint(h))
		}
	}
	return keys, spans
}

// values are what a grouping is for a customer's row.
func (n *naive) values(dim string, r *segmenttest.Row, customer int) []any {
	if event, prop, ok := strings.Cut(dim, "."); ok {
		if r == nil || r.Event != event && !n.hasProp(r.Event, prop) {
			return []any{nil}
		}
		return []any{r.Props[prop]}
	}
	switch v := n.w.Customers[customer].Traits[dim].(type) {
	case []string:
		var all []any
		for _, tag := range v {
			all = append(all, tag)
		}
		return all
	default:
		return []any{v}
	}
}

func rowsOf(a ask) string {
	for _, d := range split(a.groupBy) {
		if event, _, ok := strings.Cut(d, "."); ok {
			return event
		}
	}
	return ""
}

// cell narrows to a group (nil: all) and a period ("": all).
func (n *naive) cell(group []any, period string, spans map[string][2]int64) naiveCell {
	dims := split(n.ask.groupBy)
	in := func(r *segmenttest.Row, customer int, traitsOnly bool) bool {
		if group == nil {
			return true
		}
		for i, d := range dims {
			if traitsOnly && strings.Contains(d, ".") {
				continue
			}
			vs := n.values(d, r, customer)
			if len(vs) == 0 {
				vs = []any{nil}
			}
			if !slices.Contains(vs, group[i]) {
				return false
			}
		}
		return true
	}
	c := naiveCell{span: n.span, asked: n.ask.window != ""}
	if s, ok := spans[period]; ok && n.ask.per != "weekday" && n.ask.per != "hour" {
		c.span.From, c.span.To = s[0], s[1]
		c.asked = true
	}
	c.row = func(r segmenttest.Row) bool {
		return in(&r, r.Customer, false) && (period == "" || periodOf(n.ask.per, r.Time.In(n.w.Zone)) == period)
	}
	c.people = func(i int) bool { return in(nil, i, true) }
	if event := rowsOf(n.ask); event != "" && (group != nil || period != "") {
		c.people = func(i int) bool {
			for _, r := range n.rows(event, nil, nil, c) {
				if r.Customer == i {
					return true
				}
			}
			return false
		}
	}
	return c
}

// touched tells whether a measure has anything to count in a cell.
func (n *naive) touched(v syntax.Value, c naiveCell) bool {
	people := func() bool { return slices.ContainsFunc(n.base, c.people) }
	switch v := v.(type) {
	case *syntax.Arith:
		return n.touched(v.Left, c) || n.touched(v.Right, c)
	case *syntax.Call:
		return len(n.rows(v.Event, v.Where, v.Window, c)) > 0
	case *syntax.CustomersOf, *syntax.PerCustomer:
		return people()
	case *syntax.Name:
		rows := func(event string) bool { return len(n.rows(event, nil, nil, c)) > 0 }
		switch v.Name {
		case "customers", "dated":
			return people()
		case "new_buyers":
			return n.firsts(c) > 0
		case "refunds":
			return rows("refund")
		case "revenue", "revenue_per_buyer":
			return rows("order") || (n.whereF == nil || n.whereApplies("refund")) && rows("refund")
		case "events", "doers":
			return rows(v.Params[0].Event)
		}
		return rows("order")
	}
	return false
}

func (n *naive) groups(measures []syntax.Value) [][]any {
	var all [][]any
	universe := [][]any{{}}
	for _, d := range split(n.ask.groupBy) {
		values := []any{nil}
		switch d {
		case "country":
			values = append(values, "DE", "UK", "FR")
		case "likes":
			values = append(values, "cake", "tea")
		case "order.category":
			values = append(values, "Bags", "Shoes", "Hats", "Socks")
		case "order.gift":
			values = append(values, true, false)
		}
		var next [][]any
		for _, g := range universe {
			for _, v := range values {
				next = append(next, append(slices.Clone(g), v))
			}
		}
		universe = next
	}
	for _, g := range universe {
		c := n.cell(g, "", nil)
		if slices.ContainsFunc(measures, func(v syntax.Value) bool { return n.touched(v, c) }) {
			all = append(all, g)
		}
	}
	return all
}

type naiveRow struct {
	keys    []any
	figures []naiveFigure
}

func (n *naive) table(t *testing.T) (rows, totals string) {
	var measures []syntax.Value
	for _, m := range split(n.ask.measures) {
		v, err := syntax.ParseMeasure(m)
		if err != nil {
			t.Fatal(err)
		}
		measures = append(measures, v)
	}
	figures := func(c naiveCell) []naiveFigure {
		var all []naiveFigure
		for _, v := range measures {
			all = append(all, n.figure(v, c))
		}
		return all
	}
	show := func(r naiveRow) string {
		cells := slices.Clone(r.keys)
		for _, f := range r.figures {
			cells = append(cells, f.show())
		}
		var parts []string
		for _, c := range cells {
			parts = append(parts, fmt.Sprint(c))
		}
		return strings.Join(parts, " ")
	}
	totals = show(naiveRow{nil, figures(n.cell(nil, "", nil))})
	var keys []string
	var spans map[string][2]int64
	if n.ask.per != "" {
		keys, spans = n.periods()
	}
	var all []naiveRow
	switch {
	case n.ask.groupBy != "":
		for _, g := range n.groups(measures) {
			all = append(all, naiveRow{g, figures(n.cell(g, "", nil))})
		}
		all = n.rank(all)
		if n.ask.per == "" {
			break
		}
		groups := all
		all = nil
		for _, k := range keys {
			for _, g := range groups {
				all = append(all, naiveRow{append([]any{k}, g.keys...), figures(n.cell(g.keys, k, spans))})
			}
		}
	case n.ask.per != "":
		for _, k := range keys {
			all = append(all, naiveRow{[]any{k}, figures(n.cell(nil, k, spans))})
		}
		if n.ask.top > 0 {
			all = n.rank(all)
		}
	}
	for _, r := range all {
		rows += show(r) + "\n"
	}
	return rows, totals
}

func (n *naive) rank(all []naiveRow) []naiveRow {
	numbered := n.ask.groupBy == ""
	slices.SortStableFunc(all, func(a, b naiveRow) int {
		x, y := a.figures[0].r, b.figures[0].r
		switch {
		case x == nil && y != nil:
			return 1
		case x != nil && y == nil:
			return -1
		case x != nil && x.Cmp(y) != 0:
			if n.ask.ascending {
				return x.Cmp(y)
			}
			return y.Cmp(x)
		case numbered:
			return 0 // in their order
		}
		for i := range a.keys {
			switch {
			case a.keys[i] == b.keys[i]:
				continue
			case a.keys[i] == nil:
				return 1
			case b.keys[i] == nil:
				return -1
			}
			return cmp.Compare(fmt.Sprint(a.keys[i]), fmt.Sprint(b.keys[i]))
		}
		return 0
	})
	if n.ask.top > 0 && len(all) > n.ask.top {
		all = all[:n.ask.top]
	}
	return all
}

// TestAgainstPlainLoops holds the engine to a second computation on random
// queries over random worlds.
func TestAgainstPlainLoops(t *testing.T) {
	worlds := 250
	if testing.Short() {
		worlds = 60
	}
	compared, withRows := 0, 0
	for seed := range worlds {
		r := rand.New(rand.NewPCG(uint64(seed), 7))
		w := randomWorld(r)
		src, err := segmenttest.NewSource(w)
		if err != nil {
			t.Fatal(err)
		}
		at := time.Date(2011, 11, 12, 0, 0, 0, 0, w.Zone)
		for range 10 {
			a := randomAsk(r, w)
			wantRows, wantTotals := newNaive(t, w, at, a).table(t)
			got, err := tryTake(t, src, at, a)
			if err != nil {
				if strings.Contains(err.Error(), "has a property") || strings.Contains(err.Error(), "has all the properties") || strings.Contains(err.Error(), "have none") {
					continue // the filter is about an event that is not measured
				}
				if strings.Contains(err.Error(), "nearest") || strings.Contains(err.Error(), "no value") {
					continue // no row of this world has the value
				}
				t.Fatalf("seed %d %+v: %v", seed, a, err)
			}
			if gotRows, gotTotals := rowsText(got.Rows), cells(got.Totals); gotRows != wantRows || gotTotals != wantTotals {
				t.Fatalf("seed %d %+v:\n%stotals %s\nwant\n%stotals %s", seed, a, gotRows, gotTotals, wantRows, wantTotals)
			}
			compared++
			if strings.Count(wantRows, "\n") > 1 {
				withRows++
			}
		}
	}
	if compared < worlds*8 || withRows < worlds*3 {
		t.Errorf("only %d queries of %d compared, %d of them with rows", compared, worlds*10, withRows)
	}
	t.Logf("%d queries compared, %d of them with rows", compared, withRows)
}
