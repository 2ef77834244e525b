package planner

import (
	"math/big"
	"strconv"
	"strings"
	"time"

	"tesela/segment/syntax"
)

// The categories of pieces of a period.
const (
	cPiece   cat = "piece of period" // the first ten days, the last week: of what follows
	cWeekend cat = "weekend before"
)

// piece is a part of a period still to be named: the nth, or the last, of its
// weeks, months and so on, or its first or last n days.
type piece struct {
	nth  int // from 1; -1 is the last
	n    int // how many units; 1 where nth counts
	unit string
}

// dateRules make pieces of periods and days with names.
func dateRules() map[pair]rule {
	m := map[pair]rule{
		{"ordinals", "units"}: func(p *parse, a, b *node) []*node {
			return p.nth(a.num, b)
		},
		{"ordinals", cDur}: func(_ *parse, a, b *node) []*node { // "the first ten days"
			if !a.num.IsInt() || a.num.Num().Int64() != 1 {
				return nil
			}
			return pieceNode(piece{nth: 1, n: b.dur.N, unit: string(b.dur.Unit)}, b.dur)
		},
		{cPiece, cSpan}: func(p *parse, a, b *node) []*node { return p.pieceOf(a, b) },
		{"units", cSpan}: func(p *parse, a, b *node) []*node { // "the week of 5 March"
			if a.attr != "w" || b.text == rangeText || !p.of(a.to, b) || !b.end.Equal(b.start.AddDate(0, 0, 1)) {
				return nil
			}
			monday := b.start.AddDate(0, 0, 1-isoWeekday(b.start))
			return p.span(monday, monday.AddDate(0, 0, 7), "")
		},
		{"units", cNum}: func(p *parse, a, b *node) []*node { // "between the days 10 and 20"
			if a.attr != "d" || b.form == "word" || p.opensGroup(max(0, a.from-1), a) || !b.num.IsInt() || b.num.Cmp(big.NewRat(31, 1)) > 0 {
				return nil
			}
			return one(&node{cat: cNum, num: b.num, cost: 0.05})
		},
		{"between", "ordinals"}: func(_ *parse, _, b *node) []*node { return one(&node{cat: cBetween, num: b.num}) },
		{"half_names", cSpan}: func(p *parse, a, b *node) []*node {
			if !wholeMonth(b) {
				return p.partOfYear(a, b, 6)
			}
			return p.halfMonth(a.attr, b)
		},
		{"named_days", cSpan}: func(p *parse, a, b *node) []*node {
			if !wholeYear(b) {
				return nil
			}
			var out []*node
			for _, rule := range p.ix.th.days[a.attr].here(p.ix.cat.Zone) {
				start, end := rule.in(b.start.Year(), p.zone)
				list := p.span(start, end, "")
				for _, n := range list {
					n.assume = p.keptHere(a)
				}
				if rule.Season {
					list = list[:1] // a point in time only
				}
				out = append(out, list...)
			}
			return out
		},
		{"weekend", "before"}: func(_ *parse, _, _ *node) []*node { return one(&node{cat: cWeekend, attr: "before"}) },
		{"weekend", "after"}:  func(_ *parse, _, _ *node) []*node { return one(&node{cat: cWeekend, attr: "after"}) },
		{cWeekend, cSpan}: func(p *parse, a, b *node) []*node {
			if b.text == rangeText {
				return nil
			}
			saturday := b.start.AddDate(0, 0, -1-(isoWeekday(b.start)%7))
			if a.attr == "after" {
				saturday = b.end.AddDate(0, 0, (13-isoWeekday(b.end))%7)
			}
			return p.span(saturday, saturday.AddDate(0, 0, 2), "")
		},
		{cSpan, "and"}: func(_ *parse, a, b *node) []*node {
			if b.attr == "," || a.text == rangeText {
				return nil
			}
			return one(&node{cat: "span and", start: a.start, end: a.end, attr: "and"})
		},
		{cSpan, "or"}: func(_ *parse, a, _ *node) []*node {
			if a.text == rangeText {
				return nil
			}
			return one(&node{cat: "span and", start: a.start, end: a.end, attr: "or"})
		},
		{cMonthDay, "and"}: func(_ *parse, a, b *node) []*node {
			if a.day != 0 {
				return nil
			}
			if b.attr == "," { // "July, August and September"
				return one(&node{cat: "span and", month: a.month, attr: ","})
			}
			return one(&node{cat: "span and", month: a.month, attr: "and"})
		},
		{"span and", "span and"}: func(_ *parse, a, b *node) []*node {
			if a.attr != "," || a.month == 0 || b.month != a.month+1+a.piece.n {
				return nil
			}
			return one(&node{cat: "span and", month: a.month, attr: b.attr, piece: piece{n: a.piece.n + 1 + b.piece.n}})
		},
		{cMonthDay, "or"}: func(_ *parse, a, _ *node) []*node {
			if a.day != 0 {
				return nil
			}
			return one(&node{cat: "span and", month: a.month, attr: "or"})
		},
		{"span and", cSpan}: func(p *parse, a, b *node) []*node { return p.adjoining(a, b) },
	}
	for _, last := range []cat{"rolling", "calendar_last", "last_event"} {
		m[pair{last, "units"}] = func(p *parse, _, b *node) []*node { return p.nth(big.NewRat(-1, 1), b) }
	}
	m[pair{"rolling", cDur}] = func(_ *parse, _, b *node) []*node { // "the last ten days" of June
		return pieceNode(piece{nth: -1, n: b.dur.N, unit: string(b.dur.Unit)}, b.dur)
	}
	return m
}

