package render

import (
	"math"
	"strings"
)

// eighths are the left parts of a cell, from one eighth to the whole.
var eighths = []string{"▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"}

// lower are the lower parts of a cell, from one eighth to the whole.
var lower = []string{"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"}

// bar draws a fraction of a length. Anything that is not nothing shows; what
// is under zero is hatched, so that it differs without colours too.
func (r *Renderer) bar(fraction float64, length int, peak bool) string {
	if fraction == 0 || math.IsNaN(fraction) {
		return ""
	}
	n := int(math.Round(min(1, math.Abs(fraction)) * float64(length) * 8))
	n = max(n, 1)
	if fraction < 0 {
		return r.styles.Minus.Render(strings.Repeat("▒", (n+7)/8))
	}
	s := strings.Repeat("█", n/8)
	if n%8 > 0 {
		s += eighths[n%8-1]
	}
	if peak {
		return r.styles.Peak.Render(s)
	}
	return r.styles.Bar.Render(s)
}

// fractions scales figures to the largest of them by size; unset ones are 0.
// It gives nil where there is nothing to compare.
func fractions(values []float64) []float64 {
	most := 0.0
	for _, v := range values {
		if !math.IsNaN(v) && !math.IsInf(v, 0) {
			most = max(most, math.Abs(v))
		}
	}
	if most == 0 || len(values) < 2 {
		return nil
	}
	out := make([]float64, len(values))
	for i, v := range values {
		if !math.IsNaN(v) && !math.IsInf(v, 0) {
			out[i] = v / most
		}
	}
	return out
}
