package digest

import (
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"

	"tesela/agent/wording"
	"tesela/tools"
)

// exact reads a figure as it is written: numbers, and money in decimal texts.
func exact(v any) (*big.Rat, bool) {
	var text string
	switch v := v.(type) {
	case json.Number:
		text = v.String()
	case string:
		if text = v; strings.Trim(text, "-0123456789.") != "" {
			return nil, false
		}
	case float64:
		text = strconv.FormatFloat(v, 'g', -1, 64)
	default:
		return nil, false
	}
	// What no float holds is no figure of ours, and may not fill the memory.
	if f, err := strconv.ParseFloat(text, 64); err != nil || math.IsInf(f, 0) || math.IsNaN(f) || len(text) > 400 {
		return nil, false
	}
	return new(big.Rat).SetString(text)
}

// same tells whether two cells hold the same, however a figure is written.
func same(a, b any) bool {
	x, ok := exact(a)
	y, both := exact(b)
	if ok && both {
		return x.Cmp(y) == 0
	}
	return plainText(a) == plainText(b)
}

// plainText is a cell as a text that tells it from others.
func plainText(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(b)
}

// distance is how far two figures are apart, relative to the first where they
// are of several units.
func distance(a, b any, relative bool) *big.Rat {
	x, ok := exact(a)
	y, both := exact(b)
	switch {
	case !ok && !both:
		return new(big.Rat)
	case !ok:
		return y.Abs(y)
	case !both:
		return x.Abs(x)
	}
	d := new(big.Rat).Sub(y, x)
	if d.Abs(d); relative && x.Sign() != 0 {
		d.Quo(d, x.Abs(x))
	}
	return d
}

// figures words a figure then and now and what lies between.
func figures(voice *wording.Language, column tools.Column, then, now any) Change {
	c := Change{Then: voice.Cell(column, then), Now: voice.Cell(column, now)}
	a, ok := exact(then)
	b, both := exact(now)
	if !ok || !both || column.Kind == "text" || column.Kind == "date" || column.Kind == "time" {
		return c
	}
	by := new(big.Rat).Sub(b, a)
	sign := "+"
	if by.Sign() < 0 {
		sign = "" // a minus is written with the figure
	}
	switch column.Kind {
	case "rate":
		c.By = sign + points(voice, by)
		return c
	case "money":
		c.By = sign + voice.Money(by.FloatString(max(decimals(then), decimals(now))), column.Unit)
	default:
		n, _ := by.Float64()
		if by.IsInt() && by.Num().IsInt64() {
			c.By = sign + voice.Count(by.Num().Int64())
		} else {
			c.By = sign + voice.Number(n)
		}
	}
	if a.Sign() != 0 {
		rate, _ := new(big.Rat).Quo(by, a.Abs(a)).Float64()
		c.Rate = sign + voice.Percent(rate)
	}
	return c
}

// points words a difference of rates in percentage points, to one decimal or,
// where that would be none, to more.
func points(voice *wording.Language, by *big.Rat) string {
	hundredfold := new(big.Rat).Mul(by, big.NewRat(100, 1))
	n, _ := hundredfold.Float64()
	if math.Abs(n) >= 0.05 {
		n, _ = strconv.ParseFloat(hundredfold.FloatString(1), 64)
	}
	l, err := languageFor(voice.Code)
	if err != nil {
		return voice.Number(n)
	}
	form := l.Changes.Points["other"]
	if n == 1 || n == -1 {
		form = l.Changes.Points["one"]
	}
	return wording.Fill(form, "n", voice.Number(n))
}

// decimals counts those that a figure is written with.
func decimals(v any) int {
	_, fraction, _ := strings.Cut(plainText(v), ".")
	return len(strings.Trim(fraction, `"`))
}
