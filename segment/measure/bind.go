package measure

import (
	"context"
	"fmt"
	"math"
	"time"

	"tesela/segment"
	"tesela/segment/column"
)

// groupCodes are a grouping's codes for all customers or for rows.
type groupCodes struct {
	labels *labels
	cust   *codes
	rows   map[string]*codes // by event; none: no such property, code 0
	multi  bool              // tags: a customer or row may have several
	// stride is what one code weighs in a cell's key.
	stride uint64
}

// codes are the code of each customer or row; recode, where given, maps the
// column's own codes onto the grouping's.
type codes struct {
	of     []uint32
	col    *column.Column // in the stead of of: its own codes
	recode []uint32
	tags   *column.Column
}

func (c *codes) at(i int) uint32 {
	var code uint32
	if c.col != nil {
		code = c.col.Code(i)
	} else {
		code = c.of[i]
	}
	if c.recode != nil {
		code = c.recode[code]
	}
	return code
}

// each visits the codes of a customer or row with tags; 0 where it has none.
func (c *codes) each(i int, visit func(uint32)) {
	if c == nil {
		visit(0)
		return
	}
	from, to := c.tags.TagStarts[i], c.tags.TagStarts[i+1]
	if from == to {
		visit(0)
		return
	}
	for _, t := range c.tags.TagCodes[from:to] {
		if c.recode != nil {
			t = c.recode[t]
		}
		visit(t)
	}
}

// bindDims numbers the groups.
func (r *run) bindDims(ctx context.Context) error {
	zone := r.plan.schema.Zone
	for _, d := range r.plan.dims {
		g := groupCodes{multi: d.kind == column.Tags}
		l := &labels{kind: d.kind, digits: r.plan.schema.Digits, zone: func(t int64) string { return time.UnixMicro(t).In(zone).Format(time.RFC3339Nano) }}
		g.labels = l
		switch {
		case d.value != nil:
			values, err := d.value.Run(ctx)
			if err != nil {
				return fmt.Errorf("group by %s: %w", d.name, err)
			}
			for _, n := range values.Notes() {
				r.notes = addNote(r.notes, n)
			}
			if g.cust, err = l.ofValues(ctx, values, r.world.Customers); err != nil {
				return err
			}
		case d.trait != "":
			c := r.world.Traits[d.trait]
			if c == nil {
				return fmt.Errorf("group by %s: the source did not load it", d.name)
			}
			g.cust = l.encode(c)
		default:
			g.rows = map[string]*codes{}
			events := []string{r.plan.rowEvent}
			for _, e := range r.plan.schema.Events {
				if e.Name != r.plan.rowEvent && r.plan.hasDim(e, d) {
					events = append(events, e.Name)
				}
			}
			for _, e := range events {
				if t := r.world.Tables[e]; t != nil && t.Len() > 0 {
					if c := t.Props[d.prop]; c != nil {
						g.rows[e] = l.encode(c)
					}
				}
			}
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		r.dims = append(r.dims, g)
	}
	return nil
}

// encode gives the codes of a column; labels grow by what is new in it.
func (l *labels) encode(c *column.Column) *codes {
	switch c.Kind {
	case column.Text, column.Tags:
		k := &codes{col: c}
		if c.Kind == column.Tags {
			k.tags = c
		}
		if l.dict == nil {
			l.dict = c.Dict
			return k
		}
		k.recode = make([]uint32, c.Dict.Len()+1)
		for w := 1; w <= c.Dict.Len(); w++ {
			k.recode[w] = l.codeOf(c.Dict.Word(uint32(w)))
		}
		return k
	case column.Number:
		return &codes{of: l.encodeFloats(c.Plain().Floats)}
	}
	return &codes{of: l.encodeInts(c.Plain().Ints)}
}

func (l *labels) codeOf(word string) uint32 {
	if code, ok := l.dict.Code(word); ok {
		return code
	}
	if code, ok := l.extra[word]; ok {
		return code
	}
	if l.extra == nil {
		l.extra = map[string]uint32{}
	}
	l.words = append(l.words, word)
	code := uint32(l.dict.Len() + len(l.words))
	l.extra[word] = code
	return code
}

// nearRange is how far apart integers may lie to be numbered by a table
// rather than a map.
const nearRange = 1 << 20

func (l *labels) encodeInts(ints []int64) []uint32 {
	lo, hi := int64(math.MaxInt64), int64(math.MinInt64)
	for _, v := range ints {
		if v != column.Unset {
			lo, hi = min(lo, v), max(hi, v)
		}
	}
	if l.intOf == nil {
		l.intOf = map[int64]uint32{}
	}
	number := func(v int64) uint32 {
		code, ok := l.intOf[v]
		if !ok {
			l.ints = append(l.ints, v)
			code = uint32(len(l.ints))
			l.intOf[v] = code
		}
		return code
	}
	of := make([]uint32, len(ints))
	if lo <= hi && uint64(hi)-uint64(lo) < nearRange {
		table := make([]uint32, hi-lo+1)
		for i, v := range ints {
			if v == column.Unset {
				continue
			}
			if table[v-lo] == 0 {
				table[v-lo] = number(v)
			}
			of[i] = table[v-lo]
		}
		return of
	}
	for i, v := range ints {
		if v != column.Unset {
			of[i] = number(v)
		}
	}
	return of
}

func (l *labels) encodeFloats(floats []float64) []uint32 {
	if l.fltOf == nil {
		l.fltOf = map[float64]uint32{}
	}
	of := make([]uint32, len(floats))
	for i, v := range floats {
		if v != v {
			continue
		}
		code, ok := l.fltOf[v] // 0 and -0 are one key
		if !ok {
			l.floats = append(l.floats, v)
			code = uint32(len(l.floats))
			l.fltOf[v] = code
		}
		of[i] = code
	}
	return of
}

// ofValues numbers values per customer by what they show.
func (l *labels) ofValues(ctx context.Context, v *segment.Values, n int) (*codes, error) {
	l.values = v
	known := map[any]uint32{}
	var ofText []uint32 // by the text's code, so that few texts are looked up
	of := make([]uint32, n)
	for i := range n {
		if i&0xfff == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if !v.IsSet(i) {
			continue
		}
		text := int(v.Code(i))
		if text > 0 && text < len(ofText) && ofText[text] > 0 {
			of[i] = ofText[text]
			continue
		}
		cell := v.Cell(i)
		code, ok := known[cell]
		if !ok {
			l.reps = append(l.reps, i)
			code = uint32(len(l.reps))
			known[cell] = code
		}
		of[i] = code
		if text > 0 {
			ofText = append(ofText, make([]uint32, max(0, text+1-len(ofText)))...)
			ofText[text] = code
		}
	}
	return &codes{of: of}, nil
}
