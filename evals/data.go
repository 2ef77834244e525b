package evals

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"tesela/agent"
	"tesela/agent/model"
	"tesela/agent/planner"
	"tesela/segment"
	"tesela/store"
	"tesela/store/sqlite"
	"tesela/tools"
	"tesela/tools/restate"
)

// Data is an opened data set and who is asked about it. It is safe for
// concurrent use.
type Data struct {
	Spec        string
	AsOf        time.Time
	Zone        *time.Location
	Fingerprint string
	Box         tools.Runner
	Catalogue   *model.Catalogue
	Model       model.Model
	Restate     agent.Restater
	// Second is the data on which an answer must come to the gold too; nil
	// for none.
	Second *Data
	// Limits bound each turn, its cost by Price.
	Limits agent.Limits
	Price  model.Price

	ws     store.Workspace
	traces *traces // nil where nobody wants them
	source segment.Source
	folder string // made for the data
	golds  *goldCache
}

// goldCache keeps the results of golds: a suite in three languages asks for
// each thrice, and so does each model.
type goldCache struct {
	mu      sync.Mutex
	results map[string]*goldResult
}

type goldResult struct {
	once   sync.Once
	result *tools.Result
	err    error
}

// Open makes a data set in a temporary folder, or opens a workspace, and puts
// the offline planner over it. See ParseSpec for what there is.
func Open(ctx context.Context, spec string) (d *Data, err error) {
	s, err := ParseSpec(spec)
	if err != nil {
		return nil, err
	}
	d = &Data{Spec: spec, golds: &goldCache{results: map[string]*goldResult{}}}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("open the data %s: %w", spec, err), d.Close())
			d = nil
		}
	}()
	// Beside the data set it is where exports would go, were one approved.
	if d.folder, err = os.MkdirTemp("", "tesela-evals-"); err != nil {
		return d, err
	}
	if s.Name == "workspace" {
		ws, err := sqlite.Open(ctx, s.Path)
		if err != nil {
			return d, err
		}
		d.ws = ws
		return d, d.wire(ctx)
	}
	ws, err := sqlite.Create(ctx, filepath.Join(d.folder, s.Name+".db"))
	if err != nil {
		return d, err
	}
	d.ws = ws
	if err = s.Fill(ctx, d.ws, d.folder); err != nil {
		return d, err
	}
	return d, d.wire(ctx)
}

// wire puts the planner over the workspace's tools.
func (d *Data) wire(ctx context.Context) error {
	var err error
	if d.source, err = d.ws.Source(ctx); err != nil {
		return err
	}
	if d.Fingerprint, err = d.ws.Fingerprint(ctx); err != nil {
		return err
	}
	schema := d.source.Schema()
	d.AsOf, d.Zone = schema.Now(), schema.Zone
	d.Box = tools.NewBox(d.ws, tools.Exports(filepath.Join(d.folder, "exports")))
	if d.Catalogue, err = tools.Catalogue(ctx, d.ws); err != nil {
		return err
	}
	if d.Model, err = planner.New(d.Catalogue); err != nil {
		return err
	}
	d.Restate, err = restate.New()
	return err
}

// Close removes what was made for the data set.
func (d *Data) Close() error {
	var err error
	if d.ws != nil {
		err = d.ws.Close()
	}
	if d.folder != "" {
		err = errors.Join(err, os.RemoveAll(d.folder))
	}
	return err
}

// With asks another model about the same data. Only the first need be closed.
func (d *Data) With(m model.Model) *Data {
	other := *d
	other.Model = m
	return &other
}

// Beside compares answers on second too.
func (d *Data) Beside(second *Data) *Data {
	other := *d
	other.Second = second
	return &other
}

// talk starts a conversation of its own over the data.
func (d *Data) talk(at time.Time) *agent.Conversation {
	c := agent.Config{
		Tools: d.Box, Model: d.Model, Session: "evals", AsOf: at,
		Catalogue: d.Catalogue, Restate: d.Restate, Person: true, Limits: d.Limits, Price: d.Price,
	}
	if d.traces != nil {
		c.Traces = d.traces
	}
	return agent.New(c)
}

// call runs a tool once for all who ask for the same.
func (d *Data) call(ctx context.Context, at time.Time, tool string, args json.RawMessage) (*tools.Result, error) {
	key := at.UTC().Format(time.RFC3339Nano) + "\x00" + tool + "\x00" + string(args)
	d.golds.mu.Lock()
	r := d.golds.results[key]
	if r == nil {
		r = new(goldResult)
		d.golds.results[key] = r
	}
	d.golds.mu.Unlock()
	r.once.Do(func() {
		r.result, r.err = d.Box.Call(ctx, tools.Caller{Language: "en", AsOf: at, Person: true}, tool, args)
	})
	return r.result, r.err
}

// members are the ids of a formula's customers.
func (d *Data) members(ctx context.Context, at time.Time, formula string) (map[string]bool, error) {
	return formulaMembers(ctx, d.source, at, formula)
}
