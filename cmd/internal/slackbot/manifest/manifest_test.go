package manifest

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/slack-go/slack"
)

// methods are the library's calls with the scopes of which Slack wants one
// (docs.slack.dev/reference/methods); none wants nothing, or the app's token.
var methods = map[string][]string{
	"AuthTestContext":                            nil,
	"PostMessageContext":                         {"chat:write"},
	"UpdateMessageContext":                       {"chat:write"},
	"DeleteMessageContext":                       {"chat:write"},
	"PostEphemeralContext":                       {"chat:write"},
	"GetConversationRepliesContext":              {"channels:history", "groups:history", "im:history", "mpim:history"},
	"GetConversationHistoryContext":              {"channels:history", "groups:history", "im:history", "mpim:history"},
	"OpenConversationContext":                    {"im:write"},
	"GetUserInfoContext":                         {"users:read"},
	"GetUserGroupMembersContext":                 {"usergroups:read"},
	"GetUploadURLExternalContext":                {"files:write"},
	"UploadToURL":                                nil,
	"CompleteUploadExternalContext":              {"files:write"},
	"SetAssistantThreadsStatusContext":           {"chat:write"},
	"SetAssistantThreadsSuggestedPromptsContext": {"assistant:write"},
	"SetAssistantThreadsTitleContext":            {"assistant:write"},
}

// events are what the Events API wants for each, "" for nothing
// (docs.slack.dev/reference/events).
var events = map[string]string{
	"app_mention":                      "app_mentions:read",
	"assistant_thread_started":         "",
	"assistant_thread_context_changed": "",
	"message.channels":                 "channels:history",
	"message.groups":                   "groups:history",
	"message.im":                       "im:history",
	"message.mpim":                     "mpim:history",
}

// called are the library's calls in the code, found in what follows ".api.".
func called(t *testing.T) map[string]bool {
	t.Helper()
	found := map[string]bool{}
	files, err := filepath.Glob("../wire/*.go")
	if err != nil || len(files) == 0 {
		t.Fatal("no code to look at", err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		tree, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(tree, func(n ast.Node) bool {
			call, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if of, ok := call.X.(*ast.SelectorExpr); ok && of.Sel.Name == "api" {
				found[call.Sel.Name] = true
			}
			return true
		})
	}
	return found
}

// Each scope is there for something, and nothing lacks one.
func TestScopes(t *testing.T) {
	needed := map[string]bool{"commands": true} // of the slash command
	calls := called(t)
	for name := range calls {
		scopes, known := methods[name]
		if !known {
			t.Errorf("%s is called; this test must know its scopes", name)
		}
		for _, s := range scopes {
			needed[s] = true
		}
	}
	for name := range methods {
		if !calls[name] {
			t.Errorf("%s is not called any more", name)
		}
	}
	for _, e := range Events() {
		scope, known := events[e]
		if !known {
			t.Errorf("event %s: this test must know its scope", e)
		}
		if scope != "" {
			needed[scope] = true
		}
	}
	if got, want := Scopes(), slices.Sorted(maps.Keys(needed)); !slices.Equal(got, want) {
		t.Errorf("scopes\n got %q\nwant %q", got, want)
	}
}

// Each event that is asked for is heard, and each that is heard asked for.
func TestEvents(t *testing.T) {
	code, err := os.ReadFile("../wire/event.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range Events() {
		kind, _, _ := strings.Cut(e, ".")
		if !strings.Contains(string(code), `"`+kind+`"`) {
			t.Errorf("nothing hears %s", e)
		}
	}
	for e := range events {
		if !slices.Contains(Events(), e) {
			t.Errorf("%s is not asked for", e)
		}
	}
}

func read(t *testing.T, o Options) (slack.Manifest, map[string]any) {
	t.Helper()
	body, err := JSON(o)
	if err != nil {
		t.Fatal(err)
	}
	var m slack.Manifest
	var raw map[string]any
	if err := json.Unmarshal(body, &m); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(body, &raw); err != nil {
		t.Fatal(err)
	}
	return m, raw
}

func TestSocketMode(t *testing.T) {
	m, raw := read(t, Options{})
	if !m.Settings.SocketModeEnabled || m.Settings.EventSubscriptions.RequestUrl != "" || m.Settings.Interactivity.RequestUrl != "" || !m.Settings.Interactivity.IsEnabled {
		t.Errorf("settings %+v", m.Settings)
	}
	if c := m.Features.SlashCommands; len(c) != 1 || c[0].Command != "/tesela" || c[0].Url != "" || !c[0].ShouldEscape {
		t.Errorf("commands %+v", c)
	}
	if m.Features.AssistantView == nil || !m.Features.AppHome.MessagesTabEnabled {
		t.Errorf("features %+v", m.Features)
	}
	home := raw["features"].(map[string]any)["app_home"].(map[string]any)
	if off, told := home["messages_tab_read_only_enabled"].(bool); !told || off {
		t.Errorf("people cannot write to the bot: %v", home)
	}
	// Slack's bounds of what is shown.
	d := m.Display
	if n := utf8.RuneCountInString(d.Description); n > 140 {
		t.Errorf("a description of %d characters", n)
	}
	if n := utf8.RuneCountInString(d.LongDescription); n < 175 || n > 4000 {
		t.Errorf("a long description of %d characters", n)
	}
}

func TestHTTP(t *testing.T) {
	for _, address := range []string{"https://tesela.example.com", "https://tesela.example.com/", "https://tesela.example.com//"} {
		m, _ := read(t, Options{Name: "Acme data", URL: address})
		got := []string{m.Settings.EventSubscriptions.RequestUrl, m.Settings.Interactivity.RequestUrl, m.Features.SlashCommands[0].Url}
		want := []string{"https://tesela.example.com/slack/events", "https://tesela.example.com/slack/interactivity", "https://tesela.example.com/slack/commands"}
		if !reflect.DeepEqual(got, want) || m.Settings.SocketModeEnabled {
			t.Errorf("%s: %q, socket %t", address, got, m.Settings.SocketModeEnabled)
		}
		if m.Display.Name != "Acme data" || m.Features.BotUser.DisplayName != "Acme data" {
			t.Errorf("names %q, %q", m.Display.Name, m.Features.BotUser.DisplayName)
		}
	}
}

func TestRefused(t *testing.T) {
	for _, o := range []Options{
		{URL: "http://tesela.example.com"},
		{URL: "tesela.example.com"},
		{URL: "https://"},
		{URL: "https://tesela.example.com/?a=b"},
		{URL: "https://me:pw@tesela.example.com"},
		{Name: strings.Repeat("é", 36)},
	} {
		if body, err := JSON(o); err == nil {
			t.Errorf("%+v gives %s", o, body)
		}
	}
	if _, err := JSON(Options{Name: strings.Repeat("é", 35)}); err != nil {
		t.Error(err)
	}
}
