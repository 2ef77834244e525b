package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"tesela/agent"
	"tesela/agent/model"
	"tesela/agent/model/auto"
	"tesela/agent/model/langchain"
	"tesela/agent/model/modeltest"
	"tesela/agent/model/openai"
	"tesela/store"
	"tesela/store/demo"
	"tesela/store/sqlite"
	"tesela/tools"
)

// demoPeople is a small demo and all that is personal in it.
func demoPeople(t *testing.T) (store.Workspace, []string) {
	t.Helper()
	ctx := t.Context()
	ws, err := sqlite.Create(ctx, filepath.Join(t.TempDir(), "demo.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ws.Close() })
	if err := demo.Fill(ctx, ws, demo.Options{Customers: 1500}); err != nil {
		t.Fatal(err)
	}
	r, err := tools.NewBox(ws).Call(ctx, tools.Caller{Language: "en", Person: true}, "list_customers",
		json.RawMessage(`{"formula":"everyone","limit":10000,"with":["name","email","phone","birthday"]}`))
	if err != nil {
		t.Fatal(err)
	}
	var personal []string
	for _, row := range r.Rows {
		for i, cell := range row[1:] {
			// Dates of birth are not told from other dates by their looks, and
			// short names are words.
			if s, ok := cell.(string); ok && len(s) > 6 && r.Columns[i+1].Name != "birthday" {
				personal = append(personal, s)
			}
		}
	}
	if len(personal) < 3000 {
		t.Fatalf("only %d personal texts in the demo", len(personal))
	}
	return ws, personal
}

// prying are calls that could show somebody what they must not see: each tool
// with personal fields wherever it takes one.
func prying(customer string) []model.Call {
	var list []model.Call
	for _, c := range [][2]string{
		{"list_customers", `{"formula":"everyone","limit":50}`},
		{"list_customers", `{"formula":"everyone","limit":1000,"with":["name","email","phone","birthday"]}`},
		{"list_customers", `{"formula":"everyone","by":"email","limit":50}`},
		{"find_values", `{"text":"@","limit":1000}`},
		{"find_values", `{"text":"maria","field":"name"}`},
		{"find_values", `{"text":"+34","field":"phone","limit":1000}`},
		{"measure", `{"measures":["customers"],"group_by":["email"]}`},
		{"measure", `{"measures":["customers"],"group_by":["name"]}`},
		{"measure", `{"measures":["min(name)","max(email)","customers"]}`},
		{"explain_customer", `{"customer":"` + customer + `"}`},
		{"explain_customer", `{"customer":"` + customer + `","formula":"email is set and phone is set"}`},
		{"explain_segment", `{"formula":"email contains \"a\"","layers":["name","email"]}`},
		{"compare_segments", `{"a":"name contains \"a\"","b":"phone is set"}`},
		{"diff_segments", `{"from":"email contains \"b\"","to":"name contains \"c\"","sample":1000}`},
		{"find_near_misses", `{"formula":"name contains \"z\" and count(order) >= 3","sample":1000}`},
		{"check_sensitivity", `{"formula":"email is set and count(order) >= 3"}`},
		{"find_microsegments", `{"formula":"email is set","layers":["people: name; email"]}`},
		{"measure_effect", `{"by":["name"]}`},
		{"recommend_actions", `{"by":["email"]}`},
		{"backtest_segment", `{"formula":"phone is set"}`},
		{"trace_migration", `{"layer":"lifecycle","left":"email"}`},
		{"review_segments", `{}`},
		{"describe_data", `{}`},
		{"export_segment", `{"formula":"everyone","with":["name","email","phone"]}`},
		{"save_segment", `{"name":"Secretly","formula":"name contains \"a\""}`},
		{"tag_customers", `{"formula":"email is set","tag":"x"}`},
		{"no_such_tool", `{"email":"everybody"}`},
	} {
		list = append(list, model.Call{Name: c[0], Args: json.RawMessage(c[1])})
	}
	return list
}

// nosy is a scripted model that pries in every turn, three calls at a time and
// twice, and then says again what it was told last.
func nosy(customer string) modeltest.Script {
	calls := prying(customer)
	next := 0
	var mu sync.Mutex
	return func(a modeltest.Asked) modeltest.Reply {
		mu.Lock()
		defer mu.Unlock()
		rounds := 0
		for i := len(a.Messages) - 1; i >= 0 && a.Messages[i].Role != "user"; i-- {
			if a.Messages[i].Role == "assistant" {
				rounds++
			}
		}
		if len(a.Tools) == 0 || rounds >= 2 {
			return modeltest.Reply{Text: "That is all: " + a.Last().Text[:min(len(a.Last().Text), 400)]}
		}
		var r modeltest.Reply
		for i := range 3 {
			c := calls[next%len(calls)]
			c.ID = fmt.Sprintf("call_%d", i)
			r.Calls = append(r.Calls, c)
			next++
		}
		return r
	}
}

// turnOf is a question, and who is asked it.
type turnOf struct {
	offline  bool
	question string
}

// longTalk is a conversation in which the planner shows a person what is
// personal, and the outside model is asked about it.
func longTalk(customer string) []turnOf {
	return []turnOf{
		{true, "list the top 10 customers by revenue with their names"},
		{false, "flurb the grobnix of everybody"},
		{true, "top 10 customers by revenue with their phone"},
		{false, "and the zorps of those?"},
		{false, "flurb again with all their names"},
		{true, "list the top 5 customers by orders in Spain with their emails"},
		{false, "only the grobnix ones among them"},
		{true, "tell me all about customer " + customer},
		{false, "what else of " + customer + " is zorpy?"},
		{false, "who flurbed like " + customer + "?"},
		{true, "how many customers are there?"},
		{false, "and their e-mails, zorp by zorp"},
		{true, "export the customers in Portugal with their emails"},
		{false, "what did we flurb just now?"},
		{true, "save the customers in Madrid as Locals"},
		{false, "zorp Locals with phones"},
		{true, "los 10 mejores clientes por ingresos con sus nombres"},
		{false, "¿y los grobnix de esos?"},
		{true, "os 10 melhores clientes por receita com os nomes"},
		{false, "quais são os zorps deles, com os nomes?"},
		{true, "lista los 10 clientes con más pedidos con su email"},
		{false, "e os grobnix?"},
		{false, "flurb everybody whose birthday is zorpy"},
		{true, "revenue by country last year"},
		{false, "which zorps are behind that?"},
		{true, "show me the customers in Lisboa with their phone"},
		{false, "grobnix the first one of them"},
		{false, "and the second one's phone"},
		{true, "list the customers in Madrid with their names"},
		{false, "say that again in zorps"},
		{false, "a table of flurbs with name, e-mail, phone and birthday"},
		{true, "orders per month this year"},
		{false, "grobnix all of this once more"},
		{false, "does Zebulon Quackenbush flurb?"}, // typed by the person, and nobody's name here
		{false, "the last zorp"},
	}
}

// Whoever asks and whatever the model calls, nothing personal is in any byte
// that leaves the process, to any provider: neither of this turn nor of earlier
// ones that the planner answered to a person, in no spelling.
func TestNothingPersonalLeaves(t *testing.T) {
	t.Parallel()
	ws, personal := demoPeople(t)
	customer := someCustomer(t, ws)
	base, err := converse(t.Context(), ws, talk{model: "offline", exports: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	// All share a workspace and its folder of exports: what one is shown to write
	// must still be so when its yes comes, so nobody else writes meanwhile.
	var yes sync.Mutex
	for _, p := range outsiders() {
		for _, way := range []string{"alone", "auto"} {
			if testing.Short() && (way == "auto") != (p.name == "openai") {
				continue
			}
			t.Run(p.name+" "+way, func(t *testing.T) {
				t.Parallel()
				server := modeltest.Serve(t, p.format, nosy(customer))
				ctx := t.Context()
				c := agent.New(base.Config)
				c.Session = "s-" + p.name + way
				traces := newTracing(ctx, ws, io.Discard)
				c.Traces = traces
				c.Limits.Invalid, c.Limits.Tokens = 100, 1<<30
				offline, outside := c.Model, p.new(t, server.URL)
				if way == "auto" {
					outside = &auto.Model{First: offline, Then: outside}
				} else {
					outside = &auto.Heard{Model: outside, Ear: offline.(auto.Ear)} //nolint:forcetypeassert // the planner
				}
				shown, asked, s := 0, 0, newSearcher(personal)
				for _, turn := range longTalk(customer) {
					if !turn.offline {
						c.Model = outside
						if answerTo(ctx, t, c, turn.question).Model != "offline" {
							asked++
						}
						continue
					}
					c.Model = offline
					if a := answerAndApprove(ctx, t, c, turn.question, &yes); s.in(a.Text) {
						shown++
					}
				}
				sent := server.Asked()
				if shown < 8 || way == "alone" && asked < 18 || len(sent) < 30 {
					t.Fatalf("only %d requests in %d turns; the planner showed some in %d", len(sent), asked, shown)
				}
				for _, a := range sent {
					var headers bytes.Buffer
					header := a.Header.Clone()
					for name, values := range header {
						// The key may stand where it belongs, and there only.
						if p.secret != "" && strings.Contains(strings.Join(values, " "), p.secret) {
							t.Errorf("the secret is in header %s", name)
						}
						if strings.Contains(strings.Join(values, " "), modeltest.Key) && name != p.keyIn {
							t.Errorf("the key is in header %s", name)
						}
					}
					header.Del(p.keyIn)
					_ = header.Write(&headers)
					s.request(a.URL, headers.Bytes(), a.Body)
					if bytes.Contains(a.Body, []byte(modeltest.Key)) || strings.Contains(a.URL, modeltest.Key) || p.secret != "" && bytes.Contains(a.Body, []byte(p.secret)) {
						t.Error("the key is in a body or an address")
					}
				}
				for text, where := range s.found {
					t.Fatalf("%q of a customer was sent, one of %d: %s", text, len(s.found), where)
				}
				// The words of questions, ids and figures are sent, so the net has
				// no hole; and the vendor took all of it.
				all := server.Sent()
				for _, must := range []string{"grobnix", "Quackenbush", customer, "rows"} {
					if !bytes.Contains(all, []byte(must)) {
						t.Errorf("%q was not sent", must)
					}
				}
				if why := server.Refused(); why != nil {
					t.Errorf("the vendor refuses %d requests: %q", len(why), why[0])
				}
				// Nor is it in what is kept of the turns to look into them.
				if traces.close(); traced(t, ws, c.Session, s) < len(longTalk(customer))/2 {
					// Some may be left out where very many come at once.
					t.Error("half of the turns are not traced")
				}
			})
		}
	}
}

// traced looks through the traces of a session, and counts them.
func traced(t *testing.T, ws store.Workspace, session string, s *searcher) int {
	t.Helper()
	heads, err := ws.FindTraces(t.Context(), store.TraceQuery{Session: session, Limit: 1000})
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range heads {
		trace, err := ws.Trace(t.Context(), h.ID)
		if err != nil {
			t.Fatal(err)
		}
		s.request("", nil, trace.Body)
		for text, where := range s.found {
			t.Fatalf("%q of a customer is in the trace of %s: %s", text, h.ID, where)
		}
		for _, secret := range []string{modeltest.Key, modeltest.Secret} {
			if bytes.Contains(trace.Body, []byte(secret)) {
				t.Errorf("a key is in the trace of %s: %s", h.ID, trace.Body[max(0, bytes.Index(trace.Body, []byte(secret))-300):bytes.Index(trace.Body, []byte(secret))+40])
			}
		}
	}
	return len(heads)
}

// someCustomer is the id of a customer who has a name.
func someCustomer(t *testing.T, ws store.Workspace) string {
	t.Helper()
	r, err := tools.NewBox(ws).Call(t.Context(), tools.Caller{Language: "en", Person: true}, "list_customers", json.RawMessage(`{"formula":"name is set and count(order) >= 3","limit":1}`))
	if err != nil || len(r.Rows) != 1 {
		t.Fatalf("%+v, %v", r, err)
	}
	return fmt.Sprint(r.Rows[0][0])
}

func answerTo(ctx context.Context, t *testing.T, c *agent.Conversation, question string) *agent.Answer {
	t.Helper()
	var answer *agent.Answer
	for e, err := range c.Ask(ctx, question) {
		if err != nil {
			t.Fatal(err)
		}
		if e.Answer != nil {
			answer = e.Answer
		}
	}
	return answer
}

// answerAndApprove asks and says yes to all that waits for it, while holding
// the lock: then it is done, here.
func answerAndApprove(ctx context.Context, t *testing.T, c *agent.Conversation, question string, yes *sync.Mutex) *agent.Answer {
	t.Helper()
	yes.Lock()
	defer yes.Unlock()
	a := answerTo(ctx, t, c, question)
	for _, call := range a.Calls {
		if call.Approval != "" {
			if _, err := c.Approve(ctx, call.Approval, "somebody"); err != nil {
				t.Errorf("%s: approve: %v", question, err)
			}
		}
	}
	return a
}

// outsider is a provider of models outside, and where its key stands.
type outsider struct {
	name          string
	format        modeltest.Format
	keyIn, secret string
	make          func(url string) (model.Model, error)
}

// outsiders are all providers.
func outsiders() []outsider {
	chain := func(name, which string) func(string) (model.Model, error) {
		return func(url string) (model.Model, error) {
			c := langchain.Config{Provider: name, Model: which, Key: modeltest.Key, BaseURL: url}
			if name == "bedrock" {
				c.Key, c.Region, c.AccessKey, c.SecretKey = "", "eu-west-1", modeltest.Key, modeltest.Secret
			}
			return langchain.New(c)
		}
	}
	return []outsider{
		{"openai", modeltest.OpenAI{}, "Authorization", "", func(url string) (model.Model, error) {
			return openai.New(openai.Config{Model: "test", Key: modeltest.Key, BaseURL: url})
		}},
		{"anthropic", modeltest.Anthropic{}, "X-Api-Key", "", chain("anthropic", "claude-sonnet-4-5")},
		{"googleai", modeltest.Gemini{}, "X-Goog-Api-Key", "", chain("googleai", "gemini-3-pro")},
		{"mistral", modeltest.Mistral{}, "Authorization", "", chain("mistral", "mistral-large-latest")},
		{"bedrock", modeltest.Bedrock{}, "Authorization", modeltest.Secret, chain("bedrock", "anthropic.claude-3-5-sonnet-20240620-v1:0")},
	}
}

func (o outsider) new(t *testing.T, url string) model.Model {
	t.Helper()
	m, err := o.make(url)
	if err != nil {
		t.Fatal(err)
	}
	return m
}
