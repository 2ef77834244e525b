package rfm_test

import (
	"cmp"
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"tesela/segment/column"
	"tesela/segment/rfm"
)

// text is the grid as its definition writes it.
const text = `Champions 555 554 544 545 454 455 445 · Loyal 543 444 435 355 354 345 344 335
Potential Loyalist 553 551 552 541 542 533 532 531 452 451 442 441 431 453 433 432 423 353 352 351 342 341 333 323
New 512 511 422 421 412 411 311 · Promising 525 524 523 522 521 515 514 513 425 424 413 414 415 315 314 313
Need Attention 535 534 443 434 343 334 325 324 · About To Sleep 331 321 312 221 213 231 241 251
At Risk 255 254 245 244 253 252 243 242 235 234 225 224 153 152 145 143 142 135 134 133 125 124
Cannot Lose 155 154 144 214 215 115 114 113 · Hibernating 332 322 233 232 223 222 132 123 122 212 211
Lost 111 112 121 131 141 151`

// readGrid gives the name of each code and the names in their order.
func readGrid(t *testing.T) (of map[int]string, names []string) {
	t.Helper()
	of = map[int]string{}
	for part := range strings.SplitSeq(strings.ReplaceAll(text, "·", "\n"), "\n") {
		fields := strings.Fields(part)
		first := slices.IndexFunc(fields, func(f string) bool { return f[0] >= '1' && f[0] <= '5' })
		name := strings.Join(fields[:first], " ")
		names = append(names, name)
		for _, f := range fields[first:] {
			code, err := strconv.Atoi(f)
			if err != nil || of[code] != "" {
				t.Fatalf("%s of %s is twice in the text, or no code", f, name)
			}
			of[code] = name
		}
	}
	if len(of) != 125 || len(names) != 11 {
		t.Fatalf("the text has %d codes of %d names", len(of), len(names))
	}
	return of, names
}

// every gives one customer each combination of scores.
func every(bins int) *rfm.Scores {
	s := &rfm.Scores{Bins: bins}
	for r := 1; r <= bins; r++ {
		for f := 1; f <= bins; f++ {
			for m := 1; m <= bins; m++ {
				s.R, s.F, s.M = append(s.R, uint8(r)), append(s.F, uint8(f)), append(s.M, uint8(m))
			}
		}
	}
	return s
}

func TestGridNamesEachCodeAsTheTextDoes(t *testing.T) {
	of, names := readGrid(t)
	if got := rfm.Labels(5); !slices.Equal(got, names) {
		t.Errorf("labels %q, want %q", got, names)
	}
	s := every(5)
	c := s.Label()
	seen := map[int]bool{}
	for i := range s.R {
		seen[s.Code(i)] = true
		if got := c.Dict.Word(c.Code(i)); got != of[s.Code(i)] {
			t.Errorf("%d is %q, want %q", s.Code(i), got, of[s.Code(i)])
		}
	}
	if len(seen) != 125 {
		t.Errorf("%d different codes", len(seen))
	}
}

// Three and four bins have no agreed names: the label is the code.
func TestFewerBinsAreLabelledByTheirCode(t *testing.T) {
	for _, bins := range []int{3, 4} {
		labels := rfm.Labels(bins)
		if len(labels) != bins*bins*bins || labels[0] != strings.Repeat(strconv.Itoa(bins), 3) || labels[len(labels)-1] != "111" {
			t.Errorf("labels of %d bins: %q", bins, labels)
		}
		s := every(bins)
		c := s.Label()
		for i := range s.R {
			if got := c.Dict.Word(c.Code(i)); got != strconv.Itoa(s.Code(i)) {
				t.Errorf("%d bins: %d is labelled %q", bins, s.Code(i), got)
			}
		}
	}
}

// slow scores by counting, as the definition reads; sign is -1 where
// less is better.
func slow[T int32 | int64](figures []T, members []int, bins, sign int) []uint8 {
	out := make([]uint8, len(figures))
	for _, i := range members {
		n := 0
		for _, j := range members {
			if sign*cmp.Compare(figures[j], figures[i]) < 0 {
				n++
			}
		}
		out[i] = uint8(1 + bins*n/len(members))
	}
	return out
}

func TestScoresAgreeWithCounting(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for round := range 300 {
		n := rng.IntN(60)
		spread := int64(1 + rng.IntN(40)) // few different figures: many ties
		f := rfm.Facts{}
		var members []int
		for i := range n {
			if rng.IntN(5) == 0 {
				f.Days, f.Count, f.Revenue = append(f.Days, rfm.None), append(f.Count, rfm.None), append(f.Revenue, column.Unset)
				continue
			}
			members = append(members, i)
			f.Days = append(f.Days, int32(rng.Int64N(spread)))
			f.Count = append(f.Count, int32(1+rng.Int64N(spread)))
			revenue := rng.Int64N(3*spread) - spread
			if round%2 == 0 {
				revenue *= 1 << 40 // too far apart to be counted one by one
			}
			f.Revenue = append(f.Revenue, revenue)
		}
		bins := 3 + round%3
		s, err := rfm.Score(t.Context(), f, bins)
		if err != nil {
			t.Fatal(err)
		}
		if s.Scored != len(members) || !slices.Equal(s.R, slow(f.Days, members, bins, -1)) ||
			!slices.Equal(s.F, slow(f.Count, members, bins, 1)) || !slices.Equal(s.M, slow(f.Revenue, members, bins, 1)) {
			t.Fatalf("round %d, %d bins of %+v: got %+v", round, bins, f, s)
		}
	}
}