func pieceNode(x piece, d *syntax.Duration) []*node {
	if x.n < 1 {
		return nil
	}
	text := strings.Join([]string{strconv.Itoa(x.nth), strconv.Itoa(x.n), x.unit}, " ")
	return one(&node{cat: cPiece, text: text, dur: d, piece: x})
}

// nth is "the third week", "the last quarter": of what, must follow.
func (p *parse) nth(n *big.Rat, unit *node) []*node {
	if !n.IsInt() || perUnit(unit.attr) == "" && unit.attr != "fortnight" && unitMonths(unit.attr) == 0 || unit.attr == "h" {
		return nil
	}
	return pieceNode(piece{nth: int(n.Num().Int64()), n: 1, unit: unit.attr}, unitDuration(unit.attr))
}

// pieceOf is a piece of a period: months of 2025, days of June. Weeks of a
// month count its days by seven from the first, or back from the last.
func (p *parse) pieceOf(a, b *node) []*node {
	x := a.piece
	if b.text == rangeText || x.nth == 0 {
		return nil
	}
	if x.unit == "fortnight" {
		if !wholeMonth(b) || x.nth != 1 && x.nth != 2 && x.nth != -1 {
			return nil
		}
		half := "2"
		if x.nth == 1 {
			half = "1"
		}
		return p.halfMonth(half, b)
	}
	step := func(t time.Time, n int) time.Time { return stepUnits(t, n, x.unit) }
	var start, end time.Time
	switch {
	case x.unit == "weekend":
		first := b.start.AddDate(0, 0, (13-isoWeekday(b.start))%7)
		last := b.end.AddDate(0, 0, -2-(isoWeekday(b.end.AddDate(0, 0, -2))+1)%7)
		if start = first.AddDate(0, 0, 7*(x.nth-1)); x.nth < 0 {
			start = last
		}
		end = start.AddDate(0, 0, 2)
	case x.unit != "d" && x.unit != "w" && unitMonths(x.unit) == 0 || x.unit == "y":
		return nil
	case x.nth < 0:
		start, end = step(b.end, -x.n), b.end
	case x.n > 1:
		start, end = b.start, step(b.start, x.n)
	default:
		start, end = step(b.start, x.nth-1), step(b.start, x.nth)
	}
	if start.Before(b.start) || end.After(b.end) || start.Equal(b.start) && end.Equal(b.end) {
		return nil
	}
	out := p.span(start, end, "")
	if start.Day() == 1 && end.Equal(start.AddDate(0, 1, 0)) {
		out = p.span(start, end, start.Format("2006-01"))
	}
	for _, n := range out {
		n.cost -= 0.05 // one piece, not a time beside a time
	}
	return out
}

// halfMonth is the days to the 15th, or those behind it.
func (p *parse) halfMonth(which string, month *node) []*node {
	middle := month.start.AddDate(0, 0, 15)
	switch which {
	case "1":
		return p.span(month.start, middle, "")
	case "2":
		return p.span(middle, month.end, "")
	}
	return nil
}

func wholeMonth(n *node) bool {
	return n.start.Day() == 1 && n.end.Equal(n.start.AddDate(0, 1, 0))
}

// adjoining is "November and December 2025": two periods that follow one
// another are one.
func (p *parse) adjoining(a, b *node) []*node {
	if b.text == rangeText || a.attr == "," {
		return nil
	}
	start, end := a.start, a.end
	if start.IsZero() {
		left := p.monthDayIn(&node{month: a.month}, b.start.Year())
		if len(left) == 0 {
			return nil
		}
		start, end = left[0].start, left[0].end.AddDate(0, a.piece.n, 0)
	}
	last := b.end
	switch {
	case end.Equal(b.start):
	case b.end.Equal(start): // "yesterday and the day before"
		last = end
	default:
		return nil
	}
	out := p.span(earliest(start, b.start), last, "")
	both := []*syntax.Window{p.span(start, end, calendar(start, end))[1].win, p.span(b.start, b.end, calendar(b.start, b.end))[1].win}
	for _, n := range out {
		n.text = rangeText
		if a.piece.n == 0 {
			n.joiner, n.beside = a.attr, both
		}
	}
	return out
}

func earliest(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// of tells whether the small words before a node say that it is what the
// words before them are a part of.
func (p *parse) of(from int, b *node) bool {
	for k := from; k < p.core(b); k++ {
		for _, e := range p.lex.exact[p.toks[k].folded] {
			if e.cat == "of" {
				return true
			}
		}
	}
	return false
}

// calendar is the name of a whole year or month, "" for other periods.
func calendar(start, end time.Time) string {
	switch {
	case start.Day() == 1 && start.Month() == 1 && end.Equal(start.AddDate(1, 0, 0)):
		return start.Format("2006")
	case start.Day() == 1 && end.Equal(start.AddDate(0, 1, 0)):
		return start.Format("2006-01")
	}
	return ""
}
