package segment

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"

	"tesela/segment/column"
)

// blockSize is how many customers are worked on at once: few enough that a
// block's figures stay in the cache, a multiple of 64 so that no two workers
// share a word of a set.
const blockSize = 4096

// run is one evaluation of a plan over a world.
type run struct {
	plan    *Plan
	world   *column.World
	bound   []*boundScan           // by scan; nil finds nothing
	columns map[int]vec            // by value: traits and layers, whole
	traits  map[int]*column.Column // packed ones
	stages  []*Set                 // by stage, as far as they are done
	passes  []*sequenceRun         // by sequence
	said    []Note                 // by layers
}

// worker evaluates blocks, one after the other, in memory of its own.
type worker struct {
	*run
	ctx    context.Context
	lo, hi int
	scans  []scanRun
	vecs   []vec
	have   []bool
	rows   []uint32
	days   []int32
	seen   []uint64
	masks  [][]uint64
	marking
	pieces   []piece
	few      [1]uint64 // marks of a customer's few rows
	begins   []uint64
	from, to int      // the customers of the block among those of the table at hand
	only     []uint64 // the customers of the block that are asked about; nil: all
	// constants are literals as vectors, which stay from block to block.
	constants map[*value]*vec
	rooms     [][]int64 // for quotients
	lent      int       // how many of them are in use
	seq       sequenceScratch
}

// scanRun is a scan's figures in one block.
type scanRun struct {
	done   bool
	out    []vec
	n      []int64
	stamps [][]uint32 // by figure
}

func newRun(ctx context.Context, p *Plan) (*run, error) {
	need := p.need
	need.Firsts = len(p.sequences) == 0
	world, err := p.src.Load(ctx, need)
	if err != nil {
		return nil, fmt.Errorf("load what the formula needs: %w", err)
	}
	r := &run{plan: p, world: world, columns: map[int]vec{}, traits: map[int]*column.Column{}}
	indexed := map[string]bool{}
	for name, t := range world.Tables {
		indexed[name] = t.Index.Pays()
	}
	for _, s := range p.scans {
		b := bindScan(s, world.Tables[s.event], indexed[s.event])
		if b != nil {
			b.number(s, p.calendar)
		}
		r.bound = append(r.bound, b)
	}
	for _, v := range p.traits {
		if c := world.Traits[v.name]; c != nil && c.Packed != nil && c.Len() >= world.Customers {
			r.traits[v.id] = c
			continue
		}
		r.columns[v.id] = wholeTrait(world.Traits[v.name], v, world.Customers)
	}
	if err := r.computeLayers(ctx); err != nil {
		return nil, err
	}
	for _, s := range p.sequences {
		r.passes = append(r.passes, newSequenceRun(s, world, indexed))
	}
	return r, r.runStages(ctx)
}

// wholeTrait views a trait's column. Customers past its end, or all without a
// column, have no value.
func wholeTrait(c *column.Column, v *value, customers int) vec {
	if c != nil && c.Len() >= customers {
		return vecOf(c, v.den)
	}
	var all vec
	all.reset(v.form, v.den, customers, false)
	if c == nil || c.Len() == 0 {
		return all
	}
	have := vecOf(c, v.den)
	if v.form != inTags {
		all.copyAt(0, have, c.Len())
		return all
	}
	copy(all.tagStarts, have.tagStarts)
	for i := len(have.tagStarts); i < len(all.tagStarts); i++ {
		all.tagStarts[i] = have.tagStarts[len(have.tagStarts)-1]
	}
	all.tagCodes = have.tagCodes
	return all
}

// each runs visit over all blocks, on all cores. Blocks are independent, so
// the order in which they are done changes nothing.
func (r *run) each(ctx context.Context, visit func(w *worker) error) error {
	blocks := (r.world.Customers + blockSize - 1) / blockSize
	workers := max(1, min(runtime.GOMAXPROCS(0), blocks))
	var next atomic.Int64
	var wg sync.WaitGroup
	errs := make([]error, blocks)
	for range workers {
		wg.Go(func() {
			w := r.worker(ctx)
			for {
				b := int(next.Add(1)) - 1
				if b >= blocks {
					return
				}
				if ctx.Err() != nil {
					return
				}
				w.begin(b*blockSize, min((b+1)*blockSize, r.world.Customers))
				if errs[b] = visit(w); errs[b] != nil {
					next.Store(int64(blocks))
					return
				}
			}
		})
	}
	wg.Wait()
	if err := ctx.Err(); err != nil {
		return err
	}
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func (r *run) worker(ctx context.Context) *worker {
	w := &worker{run: r, ctx: ctx, constants: map[*value]*vec{}, vecs: make([]vec, r.plan.values), have: make([]bool, r.plan.values)}
	w.scans = make([]scanRun, len(r.plan.scans))
	for i, s := range r.plan.scans {
		w.scans[i].out = make([]vec, len(s.aggs))
	}
	return w
}

func (w *worker) begin(lo, hi int) {
	w.lo, w.hi = lo, hi
	clear(w.have)
	w.only = nil
	for i := range w.scans {
		w.scans[i].done = false
	}
}

// set evaluates a condition over everyone.
func (r *run) sets(ctx context.Context, roots []cond) ([]*Set, error) {
	sets := make([]*Set, len(roots))
	for i := range sets {
		sets[i] = NewSet(r.world.Customers)
	}
	err := r.each(ctx, func(w *worker) error {
		for i, root := range roots {
			if err := w.eval(root, sets[i].words[w.lo/64:(w.hi+63)/64]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, s := range sets {
		s.trim()
	}
	return sets, nil
}

// values evaluates a value over everyone.
func (r *run) values(ctx context.Context, v *value) (*Values, error) {
	all, err := r.valuesOf(ctx, []*value{v})
	if err != nil {
		return nil, err
	}
	return all[0], nil
}

// valuesOf evaluates several values over everyone, in one pass.
func (r *run) valuesOf(ctx context.Context, vs []*value) ([]*Values, error) {
	all := make([]*Values, len(vs))
	for i, v := range vs {
		all[i] = &Values{kind: v.kind, zone: r.plan.schema.Zone, digits: r.plan.schema.Digits, dict: v.dict, n: r.world.Customers}
		all[i].vec.room(v.form, v.den, r.world.Customers) // every block fills its own
	}
	err := r.each(ctx, func(w *worker) error {
		for i, v := range vs {
			part, err := w.value(v)
			if err != nil {
				return err
			}
			all[i].vec.copyAt(w.lo, *part, w.hi-w.lo)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return all, nil
}
