package evals

import (
	"context"
	"sync"
	"time"

	"tesela/agent"
	"tesela/agent/model"
	"tesela/agent/trace"
)

// pool opens each data set once, when it is first wanted, and closes it after
// the last task that is expected to want it.
type pool struct {
	mu   sync.Mutex
	sets map[string]*opened
	// What turns of the models may use; see Options.
	limits agent.Limits
	prices map[string]Price
	traces func(*trace.Trace)
	clock  func() time.Time
}

// opened is a data set with the models that are asked about it.
type opened struct {
	left int // tasks to come

	mu     sync.Mutex // held while it is opened and models are built
	tried  bool
	data   *Data
	err    error
	models map[string]model.Model
	noise  *Noise // that knows the data's words
}

func (p *pool) expect(spec string) {
	if spec == "" {
		return
	}
	if p.sets[spec] == nil {
		p.sets[spec] = &opened{models: map[string]model.Model{}}
	}
	p.sets[spec].left++
}

// done gives back what a task had; the last one closes it.
func (p *pool) done(spec string) {
	if spec == "" {
		return
	}
	p.mu.Lock()
	set := p.sets[spec]
	set.left--
	last := set.left == 0
	p.mu.Unlock()
	if last {
		set.close()
	}
}

func (p *pool) closeAll() {
	for _, spec := range sorted(p.sets) {
		p.sets[spec].close()
	}
}

func (s *opened) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.data != nil {
		s.data.Close()
		s.data = nil
	}
}

// over is the data of a task with its model, beside the second data where
// the suite has such.
func (p *pool) over(ctx context.Context, t *task) (*Data, error) {
	data, err := p.open(ctx, t.suite.Data, t.model)
	if err != nil || t.suite.Second == "" {
		return data, err
	}
	second, err := p.open(ctx, t.suite.Second, t.model)
	if err != nil {
		return nil, err
	}
	return data.Beside(second), nil
}

// noise is made for questions about data that are open.
func (p *pool) noise(spec string) (*Noise, error) {
	s := p.sets[spec]
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.noise == nil {
		var err error
		if s.noise, err = NewNoise(s.data.Catalogue); err != nil {
			return nil, err
		}
	}
	return s.noise, nil
}

// open opens the data where they are not open yet, and asks a model about
// them.
func (p *pool) open(ctx context.Context, spec string, asked Asked) (*Data, error) {
	s := p.sets[spec]
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.tried {
		s.tried = true
		if s.data, s.err = Open(ctx, spec); s.err == nil && p.traces != nil {
			s.data.traces = &traces{to: p.traces, clock: p.clock, ws: s.data.ws}
		}
	}
	if s.err != nil || asked.Over == nil {
		return s.data, s.err
	}
	m := s.models[asked.Name]
	if m == nil {
		var err error
		if m, err = asked.Over(ctx, s.data.Catalogue); err != nil {
			return nil, err
		}
		s.models[asked.Name] = m
	}
	data := s.data.With(m)
	data.Limits, data.Price = p.limits, model.Price(p.prices[asked.Name])
	return data, nil
}
