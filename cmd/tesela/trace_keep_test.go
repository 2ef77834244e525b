package main

import (
	"bytes"
	"context"
	"net"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tesela/agent/model"
	"tesela/agent/trace"
	"tesela/cmd/internal/telemetry"
	"tesela/segment"
	"tesela/store"
	"tesela/store/demo"
	"tesela/store/sqlite"
)

// faultyTraces is a workspace that fails at keeping traces, or takes for ever.
type faultyTraces struct {
	store.Workspace
	err   error // nil: it takes until ctx ends
	slow  bool  // so does reading the data, once turns are over
	asked chan struct{}
}

func (w *faultyTraces) AppendTrace(ctx context.Context, _ store.Trace) error {
	select {
	case w.asked <- struct{}{}:
	default:
	}
	if w.err != nil {
		return w.err
	}
	<-ctx.Done()
	return context.Cause(ctx)
}

// Now keeps turns from looking at Source, which is slow.
func (w *faultyTraces) Now(ctx context.Context) (*store.Moment, error) {
	m, err := store.Now(ctx, w.Workspace)
	if err != nil {
		return nil, err
	}
	own := *m
	own.Workspace = w
	return &own, nil
}

func (w *faultyTraces) Source(ctx context.Context) (segment.Source, error) {
	if w.slow {
		<-ctx.Done()
		return nil, context.Cause(ctx)
	}
	return w.Workspace.Source(ctx)
}

