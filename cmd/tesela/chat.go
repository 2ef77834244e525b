package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"tesela/agent"
	"tesela/agent/model"
	"tesela/cmd/internal/chat"
	"tesela/segment/syntax"
	"tesela/store"
	"tesela/store/demo"
	"tesela/tools"
)

func newChat(a *app) *cobra.Command {
	var t talk
	var asOf string
	c := &cobra.Command{
		Use:   "chat",
		Short: "Talk about your customers in the terminal",
		Long: "Opens a conversation in the terminal: questions in English, Spanish or Portuguese, answers with\n" +
			"what was understood, figures, tables and charts. ? shows the keys, ctrl+d leaves.",
		Example: "  tesela chat\n  tesela chat --lang es\n  tesela chat --session spring",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			ctx := c.Context()
			if err := errors.Join(checkModel(t.model), checkLanguage(t.lang), t.bounds.check(c.Flags().Changed, configured().price)); err != nil {
				return err
			}
			if c.Flags().Changed("session") && strings.TrimSpace(t.session) == "" {
				return usageError("--session needs a name")
			}
			var day *syntax.Date
			if asOf != "" {
				var err error
				if day, err = syntax.ParseDate(asOf); err != nil {
					return usageError("--as-of %q: expected a date such as 2011-12-01 or 2011-12-01T08:00:00Z", asOf)
				}
			}
			if a.json || !isTerminal(a.in) || !isTerminal(a.out) {
				return usageError("the chat needs a terminal; `tesela ask QUESTION` answers one question without one")
			}
			if os.Getenv("TERM") == "dumb" {
				return usageError("the chat needs a terminal that can place its text (TERM is dumb); `tesela ask QUESTION` works in any")
			}
			ws, err := a.open(ctx)
			if err != nil {
				return err
			}
			defer ws.Close()
			if t.asOf, err = instantOf(ctx, ws, day); err != nil {
				return err
			}
			return openChat(ctx, a, ws, t, languageOf(os.Getenv))
		},
	}
	flags := c.Flags()
	flags.StringVar(&t.lang, "lang", "", "language of questions and answers: en, es or pt (default: as asked)")
	flags.StringVar(&asOf, "as-of", "", "answer as of this `DATE` (2011-12-01 or RFC 3339) instead of the end of the newest day of data")
	flags.StringVar(&t.model, "model", "auto", "who reads the questions: auto, offline, or a language model such as openai:NAME")
	flags.StringVar(&t.session, "session", "", "go on with the session of this `NAME`, or begin it")
	t.bounds.add(c, "give up on a question", usualTime)
	return c
}

// demoChat opens the chat on the demo. It speaks the demo's language at first
// and answers in that of each question.
func demoChat(ctx context.Context, a *app, ws store.Workspace, t talk) error {
	speak := t.lang
	t.lang = ""
	return openChat(ctx, a, ws, t, speak)
}

// openChat talks with the person at the terminal until they leave, at first
// in the language given. A session that was not named is named after its
// beginning, so that questions follow up on one another and it can be gone on
// with.
func openChat(ctx context.Context, a *app, ws store.Workspace, t talk, speak string) error {
	if t.clock == nil {
		t.clock = time.Now
	}
	var err error
	if t.exports, err = a.exports(); err != nil {
		return err
	}
	if t.session == "" {
		t.session = "chat-" + t.clock().Format("20060102-150405")
	}
	conversation, err := converse(ctx, ws, t)
	if err != nil {
		return err
	}
	source, err := ws.Source(ctx)
	if err != nil {
		return err
	}
	past, err := pastAnswers(ctx, ws, t.session)
	if err != nil {
		return err
	}
	catalogue, err := catalogueOf(ctx, conversation)
	if err != nil {
		return err
	}
	next, err := newNextQuestions(conversation.Model)
	if err != nil {
		return err
	}
	// The data may change while people talk: what is offered is of what there
	// is then.
	now := func() *model.Catalogue {
		if c, err := catalogueOf(ctx, conversation); err == nil {
			return c
		}
		return catalogue
	}
	box := tools.NewBox(ws)
	return chat.Run(ctx, chat.Config{
		Ask: func(ctx context.Context, language, question string) iter.Seq2[agent.Event, error] {
			conversation.Language = language
			return conversation.Ask(ctx, question)
		},
		Decide: func(ctx context.Context, language, id string, yes bool) iter.Seq2[agent.Event, error] {
			return func(yield func(agent.Event, error) bool) {
				conversation.Language = language
				answer, err := decision(ctx, conversation, id, person(), yes)
				if answer == nil {
					yield(agent.Event{}, err)
					return
				}
				if err != nil {
					if !yield(agent.Event{Notice: err.Error()}, nil) {
						return
					}
				}
				yield(agent.Event{Answer: answer}, nil)
			}
		},
		Describe: func(ctx context.Context, language string) (*tools.Result, error) {
			return box.Call(ctx, tools.Caller{Language: language, AsOf: t.asOf, Person: true}, "describe_data", json.RawMessage("{}"))
		},
		Next: func(ctx context.Context, a *agent.Answer, before []*agent.Answer) []model.Choice {
			return next.after(ctx, now(), a, before)
		},
		Complete: func(ctx context.Context, language, typed string) []model.Choice {
			return next.complete(ctx, now(), language, typed)
		},
		Catalogue: catalogue, Examples: next.first(ctx, ws, now), Past: past,
		Session: t.session, Resume: a.resume(t.session), Language: t.lang, Speak: speak,
		Zone: source.Schema().Zone, Environment: os.Environ(),
	}, a.in, a.out)
}

// pastAnswers are those of a session so far; one that cannot be read is left
// out.
func pastAnswers(ctx context.Context, ws store.Workspace, session string) ([]*agent.Answer, error) {
	turns, err := ws.Turns(ctx, session, 0)
	if err != nil {
		return nil, fmt.Errorf("read the earlier questions: %w", err)
	}
	var past []*agent.Answer
	for _, turn := range turns {
		answer := &agent.Answer{}
		if json.Unmarshal(turn.Answer, answer) == nil && answer.Question != "" {
			past = append(past, answer)
		}
	}
	return past, nil
}

// demoExamples are the demo's own first questions where the workspace holds a
// demo, nil elsewhere.
func demoExamples(ctx context.Context, ws store.Workspace) func(language string) []string {
	holding, err := demo.Recognise(ctx, ws, demo.Options{})
	if err != nil || holding != demo.ThisDemo && holding != demo.OtherDemo {
		return nil
	}
	return func(language string) []string {
		questions, err := demo.Questions(language)
		if err != nil {
			return nil
		}
		return questions
	}
}

// resume is the command that goes on with a session.
func (a *app) resume(session string) string {
	command := "tesela chat"
	if a.db != "" {
		command += " --db " + shellWord(a.db)
	}
	return command + " --session " + shellWord(session)
}

// shellWord writes a text so that a POSIX shell reads it as one word.
func shellWord(s string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_./:,+@", r)
	}
	if s != "" && strings.IndexFunc(s, func(r rune) bool { return !plain(r) }) < 0 {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
