package slackbot

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tesela/agent"
	"tesela/cmd/internal/slackbot/wire"
	"tesela/tools"
)

// leased is a Memory whose records end in time, as a workspace's do, and that
// outlives bots; each bot has a side of its own, which can die.
type leased struct {
	mu    sync.Mutex
	clock *clock
	kept  map[string]map[string]record
}

type record struct {
	body  []byte
	until time.Time
}

// memorySide is what one process sees of it.
type memorySide struct {
	*leased
	dead func() bool
}

func newLeased(c *clock) *leased { return &leased{clock: c, kept: map[string]map[string]record{}} }

func (l *leased) side(dead func() bool) *memorySide { return &memorySide{l, dead} }

func (s *memorySide) do(f func()) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.dead != nil && s.dead() {
		return errStopped
	}
	f()
	return nil
}

func (s *memorySide) counts(kind, key string) bool {
	r, ok := s.kept[kind][key]
	return ok && (r.until.IsZero() || s.clock.time().Before(r.until))
}

func (s *memorySide) put(kind, key string, r record) {
	if s.kept[kind] == nil {
		s.kept[kind] = map[string]record{}
	}
	s.kept[kind][key] = r
}

func (s *memorySide) Claim(_ context.Context, kind, key string, body []byte, until time.Time) (own bool, err error) {
	err = s.do(func() {
		if own = !s.counts(kind, key); own {
			s.put(kind, key, record{body, until})
		}
	})
	return own && err == nil, err
}

func (s *memorySide) Put(_ context.Context, kind, key string, body []byte, until time.Time) error {
	return s.do(func() { s.put(kind, key, record{body, until}) })
}

func (s *memorySide) List(_ context.Context, kind string) (list map[string][]byte, err error) {
	err = s.do(func() {
		list = map[string][]byte{}
		for key := range maps.Keys(s.kept[kind]) {
			if s.counts(kind, key) {
				list[key] = s.kept[kind][key].body
			}
		}
	})
	return list, err
}

func (s *memorySide) Drop(_ context.Context, kind, key string) error {
	return s.do(func() { delete(s.kept[kind], key) })
}

// shop is a desk whose figures change from asking to asking.
type shop struct {
	*desk
	mu      sync.Mutex
	figures []int // the size at each call; the last one stays
	calls   int
}

func newShop(figures ...int) *shop { return &shop{desk: newDesk(), figures: figures} }

func (s *shop) Call(ctx context.Context, who tools.Caller, name string, args json.RawMessage) (*tools.Result, error) {
	r, err := s.desk.Call(ctx, who, name, args)
	if err != nil || name == "save_segment" {
		return r, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	n := s.figures[min(s.calls, len(s.figures)-1)]
	s.calls++
	r.Values["size"], r.Fingerprint = n, fmt.Sprintf("sha256:%s%d", name, n)
	return r, nil
}

func (s *shop) converse(ctx context.Context, session, language string, person bool) (*agent.Conversation, error) {
	c, err := s.desk.converse(ctx, session, language, person)
	if err == nil {
		c.Tools = s
	}
	return c, err
}

// process is one run of the program over what is kept.
type process struct {
	*Bot
	*Digests
	ticks chan time.Time
	waits chan time.Duration
	dead  *atomic.Bool
}

// started starts the program.
func (s *shop) started(t testing.TB, p wire.Poster, m *leased, change func(c *Config)) *process {
	t.Helper()
	pr := &process{ticks: make(chan time.Time), waits: make(chan time.Duration, 10000), dead: &atomic.Bool{}}
	b := s.desk.bot(t, newPoster(), nil, func(c *Config) {
		c.Poster, c.Memory, c.Converse = p, m.side(func() bool { return pr.dead.Load() }), s.converse
		c.After = func(d time.Duration) <-chan time.Time {
			if d == pace {
				return make(chan time.Time) // of progress
			}
			pr.waits <- d
			return pr.ticks
		}
		if change != nil {
			change(c)
		}
	})
	g, err := NewDigests(b, DigestLimits{})
	if err != nil {
		t.Fatal(err)
	}
	pr.Bot, pr.Digests = b, g
	return pr
}

// pass sends all that is due now and waits until it is over.
func (pr *process) pass(t testing.TB) time.Duration {
	t.Helper()
	var busy sync.WaitGroup
	wait := pr.look(t.Context(), &busy, make(chan struct{}, 4))
	busy.Wait()
	return wait
}

// roots are the messages of a channel outside threads.
func (p *poster) roots(channel string) []string { return p.in(channel, "") }

const everyMonday = "every Monday at 9 count customers"

// 2 March 2026 is a Monday; the clock of the desk stands at 9:30.
func at(day string) time.Time {
	t, err := time.Parse("2006-01-02 15:04", day)
	if err != nil {
		panic(err)
	}
	return t
}

func (c *clock) set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = t
}

