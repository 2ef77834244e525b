package planner

import (
	"slices"
	"strconv"
	"time"

	"tesela/segment/syntax"
)

// promote adds what a span may also mean without more words.
func (p *parse) promote(x *node) {
	give := func(n *node, cost float64) {
		n.from, n.to = x.from, x.to
		n.cost += x.cost + cost
		n.assume = joinAssumptions(x.assume, n.assume)
		p.add(n)
	}
	switch x.cat {
	case cMonthDay:
		if y := p.sharedYear(x); y > 0 { // "november or december 2010"
			for _, n := range p.monthDayIn(x, y) {
				give(n, 0)
			}
			break
		}
		for _, n := range p.latest(x) {
			give(n, 0)
		}
	case "named_days":
		for _, n := range p.latestDay(x) {
			if n.cat == cWin && p.ix.th.days[x.attr].Season {
				continue
			}
			give(n, 0.1)
		}
	case cDays, cISOWeek:
		for _, n := range p.latestOf(x) {
			give(n, 0)
		}
	case "point ago":
		for _, n := range p.daysAgo(x.dur) {
			give(n, 0.15)
		}
	case "quarter_names", "half_names":
		for _, n := range p.latestPart(x) {
			give(n, 0.1)
		}
	case cField:
		for _, fi := range x.fields {
			f := p.ix.fields[fi]
			if f.isTime() && f.event == "" && x.form == "verb" { // "registered customers"
				give(condNode(&syntax.IsSet{Value: &syntax.Name{Name: f.name}}), 0.3)
			}
			if f.kind != "bool" {
				continue
			}
			c := &syntax.Compare{Left: &syntax.Name{Name: f.name}, Op: syntax.Eq, Right: &syntax.Bool{Value: true}}
			if f.event == "" {
				give(condNode(c), 0.05)
			} else {
				give(&node{cat: "row filter", text: f.event, cond: c}, 0.1)
			}
		}
	case cVal:
		if c := p.hadOf(x); c != nil {
			give(&node{cat: cClause, clause: c}, 0.3)
		}
	case "message":
		if ev := p.ix.events["send"]; ev != "" && !x.neg && x.qty == nil {
			give(&node{cat: cClause, clause: &clause{event: ev}}, 0.6)
		}
	}
}

// sharedYear is the year that stands behind a later month of the same list, 0
// for none: "in May or June 2024", "more in May than in June last year".
func (p *parse) sharedYear(x *node) int {
	month, compared, now := 0, false, p.asOf.In(p.zone).Add(-time.Nanosecond).Year()
	found := func(y int) int {
		if d := month - x.month; compared && (d == 0 || d > 6 || d < -6) { // "higher in January than in December 2024"
			return 0
		}
		return y
	}
	has := func(k int, c cat, attr string) bool {
		return k < len(p.toks) && slices.ContainsFunc(p.lex.exact[p.toks[k].folded], func(e entry) bool { return cat(e.cat) == c && (attr == "" || e.attr == attr) })
	}
	for k := x.to; k < len(p.toks); k++ {
		t := p.toks[k]
		if t.kind == tokNumber {
			y, err := strconv.Atoi(t.text)
			if month > 0 && err == nil && len(t.text) == 4 {
				return found(y)
			}
			if err != nil || y > 31 {
				return 0
			}
			continue
		}
		passes := t.kind == tokBreak && t.folded == ","
		for _, e := range p.lex.exact[t.folded] {
			switch e.cat {
			case "months":
				month, _ = strconv.Atoi(e.attr)
				passes = true
			case "than":
				compared, passes = true, true
			case "and", "or", "to", "glue":
				passes = true
			}
		}
		switch {
		case month == 0:
		case has(k, "calendar_last", "") && has(k+1, "units", "y"), has(k, "units", "y") && has(k+1, "calendar_last_after", ""):
			return found(now - 1)
		case has(k, "calendar_this", "") && has(k+1, "units", "y"):
			return found(now)
		}
		if !passes {
			return 0
		}
	}
	return 0
}

// latestPart is the latest quarter or half of that number begun before T.
func (p *parse) latestPart(x *node) []*node {
	months := 3
	if x.cat == "half_names" {
		months = 6
	}
	k, err := strconv.Atoi(x.attr)
	if err != nil {
		return nil
	}
	for y := p.asOf.In(p.zone).Year(); y > p.asOf.Year()-3; y-- {
		start := time.Date(y, time.Month((k-1)*months+1), 1, 0, 0, 0, 0, p.zone)
		if !start.Before(p.asOf) {
			continue
		}
		out := p.span(start, start.AddDate(0, months, 0), "")
		for _, n := range out {
			n.assume = []assumption{{"year", map[string]string{"year": strconv.Itoa(y)}}}
		}
		return out
	}
	return nil
}

// latestDay is the latest day of that name begun before T.
func (p *parse) latestDay(x *node) []*node {
	var all []*node
	for _, rule := range p.ix.th.days[x.attr].here(p.ix.cat.Zone) {
		for y := p.asOf.In(p.zone).Year(); y > p.asOf.Year()-3; y-- {
			start, end := rule.in(y, p.zone)
			if !start.Before(p.asOf) {
				continue
			}
			out := p.span(start, end, "")
			for _, n := range out {
				n.assume = append(p.keptHere(x), assumption{"year", map[string]string{"year": strconv.Itoa(y)}})
			}
			all = append(all, out...)
			break
		}
	}
	return all
}

// latestOf puts days of a month or a numbered week into the latest year in
// which they began before T.
func (p *parse) latestOf(x *node) []*node {
	for y := p.asOf.In(p.zone).Year(); y > p.asOf.Year()-3; y-- {
		var out []*node
		if x.cat == cDays {
			out = p.daysIn(x, y)
		} else {
			out = p.isoWeek(int(x.num.Num().Int64()), y)
		}
		if len(out) == 0 || !out[0].start.Before(p.asOf) {
			continue
		}
		for _, n := range out {
			n.assume = []assumption{{"year", map[string]string{"year": strconv.Itoa(y)}}}
		}
		return out
	}
	return nil
}

// keptHere is the assumption about a day that is another one from country to
// country.
func (p *parse) keptHere(x *node) []assumption {
	if zone := p.ix.cat.Zone; p.ix.th.days[x.attr].Or != nil && len(p.ix.th.days[x.attr].here(zone)) == 1 {
		return []assumption{{"day_here", map[string]string{"text": p.typed(x.from, x.to), "zone": zone}}}
	}
	return nil
}
