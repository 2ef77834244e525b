package tools

import (
	"cmp"
	"context"
	_ "embed"
	"slices"
	"strings"

	"tesela/segment"
	"tesela/segment/course"
	"tesela/segment/syntax"
)

//go:embed trace_migration.md
var traceMigrationText string

// mostRoutes is how many routes are told as segments.
const mostRoutes = 10

func traceMigration(ctx context.Context, c *call, args *TraceMigrationArgs) (*Result, error) {
	t, err := c.migration(ctx, args)
	if err != nil {
		return nil, err
	}
	r := &Result{
		Title:   c.say(t.title(), params{"layer": args.Layer, "segment": args.Segment, "from": c.dated(t.from), "to": c.dated(t.to)}),
		Units:   map[string]string{},
		Columns: []Column{{Name: "from", Kind: "text"}, {Name: "to", Kind: "text"}, {Name: "customers", Kind: "count", Unit: "customers"}, {Name: "share", Kind: "rate"}},
		Rows:    [][]any{},
		Chart:   &Chart{Type: "sankey", X: "from", Y: "customers", Series: "to"},
	}
	t.values(r)
	routes := t.rows(r)
	if args.Why {
		if err := t.causes(ctx, r, routes); err != nil {
			return nil, err
		}
	}
	if args.Predict {
		if err := t.predict(ctx, r, routes); err != nil {
			return nil, err
		}
	}
	if err := t.routes(ctx, r); err != nil {
		return nil, err
	}
	t.notes()
	return r, nil
}

// tracing is a migration under way.
type tracing struct {
	*call
	args     *TraceMigrationArgs
	subject  course.Subject
	base     syntax.Formula // nil: everyone
	from, to course.Point
	seen     *course.Seen
	moves    *course.Moves
	left     int // the row that alone is asked for, or -1
	entered  int // the column, or -1
	turned   map[course.Route][]course.Cause
}

