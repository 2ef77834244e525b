package mcpserver

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"tesela/agent/model"
	"tesela/agent/wording"
)

// mostValues is how many values of a field the catalogue tells; find_values
// finds the others.
const mostValues = 50

// longestValue is how long a value that the catalogue tells may be, in bytes.
const longestValue = 200

// catalogue is what the data holds, as JSON.
type catalogue struct {
	Customers int               `json:"customers"`
	From      string            `json:"from,omitempty"`
	To        string            `json:"to,omitempty"`
	Zone      string            `json:"zone,omitempty"`
	Currency  string            `json:"currency,omitempty"`
	Traits    []field           `json:"traits"`
	Events    []event           `json:"events"`
	Roles     map[string]string `json:"roles"`
	Words     map[string]string `json:"words"`
	Segments  []string          `json:"segments"`
}

type event struct {
	Name  string  `json:"name"`
	Rows  int     `json:"rows"`
	Tied  bool    `json:"tied,omitempty"` // one event may have several rows
	Props []field `json:"properties"`
}

type field struct {
	Name        string   `json:"name"`
	Kind        string   `json:"kind"`
	Values      []string `json:"values,omitempty"` // the first of them
	ValuesTotal int      `json:"values_total,omitempty"`
	Low         string   `json:"low,omitempty"`
	High        string   `json:"high,omitempty"`
}

// catalogueOf is the catalogue in a shape for programs.
func catalogueOf(c *model.Catalogue) catalogue {
	out := catalogue{
		Customers: c.Customers, From: instant(c.From), To: instant(c.To), Zone: c.Zone, Currency: c.Currency,
		Traits: fields(c.Traits), Events: []event{}, Roles: c.Roles, Words: c.Words, Segments: c.Segments,
	}
	for _, e := range c.Events {
		out.Events = append(out.Events, event{Name: e.Name, Rows: e.Rows, Tied: e.Tied, Props: fields(e.Props)})
	}
	if out.Roles == nil {
		out.Roles = map[string]string{}
	}
	if out.Words == nil {
		out.Words = map[string]string{}
	}
	if out.Segments == nil {
		out.Segments = []string{}
	}
	return out
}

func fields(list []model.Field) []field {
	out := []field{}
	for _, f := range list {
		g := field{Name: f.Name, Kind: f.Kind, Low: f.Low, High: f.High}
		if f.Values != nil {
			g.ValuesTotal = f.Values.Len()
			g.Values = shortValues(f, mostValues)
		}
		out = append(out, g)
	}
	return out
}

// shortValues are the first values of a field, without those that are whole
// texts: nobody names one in a formula.
func shortValues(f model.Field, most int) []string {
	var values []string
	for i := range min(f.Values.Len(), most) {
		if v := f.Values.At(i); len(v) <= longestValue {
			values = append(values, v)
		}
	}
	return values
}

func instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// readCatalogue gives the catalogue as JSON, and beside it as text.
func (s *Server) readCatalogue(ctx context.Context, r *mcp.ReadResourceRequest) (*mcp.ReadResourceResult, error) {
	c, err := s.c.Catalogue(ctx)
	if err != nil {
		return nil, s.unreadable(ctx, r.Params.URI, err)
	}
	out, err := readJSON(r.Params.URI, catalogueOf(c))
	if err != nil {
		return nil, err
	}
	out.Contents = append(out.Contents, &mcp.ResourceContents{URI: atCatalogueText, MIMEType: asMarkdown, Text: s.catalogueText(c)})
	return out, nil
}

func (s *Server) readCatalogueText(ctx context.Context, r *mcp.ReadResourceRequest) (*mcp.ReadResourceResult, error) {
	c, err := s.c.Catalogue(ctx)
	if err != nil {
		return nil, s.unreadable(ctx, r.Params.URI, err)
	}
	return contentOf(r.Params.URI, asMarkdown, s.catalogueText(c)), nil
}

// catalogueText words the catalogue as Markdown.
func (s *Server) catalogueText(c *model.Catalogue) string {
	w := s.words[s.c.Language].Catalogue
	lang, err := wording.For(s.c.Language)
	if err != nil {
		return ""
	}
	var b strings.Builder
	line := func(text string) { b.WriteString(text + "\n") }
	line("# " + w["title"] + "\n")
	line(fill(w["size"], "customers", lang.Count(int64(c.Customers))))
	if !c.From.IsZero() {
		line(fill(w["span"], "from", lang.Date(c.From), "to", lang.Date(c.To)))
	}
	if c.Currency != "" {
		line(fill(w["currency"], "currency", wording.Escape(c.Currency)))
	}
	line("\n## " + w["traits"] + "\n")
	for _, f := range c.Traits {
		line("- " + fieldText(w, lang, f))
	}
	line("\n## " + w["events"] + "\n")
	for _, e := range c.Events {
		line("- **" + wording.Escape(e.Name) + "**: " + fill(w["rows"], "n", lang.Count(int64(e.Rows))))
		for _, p := range e.Props {
			line("  - " + fieldText(w, lang, p))
		}
	}
	pairs := func(title string, m map[string]string) {
		if len(m) == 0 {
			return
		}
		line("\n## " + title + "\n")
		for _, k := range slices.Sorted(maps.Keys(m)) {
			line("- " + wording.Escape(k) + ": " + wording.Escape(m[k]))
		}
	}
	pairs(w["roles"], c.Roles)
	pairs(w["words"], c.Words)
	if len(c.Segments) > 0 {
		line("\n## " + w["segments"] + "\n")
		for _, name := range c.Segments {
			line("- " + wording.Escape(name))
		}
	}
	return b.String()
}

// fieldText tells a field's name and kind, and its values or its bounds.
func fieldText(w map[string]string, lang *wording.Language, f model.Field) string {
	text := "**" + wording.Escape(f.Name) + "** (" + wording.Escape(f.Kind) + ")"
	switch {
	case f.Values != nil && f.Values.Len() > 0:
		var shown []string
		for _, v := range shortValues(f, 10) {
			shown = append(shown, wording.Escape(v))
		}
		if len(shown) > 0 {
			text += ": " + strings.Join(shown, ", ")
		}
		if more := f.Values.Len() - len(shown); more > 0 {
			text += " " + fill(w["more"], "n", lang.Count(int64(more)))
		}
	case f.Low != "" && f.High != "":
		text += ": " + fill(w["bounds"], "low", wording.Escape(f.Low), "high", wording.Escape(f.High))
	}
	return text
}

// quoted writes a name for a formula.
func quoted(name string) string { return strconv.Quote(wording.Clean(name)) }
