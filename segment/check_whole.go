package segment

import (
	"fmt"
	"math"
	"math/big"
	"slices"
	"strings"
	"time"

	"tesela/segment/syntax"
)

// rank checks top and bottom: a stage of its own, as who is among the best is
// known only when everybody's value is.
func (c *compiler) rank(f *syntax.Rank) cond {
	n, ok := exactNumber(f.N)
	if !ok || n.Sign() <= 0 || !f.Percent && !n.IsInt() || f.Percent && n.Cmp(big.NewRat(100, 1)) > 0 {
		c.fail(f.N.Span, "%s is no rank; write a whole number from 1 on, or a percentage up to 100%%", f.N.String())
		return condConst(false)
	}
	by := c.value(f.By)
	if by != nil && !by.numeric() && !by.temporal() {
		c.fail(by.span, "%s is %s, which has no order to rank by", by.text, kindPhrase(by.kind))
		return condConst(false)
	}
	s := &rankStage{bottom: f.Bottom, percent: f.Percent, n: n, by: by, text: f.String(), span: f.Span}
	if c.outer != nil {
		s.span = *c.outer
	}
	if f.Among != nil {
		s.among = c.formula(f.Among)
	}
	if by == nil {
		return condConst(false)
	}
	key := fmt.Sprintf("%t %t %s %s %v", s.bottom, s.percent, n.RatString(), c.key(by), printCond(s.among))
	for i, o := range c.plan.stages {
		if o.key == key {
			return condMember{i}
		}
	}
	s.key = key
	c.plan.stages = append(c.plan.stages, s)
	return condMember{len(c.plan.stages) - 1}
}

// scopesMost bounds how many times saved definitions are planned inside one
// formula, so that entered inside entered does not run away.
const scopesMost = 4000

// scoped checks a saved segment's formula as of an instant.
func (c *compiler) scoped(name string, at time.Time, span syntax.Span) cond {
	if slices.Contains(c.saved, name) {
		c.fail(span, "segment %s reaches itself: %s", quote(name), strings.Join(append(slices.Clone(c.saved), name), " → "))
		return condConst(false)
	}
	f, ok := c.src.Saved(name)
	if !ok {
		e := c.fail(span, "no segment is called %s", quote(name))
		if l, ok := c.src.(interface{ SavedNames() []string }); ok {
			e.Nearest = syntax.NearestNames(name, l.SavedNames(), 3)
		}
		return condConst(false)
	}
	c.scopes++
	if c.scopes > scopesMost || c.cancelled() {
		if c.scopes == scopesMost+1 {
			c.fail(span, "segment %s would be evaluated at more than %d instants; ask for a shorter window", quote(name), scopesMost)
		}
		return condConst(false)
	}
	outerAt, outer := c.at, c.outer
	c.at = at
	if outer == nil {
		c.outer = &span
	}
	c.saved = append(c.saved, name)
	result := c.formula(f)
	c.saved = c.saved[:len(c.saved)-1]
	c.at, c.outer = outerAt, outer
	return result
}

func (c *compiler) inSegment(f *syntax.InSegment) cond {
	at := c.at
	if f.At != nil {
		t, err := instant(*f.At, c.schema.Zone)
		if err != nil {
			c.failWith(f.At.Span, err)
			return condConst(false)
		}
		if at = t; at.After(c.now) {
			c.noteFuture(f.At.Span, f.At.String())
		}
	}
	return c.scoped(f.Name, at, f.Span)
}

// crossed checks entered and left: the definition at the window's start, and
// at the end of each local day in it.
func (c *compiler) crossed(f *syntax.Crossed) cond {
	s, ok := c.resolve(f.Window)
	if !ok {
		return condConst(false)
	}
	if s.From == math.MinInt64 {
		s.From = min(s.To, c.dataStart())
	}
	start := c.scoped(f.Name, time.UnixMicro(s.From).In(c.schema.Zone), f.Span)
	var ends []cond
	errs := len(c.errs)
	for day := c.calendar.slowDay(s.From); ; day++ {
		end := dayMidnight(day+1, c.schema.Zone)
		if micros(end) > s.To || len(c.errs) > errs {
			break
		}
		then := c.scoped(f.Name, end, f.Span)
		if f.Left {
			then = condNot{then}
		}
		ends = append(ends, then)
	}
	if len(ends) == 0 {
		return condConst(false)
	}
	if !f.Left {
		start = condNot{start}
	}
	return c.and([]cond{start, c.or(ends)})
}

// dataStart is the local midnight before all rows.
func (c *compiler) dataStart() int64 {
	first := c.now
	for _, e := range c.schema.Events {
		if e.Rows > 0 && e.First.Before(first) {
			first = e.First
		}
	}
	return micros(dayMidnight(c.calendar.slowDay(first.UnixMicro()), c.schema.Zone))
}

// sequence checks the steps and their window.
func (c *compiler) sequence(f *syntax.Sequence) cond {
	q := &sequencePlan{within: f.Within, end: min(micros(c.at), micros(c.now)), text: f.String()}
	span, ok := c.resolve(f.Window)
	if len(f.Steps) == 0 || f.Steps[0].Not {
		c.fail(f.Span, "a sequence starts with a step that happens")
		ok = false
	}
	for _, s := range f.Steps {
		e, found := c.eventNamed(s.Event, s.Span)
		if !found {
			ok = false
			continue
		}
		filter, where, good := c.where(s.Where, e)
		ok = ok && good
		if filter != nil {
			for _, p := range filter.Props() {
				c.plan.need.Add(e.Name, p)
			}
		}
		c.plan.need.Add(e.Name, "")
		q.steps = append(q.steps, sequenceStep{not: s.Not, event: e.Name, filter: filter, where: where})
	}
	if !ok {
		return condConst(false)
	}
	q.span = span
	for i, o := range c.plan.sequences {
		if o.String() == q.String() {
			return condSequence{i}
		}
	}
	c.plan.sequences = append(c.plan.sequences, q)
	return condSequence{len(c.plan.sequences) - 1}
}
