package contrast

import (
	"slices"

	"tesela/segment"
	"tesela/segment/explain"
	"tesela/segment/feature"
	"tesela/segment/syntax"
)

// definition is what formulas go by: of traits which, of events how many, how
// long ago, and which of their properties with which words.
type definition struct {
	src    segment.Source
	traits map[string]bool
	layers map[string]bool
	reads  []read
	within []string // saved segments being read
	// figure tells that it is of a figure, which tells nothing by its window.
	figure bool
}

// read is one thing that is read of an event.
type read struct {
	event string
	how   how
	prop  string
	words []string // of the property; nil: any
}

type how uint8

const (
	times  how = iota + 1 // how many
	lately                // how long ago the last was
	early                 // how long ago the first was
	total                 // what a property sums up to
	mean                  // … is on average, or per event
	peak                  // … is at most
	range1                // how many different values it has
	value                 // … is at the first or the last
	filter                // rows where a property has words
)

func newDefinition(src segment.Source) *definition {
	return &definition{src: src, traits: map[string]bool{}, layers: map[string]bool{}}
}

// read takes in what a formula goes by; nil is nothing.
func (d *definition) read(f syntax.Formula) {
	if f == nil {
		return
	}
	syntax.Walk(f, d.visit)
}

func (d *definition) visit(n syntax.Node) bool {
	switch n := n.(type) {
	case *syntax.Arith:
		if n.Op == '/' {
			d.ratio(n)
			return false
		}
	case *syntax.Call:
		d.call(n, 0)
		return false
	case *syntax.Name:
		d.name(n.Name, n.Params)
		return false
	case *syntax.Sequence:
		for _, s := range n.Steps {
			d.reads = append(d.reads, read{event: s.Event, how: times}, read{event: s.Event, how: lately})
			d.filters(s.Event, s.Where)
		}
		return false
	case *syntax.InSegment:
		d.saved(n.Name)
	case *syntax.Crossed:
		d.saved(n.Name)
	}
	return true
}

// saved reads a saved segment's formula, which may not reach itself.
func (d *definition) saved(name string) {
	f, ok := d.src.Saved(name)
	if !ok || slices.Contains(d.within, name) {
		return
	}
	d.within = append(d.within, name)
	d.read(f)
	d.within = d.within[:len(d.within)-1]
}

// ratio reads one value per another: a share of the rows that pass a filter is
// of the filter alone, an amount per event is a mean.
func (d *definition) ratio(n *syntax.Arith) {
	top, isCall := n.Left.(*syntax.Call)
	under, isCall2 := n.Right.(*syntax.Call)
	switch {
	case !isCall || !isCall2:
		syntax.Walk(n.Left, d.visit)
		syntax.Walk(n.Right, d.visit)
	case top.Fn == under.Fn && top.Event == under.Event && top.Property == under.Property && top.Where != nil && under.Where == nil:
		d.filters(top.Event, top.Where)
	case top.Fn == under.Fn && top.Event == under.Event && top.Property == under.Property && !syntax.Equal(window(top), window(under)):
		d.reads = append(d.reads, read{event: top.Event, how: lately})
	default:
		d.call(top, mean)
		d.call(under, mean)
	}
}

// window is a call's window as a node.
func window(c *syntax.Call) syntax.Node {
	if c.Window == nil {
		return &syntax.Everyone{}
	}
	return c.Window
}

// call reads a behaviour function; as says how, where that is not plain of it.
func (d *definition) call(c *syntax.Call, as how) {
	add := func(h how) {
		if as != 0 {
			h = as
		}
		d.reads = append(d.reads, read{event: c.Event, how: h, prop: c.Property})
	}
	d.filters(c.Event, c.Where)
	// Who did it in a window did it lately.
	if c.Window != nil && !d.figure {
		d.reads = append(d.reads, read{event: c.Event, how: lately})
	}
	if c.Where != nil {
		return // of some rows only: what they are filtered by is what it goes by
	}
	switch c.Fn {
	case syntax.Count, syntax.ActiveDays, syntax.ActiveWeeks, syntax.ActiveMonths:
		add(times)
	case syntax.Sum:
		add(total)
	case syntax.Avg:
		add(mean)
	case syntax.Max, syntax.Min:
		add(peak)
	case syntax.Distinct:
		add(range1)
	case syntax.Earliest, syntax.Latest:
		add(value)
	case syntax.First:
		d.reads = append(d.reads, read{event: c.Event, how: early})
	case syntax.Last, syntax.DaysSince:
		d.reads = append(d.reads, read{event: c.Event, how: lately})
	}
}

