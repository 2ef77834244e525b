package measure

import (
	"context"
	"math/big"
	"slices"
	"strings"

	"tesela/segment"
	"tesela/segment/column"
)

// statistics are the statistics of per_customer beside p10 to p99.
var statistics = []string{"mean", "median", "sum", "min", "max", "p10…p99"}

func validStatistic(s string) bool {
	if slices.Contains(statistics[:5], s) {
		return true
	}
	_, ok := percentile(s)
	return ok
}

func percentile(s string) (int, bool) {
	d, ok := strings.CutPrefix(s, "p")
	if !ok || len(d) != 2 || d[0] < '1' || d[0] > '9' || d[1] < '0' || d[1] > '9' {
		return 0, false
	}
	return int(d[0]-'0')*10 + int(d[1]-'0'), true
}

// statistic is taken over the set values of the listed customers; over none it
// is unset, a sum 0. The median of an even number is the mean of the middle
// two (for times the earlier). A percentile pN is the nearest-rank one, the
// ceil(N n/100)-th smallest value (Hyndman and Fan 1996, definition 1), as
// the lapse point of the lifecycle is.
func statistic(ctx context.Context, v *segment.Values, list []uint32, stat string, digits int) (value, error) {
	if ints, den, ok := v.Whole(); ok {
		r, err := statisticOf(ctx, ints, list, stat)
		if r == nil || err != nil {
			return value{}, err
		}
		r.Quo(r, new(big.Rat).SetInt64(den))
		if v.Kind() == column.Money {
			r.Mul(r, pow10(digits))
		}
		return value{set: true, r: r}, nil
	}
	set := make([]uint32, 0, len(list))
	for _, who := range list {
		if v.IsSet(int(who)) {
			set = append(set, who)
		}
	}
	n := len(set)
	if stat == "sum" || stat == "mean" {
		sum, err := sumOf(ctx, v, set)
		if err != nil || sum == nil || stat == "mean" && n == 0 {
			return value{}, err
		}
		if stat == "mean" {
			sum.Quo(sum, new(big.Rat).SetInt64(int64(n)))
		}
		if v.Kind() == column.Money {
			sum.Mul(sum, pow10(digits))
		}
		return value{set: true, r: sum}, nil
	}
	if n == 0 {
		return value{}, nil
	}
	rank := rankOf(stat, n)
	who, err := nth(ctx, v, set, rank)
	if err != nil {
		return value{}, err
	}
	x := v.Rat(int(who))
	if x == nil {
		return value{set: true, cell: v.Cell(int(who))}, nil
	}
	if stat == "median" && n%2 == 0 {
		who, err := nth(ctx, v, set, rank+1)
		if err != nil {
			return value{}, err
		}
		if y := v.Rat(int(who)); y != nil {
			x.Add(x, y).Quo(x, big.NewRat(2, 1))
		}
	}
	if v.Kind() == column.Money {
		x.Mul(x, pow10(digits))
	}
	return value{set: true, r: x}, nil
}

// rankOf is the place, from 0, of the value that a statistic of order takes of
// n; a median's lower one.
func rankOf(stat string, n int) int {
	switch stat {
	case "min":
		return 0
	case "max":
		return n - 1
	case "median":
		return (n - 1) / 2
	}
	p, _ := percentile(stat)
	return (p*n+99)/100 - 1
}

// statisticOf is statistic over whole numbers, in their unit; nil is unset.
func statisticOf(ctx context.Context, ints []int64, list []uint32, stat string) (*big.Rat, error) {
	set := make([]int64, 0, len(list))
	for i, who := range list {
		if i&0xffff == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if x := ints[who]; x != column.Unset {
			set = append(set, x)
		}
	}
	n := len(set)
	switch {
	case stat == "sum" || stat == "mean" && n > 0:
		high, low := int64(0), int64(0)
		for _, x := range set {
			high, low = high+x>>32, low+x&0xffffffff
		}
		sum := new(big.Rat).Set(wide(high, low).rat())
		if stat == "mean" {
			sum.Quo(sum, big.NewRat(int64(n), 1))
		}
		return sum, nil
	case n == 0:
		return nil, nil
	}
	places := []int{rankOf(stat, n)}
	if stat == "median" && n%2 == 0 {
		places = append(places, places[0]+1)
	}
	found, err := column.Ranks(ctx, set, places)
	if err != nil {
		return nil, err
	}
	x := new(big.Rat).SetInt64(found[0])
	if len(found) > 1 {
		x.Add(x, new(big.Rat).SetInt64(found[1])).Quo(x, big.NewRat(2, 1))
	}
	return x, nil
}

// sumOf adds up: exactly what is held exactly, floats with compensation in the
// customers' order.
func sumOf(ctx context.Context, v *segment.Values, set []uint32) (*big.Rat, error) {
	if !v.Exact() {
		a := floatSumAcc{}
		a.grow(1)
		for i, who := range set {
			if i&0xffff == 0 && ctx.Err() != nil {
				return nil, ctx.Err()
			}
			a.put(0, v.Float(int(who)))
		}
		return new(big.Rat).SetFloat64(a.sum[0] + a.rest[0]), nil
	}
	sum := new(big.Rat)
	whole := map[string]*big.Int{} // by denominator: few, and adding them is cheap
	dens := []string{}
	for i, who := range set {
		if i&0xfff == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		x := v.Rat(int(who))
		if x.IsInt() {
			if whole[""] == nil {
				whole[""] = new(big.Int)
				dens = append(dens, "")
			}
			whole[""].Add(whole[""], x.Num())
			continue
		}
		k := x.Denom().String()
		if whole[k] == nil {
			whole[k] = new(big.Int)
			dens = append(dens, k)
		}
		whole[k].Add(whole[k], x.Num())
	}
	for _, k := range dens {
		r := new(big.Rat).SetInt(whole[k])
		if k != "" {
			d, _ := new(big.Int).SetString(k, 10)
			r.SetFrac(whole[k], d)
		}
		sum.Add(sum, r)
	}
	return sum, nil
}

// nth finds the customer with the k-th smallest value (from 0), by Hoare's
// selection with three parts, as counts have many equals. It reorders set.
func nth(ctx context.Context, v *segment.Values, set []uint32, k int) (uint32, error) {
	lo, hi := 0, len(set)
	for hi-lo > 1 {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		pivot := median3(v, set[lo], set[lo+(hi-lo)/2], set[hi-1])
		lt, gt := lo, hi
		for i := lo; i < gt; {
			switch c := v.Compare(int(set[i]), int(pivot)); {
			case c < 0:
				set[i], set[lt] = set[lt], set[i]
				lt++
				i++
			case c > 0:
				gt--
				set[i], set[gt] = set[gt], set[i]
			default:
				i++
			}
		}
		switch {
		case k < lt:
			hi = lt
		case k >= gt:
			lo = gt
		default:
			return pivot, nil
		}
	}
	return set[lo], nil
}

func median3(v *segment.Values, a, b, c uint32) uint32 {
	if v.Compare(int(a), int(b)) > 0 {
		a, b = b, a
	}
	switch {
	case v.Compare(int(b), int(c)) <= 0:
		return b
	case v.Compare(int(a), int(c)) <= 0:
		return c
	}
	return a
}