func TestDigestIsMadeAndSent(t *testing.T) {
	s, p := newShop(1234, 1301), newPoster()
	m := newLeased(s.clock)
	pr := s.started(t, p, m, nil)
	pr.Handle(t.Context(), mention("1.1", "U1", "C1", "", everyMonday))
	texts := p.in("C1", "1.1")
	if len(texts) != 2 || !strings.Contains(texts[0], "1,234") {
		t.Fatalf("%q", texts)
	}
	for _, want := range []string{"I'll send this here every Monday at 9:00 (UTC)", "“count customers”", "Next: Monday, 9 March 2026, 09:00", "Stop", "Run now"} {
		if !strings.Contains(texts[1], want) {
			t.Errorf("%q lacks %q", texts[1], want)
		}
	}
	// Nothing before it is due.
	s.clock.set(at("2026-03-09 08:59"))
	if wait := pr.pass(t); wait != time.Minute || len(p.roots("C1")) != 0 {
		t.Fatalf("waits %s; %q", wait, p.roots("C1"))
	}
	s.clock.set(at("2026-03-09 09:00"))
	pr.pass(t)
	roots := p.roots("C1")
	if len(roots) != 1 {
		t.Fatalf("%q", roots)
	}
	for _, want := range []string{"Every Monday at 9:00", "count customers", "Since 2 March 2026", "1,234", "1,301", "+67, +5.4%"} {
		if !strings.Contains(roots[0], want) {
			t.Errorf("%q lacks %q", roots[0], want)
		}
	}
	if strings.Contains(roots[0], "late") {
		t.Errorf("it says that it is late: %q", roots[0])
	}
	if diff, answer := strings.Index(roots[0], "Since 2 March"), strings.LastIndex(roots[0], "1,301"); diff > answer {
		t.Errorf("the answer comes before what changed: %q", roots[0])
	}
	// It is sent once, however often one looks.
	pr.pass(t)
	s.clock.set(at("2026-03-09 09:05"))
	pr.pass(t)
	if got := p.roots("C1"); len(got) != 1 {
		t.Fatalf("%q", got)
	}
	// Its thread is a session of its own, in which its maker asks on.
	root := p.newest(t, "C1", "")
	if got := s.kept.questions("slack:T1:C1:" + root.ts); !slices.Equal(got, []string{"count customers"}) {
		t.Errorf("the session holds %q", got)
	}
	on := mention("3.1", "U1", "C1", root.ts, "count orders")
	on.Mentioned = false
	pr.Handle(t.Context(), on)
	if got := p.in("C1", root.ts); len(got) != 1 {
		t.Errorf("asked on: %q", got)
	}
	// The next one compares with that one.
	s.clock.set(at("2026-03-16 09:01"))
	pr.pass(t)
	if got := p.roots("C1"); len(got) != 2 || !strings.Contains(got[1], "9 March 2026") {
		t.Errorf("%q", got)
	}
}

func TestDigestInThreeLanguages(t *testing.T) {
	for _, c := range []struct{ said, made, sent string }{
		{"cada lunes a las 9 mándame ¿count clientes?", "Lo enviaré aquí cada lunes a las 9:00 (UTC)", "Desde el 2 de marzo de 2026"},
		{"toda segunda às 9h me manda quantos clientes", "Vou enviar isto aqui toda segunda-feira às 9:00 (UTC)", "Desde 2 de março de 2026"},
	} {
		s, p := newShop(1234, 1301), newPoster()
		pr := s.started(t, p, newLeased(s.clock), nil)
		pr.Handle(t.Context(), mention("1.1", "U1", "C1", "", c.said))
		if got := strings.Join(p.in("C1", "1.1"), "\n"); !strings.Contains(got, c.made) {
			t.Errorf("%q lacks %q", got, c.made)
		}
		s.clock.set(at("2026-03-09 09:00"))
		pr.pass(t)
		if got := strings.Join(p.roots("C1"), "\n"); !strings.Contains(got, c.sent) {
			t.Errorf("%q lacks %q", got, c.sent)
		}
	}
}

