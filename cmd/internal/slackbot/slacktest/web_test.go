package slacktest

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"
)

const (
	ana  = "U00000ANA"
	ben  = "U00000BEN"
	room = "C00000001"
)

func world(t *testing.T, o Options) *Slack {
	t.Helper()
	s := New(t, o)
	s.AddUser(User{ID: ana, Name: "Ana Ruiz", Locale: "es-ES", TZ: "Europe/Madrid"})
	s.AddUser(User{ID: ben, Name: "Ben", Locale: "en-US"})
	s.AddGroup("S1", ana)
	s.AddChannel(Channel{ID: room, Name: "ventas"})
	s.AddChannel(Channel{ID: "C00000002", Members: []string{ana}})
	return s
}

func within(t *testing.T) context.Context {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), 10*time.Second)
	t.Cleanup(stop)
	return ctx
}

func is(t *testing.T, err error, code string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), code) {
		t.Errorf("%v, not %s", err, code)
	}
}

func TestTokens(t *testing.T) {
	s := world(t, Options{})
	ctx := within(t)
	who, err := s.Client().AuthTestContext(ctx)
	if err != nil || who.UserID != Bot || who.TeamID != Team || who.BotID != BotID {
		t.Errorf("%+v, %v", who, err)
	}
	at := slack.OptionAPIURL(s.URL())
	for token, code := range map[string]string{"": "not_authed", "xoxb-other": "invalid_auth", s.AppToken(): "not_allowed_token_type"} {
		_, err := slack.New(token, at).AuthTestContext(ctx)
		is(t, err, code)
	}
	_, _, err = slack.New(s.BotToken(), at, slack.OptionAppLevelToken("xapp-other")).StartSocketModeContext(ctx)
	is(t, err, "invalid_auth")
	_, err = s.Client().GetEmojiContext(ctx)
	is(t, err, "unknown_method")
}

func TestScopes(t *testing.T) {
	s := world(t, Options{Scopes: []string{"chat:write"}})
	ctx := within(t)
	if _, _, err := s.Client().PostMessageContext(ctx, room, slack.MsgOptionText("a", false)); err != nil {
		t.Error(err)
	}
	_, err := s.Client().GetUserInfoContext(ctx, ana)
	var refused slack.SlackErrorResponse
	if !errors.As(err, &refused) || refused.Err != "missing_scope" || refused.Needed != "users:read" || refused.Provided != "chat:write" {
		t.Errorf("%+v", err)
	}
}

