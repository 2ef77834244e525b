package cluster

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
)

// Column is one feature of all customers: either Numbers, NaN where unset, or
// Codes of categories, 0 where unset.
type Column struct {
	Numbers []float64
	Codes   []uint32
}

// Scale says what Prepare made of a column.
type Scale struct {
	// Kept is false of a column that tells nothing: all rows have the same, or
	// all but a few do, or none has any.
	Kept bool
	// Set is the share of the rows that have a value.
	Set float64
	// Category tells that the column holds codes; what follows is of numbers.
	Category bool

	// Log tells that figures x were put on a logarithmic scale, as
	// sign(x)·ln(1 + |x|/Unit); then drawn in to Low…High and given as
	// (x − Mean)/Spread. Without Log only the latter.
	Log          bool
	Unit         float64
	Low, High    float64
	Mean, Spread float64
	// Median is what stood in for missing values, on the same scale as Low.
	Median float64

	// Dim is the figure's place in a row, or the code's among codes. Absent is
	// the place of the figure that tells whether the value is missing, -1 when
	// there is none of its own; columns missing together share one.
	Dim, Absent int
}

// The rules of Prepare.
const (
	scaleSample = 1 << 16 // rows that quantiles are taken of
	trimmed     = 0.005   // at either end, for the spread
	reach       = 4       // spreads from the median to which outliers are drawn in
	lopsided    = 3       // the upper tail over the lower from which figures are skewed
	sameShare   = 0.995   // of rows alike from which a column tells nothing
	absentShare = 0.01    // of rows from which missing values have a figure of their own
	maxLevels   = 1 << 12 // categories told apart; the rarest beyond them are one
)

// Prepare makes columns of equal length comparable. Only the given rows, of
// numbers that index the columns, are taken, in that order; all when rows is nil.
//
// Numbers. Where at most one in 200 is negative and the 95th percentile lies
// more than three times as far from the median as the 5th does, the logarithm
// is taken, ln(1 + |x|/unit) with the sign of x, the unit being the 10th percentile of the figures
// that are not 0: so that money in cents or euros comes out the same. Outliers
// are drawn in to the median ± 4 spreads, the spread being the larger of the
// interquartile range / 1.349 and the mean distance from the median (of the
// middle 99%) × 1.2533: both are the standard deviation of normal figures. What remains is standardised
// to mean 0 and standard deviation 1, so that each column weighs alike. Infinite
// values are missing ones.
//
// Missing numbers are the median; and where 1% to 99% of the rows lack the
// value, whether it is there is a figure of its own, 0 or 2 before it is
// centered, whose variance is then at most that of any other. Columns missing
// in the same rows share it.
//
// Categories keep their codes; missing is a category. Columns of which 99.5% of
// the rows have the same are left out (Scale.Kept).
//
// Gamma is the mean variance of the figures, 1 or a little less; 1 without any:
// a differing category weighs as much as numbers that lie a spread apart.
// Huang (1998) has it between a third and one and a half of the spread.
func Prepare(ctx context.Context, columns []Column, rows []int32) (*Rows, error) {
	all, err := length(columns)
	if err != nil {
		return nil, err
	}
	n := all
	if rows != nil {
		n = len(rows)
		for _, i := range rows {
			if i < 0 || int(i) >= all {
				return nil, fmt.Errorf("prepare columns: there is no row %d of %d", i, all)
			}
		}
	}
	p := &preparing{rows: rows, r: &Rows{n: n, Scales: make([]Scale, len(columns))}}
	p.sample = draw(n, min(n, scaleSample), nil, newStream(0, forSample, 1).state)
	for j, c := range columns {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if c.Numbers != nil {
			p.scale(c.Numbers, &p.r.Scales[j])
		} else {
			p.levels(c.Codes, &p.r.Scales[j])
		}
	}
	return p.r, p.fill(ctx, columns)
}

