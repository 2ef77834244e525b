package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"tesela/agent"
	"tesela/agent/model"
	"tesela/cmd/internal/mcpserver"
	"tesela/segment/syntax"
	"tesela/store"
	"tesela/tools"
)

// envMCPToken holds the bearer token of the HTTP side: a command line would
// show it to everybody on the machine.
const envMCPToken = "TESELA_MCP_TOKEN"

// serving is the flags of `tesela mcp`.
type serving struct {
	talk           talk
	asOf, http     string
	writes         bool
	origins, hosts []string
	sessions       int
	idle           time.Duration
}

func newMCP(a *app) *cobra.Command {
	var s serving
	c := &cobra.Command{
		Use:   "mcp",
		Short: "Serve other assistants over the Model Context Protocol",
		Long: "Offers the tools, questions as a whole (ask), the catalogue, saved segments, reports and prompts to\n" +
			"another assistant over the Model Context Protocol: on standard input and output, where the assistant\n" +
			"starts this command itself, or over HTTP. Everything offered only reads, unless --allow-writes offers\n" +
			"what changes something, too; each such change then waits for a person's yes.\n\n" +
			"An assistant that keeps its servers in a JSON file (Claude Desktop, Cursor and others) takes\n\n" +
			"  {\"mcpServers\": {\"tesela\": {\"command\": \"tesela\", \"args\": [\"mcp\", \"--db\", \"/path/to/tesela.db\"]}}}\n\n" +
			"and VS Code, in .vscode/mcp.json, over standard input and output or HTTP,\n\n" +
			"  {\"servers\": {\"tesela\": {\"type\": \"stdio\", \"command\": \"tesela\", \"args\": [\"mcp\"]}}}\n" +
			"  {\"servers\": {\"tesela\": {\"type\": \"http\", \"url\": \"http://127.0.0.1:8123/mcp\"}}}\n\n" +
			"Over HTTP it listens on this machine alone; an address that others can reach needs a bearer token of\n" +
			"at least 16 characters in " + envMCPToken + ", which every request must then show. It speaks no TLS: put a\n" +
			"proxy in front of it. Web pages may call only from this machine or from an --allow-origin.",
		Example: "  tesela mcp\n  tesela mcp --http 8123\n  tesela mcp --allow-writes --db shop.db\n" +
			"  " + envMCPToken + "=$(openssl rand -hex 24) tesela mcp --http 0.0.0.0:8123",
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return a.serveMCP(c, &s) },
	}
	flags := c.Flags()
	flags.StringVar(&s.http, "http", "", "serve over HTTP at this `ADDRESS`, HOST:PORT or a port of this machine, instead of standard input and output")
	flags.BoolVar(&s.writes, "allow-writes", false, "offer the tools that change something, too; each change waits for a person's yes")
	flags.StringArrayVar(&s.origins, "allow-origin", nil, "let web pages of this `ORIGIN` call over HTTP, such as https://app.example.com (may be given again)")
	flags.StringArrayVar(&s.hosts, "allow-host", nil, "answer to this `NAME`, too, that a proxy on this machine passes on (may be given again)")
	flags.StringVar(&s.talk.lang, "lang", "", "language of titles, notes and answers: en, es or pt (default: answers as asked, the rest in en)")
	flags.StringVar(&s.asOf, "as-of", "", "answer as of this `DATE` (2011-12-01 or RFC 3339) instead of the end of the newest day of data")
	flags.StringVar(&s.talk.model, "model", "auto", "who reads the questions: auto, offline, or a language model such as openai:NAME")
	s.talk.bounds.add(c, "give up on a call", 2*time.Minute)
	flags.IntVar(&s.sessions, "sessions", 200, "sessions open at once over HTTP; more are refused")
	flags.DurationVar(&s.idle, "idle", 30*time.Minute, "end a session over HTTP that has asked nothing for this long")
	return c
}

