package tools

import (
	"context"
	"math"
	"strconv"

	"tesela/segment/course"
	"tesela/segment/migration"
	"tesela/segment/syntax"
)

// predict adds to each row how many are expected to make that move next, adds
// rows of moves that past steps had and this one has not, and tells each label
// as a segment with its expected size.
func (t *tracing) predict(ctx context.Context, r *Result, routes []course.Route) error {
	o, err := t.moves.Outlook(ctx, t.src, t.base, t.seen, t.from, t.to)
	if err != nil {
		return err
	}
	m := t.moves
	width := len(r.Columns)
	r.Columns = append(
		r.Columns,
		Column{Name: "expected", Kind: "count", Unit: "customers"},
		Column{Name: "low", Kind: "count", Unit: "customers"},
		Column{Name: "high", Kind: "count", Unit: "customers"},
	)
	rows := map[course.Route][]any{}
	for k, route := range routes {
		rows[route] = r.Rows[k]
	}
	r.Rows = [][]any{}
	for f := range m.Matrix.Rows {
		for to := range m.Matrix.Cols {
			route := course.Route{From: f, To: to}
			flow := o.Flows[f][to]
			row, there := rows[route]
			switch {
			case there:
			case flow.Expected < 0.5 || !t.asked(f, to):
				continue
			default:
				row = make([]any, width)
				row[0], row[1], row[2], row[3] = m.RowLabel(f), m.Labels()[to], 0, 0.0
			}
			r.Rows = append(r.Rows, append(row, counts(flow)...))
		}
	}
	t.labelSegments(r, o)
	until := course.DateAt(o.Until, o.Until.Add(1), t.schema.Zone).String()
	r.Values["until"], r.Values["steps"] = until, o.Steps
	days := course.DaysBetween(t.from.At, t.to.At, t.schema.Zone)
	if o.Steps == 1 {
		t.note("predicted_how_one", params{"days": days, "until": until})
	} else {
		t.note("predicted_how", params{"n": o.Steps, "days": days, "until": until})
	}
	if o.Check == nil {
		t.note("predicted_unchecked", nil)
		return nil
	}
	r.Values["off"], r.Values["off_still"] = o.Check.Off, o.Check.Still
	r.Values["inside"], r.Values["labels"] = o.Check.Inside, o.Check.Labels
	r.Units["off"], r.Units["off_still"] = "rate", "rate"
	t.note("predicted_check", params{
		"to": t.dated(t.to), "off": percentText(o.Check.Off), "still": percentText(o.Check.Still), "inside": o.Check.Inside, "n": o.Check.Labels,
	})
	return nil
}

// counts are an estimate as whole customers, the interval widened to them.
func counts(e migration.Estimate) []any {
	return []any{int(math.Round(e.Expected)), int(math.Floor(e.Low)), int(math.Ceil(e.High))}
}

// percentText is a share in whole percent, without the sign.
func percentText(x float64) string { return strconv.Itoa(int(math.Round(100 * x))) }

// labelSegments tells the labels of the later date with what is expected of
// them.
func (t *tracing) labelSegments(r *Result, o *course.Outlook) {
	total := 0
	for _, n := range o.Now {
		total += n
	}
	for k, label := range t.moves.Labels() {
		size := o.Sizes[k]
		if o.Now[k] == 0 && size.Expected < 0.5 || t.entered >= 0 && k != t.entered || t.entered < 0 && t.left >= 0 && k != t.left {
			continue
		}
		s := Segment{Name: label, Size: o.Now[k], Share: share(o.Now[k], total)}
		if f, ok := t.subject.Is(label, t.to, t.schema); ok {
			if t.base != nil {
				base, said := course.AsOf(t.base, t.to, t.schema)
				f, ok = syntax.All(f, base), said
			}
			if ok {
				s.Formula = f.String()
			}
		}
		if o.Now[k] > 0 {
			growth := size.Expected/float64(o.Now[k]) - 1
			s.Growth = &growth
		}
		expected := counts(size)
		p := params{
			"label": t.labelText(label), "now": o.Now[k], "n": expected[0].(int), "low": expected[1].(int), "high": expected[2].(int),
			"until": course.DateAt(o.Until, o.Until.Add(1), t.schema.Zone).String(), "stay": percentText(o.Rates[k][k]),
		}
		s.Text = t.say("expected", p)
		if next := next(o.Rates[k], k); o.Past[k] > 0 && next >= 0 {
			p["next"], p["share"] = t.labelText(t.moves.Labels()[next]), percentText(o.Rates[k][next])
			s.Text += "; " + t.say("expected_next", p)
		} else if o.Past[k] == 0 {
			s.Text += "; " + t.say("expected_unknown", nil)
		}
		r.Segments = append(r.Segments, s)
	}
}

// next is the label that most of a label go to who do not stay, or -1.
func next(rates []float64, own int) int {
	best := -1
	for k, p := range rates {
		if k != own && p > 0 && (best < 0 || p > rates[best]) {
			best = k
		}
	}
	return best
}
