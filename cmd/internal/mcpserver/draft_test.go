package mcpserver

import (
	"context"
	"iter"
	"strings"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"tesela/agent"
	"tesela/agent/model"
)

// author is the scripted model with words of its own, said piece by piece as it
// is told to.
type author struct {
	scripted
	pieces chan string
}

func (a author) Generate(ctx context.Context, r model.Request) iter.Seq2[model.Delta, error] {
	if r.Messages[len(r.Messages)-1].Role == model.User {
		return a.scripted.Generate(ctx, r)
	}
	return func(yield func(model.Delta, error) bool) {
		for text := range a.pieces {
			if !yield(model.Delta{Text: text}, nil) {
				return
			}
		}
	}
}

// What is written of an answer is told as the message of its progress, all of
// it each time.
func TestDraftAsProgress(t *testing.T) {
	for _, version := range versions {
		t.Run(version, func(t *testing.T) {
			w := newWorld()
			config := w.config()
			a := author{pieces: make(chan string, 10)}
			converse := config.Converse
			config.Converse = func(ctx context.Context, session, language string) (*agent.Conversation, error) {
				c, err := converse(ctx, session, language)
				c.Model = a
				return c, err
			}
			ear := &heard{}
			c := join(t, serve(t, config), ear.options(), version)
			done := make(chan string)
			go func() {
				r, err := c.CallTool(t.Context(), withToken("ask", `{"question":"how many?"}`, "tok"))
				if err != nil {
					t.Error(err)
					r = &mcp.CallToolResult{}
				}
				done <- textOf(r)
			}()
			messages := func() (list []string) {
				for _, p := range ear.all() {
					list = append(list, p.Message)
				}
				return list
			}
			a.pieces <- "All of them are there. They"
			eventually(t, "the first sentence", func() bool { return strings.Join(messages(), "|") == "All of them are there." })
			a.pieces <- " are everybody.\n\nThere"
			eventually(t, "the second", func() bool {
				return strings.HasSuffix(strings.Join(messages(), "|"), "All of them are there. They are everybody.")
			})
			a.pieces <- " is no more.\x07 So it is. And"
			close(a.pieces)
			if answer := <-done; answer == "" {
				t.Error("no answer")
			}
			last := 0.0
			for _, p := range ear.all() {
				if strings.ContainsRune(p.Message, 7) || p.Progress <= last || p.Progress > p.Total {
					t.Errorf("told %+v", p)
				}
				last = p.Progress
			}
		})
	}
}
