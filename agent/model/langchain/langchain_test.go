package langchain

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"tesela/agent/model"
)

// A reply of text and calls comes back whole, arguments as they were written.
func TestReply(t *testing.T) {
	each(t, func(t *testing.T, vendor string) {
		s := serve(t, document(200, replies(vendor, "Let me see — não é difícil.",
			call("a1", "count_segment", `{"formula":"x <= \"São\" & y","n":12345678901234567890,"by":null}`), call("a2", "describe_data", `{}`))))
		g := ask(t, made4(t, config(vendor, s.URL)), question(user("how many?")))
		if g.err != nil || g.text != "Let me see — não é difícil." || len(g.calls) != 2 || len(g.usage) != 1 || g.usage[0] != (model.Usage{InputTokens: 11, OutputTokens: 7}) {
			t.Fatalf("%+v", g)
		}
		if c := g.calls[0]; c.Name != "count_segment" || string(c.Args) != `{"formula":"x \u003c= \"São\" \u0026 y","n":12345678901234567890}` && string(c.Args) != `{"formula":"x <= \"São\" & y","n":12345678901234567890}` {
			t.Errorf("%s %s", c.Name, c.Args)
		}
		if c := g.calls[1]; c.Name != "describe_data" || string(c.Args) != `{}` || c.ID == g.calls[0].ID {
			t.Errorf("%s %s %s", c.ID, c.Name, c.Args)
		}
		if len(s.all()) != 1 {
			t.Errorf("asked %d times", len(s.all()))
		}
	})
}

// What the library would fail at or take for an answer.
func TestReplyForms(t *testing.T) {
	anthropic := func(content, reason string) string {
		return `{"type":"message","role":"assistant","content":` + content + `,"stop_reason":` + reason + `,"usage":{"input_tokens":11,"output_tokens":7}}`
	}
	google := func(parts, reason string) string {
		return `{"candidates":[{"content":{"parts":` + parts + `},"finishReason":` + reason + `}],"usageMetadata":{"promptTokenCount":11,"candidatesTokenCount":3,"thoughtsTokenCount":4}}`
	}
	mistral := func(message, reason string) string {
		return `{"choices":[{"index":0,"message":` + message + `,"finish_reason":` + reason + `}],"usage":{"prompt_tokens":11,"completion_tokens":7}}`
	}
	const call = `{"name":"describe_data","args":{}}`
	for _, c := range []struct {
		vendor, name, body string
		text               string
		calls              int
		args               string
	}{
		{"anthropic", "unknown blocks", anthropic(`[{"type":"redacted_thinking","data":"x"},{"type":"thinking","thinking":"hm","signature":"s"},{"type":"server_tool_use","id":"1","name":"web","input":{}},{"type":"text","text":"Fi"},{"type":"text","text":"ve.","citations":null}]`, `"end_turn"`), "Five.", 0, ""},
		{"anthropic", "text between calls", anthropic(`[{"type":"text","text":"a"},{"type":"tool_use","id":"1","name":"x","input":{}},{"type":"text","text":"b"},{"type":"tool_use","id":"1","name":"y","input":{}}]`, `"tool_use"`), "ab", 2, "{}"},
		{"anthropic", "arguments in a string", anthropic(`[{"type":"tool_use","id":"1","name":"x","input":"{\"a\":1}"}]`, `"tool_use"`), "", 1, `{"a":1}`},
		{"anthropic", "arguments that are none", anthropic(`[{"type":"tool_use","id":"1","name":"x","input":[1]}]`, `"tool_use"`), "", 1, `[1]`},
		{"anthropic", "no arguments", anthropic(`[{"type":"tool_use","id":"1","name":"x"}]`, `"tool_use"`), "", 1, `{}`},
		{"anthropic", "thoughts", anthropic(`[{"type":"text","text":"<thinking>5 or 6?</thinking>\n\nFive."}]`, `null`), "Five.", 0, ""},
		{"anthropic", "not UTF-8", anthropic("[{\"type\":\"text\",\"text\":\"\xc3bc\"}]", `"end_turn"`), "\ufffdbc", 0, ""},
		{"bedrock", "unknown end", anthropic(`[{"type":"text","text":"a"},{"type":"text","text":"b"}]`, `"pause_turn"`), "ab", 0, ""},
		{"bedrock", "arguments in a fence", anthropic("[{\"type\":\"tool_use\",\"id\":\"1\",\"name\":\"x\",\"input\":\"```json\\n{\\\"a\\\":1}\\n```\"}]", `"tool_use"`), "", 1, `{"a":1}`},
		{"googleai", "thoughts and unknown parts", google(`[{"text":"hm","thought":true},{"executableCode":{"code":"1"}},{"text":"Fi"},{"text":"ve."},{"somethingNew":{}}]`, `"STOP"`), "Five.", 0, ""},
		{"googleai", "numbers for words", google(`[{"text":"Five."}]`, `1`), "Five.", 0, ""},
		{"googleai", "no end", google(`[{"functionCall":`+call+`}]`, `null`), "", 1, `{}`},
		{"googleai", "a list all the same", "[" + google(`[{"text":"Fi"}]`, `null`) + "," + google(`[{"text":"ve."},{"functionCall":`+call+`}]`, `"STOP"`) + "]", "Five.", 1, "{}"},
		{"googleai", "a prefixed name", google(`[{"functionCall":{"name":"default_api.describe_data"}}]`, `"STOP"`), "", 1, `{}`},
		{"mistral", "content in pieces", mistral(`{"role":"assistant","content":[{"type":"thinking","thinking":[{"type":"text","text":"hm"}]},{"type":"text","text":"Fi"},{"type":"reference","reference_ids":[1]},{"type":"text","text":"ve."}]}`, `"stop"`), "Five.", 0, ""},
		{"mistral", "arguments as an object", mistral(`{"role":"assistant","content":null,"tool_calls":[{"id":"a","function":{"name":"describe_data","arguments":{"a":1}}},{"id":"a","function":{"name":"y","arguments":"{\"a\":1}"}}]}`, `"tool_calls"`), "", 2, `{"a":1}`},
		{"mistral", "double-encoded", mistral(`{"role":"assistant","tool_calls":[{"id":null,"function":{"name":"x","arguments":"\"{\\\"a\\\":1}\""}}]}`, `"tool_calls"`), "", 1, `{"a":1}`},
	} {
		t.Run(c.vendor+" "+c.name, func(t *testing.T) {
			g := ask(t, made4(t, config(c.vendor, serve(t, document(200, c.body)).URL)), question(user("how many?")))
			if g.err != nil || g.text != c.text || len(g.calls) != c.calls || len(g.usage) != 1 || g.usage[0] != (model.Usage{InputTokens: 11, OutputTokens: 7}) {
				t.Fatalf("%+v", g)
			}
			ids := map[string]bool{}
			for i, one := range g.calls {
				if string(one.Args) != c.args {
					t.Errorf("call %d: %s", i, one.Args)
				}
				if strings.Contains(one.Name, ".") || one.ID != "" && ids[one.ID] {
					t.Errorf("call %d: %q %q", i, one.ID, one.Name)
				}
				ids[one.ID] = true
			}
		})
	}
}

