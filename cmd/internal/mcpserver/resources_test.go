package mcpserver

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	"github.com/modelcontextprotocol/go-sdk/mcp"

	"tesela/agent/model"
)

func readOf(t *testing.T, c *mcp.ClientSession, uri string) *mcp.ReadResourceResult {
	t.Helper()
	r, err := c.ReadResource(t.Context(), &mcp.ReadResourceParams{URI: uri})
	if err != nil {
		t.Fatalf("%s: %v", uri, err)
	}
	return r
}

func addressesOf(t *testing.T, c *mcp.ClientSession) []string {
	t.Helper()
	var list []string
	for r, err := range c.Resources(t.Context(), nil) {
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, r.URI)
	}
	slices.Sort(list)
	return list
}

func TestResources(t *testing.T) {
	for _, version := range versions {
		t.Run(version, func(t *testing.T) {
			w := newWorld()
			w.answers = []Kept{{ID: "3f9a21c04d77", Question: "how\nmany?\x07", Language: "en", Asked: w.clock}}
			c := join(t, serve(t, w.config()), nil, version)
			want := []string{
				"tesela://answers", "tesela://answers/3f9a21c04d77", "tesela://catalogue", "tesela://catalogue.md",
				"tesela://reports/Lapsed%20VIPs", "tesela://reports/a%2Fb%3Fc%23d%20%C3%A9", "tesela://reports/microsegments",
				"tesela://segments", "tesela://segments/Lapsed%20VIPs", "tesela://segments/a%2Fb%3Fc%23d%20%C3%A9",
			}
			if got := addressesOf(t, c); !slices.Equal(got, want) {
				t.Errorf("listed are %q\nexpected   %q", got, want)
			}
			// All that is listed can be read, as what it is said to be.
			for r, err := range c.Resources(t.Context(), nil) {
				if err != nil {
					t.Fatal(err)
				}
				if strings.ContainsAny(r.Title+r.Description, "\x07\n") || r.Title == "" {
					t.Errorf("%s is told as %q, %q", r.URI, r.Title, r.Description)
				}
				got := readOf(t, c, r.URI).Contents[0]
				if got.MIMEType != r.MIMEType || got.URI != r.URI || got.Text == "" {
					t.Errorf("%s gives %+v", r.URI, got)
				}
				if r.MIMEType == asJSON && !json.Valid([]byte(got.Text)) {
					t.Errorf("%s is no JSON: %s", r.URI, got.Text)
				}
			}
			var g savedSegment
			if err := json.Unmarshal([]byte(readOf(t, c, "tesela://segments/a%2Fb%3Fc%23d%20%C3%A9").Contents[0].Text), &g); err != nil || g.Name != "a/b?c#d é" || g.Formula != `country = "Spain"` || g.Text != "Spain" {
				t.Errorf("the segment is %+v, %v", g, err)
			}
			var segments struct{ Segments []savedSegment }
			if err := json.Unmarshal([]byte(readOf(t, c, "tesela://segments").Contents[0].Text), &segments); err != nil || len(segments.Segments) != 2 || segments.Segments[1].URI != "tesela://segments/a%2Fb%3Fc%23d%20%C3%A9" {
				t.Errorf("the segments are %+v, %v", segments, err)
			}
			if page := readOf(t, c, "tesela://reports/Lapsed%20VIPs").Contents[0].Text; page != "<!doctype html><title>Lapsed VIPs en</title>" {
				t.Errorf("the report is %q", page)
			}
			templates := map[string]bool{}
			for r, err := range c.ResourceTemplates(t.Context(), nil) {
				if err != nil {
					t.Fatal(err)
				}
				templates[r.URITemplate] = true
			}
			if len(templates) != 3 || !templates[aSegment] || !templates[aReport] || !templates[anAnswer] {
				t.Errorf("the templates are %v", templates)
			}
			for _, none := range []string{"tesela://segments/Nobody", "tesela://answers/0", "tesela://nothing", "file:///etc/passwd", "tesela://segments/%zz", "tesela://\u0001\"", "", "tesela://segments/"} {
				if _, err := c.ReadResource(t.Context(), &mcp.ReadResourceParams{URI: none}); err == nil {
					t.Errorf("%q can be read", none)
				}
			}
			var e *jsonrpc.Error
			if _, err := c.ReadResource(t.Context(), &mcp.ReadResourceParams{URI: "tesela://answers/0"}); !errors.As(err, &e) || e.Code != jsonrpc.CodeInvalidParams || !strings.Contains(string(e.Data), "tesela://answers/0") {
				t.Errorf("an answer that is not there gives %+v", err)
			}
			readOf(t, c, "tesela://segments") // the session outlived all of that
		})
	}
}

