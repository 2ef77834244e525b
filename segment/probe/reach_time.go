package probe

import (
	"context"
	"math/big"
	"slices"
	"time"

	"tesela/segment/syntax"
)

// ofTime are other times of the first or the latest event.
func (x *examination) ofTime(ctx context.Context, l leaf, call *syntax.Call, r *reading, want bool) ([]Edit, error) {
	groups := r.groups()
	now, known := int64(0), len(r.rows) > 0
	if known {
		now = r.table.Times[r.rows[len(r.rows)-1]]
		if call.Fn == syntax.First {
			now = r.table.Times[r.rows[0]]
		}
	}
	var at []int64
	if call.Fn == syntax.DaysSince {
		values, err := x.current(ctx, call)
		if err != nil {
			return nil, err
		}
		for _, days := range x.targets(ctx, l, call, values.Rat(0), big.NewRat(1, 1), nil, want) {
			if !days.IsInt() || !days.Num().IsInt64() || days.Num().Int64() < 0 || days.Num().Int64() > 1_000_000 {
				continue
			}
			if t := x.onDay(-int(days.Num().Int64()), now, known); r.span.Has(t) && t < x.at.UnixMicro() {
				at = append(at, t)
			}
		}
	} else {
		at = x.times(ctx, l, call, now, known, r.span, want)
	}
	var edits []Edit
	for _, t := range at {
		var passed []group
		for _, g := range groups {
			k := g.rows[len(g.rows)-1]
			if call.Fn == syntax.First {
				k = g.rows[0]
			}
			if call.Fn == syntax.First && r.table.Times[k] < t || call.Fn != syntax.First && r.table.Times[k] > t {
				passed = append(passed, g)
			}
		}
		if len(passed) > 0 {
			slices.Reverse(passed)
			edits = append(edits, x.move(r, passed, t), x.remove(r, passed))
			continue
		}
		edits = append(edits, x.adding(ctx, r, nil, 1, []int64{t})...)
		if known && call.Fn == syntax.First {
			edits = append(edits, x.move(r, groups[:1], t))
		} else if known {
			edits = append(edits, x.move(r, groups[len(groups)-1:], t))
		}
	}
	return edits, ctx.Err()
}

// onDay is an instant on the local day so many days from T's last: at the time
// of day of an event that is there, else the day's last.
func (x *examination) onDay(days int, now int64, known bool) int64 {
	first, next := x.midnight(x.at.Add(-1), days), x.midnight(x.at.Add(-1), days+1)
	if known {
		clock := time.UnixMicro(now).In(x.schema.Zone)
		y, m, d := first.In(x.schema.Zone).Date()
		h, mi, s := clock.Clock()
		t := time.Date(y, m, d, h, mi, s, clock.Nanosecond(), x.schema.Zone)
		if !t.Before(first) && t.Before(next) {
			return t.UnixMicro()
		}
	}
	return next.UnixMicro() - 1
}
