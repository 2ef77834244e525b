package main

import (
	"context"
	"fmt"
	"io"
	"net/url"
	"os"
	"regexp"
	"strings"
	"sync"
	"time"

	"tesela/agent/trace"
	"tesela/cmd/internal/telemetry"
	"tesela/store"
	"tesela/tools"
)

// envTrace turns off that traces are kept in the workspace.
const envTrace = "TESELA_TRACE"

// How long the end of the program waits for traces on their way: for personal
// data to be looked for, for them to be written, for spans to be sent. Where the
// program was told to stop, all of it takes no longer than a moment.
const (
	searchPatience = time.Second
	writePatience  = time.Second
	spansPatience  = 2 * time.Second
	stopPatience   = 50 * time.Millisecond
)

// mostQueued is how many turns wait to be written down; more than that go
// without a trace.
const mostQueued = 2048

// tracing writes down what turns did, in the workspace and as spans, beside the
// turns themselves: they hand their notes over and go on.
type tracing struct {
	ctx     context.Context // of the command
	ws      store.Workspace
	keep    bool
	errs    io.Writer
	secrets []string

	mu      sync.Mutex
	queue   chan *trace.Notes // nil before the first turn
	lost    int               // turns for which there was no room
	closed  bool
	done    chan struct{}
	looking context.Context // ends where personal data is no longer looked for
	hurry   context.CancelFunc

	// Of the one who writes.
	spans    *telemetry.Exporter
	found    *tools.PersonalSearch
	searched string // the data's fingerprint
}

// newTracing makes the tracing of a workspace; nil where the environment wants
// none.
func newTracing(ctx context.Context, ws store.Workspace, errs io.Writer) *tracing {
	keep := true
	switch strings.ToLower(strings.TrimSpace(os.Getenv(envTrace))) {
	case "off", "0", "false", "no":
		keep = false
	}
	if _, sent := telemetry.Configured(os.Getenv); !keep && !sent {
		return nil
	}
	t := &tracing{ctx: ctx, ws: ws, keep: keep, errs: errs, secrets: secretsOf(os.Environ()), done: make(chan struct{})}
	t.looking, t.hurry = context.WithCancel(context.WithoutCancel(ctx))
	return t
}

// secretName is the name of a variable that holds a secret.
var secretName = regexp.MustCompile(`(?i)(key|key_id|token|secret|passw(or)?d|credentials?|headers)$`)

// leastSecret is the shortest value of such a variable that is taken for one.
const leastSecret = 6

// secretsOf are the secrets in an environment: what may be masked wherever it
// turns up.
func secretsOf(environ []string) []string {
	var secrets []string
	for _, pair := range environ {
		name, value, _ := strings.Cut(pair, "=")
		if value = strings.TrimSpace(value); len(value) >= leastSecret && secretName.MatchString(name) {
			secrets = append(secrets, value)
		}
		if at, err := url.Parse(value); err == nil && at.User != nil {
			if password, ok := at.User.Password(); ok && len(password) >= leastSecret {
				secrets = append(secrets, password)
			}
		}
	}
	return secrets
}

// Keep takes the notes of a turn. It does not wait.
func (t *tracing) Keep(n *trace.Notes) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		return
	}
	if t.queue == nil {
		t.queue = make(chan *trace.Notes, mostQueued)
		go t.write()
	}
	select {
	case t.queue <- n:
	default:
		t.lost++
	}
}

// write writes traces down until there are no more.
func (t *tracing) write() {
	defer close(t.done)
	var err error
	if t.spans, err = telemetry.New(t.looking, os.Getenv, programVersion()); err != nil {
		fmt.Fprintf(t.errs, "tesela: no spans are sent: %v\n", err)
	}
	for n := range t.queue {
		t.one(n)
	}
}

// one masks a trace, keeps it and sends it. What cannot be kept is not missed:
// the answer is there without it.
func (t *tracing) one(n *trace.Notes) {
	defer func() { _ = recover() }() // a turn never fails for its trace
	made := n.Trace()
	search, err := t.searching(made.Data)
	why := ""
	if err != nil {
		why = "no time to look for personal data before the program ended"
		if t.looking.Err() == nil {
			why = "personal data could not be looked for"
		}
	}
	masked, err := made.Mask(search, t.secrets, why)
	if err != nil {
		return
	}
	if t.keep {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(t.ctx), writePatience)
		_ = t.ws.AppendTrace(ctx, store.Trace{TraceHead: masked.Head(), Body: masked.JSON()})
		cancel()
	}
	t.spans.Send(masked)
}

// searching is a search over the customers there are now; data is the
// fingerprint of theirs, "" where it is not known.
func (t *tracing) searching(data string) (*tools.PersonalSearch, error) {
	if t.found != nil && t.searched == data && data != "" {
		return t.found, nil
	}
	found, err := tools.NewPersonalSearch(t.looking, t.ws)
	if err != nil {
		return nil, err
	}
	t.found, t.searched = found, data
	return found, nil
}

// close writes down what is on its way, within bounds.
func (t *tracing) close() {
	t.mu.Lock()
	queue, lost := t.queue, t.lost
	if t.closed || queue == nil {
		t.closed = true
		t.mu.Unlock()
		return
	}
	t.closed = true
	close(queue)
	t.mu.Unlock()
	if lost > 0 {
		fmt.Fprintf(t.errs, "tesela: %s left no trace, for too many came at once\n", counted(lost, "turn"))
	}
	search, write, spans := searchPatience, writePatience, spansPatience
	if t.ctx.Err() != nil {
		search, write, spans = 0, stopPatience, stopPatience
	}
	if !t.waits(search) {
		if t.hurry(); !t.waits(write) {
			return
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), spans)
	defer cancel()
	if err := t.spans.Close(ctx); err != nil && t.ctx.Err() == nil {
		fmt.Fprintf(t.errs, "tesela: %v\n", err)
	}
}

// waits waits for the writing to be done, and tells whether it is.
func (t *tracing) waits(most time.Duration) bool {
	timer := time.NewTimer(most)
	defer timer.Stop()
	select {
	case <-t.done:
		return true
	case <-timer.C:
		return false
	}
}

// tracedWorkspace is a workspace whose turns are written down; closing it waits
// for what is on its way.
type tracedWorkspace struct {
	store.Workspace
	tracing *tracing

	mu        sync.Mutex
	inner, at *store.Moment // the last moment, as the workspace gave it and as it is given
}

// Close writes down what is on its way and closes the workspace.
func (w *tracedWorkspace) Close() error {
	w.tracing.close()
	return w.Workspace.Close()
}

// Now gives the workspace as it is now, in its own way and as its own: who asks
// for moments compares whose they are.
func (w *tracedWorkspace) Now(ctx context.Context) (*store.Moment, error) {
	m, err := store.Now(ctx, w.Workspace)
	if err != nil {
		return nil, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.inner != m {
		own := *m
		own.Workspace = w
		w.inner, w.at = m, &own
	}
	return w.at, nil
}

// traced makes the turns asked of a workspace be written down.
func (a *app) traced(ctx context.Context, ws store.Workspace) store.Workspace {
	if t := newTracing(ctx, ws, a.errs); t != nil {
		return &tracedWorkspace{Workspace: ws, tracing: t}
	}
	return ws
}

// tracesOf takes the notes of turns over a workspace; nil where none are taken.
func tracesOf(ws store.Workspace) trace.Sink {
	if w, ok := ws.(*tracedWorkspace); ok {
		return w.tracing
	}
	return nil
}
