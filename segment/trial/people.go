package trial

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"tesela/segment"
	"tesela/segment/column"
	"tesela/segment/syntax"
)

// instantsMost is at how many instants a campaign's customers may have been
// assigned for each to count from the very instant; with more they count from
// the first assignment of their local day.
const instantsMost = 40

// start is an instant from which some of a trial's customers count.
type start struct {
	at      time.Time
	members []int // positions in the trial
}

// starts groups a trial's customers by when they count from.
func (t *Trial) starts(zone *time.Location) []start {
	order := make([]int, len(t.who))
	for k := range order {
		order[k] = k
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(t.at[a], t.at[b]) })
	instants := 0
	for i, k := range order {
		if i == 0 || t.at[k] != t.at[order[i-1]] {
			instants++
		}
	}
	var all []start
	for _, k := range order {
		at := time.UnixMicro(t.at[k]).In(zone)
		if n := len(all); n > 0 {
			last := all[n-1].at
			if last.Equal(at) || instants > instantsMost && last.Format(time.DateOnly) == at.Format(time.DateOnly) {
				all[n-1].members = append(all[n-1].members, k)
				continue
			}
		}
		all = append(all, start{at: at, members: []int{k}})
	}
	return all
}

// people are the customers of a trial whose days are over, with their figures.
// All slices are in the order of the trial's customers.
type people struct {
	trial *Trial
	at    []int       // positions in the trial
	after [][]float64 // by figure; NaN is unset
	prior [][]float64 // the same in as many days before
	in    []*segment.Set
	late  int // whose days are not over
	label []int
	by    []string // labels
}

// survey says what to find out of a trial's customers.
type survey struct {
	src     segment.Source
	at      time.Time // T
	days    int
	figures []Figure
	base    syntax.Formula // nil: all
	groups  []syntax.Formula
	fixed   []*segment.Set // instead of groups
	splits  []syntax.Value
}

// of takes the figures of a trial's customers.
func (v *survey) of(ctx context.Context, t *Trial) (*people, error) {
	p := &people{trial: t}
	zone := v.src.Schema().Zone
	windowed := make([]Figure, len(v.figures))
	for i, f := range v.figures {
		var err error
		if windowed[i], err = f.Over(v.days); err != nil {
			return nil, err
		}
	}
	p.after, p.prior = make([][]float64, len(windowed)), make([][]float64, len(windowed))
	p.in = make([]*segment.Set, max(len(v.groups), len(v.fixed)))
	for i := range p.in {
		p.in[i] = segment.NewSet(len(t.who))
	}
	labels := map[string]int{}
	for _, s := range t.starts(zone) {
		end := s.at.AddDate(0, 0, v.days)
		if end.After(v.at) {
			p.late += len(s.members)
			continue
		}
		if err := v.take(ctx, p, s, end, windowed, labels); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// take takes the figures of those who count from one instant.
func (v *survey) take(ctx context.Context, p *people, s start, end time.Time, windowed []Figure, labels map[string]int) error {
	formulas := slices.Clone(v.groups)
	if v.base != nil {
		formulas = append(formulas, v.base)
	}
	sets, err := setsAt(ctx, v.src, s.at, formulas)
	if err != nil {
		return err
	}
	who := p.trial.who
	members := s.members
	if v.base != nil {
		base := sets[len(sets)-1]
		sets = sets[:len(sets)-1]
		members = nil
		for _, k := range s.members {
			if base.Has(int(who[k])) {
				members = append(members, k)
			}
		}
	}
	if v.fixed != nil {
		sets = v.fixed
	}
	after, err := figuresAt(ctx, v.src, end, windowed)
	if err != nil {
		return err
	}
	prior, err := figuresAt(ctx, v.src, s.at, windowed)
	if err != nil {
		return err
	}
	split, err := splitAt(ctx, v.src, s.at, v.splits)
	if err != nil {
		return err
	}
	for i, k := range members {
		if i%askEvery == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		w := int(who[k])
		position := len(p.at)
		p.at = append(p.at, k)
		for f := range windowed {
			p.after[f] = append(p.after[f], after[f](w))
			p.prior[f] = append(p.prior[f], prior[f](w))
		}
		for g, set := range sets {
			if set.Has(w) {
				p.in[g].Add(position)
			}
		}
		if v.splits != nil {
			text, ok := split(w)
			number := -1
			if ok {
				var known bool
				if number, known = labels[text]; !known {
					number = len(p.by)
					labels[text] = number
					p.by = append(p.by, text)
				}
			}
			p.label = append(p.label, number)
		}
	}
	return nil
}

// setsAt evaluates formulas together.
func setsAt(ctx context.Context, src segment.Source, at time.Time, fs []syntax.Formula) ([]*segment.Set, error) {
	if len(fs) == 0 {
		return nil, nil
	}
	plan, err := segment.CompileEach(ctx, fs, src, at)
	if err != nil {
		return nil, err
	}
	return plan.RunEach(ctx)
}

// figuresAt gives each figure of a customer, NaN where it is unset.
func figuresAt(ctx context.Context, src segment.Source, at time.Time, fs []Figure) ([]func(int) float64, error) {
	all := make([]func(int) float64, len(fs))
	var formulas []syntax.Formula
	var values []syntax.Value
	for _, f := range fs {
		if f.Rate() {
			formulas = append(formulas, f.Formula)
		} else {
			values = append(values, f.Value)
		}
	}
	sets, err := setsAt(ctx, src, at, formulas)
	if err != nil {
		return nil, err
	}
	var found []*segment.Values
	if len(values) > 0 {
		plan, err := segment.CompileValues(ctx, values, src, at)
		if err != nil {
			return nil, err
		}
		for i, v := range values {
			if k := plan.Kind(i); !numeric(k) {
				return nil, &syntax.Error{Span: v.Pos(), Message: fmt.Sprintf("the outcome %s is %s, which has no mean; give a number, or a formula such as %s = …", v, k, v)}
			}
		}
		if found, err = plan.Run(ctx); err != nil {
			return nil, err
		}
	}
	for i, f := range fs {
		if f.Rate() {
			set := sets[0]
			sets = sets[1:]
			all[i] = func(w int) float64 {
				if set.Has(w) {
					return 1
				}
				return 0
			}
			continue
		}
		vs := found[0]
		found = found[1:]
		all[i] = vs.Float
		if vs.Kind() == column.Bool {
			all[i] = func(w int) float64 {
				if x := vs.Int(w); x != column.Unset {
					return float64(x)
				}
				return math.NaN()
			}
		}
	}
	return all, nil
}

// splitAt gives a customer's labels, joined.
func splitAt(ctx context.Context, src segment.Source, at time.Time, splits []syntax.Value) (func(int) (string, bool), error) {
	if len(splits) == 0 {
		return nil, nil
	}
	plan, err := segment.CompileValues(ctx, splits, src, at)
	if err != nil {
		return nil, err
	}
	for i, v := range splits {
		if k := plan.Kind(i); k != column.Text && k != column.Bool {
			return nil, &syntax.Error{Span: v.Pos(), Message: fmt.Sprintf("%s is %s and has too many values to part customers by; give a text, a layer or formulas of segments", v, k)}
		}
	}
	all, err := plan.Run(ctx)
	if err != nil {
		return nil, err
	}
	return func(w int) (string, bool) {
		text := ""
		for i, vs := range all {
			if !vs.IsSet(w) {
				return "", false
			}
			if i > 0 {
				text += " · "
			}
			text += fmt.Sprint(vs.Cell(w))
		}
		return text, true
	}, nil
}
