package drawing

import (
	"bytes"
	"encoding/xml"
	"image"
	"image/color"
	"math"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"tesela/tools"
)

// element is an element of an SVG picture.
type element struct {
	name  string
	attrs map[string]string
	text  string
}

// parsed are a picture's elements but the outermost, titles and groups, in
// order; a text in a group has the group's place.
func parsed(t *testing.T, svg string) []element {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(svg))
	var list []element
	group := ""
	for {
		token, err := d.Token()
		if err != nil {
			return list
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			if end, ok := token.(xml.EndElement); ok && end.Name.Local == "g" {
				group = ""
			}
			continue
		}
		n := element{name: start.Name.Local, attrs: map[string]string{}}
		for _, a := range start.Attr {
			n.attrs[a.Name.Local] = a.Value
		}
		switch n.name {
		case "svg", "title", "desc":
			continue
		case "g":
			group = n.attrs["transform"]
			continue
		case "text":
			if inner, err := d.Token(); err == nil {
				if text, ok := inner.(xml.CharData); ok {
					n.text = string(text)
				}
			}
			if m := regexp.MustCompile(`translate\((\S+) (\S+)\)`).FindStringSubmatch(group); m != nil {
				n.attrs["x"], n.attrs["y"] = m[1], m[2]
			}
		}
		list = append(list, n)
	}
}

// drawable are the canvases of all kinds of charts in several widths.
func drawable(t *testing.T, do func(name string, c *canvas)) {
	t.Helper()
	w, err := wordsFor(english(t))
	if err != nil {
		t.Fatal(err)
	}
	for name, r := range every() {
		d := read(english(t), w, r, onPage)
		for _, wide := range []float64{Narrow, 440, Wide} {
			c := d.layout(d.kind(), wide)
			if c == nil {
				t.Fatalf("%s is not laid out in %v", name, wide)
			}
			do(name, c)
		}
	}
}

// SVG has each mark, in order and at its place.
func TestSVGHasEachMark(t *testing.T) {
	drawable(t, func(name string, c *canvas) {
		nodes := parsed(t, string(c.svg("x", "chart", "t", "d")))
		var marks []*mark
		for i := range c.marks {
			if m := &c.marks[i]; m.shape != textShape || m.text != "" {
				marks = append(marks, m)
			}
		}
		if len(nodes) != len(marks) {
			t.Errorf("%s: %d elements of %d marks", name, len(nodes), len(marks))
			return
		}
		for i, m := range marks {
			n := nodes[i]
			at := func(attr string, want float64) {
				if got, err := strconv.ParseFloat(n.attrs[attr], 64); err != nil || math.Abs(got-want) > 0.051 {
					t.Errorf("%s: %s of mark %d, a %s, is %q, not %v", name, attr, i, n.name, n.attrs[attr], want)
				}
			}
			kinds := []string{"rect", "line", "circle", "path", "text"}
			if n.name != kinds[m.shape] || n.attrs["class"] != m.class {
				t.Errorf("%s: mark %d is a %s of class %q, not %q", name, i, n.name, n.attrs["class"], m.class)
				continue
			}
			switch m.shape {
			case rectShape:
				at("x", m.x)
				at("y", m.y)
				at("width", m.w)
				at("height", m.h)
			case lineShape:
				at("x1", m.x)
				at("y1", m.y)
				at("x2", m.x2)
				at("y2", m.y2)
			case circleShape:
				at("cx", m.x)
				at("cy", m.y)
				at("r", m.round)
			case textShape:
				at("x", m.x)
				at("y", m.y)
				if n.text != m.text {
					t.Errorf("%s: mark %d says %q, not %q", name, i, n.text, m.text)
				}
			case pathShape:
				if n.attrs["d"] != m.path.svg() || m.path.svg() == "" {
					t.Errorf("%s: mark %d is a path %q", name, i, n.attrs["d"])
				}
			}
		}
	})
}

