package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"tesela/segment"
	"tesela/segment/syntax"
	"tesela/store"
	"tesela/tools"
)

func newSegmentExplain(a *app) *cobra.Command {
	var flags toolFlags
	c := &cobra.Command{
		Use:     "explain FORMULA|NAME",
		Short:   "Say what a segment means, what each condition keeps, and how it is evaluated",
		Example: `  tesela segment explain 'count(order, last 90d) >= 3 and days_since(order) > 14'`,
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.onSegment(c.Context(), &flags, args[0], func(ws store.Workspace, who tools.Caller, formula string) error {
				arguments, err := json.Marshal(tools.CountSegmentArgs{Formula: formula})
				if err != nil {
					return err
				}
				r, err := tools.NewBox(ws).Call(c.Context(), who, "count_segment", arguments)
				if err != nil {
					return a.toolFailed(err)
				}
				e := explained{Result: r}
				s := &r.Segments[0]
				if s.Text, err = inWords(c.Context(), ws, who.Language, s.Formula); err != nil {
					return err
				}
				if e.Plan, err = planText(c.Context(), ws, who, s.Formula); err != nil {
					return err
				}
				for _, row := range r.Rows {
					text, err := inWords(c.Context(), ws, who.Language, fmt.Sprint(row[0]))
					if err != nil {
						return err
					}
					e.Conditions = append(e.Conditions, text)
				}
				if a.json {
					return a.printJSON(e)
				}
				return a.printExplained(e)
			})
		},
	}
	flags.add(c)
	return c
}

// explained is a count with what is said about the formula besides.
type explained struct {
	*tools.Result
	// Conditions are the rows' conditions in words.
	Conditions []string `json:"conditions"`
	// Plan is how the formula is evaluated, every time absolute.
	Plan string `json:"plan"`
}

// planText prints the plan of a formula.
func planText(ctx context.Context, ws store.Workspace, who tools.Caller, formula string) (string, error) {
	f, err := syntax.Parse(formula)
	if err != nil {
		return "", err
	}
	src, err := ws.Source(ctx)
	if err != nil {
		return "", err
	}
	at := who.AsOf
	if at.IsZero() {
		at = src.Schema().Now()
	}
	p, err := segment.Compile(ctx, f, src, at)
	if err != nil {
		return "", err
	}
	return p.String(), nil
}

func (a *app) printExplained(e explained) error {
	if err := a.printCount(e.Result); err != nil {
		return err
	}
	if len(e.Conditions) > 1 {
		fmt.Fprintln(a.out, "\nEach condition alone:")
		for i, text := range e.Conditions {
			fmt.Fprintf(a.out, "  %d: %s\n", e.Rows[i][1], text)
		}
	}
	fmt.Fprintf(a.out, "\nHow it is evaluated:\n  %s\n", strings.ReplaceAll(e.Plan, "\n", "\n  "))
	return nil
}
