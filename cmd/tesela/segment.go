package main

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"tesela/segment/syntax"
	"tesela/store"
	"tesela/tools"
	"tesela/tools/restate"
)

func newSegment(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:   "segment",
		Short: "Count, list, explain, compare and keep segments",
		Long: "Works on a segment given as a formula or by the name it was saved under. A formula is one argument:\n" +
			"put it in single quotes.",
	}
	c.AddCommand(
		newSegmentCount(a), newSegmentMembers(a),
		newSegmentExplain(a), newSegmentWhy(a), newSegmentDiff(a), newSegmentSensitivity(a),
		newSegmentSave(a), newSegmentList(a), newSegmentShow(a), newSegmentDelete(a),
	)
	return c
}

// onSegment opens the workspace and turns the argument, a saved segment's
// name or a formula, into a formula.
func (a *app) onSegment(ctx context.Context, flags *toolFlags, text string, do func(ws store.Workspace, who tools.Caller, formula string) error) error {
	ws, err := a.open(ctx)
	if err != nil {
		return err
	}
	defer ws.Close()
	who, err := flags.caller(ctx, ws)
	if err != nil {
		return err
	}
	// Whoever types a command is a person, who may see personal traits.
	who.Person = true
	saved, err := ws.Segments(ctx)
	if err != nil {
		return err
	}
	var names []string
	for _, s := range saved {
		if s.Name == text {
			return do(ws, who, s.Formula)
		}
		names = append(names, s.Name)
	}
	err = pointAt(do(ws, who, text), text)
	var bad *tools.ArgumentError
	if errors.As(err, &bad) && (bad.Field == "formula" || bad.Field == "from") && len(names) > 0 {
		if near := syntax.NearestNames(text, names, 3); len(near) > 0 {
			return &exitError{code: exitUsage, err: fmt.Errorf("%w\nno segment is saved as %q; nearest: %s", err, text, strings.Join(near, ", "))}
		}
	}
	return err
}

// formulaFields are the arguments of tools that hold the command's formulas.
var formulaFields = []string{"formula", "from", "to"}

// pointAt shows under an error the formula with the place of its first fault.
func pointAt(err error, formula string) error {
	var e *exitError
	var bad *tools.ArgumentError
	var fault *syntax.Error
	var done *pointedError
	if errors.As(err, &done) || !errors.As(err, &e) || !errors.As(err, &bad) || !slices.Contains(formulaFields, bad.Field) || !errors.As(err, &fault) ||
		strings.ContainsAny(formula, "\n\t") || fault.Span.From > len(formula) {
		return err
	}
	before := utf8.RuneCountInString(formula[:fault.Span.From])
	width := 1
	if to := fault.Span.To; to > fault.Span.From && to <= len(formula) {
		width = utf8.RuneCountInString(formula[fault.Span.From:to])
	}
	return &exitError{code: e.code, err: &pointedError{e.err, fmt.Sprintf("\n  %s\n  %s%s", formula, strings.Repeat(" ", before), strings.Repeat("^", width))}}
}

// pointedError is an error under which its place is shown.
type pointedError struct {
	error
	place string
}

func (e *pointedError) Error() string { return e.error.Error() + e.place }

func (e *pointedError) Unwrap() error { return e.error }

func newSegmentCount(a *app) *cobra.Command {
	var flags toolFlags
	c := &cobra.Command{
		Use:     "count FORMULA|NAME",
		Short:   "Count a segment's members and what each condition keeps",
		Example: `  tesela segment count 'country = "Germany" and count(order, last 90d) >= 3'`,
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
				text, err := inWords(c.Context(), ws, who.Language, r.Segments[0].Formula)
				if err != nil {
					return err
				}
				r.Segments[0].Text = text
				if a.json {
					return a.printJSON(r)
				}
				return a.printCount(r)
			})
		},
	}
	flags.add(c)
	return c
}

// inWords restates a formula.
func inWords(ctx context.Context, ws store.Workspace, language, formula string) (string, error) {
	f, err := syntax.Parse(formula)
	if err != nil {
		return "", err
	}
	cat, err := tools.Catalogue(ctx, ws)
	if err != nil {
		return "", err
	}
	r, err := restate.New()
	if err != nil {
		return "", err
	}
	return r.Formula(language, f, cat), nil
}

// nouns says names of the data in a language; as they are where the words of
// the languages cannot be read.
func nouns() func(language, name string) (one, many string, feminine bool) {
	r, err := restate.New()
	if err != nil {
		return func(_, name string) (one, many string, feminine bool) { return name, name, false }
	}
	return r.Noun
}

// printCount writes a count as text: the size, then the conditions.
func (a *app) printCount(r *tools.Result) error {
	s := r.Segments[0]
	fmt.Fprintf(a.out, "%d of %d customers (%.1f%%)\n%s\n%s\n", s.Size, r.Values["base"], 100*s.Share, s.Text, s.Formula)
	if len(r.Rows) > 1 {
		fmt.Fprintln(a.out)
		w := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', tabwriter.AlignRight)
		fmt.Fprint(w, "alone\tshare\twithout it\t  condition\n")
		for _, row := range r.Rows {
			fmt.Fprintf(w, "%d\t%.1f%%\t%d\t  %s\n", row[1], 100*row[2].(float64), row[3], row[0])
		}
		if err := w.Flush(); err != nil {
			return err
		}
	}
	for i, n := range r.Notes {
		if i == 0 {
			fmt.Fprintln(a.out)
		}
		fmt.Fprintln(a.out, n)
	}
	return nil
}

func newSegmentMembers(a *app) *cobra.Command {
	var flags toolFlags
	var limit int
	var with []string
	c := &cobra.Command{
		Use:     "members FORMULA|NAME",
		Short:   "Print the members' ids, with traits if asked, as CSV",
		Example: `  tesela segment members 'days_since(order) > 60' --with country,email > lapsed.csv`,
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if limit < 0 {
				return usageError("--limit %d: expected 0 (all) or more", limit)
			}
			return a.onSegment(c.Context(), &flags, args[0], func(ws store.Workspace, who tools.Caller, formula string) error {
				m, err := tools.ListMembers(c.Context(), ws, who, formula, with, limit)
				if err != nil {
					return a.toolFailed(err)
				}
				if a.json {
					return a.printJSON(membersJSON(m))
				}
				return a.printMembers(m)
			})
		},
	}
	c.Flags().IntVar(&limit, "limit", 0, "print at most this many, the first by id (default all)")
	c.Flags().StringSliceVar(&with, "with", nil, "`TRAITS` to print beside the id, separated by commas")
	flags.add(c)
	return c
}

func (a *app) printMembers(m *tools.Members) error {
	w := csv.NewWriter(a.out)
	record := make([]string, len(m.Columns))
	for i, col := range m.Columns {
		record[i] = col.Name
	}
	if err := w.Write(record); err != nil {
		return err
	}
	for _, row := range m.Rows {
		for i, cell := range row {
			record[i] = ""
			if cell != nil {
				record[i] = fmt.Sprint(cell)
			}
		}
		if err := w.Write(record); err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}

// membersJSON is an object per member, keyed by column.
func membersJSON(m *tools.Members) any {
	rows := make([]map[string]any, 0, len(m.Rows))
	for _, row := range m.Rows {
		one := make(map[string]any, len(row))
		for i, cell := range row {
			one[m.Columns[i].Name] = cell
		}
		rows = append(rows, one)
	}
	return map[string]any{"formula": m.Formula, "size": m.Size, "members": rows}
}
