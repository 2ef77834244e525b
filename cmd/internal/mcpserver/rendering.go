package mcpserver

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"tesela/agent"
	"tesela/agent/model"
	"tesela/agent/wording"
	"tesela/tools"
)

const (
	// mostStructured bounds structured content in bytes; rows beyond are left
	// out, and that is said.
	mostStructured = 1 << 20
	// mostText bounds texts in bytes.
	mostText = 64 << 10
)

// marshal writes JSON as Tesela does, with <, > and & as they are.
func marshal(v any) (json.RawMessage, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSpace(b.Bytes()), nil
}

// bounded is a text, cut at a line where it is too long.
func (s *Server) bounded(language, text string) string {
	if len(text) <= mostText {
		return text
	}
	text = text[:mostText]
	if end := strings.LastIndexByte(text, '\n'); end > mostText/2 {
		text = text[:end]
	}
	return strings.ToValidUTF8(text, "") + "\n\n" + s.say(language, "text_cut")
}

// text is a content of one text.
func (s *Server) text(language, text string) []mcp.Content {
	return []mcp.Content{&mcp.TextContent{Text: s.bounded(language, text)}}
}

// failed is a call that gave nothing, in words that its caller can repair it
// by and in a shape for programs.
func (s *Server) failed(f fault, text string) *mcp.CallToolResult {
	if text == "" {
		text = f.Message
	}
	body, err := marshal(map[string]fault{"error": f})
	if err != nil {
		body = nil
	}
	return &mcp.CallToolResult{IsError: true, Content: s.text(s.c.Language, text), StructuredContent: body}
}

// result is what a tool gave: whole for programs, and for readers its figures
// in a sentence, its first rows as a table, and its notes.
func (s *Server) result(tool string, args json.RawMessage, r *tools.Result, head string) (*mcp.CallToolResult, error) {
	lang, err := wording.For(s.c.Language)
	if err != nil {
		return nil, err
	}
	body, err := s.fitting(s.c.Language, r, mostStructured)
	if err != nil {
		return nil, err
	}
	parts := []string{head}
	if title := wording.Escape(r.Title); title != "" {
		parts = append(parts, "**"+title+"**")
	}
	parts = append(parts, lang.Answer([]wording.Call{{Tool: tool, Args: args, Result: r}}))
	return &mcp.CallToolResult{Content: s.text(s.c.Language, joined(parts...)), StructuredContent: body}, nil
}

// joined puts parts that there are under each other.
func joined(parts ...string) string {
	var there []string
	for _, p := range parts {
		if p = strings.TrimSpace(p); p != "" {
			there = append(there, p)
		}
	}
	return strings.Join(there, "\n\n")
}

// cutResult is a result that lacks rows.
type cutResult struct {
	tools.Result
	RowsTotal     int `json:"rows_total,omitempty"`
	SegmentsTotal int `json:"segments_total,omitempty"`
}

// fitting writes a result in at most so many bytes: whole where it fits, else
// with its first rows and segments and how many there are.
func (s *Server) fitting(language string, r *tools.Result, most int) (json.RawMessage, error) {
	body, err := marshal(r)
	if err != nil || len(body) <= most {
		return body, err
	}
	cut := cutResult{Result: *r}
	rows, segments := len(r.Rows), len(r.Segments)
	for len(body) > most && rows+segments > 0 {
		// By as much as is too much, and a little more, until it fits.
		rows, segments = rows*9/10*most/len(body), segments*9/10*most/len(body)
		cut.Rows, cut.Segments, cut.RowsTotal, cut.SegmentsTotal = r.Rows[:rows], r.Segments[:segments], len(r.Rows), len(r.Segments)
		cut.Notes = slices.Clone(r.Notes)
		if len(r.Rows) > 0 {
			cut.Notes = append(cut.Notes, s.say(language, "rows_cut", "n", strconv.Itoa(rows), "of", strconv.Itoa(len(r.Rows))))
		}
		if len(r.Segments) > 0 {
			cut.Notes = append(cut.Notes, s.say(language, "segments_cut", "n", strconv.Itoa(segments), "of", strconv.Itoa(len(r.Segments))))
		}
		if body, err = marshal(cut); err != nil {
			return nil, err
		}
	}
	return body, nil
}

// answered is an answer as `tesela ask --json` prints it, and as text what was
// understood and what is said.
func (s *Server) answered(a *agent.Answer, tail ...string) (*mcp.CallToolResult, error) {
	body, err := s.fittingAnswer(a)
	if err != nil {
		return nil, err
	}
	parts := []string{}
	if a.Understood != "" {
		parts = append(parts, "*"+wording.Escape(a.Understood)+"*")
	}
	parts = append(parts, a.Text)
	if len(a.Choices) > 0 {
		parts = append(parts, s.choices(a))
	}
	return &mcp.CallToolResult{
		IsError: a.Status == model.Failed, StructuredContent: body,
		Content: s.text(a.Language, joined(append(parts, tail...)...)),
	}, nil
}

// choices says how to go on from a clarification: with a choice's question, or
// its number in the same session.
func (s *Server) choices(a *agent.Answer) string {
	list := s.say(a.Language, "choices")
	// The text has the labels already.
	if !slices.ContainsFunc(a.Choices, func(c model.Choice) bool { return c.Label != "" && c.Label != c.Question }) {
		return list
	}
	for i, c := range a.Choices {
		list += "\n" + strconv.Itoa(i+1) + ". " + wording.Escape(c.Question)
	}
	return list
}

// fittingAnswer writes an answer; one too long has the first rows of its
// results.
func (s *Server) fittingAnswer(a *agent.Answer) (json.RawMessage, error) {
	body, err := marshal(a)
	if err != nil || len(body) <= mostStructured {
		return body, err
	}
	type call struct {
		agent.CallRecord
		Result json.RawMessage `json:"result,omitempty"`
	}
	calls := make([]call, len(a.Calls))
	for i, c := range a.Calls {
		calls[i].CallRecord = c
		if c.Result != nil {
			if calls[i].Result, err = s.fitting(a.Language, c.Result, mostStructured/len(a.Calls)); err != nil {
				return nil, err
			}
		}
	}
	var parts map[string]json.RawMessage
	if err := json.Unmarshal(body, &parts); err != nil {
		return nil, err
	}
	if parts["calls"], err = marshal(calls); err != nil {
		return nil, err
	}
	delete(parts, "digest") // that of the whole answer
	return marshal(parts)
}
