package lifecycle

import (
	"sort"

	"tesela/segment/column"
)

// How the lapse point is found where none is set.
const (
	// Percentile of all gaps between purchases that a customer's silence is
	// held against.
	Percentile = 90
	// Least is the shortest lapse point in days, also where nobody has ever
	// bought on two days.
	Least = 14
)

// Purchases are the rows of purchases that count: those before an instant.
type Purchases struct {
	Table  *column.Table // nil: there is none
	Before int64         // microseconds
	// Day gives the local day of an instant. It is safe for concurrent use.
	Day func(t int64) int64
	// Days, where it is not nil, gives the same of the table's packed times.
	Days *column.Steps
}

// day is the local day of a row.
func (p *Purchases) day(row int) int64 {
	if p.Days != nil {
		return int64(p.Days.Of(p.Table.Clock.X(row)))
	}
	return p.Day(p.Table.Time(row))
}

// Gaps counts gaps between consecutive purchase days of a customer by their
// length in days: Gaps[d] are of d days.
type Gaps []int64

// Count adds the gaps of the customers Table.Who[lo:hi].
func (g *Gaps) Count(p Purchases, lo, hi int) {
	t := p.Table
	for k := lo; k < hi; k++ {
		from, to := int(t.Starts[k]), int(t.Starts[k+1])
		for to > from && t.Time(to-1) >= p.Before {
			to--
		}
		prev := int64(0)
		for i := from; i < to; i++ {
			day := p.day(i)
			if i > from && day != prev {
				g.add(day - prev)
			}
			prev = day
		}
	}
}

func (g *Gaps) add(days int64) {
	for int64(len(*g)) <= days {
		*g = append(*g, make([]int64, max(64, int(days)+1-len(*g)))...)
	}
	(*g)[days]++
}

// Merge adds the gaps counted elsewhere.
func (g *Gaps) Merge(o Gaps) {
	if len(o) > len(*g) {
		*g = append(*g, make([]int64, len(o)-len(*g))...)
	}
	for d, n := range o {
		(*g)[d] += n
	}
}

// Lapse is the lapse point and how it was found.
type Lapse struct {
	Days int64
	// Given tells that it was set; the rest is then empty.
	Given bool
	// Gaps is how many there are in all, and Found their percentile, which is
	// less than Days where it is less than Least; 0 without gaps.
	Gaps, Found int64
}

// Lapse finds the lapse point: the nearest-rank percentile of the gaps (the
// least length that at least so many percent of them do not exceed), and no
// less than Least.
func (g Gaps) Lapse() Lapse {
	var l Lapse
	for _, n := range g {
		l.Gaps += n
	}
	rank, seen := (l.Gaps*Percentile+99)/100, int64(0)
	for d, n := range g {
		if seen += n; n > 0 && seen >= rank {
			l.Found = int64(d)
			break
		}
	}
	l.Days = max(l.Found, Least)
	return l
}

// Returned marks those of the customers Table.Who[lo:hi] who have, since an
// instant, a purchase on a day that came after a gap of more days than the
// lapse point.
func Returned(p Purchases, lo, hi int, since, lapse int64, out []bool) {
	t := p.Table
	for k := lo; k < hi; k++ {
		s, e := int(p.Table.Starts[k]), int(p.Table.Starts[k+1])
		if t.Time(e-1) >= p.Before {
			e = s + sort.Search(e-s, func(i int) bool { return t.Time(s+i) >= p.Before })
		}
		if e-s < 2 || t.Time(e-1) < since {
			continue
		}
		// Backwards from the newest, each row against the one before it.
		for i := e - 1; i > s; i-- {
			if t.Time(i) < since && p.day(i) != p.day(i+1) {
				break // no purchase of this day, nor of an earlier one
			}
			if p.day(i)-p.day(i-1) > lapse {
				out[p.Table.Who[k]] = true
				break
			}
		}
	}
}
