package drawing

import (
	"image"
	"image/color"
	"math"
	"slices"

	"git.sr.ht/~sbinet/gg"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/vector"
)

// painter draws marks on a picture of pixels. A canvas' own pixels are scale
// pixels of the picture each, moved by dx and dy before.
type painter struct {
	gc      *gg.Context
	letters *letters
	scale   float64
	dx, dy  float64
	// lined tells that lines may lie under texts.
	lined bool
}

// newPainter begins a white picture of so many pixels.
func newPainter(l *letters, wide, high int, scale float64) *painter {
	gc := gg.NewContextForRGBA(image.NewRGBA(image.Rect(0, 0, wide, high)))
	gc.SetColor(paint("paper", 1))
	gc.Clear()
	return &painter{gc: gc, letters: l, scale: scale}
}

// farthest is how far outside a picture something is still placed: beyond,
// lengths would no longer be counted right.
const farthest = 1e5

func (p *painter) x(v float64) float64 { return p.pixel(v + p.dx) }
func (p *painter) y(v float64) float64 { return p.pixel(v + p.dy) }

func (p *painter) pixel(v float64) float64 {
	if v *= p.scale; math.IsNaN(v) {
		return 0
	}
	return min(farthest, max(-farthest, v))
}

// draw draws all of a canvas, its corner at a place of the picture.
func (p *painter) draw(c *canvas, dx, dy float64) {
	p.dx, p.dy = dx, dy
	p.lined = slices.ContainsFunc(c.marks, func(m mark) bool { return m.shape != rectShape && m.shape != textShape })
	for i := range c.marks {
		p.mark(&c.marks[i])
	}
}

func (p *painter) mark(m *mark) {
	k := lookOf(m.shape, m.class)
	switch m.shape {
	case rectShape:
		w, h := p.pixel(m.w), p.pixel(m.h)
		if w == 0 || h == 0 {
			return
		}
		if round := min(p.pixel(m.round), w/2, h/2); round > 0 {
			p.gc.DrawRoundedRectangle(p.x(m.x), p.y(m.y), w, h, round)
		} else {
			p.gc.DrawRectangle(p.x(m.x), p.y(m.y), w, h)
		}
	case lineShape:
		p.gc.DrawLine(p.x(m.x), p.y(m.y), p.x(m.x2), p.y(m.y2))
	case circleShape:
		p.gc.DrawCircle(p.x(m.x), p.y(m.y), p.pixel(m.round))
	case pathShape:
		switch {
		case m.thick > 0:
			p.ribbon(m.path, m.thick)
			k = look{fill: k.stroke}
		case k.fill.A > 0:
			p.area(m.path, k.fill)
			return
		case len(m.path.steps) > piece:
			p.pieces(m.path, k)
			return
		default:
			p.path(m.path)
		}
	case textShape:
		p.text(m, k)
		return
	}
	p.fill(k.fill)
	p.stroke(k)
	p.gc.ClearPath()
}

// path puts a path down, not drawn yet.
func (p *painter) path(way path) {
	x, y := 0.0, 0.0
	for _, s := range way.steps {
		switch s.op {
		case 'M':
			x, y = p.x(s.to[0]), p.y(s.to[1])
			p.gc.MoveTo(x, y)
		case 'L':
			x, y = p.x(s.to[0]), p.y(s.to[1])
			p.gc.LineTo(x, y)
		case 'H':
			x = p.x(s.to[0])
			p.gc.LineTo(x, y)
		case 'V':
			y = p.y(s.to[0])
			p.gc.LineTo(x, y)
		case 'C':
			x, y = p.x(s.to[4]), p.y(s.to[5])
			p.gc.CubicTo(p.x(s.to[0]), p.y(s.to[1]), p.x(s.to[2]), p.y(s.to[3]), x, y)
		}
	}
}

// area fills what straight lines go around, however many they are and however
// often they go to and fro.
func (p *painter) area(way path, c color.NRGBA) {
	im, ok := p.gc.Image().(*image.RGBA)
	if !ok {
		return
	}
	r := vector.NewRasterizer(im.Rect.Dx(), im.Rect.Dy())
	for _, s := range way.steps {
		switch s.op {
		case 'M':
			r.MoveTo(float32(p.x(s.to[0])), float32(p.y(s.to[1])))
		case 'L':
			r.LineTo(float32(p.x(s.to[0])), float32(p.y(s.to[1])))
		case 'Z':
			r.ClosePath()
		}
	}
	r.Draw(im, im.Rect, image.NewUniform(c), image.Point{})
}

// piece is how many steps of a long line are drawn at once.
const piece = 24

// pieces draws a long line piece by piece: what is drawn at once takes time by
// the square of its length where the line goes to and fro.
func (p *painter) pieces(way path, k look) {
	long := 0.0 // drawn so far of the line, where dashes go on
	var last [2]float64
	for from := 0; from < len(way.steps); from += piece {
		part := path{steps: way.steps[from:min(from+piece, len(way.steps))]}
		if part.steps[0].op == 'L' {
			p.gc.MoveTo(last[0], last[1])
		}
		p.path(part)
		p.gc.SetDashOffset(long)
		p.stroke(k)
		p.gc.ClearPath()
		for _, s := range part.steps {
			at := [2]float64{p.x(s.to[0]), p.y(s.to[1])}
			if long += math.Hypot(at[0]-last[0], at[1]-last[1]); s.op == 'M' {
				long = 0
			}
			last = at
		}
	}
	p.gc.SetDashOffset(0)
}

