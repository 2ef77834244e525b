package demo

import (
	"math"
	"testing"
	"time"
)

// habits are what a customer's orders look like: shares of orders, shares of
// lines and means, each scaled by its spread over all customers compared.
const habits = 8

// TestPersonasAreSeparable asks that the personas can be found again without
// being told: k-means (Lloyd's steps until nothing moves, started at the
// personas' own means) over eight plain figures of buyers with three orders or
// more ends in clusters that agree with the personas, adjusted Rand index
// (Hubert, Arabie 1985) at least 0.85.
func TestPersonasAreSeparable(t *testing.T) {
	o := Options{Customers: 12_000}
	m, truth, madrid := fill(t, o), plant(t, o), madrid(t)
	type sums struct {
		orders, lines, cents float64
		of                   [6]float64 // weekend, morning, night, November and December, presents; marked down
	}
	all, seen := make([]sums, len(truth)), map[uint32]bool{}
	for _, rows := range m.rows["order"] {
		for i, who := range rows.Customers {
			s := &all[who]
			s.lines++
			s.cents += float64(rows.Props["amount"].Ints[i])
			if rows.Props["discount"].IsSet(i) {
				s.of[5]++
			}
			if seen[rows.IDs[i]] {
				continue
			}
			seen[rows.IDs[i]] = true
			s.orders++
			when := time.UnixMicro(rows.Times[i]).In(madrid)
			for k, is := range []bool{
				when.Weekday() == time.Saturday || when.Weekday() == time.Sunday,
				when.Hour() >= 6 && when.Hour() < 14, when.Hour() >= 19 || when.Hour() < 3,
				when.Month() >= time.November, rows.Props["gift"].Ints[i] == 1,
			} {
				if is {
					s.of[k]++
				}
			}
		}
	}
	var points [][habits]float64
	var persona []int
	index := map[string]int{}
	for i, p := range personas {
		index[p.name] = i
	}
	for i, s := range all {
		if s.orders < 3 {
			continue
		}
		points = append(points, [habits]float64{
			s.of[0] / s.orders, s.of[1] / s.orders, s.of[2] / s.orders, s.of[3] / s.orders, s.of[4] / s.orders,
			s.of[5] / s.lines, math.Log(s.cents / s.lines), s.lines / s.orders / 2,
		})
		persona = append(persona, index[truth[i].Persona])
	}
	standardise(points)
	found := lloyd(points, persona)
	got := randIndex(persona, found)
	t.Logf("%d buyers with three orders or more: adjusted Rand index %.3f", len(points), got)
	if got < 0.85 {
		t.Errorf("adjusted Rand index %.3f", got)
	}
}

func standardise(points [][habits]float64) {
	for d := range habits {
		mean, spread := 0.0, 0.0
		for _, p := range points {
			mean += p[d] / float64(len(points))
		}
		for _, p := range points {
			spread += (p[d] - mean) * (p[d] - mean) / float64(len(points))
		}
		for i := range points {
			points[i][d] = (points[i][d] - mean) / math.Sqrt(spread)
		}
	}
}

// lloyd moves points to the nearest mean and means to their points, from the
// given groups on; groups that hold under one in fifty at the start are left out.
func lloyd(points [][habits]float64, start []int) []int {
	label := append([]int(nil), start...)
	small := map[int]bool{}
	count := make([]int, len(personas))
	for _, l := range label {
		count[l]++
	}
	for g, n := range count {
		small[g] = n*50 < len(points)
	}
	for moved := true; moved; {
		var mean [len(personas)][habits]float64
		var n [len(personas)]float64
		for i, p := range points {
			n[label[i]]++
			for d := range p {
				mean[label[i]][d] += p[d]
			}
		}
		moved = false
		for i, p := range points {
			best, least := label[i], math.Inf(1)
			for g := range mean {
				if n[g] == 0 || small[g] {
					continue
				}
				far := 0.0
				for d := range p {
					x := p[d] - mean[g][d]/n[g]
					far += x * x
				}
				if far < least {
					best, least = g, far
				}
			}
			if best != label[i] {
				label[i], moved = best, true
			}
		}
	}
	return label
}

func randIndex(a, b []int) float64 {
	type pair struct{ a, b int }
	both, left, right := map[pair]float64{}, map[int]float64{}, map[int]float64{}
	for i := range a {
		both[pair{a[i], b[i]}]++
		left[a[i]]++
		right[b[i]]++
	}
	pairs := func(n float64) float64 { return n * (n - 1) / 2 }
	var same, inA, inB float64
	for _, n := range both {
		same += pairs(n)
	}
	for _, n := range left {
		inA += pairs(n)
	}
	for _, n := range right {
		inB += pairs(n)
	}
	chance := inA * inB / pairs(float64(len(a)))
	return (same - chance) / ((inA+inB)/2 - chance)
}
