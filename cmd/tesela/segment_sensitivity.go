package main

import (
	"encoding/json"
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"tesela/store"
	"tesela/tools"
)

func newSegmentSensitivity(a *app) *cobra.Command {
	var flags toolFlags
	var threshold int
	var to []string
	c := &cobra.Command{
		Use:   "sensitivity FORMULA|NAME",
		Short: "Move each threshold and say who comes in and who leaves",
		Long: "Moves each number and each length of time of a segment's formula up and down and says how many\n" +
			"customers come in and how many leave. Thresholds are numbered in the order of the text.",
		Example: `  tesela segment sensitivity 'days_since(order) > 60'
  tesela segment sensitivity 'count(order, last 90d) >= 3' --threshold 1 --to 60d,180d`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if threshold < 0 {
				return usageError("--threshold %d: expected 1 or more", threshold)
			}
			return a.onSegment(c.Context(), &flags, args[0], func(ws store.Workspace, who tools.Caller, formula string) error {
				arguments, err := json.Marshal(tools.CheckSensitivityArgs{Formula: formula, Threshold: threshold, To: to})
				if err != nil {
					return err
				}
				r, err := tools.NewBox(ws).Call(c.Context(), who, "check_sensitivity", arguments)
				if err != nil {
					return a.toolFailed(err)
				}
				if a.json {
					return a.printJSON(r)
				}
				return a.printSensitivity(r)
			})
		},
	}
	c.Flags().IntVar(&threshold, "threshold", 0, "move only the threshold of this `NUMBER` (default all)")
	c.Flags().StringSliceVar(&to, "to", nil, "`VALUES` to move it to, separated by commas (default steps around it)")
	flags.add(c)
	return c
}

// printSensitivity writes the moves as text, a block for each threshold.
func (a *app) printSensitivity(r *tools.Result) error {
	s := r.Segments[0]
	fmt.Fprintf(a.out, "%d of %d customers (%.1f%%)\n%s\n", s.Size, r.Values["base"], 100*s.Share, s.Formula)
	var number any
	var w *tabwriter.Writer
	flush := func() error {
		if w == nil {
			return nil
		}
		return w.Flush()
	}
	for _, row := range r.Rows {
		if row[0] != number {
			if err := flush(); err != nil {
				return err
			}
			number = row[0]
			fmt.Fprintf(a.out, "\nthreshold %d: %s in %s\n", row[0], row[2], row[1])
			w = tabwriter.NewWriter(a.out, 0, 0, 2, ' ', tabwriter.AlignRight)
			fmt.Fprint(w, "to\tcome in\tleave\tsize\tshare\t\n")
		}
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%.1f%%\t\n", row[3], row[4], row[5], row[6], 100*row[7].(float64))
	}
	if err := flush(); err != nil {
		return err
	}
	a.printNotes(r.Notes)
	return nil
}
