package drawing

import (
	"image"
	"math"
	"strings"

	"tesela/agent/wording"
	"tesela/tools"
)

// inPicture is how much a chart in a picture shows: chats show small what is
// tall.
var inPicture = bounds{bars: 12, panels: 12, rows: 16, points: 1000}

// widths are those that a chart in a picture is laid out in, the first in which
// nothing is cut; margin lies around it. Shown as broad as a phone, a picture
// of the first has letters as large as a phone's own, one of the last such as
// can still be read.
var widths = []float64{440, 500, 560, 640}

const margin = 20

// How many letters of texts are looked at; fewer have room. What a picture
// shows may be told to Slack in 2,000 letters.
const (
	longestName  = 160
	longestTitle = 400
	longestAlt   = 1900
)

// sheet is a picture that stands alone: a chart with all that is said around it.
type sheet struct {
	letters *letters
	words   *words
	lang    *wording.Language
	title   string
	options Options

	data *data
	kind string
	alt  string
	// chart and frame are what is drawn; chart stands at a height of the frame.
	chart *canvas
	frame *canvas
	top   float64
}

// take lays out a result's chart; false where it has none.
func (s *sheet) take(res *tools.Result) bool {
	d := read(s.lang, s.words, res, inPicture)
	if d == nil {
		return false
	}
	for _, names := range [][]string{d.cats, d.names} {
		for i := range names {
			names[i] = clip(names[i], longestName)
		}
	}
	kind := d.kind()
	alt := d.describe(kind)
	d.spell(s.letters, kind)
	best := 0
	for _, w := range widths {
		if c := d.layout(kind, w); c != nil && c.told(kind) > best {
			s.chart, best = c, c.told(kind)
		}
	}
	if s.chart == nil {
		return false
	}
	title := clip(wording.Clean(clip(s.title, 4*longestTitle)), longestTitle)
	if title != "" {
		alt = strings.TrimRight(title, ".") + ". " + alt
	}
	s.title, s.data, s.kind, s.alt = title, d, kind, clip(alt, longestAlt)
	return true
}

// told is how much a layout of a chart tells: 3 is all, 2 cuts texts, 1 leaves
// a map's figures out.
func (c *canvas) told(kind string) int {
	figures, cut := false, false
	for i := range c.marks {
		if m := &c.marks[i]; m.shape == textShape {
			figures = figures || strings.HasPrefix(m.class, "on ")
			cut = cut || strings.HasSuffix(m.text, "…")
		}
	}
	switch {
	case kind == "heatmap" && !figures:
		return 1
	case cut:
		return 2
	}
	return 3
}

// compose puts everything around the chart.
func (s *sheet) compose() {
	w := s.chart.w + 2*margin
	s.frame = &canvas{w: w}
	y := 16.0
	for _, line := range s.letters.wrap(s.title, "title", s.chart.w, 3) {
		y += 22
		s.frame.text(margin, y, "start", "title", line)
	}
	for _, line := range s.letters.wrap(s.data.caption(s.kind), "muted", s.chart.w, 2) {
		y += 18
		s.frame.text(margin, y, "start", "muted", line)
	}
	y = s.legend(y+8) + 10
	s.top = y
	y += s.chart.h + 4
	var below []string
	if s.chart.has("dot hollow") {
		below = append(below, s.words.Chart["hollow"])
	}
	below = append(below, s.data.undrawn(s.kind))
	if s.letters.told {
		below = append(below, s.words.Told)
	}
	said := s.options.said(s.lang, s.words)
	for _, line := range append(below, said) {
		for _, line := range s.letters.wrap(line, "foot", s.chart.w, 2) {
			y += 16
			s.frame.text(margin, y, "start", "foot", line)
		}
	}
	s.frame.h = y + 16
}

// said is what the options say, in one line.
func (o Options) said(lang *wording.Language, w *words) string {
	var parts []string
	if !o.AsOf.IsZero() {
		text := lang.Time(o.AsOf)
		if o.AsOf.Hour() == 0 && o.AsOf.Minute() == 0 {
			text = lang.Date(o.AsOf)
		}
		parts = append(parts, wording.Fill(w.AsOf, "time", text))
	}
	if source := wording.Clean(clip(o.Source, longestTitle)); source != "" {
		parts = append(parts, source)
	}
	return strings.Join(parts, " · ")
}

// legend names the lines, each with a piece of it, side by side; it returns
// where it ends.
func (s *sheet) legend(y float64) float64 {
	const piece, gap, row = 26.0, 18.0, 20.0
	keys := s.data.legend(s.kind)
	x := margin + 0.0
	for i, key := range keys {
		name := short(key.Name, s.chart.w-piece-8)
		wide := piece + 8 + s.letters.width(name, lookOf(textShape, ""))
		if i == 0 {
			y += row - 4
		} else if x+wide > margin+s.chart.w {
			x = margin
			y += row
		}
		var p path
		p.add('M', x, y-4.5)
		p.add('L', x+piece, y-4.5)
		s.frame.path(p, "curve "+key.Class, "")
		s.frame.text(x+piece+8, y, "start", "", name)
		x += wide + gap
	}
	return y
}

// draw draws the sheet.
func (s *sheet) draw() image.Image {
	s.compose()
	scale := PixelWidth / s.frame.w
	high := min(MaxHeight, int(math.Ceil(s.frame.h*scale)))
	p := newPainter(s.letters, PixelWidth, high, scale)
	p.draw(s.frame, 0, 0)
	p.draw(s.chart, margin, s.top)
	return p.gc.Image()
}

// wrap breaks a text into lines of a width, at blanks where it can; what has no
// room in so many lines is cut.
func (l *letters) wrap(text, class string, width float64, most int) []string {
	k := lookOf(textShape, class)
	text = l.spell(text)
	var lines []string
	for text != "" {
		if l.width(text, k) <= width {
			return append(lines, text)
		}
		end, blank := 0, 0
		reach := 0.0
		for i, r := range text {
			if reach += l.width(string(r), k); reach > width {
				break
			}
			if r == ' ' {
				blank = i
			}
			end = i + len(string(r))
		}
		if len(lines) == most-1 {
			return append(lines, l.cut(text, k, width))
		}
		if blank > 0 {
			end = blank
		}
		lines = append(lines, text[:end])
		text = strings.TrimLeft(text[end:], " ")
	}
	return lines
}

// cut is a beginning of a text that has room with dots behind it.
func (l *letters) cut(text string, k look, width float64) string {
	room := width - l.width("…", k)
	end, reach := 0, 0.0
	for i, r := range text {
		if reach += l.width(string(r), k); reach > room {
			break
		}
		end = i + len(string(r))
	}
	return strings.TrimRight(text[:end], " ") + "…"
}

// clip cuts a text to so many letters, the last then dots.
func clip(s string, most int) string {
	n, end := 0, 0
	for i := range s {
		if n == most-1 {
			end = i
		}
		if n == most {
			return s[:end] + "…"
		}
		n++
	}
	return s
}
