package tools

import (
	"cmp"
	"context"
	_ "embed"
	"math"
	"slices"
	"strings"

	"tesela/segment/course"
	"tesela/segment/drift"
	"tesela/segment/syntax"
)

//go:embed trace_drift.md
var traceDriftText string

// mostEnds is at how many dates a subject is looked at.
const mostEnds = 200

// mostAlerts is how many alerts are told as notes.
const mostAlerts = 5

// periodsBack is how long ago the first date is when none is given.
var periodsBack = map[string]string{"day": "12d ago", "week": "12w ago", "month": "12mo ago", "quarter": "12q ago", "year": "12y ago"}

func traceDrift(ctx context.Context, c *call, args *TraceDriftArgs) (*Result, error) {
	subject, err := c.subject(&args.Layer, &args.Segment)
	if err != nil {
		return nil, err
	}
	if args.Per == "" {
		args.Per = "month"
	}
	to, err := c.pointOf(pointArgument{name: "to", text: &args.To, end: true})
	if err != nil {
		return nil, err
	}
	from, err := c.pointOf(pointArgument{name: "from", text: &args.From, fallback: periodsBack[args.Per]})
	if err != nil {
		return nil, err
	}
	if !from.At.Before(to.At) {
		return nil, c.fault("from", "%s is not before %s; give a from that lies before to", c.dated(from), c.dated(to))
	}
	ends, more := course.Ends(from.At, to.At, args.Per, c.schema.Zone, mostEnds)
	if more {
		return nil, c.fault("per", "from %s to %s there are more than %d ends of a %s; give a longer period or dates that lie closer", c.dated(from), c.dated(to), mostEnds, args.Per)
	}
	if err := c.checkSubject(ctx, subject, from, to); err != nil {
		return nil, err
	}
	base, err := c.baseOf(ctx, &args.Formula)
	if err != nil {
		return nil, err
	}
	seen, err := course.FirstSeen(ctx, c.src)
	if err != nil {
		return nil, err
	}
	series, err := course.Follow(ctx, c.src, subject, base, seen, ends, c.progress("progress_dates"))
	if err != nil {
		return nil, err
	}
	r := &Result{
		Title:   c.say("title_trace_drift_"+args.Per, params{"subject": cmp.Or(args.Layer, args.Segment)}),
		Values:  map[string]any{},
		Units:   map[string]string{"size": "customers", "size_before": "customers", "customers": "customers"},
		Columns: []Column{{Name: args.Per, Kind: "text", Unit: args.Per}},
		Rows:    [][]any{},
	}
	d := &drifting{call: c, args: args, subject: subject, series: series}
	if subject.Layer == nil {
		d.segmentRows(r)
	} else {
		d.layerRows(r)
	}
	d.values(r)
	d.notes()
	c.noteSubject(subject, base)
	return r, nil
}

// baseOf reads the argument formula, nil for everyone.
func (c *call) baseOf(ctx context.Context, text *string) (syntax.Formula, error) {
	if strings.TrimSpace(*text) == "" {
		*text = (&syntax.Everyone{}).String()
	}
	f, err := c.checked(ctx, "formula", text)
	if err != nil {
		return nil, err
	}
	if _, all := f.(*syntax.Everyone); all {
		return nil, nil
	}
	return f, nil
}

// drifting is a series being told.
type drifting struct {
	*call
	args    *TraceDriftArgs
	subject course.Subject
	series  *course.Series
}

// driftColumns are what is told of each size.
func driftColumns() []Column {
	return []Column{
		{Name: "share", Kind: "rate"},
		{Name: "share_change", Kind: "number", Unit: "points"},
		{Name: "chance", Kind: "number"},
		{Name: "alert", Kind: "text"},
	}
}

func (d *drifting) segmentRows(r *Result) {
	r.Columns = append(r.Columns, Column{Name: "customers", Kind: "count", Unit: "customers"}, Column{Name: "base", Kind: "count", Unit: "customers"})
	r.Columns = append(r.Columns, driftColumns()...)
	r.Columns = append(r.Columns, Column{Name: "partial", Kind: "bool"})
	for _, p := range d.series.Points {
		row := []any{p.Key, p.Labels[0].Size, p.Base}
		row = append(row, driftCells(p.Labels[0])...)
		r.Rows = append(r.Rows, append(row, partial(p)))
	}
	r.Chart = &Chart{Type: "line", X: d.args.Per, Y: "customers"}
}

