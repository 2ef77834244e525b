package langchain

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"tesela/agent/model"
)

// history is a turn that was answered, one that called twice with words beside,
// and the question at hand with one round behind it.
func history() []model.Message {
	return []model.Message{
		user("how many?"),
		{Role: model.Assistant, Calls: []model.Call{call("turn-1-1", "count_segment", `{"formula":"everyone"}`)}},
		{Role: model.ToolRole, CallID: "turn-1-1", Result: json.RawMessage(`{"size":5}`)},
		user("and <now>?"),
		{Role: model.Assistant, Text: "Let me see.", Calls: []model.Call{call("b", "count_segment", `{"formula":"x"}`), call("a", "describe_data", `{}`)}},
		{Role: model.ToolRole, CallID: "a", Result: json.RawMessage(`"of a"`)},
		{Role: model.ToolRole, CallID: "b", Result: json.RawMessage(`"of b"`)},
	}
}

// line is a message in one line, whatever the vendor: who, then its parts.
func line(vendor string, message map[string]any) string {
	who := fmt.Sprint(message["role"])
	var parts []string
	add := func(format string, args ...any) { parts = append(parts, fmt.Sprintf(format, args...)) }
	shown := func(v any) string { b, _ := json.Marshal(v); return string(b) }
	switch vendor {
	case "googleai":
		list, _ := message["parts"].([]any)
		for _, p := range list {
			part := p.(map[string]any)
			if c, ok := part["functionCall"].(map[string]any); ok {
				add("call %s %s", c["name"], shown(c["args"]))
			} else if r, ok := part["functionResponse"].(map[string]any); ok {
				add("result %s %s", r["name"], shown(r["response"]))
			} else {
				add("%s", part["text"])
			}
		}
	case "mistral":
		if s := fmt.Sprint(message["content"]); s != "" {
			add("%s", s)
		}
		if id := message["tool_call_id"]; id != nil {
			add("of %s", id)
		}
		list, _ := message["tool_calls"].([]any)
		for _, c := range list {
			one := c.(map[string]any)
			f := one["function"].(map[string]any)
			add("call %s %s %s", one["id"], f["name"], f["arguments"])
		}
	default:
		for _, p := range message["content"].([]any) {
			switch part := p.(map[string]any); part["type"] {
			case "tool_use":
				add("call %s %s %s", part["id"], part["name"], shown(part["input"]))
			case "tool_result":
				add("of %s %s", part["tool_use_id"], part["content"])
			default:
				add("%s", part["text"])
			}
		}
	}
	return who + ": " + strings.Join(parts, " | ")
}

// lines are all of a request's messages but what the model is told first.
func lines(t *testing.T, vendor string, body map[string]any) []string {
	t.Helper()
	field := "messages"
	if vendor == "googleai" {
		field = "contents"
	}
	list, _ := body[field].([]any)
	var out []string
	for _, m := range list {
		message := m.(map[string]any)
		if message["role"] != "system" {
			out = append(out, line(vendor, message))
		}
	}
	return out
}

