package wire

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/slack-go/slack"
)

// envelope is what the Events API sends, as far as it is used here. It is read
// by itself rather than into the library's types, so that a block or an event
// that those do not know takes no question with it.
type envelope struct {
	Type      string `json:"type"`
	Challenge string `json:"challenge"`
	Team      string `json:"team_id"`
	Shared    bool   `json:"is_ext_shared_channel"`
	Event     struct {
		Type        string          `json:"type"`
		Subtype     string          `json:"subtype"`
		User        string          `json:"user"`
		Text        string          `json:"text"`
		TS          string          `json:"ts"`
		Thread      string          `json:"thread_ts"`
		Channel     json.RawMessage `json:"channel"` // a name, or in events of channels an object
		ChannelType string          `json:"channel_type"`
		Bot         string          `json:"bot_id"`
		UserTeam    string          `json:"user_team"`
		Hidden      bool            `json:"hidden"`
		Edited      json.RawMessage `json:"edited"`
		Assistant   *struct {
			User    string `json:"user_id"`
			Channel string `json:"channel_id"`
			Thread  string `json:"thread_ts"`
		} `json:"assistant_thread"`
	} `json:"event"`
}

// slackbot is the user that Slack itself speaks as.
const slackbot = "USLACKBOT"

// heard reads an event as a delivery; false where it is none for the bot.
func (w *Wire) heard(payload []byte) (Delivery, bool, error) {
	var e envelope
	if err := json.Unmarshal(payload, &e); err != nil {
		return Delivery{}, false, fmt.Errorf("read an event: %w", err)
	}
	e.Team = w.team(e.Team)
	if e.Type != "event_callback" {
		return Delivery{}, false, nil
	}
	switch e.Event.Type {
	case "app_mention", "message":
		d, ok := w.said(e)
		return d, ok, nil
	case "assistant_thread_started", "assistant_thread_context_changed":
		a := e.Event.Assistant
		if a == nil || a.Channel == "" || a.Thread == "" {
			return Delivery{}, false, nil
		}
		w.out.panes.put(a.Channel+" "+a.Thread, struct{}{})
		if e.Event.Type != "assistant_thread_started" {
			return Delivery{}, false, nil // somebody looks elsewhere beside the pane, which is one after a restart, too
		}
		return Delivery{
			ID: id("opened", e.Team, a.Channel, a.Thread), Kind: Opened, Team: e.Team, Channel: a.Channel,
			User: a.User, Thread: a.Thread, Direct: true, Pane: true, At: w.clock(),
		}, true, nil
	}
	return Delivery{}, false, nil
}

// team is the bot's own workspace, which each delivery belongs to. What Slack
// names beside it may be another's in channels that several share.
func (w *Wire) team(told string) string { return orElse(w.self.Team, told) }

// said reads a person's message. A mention comes as an event of its own beside
// the channel's; both give the same delivery.
func (w *Wire) said(e envelope) (Delivery, bool) {
	m := e.Event
	var channel string
	if json.Unmarshal(m.Channel, &channel) != nil {
		return Delivery{}, false
	}
	switch m.Subtype {
	case "", "file_share", "thread_broadcast":
	default: // edits, deletions, joins, bots of the old kind
		return Delivery{}, false
	}
	edited := len(m.Edited) > 0 && string(m.Edited) != "null"
	if m.User == "" || m.User == w.self.User || m.User == slackbot || m.Bot != "" || m.Hidden || edited || channel == "" || m.TS == "" {
		return Delivery{}, false
	}
	if e.Shared && m.UserTeam != "" && e.Team != "" && m.UserTeam != e.Team {
		w.log.Info("not answered: asked by somebody of another company in a shared channel", "channel", channel)
		return Delivery{}, false
	}
	text, mentioned, named := plain(m.Text, w.self.User)
	direct := m.ChannelType == "im" || m.ChannelType == "" && strings.HasPrefix(channel, "D")
	mentioned = mentioned || m.Type == "app_mention"
	if !direct && !mentioned && m.Thread == "" {
		return Delivery{}, false // people speak among themselves
	}
	d := Delivery{
		ID: id("said", e.Team, channel, m.TS), Kind: Said, Team: e.Team, Channel: channel, User: m.User,
		Thread: orElse(m.Thread, m.TS), TS: m.TS, Text: text, Mentioned: mentioned, Named: named, Direct: direct, At: w.clock(),
	}
	if d.Pane = direct && m.Thread != "" && (m.Assistant != nil || w.out.panes.has(channel+" "+m.Thread)); d.Pane {
		w.out.panes.put(channel+" "+m.Thread, struct{}{}) // for as long as it is talked in
	}
	return d, true
}

