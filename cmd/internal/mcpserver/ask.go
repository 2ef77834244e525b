package mcpserver

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"strconv"
	"strings"
	"sync"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"tesela/agent"
	"tesela/agent/model"
	"tesela/agent/wording"
	"tesela/tools"
)

// mostSession bounds the name of a session, in bytes.
const mostSession = 120

// ask hands a question over whole.
func (s *Server) ask(ctx context.Context, r *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
	if r.Params.RequestState != "" {
		return s.resume(ctx, r)
	}
	var question, session, language string
	err := arguments("ask", r.Params.Arguments, map[string]any{"question": &question, "session": &session, "language": &language})
	if err == nil {
		err = askable(question, session, language)
	}
	if err != nil {
		return s.fault(ctx, err)
	}
	session = s.sessionOf(r, session)
	c, err := s.conversation(ctx, session, language)
	if err != nil {
		return s.fault(ctx, err)
	}
	p := newProgress(ctx, r.Session, r.Params.GetProgressToken())
	defer p.end()
	c.Progress = p.work
	var answer *agent.Answer
	draft := ""
	for event, err := range c.Ask(ctx, s.chosen(ctx, c, question)) {
		if err != nil {
			return s.fault(ctx, err)
		}
		switch {
		case event.Answer != nil:
			answer = event.Answer
		case event.Withdrawn:
			draft = ""
			p.write(draft)
		case event.Draft != "":
			draft += event.Draft
			p.write(draft)
		}
		s.notice(ctx, r, event.Notice)
	}
	p.end()
	if answer == nil {
		return nil, errNoAnswer
	}
	s.picks.keep(session, answer.Choices)
	waiting := s.waiting(answer)
	switch {
	case len(waiting) == 0:
		return s.answered(answer)
	case !s.c.AllowWrites:
		return s.answered(answer, s.say(answer.Language, "not_allowed", "id", answer.ID))
	}
	var list []*offer
	tail := []string{s.say(answer.Language, "nothing_yet")}
	for _, call := range waiting {
		o := &offer{
			id: call.Approval, owner: s.ownerOf(r), session: session, language: answer.Language,
			tool: "ask", request: printOf("ask", string(r.Params.Arguments)), call: call, until: s.c.Clock().Add(s.c.Hold),
		}
		s.offers.add(o)
		list, tail = append(list, o), append(tail, s.twoSteps(o))
	}
	return s.decide(ctx, r, list, func() (*mcp.CallToolResult, error) { return s.answered(answer, tail...) })
}

// askable checks the arguments beyond their kinds. An empty question is asked
// back about by the agent.
func askable(question, session, language string) error {
	fault := func(field, message string) error {
		return &tools.ArgumentError{Tool: "ask", Field: field, Message: message}
	}
	switch {
	case strings.TrimSpace(question) == "":
		return fault("question", "must be given: the person's question, as they put it")
	case len(session) > mostSession:
		return fault("session", "is longer than 120 bytes")
	case session != wording.Clean(session):
		return fault("session", "holds a character that no name may have")
	case language != "" && language != "en" && language != "es" && language != "pt":
		return fault("language", "expected one of en, es, pt")
	}
	return nil
}

// sessionOf is the conversation that a question belongs to: a named one, which
// no other front end shares, or this connection's own. Where connections do
// not last, a question without a name stands alone.
func (s *Server) sessionOf(r *mcp.CallToolRequest, name string) string {
	switch {
	case name != "":
		return "mcp:named:" + name
	case lasting(r):
		return "mcp:" + s.ownerOf(r)
	}
	return "mcp:alone:" + printOf(randomText())
}

// chosen is the question meant by the number of a choice that the session was
// asked back with last; any other question is meant as it is.
func (s *Server) chosen(ctx context.Context, c *agent.Conversation, question string) string {
	n, err := strconv.Atoi(strings.Trim(question, " .)(#\n"))
	if err != nil || n < 1 {
		return question
	}
	choices, known := s.picks.of(c.Session)
	if !known && c.Workspace != nil { // asked by an earlier run of the server
		turns, err := c.Workspace.Turns(ctx, c.Session, 1)
		var last agent.Answer
		if err == nil && len(turns) == 1 && json.Unmarshal(turns[0].Answer, &last) == nil {
			choices = last.Choices
		}
	}
	if n > len(choices) {
		return question
	}
	return choices[n-1].Question
}

// mostPicks bounds the sessions whose last choices are remembered.
const mostPicks = 1000

// picks are the choices that sessions were asked back with last; none for
// those whose last question was answered.
type picks struct {
	mu    sync.Mutex
	by    map[string][]model.Choice
	order []string
}

func (p *picks) keep(session string, choices []model.Choice) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.by == nil {
		p.by = map[string][]model.Choice{}
	}
	if _, known := p.by[session]; !known {
		p.order = append(p.order, session)
	}
	p.by[session] = choices
	for len(p.order) > mostPicks {
		delete(p.by, p.order[0])
		p.order = p.order[1:]
	}
}

func (p *picks) of(session string) ([]model.Choice, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	choices, known := p.by[session]
	return choices, known
}

func randomText() string { return rand.Text() }
