package importer

import (
	"slices"

	"tesela/segment"
	"tesela/segment/column"
)

// fieldReader reads one field of the plan.
type fieldReader struct {
	*field
	kind  column.Kind
	parts []cells // by factor
	cols  []int
	bad   string // the reason for rejecting a row whose value is bad
}

// newCells makes the reader of a column.
func (im *importing) newCells(r reading, z *zone, digits int) cells {
	return cells{reading: r, lex: words(), zone: z, digits: digits}
}

// decide how a column is read for a target of this name.
func (im *importing) decide(col int, name string, kind column.Kind, schema *segment.Schema) reading {
	assumed := dayFirst
	if slices.Contains(words().MonthFirst, schema.Zone.String()) {
		assumed = monthFirst
	}
	return im.evidence[col].decide([]string{name, snake(im.form.header[col])}, kind, im.fixed, assumed)
}

// readers of the plan's fields. Kinds that the workspace has prevail over
// what the values suggest.
func (im *importing) readers(schema *segment.Schema, events []string, z *zone) []fieldReader {
	out := make([]fieldReader, len(im.plan.fields))
	for i := range im.plan.fields {
		f := &im.plan.fields[i]
		r := &out[i]
		r.field = f
		r.kind = f.kind
		if r.kind == 0 {
			r.kind = heldKind(schema, events, f)
		}
		if r.kind == 0 {
			r.kind = im.meantKind(f)
		}
		for _, part := range f.factors {
			kind := r.kind
			if f.product() {
				kind = column.Number
			}
			var c cells
			if part.col >= 0 {
				c = im.newCells(im.decide(part.col, f.name, kind, schema), z, schema.Digits)
				if !f.product() {
					r.kind = c.kind
				}
			}
			r.parts = append(r.parts, c)
			r.cols = append(r.cols, part.col)
		}
		r.bad = "unreadable " + f.name + " (" + r.kind.String() + ")"
	}
	return out
}

// meantKind is the kind that a mapping means by a property's name alone, 0
// for none: who names an amount wants rows without a sound one rejected, not
// a text.
func (im *importing) meantKind(f *field) column.Kind {
	if !f.named || f.trait || f.product() {
		return 0
	}
	e := &im.evidence[f.factors[0].col]
	if 2*max(e.point, e.comma) <= e.set {
		return 0
	}
	if _, ok := rank(words().Columns[roleQuantity], snake(f.name)); ok {
		return column.Number
	}
	if _, ok := rank(words().Columns[roleAmount], snake(f.name)); ok {
		return column.Money
	}
	return 0
}

// heldKind is the kind that the field has in the workspace, 0 where it is not
// there.
func heldKind(schema *segment.Schema, events []string, f *field) column.Kind {
	if f.trait {
		t, _ := schema.Trait(f.name)
		return t.Kind
	}
	for _, name := range events {
		if e, ok := schema.Event(name); ok {
			if p, ok := e.Prop(f.name); ok {
				return p.Kind
			}
		}
	}
	return 0
}

// read gives the field's value in a row. again is the column at fault where
// the value contradicts an inferred reading.
func (r *fieldReader) read(fields [][]byte, v *value) (fault []byte, col int) {
	if r.product() {
		return r.multiply(fields, v)
	}
	c, b := &r.parts[0], fields[r.cols[0]]
	switch r.kind {
	case column.Text:
		v.text, v.status = c.textOf(b)
	case column.Tags:
		v.text, v.status = c.tagsOf(b)
	case column.Number:
		v.f, v.status = c.floatOf(b)
	default:
		v.i, v.status = c.intOf(b)
	}
	if v.status == bad {
		return b, r.cols[0]
	}
	return nil, -1
}

func (r *fieldReader) multiply(fields [][]byte, v *value) (fault []byte, col int) {
	p := product{d: decimal{mant: 1}}
	v.status = good
	for i, f := range r.factors {
		if f.col < 0 {
			p.times(f.number)
			continue
		}
		d, st := r.parts[i].figureOf(fields[f.col])
		switch {
		case st == bad:
			v.status = bad
			return fields[f.col], f.col
		case st == missing:
			v.status = missing
		}
		p.times(d)
	}
	if v.status == missing {
		return nil, -1
	}
	if r.kind == column.Number {
		v.f = p.float()
		return nil, -1
	}
	digits := r.digits()
	n, ok := p.round(digits)
	if !ok {
		v.status = bad
		return fields[r.cols[0]], r.cols[0]
	}
	v.i = n
	return nil, -1
}

func (r *fieldReader) digits() int {
	for i, col := range r.cols {
		if col >= 0 {
			return r.parts[i].digits
		}
	}
	return 2
}

// contradicted notes a value that could not be read and tells whether the
// column would now be read in another way.
func (im *importing) contradicted(c *cells, col int, b []byte, line int, name string, kind column.Kind, schema *segment.Schema) bool {
	if c.inferred {
		kind = 0
	}
	im.evidence[col].add(b, line, 1)
	return im.decide(col, name, kind, schema) != c.reading
}
