package evals

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"tesela/agent"
	"tesela/agent/model"
	"tesela/agent/trace"
)

// Asked is a model to be asked, by the name that reports give it.
type Asked struct {
	Name string
	// Over builds the model over a data set's catalogue; nil is the offline
	// planner. What it builds is safe for concurrent use.
	Over func(ctx context.Context, catalogue *model.Catalogue) (model.Model, error)
}

// Price is what a million tokens cost, in whatever currency the prices of a
// run share.
type Price struct{ Input, Output float64 }

// Options say what is asked of whom.
type Options struct {
	Suites []*Suite
	Models []Asked
	Filter Filter
	Jobs   int // cases at a time; 0 is one
	Repeat int // times that each is asked; 0 is once
	// Noise are kinds of perturbation; each element is one more run beside the
	// plain one, with all its kinds at once (see Noise.Perturb). Cases in which
	// they change nothing are left out of it.
	Noise [][]string
	Seed  int
	// Prices are by the models' names.
	Prices map[string]Price
	// Limits bound each turn; its Cost is in the currency of Prices.
	Limits agent.Limits
	// Journal takes the records as they come; nil for none. Program tells one
	// build of this program from another.
	Journal *Journal
	Program string
	// Traces takes what each turn did, with nothing personal in it; it is called
	// by several at once. Nil for none.
	Traces func(*trace.Trace)
	// Clock times the answers; nil leaves times out.
	Clock func() time.Time
	// Progress is told of each record, one call at a time; nil for none.
	Progress func(Progress)
}

// Progress is how far a run is.
type Progress struct {
	Done, Total int
	Taken       int   // of Done: taken over from the journal
	Verdicts    Tally // so far
	Record      *Record
}

// Stopped is the error of a run that was broken off.
type Stopped struct{ Done, Total int }

func (e *Stopped) Error() string { return fmt.Sprintf("stopped after %d of %d", e.Done, e.Total) }

// Run asks every case of every model and gives the report. Records come in
// the order of models, noise, suites, cases and repeats, however the work was
// shared. A suite whose data are not on this machine is skipped, and said to be.
func Run(ctx context.Context, o Options) (*Report, error) {
	if len(o.Models) == 0 || len(o.Suites) == 0 {
		return nil, errors.New("name a suite and a model")
	}
	if err := o.Filter.Check(o.Suites); err != nil {
		return nil, err
	}
	r := &runner{Options: o, pool: pool{sets: map[string]*opened{}, limits: o.Limits, prices: o.Prices, traces: o.Traces, clock: o.Clock}, counts: Progress{Verdicts: Tally{}}}
	r.plan()
	defer r.pool.closeAll()
	if err := r.work(ctx); err != nil {
		return nil, err
	}
	return r.report()
}

// runner is a run under way.
type runner struct {
	Options
	runs  []*ScoredRun
	tasks []task
	pool  pool

	mu      sync.Mutex
	counts  Progress
	skipped map[string]string // suite → why
	err     error
}

// task is a case to be asked once.
type task struct {
	run    *ScoredRun
	model  Asked
	suite  *Suite
	of     Case
	repeat int
	record *Record // nil where it was not asked
	check  bool    // only its golds are computed
}

// plan lists the tasks. Those of a data set stand together, so that no more
// data are open at a time than need be; first its golds are computed, so that
// a suite with one that cannot be is refused before anybody is asked.
func (r *runner) plan() {
	for _, m := range r.Models {
		for _, kinds := range append([][]string{nil}, r.Noise...) {
			r.runs = append(r.runs, &ScoredRun{Model: m.Name, Perturb: strings.Join(kinds, ","), kinds: kinds, asked: m})
		}
	}
	var sets []string
	for _, s := range r.Suites {
		if key := s.Data + "\x00" + s.Second; !slices.Contains(sets, key) {
			sets = append(sets, key)
		}
	}
	for _, key := range sets {
		var suites []*Suite
		for _, s := range r.Suites {
			if s.Data+"\x00"+s.Second == key {
				suites = append(suites, s)
				r.planSuite(task{run: r.runs[0], suite: s, check: true}, 1)
			}
		}
		for _, run := range r.runs {
			for _, s := range suites {
				r.counts.Total += r.planSuite(task{run: run, model: run.asked, suite: s}, max(r.Repeat, 1))
			}
		}
	}
	for i := range r.tasks {
		s := r.tasks[i].suite
		r.pool.expect(s.Data)
		r.pool.expect(s.Second)
	}
}

// planSuite lists a task for every case that is picked, and tells how many.
func (r *runner) planSuite(t task, repeat int) int {
	n := len(r.tasks)
	for _, c := range t.suite.Cases {
		if !r.Filter.Takes(&c) {
			continue
		}
		for i := range repeat {
			t.of, t.repeat = c, i
			r.tasks = append(r.tasks, t)
		}
	}
	return len(r.tasks) - n
}

