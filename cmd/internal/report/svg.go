package report

import (
	"html/template"
	"math"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/width"

	"tesela/agent/wording"
)

// canvas is an SVG picture being drawn; lengths are in pixels, y goes down.
type canvas struct {
	b    strings.Builder
	w, h float64
}

// num writes a length with at most one decimal, so that machines agree on it.
func num(x float64) string {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return "0"
	}
	s := strconv.FormatFloat(x, 'f', 1, 64)
	s = strings.TrimSuffix(s, ".0")
	if s == "-0" {
		return "0"
	}
	return s
}

func escape(s string) string { return template.HTMLEscapeString(wording.Clean(s)) }

// tag writes an element without content, but for a title that tells what it is.
func (c *canvas) tag(name, class, title string, pairs ...string) {
	c.b.WriteString("<" + name)
	if class != "" {
		c.b.WriteString(` class="` + class + `"`)
	}
	for i := 0; i < len(pairs); i += 2 {
		c.b.WriteString(" " + pairs[i] + `="` + pairs[i+1] + `"`)
	}
	if title == "" {
		c.b.WriteString("/>\n")
		return
	}
	c.b.WriteString("><title>" + escape(title) + "</title></" + name + ">\n")
}

func (c *canvas) rect(x, y, w, h, round float64, class, title string) {
	pairs := []string{"x", num(x), "y", num(y), "width", num(max(0, w)), "height", num(max(0, h))}
	if round > 0 {
		pairs = append(pairs, "rx", num(round))
	}
	c.tag("rect", class, title, pairs...)
}

func (c *canvas) line(x1, y1, x2, y2 float64, class string) {
	c.tag("line", class, "", "x1", num(x1), "y1", num(y1), "x2", num(x2), "y2", num(y2))
}

func (c *canvas) circle(x, y, r float64, class, title string) {
	c.tag("circle", class, title, "cx", num(x), "cy", num(y), "r", num(r))
}

func (c *canvas) path(d, class, title string) { c.tag("path", class, title, "d", d) }

// text writes a text on a base line; anchor is start, middle or end.
func (c *canvas) text(x, y float64, anchor, class, s string) {
	if s = escape(s); s == "" {
		return
	}
	c.b.WriteString(`<text x="` + num(x) + `" y="` + num(y) + `"`)
	if class != "" {
		c.b.WriteString(` class="` + class + `"`)
	}
	if anchor != "start" {
		c.b.WriteString(` text-anchor="` + anchor + `"`)
	}
	c.b.WriteString(">" + s + "</text>\n")
}

// svg is the whole picture; title and description name it for who cannot see.
func (c *canvas) svg(id, class, title, desc string) template.HTML {
	return template.HTML(`<svg class="` + class + `" viewBox="0 0 ` + num(c.w) + " " + num(c.h) + `" width="` + num(c.w) + `" height="` + num(c.h) +
		`" role="img" aria-labelledby="` + id + `-t ` + id + `-d"><title id="` + id + `-t">` + escape(title) + `</title><desc id="` + id + `-d">` + escape(desc) + "</desc>\n" +
		c.b.String() + "</svg>")
}

// fontSize is that of texts in charts.
const fontSize = 12.5

// textWidth guesses how wide a text is drawn: fonts differ, so it guesses high.
func textWidth(s string) float64 {
	em := 0.0
	for _, r := range s {
		em += runeWidth(r)
	}
	return em * fontSize
}

// boldWidth is textWidth of bold letters.
func boldWidth(s string) float64 { return 1.1 * textWidth(s) }

func runeWidth(r rune) float64 {
	switch k := width.LookupRune(r).Kind(); {
	case k == width.EastAsianWide || k == width.EastAsianFullwidth:
		return 1.05
	case unicode.Is(unicode.Mn, r):
		return 0
	case strings.ContainsRune("il.,:;|!'’ ·()[]jftI", r):
		return 0.38
	case r == 'm' || r == 'w' || r == 'M' || r == 'W' || r == '%' || r == '@' || r == '—' || r == '…':
		return 1
	case unicode.IsUpper(r):
		return 0.73
	case r > 0x2fff:
		return 1.3
	}
	return 0.64
}

// short cuts a text to a width.
func short(s string, room float64) string {
	s = wording.Clean(s)
	if textWidth(s) <= room {
		return s
	}
	runes := []rune(s)
	for n := len(runes) - 1; n > 0; n-- {
		cut := strings.TrimRight(string(runes[:n]), " ") + "…"
		if textWidth(cut) <= room {
			return cut
		}
	}
	return "…"
}
