package tools

import (
	"context"
	_ "embed"
	"math"
	"math/big"
	"slices"
	"strings"

	"tesela/segment"
	"tesela/segment/feature"
	"tesela/segment/micro"
	"tesela/segment/syntax"
)

//go:embed find_microsegments.md
var findMicrosegmentsText string

func findMicrosegments(ctx context.Context, c *call, args *FindMicrosegmentsArgs) (*Result, error) {
	q, err := c.microQuery(ctx, args)
	if err != nil {
		return nil, err
	}
	goal, err := c.microGoal(ctx, args)
	if err != nil {
		return nil, err
	}
	found, err := micro.Find(ctx, c.src, c.at, q)
	if err != nil {
		return nil, err
	}
	args.MinSize = found.MinSize
	t := &microTelling{call: c, found: found, names: map[string]bool{}, goal: goal}
	r := t.result()
	if err := t.segments(ctx, r, args.Top); err != nil {
		return nil, err
	}
	t.notes()
	return r, nil
}

// microQuery reads the arguments and makes them canonical.
func (c *call) microQuery(ctx context.Context, args *FindMicrosegmentsArgs) (micro.Query, error) {
	q := micro.Query{MinSize: args.MinSize, Except: func(ref segment.FieldRef) bool { return c.box.personal.is(c.schema, ref) }}
	if args.MaxK == 0 {
		args.MaxK = micro.DefaultMaxK
	}
	q.MaxK = args.MaxK
	if strings.TrimSpace(args.Formula) == "" {
		args.Formula = (&syntax.Everyone{}).String()
	}
	f, err := c.checked(ctx, "formula", &args.Formula)
	if err != nil {
		return q, err
	}
	if _, all := f.(*syntax.Everyone); !all {
		q.Base = f
	}
	seen := map[string]bool{}
	for i := range args.Layers {
		l, text, err := c.microLayer(ctx, args.Layers[i])
		if err != nil {
			return q, err
		}
		if seen[l.Name] {
			return q, c.fault("layers", "there are two layers called %q; give each a name of its own", l.Name)
		}
		seen[l.Name], args.Layers[i] = true, text
		q.Layers = append(q.Layers, l)
	}
	for _, s := range c.saved {
		if f, err := syntax.Parse(s.Formula); err == nil {
			q.Saved = append(q.Saved, micro.Saved{Name: s.Name, Formula: f})
		}
	}
	if tell := c.who.Progress; tell != nil {
		q.Progress = func(phase micro.Phase, done, total int) { tell(c.say("micro_phase_"+string(phase), nil), done, total) }
	}
	return q, nil
}

// microLayer reads a layer: a built-in one's name, or one of the caller's own
// as name: VALUE; VALUE. It gives the canonical text too.
func (c *call) microLayer(ctx context.Context, text string) (micro.Layer, string, error) {
	parts := cutOutside(text, ':', 2)
	name := strings.ToLower(strings.TrimSpace(parts[0]))
	if len(parts) == 1 {
		if !slices.Contains(feature.Layers(), name) {
			e := c.fault("layers", "there is no layer %q; there are %s, or give your own as name: VALUE; VALUE", text, strings.Join(feature.Layers(), ", "))
			e.Nearest = syntax.NearestNames(name, feature.Layers(), 3)
			return micro.Layer{}, "", e
		}
		return micro.Layer{Name: name}, name, nil
	}
	name = strings.TrimSpace(parts[0])
	var values []string
	for _, v := range cutOutside(parts[1], ';', -1) {
		if v = strings.TrimSpace(v); v != "" {
			values = append(values, v)
		}
	}
	fs, err := c.ownLayer("layers", name, values)
	if err != nil {
		return micro.Layer{}, "", err
	}
	canonical := make([]string, len(fs))
	for i, f := range fs {
		canonical[i] = f.Value.String()
	}
	return micro.Layer{Name: name, Features: fs}, name + ": " + strings.Join(canonical, "; "), nil
}

// cutOutside splits a text at a mark that stands outside quotes; most is as in
// strings.SplitN.
func cutOutside(text string, mark byte, most int) []string {
	var parts []string
	from, quote := 0, byte(0)
	for i := 0; i < len(text); i++ {
		switch b := text[i]; {
		case quote != 0:
			if b == '\\' && quote == '"' {
				i++
			} else if b == quote {
				quote = 0
			}
		case b == '"' || b == '`':
			quote = b
		case b == mark && (most < 0 || len(parts) < most-1):
			parts = append(parts, text[from:i])
			from = i + 1
		}
	}
	return append(parts, text[from:])
}

// microTelling puts micro-segments into a result.
type microTelling struct {
	*call
	found *micro.Result
	names map[string]bool // in use
	goal  *microGoal      // nil for none
}

