package measure

import (
	"context"
	"fmt"
	"math"
	"time"

	"tesela/segment"
	"tesela/segment/syntax"
)

// inner is what a slot over customers is per period: who satisfies the
// formula, or everyone's values.
type inner struct {
	set    *segment.Set
	values *segment.Values
	notes  []Note
}

// runInner evaluates a slot over customers in one span of time. bounded tells
// that the span was asked for; else calls keep all time.
func (p *Plan) runInner(ctx context.Context, s *slot, span segment.Span, bounded bool) (inner, error) {
	if s.fn == fnPer {
		v := s.value
		if bounded || len(p.inside) > 0 {
			copied, err := syntax.ParseValue(v.String())
			if err != nil {
				return inner{}, fmt.Errorf("measure %s: %w", s.name, err)
			}
			p.narrow(copied, span, bounded)
			v = copied
		}
		plan, err := segment.CompileValue(ctx, v, p.src, p.at, p.opts...)
		if err != nil {
			return inner{}, &Error{Field: "measures", Message: "measure " + quoted(s.name), Err: err}
		}
		values, err := plan.Run(ctx)
		return inner{values: values, notes: plan.Warnings()}, err
	}
	f := s.formula
	if s.trait != "" {
		f = datedIn(s.trait, span)
	} else if bounded || len(p.inside) > 0 {
		copied, err := syntax.Parse(f.String())
		if err != nil {
			return inner{}, fmt.Errorf("measure %s: %w", s.name, err)
		}
		p.narrow(copied, span, bounded)
		f = copied
	}
	plan, err := segment.Compile(ctx, f, p.src, p.at, p.opts...)
	if err != nil {
		return inner{}, &Error{Field: "measures", Message: "measure " + quoted(s.name), Err: err}
	}
	set, err := plan.Run(ctx)
	if err != nil {
		return inner{}, err
	}
	return inner{set: set, notes: set.Notes()}, nil
}

// narrow gives the calls and sequences of a formula that name no window the
// span, and all the calls the query's where. It changes the tree.
func (p *Plan) narrow(n syntax.Node, span segment.Span, bounded bool) {
	syntax.Walk(n, func(n syntax.Node) bool {
		if q, ok := n.(*syntax.Sequence); ok && bounded && q.Window == nil {
			q.Window = windowOf(span)
		}
		c, ok := n.(*syntax.Call)
		if !ok || !takesWindow(c.Fn) {
			return true
		}
		if bounded && c.Window == nil {
			c.Window = windowOf(span)
		}
		if w := p.inside[c.Event]; w != nil {
			c.Where = both(c.Where, w)
		}
		return true
	})
}

// windowOf writes absolute times as a window.
func windowOf(s segment.Span) *syntax.Window {
	point := func(t int64) syntax.Point {
		return syntax.Point{Date: &syntax.Date{Text: time.UnixMicro(t).UTC().Format(time.RFC3339Nano)}}
	}
	if s.From == math.MinInt64 {
		return &syntax.Window{Kind: syntax.WindowBefore, From: point(s.To)}
	}
	return &syntax.Window{Kind: syntax.WindowFromTo, From: point(s.From), To: point(s.To)}
}
