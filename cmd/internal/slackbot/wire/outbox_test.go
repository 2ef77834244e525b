package wire

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"tesela/cmd/internal/slackbot/blockkit"
	"tesela/cmd/internal/slackbot/slacktest"
)

// speaker is a Poster on a fake Slack, without a connection.
func speaker(t *testing.T, s *slacktest.Slack, change ...func(*Config)) (Poster, *Wire) {
	t.Helper()
	c := Config{BotToken: s.BotToken(), AppToken: s.AppToken(), APIURL: s.URL(), Handler: nothing, Limits: quick()}
	for _, f := range change {
		f(&c)
	}
	w, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.client.CloseIdleConnections)
	return w.Poster(), w
}

func text(s string) blockkit.Message { return blockkit.Message{Text: s} }

func blocks(s string) blockkit.Message {
	return blockkit.Message{Text: s, Blocks: []slack.Block{slack.NewSectionBlock(slack.NewTextBlockObject("mrkdwn", s, false, false), nil, nil)}}
}

func texts(list []slacktest.Message) (out []string) {
	for _, m := range list {
		out = append(out, m.All())
	}
	return out
}

func TestPost(t *testing.T) {
	s := world(t, open())
	p, _ := speaker(t, s)
	ctx := within(t)
	root := s.Say("C1", "", "U1", "hi")
	to := Target{Channel: "C1", Thread: root.TS}
	ts, err := p.Post(ctx, to, blocks("first *one* &lt;3"), "d1", 0)
	if err != nil {
		t.Fatal(err)
	}
	second, err := p.Post(ctx, to, text("second"), "d1", 1)
	if err != nil {
		t.Fatal(err)
	}
	for part, want := range map[int]string{0: ts, 1: second, 2: ""} {
		if got, err := p.Find(ctx, to, "d1", part); err != nil || got != want {
			t.Errorf("part %d found as %q, %v; want %q", part, got, err, want)
		}
	}
	if got, err := p.Find(ctx, to, "d2", 0); err != nil || got != "" {
		t.Errorf("another's found as %q, %v", got, err)
	}
	if got, err := p.Find(ctx, Target{Channel: "C1", Thread: "1.000001"}, "d1", 0); err != nil || got != "" {
		t.Errorf("in a thread that is gone: %q, %v", got, err)
	}
	// An edit keeps the mark, and blocks go where there are none any more.
	if err := p.Update(ctx, "C1", ts, text("edited")); err != nil {
		t.Fatal(err)
	}
	if got, _ := p.Find(ctx, to, "d1", 0); got != ts {
		t.Errorf("the edit lost its mark: %q", got)
	}
	if got := texts(s.Replies("C1", root.TS)); !slices.Equal(got, []string{"edited", "second"}) {
		t.Errorf("thread %q", got)
	}
	if err := p.Delete(ctx, "C1", second); err != nil {
		t.Fatal(err)
	}
	if err := p.Delete(ctx, "C1", second); err != nil {
		t.Errorf("a second deletion: %v", err)
	}
	// Outside threads, too.
	loose, err := p.Post(ctx, Target{Channel: "C2"}, text("digest"), "digest:1", 0)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := p.Find(ctx, Target{Channel: "C2"}, "digest:1", 0); err != nil || got != loose {
		t.Errorf("found %q, %v", got, err)
	}
}

// Whatever goes wrong with a post, it stands there once.
func TestPostOnce(t *testing.T) {
	for name, f := range map[string]slacktest.Fault{
		"cut before":       {CutBefore: true},
		"cut after":        {CutAfter: true},
		"internal error":   {Status: 500},
		"unavailable":      {Status: 503},
		"Slack's own":      {Error: "internal_error"},
		"limited":          {Status: 429, RetryAfter: time.Second},
		"slow, given up":   {Delay: 400 * time.Millisecond},
		"limited in words": {Error: "ratelimited"},
	} {
		for _, delivery := range []string{"d1", ""} {
			t.Run(name+" "+delivery, func(t *testing.T) {
				t.Parallel()
				s := world(t, open())
				p, _ := speaker(t, s, func(c *Config) { c.Limits.Call = 200 * time.Millisecond })
				root := s.Say("C1", "", "U1", "hi")
				s.Break("chat.postMessage", 2, f)
				ts, err := p.Post(within(t), Target{Channel: "C1", Thread: root.TS}, text("answer"), delivery, 0)
				if err != nil {
					t.Fatal(err)
				}
				got := s.Replies("C1", root.TS)
				if len(got) != 1 || got[0].TS != ts || got[0].Text != "answer" {
					t.Errorf("under %s stands %q, told %q", root.TS, texts(got), ts)
				}
			})
		}
	}
}