// PNG has each mark at its place: what it paints alone is there and nowhere
// else, with its colour.
func TestPNGHasEachMark(t *testing.T) {
	f, err := loadFonts()
	if err != nil {
		t.Fatal(err)
	}
	const scale, edge = 2.0, 10.0
	l := newLetters(f)
	drawable(t, func(name string, c *canvas) {
		if c.w != 440 {
			return
		}
		seen := map[shape]int{}
		for i := range c.marks {
			m := &c.marks[i]
			if seen[m.shape]++; seen[m.shape] > 5 {
				continue // enough of a kind
			}
			p := newPainter(l, int((c.w+2*edge)*scale), int((c.h+2*edge)*scale), scale)
			p.draw(&canvas{w: c.w, h: c.h, marks: []mark{*m}}, edge, edge)
			im := decodedOf(p)
			box := [4]float64{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}
			white := bytes.Repeat([]byte{255}, im.Stride)
			for y := range im.Bounds().Dy() {
				if bytes.Equal(im.Pix[y*im.Stride:(y+1)*im.Stride], white) {
					continue
				}
				for x := range im.Bounds().Dx() {
					if im.RGBAAt(x, y) != (color.RGBA{255, 255, 255, 255}) {
						fx, fy := float64(x)/scale-edge, float64(y)/scale-edge
						box = [4]float64{min(box[0], fx), min(box[1], fy), max(box[2], fx+1/scale), max(box[3], fy+1/scale)}
					}
				}
			}
			k := lookOf(m.shape, m.class)
			want := [4]float64{m.x, m.y, m.x + m.w, m.y + m.h}
			reach := 0.51 // a pixel that is touched
			switch m.shape {
			case lineShape:
				want, reach = [4]float64{min(m.x, m.x2), min(m.y, m.y2), max(m.x, m.x2), max(m.y, m.y2)}, 1.01
			case circleShape:
				want, reach = [4]float64{m.x - m.round, m.y - m.round, m.x + m.round, m.y + m.round}, 0.51+k.thick/2
			case textShape:
				if m.slant || m.text == "" {
					continue
				}
				wide := min(l.width(m.text, k), TextWidth(m.text)*1.1)
				start := map[string]float64{"start": 0, "middle": -wide / 2, "end": -wide}[m.anchor]
				want, reach = [4]float64{m.x + start, m.y - 9, m.x + start + wide, m.y}, 3.6
			case pathShape:
				continue // held to its pixels by the bars, bands and lines of whole pictures
			}
			if math.IsInf(box[0], 1) {
				t.Errorf("%s: mark %d %q paints nothing", name, i, m.class+m.text)
				continue
			}
			if fill := paintOf(k); im.RGBAAt(int((mid(box[0], box[2])+edge)*scale), int((mid(box[1], box[3])+edge)*scale)) != fill && m.shape == rectShape && fill.A == 255 {
				t.Errorf("%s: mark %d of class %s is not of its colour", name, i, m.class)
			}
			for side := range box {
				if math.Abs(box[side]-want[side]) > reach {
					t.Errorf("%s: mark %d %q lies at %.1f, not %.1f", name, i, m.class+" "+m.text, box, want)
					break
				}
			}
		}
	})
}

func mid(a, b float64) float64 { return (a + b) / 2 }

func paintOf(k look) color.RGBA { return color.RGBA{k.fill.R, k.fill.G, k.fill.B, k.fill.A} }

// The pictures' colours are the report's, in daylight.
func TestColoursAreTheReports(t *testing.T) {
	raw, err := os.ReadFile("../report/style.css")
	if err != nil {
		t.Fatal(err)
	}
	light, _, _ := strings.Cut(string(raw), "@media")
	theme := map[string]string{}
	for _, m := range regexp.MustCompile(`--(\w+): #([0-9a-f]{6})`).FindAllStringSubmatch(light, -1) {
		theme[m[1]] = m[2]
	}
	for name, hex := range palette {
		if theme[name] != hex {
			t.Errorf("%s is %s in pictures, %q in reports", name, hex, theme[name])
		}
	}
	for hue, lengths := range dashes {
		want := make([]string, len(lengths))
		for i, n := range lengths {
			want[i] = Length(n)
		}
		if rule := "svg ." + hue + ".curve { stroke-dasharray: " + strings.Join(want, " "); !strings.Contains(string(raw), rule) {
			t.Errorf("reports have no %s", rule)
		}
	}
}

