package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"tesela/store"
	"tesela/tools"
)

func newSegmentDiff(a *app) *cobra.Command {
	var flags toolFlags
	var sample int
	c := &cobra.Command{
		Use:     "diff FORMULA|NAME FORMULA|NAME",
		Short:   "Compare two definitions, in conditions and in people",
		Example: `  tesela segment diff Loyal 'count(order, last 90d) >= 4'`,
		Args:    cobra.ExactArgs(2),
		RunE: func(c *cobra.Command, args []string) error {
			if sample < 0 || sample > 1000 {
				return usageError("--sample %d: expected 0 to 1000", sample)
			}
			return a.onSegment(c.Context(), &flags, args[0], func(ws store.Workspace, who tools.Caller, from string) error {
				to := args[1]
				if saved, err := savedSegment(c.Context(), ws, to); err == nil {
					to = saved.Formula
				}
				arguments, err := json.Marshal(tools.DiffSegmentsArgs{From: from, To: to, Sample: sample})
				if err != nil {
					return err
				}
				r, err := tools.NewBox(ws).Call(c.Context(), who, "diff_segments", arguments)
				if err != nil {
					var bad *tools.ArgumentError
					if errors.As(err, &bad) && bad.Field == "to" {
						from = to
					}
					return pointAt(a.toolFailed(err), from)
				}
				if a.json {
					return a.printJSON(r)
				}
				return a.printDiff(c.Context(), ws, who, from, to, r)
			})
		},
	}
	c.Flags().IntVar(&sample, "sample", 5, "show at most this many ids of customers gained and lost")
	flags.add(c)
	return c
}

// printDiff writes a comparison as text: both definitions in words, the
// conditions that differ, and the people.
func (a *app) printDiff(ctx context.Context, ws store.Workspace, who tools.Caller, from, to string, r *tools.Result) error {
	for _, side := range []struct {
		name, formula string
		size          any
	}{{"from", from, r.Values["size_from"]}, {"to", to, r.Values["size_to"]}} {
		words, err := inWords(ctx, ws, who.Language, side.formula)
		if err != nil {
			return err
		}
		fmt.Fprintf(a.out, "%-5s %d customers: %s\n      %s\n", side.name, side.size, words, side.formula)
	}
	if len(r.Rows) > 0 {
		fmt.Fprintln(a.out)
		w := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', tabwriter.AlignRight)
		fmt.Fprint(w, "gained\tlost\t  change\n")
		for _, row := range r.Rows {
			text := fmt.Sprint(row[0])
			if row[1] != nil {
				text += " " + fmt.Sprint(row[1])
			}
			switch {
			case row[2] != nil && row[1] != nil:
				text += " to " + fmt.Sprint(row[2])
			case row[2] != nil:
				text += " " + fmt.Sprint(row[2])
			}
			fmt.Fprintf(w, "%d\t%d\t  %s\n", row[3], row[4], text)
		}
		if err := w.Flush(); err != nil {
			return err
		}
	}
	fmt.Fprintf(a.out, "\ngained %d, lost %d, kept %d\n", r.Values["gained"], r.Values["lost"], r.Values["kept"])
	for _, name := range []string{"gained", "lost"} {
		if ids, ok := r.Values[name+"_ids"].(string); ok {
			if n, _ := r.Values[name].(int); n > strings.Count(ids, ", ")+1 {
				ids += ", …"
			}
			fmt.Fprintf(a.out, "%s: %s\n", name, ids)
		}
	}
	a.printNotes(r.Notes)
	return nil
}
