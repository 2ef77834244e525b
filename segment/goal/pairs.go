package goal

import (
	"cmp"
	"context"
	"slices"

	"tesela/segment"
	"tesela/segment/feature"
	"tesela/segment/syntax"
	"tesela/segment/trial"
)

// Bounds on pairs.
const (
	pairsOf   = 2  // at most this many for what is bought
	pairsBoth = 20 // customers who bought both
)

// pairs are groups of those who buy one thing and never another that people who
// buy it buy more often than others do. The things are the words of the
// category, or of what else the product layer tells apart.
func (w *work) pairs(ctx context.Context) error {
	things, err := w.things(ctx)
	if err != nil {
		return err
	}
	if len(things) == 0 {
		w.names.missing["category"] = true
	}
	for _, of := range things {
		if err := w.pairsAmong(ctx, of); err != nil || len(w.all) > 0 {
			return err
		}
	}
	return nil
}

// pairsAmong makes pairs of the words of one property.
func (w *work) pairsAmong(ctx context.Context, things []Value) error {
	bought := make([]syntax.Formula, len(things))
	for i, t := range things {
		bought[i] = t.Condition()
	}
	plan, err := segment.CompileEach(ctx, append(bought, w.everyone()), w.src, w.at)
	if err != nil {
		return err
	}
	sets, err := plan.RunEach(ctx)
	if err != nil {
		return err
	}
	base := sets[len(things)]
	some := segment.NewSet(base.N())
	for i := range things {
		sets[i] = sets[i].And(base)
		some = some.Or(sets[i])
	}
	type pair struct {
		a, b     int
		with, of float64
	}
	for a := range things {
		var found []pair
		for b := range things {
			both, n := sets[a].And(sets[b]).Len(), sets[a].Len()
			if a == b || both < pairsBoth {
				continue
			}
			with, of := float64(both)/float64(n), float64(sets[b].Len())/float64(some.Len())
			if with > of {
				found = append(found, pair{a, b, with, of})
			}
		}
		slices.SortStableFunc(found, func(x, y pair) int { return cmp.Compare(y.with/y.of, x.with/x.of) })
		for _, p := range found[:min(len(found), pairsOf)] {
			if err := w.pair(ctx, things[p.a], things[p.b], p.with, p.of); err != nil {
				return err
			}
		}
	}
	return nil
}

func (w *work) pair(ctx context.Context, a, b Value, with, of float64) error {
	outcome, err := trial.ParseFigure(b.Condition().String())
	if err != nil {
		return err
	}
	never := &syntax.Compare{Left: &syntax.Call{Fn: syntax.Count, Event: b.Event, Where: b.is()}, Op: syntax.Eq, Right: &syntax.Number{Text: "0"}}
	lately := &syntax.Compare{
		Left:  &syntax.Call{Fn: syntax.Count, Event: a.Event, Where: a.is(), Window: &syntax.Window{Duration: syntax.Duration{N: 1, Unit: syntax.Year}}},
		Op:    syntax.Ge,
		Right: &syntax.Number{Text: "1"},
	}
	w.add(ctx, syntax.All(lately, never), &candidate{
		outcome: outcome, Proposal: Proposal{Name: "pair", Words: []string{a.Word, b.Word}, With: with, Of: of},
	})
	return nil
}

// things are the words that purchases (and then other events) are told apart
// by, property by property.
func (w *work) things(ctx context.Context) ([][]Value, error) {
	fs, err := feature.From(ctx, w.src, w.at, feature.Options{Layers: []string{feature.Product}, Always: true, Most: 60, Except: w.q.Except})
	if err != nil {
		return nil, err
	}
	var things [][]Value
	for _, f := range fs {
		if f.Says.Form != feature.ShareWord {
			continue
		}
		v := Value{f.Says.Event, f.Says.Prop, f.Says.Word}
		if k := len(things) - 1; k >= 0 && things[k][0].Event == v.Event && things[k][0].Field == v.Field {
			things[k] = append(things[k], v)
		} else {
			things = append(things, []Value{v})
		}
	}
	return things, nil
}

func (w *work) everyone() syntax.Formula {
	if w.q.Base == nil {
		return &syntax.Everyone{}
	}
	return w.q.Base
}