// What came due while nothing ran is sent once, and says that it is late.
func TestDigestCatchesUpOnce(t *testing.T) {
	s, p := newShop(1, 2), newPoster()
	m := newLeased(s.clock)
	s.started(t, p, m, nil).Handle(t.Context(), mention("1.1", "U1", "C1", "", everyMonday))
	s.clock.set(at("2026-03-25 12:00")) // the 9th, 16th and 23rd were missed
	pr := s.started(t, p, m, nil)
	pr.pass(t)
	pr.pass(t)
	roots := p.roots("C1")
	if len(roots) != 1 || !strings.Contains(roots[0], "23 March 2026, 09:00") || !strings.Contains(roots[0], "late") {
		t.Fatalf("%q", roots)
	}
	s.clock.set(at("2026-03-30 09:00"))
	pr.pass(t)
	if got := p.roots("C1"); len(got) != 2 || strings.Contains(got[1], "late") {
		t.Errorf("%q", got)
	}
}

// The program is killed at each call to Slack, before and after it came
// through, and started again: what is due is there once and whole.
func TestDigestKilledAnywhere(t *testing.T) {
	for _, after := range []bool{false, true} {
		for n := 1; ; n++ {
			s, p := newShop(1234, 1301), newPoster()
			m := newLeased(s.clock)
			s.started(t, p, m, nil).Handle(t.Context(), mention("1.1", "U1", "C1", "", everyMonday))
			s.clock.set(at("2026-03-09 09:00"))
			first := s.started(t, p, m, nil)
			p.calls = 0
			ctx, kill := context.WithCancel(t.Context())
			p.fails = killing(first, kill, n, after)
			var busy sync.WaitGroup
			first.look(ctx, &busy, make(chan struct{}, 4))
			busy.Wait()
			killed := first.dead.Load()
			kill()
			p.fails = nil
			// Another process takes over once the lease is over.
			second := s.started(t, p, m, nil)
			second.pass(t)
			s.clock.add(first.lease() + time.Minute)
			second.pass(t)
			second.pass(t)
			roots := p.roots("C1")
			if len(roots) != 1 || strings.Count(roots[0], "+67, +5.4%") != 1 {
				t.Fatalf("killed at call %d (%v): %d messages: %q", n, after, len(roots), roots)
			}
			if asked := s.kept.questions("slack:T1:C1:" + p.newest(t, "C1", "").ts); len(asked) != 1 {
				t.Errorf("killed at call %d (%v): asked %d times", n, after, len(asked))
			}
			if !killed {
				if n < 3 {
					t.Errorf("only %d calls", n-1)
				}
				break
			}
		}
	}
}

// Of processes that run at once just one sends.
func TestDigestOfTwoProcesses(t *testing.T) {
	s, p := newShop(1, 2), newPoster()
	m := newLeased(s.clock)
	s.started(t, p, m, nil).Handle(t.Context(), mention("1.1", "U1", "C1", "", everyMonday))
	s.clock.set(at("2026-03-09 09:00"))
	var all sync.WaitGroup
	for range 4 {
		pr := s.started(t, p, m, nil)
		all.Go(func() {
			for range 5 {
				pr.pass(t)
			}
		})
	}
	all.Wait()
	if roots := p.roots("C1"); len(roots) != 1 {
		t.Errorf("%d messages: %q", len(roots), roots)
	}
}

