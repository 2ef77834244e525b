package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"tesela/agent"
	"tesela/agent/model"
	"tesela/tools"
)

// mcpShop is a shell with a small demo shop and one saved segment.
func mcpShop(t *testing.T, customers string) (s *shell, db string) {
	t.Helper()
	s = newShell(t)
	db = filepath.Join(s.dir, "shop.db")
	s.run("demo", "--db", db, "--customers", customers).exits(exitOK)
	s.run("segment", "save", "--db", db, "Spanish regulars", `country = "Spain" and count(order) >= 3`).exits(exitOK)
	return s, db
}

// client is the SDK's own, and what it heard.
type client struct {
	*mcp.ClientSession
	progress atomic.Int64
	first    chan struct{} // the first word of progress
	once     sync.Once
}

// connectMCP opens a session; person answers what the person is asked, nil for
// a client that cannot ask.
func connectMCP(t *testing.T, over mcp.Transport, person func(*mcp.ElicitParams) *mcp.ElicitResult) *client {
	t.Helper()
	c := &client{first: make(chan struct{})}
	o := &mcp.ClientOptions{ProgressNotificationHandler: func(context.Context, *mcp.ProgressNotificationClientRequest) {
		c.progress.Add(1)
		c.once.Do(func() { close(c.first) })
	}}
	if person != nil {
		o.ElicitationHandler = func(_ context.Context, r *mcp.ElicitRequest) (*mcp.ElicitResult, error) { return person(r.Params), nil }
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	session, err := mcp.NewClient(&mcp.Implementation{Name: "scripted", Version: "1"}, o).Connect(ctx, over, nil)
	if err != nil {
		t.Fatal(err)
	}
	c.ClientSession = session
	t.Cleanup(func() { session.Close() })
	return c
}

// call calls a tool that is to succeed and reads its structured content.
func (c *client) call(t *testing.T, tool string, args map[string]any, into any) *mcp.CallToolResult {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	r, err := c.CallTool(ctx, &mcp.CallToolParams{Name: tool, Arguments: args})
	if err != nil {
		t.Fatalf("%s %v: %v", tool, args, err)
	}
	if r.IsError {
		t.Fatalf("%s %v: %s", tool, args, saidBy(r))
	}
	body, err := json.Marshal(r.StructuredContent)
	if err == nil && into != nil {
		err = json.Unmarshal(body, into)
	}
	if err != nil {
		t.Fatalf("%s %v: %v", tool, args, err)
	}
	return r
}

func (c *client) ask(t *testing.T, question string) *agent.Answer {
	t.Helper()
	a := &agent.Answer{}
	c.call(t, "ask", map[string]any{"question": question}, a)
	return a
}

func saidBy(r *mcp.CallToolResult) string {
	var b strings.Builder
	for _, c := range r.Content {
		if text, ok := c.(*mcp.TextContent); ok {
			b.WriteString(text.Text)
		}
	}
	return b.String()
}

// stdio is the program as an assistant starts it.
func (s *shell) stdio(args ...string) (*mcp.CommandTransport, *exec.Cmd) {
	c := exec.Command(program(s.t), append([]string{"mcp"}, args...)...)
	c.Dir, c.Env = s.dir, s.env
	return &mcp.CommandTransport{Command: c}, c
}

var servingAt = regexp.MustCompile(`http://[0-9.:]+/mcp`)

// serveHTTP starts the program on a free port.
func (s *shell) serveHTTP(env []string, args ...string) (url string, c *exec.Cmd) {
	s.t.Helper()
	c = exec.Command(program(s.t), append([]string{"mcp", "--http", "127.0.0.1:0"}, args...)...)
	c.Dir, c.Env = s.dir, append(slices.Clone(s.env), env...)
	errs, err := c.StderrPipe()
	if err == nil {
		err = c.Start()
	}
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = c.Process.Kill(); _ = c.Wait() })
	line, err := bufio.NewReader(errs).ReadString('\n')
	if url = servingAt.FindString(line); err != nil || url == "" {
		s.t.Fatalf("it does not say where it serves: %q, %v", line, err)
	}
	go io.Copy(io.Discard, errs)
	return url, c
}

