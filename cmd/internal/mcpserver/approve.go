package mcpserver

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"strings"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	"github.com/modelcontextprotocol/go-sdk/mcp"

	"tesela/agent"
	"tesela/agent/model"
	"tesela/agent/wording"
	"tesela/tools"
)

// A call that changes something is a turn of a conversation: the agent shows
// what it would do, gives out an approval for just that, does it once, and
// keeps who decided. This file brings the person in. A client that can ask
// them is made to; the assistant behind it has no say then. With one that
// cannot, the call takes two steps: the first changes nothing and tells the
// assistant to show the person what would happen, the second, approve, is
// marked as destructive so that clients have it confirmed, and what is kept
// tells that a yes came from the assistant's mouth. An assistant that lies about
// its person cannot be told from an honest one: who does not trust it leaves
// writes off, or connects through a client that asks.

// oneCall is a model that asks for one call and says no more.
type oneCall struct {
	tool string
	args json.RawMessage
}

// Name implements model.Model.
func (oneCall) Name() string { return "mcp" }

// Generate implements model.Model.
func (c oneCall) Generate(context.Context, model.Request) iter.Seq2[model.Delta, error] {
	return func(yield func(model.Delta, error) bool) {
		yield(model.Delta{Call: &model.Call{Name: c.tool, Args: c.args}}, nil)
	}
}

// conversation is one of a session, set up for a caller that is no person.
func (s *Server) conversation(ctx context.Context, session, language string) (*agent.Conversation, error) {
	c, err := s.c.Converse(ctx, session, language)
	if err != nil {
		return nil, err
	}
	c.Person, c.Hold, c.Clock = false, s.c.Hold, s.c.Clock
	if c.AsOf.IsZero() {
		c.AsOf = s.c.AsOf
	}
	return c, nil
}

// propose offers a call that changes something to a person. The preview is
// what it would do.
func (s *Server) propose(ctx context.Context, r *mcp.CallToolRequest, tool string, preview *tools.Result) (*mcp.CallToolResult, error) {
	// A session of its own: no other question follows it up.
	o := &offer{
		owner: s.ownerOf(r), session: "mcp:call:" + printOf(randomText()), language: s.c.Language,
		tool: tool, request: printOf(tool, string(r.Params.Arguments)), until: s.c.Clock().Add(s.c.Hold),
	}
	c, err := s.conversation(ctx, o.session, o.language)
	if err != nil {
		return s.fault(ctx, err)
	}
	c.Model = oneCall{tool: tool, args: r.Params.Arguments}
	var answer *agent.Answer
	for event, err := range c.Ask(ctx, short(tool+" "+strings.TrimSpace(string(r.Params.Arguments)))) {
		if err != nil {
			return s.fault(ctx, err)
		}
		if event.Answer != nil {
			answer = event.Answer
		}
		s.notice(ctx, r, event.Notice)
	}
	waiting := s.waiting(answer)
	if len(waiting) != 1 {
		return s.failed(fault{Kind: "error", Tool: tool, Message: s.say(o.language, "no_approval")}, ""), nil
	}
	o.id, o.call = waiting[0].Approval, waiting[0]
	s.offers.add(o)
	shown := *cmp.Or(o.call.Result, preview)
	shown.Approval = o.id
	offered := func() (*mcp.CallToolResult, error) {
		body, err := s.fitting(o.language, &shown, mostStructured)
		if err != nil {
			return nil, err
		}
		// What would happen and the very call, as the answer to a question says it.
		return &mcp.CallToolResult{
			StructuredContent: body,
			Content:           s.text(o.language, joined(s.say(o.language, "nothing_yet"), answer.Text, s.twoSteps(o))),
		}, nil
	}
	return s.decide(ctx, r, []*offer{o}, offered)
}

// waiting are an answer's calls that wait.
func (s *Server) waiting(a *agent.Answer) []agent.CallRecord {
	var calls []agent.CallRecord
	if a == nil || a.Status != model.Approve {
		return nil
	}
	for _, c := range a.Calls {
		if c.Approval != "" && c.Result != nil {
			calls = append(calls, c)
		}
	}
	return calls
}

// twoSteps tells an assistant how its person decides where the client cannot
// ask them.
func (s *Server) twoSteps(o *offer) string {
	return s.say(o.language, "two_steps", "id", o.id, "when", o.until.UTC().Format("2006-01-02 15:04 UTC"))
}

