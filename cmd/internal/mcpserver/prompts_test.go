package mcpserver

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"tesela/tools"
)

// given are arguments that every prompt takes.
var given = map[string]string{
	"segment": "Lapsed VIPs", "goal": "more second orders", "among": `country = "Spain"`, "from": "2011-11-01", "to": "2011-11-30", "by": "country",
	"days": "30", "budget": "500", "action": "a voucher", "date": "2011-11-30",
}

func TestPrompts(t *testing.T) {
	for _, language := range languages {
		for _, version := range versions {
			t.Run(language+" "+version, func(t *testing.T) {
				w := newWorld()
				config := w.config()
				config.Language = language
				c := join(t, serve(t, config), nil, version)
				names := map[string]bool{}
				for p, err := range c.Prompts(t.Context(), nil) {
					if err != nil {
						t.Fatal(err)
					}
					names[p.Name] = true
					all, least := map[string]string{}, map[string]string{}
					for _, a := range p.Arguments {
						if a.Description == "" || given[a.Name] == "" {
							t.Errorf("%s: the argument %s is told as %q", p.Name, a.Name, a.Description)
						}
						if all[a.Name] = given[a.Name]; a.Required {
							least[a.Name] = given[a.Name]
						}
					}
					for _, arguments := range []map[string]string{all, least} {
						r, err := c.GetPrompt(t.Context(), &mcp.GetPromptParams{Name: p.Name, Arguments: arguments})
						if err != nil {
							t.Errorf("%s: %v", p.Name, err)
							continue
						}
						text := r.Messages[0].Content.(*mcp.TextContent).Text
						if len(r.Messages) != 1 || r.Messages[0].Role != "user" || strings.ContainsAny(text, "{}") || len(text) < 100 {
							t.Errorf("%s says %q", p.Name, text)
						}
						for name, value := range arguments {
							if name != "segment" && !strings.Contains(text, value) {
								t.Errorf("%s does not speak of %s: %q", p.Name, value, text)
							}
						}
						if arguments["segment"] != "" && !strings.Contains(text, `segment "Lapsed VIPs"`) {
							t.Errorf("%s does not name the segment as a formula: %q", p.Name, text)
						}
					}
				}
				if len(names) != len(jobs) {
					t.Errorf("the prompts are %v", names)
				}
			})
		}
	}
}

func TestPromptsNameTheData(t *testing.T) {
	w := newWorld()
	c := join(t, serve(t, w.config()), nil)
	r, err := c.GetPrompt(t.Context(), &mcp.GetPromptParams{Name: "first_look"})
	if err != nil {
		t.Fatal(err)
	}
	text := r.Messages[0].Content.(*mcp.TextContent).Text
	for _, part := range []string{"`country`", "`order`", "1 December 2010"} {
		if !strings.Contains(text, part) {
			t.Errorf("it lacks %q: %s", part, text)
		}
	}
	for _, bad := range []struct {
		name, argument, value, says string
	}{
		{"explain_segment", "segment", "", "must be given"},
		{"explain_segment", "segmnt", "x", "no such argument"},
		{"explain_segment", "segment", strings.Repeat("x", 3000), "longer than"},
		{"reengage_lapsed", "days", "soon", "no number"},
		{"reengage_lapsed", "days", "-3", "no number"},
		{"weekly_report", "date", "yesterday", "no date"},
		{"why_revenue_changed", "by", "colour", "`country`"},
		{"no_such_prompt", "", "", "unknown prompt"},
	} {
		arguments := map[string]string{}
		if bad.argument != "" {
			arguments[bad.argument] = bad.value
		}
		if _, err := c.GetPrompt(t.Context(), &mcp.GetPromptParams{Name: bad.name, Arguments: arguments}); err == nil || !strings.Contains(err.Error(), bad.says) {
			t.Errorf("%s with %s %.20q gives %v", bad.name, bad.argument, bad.value, err)
		}
	}
}

