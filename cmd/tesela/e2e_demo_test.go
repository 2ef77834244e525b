package main

import (
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tesela/agent"
	"tesela/agent/model"
	"tesela/tools"
)

// TestDemo drives the program through the demo as a newcomer without a
// terminal does, and holds its answers to figures found another way.
func TestDemo(t *testing.T) {
	t.Parallel()
	s := newShell(t)
	db := filepath.Join(s.dir, ".local", "share", "tesela", "demo.db")
	first := s.run("demo").exits(exitOK)
	if strings.Count(first.errs, "\n") != 1 || !strings.Contains(first.errs, "making the demo shop in "+db) {
		first.fail("not one line about the demo being made")
	}
	if strings.Count("\n"+first.out, "\n> ") != 3 {
		first.fail("not three questions")
	}
	made, err := os.Stat(db)
	if err != nil {
		t.Fatal(err)
	}
	s.run("ask", "how many customers are there?").refuses(exitError1, "tesela import", "--db \""+db+"\" is the demo")
	again := s.run("demo").exits(exitOK)
	if again.errs != "" || again.out != first.out {
		again.fail("the second run is not the first without the making; the first was\n" + first.out)
	}
	if now, err := os.Stat(db); err != nil || !os.SameFile(made, now) {
		t.Errorf("the demo was made again: %v", err)
	}
	var in [3][]agent.Answer
	for i, lang := range []string{"en", "es", "pt"} {
		r := s.run("demo", "--db", db, "--json", "--lang", lang).exits(exitOK).into(&in[i])
		if len(in[i]) != 3 {
			t.Fatalf("%d answers", len(in[i]))
		}
		for k, a := range in[i] {
			r.sound(a)
			if a.Status != model.Answered || a.Language != lang || a.Data != in[0][k].Data {
				t.Errorf("%s: %+v", a.Question, a)
			}
			// Other words, the same calls and figures.
			if got, want := figuresOf(a), figuresOf(in[0][k]); got != want {
				t.Errorf("%s: %s, in English %s", a.Question, got, want)
			}
		}
	}
	d := demoShop{s, db}
	d.checkKeenAndSilent(in[0][0].Calls[0].Result)
	d.checkRevenue(in[0][1].Calls[0].Result)
	d.checkOrders(in[0][2].Calls[0].Result)
}

func figuresOf(a agent.Answer) string {
	if len(a.Calls) != 1 || a.Calls[0].Result == nil {
		return fmt.Sprintf("%d calls", len(a.Calls))
	}
	return fmt.Sprint(a.Calls[0].Result.Values, a.Calls[0].Result.Rows)
}

// demoShop finds figures of the demo another way than the answers' calls did.
type demoShop struct {
	*shell
	db string
}

func (d demoShop) call(tool, args string) tools.Result {
	d.t.Helper()
	var r tools.Result
	d.run("run", "--db", d.db, tool, args).exits(exitOK).into(&r)
	return r
}

// checkKeenAndSilent counts those with three orders and no e-mail opened as
// the list of those who are not among the others.
func (d demoShop) checkKeenAndSilent(got *tools.Result) {
	d.t.Helper()
	list := d.run("segment", "members", "--db", d.db,
		"not (count(order, last 90d) < 3 or count(open, since 2025-10-03) > 0)").exits(exitOK).out
	lines := strings.Split(strings.TrimSpace(list), "\n")
	if n := len(lines) - 1; fmt.Sprint(got.Values["size"]) != fmt.Sprint(n) || n < 1 || lines[0] != "id" {
		d.t.Errorf("size %v, listed %d", got.Values["size"], n)
	}
}

// checkRevenue adds up what each customer spent and had back.
func (d demoShop) checkRevenue(got *tools.Result) {
	d.t.Helper()
	sum := func(country, event string) *big.Rat {
		total := new(big.Rat)
		args := fmt.Sprintf(`{"formula": "country = \"%s\" and count(%s, 2024) >= 1", "by": "sum(%s.amount, from 2024-01-01 to 2025-01-01)", "limit": 10000}`,
			country, event, event)
		list := d.call("list_customers", args)
		if fmt.Sprint(list.Values["size"]) != fmt.Sprint(len(list.Rows)) || len(list.Rows) == 0 {
			d.t.Fatalf("%v customers, %d listed", list.Values["size"], len(list.Rows))
		}
		for _, row := range list.Rows {
			total.Add(total, ratio(fmt.Sprint(row[1])))
		}
		return total
	}
	whole := new(big.Rat)
	for _, row := range got.Rows {
		country := fmt.Sprint(row[0])
		net := new(big.Rat).Sub(sum(country, "order"), sum(country, "refund"))
		if net.Cmp(ratio(fmt.Sprint(row[1]))) != 0 {
			d.t.Errorf("%s: %v, added up %s", country, row[1], net.FloatString(2))
		}
		whole.Add(whole, net)
	}
	if len(got.Rows) != 3 || whole.Cmp(ratio(fmt.Sprint(got.Values["revenue"]))) != 0 {
		d.t.Errorf("%d countries, %v together, added up %s", len(got.Rows), got.Values["revenue"], whole.FloatString(2))
	}
}

// checkOrders counts the orders of each month alone, by day.
func (d demoShop) checkOrders(got *tools.Result) {
	d.t.Helper()
	for i, row := range got.Rows {
		month := fmt.Sprintf("2025-%02d", i+1)
		n := 0
		for _, day := range d.call("measure", fmt.Sprintf(`{"measures": ["count(order)"], "window": "%s", "per": "day"}`, month)).Rows {
			var orders int
			if _, err := fmt.Sscan(fmt.Sprint(day[1]), &orders); err != nil {
				d.t.Fatal(err)
			}
			n += orders
		}
		if fmt.Sprint(row[0]) != month || fmt.Sprint(row[1]) != fmt.Sprint(n) {
			d.t.Errorf("%v: %v, by day %d in %s", row[0], row[1], n, month)
		}
	}
	if len(got.Rows) != 12 {
		d.t.Errorf("%d months", len(got.Rows))
	}
}
