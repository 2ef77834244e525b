package mcpserver

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"

	"tesela/agent"
	"tesela/agent/wording"
	"tesela/cmd/internal/render"
	"tesela/cmd/internal/report"
	"tesela/cmd/internal/slackbot/blockkit"
	"tesela/evals/attacks"
)

// What people see of an attack is words, wherever they see it: in a terminal,
// in Slack, in another assistant and in a report.
func TestAttacksShown(t *testing.T) {
	list, err := attacks.Load()
	if err != nil {
		t.Fatal(err)
	}
	stage := attacks.NewStage(t)
	server := serve(t, newWorld().config())
	for i, c := range list {
		// All that have marks of some kind in them.
		acts := strings.ContainsAny(c.Text+c.Say, "<[\x1b`") || strings.Contains(c.Text+c.Say, "{") || strings.Contains(c.Text+c.Say, "://")
		if !acts || testing.Short() && i%12 != 0 {
			continue
		}
		t.Run(c.ID, func(t *testing.T) {
			t.Parallel()
			w, err := attacks.Build(t.Context(), t.TempDir(), c.At, c.Payload())
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { w.Close() })
			for _, mode := range []attacks.Mode{attacks.AfterData, attacks.Together, attacks.AsksBack} {
				for _, a := range stage.Play(t, c, w, "openai:test", mode).Answers {
					inTerminal(t, a)
					inSlack(t, a)
					inAssistant(t, server, a)
					inReport(t, a)
				}
			}
		})
	}
}

// style is what a terminal is told to draw text in.
var style = regexp.MustCompile("\x1b\\[[0-9;:]*m")

func inTerminal(t *testing.T, a *agent.Answer) {
	lang, err := wording.For(a.Language)
	if err != nil {
		t.Fatal(err)
	}
	for _, mode := range []render.Mode{render.Plain, render.Dark} {
		r := render.New(lang, nil, 100, mode)
		for _, s := range []string{r.Head(a, render.Words{Understood: "u"}), r.Body(a), r.Foot(a, render.Words{AsOf: "t"}), r.Choices(a.Choices, 0)} {
			rest := s
			if mode != render.Plain {
				rest = style.ReplaceAllString(s, "")
			}
			for _, c := range rest {
				if c != '\n' && c < ' ' || c >= 0x7f && c < 0xa0 || c >= 0x202a && c <= 0x202e || c >= 0x2066 && c <= 0x2069 {
					t.Errorf("a terminal is told %U: %q", c, s)
				}
			}
		}
	}
}

// slackMark is what Slack makes links, people and channels of; a text's own
// marks are escaped.
var slackMark = regexp.MustCompile(`<[^>\s][^>]*>`)

func inSlack(t *testing.T, a *agent.Answer) {
	made, err := blockkit.Answer(a, blockkit.Options{Later: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range made.Messages {
		var blocks bytes.Buffer
		e := json.NewEncoder(&blocks)
		e.SetEscapeHTML(false)
		if err := e.Encode(m.Blocks); err != nil {
			t.Fatal(err)
		}
		var v any
		if err := json.Unmarshal(blocks.Bytes(), &v); err != nil {
			t.Fatal(err)
		}
		walk(v, func(o map[string]any) {
			switch o["type"] {
			case "image", "link", "video", "user", "usergroup", "channel", "broadcast":
				t.Errorf("Slack is given a %v: %v", o["type"], o)
			case "mrkdwn":
				if s, _ := o["text"].(string); slackMark.MatchString(s) {
					t.Errorf("Slack reads a mark in %q", s)
				}
			}
			if o["url"] != nil || o["image_url"] != nil {
				t.Errorf("Slack is given an address: %v", o)
			}
		})
		if slackMark.MatchString(m.Text) {
			t.Errorf("Slack reads a mark in %q", m.Text)
		}
	}
}

func walk(v any, see func(map[string]any)) {
	switch v := v.(type) {
	case []any:
		for _, x := range v {
			walk(x, see)
		}
	case map[string]any:
		see(v)
		for _, x := range v {
			walk(x, see)
		}
	}
}

func inAssistant(t *testing.T, s *Server, a *agent.Answer) {
	r, err := s.answered(a)
	if err != nil {
		t.Fatal(err)
	}
	source := []byte(textOf(r))
	doc := goldmark.New(goldmark.WithExtensions(extension.Table, extension.Strikethrough)).Parser().Parse(text.NewReader(source))
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		switch n.(type) {
		case *ast.Link, *ast.Image, *ast.AutoLink, *ast.RawHTML, *ast.HTMLBlock:
			if entering {
				t.Errorf("another assistant reads a %s in\n%s", n.Kind(), source)
			}
		}
		return ast.WalkContinue, nil
	})
}

// tag is a tag of HTML, and what in it can lead elsewhere or run.
var (
	tag    = regexp.MustCompile(`(?s)<[a-zA-Z][^>]*>`)
	leaves = regexp.MustCompile(`(?i)\s(?:on\w+|src|href|action|background|srcset|formaction)\s*=\s*"?(?:https?:|//|javascript:|data:|mailto:)?`)
	styles = regexp.MustCompile(`(?s)<(?:style|script)[^>]*>.*?</(?:style|script)>`)
)

func inReport(t *testing.T, a *agent.Answer) {
	raw, err := a.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	doc, err := report.OfAnswer(raw, report.Options{Personal: true})
	if err != nil {
		t.Fatal(err)
	}
	var page bytes.Buffer
	if err := report.HTML(&page, doc); err != nil {
		t.Fatal(err)
	}
	// The page's own style and script are there in every report.
	for _, found := range tag.FindAllString(styles.ReplaceAllString(page.String(), ""), -1) {
		if m := leaves.FindString(found); m != "" && !strings.Contains(found, `href="#`) || strings.Contains(found, "evil.example") {
			t.Errorf("a report has %s", fmt.Sprintf("%.300s", found))
		}
	}
	for _, own := range styles.FindAllString(page.String(), -1) {
		if strings.Contains(own, "evil") {
			t.Errorf("a report's style or script has %.300s", own)
		}
	}
}
