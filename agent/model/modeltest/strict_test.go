package modeltest

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"tesela/agent/model"
)

// vendor is how a format is asked without any client library.
type vendor struct {
	format Format
	path   string
	header map[string]string
}

const signed = "AWS4-HMAC-SHA256 Credential=AKID/20260101/eu-west-1/bedrock/aws4_request, SignedHeaders=content-type;host;x-amz-date, " +
	"Signature=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

var vendors = map[string]vendor{
	"openai":    {OpenAI{}, "/v1/chat/completions", map[string]string{"Authorization": "Bearer k"}},
	"mistral":   {Mistral{}, "/v1/chat/completions", map[string]string{"Authorization": "Bearer k"}},
	"anthropic": {Anthropic{}, "/v1/messages", map[string]string{"X-Api-Key": "k", "Anthropic-Version": "2023-06-01"}},
	"gemini":    {Gemini{}, "/v1beta/models/gemini-2.5-flash:generateContent", map[string]string{"X-Goog-Api-Key": "k"}},
	"gemini-3":  {Gemini{}, "/v1beta/models/gemini-3-pro:generateContent", map[string]string{"X-Goog-Api-Key": "k"}},
	"bedrock":   {Bedrock{}, "/model/anthropic.claude-3-5-sonnet-20240620-v1%3A0/invoke", map[string]string{"Authorization": signed, "X-Amz-Date": "20260101T000000Z"}},
	"nova":      {Bedrock{}, "/model/eu.amazon.nova-lite-v1%3A0/invoke", map[string]string{"Authorization": signed, "X-Amz-Date": "20260101T000000Z"}},
}