// filters reads the properties that a filter goes by.
func (d *definition) filters(event string, where syntax.Formula) {
	if where == nil {
		return
	}
	add := func(v syntax.Value, words []string) {
		syntax.Walk(v, func(n syntax.Node) bool {
			if p, ok := n.(*syntax.Name); ok {
				d.reads = append(d.reads, read{event: event, how: filter, prop: p.Name, words: words})
			}
			return true
		})
	}
	syntax.Walk(where, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.Compare:
			var words []string
			if lit, ok := n.Right.(syntax.Literal); ok && n.Op == syntax.Eq {
				words = []string{lit.String()}
			}
			add(n.Left, words)
			return false
		case *syntax.In:
			var words []string
			if !n.Not {
				for _, lit := range n.List {
					words = append(words, lit.String())
				}
			}
			add(n.Value, words)
			return false
		case *syntax.Name:
			add(n, nil)
		}
		return true
	})
}

// name reads a trait, or what a layer goes by.
func (d *definition) name(name string, params []syntax.Param) {
	s := d.src.Schema()
	if _, ok := s.Trait(name); ok {
		d.traits[name] = true
		return
	}
	d.layers[name] = true
	purchase := s.Roles["purchase"]
	amount := ""
	if _, p, ok := s.Property(s.Roles["amount"]); ok {
		amount = p.Name
	}
	add := func(hows ...how) {
		for _, h := range hows {
			r := read{event: purchase, how: h}
			if h == total {
				r.prop = amount
			}
			d.reads = append(d.reads, r)
		}
	}
	switch name {
	case "rfm":
		add(lately, times, total)
	case "rfm_r":
		add(lately)
	case "rfm_f":
		add(times)
	case "rfm_m", "value_tier":
		add(total)
	case "lifecycle":
		add(lately, early)
	case "engagement":
		events := 0
		for _, p := range params {
			if p.Event != "" {
				d.reads = append(d.reads, read{event: p.Event, how: lately})
				events++
			}
		}
		for _, e := range s.Events {
			if events == 0 && e.Name != s.Roles["send"] {
				d.reads = append(d.reads, read{event: e.Name, how: lately})
			}
		}
	}
}

// restates tells whether an aspect of a feature says what the formulas go by:
// all that it reads of customers, they do.
func (d *definition) restates(f feature.Feature, a explain.Aspect) bool {
	own := newDefinition(d.src)
	own.figure = true
	if f.Value != nil {
		syntax.Walk(f.Value, own.visit)
	}
	if f.If != nil {
		own.read(f.If)
	}
	if len(own.traits)+len(own.layers)+len(own.reads) == 0 {
		return false
	}
	// What was given back is taken off what it is told of.
	if refund := d.src.Schema().Roles["refund"]; refund != "" {
		if rest := slices.DeleteFunc(slices.Clone(own.reads), func(r read) bool { return r.event == refund }); len(rest) > 0 {
			own.reads = rest
		}
	}
	for t := range own.traits {
		if !d.traits[t] {
			return false
		}
	}
	for l := range own.layers {
		// A layer that the formulas do not name is judged by what it reads.
		if !d.layers[l] && len(own.reads) == 0 {
			return false
		}
	}
	if a == explain.Known { // of who did something at all
		return !slices.ContainsFunc(own.reads, func(r read) bool {
			return !slices.ContainsFunc(d.reads, func(o read) bool { return o.event == r.event })
		})
	}
	for _, r := range own.reads {
		if !slices.ContainsFunc(d.reads, r.within) {
			return false
		}
	}
	return true
}

// within tells whether a formula that reads o has what r says in it.
func (r read) within(o read) bool {
	if r.event != o.event || r.how != o.how || r.prop != o.prop {
		return false
	}
	return r.words == nil || o.words == nil || slices.ContainsFunc(r.words, func(w string) bool { return slices.Contains(o.words, w) })
}