// work does the tasks with Jobs hands.
func (r *runner) work(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	next := make(chan int)
	var hands sync.WaitGroup
	for range max(r.Jobs, 1) {
		hands.Go(func() {
			for i := range next {
				if err := r.do(ctx, &r.tasks[i]); err != nil {
					r.fail(err)
					cancel()
				}
			}
		})
	}
	for i := range r.tasks {
		select {
		case next <- i:
			continue
		case <-ctx.Done():
		}
		break
	}
	close(next)
	hands.Wait()
	switch {
	case r.err != nil:
		return r.err
	case ctx.Err() != nil:
		return &Stopped{Done: r.counts.Done, Total: r.counts.Total}
	}
	return nil
}

// fail keeps the first error that is not of being broken off.
func (r *runner) fail(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.err == nil && !errors.Is(err, context.Canceled) {
		r.err = err
	}
}

// do asks one case, unless the journal knows what came of it.
func (r *runner) do(ctx context.Context, t *task) error {
	defer r.pool.done(t.suite.Data)
	defer r.pool.done(t.suite.Second)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	data, err := r.pool.over(ctx, t)
	switch {
	case errors.Is(err, ErrMissing):
		r.skip(t, err)
		return nil
	case err != nil:
		return err
	case t.check:
		if err := data.computes(ctx, &t.of); err != nil {
			return fmt.Errorf("suite %s: case %s: %w", t.suite.Name, t.of.ID, err)
		}
		return nil
	}
	if len(t.run.kinds) > 0 {
		noise, err := r.pool.noise(t.suite.Data)
		if err != nil {
			return err
		}
		plain := t.of
		if t.of = noise.Perturb(plain, t.run.kinds, r.Seed); len(t.of.Noise) == 0 {
			r.pass() // nothing in it can be made noisier in this way
			return nil
		}
		t.of.Word = asTyped(plain.Word, plain.Turns, t.of.Turns)
	}
	stamp := Stamp{Suite: t.suite.Sum, Data: data.Fingerprint, Program: r.Program}
	if data.Second != nil {
		stamp.Second = data.Second.Fingerprint
	}
	if len(t.run.kinds) > 0 {
		stamp.Seed = r.Seed
	}
	if r.Journal != nil {
		blank := Record{Model: t.run.Model, Suite: t.suite.Name, ID: t.of.ID, Perturb: t.run.Perturb, Repeat: t.repeat}
		if kept, ok := r.Journal.Take(stamp, blank); ok {
			r.finish(t, kept, true)
			return nil
		}
	}
	outcome := data.Run(ctx, &t.of, r.now)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	record := outcome.Record()
	record.Model, record.Perturb, record.Repeat = t.run.Model, t.run.Perturb, t.repeat
	if r.Journal != nil {
		if err := r.Journal.Add(stamp, record, r.now()); err != nil {
			return err
		}
	}
	r.finish(t, record, false)
	return nil
}

// asTyped is how a word that a question back is to name stands in the noisy
// turns: it can only be named as it was typed. Where its place is lost it is
// "", and any question back is about it.
func asTyped(word string, plain, noisy []string) string {
	parts := strings.Fields(word)
	lost := ""
	for i, turn := range plain {
		if strings.Contains(fold(noisy[i]), fold(word)) {
			return word
		}
		was, is := strings.Fields(turn), strings.Fields(noisy[i])
		for at := 0; at+len(parts) <= len(was) && len(was) == len(is); at++ {
			if strings.Contains(fold(strings.Join(was[at:at+len(parts)], " ")), fold(word)) {
				lost = strings.Trim(strings.Join(is[at:at+len(parts)], " "), "¿?¡!.,;:'\"")
			}
		}
	}
	return lost
}

func (r *runner) now() time.Time {
	if r.Clock == nil {
		return time.Time{}
	}
	return r.Clock()
}

// finish keeps a record and tells of it.
func (r *runner) finish(t *task, record Record, taken bool) {
	if price, ok := r.Prices[t.run.Model]; ok {
		cost := (price.Input*float64(record.InputTokens) + price.Output*float64(record.OutputTokens)) / 1e6
		record.Cost = &cost
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	t.record = &record
	r.counts.Done++
	r.counts.Verdicts[record.Verdict]++
	r.counts.Record = &record
	if taken {
		r.counts.Taken++
	}
	if r.Progress != nil {
		r.Progress(r.counts)
	}
}

// pass counts a task that comes to no record.
func (r *runner) pass() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.counts.Done++
}

// skip notes that a suite's data are missing.
func (r *runner) skip(t *task, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.skipped == nil {
		r.skipped = map[string]string{}
	}
	if r.skipped[t.suite.Name] == "" {
		r.skipped[t.suite.Name] = err.Error()
	}
	if !t.check {
		r.counts.Done++
	}
}
