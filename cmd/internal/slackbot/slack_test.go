package slackbot

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"tesela/cmd/internal/slackbot/slacktest"
	"tesela/cmd/internal/slackbot/wire"
)

// office is a whole bot over a fake Slack with three people and two channels.
type office struct {
	*slacktest.Slack
	t    *testing.T
	desk *desk
	ctx  context.Context
	log  *bytes.Buffer
	mu   sync.Mutex
	stop func()
}

func newOffice(t *testing.T, d *desk, m *memory, s *slacktest.Slack, change func(c *Config)) *office {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 60*time.Second)
	t.Cleanup(cancel)
	o := &office{Slack: s, t: t, desk: d, ctx: ctx, log: &bytes.Buffer{}}
	log := slog.New(slog.NewTextHandler(&locked{&o.mu, o.log}, nil))
	var b *Bot
	w, err := wire.New(wire.Config{
		BotToken: s.BotToken(), AppToken: s.AppToken(), APIURL: s.URL(), Memory: m, Log: log,
		Handler: func(ctx context.Context, d wire.Delivery) { b.Handle(ctx, d) },
		Limits:  wire.Limits{Backoff: time.Millisecond},
	})
	if err != nil {
		t.Fatal(err)
	}
	b = d.bot(t, newPoster(), m, func(c *Config) {
		c.Poster, c.Log = w.Poster(), log
		if change != nil {
			change(c)
		}
	})
	running, end := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- w.Run(running) }()
	o.stop = sync.OnceFunc(func() {
		end()
		if err := <-ended; err != nil {
			t.Errorf("the wire ended: %v", err)
		}
	})
	t.Cleanup(o.stop)
	if err := s.WaitFor(ctx, func() bool { return s.Connections() > 0 }); err != nil {
		t.Fatal(err)
	}
	return o
}

func newSlack(t *testing.T) *slacktest.Slack {
	s := slacktest.New(t, slacktest.Options{})
	s.AddUser(slacktest.User{ID: "U00000001", Name: "Ana", Locale: "en-US"})
	s.AddUser(slacktest.User{ID: "U00000002", Name: "Bea", Locale: "es-ES"})
	s.AddUser(slacktest.User{ID: "U00000003", Name: "Caio", Locale: "pt-BR"})
	s.AddGroup("S00000001", "U00000002")
	s.AddChannel(slacktest.Channel{ID: "C00000001", Name: "sales"})
	return s
}

const (
	ana, bea, caio = "U00000001", "U00000002", "U00000003"
	sales          = "C00000001"
)

// said waits until the bot's newest message of a thread says something.
func (o *office) said(channel, thread, text string) slacktest.Message {
	o.t.Helper()
	var found slacktest.Message
	list, err := o.WaitThread(o.ctx, channel, thread, func(list []slacktest.Message) bool {
		for _, m := range list {
			if m.BotID != "" && strings.Contains(m.All(), text) {
				found = m
				return true
			}
		}
		return false
	})
	if err != nil {
		for _, m := range list {
			o.t.Logf("%s: %q", m.User, m.All())
		}
		o.mu.Lock()
		defer o.mu.Unlock()
		o.t.Fatalf("%s %s never says %q: %v\n%s", channel, thread, text, err, o.log)
	}
	return found
}

// A day in Slack through its real client: a mention and its follow-ups, a
// question back, an approval, a report, a command, the pane, a direct message.
func TestSlack(t *testing.T) {
	d, s := newDesk(), newSlack(t)
	o := newOffice(t, d, newMemory(), s, func(c *Config) {
		c.Approvers, c.MayPersonal = []string{"S00000001"}, []string{ana}
	})
	act := o.Mention(sales, ana, "count customers")
	told := o.said(sales, act.Thread, "1,115")
	if len(told.Edits) == 0 || !strings.Contains(told.Edits[0].Text, "Looking") {
		t.Errorf("%d edits", len(told.Edits))
	}
	o.Reply(sales, act.Thread, ana, "best customers")
	back := o.said(sales, act.Thread, "most revenue")
	press := o.Press(back, bea, "tesela.choice.1")
	o.said(sales, press.Thread, "Bea chose: most revenue")
	if err := o.WaitFor(o.ctx, func() bool { return len(d.kept.questions(session(slacktest.Team, sales, act.Thread))) == 3 }); err != nil {
		t.Error(err)
	}
	o.Press(told, caio, "tesela.report")
	if err := o.WaitFor(o.ctx, func() bool { return len(o.Files(sales)) > 0 }); err != nil {
		t.Error(err)
	}

	save := o.Mention(sales, ana, "save VIP")
	offer := o.said(sales, save.Thread, "may approve this")
	o.Press(offer, caio, "tesela.approve.0")
	if err := o.WaitFor(o.ctx, func() bool { return len(o.Whispers(caio)) == 1 }); err != nil || d.saved.Load() != 0 {
		t.Errorf("%v, %d saved", err, d.saved.Load())
	}
	o.Press(offer, bea, "tesela.approve.0")
	o.said(sales, save.Thread, "Bea (U00000002)")
	o.said(sales, save.Thread, "Saved")

	o.Command(sales, bea, "¿count clientes?")
	if err := o.WaitFor(o.ctx, func() bool {
		for _, m := range o.Messages(sales) {
			if strings.Contains(m.All(), "Bea preguntó: ¿count clientes?") {
				for _, r := range o.Replies(sales, m.TS) {
					if strings.Contains(r.All(), "1.115") {
						return true
					}
				}
			}
		}
		return false
	}); err != nil {
		t.Errorf("the command: %v", err)
	}
	pane := o.OpenPane(caio)
	o.said(pane.Channel, pane.Thread, "Pergunte")
	if err := o.WaitFor(o.ctx, func() bool { return len(o.PaneOf(pane.Channel, pane.Thread).Prompts) == 2 }); err != nil {
		t.Error(err)
	}
	o.Say(pane.Channel, pane.Thread, caio, "quantos clientes")
	o.said(pane.Channel, pane.Thread, "1.115")
	if err := o.WaitFor(o.ctx, func() bool { return o.PaneOf(pane.Channel, pane.Thread).Title == "quantos clientes" }); err != nil {
		t.Error(err)
	}
	if p := o.PaneOf(pane.Channel, pane.Thread); len(p.Statuses) == 0 {
		t.Errorf("%+v", p)
	}

	dm := o.Direct(ana, "list them")
	o.said(dm.Channel, dm.Thread, secrets[0])
	if err := o.WaitFor(o.ctx, func() bool { return len(o.Files(dm.Channel)) > 0 }); err != nil {
		t.Error(err)
	}
	o.stop()
	for _, call := range o.Log("") {
		if call.Error != "" {
			raw, _ := json.Marshal(call.Args)
			t.Errorf("%s: %s %s", call.Method, call.Error, raw)
		}
	}
	if o.log.Len() > 0 {
		t.Logf("the log:\n%s", o.log)
	}
}
