package segmenttest_test

import (
	"fmt"
	"math/big"
	"slices"
	"testing"
	"time"

	"tesela/segment"
	"tesela/segment/segmenttest"
	"tesela/segment/syntax"
)

// buyer is a customer of the shop as a spreadsheet would keep it.
type buyer struct {
	days     []int // on which something was bought, counted from 1970, ascending
	invoices map[string]bool
	revenue  int64 // pence, refunds taken off
	lately   int64 // of the last year
	first    time.Time
}

// TestOnlineRetailLayers scores the customers of the "Online Retail" data set
// who bought at a price (4,338: median recency 51 days, 1,493 of one invoice)
// and compares with what sorted lists of them tell.
func TestOnlineRetailLayers(t *testing.T) {
	if testing.Short() {
		t.Skip("half a million rows")
	}
	file := sharedData(t, "online_retail.csv.gz")
	defer file.Close()
	w := readRetail(t, file)
	w.Roles = map[string]string{"purchase": "order", "amount": "order.amount", "refund": "refund"}
	w.Rows = slices.DeleteFunc(w.Rows, func(r segmenttest.Row) bool { return r.Props["amount"].(*big.Rat).Sign() == 0 })
	src, err := segmenttest.NewSource(w)
	if err != nil {
		t.Fatal(err)
	}
	at := src.Schema().Now()
	buyers, today := retailBuyers(w, at)
	cells := func(text string) []any {
		v, err := syntax.ParseValue(text)
		if err != nil {
			t.Fatal(err)
		}
		p, err := segment.CompileValue(t.Context(), v, src, at)
		if err != nil {
			t.Fatal(err)
		}
		values, err := p.Run(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		all := make([]any, values.N())
		for i := range all {
			all[i] = values.Cell(i)
		}
		return all
	}
	var recency, frequency, money []int64 // worst last, first, first
	single := 0
	for _, b := range buyers {
		if b == nil {
			continue
		}
		recency = append(recency, -int64(today-b.days[len(b.days)-1]))
		frequency = append(frequency, int64(len(b.invoices)))
		money = append(money, b.revenue)
		if len(b.invoices) == 1 {
			single++
		}
	}
	for _, list := range [][]int64{recency, frequency, money} {
		slices.Sort(list)
	}
	n := len(recency)
	// The published median of 51 days counts to 10 December, days_since to the
	// last day of the data, the 9th.
	if median := (-recency[n/2] - recency[n/2-1]) / 2; n != 4338 || single != 1493 || median != 50 {
		t.Errorf("%d buyers, %d of one invoice, median recency %d", n, single, median)
	}
	score := func(list []int64, x int64, bins int) int64 {
		worse, _ := slices.BinarySearch(list, x)
		return int64(1 + bins*worse/n)
	}
	for _, bins := range []int{3, 4, 5} {
		r, f, m := cells(fmt.Sprintf("rfm_r(bins: %d)", bins)), cells(fmt.Sprintf("rfm_f(bins: %d)", bins)), cells(fmt.Sprintf("rfm_m(bins: %d)", bins))
		for i, b := range buyers {
			if b == nil {
				if r[i] != nil || f[i] != nil || m[i] != nil {
					t.Fatalf("%s bought nothing and scores %v %v %v", w.Customers[i].ID, r[i], f[i], m[i])
				}
				continue
			}
			want := [3]any{score(recency, -int64(today-b.days[len(b.days)-1]), bins), score(frequency, int64(len(b.invoices)), bins), score(money, b.revenue, bins)}
			if got := [3]any{r[i], f[i], m[i]}; got != want {
				t.Fatalf("%d bins: %s scores %v, want %v", bins, w.Customers[i].ID, got, want)
			}
		}
	}
	lapse := retailLapse(buyers)
	got, want := map[any]int{}, retailStages(buyers, today, lapse, at)
	for _, label := range cells("lifecycle") {
		got[label]++
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("with a lapse point of %d days the stages are %v, want %v", lapse, got, want)
	}
}

// retailBuyers gathers the customers with an order; nil for the others.
func retailBuyers(w *segmenttest.World, at time.Time) (buyers []*buyer, today int) {
	day := func(t time.Time) int {
		y, m, d := t.In(w.Zone).Date()
		return int(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86400)
	}
	yearAgo := at.In(w.Zone).AddDate(-1, 0, 0)
	buyers = make([]*buyer, len(w.Customers))
	for _, sign := range []int64{1, -1} {
		for _, r := range w.Rows {
			b := buyers[r.Customer]
			pence := new(big.Rat).Mul(r.Props["amount"].(*big.Rat), big.NewRat(100, 1)).Num().Int64()
			switch {
			case (r.Event == "order") != (sign > 0):
				continue
			case b == nil && sign < 0:
				continue
			case b == nil:
				b = &buyer{invoices: map[string]bool{}, first: r.Time}
				buyers[r.Customer] = b
			}
			b.revenue += sign * pence
			if !r.Time.Before(yearAgo) {
				b.lately += sign * pence
			}
			if sign > 0 {
				b.invoices[r.ID] = true
				b.days = append(b.days, day(r.Time))
				if r.Time.Before(b.first) {
					b.first = r.Time
				}
			}
		}
	}
	for _, b := range buyers {
		if b != nil {
			slices.Sort(b.days)
			b.days = slices.Compact(b.days)
		}
	}
	return buyers, day(at.Add(-1))
}

func retailLapse(buyers []*buyer) int {
	var gaps []int
	for _, b := range buyers {
		for k := 1; b != nil && k < len(b.days); k++ {
			gaps = append(gaps, b.days[k]-b.days[k-1])
		}
	}
	slices.Sort(gaps)
	return max(14, gaps[(9*len(gaps)+9)/10-1])
}

func retailStages(buyers []*buyer, today, lapse int, at time.Time) map[any]int {
	stages := map[any]int{}
	var well []int64
	for _, b := range buyers {
		if b != nil && 10*(today-b.days[len(b.days)-1]) <= 8*lapse {
			well = append(well, b.lately)
		}
	}
	slices.Sort(well)
	star := well[len(well)-(len(well)+9)/10]
	for _, b := range buyers {
		if b == nil {
			stages["prospect"]++
			continue
		}
		since := today - b.days[len(b.days)-1]
		back := false
		for k := 1; k < len(b.days); k++ {
			back = back || b.days[k]-b.days[k-1] > lapse && today-b.days[k] < lapse
		}
		switch {
		case since > lapse:
			stages["churned"]++
		case 10*since > 8*lapse:
			stages["at risk"]++
		case !b.first.Before(at.AddDate(0, 0, -30)):
			stages["new"]++
		case back:
			stages["reactivated"]++
		case b.lately >= star:
			stages["star"]++
		default:
			stages["active"]++
		}
	}
	return stages
}
