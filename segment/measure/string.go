package measure

import (
	"fmt"
	"math"
	"strings"
	"time"

	"tesela/segment"
	"tesela/segment/syntax"
)

// String prints the plan: its instant, the customers measured, what is
// aggregated over which rows in absolute times, how the measures are computed
// from that, and how rows are grouped and ordered. Equal plans print equally.
func (p *Plan) String() string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("measure as of %s in %s", p.at.UTC().Format(time.RFC3339Nano), p.schema.Zone)
	base := "everyone"
	if p.query.Base != nil {
		base = p.query.Base.String()
	}
	line("of %s", base)
	if p.span.From != math.MinInt64 || p.query.Window != nil {
		line("in %s", p.span)
	}
	for i, s := range p.slots {
		line("#%d %s", i+1, s)
	}
	for _, m := range p.measures {
		line("%s = %s: %s", m.name, m.node, m.fig)
	}
	for _, d := range p.dims {
		line("group by %s (%s)", d.name, d.kind)
	}
	if p.rowEvent != "" {
		text := "rows of " + syntax.Quote(p.rowEvent)
		if p.rowWhere != nil {
			text += " where " + p.rowWhere.String()
		}
		line("customers by %s", text)
	}
	if p.per != "" {
		line("per %s", p.per)
	}
	order := "descending"
	if p.query.Ascending {
		order = "ascending"
	}
	if p.query.Top > 0 {
		line("top %d %s by %s", p.query.Top, order, p.measures[0].name)
	} else {
		line("%s by %s", order, p.measures[0].name)
	}
	if p.query.Shares {
		line("with shares")
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func (f figure) String() string {
	if f.unit == "" {
		return f.kind
	}
	return f.kind + " of " + f.unit
}

// Need lists the columns the plan's own scans read; what the base and the
// formulas inside read comes on top.
func (p *Plan) Need() segment.Need { return p.need() }
