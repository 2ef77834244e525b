package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"sync"
	"time"

	"tesela/agent"
	"tesela/agent/model"
	"tesela/agent/model/auto"
	"tesela/cmd/internal/report"
	"tesela/store"
	"tesela/tools"
	"tesela/tools/restate"
)

// desk hands out conversations over one workspace to many people at once. They
// share what is costly to make: the tools with their index of values, the model
// with its connections, what turns start from, and the search for personal data.
// What is of the data is made anew when that has changed. It is safe for
// concurrent use.
type desk struct {
	app      *app
	ws       store.Workspace
	talk     talk // session and language are each conversation's own
	box      *tools.Box
	starter  *tools.Starter
	past     agent.Past
	model    model.Model
	first    *model.Catalogue // as it was when the desk was made
	restate  agent.Restater
	price    model.Price
	examples func(language string) []string // questions to begin with
	next     *nextQuestions

	making   sync.Mutex // held while the search is looked at or made
	search   *tools.PersonalSearch
	searched string // the fingerprint of the data it searches
}

// newDesk makes a desk. Its talk says which model is asked, as of when, and how
// long a turn may take.
func newDesk(ctx context.Context, a *app, ws store.Workspace, t talk) (*desk, error) {
	if t.clock == nil {
		t.clock = time.Now
	}
	exports, err := a.exports()
	if err != nil {
		return nil, err
	}
	t.exports = exports
	d := &desk{app: a, ws: ws, talk: t, box: boxOf(ws, exports)}
	if d.restate, err = restate.New(); err != nil {
		return nil, err
	}
	if d.price, err = configured().price(); err != nil {
		return nil, err
	}
	d.starter = tools.NewStarter(ws)
	start, err := d.look(ctx)
	if err != nil {
		return nil, err
	}
	d.first = start.Catalogue
	if d.model, err = configured().modelNamed(ctx, t.model, d.first); err != nil {
		return nil, err
	}
	if d.next, err = newNextQuestions(d.model); err != nil {
		return nil, err
	}
	d.examples = d.next.first(ctx, ws, d.catalogueNow)
	return d, nil
}

// look gives what a turn would start from now.
func (d *desk) look(ctx context.Context) (*tools.Start, error) { return d.starter.Now(ctx) }

// Converse makes a conversation of a session in a language ("" for that of the
// question). Personal traits may be listed where a person asks who is allowed
// to see them.
func (d *desk) Converse(_ context.Context, session, language string, person bool) (*agent.Conversation, error) {
	return agent.New(agent.Config{
		Workspace: d.ws, Starter: d.starter, Past: &d.past, Tools: d.box, Model: d.model, Session: session, Language: language, AsOf: d.talk.asOf,
		Restate: d.restate, Person: person, Clock: d.talk.clock, Program: programVersion(),
		Limits: d.talk.bounds.limits(), Price: d.price, Traces: tracesOf(d.ws),
	}), nil
}

// Close gives up the connections that are kept for later questions.
func (d *desk) Close() { closeModel(d.model) }

// closeModel gives up the connections of a model, or of those it asks.
func closeModel(m model.Model) {
	switch m := m.(type) {
	case *auto.Model:
		closeModel(m.First)
		closeModel(m.Then)
	case *auto.Heard:
		closeModel(m.Model)
	case interface{ Close() }:
		m.Close()
	}
}

// Tools are the tools that conversations call.
func (d *desk) Tools() *tools.Box { return d.box }

// Catalogue is what a model may know of the data.
func (d *desk) Catalogue(ctx context.Context) (*model.Catalogue, error) {
	v, err := d.look(ctx)
	if err != nil {
		return nil, err
	}
	return v.Catalogue, nil
}

// Examples are first questions that this data answers.
func (d *desk) Examples(language string) []string {
	if d.examples == nil {
		return nil
	}
	return d.examples(language)
}

// Next are questions that make sense after an answer.
func (d *desk) Next(ctx context.Context, a *agent.Answer) []model.Choice {
	return d.next.after(ctx, d.catalogueNow(), a, nil)
}

// catalogueNow is what may be known of the data now, or, where that cannot be
// read, was known when the desk was made.
func (d *desk) catalogueNow() *model.Catalogue {
	if start, err := d.look(context.Background()); err == nil {
		return start.Catalogue
	}
	return d.first
}

