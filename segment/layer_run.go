package segment

import (
	"context"
	"fmt"
	"slices"

	"tesela/segment/syntax"
)

// computeLayers fills in the plan's layers and scores, those as of the same
// instant together, so that they share what they are made of and it is let go
// before the next instant.
func (r *run) computeLayers(ctx context.Context) error {
	p := r.plan
	done, readers := make([]bool, len(p.layered)), p.readers()
	for i, first := range p.layered {
		if done[i] {
			continue
		}
		shared := map[string]any{}
		for j := i; j < len(p.layered); j++ {
			v := p.layered[j]
			if done[j] || !v.layer.at.Equal(first.layer.at) {
				continue
			}
			done[j] = true
			u := &Use{Source: p.src, At: v.layer.at, Now: p.at, Params: v.layer.params, shared: shared, readers: readers[v.id]}
			c, err := v.layer.layer.Compute(ctx, u)
			if err != nil {
				return fmt.Errorf("compute %s: %w", v.text, err)
			}
			if c.Kind != v.kind || c.Len() != r.world.Customers {
				return fmt.Errorf("compute %s: it gave %d values of kind %s, not %d of kind %s", v.text, c.Len(), c.Kind, r.world.Customers, v.kind)
			}
			if c.Packed != nil {
				r.traits[v.id] = c
			} else {
				r.columns[v.id] = vecOf(c, v.den)
			}
			if v.layer.at.Equal(p.at) { // not once for every day of a window
				r.noteLayer(v, u.notes)
			}
		}
	}
	return nil
}

// noteLayer keeps what a layer says, each thing once.
func (r *run) noteLayer(v *value, notes []Note) {
	for _, n := range notes {
		if slices.ContainsFunc(r.said, func(o Note) bool { return o.Code == n.Code && o.Text == n.Text }) {
			continue
		}
		n.Span = v.span
		r.said = append(r.said, n)
	}
}

// blocks evaluates values of the formula language for every customer, as of
// the use's instant, a block of customers [lo, hi) at a time. Values over the
// same rows share a scan. The vectors are lent. Visits of different blocks run at
// the same time, in any order.
func (u *Use) blocks(ctx context.Context, visit func(lo, hi int, vs []*vec) error, values ...syntax.Value) error {
	c := newCompiler(ctx, u.Source, u.At, nil)
	c.now = u.Now
	roots := make([]*value, len(values))
	for i, v := range values {
		roots[i] = c.value(v)
	}
	p, err := c.finish()
	if err != nil {
		return err
	}
	r, err := newRun(ctx, p)
	if err != nil {
		return err
	}
	return r.each(ctx, func(w *worker) error {
		vs := make([]*vec, len(roots))
		for i, v := range roots {
			part, err := w.value(v)
			if err != nil {
				return err
			}
			vs[i] = part
		}
		return visit(w.lo, w.hi, vs)
	})
}
