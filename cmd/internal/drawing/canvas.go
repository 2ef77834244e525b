package drawing

import "slices"

// canvas is a picture as a list of what is drawn on it, one over the other.
// Lengths are in pixels of a screen, y goes down. What draws it for real, as
// SVG or as PNG, decides nothing about places.
type canvas struct {
	w, h  float64
	marks []mark
}

// shape is what kind of mark something is.
type shape int

const (
	rectShape shape = iota
	lineShape
	circleShape
	pathShape
	textShape
)

// mark is one thing drawn. Its class tells how it looks, its title what it
// stands for, where that is one figure or name.
type mark struct {
	shape        shape
	class, title string
	// x and y are the corner of a rect, the middle of a circle, the start of a
	// line, the place of a text on its base line.
	x, y   float64
	x2, y2 float64 // the end of a line
	w, h   float64 // of a rect
	round  float64 // of a rect's corners, or a circle's radius
	path   path
	// thick is how broad a path is drawn, 0 as its class has it.
	thick  float64
	text   string
	anchor string // start, middle or end of a text lies at x
	slant  bool   // the text rises at 45°
}

// path is a way of a pen.
type path struct {
	steps []step
	// airy writes blanks between the steps.
	airy bool
}

// step is one movement: M to, L line to, H and V along one axis, C by two
// control points, Z back to the start.
type step struct {
	op byte
	to []float64
}

func (p *path) add(op byte, to ...float64) { p.steps = append(p.steps, step{op, to}) }

// has tells whether something of a class is drawn.
func (c *canvas) has(class string) bool {
	return slices.ContainsFunc(c.marks, func(m mark) bool { return m.class == class })
}

func (c *canvas) rect(x, y, w, h, round float64, class, title string) {
	c.marks = append(c.marks, mark{shape: rectShape, class: class, title: title, x: x, y: y, w: max(0, w), h: max(0, h), round: round})
}

func (c *canvas) line(x1, y1, x2, y2 float64, class string) {
	c.marks = append(c.marks, mark{shape: lineShape, class: class, x: x1, y: y1, x2: x2, y2: y2})
}

func (c *canvas) circle(x, y, r float64, class, title string) {
	c.marks = append(c.marks, mark{shape: circleShape, class: class, title: title, x: x, y: y, round: r})
}

func (c *canvas) path(p path, class, title string) {
	c.marks = append(c.marks, mark{shape: pathShape, class: class, title: title, path: p})
}

// band is a path of a thickness of its own.
func (c *canvas) band(p path, thick float64, class, title string) {
	c.marks = append(c.marks, mark{shape: pathShape, class: class, title: title, path: p, thick: thick})
}

// text writes a text on a base line; anchor is start, middle or end.
func (c *canvas) text(x, y float64, anchor, class, s string) {
	c.marks = append(c.marks, mark{shape: textShape, class: class, x: x, y: y, anchor: anchor, text: s})
}

// slanted writes a text that rises from its start.
func (c *canvas) slanted(x, y float64, class, s string) {
	c.marks = append(c.marks, mark{shape: textShape, class: class, x: x, y: y, anchor: "start", text: s, slant: true})
}