func TestCatalogue(t *testing.T) {
	w := newWorld()
	c := join(t, serve(t, w.config()), nil)
	r := readOf(t, c, atCatalogue)
	if len(r.Contents) != 2 || r.Contents[1].MIMEType != asMarkdown || r.Contents[1].URI != atCatalogueText {
		t.Fatalf("the catalogue comes as %+v", r.Contents)
	}
	var got catalogue
	if err := json.Unmarshal([]byte(r.Contents[0].Text), &got); err != nil {
		t.Fatal(err)
	}
	if got.Customers != 4000 || got.From != "2010-12-01T00:00:00Z" || len(got.Traits) != 2 || !slices.Equal(got.Traits[0].Values, []string{"Germany", "Spain"}) || got.Traits[0].ValuesTotal != 2 || got.Traits[1].Values != nil || got.Events[0].Props[0].High != "99.00" {
		t.Errorf("the catalogue is %+v", got)
	}
	for _, part := range []string{"4,000 customers", "1 December 2010", "**country**", "Germany, Spain", "**order**", "25,000 rows", "VIP", "Lapsed VIPs"} {
		if !strings.Contains(r.Contents[1].Text, part) {
			t.Errorf("the text lacks %q:\n%s", part, r.Contents[1].Text)
		}
	}
	long := catalogueOf(&model.Catalogue{Traits: []model.Field{{Name: "city", Values: make(values, 80)}}})
	if f := long.Traits[0]; len(f.Values) != mostValues || f.ValuesTotal != 80 {
		t.Errorf("%d values of %d", len(f.Values), f.ValuesTotal)
	}
	essay := strings.Repeat("x", 200_000)
	lengthy := w.config()
	lengthy.Catalogue = func(context.Context) (*model.Catalogue, error) {
		return &model.Catalogue{Traits: []model.Field{{Name: "remark", Kind: "text", Values: values{essay, "calls at noon"}}}}, nil
	}
	for _, part := range readOf(t, join(t, serve(t, lengthy), nil), atCatalogue).Contents {
		if len(part.Text) > 10_000 || !strings.Contains(part.Text, "calls at noon") {
			t.Errorf("a field with a whole text among its values makes %d bytes: %.300s", len(part.Text), part.Text)
		}
	}
}

// What was written shows at once, and clients are told.
func TestWritesChangeTheList(t *testing.T) {
	for _, version := range versions {
		t.Run(version, func(t *testing.T) {
			_, s := writing(t)
			told, updated := make(chan string, 10), make(chan string, 10)
			p := &person{answer: says("accept", map[string]any{"approve": true})}
			o := p.options()
			o.ResourceListChangedHandler = func(context.Context, *mcp.ResourceListChangedRequest) { told <- "list" }
			o.ResourceUpdatedHandler = func(_ context.Context, r *mcp.ResourceUpdatedNotificationRequest) { updated <- r.Params.URI }
			c := join(t, s, o, version)
			before := addressesOf(t, c)
			if version == versions[0] {
				if err := c.Subscribe(t.Context(), &mcp.SubscribeParams{URI: atSegments}); err != nil {
					t.Fatal(err)
				}
				if err := c.Subscribe(t.Context(), &mcp.SubscribeParams{URI: "tesela://anything"}); err == nil {
					t.Error("one can wait for news of what there is none of")
				}
			}
			select {
			case what := <-told:
				t.Errorf("looking at the list told of a change: %s", what)
			case <-time.After(50 * time.Millisecond): // the SDK waits for 10
			}
			callTool(t, c, "save_segment", saving)
			waitFor(t, told, "list")
			if version == versions[0] {
				waitFor(t, updated, atSegments)
			}
			after := addressesOf(t, c)
			if len(after) != len(before)+2 || !slices.Contains(after, "tesela://segments/Spaniards") || !slices.Contains(after, "tesela://reports/Spaniards") {
				t.Errorf("after it was saved the list is %q", after)
			}
		})
	}
}

