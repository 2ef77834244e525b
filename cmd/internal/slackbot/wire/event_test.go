package wire

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"
)

var epoch = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// offline is a Wire that has told nobody of itself.
func offline(t *testing.T, change ...func(*Config)) *Wire {
	t.Helper()
	c := Config{
		BotToken: "xoxb-1", AppToken: "xapp-1", APIURL: "http://127.0.0.1:1/",
		Handler: nothing, Clock: func() time.Time { return epoch },
	}
	for _, f := range change {
		f(&c)
	}
	w, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	w.self = Self{Team: "T1", User: "UBOT", Name: "tesela"}
	return w
}

func event(inner string) []byte {
	return fmt.Appendf(nil, `{"type":"event_callback","team_id":"T1","event_id":"Ev1","event":%s}`, inner)
}

func TestHeard(t *testing.T) {
	w := offline(t)
	said := func(d Delivery) *Delivery {
		d.Kind, d.Team, d.User, d.At = Said, "T1", "U1", epoch
		return &d
	}
	for _, c := range []struct {
		name, event string
		want        *Delivery
	}{
		{
			"mention", `{"type":"app_mention","user":"U1","text":"<@UBOT> how many?","ts":"10.1","channel":"C1"}`,
			said(Delivery{ID: "said:T1:C1:10.1", Channel: "C1", Thread: "10.1", TS: "10.1", Text: "how many?", Mentioned: true}),
		},
		{
			"the same as a message of the channel", `{"type":"message","channel_type":"channel","user":"U1","text":"<@UBOT> how many?","ts":"10.1","channel":"C1"}`,
			said(Delivery{ID: "said:T1:C1:10.1", Channel: "C1", Thread: "10.1", TS: "10.1", Text: "how many?", Mentioned: true}),
		},
		{
			"in a thread", `{"type":"message","channel_type":"group","user":"U1","text":"and Spain?","ts":"11.1","thread_ts":"10.1","channel":"C1"}`,
			said(Delivery{ID: "said:T1:C1:11.1", Channel: "C1", Thread: "10.1", TS: "11.1", Text: "and Spain?"}),
		},
		{
			"to somebody else", `{"type":"message","channel_type":"channel","user":"U1","text":"<@U2> look","ts":"11.1","thread_ts":"10.1","channel":"C1"}`,
			said(Delivery{ID: "said:T1:C1:11.1", Channel: "C1", Thread: "10.1", TS: "11.1", Text: "@U2 look", Named: []string{"U2"}}),
		},
		{
			"direct", `{"type":"message","channel_type":"im","user":"U1","text":"how many?","ts":"12.1","channel":"D1"}`,
			said(Delivery{ID: "said:T1:D1:12.1", Channel: "D1", Thread: "12.1", TS: "12.1", Text: "how many?", Direct: true}),
		},
		{
			"in the pane", `{"type":"message","channel_type":"im","user":"U1","text":"how many?","ts":"13.1","thread_ts":"12.1","channel":"D1","assistant_thread":{"action_token":"x"}}`,
			said(Delivery{ID: "said:T1:D1:13.1", Channel: "D1", Thread: "12.1", TS: "13.1", Text: "how many?", Direct: true, Pane: true}),
		},
		{
			"with a file", `{"type":"message","subtype":"file_share","channel_type":"im","user":"U1","text":"like this?","ts":"14.1","channel":"D1","files":[{"id":"F1"}]}`,
			said(Delivery{ID: "said:T1:D1:14.1", Channel: "D1", Thread: "14.1", TS: "14.1", Text: "like this?", Direct: true}),
		},
		{
			"to the channel, too", `{"type":"message","subtype":"thread_broadcast","channel_type":"channel","user":"U1","text":"x","ts":"15.1","thread_ts":"10.1","channel":"C1","root":{"ts":"10.1"}}`,
			said(Delivery{ID: "said:T1:C1:15.1", Channel: "C1", Thread: "10.1", TS: "15.1", Text: "x"}),
		},
		{
			"with blocks that nobody knows", `{"type":"app_mention","user":"U1","text":"<@UBOT> x","ts":"16.1","channel":"C1","blocks":[{"type":"hologram","elements":7}]}`,
			said(Delivery{ID: "said:T1:C1:16.1", Channel: "C1", Thread: "16.1", TS: "16.1", Text: "x", Mentioned: true}),
		},
		{
			"pane opened", `{"type":"assistant_thread_started","assistant_thread":{"user_id":"U1","channel_id":"D1","thread_ts":"17.1","context":{}}}`,
			&Delivery{ID: "opened:T1:D1:17.1", Kind: Opened, Team: "T1", Channel: "D1", User: "U1", Thread: "17.1", Direct: true, Pane: true, At: epoch},
		},
		{"of the channel, to nobody", `{"type":"message","channel_type":"channel","user":"U1","text":"lunch?","ts":"10.1","channel":"C1"}`, nil},
		{"its own", `{"type":"message","channel_type":"im","user":"UBOT","text":"x","ts":"10.1","channel":"D1"}`, nil},
		{"another bot's", `{"type":"app_mention","user":"U9","bot_id":"B9","text":"<@UBOT> x","ts":"10.1","channel":"C1"}`, nil},
		{"an old bot's", `{"type":"message","subtype":"bot_message","bot_id":"B9","text":"x","ts":"10.1","channel":"D1","channel_type":"im"}`, nil},
		{"Slack's own", `{"type":"message","channel_type":"im","user":"USLACKBOT","text":"x","ts":"10.1","channel":"D1"}`, nil},
		{"an edit", `{"type":"message","subtype":"message_changed","channel_type":"im","channel":"D1","ts":"10.2","message":{"user":"U1","text":"y","ts":"10.1"}}`, nil},
		{"an edit that mentions", `{"type":"app_mention","user":"U1","text":"<@UBOT> x","ts":"10.1","channel":"C1","edited":{"user":"U1","ts":"11.0"}}`, nil},
		{"a deletion", `{"type":"message","subtype":"message_deleted","channel_type":"im","channel":"D1","ts":"10.2","deleted_ts":"10.1"}`, nil},
		{"a join", `{"type":"message","subtype":"channel_join","user":"U1","text":"<@U1> has joined","ts":"10.1","channel":"C1"}`, nil},
		{"a channel made", `{"type":"channel_created","channel":{"id":"C9","name":"new"}}`, nil},
		{"an event of tomorrow", `{"type":"telepathy","user":"U1","text":"x"}`, nil},
	} {
		got, ok, err := w.heard(event(c.event))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		switch {
		case c.want == nil && ok:
			t.Errorf("%s: heard %+v", c.name, got)
		case c.want != nil && (!ok || !reflect.DeepEqual(got, *c.want)):
			t.Errorf("%s: %t\n got %+v\nwant %+v", c.name, ok, got, *c.want)
		}
	}
}

