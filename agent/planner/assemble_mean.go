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
	if len(m.exprs) != 1 || n.to == 0 || p.inPlural(n) {
		return ""
	}
	if m.exprs[0] == "orders" && p.ix.role("amount") != "" {
		return "revenue"
	}
	if !strings.HasPrefix(m.exprs[0], "events(") {
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
	each := map[string]string{"orders_per_buyer": "revenue_per_buyer"}[args.Measures[0]]
	if _, of, found := strings.Cut(args.Measures[0], " / "); found {
		each = s.amountToo + " / " + of
	}
	if each == "" {
		return
	}
	other := s.plan
	args.Measures = []string{each}
	other.args = args
	s.more = append(s.more, &other)
}

func (p *parse) perCustomer(a *node) []*node {
	if len(a.meas.exprs) != 1 {
		return nil
	}
	if a.meas.of != nil { // it is
		x := *a.meas
		x.mean = false
		return one(&node{cat: cMeas, meas: &x})
	}
	if a.meas.exprs[0] == "aov" {
		return p.orderValuePerCustomer(a)
	}
	if call := p.shareable(a.meas); call != nil && len(a.meas.where) == 0 && strings.HasPrefix(a.meas.exprs[0], "sum(") {
		x := *a.meas
		x.exprs, x.mean = []string{a.meas.exprs[0] + " / customers"}, false
		return one(&node{cat: cMeas, meas: &x, assume: []assumption{{"everyone_counts", nil}}})
	}
	to := map[string]string{"revenue": "revenue_per_buyer", "orders": "orders_per_buyer", "gross_revenue": "gross_revenue / buyers", "items": "items / buyers"}[a.meas.exprs[0]]
	if to == "" && strings.HasPrefix(a.meas.exprs[0], "events(") && len(a.meas.where) == 0 {
		x := *a.meas
		x.exprs, x.mean = []string{a.meas.exprs[0] + " / customers"}, false
		return one(&node{cat: cMeas, meas: &x, assume: []assumption{{"everyone_counts", nil}}})
	}
	if to == "" {
		return nil
	}
	x := *a.meas
	x.exprs, x.mean = []string{to}, false
	return one(&node{cat: cMeas, meas: &x, assume: []assumption{{"per_buyer", nil}}})
}

// orderValuePerCustomer is "the average payment per member": what each paid in
// all, or at once; where the value is spoken of ("average order value"), in all.
// Of several ("average payments") a number is meant.
func (p *parse) orderValuePerCustomer(a *node) []*node {
	thing, value := false, false
	for i := a.from; i < a.to; i++ {
		for j := i + 1; j <= a.to; j++ {
			for _, n := range p.cells[i][j] {
				switch {
				case n.cat == cField && n.cost < costFuzzy && p.ix.fields[p.preferred(n.fields)].kind == "money":
					value = true
				case n.cat == cClause && n.cost < costFuzzy && !n.clause.person && n.clause.event == p.ix.role("purchase"):
					thing = true
					if p.inPlural(n) {
						return nil
					}
				}
			}
		}
	}
	all, each := *a.meas, *a.meas
	all.exprs, all.mean, each.mean = []string{"gross_revenue / buyers"}, false, false
	out := []*node{{cat: cMeas, meas: &all, assume: []assumption{{"per_buyer", nil}}}}
	if thing && !value {
		out = append(out, &node{cat: cMeas, meas: &each})
	}
	return out
}