// TestMCP has the conversation that an assistant may have, over both
// transports.
func TestMCP(t *testing.T) {
	t.Parallel()
	s, db := mcpShop(t, "600")
	t.Run("stdio", func(t *testing.T) {
		over, _ := s.under(t).stdio("--db", db, "--model", "offline")
		converseMCP(t, s.under(t), db, connectMCP(t, over, nil))
	})
	t.Run("http", func(t *testing.T) {
		const token = "the-token-of-this-test"
		url, c := s.under(t).serveHTTP([]string{envMCPToken + "=" + token}, "--db", db, "--model", "offline")
		if r, err := http.Post(url, "application/json", strings.NewReader("{}")); err != nil || r.StatusCode != http.StatusUnauthorized {
			t.Errorf("without the token: %v, %v", r, err)
		}
		over := &mcp.StreamableClientTransport{Endpoint: url, HTTPClient: &http.Client{Transport: withToken(token)}}
		converseMCP(t, s.under(t), db, connectMCP(t, over, nil))
		if err := c.Process.Signal(syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
		if err := c.Wait(); err != nil {
			t.Errorf("after SIGTERM: %v", err)
		}
	})
}

type withToken string

func (token withToken) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("Authorization", "Bearer "+string(token))
	return http.DefaultTransport.RoundTrip(r)
}

