package slackbot

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"tesela/cmd/internal/slackbot/slacktest"
	"tesela/cmd/internal/slackbot/wire"
)

// digestOffice is a bot with digests over a fake Slack, spoken to by the real
// client. What stop gives ends it.
func digestOffice(t *testing.T, s *shop, m *leased, slack *slacktest.Slack) (pr *process, ctx context.Context, stop func()) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 60*time.Second)
	w, err := wire.New(wire.Config{
		BotToken: slack.BotToken(), AppToken: slack.AppToken(), APIURL: slack.URL(), Memory: m.side(nil),
		Handler: func(ctx context.Context, d wire.Delivery) { pr.Handle(ctx, d) }, Limits: wire.Limits{Backoff: time.Millisecond},
	})
	if err != nil {
		t.Fatal(err)
	}
	pr = s.started(t, w.Poster(), m, nil)
	ended := make(chan error, 1)
	running, end := context.WithCancel(ctx)
	go func() { ended <- w.Run(running) }()
	if err := slack.WaitFor(ctx, func() bool { return slack.Connections() > 0 }); err != nil {
		t.Fatal(err)
	}
	return pr, ctx, func() {
		end()
		if err := <-ended; err != nil {
			t.Errorf("the wire ended: %v", err)
		}
		cancel()
	}
}

// A digest through Slack's real client: made, sent though Slack fails in all
// ways, listed, stopped; and nothing that Slack would not have.
func TestDigestInSlack(t *testing.T) {
	s, slack := newShop(1234, 1301, 1250, 1250), newSlack(t)
	pr, ctx, stop := digestOffice(t, s, newLeased(s.clock), slack)
	wait := func(what string, holds func() bool) {
		t.Helper()
		if err := slack.WaitFor(ctx, holds); err != nil {
			for _, m := range slack.Messages(sales) {
				t.Logf("%q", m.All())
			}
			t.Fatalf("%s: %v", what, err)
		}
	}
	act := slack.Mention(sales, ana, "every Monday at 9 count customers")
	var made slacktest.Message
	wait("it is made", func() bool {
		for _, m := range slack.Replies(sales, act.Thread) {
			if strings.Contains(m.All(), "I'll send this here every Monday at 9:00") {
				made = m
				return true
			}
		}
		return false
	})
	sent := func() (list []string) {
		for _, m := range slack.Messages(sales) {
			if m.BotID != "" {
				list = append(list, m.All())
			}
		}
		return list
	}
	for i, c := range []struct {
		day    string
		method string
		fault  slacktest.Fault
		says   string
	}{
		{"2026-03-09 09:00", "", slacktest.Fault{}, "+67, +5.4%"},
		{"2026-03-16 09:00", "chat.postMessage", slacktest.Fault{CutAfter: true}, "-51, -3.9%"},
		{"2026-03-23 09:00", "chat.update", slacktest.Fault{CutBefore: true}, "Nothing changed"},
		{"2026-03-30 09:20", "chat.postMessage", slacktest.Fault{Status: 429, RetryAfter: time.Second}, "comes late"},
	} {
		if c.method != "" {
			slack.Break(c.method, 1, c.fault)
		}
		s.clock.set(at(c.day))
		pr.pass(t)
		pr.pass(t)
		if got := sent(); len(got) != i+1 || !strings.Contains(got[i], c.says) || strings.Contains(got[i], "Looking") {
			t.Fatalf("%s: %d messages: %q", c.day, len(got), got)
		}
	}
	// Its thread goes on where it stopped.
	newest := slack.Messages(sales)[len(slack.Messages(sales))-1]
	slack.Say(sales, newest.TS, ana, "count orders")
	wait("the follow-up", func() bool { return len(slack.Replies(sales, newest.TS)) == 1 })
	if got := s.kept.questions(session(slacktest.Team, sales, newest.TS)); len(got) == 0 || got[0] != "count customers" {
		t.Errorf("the session holds %q", got)
	}
	list := slack.Mention(sales, bea, "mis envíos")
	wait("the list", func() bool {
		r := slack.Replies(sales, list.Thread)
		return len(r) == 1 && strings.Contains(r[0].All(), "cada lunes a las 9:00")
	})
	slack.Press(made, bea, actionDigestStop)
	wait("somebody else stops it", func() bool { return len(slack.Whispers(bea)) == 1 })
	slack.Press(newest, ana, actionDigestStop+".sent")
	wait("it is stopped", func() bool {
		r := slack.Replies(sales, newest.TS)
		return strings.Contains(r[len(r)-1].All(), "Ana stopped this")
	})
	s.clock.set(at("2026-04-06 09:00"))
	pr.pass(t)
	if got := sent(); len(got) != 4 {
		t.Errorf("it comes after it was stopped: %q", got[4:])
	}
	stop()
	for _, call := range slack.Log("") {
		if call.Error != "" && call.Error != "ratelimited" {
			raw, _ := json.Marshal(call.Args)
			t.Errorf("%s: %s %s", call.Method, call.Error, raw)
		}
	}
}