// commanded reads a slash command.
func (w *Wire) commanded(c slack.SlashCommand) (Delivery, bool) {
	if c.UserID == "" || c.ChannelID == "" {
		return Delivery{}, false
	}
	text, _, named := plain(c.Text, w.self.User)
	team := w.team(c.TeamID)
	return Delivery{
		ID: id("command", team, c.ChannelID, c.UserID, orElse(c.TriggerID, c.ResponseURL)), Kind: Said,
		Team: team, Channel: c.ChannelID, User: c.UserID, Text: text, Mentioned: true, Named: named,
		Command: true, Respond: c.ResponseURL, At: w.clock(),
	}, true
}

// click is an interaction, as far as it is used here.
type click struct {
	Type    string `json:"type"`
	Respond string `json:"response_url"`
	Team    struct {
		ID string `json:"id"`
	} `json:"team"`
	User struct {
		ID   string `json:"id"`
		Team string `json:"team_id"`
	} `json:"user"`
	// Enterprise is set where several workspaces of one company share an app.
	Enterprise *struct {
		ID string `json:"id"`
	} `json:"enterprise"`
	Channel struct {
		ID string `json:"id"`
	} `json:"channel"`
	Container struct {
		Channel   string `json:"channel_id"`
		Message   string `json:"message_ts"`
		Thread    string `json:"thread_ts"`
		Ephemeral bool   `json:"is_ephemeral"`
	} `json:"container"`
	Message struct {
		TS     string `json:"ts"`
		Thread string `json:"thread_ts"`
	} `json:"message"`
	Actions []struct {
		ID       string `json:"action_id"`
		Value    string `json:"value"`
		TS       string `json:"action_ts"`
		Selected struct {
			Value string `json:"value"`
		} `json:"selected_option"`
	} `json:"actions"`
}

// clicked reads the buttons pressed.
func (w *Wire) clicked(payload []byte) ([]Delivery, error) {
	var c click
	if err := json.Unmarshal(payload, &c); err != nil {
		return nil, fmt.Errorf("read an interaction: %w", err)
	}
	channel, ts := orElse(c.Container.Channel, c.Channel.ID), orElse(c.Container.Message, c.Message.TS)
	if c.Type != string(slack.InteractionTypeBlockActions) || channel == "" || c.User.ID == "" {
		return nil, nil
	}
	team := w.team(c.Team.ID)
	if c.Enterprise == nil && c.User.Team != "" && team != "" && c.User.Team != team {
		w.log.Info("not answered: pressed by somebody of another company in a shared channel", "channel", channel)
		return nil, nil
	}
	var out []Delivery
	for _, a := range c.Actions {
		out = append(out, Delivery{
			ID: id("click", team, channel, ts, a.TS, a.ID), Kind: Click, Team: team, Channel: channel, User: c.User.ID,
			Thread: orElse(orElse(c.Message.Thread, c.Container.Thread), ts), TS: ts,
			Direct:  strings.HasPrefix(channel, "D") && !c.Container.Ephemeral,
			Respond: c.Respond, Action: a.ID, Value: orElse(a.Value, a.Selected.Value), At: w.clock(),
		})
	}
	return out, nil
}

func id(parts ...string) string { return strings.Join(parts, ":") }
