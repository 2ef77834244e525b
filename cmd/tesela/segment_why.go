package main

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"tesela/store"
	"tesela/tools"
)

func newSegmentWhy(a *app) *cobra.Command {
	var flags toolFlags
	var customer string
	var events int
	c := &cobra.Command{
		Use:   "why FORMULA|NAME --customer ID",
		Short: "Say why a customer is in or out, and what least change would turn that",
		Long: "Tells for one customer what each condition of a segment finds, the events that decide, and the\n" +
			"smallest change of the customer's own data that would turn membership round.",
		Example: `  tesela segment why 'count(order, last 90d) >= 3' --customer 17850`,
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if strings.TrimSpace(customer) == "" {
				return usageError("--customer is missing; name the customer by id")
			}
			if events < 1 || events > 100 {
				return usageError("--events %d: expected 1 to 100", events)
			}
			return a.onSegment(c.Context(), &flags, args[0], func(ws store.Workspace, who tools.Caller, formula string) error {
				arguments, err := json.Marshal(tools.ExplainCustomerArgs{Customer: customer, Formula: formula, Events: events})
				if err != nil {
					return err
				}
				r, err := tools.NewBox(ws).Call(c.Context(), who, "explain_customer", arguments)
				if err != nil {
					return a.toolFailed(err)
				}
				if a.json {
					return a.printJSON(r)
				}
				return a.printWhy(r)
			})
		},
	}
	c.Flags().StringVar(&customer, "customer", "", "the customer's `ID`")
	c.Flags().IntVar(&events, "events", 3, "show at most this many of the deciding events of each condition")
	flags.add(c)
	return c
}

// printWhy writes an explanation as text: the verdict, then each condition
// with its deciding events beneath.
func (a *app) printWhy(r *tools.Result) error {
	verdict := "out of"
	if r.Values["in"] == true {
		verdict = "in"
	}
	fmt.Fprintf(a.out, "%s is %s the segment (%d of %d conditions hold)\n", r.Values["customer"], verdict, r.Values["met"], r.Values["conditions"])
	var condition, of any
	for _, row := range r.Rows {
		if row[0] != condition {
			condition, of = row[0], nil
			mark := "fails"
			if row[1] == true {
				mark = "holds"
			}
			fmt.Fprintf(a.out, "\n%s  %s", mark, row[0])
			// A condition without a value of its own is all that is needed.
			if row[3] != row[0] {
				value := "nothing"
				if row[2] != nil {
					value = fmt.Sprint(row[2])
				}
				fmt.Fprintf(a.out, ": has %s, needs %s", value, row[3])
			}
			fmt.Fprintln(a.out)
		}
		if row[4] != nil && row[4] != of {
			of = row[4]
			fmt.Fprintf(a.out, "       %s: %d\n", row[4], row[5])
		}
		if row[6] != nil {
			text := fmt.Sprint(row[6])
			for _, cell := range row[7:] {
				if cell != nil {
					text += "  " + fmt.Sprint(cell)
				}
			}
			fmt.Fprintf(a.out, "         %s\n", text)
		}
	}
	a.printNotes(r.Notes)
	return nil
}

// printNotes writes a result's notes under what is there.
func (a *app) printNotes(notes []string) {
	for i, n := range notes {
		if i == 0 {
			fmt.Fprintln(a.out)
		}
		fmt.Fprintln(a.out, n)
	}
}
