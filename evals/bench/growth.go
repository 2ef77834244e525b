package bench

import (
	"fmt"
	"io"
	"math"
)

// Growth prints how time grows from a smaller world to a larger: the larger's
// time over the smaller's. It is no comparison of commits; Compare is.
func Growth(w io.Writer, before, after *Report) {
	fmt.Fprintf(w, "%-40s %18s %18s %8s %16s\n", "", label(before), label(after), "time ×", "ratio to DuckDB")
	for _, c := range []struct {
		name          string
		before, after *Contest
	}{
		{"formulas", before.Formulas, after.Formulas},
		{"measures", before.Measures, after.Measures},
		{"whole processes", before.Open, after.Open},
	} {
		if c.before == nil || c.after == nil {
			continue
		}
		fmt.Fprintln(w, c.name)
		sum, n, most, name := 0.0, 0, 0.0, ""
		for _, b := range c.after.Results {
			for _, a := range c.before.Results {
				if a.Name != b.Name || a.Tesela == 0 {
					continue
				}
				factor := b.Tesela / a.Tesela
				sum, n = sum+math.Log(factor), n+1
				if factor > most {
					most, name = factor, a.Name
				}
				fmt.Fprintf(w, "  %-38s %15.2f ms %15.2f ms %8.2f %7.1f → %6.1f\n", a.Name, a.Tesela, b.Tesela, factor, a.Ratio, b.Ratio)
			}
		}
		if n > 0 {
			fmt.Fprintf(w, "  geometric mean %.2f ×, most %.2f × (%s)\n", math.Exp(sum/float64(n)), most, name)
		}
	}
}

func label(r *Report) string { return r.Size + " " + r.Commit }
