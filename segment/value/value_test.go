package value_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"tesela/segment/value"
)

func tiers(t *testing.T, revenue []int64, top, low int) string {
	t.Helper()
	c, err := value.Tiers(t.Context(), revenue, top, low)
	if err != nil {
		t.Fatal(err)
	}
	var s strings.Builder
	for i := range c.Len() {
		s.WriteByte(c.Dict.Word(c.Code(i))[0])
	}
	return s.String()
}

func TestTiersByHand(t *testing.T) {
	for _, c := range []struct {
		revenue  []int64
		top, low int
		want     string
	}{
		{nil, 20, 50, ""},
		{[]int64{7}, 20, 50, "t"},
		{[]int64{0}, 20, 50, "l"},
		{[]int64{-7}, 20, 50, "l"},
		// The best 2 of 10, the last 5.
		{[]int64{10, 9, 8, 7, 6, 5, 4, 3, 2, 1}, 20, 50, "ttmmmlllll"},
		{[]int64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, 20, 50, "lllllmmmtt"},
		// ceil(11 × 0.2) = 3, ceil(11 × 0.5) = 6.
		{[]int64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}, 20, 50, "llllllmmttt"},
		// Ties with the last of either come in.
		{[]int64{9, 8, 8, 8, 5, 3, 3, 2, 1, 1}, 20, 50, "ttttmlllll"},
		{[]int64{9, 8, 7, 6, 3, 3, 3, 2, 1, 1}, 20, 50, "ttmmllllll"},
		// All alike are all tied with the best.
		{[]int64{4, 4, 4, 4}, 20, 50, "tttt"},
		// Only one brought anything in: nobody is tied with nothing.
		{[]int64{0, 0, 0, 5, 0, 0, 0, 0, 0, -3}, 20, 50, "llltllllll"},
		{[]int64{-5, -5, -5, -5, -5, -5, 0, 0, 0, 10}, 10, 50, "lllllllllt"},
		{[]int64{5, 4, 3, 2, 1}, 40, 60, "ttlll"},
		{[]int64{5, 4, 3, 2, 1}, 99, 1, "ttttt"},
		{[]int64{5, 4, 3, 2, 1}, 1, 99, "tllll"},
	} {
		if got := tiers(t, c.revenue, c.top, c.low); got != c.want {
			t.Errorf("%v with %d and %d%%: %s, want %s", c.revenue, c.top, c.low, got, c.want)
		}
	}
}

func TestTiersAgreeWithCounting(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 9))
	for range 500 {
		n := 1 + rng.IntN(40)
		revenue := make([]int64, n)
		for i := range revenue {
			revenue[i] = rng.Int64N(30) - 5
		}
		top := 1 + rng.IntN(98)
		low := 1 + rng.IntN(100-top)
		want := ""
		for _, x := range revenue {
			better, worse := 0, 0
			for _, y := range revenue {
				if y > x {
					better++
				}
				if y < x {
					worse++
				}
			}
			switch {
			case x <= 0:
				want += "l"
			case 100*better < top*n:
				want += "t"
			case 100*worse < low*n:
				want += "l"
			default:
				want += "m"
			}
		}
		before := fmt.Sprint(revenue)
		if got := tiers(t, revenue, top, low); got != want || fmt.Sprint(revenue) != before {
			t.Fatalf("%v with %d and %d%%: %s, want %s", revenue, top, low, got, want)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := value.Tiers(ctx, []int64{1, 2, 3}, 20, 50); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// So do the tiers of many, most of whom brought in nothing.
func TestTiersOfManyAgreeWithSorting(t *testing.T) {
	rng := rand.New(rand.NewPCG(10, 11))
	revenue := make([]int64, 150_000)
	for i := range revenue {
		if rng.IntN(5) < 2 {
			revenue[i] = int64(rng.ExpFloat64()*9000) - 300
		}
	}
	sorted := slices.Sorted(slices.Values(revenue))
	for _, size := range [][2]int{{20, 50}, {1, 99}, {99, 1}, {40, 60}, {70, 5}} {
		top, low := size[0], size[1]
		got := tiers(t, revenue, top, low)
		for i, x := range revenue {
			worse, _ := slices.BinarySearch(sorted, x)
			notBetter, _ := slices.BinarySearch(sorted, x+1)
			want := byte('m')
			switch {
			case x <= 0:
				want = 'l'
			case 100*(len(sorted)-notBetter) < top*len(sorted):
				want = 't'
			case 100*worse < low*len(sorted):
				want = 'l'
			}
			if got[i] != want {
				t.Fatalf("%d and %d%%: %d is %c, want %c", top, low, x, got[i], want)
			}
		}
	}
}