// check tells what of the flags cannot be.
func (s *serving) check(changed func(flag string) bool) (*syntax.Date, error) {
	if err := errors.Join(checkModel(s.talk.model), checkLanguage(s.talk.lang), s.talk.bounds.check(changed, configured().price)); err != nil {
		return nil, err
	}
	if s.http == "" {
		for _, flag := range []string{"http", "allow-origin", "allow-host", "sessions", "idle"} {
			if changed(flag) {
				return nil, usageError("--%s is for HTTP: name an address with --http, such as --http 8123", flag)
			}
		}
	}
	switch {
	case s.sessions < 1:
		return nil, usageError("--sessions %d: expected at least 1", s.sessions)
	case s.idle <= 0:
		return nil, usageError("--idle %v: expected a time such as 30m", s.idle)
	case s.asOf == "":
		return nil, nil
	}
	day, err := syntax.ParseDate(s.asOf)
	if err != nil {
		return nil, usageError("--as-of %q: expected a date such as 2011-12-01 or 2011-12-01T08:00:00Z", s.asOf)
	}
	return day, nil
}

// serveMCP serves until the input or the context ends. Standard output carries
// the protocol and nothing else; over HTTP it carries nothing.
func (a *app) serveMCP(c *cobra.Command, s *serving) error {
	ctx := c.Context()
	day, err := s.check(c.Flags().Changed)
	if err != nil {
		return err
	}
	ws, err := a.open(ctx)
	if err != nil {
		return err
	}
	defer ws.Close()
	if s.talk.asOf, err = instantOf(ctx, ws, day); err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(a.errs, &slog.HandlerOptions{Level: slog.LevelWarn}))
	server, err := a.mcpServer(ctx, ws, s, log)
	if err != nil {
		return err
	}
	calls := mcpserver.Bound(server.MCP(), mcpserver.Bounds{Time: s.talk.bounds.time})
	if s.http != "" {
		return a.serveMCPOverHTTP(ctx, server, calls, s, log)
	}
	if isTerminal(a.in) {
		fmt.Fprintln(a.errs, "waiting for an assistant that speaks the Model Context Protocol on standard input; assistants start this command themselves (--help shows how), ctrl+d ends it")
	}
	return server.RunStdio(ctx, a.in, a.out)
}

// mcpServer is the server over a workspace.
func (a *app) mcpServer(ctx context.Context, ws store.Workspace, s *serving, log *slog.Logger) (*mcpserver.Server, error) {
	asking := s.talk
	asking.bounds.time = asking.bounds.time * 9 / 10 // what there is by then has to be told before the call is given up
	d, err := newDesk(ctx, a, ws, asking)
	if err != nil {
		return nil, err
	}
	return mcpserver.New(mcpserver.Config{
		Tools: d.Tools(),
		// Another assistant is no person: what tells of single customers is
		// not listed for it.
		Converse: func(ctx context.Context, session, language string) (*agent.Conversation, error) {
			return d.Converse(ctx, session, language, false)
		},
		Catalogue:   d.Catalogue,
		Segments:    d.bareSegments,
		Answers:     d.bareQuestions,
		Answer:      d.bareAnswer,
		Report:      d.bareReport,
		AllowWrites: s.writes, Language: s.talk.lang, AsOf: s.talk.asOf, Version: programVersion(), Clock: time.Now, Log: log,
	})
}