// Zone is the time zone of the data.
func (d *desk) Zone(ctx context.Context) (*time.Location, error) { return zoneOf(ctx, d.ws) }

// searchNow is a search over the customers there are now.
func (d *desk) searchNow(ctx context.Context) (*tools.PersonalSearch, error) {
	data, err := d.ws.Fingerprint(ctx)
	if err != nil {
		return nil, fmt.Errorf("look for personal data: %w", err)
	}
	d.making.Lock()
	defer d.making.Unlock()
	if d.search == nil || d.searched != data {
		if d.search, err = tools.NewPersonalSearch(ctx, d.ws); err != nil {
			return nil, err
		}
		d.searched = data
	}
	return d.search, nil
}

// Personal tells what of an answer tells of single customers.
func (d *desk) Personal(ctx context.Context, answer *agent.Answer) (tools.PersonalParts, error) {
	search, err := d.searchNow(ctx)
	if err != nil {
		return tools.PersonalParts{}, err
	}
	body, err := answer.MarshalJSON()
	if err != nil {
		return tools.PersonalParts{}, err
	}
	return agent.PersonalIn(search, body)
}

// Withhold gives an answer without the rows that tell of single customers, and
// without its text, which says them too. It fails where that is not enough.
func (d *desk) Withhold(ctx context.Context, answer *agent.Answer) (*agent.Answer, error) {
	search, err := d.searchNow(ctx)
	if err != nil {
		return nil, err
	}
	body, err := answer.MarshalJSON()
	if err != nil {
		return nil, err
	}
	parts, err := agent.PersonalIn(search, body)
	if err != nil {
		return nil, err
	}
	if body, err = agent.Withhold(body, parts); err != nil {
		return nil, err
	}
	bare := &agent.Answer{}
	return bare, json.Unmarshal(body, bare)
}

// Answer is a kept answer; store.ErrNotFound where there is none.
func (d *desk) Answer(ctx context.Context, id string) (*agent.Answer, error) {
	turn, err := d.ws.Turn(ctx, id)
	if err != nil {
		return nil, err
	}
	answer := &agent.Answer{}
	if err := json.Unmarshal(turn.Answer, answer); err != nil {
		return nil, fmt.Errorf("read the answer %s: %w", id, err)
	}
	return answer, nil
}

// Report makes the page of a saved segment, of an answer by its id, or of the
// micro-segments. Without personal, rows that tell of single customers are left
// out of it.
func (d *desk) Report(ctx context.Context, name, language string, personal bool) ([]byte, error) {
	quiet := *d.app
	quiet.errs = io.Discard
	r := &reporting{lang: language, without: !personal, out: "report.html", kept: true, at: d.talk.asOf}
	doc, err := quiet.reportOf(ctx, d.ws, r, name)
	if err != nil {
		return nil, err
	}
	var page bytes.Buffer
	if err := report.HTML(&page, doc); err != nil {
		return nil, err
	}
	return page.Bytes(), nil
}

// Memory keeps what front ends must know after a restart.
func (d *desk) Memory() *deskMemory { return &deskMemory{ws: d.ws, clock: d.talk.clock} }

// deskMemory keeps records in the workspace.
type deskMemory struct {
	ws    store.Workspace
	clock func() time.Time
}

// Claim keeps a record until a time unless one of its kind and key is there.
func (m *deskMemory) Claim(ctx context.Context, kind, key string, body []byte, until time.Time) (bool, error) {
	return m.ws.ClaimRecord(ctx, store.Record{Kind: kind, Key: key, Body: body, Until: until}, m.clock())
}

// Put keeps a record in place of an older one; the zero time keeps it for ever.
func (m *deskMemory) Put(ctx context.Context, kind, key string, body []byte, until time.Time) error {
	return m.ws.PutRecord(ctx, store.Record{Kind: kind, Key: key, Body: body, Until: until})
}

// List gives the bodies of a kind by key.
func (m *deskMemory) List(ctx context.Context, kind string) (map[string][]byte, error) {
	records, err := m.ws.Records(ctx, kind, m.clock())
	if err != nil {
		return nil, err
	}
	bodies := make(map[string][]byte, len(records))
	for _, r := range records {
		bodies[r.Key] = r.Body
	}
	return bodies, nil
}

// Drop forgets a record.
func (m *deskMemory) Drop(ctx context.Context, kind, key string) error {
	return m.ws.DropRecord(ctx, kind, key)
}
