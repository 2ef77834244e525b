package mcpserver

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"strings"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	"github.com/modelcontextprotocol/go-sdk/mcp"

	"tesela/agent/model"
	"tesela/agent/wording"
	"tesela/tools"
)

var (
	//go:embed ask.md
	askText string
	//go:embed ask.json
	askSchema []byte
	//go:embed approve.md
	approveText string
	//go:embed approve.json
	approveSchema []byte
)

// effects are those of the tools that write: whether something that was there
// may be replaced or taken away, and whether a second call comes to the same. A
// tool that is not told of here may do anything.
var effects = map[string]struct{ destroys, again bool }{
	"save_segment":   {destroys: true, again: true},
	"delete_segment": {destroys: true, again: true},
	"set_word":       {destroys: true, again: true},
	"tag_customers":  {again: true},
	"export_segment": {},
}

// addTools lists the tools with their own schemas, and ask beside them; those
// that change something, and approve, only where that is allowed.
func (s *Server) addTools() {
	titles := s.words[s.c.Language].Tools
	for _, t := range s.c.Tools.List() {
		if t.Writes && !s.c.AllowWrites {
			continue
		}
		title := titles[t.Name]
		if title == "" {
			title = wording.Capital(strings.ReplaceAll(t.Name, "_", " "))
		}
		hints := &mcp.ToolAnnotations{Title: title, ReadOnlyHint: !t.Writes, IdempotentHint: true, OpenWorldHint: new(bool), DestructiveHint: new(bool)}
		if t.Writes {
			effect, known := effects[t.Name]
			*hints.DestructiveHint, hints.IdempotentHint = effect.destroys || !known, effect.again
		}
		s.mcp.AddTool(&mcp.Tool{
			Name: t.Name, Title: title, Description: t.Description, Annotations: hints,
			InputSchema: t.Schema, OutputSchema: s.schemas.result,
		}, s.tool(t))
	}
	s.mcp.AddTool(&mcp.Tool{
		Name: "ask", Title: titles["ask"], Description: strings.TrimSpace(askText),
		InputSchema: json.RawMessage(askSchema), OutputSchema: s.schemas.answer,
		Annotations: &mcp.ToolAnnotations{Title: titles["ask"], ReadOnlyHint: !s.c.AllowWrites, IdempotentHint: true, OpenWorldHint: new(bool), DestructiveHint: new(bool)},
	}, s.ask)
	if !s.c.AllowWrites {
		return
	}
	destructive := true
	s.mcp.AddTool(&mcp.Tool{
		Name: "approve", Title: titles["approve"], Description: strings.TrimSpace(approveText),
		InputSchema: json.RawMessage(approveSchema), OutputSchema: s.schemas.answer,
		Annotations: &mcp.ToolAnnotations{Title: titles["approve"], IdempotentHint: true, OpenWorldHint: new(bool), DestructiveHint: &destructive},
	}, s.approve)
}

// tool calls one tool.
func (s *Server) tool(t model.Tool) mcp.ToolHandler {
	return func(ctx context.Context, r *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		if t.Writes && r.Params.RequestState != "" {
			return s.resume(ctx, r)
		}
		p := newProgress(ctx, r.Session, r.Params.GetProgressToken())
		defer p.end()
		who := tools.Caller{Language: s.c.Language, AsOf: s.c.AsOf, Progress: p.work}
		result, err := s.c.Tools.Call(ctx, who, t.Name, r.Params.Arguments)
		switch {
		case err != nil:
			return s.fault(ctx, err)
		case result == nil:
			return nil, &jsonrpc.Error{Code: jsonrpc.CodeInternalError, Message: t.Name + ": the tool gave no result"}
		case t.Writes && result.Approval != "":
			return s.propose(ctx, r, t.Name, result)
		}
		p.end()
		return s.result(t.Name, r.Params.Arguments, result, "")
	}
}

// fault words an error of a call for a caller that may repair it: in the
// tool's own words, with the nearest names.
func (s *Server) fault(ctx context.Context, err error) (*mcp.CallToolResult, error) {
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	var broken *tools.PanicError
	if errors.As(err, &broken) {
		s.log.Error("a tool broke off", "tool", broken.Tool, "stack", string(broken.Stack))
	}
	f := faultOf(err)
	if f.Kind == "error" || f.Kind == "stopped" {
		f.Kind = "error"
		s.log.Warn("a call failed", "error", err)
	}
	return s.failed(f, err.Error()), nil
}

// arguments reads the arguments of our own tools as strictly as the tools read
// theirs.
func arguments(tool string, data json.RawMessage, into map[string]any) error {
	var given map[string]json.RawMessage
	if len(data) > 0 {
		if err := json.Unmarshal(data, &given); err != nil {
			return &tools.ArgumentError{Tool: tool, Message: "expected a JSON object of arguments"}
		}
	}
	for name, raw := range given {
		target, known := into[name]
		switch {
		case !known:
			return &tools.ArgumentError{Tool: tool, Field: name, Message: "no such argument; see the tool's schema"}
		case string(raw) == "null":
			continue
		case json.Unmarshal(raw, target) != nil:
			expected := "a text"
			if _, yes := target.(*bool); yes {
				expected = "true or false"
			} else if _, yes := target.(**bool); yes {
				expected = "true or false"
			}
			return &tools.ArgumentError{Tool: tool, Field: name, Message: "expected " + expected}
		}
	}
	return nil
}
