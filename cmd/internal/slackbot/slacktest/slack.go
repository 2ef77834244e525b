package slacktest

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/slack-go/slack"
)

// The workspace, the app and its bot.
const (
	Team    = "T00000001"
	App     = "A00000001"
	Bot     = "U00000BOT" // whom people mention
	BotID   = "B00000BOT"
	BotName = "tesela"
)

// Options of a fake. The zero value is a Slack as it is, but for the waits
// between redeliveries.
type Options struct {
	BotToken      string // xoxb-…
	AppToken      string // xapp-…
	SigningSecret string
	// Scopes that the bot was given; nil for all.
	Scopes []string
	// Events that the app listens to, such as app_mention and message.im; nil
	// for all that DefaultEvents gives.
	Events []string
	// Quiet keeps from the app what its own bot posts, edits and deletes. Slack
	// does tell of it.
	Quiet bool
	Rates Rates
	// AckTimeout is how long the app may take over an acknowledgement; 3 s.
	AckTimeout time.Duration
	// RetryAfter are the waits before an event that was not acknowledged is
	// sent again; Slack waits nothing, 1 min and 5 min, here by default nothing,
	// 100 ms and 200 ms.
	RetryAfter []time.Duration
	PingEvery  time.Duration // 5 s
	// TriggerLife is for how long a trigger_id serves; 3 s. ResponseLife is for
	// how long a response_url does; 30 min.
	TriggerLife, ResponseLife time.Duration
	// Latency is how long Slack takes over the nth call of a method, counted
	// from 1; nil for no time.
	Latency func(method string, n int) time.Duration
	// LogSize is how many calls Log keeps; 5,000.
	LogSize int
	// Now is the clock of messages and expiries; time.Now.
	Now func() time.Time
}

// DefaultEvents is what an app that is spoken to listens to.
func DefaultEvents() []string {
	return []string{
		"app_mention", "message.channels", "message.groups", "message.im", "message.mpim",
		"assistant_thread_started", "assistant_thread_context_changed",
	}
}

// Slack is one running fake. Its methods may be called from any goroutine.
type Slack struct {
	opt    Options
	server *httptest.Server

	mu       sync.Mutex
	users    map[string]*User
	groups   map[string][]string
	channels map[string]*channel
	lastTS   int64          // microseconds, so that no two are the same
	ids      map[string]int // of each prefix

	panes    map[string]*Pane // by channel and thread
	whispers []Message
	files    map[string]*upload
	hooks    map[string]*hook
	triggers map[string]*trigger
	views    []View

	methods map[string]method
	calls   map[string]int
	log     []Call
	faults  map[string][]Fault
	buckets map[string]*bucket

	socket  socket
	address addresses
	lost    int

	changed chan struct{}            // nil where nobody waits
	bells   map[string]chan struct{} // of threads

	client *http.Client // to the app's own address

	closed chan struct{}
	gate   sync.Mutex // of starting work and of closing
	work   sync.WaitGroup
}

// New starts a fake that ends with the test.
func New(t testing.TB, o Options) *Slack {
	t.Helper()
	o = o.filled()
	s := &Slack{
		opt: o, users: map[string]*User{}, groups: map[string][]string{}, channels: map[string]*channel{}, ids: map[string]int{},
		panes: map[string]*Pane{}, files: map[string]*upload{}, hooks: map[string]*hook{}, triggers: map[string]*trigger{},
		methods: methods(), calls: map[string]int{}, faults: map[string][]Fault{}, buckets: map[string]*bucket{}, bells: map[string]chan struct{}{}, closed: make(chan struct{}),
	}
	s.socket = newSocket()
	s.AddUser(User{ID: Bot, Name: BotName, Locale: "en-US", Bot: true})
	s.client = &http.Client{Transport: &http.Transport{}}
	s.server = httptest.NewServer(s.mux())
	s.spawn(s.pump)
	t.Cleanup(s.Close)
	return s
}

func (o Options) filled() Options {
	or := func(v *string, d string) {
		if *v == "" {
			*v = d
		}
	}
	wait := func(v *time.Duration, d time.Duration) {
		if *v == 0 {
			*v = d
		}
	}
	or(&o.BotToken, "xoxb-1-fake")
	or(&o.AppToken, "xapp-1-fake")
	or(&o.SigningSecret, "0123456789abcdef0123456789abcdef")
	wait(&o.AckTimeout, 3*time.Second)
	wait(&o.PingEvery, 5*time.Second)
	wait(&o.TriggerLife, 3*time.Second)
	wait(&o.ResponseLife, 30*time.Minute)
	if o.LogSize == 0 {
		o.LogSize = 5000
	}
	if o.RetryAfter == nil {
		o.RetryAfter = []time.Duration{0, 100 * time.Millisecond, 200 * time.Millisecond}
	}
	if o.Events == nil {
		o.Events = DefaultEvents()
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return o
}

// Close ends all connections and waits for all that runs. It may be called
// twice.
func (s *Slack) Close() {
	s.gate.Lock()
	select {
	case <-s.closed:
	default:
		close(s.closed)
	}
	s.gate.Unlock()
	s.CutAll()
	s.server.CloseClientConnections()
	s.server.Close()
	s.work.Wait()
	s.client.CloseIdleConnections()
}

// spawn runs something that Close waits for; nothing once it was called.
func (s *Slack) spawn(f func()) {
	if s.begin() {
		go func() {
			defer s.work.Done()
			f()
		}()
	}
}

func (s *Slack) begin() bool {
	s.gate.Lock()
	defer s.gate.Unlock()
	select {
	case <-s.closed:
		return false
	default:
		s.work.Add(1)
		return true
	}
}

func (s *Slack) mux() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/api/{method}", s.serveAPI)
	mux.HandleFunc("/link", s.serveSocket)
	mux.HandleFunc("POST /hooks/{id}", s.serveHook)
	mux.HandleFunc("POST /upload/{id}", s.serveUpload)
	return mux
}

// URL is what slack.OptionAPIURL takes.
func (s *Slack) URL() string { return s.server.URL + "/api/" }

// BotToken, AppToken and SigningSecret are what the app authenticates with.
func (s *Slack) BotToken() string      { return s.opt.BotToken }
func (s *Slack) AppToken() string      { return s.opt.AppToken }
func (s *Slack) SigningSecret() string { return s.opt.SigningSecret }

// Client is slack-go's for this Slack.
func (s *Slack) Client(more ...slack.Option) *slack.Client {
	return slack.New(s.opt.BotToken, append([]slack.Option{slack.OptionAPIURL(s.URL()), slack.OptionAppLevelToken(s.opt.AppToken)}, more...)...)
}

// id is a new one of a kind: F00000001.
func (s *Slack) id(prefix string) string {
	s.ids[prefix]++
	return fmt.Sprintf("%s%08d", prefix, s.ids[prefix])
}

// ts is a new timestamp, later than all before.
func (s *Slack) ts() string {
	now := max(s.opt.Now().UnixMicro(), s.lastTS+1)
	s.lastTS = now
	return fmt.Sprintf("%d.%06d", now/1e6, now%1e6)
}
