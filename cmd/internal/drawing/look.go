package drawing

import (
	"image/color"
	"strings"
)

// The colours of the report's light theme, by the names of its style.
var palette = map[string]string{
	"ink": "17212b", "soft": "546170", "line": "dde3e8", "paper": "ffffff",
	"bar": "3d9c80", "peak": "00694f", "minus": "c24141", "code": "7a3f06", "grid": "e6eaee", "axis": "8c98a5",
	"h0": "f2f5f4", "h1": "dcefe8", "h2": "b9dfd1", "h3": "8ecab5", "h4": "2a8064", "h5": "16735a", "h6": "005a43", "on": "ffffff",
	"c0": "00694f", "c1": "1d4fd7", "c2": "a84c08", "c3": "7c3aae", "c4": "b42347", "c5": "0b6a85", "c6": "636200", "c7": "5b6470",
}

// paint is a colour of the palette at an opacity of 0…1.
func paint(name string, opacity float64) color.NRGBA {
	hex := palette[name]
	if len(hex) != 6 {
		return color.NRGBA{}
	}
	at := func(i int) uint8 {
		const digits = "0123456789abcdef"
		return uint8(strings.IndexByte(digits, hex[i])<<4 | strings.IndexByte(digits, hex[i+1]))
	}
	return color.NRGBA{at(0), at(2), at(4), uint8(opacity*255 + 0.5)}
}

// look is how a mark is drawn; a colour of no opacity is none.
type look struct {
	fill, stroke color.NRGBA
	thick        float64   // of the stroke
	dash         []float64 // lengths drawn and left out in turn
	smooth       bool      // round ends and corners
	size         float64   // of a text
	bold, mono   bool
	halo         bool // a text on ground of its own
}

// dashes tell lines apart without colour.
var dashes = map[string][]float64{"c1": {7, 4}, "c2": {2, 4}, "c3": {9, 3, 2, 3}, "c4": {12, 5}}

// lookOf is the look of a mark by its class, as the report's style has it.
func lookOf(s shape, class string) look {
	l := look{size: fontSize, thick: 1}
	if s == textShape {
		l.fill = paint("ink", 1)
	}
	classes := strings.Fields(class)
	has := func(name string) bool {
		for _, c := range classes {
			if c == name {
				return true
			}
		}
		return false
	}
	hue := ""
	for _, c := range classes {
		if len(c) == 2 && c[0] == 'c' && c[1] >= '0' && c[1] <= '7' {
			hue = c
		}
		switch c {
		case "bar", "peak", "minus", "h0", "h1", "h2", "h3", "h4", "h5", "h6":
			if s == rectShape {
				l.fill = paint(c, 1)
			}
		case "hm":
			l.stroke = paint("line", 1)
		case "grid", "axis":
			l.stroke = paint(c, 1)
		case "tick", "muted":
			l.fill = paint("soft", 1)
		case "title":
			l.bold, l.size = true, 17
		case "foot":
			l.fill, l.size = paint("soft", 1), 11
		case "strong":
			l.bold = true
		case "label":
			l.halo = true
		case "code":
			l.mono, l.size, l.fill = true, 11, paint("code", 1)
		case "area":
			l.fill = paint("peak", 0.1)
		case "range":
			l.stroke, l.thick = paint("axis", 1), 1.8
		case "spot":
			l.fill, l.stroke = paint("bar", 0.75), paint("paper", 1)
		case "dot":
			of := "peak"
			if has("minus") {
				of = "minus"
			}
			l.fill, l.stroke, l.thick = paint(of, 1), paint(of, 1), 2
			if has("hollow") {
				l.fill, l.stroke = paint("paper", 1), paint("axis", 1)
			}
		}
	}
	switch {
	case has("on") && (has("h4") || has("h5") || has("h6")):
		l.fill = paint("on", 1)
	case has("curve"):
		l.stroke, l.thick, l.smooth, l.dash = paint(hue, 1), 2.4, true, dashes[hue]
	case has("stay"):
		l.stroke = paint(hue, 0.2)
	case has("flow"):
		l.stroke = paint(hue, 0.5)
	case has("node"):
		l.fill = paint(hue, 1)
	case has("name"):
		l.fill, l.bold = paint(hue, 1), true
	case has("point"):
		l.fill, l.stroke, l.thick = paint(hue, 1), paint("paper", 1), 1.4
	}
	return l
}
