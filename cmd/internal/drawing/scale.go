package drawing

import (
	"math"
	"strconv"

	"tesela/agent/wording"
	"tesela/tools"
)

// scale maps figures onto pixels.
type scale struct{ low, high, from, to float64 }

func (s scale) at(v float64) float64 {
	if s.high == s.low {
		return s.from
	}
	return s.from + (v-s.low)/(s.high-s.low)*(s.to-s.from)
}

// reach is a range of figures widened to round ones, with ticks in between. It
// always holds 0, so that lengths compare.
func reach(low, high float64, most int) (scale, []float64) {
	return around(min(0, low), max(0, high), most)
}

// around is reach without the 0.
func around(low, high float64, most int) (scale, []float64) {
	if low == high {
		high = low + 1
	}
	step := roundStep((high - low) / float64(max(1, most)))
	s := scale{low: math.Floor(low/step) * step, high: math.Ceil(high/step) * step}
	var ticks []float64
	for i := 0; i <= 50; i++ {
		t := s.low + float64(i)*step
		if t > s.high+step/2 {
			break
		}
		if math.Abs(t) < step/1e6 {
			t = 0
		}
		ticks = append(ticks, t)
	}
	return s, ticks
}

// roundStep is the least of 1, 2, 2.5 and 5 times a power of ten that reaches
// so far.
func roundStep(least float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(least)))
	for _, m := range []float64{1, 2, 2.5, 5} {
		if m*power >= least*(1-1e-9) {
			return m * power
		}
	}
	return 10 * power
}

// tickText writes a tick in the notation of its column, without decimals that
// say nothing.
func tickText(lang *wording.Language, c tools.Column, v, step float64) string {
	decimals := 0
	if step > 0 {
		decimals = max(0, -int(math.Floor(math.Log10(step)+1e-9)))
	}
	if step > 0 && math.Abs(step*math.Pow(10, float64(decimals))-math.Round(step*math.Pow(10, float64(decimals)))) > 1e-6 {
		decimals++
	}
	switch c.Kind {
	case "money":
		return lang.Money(strconv.FormatFloat(v, 'f', decimals, 64), c.Unit)
	case "rate":
		return wording.Fill(lang.PercentForm, "n", lang.Number(math.Round(v*1e6)/1e4))
	}
	return lang.Number(math.Round(v*1e9) / 1e9)
}