// settle does what the person said yes to, and nothing else.
func (s *Server) settle(ctx context.Context, r *mcp.CallToolRequest, list []*offer, said map[string]*mcp.ElicitResult) (*mcp.CallToolResult, error) {
	var last *mcp.CallToolResult
	for _, o := range list {
		yes, dismissed := false, false
		switch reply := said[o.id]; reply.Action {
		case "accept":
			yes, _ = reply.Content["approve"].(bool)
		case "decline":
		default:
			dismissed = true
		}
		if dismissed {
			last = s.failed(fault{Kind: "declined", Tool: o.call.Tool, Message: s.say(o.language, "dismissed")}, "")
			continue
		}
		answer, failed := s.carryOut(ctx, r, o, yes, "asked")
		switch {
		case failed != nil:
			return failed, nil
		case !yes:
			last = s.failed(fault{Kind: "declined", Tool: o.call.Tool, Message: s.say(o.language, "declined")}, "")
		case r.Params.Name == o.call.Tool && len(answer.Calls) > 0 && answer.Calls[0].Result != nil:
			result, err := s.result(o.call.Tool, o.call.Args, answer.Calls[0].Result, s.say(o.language, "done", "who", answer.Decided.By))
			if err != nil {
				return nil, err
			}
			last = result
		default:
			result, err := s.answered(answer)
			if err != nil {
				return nil, err
			}
			last = result
		}
	}
	return last, nil
}

// carryOut decides an offer in the name of the client; how says who asked the
// person. A failure is worded.
func (s *Server) carryOut(ctx context.Context, r *mcp.CallToolRequest, o *offer, yes bool, how string) (*agent.Answer, *mcp.CallToolResult) {
	o.deciding.Lock()
	defer o.deciding.Unlock()
	refuse := func(reason, message string) *mcp.CallToolResult {
		return s.failed(fault{Kind: "approval", Tool: o.call.Tool, Reason: reason, Message: message}, "")
	}
	c, err := s.conversation(ctx, o.session, o.language)
	if err != nil {
		return nil, refuse("failed", err.Error())
	}
	who := s.say(o.language, "who_"+how, "client", cmp.Or(client(r), s.say(o.language, "nameless")))
	decision := c.Reject
	if yes {
		decision = c.Approve
	}
	answer, err := decision(ctx, o.id, who)
	var refused *agent.ApprovalError
	switch {
	case errors.As(err, &refused):
		return nil, refuse(refused.Reason, refused.Message)
	case answer == nil:
		return nil, refuse("failed", fmt.Sprint(err))
	case err != nil:
		s.log.Error("a decision was not kept", "approval", o.id, "error", err)
	}
	if yes {
		s.log.Info("a call was approved", "tool", o.call.Tool, "by", who, "approval", o.id)
		s.changed(ctx)
	}
	return answer, nil
}

// approve is the second step: the assistant says what its person said. Where
// the client can ask the person itself, it is made to.
func (s *Server) approve(ctx context.Context, r *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
	if r.Params.RequestState != "" {
		return s.resume(ctx, r)
	}
	var id string
	var confirm *bool
	if err := arguments("approve", r.Params.Arguments, map[string]any{"approval": &id, "confirm": &confirm}); err != nil {
		return s.fault(ctx, err)
	}
	id = strings.TrimSpace(id)
	switch {
	case id == "":
		return s.fault(ctx, &tools.ArgumentError{Tool: "approve", Field: "approval", Message: "must be given: the approval that the call gave"})
	case confirm == nil:
		return s.fault(ctx, &tools.ArgumentError{Tool: "approve", Field: "confirm", Message: "must be given: true where the person has said yes, false where they said no"})
	}
	o := s.offers.find(id, s.ownerOf(r))
	if o == nil {
		return s.failed(fault{Kind: "approval", Tool: "approve", Reason: "unknown", Message: s.say(s.c.Language, "unknown_approval", "id", wording.Clean(id))}, ""), nil
	}
	if !*confirm {
		return s.second(ctx, r, o, false)
	}
	return s.decide(ctx, r, []*offer{o}, func() (*mcp.CallToolResult, error) { return s.second(ctx, r, o, true) })
}

// second carries out the second step.
func (s *Server) second(ctx context.Context, r *mcp.CallToolRequest, o *offer, yes bool) (*mcp.CallToolResult, error) {
	answer, failed := s.carryOut(ctx, r, o, yes, "told")
	if failed != nil {
		return failed, nil
	}
	return s.answered(answer)
}

// notice tells the operator what is not part of an answer, and a client that
// wants to hear it.
func (s *Server) notice(ctx context.Context, r *mcp.CallToolRequest, text string) {
	if text == "" {
		return
	}
	s.log.Warn(text)
	if r.Session != nil {
		//lint:ignore SA1019 clients of the versions that have logging hear it
		_ = r.Session.Log(ctx, &mcp.LoggingMessageParams{Level: "warning", Logger: "tesela", Data: text})
	}
}

var errNoAnswer = &jsonrpc.Error{Code: jsonrpc.CodeInternalError, Message: "the question came to no answer"}
