package segment

import (
	"context"
	"fmt"

	"tesela/segment/column"
	"tesela/segment/rfm"
	"tesela/segment/syntax"
)

// rfmPart is which of the results of the analysis a layer gives.
type rfmPart uint8

const (
	rfmLabel rfmPart = iota
	rfmRecency
	rfmFrequency
	rfmMoney
)

// rfmLayer is rfm or one of its scores, over customers with a purchase in the
// window: R by days_since(purchase), F by count(purchase), M by revenue.
type rfmLayer struct {
	name string
	part rfmPart
}

type rfmParams struct {
	bins   int
	window *syntax.Window
}

func (l rfmLayer) read(s *Schema, params []syntax.Param) (rfmParams, error) {
	r := readParams(l.name, l.name+"(bins: 5, last 1y)", params)
	p := rfmParams{bins: r.whole("bins", rfm.DefaultBins, rfm.MinBins, rfm.MaxBins), window: r.window("window", s.Zone)}
	return p, r.done()
}

// Check implements Layer.
func (l rfmLayer) Check(s *Schema, params []syntax.Param) (column.Kind, []string, error) {
	p, err := l.read(s, params)
	if err != nil {
		return 0, nil, err
	}
	if _, err := commerceOf(s, l.name); err != nil {
		return 0, nil, err
	}
	if l.part != rfmLabel {
		return column.Number, nil, nil
	}
	return column.Text, rfm.Labels(p.bins), nil
}

// Compute implements Layer.
func (l rfmLayer) Compute(ctx context.Context, u *Use) (*column.Column, error) {
	p, err := l.read(u.Source.Schema(), u.Params)
	if err != nil {
		return nil, err
	}
	s, err := u.rfm(ctx, p)
	if err != nil {
		return nil, err
	}
	note := Note{
		Code: "rfm_scored", Args: map[string]any{"bins": int64(p.bins), "customers": int64(s.Scored)},
		Text: fmt.Sprintf("RFM scores from 1 to %d over the %d customers with a purchase", p.bins, s.Scored),
	}
	if p.window != nil {
		note.Code, note.Args["window"] = "rfm_scored_in", p.window.String()
		note.Text += " in the window " + p.window.String()
	}
	u.Note(note)
	switch l.part {
	case rfmRecency:
		return rfm.Number(s.R), nil
	case rfmFrequency:
		return rfm.Number(s.F), nil
	case rfmMoney:
		return rfm.Number(s.M), nil
	}
	return s.Label(), nil
}

// rfm scores everyone, once for the label and the three scores.
func (u *Use) rfm(ctx context.Context, p rfmParams) (*rfm.Scores, error) {
	return once(u, fmt.Sprintf("rfm %d %s", p.bins, windowKey(p.window)), func() (*rfm.Scores, error) {
		facts, err := once(u, "rfm facts "+windowKey(p.window), func() (rfm.Facts, error) { return u.rfmFacts(ctx, p.window) })
		if err != nil {
			return nil, err
		}
		return rfm.Score(ctx, facts, p.bins)
	})
}

func (u *Use) rfmFacts(ctx context.Context, w *syntax.Window) (rfm.Facts, error) {
	c, err := commerceOf(u.Source.Schema(), "rfm")
	if err != nil {
		return rfm.Facts{}, err
	}
	n := u.Source.Schema().Customers
	f := rfm.Facts{Days: make([]int32, n), Count: make([]int32, n), Revenue: make([]int64, n)}
	return f, u.figures(ctx, c, w, f.Revenue, func(lo, hi int, more []*vec) {
		days, counts, money := f.Days[lo:hi], f.Count[lo:hi], f.Revenue[lo:hi]
		since, bought := more[0].ints[:hi-lo], more[1].ints[:hi-lo]
		for i, x := range money {
			set := int64(0) // all ones for who bought; branches would go by chance
			if since[i] != column.Unset {
				set = 1
			}
			set = -set
			days[i] = int32(since[i]&set | rfm.None&^set)
			counts[i] = int32(bought[i]&set | rfm.None&^set)
			money[i] = x&set | column.Unset&^set
		}
	},
		&syntax.Call{Fn: syntax.DaysSince, Event: c.purchase.Name, Window: w},
		&syntax.Call{Fn: syntax.Count, Event: c.purchase.Name, Window: w},
	)
}
