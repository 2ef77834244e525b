package segment

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"tesela/segment/column"
	"tesela/segment/syntax"
)

// Analyses are the layers and scores that every formula may name:
//
//	rfm(bins: 5, WINDOW)              label of the R-F-M grid
//	rfm_r, rfm_f, rfm_m               its three scores, with the same parameters
//	lifecycle(lapse: DAYS, new: last 30d, star: 10)
//	engagement(EVENT, …, last 60d)
//	value_tier(top: 20, low: 50, last 1y)
//	split("NAME", held_out: 50)
//
// All parameters but a split's name may be left out. Any of them takes `at:`, a date or such as
// 90d ago, and is then as it was at that instant: rfm(at: 90d ago).
func Analyses() Layers {
	return Layers{
		"rfm":        rfmLayer{name: "rfm", part: rfmLabel},
		"rfm_r":      rfmLayer{name: "rfm_r", part: rfmRecency},
		"rfm_f":      rfmLayer{name: "rfm_f", part: rfmFrequency},
		"rfm_m":      rfmLayer{name: "rfm_m", part: rfmMoney},
		"lifecycle":  lifecycleLayer{},
		"engagement": engagementLayer{},
		"value_tier": valueLayer{},
		"split":      splitLayer{},
	}
}

// LayerInfo describes a layer or score without parameters.
type LayerInfo struct {
	Name string
	// Kind is Text for layers, else that of the score.
	Kind column.Kind
	// Labels of a layer, in the order they are told in.
	Labels []string
}

// Describe lists the layers and scores that can be had from data like this, by
// name; ones whose roles are missing are left out.
func (l Layers) Describe(s *Schema) []LayerInfo {
	var all []LayerInfo
	for _, name := range slices.Sorted(maps.Keys(l)) {
		if kind, labels, err := l[name].Check(s, nil); err == nil {
			all = append(all, LayerInfo{Name: name, Kind: kind, Labels: labels})
		}
	}
	return all
}

// Labels gives the labels of a use of a layer, in the order they are told in;
// ok is false where the value is no layer, or wrong.
func (l Layers) Labels(s *Schema, v syntax.Value) (labels []string, ok bool) {
	n, isName := v.(*syntax.Name)
	if !isName {
		return nil, false
	}
	if _, isTrait := s.Trait(n.Name); isTrait {
		return nil, false
	}
	layer, known := l[n.Name]
	if !known {
		return nil, false
	}
	_, params, err := splitAt(n.Params)
	if err != nil {
		return nil, false
	}
	kind, labels, err := layer.Check(s, params)
	return labels, err == nil && kind == column.Text
}

func windowKey(w *syntax.Window) string {
	if w == nil {
		return ""
	}
	return w.String()
}

// end is the instant at and after which no row exists for the use.
func (u *Use) end() int64 { return min(micros(u.At), micros(u.Now)) }

// table loads the rows of an event; nil where it has none.
func (u *Use) table(ctx context.Context, event string) (*column.Table, error) {
	need := Need{Firsts: true}
	need.Add(event, "")
	w, err := u.Source.Load(ctx, need)
	if err != nil {
		return nil, fmt.Errorf("load %s: %w", event, err)
	}
	t := w.Tables[event]
	if t == nil || t.Len() == 0 {
		return nil, nil
	}
	return t, nil
}