func waitFor(t *testing.T, from chan string, want string) {
	t.Helper()
	for {
		select {
		case got := <-from:
			if got == want {
				return
			}
		case <-time.After(5 * time.Second):
			t.Fatalf("nobody was told of %s", want)
		}
	}
}

func TestGoneSegmentsLeaveTheList(t *testing.T) {
	w := newWorld()
	c := join(t, serve(t, w.config()), nil)
	before := len(addressesOf(t, c))
	w.mu.Lock()
	w.segs = w.segs[:1]
	w.mu.Unlock()
	if after := len(addressesOf(t, c)); after != before-2 {
		t.Errorf("%d before, %d after", before, after)
	}
}

func TestPages(t *testing.T) {
	w := newWorld()
	for i := range 40 {
		w.segs = append(w.segs, Saved{Name: fmt.Sprintf("S%02d", i), Formula: "everyone"})
	}
	for i := range 250 {
		w.answers = append(w.answers, Kept{ID: fmt.Sprintf("%012x", i), Question: "q"})
	}
	config := w.config()
	config.PageSize = 7
	c := join(t, serve(t, config), nil)
	whole := map[string]int{}
	note := func(kind, name string) { whole[kind+" "+name]++ }
	for r, err := range c.Resources(t.Context(), nil) {
		if err != nil {
			t.Fatal(err)
		}
		note("resource", r.URI)
	}
	for r, err := range c.Tools(t.Context(), nil) {
		if err != nil {
			t.Fatal(err)
		}
		note("tool", r.Name)
	}
	for r, err := range c.Prompts(t.Context(), nil) {
		if err != nil {
			t.Fatal(err)
		}
		note("prompt", r.Name)
	}
	reading := 1 // ask
	for _, tool := range w.tools.list {
		if !tool.Writes {
			reading++
		}
	}
	if want := 5 + 2*42 + mostAnswers + reading + len(jobs); len(whole) != want {
		t.Errorf("%d things are listed, expected %d", len(whole), want)
	}
	for name, n := range whole {
		if n != 1 {
			t.Errorf("%s is listed %d times", name, n)
		}
	}
	page, err := c.ListTools(t.Context(), nil)
	if err != nil || len(page.Tools) != 7 || page.NextCursor == "" {
		t.Fatalf("the first page has %d tools, %v", len(page.Tools), err)
	}
	for _, cursor := range []string{"nonsense", "!!", strings.Repeat("A", 5000)} {
		if _, err := c.ListTools(t.Context(), &mcp.ListToolsParams{Cursor: cursor}); err == nil || !strings.Contains(err.Error(), "invalid") {
			t.Errorf("the cursor %.20q gives %v", cursor, err)
		}
		if _, err := c.ListResources(t.Context(), &mcp.ListResourcesParams{Cursor: cursor}); err == nil {
			t.Errorf("the cursor %.20q is taken", cursor)
		}
	}
}

// A workspace that cannot be read is said, and what was known stays listed.
func TestUnreadable(t *testing.T) {
	w := newWorld()
	config := w.config()
	broken := false
	segments := config.Segments
	config.Segments = func(ctx context.Context) ([]Saved, error) {
		if broken {
			return nil, errors.New("the disk is gone")
		}
		return segments(ctx)
	}
	c := join(t, serve(t, config), nil)
	before := addressesOf(t, c)
	broken = true
	if _, err := c.ReadResource(t.Context(), &mcp.ReadResourceParams{URI: atSegments}); err == nil || !strings.Contains(err.Error(), "the disk is gone") {
		t.Errorf("reading gives %v", err)
	}
	if after := addressesOf(t, c); !slices.Equal(before, after) {
		t.Errorf("%q before, %q after", before, after)
	}
	if !strings.Contains(w.log(), "the disk is gone") {
		t.Errorf("the operator is told %q", w.log())
	}
}
