package mcpserver

import (
	"context"
	"encoding/json"
	"regexp"
	"strings"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"tesela/agent/wording"
)

// decide has the person asked about the offers, where the client can; else it
// gives what is offered without. A client that can ask and fails to gets what
// is offered by the first step only: the second is not done on its word.
func (s *Server) decide(ctx context.Context, r *mcp.CallToolRequest, list []*offer, offered func() (*mcp.CallToolResult, error)) (*mcp.CallToolResult, error) {
	if !elicits(r) {
		return offered()
	}
	if sessionless(r) {
		// The client asks, and calls again with what was said.
		asks := mcp.InputRequestMap{}
		var ids []string
		for _, o := range list {
			asks[o.id], ids = s.question(o), append(ids, o.id)
		}
		return &mcp.CallToolResult{InputRequests: asks, RequestState: strings.Join(ids, " ")}, nil
	}
	said := map[string]*mcp.ElicitResult{}
	for _, o := range list {
		limited, stop := context.WithTimeout(ctx, s.c.Hold)
		reply, err := r.Session.Elicit(limited, s.question(o))
		stop()
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		if err != nil {
			s.log.Warn("the client did not ask its person", "client", client(r), "error", err)
			if r.Params.Name == "approve" {
				return s.failed(fault{Kind: "approval", Tool: o.call.Tool, Message: s.say(o.language, "not_asked", "id", o.id)}, ""), nil
			}
			return offered()
		}
		said[o.id] = reply
	}
	return s.settle(ctx, r, list, said)
}

// sessionless tells whether the client speaks a version of the protocol in
// which a server sends no requests of its own.
func sessionless(r *mcp.CallToolRequest) bool { return r.ProtocolVersion() >= "2026-07-28" }

// elicits tells whether the client can put a question to its person.
func elicits(r *mcp.CallToolRequest) bool {
	can := r.ClientCapabilities()
	return can != nil && can.Elicitation != nil && (can.Elicitation.Form != nil || can.Elicitation.URL == nil)
}

// question asks a person about one call: what it would do, and the very call.
func (s *Server) question(o *offer) *mcp.ElicitParams {
	text := o.call.Tool + " " + string(o.call.Args)
	if lang, err := wording.For(o.language); err == nil {
		text = unmarked(lang.Approval([]wording.Call{{Tool: o.call.Tool, Args: o.call.Args, Result: o.call.Result}}))
	}
	ask, _ := json.Marshal(map[string]any{
		"type": "object", "required": []string{"approve"},
		"properties": map[string]any{"approve": map[string]any{"type": "boolean", "title": s.say(o.language, "do_it")}},
	})
	return &mcp.ElicitParams{Message: joined(s.bounded(o.language, text), s.say(o.language, "question")), RequestedSchema: json.RawMessage(ask)}
}

var marked = regexp.MustCompile("`[^`]*`|\\\\([\\\\`*_\\[\\]<>|~])|\\*\\*")

// unmarked is Markdown as a client shows it that knows none: without its
// emphasis and escapes, but with code as it is.
func unmarked(text string) string {
	return marked.ReplaceAllStringFunc(text, func(mark string) string {
		switch mark[0] {
		case '`':
			return mark
		case '\\':
			return mark[1:]
		}
		return ""
	})
}

// resume takes what a person said when the client calls again with it.
func (s *Server) resume(ctx context.Context, r *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
	owner, request := s.ownerOf(r), printOf(r.Params.Name, string(r.Params.Arguments))
	var list []*offer
	said := map[string]*mcp.ElicitResult{}
	for _, id := range strings.Fields(r.Params.RequestState) {
		o := s.offers.find(id, owner)
		reply, _ := r.Params.InputResponses[id].(*mcp.ElicitResult)
		if o == nil || reply == nil || o.request != request && r.Params.Name != "approve" {
			return s.failed(fault{Kind: "approval", Tool: r.Params.Name, Message: s.say(s.c.Language, "not_this")}, ""), nil
		}
		list, said[id] = append(list, o), reply
	}
	if len(list) == 0 {
		return s.failed(fault{Kind: "approval", Tool: r.Params.Name, Message: s.say(s.c.Language, "not_this")}, ""), nil
	}
	return s.settle(ctx, r, list, said)
}
