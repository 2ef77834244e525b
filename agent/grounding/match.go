package grounding

import (
	"math"
	"slices"
)

// bears tells whether a fact bears a claim out: its value as it is written, its
// unit, its sign, and the row that the sentence names.
func (e *evidence) bears(c claim, s *sentence, d *document) bool {
	for _, f := range e.facts {
		if f.equals(c) && e.names(f, s, d) && (f.asked < byWord || e.words.bound(c, s, f.asked)) {
			return true
		}
	}
	return c.loose
}

// equals tells whether the claim states the fact, as rounded as it is written.
func (f fact) equals(c claim) bool {
	scale, ok := f.in(c.unit)
	if !ok {
		return false
	}
	v, slack := f.value*scale, c.slack*(1+1e-9)+1e-13*math.Abs(c.value)
	slack = max(slack, f.slack*(1-1e-9)*scale)
	if f.unit.kind == share && (c.unit.kind == bare || c.unit.kind == multiple) && !f.any {
		slack = min(slack, wholeSlack) // no part of a whole is 0, or 1
	}
	near := func(a float64) bool { return math.Abs(a-c.value) <= slack }
	switch {
	case f.change && c.direction < 0:
		return v <= 0 && near(-v)
	case f.change && c.direction > 0:
		return v >= 0 && near(v)
	}
	return near(v)
}

// wholeSlack is how far a share that is written as a fraction of one may be
// rounded: to a tenth.
const wholeSlack = 0.05 * (1 + 1e-9)

// in tells whether a figure of the fact's unit may be stated in another, and
// what it is multiplied by then.
func (f fact) in(u unit) (scale float64, ok bool) {
	if f.plain {
		return 1, u.kind == bare
	}
	if f.any {
		return 1, u.kind != points
	}
	if u.kind == multiple { // of what was divided only
		return f.percent() / 100, f.unit.kind == share
	}
	switch f.unit.kind {
	case share:
		switch u.kind {
		case share:
			return f.percent(), true
		case points:
			return f.percent(), f.change
		case bare:
			return f.percent() / 100, true
		}
		return 0, false
	case points:
		return 1, u.kind == points
	case money:
		switch u.kind {
		case money:
			return 1, len(f.unit.names) == 0 || shared(f.unit.names, u.names)
		case bare:
			return 1, true
		}
		return 0, false
	case duration:
		return 1, u.kind == bare || u.kind == duration && shared(f.unit.names, u.names)
	case times:
		return 1, u.kind == bare || u.kind == times
	case things:
		switch u.kind {
		case bare, times:
			return 1, true
		case things:
			return 1, len(f.unit.names) == 0 || alike(f.unit.names, u.names)
		case duration:
			return 1, len(f.unit.names) == 0
		}
		return 0, false
	}
	return 1, true
}

// percent is what a share is multiplied by to be a percentage: one that a text
// gave is one already.
func (f fact) percent() float64 {
	if f.slack > 0 {
		return 1
	}
	return 100
}

func shared(a, b []string) bool {
	return slices.ContainsFunc(a, func(x string) bool { return slices.Contains(b, x) })
}

// people are units that all count customers: what they did makes them buyers.
var people = []string{"customers", "buyers"}

func alike(a, b []string) bool {
	return shared(a, b) || shared(a, people) && shared(b, people)
}

// names tells whether a text may mean the row of a fact: a name that stands in
// the sentence must be the row's; where none does, one that stands in the
// paragraph; and of several rows one must be named somewhere.
func (e *evidence) names(f fact, s *sentence, d *document) bool {
	if f.of < 0 || !e.labelled[[2]int{f.of, f.row}] {
		return true
	}
	for _, within := range []func(*sentence) bool{
		func(o *sentence) bool { return o == s },
		func(o *sentence) bool { return o.line == s.line },
		func(*sentence) bool { return true },
	} {
		right, wrong := false, false
		columns := map[int]bool{} // whether the row's own name is among them
		for _, o := range d.sentences {
			if !within(o) {
				continue
			}
			for _, l := range o.labels {
				if l.of == f.of && e.cells[label{f.of, l.column, f.row}] {
					columns[l.column] = columns[l.column] || l.row == f.row
				}
			}
		}
		for _, own := range columns {
			right, wrong = right || own, wrong || !own
		}
		if right || wrong {
			return right && !wrong
		}
	}
	return false
}
