package course

import (
	"context"
	"slices"

	"tesela/segment"
	"tesela/segment/rfm"
	"tesela/segment/syntax"
)

// scoreCauses tells which of the three scores moved, and of whom a score alone
// decides the label.
func (m *Moves) scoreCauses(ctx context.Context, src segment.Source) (func(Route, []int) []Cause, error) {
	names := []string{"rfm_r", "rfm_f", "rfm_m"}
	var texts []string
	var scores [2][]*segment.Values
	for k, as := range []*State{m.From, m.To} {
		var ask []syntax.Value
		for _, name := range names {
			ask = append(ask, &syntax.Name{Name: name, Params: m.Subject.Layer.Params})
		}
		plan, err := segment.CompileValues(ctx, ask, src, as.At)
		if err != nil {
			return nil, err
		}
		if scores[k], err = plan.Run(ctx); err != nil {
			return nil, err
		}
		texts = nil
		for _, v := range ask {
			texts = append(texts, v.String())
		}
	}
	figures, err := m.figures(ctx, src)
	if err != nil {
		return nil, err
	}
	labelOf := m.grid()
	scored := (&syntax.IsSet{Value: m.Subject.Layer}).String()
	unlabelled := len(m.To.Labels) - 1
	return func(r Route, who []int) []Cause {
		if r.From == unlabelled || r.To == unlabelled {
			c := Cause{Condition: scored, Turn: BecameTrue, N: len(who), Alone: len(who)}
			if r.To == unlabelled {
				c.Turn = BecameFalse
			}
			return []Cause{c}
		}
		var causes []Cause
		for k := range names {
			fell, rose := Cause{Condition: texts[k], Turn: Fell}, Cause{Condition: texts[k], Turn: Rose}
			var fallen, risen []int
			for _, i := range who {
				var was, is [3]int
				for j := range names {
					was[j], is[j] = int(scores[0][j].Float(i)), int(scores[1][j].Float(i))
				}
				c := &fell
				switch {
				case is[k] == was[k]:
					continue
				case is[k] > was[k]:
					c = &rose
					risen = append(risen, i)
				default:
					fallen = append(fallen, i)
				}
				c.N++
				is[k] = was[k]
				if labelOf(is) == r.From {
					c.Alone++
				}
			}
			fell.Reasons = figures.scoreReasons(k, fallen, false)
			rose.Reasons = figures.scoreReasons(k, risen, true)
			causes = append(causes, fell, rose)
		}
		return slices.DeleteFunc(causes, func(c Cause) bool { return c.N == 0 })
	}, nil
}

// grid gives the label of three scores, its place among the layer's.
func (m *Moves) grid() func([3]int) int {
	bins := len(m.To.Labels) - 1
	switch bins {
	case 27:
		bins = 3
	case 64:
		bins = 4
	default:
		bins = rfm.MaxBins
	}
	s := &rfm.Scores{Bins: bins}
	for r := 1; r <= bins; r++ {
		for f := 1; f <= bins; f++ {
			for mm := 1; mm <= bins; mm++ {
				s.R, s.F, s.M = append(s.R, uint8(r)), append(s.F, uint8(f)), append(s.M, uint8(mm))
			}
		}
	}
	labels := s.Label()
	return func(x [3]int) int {
		return int(labels.Code(((x[0]-1)*bins+x[1]-1)*bins+x[2]-1)) - 1
	}
}

// scoreReasons tells of those whose score fell or rose whether their own
// figure did: who bought nothing since for recency, and whom others overtook.
func (f *figures) scoreReasons(score int, who []int, rose bool) []Reason {
	figure := [3][2]*segment.Values{f.days, f.count, f.revenue}[score]
	if len(who) == 0 || figure[0] == nil {
		return nil
	}
	reason := Overtaken
	if rose {
		reason = Undercut
	}
	others := 0
	for _, i := range who {
		better := figure[1].Float(i) - figure[0].Float(i)
		if score == 0 {
			better = -better // fewer days are better
		}
		if !rose && better >= 0 || rose && better <= 0 {
			others++
		}
	}
	reasons := present(Reason{reason, others})
	if score == 0 {
		reasons = append(f.purchaseReasons(who), reasons...)
	}
	return reasons
}
