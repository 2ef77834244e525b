package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tesela/agent"
	"tesela/agent/model"
	"tesela/agent/model/modeltest"
	"tesela/segment"
	"tesela/segment/column"
	"tesela/store"
	"tesela/store/demo"
	"tesela/store/sqlite"
	"tesela/tools"
)

// endpoint is a scripted endpoint that counts its connections.
type endpoint struct {
	*httptest.Server
	open, made atomic.Int64
}

func serveEndpoint(t testing.TB, script modeltest.Script) *endpoint {
	e := &endpoint{}
	e.Server = httptest.NewUnstartedServer(modeltest.Serve(t, modeltest.OpenAI{}, script).Forgetful())
	e.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		switch s {
		case http.StateNew:
			e.open.Add(1)
			e.made.Add(1)
		case http.StateClosed, http.StateHijacked:
			e.open.Add(-1)
		}
	}
	e.Start()
	t.Cleanup(func() {
		e.CloseClientConnections()
		e.Close()
	})
	t.Setenv(envBaseURL, e.URL+"/v1")
	t.Setenv(envKey, modeltest.Key)
	t.Setenv(envModel, "test")
	t.Setenv(envTimeout, "10m") // whatever else the machine is at
	return e
}

// The kinds of turns of the soak, by the first word of their questions. Those
// that auto is asked begin with words that mean nothing to the planner.
const (
	turnCalls   = "flurbs"   // several tools at once
	turnRepairs = "grobnixs" // arguments at fault first
	turnHangs   = "zorps"    // the endpoint says nothing, the asker leaves
	turnFails   = "quuxs"    // the endpoint refuses
	turnSaves   = "blargs"   // a call that waits for a person
)

var turnKinds = []string{turnCalls, turnCalls, turnRepairs, turnCalls, turnHangs, turnFails, turnCalls, turnSaves}

// soakScript plays the model for questions such as "flurbs 7 of turn 1234".
func soakScript(a modeltest.Asked) modeltest.Reply {
	used := &model.Usage{InputTokens: 900, OutputTokens: 20}
	question, results := "", 0
	var size json.Number
	failed := false
	for _, m := range a.Messages {
		switch m.Role {
		case "user":
			question, results, size, failed = m.Text, 0, "", false
		case "tool":
			var told struct {
				Data struct {
					Error  string
					Values struct{ Size json.Number }
				}
			}
			if json.Unmarshal([]byte(m.Text), &told) != nil {
				return modeltest.Reply{Faults: []modeltest.Fault{modeltest.Garbage}}
			}
			results++
			failed = failed || told.Data.Error != ""
			if told.Data.Values.Size != "" && size == "" {
				size = told.Data.Values.Size
			}
		}
	}
	words := strings.Fields(question)
	kind, n := words[0], words[1]
	call := func(id, name string, args map[string]any) model.Call {
		b, _ := json.Marshal(args)
		return model.Call{ID: id, Name: name, Args: b}
	}
	formula := "count(order) >= " + n
	good := []model.Call{
		call("call_1", "count_segment", map[string]any{"formula": formula}),
		call("call_2", "list_customers", map[string]any{"formula": formula, "by": "sum(order.amount)", "limit": 3}),
		call("call_3", "measure", map[string]any{"measures": []string{"customers"}, "formula": formula}),
	}
	switch {
	case kind == turnHangs:
		return modeltest.Reply{Delay: time.Minute}
	case kind == turnFails:
		return modeltest.Reply{Faults: []modeltest.Fault{modeltest.WrongKey}}
	case kind == turnSaves:
		return modeltest.Reply{Usage: used, Calls: []model.Call{call("call_1", "save_segment", map[string]any{"name": "Keen " + words[4], "formula": formula})}}
	case results == 0 && kind == turnRepairs:
		return modeltest.Reply{Usage: used, Calls: []model.Call{call("call_1", "count_segment", map[string]any{"formula": "count(oder) >= " + n})}}
	case results == 0 || failed && results == 1:
		return modeltest.Reply{Usage: used, Calls: good}
	}
	return modeltest.Reply{Usage: used, Text: "There are " + size.String() + " " + kind + "."}
}

