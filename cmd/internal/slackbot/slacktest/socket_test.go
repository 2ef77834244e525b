package slacktest

import (
	"context"
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"
	"github.com/slack-go/slack/socketmode"
)

// app is slack-go's Socket Mode client, which notes what it hears.
type app struct {
	mu    sync.Mutex
	heard []socketmode.Event
	acks  bool
	one   chan struct{} // something was heard
}

func (a *app) all() []socketmode.Event {
	a.mu.Lock()
	defer a.mu.Unlock()
	return append([]socketmode.Event(nil), a.heard...)
}

// run connects an app and waits until it is connected.
func run(t *testing.T, s *Slack, acks bool) *app {
	t.Helper()
	n := s.Connections()
	a := &app{acks: acks, one: make(chan struct{}, 100)}
	ctx, stop := context.WithCancel(context.Background())
	c := socketmode.New(s.Client())
	var work sync.WaitGroup
	work.Go(func() { _ = c.RunContext(ctx) })
	work.Go(func() {
		for {
			select {
			case <-ctx.Done():
				return
			case e := <-c.Events:
				if e.Request == nil || e.Request.EnvelopeID == "" {
					continue
				}
				a.mu.Lock()
				a.heard = append(a.heard, e)
				acks := a.acks
				a.mu.Unlock()
				a.one <- struct{}{}
				if acks {
					_ = c.AckCtx(ctx, e.Request.EnvelopeID, nil)
				}
			}
		}
	})
	t.Cleanup(func() { stop(); work.Wait() })
	if err := s.WaitFor(within(t), func() bool { return s.Connections() > n }); err != nil {
		t.Fatal(err)
	}
	return a
}

func TestEventsArrive(t *testing.T) {
	s := world(t, Options{})
	a := run(t, s, true)
	for _, act := range []*Act{
		s.Mention(room, ana, "¿cuántos & <cuándo>?"), s.Direct(ben, "how many?"), s.OpenPane(ben),
		s.Command(room, ana, "top 5"), s.Join(room, "U00000BEN"),
	} {
		if err := act.Wait(within(t)); err != nil {
			t.Fatal(err)
		}
	}
	var kinds []string
	ids := map[string]bool{}
	for _, e := range a.all() {
		switch d := e.Data.(type) {
		case slackevents.EventsAPIEvent:
			kinds = append(kinds, d.InnerEvent.Type)
			ids[d.Data.(*slackevents.EventsAPICallbackEvent).EventID] = true
			switch in := d.InnerEvent.Data.(type) {
			case *slackevents.AppMentionEvent:
				if in.Text != "<@"+Bot+"> ¿cuántos &amp; &lt;cuándo&gt;?" || in.User != ana || in.Channel != room {
					t.Errorf("%+v", in)
				}
			case *slackevents.AssistantThreadStartedEvent:
				if in.AssistantThread.UserID != ben || in.AssistantThread.ChannelID != s.DM(ben) {
					t.Errorf("%+v", in)
				}
			}
		case slack.SlashCommand:
			kinds = append(kinds, d.Command+" "+d.Text)
		}
	}
	// A mention in a channel is told of twice, in direct messages once.
	if got := strings.Join(kinds, " "); got != "app_mention message message assistant_thread_started /tesela top 5 message" || len(ids) != 5 {
		t.Errorf("%s with %d ids", got, len(ids))
	}
}

func TestWhatTheBotDoesIsTold(t *testing.T) {
	s := world(t, Options{})
	a := run(t, s, true)
	ctx := within(t)
	_, ts, err := s.Client().PostMessageContext(ctx, room, slack.MsgOptionText("one", false))
	if err != nil {
		t.Fatal(err)
	}
	if _, _, _, err = s.Client().UpdateMessageContext(ctx, room, ts, slack.MsgOptionText("two", false)); err != nil {
		t.Fatal(err)
	}
	if err := s.WaitFor(ctx, func() bool { return len(a.all()) == 2 }); err != nil {
		t.Fatal(err)
	}
	first := a.all()[0].Data.(slackevents.EventsAPIEvent).InnerEvent.Data.(*slackevents.MessageEvent)
	second := a.all()[1].Data.(slackevents.EventsAPIEvent).InnerEvent.Data.(*slackevents.MessageEvent)
	if first.BotID != BotID || first.User != Bot || second.SubType != "message_changed" || second.Message.Text != "two" || second.PreviousMessage.Text != "one" {
		t.Errorf("%+v, %+v", first, second)
	}
}