func TestPosting(t *testing.T) {
	s := world(t, Options{Rates: Rates{Off: true}})
	ctx := within(t)
	c := s.Client()
	meta := slack.SlackMetadata{EventType: "tesela_part", EventPayload: map[string]any{"delivery": "Ev1", "part": "0"}}
	_, root, err := c.PostMessageContext(ctx, room, slack.MsgOptionText("one", false), slack.MsgOptionMetadata(meta))
	if err != nil {
		t.Fatal(err)
	}
	_, reply, err := c.PostMessageContext(ctx, room, slack.MsgOptionText("two", false), slack.MsgOptionTS(root), slack.MsgOptionBlocks(section(3)))
	if err != nil || reply <= root {
		t.Fatal(reply, err)
	}
	for code, options := range map[string][]slack.MsgOption{
		"thread_not_found":        {slack.MsgOptionText("a", false), slack.MsgOptionTS("1.000001")},
		"cannot_reply_to_message": {slack.MsgOptionText("a", false), slack.MsgOptionTS(reply)},
		"no_text":                 {},
		"msg_too_long":            {slack.MsgOptionText(strings.Repeat("a", 40001), false)},
	} {
		_, _, err := c.PostMessageContext(ctx, room, options...)
		is(t, err, code)
	}
	for id, code := range map[string]string{"C00000002": "not_in_channel", "C9": "channel_not_found"} {
		_, _, err := c.PostMessageContext(ctx, id, slack.MsgOptionText("a", false))
		is(t, err, code)
	}
	_, _, err = c.PostMessageContext(ctx, room, slack.MsgOptionBlocks(section(3001)))
	var refused slack.SlackErrorResponse
	if !errors.As(err, &refused) || refused.Err != "invalid_blocks" || len(refused.ResponseMetadata.Messages) != 1 ||
		refused.ResponseMetadata.Messages[0] != "[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]" {
		t.Errorf("%+v", err)
	}

	bare, _, _, err := c.GetConversationRepliesContext(ctx, &slack.GetConversationRepliesParameters{ChannelID: room, Timestamp: root})
	if err != nil || len(bare) != 2 || bare[0].Metadata.EventType != "" || bare[1].Text != "two" || bare[1].ThreadTimestamp != root || len(bare[1].Blocks.BlockSet) != 1 {
		t.Errorf("%+v, %v", bare, err)
	}
	full, _, _, err := c.GetConversationRepliesContext(ctx, &slack.GetConversationRepliesParameters{ChannelID: room, Timestamp: root, IncludeAllMetadata: true})
	if err != nil || full[0].Metadata.EventPayload["delivery"] != "Ev1" {
		t.Errorf("%+v, %v", full, err)
	}
	h, err := c.GetConversationHistoryContext(ctx, &slack.GetConversationHistoryParameters{ChannelID: room, IncludeAllMetadata: true})
	if err != nil || len(h.Messages) != 1 || h.Messages[0].Metadata.EventType != "tesela_part" || h.Messages[0].ReplyCount != 1 {
		t.Errorf("%+v, %v", h, err)
	}
	if got := s.Thread(room, root); len(got) != 2 || got[1].All() != "ñññ" || s.Calls("chat.postMessage") != 9 {
		t.Errorf("%+v after %d calls", got, s.Calls("chat.postMessage"))
	}
}

func TestPages(t *testing.T) {
	s := world(t, Options{})
	ctx := within(t)
	for range 5 {
		s.Say(room, "", ana, "hola")
	}
	var all []slack.Message
	p := &slack.GetConversationHistoryParameters{ChannelID: room, Limit: 2}
	for {
		h, err := s.Client().GetConversationHistoryContext(ctx, p)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, h.Messages...)
		if !h.HasMore {
			break
		}
		p.Cursor = h.ResponseMetaData.NextCursor
	}
	if len(all) != 5 || all[0].Timestamp <= all[4].Timestamp {
		t.Errorf("%d messages", len(all))
	}
	h, err := s.Client().GetConversationHistoryContext(ctx, &slack.GetConversationHistoryParameters{ChannelID: room, Oldest: all[2].Timestamp})
	if err != nil || len(h.Messages) != 2 {
		t.Errorf("%d messages since, %v", len(h.Messages), err)
	}
}

func TestEditing(t *testing.T) {
	s := world(t, Options{})
	ctx := within(t)
	c := s.Client()
	_, ts, err := c.PostMessageContext(ctx, room, slack.MsgOptionText("working", false), slack.MsgOptionBlocks(section(2)),
		slack.MsgOptionMetadata(slack.SlackMetadata{EventType: "x", EventPayload: map[string]any{"a": "b"}}))
	if err != nil {
		t.Fatal(err)
	}
	if _, _, _, err := c.UpdateMessageContext(ctx, room, ts, slack.MsgOptionText("done", false)); err != nil {
		t.Fatal(err)
	}
	m, _ := s.Message(room, ts)
	if m.Text != "done" || len(m.Blocks) != 0 || len(m.Edits) != 1 || m.Edits[0].Text != "working" || len(m.Edits[0].Blocks) != 1 || m.Metadata.EventType != "x" {
		t.Errorf("%+v", m)
	}
	theirs := s.Say(room, "", ana, "mine")
	_, _, _, err = c.UpdateMessageContext(ctx, room, theirs.TS, slack.MsgOptionText("yours", false))
	is(t, err, "cant_update_message")
	_, _, err = c.DeleteMessageContext(ctx, room, theirs.TS)
	is(t, err, "cant_delete_message")
	if _, _, err := c.DeleteMessageContext(ctx, room, ts); err != nil {
		t.Error(err)
	}
	_, _, _, err = c.UpdateMessageContext(ctx, room, ts, slack.MsgOptionText("again", false))
	is(t, err, "message_not_found")
	if m, ok := s.Message(room, ts); !ok || !m.Deleted || len(s.Messages(room)) != 1 {
		t.Errorf("%+v of %d", m, len(s.Messages(room)))
	}
}

