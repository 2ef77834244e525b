package tools

import (
	"math"
	"slices"
	"strings"
	"time"

	"tesela/segment"
	"tesela/segment/course"
	"tesela/segment/syntax"
)

// pointArgument is an argument that names an instant of the past, and what it
// is when left out.
type pointArgument struct {
	name string
	text *string // made canonical
	// fallback stands where nothing is given; "" is now.
	fallback string
	// end takes the end of a period such as 2011-06, else its beginning is
	// meant.
	end bool
}

// pointOf reads a date, how long ago it was, or the beginning or end of a
// period. An end after the data's is taken as theirs, with a note; a beginning
// there is refused.
func (c *call) pointOf(a pointArgument) (course.Point, error) {
	text := strings.TrimSpace(*a.text)
	if text == "" {
		text = a.fallback
	}
	if text == "" || strings.EqualFold(text, "now") {
		*a.text = course.NowAt(c.at).String()
		return course.NowAt(c.at), nil
	}
	p, err := c.parsePoint(text, a.end)
	if err != nil {
		return course.Point{}, c.fault(a.name, "expected a date such as 2011-06-01, a period such as 2011-06, or how long ago such as 90d ago, got %q", text)
	}
	switch {
	case p.At.After(c.at) && !a.end:
		return course.Point{}, c.fault(a.name, "%s is not before %s, the end of the data; give an earlier date", c.dated(p), localDay(c.at, c.schema))
	case p.At.After(c.at):
		c.note("point_ahead", params{"date": p.String(), "end": localDay(c.at, c.schema)})
		p = course.NowAt(c.at)
	}
	*a.text = p.String()
	return p, nil
}

func (c *call) parsePoint(text string, end bool) (course.Point, error) {
	if w, err := syntax.ParseWindow("since " + text); err == nil && w.Kind == syntax.WindowSince {
		return course.PointAt(w.From, c.at, c.schema.Zone)
	}
	w, err := syntax.ParseWindow(text)
	if err != nil {
		return course.Point{}, err
	}
	if w.Kind != syntax.WindowPeriod {
		return course.Point{}, &syntax.Error{Message: "no point in time"}
	}
	beyond := c.at.AddDate(10_000-c.at.Year(), 0, 0) // dates are not cut off here
	if strings.ContainsAny(w.Period[:1], "tly") {    // this, last, today, yesterday: as of now
		beyond = c.at
	}
	span, err := segment.Resolve(w, beyond, c.schema.Zone)
	if err != nil {
		return course.Point{}, err
	}
	at := span.From
	if end {
		at = span.To
	}
	return course.DateAt(time.UnixMicro(at).In(c.schema.Zone), c.at, c.schema.Zone), nil
}

// dated tells a point by its day where it is a midnight, else in full.
func (c *call) dated(p course.Point) string {
	return course.DateAt(p.At, p.At.Add(time.Microsecond), c.schema.Zone).String()
}

// subject reads what is followed: a layer, or a segment; lifecycle where
// neither is given. Both arguments are made canonical.
func (c *call) subject(layer, formula *string) (course.Subject, error) {
	*layer, *formula = strings.TrimSpace(*layer), strings.TrimSpace(*formula)
	switch {
	case *layer != "" && *formula != "":
		return course.Subject{}, c.fault("segment", "give a layer or a segment, not both")
	case *formula != "":
		f, err := c.segmentOrFormula("segment", *formula)
		if err != nil {
			return course.Subject{}, err
		}
		*formula = f.String()
		return course.Subject{Segment: f}, nil
	case *layer == "":
		*layer = "lifecycle"
	}
	v, err := syntax.ParseValue(*layer)
	if err != nil {
		return course.Subject{}, c.wrong("layer", err, nil)
	}
	name, ok := v.(*syntax.Name)
	if !ok {
		return course.Subject{}, c.fault("layer", "%s is no layer; there are %s", *layer, strings.Join(c.layers(), ", "))
	}
	*layer = name.String()
	return course.Subject{Layer: name}, nil
}

// layers are the names of the layers that this data has.
func (c *call) layers() []string {
	var names []string
	for _, l := range segment.Analyses().Describe(c.schema) {
		if l.Labels != nil {
			names = append(names, l.Name)
		}
	}
	return names
}

// segmentOrFormula reads a formula, or the bare name of a saved segment.
func (c *call) segmentOrFormula(argument, text string) (syntax.Formula, error) {
	if _, saved := c.src.Saved(text); saved {
		return &syntax.InSegment{Name: text}, nil
	}
	return c.formula(argument, text)
}

// noteSubject says what a reader should know of a subject, or other formulas,
// as of earlier dates: which traits are known only as they are now, and that
// ranks are among all customers of the data.
func (c *call) noteSubject(s course.Subject, others ...syntax.Formula) {
	ranks := s.Layer != nil && s.Layer.Name == "value_tier"
	var nodes []syntax.Node
	for _, f := range append(others, s.Segment) {
		if f != nil {
			nodes = append(nodes, f)
			ranks = ranks || course.Ranks(f, c.src)
		}
	}
	if ranks {
		c.note("ranks_all", nil)
	}
	c.noteTimeless(nodes...)
}

// noteTimeless says which traits a formula asks for, that are known only as
// they are now.
func (c *call) noteTimeless(nodes ...syntax.Node) {
	var fields []string
	for _, n := range nodes {
		for _, name := range course.Timeless(n, c.src) {
			if !slices.Contains(fields, name) {
				fields = append(fields, name)
			}
		}
	}
	if len(fields) > 0 {
		c.note("traits_now", params{"fields": strings.Join(fields, ", ")})
	}
}

// progress tells the caller how far a call is, where the caller asks for it.
func (c *call) progress(key string) func(done, total int) {
	if c.who.Progress == nil {
		return nil
	}
	what := c.say(key, nil)
	return func(done, total int) { c.who.Progress(what, done, total) }
}

// decimal is numberText without the zeros at its end.
func (c *call) decimal(x float64, decimals int) string {
	for decimals > 0 && math.Round(x*math.Pow10(decimals)) == 10*math.Round(x*math.Pow10(decimals-1)) {
		decimals--
	}
	return c.numberText(x, decimals)
}
