package mcpserver

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	"github.com/modelcontextprotocol/go-sdk/mcp"

	"tesela/agent/wording"
)

// contentOf gives the content of a resource.
func contentOf(uri, mime, text string) *mcp.ReadResourceResult {
	return &mcp.ReadResourceResult{Contents: []*mcp.ResourceContents{{URI: uri, MIMEType: mime, Text: text}}}
}

// readJSON gives a value as the content of a resource.
func readJSON(uri string, v any) (*mcp.ReadResourceResult, error) {
	body, err := marshal(v)
	if err != nil {
		return nil, err
	}
	return contentOf(uri, asJSON, string(body)), nil
}

// unreadable is what kept a resource from being read: the client gets the
// message, the operator the cause, too.
func (s *Server) unreadable(ctx context.Context, uri string, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	s.log.Warn("a resource cannot be read", "uri", uri, "error", err)
	return &jsonrpc.Error{Code: jsonrpc.CodeInternalError, Message: fmt.Sprintf("%s: %v", wording.Clean(uri), err)}
}

// known tells whether a name is that of something listed.
func (s *Server) known(ctx context.Context, name string) bool {
	names, err := s.ofKind(ctx, "report")
	return err == nil && slices.Contains(names, name)
}

// unknown is the fault of an address that stands for nothing, in the words of
// what looked for it.
func (s *Server) unknown(uri string, err error) error {
	data, _ := json.Marshal(map[string]string{"uri": uri})
	return &jsonrpc.Error{Code: jsonrpc.CodeInvalidParams, Message: wording.Clean(uri) + ": " + err.Error(), Data: data}
}

// savedSegment is a saved segment as JSON.
type savedSegment struct {
	Name    string `json:"name"`
	Formula string `json:"formula"`
	Text    string `json:"text"`
	URI     string `json:"uri"`
	Report  string `json:"report,omitempty"`
}

func (s *Server) segment(g Saved) savedSegment {
	out := savedSegment{Name: g.Name, Formula: g.Formula, Text: g.Text, URI: addressOf(aSegment, g.Name)}
	if s.c.Report != nil {
		out.Report = addressOf(aReport, g.Name)
	}
	return out
}

func (s *Server) readSegments(ctx context.Context, r *mcp.ReadResourceRequest) (*mcp.ReadResourceResult, error) {
	saved, err := s.c.Segments(ctx)
	if err != nil {
		return nil, s.unreadable(ctx, r.Params.URI, err)
	}
	out := struct {
		Segments []savedSegment `json:"segments"`
	}{[]savedSegment{}}
	for _, g := range saved {
		out.Segments = append(out.Segments, s.segment(g))
	}
	return readJSON(r.Params.URI, out)
}

func (s *Server) readSegment(ctx context.Context, r *mcp.ReadResourceRequest) (*mcp.ReadResourceResult, error) {
	name, err := nameIn(aSegment, r.Params.URI)
	if err != nil {
		return nil, err
	}
	saved, err := s.c.Segments(ctx)
	if err != nil {
		return nil, s.unreadable(ctx, r.Params.URI, err)
	}
	at := slices.IndexFunc(saved, func(g Saved) bool { return g.Name == name })
	if at < 0 {
		return nil, notFound(r.Params.URI, addresses(saved)...)
	}
	return readJSON(r.Params.URI, s.segment(saved[at]))
}

// addresses are those of some segments, for whoever mistook one.
func addresses(saved []Saved) []string {
	var list []string
	for _, g := range saved[:min(len(saved), 10)] {
		list = append(list, addressOf(aSegment, g.Name))
	}
	return list
}

func (s *Server) readReport(ctx context.Context, r *mcp.ReadResourceRequest) (*mcp.ReadResourceResult, error) {
	name, err := nameIn(aReport, r.Params.URI)
	if err != nil {
		return nil, err
	}
	page, err := s.c.Report(ctx, name, s.c.Language)
	if err != nil && ctx.Err() == nil && !s.known(ctx, name) {
		return nil, s.unknown(r.Params.URI, err)
	}
	if err != nil {
		return nil, s.unreadable(ctx, r.Params.URI, err)
	}
	return contentOf(r.Params.URI, asHTML, string(page)), nil
}

func (s *Server) readAnswers(ctx context.Context, r *mcp.ReadResourceRequest) (*mcp.ReadResourceResult, error) {
	kept, err := s.c.Answers(ctx, mostAnswers)
	if err != nil {
		return nil, s.unreadable(ctx, r.Params.URI, err)
	}
	type answer struct {
		ID       string `json:"id"`
		Question string `json:"question"`
		Language string `json:"language,omitempty"`
		Asked    string `json:"asked"`
		URI      string `json:"uri,omitempty"`
		Report   string `json:"report,omitempty"`
	}
	out := struct {
		Answers []answer `json:"answers"`
	}{[]answer{}}
	for _, k := range kept {
		a := answer{ID: k.ID, Question: k.Question, Language: k.Language, Asked: k.Asked.UTC().Format("2006-01-02T15:04:05Z")}
		if s.c.Answer != nil {
			a.URI = addressOf(anAnswer, k.ID)
		}
		if s.c.Report != nil {
			a.Report = addressOf(aReport, k.ID)
		}
		out.Answers = append(out.Answers, a)
	}
	return readJSON(r.Params.URI, out)
}

func (s *Server) readAnswer(ctx context.Context, r *mcp.ReadResourceRequest) (*mcp.ReadResourceResult, error) {
	id, err := nameIn(anAnswer, r.Params.URI)
	if err != nil {
		return nil, err
	}
	answer, err := s.c.Answer(ctx, id)
	if err != nil && ctx.Err() == nil && !s.known(ctx, id) {
		return nil, s.unknown(r.Params.URI, err)
	}
	if err != nil {
		return nil, s.unreadable(ctx, r.Params.URI, err)
	}
	return contentOf(r.Params.URI, asJSON, string(answer)), nil
}