func (t *microTelling) result() *Result {
	f := t.found
	stages, merged := 0, 0
	for _, s := range f.Stages {
		if s.Customers > 0 {
			stages++
		}
		merged += s.Merged
	}
	r := &Result{
		Title: t.say("title_find_microsegments", nil),
		Values: map[string]any{
			"customers": f.Customers, "groups": len(f.Groups), "stages": stages, "min_size": f.MinSize,
			"unassigned": f.Unassigned, "several": f.Several, "merged": merged, "readable": rateOrNil(f.Readable),
		},
		Units: map[string]string{"customers": "customers", "min_size": "customers", "unassigned": "customers", "several": "customers", "readable": "rate"},
		Columns: []Column{
			{Name: "segment", Kind: "text"},
			{Name: "stage", Kind: "text"},
			{Name: "customers", Kind: "count", Unit: "customers"},
			{Name: "share", Kind: "rate"},
			{Name: "clustered", Kind: "count", Unit: "customers"},
		},
		Rows: [][]any{},
	}
	if s := f.Stability; !math.IsNaN(s) {
		r.Values["stability"] = round4(s)
	}
	if f.Revenue != nil {
		kind, unit := "number", ""
		if f.Money {
			kind, unit = "money", t.schema.Currency
		}
		r.Values["revenue"] = t.microMoney(f.Revenue)
		if unit != "" {
			r.Units["revenue"] = unit
		}
		r.Columns = append(r.Columns, Column{Name: "revenue", Kind: kind, Unit: unit}, Column{Name: "per_head", Kind: kind, Unit: unit})
	}
	r.Columns = append(
		r.Columns, Column{Name: "growth", Kind: "rate"}, Column{Name: "precision", Kind: "rate"}, Column{Name: "recall", Kind: "rate"},
		Column{Name: "stability", Kind: "number"},
	)
	if t.goal != nil {
		r.Columns = slices.Insert(r.Columns, servesAt, Column{Name: "serves", Kind: "rate"})
	}
	if len(f.Groups) > 1 {
		r.Chart = &Chart{Type: "bar", X: "segment", Y: "customers"}
	}
	return r
}

// microMoney is revenue as a cell: money as a decimal string in major units.
func (t *microTelling) microMoney(x *big.Rat) any {
	if t.found.Money {
		return x.FloatString(t.schema.Digits)
	}
	f, _ := x.Float64()
	return wholeOr(f)
}

func round4(x float64) float64 { return math.Round(x*1e4) / 1e4 }

func rateOrNil(x float64) any {
	if math.IsNaN(x) {
		return nil
	}
	return round4(x)
}

func ratePointer(x float64) *float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return nil
	}
	x = round4(x)
	return &x
}

// segments tells the groups, the best first.
func (t *microTelling) segments(ctx context.Context, r *Result, top int) error {
	actions, err := t.actions(ctx)
	if err != nil {
		return err
	}
	names := make([]string, len(t.found.Groups))
	for k := range t.found.Groups {
		names[k] = t.name(&t.found.Groups[k])
	}
	for place, k := range t.goal.order(t.found.Groups) {
		if top > 0 && place == top {
			t.note("micro_more", params{"n": len(t.found.Groups) - place})
			break
		}
		g := &t.found.Groups[k]
		s := Segment{
			Name: names[k], Formula: g.Formula.String(), Size: g.Size, Share: round4(g.Share), Stage: t.stage(g.Stage),
			Growth: t.growth(g), Precision: ratePointer(g.Precision), Recall: ratePointer(g.Recall), Stability: ratePointer(g.Stability),
			Apart: t.apartTexts(g), Notes: t.groupNotes(g, names),
		}
		if t.box.inWords != nil {
			if s.Text, err = t.box.inWords(ctx, t.who.Language, g.Formula); err != nil {
				return err
			}
		}
		row := []any{s.Name, s.Stage, s.Size, s.Share, g.Clustered}
		if g.Revenue != nil {
			head := new(big.Rat)
			if g.Size > 0 {
				head.Quo(g.Revenue, big.NewRat(int64(g.Size), 1))
			}
			revenue, perHead := t.microMoney(g.Revenue), t.microMoney(head)
			if t.found.Money {
				s.Revenue, s.PerHead, s.RevenueShare = revenue.(string), perHead.(string), ratePointer(g.RevenueShare)
			}
			row = append(row, revenue, perHead)
		}
		for _, o := range g.Overlaps[:min(len(g.Overlaps), mostOverlaps)] {
			s.Overlaps = append(s.Overlaps, Overlap{Name: o.Name, Both: o.Both, Share: round4(o.Share), Of: round4(o.Of)})
		}
		s.Action, s.Evidence = actions[k].action, actions[k].evidence
		if actions[k].avoid != "" {
			s.Notes = append(s.Notes, actions[k].avoid)
		}
		row = append(row, pointed(s.Growth), pointed(s.Precision), pointed(s.Recall), pointed(s.Stability))
		if t.goal != nil {
			row = slices.Insert(row, servesAt, any(round4(t.goal.serves(g))))
		}
		r.Rows, r.Segments = append(r.Rows, row), append(r.Segments, s)
	}
	return nil
}

// mostOverlaps is how many saved segments a group's card names.
const mostOverlaps = 3

func pointed(x *float64) any {
	if x == nil {
		return nil
	}
	return *x
}
