package trial

import (
	"context"
	"math"
	"time"

	"tesela/segment"
	"tesela/segment/effect"
	"tesela/segment/syntax"
)

// Prospect is what the past tells of a test to come: what its outcome would be
// without any action, and how many customers there are for it.
type Prospect struct {
	// Outcome is that of those who were eligible so many days before T, over the
	// days since.
	Outcome effect.Outcome
	// Past is how many they were; Saved the share of the variance that adjusting
	// by the same days before would have taken away (CUPED).
	Past  int
	Saved float64
	// Eligible is how many customers there are at T, and PerDay how many come to
	// be eligible on an average day of the time looked at, who were not so at its
	// beginning.
	Eligible int
	PerDay   float64
}

// Forecast looks at what a test on these customers would have to do with.
func Forecast(ctx context.Context, src segment.Source, at time.Time, who syntax.Formula, f Figure, days int) (*Prospect, error) {
	s := src.Schema()
	then := at.In(s.Zone).AddDate(0, 0, -days)
	over, err := f.Over(days)
	if err != nil {
		return nil, err
	}
	there, err := present(s, then)
	if err != nil {
		return nil, err
	}
	before, err := setsAt(ctx, src, then, []syntax.Formula{syntax.All(who, there)})
	if err != nil {
		return nil, err
	}
	now, err := setsAt(ctx, src, at, []syntax.Formula{who})
	if err != nil {
		return nil, err
	}
	after, err := figuresAt(ctx, src, at, []Figure{over})
	if err != nil {
		return nil, err
	}
	prior, err := figuresAt(ctx, src, then, []Figure{over})
	if err != nil {
		return nil, err
	}
	var ys, xs []float64
	before[0].Each(func(i int) {
		if y := after[0](i); !math.IsNaN(y) {
			ys, xs = append(ys, y), append(xs, prior[0](i))
		}
	})
	fill(xs)
	var p effect.Pairs
	for i := range ys {
		p.Add(ys[i], xs[i])
	}
	out := &Prospect{Past: p.N, Eligible: now[0].Len()}
	out.Outcome = effect.Outcome{Rate: f.Rate(), Mean: p.Arm().Mean, SD: math.Sqrt(p.Arm().Var)}
	if p.XX > 0 && p.YY > 0 {
		out.Saved = p.XY * p.XY / (p.XX * p.YY)
	}
	out.PerDay = float64(now[0].AndNot(before[0]).Len()) / float64(days)
	return out, ctx.Err()
}
