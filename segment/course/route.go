package course

import (
	"context"

	"tesela/segment"
	"tesela/segment/syntax"
)

// Routes writes the formulas of moves.
type Routes struct {
	moves    *Moves
	seen     *Seen
	src      segment.Source
	base     syntax.Formula // nil: everyone
	from, to Point
	// there and came are the customers who were there as of either point, as
	// formulas; made when first needed.
	there, came syntax.Formula
}

// NewRoutes is for the formulas of moves between two points, of a base as of
// the later one.
func NewRoutes(m *Moves, seen *Seen, src segment.Source, base syntax.Formula, from, to Point) *Routes {
	return &Routes{moves: m, seen: seen, src: src, base: base, from: from, to: to}
}

// Formula is the formula of those who went from row f to label t, evaluated as
// of now; ok is false where the language has no way to say it. Conditions that
// keep out nobody are left out.
func (r *Routes) Formula(ctx context.Context, f, t int) (formula syntax.Formula, ok bool, err error) {
	m, schema := r.moves, r.src.Schema()
	var parts []syntax.Formula
	ok = true
	add := func(part syntax.Formula, can bool) {
		ok = ok && can
		if _, all := part.(*syntax.Everyone); !all {
			parts = append(parts, part)
		}
	}
	early, late := r.strangers(f, t)
	joined := f == m.JoinedRow()
	if !joined {
		add(m.Subject.Is(m.From.Labels[f], r.from, schema))
	}
	if joined || early {
		if r.there == nil {
			if r.there, err = r.seen.There(ctx, r.src, r.from); err != nil {
				return nil, false, err
			}
		}
		switch {
		case r.there == nil:
			ok = false
		case joined:
			add(&syntax.Not{X: r.there}, true)
		default:
			add(r.there, true)
		}
	}
	add(m.Subject.Is(m.To.Labels[t], r.to, schema))
	if late {
		if r.came == nil {
			if r.came, err = r.seen.There(ctx, r.src, r.to); err != nil {
				return nil, false, err
			}
		}
		add(r.came, r.came != nil)
	}
	if r.base != nil {
		add(AsOf(r.base, r.to, schema))
	}
	if !ok {
		return nil, false, nil
	}
	return syntax.All(parts...), true, nil
}

// strangers tells whether the labels of a route alone would find customers of
// the base who were not there yet as of the earlier point, or the later.
func (r *Routes) strangers(f, t int) (early, late bool) {
	m := r.moves
	m.among.Each(func(i int) {
		if int(m.To.codes[i]) != t+1 {
			return
		}
		joined := f == m.JoinedRow()
		if !joined && int(m.From.codes[i]) != f+1 {
			return
		}
		if joined {
			late = late || m.To.Code(i) == 0
		} else {
			early = early || m.From.Code(i) == 0
		}
	})
	return early, late
}
