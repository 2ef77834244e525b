package course

import (
	"context"
	"strconv"

	"tesela/segment"
	"tesela/segment/syntax"
)

// figures are what a layer's labels are made of, for everyone at both ends;
// what the data cannot tell is nil.
type figures struct {
	days, count, revenue [2]*segment.Values
	since                *segment.Values // purchases between the two
}

// figures evaluates them, in the window that the layer has.
func (m *Moves) figures(ctx context.Context, src segment.Source) (*figures, error) {
	f := &figures{}
	schema := src.Schema()
	purchase, ok := schema.Event(schema.Roles["purchase"])
	if !ok {
		return f, nil
	}
	var def *syntax.Window
	if m.Subject.Layer.Name != "rfm" {
		def = lastYear()
	}
	window := m.Subject.window("window", def)
	call := func(fn syntax.Fn, w *syntax.Window) syntax.Value {
		return &syntax.Call{Fn: fn, Event: purchase.Name, Window: w}
	}
	// Whether a customer has lapsed is by all purchases; scores are by those
	// of the window.
	byDays := window
	if m.Subject.Layer.Name == "lifecycle" {
		byDays = nil
	}
	values := []syntax.Value{call(syntax.DaysSince, byDays), call(syntax.Count, window)}
	revenue, err := schema.Revenue(window)
	if err == nil {
		values = append(values, revenue)
	}
	for k, as := range []*State{m.From, m.To} {
		ask := values
		if k == 1 {
			between := DateAt(m.From.At, m.To.At, schema.Zone)
			ask = append(ask[:len(ask):len(ask)], call(syntax.Count, &syntax.Window{Kind: syntax.WindowSince, From: between.point()}))
		}
		plan, err := segment.CompileValues(ctx, ask, src, as.At)
		if err != nil {
			return nil, err
		}
		got, err := plan.Run(ctx)
		if err != nil {
			return nil, err
		}
		f.days[k], f.count[k] = got[0], got[1]
		if len(values) > 2 {
			f.revenue[k] = got[2]
		}
		if k == 1 {
			f.since = got[len(got)-1]
		}
	}
	return f, nil
}

// purchaseReasons counts who bought since and who did not.
func (f *figures) purchaseReasons(who []int) []Reason {
	if f.since == nil {
		return nil
	}
	bought := 0
	for _, i := range who {
		if f.since.Float(i) > 0 {
			bought++
		}
	}
	return present(Reason{BoughtNothing, len(who) - bought}, Reason{Bought, bought})
}

// revenueReasons counts whose revenue fell and rose.
func (f *figures) revenueReasons(who []int) []Reason {
	if f.revenue[0] == nil {
		return nil
	}
	fell, rose := 0, 0
	for _, i := range who {
		switch was, is := f.revenue[0].Float(i), f.revenue[1].Float(i); {
		case is < was:
			fell++
		case is > was:
			rose++
		}
	}
	return present(Reason{RevenueFell, fell}, Reason{RevenueRose, rose}, Reason{RevenueSame, len(who) - fell - rose})
}

// earn tells that at both ends at least so many percent of all customers have
// revenue.
func (f *figures) earn(percent string) bool { return f.earners(percent, true) }

// earnNot tells that at both ends no more than so many percent have none.
func (f *figures) earnNot(percent string) bool { return f.earners(percent, false) }

func (f *figures) earners(percent string, some bool) bool {
	p, err := strconv.Atoi(percent)
	for _, revenue := range f.revenue {
		if revenue == nil || err != nil {
			return false
		}
		n := 0
		for i := range revenue.N() {
			if revenue.Float(i) > 0 {
				n++
			}
		}
		if all := revenue.N(); some && 100*n < p*all || !some && 100*(all-n) > p*all {
			return false
		}
	}
	return true
}

func present(all ...Reason) []Reason {
	var some []Reason
	for _, r := range all {
		if r.N > 0 {
			some = append(some, r)
		}
	}
	return some
}