// Replies that are none, and how they are told of.
func TestFaults(t *testing.T) {
	type row struct {
		name   string
		status int
		body   string
		cause  model.Cause
		tries  int
		says   string
	}
	perVendor := map[string][]row{
		"anthropic": {
			{"cut", 200, `{"type":"message","content":[{"type":"text","text":"so far"}],"stop_reason":"max_tokens"}`, model.Broken, 1, "cut off"},
			{"refused", 200, `{"type":"message","content":[],"stop_reason":"refusal"}`, model.Refused, 1, ""},
			{"nothing", 200, `{"type":"message","content":[],"stop_reason":"end_turn"}`, model.Broken, 1, "says nothing"},
			{"refused in words", 200, `{"type":"message","content":[{"type":"text","text":"I will not."}],"stop_reason":"refusal"}`, model.Refused, 1, "I will not."},
			{"no name", 200, `{"type":"message","content":[{"type":"tool_use","id":"1","input":{}}],"stop_reason":"tool_use"}`, model.Broken, 1, "without naming"},
			{"overloaded", 529, `{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}`, model.Unreachable, 3, "Overloaded"},
			{"an error with status 200", 200, `{"type":"error","error":{"type":"api_error","message":"Internal"}}`, model.Broken, 3, "Internal"},
			{"no credit", 400, `{"type":"error","error":{"type":"invalid_request_error","message":"Your credit balance is too low"}}`, model.Busy, 1, "credit"},
		},
		"bedrock": {
			{"cut", 200, `{"type":"message","content":[{"type":"text","text":"so far"}],"stop_reason":"max_tokens"}`, model.Broken, 1, "cut off"},
			{"refused", 200, `{"type":"message","content":[],"stop_reason":"refusal"}`, model.Refused, 1, ""},
			{"nothing", 200, `{"type":"message","content":[],"stop_reason":"end_turn"}`, model.Broken, 1, "says nothing"},
			{"no access", 403, `{"message":"You don't have access to the model with the specified model ID."}`, model.Denied, 1, "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"},
			{"an error with status 200", 200, `{"message":"The system encountered an unexpected error."}`, model.Broken, 3, "unexpected"},
			{"throttled", 429, `{"message":"Too many tokens"}`, model.Busy, 3, "Too many tokens"},
		},
		"googleai": {
			{"cut", 200, `{"candidates":[{"content":{"parts":[{"text":"so far"}]},"finishReason":"MAX_TOKENS"}]}`, model.Broken, 1, "cut off"},
			{"cut, in numbers", 200, `{"candidates":[{"finishReason":2}]}`, model.Broken, 1, "cut off"},
			{"blocked", 200, `{"candidates":[{"finishReason":"SAFETY"}]}`, model.Refused, 1, ""},
			{"blocked for a new reason", 200, `{"candidates":[{"content":{"parts":[{"text":"so far"}]},"finishReason":"SOMETHING_NEW"}]}`, model.Broken, 1, "SOMETHING_NEW"},
			{"prompt blocked", 200, `{"promptFeedback":{"blockReason":"PROHIBITED_CONTENT"},"usageMetadata":{"promptTokenCount":1}}`, model.Refused, 1, ""},
			{"malformed call", 200, `{"candidates":[{"finishReason":"MALFORMED_FUNCTION_CALL","finishMessage":"x"}]}`, model.Broken, 3, "malformed"},
			{"a bad key", 400, `{"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT","details":[{"reason":"API_KEY_INVALID"}]}}`, model.Denied, 1, "GOOGLE_API_KEY or GEMINI_API_KEY"},
			{"busy", 503, `[{"error":{"code":503,"message":"The model is overloaded.","status":"UNAVAILABLE"}}]`, model.Unreachable, 3, "overloaded"},
			{"nothing", 200, `{"candidates":[{"finishReason":"STOP"}]}`, model.Broken, 1, "says nothing"},
			{"only thoughts", 200, `{"candidates":[{"content":{"parts":[{"text":"hm","thought":true}]},"finishReason":"STOP"}]}`, model.Broken, 1, "says nothing"},
			{"no candidate", 200, `{"usageMetadata":{"promptTokenCount":1}}`, model.Broken, 3, "broke off"},
		},
		"mistral": {
			{"cut", 200, `{"choices":[{"message":{"content":"so far"},"finish_reason":"length"}]}`, model.Broken, 1, "cut off"},
			{"no choice", 200, `{"choices":[],"usage":{"prompt_tokens":1}}`, model.Broken, 3, "broke off"},
			{"a bad key", 401, `{"detail":"Unauthorized: ` + secret + `"}`, model.Denied, 1, "MISTRAL_API_KEY"},
			{"an error with status 200", 200, `{"object":"error","message":"Service unavailable","type":"x","code":"3000"}`, model.Broken, 3, "Service unavailable"},
		},
	}
	each(t, func(t *testing.T, vendor string) {
		for _, c := range append(perVendor[vendor],
			row{"truncated", 200, replies(vendor, "Five.")[:40], model.Broken, 3, "broke off"},
			row{"a page", 200, "<!doctype html><title>Sign in</title>", model.Broken, 1, "no sense"},
			row{"something else", 200, `{"ok":true}`, model.Broken, 1, "no reply of a model"},
			row{"a list", 200, `[]`, model.Broken, 1, ""},
			row{"null", 200, `null`, model.Broken, 1, ""},
			row{"no such model", 404, `{"error":{"message":"no ` + secret + `"}}`, model.Denied, 1, "no such model"},
			row{"empty", 500, ``, model.Unreachable, 3, "500"},
		) {
			t.Run(c.name, func(t *testing.T) {
				s := serve(t, document(c.status, c.body))
				g := ask(t, made4(t, config(vendor, s.URL)), question(user("how many?")))
				f := faultOf(t, g.err)
				if f.Cause != c.cause || len(s.all()) != c.tries || !strings.Contains(f.Error(), c.says) || !strings.HasPrefix(f.Error(), vendor+":"+names[vendor]+": ") {
					t.Errorf("%s after %d attempts: %s", f.Cause, len(s.all()), f)
				}
				if g.text != "" || len(g.calls) > 0 {
					t.Errorf("a reply that failed said %q and called %v", g.text, g.calls)
				}
			})
		}
	})
}