// ribbon puts down the outline of a broad band along a curve. A stroke along
// short pieces has edges that tremble where it is broad; points at both sides
// of the true curve have not.
func (p *painter) ribbon(way path, thick float64) {
	if len(way.steps) != 2 || way.steps[0].op != 'M' || way.steps[1].op != 'C' {
		return
	}
	const pieces = 96
	var c [8]float64 // the curve's four points
	for i, v := range append(append([]float64{}, way.steps[0].to...), way.steps[1].to...) {
		if c[i] = p.y(v); i%2 == 0 {
			c[i] = p.x(v)
		}
	}
	half := p.pixel(thick) / 2
	var back [][2]float64
	for i := range pieces + 1 {
		t := float64(i) / pieces
		u := 1 - t
		at := func(k int) float64 { return u*u*u*c[k] + 3*u*u*t*c[k+2] + 3*u*t*t*c[k+4] + t*t*t*c[k+6] }
		toward := func(k int) float64 { return u*u*(c[k+2]-c[k]) + 2*u*t*(c[k+4]-c[k+2]) + t*t*(c[k+6]-c[k+4]) }
		x, y, dx, dy := at(0), at(1), toward(0), toward(1)
		long := math.Hypot(dx, dy)
		if long == 0 {
			continue
		}
		dx, dy = dx/long*half, dy/long*half
		if len(back) == 0 {
			p.gc.MoveTo(x+dy, y-dx)
		} else {
			p.gc.LineTo(x+dy, y-dx)
		}
		back = append(back, [2]float64{x - dy, y + dx})
	}
	for _, at := range slices.Backward(back) {
		p.gc.LineTo(at[0], at[1])
	}
	if len(back) > 0 {
		p.gc.ClosePath()
	}
}

// fill and stroke draw the path that is put down and leave it.
func (p *painter) fill(c color.NRGBA) {
	if c.A > 0 {
		p.gc.SetColor(c)
		p.gc.FillPreserve()
	}
}

func (p *painter) stroke(k look) {
	if k.stroke.A == 0 {
		return
	}
	p.gc.SetColor(k.stroke)
	p.gc.SetLineWidth(k.thick * p.scale)
	p.gc.SetLineCap(gg.LineCapButt)
	p.gc.SetLineJoin(gg.LineJoinRound)
	if k.smooth {
		p.gc.SetLineCap(gg.LineCapRound)
	}
	lengths := make([]float64, len(k.dash))
	for i, d := range k.dash {
		lengths[i] = d * p.scale
	}
	p.gc.SetDash(lengths...)
	p.gc.StrokePreserve()
}

// haloed is how broad the ground around a text is.
const haloed = 3

// text writes a text. It takes no more room than the layout, which knows no
// fonts, took it to need: where it would, it is drawn narrower.
func (p *painter) text(m *mark, k look) {
	s := p.letters.spell(m.text)
	if s == "" {
		return
	}
	room := TextWidth(s)
	if k.bold {
		room = BoldWidth(s)
	}
	width, squeeze := p.letters.width(s, k), 1.0
	if k.size == fontSize || k.mono {
		squeeze = min(1, room/max(width, 1e-9))
	}
	start := 0.0
	switch m.anchor {
	case "middle":
		start = -width * squeeze / 2
	case "end":
		start = -width * squeeze
	}
	// Where a point of the text lies, from its own place and direction.
	along, across := 1.0, 0.0
	if m.slant {
		along, across = math.Sqrt2/2, -math.Sqrt2/2
	}
	put := func(x, y float64) (float64, float64) {
		x = start + x*squeeze
		return p.x(m.x + x*along - y*across), p.y(m.y + x*across + y*along)
	}
	f, pen := p.letters.fontOf(k), 0.0
	for _, r := range visual(s) {
		g := p.letters.glyph(f, r)
		p.outline(g, pen, k.size, put)
		pen += g.advance * k.size
	}
	if k.halo && p.lined {
		p.stroke(look{stroke: paint("paper", 1), thick: haloed, smooth: true})
	}
	p.fill(k.fill)
	p.gc.ClearPath()
}

// outline puts a letter down at a place of its text.
func (p *painter) outline(g *glyph, pen, size float64, put func(x, y float64) (float64, float64)) {
	unit := g.perUnit * size / 64
	at := func(s sfnt.Segment, i int) (float64, float64) {
		return put(pen+float64(s.Args[i].X)*unit, float64(s.Args[i].Y)*unit)
	}
	for i, s := range g.outline {
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			if i > 0 {
				p.gc.ClosePath()
			}
			p.gc.MoveTo(at(s, 0))
		case sfnt.SegmentOpLineTo:
			p.gc.LineTo(at(s, 0))
		case sfnt.SegmentOpQuadTo:
			x1, y1 := at(s, 0)
			x2, y2 := at(s, 1)
			p.gc.QuadraticTo(x1, y1, x2, y2)
		case sfnt.SegmentOpCubeTo:
			x1, y1 := at(s, 0)
			x2, y2 := at(s, 1)
			x3, y3 := at(s, 2)
			p.gc.CubicTo(x1, y1, x2, y2, x3, y3)
		}
	}
	if len(g.outline) > 0 {
		p.gc.ClosePath()
	}
}