func tracedDemo(t *testing.T) store.Workspace {
	t.Helper()
	ws, err := sqlite.Create(t.Context(), filepath.Join(t.TempDir(), "demo.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ws.Close() })
	if err := demo.Fill(t.Context(), ws, demo.Options{Customers: 300}); err != nil {
		t.Fatal(err)
	}
	return ws
}

// The answer comes, and is kept, whatever becomes of its trace; and the end of
// the program waits for it no longer than it may.
func TestTracesThatCannotBeKept(t *testing.T) {
	whole := tracedDemo(t)
	for name, c := range map[string]struct {
		w    *faultyTraces
		stop bool
		most time.Duration
	}{
		"full":            {w: &faultyTraces{err: store.ErrDiskFull}, most: 2 * time.Second},
		"locked":          {w: &faultyTraces{err: store.ErrLocked}, most: 2 * time.Second},
		"for ever":        {w: &faultyTraces{}, most: searchPatience + writePatience + time.Second},
		"slow to search":  {w: &faultyTraces{err: store.ErrDiskFull, slow: true}, most: searchPatience + writePatience + time.Second},
		"stopped":         {w: &faultyTraces{}, stop: true, most: time.Second},
		"stopped, slowly": {w: &faultyTraces{slow: true}, stop: true, most: time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			c.w.Workspace, c.w.asked = whole, make(chan struct{}, 1)
			slow := c.w.slow
			c.w.slow = false
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			var errs bytes.Buffer
			ws, _ := (&app{errs: &errs}).traced(ctx, c.w).(*tracedWorkspace)
			conversation, err := converse(ctx, ws, talk{model: "offline", clock: time.Now})
			if err != nil {
				t.Fatal(err)
			}
			c.w.slow = slow
			for _, q := range []string{"how many customers ordered at least twice?", "how many customers are there?"} {
				if a := answerTo(ctx, t, conversation, q); a.Status != model.Answered {
					t.Fatalf("%+v", a)
				}
			}
			if c.stop {
				cancel()
			}
			start := time.Now()
			ws.tracing.close()
			if took := time.Since(start); took > c.most {
				t.Errorf("the end waits for %v", took)
			}
			if errs.Len() > 0 {
				t.Errorf("it says %s", &errs)
			}
		})
	}
}

// Spans that nobody takes hold neither the answer up nor, for long, the end,
// which says so.
func TestSpansThatCannotBeSent(t *testing.T) {
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	whole := tracedDemo(t)
	for _, at := range []string{"http://127.0.0.1:1", "http://" + silent.Addr().String(), "nowhere"} {
		t.Run(at, func(t *testing.T) {
			t.Setenv(telemetry.EnvEndpoint, at)
			var errs bytes.Buffer
			ws, _ := (&app{errs: &errs}).traced(t.Context(), whole).(*tracedWorkspace)
			conversation, err := converse(t.Context(), ws, talk{model: "offline", clock: time.Now})
			if err != nil {
				t.Fatal(err)
			}
			if a := answerTo(t.Context(), t, conversation, "how many customers ordered at least twice?"); a.Status != model.Answered {
				t.Fatalf("%+v", a)
			}
			start := time.Now()
			ws.tracing.close()
			if took := time.Since(start); took > searchPatience+writePatience+spansPatience+time.Second {
				t.Errorf("the end waits for %v", took)
			}
			if !strings.Contains(errs.String(), "spans") || strings.Count(errs.String(), "\n") != 1 {
				t.Errorf("it says %q", &errs)
			}
		})
	}
}

// Handing a turn's notes over takes next to nothing, and writing a trace down
// does not take long.
func TestTracesCostLittle(t *testing.T) {
	ws, _ := (&app{errs: &bytes.Buffer{}}).traced(t.Context(), tracedDemo(t)).(*tracedWorkspace)
	var handing []time.Duration
	conversation, err := converse(t.Context(), ws, talk{model: "offline", clock: time.Now, session: "s"})
	if err != nil {
		t.Fatal(err)
	}
	keep := &timedSink{sink: conversation.Traces}
	conversation.Traces = keep
	for range 20 {
		answerTo(t.Context(), t, conversation, "how many customers ordered at least twice?")
		handing = append(handing, keep.took)
	}
	slices.Sort(handing)
	if half := handing[len(handing)/2]; half > time.Millisecond {
		t.Errorf("half of the turns give %v or more for their trace", half)
	}
	ws.tracing.close()
	heads, err := ws.FindTraces(t.Context(), store.TraceQuery{})
	if err != nil || len(heads) != 20 {
		t.Errorf("%d traces, %v", len(heads), err)
	}
}

// Whoever is asked through a desk, in Slack or by an assistant, leaves a trace
// too, and its tools compute on the moment that the turn started from.
func TestDeskIsTraced(t *testing.T) {
	a := &app{errs: &bytes.Buffer{}, db: filepath.Join(t.TempDir(), "x.db")}
	ws, _ := a.traced(t.Context(), tracedDemo(t)).(*tracedWorkspace)
	d, err := newDesk(t.Context(), a, ws, talk{model: "offline"})
	if err != nil {
		t.Fatal(err)
	}
	conversation, err := d.Converse(t.Context(), "slack:1", "", true)
	if err != nil {
		t.Fatal(err)
	}
	answer := answerTo(t.Context(), t, conversation, "how many customers ordered at least twice?")
	one, err := store.Now(t.Context(), ws)
	if err != nil || one.Workspace != store.Workspace(ws) {
		t.Errorf("a moment of another workspace: %v", err)
	}
	if two, err := store.Now(t.Context(), ws); err != nil || one != two {
		t.Errorf("another moment though nothing changed: %v", err)
	}
	ws.tracing.close()
	heads, err := ws.FindTraces(t.Context(), store.TraceQuery{Session: "slack:1"})
	if err != nil || len(heads) != 1 || heads[0].ID != answer.ID {
		t.Errorf("%+v, %v", heads, err)
	}
}

func TestSecretsOfAnEnvironment(t *testing.T) {
	got := secretsOf([]string{
		"OPENAI_API_KEY=sk-1234567", "AWS_SECRET_ACCESS_KEY=abcdefgh", "AWS_ACCESS_KEY_ID=AKIA12345678", "SLACK_BOT_TOKEN=xoxb-99999", "DB_PASSWORD=hunter22", "PASSWORD=",
		"OPENAI_BASE_URL=http://me:s3cret99@host/v1", "OTEL_EXPORTER_OTLP_HEADERS=auth=12345678", "PATH=/usr/bin", "KEYBOARD=qwertyuiop", "API_KEY=x", "HOME=/root",
	})
	want := []string{"sk-1234567", "abcdefgh", "AKIA12345678", "xoxb-99999", "hunter22", "s3cret99", "auth=12345678"}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

// timedSink notes how long handing over takes.
type timedSink struct {
	sink trace.Sink
	took time.Duration
}

func (s *timedSink) Keep(n *trace.Notes) {
	start := time.Now()
	s.sink.Keep(n)
	s.took = time.Since(start)
}