func TestCompletion(t *testing.T) {
	w := newWorld()
	w.answers = []Kept{{ID: "3f9a21c04d77"}, {ID: "3fff00000000"}, {ID: "aa0000000000"}}
	c := join(t, serve(t, w.config()), nil)
	prompt := func(name string) *mcp.CompleteReference {
		return &mcp.CompleteReference{Type: "ref/prompt", Name: name}
	}
	at := func(uri string) *mcp.CompleteReference { return &mcp.CompleteReference{Type: "ref/resource", URI: uri} }
	for _, try := range []struct {
		ref      *mcp.CompleteReference
		argument string
		value    string
		want     []string
	}{
		{at(aSegment), "name", "", []string{"Lapsed VIPs", "a/b?c#d é"}},
		{at(aSegment), "name", "vip", []string{"Lapsed VIPs"}},
		{at(aReport), "name", "micro", []string{"microsegments"}},
		{at(aReport), "name", "3f", []string{"3f9a21c04d77", "3fff00000000"}},
		{at(anAnswer), "id", "aa", []string{"aa0000000000"}},
		{prompt("explain_segment"), "segment", "LAP", []string{"Lapsed VIPs"}},
		{prompt("why_revenue_changed"), "by", "", []string{"country", "email", "order.amount"}},
		{prompt("why_revenue_changed"), "by", "amo", []string{"order.amount"}},
		{prompt("weekly_report"), "date", "2011", []string{}},
	} {
		r, err := c.Complete(t.Context(), &mcp.CompleteParams{Ref: try.ref, Argument: mcp.CompleteParamsArgument{Name: try.argument, Value: try.value}})
		if err != nil || !slices.Equal(r.Completion.Values, try.want) || r.Completion.Total != len(try.want) {
			t.Errorf("%s%s %s=%q gives %+v, %v", try.ref.Name, try.ref.URI, try.argument, try.value, r, err)
		}
	}
	for range 150 {
		w.segs = append(w.segs, Saved{Name: fmt.Sprint("Segment ", len(w.segs))})
	}
	r, err := c.Complete(t.Context(), &mcp.CompleteParams{Ref: at(aSegment), Argument: mcp.CompleteParamsArgument{Name: "name"}})
	if err != nil || len(r.Completion.Values) != 100 || !r.Completion.HasMore || r.Completion.Total != 152 {
		t.Errorf("of many it gives %d of %d, %v", len(r.Completion.Values), r.Completion.Total, err)
	}
	for _, bad := range []*mcp.CompleteReference{at("tesela://nothing/{x}"), prompt("nothing"), prompt("explain_segment")} {
		if _, err := c.Complete(t.Context(), &mcp.CompleteParams{Ref: bad, Argument: mcp.CompleteParamsArgument{Name: "x"}}); err == nil {
			t.Errorf("%+v can be completed", bad)
		}
	}
}

// The words are the same things in every language: the same keys, and the
// same names to fill in.
func TestWordsAgree(t *testing.T) {
	all, err := loadWords()
	if err != nil {
		t.Fatal(err)
	}
	names := regexp.MustCompile(`\{\w+\}`)
	var walk func(path string, v reflect.Value, into map[string]string)
	walk = func(path string, v reflect.Value, into map[string]string) {
		switch v.Kind() {
		case reflect.Pointer:
			walk(path, v.Elem(), into)
		case reflect.Struct:
			for i := range v.NumField() {
				walk(path+"."+v.Type().Field(i).Name, v.Field(i), into)
			}
		case reflect.Map:
			for _, k := range v.MapKeys() {
				walk(path+"."+k.String(), v.MapIndex(k), into)
			}
		case reflect.Slice:
			for i := range v.Len() {
				walk(fmt.Sprint(path, ".", i), v.Index(i), into)
			}
		case reflect.String:
			if v.String() == "" {
				t.Errorf("%s is empty", path)
			}
			found := names.FindAllString(v.String(), -1)
			slices.Sort(found)
			into[path] = strings.Join(found, " ")
		}
	}
	english := map[string]string{}
	walk("", reflect.ValueOf(all["en"]), english)
	for _, code := range languages[1:] {
		other := map[string]string{}
		walk("", reflect.ValueOf(all[code]), other)
		for path, want := range english {
			if got, ok := other[path]; !ok || got != want {
				t.Errorf("%s%s fills in %q, in English %q", code, path, got, want)
			}
		}
		for path := range other {
			if _, ok := english[path]; !ok {
				t.Errorf("%s%s is not there in English", code, path)
			}
		}
	}
	for _, tool := range tools.NewBox(nil).List() {
		if all["en"].Tools[tool.Name] == "" {
			t.Errorf("the tool %s has no title", tool.Name)
		}
	}
	// Prompts speak of tools there are.
	known := map[string]bool{}
	for _, tool := range tools.NewBox(nil).List() {
		known[tool.Name] = true
	}
	called := regexp.MustCompile(`\b[a-z]+_[a-z_]+\b`)
	for _, code := range languages {
		for name, p := range all[code].Prompts {
			for _, line := range p.Lines {
				for _, word := range called.FindAllString(line, -1) {
					if !known[word] {
						t.Errorf("%s %s speaks of %s, which is no tool", code, name, word)
					}
				}
			}
		}
	}
}
