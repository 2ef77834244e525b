package planner

import (
	"fmt"
	"slices"
	"strings"

	"tesela/segment/syntax"
	"tesela/tools"
)

// meanCount is the attribute of "average number of": of events how many, never
// what they come to.
const meanCount = "mean_count"

// meanOfPeople takes an average of money or purchases as one per customer where
// it is that of people who are named: "average spend of gold members".
func (s *parts) meanOfPeople() {
	m := s.meas[0].meas
	if !m.mean || s.perCust || len(s.meas) > 1 || m.of != nil {
		return
	}
	for _, g := range s.groups {
		for _, one := range g.groups {
			if one.per != "" {
				return // the average of each month is of the months
			}
		}
	}
	if s.cust && s.named || s.namesPeople() || len(m.base) > 0 {
		s.perCust = true
	}
}

// toldApart is what speaks for a reading in which what is left out or listed is
// of the field that the figures are told apart by: "by city, except Madrid".
func (p *parse) toldApart(args tools.MeasureArgs) float64 {
	for _, g := range args.GroupBy {
		for _, text := range []string{args.Where, args.Formula} {
			f := parseOr(text)
			if f == nil {
				continue
			}
			found := false
			syntax.Walk(f, func(n syntax.Node) bool {
				switch n := n.(type) {
				case *syntax.Compare:
					name, ok := n.Left.(*syntax.Name)
					found = found || ok && n.Op == syntax.Ne && p.sameField(g, name.Name, text == args.Where)
				case *syntax.In:
					name, ok := n.Value.(*syntax.Name)
					found = found || ok && p.sameField(g, name.Name, text == args.Where)
				}
				return true
			})
			if found {
				return 0.25
			}
		}
	}
	return 0
}

// sameField tells whether a grouping is by the field that a condition names,
// one of rows or of people.
func (p *parse) sameField(group, name string, rows bool) bool {
	if !rows {
		return group == syntax.Quote(name)
	}
	return slices.ContainsFunc(p.ix.fields, func(f field) bool {
		return f.event != "" && f.name == name && group == fmt.Sprintf("%s.%s", syntax.Quote(f.event), syntax.Quote(f.name))
	})
}

// notKinds takes a number of different values for one of events where a filter
// says which value it is: "how many welcome coupons were redeemed".
func (p *parse) notKinds(measures []string, where []syntax.Formula) []string {
	if len(measures) != 1 {
		return measures
	}
	v, err := syntax.ParseMeasure(measures[0])
	call, ok := v.(*syntax.Call)
	if err != nil || !ok || call.Fn != syntax.Distinct {
		return measures
	}
	for _, f := range where {
		if is, ok := f.(*syntax.Compare); ok && is.Op == syntax.Eq && traitOf(f) == call.Property {
			return p.eventMeasure(&clause{event: call.Event}).exprs
		}
	}
	return measures
}

// perTime tells whether figures are told apart by periods.
func (s *parts) perTime() bool {
	return s.asks["trend"] || slices.ContainsFunc(s.groups, func(n *node) bool {
		return slices.ContainsFunc(n.groups, func(g grouping) bool { return g.per != "" })
	})
}

// moneyOfOne is the sum of the money of the event that a measure counts, where
// one of them is spoken of; "" for none.
func (p *parse) moneyOfOne(n *node) string {
	m := n.meas
	if len(m.exprs) != 1 || !strings.HasPrefix(m.exprs[0], "events(") || n.to == 0 || p.inPlural(n) {
		return ""
	}
	sum := p.spendOf(m.event)
	if sum == nil {
		return ""
	}
	return p.sumMeasure(m.event, sum.prop)
}

// orAmount adds the reading of an average as one of money.
func (s *parts) orAmount() {
	args, ok := s.plan.args.(tools.MeasureArgs)
	if s.amountToo == "" || !ok || len(args.Measures) != 1 {
		return
	}
	_, of, found := strings.Cut(args.Measures[0], " / ")
	if !found {
		return
	}
	other := s.plan
	args.Measures = []string{s.amountToo + " / " + of}
	other.args = args
	s.more = append(s.more, &other)
}
