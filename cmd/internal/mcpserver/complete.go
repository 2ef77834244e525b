package mcpserver

import (
	"context"
	"slices"
	"strings"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	"github.com/modelcontextprotocol/go-sdk/mcp"

	"tesela/agent/wording"
)

// mostCompletions is how many the protocol allows.
const mostCompletions = 100

// complete offers names for what is begun: those that begin so first, then
// those that hold it.
func (s *Server) complete(ctx context.Context, r *mcp.CompleteRequest) (*mcp.CompleteResult, error) {
	names, err := s.candidates(ctx, r.Params.Ref, r.Params.Argument.Name)
	if err != nil {
		return nil, err
	}
	begun := strings.ToLower(strings.TrimSpace(r.Params.Argument.Value))
	var first, then []string
	for _, n := range names {
		n = wording.Clean(n)
		folded := strings.ToLower(n)
		switch {
		case n == "" || slices.Contains(first, n) || slices.Contains(then, n):
		case strings.HasPrefix(folded, begun):
			first = append(first, n)
		case strings.Contains(folded, begun):
			then = append(then, n)
		}
	}
	all := append(append([]string{}, first...), then...)
	shown := all[:min(len(all), mostCompletions)]
	return &mcp.CompleteResult{Completion: mcp.CompletionResultDetails{Values: shown, Total: len(all), HasMore: len(all) > len(shown)}}, nil
}

// candidates are all the names that an argument may have; none for one that
// takes any text.
func (s *Server) candidates(ctx context.Context, ref *mcp.CompleteReference, argument string) ([]string, error) {
	kind := ""
	switch ref.Type {
	case "ref/resource":
		switch {
		case ref.URI == aSegment && argument == "name":
			kind = "saved"
		case ref.URI == aReport && argument == "name":
			kind = "report"
		case ref.URI == anAnswer && argument == "id":
			kind = "answer"
		default:
			return nil, &jsonrpc.Error{Code: jsonrpc.CodeInvalidParams, Message: "no resource template takes this argument; resources/templates/list tells what there is"}
		}
	default:
		at := slices.IndexFunc(jobs, func(j job) bool { return j.name == ref.Name })
		if at < 0 {
			return nil, &jsonrpc.Error{Code: jsonrpc.CodeInvalidParams, Message: "there is no such prompt; prompts/list tells what there is"}
		}
		for _, a := range jobs[at].arguments {
			if a.name == argument {
				kind = a.kind
			}
		}
		if kind == "" {
			return nil, &jsonrpc.Error{Code: jsonrpc.CodeInvalidParams, Message: "the prompt takes no such argument; prompts/list tells what there is"}
		}
	}
	return s.ofKind(ctx, kind)
}

// ofKind are the names of a kind of argument.
func (s *Server) ofKind(ctx context.Context, kind string) ([]string, error) {
	switch kind {
	case "answer":
		return s.answerIDs(ctx)
	case "number", "date", "text":
		return nil, nil
	}
	saved, c, err := s.names(ctx)
	if err != nil {
		return nil, err
	}
	if kind == "field" {
		return fieldNames(c), nil
	}
	var names []string
	for _, g := range saved {
		names = append(names, g.Name)
	}
	if kind != "report" {
		return names, nil
	}
	ids, err := s.answerIDs(ctx)
	return append(append(names, microsegments), ids...), err
}

func (s *Server) answerIDs(ctx context.Context) ([]string, error) {
	if s.c.Answers == nil {
		return nil, nil
	}
	kept, err := s.c.Answers(ctx, mostAnswers)
	if err != nil {
		return nil, s.unreadable(ctx, atAnswers, err)
	}
	var ids []string
	for _, k := range kept {
		ids = append(ids, k.ID)
	}
	return ids, nil
}