// soak is a workspace, an endpoint and two desks, one of which asks the planner
// first.
type soak struct {
	t       *testing.T
	ws      *sqlite.Workspace
	at      *endpoint
	desks   []*desk
	sizes   map[int]string // customers by the number of orders they have at least
	saved   atomic.Int64
	lock    sync.Mutex
	notices map[string]int // what operators are told, by its first words
}

// note counts a notice.
func (s *soak) note(notice string) {
	words := strings.Fields(notice)
	s.lock.Lock()
	defer s.lock.Unlock()
	s.notices[strings.Join(words[:min(len(words), 12)], " ")]++
}

func newSoak(t *testing.T) *soak {
	t.Helper()
	ctx := t.Context()
	ws, err := sqlite.Create(ctx, filepath.Join(t.TempDir(), "shop.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ws.Close() })
	if err := demo.Fill(ctx, ws, demo.Options{Customers: 500}); err != nil {
		t.Fatal(err)
	}
	s := &soak{t: t, ws: ws, at: serveEndpoint(t, soakScript), sizes: map[int]string{}, notices: map[string]int{}}
	a := newApp(strings.NewReader(""), io.Discard, io.Discard)
	for _, name := range []string{"openai:test", "auto"} {
		d, err := newDesk(ctx, a, ws, talk{model: name})
		if err != nil {
			t.Fatal(err)
		}
		s.desks = append(s.desks, d)
	}
	differ := map[string]bool{}
	for n := 1; n <= 12; n++ {
		r, err := s.desks[0].Tools().Call(ctx, tools.Caller{Language: "en"}, "count_segment", json.RawMessage(fmt.Sprintf(`{"formula":"count(order) >= %d"}`, n)))
		if err != nil {
			t.Fatal(err)
		}
		s.sizes[n] = fmt.Sprint(r.Values["size"])
		differ[s.sizes[n]] = true
	}
	if len(differ) < 8 {
		t.Fatalf("figures that do not differ: %v", s.sizes)
	}
	return s
}

// wave asks so many questions at once.
func (s *soak) wave(wave, turns int) {
	var all sync.WaitGroup
	for i := range turns {
		all.Go(func() {
			if err := s.turn(wave*100_000+i, i); err != nil {
				s.t.Errorf("turn %d of wave %d: %v", i, wave, err)
			}
		})
	}
	all.Wait()
}

func (s *soak) turn(number, i int) error {
	kind, n := turnKinds[i%len(turnKinds)], 1+number%12
	session := ""
	if i%3 == 0 {
		session = fmt.Sprint("s", i%30)
	}
	// The desk of auto and that of the model take turns with every kind.
	c, err := s.desks[i/len(turnKinds)%2].Converse(s.t.Context(), session, "en", true)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(s.t.Context())
	defer cancel()
	if kind == turnHangs {
		time.AfterFunc(time.Duration(20+i%50)*time.Millisecond, cancel)
	}
	var answer *agent.Answer
	for e, err := range c.Ask(ctx, fmt.Sprintf("%s %d of turn %d", kind, n, number)) {
		if err != nil {
			if kind == turnHangs && errors.Is(err, context.Canceled) {
				return nil
			}
			return err
		}
		if e.Notice != "" {
			s.note(e.Notice)
		}
		if e.Answer != nil {
			answer = e.Answer
		}
	}
	size := s.sizes[n]
	switch kind {
	case turnHangs:
		return fmt.Errorf("an answer though nobody answers: %s", answer.Text)
	case turnFails:
		if answer.Status == model.Answered || len(answer.Calls) > 0 || strings.Contains(answer.Text, modeltest.Key) {
			return fmt.Errorf("%s: %s", answer.Status, answer.Text)
		}
		return nil
	case turnSaves:
		if answer.Status != model.Approve || fmt.Sprint(answer.Calls[0].Result.Values["size"]) != size {
			return fmt.Errorf("%s: %s", answer.Status, answer.Text)
		}
		if i%16 == 7 {
			return nil // nobody says yes
		}
		done, err := c.Approve(s.t.Context(), answer.Calls[0].Approval, "ada")
		switch {
		case errors.Is(err, store.ErrLocked) || errors.Is(err, context.DeadlineExceeded):
			s.note("an approval did not get to write: " + err.Error()) // the machine is at other things
			return nil
		case err != nil:
			return fmt.Errorf("approve: %w", err)
		}
		s.saved.Add(1)
		if done.Status != model.Answered {
			return fmt.Errorf("approved, but %s: %s", done.Status, done.Text)
		}
		return nil
	}
	if answer.Status != model.Answered || answer.Text != "There are "+size+" "+kind+"." {
		return fmt.Errorf("%s: %q, not %s", answer.Status, answer.Text, size)
	}
	for _, call := range answer.Calls {
		switch {
		case call.Error != "" && kind == turnRepairs:
			continue
		case !strings.Contains(string(call.Args)+" ", fmt.Sprintf(">= %d\"", n)) || call.Result == nil:
			return fmt.Errorf("another's call: %s", call.Args)
		case call.Tool == "measure" && fmt.Sprint(call.Result.Values["customers"]) != size, call.Tool == "count_segment" && fmt.Sprint(call.Result.Values["size"]) != size:
			return fmt.Errorf("another's result: %v", call.Result)
		}
	}
	return nil
}

// write imports, and sets words, until it is told to stop: events that no
// question is about.
func (s *soak) write(stop <-chan struct{}) error {
	for i := 1; ; i++ {
		select {
		case <-stop:
			return nil
		case <-time.After(150 * time.Millisecond):
		}
		if err := addPings(s.t.Context(), s.ws, i); err != nil {
			return err
		}
		if err := s.ws.SetWord(s.t.Context(), "wibble", fmt.Sprintf("count(order) >= %d", i)); err != nil {
			return err
		}
	}
}

// addPings imports events of one customer.
func addPings(ctx context.Context, ws store.Workspace, i int) error {
	b, err := ws.Import(ctx)
	if err != nil {
		return err
	}
	defer b.Rollback()
	e, ok := b.Schema().Event("order")
	if !ok {
		return errors.New("there are no orders")
	}
	ref := segment.FieldRef{Event: "ping", Name: "no"}
	if err := b.Declare(ref, column.Number); err != nil {
		return err
	}
	rows := &column.Rows{
		Customers: []uint32{0}, Times: []int64{e.First.UnixMicro() + int64(i)},
		Props: map[string]*column.Column{"no": {Kind: column.Number, Floats: []float64{float64(i)}}},
	}
	if _, err := b.AddRows(ctx, "ping", rows); err != nil {
		return err
	}
	return b.Commit(ctx)
}

// footprint is what a process holds on to.
type footprint struct {
	heap        uint64
	goroutines  int
	descriptors int // -1 where it is not known
}

func footprintNow() footprint {
	f := footprint{descriptors: -1}
	for range 40 { // what ends beside its turn has ended by then
		runtime.GC()
		if n := runtime.NumGoroutine(); n == f.goroutines {
			break
		} else {
			f.goroutines = n
		}
		time.Sleep(25 * time.Millisecond)
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	f.heap = m.HeapAlloc
	if list, err := os.ReadDir("/proc/self/fd"); err == nil {
		f.descriptors = len(list)
	}
	return f
}

func (f footprint) String() string {
	return fmt.Sprintf("%.1f MB, %d goroutines, %d descriptors", float64(f.heap)/1e6, f.goroutines, f.descriptors)
}

// TestModelSoak asks many questions at once over real tools and the real wire,
// some of which go wrong in each way there is, beside imports and approvals.
// Every answer has its own figures, and nothing is left behind. TESELA_SOAK
// makes it five waves of a thousand.
func TestModelSoak(t *testing.T) {
	turns, waves := 200, 2
	switch {
	case os.Getenv("TESELA_SOAK") != "":
		turns, waves = 1000, 5
	case testing.Short():
		turns = 64
	}
	before := footprintNow()
	s := newSoak(t)
	stop, wrote := make(chan struct{}), make(chan error, 1)
	go func() { wrote <- s.write(stop) }()
	s.wave(0, turns/4) // what is made once is made
	feet := []footprint{footprintNow()}
	for wave := range waves {
		begun, made := time.Now(), s.at.made.Load()
		s.wave(1+wave, turns)
		feet = append(feet, footprintNow())
		t.Logf("wave %d: %d turns in %v, %d connections made, %d kept; %v", 1+wave, turns, time.Since(begun).Round(time.Millisecond),
			s.at.made.Load()-made, s.at.open.Load(), feet[len(feet)-1])
	}
	close(stop)
	if err := <-wrote; err != nil {
		t.Errorf("the writer: %v", err)
	}
	for notice, n := range s.notices {
		t.Logf("%d times: %s", n, notice)
	}
	// Each approved segment is there, once.
	saved, err := s.ws.Segments(t.Context())
	if err != nil || int64(len(saved)) < s.saved.Load() || s.saved.Load() == 0 {
		t.Errorf("%d segments saved of %d approved, %v", len(saved), s.saved.Load(), err)
	}
	first, last := feet[1], feet[len(feet)-1]
	if last.heap > first.heap+first.heap/4+8<<20 {
		t.Errorf("memory grows: %v, then %v", first, last)
	}
	if kept := s.at.open.Load(); kept > 2*mostKept {
		t.Errorf("%d connections are kept", kept)
	}
	for _, d := range s.desks {
		d.Close()
	}
	for range 100 {
		if s.at.open.Load() == 0 {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	if n := s.at.open.Load(); n != 0 {
		t.Errorf("%d connections are open after the end", n)
	}
	s.at.CloseClientConnections()
	s.ws.Close()
	after := footprintNow()
	t.Logf("before %v; after %v", before, after)
	// The endpoint and its listeners are still there.
	if after.goroutines > before.goroutines+12 {
		t.Errorf("goroutines are left: %d, then %d", before.goroutines, after.goroutines)
	}
	if after.descriptors > before.descriptors+12 {
		t.Errorf("files are left open: %d, then %d", before.descriptors, after.descriptors)
	}
}

// mostKept is how many connections a model may keep for later requests.
const mostKept = 32

// counting workspaces count what turns ask of them.
type countedWorkspace struct {
	*sqlite.Workspace
	asked map[string]int
	lock  sync.Mutex
}

func (w *countedWorkspace) note(what string) {
	w.lock.Lock()
	defer w.lock.Unlock()
	w.asked[what]++
}

func (w *countedWorkspace) Now(ctx context.Context) (*store.Moment, error) {
	w.note("now")
	return w.Workspace.Now(ctx)
}

func (w *countedWorkspace) Source(ctx context.Context) (segment.Source, error) {
	w.note("source")
	return w.Workspace.Source(ctx)
}

func (w *countedWorkspace) Fingerprint(ctx context.Context) (string, error) {
	w.note("fingerprint")
	return w.Workspace.Fingerprint(ctx)
}

func (w *countedWorkspace) Imported(ctx context.Context) (string, error) {
	w.note("imported")
	return w.Workspace.Imported(ctx)
}

func (w *countedWorkspace) Segments(ctx context.Context) ([]store.Segment, error) {
	w.note("segments")
	return w.Workspace.Segments(ctx)
}

func (w *countedWorkspace) Turn(ctx context.Context, id string) (store.Turn, error) {
	w.note("turn")
	return w.Workspace.Turn(ctx, id)
}

func (w *countedWorkspace) Turns(ctx context.Context, session string, last int) ([]store.Turn, error) {
	w.note("turns of at most " + strconv.Itoa(last))
	return w.Workspace.Turns(ctx, session, last)
}

func (w *countedWorkspace) AppendTurn(ctx context.Context, t store.Turn) error {
	w.note("append turn")
	return w.Workspace.AppendTurn(ctx, t)
}

// soakShop is a small demo shop of its own.
func soakShop(t *testing.T) (ws *sqlite.Workspace, path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "shop.db")
	ws, err := sqlite.Create(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ws.Close() })
	if err := demo.Fill(t.Context(), ws, demo.Options{Customers: 60}); err != nil {
		t.Fatal(err)
	}
	return ws, path
}

// A turn over a workspace that has not changed reads of it that it has not,
// its session, and what it keeps; each tool call adds one look.
func TestTurnAsksLittleOfTheWorkspace(t *testing.T) {
	serveEndpoint(t, soakScript)
	shop, _ := soakShop(t)
	ws := &countedWorkspace{Workspace: shop, asked: map[string]int{}}
	d, err := newDesk(t.Context(), newApp(strings.NewReader(""), io.Discard, io.Discard), ws, talk{model: "openai:test"})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	put(t, d, "s", "flurbs 2 of turn 1")
	clear(ws.asked)
	a := put(t, d, "s", "flurbs 3 of turn 2")
	if a.Status != model.Answered || len(a.Calls) != 3 {
		t.Fatalf("%s: %s", a.Status, a.Text)
	}
	want := map[string]int{"now": 1 + 3, "turns of at most 32": 1, "turn": 1, "append turn": 1}
	for what, n := range ws.asked {
		if n > want[what] {
			t.Errorf("%s is asked for %d times, not %d", what, n, want[what])
		}
	}
	if ws.asked["now"] == 0 {
		t.Errorf("nothing was counted: %v", ws.asked)
	}
}

// What another handle on the file imports or defines between two turns is in
// the second one's request and figures; what it imports within a turn is not
// in that turn.
func TestTurnsSeeWhatChangedBetweenThem(t *testing.T) {
	ws, path := soakShop(t)
	var within func()
	var told []string
	var lock sync.Mutex
	serveEndpoint(t, func(a modeltest.Asked) modeltest.Reply {
		lock.Lock()
		defer lock.Unlock()
		told = append(told, a.Messages[0].Text)
		if within != nil {
			within()
			within = nil
		}
		if a.Last().Role == "user" {
			return modeltest.Reply{Calls: []model.Call{{ID: "call_1", Name: "count_segment", Args: json.RawMessage(`{"formula":"count(ping) >= 1"}`)}}}
		}
		return modeltest.Reply{Text: "That is it."}
	})
	other, err := sqlite.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	for i := range 2 {
		if err := addPings(t.Context(), other, i); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"openai:test", "auto"} {
		d, err := newDesk(t.Context(), newApp(strings.NewReader(""), io.Discard, io.Discard), ws, talk{model: name})
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		ask := func(question string) *agent.Answer {
			t.Helper()
			a := put(t, d, "", question)
			if a.Status != model.Answered || len(a.Calls) != 1 {
				t.Fatalf("%s: %s: %s", name, a.Status, a.Text)
			}
			return a
		}
		first := ask("how many flurbs ping?")
		within = func() {
			if err := addPings(t.Context(), other, 100+len(told)); err != nil {
				t.Error(err)
			}
			if err := other.SetWord(t.Context(), "flob "+name, "count(ping) >= 2"); err != nil {
				t.Error(err)
			}
		}
		during := ask("how many flurbs ping by now?")
		if during.Data != first.Data || during.Calls[0].Result.Fingerprint != first.Calls[0].Result.Fingerprint {
			t.Errorf("%s: a turn sees what came while it went on", name)
		}
		after := ask("how many flurbs ping in the end?")
		if after.Data == first.Data || after.Calls[0].Result.Fingerprint == first.Calls[0].Result.Fingerprint {
			t.Errorf("%s: the next turn does not see it", name)
		}
		saw := func(text string) int {
			return slices.IndexFunc(told, func(s string) bool { return strings.Contains(s, text) })
		}
		if at := saw("flob " + name); at < 0 || strings.Contains(told[at-1], "flob "+name) || at != len(told)-2 {
			t.Errorf("%s: request %d of %d is the first to tell of the new word", name, at, len(told))
		}
		if name == "auto" {
			// The planner knows the word too, and asks nobody.
			before := len(told)
			if a := ask("how many flob auto are there"); len(told) != before || !strings.Contains(string(a.Calls[0].Args), "flob") && !strings.Contains(string(a.Calls[0].Args), "ping") {
				t.Errorf("the planner reads the new word as %s, asking %d times", a.Calls[0].Args, len(told)-before)
			}
		}
	}
}
