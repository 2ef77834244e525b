package micro

import (
	"context"
	"slices"

	"tesela/segment"
	"tesela/segment/syntax"
)

const stageLayer = "lifecycle"

// people are the customers to part, stage by stage.
type people struct {
	base   *segment.Set
	staged bool
	labels []string
	stages [][]int32 // by label: customers, ascending
	notes  []segment.Note
}

// gather finds the base and puts each of its customers in one stage. Where no
// life cycle can be told, for want of purchases' role, all are one stage
// without a name.
func (w *work) gather(ctx context.Context) error {
	s := w.src.Schema()
	w.people.base = segment.Everyone(s.Customers)
	if w.q.Base != nil {
		plan, err := segment.Compile(ctx, w.q.Base, w.src, w.at)
		if err != nil {
			return err
		}
		if w.people.base, err = plan.Run(ctx); err != nil {
			return err
		}
		w.people.notes = append(w.people.notes, w.people.base.Notes()...)
	}
	layer := &syntax.Name{Name: stageLayer}
	labels, ok := segment.Analyses().Labels(s, layer)
	if !ok {
		w.people.labels = []string{""}
		w.people.stages = make([][]int32, 1)
		w.people.base.Each(func(i int) { w.people.stages[0] = append(w.people.stages[0], int32(i)) })
		return ctx.Err()
	}
	plan, err := segment.CompileValue(ctx, layer, w.src, w.at)
	if err != nil {
		return err
	}
	values, err := plan.Run(ctx)
	if err != nil {
		return err
	}
	w.people.notes = append(w.people.notes, values.Notes()...)
	w.people.staged, w.people.labels = true, labels
	w.people.stages = make([][]int32, len(labels))
	byCode := map[uint32]int{}
	w.people.base.Each(func(i int) {
		code := values.Code(i)
		place, known := byCode[code]
		if !known {
			label, _ := values.Cell(i).(string)
			place = slices.Index(labels, label)
			byCode[code] = place
		}
		if place >= 0 {
			w.people.stages[place] = append(w.people.stages[place], int32(i))
		}
	})
	return ctx.Err()
}

// stageFormula is the condition that a formula begins with; nil where all are
// one stage.
func (p *people) stageFormula(stage int) syntax.Formula {
	if !p.staged {
		return nil
	}
	return &syntax.Compare{Left: &syntax.Name{Name: stageLayer}, Op: syntax.Eq, Right: &syntax.Text{Value: p.labels[stage]}}
}
