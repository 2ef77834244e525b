package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"tesela/agent"
	"tesela/agent/model"
	"tesela/agent/wording"
	"tesela/segment/syntax"
	"tesela/store"
)

// mostQuestion bounds a question from standard input, in bytes; the agent
// refuses long ones before that in the user's language.
const mostQuestion = 1 << 20

// talk is how a command wants its conversation.
type talk struct {
	model, lang, session string
	asOf                 time.Time
	exports              string // folder of exported files, "" for none
	clock                func() time.Time
	bounds               bounds
}

// checkLanguage tells whether --lang is a language there is; "" is none.
func checkLanguage(lang string) error {
	if lang != "" && !slices.Contains(wording.Codes(), lang) {
		return usageError("--lang %q: expected one of %s", lang, strings.Join(wording.Codes(), ", "))
	}
	return nil
}

// asker is what `tesela ask` works with beside the app; tests put in their
// own.
type asker struct {
	clock    func() time.Time
	converse func(context.Context, store.Workspace, talk) (*agent.Conversation, error)
}

func newAskWith(a *app, with asker) *cobra.Command {
	var t talk
	var asOf string
	c := &cobra.Command{
		Use:   "ask QUESTION",
		Short: "Ask one question in plain words",
		Long: "Answers one question asked in English, Spanish or Portuguese. The words of the question may be\n" +
			"quoted or not; with - it is read from standard input. Exits with 0 where it was answered, 3 where\n" +
			"it needs a clarification, 4 where this data cannot answer it, 5 where it waits for approval.",
		Example: "  tesela ask how many customers ordered at least five times\n" +
			"  tesela ask --session spring '¿y solo en Alemania?'\n" +
			"  echo 'receita por mês' | tesela ask --json -",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return errors.New("ask a question, such as: tesela ask how many customers are there (or - to read it from standard input)")
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
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
			question, err := a.question(args)
			if err != nil {
				return err
			}
			ws, err := a.open(ctx)
			if err != nil {
				return err
			}
			defer ws.Close()
			if t.asOf, err = instantOf(ctx, ws, day); err != nil {
				return err
			}
			t.clock = with.clock
			if t.exports, err = a.exports(); err != nil {
				return err
			}
			conversation, err := with.converse(ctx, ws, t)
			if err != nil {
				return err
			}
			return a.ask(ctx, conversation, question)
		},
	}
	flags := c.Flags()
	flags.StringVar(&t.lang, "lang", "", "language of the question and answer: en, es or pt (default: as asked)")
	flags.StringVar(&asOf, "as-of", "", "answer as of this `DATE` (2011-12-01 or RFC 3339) instead of the end of the newest day of data")
	flags.StringVar(&t.model, "model", "auto", "who reads the question: auto, offline, or a language model such as openai:NAME")
	flags.StringVar(&t.session, "session", "", "follow up on the earlier questions of the session of this `NAME`")
	t.bounds.add(c, "give up", usualTime)
	return c
}

// instantOf is a date as T: the zone of the data cuts its day. No date is the
// zero time.
func instantOf(ctx context.Context, ws store.Workspace, day *syntax.Date) (time.Time, error) {
	if day == nil {
		return time.Time{}, nil
	}
	source, err := ws.Source(ctx)
	if err != nil {
		return time.Time{}, err
	}
	t, _ := day.Time(source.Schema().Zone)
	return t, nil
}

// question is the arguments as one text, or standard input.
func (a *app) question(args []string) (string, error) {
	if len(args) != 1 || args[0] != "-" {
		return strings.Join(args, " "), nil
	}
	text, err := io.ReadAll(io.LimitReader(a.in, mostQuestion))
	if err != nil {
		return "", fmt.Errorf("read the question from standard input: %w", err)
	}
	return strings.TrimSpace(string(text)), nil
}

// ask puts the question, prints the answer, and makes its status the exit
// code.
func (a *app) ask(ctx context.Context, c *agent.Conversation, question string) error {
	var answer *agent.Answer
	bar := a.newBar("")
	c.Progress = bar.work
	defer bar.clear()
	for e, err := range c.Ask(ctx, question) {
		if err == nil && e.Draft != "" {
			bar.write(e.Draft)
			continue
		}
		bar.clear()
		if err != nil {
			return err
		}
		if e.Notice != "" {
			fmt.Fprintf(a.errs, "tesela: %s\n", e.Notice)
		}
		if e.Answer != nil {
			answer = e.Answer
		}
	}
	if answer == nil {
		return errors.New("the question came to no answer")
	}
	if err := a.offerNext(ctx, c, answer); err != nil {
		return err
	}
	code := exitCode(answer.Status)
	if a.json {
		if err := a.printAnswer(answer); err != nil {
			return err
		}
		if answer.Status != model.Failed {
			return a.leave(ctx, c, answer)
		}
	}
	if answer.Status == model.Failed {
		return &exitError{code: code, err: errors.New(plainText(answer.Text))}
	}
	if err := a.showAnswer(answer); err != nil {
		return err
	}
	for _, next := range answer.Suggestions {
		fmt.Fprintln(a.out, "→ "+oneLine(next.Question))
	}
	return a.leave(ctx, c, answer)
}

// leave makes the answer's status the exit code; what waits for approval may
// be decided first.
func (a *app) leave(ctx context.Context, c *agent.Conversation, answer *agent.Answer) error {
	switch code := exitCode(answer.Status); code {
	case exitOK:
		return nil
	case exitApproval:
		return a.waits(ctx, c, answer)
	default:
		return &exitError{code: code}
	}
}

// printAnswer prints the answer as JSON. Marks of HTML stay as they are: what
// reads it is a program or a person, not a browser.
func (a *app) printAnswer(v any) error {
	e := json.NewEncoder(a.out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		return fmt.Errorf("print the answer: %w", err)
	}
	return nil
}

func exitCode(s model.Status) int {
	switch s {
	case model.Answered:
		return exitOK
	case model.Clarify:
		return exitClarify
	case model.Cannot:
		return exitCannot
	case model.Approve:
		return exitApproval
	}
	return exitError1
}
