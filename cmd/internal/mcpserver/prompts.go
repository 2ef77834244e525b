package mcpserver

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	"github.com/modelcontextprotocol/go-sdk/mcp"

	"tesela/agent/model"
	"tesela/agent/wording"
)

// job is a prompt: what it takes; its words are data.
type job struct {
	name      string
	arguments []argument
}

// argument is one of a prompt. Kind is segment (the name of a saved one, or a
// formula), saved (the name of a saved one), field (a trait), number, date or
// text.
type argument struct {
	name, kind string
	required   bool
}

// jobs are the common ones, in the order they are told in.
var jobs = []job{
	{"first_look", nil},
	{"explain_segment", []argument{{"segment", "segment", true}}},
	{"find_microsegments", []argument{{"goal", "text", true}, {"among", "segment", false}}},
	{"why_revenue_changed", []argument{{"from", "date", false}, {"to", "date", false}, {"by", "field", false}}},
	{"reengage_lapsed", []argument{{"days", "number", false}, {"budget", "number", false}}},
	{"plan_test", []argument{{"segment", "segment", true}, {"action", "text", true}, {"days", "number", false}}},
	{"weekly_report", []argument{{"date", "date", false}}},
	{"tidy_segments", nil},
}

// namesTold is how many names of the data a prompt refers to.
const namesTold = 12

// mostArgument bounds a prompt's argument, in bytes.
const mostArgument = 2000

// addPrompts lists the jobs in the server's language.
func (s *Server) addPrompts() error {
	w := s.words[s.c.Language].Prompts
	for _, j := range jobs {
		text, ok := w[j.name]
		if !ok {
			return fmt.Errorf("make the MCP server: the prompt %s has no words in %s", j.name, s.c.Language)
		}
		p := &mcp.Prompt{Name: j.name, Title: text.Title, Description: text.Description}
		for _, a := range j.arguments {
			p.Arguments = append(p.Arguments, &mcp.PromptArgument{Name: a.name, Description: text.Arguments[a.name], Required: a.required})
		}
		s.mcp.AddPrompt(p, s.prompt(j, text))
	}
	return nil
}

// prompt fills a job's text with its arguments and the names of the data.
func (s *Server) prompt(j job, text prompts) mcp.PromptHandler {
	return func(ctx context.Context, r *mcp.GetPromptRequest) (*mcp.GetPromptResult, error) {
		saved, catalogue, err := s.names(ctx)
		if err != nil {
			return nil, err
		}
		values := s.dataNames(saved, catalogue)
		for name := range r.Params.Arguments {
			if !slices.ContainsFunc(j.arguments, func(a argument) bool { return a.name == name }) {
				return nil, s.badArgument(j.name, name, s.say(s.c.Language, "no_such_argument"))
			}
		}
		for _, a := range j.arguments {
			value := wording.Clean(r.Params.Arguments[a.name])
			if value == "" && a.required {
				return nil, s.badArgument(j.name, a.name, s.say(s.c.Language, "must_be_given", "what", text.Arguments[a.name]))
			}
			if value != "" {
				if problem := s.check(a, value, saved, catalogue); problem != "" {
					return nil, s.badArgument(j.name, a.name, problem)
				}
			}
			if a.kind == "segment" && value != "" {
				value = formulaOf(value, saved)
			}
			values = append(values, a.name, value)
		}
		return &mcp.GetPromptResult{
			Description: text.Description,
			Messages:    []*mcp.PromptMessage{{Role: "user", Content: &mcp.TextContent{Text: filled(text.Lines, values)}}},
		}, nil
	}
}

// names reads what prompts and completions refer to.
func (s *Server) names(ctx context.Context) (saved []Saved, c *model.Catalogue, err error) {
	c = &model.Catalogue{}
	if s.c.Segments != nil {
		if saved, err = s.c.Segments(ctx); err != nil {
			return nil, nil, s.unreadable(ctx, atSegments, err)
		}
	}
	if s.c.Catalogue != nil {
		if c, err = s.c.Catalogue(ctx); err != nil {
			return nil, nil, s.unreadable(ctx, atCatalogue, err)
		}
	}
	return saved, c, nil
}

// dataNames are the names of the data, to fill prompts with.
func (s *Server) dataNames(saved []Saved, c *model.Catalogue) []string {
	var segments, traits, events []string
	for _, g := range saved {
		segments = append(segments, g.Name)
	}
	for _, f := range c.Traits {
		traits = append(traits, f.Name)
	}
	for _, e := range c.Events {
		events = append(events, e.Name)
	}
	values := []string{"segments", listed12(segments), "traits", listed12(traits), "events", listed12(events), "currency", wording.Clean(c.Currency)}
	if lang, err := wording.For(s.c.Language); err == nil && !c.From.IsZero() {
		values = append(values, "first", lang.Date(c.From), "last", lang.Date(c.To))
	} else {
		values = append(values, "first", "", "last", "")
	}
	return values
}

// listed12 lists the first of some names as code.
func listed12(names []string) string {
	var shown []string
	for _, n := range names[:min(len(names), namesTold)] {
		shown = append(shown, "`"+strings.ReplaceAll(wording.Clean(n), "`", "'")+"`")
	}
	if len(names) > namesTold {
		shown = append(shown, "…")
	}
	return strings.Join(shown, ", ")
}

// filled puts the values into the lines that have all they name.
func filled(lines, values []string) string {
	var out []string
	for _, line := range lines {
		whole := true
		for i := 0; i < len(values); i += 2 {
			if values[i+1] == "" && strings.Contains(line, "{"+values[i]+"}") {
				whole = false
			}
		}
		if whole {
			out = append(out, fill(line, values...))
		}
	}
	return strings.Join(out, "\n")
}

// formulaOf writes a segment argument as a formula: saved ones by their name.
func formulaOf(value string, saved []Saved) string {
	for _, g := range saved {
		if strings.EqualFold(g.Name, value) {
			return "segment " + quoted(g.Name)
		}
	}
	return value
}

// check says what is wrong with a prompt's argument; "" for nothing.
func (s *Server) check(a argument, value string, saved []Saved, c *model.Catalogue) string {
	if len(value) > mostArgument {
		return s.say(s.c.Language, "too_long", "n", strconv.Itoa(mostArgument))
	}
	switch a.kind {
	case "number":
		if n, err := strconv.ParseFloat(value, 64); err != nil || n <= 0 || n > 1e12 {
			return s.say(s.c.Language, "not_a_number", "value", value)
		}
	case "date":
		if _, err := time.Parse(time.DateOnly, value); err != nil {
			return s.say(s.c.Language, "not_a_date", "value", value)
		}
	case "field":
		var names []string
		for _, f := range fieldNames(c) {
			if strings.EqualFold(f, value) {
				return ""
			}
			names = append(names, f)
		}
		if len(names) > 0 {
			return s.say(s.c.Language, "no_such_field", "value", value, "names", listed12(names))
		}
	}
	return ""
}

// fieldNames are the traits, and the properties of events as formulas name
// them.
func fieldNames(c *model.Catalogue) []string {
	var names []string
	for _, f := range c.Traits {
		names = append(names, f.Name)
	}
	for _, e := range c.Events {
		for _, p := range e.Props {
			names = append(names, e.Name+"."+p.Name)
		}
	}
	return names
}

func (s *Server) badArgument(prompt, name, problem string) error {
	return &jsonrpc.Error{Code: jsonrpc.CodeInvalidParams, Message: prompt + ": " + wording.Clean(name) + ": " + problem}
}
