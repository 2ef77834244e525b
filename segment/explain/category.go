package explain

import (
	"context"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// word is how many of either group have a word; code 0 stands for all that are
// too rare to be told by themselves.
type word struct {
	code uint32
	a, b int
}

// rare is how many of a word are to be expected in either group for it to be
// told by itself (Cochran 1954).
const rare = 5

// mostDrivers bounds the words told of a category.
const mostDrivers = 5

// words looks at how the words of a category are spread.
func words(ctx context.Context, c Column, g Groups) (l Look, tested bool, err error) {
	countA, nA := count(c, g.A)
	countB, nB := count(c, g.B)
	l = Look{Aspect: Words, SetA: nA, SetB: nB}
	if nA < Enough || nB < Enough {
		return l, false, ctx.Err()
	}
	var there []word
	var others word
	for code := range countA {
		w := word{uint32(code), countA[code], countB[code]}
		switch n := float64(w.a + w.b); {
		case n == 0:
		case n*float64(min(nA, nB)) < rare*float64(nA+nB):
			others.a, others.b = others.a+w.a, others.b+w.b
		default:
			there = append(there, w)
		}
	}
	if others.a+others.b > 0 {
		there = append(there, others)
	}
	if len(there) < 2 {
		return l, false, ctx.Err() // all alike, or too few of each
	}
	if len(there) == 2 {
		// Two words are one share: that of the word which more of A have.
		w := there[0]
		if o := there[1]; o.code != 0 && float64(o.a)*float64(nB) > float64(o.b)*float64(nA) {
			w = o
		}
		l = share(Share, w.a, nA, w.b, nB)
		l.Drivers = []Driver{{Code: w.code, A: l.A, B: l.B, Difference: l.Difference, H: l.Effect}}
		return l, true, ctx.Err()
	}
	table := make([][2]int, len(there))
	for i, w := range there {
		table[i] = [2]int{w.a, w.b}
	}
	x, df := ChiSquare(table)
	l.P = distuv.ChiSquared{K: float64(df)}.Survival(x)
	l.Measure, l.Effect = CramerV, balancedV(table)
	l.D = deltaToD(l.Effect, nA, nB)
	l.stats = stats{words: there, nA: nA, nB: nB}
	return l, true, ctx.Err()
}

// count is how many of a group have each word, and how many any.
func count(c Column, who []uint32) (counts []int, set int) {
	counts = make([]int, len(c.Words))
	for _, i := range who {
		if code := c.Codes[i]; code != 0 && int(code) < len(counts) {
			counts[code]++
			set++
		}
	}
	return counts, set
}

// ChiSquare is Pearson's statistic of a table of two columns, and its degrees
// of freedom. Rows of nobody do not count.
func ChiSquare(table [][2]int) (x float64, df int) {
	var a, b float64
	for _, row := range table {
		a, b = a+float64(row[0]), b+float64(row[1])
	}
	rows := 0
	for _, row := range table {
		n := float64(row[0] + row[1])
		if n == 0 {
			continue
		}
		rows++
		ea, eb := n*a/(a+b), n*b/(a+b)
		x += (float64(row[0])-ea)*(float64(row[0])-ea)/ea + (float64(row[1])-eb)*(float64(row[1])-eb)/eb
	}
	return x, rows - 1
}

// balancedV is Cramér's V of the table as though both groups had as many
// customers, less what is expected by chance alone where nothing differs.
func balancedV(table [][2]int) float64 {
	var a, b float64
	for _, row := range table {
		a, b = a+float64(row[0]), b+float64(row[1])
	}
	v, rows := 0.0, 0.0
	for _, row := range table {
		p, q := float64(row[0])/a, float64(row[1])/b
		if p+q > 0 {
			rows++
			v += (p - q) * (p - q) / (p + q) / 2
		}
	}
	return math.Sqrt(max(0, v-(rows-1)*(1/a+1/b)/4))
}

// drive finds the words that make a category differ, at a level for all of
// them together (Bonferroni).
func (l *Look) drive(level float64) {
	s := l.stats
	each := 1 - (1-level)/float64(len(s.words))
	l.Drivers = nil
	for _, w := range s.words {
		if w.code == 0 {
			continue
		}
		p, q := float64(w.a)/float64(s.nA), float64(w.b)/float64(s.nB)
		d := Driver{Code: w.code, A: p, B: q, Difference: p - q, H: CohensH(p, q)}
		d.Low, d.High = Newcombe(w.a, s.nA, w.b, s.nB, each)
		l.Drivers = append(l.Drivers, d)
	}
	slices.SortStableFunc(l.Drivers, func(a, b Driver) int {
		switch x, y := math.Abs(a.H), math.Abs(b.H); {
		case x > y:
			return -1
		case x < y:
			return 1
		}
		return 0
	})
	most := 1 // the strongest is told even where only all words together differ
	for most < min(len(l.Drivers), mostDrivers) && (l.Drivers[most].Low > 0 || l.Drivers[most].High < 0) {
		most++
	}
	l.Drivers = l.Drivers[:min(most, len(l.Drivers))]
	if len(l.Drivers) > 0 {
		d := l.Drivers[0]
		l.A, l.B, l.Difference, l.Low, l.High = d.A, d.B, d.Difference, d.Low, d.High
	}
}
