package measure_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"tesela/segment"
	"tesela/segment/measure"
	"tesela/segment/segmenttest"
	"tesela/segment/syntax"
)

// shop is a small business whose figures are worked out by hand in the tests.
// Cy's order falls on 1 April of British summer time.
const shop = `load
zone Europe/London
currency GBP 2
role purchase order
role amount order.amount
role refund refund
customers country:text age:number likes:tags
  ana UK 30 tea|cake
  bob UK 40 tea
  cy  DE 50 -
  dot -  -  cake
  eve DE 20 -
event order id amount:money category:text quantity:number gift:bool
  ana 2011-01-10T10:00     o1  10.00 Shoes 1 true
  ana 2011-01-10T10:00     o1   5.00 Bags  2 true
  ana 2011-03-20T10:00     o2  20.00 Shoes 1 false
  bob 2011-03-26T23:30     o3   7.01 Bags  3 true
  cy  2011-03-31T23:30:00Z o4 100.00 Shoes 1 false
  dot 2011-04-05T12:00     o5   1.00 -     1 -
event refund amount:money
  ana 2011-03-21T09:00  4.00
  cy  2011-04-10T09:00 50.00
event visit page:text
  ana 2011-01-09T09:00 home
  eve 2011-02-01T09:00 home
  eve 2011-02-01T09:10 shoes
at 2011-05-01
eval everyone -> none
`

func source(t *testing.T, text string) (*segmenttest.Source, time.Time) {
	t.Helper()
	cases, err := segmenttest.ParseFile("world", text)
	if err != nil {
		t.Fatal(err)
	}
	src, err := segmenttest.NewSource(cases[0].World)
	if err != nil {
		t.Fatal(err)
	}
	return src, cases[0].At
}

// ask is a query in text.
type ask struct {
	measures, base, where, window, groupBy, per string
	top                                         int
	ascending, shares                           bool
	chunk                                       int // rows in a part; 0 as usual
}

func (a ask) query(t *testing.T) measure.Query {
	t.Helper()
	q := measure.Query{Measures: split(a.measures), GroupBy: split(a.groupBy), Per: a.per, Top: a.top, Ascending: a.ascending, Shares: a.shares}
	var err error
	check := func() {
		if err != nil {
			t.Fatal(err)
		}
	}
	if a.base != "" {
		q.Base, err = syntax.Parse(a.base)
		check()
	}
	if a.where != "" {
		q.Where, err = syntax.ParseFilter(a.where)
		check()
	}
	if a.window != "" {
		q.Window, err = syntax.ParseWindow(a.window)
		check()
	}
	return q
}

func split(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, "; ")
}

func tryTake(t *testing.T, src segment.Source, at time.Time, a ask) (*measure.Table, error) {
	t.Helper()
	p, err := measure.Compile(context.Background(), a.query(t), src, at)
	if err != nil {
		return nil, err
	}
	if a.chunk > 0 {
		p.InChunksOf(a.chunk)
	}
	return p.Run(context.Background())
}

func take(t *testing.T, src segment.Source, at time.Time, a ask) *measure.Table {
	t.Helper()
	p, err := measure.Compile(context.Background(), a.query(t), src, at)
	if err != nil {
		t.Fatalf("%+v: %v", a, err)
	}
	table, err := p.Run(context.Background())
	if err != nil {
		t.Fatalf("%+v: %v", a, err)
	}
	return table
}

// rowsText prints rows one a line, cells between blanks.
func rowsText(rows [][]any) string {
	var b strings.Builder
	for _, r := range rows {
		b.WriteString(cells(r) + "\n")
	}
	return b.String()
}

func cells(r []any) string {
	var parts []string
	for _, c := range r {
		parts = append(parts, fmt.Sprint(c))
	}
	return strings.Join(parts, " ")
}

func codes(t *measure.Table) string {
	var all []string
	for _, n := range t.Notes {
		all = append(all, n.Code)
	}
	return strings.Join(all, " ")
}

func lines(text string) string {
	var b strings.Builder
	for _, l := range strings.Split(text, "\n") {
		if l = strings.TrimSpace(l); l != "" {
			b.WriteString(l + "\n")
		}
	}
	return b.String()
}