// Ten customers, worked out by hand with five bins: two to a bin without ties.
func TestScoresByHand(t *testing.T) {
	f := rfm.Facts{
		// Longest ago is worst: 90 has none worse, 80 has one, …
		Days: []int32{0, 10, 20, 30, 40, 50, 60, 70, 80, 90},
		// Five with 1 (none worse: 1), three with 2 (5 worse: 1+25/10=3), two
		// with 9 (8 worse: 1+40/10=5).
		Count:   []int32{1, 1, 1, 1, 1, 2, 2, 2, 9, 9},
		Revenue: []int64{7, 7, 7, 7, 7, 7, 7, 7, 7, 7},
	}
	s, err := rfm.Score(t.Context(), f, 5)
	if err != nil {
		t.Fatal(err)
	}
	if want := []uint8{5, 5, 4, 4, 3, 3, 2, 2, 1, 1}; !slices.Equal(s.R, want) {
		t.Errorf("R %v, want %v", s.R, want)
	}
	if want := []uint8{1, 1, 1, 1, 1, 3, 3, 3, 5, 5}; !slices.Equal(s.F, want) {
		t.Errorf("F %v, want %v", s.F, want)
	}
	if want := slices.Repeat([]uint8{1}, 10); !slices.Equal(s.M, want) {
		t.Errorf("M of equal revenue %v, want %v", s.M, want)
	}
	for code, want := range map[int]int{0: 511, 5: 331, 9: 151} {
		if s.Code(code) != want {
			t.Errorf("customer %d has the code %d, want %d", code, s.Code(code), want)
		}
	}
}

func TestNobodyAndOneAndTooManyBins(t *testing.T) {
	s, err := rfm.Score(t.Context(), rfm.Facts{Days: []int32{rfm.None}, Count: []int32{rfm.None}, Revenue: []int64{column.Unset}}, 5)
	if err != nil || s.Scored != 0 || s.R[0] != 0 || s.Label().IsSet(0) || rfm.Number(s.R).IsSet(0) {
		t.Errorf("without a purchase: %+v, %v", s, err)
	}
	s, err = rfm.Score(t.Context(), rfm.Facts{Days: []int32{3}, Count: []int32{2}, Revenue: []int64{100}}, 5)
	if err != nil || s.Code(0) != 111 {
		t.Errorf("alone, nobody is worse: %+v, %v", s, err)
	}
	for _, bins := range []int{-1, 0, 2, 6} {
		if _, err := rfm.Score(t.Context(), rfm.Facts{}, bins); err == nil {
			t.Errorf("%d bins are no error", bins)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), -time.Second)
	defer cancel()
	if _, err := rfm.Score(ctx, rfm.Facts{Days: []int32{1, 2}, Count: []int32{1, 2}, Revenue: []int64{1, 2}}, 5); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("out of time: %v", err)
	}
}

// So do they where there are many customers, whose places are looked for
// otherwise, and skewed as real ones are.
func TestScoresOfManyAgreeWithSorting(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	const n = 150_000
	f := rfm.Facts{Days: make([]int32, n), Count: make([]int32, n), Revenue: make([]int64, n)}
	var days, counts, revenues []int64 // worst first
	for i := range n {
		f.Days[i], f.Count[i], f.Revenue[i] = rfm.None, rfm.None, column.Unset
		if rng.IntN(3) == 0 {
			continue
		}
		f.Days[i], f.Count[i] = int32(rng.ExpFloat64()*200), 1+int32(rng.ExpFloat64()*3)
		f.Revenue[i] = int64(rng.ExpFloat64()*5000)*int64(f.Count[i]) - 1000
		days, counts, revenues = append(days, -int64(f.Days[i])), append(counts, int64(f.Count[i])), append(revenues, f.Revenue[i])
	}
	for _, list := range [][]int64{days, counts, revenues} {
		slices.Sort(list)
	}
	for bins := rfm.MinBins; bins <= rfm.MaxBins; bins++ {
		s, err := rfm.Score(t.Context(), f, bins)
		if err != nil || s.Scored != len(days) {
			t.Fatalf("%d scored, want %d (%v)", s.Scored, len(days), err)
		}
		score := func(list []int64, x int64) uint8 {
			worse, _ := slices.BinarySearch(list, x)
			return uint8(1 + bins*worse/len(list))
		}
		for i := range n {
			want := [3]uint8{}
			if f.Days[i] != rfm.None {
				want = [3]uint8{score(days, -int64(f.Days[i])), score(counts, int64(f.Count[i])), score(revenues, f.Revenue[i])}
			}
			if got := [3]uint8{s.R[i], s.F[i], s.M[i]}; got != want {
				t.Fatalf("%d bins, customer %d: %v, want %v", bins, i, got, want)
			}
		}
	}
}
