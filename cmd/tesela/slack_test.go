package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"tesela/cmd/internal/slackbot/slacktest"
	"tesela/store/sqlite"
)

// slackPatience is how long anything may take that Slack shows.
const slackPatience = 30 * time.Second

// slackProgram is `tesela slack` as a process of its own on a fake Slack.
type slackProgram struct {
	t     *testing.T
	c     *exec.Cmd
	errs  *safeBuffer
	ended context.Context // its cause is how it ended
}

// safeBuffer is read while the process still writes into it.
type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *safeBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// slackWorld is a fake Slack with two people and a channel.
func slackWorld(t *testing.T) *slacktest.Slack {
	t.Helper()
	s := slacktest.New(t, slacktest.Options{Scopes: slackScopes(t)})
	s.AddUser(slacktest.User{ID: "U1", Name: "Ana", Locale: "en-US"})
	s.AddUser(slacktest.User{ID: "U2", Name: "Ben", Locale: "es-ES"})
	s.AddChannel(slacktest.Channel{ID: "C1", Name: "general"})
	return s
}

// slackScopes are those of the manifest: nothing may need more.
func slackScopes(t *testing.T) []string {
	t.Helper()
	code, out, _ := callTesela(t, "slack", "manifest")
	var m struct {
		OAuth struct {
			Scopes struct{ Bot []string } `json:"scopes"`
		} `json:"oauth_config"`
	}
	if err := json.Unmarshal([]byte(out), &m); err != nil || code != 0 || len(m.OAuth.Scopes.Bot) == 0 {
		t.Fatalf("the manifest: %v, code %d, %s", err, code, out)
	}
	return m.OAuth.Scopes.Bot
}

// callTesela runs a command line in this process.
func callTesela(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = run(args, strings.NewReader(""), &out, &errs)
	return code, out.String(), errs.String()
}

func startSlack(t *testing.T, s *slacktest.Slack, db string, more ...string) *slackProgram {
	t.Helper()
	p := &slackProgram{t: t, errs: &safeBuffer{}}
	p.c = exec.Command(program(t), append([]string{"slack", "--db", db, "--api-url", s.URL(), "--model", "offline"}, more...)...)
	p.c.Env = []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir(), "TMPDIR=" + os.TempDir(),
		envSlackBot + "=" + s.BotToken(), envSlackApp + "=" + s.AppToken(), envSlackSecret + "=" + s.SigningSecret(),
	}
	var out bytes.Buffer
	p.c.Stdout, p.c.Stderr = &out, p.errs
	if err := p.c.Start(); err != nil {
		t.Fatal(err)
	}
	ended, end := context.WithCancelCause(context.Background())
	p.ended = ended
	go func() { end(cmp.Or(p.c.Wait(), errEndedWell)) }()
	t.Cleanup(func() {
		p.kill()
		for _, secret := range []string{s.BotToken(), s.AppToken(), s.SigningSecret()} {
			if strings.Contains(p.errs.String(), secret) {
				t.Errorf("a secret is printed: %s", p.errs)
			}
		}
		if t.Failed() {
			t.Logf("it said:\n%s", p.errs)
		}
	})
	return p
}

// kill ends it as a power cut would.
func (p *slackProgram) kill() {
	_ = p.c.Process.Kill()
	<-p.ended.Done()
}

var errEndedWell = errors.New("ended well")

// stop asks it to end, and tells how it did.
func (p *slackProgram) stop() {
	p.t.Helper()
	if err := p.c.Process.Signal(syscall.SIGTERM); err != nil {
		p.t.Fatal(err)
	}
	select {
	case <-p.ended.Done():
		if err := context.Cause(p.ended); !errors.Is(err, errEndedWell) {
			p.t.Errorf("ended with %v", err)
		}
	case <-time.After(patience):
		p.t.Fatal("does not end")
	}
}

func (p *slackProgram) listens(s *slacktest.Slack) {
	p.t.Helper()
	p.until(s, "it listens", func() bool { return s.Connections() > 0 })
}

// until waits for something to hold of Slack.
func (p *slackProgram) until(s *slacktest.Slack, what string, holds func() bool) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ended, slackPatience)
	defer cancel()
	if err := s.WaitFor(ctx, holds); err != nil {
		for _, c := range s.Log("") {
			p.t.Logf("%s %q %s", c.Method, c.Args["text"], c.Error)
		}
		p.t.Fatalf("waiting until %s: %v", what, context.Cause(ctx))
	}
}

// replies waits until the bot's replies in a thread say all parts.
func (p *slackProgram) replies(s *slacktest.Slack, channel, thread string, parts ...string) []slacktest.Message {
	p.t.Helper()
	var list []slacktest.Message
	p.until(s, "the replies say "+strings.Join(parts, ", "), func() bool {
		list = s.Replies(channel, thread)
		var all []string
		for _, m := range list {
			all = append(all, m.All())
		}
		said := strings.ReplaceAll(strings.Join(all, "\n"), "*", "") // figures are bold
		return !slices.ContainsFunc(parts, func(part string) bool { return !strings.Contains(said, part) })
	})
	return list
}

