package bench

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestMain lets the test's binary be the process that the benchmark starts.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "once" {
		if err := Once(context.Background(), os.Args[2:]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// made makes a small world.
func made(t *testing.T, name string, csv bool) (Size, string) {
	t.Helper()
	size, _ := FindSize(name)
	dir := t.TempDir()
	if err := Make(t.Context(), size, dir, csv, func(string, ...any) {}); err != nil {
		t.Fatal(err)
	}
	return size, dir
}

func opened(t *testing.T, name string) *Engines {
	t.Helper()
	size, dir := made(t, name, false)
	e, err := Open(t.Context(), size, dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	return e
}

// The two engines hold each other to account.
func TestEnginesAgree(t *testing.T) {
	name := "small"
	if testing.Short() {
		name = "tiny"
	}
	e := opened(t, name)
	for _, f := range slices.Concat(Formulas, Checks) {
		t.Run(f.Name, func(t *testing.T) {
			n, err := e.CheckFormula(t.Context(), f)
			if err != nil {
				t.Fatal(err)
			}
			// An empty or whole segment would be no check of much.
			if n == 0 || n == e.Size.Customers {
				t.Fatalf("%d of %d customers", n, e.Size.Customers)
			}
			if counted, err := e.DuckCount(t.Context(), f); err != nil || counted != n {
				t.Fatalf("DuckDB counts %d (%v), lists %d", counted, err, n)
			}
			if plain, ok := f.plainly(); ok {
				if _, err := e.CheckFormula(t.Context(), plain); err != nil {
					t.Fatalf("plain: %v", err)
				}
			}
		})
	}
	for _, m := range Measures {
		t.Run(m.Name, func(t *testing.T) {
			if _, err := e.CheckMeasure(t.Context(), m); err != nil {
				t.Fatal(err)
			}
			if plain, ok := m.plainly(); ok {
				if _, err := e.CheckMeasure(t.Context(), plain); err != nil {
					t.Fatalf("plain: %v", err)
				}
			}
		})
	}
}

// A check that finds no fault must be able to.
func TestChecksFindFaults(t *testing.T) {
	e := opened(t, "tiny")
	wrong := Formulas[0]
	wrong.Text = strings.Replace(wrong.Text, "50", "90", 1)
	if _, err := e.CheckFormula(t.Context(), wrong); err == nil {
		t.Error("another threshold is not noticed")
	}
	figures := Measures[0]
	figures.SQL = strings.Replace(figures.SQL, "FROM orders GROUP", "FROM orders WHERE rowid != 77 GROUP", 1)
	if figures.SQL == Measures[0].SQL {
		t.Fatal("no line is left out")
	}
	if _, err := e.CheckMeasure(t.Context(), figures); err == nil {
		t.Error("a missing line is not noticed")
	}
	twice := Formula{Name: "twice", Text: Formulas[0].Text, SQL: "SELECT customer FROM orders"}
	if _, err := e.DuckMembers(t.Context(), twice); err == nil {
		t.Error("a member listed twice is not noticed")
	}
}

func TestWorld(t *testing.T) {
	size, _ := FindSize("tiny")
	rows, sum := 0, int64(0)
	for b := range size.Blocks() {
		rows += b.Rows()
		for _, e := range []struct {
			who       []uint32
			times     []int64
			remainder int64
		}{{b.VisitWho, b.VisitTime, 0}, {b.CartWho, b.CartTime, 1}, {b.OrderWho, b.OrderTime, 2}, {b.RefundWho, b.RefundTime, 3}} {
			for i, at := range e.times {
				if at >= End.UnixMicro() || at/second%4 != e.remainder || at%second != 0 {
					t.Fatalf("a row at %v among those of remainder %d", time.UnixMicro(at).UTC(), e.remainder)
				}
				if i > 0 && (e.who[i] < e.who[i-1] || e.who[i] == e.who[i-1] && at < e.times[i-1]) {
					t.Fatal("rows are out of order")
				}
			}
		}
		for i, id := range b.OrderID {
			if i > 0 && id == b.OrderID[i-1] && (b.OrderWho[i] != b.OrderWho[i-1] || b.OrderTime[i] != b.OrderTime[i-1]) {
				t.Fatal("an order of two customers or times")
			}
			sum += b.OrderAmount[i]
		}
	}
	if per := float64(rows) / float64(size.Customers); per < 9 || per > 11 {
		t.Errorf("%.1f rows per customer", per)
	}
	// What was generated is what both hold.
	e := opened(t, "tiny")
	table, err := e.Figures(t.Context(), Measure{Measures: []string{"gross_revenue"}})
	if err != nil || table.Totals[0] != cents(sum) {
		t.Errorf("Tesela's revenue is %v (%v), generated were %s", table, err, cents(sum))
	}
	duck, err := e.DuckFigures(t.Context(), Measure{SQL: "SELECT sum(amount)::BIGINT FROM orders"})
	if err != nil || duck[0][0] != sum {
		t.Errorf("DuckDB's revenue is %v (%v), generated were %d", duck, err, sum)
	}
	if got := e.Rows(); got != rows {
		t.Errorf("%d rows in the workspace, %d generated", got, rows)
	}
}

// A whole run works, and leaves nothing but the world.
func TestRun(t *testing.T) {
	size, _ := FindSize("tiny")
	dir := t.TempDir()
	var out bytes.Buffer
	r, err := Run(t.Context(), Options{Size: size, Dir: dir, Pairs: 1, Out: &out})
	if err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	if len(r.Formulas.Results) < 16 || len(r.Measures.Results) < 6 {
		t.Errorf("%d formulas and %d measures", len(r.Formulas.Results), len(r.Measures.Results))
	}
	for _, c := range []*Contest{r.Formulas, r.Measures, r.Open} {
		if c.Geomean <= 0 || c.Least <= 0 || c.Least > c.Geomean {
			t.Errorf("geometric mean %v, least %v", c.Geomean, c.Least)
		}
	}
	if len(r.Floors) != len(floorLoops) {
		t.Errorf("%d loops of %d", len(r.Floors), len(floorLoops))
	}
	if r.Append.Rewritten != 0 || r.Append.Chunks == 0 {
		t.Errorf("%d of %d chunks were rewritten", r.Append.Rewritten, r.Append.Chunks)
	}
	if r.Import.Rows == 0 || r.Import.Ratio <= 0 {
		t.Errorf("import: %+v", r.Import)
	}
	// Eight bytes of time and of money, two codes and an event id are 28.
	if b := r.Memory.OrderBytes; b < 8 || b > 40 {
		t.Errorf("%v bytes per order line", b)
	}
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !strings.HasPrefix(f.Name(), size.Name) {
			t.Errorf("%s was left behind", filepath.Join(dir, f.Name()))
		}
	}
	var text bytes.Buffer
	Growth(&text, r, r)
	if !strings.Contains(text.String(), "geometric mean 1.00 ×, most 1.00 ×") {
		t.Errorf("a report compared with itself:\n%s", text.String())
	}
}

// The pairs of a question are spread over the run, each engine is first as often
// as the other, and an error ends it.
func TestRounds(t *testing.T) {
	var order []string
	ask := func(name string, fail int) func() (spent, error) {
		n := 0
		return func() (spent, error) {
			order = append(order, name)
			if n++; n == fail {
				return spent{}, os.ErrInvalid
			}
			return spent{time.Millisecond, time.Millisecond}, nil
		}
	}
	all := []*asked{
		{Result: Result{Name: "one"}, ours: ask("1t", 0), theirs: ask("1d", 0)},
		{Result: Result{Name: "two"}, ours: ask("2t", 0), theirs: ask("2d", 0), plain: ask("2p", 0)},
	}
	c, err := rounds(4, all, func(Result) {})
	if err != nil {
		t.Fatal(err)
	}
	want := "1t 1d 2d 2t 2p 2t 1d 1t 2t 2d 1t 1d 2d 2t 2t 2p 1d 1t 2t 2d"
	if got := strings.Join(order, " "); got != want {
		t.Errorf("%s, not\n%s", got, want)
	}
	if n := len(c.Results[1].Times.Tesela); n != 4 || len(c.Results[1].PlainTimes.Tesela) != 2 || c.Results[0].PlainTimes != nil {
		t.Errorf("%d pairs, and %+v", n, c.Results)
	}
	if _, _, err := pair(3, ask("t", 2), ask("d", 0)); err == nil {
		t.Error("the error is gone")
	}
}

func TestSettle(t *testing.T) {
	ms := func(all ...int) (out []spent) {
		for _, n := range all {
			out = append(out, spent{time.Duration(n) * time.Millisecond, time.Duration(2*n) * time.Millisecond})
		}
		return out
	}
	var slow, fast Result
	slow.settle(ms(10, 20, 10), ms(20, 20, 30)) // 2, 1, 3
	fast.settle(ms(1, 1, 1), ms(8, 8, 100))     // 8, 8, 100
	if slow.Ratio != 2 || slow.Tesela != 10 || slow.DuckDB != 20 || slow.TeselaCPU != 20 || slow.CPURatio != 2 || fast.Ratio != 8 {
		t.Errorf("%+v\n%+v", slow, fast)
	}
	c := Contest{Results: []Result{fast, slow}}
	c.settle()
	if math.Abs(c.Geomean-4) > 1e-9 || c.Least != 2 {
		t.Errorf("geometric mean %v, least %v", c.Geomean, c.Least)
	}
}