// serveMCPOverHTTP serves at an address until the context ends.
func (a *app) serveMCPOverHTTP(ctx context.Context, server *mcpserver.Server, calls *mcpserver.Calls, s *serving, log *slog.Logger) error {
	token := os.Getenv(envMCPToken)
	if len(s.hosts) > 0 && token == "" {
		return usageError("--allow-host lets in who comes through a proxy, from anywhere: set a bearer token of at least %d characters in %s", mcpserver.LeastToken, envMCPToken)
	}
	h, err := mcpserver.Handler(server.MCP(), mcpserver.HTTPOptions{
		Token: token, Origins: s.origins, Hosts: s.hosts, Sessions: s.sessions, Idle: s.idle, Calls: calls, Log: log,
	})
	var l net.Listener
	if err == nil {
		l, err = mcpserver.ListenHTTP(ctx, s.http, token)
	}
	if errors.Is(err, mcpserver.ErrOpen) {
		return usageError("%v: set one of at least %d characters in %s, or serve this machine alone with --http 127.0.0.1:PORT", err, mcpserver.LeastToken, envMCPToken)
	}
	if err != nil {
		return usageError("serve over HTTP: %v", err)
	}
	fmt.Fprintf(a.errs, "serving the Model Context Protocol at http://%s/mcp; ctrl+c ends it\n", l.Addr())
	err = h.Serve(ctx, l)
	// What still runs reads the workspace, which is about to close.
	rest, enough := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer enough()
	_ = server.Drain(rest)
	return err
}

// segmentsByName are the saved segments, apart by whether they name a single
// customer, by their own name or in their definition.
func (d *desk) segmentsByName(ctx context.Context) (bare, named []store.Segment, err error) {
	all, err := d.ws.Segments(ctx)
	if err != nil {
		return nil, nil, err
	}
	search, err := d.searchNow(ctx)
	if err != nil {
		return nil, nil, err
	}
	for _, s := range all {
		formula, err := json.Marshal([]string{s.Formula})
		if err != nil || search.In(s.Name, []tools.Told{{Args: formula}}).Any() {
			named = append(named, s)
		} else {
			bare = append(bare, s)
		}
	}
	return bare, named, nil
}

// bareSegments are the saved segments but for those that name a single customer.
func (d *desk) bareSegments(ctx context.Context) ([]mcpserver.Saved, error) {
	bare, _, err := d.segmentsByName(ctx)
	if err != nil {
		return nil, err
	}
	saved := make([]mcpserver.Saved, len(bare))
	for i, s := range bare {
		saved[i] = mcpserver.Saved{Name: s.Name, Formula: s.Formula, Text: s.Text}
	}
	return saved, nil
}

// bareReport is a page without what tells of single customers. That of a
// segment says how it is defined, so it is not made where that does.
func (d *desk) bareReport(ctx context.Context, name, language string) ([]byte, error) {
	_, named, err := d.segmentsByName(ctx)
	if err != nil {
		return nil, err
	}
	if slices.ContainsFunc(named, func(s store.Segment) bool { return s.Name == name }) {
		return nil, errors.New("the definition of this segment names a single customer, so it is not reported here; `tesela report` does it at a terminal")
	}
	return d.Report(ctx, name, language, false)
}

// bareQuestions are the newest questions that were answered, at most so many,
// but for those that name a single customer: their answers are not given out
// either.
func (d *desk) bareQuestions(ctx context.Context, most int) ([]mcpserver.Kept, error) {
	heads, err := d.ws.FindTurns(ctx, store.TurnQuery{Status: string(model.Answered), Limit: most})
	if err != nil {
		return nil, err
	}
	search, err := d.searchNow(ctx)
	if err != nil {
		return nil, err
	}
	var kept []mcpserver.Kept
	for _, h := range heads {
		if !search.In(h.Question, nil).Any() {
			kept = append(kept, mcpserver.Kept{ID: h.ID, Question: h.Question, Language: h.Language, Asked: h.Asked})
		}
	}
	return kept, nil
}

// bareAnswer is a kept answer without what tells of single customers.
func (d *desk) bareAnswer(ctx context.Context, id string) (json.RawMessage, error) {
	turn, err := d.ws.Turn(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		return nil, fmt.Errorf("there is no answer %q", oneLine(id))
	}
	if err != nil {
		return nil, err
	}
	search, err := d.searchNow(ctx)
	if err != nil {
		return nil, err
	}
	personal, err := agent.PersonalIn(search, turn.Answer)
	if err != nil || !personal.Any() {
		return turn.Answer, err
	}
	return agent.Withhold(turn.Answer, personal)
}