// The program on a whole afternoon: it is asked, asks back, waits for a yes,
// loses power in the middle of an answer, and ends when it is told to.
func TestSlackProgram(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the program")
	}
	s, db := slackWorld(t), smallShop(t)
	p := startSlack(t, s, db, "--approvers", "U2")
	p.listens(s)
	for _, part := range []string{"@tesela", "Fake", "Socket Mode", db, "4 customers"} {
		if !strings.Contains(p.errs.String(), part) {
			t.Errorf("the first line does not say %q: %s", part, p.errs)
		}
	}

	// Asked in a channel, answered under the question; a follow-up needs no name.
	asked := s.Mention("C1", "U1", "how many customers are there?")
	p.replies(s, "C1", asked.TS, "4 customers")
	s.Reply("C1", asked.TS, "U1", "only Germany")
	p.replies(s, "C1", asked.TS, "2 customers")

	// What has two readings is asked back, with buttons that go.
	asked = s.Mention("C1", "U1", "best customers")
	list := p.replies(s, "C1", asked.TS, "more than one way")
	asks := list[len(list)-1]
	if n := len(slacktest.Buttons(asks)); n < 2 {
		t.Fatalf("%d buttons in %q", n, asks.All())
	}
	press := slacktest.Buttons(asks)[1]
	s.Press(asks, "U2", press.ActionID)
	p.until(s, "the choice is answered", func() bool {
		m, _ := s.Message("C1", asks.TS)
		return len(s.Replies("C1", asked.TS)) > 1 && len(slacktest.Buttons(m)) == 0
	})

	// What changes something waits for the approver.
	asked = s.Mention("C1", "U1", "save customers in Germany as Germans")
	list = p.replies(s, "C1", asked.TS, "Germans")
	p.until(s, "it can be approved", func() bool {
		list = s.Replies("C1", asked.TS)
		return len(list) > 0 && len(slacktest.Buttons(list[len(list)-1])) > 0
	})
	waits := list[len(list)-1]
	yes := slacktest.Buttons(waits)[0]
	s.Press(waits, "U1", yes.ActionID)
	p.until(s, "who may not is told", func() bool { return len(s.Whispers("U1")) > 0 })
	if _, out, _ := callTesela(t, "segment", "list", "--db", db); strings.Contains(out, "Germans") {
		t.Errorf("saved by who may not: %s", out)
	}
	s.Press(waits, "U2", yes.ActionID)
	p.until(s, "the buttons go", func() bool {
		m, _ := s.Message("C1", waits.TS)
		return len(slacktest.Buttons(m)) == 0
	})
	if _, out, _ := callTesela(t, "segment", "list", "--db", db); !strings.Contains(out, "Germans") {
		t.Errorf("not saved: %s", out)
	}

	// What comes again by the calendar is kept, too.
	weekly := s.Direct("U1", "every Monday at 9 show me how many customers there are")
	p.replies(s, weekly.Channel, weekly.TS, "Monday")

	// The power goes when the sign of work is there and the answer is not.
	s.Break("chat.update", 100, slacktest.Fault{Status: 503})
	asked = s.Direct("U2", "cuántos clientes hay")
	p.until(s, "the answer is on its way", func() bool {
		return len(s.Replies(asked.Channel, asked.TS)) == 1 && s.Calls("chat.update") > 0
	})
	p.kill()
	s.Mend()
	before := s.Opened()
	p = startSlack(t, s, db, "--approvers", "U2")
	p.until(s, "it listens again", func() bool { return s.Opened() > before })
	p.replies(s, asked.Channel, asked.TS, "4 clientes")
	asked.Again()
	last := s.Command("C1", "U1", "orders by country")
	p.until(s, "the command is answered", func() bool {
		return slices.ContainsFunc(s.Messages("C1"), func(m slacktest.Message) bool { return m.BotID != "" }) || len(s.Whispers("U1")) > 1
	})
	lists := s.Direct("U1", "list digests")
	p.replies(s, lists.Channel, lists.TS, "Monday", "how many customers there are")
	if err := errors.Join(asked.Wait(t.Context()), last.Wait(t.Context())); err != nil {
		t.Error(err)
	}
	if got := s.Replies(asked.Channel, asked.TS); len(got) != 1 {
		t.Errorf("%d answers to one question: %+v", len(got), got)
	}

	// Told to end in the middle of an answer, it says it first.
	s.Break("chat.update", 1, slacktest.Fault{Delay: time.Second})
	asked = s.Mention("C1", "U1", "orders by country")
	p.until(s, "the answer is on its way", func() bool { return s.Calls("chat.update") > 0 && len(s.Replies("C1", asked.TS)) > 0 })
	p.stop()
	if got := s.Replies("C1", asked.TS); len(got) == 0 || !strings.Contains(got[0].All(), "Germany") {
		t.Errorf("it ended without its answer: %+v", got)
	}
	if n := s.Lost(); n > 0 {
		t.Errorf("%d events were never acknowledged", n)
	}
}

