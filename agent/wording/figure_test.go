package wording

import (
	"encoding/json"
	"math"
	"testing"
)

// A cell is the same number fresh from a tool and back from JSON; what is none
// is no number, nor is what none could draw.
func TestFigure(t *testing.T) {
	for _, c := range []struct {
		cell any
		want float64
	}{
		{7, 7},
		{int64(-7), -7},
		{0.25, 0.25},
		{json.Number("12.5"), 12.5},
		{"878945.22", 878945.22},
		{"-3.00", -3},
		{"1e2", 100},
		{nil, math.NaN()},
		{true, math.NaN()},
		{"", math.NaN()},
		{"Spain", math.NaN()},
		{"12 €", math.NaN()},
		{"1e999", math.NaN()},
		{"Inf", math.NaN()},
		{math.Inf(-1), math.NaN()},
		{json.Number("x"), math.NaN()},
		{[]any{1}, math.NaN()},
	} {
		if got := Figure(c.cell); got != c.want && !(math.IsNaN(got) && math.IsNaN(c.want)) {
			t.Errorf("%#v is %v, want %v", c.cell, got, c.want)
		}
	}
}

// What is escaped for Markdown is the text again when it is read.
func TestUnescapeTakesEscapeBack(t *testing.T) {
	for _, s := range []string{"", "plain", "a*b_c`d`", "[x](y) <z> |~", "AT&T", "ñ €", "a_b_c"} {
		if got := Unescape(Escape(s)); got != s {
			t.Errorf("%q came back as %q", s, got)
		}
	}
	for s, want := range map[string]string{`a\b`: `a\b`, `\`: `\`, `\\`: `\`, `\*\*`: "**", `C:\dir`: `C:\dir`} {
		if got := Unescape(s); got != want {
			t.Errorf("%q is read as %q, want %q", s, got, want)
		}
	}
}