// What people change and delete is told as Slack tells it, and none of it as
// something new that was said.
func TestWhatPeopleChangeIsTold(t *testing.T) {
	s := world(t, Options{})
	a := run(t, s, true)
	said := s.Say(room, "", ana, "hola")
	edited := s.Edit(room, said.TS, "<@"+Bot+"> hola")
	deleted := s.Delete(room, said.TS)
	for _, act := range []*Act{said, edited, deleted} {
		if err := act.Wait(within(t)); err != nil {
			t.Fatal(err)
		}
	}
	var got []string
	for _, e := range a.all() {
		switch in := e.Data.(slackevents.EventsAPIEvent).InnerEvent.Data.(type) {
		case *slackevents.MessageEvent:
			got = append(got, in.Type+" "+in.SubType)
		case *slackevents.AppMentionEvent:
			if in.Edited == nil {
				t.Error("a mention by an edit does not say so")
			}
			got = append(got, in.Type)
		}
	}
	if strings.Join(got, ", ") != "message , app_mention, message message_changed, message message_deleted" {
		t.Errorf("%q", got)
	}
}

// An app hears only of what it listens to, and of channels that its bot is in.
func TestWhatIsNotHeard(t *testing.T) {
	s := world(t, Options{Events: []string{"app_mention"}})
	if n := len(s.Direct(ana, "hello?").EventIDs) + len(s.Say(room, "", ana, "hello?").EventIDs) + len(s.Mention("C00000002", ana, "hello?").EventIDs); n != 0 {
		t.Errorf("%d events", n)
	}
	if n := len(s.Mention(room, ana, "hello?").EventIDs); n != 1 {
		t.Errorf("%d events of a mention", n)
	}
}

func TestPresses(t *testing.T) {
	s := world(t, Options{Quiet: true})
	a := run(t, s, true)
	ctx := within(t)
	b := slack.NewButtonBlockElement("choose", "reading-2", slack.NewTextBlockObject(slack.PlainTextType, "The second", false, false))
	_, ts, err := s.Client().PostMessageContext(ctx, room, slack.MsgOptionText("which?", false), slack.MsgOptionBlocks(slack.NewActionBlock("choices", b)))
	if err != nil {
		t.Fatal(err)
	}
	m, _ := s.Message(room, ts)
	press := s.Press(m, ana, "The second")
	if err := press.Wait(ctx); err != nil {
		t.Fatal(err)
	}
	got := a.all()[0].Data.(slack.InteractionCallback)
	act := got.ActionCallback.BlockActions[0]
	if got.Type != slack.InteractionTypeBlockActions || act.ActionID != "choose" || act.Value != "reading-2" || act.BlockID != "choices" || got.User.ID != ana ||
		got.Channel.ID != room || got.Message.Timestamp != ts || got.ResponseURL != press.Respond || got.Container.MessageTs != ts {
		t.Errorf("%+v", got)
	}
	// Replacing by the response_url edits the message; who saw it before can
	// still press.
	if _, _, err := s.Client().PostMessageContext(ctx, "", slack.MsgOptionReplaceOriginal(got.ResponseURL), slack.MsgOptionText("the second, then", false)); err != nil {
		t.Fatal(err)
	}
	m, _ = s.Message(room, ts)
	if m.Text != "the second, then" || len(Buttons(m)) != 0 {
		t.Errorf("%+v", m)
	}
	if err := s.Press(m, ben, "choose").Wait(ctx); err != nil {
		t.Error(err)
	}
}

func TestRedelivery(t *testing.T) {
	s := world(t, Options{AckTimeout: 20 * time.Millisecond, RetryAfter: []time.Duration{0, time.Millisecond, time.Millisecond}})
	a := run(t, s, false)
	act := s.Direct(ana, "hello?")
	if err := act.Wait(within(t)); err == nil || s.Lost() != 1 {
		t.Errorf("given up without an error; %d lost", s.Lost())
	}
	list := a.all()
	envelopes, ids := map[string]bool{}, map[string]bool{}
	for i, e := range list {
		envelopes[e.Request.EnvelopeID] = true
		ids[e.Data.(slackevents.EventsAPIEvent).Data.(*slackevents.EventsAPICallbackEvent).EventID] = true
		if e.Request.RetryAttempt != i || (i > 0) != (e.Request.RetryReason == "timeout") {
			t.Errorf("attempt %d: %+v", i, e.Request)
		}
	}
	if len(list) != 4 || len(envelopes) != 4 || len(ids) != 1 || act.Attempts() != 4 {
		t.Errorf("%d deliveries in %d envelopes of %d events", len(list), len(envelopes), len(ids))
	}
	// A command is not told of again: Slack shows that it failed.
	cmd := s.Command(room, ana, "x")
	if cmd.Wait(within(t)) == nil || cmd.Attempts() != 1 {
		t.Errorf("%d attempts", cmd.Attempts())
	}
}