// Whatever team Slack names beside it, an event is of the bot's own.
func TestTeam(t *testing.T) {
	w := offline(t)
	d, ok, err := w.heard([]byte(`{"type":"event_callback","team_id":"T9","event":{"type":"app_mention","user":"U1","text":"x","ts":"1.1","channel":"C1"}}`))
	if err != nil || !ok || d.Team != "T1" {
		t.Errorf("%t, %v: %+v", ok, err, d)
	}
}

// Somebody of another company asks nothing of this one's data, though both
// share the channel.
func TestHeardOfStrangers(t *testing.T) {
	w := offline(t)
	for team, want := range map[string]bool{"T1": true, "T2": false, "": true} {
		payload := fmt.Sprintf(`{"type":"event_callback","team_id":"T1","is_ext_shared_channel":true,
			"event":{"type":"app_mention","user":"U1","user_team":%q,"text":"<@UBOT> x","ts":"1.1","channel":"C1"}}`, team)
		if _, ok, _ := w.heard([]byte(payload)); ok != want {
			t.Errorf("team %q: heard %t", team, ok)
		}
		press := fmt.Sprintf(`{"type":"block_actions","team":{"id":"T1"},"user":{"id":"U1","team_id":%q},"enterprise":null,
			"container":{"channel_id":"C1","message_ts":"1.1"},"actions":[{"action_id":"a","action_ts":"2.1"}]}`, team)
		if got, _ := w.clicked([]byte(press)); len(got) > 0 != want {
			t.Errorf("team %q: pressed %t", team, len(got) > 0)
		}
		grid := strings.Replace(press, "null", `{"id":"E1"}`, 1)
		if got, _ := w.clicked([]byte(grid)); len(got) != 1 {
			t.Errorf("team %q of a company of several: not heard", team)
		}
	}
}

func TestHeardKnowsPanes(t *testing.T) {
	w := offline(t)
	w.takeEvent(event(`{"type":"assistant_thread_started","assistant_thread":{"user_id":"U1","channel_id":"D1","thread_ts":"17.1"}}`))
	w.takeEvent(event(`{"type":"assistant_thread_context_changed","assistant_thread":{"user_id":"U1","channel_id":"D1","thread_ts":"16.1"}}`))
	for thread, want := range map[string]bool{"16.1": true, "17.1": true, "18.1": false} {
		d, _, _ := w.heard(event(fmt.Sprintf(`{"type":"message","channel_type":"im","user":"U1","text":"x","ts":"19.1","thread_ts":%q,"channel":"D1"}`, thread)))
		if d.Pane != want {
			t.Errorf("thread %s: pane %t", thread, d.Pane)
		}
	}
	w.in.close(time.Second)
}