func (d *drifting) layerRows(r *Result) {
	r.Columns = append(r.Columns, Column{Name: "label", Kind: "text"}, Column{Name: "customers", Kind: "count", Unit: "customers"})
	r.Columns = append(r.Columns, driftColumns()...)
	r.Columns = append(r.Columns, Column{Name: "stability_index", Kind: "number"}, Column{Name: "mix_chance", Kind: "number"}, Column{Name: "partial", Kind: "bool"})
	ever := make([]bool, len(d.series.Labels))
	for _, p := range d.series.Points {
		for k, l := range p.Labels {
			ever[k] = ever[k] || l.Size > 0
		}
	}
	for _, p := range d.series.Points {
		for k, l := range p.Labels {
			if !ever[k] {
				continue
			}
			row := []any{p.Key, d.series.Labels[k], l.Size}
			row = append(row, driftCells(l)...)
			r.Rows = append(r.Rows, append(row, figureCell(p.PSI, 4), figureCell(p.Mix, 6), partial(p)))
		}
	}
	r.Chart = &Chart{Type: "line", X: d.args.Per, Y: "share", Series: "label"}
}

func driftCells(l course.LabelDrift) []any {
	var alert any
	switch l.Alert {
	case 1:
		alert = "rose"
	case -1:
		alert = "fell"
	}
	return []any{l.Share, figureCell(100*l.By, 4), figureCell(l.P, 6), alert}
}

// partial marks a period that is not over.
func partial(p course.Reading) any {
	if p.Partial {
		return true
	}
	return nil
}

// figureCell rounds a statistic to so many decimals; nil where there is none.
func figureCell(x float64, decimals int) any {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return nil
	}
	scale := math.Pow10(decimals)
	return math.Round(x*scale) / scale
}

func (d *drifting) values(r *Result) {
	alerts := 0
	for _, p := range d.series.Points {
		for _, l := range p.Labels {
			if l.Alert != 0 {
				alerts++
			}
		}
	}
	v := r.Values
	v["alerts"], v["looks"], v["periods"] = alerts, d.series.Looks, len(d.series.Points)
	if len(d.series.Points) == 0 {
		return
	}
	first, last := d.series.Points[0], d.series.Points[len(d.series.Points)-1]
	day := func(p course.Reading) string {
		return course.DateAt(p.At, p.At.Add(1), d.schema.Zone).String()
	}
	v["from"], v["to"] = day(first), day(last)
	if d.subject.Layer == nil {
		v["size"], v["size_before"] = last.Labels[0].Size, first.Labels[0].Size
		return
	}
	mixes := 0
	for _, p := range d.series.Points {
		if mixMoved(p) {
			mixes++
		}
	}
	v["customers"], v["mix_alerts"] = last.Base, mixes
	if !math.IsNaN(last.PSI) {
		v["stability_index"] = figureCell(last.PSI, 4)
	}
}

// notes say which alerts there are and how they were found.
func (d *drifting) notes() {
	type alert struct {
		at, label int
		p         float64
	}
	var alerts []alert
	for at, p := range d.series.Points {
		for k, l := range p.Labels {
			if l.Alert != 0 {
				alerts = append(alerts, alert{at, k, l.P})
			}
		}
	}
	slices.SortStableFunc(alerts, func(a, b alert) int { return cmp.Compare(a.p, b.p) })
	for _, a := range alerts[:min(mostAlerts, len(alerts))] {
		was, is := d.series.Points[a.at-1].Labels[a.label], d.series.Points[a.at].Labels[a.label]
		key := "alert_rose"
		if is.Alert < 0 {
			key = "alert_fell"
		}
		d.note(key, params{
			"period": d.series.Points[a.at].Key, "label": d.labelText(d.series.Labels[a.label]),
			"was": was.Size, "is": is.Size, "from": d.decimal(100*was.Share, 1), "to": d.decimal(100*is.Share, 1),
		})
	}
	if more := len(alerts) - mostAlerts; more > 0 {
		d.note("alerts_more", params{"n": more})
	}
	for _, p := range d.series.Points {
		switch {
		case !mixMoved(p):
		case p.PSI >= drift.MuchMoved:
			d.note("mix_moved_much", params{"period": p.Key, "index": d.decimal(p.PSI, 2)})
		default:
			d.note("mix_moved", params{"period": p.Key, "index": d.decimal(p.PSI, 2)})
		}
	}
	switch {
	case len(d.series.Points) < 2:
		d.note("drift_short", nil)
	case d.series.Reference:
		d.note("drift_how", params{"movers": drift.LeastMovers})
	default:
		d.note("drift_how_short", params{"movers": drift.LeastMovers})
	}
	if n := len(d.series.Points); n > 0 && d.series.Points[n-1].Partial {
		d.note("drift_partial", params{"period": d.series.Points[n-1].Key})
	}
	if d.subject.Layer != nil {
		d.note("drift_mix", nil)
		d.noteSet(d.series.Notes)
	}
}

// mixMoved tells that a mix is another than the mean of those before it, and
// another than the last beyond chance.
func mixMoved(p course.Reading) bool {
	return p.PSI >= drift.SomewhatMoved && p.Mix < 0.05
}