func TestDigestIsStopped(t *testing.T) {
	setup := func() (*shop, *poster, *process, *posted) {
		s, p := newShop(1, 2), newPoster()
		pr := s.started(t, p, newLeased(s.clock), func(c *Config) { c.Approvers = []string{"S1"} })
		pr.Handle(t.Context(), mention("1.1", "U1", "C1", "", everyMonday))
		return s, p, pr, p.newest(t, "C1", "1.1")
	}
	stop := func(id, user string, m *posted) wire.Delivery { return pressDigest(t, id, user, m, actionDigestStop) }
	ends := func(s *shop, p *poster, pr *process) bool {
		s.clock.set(at("2026-03-09 09:00"))
		pr.pass(t)
		return len(p.roots("C1")) == 0
	}
	// Its maker, and who may approve, may.
	for _, user := range []string{"U1", "U2"} {
		s, p, pr, made := setup()
		pr.Handle(t.Context(), stop("2.1", user, made))
		if !strings.Contains(all(made.m), "stopped this: every Monday at 9:00") || len(buttons(made.m)) != 0 || !ends(s, p, pr) {
			t.Errorf("%s: %q", user, all(made.m))
		}
		// A second press does nothing more.
		pr.Handle(t.Context(), stop("2.2", user, &posted{channel: "C1", thread: "1.1", ts: made.ts, m: message{buttons: pr.inWords("en").controls(&order{ID: orderID("1.1")})}.blocks()}))
		if w := p.whispers[user]; len(w) != 1 || !strings.Contains(all(w[0]), "not there any more") {
			t.Errorf("%s pressed twice: %v", user, w)
		}
	}
	// Others may not.
	s, p, pr, made := setup()
	pr.Handle(t.Context(), stop("2.1", "U3", made))
	if w := p.whispers["U3"]; len(w) != 1 || !strings.Contains(all(w[0]), "Only Ana") || ends(s, p, pr) {
		t.Errorf("U3: %v", p.whispers)
	}
	// The message that was sent has the button too.
	root := p.newest(t, "C1", "")
	pr.Handle(t.Context(), stop("3.1", "U1", root))
	if got := p.in("C1", root.ts); len(got) != 1 || !strings.Contains(got[0], "Ana stopped this") || !strings.Contains(all(root.m), "+1") {
		t.Errorf("%q", got)
	}
	s.clock.set(at("2026-03-16 09:00"))
	pr.pass(t)
	if got := p.roots("C1"); len(got) != 1 {
		t.Errorf("it comes after it was stopped: %q", got)
	}
}

// pressDigest is somebody pressing a button of a digest.
func pressDigest(t testing.TB, id, user string, m *posted, action string) wire.Delivery {
	t.Helper()
	for _, e := range buttons(m.m) {
		if a, _, ok := cutAction(e.ActionID); ok && (a == action || e.ActionID == action) {
			thread := m.thread
			if thread == "" {
				thread = m.ts
			}
			return wire.Delivery{
				ID: id, Kind: wire.Click, Team: "T1", Channel: m.channel, User: user, Thread: thread, TS: m.ts, Action: e.ActionID, Value: e.Value,
				Direct: strings.HasPrefix(m.channel, "D"),
			}
		}
	}
	t.Fatalf("no button %s in %q", action, all(m.m))
	return wire.Delivery{}
}

// One who sends a digest while it is stopped does not bring it back.
func TestDigestStoppedWhileItIsSent(t *testing.T) {
	s, p := newShop(1, 2), newPoster()
	m := newLeased(s.clock)
	pr := s.started(t, p, m, nil)
	pr.Handle(t.Context(), mention("1.1", "U1", "C1", "", everyMonday))
	s.clock.set(at("2026-03-09 09:00"))
	p.fails = func(int, string, string) (error, bool) {
		p.fails = nil
		list, _ := pr.orders(t.Context())
		return pr.stop(t.Context(), list[0], "U1"), false
	}
	pr.pass(t)
	if list, err := pr.orders(t.Context()); err != nil || len(list) != 0 {
		t.Errorf("%v (%v)", list, err)
	}
	if got := p.roots("C1"); len(got) != 1 {
		t.Errorf("%q", got)
	}
}