func TestWhispering(t *testing.T) {
	s := world(t, Options{})
	ctx := within(t)
	if _, err := s.Client().PostEphemeralContext(ctx, room, ana, slack.MsgOptionText("psst", false)); err != nil {
		t.Fatal(err)
	}
	s.Kick(room, ben)
	_, err := s.Client().PostEphemeralContext(ctx, room, ben, slack.MsgOptionText("psst", false))
	is(t, err, "user_not_in_channel")
	if w := s.Whispers(ana); len(w) != 1 || w[0].Text != "psst" || len(s.Whispers(ben)) != 0 || len(s.Messages(room)) != 0 {
		t.Errorf("%+v", w)
	}
}

func TestPeople(t *testing.T) {
	s := world(t, Options{})
	ctx := within(t)
	u, err := s.Client().GetUserInfoContext(ctx, ana)
	if err != nil || u.RealName != "Ana Ruiz" || u.Locale != "es-ES" || u.TZ != "Europe/Madrid" {
		t.Errorf("%+v, %v", u, err)
	}
	_, err = s.Client().GetUserInfoContext(ctx, "U9")
	is(t, err, "user_not_found")
	members, err := s.Client().GetUserGroupMembersContext(ctx, "S1")
	if err != nil || len(members) != 1 || members[0] != ana {
		t.Errorf("%v, %v", members, err)
	}
	_, err = s.Client().GetUserGroupMembersContext(ctx, "S9")
	is(t, err, "no_such_subteam")
	c, _, _, err := s.Client().OpenConversationContext(ctx, &slack.OpenConversationParameters{Users: []string{ben}})
	if err != nil || c.ID != s.DM(ben) {
		t.Errorf("%+v, %v", c, err)
	}
}

func TestUploading(t *testing.T) {
	s := world(t, Options{})
	ctx := within(t)
	root := s.Say(room, "", ana, "a chart?")
	p := slack.UploadFileParameters{
		Reader: strings.NewReader("PNG!"), FileSize: 4, Filename: "chart.png", Title: "Chart", AltTxt: "bars", Channel: room, ThreadTimestamp: root.TS,
	}
	if _, err := s.Client().UploadFileContext(ctx, p); err != nil {
		t.Fatal(err)
	}
	f := s.Files(room)
	if len(f) != 1 || string(f[0].Body) != "PNG!" || f[0].Title != "Chart" || f[0].Alt != "bars" || f[0].Thread != root.TS {
		t.Errorf("%+v", f)
	}
	if r := s.Replies(room, root.TS); len(r) != 1 || len(r[0].Files) != 1 {
		t.Errorf("%+v", r)
	}
	p.Reader, p.FileSize = strings.NewReader("PNG!"), 5
	if _, err := s.Client().UploadFileContext(ctx, p); err == nil {
		t.Error("a length that is not the file's was taken")
	}
	p.Reader, p.FileSize, p.AltTxt = strings.NewReader("PNG!"), 4, strings.Repeat("a", 1001)
	_, err := s.Client().UploadFileContext(ctx, p)
	is(t, err, "alt_txt_too_large")
	p.Reader, p.AltTxt, p.Channel = strings.NewReader("PNG!"), strings.Repeat("a", 1000), "C00000002"
	_, err = s.Client().UploadFileContext(ctx, p)
	is(t, err, "not_in_channel")
}

