package planner

import (
	"fmt"
	"strings"

	"tesela/segment/syntax"
)

// A text of an event's rows numbers what they are part of where it has that many
// values at least, of so few rows each.
const (
	manyIDs   = 100
	rowsPerID = 12
)

// numbersThings tells whether a field does: the booking of a ticket, not its film.
func (p *parse) numbersThings(f field) bool {
	for _, e := range p.ix.cat.Events {
		if e.Name == f.event {
			return f.values.Len() >= manyIDs && e.Rows < rowsPerID*f.values.Len()
		}
	}
	return false
}

// eachNumbered takes an average by a number that rows are tied by, "average
// tickets per booking", for one figure: what there is in all by how many
// numbers there are. Thousands of bookings with an average each are no answer.
func (s *parts) eachNumbered() bool {
	if len(s.groups) != 1 || len(s.groups[0].groups) != 1 || s.groups[0].groups[0].field < 0 || len(s.meas) != 1 || s.asks["ask_most"] || s.asks["ask_least"] || len(s.ranks) > 0 {
		return true
	}
	f := s.p.ix.fields[s.groups[0].groups[0].field]
	m := s.meas[0].meas
	if f.event == "" || !f.isText() || f.values == nil || !s.p.numbersThings(f) || s.groups[0].to == 0 || s.p.manyAt(s.groups[0].to-1) || len(m.exprs) != 1 || m.event != f.event || overlaps(s.groups[0].fields, s.p.ix.concepts["product"]) {
		return true
	}
	mean := m.mean
	rest := s.stats[:0:0]
	for _, st := range s.stats {
		if st.attr == "mean" {
			mean = true
			continue
		}
		rest = append(rest, st)
	}
	expr := m.exprs[0]
	switch {
	case expr == "aov", mean && (expr == "revenue" || expr == "gross_revenue"):
		expr = "gross_revenue"
		if s.severalThings(s.meas[0]) {
			expr = "orders"
		}
	case strings.HasPrefix(expr, "avg("):
		expr = "sum(" + strings.TrimPrefix(expr, "avg(")
		if s.severalThings(s.meas[0]) {
			expr = "events(" + syntax.Quote(m.event) + ")"
		}
	case !mean:
		return true
	}
	call := s.p.callOf(expr)
	if call == nil {
		return false
	}
	x := *m
	call.Where = whereOf(&clause{where: m.where})
	x.exprs = []string{fmt.Sprintf("%s / %s", call, &syntax.Call{Fn: syntax.Distinct, Event: f.event, Property: f.name, Where: call.Where})}
	x.where, x.mean, x.each = nil, false, true
	s.meas, s.stats, s.groups = []*node{{cat: cMeas, meas: &x, from: s.meas[0].from, to: s.meas[0].to}}, rest, nil
	return true
}

// severalThings tells whether a measure is said by the plural of what is done:
// "average tickets" are a number of them.
func (s *parts) severalThings(n *node) bool {
	for i := n.from; i < n.to; i++ {
		for j := i + 1; j <= n.to; j++ {
			for _, x := range s.p.cells[i][j] {
				if x.cat == cClause && !x.clause.person && x.cost < costFuzzy && x.clause.event == n.meas.event && s.p.inPlural(x) {
					return true
				}
			}
		}
	}
	return false
}