func TestDigestRunNow(t *testing.T) {
	s, p := newShop(10, 11, 12), newPoster()
	m := newLeased(s.clock)
	pr := s.started(t, p, m, nil)
	pr.Handle(t.Context(), mention("1.1", "U1", "C1", "", everyMonday))
	made := p.newest(t, "C1", "1.1")
	s.clock.set(at("2026-03-04 12:00"))
	run := pressDigest(t, "2.1", "U1", made, actionDigestRun)
	pr.Handle(t.Context(), run)
	double := run
	double.ID = "2.2"
	pr.Handle(t.Context(), double)
	if got := p.roots("C1"); len(got) != 1 || !strings.Contains(got[0], "+1, +10.0%") {
		t.Fatalf("%q", got)
	}
	if w := p.whispers["U1"]; len(w) != 1 || !strings.Contains(all(w[0]), "just now") {
		t.Errorf("pressed twice: %v", w)
	}
	// It comes when it is due all the same, and compares with what was seen last.
	s.clock.set(at("2026-03-09 09:00"))
	pr.pass(t)
	if got := p.roots("C1"); len(got) != 2 || !strings.Contains(got[1], "Since 4 March 2026") || !strings.Contains(got[1], "+1, +9.1%") {
		t.Errorf("%q", got)
	}
}

func TestDigestsAreListed(t *testing.T) {
	s, p := newShop(1), newPoster()
	pr := s.started(t, p, newLeased(s.clock), func(c *Config) { c.Approvers = []string{"U2"} })
	say := func(d wire.Delivery) string {
		pr.Handle(t.Context(), d)
		s.clock.add(time.Second)
		return strings.Join(p.in(d.Channel, d.Thread), "\n")
	}
	say(mention("1.1", "U1", "C1", "", everyMonday))
	say(mention("1.2", "U3", "C2", "", "every day at 8 count orders"))
	say(direct("1.3", "U1", "", "every Friday at 17:00 count visits"))
	for _, c := range []struct {
		d         wire.Delivery
		has, not  []string
		stoppable int
	}{
		{mention("2.1", "U1", "C1", "", "my digests"), []string{"Digests in this channel", "1. “count customers”, every Monday at 9:00", "Ana", "1 more elsewhere"}, []string{"count visits", "count orders"}, 2},
		{direct("2.2", "U1", "", "List digests."), []string{"Your digests", "count customers", "<#C1>", "count visits"}, []string{"count orders"}, 4},
		{direct("2.3", "U2", "", "mis envios"), []string{"count customers", "count orders", "Caio", "«…»", "en un mensaje directo, de Ana"}, []string{"count visits"}, 6},
		{direct("2.4", "U4", "", "meus envios"), []string{"Não há envios aqui"}, []string{"count"}, 0},
	} {
		got := say(c.d)
		for _, want := range c.has {
			if !strings.Contains(got, want) {
				t.Errorf("%s: %q lacks %q", c.d.Text, got, want)
			}
		}
		for _, no := range c.not {
			if strings.Contains(got, no) {
				t.Errorf("%s: %q has %q", c.d.Text, got, no)
			}
		}
		if n := len(buttons(p.newest(t, c.d.Channel, c.d.Thread).m)); n != c.stoppable {
			t.Errorf("%s: %d buttons", c.d.Text, n)
		}
	}
	// By its number, and by a button of the list.
	if got := say(direct("3.0", "U1", "", "stop digest 99")); !strings.Contains(got, "no digest 99 here") || !strings.Contains(got, "Your digests:") {
		t.Errorf("a number that is none: %q", got)
	}
	if got := say(direct("3.1", "U1", "", "stop digest 2")); !strings.Contains(got, "Ana stopped this: every Friday at 17:00") {
		t.Errorf("%q", got)
	}
	list := p.newest(t, "C1", "2.1")
	pr.Handle(t.Context(), pressDigest(t, "3.2", "U1", list, actionDigestStop+".1"))
	if got := all(list.m); !strings.Contains(got, "Ana stopped this: every Monday") || !strings.Contains(got, "no digests here") {
		t.Errorf("%q", got)
	}
}

