package probe

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"

	"tesela/segment/syntax"
)

// Steps are the values that a threshold is moved to, ascending: two below and
// two above where there are such. Counts, and whole numbers up to 10, move by
// 1 and 2; other numbers by 10% and 20%, whole ones to whole ones and money to
// its minor unit; lengths of time and days by a round twelfth and two of them
// (60d to 50d, 55d, 65d, 70d), in months where whole years are too coarse.
// Values at which a comparison could not but hold, or not, are left out, as is
// what follows from a threshold of no money, which has no scale.
func (t Threshold) Steps() []string {
	var texts []string
	for _, m := range t.moves() {
		if !t.trivial(m.text) {
			texts = append(texts, m.text)
		}
	}
	return texts
}

// near are the steps next to the threshold, below and above; a count may come
// down to none.
func (t Threshold) near() []string {
	var texts []string
	for _, m := range t.moves() {
		if m.steps == 1 || m.steps == -1 {
			texts = append(texts, m.text)
		}
	}
	return texts
}

// move is a value so many steps above the threshold.
type move struct {
	text  string
	steps int
}

func (t Threshold) moves() []move {
	switch t.Role {
	case Length:
		return lengths(t.length)
	case Days:
		if n, err := strconv.Atoi(t.Text); err == nil && n > 0 {
			return wholes(n, round(n), 0, "")
		}
	}
	return numbers(t)
}

// stepsAway are how many steps a threshold moves.
var stepsAway = []int{-2, -1, 1, 2}

// lengths moves a length of time.
func lengths(d syntax.Duration) []move {
	finer := map[syntax.Unit]syntax.Duration{
		syntax.Year: {N: 12, Unit: syntax.Month}, syntax.Quarter: {N: 3, Unit: syntax.Month},
		syntax.Week: {N: 7, Unit: syntax.Day}, syntax.Hour: {N: 60, Unit: syntax.Minute},
	}
	if f, ok := finer[d.Unit]; ok && d.N <= 2 {
		d = syntax.Duration{N: d.N * f.N, Unit: f.Unit}
	}
	return wholes(d.N, round(d.N), 1, string(d.Unit))
}

// round is the number of the series 1, 2, 5, 10, 20 … that is nearest to a
// twelfth of n by ratio.
func round(n int) int {
	best, miss := 1, new(big.Rat)
	for step, k := 1, 0; step <= max(1, n); k++ {
		// The worse of n/12 ÷ step and its inverse.
		ratio := big.NewRat(int64(n), int64(12*step))
		if ratio.Cmp(big.NewRat(1, 1)) < 0 {
			ratio.Inv(ratio)
		}
		if k == 0 || ratio.Cmp(miss) < 0 {
			best, miss = step, ratio
		}
		if k%3 == 1 {
			step = step / 2 * 5
		} else {
			step *= 2
		}
	}
	return best
}

// wholes are n less two steps, one, and more, none under least.
func wholes(n, step, least int, unit string) []move {
	var all []move
	for _, k := range stepsAway {
		if m := n + k*step; m >= least {
			all = append(all, move{strconv.Itoa(m) + unit, k})
		}
	}
	return all
}

// numbers moves a number.
func numbers(t Threshold) []move {
	at := value(t.Text)
	size := new(big.Rat).Abs(at)
	step, digits := new(big.Rat).Quo(size, ten), 0
	switch {
	case t.Role != Amount && (t.Role != Figure || t.op != "") && at.IsInt() && size.Cmp(ten) <= 0:
		step = big.NewRat(1, 1)
	case at.Sign() == 0:
		return nil
	case t.Role == Amount:
		digits = t.digits
	case !at.IsInt() || size.Cmp(ten) <= 0:
		// One decimal more than it has says a tenth of it exactly.
		_, frac, _ := strings.Cut(t.Text, ".")
		digits = len(frac) + 1
	}
	var all []move
	seen := map[string]bool{t.Text: true}
	for _, k := range stepsAway {
		x := new(big.Rat).Add(at, new(big.Rat).Mul(step, big.NewRat(int64(k), 1)))
		n, err := syntax.NewNumber(x.FloatString(digits))
		if err != nil || seen[n.Text] || !t.allows(n) {
			continue
		}
		seen[n.Text] = true
		all = append(all, move{n.Text, k})
	}
	return all
}

var ten = big.NewRat(10, 1)

// allows keeps a number in the bounds of what it stands for.
func (t Threshold) allows(n *syntax.Number) bool {
	switch t.Role {
	case Rank:
		return n.Rat().Sign() > 0 && (!t.percent || n.Rat().Cmp(big.NewRat(100, 1)) <= 0)
	case Count, Days:
		return n.Rat().Sign() >= 0
	}
	return true
}

// trivial tells that with this number a count or a number of days would
// compare one way for everybody.
func (t Threshold) trivial(text string) bool {
	if t.Role != Count {
		return false
	}
	return value(text).Sign() == 0 && (t.op == syntax.Ge || t.op == syntax.Lt)
}

func value(number string) *big.Rat { return (&syntax.Number{Text: number}).Rat() }

// Move gives the formula with the threshold at another value, written as it is:
// a number for a number, a length such as 55d, or 55 in the same unit, for a
// length. Canonical must be the formula's canonical text.
func (t Threshold) Move(canonical, to string) (syntax.Formula, error) {
	text := strings.TrimSpace(to)
	if t.Role == Length {
		if _, err := strconv.Atoi(text); err == nil {
			text += string(t.length.Unit)
		}
		w, err := syntax.ParseWindow("last " + text)
		if err != nil || w.Kind != syntax.WindowLast {
			return nil, fmt.Errorf("%q is no length of time; write one as %s", to, t.Text)
		}
		text = w.Duration.String()
	} else {
		n, err := syntax.NewNumber(text)
		if err != nil {
			return nil, fmt.Errorf("%q is no number; write one as %s", to, t.Text)
		}
		text = n.Text
	}
	f, err := syntax.Parse(canonical[:t.At.From] + text + canonical[t.At.To:])
	if err != nil {
		return nil, fmt.Errorf("move %s to %s: %w", t.Text, to, err)
	}
	return f, nil
}