func TestPane(t *testing.T) {
	s := world(t, Options{})
	ctx := within(t)
	c := s.Client()
	pane := s.OpenPane(ana)
	status := slack.AssistantThreadsSetStatusParameters{ChannelID: pane.Channel, ThreadTS: pane.Thread, Status: "is looking…"}
	if err := c.SetAssistantThreadsStatusContext(ctx, status); err != nil {
		t.Fatal(err)
	}
	if _, _, err := c.PostMessageContext(ctx, pane.Channel, slack.MsgOptionText("here", false), slack.MsgOptionTS(pane.Thread)); err != nil {
		t.Fatal(err)
	}
	prompts := slack.AssistantThreadsSetSuggestedPromptsParameters{ChannelID: pane.Channel, ThreadTS: pane.Thread, Title: "Try"}
	for range 4 {
		prompts.AddPrompt("How many?", "How many customers are there?")
	}
	if err := c.SetAssistantThreadsSuggestedPromptsContext(ctx, prompts); err != nil {
		t.Error(err)
	}
	prompts.AddPrompt("One", "too many")
	is(t, c.SetAssistantThreadsSuggestedPromptsContext(ctx, prompts), "invalid_arguments")
	if err := c.SetAssistantThreadsTitleContext(ctx, slack.AssistantThreadsSetTitleParameters{ChannelID: pane.Channel, ThreadTS: pane.Thread, Title: "Customers"}); err != nil {
		t.Error(err)
	}
	status.ThreadTS = s.Direct(ana, "no pane").TS
	is(t, c.SetAssistantThreadsStatusContext(ctx, status), "invalid_thread_ts")
	p := s.PaneOf(pane.Channel, pane.Thread)
	if strings.Join(p.Statuses, "|") != "is looking…|" || p.Title != "Customers" || len(p.Prompts) != 4 || p.Heading != "Try" {
		t.Errorf("%+v", p)
	}
}

func TestResponses(t *testing.T) {
	now := time.Now()
	s := world(t, Options{Now: func() time.Time { return now }})
	ctx := within(t)
	c := s.Client()
	cmd := s.Command(room, ana, "how many?")
	for i := range MaxResponses {
		kind := []string{slack.ResponseTypeEphemeral, slack.ResponseTypeInChannel}[i%2]
		if _, _, err := c.PostMessageContext(ctx, "", slack.MsgOptionResponseURL(cmd.Respond, kind), slack.MsgOptionText("12", false)); err != nil {
			t.Fatal(err)
		}
	}
	if _, _, err := c.PostMessageContext(ctx, "", slack.MsgOptionResponseURL(cmd.Respond, ""), slack.MsgOptionText("12", false)); err == nil {
		t.Error("a sixth response was taken")
	}
	if len(s.Whispers(ana)) != 3 || len(s.Messages(room)) != 2 {
		t.Errorf("%d whispers, %d messages", len(s.Whispers(ana)), len(s.Messages(room)))
	}
	late := s.Command(room, ana, "and now?")
	now = now.Add(31 * time.Minute)
	if _, _, err := c.PostMessageContext(ctx, "", slack.MsgOptionResponseURL(late.Respond, ""), slack.MsgOptionText("12", false)); err == nil {
		t.Error("a response after half an hour was taken")
	}
}

func TestTriggers(t *testing.T) {
	now := time.Now()
	s := world(t, Options{Now: func() time.Time { return now }})
	ctx := within(t)
	view := slack.ModalViewRequest{Type: slack.VTModal, Title: plain(24), Blocks: slack.Blocks{BlockSet: []slack.Block{section(3)}}}
	open := func(trigger string) error {
		_, err := s.Client().OpenViewContext(ctx, trigger, view)
		return err
	}
	first := s.Command(room, ana, "").Trigger
	if err := open(first); err != nil {
		t.Fatal(err)
	}
	is(t, open(first), "exchanged_trigger_id")
	is(t, open("never"), "invalid_trigger_id")
	second := s.Command(room, ana, "").Trigger
	now = now.Add(3*time.Second + time.Millisecond)
	is(t, open(second), "expired_trigger_id")
	if v := s.Views(); len(v) != 1 || len(v[0].Blocks) != 1 {
		t.Errorf("%+v", v)
	}
}