// migration reads the arguments and traces the moves.
func (c *call) migration(ctx context.Context, args *TraceMigrationArgs) (*tracing, error) {
	t := &tracing{call: c, args: args, left: -1, entered: -1}
	var err error
	if t.subject, err = c.subject(&args.Layer, &args.Segment); err != nil {
		return nil, err
	}
	if t.to, err = c.pointOf(pointArgument{name: "to", text: &args.To, end: true}); err != nil {
		return nil, err
	}
	if t.from, err = c.pointOf(pointArgument{name: "from", text: &args.From, fallback: "3mo ago"}); err != nil {
		return nil, err
	}
	if !t.from.At.Before(t.to.At) {
		return nil, c.fault("from", "%s is not before %s; give a from that lies before to", c.dated(t.from), c.dated(t.to))
	}
	if err := c.checkSubject(ctx, t.subject, t.from, t.to); err != nil {
		return nil, err
	}
	if strings.TrimSpace(args.Formula) == "" {
		args.Formula = (&syntax.Everyone{}).String()
	}
	f, err := c.checked(ctx, "formula", &args.Formula)
	if err != nil {
		return nil, err
	}
	if _, all := f.(*syntax.Everyone); !all {
		t.base = f
	}
	if t.seen, err = course.FirstSeen(ctx, c.src); err != nil {
		return nil, err
	}
	if t.moves, err = course.Trace(ctx, c.src, t.subject, t.base, t.seen, t.from.At, t.to.At); err != nil {
		return nil, err
	}
	labels := t.moves.Labels()
	if args.Left = strings.TrimSpace(args.Left); args.Left != "" {
		if t.left, err = c.label("left", &args.Left, append(labels[:len(labels):len(labels)], course.Joined)); err != nil {
			return nil, err
		}
	}
	if args.Entered = strings.TrimSpace(args.Entered); args.Entered != "" {
		if t.entered, err = c.label("entered", &args.Entered, labels); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// checkSubject checks a layer or a segment as of each of some points.
func (c *call) checkSubject(ctx context.Context, s course.Subject, points ...course.Point) error {
	if s.Layer != nil {
		if _, ok := s.Labels(c.schema); !ok {
			if _, isTrait := c.schema.Trait(s.Layer.Name); isTrait {
				return c.fault("layer", "%s is a trait, which is known only as it is now; there are the layers %s", s.Layer.Name, strings.Join(c.layers(), ", "))
			}
			if err := c.wrongLayer(ctx, s.Layer); err != nil {
				return err
			}
			return c.fault("layer", "%s is a score and has no labels; there are the layers %s", s.Layer, strings.Join(c.layers(), ", "))
		}
	}
	for _, p := range points {
		var err error
		if s.Layer != nil {
			_, err = segment.CompileValue(ctx, s.Layer, c.src, p.At)
			err = c.wrongIn("layer", err, s.Layer)
		} else {
			_, err = segment.Compile(ctx, s.Segment, c.src, p.At)
			err = c.wrongIn("segment", err, s.Segment)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// wrongIn is wrong, for no error too.
func (c *call) wrongIn(argument string, err error, n syntax.Node) error {
	if err == nil {
		return nil
	}
	return c.wrong(argument, err, n)
}

// label finds a label, however it is spelt, and makes the argument canonical.
func (c *call) label(argument string, text *string, labels []string) (int, error) {
	for k, label := range labels {
		if fold(label) == fold(*text) {
			*text = label
			return k, nil
		}
	}
	e := c.fault(argument, "%q is no label of it; there are %s", *text, strings.Join(labels, ", "))
	e.Nearest = syntax.NearestNames(*text, labels, 3)
	return 0, e
}

func (t *tracing) title() string {
	if t.subject.Layer == nil {
		return "title_trace_migration_segment"
	}
	return "title_trace_migration"
}

// asked tells whether a move is asked for.
func (t *tracing) asked(from, to int) bool {
	return (t.left < 0 || from == t.left) && (t.entered < 0 || to == t.entered)
}

// values sums up the moves that are asked for.
func (t *tracing) values(r *Result) {
	m := t.moves
	n := map[string]int{}
	for f := range m.Matrix.Rows {
		for to := range m.Matrix.Cols {
			k := m.Matrix.At(f, to)
			if !t.asked(f, to) {
				continue
			}
			n["customers"] += k
			switch {
			case f == m.JoinedRow():
				n["joined"] += k
			case f == to:
				n["stayed"] += k
				n["there"] += k
			default:
				n["moved"] += k
				n["there"] += k
			}
		}
	}
	r.Values = map[string]any{"from": t.dated(t.from), "to": t.dated(t.to)}
	tell := func(name string, k int) { r.Values[name], r.Units[name] = k, "customers" }
	tell("customers", n["customers"])
	if t.subject.Layer == nil && t.left < 0 && t.entered < 0 {
		in, out := 0, 1
		tell("size", m.Matrix.Col(in))
		tell("size_before", m.Matrix.Row(in))
		tell("entered", m.Matrix.At(out, in))
		tell("left", m.Matrix.At(in, out))
		tell("stayed", m.Matrix.At(in, in))
		tell("joined", m.Matrix.At(m.JoinedRow(), in))
		return
	}
	if t.left >= 0 {
		there, moved := m.Matrix.Row(t.left), n["moved"]
		if t.left == m.JoinedRow() || t.left == t.entered {
			moved = n["customers"]
		}
		tell("there", there)
		tell("moved", moved)
		r.Values["share"] = share(moved, there)
		return
	}
	for _, name := range []string{"there", "moved", "stayed", "joined"} {
		tell(name, n[name])
	}
}

// rows lists the moves in the order of the labels, those who joined last, and
// gives the routes in the same order.
func (t *tracing) rows(r *Result) []course.Route {
	m := t.moves
	var routes []course.Route
	for f := range m.Matrix.Rows {
		whole := m.Matrix.Row(f)
		for to := range m.Matrix.Cols {
			n := m.Matrix.At(f, to)
			if n == 0 || !t.asked(f, to) {
				continue
			}
			r.Rows = append(r.Rows, []any{m.RowLabel(f), m.Labels()[to], n, share(n, whole)})
			routes = append(routes, course.Route{From: f, To: to})
		}
	}
	return routes
}

// routes tells the biggest moves as segments.
func (t *tracing) routes(ctx context.Context, r *Result) error {
	m := t.moves
	writer := course.NewRoutes(m, t.seen, t.src, t.base, t.from, t.to)
	total := m.Matrix.Total()
	told := 0
	for _, route := range t.chosen() {
		if told++; told > mostRoutes {
			break
		}
		f, ok, err := writer.Formula(ctx, route.From, route.To)
		if err != nil {
			return err
		}
		n := m.Matrix.At(route.From, route.To)
		from, to := m.RowLabel(route.From), m.Labels()[route.To]
		s := Segment{
			Name: from + " → " + to, Size: n, Share: share(n, total),
			Text: t.routeText(from, to), Notes: t.whyText(t.turned[route], n),
		}
		if ok {
			s.Formula = f.String()
		} else {
			t.note("route_unsaid", nil)
		}
		r.Segments = append(r.Segments, s)
	}
	return nil
}

// chosen are the routes that are asked for, the biggest first, and then those
// of customers who joined; those who stayed only where they were asked for.
func (t *tracing) chosen() []course.Route {
	m := t.moves
	if t.left >= 0 && t.left == t.entered {
		return []course.Route{{From: t.left, To: t.entered}}
	}
	var routes []course.Route
	for _, route := range m.Biggest(m.Matrix.Rows * m.Matrix.Cols) {
		if t.asked(route.From, route.To) {
			routes = append(routes, route)
		}
	}
	// Those who joined have moved from nowhere: they come last.
	slices.SortStableFunc(routes, func(a, b course.Route) int {
		return cmp.Compare(boolInt(a.From == m.JoinedRow()), boolInt(b.From == m.JoinedRow()))
	})
	return routes
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// routeText says a route in words.
func (t *tracing) routeText(from, to string) string {
	p := params{"label": t.labelText(to), "before": t.labelText(from), "from": t.dated(t.from), "to": t.dated(t.to)}
	if from == course.Joined {
		return t.say("route_joined", p)
	}
	return t.say("route", p)
}

// labelText is a label in words: those that no layer gives are ours to say.
func (c *call) labelText(label string) string {
	switch label {
	case course.In, course.Out, course.Unlabelled, course.Joined:
		return c.say("label_"+label, nil)
	}
	return label
}

// joinedAsked is how many of those who joined are asked for.
func (t *tracing) joinedAsked() int {
	n := 0
	for to := range t.moves.Matrix.Cols {
		if t.asked(t.moves.JoinedRow(), to) {
			n += t.moves.Matrix.At(t.moves.JoinedRow(), to)
		}
	}
	return n
}

// notes say what the figures are made of.
func (t *tracing) notes() {
	m := t.moves
	joined := m.Matrix.Row(m.JoinedRow())
	if told := t.joinedAsked(); told > 0 {
		t.note("joined_how", params{"n": told, "from": t.dated(t.from)})
	}
	if t.seen.Unknown > 0 {
		t.note("seen_unknown", params{"n": t.seen.Unknown})
	}
	if m.NotYet > 0 {
		t.note("not_yet", params{"n": m.NotYet, "to": t.dated(t.to)})
	}
	if m.Matrix.Total() > 0 && joined == m.Matrix.Total() {
		t.note("nobody_then", params{"from": t.dated(t.from)})
	}
	if was, is := m.Lapse(); was != is {
		t.note("lapse_then", params{"was": was, "from": t.dated(t.from), "n": is, "to": t.dated(t.to)})
	}
	t.noteSet(m.To.Notes)
	t.noteSubject(t.subject, t.base)
	if t.base != nil {
		t.note("base_later", params{"to": t.dated(t.to)})
	}
}