func TestDigestIsAskedBack(t *testing.T) {
	s, p := newShop(1, 2), newPoster()
	pr := s.started(t, p, newLeased(s.clock), nil)
	pr.Handle(t.Context(), mention("1.1", "U1", "C1", "", "every Friday at 5 send me count customers"))
	asked := p.newest(t, "C1", "1.1")
	for _, want := range []string{"morning or in the afternoon", "every Friday at 5:00", "every Friday at 17:00"} {
		if !strings.Contains(all(asked.m), want) {
			t.Errorf("%q lacks %q", all(asked.m), want)
		}
	}
	if s.asked.Load() != 0 {
		t.Error("it was answered before it was clear")
	}
	// Somebody else's press does nothing.
	pr.Handle(t.Context(), pressDigest(t, "2.1", "U2", asked, actionDigestPick+".1"))
	pick := pressDigest(t, "2.2", "U1", asked, actionDigestPick+".1")
	pr.Handle(t.Context(), pick)
	pr.Handle(t.Context(), pick)
	texts := strings.Join(p.in("C1", "1.1"), "\n")
	if !strings.Contains(texts, "I'll send this here every Friday at 17:00") || s.asked.Load() != 1 {
		t.Errorf("%d asked: %q", s.asked.Load(), texts)
	}
	if list, _ := pr.orders(t.Context()); len(list) != 1 {
		t.Errorf("%d digests", len(list))
	}
	// A question of several readings: the one that is pressed is sent.
	pr.Handle(t.Context(), mention("4.1", "U1", "C1", "", "every Monday at 9 best customers"))
	pr.Handle(t.Context(), pressDigest(t, "4.2", "U1", p.newest(t, "C1", "4.1"), actionDigestPick+".1"))
	list, _ := pr.orders(t.Context())
	if !slices.ContainsFunc(list, func(o *order) bool {
		return o.Question == "count by revenue" && o.Schedule.String() == "weekly mon 09:00"
	}) {
		t.Errorf("of %d none counts by revenue: %q", len(list), p.in("C1", "4.1"))
	}
	// A question after all.
	pr.Handle(t.Context(), mention("3.1", "U1", "C1", "", "send me count customers every month"))
	pr.Handle(t.Context(), pressDigest(t, "3.2", "U1", p.newest(t, "C1", "3.1"), actionDigestPick+".1"))
	if got := s.kept.questions("slack:T1:C1:3.1"); !slices.Equal(got, []string{"send me count customers every month"}) {
		t.Errorf("asked %q", got)
	}
}

func TestDigestIsRefused(t *testing.T) {
	s, p := newShop(1), newPoster()
	pr := s.started(t, p, newLeased(s.clock), nil)
	for i, c := range []struct{ said, why string }{
		{"every Monday at 25:00 show me revenue", "no such time"},
		{"every hour send me count customers", "once a day at most"},
		{"every Monday at 9 save vip", "not what changes something"},
		{"every Monday at 9 send me best customers", "Which of these shall I send every Monday at 9:00"},
		{"every Monday at 9 send me who CUST-90417", "single customers"},
		{"every Monday at 9 CET send me revenue", "UTC"},
	} {
		id := fmt.Sprintf("1.%d", i)
		pr.Handle(t.Context(), mention(id, "U1", "C1", "", c.said))
		if got := strings.Join(p.in("C1", id), "\n"); !strings.Contains(got, c.why) {
			t.Errorf("%q: %q lacks %q", c.said, got, c.why)
		}
	}
	if list, _ := pr.orders(t.Context()); len(list) != 0 {
		t.Errorf("%d digests", len(list))
	}
	if s.saved.Load() != 0 {
		t.Error("something was saved")
	}
}

func TestDigestLimits(t *testing.T) {
	s, p := newShop(1), newPoster()
	pr := s.started(t, p, newLeased(s.clock), nil)
	pr.limits = DigestLimits{User: 2, Team: 3}
	for i, user := range []string{"U1", "U1", "U1", "U2", "U3"} {
		pr.Handle(t.Context(), mention(fmt.Sprintf("1.%d", i), user, "C1", "", fmt.Sprintf("every Monday at %d:00 count customers", 10+i)))
	}
	for i, want := range []string{"I'll send", "I'll send", "You have 2 digests", "I'll send", "This workspace has 3 digests"} {
		if got := strings.Join(p.in("C1", fmt.Sprintf("1.%d", i)), "\n"); !strings.Contains(got, want) {
			t.Errorf("%d: %q lacks %q", i, got, want)
		}
	}
	// The same again is not made twice.
	pr.limits = DigestLimits{User: 20, Team: 20}
	pr.Handle(t.Context(), mention("2.1", "U1", "C1", "", "every Monday at 10:00 count customers"))
	if list, _ := pr.orders(t.Context()); len(list) != 3 {
		t.Errorf("%d digests", len(list))
	}
}
