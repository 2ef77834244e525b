package planner

import "tesela/segment/syntax"

// cEvery is a unit of time in each of which something was done: "every month".
const cEvery cat = "every_unit"

// everyRules read who did something in each month, week or day of a time:
// "logged in every month this year", "compraron todos los meses de 2025".
func everyRules() map[pair]rule {
	return map[pair]rule{
		{cQty, cGroup}: func(_ *parse, a, b *node) []*node { // "at least once a month"
			q := a.qty
			if q.lo != "1" || q.unit != "times" || q.isHi || q.op != "" && q.op != syntax.Ge || len(b.groups) != 1 || len(b.fields) > 0 {
				return nil
			}
			if per := b.groups[0].per; per == "day" || per == "week" || per == "month" {
				return one(&node{cat: cEvery, attr: per, form: "times"})
			}
			return nil
		},
		{cEvery, cWin}: func(p *parse, a, b *node) []*node {
			if b.win == nil || !p.saysWho(a) {
				return nil
			}
			return p.inEvery(a, b.win)
		},
		{cClause, cEvery}: func(p *parse, a, b *node) []*node { // "bought in 2025 every month"
			c := a.clause
			if c.win == nil || !c.verb || c.neg || c.qty != nil || c.fn != "" || !p.saysWho(b) {
				return nil
			}
			var out []*node
			for _, x := range p.inEvery(b, c.win) {
				out = append(out, &node{cat: cClause, clause: c.with(func(d *clause) { d.fn, d.qty = syntax.Fn(x.attr), x.qty })})
			}
			return out
		},
	}
}

// saysWho tells whether words for "every month" are said of people: some are
// only ever that, the others where a "who" stands before them.
func (p *parse) saysWho(n *node) bool {
	if n.form == "times" {
		return true
	}
	for k := n.from; k < n.to; k++ {
		folded, _, ok := p.phrase(k, n.to)
		if !ok {
			continue
		}
		for _, e := range p.lex.exact[folded] {
			if e.cat == "unit_adverbs" {
				return p.whoBefore(n.from)
			}
		}
	}
	return true
}

// whoBefore tells whether a word such as "who" stands before a token.
func (p *parse) whoBefore(i int) bool {
	for k := range i {
		for _, r := range p.lex.exact[p.toks[k].folded] {
			if r.cat == "relatives" || r.cat == "people_words" {
				return true
			}
		}
	}
	return false
}

// inEvery is as many units as a time has, up to T.
func (p *parse) inEvery(n *node, w *syntax.Window) []*node {
	fn := map[string]syntax.Fn{"day": syntax.ActiveDays, "week": syntax.ActiveWeeks, "month": syntax.ActiveMonths}[n.attr]
	unit := map[string]string{"day": "d", "week": "w", "month": "mo"}[n.attr]
	if fn == "" {
		return nil
	}
	count := 0
	if w.Kind == syntax.WindowLast && string(w.Duration.Unit) == unit {
		count = w.Duration.N
	} else {
		start, end, ok := p.daysOfWindow(w)
		if w.Kind == syntax.WindowSince && w.From.Date != nil {
			from, _ := w.From.Date.Time(p.zone)
			start, end, ok = from, p.asOf, true
		}
		if end.After(p.asOf) {
			end = p.asOf
		}
		if !ok || w.Kind == syntax.WindowLast {
			return nil
		}
		for t := opens(start, unit); t.Before(end); t = stepUnits(t, 1, unit) {
			count++
		}
	}
	if count < 2 {
		return nil
	}
	return one(&node{cat: "active", attr: string(fn), qty: &qty{op: syntax.Ge, lo: number(count).Text}, win: w, form: "every", cost: -0.1})
}