func TestClicked(t *testing.T) {
	w := offline(t)
	payload := `{"type":"block_actions","team":{"id":"T1"},"user":{"id":"U1"},"response_url":"https://hooks/1","channel":{"id":"C1"},
		"container":{"type":"message","message_ts":"20.1","channel_id":"C1","thread_ts":"10.1"},
		"message":{"ts":"20.1","thread_ts":"10.1","blocks":[{"type":"hologram"}]},
		"actions":[{"action_id":"choose:1","value":"how many","action_ts":"21.5","type":"button"}]}`
	want := Delivery{
		ID: "click:T1:C1:20.1:21.5:choose:1", Kind: Click, Team: "T1", Channel: "C1", User: "U1", Thread: "10.1", TS: "20.1",
		Respond: "https://hooks/1", Action: "choose:1", Value: "how many", At: epoch,
	}
	got, err := w.clicked([]byte(payload))
	if err != nil || len(got) != 1 || !reflect.DeepEqual(got[0], want) {
		t.Errorf("%v\n got %+v\nwant %+v", err, got, want)
	}
	// Another press of the same button is another delivery; the same press is not.
	second, _ := w.clicked([]byte(strings.Replace(payload, "21.5", "21.6", 1)))
	if second[0].ID == got[0].ID {
		t.Error("two presses are one")
	}
	for _, other := range []string{`{"type":"view_submission","user":{"id":"U1"}}`, `{"type":"block_actions","user":{"id":"U1"}}`} {
		if got, err := w.clicked([]byte(other)); err != nil || len(got) > 0 {
			t.Errorf("%s: %v, %v", other, got, err)
		}
	}
	if _, err := w.clicked([]byte(`{`)); err == nil {
		t.Error("half an interaction is read")
	}
}

func TestCommanded(t *testing.T) {
	w := offline(t)
	got, ok := w.commanded(slack.SlashCommand{
		TeamID: "T1", ChannelID: "C1", UserID: "U1", Command: "/tesela",
		Text: "orders &gt; 3", ResponseURL: "https://hooks/1", TriggerID: "13.37",
	})
	want := Delivery{
		ID: "command:T1:C1:U1:13.37", Kind: Said, Team: "T1", Channel: "C1", User: "U1", Text: "orders > 3",
		Mentioned: true, Command: true, Respond: "https://hooks/1", At: epoch,
	}
	if !ok || !reflect.DeepEqual(got, want) {
		t.Errorf("%t\n got %+v\nwant %+v", ok, got, want)
	}
	if _, ok := w.commanded(slack.SlashCommand{Text: "x"}); ok {
		t.Error("a command of nobody is one")
	}
}

// What is kept of a delivery gives it back, but for whether it came before.
func TestDeliveryKept(t *testing.T) {
	d := Delivery{
		ID: "i", Kind: Click, Team: "T", Channel: "C", User: "U", Thread: "1", TS: "2", Text: "x", Mentioned: true,
		Named: []string{"U2"}, Direct: true, Pane: true, Command: true, Respond: "r", Action: "a", Value: "v", At: epoch,
	}
	body, err := json.Marshal(entry{Starts: 1, Delivery: &d})
	if err != nil {
		t.Fatal(err)
	}
	var e entry
	if err := json.Unmarshal(body, &e); err != nil || !reflect.DeepEqual(*e.Delivery, d) {
		t.Errorf("%v\n got %+v\nwant %+v", err, *e.Delivery, d)
	}
}

func TestTokens(t *testing.T) {
	for _, c := range []struct{ bot, app, variable, says string }{
		{"xoxb-1", "xapp-1", "", ""},
		{"", "xapp-1", "SLACK_BOT_TOKEN", "missing"},
		{"xapp-1", "xoxb-1", "SLACK_BOT_TOKEN", "belongs into SLACK_APP_TOKEN"},
		{"xoxp-1", "xapp-1", "SLACK_BOT_TOKEN", "person's"},
		{"secret", "xapp-1", "SLACK_BOT_TOKEN", "no bot token"},
		{"xoxb-1", "", "SLACK_APP_TOKEN", "connections:write"},
		{"xoxb-1", "xoxb-2", "SLACK_APP_TOKEN", "belongs into SLACK_BOT_TOKEN"},
		{"xoxb-1", "secret", "SLACK_APP_TOKEN", "no app-level token"},
	} {
		_, err := New(Config{BotToken: c.bot, AppToken: c.app, Handler: nothing})
		if c.variable == "" {
			if err != nil {
				t.Errorf("%v: %v", c, err)
			}
			continue
		}
		if err == nil || !strings.Contains(err.Error(), c.variable) || !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%v: %v", c, err)
		}
	}
}