// Every class that a layout uses has a look of its own in pictures: something
// is painted.
func TestEachMarkHasALook(t *testing.T) {
	drawable(t, func(name string, c *canvas) {
		for i := range c.marks {
			m := &c.marks[i]
			if k := lookOf(m.shape, m.class); k.fill.A == 0 && k.stroke.A == 0 {
				t.Errorf("%s: %q is invisible", name, m.class)
			}
		}
	})
}

// Texts of a picture have room: none lies over another, over the edge, or is
// drawn much narrower than its letters are.
func TestTextsOfPicturesHaveRoom(t *testing.T) {
	all := every()
	long := bars("1234567.89", "-3456789.12", "5.00", nil)
	for i := range long.Rows {
		long.Rows[i][0] = []string{"Wholesale customers of the north west", "MMMMMMMM WWWWWWWWW", "ñandú, Ångström & Søn", "x"}[i]
	}
	all["long names"] = long
	all["panels of money"] = func() *tools.Result {
		r := every()["panels"]
		r.Columns[2] = tools.Column{Name: "revenue", Kind: "money", Unit: "EUR"}
		r.Chart.Y = "revenue"
		for i := range r.Rows {
			r.Rows[i][2] = "123456789.99"
		}
		return r
	}()
	for name, r := range all {
		s := sheetOf(t, english(t), r)
		type box struct {
			text                     string
			left, top, right, bottom float64
		}
		var boxes []box
		add := func(b box) {
			for _, o := range boxes {
				if b.left < o.right && o.left < b.right && b.top < o.bottom && o.top < b.bottom {
					t.Errorf("%s: %q lies over %q", name, b.text, o.text)
				}
			}
			boxes = append(boxes, b)
		}
		for _, on := range []struct {
			c  *canvas
			at [2]float64
		}{{s.frame, [2]float64{0, 0}}, {s.chart, [2]float64{margin, s.top}}} {
			for i := range on.c.marks {
				m := &on.c.marks[i]
				if on.c == s.frame && m.shape == pathShape { // a piece of a line before its name
					from, to := m.path.steps[0].to, m.path.steps[1].to
					add(box{"a line", from[0], from[1] - 2, to[0] + 4, from[1] + 2})
					continue
				}
				if m.shape != textShape || m.slant || m.text == "" {
					continue
				}
				k := lookOf(textShape, m.class)
				wide := s.letters.width(m.text, k)
				room := TextWidth(m.text)
				if k.bold {
					room = BoldWidth(m.text)
				}
				if k.size == fontSize && wide > room*1.15 {
					t.Errorf("%s: %q is squeezed from %.0f to %.0f", name, m.text, wide, room)
				}
				if k.size == fontSize || k.mono {
					wide = min(wide, room)
				}
				left := m.x + on.at[0] + map[string]float64{"start": 0, "middle": -wide / 2, "end": -wide}[m.anchor]
				b := box{m.text, left, m.y + on.at[1] - 9, left + wide, m.y + on.at[1] + 1}
				if b.left < margin/2 || b.right > s.frame.w-margin/2 || b.top < 4 || b.bottom > s.frame.h-4 {
					t.Errorf("%s: %q lies at the edge: %v of %v × %v", name, m.text, b, s.frame.w, s.frame.h)
				}
				add(b)
			}
		}
	}
}

// decodedOf is what a painter has painted.
func decodedOf(p *painter) *image.RGBA { return p.gc.Image().(*image.RGBA) }