func post(t *testing.T, v vendor, s *Server, body string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+v.path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range v.header {
		req.Header.Set(name, value)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	all, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(all)
}

// What the vendors' documents and their endpoints' answers say is refused is
// refused, with the status and in the words that they have for it.
func TestStrict(t *testing.T) {
	for _, c := range []struct {
		vendor, body string
		status       int
		says         string // "" for a request that is taken
	}{
		{"openai", `{"model":"m","messages":[{"role":"user","content":"q"}]}`, 200, ""},
		{"openai", `{"model":"m","messages":[{"role":"user","content":"q"},{"role":"assistant","content":null,"tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"a","content":"1"}],"tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object","properties":{}}}}]}`, 200, ""},
		{"openai", `{"messages":[{"role":"user","content":"q"}]}`, 400, "model parameter"},
		{"openai", `{"model":"m","messages":[]}`, 400, "empty array"},
		{"openai", `{"model":"m","messages":[{"role":"user","content":"q"}],"top_k":1}`, 400, "Unrecognized request argument supplied: top_k"},
		{"openai", `{"model":"m","messages":[{"role":"user","content":null}]}`, 400, "expected a string, got null"},
		{"openai", `{"model":"m","messages":[{"role":"tool","tool_call_id":"a","content":"1"}]}`, 400, "must be a response to a preceeding message"},
		{"openai", `{"model":"m","messages":[{"role":"assistant","tool_calls":[{"id":"a","function":{"name":"f","arguments":"{}"}}]},{"role":"user","content":"q"}]}`, 400, "did not have response messages: a"},
		{"openai", `{"model":"m","messages":[{"role":"user","content":"q"}],"tools":[]}`, 400, "empty array"},
		{"openai", `{"model":"m","messages":[{"role":"user","content":"q"}],"parallel_tool_calls":true}`, 400, "only allowed when 'tools'"},
		{"openai", `{"model":"m","messages":[{"role":"user","content":"q"}],"tools":[{"type":"function","function":{"name":"f","strict":true,"parameters":{"type":"object","properties":{"a":{"type":"string"}},"required":["a"],"additionalProperties":false}}}]}`, 200, ""},
		{"openai", `{"model":"m","messages":[{"role":"user","content":"q"}],"tools":[{"type":"function","function":{"name":"f","strict":true,"parameters":{"type":"object","properties":{"a":{"type":"string"}},"additionalProperties":false}}}]}`, 400, "Missing 'a'"},
		{"openai", `{"model":"m","messages":[{"role":"user","content":"q"}],"tools":[{"type":"function","function":{"name":"f","strict":true,"parameters":{"type":"object","properties":{"a":{"type":"array","items":{"type":"object","properties":{}}}},"required":["a"],"additionalProperties":false}}}]}`, 400, "'additionalProperties'"},
		{"openai", `{"model":"m","messages":[{"role":"user","content":"q"}],"tools":[{"type":"function","function":{"name":"f","strict":true,"parameters":{"type":"object","properties":{"a":{"type":"string","default":"x"}},"required":["a"],"additionalProperties":false}}}]}`, 400, "'default' is not permitted"},

		{"mistral", `{"model":"m","messages":[{"role":"user","content":"q"}]}`, 200, ""},
		{"mistral", `{"model":"m","messages":[{"role":"user","content":"q"}],"seed":1}`, 422, `"loc":["body","seed"],"msg":"Extra inputs are not permitted"`},
		{"mistral", `{"model":"m","messages":[{"role":"user","content":"q"}],"stream_options":{}}`, 422, "stream_options"},
		{"mistral", `{"model":"m","messages":[{"role":"user","content":"q"}],"max_completion_tokens":5}`, 422, "max_completion_tokens"},
		{"mistral", `{"model":"m","messages":[{"role":"user","content":"q","tool_calls":null}]}`, 422, `"loc":["body","messages",0,"user","tool_calls"]`},
		{"mistral", `{"model":"m","messages":[{"role":"user","content":"q"},{"role":"assistant","content":"","tool_calls":[{"id":"call_1","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"call_1","content":"1"}]}`, 400, "length of 9"},
		{"mistral", `{"model":"m","messages":[{"role":"user","content":"q"},{"role":"assistant","content":"","tool_calls":[{"id":"abcdefgh1","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"abcdefgh1","content":"1"}]}`, 200, ""},
		{"mistral", `{"model":"m","messages":[{"role":"user","content":"q"},{"role":"assistant","content":"","tool_calls":[{"id":"abcdefgh1","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"abcdefgh2","content":"1"}]}`, 400, "Unexpected tool call id"},
		{"mistral", `{"model":"m","messages":[{"role":"user","content":"q"},{"role":"assistant","content":"","tool_calls":[{"id":"abcdefgh1","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"abcdefgh1","content":"1"},{"role":"user","content":"and?"}]}`, 400, "Unexpected role 'user' after role 'tool'"},
		{"mistral", `{"model":"m","messages":[{"role":"user","content":"q"},{"role":"assistant","content":""},{"role":"user","content":"q"}]}`, 400, "either content or tool_calls"},
		{"mistral", `{"model":"m","messages":[{"role":"user","content":"q"},{"role":"assistant","content":"a"}]}`, 400, "Expected last role"},

		{"anthropic", `{"model":"m","max_tokens":9,"messages":[{"role":"user","content":"q"}]}`, 200, ""},
		{"anthropic", `{"model":"m","messages":[{"role":"user","content":"q"}]}`, 400, "max_tokens: Field required"},
		{"anthropic", `{"model":"m","max_tokens":9,"messages":[{"role":"assistant","content":"q"}]}`, 400, "first message must use"},
		{"anthropic", `{"model":"m","max_tokens":9,"messages":[{"role":"user","content":[{"type":"text","text":""}]}]}`, 400, "text content blocks must be non-empty"},
		{"anthropic", `{"model":"m","max_tokens":9,"messages":[{"role":"user","content":[{"type":"text","text":" "}]}]}`, 400, "non-whitespace"},
		{"anthropic", `{"model":"m","max_tokens":9,"messages":[{"role":"system","content":"q"}]}`, 400, "top-level `system`"},
		{"anthropic", `{"model":"m","max_tokens":9,"messages":[{"role":"tool","content":"q"}]}`, 400, "Input should be 'user' or 'assistant'"},
		{"anthropic", `{"model":"m","max_tokens":9,"messages":[{"role":"user","content":[{"type":"tool_call","text":"q"}]}]}`, 400, "does not match any of the expected tags"},
		{"anthropic", anthropicTalk(`{"type":"tool_result","tool_use_id":"a","content":"1"}`, true), 200, ""},
		{"anthropic", anthropicTalk(`{"type":"tool_result","tool_use_id":"a","content":"1"}`, false), 400, "must define tools"},
		{"anthropic", anthropicTalk(`{"type":"text","text":"well?"}`, true), 400, "were found without `tool_result` blocks immediately after: a"},
		{"anthropic", anthropicTalk(`{"type":"tool_result","tool_use_id":"b","content":"1"}`, true), 400, "unexpected `tool_use_id`"},
		{"anthropic", anthropicTalk(`{"type":"text","text":"well?"},{"type":"tool_result","tool_use_id":"a","content":"1"}`, true), 400, "must come before"},
		{"anthropic", `{"model":"m","max_tokens":9,"seed":1,"messages":[{"role":"user","content":"q"}]}`, 400, "seed: Extra inputs are not permitted"},
		{"anthropic", `{"model":"m","max_tokens":9,"temperature":1.5,"messages":[{"role":"user","content":"q"}]}`, 400, "temperature"},
		{"anthropic", `{"model":"m","max_tokens":9,"messages":[{"role":"user","content":"q"}],"tools":[{"name":"f","input_schema":{}}]}`, 400, "input_schema.type: Field required"},

		{"gemini", `{"contents":[{"role":"user","parts":[{"text":"q"}]}]}`, 200, ""},
		{"gemini", `{"contents":[{"role":"assistant","parts":[{"text":"q"}]}]}`, 400, "Please use a valid role: user, model."},
		{"gemini", `{"contents":[{"role":"user","parts":[]}]}`, 400, "must not be empty"},
		{"gemini", `{"contents":[{"role":"user","parts":[{"text":"q"}]}],"seed":1}`, 400, `Unknown name \"seed\"`},
		{"gemini", geminiTools(`{"type":"OBJECT","properties":{"a":{"type":"string"}}}`), 200, ""},
		{"gemini", geminiTools(`{"type":6,"properties":{"a":{"type":1}}}`), 200, ""},
		{"gemini", geminiTools(`{"type":"OBJECT","properties":{}}`), 400, "should be non-empty for OBJECT type"},
		{"gemini", geminiTools(`{"type":"OBJECT","properties":{"a":{"type":"string"}},"additionalProperties":false}`), 400, `Unknown name \"additionalProperties\"`},
		{"gemini", geminiTools(`{"type":"OBJECT","properties":{"a":{"type":"ARRAY"}}}`), 400, "items: missing field"},
		{"gemini", geminiTools(`{"type":"OBJECT","properties":{"a":{}}}`), 400, "Invalid value at"},
		{"gemini", geminiTools(`{"type":"OBJECT","properties":{"a":{"type":"string"}},"required":["b"]}`), 400, "property is not defined"},
		{"gemini", geminiTalk(`{"functionResponse":{"name":"f","response":{"r":"1"}}}`, ""), 200, ""},
		{"gemini", geminiTalk(`{"functionResponse":{"name":"f","response":{"r":"1"}}},{"functionResponse":{"name":"f","response":{"r":"1"}}}`, ""), 400, "number of function response parts is equal"},
		{"gemini", geminiTalk(`{"functionResponse":{"name":"g","response":{"r":"1"}}}`, ""), 400, "names of the function call parts"},
		{"gemini", geminiTalk(`{"text":"well?"}`, ""), 400, "number of function response parts is equal"},
		{"gemini", `{"contents":[{"role":"user","parts":[{"text":"q"}]},{"role":"model","parts":[{"text":"a"}]}]}`, 400, "end with a user turn"},
		{"gemini-3", geminiTalk(`{"functionResponse":{"name":"f","response":{"r":"1"}}}`, ""), 400, "missing a thought_signature"},
		{"gemini-3", geminiTalk(`{"functionResponse":{"name":"f","response":{"r":"1"}}}`, signature("f", "{}")), 200, ""},
		{"gemini-3", geminiTalk(`{"functionResponse":{"name":"f","response":{"r":"1"}}}`, signature("g", "{}")), 400, "missing a thought_signature"},

		{"bedrock", `{"anthropic_version":"bedrock-2023-05-31","max_tokens":9,"messages":[{"role":"user","content":"q"}]}`, 200, ""},
		{"bedrock", `{"max_tokens":9,"messages":[{"role":"user","content":"q"}]}`, 400, "required key [anthropic_version] not found"},
		{"bedrock", `{"anthropic_version":"bedrock-2023-05-31","model":"m","max_tokens":9,"messages":[{"role":"user","content":"q"}]}`, 400, "extraneous key [model]"},
		{"bedrock", `{"anthropic_version":"bedrock-2023-05-31","max_tokens":9,"messages":[{"role":"user","content":[{"type":"text","text":""}]}]}`, 400, "non-empty"},
		{"nova", `{"messages":[{"role":"user","content":[{"text":"q"}]}],"system":[{"text":"s"}],"inferenceConfig":{"maxTokens":9}}`, 200, ""},
		{"nova", `{"messages":[{"role":"user","content":[{"text":""}]}]}`, 400, "blank"},
		{"nova", `{"messages":[{"role":"user","content":[{"text":"q"}]},{"role":"user","content":[{"text":"q"}]}]}`, 400, "alternate"},
		{"nova", `{"messages":[{"role":"user","content":[{"type":"text","text":"q"}]}],"max_tokens":1}`, 400, "extraneous key [max_tokens]"},
	} {
		v := vendors[c.vendor]
		s := Serve(t, v.format, Sequence(Reply{Text: "Hello."}))
		status, body := post(t, v, s, c.body)
		if status != c.status || !strings.Contains(body, c.says) || len(s.Refused()) != min(1, len(c.says)) {
			t.Errorf("%s: %s\nis answered with %d %s", c.vendor, c.body, status, body)
		}
		if c.says == "" && !strings.Contains(body, "Hello.") {
			t.Errorf("%s: %s\nis answered with %s", c.vendor, c.body, body)
		}
	}
	for name, v := range vendors {
		if name == "openai" {
			continue // endpoints of its format without keys are many
		}
		s := Serve(t, v.format, Sequence(Reply{Text: "Hello."}))
		v.header = nil
		if status, body := post(t, v, s, `{"contents":[{"parts":[{"text":"q"}]}]}`); status != 401 && status != 403 {
			t.Errorf("%s without a key: %d %s", name, status, body)
		}
	}
}

func anthropicTalk(answer string, tools bool) string {
	list := ""
	if tools {
		list = `,"tools":[{"name":"f","input_schema":{"type":"object"}}]`
	}
	return `{"model":"m","max_tokens":9,"messages":[{"role":"user","content":"q"},{"role":"assistant","content":[{"type":"tool_use","id":"a","name":"f","input":{}}]},` +
		`{"role":"user","content":[` + answer + `]}]` + list + `}`
}

func geminiTools(schema string) string {
	return `{"contents":[{"role":"user","parts":[{"text":"q"}]}],"tools":[{"functionDeclarations":[{"name":"f","parameters":` + schema + `}]}]}`
}

func geminiTalk(answer, sign string) string {
	if sign != "" {
		sign = `,"thoughtSignature":"` + sign + `"`
	}
	return `{"contents":[{"role":"user","parts":[{"text":"q"}]},{"role":"model","parts":[{"functionCall":{"name":"f","args":{}}` + sign + `}]},{"role":"user","parts":[` + answer + `]}]}`
}

// Streams say the same as whole replies do.
func TestStreams(t *testing.T) {
	said := Reply{Text: "não é difícil", Usage: &model.Usage{InputTokens: 3, OutputTokens: 4}, Calls: []model.Call{{Name: "f", Args: json.RawMessage(`{"a":"{}"}`)}}}
	for _, faults := range [][]Fault{nil, {Split}, {Merged}, {Thoughts}} {
		said.Faults = faults
		v := vendors["anthropic"]
		_, body := post(t, v, Serve(t, v.format, Sequence(said)), `{"model":"m","max_tokens":9,"stream":true,"messages":[{"role":"user","content":"q"}]}`)
		text, args, last := "", "", ""
		for _, line := range strings.Split(body, "\n") {
			var e struct {
				Type  string
				Delta struct {
					Text        string
					PartialJSON string `json:"partial_json"`
				}
			}
			if data, ok := strings.CutPrefix(line, "data: "); ok && json.Unmarshal([]byte(data), &e) == nil {
				text, args, last = text+e.Delta.Text, args+e.Delta.PartialJSON, e.Type
			}
		}
		if text != said.Text || args != `{"a":"{}"}` || last != "message_stop" || !strings.Contains(body, `"output_tokens":4`) {
			t.Errorf("%v: %s", faults, body)
		}
		for _, query := range []string{"", "?alt=sse", "?%24alt=json%3Benum-encoding%3Dint"} {
			v = vendors["gemini"]
			v.path = strings.Replace(v.path, ":generate", ":streamGenerate", 1) + query
			_, body = post(t, v, Serve(t, v.format, Sequence(said)), `{"contents":[{"parts":[{"text":"q"}]}]}`)
			array := body
			if strings.Contains(query, "sse") {
				array = "[" + strings.ReplaceAll(strings.TrimSuffix(strings.TrimPrefix(body, "data: "), "\r\n\r\n"), "\r\n\r\ndata: ", ",") + "]"
			}
			var list []struct {
				Candidates []struct {
					FinishReason any
					Content      struct {
						Parts []struct {
							Text         string
							Thought      bool
							FunctionCall *struct{ Args map[string]string }
						}
					}
				}
			}
			if err := json.Unmarshal([]byte(array), &list); err != nil {
				t.Fatalf("%v: %s", err, body)
			}
			text, calls, finish := "", 0, any(nil)
			for _, one := range list {
				for _, p := range one.Candidates[0].Content.Parts {
					if !p.Thought {
						text += p.Text
					}
					if p.FunctionCall != nil && p.FunctionCall.Args["a"] == "{}" {
						calls++
					}
				}
				finish = one.Candidates[0].FinishReason
			}
			want := any("STOP")
			if strings.Contains(query, "int") {
				want = 1.0
			}
			if text != said.Text || calls != 1 || finish != want {
				t.Errorf("%v%s: %s", faults, query, body)
			}
		}
	}
}

// Every fault that a format says it can have is something else than the plain
// reply, and comes to an end when the client leaves.
func TestFaultsDiffer(t *testing.T) {
	said := Reply{Text: "Ãn answer of some length", Calls: []model.Call{{ID: "a", Name: "f", Args: json.RawMessage(`{"a":"b"}`)}, {ID: "b", Name: "g", Args: json.RawMessage(`{"a":"c"}`)}}}
	ask := func(v vendor, body string, faults ...Fault) []byte {
		r := said
		r.Faults = faults
		s := Serve(t, v.format, Sequence(r))
		client := http.Client{Timeout: 300 * time.Millisecond, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+v.path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		for name, value := range v.header {
			req.Header.Set(name, value)
		}
		resp, err := client.Do(req)
		if err != nil {
			return nil
		}
		defer resp.Body.Close()
		all, _ := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
		if resp.Header.Get("Location") != "" {
			return nil
		}
		return all
	}
	bodies := map[string][]string{
		"openai":    {`{"model":"m","temperature":0.1,"messages":[{"role":"user","content":"q"}]}`, `{"model":"m","stream":true,"temperature":0.1,"messages":[{"role":"user","content":"q"}]}`},
		"mistral":   {`{"model":"m","messages":[{"role":"user","content":"q"}]}`, `{"model":"m","stream":true,"messages":[{"role":"user","content":"q"}]}`},
		"anthropic": {`{"model":"m","max_tokens":9,"messages":[{"role":"user","content":"q"}]}`, `{"model":"m","stream":true,"max_tokens":9,"messages":[{"role":"user","content":"q"}]}`},
		"gemini":    {`{"contents":[{"parts":[{"text":"q"}]}]}`},
		"bedrock":   {`{"anthropic_version":"bedrock-2023-05-31","max_tokens":9,"messages":[{"role":"user","content":"q"}]}`},
	}
	every := append([]Fault{
		Quota, Split, Merged, NoIndex, SameIndex, NullName, RepeatedName, NoID, DoubleEncoded, AsObject, Fenced, ArgsTwice, NoChoices, Comments, NoFinish, NoDone,
		NotStreamed, PickyOptions, OtherBlocks, NoArguments, Empty, BadCall, Overloaded, ModelSlow, ModelFailed,
	}, common...)
	for name, list := range bodies {
		v := vendors[name]
		if name == "gemini" { // its whole replies are streams joined
			v.path = strings.Replace(v.path, ":generate", ":streamGenerate", 1)
		}
		var plain [][]byte
		for _, body := range list {
			plain = append(plain, ask(v, body))
		}
		for _, f := range every {
			if !v.format.Can(f) || f == Slow || f == NoID && name == "gemini" {
				continue
			}
			differs := false
			for i, body := range list {
				differs = differs || !bytes.Equal(ask(v, body, f), plain[i])
			}
			if !differs {
				t.Errorf("%s: %s changes nothing", name, f)
			}
		}
	}
}