// The same where the look-up fails for a while as well, and in a long thread.
func TestPostOnceInALongThread(t *testing.T) {
	s := world(t, open())
	p, _ := speaker(t, s)
	root := s.Say("C1", "", "U1", "hi")
	for i := range 450 {
		s.Reply("C1", root.TS, "U1", fmt.Sprint(i))
	}
	s.Break("chat.postMessage", 1, slacktest.Fault{CutAfter: true})
	s.Break("conversations.replies", 2, slacktest.Fault{Status: 502})
	if _, err := p.Post(within(t), Target{Channel: "C1", Thread: root.TS}, text("answer"), "d1", 0); err != nil {
		t.Fatal(err)
	}
	if got := s.Replies("C1", root.TS); len(got) != 1 {
		t.Errorf("%q", texts(got))
	}
}

// Slack's own rates: nothing is lost, the order of a thread holds, and no
// method is called before its time.
func TestRates(t *testing.T) {
	s := world(t, slacktest.Options{Rates: slacktest.Rates{Speed: 20}})
	p, _ := speaker(t, s) // unpaced, so that Slack has to limit
	ctx := within(t)
	var work sync.WaitGroup
	var roots []string
	for _, channel := range []string{"C1", "C2"} {
		for range 2 {
			root := s.Say(channel, "", "U1", "hi")
			roots = append(roots, root.TS)
			work.Go(func() {
				for i := range 25 {
					if _, err := p.Post(ctx, Target{Channel: channel, Thread: root.TS}, text(fmt.Sprint(i)), root.TS, i); err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
	}
	work.Wait()
	for i, root := range roots {
		got := texts(s.Replies([]string{"C1", "C2"}[i/2], root))
		if len(got) != 25 || !slices.IsSortedFunc(got, func(a, b string) int { return len(a)*100 + int(a[0]) - len(b)*100 - int(b[0]) }) {
			t.Errorf("thread %d: %q", i, got)
		}
	}
	limited := 0
	for _, c := range s.Log("chat.postMessage") {
		if c.Error == "ratelimited" {
			limited++
		}
	}
	if limited == 0 {
		t.Error("Slack limited nothing; the test shows nothing")
	}
	t.Logf("limited %d of %d calls", limited, s.Calls("chat.postMessage"))
}

// After a 429 the method rests for as long as Slack asked.
func TestRetryAfter(t *testing.T) {
	s := world(t, open())
	p, _ := speaker(t, s)
	ctx := within(t)
	s.Break("chat.postMessage", 1, slacktest.Fault{Status: 429, RetryAfter: time.Second})
	var work sync.WaitGroup
	for i := range 5 {
		work.Go(func() {
			if _, err := p.Post(ctx, Target{Channel: "C1"}, text(fmt.Sprint(i)), "", i); err != nil {
				t.Error(err)
			}
		})
	}
	work.Wait()
	calls := s.Log("chat.postMessage")
	i := slices.IndexFunc(calls, func(c slacktest.Call) bool { return c.Error == "ratelimited" })
	for _, c := range calls[i+1:] {
		if after := c.At.Sub(calls[i].At); after > 100*time.Millisecond && after < 900*time.Millisecond {
			t.Errorf("called again after %v", after) // what was under way before may still come
		}
	}
	if got := s.Messages("C1"); len(got) != 5 {
		t.Errorf("%q", texts(got))
	}
}

// Of many updates only the newest is worth waiting for, and it comes.
func TestUpdatesCoalesce(t *testing.T) {
	s := world(t, open())
	p, _ := speaker(t, s)
	ctx := within(t)
	ts, err := p.Post(ctx, Target{Channel: "C1"}, text("looking"), "d", 0)
	if err != nil {
		t.Fatal(err)
	}
	s.Break("chat.update", 1, slacktest.Fault{Delay: 300 * time.Millisecond, Status: 503})
	var work sync.WaitGroup
	for i := range 20 {
		work.Go(func() {
			if err := p.Update(ctx, "C1", ts, text(fmt.Sprint("progress ", i))); err != nil {
				t.Error(err)
			}
		})
	}
	if err := s.WaitFor(ctx, func() bool { return s.Calls("chat.update") == 1 }); err != nil {
		t.Fatal(err)
	}
	_, w := p, p.(*outbox)
	eventually(t, "all wait", func() bool {
		w.mu.Lock()
		defer w.mu.Unlock()
		return w.latest["C1 "+ts] != nil && w.latest["C1 "+ts].last == 20
	})
	if err := p.Update(ctx, "C1", ts, text("the answer")); err != nil {
		t.Fatal(err)
	}
	work.Wait()
	if m, _ := s.Message("C1", ts); m.Text != "the answer" {
		t.Errorf("it says %q", m.Text)
	}
	if n := s.Calls("chat.update"); n > 3 {
		t.Errorf("%d calls for 21 updates", n)
	}
	if len(w.latest) > 0 || len(w.turns.lines) > 0 {
		t.Errorf("left %v, %v", w.latest, w.turns.lines)
	}
}

func TestUpload(t *testing.T) {
	for name, broken := range map[string]func(*slacktest.Slack){
		"well":               func(*slacktest.Slack) {},
		"no address":         func(s *slacktest.Slack) { s.Break("files.getUploadURLExternal", 1, slacktest.Fault{CutAfter: true}) },
		"cut upload":         func(s *slacktest.Slack) { s.Break("upload", 1, slacktest.Fault{CutBefore: true}) },
		"failed share":       func(s *slacktest.Slack) { s.Break("files.completeUploadExternal", 1, slacktest.Fault{Status: 500}) },
		"unknown share":      func(s *slacktest.Slack) { s.Break("files.completeUploadExternal", 1, slacktest.Fault{CutAfter: true}) },
		"unknown twice over": func(s *slacktest.Slack) { s.Break("files.completeUploadExternal", 2, slacktest.Fault{CutAfter: true}) },
		"unknown, unseen": func(s *slacktest.Slack) {
			s.Break("files.completeUploadExternal", 1, slacktest.Fault{CutAfter: true})
			s.Break("conversations.replies", 1, slacktest.Fault{Error: "thread_not_found"})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := world(t, open())
			p, _ := speaker(t, s)
			root := s.Say("C1", "", "U1", "hi")
			broken(s)
			body := []byte("customer,orders\n1,2\n")
			err := p.Upload(within(t), Target{Channel: "C1", Thread: root.TS}, blockkit.File{Name: "table.csv", Title: "Table", Alt: "a table", Body: body})
			if err != nil {
				t.Fatal(err)
			}
			files := s.Files("C1")
			if len(files) != 1 || !bytes.Equal(files[0].Body, body) || files[0].Thread != root.TS || files[0].Title != "Table" {
				t.Errorf("files %+v", files)
			}
		})
	}
	s := world(t, open())
	p, _ := speaker(t, s)
	if err := p.Upload(within(t), Target{Channel: "C1"}, blockkit.File{Name: "empty.csv"}); err == nil {
		t.Error("an empty file is uploaded")
	}
}

func TestRefusals(t *testing.T) {
	s := world(t, open())
	p, _ := speaker(t, s)
	ctx := within(t)
	s.Kick("C2", slacktest.Bot)
	_, err := p.Post(ctx, Target{Channel: "C2"}, text("x"), "", 0)
	var f *Fault
	if !errors.As(err, &f) || f.Reason != NotInChannel || !strings.Contains(err.Error(), "/invite @tesela") {
		t.Errorf("not in the channel: %v", err)
	}
	if n := s.Calls("chat.postMessage"); n != 1 {
		t.Errorf("tried %d times", n)
	}
	for code, reason := range map[string]string{
		"is_archived": Archived, "restricted_action": Restricted, "missing_scope": MissingScope, "msg_too_long": TooLarge, "invalid_auth": Auth, "invalid_blocks": Other,
	} {
		s.Break("chat.postMessage", 1, slacktest.Fault{Error: code})
		_, err := p.Post(ctx, Target{Channel: "C1"}, text("x"), "", 0)
		if !errors.As(err, &f) || f.Reason != reason || f.Code != code || strings.Contains(err.Error(), "xoxb") {
			t.Errorf("%s: %v", code, err)
		}
	}
	if err := p.Respond(ctx, s.URL()+"../hooks/none", text("x")); !errors.As(err, &f) || f.Reason != Expired {
		t.Errorf("an address that is none: %v", err)
	}
	if err := p.Respond(ctx, "", text("x")); !errors.As(err, &f) || f.Reason != Expired {
		t.Errorf("no address: %v", err)
	}
}

// Slack away for good ends with the context, and says so.
func TestPostEnds(t *testing.T) {
	s := world(t, open())
	p, _ := speaker(t, s)
	s.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	if _, err := p.Post(ctx, Target{Channel: "C1"}, text("x"), "d", 0); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v", err)
	}
}

func TestWhisperAndRespond(t *testing.T) {
	s := world(t, open())
	p, _ := speaker(t, s)
	ctx := within(t)
	s.Break("response_url", 1, slacktest.Fault{Status: 503})
	if err := p.Whisper(ctx, Target{Channel: "C1"}, "U2", text("psst")); err != nil {
		t.Fatal(err)
	}
	if err := p.Respond(ctx, s.Command("C1", "U3", "x").Respond, blocks("only you")); err != nil {
		t.Fatal(err)
	}
	if got := texts(s.Whispers("")); !slices.Equal(got, []string{"psst", "only you"}) {
		t.Errorf("whispers %q", got)
	}
	if got := s.Messages("C1"); len(got) > 0 {
		t.Errorf("everybody reads %q", texts(got))
	}
}

func TestPeople(t *testing.T) {
	s := world(t, open())
	s.AddGroup("S1", "U1", "U2")
	p, _ := speaker(t, s)
	ctx := within(t)
	for range 3 {
		if name, locale, err := p.Person(ctx, "U1"); err != nil || name != "Ana" || locale != "es-ES" {
			t.Errorf("%q, %q, %v", name, locale, err)
		}
		if name, _, err := p.Person(ctx, "U404"); err != nil || name != "" {
			t.Errorf("nobody is %q, %v", name, err)
		}
		for user, want := range map[string]bool{"U1": true, "U3": false} {
			if in, err := p.InGroup(ctx, user, "S1"); err != nil || in != want {
				t.Errorf("%s in the group: %t, %v", user, in, err)
			}
		}
		if channel, err := p.Direct(ctx, "U1"); err != nil || channel != s.DM("U1") {
			t.Errorf("direct %q, %v", channel, err)
		}
	}
	for method, want := range map[string]int{"users.info": 2, "usergroups.users.list": 1, "conversations.open": 1} {
		if n := s.Calls(method); n != want {
			t.Errorf("%s called %d times, not %d", method, n, want)
		}
	}
	if in, err := p.InGroup(ctx, "U1", "S404"); err == nil || in {
		t.Errorf("in a group that is none: %t, %v", in, err)
	}
	s.Break("usergroups.users.list", 100, slacktest.Fault{Status: 500})
	if in, err := p.InGroup(ctx, "U1", "S2"); err == nil || in {
		t.Errorf("in a group that nobody can look up: %t, %v", in, err)
	}
}

func TestPane(t *testing.T) {
	s := world(t, open())
	p, _ := speaker(t, s)
	ctx := within(t)
	pane := s.OpenPane("U1")
	to := Target{Channel: pane.Channel, Thread: pane.Thread}
	if err := p.Suggest(ctx, to, "Try", []Prompt{{"Count", "how many customers?"}}); err != nil {
		t.Fatal(err)
	}
	for _, status := range []string{"counting", ""} {
		if err := p.Status(ctx, to, status); err != nil {
			t.Fatal(err)
		}
	}
	got := s.PaneOf(pane.Channel, pane.Thread)
	if !slices.Equal(got.Statuses, []string{"counting", ""}) || got.Heading != "Try" || len(got.Prompts) != 1 || got.Prompts[0].Message != "how many customers?" {
		t.Errorf("%+v", got)
	}
	calls := s.Calls("assistant.threads.setStatus")
	if err := p.Status(ctx, Target{Channel: "C1", Thread: "1.1"}, "x"); err != nil || s.Calls("assistant.threads.setStatus") != calls {
		t.Errorf("a status in a channel: %v", err)
	}
	if err := p.Status(ctx, Target{Channel: pane.Channel, Thread: "1.1"}, "x"); err != nil {
		t.Errorf("a status where there is no pane: %v", err)
	}
}