// Over HTTP the same, at an address of this machine.
func TestSlackProgramOverHTTP(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the program")
	}
	s, db := slackWorld(t), smallShop(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(l.Addr().String())
	l.Close()
	p := startSlack(t, s, db, "--http", port)
	base := "http://127.0.0.1:" + port + "/slack/"
	p.until(s, "it knows who it is", func() bool { return s.Calls("auth.test") > 0 })
	s.UseHTTP(base+"events", base+"interactivity", base+"commands")
	asked := s.Mention("C1", "U1", "how many customers are there?")
	p.replies(s, "C1", asked.TS, "4 customers")
	p.stop()
}

func TestSlackUsage(t *testing.T) {
	for _, name := range []string{envSlackBot, envSlackApp, envSlackSecret} {
		t.Setenv(name, "")
	}
	for _, c := range []struct {
		bot, app, says string
		args           []string
	}{
		{"", "", "SLACK_BOT_TOKEN: the bot token is missing", nil},
		{"xapp-1", "xoxb-1", "belongs into SLACK_APP_TOKEN", nil},
		{"xoxb-1", "", "SLACK_APP_TOKEN: the app-level token is missing", nil},
		{"xoxb-1", "xoxb-1", "belongs into SLACK_BOT_TOKEN", nil},
		{"xoxb-1", "", "SLACK_SIGNING_SECRET", []string{"--http", "0"}},
		{"xoxb-1", "xapp-1", "--http", []string{"--http", "nowhere:1:2"}},
		{"xoxb-1", "xapp-1", "--approvers", []string{"--approvers", "ana"}},
		{"xoxb-1", "xapp-1", "--personal", []string{"--personal", "@U1"}},
		{"xoxb-1", "xapp-1", "--user-turns", []string{"--user-turns", "many"}},
		{"xoxb-1", "xapp-1", "--team-turns", []string{"--team-turns", "5/1s"}},
		{"xoxb-1", "xapp-1", "--hold", []string{"--hold", "1s"}},
		{"xoxb-1", "xapp-1", "--time-limit", []string{"--time-limit", "0"}},
		{"xoxb-1", "xapp-1", "--at-once", []string{"--at-once", "0"}},
		{"xoxb-1", "xapp-1", "--lang", []string{"--lang", "fr"}},
		{"xoxb-1", "xapp-1", "--as-of", []string{"--as-of", "soon"}},
		{"xoxb-1", "xapp-1", "unknown command", []string{"manifesto"}},
		{"", "", "35", []string{"manifest", "--name", strings.Repeat("x", 36)}},
		{"", "", "https://", []string{"manifest", "--http-url", "http://example.com"}},
	} {
		t.Setenv(envSlackBot, c.bot)
		t.Setenv(envSlackApp, c.app)
		code, out, errs := callTesela(t, append([]string{"slack"}, c.args...)...)
		if code != exitUsage || out != "" || !strings.Contains(errs, c.says) {
			t.Errorf("%v with %q and %q: code %d, %q, %q", c.args, c.bot, c.app, code, out, errs)
		}
	}
}

// A token that Slack refuses is told by its name, and is no secret that leaks.
func TestSlackRefused(t *testing.T) {
	s, db := slackWorld(t), smallShop(t)
	t.Setenv(envSlackBot, "xoxb-wrong")
	t.Setenv(envSlackApp, s.AppToken())
	code, _, errs := callTesela(t, "slack", "--db", db, "--api-url", s.URL())
	if code != exitUsage || !strings.Contains(errs, envSlackBot) || !strings.Contains(errs, "invalid_auth") || strings.Contains(errs, "xoxb-wrong") {
		t.Errorf("code %d: %s", code, errs)
	}
	t.Setenv(envSlackBot, s.BotToken())
	t.Setenv(envSlackApp, "xapp-wrong")
	code, _, errs = callTesela(t, "slack", "--db", db, "--api-url", s.URL())
	if code != exitUsage || !strings.Contains(errs, envSlackApp) || strings.Contains(errs, "xapp-wrong") {
		t.Errorf("code %d: %s", code, errs)
	}
}

// While an import holds the file, which may take minutes, a question is
// acknowledged, taken up and answered.
func TestSlackWhileImporting(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the program")
	}
	s, db := slackWorld(t), smallShop(t)
	p := startSlack(t, s, db)
	p.listens(s)
	ws, err := sqlite.Open(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	defer ws.Close()
	b, err := ws.Import(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer b.Rollback()
	began := time.Now()
	asked := s.Mention("C1", "U1", "how many customers are there?")
	if err := asked.Wait(t.Context()); err != nil {
		t.Error(err)
	}
	t.Logf("acknowledged after %v", time.Since(began))
	p.until(s, "a sign is there", func() bool { return len(s.Replies("C1", asked.TS)) > 0 })
	t.Logf("taken up after %v", time.Since(began))
	p.replies(s, "C1", asked.TS, "4 customers")
	t.Logf("answered after %v", time.Since(began))
	if err := b.Rollback(); err != nil {
		t.Error(err)
	}
	p.stop()
}
