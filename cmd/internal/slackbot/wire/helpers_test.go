package wire

import (
	"context"
	"errors"
	"maps"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"tesela/cmd/internal/slackbot/blockkit"
	"tesela/cmd/internal/slackbot/slacktest"
)

func nothing(context.Context, Delivery) {}

// patient bounds a whole test; nothing waits for it but what has failed.
const patient = 30 * time.Second

func within(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patient)
	t.Cleanup(cancel)
	return ctx
}

// memory is a Memory in this process, which outlives a Wire as a file would.
type memory struct {
	mu   sync.Mutex
	kept map[string]map[string][]byte
	shut chan struct{} // while open, calls wait: the file is locked
	fail int           // calls that fail
}

func newMemory() *memory { return &memory{kept: map[string]map[string][]byte{}} }

// lock makes calls wait until unlocked.
func (m *memory) lock() (unlock func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	shut := make(chan struct{})
	m.shut = shut
	return sync.OnceFunc(func() { close(shut) })
}

func (m *memory) enter(ctx context.Context) error {
	m.mu.Lock()
	shut := m.shut
	m.mu.Unlock()
	if shut != nil {
		select {
		case <-shut:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	m.mu.Lock()
	if m.fail > 0 {
		m.fail--
		m.mu.Unlock()
		return errors.New("the file is locked")
	}
	return nil
}

func (m *memory) Claim(ctx context.Context, kind, key string, body []byte, _ time.Time) (bool, error) {
	if err := m.enter(ctx); err != nil {
		return false, err
	}
	defer m.mu.Unlock()
	if _, there := m.kept[kind][key]; there {
		return false, nil
	}
	m.put(kind, key, body)
	return true, nil
}

func (m *memory) put(kind, key string, body []byte) {
	if m.kept[kind] == nil {
		m.kept[kind] = map[string][]byte{}
	}
	m.kept[kind][key] = body
}

func (m *memory) Put(ctx context.Context, kind, key string, body []byte, _ time.Time) error {
	if err := m.enter(ctx); err != nil {
		return err
	}
	defer m.mu.Unlock()
	m.put(kind, key, body)
	return nil
}

func (m *memory) List(ctx context.Context, kind string) (map[string][]byte, error) {
	if err := m.enter(ctx); err != nil {
		return nil, err
	}
	defer m.mu.Unlock()
	return maps.Clone(m.kept[kind]), nil
}

func (m *memory) Drop(ctx context.Context, kind, key string) error {
	if err := m.enter(ctx); err != nil {
		return err
	}
	defer m.mu.Unlock()
	delete(m.kept[kind], key)
	return nil
}

// heard collects deliveries.
type heard struct {
	mu   sync.Mutex
	list []Delivery
	bell chan struct{}
}

func (h *heard) add(_ context.Context, d Delivery) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.list = append(h.list, d)
	if h.bell != nil {
		close(h.bell)
		h.bell = nil
	}
}

func (h *heard) all() []Delivery {
	h.mu.Lock()
	defer h.mu.Unlock()
	return append([]Delivery{}, h.list...)
}

// wait waits for so many and gives them.
func (h *heard) wait(t *testing.T, n int) []Delivery {
	t.Helper()
	ctx := within(t)
	for {
		h.mu.Lock()
		if len(h.list) >= n {
			h.mu.Unlock()
			return h.all()
		}
		if h.bell == nil {
			h.bell = make(chan struct{})
		}
		bell := h.bell
		h.mu.Unlock()
		select {
		case <-bell:
		case <-ctx.Done():
			t.Fatalf("heard %d of %d: %+v", len(h.all()), n, h.all())
		}
	}
}

// eventually looks until something holds that nothing rings for.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	ctx := within(t)
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for !holds() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatal("never:", what)
		}
	}
}

// running is a Wire at work on a fake Slack.
type running struct {
	*Wire
	stop  func() // and wait for the end
	ended chan error
}

// quick are limits that tests need not wait for.
func quick() Limits {
	return Limits{Backoff: 2 * time.Millisecond, MostBackoff: 20 * time.Millisecond, Pace: time.Millisecond, Burst: 100, Claim: time.Second}
}

// connect starts a Wire and waits until it listens. It ends with the test and
// must leave no goroutine.
func connect(t *testing.T, s *slacktest.Slack, h Handler, change ...func(*Config)) *running {
	t.Helper()
	c := Config{
		BotToken: s.BotToken(), AppToken: s.AppToken(), APIURL: s.URL(), Handler: h, Limits: quick(),
	}
	for _, f := range change {
		f(&c)
	}
	w, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	r := &running{Wire: w, ended: make(chan error, 1)}
	go func() { r.ended <- w.Run(ctx) }()
	var once sync.Once
	r.stop = func() { once.Do(func() { end(t, r, cancel) }) }
	t.Cleanup(r.stop)
	if c.Listener == nil {
		if err := s.WaitFor(within(t), func() bool { return s.Connections() > 0 }); err != nil {
			t.Fatal(err)
		}
	}
	return r
}

func end(t *testing.T, r *running, cancel func()) {
	t.Helper()
	cancel()
	select {
	case err := <-r.ended:
		if err != nil {
			t.Errorf("Run ended with %v", err)
		}
	case <-time.After(patient):
		t.Error("Run does not end")
	}
	eventually(t, "no goroutine left", func() bool { return leaked() == "" })
}

// leaked are the goroutines of this package and of the library's socket.
func leaked() string {
	buf := make([]byte, 1<<20)
	var left []string
	for _, g := range strings.Split(string(buf[:runtime.Stack(buf, true)]), "\n\n") {
		if strings.Contains(g, "testing.tRunner(") || strings.Contains(g, ".leaked(") || strings.Contains(g, "slacktest.") {
			continue
		}
		if strings.Contains(g, "slackbot/wire.") || strings.Contains(g, "slack-go/slack") {
			left = append(left, g)
		}
	}
	return strings.Join(left, "\n\n")
}

// world is a fake Slack with three people and a channel.
func world(t *testing.T, o slacktest.Options) *slacktest.Slack {
	t.Helper()
	s := slacktest.New(t, o)
	for id, name := range map[string]string{"U1": "Ana", "U2": "Ben", "U3": "Cai"} {
		s.AddUser(slacktest.User{ID: id, Name: name, Locale: "es-ES"})
	}
	s.AddChannel(slacktest.Channel{ID: "C1", Name: "general"})
	s.AddChannel(slacktest.Channel{ID: "C2", Name: "sales"})
	return s
}

// open is Slack without rates.
func open() slacktest.Options { return slacktest.Options{Rates: slacktest.Rates{Off: true}} }

// button is a message with one, go.
func button() blockkit.Message {
	b := slack.NewButtonBlockElement("go", "value", slack.NewTextBlockObject("plain_text", "Go", false, false))
	return blockkit.Message{Text: "press", Blocks: []slack.Block{slack.NewActionBlock("", b)}}
}