func length(columns []Column) (n int, err error) {
	n = -1
	for j, c := range columns {
		if c.Numbers != nil && c.Codes != nil {
			return 0, fmt.Errorf("prepare columns: column %d has numbers and codes: give one of them", j)
		}
		m := max(len(c.Numbers), len(c.Codes))
		if n >= 0 && m != n {
			return 0, fmt.Errorf("prepare columns: column %d has %d rows, those before it %d", j, m, n)
		}
		n = m
	}
	if n < 0 {
		return 0, errors.New("prepare columns: there are none")
	}
	return n, nil
}

// preparing is the state of Prepare.
type preparing struct {
	r       *Rows
	rows    []int32 // of the columns; nil: all
	sample  []int32 // of r
	absents []absent
	recode  [][]uint16 // of each categorical column kept: its codes by the column's
}

// absent is a figure that tells whether a value is missing.
type absent struct {
	column  int
	pattern uint64 // hash of the rows without a value
	share   float64
}

// at is the place of row i in the columns.
func (p *preparing) at(i int) int {
	if p.rows == nil {
		return i
	}
	return int(p.rows[i])
}

// scale finds the scale of numbers.
func (p *preparing) scale(x []float64, s *Scale) {
	s.Dim, s.Absent = -1, -1
	set := make([]float64, 0, len(p.sample))
	for _, i := range p.sample {
		if v := x[p.at(int(i))]; !missing(v) {
			set = append(set, v)
		}
	}
	missed, pattern := p.missed(x)
	if n := p.r.n; n > 0 {
		s.Set = 1 - float64(missed)/float64(n)
	}
	// What is missing may tell something where the values themselves do not.
	if s.Set >= absentShare && s.Set <= 1-absentShare {
		s.Absent = p.absent(pattern, 1-s.Set)
	}
	if len(set) == 0 {
		return
	}
	slices.Sort(set)
	s.Log, s.Unit = skew(set)
	if s.Log {
		for i, v := range set {
			set[i] = s.stretch(v)
		}
	}
	s.Median = quantile(set, 0.5)
	wide := spread(set, s.Median)
	s.Low, s.High = s.Median-reach*wide, s.Median+reach*wide
	for i, v := range set {
		set[i] = min(max(v, s.Low), s.High)
	}
	if same(set) >= sameShare {
		return
	}
	s.Mean, s.Spread = moments(set)
	if s.Kept = s.Spread > 0; s.Kept {
		s.Dim = p.r.dims
		p.r.dims++
	}
}

func missing(x float64) bool { return math.IsNaN(x) || math.IsInf(x, 0) }

// missed counts the rows without a value, and hashes which they are.
func (p *preparing) missed(x []float64) (count int, pattern uint64) {
	for i := range p.r.n {
		if missing(x[p.at(i)]) {
			count++
			pattern += mix(uint64(i) + 1)
		}
	}
	return count, pattern
}

// absent is the place among absents of a pattern of missing values.
func (p *preparing) absent(pattern uint64, share float64) int {
	for i, a := range p.absents {
		if a.pattern == pattern {
			return i
		}
	}
	p.absents = append(p.absents, absent{pattern: pattern, share: share})
	return len(p.absents) - 1
}

// skew tells whether sorted figures are to go on a logarithmic scale, and its
// unit.
func skew(sorted []float64) (log bool, unit float64) {
	if quantile(sorted, trimmed) < 0 {
		return false, 0
	}
	low, mid, high := quantile(sorted, 0.05), quantile(sorted, 0.5), quantile(sorted, 0.95)
	top := sorted[len(sorted)-1]
	// Where nearly all are the same the rest alone tells of the tail.
	if high == low {
		high = top
	}
	if high-mid <= lopsided*(mid-low) {
		return false, 0
	}
	var some []float64
	for _, x := range sorted {
		if x != 0 {
			some = append(some, math.Abs(x))
		}
	}
	slices.Sort(some)
	return true, quantile(some, 0.1)
}