func same(t *testing.T, got []string, want ...string) {
	t.Helper()
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("%s\nnot\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// What each vendor gets to see of a history with calls.
func TestHistorySent(t *testing.T) {
	each(t, func(t *testing.T, vendor string) {
		s := serve(t, document(200, replies(vendor, "Five.")))
		if g := ask(t, made4(t, config(vendor, s.URL)), question(history()...)); g.err != nil {
			t.Fatal(g.err)
		}
		got := lines(t, vendor, s.last(t).Body)
		switch vendor {
		case "googleai":
			same(
				t, got, "user: how many?", `model: call count_segment {"formula":"everyone"}`, `user: result count_segment {"response":"{\"data\":{\"size\":5}}"}`,
				"model: (answered)", "user: and <now>?", `model: Let me see. | call count_segment {"formula":"x"} | call describe_data {}`,
				`user: result count_segment {"response":"{\"data\":\"of b\"}"} | result describe_data {"response":"{\"data\":\"of a\"}"}`,
			)
		case "mistral":
			ids := regexp.MustCompile(`\b[A-Za-z0-9]{9}\b`)
			var calls []string
			for i, l := range got {
				if strings.Contains(l, "call ") {
					calls = append(calls, regexp.MustCompile(`call (\w+)`).FindAllString(l, -1)...)
				}
				got[i] = regexp.MustCompile(`(call|of) ([A-Za-z0-9]{9})\b`).ReplaceAllString(l, "$1 ID")
			}
			if len(calls) != 3 || !ids.MatchString(calls[0]) {
				t.Errorf("calls %q", calls)
			}
			same(
				t, got, "user: how many?", `assistant: call ID count_segment {"formula":"everyone"}`, `tool: {"data":{"size":5}} | of ID`,
				"assistant: (answered)", "user: and <now>?", `assistant: Let me see. | call ID count_segment {"formula":"x"} | call ID describe_data {}`,
				`tool: {"data":"of b"} | of ID`, `tool: {"data":"of a"} | of ID`,
			)
		default:
			same(
				t, got, "user: how many?", `assistant: call turn-1-1 count_segment {"formula":"everyone"}`, `user: of turn-1-1 {"data":{"size":5}}`,
				"assistant: (answered)", "user: and <now>?", `assistant: Let me see. | call b count_segment {"formula":"x"} | call a describe_data {}`,
				`user: of b {"data":"of b"} | of a {"data":"of a"}`,
			)
		}
	})
}

// With tools withdrawn calls are text, and no tools are listed.
func TestToolsWithdrawn(t *testing.T) {
	each(t, func(t *testing.T, vendor string) {
		s := serve(t, document(200, replies(vendor, "Five.")))
		r := question(history()...)
		r.Tools = nil
		if g := ask(t, made4(t, config(vendor, s.URL)), r); g.err != nil {
			t.Fatal(g.err)
		}
		a := s.last(t)
		for _, bad := range []string{"tool_use", "tool_result", "tool_calls", "functionCall", "functionResponse", `"tools"`, `"tool"`} {
			if strings.Contains(a.Raw, bad) {
				t.Errorf("%s is in %s", bad, a.Raw)
			}
		}
		for _, needed := range []string{"I called count_segment with", "count_segment returned", "results, not words of the user", "Let me see."} {
			if !strings.Contains(a.Raw, needed) {
				t.Errorf("%q is not in %s", needed, a.Raw)
			}
		}
	})
}

// The settings, where the key goes, and that it goes nowhere else.
func TestSettings(t *testing.T) {
	for name, value := range map[string]string{
		"OPENAI_API_KEY": "sk-of-openai", "OPENAI_ORGANIZATION": "org-of-openai", "OPENAI_BASE_URL": "http://192.0.2.1/", "OPENAI_MODEL": "elsewhere",
		"ANTHROPIC_API_KEY": "sk-elsewhere", "GOOGLE_API_KEY": "AIza-elsewhere", "GOOGLE_APPLICATION_CREDENTIALS": "/nowhere.json",
		"AWS_ACCESS_KEY_ID": "AKIAELSEWHERE", "AWS_ENDPOINT_URL": "http://192.0.2.1/", "AWS_PROFILE": "elsewhere", "AWS_REGION": "us-elsewhere-1",
		"GOOGLE_CLOUD_UNIVERSE_DOMAIN": "elsewhere.example",
	} {
		t.Setenv(name, value)
	}
	each(t, func(t *testing.T, vendor string) {
		s := serve(t, document(200, replies(vendor, "Five.")))
		if g := ask(t, made4(t, config(vendor, s.URL)), question(user("how many?"))); g.err != nil {
			t.Fatal(g.err)
		}
		a := s.last(t)
		holds := func(path ...string) any {
			var at any = a.Body
			for _, name := range path {
				object, _ := at.(map[string]any)
				at = object[name]
			}
			return at
		}
		want := map[string]any{}
		paths := map[string]string{"anthropic": "/v1/messages", "mistral": "/v1/chat/completions", "googleai": "/v1beta/models/gemini-2.0-flash:generateContent", "bedrock": "/model/" + names["bedrock"] + "/invoke"}
		keyIn := map[string]string{"anthropic": "X-Api-Key", "googleai": "X-Goog-Api-Key"}[vendor]
		switch vendor {
		case "googleai":
			settings, _ := holds("generationConfig").(map[string]any)
			if settings["temperature"] != 0.0 || settings["maxOutputTokens"] != 4096.0 || settings["topK"] != nil || settings["topP"] != nil {
				t.Errorf("settings %v", settings)
			}
			if told := fmt.Sprint(holds("systemInstruction")); !strings.Contains(told, "You read questions") {
				t.Errorf("told %s", told)
			}
		case "mistral":
			want = map[string]any{"model": names[vendor], "temperature": 0.0, "max_tokens": 4096.0, "random_seed": 1.0, "seed": nil, "max_completion_tokens": nil, "stream": nil, "stream_options": nil, "n": nil}
			if a.Header.Get("Authorization") != "Bearer "+secret {
				t.Errorf("the key is in %q", a.Header.Get("Authorization"))
			}
		case "anthropic":
			want = map[string]any{"model": names[vendor], "temperature": 0.0, "max_tokens": 4096.0, "top_p": nil, "stream": nil}
		case "bedrock":
			want = map[string]any{"anthropic_version": "bedrock-2023-05-31", "temperature": 0.0, "max_tokens": 4096.0, "top_p": nil}
			if by := a.Header.Get("Authorization"); !strings.Contains(by, "AKIATESTTESTTEST/") || !strings.Contains(by, "/eu-west-1/bedrock/") || a.Header.Get("X-Amz-Security-Token") != "" {
				t.Errorf("signed by %q", by)
			}
		}
		for name, value := range want {
			if got := holds(name); got != value {
				t.Errorf("%s is %v, not %v", name, got, value)
			}
		}
		if a.Path != paths[vendor] || a.Query != "" {
			t.Errorf("asked at %s?%s", a.Path, a.Query)
		}
		if keyIn != "" && a.Header.Get(keyIn) != secret {
			t.Errorf("%s is %q", keyIn, a.Header.Get(keyIn))
		}
		var all strings.Builder
		_ = a.Header.Write(&all)
		all.WriteString(a.Raw)
		if strings.Contains(strings.ToLower(all.String()), "elsewhere") || strings.Contains(all.String(), "of-openai") {
			t.Errorf("something of the environment is in %s", all.String())
		}
		if n := strings.Count(all.String(), secret); vendor == "bedrock" && n != 0 || vendor != "bedrock" && n != 1 {
			t.Errorf("the key is there %d times", n)
		}
	})
}

// Schemas reach the model with what they say.
func TestSchemasSent(t *testing.T) {
	each(t, func(t *testing.T, vendor string) {
		s := serve(t, document(200, replies(vendor, "Five.")))
		if g := ask(t, made4(t, config(vendor, s.URL)), question(user("q"))); g.err != nil {
			t.Fatal(g.err)
		}
		a := s.last(t)
		var tool map[string]any
		list, _ := a.Body["tools"].([]any)
		if vendor == "googleai" {
			list, _ = list[0].(map[string]any)["functionDeclarations"].([]any)
		}
		if len(list) != 4 { // two, and those to ask back and to decline
			t.Fatalf("%d tools in %s", len(list), a.Raw)
		}
		tool, _ = list[0].(map[string]any)
		field := "input_schema"
		switch vendor {
		case "googleai":
			field = "parameters"
		case "mistral":
			tool, _ = tool["function"].(map[string]any)
			field = "parameters"
		}
		schema, _ := tool[field].(map[string]any)
		properties, _ := schema["properties"].(map[string]any)
		if tool["name"] != "count_segment" || tool["description"] != "Counts." || len(properties) != 3 || fmt.Sprint(schema["required"]) != "[formula]" {
			t.Errorf("%v", tool)
		}
		// Google refuses an object without properties, others want one.
		if none, _ := list[1].(map[string]any); vendor == "googleai" && none[field] != nil || vendor == "anthropic" && none[field] == nil {
			t.Errorf("a tool without parameters has %v", none)
		}
		if by := fmt.Sprint(properties["by"]); !strings.Contains(by, "day") || !strings.Contains(by, "week") {
			t.Errorf("the values are not told: %s", by)
		}
	})
}

// What an endpoint will not take is given up once, and at once.
func TestGivenUp(t *testing.T) {
	for vendor, said := range map[string]string{
		"anthropic": `{"type":"error","error":{"type":"invalid_request_error","message":"temperature is deprecated for this model."}}`,
		"bedrock":   `{"message":"Malformed input request: temperature: is deprecated for this model."}`,
		"googleai":  `{"error":{"code":400,"message":"temperature is not supported","status":"INVALID_ARGUMENT"}}`,
		"mistral":   `{"object":"error","message":"temperature must be one","type":"x","code":"1"}`,
	} {
		t.Run(vendor, func(t *testing.T) {
			s := serve(t, document(400, said), document(200, replies(vendor, "Five.")))
			m := made4(t, config(vendor, s.URL))
			for range 2 {
				if g := ask(t, m, question(user("q"))); g.err != nil || g.text != "Five." {
					t.Fatalf("%+v", g)
				}
			}
			for i, a := range s.all() {
				if strings.Contains(a.Raw, `"temperature"`) != (i == 0) {
					t.Errorf("request %d: %s", i, a.Raw)
				}
			}
			if n := len(s.all()); n != 3 {
				t.Errorf("%d requests", n)
			}
			again := serve(t, document(400, said))
			m = made4(t, config(vendor, again.URL))
			if f := faultOf(t, ask(t, m, question(user("q"))).err); f.Cause != model.Broken || len(again.all()) != 2 {
				t.Errorf("%s after %d", f, len(again.all()))
			}
		})
	}
}

// Addresses with and without a version come to the same; passwords in them are
// not told.
func TestAddresses(t *testing.T) {
	for vendor, ends := range map[string][]string{
		"anthropic": {"", "/", "/v1", "/v1/", "/gateway/v1", "/v1/messages"}, "mistral": {"", "/v1", "/gateway", "/v1/chat/completions"}, "googleai": {"", "/", "/v1beta", "/gateway/"}, "bedrock": {"", "/"},
	} {
		for _, end := range ends {
			t.Run(vendor+end, func(t *testing.T) {
				s := serve(t, document(http.StatusNotFound, ``))
				c := config(vendor, strings.Replace(s.URL, "://", "://someone:pa55word@", 1)+end)
				m := made4(t, c)
				f := faultOf(t, ask(t, m, question(user("q"))).err)
				if shown := f.Error() + m.String() + m.Host(); strings.Contains(shown, "pa55word") || strings.Contains(shown, "someone") {
					t.Error(shown)
				}
				path := s.last(t).Path
				if strings.Contains(path, "//") || strings.Count(path, "/messages") > 1 || strings.Count(path, "/completions") > 1 || strings.Count(path, "/v1") > 1 || strings.HasPrefix(end, "/gateway") != strings.HasPrefix(path, "/gateway") {
					t.Error(path)
				}
			})
		}
	}
}
