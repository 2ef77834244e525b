package trial_test

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"tesela/segment"
	"tesela/segment/segmenttest"
	"tesela/segment/syntax"
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func parse(t testing.TB, text string) syntax.Formula {
	t.Helper()
	f, err := syntax.Parse(text)
	must(t, err)
	return f
}

func near(t testing.TB, what string, got, want float64) {
	t.Helper()
	if !(math.Abs(got-want) <= 1e-9) {
		t.Errorf("%s is %v, want %v", what, got, want)
	}
}

func world(t testing.TB, text string) (segment.Source, time.Time) {
	t.Helper()
	cases, err := segmenttest.ParseFile("world", text)
	must(t, err)
	src, err := segmenttest.NewSource(cases[0].World)
	must(t, err)
	return src, cases[0].At
}

// head is the beginning of a world; the end is tail.
const head = `
zone Europe/Madrid
currency EUR 2
role purchase order
role amount order.amount
`

const tail = "at 2024-07-01\neval everyone -> none\n"

// sale is a shop with one campaign, on 1 April: customers t01 to t40 get it and
// c01 to c40 do not. In the 30 days 20 of the treated buy, the first five twice,
// and 10 of the others, all for 10 euros; in the 30 days before 8 of each did
// (the treated t13 to t20, the others c03 to c10). Purchases on the 30th
// day at nine and a minute before the assignment belong to neither. Half of each
// arm are Germans: those with odd numbers.
func sale(t testing.TB, event, prop, treated, held, more string) (segment.Source, time.Time) {
	t.Helper()
	return world(t, saleText(event, prop, treated, held, more))
}

func saleText(event, prop, treated, held, more string) string {
	var b strings.Builder
	b.WriteString(head + more + "customers country:text\n")
	each := func(visit func(id string, n int)) {
		for _, arm := range []string{"c", "t"} {
			for n := 1; n <= 40; n++ {
				visit(fmt.Sprintf("%s%02d", arm, n), n)
			}
		}
	}
	each(func(id string, n int) { fmt.Fprintf(&b, "  %s %s\n", id, []string{"France", "Germany"}[n%2]) })
	fmt.Fprintf(&b, "event %s campaign:text %s cost:money\n", event, prop)
	each(func(id string, _ int) {
		if id[0] == 't' {
			fmt.Fprintf(&b, "  %s 2024-04-01T09:00 Spring %s 0.50\n", id, treated)
		} else {
			fmt.Fprintf(&b, "  %s 2024-04-01T09:00 Spring %s -\n", id, held)
		}
	})
	b.WriteString("event order amount:money\n")
	each(func(id string, n int) {
		buys := n <= 10
		before := n >= 3 && n <= 10
		if id[0] == 't' {
			buys, before = n <= 20, n >= 13 && n <= 20
		}
		if before {
			fmt.Fprintf(&b, "  %s 2024-03-10T12:00 10.00\n", id)
		}
		if n == 30 {
			fmt.Fprintf(&b, "  %s 2024-05-01T09:00 10.00\n", id)
		}
		if buys {
			fmt.Fprintf(&b, "  %s 2024-04-01T09:00 10.00\n", id)
		}
		if id[0] == 't' && n <= 5 {
			fmt.Fprintf(&b, "  %s 2024-05-01T08:59 10.00\n", id)
		}
	})
	b.WriteString(tail)
	return b.String()
}