func converseMCP(t *testing.T, s *shell, db string, c *client) {
	ctx := t.Context()
	// The tools are those of `tesela run`, but for those that write, and ask.
	var ours []model.Tool
	s.run("run", "--json").exits(exitOK).into(&ours)
	schemas := map[string]string{"ask": ""}
	for _, tool := range ours {
		if !tool.Writes {
			schemas[tool.Name] = canonical(t, tool.Schema)
		}
	}
	for tool, err := range c.Tools(ctx, nil) {
		if err != nil {
			t.Fatal(err)
		}
		body, _ := json.Marshal(tool.InputSchema)
		want, known := schemas[tool.Name]
		if !known || want != "" && canonical(t, body) != want {
			t.Errorf("%s is no tool of ours, or takes something else: %s", tool.Name, body)
		}
		delete(schemas, tool.Name)
		if tool.Annotations == nil || !tool.Annotations.ReadOnlyHint || tool.Description == "" || tool.Title == "" || tool.OutputSchema == nil {
			t.Errorf("%s: %+v", tool.Name, tool.Annotations)
		}
	}
	for name := range schemas {
		t.Errorf("the tool %s is not listed", name)
	}
	if r, err := c.CallTool(ctx, &mcp.CallToolParams{Name: "save_segment", Arguments: map[string]any{"name": "x", "formula": "count(order) > 1"}}); err == nil {
		t.Errorf("a tool that writes may be called: %s", saidBy(r))
	}
	// What is computed is what `tesela run` computes.
	for tool, args := range map[string]string{
		"describe_data": `{}`,
		"find_values":   `{"text":"spian"}`,
		"count_segment": `{"formula":"country = \"Spain\" and count(order) >= 3"}`,
		"measure":       `{"measures":["customers","revenue"],"group_by":["country"]}`,
		"score_rfm":     `{}`,
		"trace_drift":   `{}`,
	} {
		var given map[string]any
		if err := json.Unmarshal([]byte(args), &given); err != nil {
			t.Fatal(err)
		}
		var got tools.Result
		r := c.call(t, tool, given, &got)
		var want tools.Result
		ran := s.run("run", "--db", db, tool, args).exits(exitOK).into(&want)
		body, _ := json.Marshal(r.StructuredContent)
		if got.Fingerprint == "" || got.Fingerprint != want.Fingerprint || canonical(t, body) != canonical(t, []byte(ran.out)) {
			t.Errorf("%s: over MCP\n%s\n`tesela run`\n%s", tool, canonical(t, body), canonical(t, []byte(ran.out)))
		}
		if !strings.Contains(saidBy(r), got.Title) {
			t.Errorf("%s: the text is\n%s", tool, saidBy(r))
		}
	}
	r, err := c.CallTool(ctx, &mcp.CallToolParams{Name: "count_segment", Arguments: map[string]any{"formula": `contry = "Spain"`}})
	if err != nil || !r.IsError || !strings.Contains(saidBy(r), "country") {
		t.Errorf("a wrong name is answered with %s, %v", saidBy(r), err)
	}
	// Questions, and what follows them up in the session.
	for _, q := range []struct{ lang, question, then string }{
		{"en", "how many customers ordered at least three times", "and in Spain?"},
		{"es", "¿cuántos clientes compraron al menos tres veces?", "¿y en España?"},
		{"pt", "quantos clientes compraram pelo menos três vezes?", "e na Espanha?"},
	} {
		first, then := c.ask(t, q.question), c.ask(t, q.then)
		for _, a := range []*agent.Answer{first, then} {
			if a.Status != model.Answered || a.Language != q.lang || a.Understood == "" || len(a.Calls) != 1 {
				t.Errorf("%q: %+v", a.Question, a)
			}
		}
		if args := string(then.Calls[0].Args); !strings.Contains(args, "Spain") || !strings.Contains(args, "count(order)") {
			t.Errorf("%q after %q: %s", q.then, q.question, args)
		}
	}
	if a := c.ask(t, "best customers"); a.Status != model.Clarify || len(a.Choices) < 2 {
		t.Errorf("a question with two readings: %+v", a)
	} else if a := c.ask(t, a.Choices[1].Question); a.Status != model.Answered {
		t.Errorf("one of the readings: %+v", a)
	}
	if a := c.ask(t, "customers that flurb"); a.Status != model.Clarify || !slices.Equal(a.Unknown, []string{"flurb"}) {
		t.Errorf("a word that is not known: %+v", a)
	}
	// What there is to read.
	uris := map[string]bool{}
	for r, err := range c.Resources(ctx, nil) {
		if err != nil {
			t.Fatal(err)
		}
		read, err := c.ReadResource(ctx, &mcp.ReadResourceParams{URI: r.URI})
		if err != nil || len(read.Contents) == 0 || read.Contents[0].Text == "" || read.Contents[0].MIMEType != r.MIMEType {
			t.Errorf("%s: %v, %v", r.URI, read, err)
			continue
		}
		uris[r.URI] = true
		if r.MIMEType == "text/html" && !strings.Contains(read.Contents[0].Text, "</html>") {
			t.Errorf("%s is no page", r.URI)
		}
	}
	for _, uri := range []string{"tesela://catalogue", "tesela://segments/Spanish%20regulars", "tesela://reports/Spanish%20regulars"} {
		if !uris[uri] {
			t.Errorf("%s is not listed, but %v", uri, uris)
		}
	}
	for template, err := range c.ResourceTemplates(ctx, nil) {
		if err != nil || template.URITemplate == "" || template.Description == "" {
			t.Errorf("%+v, %v", template, err)
		}
	}
	if _, err := c.ReadResource(ctx, &mcp.ReadResourceParams{URI: "tesela://segments/none"}); err == nil {
		t.Error("a segment that is not there is read")
	}
	// Prompts.
	prompts := 0
	for p, err := range c.Prompts(ctx, nil) {
		if err != nil {
			t.Fatal(err)
		}
		prompts++
		if p.Name != "explain_segment" {
			continue
		}
		got, err := c.GetPrompt(ctx, &mcp.GetPromptParams{Name: p.Name, Arguments: map[string]string{"segment": "Spanish regulars"}})
		if err != nil || len(got.Messages) == 0 || !strings.Contains(got.Messages[0].Content.(*mcp.TextContent).Text, "Spanish regulars") {
			t.Errorf("%+v, %v", got, err)
		}
	}
	if prompts < 5 {
		t.Errorf("%d prompts", prompts)
	}
}

// canonical writes JSON in one way: names in order, numbers as they are.
func canonical(t *testing.T, body []byte) string {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(string(body)))
	d.UseNumber()
	var v any
	err := d.Decode(&v)
	if err == nil {
		body, err = json.Marshal(v)
	}
	if err != nil {
		t.Fatalf("%v in %s", err, body)
	}
	return string(body)
}

