package course

import (
	"slices"
	"strconv"

	"tesela/segment"
	"tesela/segment/syntax"
)

// AsOf writes a formula as of an earlier point in time in the language itself,
// so that it can be kept and joined with others: the customers that the result
// finds now are those whom f found then. Windows become absolute, layers and
// segments get an instant. Where the point is so long ago and every part can
// move along with now, the result does; else it names dates.
//
// Ok is false where the language has no way to say it (an anniversary of then,
// a length of time to then inside a sum); f is then given back as it is.
func AsOf(f syntax.Formula, p Point, schema *segment.Schema) (then syntax.Formula, ok bool) {
	if p.IsNow() {
		return f, true
	}
	r := rewriter{p: p, schema: schema, ok: true}
	if then = r.formula(f); r.ok && !r.fixed {
		return then, true
	}
	r = rewriter{p: DateAt(p.At, p.Now, schema.Zone), schema: schema, ok: true}
	if then = r.formula(f); r.ok {
		return then, true
	}
	return f, false
}

type rewriter struct {
	p      Point
	schema *segment.Schema
	ok     bool
	fixed  bool // a part names a date, where p moves
	rows   bool // inside where: names are properties
}

func (r *rewriter) fail() { r.ok = false }

func (r *rewriter) formula(f syntax.Formula) syntax.Formula {
	switch f := f.(type) {
	case *syntax.Or:
		return &syntax.Or{Terms: r.formulas(f.Terms)}
	case *syntax.And:
		return &syntax.And{Factors: r.formulas(f.Factors)}
	case *syntax.Not:
		return &syntax.Not{X: r.formula(f.X)}
	case *syntax.Compare:
		if days := r.days(f); days != nil {
			return days
		}
		return &syntax.Compare{Left: r.value(f.Left), Op: f.Op, Right: r.value(f.Right)}
	case *syntax.In:
		return r.in(f)
	case *syntax.Between:
		return r.between(f)
	case *syntax.IsSet:
		if call := daysSince(f.Value); call != nil {
			return &syntax.IsSet{Value: r.latest(call), Not: f.Not}
		}
		return &syntax.IsSet{Value: r.value(f.Value), Not: f.Not}
	case *syntax.Match:
		return &syntax.Match{Value: r.value(f.Value), Not: f.Not, Op: f.Op, Text: f.Text}
	case *syntax.DateCompare:
		return &syntax.DateCompare{Value: r.value(f.Value), Op: f.Op, Date: f.Date}
	case *syntax.Within:
		return &syntax.Within{Value: r.value(f.Value), Window: r.window(f.Window)}
	case *syntax.Rank:
		rank := &syntax.Rank{Bottom: f.Bottom, Percent: f.Percent, N: f.N, By: r.value(f.By)}
		if f.Among != nil {
			rank.Among = r.formula(f.Among)
		}
		return rank
	case *syntax.Sequence:
		return r.sequence(f)
	case *syntax.InSegment:
		at := f.At
		switch {
		case at == nil:
			r.fixed = r.fixed || r.p.Ago != nil
			at = dateOf(r.p.At, r.schema.Zone)
		case r.later(syntax.Point{Date: at}):
			r.fail()
		}
		return &syntax.InSegment{Name: f.Name, At: at}
	case *syntax.Crossed:
		return &syntax.Crossed{Left: f.Left, Name: f.Name, Window: r.window(f.Window)}
	case *syntax.Everyone, *syntax.Nobody:
		return f
	}
	r.fail() // what looks ahead of then, such as an anniversary
	return f
}

func (r *rewriter) formulas(fs []syntax.Formula) []syntax.Formula {
	all := make([]syntax.Formula, len(fs))
	for i, f := range fs {
		all[i] = r.formula(f)
	}
	return all
}

func (r *rewriter) sequence(f *syntax.Sequence) syntax.Formula {
	s := &syntax.Sequence{Steps: slices.Clone(f.Steps), Within: f.Within, Window: r.window(f.Window)}
	for i, step := range s.Steps {
		if step.Where != nil {
			s.Steps[i].Where = r.filter(step.Where)
		}
	}
	return s
}

func (r *rewriter) value(v syntax.Value) syntax.Value {
	switch v := v.(type) {
	case *syntax.Arith:
		return &syntax.Arith{Op: v.Op, Left: r.value(v.Left), Right: r.value(v.Right)}
	case *syntax.Call:
		call := r.call(v)
		if v.Fn != syntax.DaysSince {
			return call
		}
		// The days up to then are those up to now less the days since then.
		if !r.wholeDays() {
			r.fail()
		}
		since := DaysBetween(r.p.At.Add(-1), r.p.Now.Add(-1), r.schema.Zone)
		return &syntax.Arith{Op: '-', Left: call, Right: &syntax.Number{Text: strconv.Itoa(since)}}
	case *syntax.Name:
		return r.name(v)
	}
	return v
}

// wholeDays tells that the point is so many days before now, whenever that is.
func (r *rewriter) wholeDays() bool {
	return r.p.Ago != nil && (r.p.Ago.Unit == syntax.Day || r.p.Ago.Unit == syntax.Week)
}

func (r *rewriter) call(v *syntax.Call) *syntax.Call {
	call := &syntax.Call{Fn: v.Fn, Event: v.Event, Property: v.Property, Window: r.window(v.Window)}
	if v.Where != nil {
		call.Where = r.filter(v.Where)
	}
	return call
}

// filter rewrites what stands after where, which may look at times too.
func (r *rewriter) filter(f syntax.Formula) syntax.Formula {
	inside := *r
	inside.rows = true
	f = inside.formula(f)
	r.ok, r.fixed = inside.ok, inside.fixed
	return f
}

// name rewrites a layer; traits are as they are, and so are properties of
// rows, which stand as bare names in a filter.
func (r *rewriter) name(n *syntax.Name) syntax.Value {
	if _, trait := r.schema.Trait(n.Name); trait || r.rows {
		return n
	}
	if _, layer := segment.Analyses()[n.Name]; !layer {
		return n
	}
	for i, a := range n.Params {
		if a.Key != "at" {
			continue
		}
		if a.Ago == nil {
			if d, ok := a.Value.(*syntax.Date); !ok || r.later(syntax.Point{Date: d}) {
				r.fail()
			}
			return n
		}
		r.fixed = r.fixed || r.p.Ago != nil
		params := slices.Clone(n.Params)
		params[i] = syntax.Param{Key: "at", Value: dateOf(Back(r.p.At, *a.Ago, r.schema.Zone), r.schema.Zone)}
		return &syntax.Name{Name: n.Name, Params: params}
	}
	at := syntax.Param{Key: "at", Ago: r.p.Ago}
	if r.p.Ago == nil {
		at.Value = r.p.Date
	}
	return &syntax.Name{Name: n.Name, Params: append([]syntax.Param{at}, n.Params...)}
}
