package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"tesela/agent/trace"
	"tesela/store"
)

func newTrace(a *app) *cobra.Command {
	var f traceFilter
	var full, again bool
	c := &cobra.Command{
		Use:   "trace [ID]",
		Short: "Show what turns did: what was asked of which model, which tools ran, how long it took",
		Long: "Of every turn a trace is kept: each request with its time, tokens and cost, what the model decided and\n" +
			"called, what the tools gave, what was repaired, refused or done without. Without an ID, lists the newest;\n" +
			"ID is that of an answer, or of the trace of a turn that was cancelled. Nothing personal is kept in traces,\n" +
			"and no results' rows that a person was shown. The newest " + thousands(store.KeptTraces) + " are kept; " + envTrace + "=off keeps none.\n" +
			"With --replay the turn is run anew over the data as it is now, with what its model said then in place of\n" +
			"the model: exits with 0 where it comes to the same answer, with 1 where it does not.",
		Example: "  tesela trace\n  tesela trace --model openai:gpt-4o-mini --since 2025-03-01\n  tesela trace 3f9a21c04d77\n  tesela trace 3f9a21c04d77 --replay",
		Args: func(c *cobra.Command, args []string) error {
			switch {
			case len(args) > 1:
				return errors.New("name one turn by its id; `tesela trace` lists them")
			case len(args) == 0 && (full || again):
				return errors.New("name the turn by its id; `tesela trace` lists them")
			case len(args) == 1:
				for _, name := range traceFlags {
					if c.Flags().Changed(name) {
						return fmt.Errorf("--%s chooses among many; it does not go with an id", name)
					}
				}
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return a.listTraces(c.Context(), f)
			}
			ws, err := a.open(c.Context())
			if err != nil {
				return err
			}
			defer ws.Close()
			t, err := keptTrace(c.Context(), ws, args[0])
			switch {
			case err != nil:
				return err
			case again:
				return a.replayTrace(c.Context(), ws, t)
			case a.json:
				return a.printJSON(t)
			}
			question := t.Question
			if turn, err := ws.Turn(c.Context(), t.ID); err == nil {
				question = turn.Question // the answer has it as it was typed
			}
			_, err = fmt.Fprint(a.out, traceText(t, question, full))
			return err
		},
	}
	f.add(c)
	c.Flags().BoolVar(&full, "full", false, "show the messages as they were sent, too")
	c.Flags().BoolVar(&again, "replay", false, "run the turn anew without its model and compare the answers")
	return c
}

// traceFilter is which traces a list shows.
type traceFilter struct {
	session, status, model, since string
	limit                         int
}

// traceFlags choose among traces.
var traceFlags = []string{"session", "status", "model", "since", "limit"}

func (f *traceFilter) add(c *cobra.Command) {
	flags := c.Flags()
	flags.StringVar(&f.session, "session", "", "only turns of the session of this `NAME`")
	flags.StringVar(&f.status, "status", "", "only turns of this status: "+strings.Join(traceStatuses(), ", "))
	flags.StringVar(&f.model, "model", "", "only turns that this model answered: offline, openai:NAME, …")
	flags.StringVar(&f.since, "since", "", "only turns asked since this `DATE` (2011-12-01 or RFC 3339)")
	flags.IntVar(&f.limit, "limit", 20, "at most this many, the newest; 0 is all")
}

func traceStatuses() []string { return append(slices.Clone(statuses), trace.Cancelled) }

func (f *traceFilter) query() (store.TraceQuery, error) {
	q := store.TraceQuery{Session: f.session, Status: f.status, Model: f.model, Limit: f.limit}
	if f.status != "" && !slices.Contains(traceStatuses(), f.status) {
		return q, usageError("--status %q: expected one of %s", f.status, strings.Join(traceStatuses(), ", "))
	}
	var err error
	q.Since, err = listed(f.limit, f.since)
	return q, err
}

// keptTrace reads a trace by its id.
func keptTrace(ctx context.Context, ws store.Workspace, id string) (*trace.Trace, error) {
	kept, err := ws.Trace(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		if _, err := ws.Turn(ctx, id); err == nil {
			return nil, fmt.Errorf("no trace was kept of the answer %s; `tesela answers show %[1]s` shows it", oneLine(id))
		}
		return nil, fmt.Errorf("there is no trace %s in this workspace; `tesela trace` lists those kept", oneLine(id))
	}
	if err != nil {
		return nil, err
	}
	t := &trace.Trace{}
	if err := json.Unmarshal(kept.Body, t); err != nil {
		return nil, fmt.Errorf("read the trace %s: %w", oneLine(id), err)
	}
	return t, nil
}

// listTraces prints the heads of the traces that fit.
func (a *app) listTraces(ctx context.Context, f traceFilter) error {
	q, err := f.query()
	if err != nil {
		return err
	}
	ws, err := a.open(ctx)
	if err != nil {
		return err
	}
	defer ws.Close()
	if q.Limit > 0 {
		q.Limit++ // one more tells whether there are more
	}
	heads, err := ws.FindTraces(ctx, q)
	if err != nil {
		return err
	}
	more := q.Limit > 0 && len(heads) == q.Limit
	if more {
		heads = heads[:len(heads)-1]
	}
	switch {
	case a.json && heads == nil:
		return a.printJSON([]store.TraceHead{})
	case a.json:
		return a.printJSON(heads)
	case len(heads) == 0 && f == (traceFilter{limit: f.limit}):
		fmt.Fprintln(a.errs, "no trace is kept yet; every question asked keeps one, unless "+envTrace+"=off")
		return nil
	case len(heads) == 0:
		fmt.Fprintln(a.errs, "no kept trace fits; `tesela trace` lists the newest")
		return nil
	}
	w := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "id\twhen\tstatus\tmodel\trounds\tcalls\ttokens\tcost\ttime\tsession")
	for _, h := range heads {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%d\t%d\t%s\t%s\t%s\t%s\n", h.ID, askedText(h.Asked), h.Status, shortModel(h.Model), h.Rounds, h.Calls,
			tokensText(h.InputTokens+h.OutputTokens), costText(h.Cost), tookText(h.ElapsedMS), sessionText(h.Session))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if more {
		fmt.Fprintf(a.errs, "these are the newest %d; --limit 0 lists all\n", len(heads))
	}
	return nil
}

func shortModel(name string) string {
	const most = 28
	if runes := []rune(oneLine(name)); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return oneLine(name)
}

func tokensText(n int) string {
	if n == 0 {
		return "-"
	}
	return thousands(n)
}

func costText(dollars float64) string {
	switch {
	case dollars == 0:
		return "-"
	case dollars < 0.01:
		return fmt.Sprintf("$%.5f", dollars)
	}
	return fmt.Sprintf("$%.2f", dollars)
}

// tookText is a time in the unit it is read best in.
func tookText(ms float64) string {
	switch {
	case ms <= 0:
		return "-"
	case ms < 10:
		return fmt.Sprintf("%.1f ms", ms)
	case ms < 1000:
		return fmt.Sprintf("%.0f ms", ms)
	case ms < 60_000:
		return fmt.Sprintf("%.1f s", ms/1000)
	}
	return fmt.Sprintf("%d min %02.0f s", int(ms)/60_000, float64(int(ms)%60_000)/1000)
}
