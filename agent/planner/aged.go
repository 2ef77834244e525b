package planner

import (
	"fmt"
	"slices"
	"strings"

	"tesela/segment/syntax"
)

// ageField is the number of years that customers are known to have, "" where they
// have none.
func (p *parse) ageField() string {
	for _, fi := range p.ix.concepts["age"] {
		if f := p.ix.fields[fi]; f.event == "" && f.kind == "number" {
			return f.name
		}
	}
	return ""
}

// meanAge is their mean age as a measure, "" where no age is known.
func (p *parse) meanAge() string {
	f := p.ageField()
	if f == "" {
		return ""
	}
	return fmt.Sprintf("per_customer(%s, mean)", syntax.Quote(f))
}

// meanAgeLeaf is "how old are", "edad media", where an age is known; where only
// birthdays are, it is refused by name.
func (p *parse) meanAgeLeaf(n *node) {
	folded, _, _ := p.phrase(n.from, n.to)
	if expr := p.meanAge(); expr != "" && !strings.Contains(folded, "median") {
		n.cat, n.attr, n.meas = cMeas, "", &meas{exprs: []string{expr}}
		p.add(n)
	}
}

// ofMeanAge lets "on average" and "the average customer" say no more than the mean of
// ages does by itself.
func (s *parts) ofMeanAge() {
	if expr := s.p.meanAge(); len(s.meas) != 1 || expr == "" || len(s.meas[0].meas.exprs) != 1 || s.meas[0].meas.exprs[0] != expr || s.perDoer != nil || s.perMany != nil {
		return
	}
	s.stats = slices.DeleteFunc(slices.Clone(s.stats), func(x *node) bool { return x.attr == "mean" })
	s.meanLast, s.perCust = false, false
}

// agedRules read so many of the oldest or the youngest.
func agedRules() map[pair]rule {
	return map[pair]rule{
		{cNum, "aged"}: func(_ *parse, a, b *node) []*node { // "the five oldest"
			if !ranks(a.num) || b.num != nil {
				return nil
			}
			return one(&node{cat: "aged", attr: b.attr, num: a.num})
		},
	}
}

// byAge is "the five oldest customers", and "which country has the oldest
// customers on average", of their mean age.
func (s *parts) byAge() bool {
	s.ofMeanAge()
	if s.aged == nil {
		return true
	}
	f := s.p.ageField()
	if f == "" || len(s.byValue)+len(s.meas) > 0 || s.asks["ask_most"] || s.asks["ask_least"] {
		return false
	}
	mean := s.meanLast
	for _, x := range s.stats {
		if mean = x.attr == "mean"; !mean {
			return false
		}
	}
	s.stats, s.meanLast = nil, false
	s.asks["ask_"+s.aged.attr], s.most = true, s.aged
	switch things := len(s.groups) + len(s.fields); {
	case things > 0 && s.aged.num != nil:
		return false
	case things > 0:
		s.meas = append(s.meas, &node{cat: cMeas, meas: &meas{exprs: []string{s.p.meanAge()}}})
		s.cust, s.custAt = false, -1
	case mean:
		return false
	case s.aged.num != nil && s.limit > 0:
		return false
	default:
		if s.aged.num != nil {
			s.limit = int(s.aged.num.Num().Int64())
		}
		s.byValue, s.cust = append(s.byValue, &node{cat: "by value", rank: &rank{by: &syntax.Name{Name: f}}}), true
	}
	return true
}
