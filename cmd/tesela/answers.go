package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"tesela/agent"
	"tesela/agent/model"
	"tesela/segment/syntax"
	"tesela/store"
)

// statuses are those an answer may have.
var statuses = []string{string(model.Answered), string(model.Clarify), string(model.Cannot), string(model.Approve), string(model.Failed)}

func newAnswers(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:   "answers",
		Short: "List, search, show and export the answers kept",
		Long: "Every answer is kept in the workspace with its question, calls, results and what they lean on, so\n" +
			"that `tesela replay` can run it again. Without a command, lists the newest.",
		Example: "  tesela answers\n  tesela answers list --session spring --since 2025-03-01\n" +
			"  tesela answers search ingresos por país\n  tesela answers export 3f9a21c04d77 --out answer.json",
	}
	list := newAnswersList(a)
	c.Args = func(c *cobra.Command, args []string) error {
		if len(args) == 0 {
			return nil
		}
		return fmt.Errorf("%s has no command %q%s", c.CommandPath(), args[0], nearestCommand(c, args[0]))
	}
	c.RunE = list.RunE
	c.Flags().AddFlagSet(list.Flags())
	c.AddCommand(list, newAnswersSearch(a), newAnswersShow(a), newAnswersExport(a))
	return c
}

// answerFilter is which answers a command is about.
type answerFilter struct {
	session, status, since string
	limit                  int
}

func (f *answerFilter) add(c *cobra.Command, limit int) {
	flags := c.Flags()
	flags.StringVar(&f.session, "session", "", "only answers of the session of this `NAME`")
	flags.StringVar(&f.status, "status", "", "only answers of this status: "+strings.Join(statuses, ", "))
	flags.StringVar(&f.since, "since", "", "only answers asked since this `DATE` (2011-12-01 or RFC 3339)")
	flags.IntVar(&f.limit, "limit", limit, "at most this many, the newest; 0 is all")
}

func (f *answerFilter) query(words []string) (store.TurnQuery, error) {
	q := store.TurnQuery{Session: f.session, Status: f.status, Limit: f.limit, Words: words}
	if f.status != "" && !slices.Contains(statuses, f.status) {
		return q, usageError("--status %q: expected one of %s", f.status, strings.Join(statuses, ", "))
	}
	var err error
	q.Since, err = listed(f.limit, f.since)
	return q, err
}

// listed checks what lists take, --limit and --since, and gives the time that
// the latter names; the zero time for none.
func listed(limit int, since string) (time.Time, error) {
	if limit < 0 {
		return time.Time{}, usageError("--limit %d: expected 0 for all, or how many", limit)
	}
	if since == "" {
		return time.Time{}, nil
	}
	day, err := syntax.ParseDate(since)
	if err != nil {
		return time.Time{}, usageError("--since %q: expected a date such as 2011-12-01 or 2011-12-01T08:00:00Z", since)
	}
	from, _ := day.Time(time.Local)
	return from, nil
}

func newAnswersList(a *app) *cobra.Command {
	var f answerFilter
	c := &cobra.Command{
		Use:   "list",
		Short: "List the answers kept, newest first",
		Args:  cobra.NoArgs,
		RunE:  func(c *cobra.Command, _ []string) error { return a.listAnswers(c, f, nil) },
	}
	f.add(c, 20)
	return c
}

func newAnswersSearch(a *app) *cobra.Command {
	var f answerFilter
	c := &cobra.Command{
		Use:     "search WORDS",
		Short:   "Find answers by words of the question, of what was understood or of the text",
		Long:    "Finds the answers that hold all of the words, newest first. Case and accents do not matter, and a\nword is found within longer ones; words in one pair of quotes are looked for as they stand together.",
		Example: "  tesela answers search ingresos mes\n  tesela answers search \"at least three orders\" --status answered --json",
		Args: func(_ *cobra.Command, args []string) error {
			if strings.TrimSpace(strings.Join(args, "")) == "" {
				return errors.New("say what to search for, such as: tesela answers search revenue by country")
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error { return a.listAnswers(c, f, args) },
	}
	f.add(c, 20)
	return c
}

// listAnswers prints the heads of the answers that fit.
func (a *app) listAnswers(c *cobra.Command, f answerFilter, words []string) error {
	q, err := f.query(words)
	if err != nil {
		return err
	}
	ws, err := a.open(c.Context())
	if err != nil {
		return err
	}
	defer ws.Close()
	// One more tells whether there are more.
	if q.Limit > 0 {
		q.Limit++
	}
	heads, err := ws.FindTurns(c.Context(), q)
	if err != nil {
		return err
	}
	more := q.Limit > 0 && len(heads) == q.Limit
	if more {
		heads = heads[:len(heads)-1]
	}
	if a.json {
		if heads == nil {
			heads = []store.TurnHead{}
		}
		return a.printJSON(heads)
	}
	if len(heads) == 0 {
		switch {
		case len(words) > 0 || f.session != "" || f.status != "" || f.since != "":
			fmt.Fprintln(a.errs, "no kept answer fits; `tesela answers` lists the newest")
		default:
			fmt.Fprintln(a.errs, "no answer is kept yet; `tesela ask` keeps each")
		}
		return nil
	}
	w := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
	for _, h := range heads {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", h.ID, askedText(h.Asked), h.Status, sessionText(h.Session), shortQuestion(h.Question))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if more {
		fmt.Fprintf(a.errs, "these are the newest %d; --limit 0 lists all\n", len(heads))
	}
	return nil
}

// askedText is when a question was asked, where the reader sits.
func askedText(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.Local().Format("2006-01-02 15:04")
}

func sessionText(session string) string {
	if session == "" {
		return "-"
	}
	return oneLine(session)
}

// mostQuestionShown bounds a question in a list, in characters.
const mostQuestionShown = 100

func shortQuestion(q string) string {
	runes := []rune(strings.ReplaceAll(oneLine(q), "\t", " "))
	if len(runes) > mostQuestionShown {
		return string(runes[:mostQuestionShown]) + "…"
	}
	return string(runes)
}

func newAnswersShow(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "show ID",
		Short: "Show a kept answer",
		Args:  oneAnswer,
		RunE: func(c *cobra.Command, args []string) error {
			ws, err := a.open(c.Context())
			if err != nil {
				return err
			}
			defer ws.Close()
			turn, err := keptTurn(c.Context(), ws, args[0])
			if err != nil {
				return err
			}
			if a.json {
				return a.printJSON(turn.Answer)
			}
			var answer agent.Answer
			if err := json.Unmarshal(turn.Answer, &answer); err != nil {
				return fmt.Errorf("read the answer %s: %w", turn.ID, err)
			}
			fmt.Fprintf(a.out, "%s  %s  %s  %s\n%s\n\n", turn.ID, askedText(turn.Asked), answer.Status, sessionText(turn.Session), oneLine(turn.Question))
			return a.showAnswer(&answer)
		},
	}
}

func oneAnswer(_ *cobra.Command, args []string) error {
	if len(args) != 1 {
		return errors.New("name one answer by its id; `tesela answers` lists them")
	}
	return nil
}
