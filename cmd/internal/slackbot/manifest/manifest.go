// Package manifest says what the Slack app is: its name, what it listens to
// and what it may do, as the page for making apps takes it. It makes no app.
package manifest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"tesela/cmd/internal/slackbot/wire"
)

// Command is the slash command.
const Command = "/tesela"

// Name is the app's where none is given; Slack takes 35 characters.
const (
	Name     = "Tesela"
	mostName = 35
)

// Options are what differs between installations.
type Options struct {
	Name string // of the app and its bot; "" is Name
	// URL is where Slack reaches the program over HTTP, such as
	// https://tesela.example.com; "" is Socket Mode, for which nothing needs to
	// be reachable.
	URL string
}

// Scopes are what the bot may do, each for a call it makes or an event it hears.
func Scopes() []string {
	return []string{
		"app_mentions:read", "assistant:write", "channels:history", "chat:write", "commands", "files:write",
		"groups:history", "im:history", "im:write", "mpim:history", "usergroups:read", "users:read",
	}
}

// Events are what the bot hears of.
func Events() []string {
	return []string{
		"app_mention", "assistant_thread_context_changed", "assistant_thread_started",
		"message.channels", "message.groups", "message.im", "message.mpim",
	}
}

// document is the library's, but for a switch that must be told off: without it
// nobody could write to the bot.
type document struct {
	slack.Manifest
	Features features `json:"features"`
}

type features struct {
	slack.Features
	AppHome appHome `json:"app_home"`
}

type appHome struct {
	HomeTab          bool `json:"home_tab_enabled"`
	MessagesTab      bool `json:"messages_tab_enabled"`
	MessagesReadOnly bool `json:"messages_tab_read_only_enabled"`
}

// JSON is the manifest as indented JSON with a line break at its end.
func JSON(o Options) ([]byte, error) {
	if o.Name = strings.TrimSpace(o.Name); o.Name == "" {
		o.Name = Name
	}
	if n := utf8.RuneCountInString(o.Name); n > mostName {
		return nil, fmt.Errorf("the name %q has %d characters, and Slack takes %d", o.Name, n, mostName)
	}
	base, err := baseOf(o.URL)
	if err != nil {
		return nil, err
	}
	// at is where Slack calls a path; nowhere over a socket.
	at := func(path string) string {
		if base == "" {
			return ""
		}
		return base + path
	}
	d := document{
		Manifest: slack.Manifest{
			Metadata: slack.ManifestMetadata{MajorVersion: 1, MinorVersion: 1},
			Display: slack.Display{
				Name:        o.Name,
				Description: "Answers questions about your customers, in plain words",
				LongDescription: "Ask about your customers in plain English, Spanish or Portuguese: how many, how much, who left and who came back, " +
					"which groups there are and what works on them. Every figure comes from a computation that anyone can repeat, " +
					"and is shown with what was understood. What would change something waits for a person's yes.",
				BackgroundColor: "#1F3A5F",
			},
			Settings: slack.Settings{
				EventSubscriptions: &slack.EventSubscriptions{RequestUrl: at(wire.EventsPath), BotEvents: Events()},
				Interactivity:      &slack.Interactivity{IsEnabled: true, RequestUrl: at(wire.InteractivityPath)},
				SocketModeEnabled:  base == "",
			},
			OAuthConfig: slack.OAuthConfig{Scopes: slack.OAuthScopes{Bot: Scopes()}},
		},
		Features: features{
			Features: slack.Features{
				BotUser:       slack.BotUser{DisplayName: o.Name, AlwaysOnline: true},
				AssistantView: &slack.AssistantView{AssistantDescription: "Answers questions about your customers, in plain words"},
				SlashCommands: []slack.ManifestSlashCommand{{
					Command: Command, Description: "Ask about your customers", UsageHint: "how many customers bought this month?",
					ShouldEscape: true, Url: at(wire.CommandsPath),
				}},
			},
			AppHome: appHome{MessagesTab: true},
		},
	}
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(d); err != nil {
		return nil, fmt.Errorf("write the manifest: %w", err)
	}
	return out.Bytes(), nil
}

// baseOf checks an address that Slack is to call.
func baseOf(address string) (string, error) {
	if address == "" {
		return "", nil
	}
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return "", fmt.Errorf("%q is no address that Slack can call: it begins with https:// and names a host, such as https://tesela.example.com", address)
	}
	return strings.TrimRight(u.String(), "/"), nil
}