// stretch puts a figure on the scale, before it is drawn in.
func (s *Scale) stretch(x float64) float64 {
	if !s.Log {
		return x
	}
	return math.Copysign(math.Log1p(math.Abs(x)/s.Unit), x)
}

// Of gives a figure in prepared units.
func (s *Scale) Of(x float64) float64 {
	y := s.Median
	if !missing(x) {
		y = min(max(s.stretch(x), s.Low), s.High)
	}
	return (y - s.Mean) / s.Spread
}

// Back gives the figure that Of makes y of; outliers are where they were drawn
// in to.
func (s *Scale) Back(y float64) float64 {
	x := s.Mean + y*s.Spread
	if s.Log {
		x = math.Copysign(s.Unit*math.Expm1(math.Abs(x)), x)
	}
	return x
}

// levels finds the categories of codes.
func (p *preparing) levels(codes []uint32, s *Scale) {
	s.Category, s.Dim, s.Absent = true, -1, -1
	if p.r.n == 0 {
		return
	}
	top := uint32(0)
	for i := range p.r.n {
		top = max(top, codes[p.at(i)])
	}
	counts := make([]int, int(top)+1)
	for i := range p.r.n {
		counts[codes[p.at(i)]]++
	}
	s.Set = 1 - float64(counts[0])/float64(p.r.n)
	var some []int // codes in use, the most frequent first
	for code, n := range counts {
		if n > 0 {
			some = append(some, code)
		}
	}
	slices.SortStableFunc(some, func(a, b int) int { return counts[b] - counts[a] })
	if float64(counts[some[0]]) >= sameShare*float64(p.r.n) {
		return
	}
	to := make([]uint16, len(counts))
	for level, code := range some {
		to[code] = uint16(min(level, maxLevels-1))
	}
	s.Kept, s.Dim = true, p.r.cats
	p.r.cats++
	p.r.levels = append(p.r.levels, min(len(some), maxLevels))
	p.recode = append(p.recode, to)
}

// fill writes all rows by the scales found.
func (p *preparing) fill(ctx context.Context, columns []Column) error {
	r := p.r
	values := r.dims
	for j := range r.Scales {
		if a := r.Scales[j].Absent; a >= 0 {
			r.Scales[j].Absent = values + a
			p.absents[a].column = j
		}
	}
	r.dims += len(p.absents)
	r.x, r.code = make([]float32, r.n*r.dims), make([]uint16, r.n*r.cats)
	err := each(ctx, r.n, func(_, from, to int) {
		for j := range columns {
			s := &r.Scales[j]
			switch {
			case !s.Kept:
			case s.Category:
				for i := from; i < to; i++ {
					r.code[i*r.cats+s.Dim] = p.recode[s.Dim][columns[j].Codes[p.at(i)]]
				}
			default:
				for i := from; i < to; i++ {
					r.x[i*r.dims+s.Dim] = float32(s.Of(columns[j].Numbers[p.at(i)]))
				}
			}
		}
		for a, of := range p.absents {
			is, not := float32(2*(1-of.share)), float32(-2*of.share)
			for i := from; i < to; i++ {
				x := not
				if missing(columns[of.column].Numbers[p.at(i)]) {
					x = is
				}
				r.x[i*r.dims+values+a] = x
			}
		}
	})
	r.Gamma = r.gamma(p.sample)
	return err
}

// gamma is the mean variance of the figures, over a sample of the rows.
func (r *Rows) gamma(sample []int32) float64 {
	if r.dims == 0 || len(sample) == 0 {
		return 1
	}
	total := 0.0
	column := make([]float64, len(sample))
	for d := range r.dims {
		for at, i := range sample {
			column[at] = float64(r.x[int(i)*r.dims+d])
		}
		_, spread := moments(column)
		total += float64(spread * spread)
	}
	return total / float64(r.dims)
}
