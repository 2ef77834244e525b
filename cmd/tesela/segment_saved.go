package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"tesela/segment/syntax"
	"tesela/store"
	"tesela/tools"
)

func newSegmentSave(a *app) *cobra.Command {
	var text, lang string
	var replace bool
	c := &cobra.Command{
		Use:     "save NAME FORMULA",
		Short:   "Keep a definition under a name",
		Example: `  tesela segment save "Lapsed Germans" 'country = "Germany" and days_since(order) > 60'`,
		Args:    cobra.ExactArgs(2),
		RunE: func(c *cobra.Command, args []string) error {
			name := strings.TrimSpace(args[0])
			if name == "" {
				return usageError("the name is empty; give the segment a name")
			}
			ws, err := a.open(c.Context())
			if err != nil {
				return err
			}
			defer ws.Close()
			who, err := (&toolFlags{lang: lang}).caller(c.Context(), ws)
			if err != nil {
				return err
			}
			who.Person = true
			saved, err := ws.Segments(c.Context())
			if err != nil {
				return err
			}
			there := slices.ContainsFunc(saved, func(s store.Segment) bool { return s.Name == name })
			if there && !replace {
				return usageError("a segment is saved as %q already; --replace puts this one in its place", name)
			}
			formula, err := tools.Definition(c.Context(), ws, who, name, args[1])
			if err != nil {
				return pointAt(a.toolFailed(err), args[1])
			}
			if text == "" {
				if text, err = inWords(c.Context(), ws, lang, formula); err != nil {
					return err
				}
			}
			s := store.Segment{Name: name, Formula: formula, Text: text, Created: time.Now().UTC().Truncate(time.Second)}
			if err := ws.SaveSegment(c.Context(), s); err != nil {
				return fmt.Errorf("save segment %q: %w", name, err)
			}
			if a.json {
				return a.printJSON(s)
			}
			fmt.Fprintf(a.out, "saved %q: %s\n%s\n", name, formula, text)
			return nil
		},
	}
	c.Flags().StringVar(&text, "text", "", "what the segment is, in words (default: the formula restated)")
	c.Flags().StringVar(&lang, "lang", "en", "language of the restatement: en, es or pt")
	c.Flags().BoolVar(&replace, "replace", false, "replace the segment of that name")
	return c
}

func newSegmentList(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "List the saved segments",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			ws, err := a.open(c.Context())
			if err != nil {
				return err
			}
			defer ws.Close()
			saved, err := ws.Segments(c.Context())
			if err != nil {
				return err
			}
			if a.json {
				if saved == nil {
					saved = []store.Segment{}
				}
				return a.printJSON(saved)
			}
			if len(saved) == 0 {
				fmt.Fprintln(a.errs, "no segment is saved yet; `tesela segment save NAME FORMULA` keeps one")
				return nil
			}
			w := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
			for _, s := range saved {
				fmt.Fprintf(w, "%s\t%s\n", s.Name, s.Formula)
			}
			return w.Flush()
		},
	}
}

// savedSegment finds a saved segment; the error names the nearest.
func savedSegment(ctx context.Context, ws store.Workspace, name string) (store.Segment, error) {
	saved, err := ws.Segments(ctx)
	if err != nil {
		return store.Segment{}, err
	}
	var names []string
	for _, s := range saved {
		if s.Name == name {
			return s, nil
		}
		names = append(names, s.Name)
	}
	hint := "`tesela segment list` lists them"
	if near := syntax.NearestNames(name, names, 3); len(near) > 0 {
		hint = "nearest: " + strings.Join(near, ", ")
	}
	return store.Segment{}, fmt.Errorf("no segment is saved as %q; %s", name, hint)
}

func newSegmentShow(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "show NAME",
		Short: "Show a saved segment's definition",
		Args:  cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			ws, err := a.open(c.Context())
			if err != nil {
				return err
			}
			defer ws.Close()
			s, err := savedSegment(c.Context(), ws, args[0])
			if err != nil {
				return err
			}
			if a.json {
				return a.printJSON(s)
			}
			fmt.Fprintf(a.out, "%s\n%s\n", s.Name, s.Formula)
			if s.Text != "" {
				fmt.Fprintln(a.out, s.Text)
			}
			fmt.Fprintf(a.out, "saved %s\n", s.Created.Format(time.DateOnly))
			return nil
		},
	}
}

func newSegmentDelete(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "delete NAME",
		Short: "Forget a saved segment",
		Args:  cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			ws, err := a.open(c.Context())
			if err != nil {
				return err
			}
			defer ws.Close()
			s, err := savedSegment(c.Context(), ws, args[0])
			if err != nil {
				return err
			}
			if err := ws.DeleteSegment(c.Context(), s.Name); err != nil {
				return fmt.Errorf("delete segment %q: %w", s.Name, err)
			}
			if a.json {
				return a.printJSON(s)
			}
			fmt.Fprintf(a.out, "deleted %q: %s\n", s.Name, s.Formula)
			return nil
		},
	}
}
