package drawing

import (
	"html/template"
	"math"
	"strconv"
	"strings"

	"tesela/agent/wording"
)

// svg is the whole picture; title and description name it for who cannot see.
func (c *canvas) svg(id, class, title, desc string) template.HTML {
	var b strings.Builder
	b.WriteString(`<svg class="` + class + `" viewBox="0 0 ` + Length(c.w) + " " + Length(c.h) + `" width="` + Length(c.w) + `" height="` + Length(c.h) +
		`" role="img" aria-labelledby="` + id + `-t ` + id + `-d"><title id="` + id + `-t">` + escape(title) + `</title><desc id="` + id + `-d">` + escape(desc) + "</desc>\n")
	for i := range c.marks {
		c.marks[i].svg(&b)
	}
	b.WriteString("</svg>")
	return template.HTML(b.String())
}

// svg writes a mark as an element.
func (m *mark) svg(b *strings.Builder) {
	switch m.shape {
	case rectShape:
		pairs := []string{"x", Length(m.x), "y", Length(m.y), "width", Length(m.w), "height", Length(m.h)}
		if m.round > 0 {
			pairs = append(pairs, "rx", Length(m.round))
		}
		m.tag(b, "rect", pairs...)
	case lineShape:
		m.tag(b, "line", "x1", Length(m.x), "y1", Length(m.y), "x2", Length(m.x2), "y2", Length(m.y2))
	case circleShape:
		m.tag(b, "circle", "cx", Length(m.x), "cy", Length(m.y), "r", Length(m.round))
	case pathShape:
		pairs := []string{"d", m.path.svg()}
		if m.thick > 0 {
			pairs = append(pairs, "stroke-width", strconv.FormatFloat(m.thick, 'f', 1, 64))
		}
		m.tag(b, "path", pairs...)
	case textShape:
		if m.slant {
			b.WriteString(`<g transform="translate(` + Length(m.x) + " " + Length(m.y) + `) rotate(-45)">`)
			m.word(b, 0, 0)
			b.WriteString("</g>\n")
			return
		}
		m.word(b, m.x, m.y)
	}
}

// tag writes an element without content, but for a title that tells what it is.
func (m *mark) tag(b *strings.Builder, name string, pairs ...string) {
	b.WriteString("<" + name)
	if m.class != "" {
		b.WriteString(` class="` + m.class + `"`)
	}
	for i := 0; i < len(pairs); i += 2 {
		b.WriteString(" " + pairs[i] + `="` + pairs[i+1] + `"`)
	}
	if m.title == "" {
		b.WriteString("/>\n")
		return
	}
	b.WriteString("><title>" + escape(m.title) + "</title></" + name + ">\n")
}

// word writes the text of a mark at a place.
func (m *mark) word(b *strings.Builder, x, y float64) {
	s := escape(m.text)
	if s == "" {
		return
	}
	b.WriteString(`<text x="` + Length(x) + `" y="` + Length(y) + `"`)
	if m.class != "" {
		b.WriteString(` class="` + m.class + `"`)
	}
	if m.anchor != "start" {
		b.WriteString(` text-anchor="` + m.anchor + `"`)
	}
	b.WriteString(">" + s + "</text>\n")
}

// svg is the path in SVG's notation.
func (p path) svg() string {
	var b strings.Builder
	for i, s := range p.steps {
		if p.airy && i > 0 {
			b.WriteByte(' ')
		}
		b.WriteByte(s.op)
		for k, x := range s.to {
			if k > 0 || p.airy {
				b.WriteByte(' ')
			}
			b.WriteString(Length(x))
		}
	}
	return b.String()
}

// Length writes a length with at most one decimal, so that machines agree on
// it.
func Length(x float64) string {
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