// Nobody waits for a library: cancelled, an attempt ends within 100 ms.
func TestCancelled(t *testing.T) {
	each(t, func(t *testing.T, vendor string) {
		for name, silent := range map[string]answer{
			"before the reply": func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
			"in its midst": func(w http.ResponseWriter, r *http.Request) {
				fmt.Fprint(w, replies(vendor, "Five.")[:20])
				w.(http.Flusher).Flush()
				<-r.Context().Done()
			},
		} {
			m := made4(t, config(vendor, serve(t, silent).URL))
			best := time.Hour
			for range 3 {
				ctx, cancel := context.WithCancelCause(t.Context())
				why := errors.New("no more")
				var at time.Time
				time.AfterFunc(30*time.Millisecond, func() { at = time.Now(); cancel(why) })
				var err error
				for _, e := range m.Generate(ctx, question(user("q"))) {
					err = e
				}
				<-ctx.Done()
				if !errors.Is(err, why) {
					t.Fatalf("%s: %v", name, err)
				}
				best = min(best, time.Since(at))
			}
			if best > 100*time.Millisecond {
				t.Errorf("%s: noticed after %s", name, best)
			}
		}
	})
}

func TestNew(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*Config)
		says   string
	}{
		{"no provider", func(c *Config) { c.Provider = "elsewhere" }, `"elsewhere"`},
		{"openai", func(c *Config) { c.Provider = "openai" }, "anthropic, googleai"},
		{"no name", func(c *Config) { c.Model = " " }, "no name"},
		{"no key", func(c *Config) { c.Key = "" }, "ANTHROPIC_API_KEY"},
		{"no key", func(c *Config) { c.Provider, c.Key = "googleai", "" }, "GOOGLE_API_KEY or GEMINI_API_KEY"},
		{"no tools", func(c *Config) { c.Model = "claude-2.1" }, "cannot be told of tools"},
		{"another address", func(c *Config) { c.BaseURL = "host:" + secret }, "ANTHROPIC_BASE_URL"},
		{"no keys", func(c *Config) { c.Provider, c.SecretKey = "bedrock", "" }, "AWS_SECRET_ACCESS_KEY"},
		{"no region", func(c *Config) { c.Provider, c.Region = "bedrock", "evil.example/" }, "AWS_REGION"},
		{"a family without tools", func(c *Config) { c.Provider, c.Model = "bedrock", "amazon.nova-pro-v1:0" }, "only those of Anthropic"},
		{"a family without tools", func(c *Config) { c.Provider, c.Model = "bedrock", "meta.llama3-70b-instruct-v1:0" }, "only those of Anthropic"},
	} {
		cfg := config("anthropic", "")
		c.change(&cfg)
		_, err := New(cfg)
		if err == nil || !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), secret) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	for vendor, host := range map[string]string{
		"anthropic": "api.anthropic.com", "googleai": "generativelanguage.googleapis.com", "mistral": "api.mistral.ai", "bedrock": "bedrock-runtime.eu-west-1.amazonaws.com",
	} {
		m := made4(t, config(vendor, ""))
		if m.Host() != host || m.Name() != vendor+":"+names[vendor] || m.String() != m.Name()+" at "+host || !m.Capabilities().Tools || m.Capabilities().Streaming {
			t.Errorf("%s: %s at %s, %+v", vendor, m.Name(), m.Host(), m.Capabilities())
		}
		if shown := fmt.Sprintf("%v %+v %#v", m, m, m); strings.Contains(shown, secret) {
			t.Error(shown)
		}
	}
}

// Given the same question, the same reply comes out the same, ids and all.
func TestSameAgain(t *testing.T) {
	each(t, func(t *testing.T, vendor string) {
		m := made4(t, config(vendor, serve(t, document(200, replies(vendor, "", call("", "describe_data", `{}`), call("", "describe_data", `{}`)))).URL))
		a, b := ask(t, m, question(user("q"))), ask(t, m, question(user("q")))
		if !reflect.DeepEqual(a, b) || a.err != nil || len(a.calls) != 2 {
			t.Errorf("%+v, then %+v", a, b)
		}
	})
}
