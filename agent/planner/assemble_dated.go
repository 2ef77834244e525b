package planner

import (
	"fmt"
	"strings"

	"tesela/segment/syntax"
	"tesela/tools"
)

// cDateUnit is a unit of time of a date that people have: "sign-up month".
const cDateUnit cat = "unit of date"

// A date that people have, told apart by time, is asked for as how many have it
// then: "sign-ups per month", "joined each month of 2025". Told apart by
// anything else, it says who is counted: "sign-ups by channel in 2025".
func (s *parts) dated() (done, ok bool) {
	if len(s.meas)+len(s.byValue)+len(s.filters)+len(s.stats) > 0 || s.biggest != nil || s.perCust || s.asks["ask_amount"] || s.asks["ask_share"] {
		return false, false
	}
	per := s.perTime()
	said := per || len(s.groups) > 0 || s.asks["ask_most"] || s.asks["ask_least"] || len(s.ranks) > 0
	if !said || len(s.wins) > 1 {
		return false, false
	}
	trait, win := s.dateOfPeople(per)
	if trait == "" || win != nil && len(s.wins) > 0 {
		return false, false
	}
	if len(s.wins) == 1 {
		win = s.wins[0].win
	}
	s.wins = nil
	f, ok := s.base()
	if !ok {
		return true, false
	}
	args := tools.MeasureArgs{Measures: []string{fmt.Sprintf("dated(%s)", syntax.Quote(trait))}}
	if !per {
		var has syntax.Formula = &syntax.IsSet{Value: &syntax.Name{Name: trait}}
		if win != nil {
			has = &syntax.Within{Value: &syntax.Name{Name: trait}, Window: win}
		}
		if f != nil {
			has = syntax.All(f, has)
		}
		args.Measures, f, win = []string{"customers"}, has, nil
	}
	if f != nil {
		args.Formula = f.String()
	}
	if win != nil {
		args.Window = win.String()
	}
	s.counted = false
	return true, s.finishMeasure(args, "")
}

// dateOfPeople takes the date that the question is of out of its fields, or,
// where time is what figures are told apart by, out of its conditions.
func (s *parts) dateOfPeople(per bool) (string, *syntax.Window) {
	for i, n := range s.fields {
		if n.num != nil {
			continue
		}
		if f := s.p.ix.fields[s.p.preferred(n.fields)]; f.event == "" && f.isTime() && !overlaps(n.fields, s.p.ix.concepts["birthday"]) {
			s.fields = append(s.fields[:i:i], s.fields[i+1:]...)
			return f.name, nil
		}
	}
	if !per {
		return "", nil
	}
	for i, c := range s.conds {
		is, ok := c.cond.(*syntax.Within)
		if c.cat != cCond || !ok || c.neg {
			continue
		}
		name, ok := is.Value.(*syntax.Name)
		if !ok {
			continue
		}
		if fi := s.p.ix.find("", name.Name); fi >= 0 && s.p.ix.fields[fi].isTime() && !overlaps([]int{fi}, s.p.ix.concepts["birthday"]) {
			s.conds = append(s.conds[:i:i], s.conds[i+1:]...)
			return name.Name, is.Window
		}
	}
	return "", nil
}

// newcomers asks what "new customers" are where the data tell both who signed
// up then and who bought for the first time.
func (s *parts) newcomers() {
	args, ok := s.plan.args.(tools.MeasureArgs)
	signup := s.p.signups()
	if !ok || !s.meas[0].meas.anew || args.Where != "" || len(signup) != 1 || len(args.Measures) != 1 {
		return
	}
	if strings.Contains(args.Formula, "first(") {
		return // it is said whose first purchase that was
	}
	args.Measures = []string{fmt.Sprintf("dated(%s)", syntax.Quote(s.p.ix.fields[signup[0]].name))}
	other := s.plan
	other.args = args
	s.more = append(s.more, &other)
}

// datedRules read a date by its unit of time.
func datedRules() map[pair]rule {
	return map[pair]rule{
		{"by", cDateUnit}: func(_ *parse, _, b *node) []*node {
			return one(&node{cat: cGroup, attr: string(cDateUnit), groups: []grouping{{field: -1, per: b.attr}}, fields: b.fields})
		},
		{cField, "units"}: func(p *parse, a, b *node) []*node { // "by sign-up month"
			f := p.ix.fields[p.preferred(a.fields)]
			if per := perUnit(b.attr); per != "" && f.event == "" && f.isTime() && a.num == nil {
				return one(&node{cat: cDateUnit, attr: per, fields: a.fields})
			}
			return nil
		},
	}
}