// A long call tells how far it is, may be cancelled, and then keeps nothing
// from being answered.
func TestMCPLongCalls(t *testing.T) {
	t.Parallel()
	s, db := mcpShop(t, "4000")
	open := map[string]func(*testing.T) mcp.Transport{
		"stdio": func(t *testing.T) mcp.Transport {
			over, _ := s.under(t).stdio("--db", db)
			return over
		},
		"http": func(t *testing.T) mcp.Transport {
			url, _ := s.under(t).serveHTTP(nil, "--db", db)
			return &mcp.StreamableClientTransport{Endpoint: url}
		},
	}
	for name, over := range open {
		t.Run(name, func(t *testing.T) {
			c := connectMCP(t, over(t), nil)
			long := func(ctx context.Context) error {
				p := &mcp.CallToolParams{Name: "find_microsegments", Arguments: map[string]any{}}
				p.SetProgressToken("how far")
				_, err := c.CallTool(ctx, p)
				return err
			}
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			ended := make(chan error, 1)
			go func() { ended <- long(ctx) }()
			select {
			case <-c.first:
			case err := <-ended:
				t.Fatalf("it ended without a word: %v", err)
			}
			cancel()
			if err := <-ended; !errors.Is(err, context.Canceled) {
				t.Fatalf("a cancelled call: %v", err)
			}
			begun := time.Now()
			if a := c.ask(t, "how many customers are there"); a.Status != model.Answered {
				t.Errorf("after it: %+v", a)
			}
			t.Logf("after the cancelled call the next took %v", time.Since(begun))
			said := c.progress.Load()
			if err := long(t.Context()); err != nil {
				t.Errorf("the call again, to its end: %v", err)
			}
			if c.progress.Load() == said {
				t.Error("no progress")
			}
		})
	}
}

// Calls that change something are not there by default; where they are, they
// wait for the person, asked by the client or in two steps.
func TestMCPWrites(t *testing.T) {
	t.Parallel()
	s, db := mcpShop(t, "100")
	saved := func(name string) bool {
		return strings.Contains(s.run("segment", "list", "--db", db, "--json").exits(exitOK).out, name)
	}
	save := func(c *client, name string) *mcp.CallToolResult {
		r, err := c.CallTool(t.Context(), &mcp.CallToolParams{Name: "save_segment", Arguments: map[string]any{"name": name, "formula": "count(order) >= 2"}})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	answer := "accept"
	asked := 0
	over, _ := s.stdio("--db", db, "--allow-writes")
	c := connectMCP(t, over, func(p *mcp.ElicitParams) *mcp.ElicitResult {
		if asked++; !strings.Contains(p.Message, "count(order) >= 2") {
			t.Errorf("the person is asked %q", p.Message)
		}
		return &mcp.ElicitResult{Action: answer, Content: map[string]any{"approve": true}}
	})
	if r := save(c, "Twice"); r.IsError || asked != 1 || !saved("Twice") {
		t.Errorf("after a yes: %s", saidBy(r))
	}
	answer = "decline"
	if r := save(c, "Never"); asked != 2 || saved("Never") {
		t.Errorf("after a no: %s", saidBy(r))
	}
	url, _ := s.serveHTTP(nil, "--db", db, "--allow-writes")
	c = connectMCP(t, &mcp.StreamableClientTransport{Endpoint: url}, nil)
	var offered tools.Result
	body, _ := json.Marshal(save(c, "In two steps").StructuredContent)
	if err := json.Unmarshal(body, &offered); err != nil || offered.Approval == "" || saved("In two steps") {
		t.Fatalf("the first step: %s", body)
	}
	other := connectMCP(t, &mcp.StreamableClientTransport{Endpoint: url}, nil)
	if r, err := other.CallTool(t.Context(), &mcp.CallToolParams{Name: "approve", Arguments: map[string]any{"approval": offered.Approval, "confirm": true}}); err != nil || !r.IsError || saved("In two steps") {
		t.Errorf("another session approves: %v, %v", r, err)
	}
	c.call(t, "approve", map[string]any{"approval": offered.Approval, "confirm": true}, nil)
	if !saved("In two steps") {
		t.Error("the second step did nothing")
	}
}
