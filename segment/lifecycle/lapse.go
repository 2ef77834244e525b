package lifecycle

// How the lapse point is found where none is set.
const (
	// Percentile of all gaps between purchases that a customer's silence is
	// held against.
	Percentile = 90
	// Least is the shortest lapse point in days, also where nobody has ever
	// bought on two days.
	Least = 14
)

// Gaps counts gaps between consecutive purchase days of a customer by their
// length in days: Gaps[d] are of d days. Gaps[0] is not counted.
type Gaps []int64

// counter counts differences of days of either sign: one of d days at zero + d,
// in two lists by turns, for a count that goes up twice in a row waits for
// itself. Counts may be taken back in either list, so only the sum of both is
// what there is.
type counter struct {
	counts [2][]uint32
	zero   int
}

// room makes room for differences of so many days.
func (c *counter) room(days int) {
	if days <= c.zero && c.counts[0] != nil {
		return
	}
	zero := max(days, 2*c.zero, 1024)
	for i, old := range c.counts {
		c.counts[i] = make([]uint32, 2*zero+1)
		copy(c.counts[i][zero-c.zero:], old)
	}
	c.zero = zero
}

// into adds the differences above 0.
func (c *counter) into(g *Gaps) {
	for d := 1; d <= c.zero && c.counts[0] != nil; d++ {
		n := int64(c.counts[0][c.zero+d] + c.counts[1][c.zero+d])
		if n == 0 {
			continue
		}
		if d >= len(*g) {
			*g = append(*g, make(Gaps, d+1-len(*g))...)
		}
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