func TestCutsAreDeliveredElsewhere(t *testing.T) {
	s := world(t, Options{AckTimeout: time.Minute})
	a := run(t, s, false)
	act := s.Direct(ana, "hello?")
	if err := s.WaitFor(within(t), func() bool { return act.Attempts() == 1 }); err != nil {
		t.Fatal(err)
	}
	<-a.one
	b := run(t, s, true)
	a.mu.Lock()
	a.acks = true // should it be back first
	a.mu.Unlock()
	s.Cut()
	if err := act.Wait(within(t)); err != nil {
		t.Fatal(err)
	}
	list := append(a.all(), b.all()...)
	if len(list) != 2 || list[1].Request.RetryAttempt != 1 || list[1].Request.RetryReason != "connection_closed" {
		t.Errorf("%+v", list)
	}
}

func TestOneOfManyConnections(t *testing.T) {
	s := world(t, Options{})
	a, b := run(t, s, true), run(t, s, true)
	for range 6 {
		if err := s.Direct(ana, "hello?").Wait(within(t)); err != nil {
			t.Fatal(err)
		}
	}
	if len(a.all()) != 3 || len(b.all()) != 3 {
		t.Errorf("%d and %d", len(a.all()), len(b.all()))
	}
}

func TestDisconnects(t *testing.T) {
	for _, reason := range []string{"warning", "refresh_requested"} {
		s := world(t, Options{})
		a := run(t, s, true)
		s.Disconnect(reason, time.Minute)
		act := s.Direct(ana, "still there?")
		if err := act.Wait(within(t)); err != nil {
			t.Fatal(reason, err)
		}
		if s.Opened() != 2 || len(a.all()) != 1 {
			t.Errorf("%s: %d connections, %d heard", reason, s.Opened(), len(a.all()))
		}
	}
}

func TestSilenceIsNoticed(t *testing.T) {
	s := world(t, Options{})
	s.Silence(true)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	c := socketmode.New(s.Client(), socketmode.OptionPingInterval(30*time.Millisecond))
	go func() { _ = c.RunContext(ctx) }()
	if err := s.WaitFor(within(t), func() bool { return s.Opened() >= 2 }); err != nil {
		t.Fatal(err)
	}
}

func TestTicketsServeOnce(t *testing.T) {
	s := world(t, Options{})
	_, url, err := s.Client().StartSocketModeContext(within(t))
	if err != nil {
		t.Fatal(err)
	}
	conn, resp, err := websocket.DefaultDialer.DialContext(within(t), url, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	defer conn.Close()
	var hello struct {
		Type string
		N    int `json:"num_connections"`
	}
	if _, raw, err := conn.ReadMessage(); err != nil || json.Unmarshal(raw, &hello) != nil || hello.Type != "hello" || hello.N != 1 {
		t.Errorf("%+v, %v", hello, err)
	}
	if _, resp, err := websocket.DefaultDialer.DialContext(within(t), url, nil); err == nil || resp.StatusCode != 403 {
		t.Errorf("the ticket served twice: %v", err)
	}
}

func TestAtMostTenConnections(t *testing.T) {
	s := world(t, Options{Rates: Rates{Off: true}})
	dial := func() string {
		_, url, err := s.Client().StartSocketModeContext(within(t))
		if err != nil {
			t.Fatal(err)
		}
		conn, resp, err := websocket.DefaultDialer.DialContext(within(t), url, nil)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		t.Cleanup(func() { conn.Close() })
		_, raw, err := conn.ReadMessage()
		if err != nil {
			t.Fatal(err)
		}
		return string(raw)
	}
	for n := range MaxConnections {
		if got := dial(); !strings.Contains(got, "hello") {
			t.Fatal(n, got)
		}
		if err := s.WaitFor(within(t), func() bool { return s.Connections() == n+1 }); err != nil {
			t.Fatal(err)
		}
	}
	if got := dial(); !strings.Contains(got, "too_many_websockets") {
		t.Error(got)
	}
}
