package micro

import (
	"context"
	"math"
	"sync"
	"time"

	"tesela/segment"
	"tesela/segment/column"
	"tesela/segment/feature"
	"tesela/segment/syntax"
)

// work is one search under way.
type work struct {
	q      Query
	src    segment.Source
	at     time.Time
	least  int
	mostK  int
	people people
	hashes []uint64
	table  *feature.Table
	layers []layer
	times  [][]float64 // by feature: how often what a share is taken of was done, see habits

	telling sync.Mutex
}

// progress tells how far a phase is.
func (w *work) progress(phase Phase, done, total int) {
	if w.q.Progress == nil {
		return
	}
	w.telling.Lock()
	defer w.telling.Unlock()
	w.q.Progress(phase, done, total)
}

func find(ctx context.Context, src segment.Source, at time.Time, q Query) (*Result, error) {
	w := &work{q: q, src: src, at: at, mostK: q.MaxK}
	if w.mostK == 0 {
		w.mostK = DefaultMaxK
	}
	if err := w.gather(ctx); err != nil {
		return nil, err
	}
	r := &Result{At: at, Customers: w.people.base.Len(), Staged: w.people.staged, Notes: w.people.notes, Stability: math.NaN()}
	w.least = q.MinSize
	if w.least <= 0 {
		w.least = max(leastGroup, int(math.Ceil(leastShare*float64(r.Customers))))
	}
	r.MinSize = w.least
	var err error
	if r.Before, err = quarterAgo(at, src.Schema().Zone); err != nil {
		return nil, err
	}
	if r.Customers > 0 {
		if w.hashes, err = hashCustomers(ctx, src); err != nil {
			return nil, err
		}
		if err := w.read(ctx); err != nil {
			return nil, err
		}
		r.Features = len(w.table.Features)
	}
	if err := w.part(ctx, r); err != nil {
		return nil, err
	}
	for _, step := range []func(context.Context, *Result) error{w.count, w.judge, w.revenue, w.reach, w.apart, w.overlaps} {
		if err := step(ctx, r); err != nil {
			return nil, err
		}
	}
	rank(r)
	twins(r)
	return r, nil
}

// reach counts who may be written to, where a trait that is yes or no plays
// consent.
func (w *work) reach(ctx context.Context, r *Result) error {
	s := w.src.Schema()
	f, ok := s.Trait(s.Roles["consent"])
	if !ok || f.Kind != column.Bool || len(r.Groups) == 0 {
		return nil
	}
	yes := &syntax.Compare{Left: &syntax.Name{Name: f.Name}, Op: syntax.Eq, Right: &syntax.Bool{Value: true}}
	sets, err := evaluate(ctx, w.src, w.at, []syntax.Formula{yes})
	if err != nil {
		return err
	}
	for k := range r.Groups {
		g := &r.Groups[k]
		g.Reach = Reach{Known: true, Consented: sets[0].And(g.Members).Len()}
	}
	return nil
}
