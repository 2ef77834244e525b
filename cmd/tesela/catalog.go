package main

import (
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"tesela/segment"
	"tesela/segment/column"
)

func newCatalog(a *app) *cobra.Command {
	var set catalogChanges
	c := &cobra.Command{
		Use:   "catalog",
		Short: "Show what the data holds, and set roles and business words",
		Long: "Shows the events with their properties, the traits, their ranges, which of them play which role, and the\n" +
			"business words. The flags set roles and words; words are formulas or measures.",
		Example: `  tesela catalog
  tesela catalog --role purchase=deposit --role amount=deposit.amount
  tesela catalog --word 'GGR=sum(bet.amount)' --word 'VIP=top 5% by sum(order.amount, last 1y)'`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return a.catalog(c.Context(), set) },
	}
	f := c.Flags()
	f.StringArrayVar(&set.roles, "role", nil, "give a role, as `ROLE=TARGET`, TARGET an event, EVENT.PROPERTY or a trait; repeatable")
	f.StringArrayVar(&set.noRoles, "forget-role", nil, "take a `ROLE` back; repeatable")
	f.StringArrayVar(&set.words, "word", nil, "teach a business word, as `WORD=FORMULA` or WORD=MEASURE; repeatable")
	f.StringArrayVar(&set.noWords, "forget-word", nil, "forget a `WORD`; repeatable")
	return c
}

func (a *app) catalog(ctx context.Context, set catalogChanges) error {
	ws, err := a.open(ctx)
	if err != nil {
		return err
	}
	defer ws.Close()
	if err := set.apply(ctx, ws); err != nil {
		return err
	}
	src, err := ws.Source(ctx)
	if err != nil {
		return err
	}
	if a.json {
		return a.printJSON(catalogOf(src.Schema()))
	}
	return a.printCatalog(src.Schema())
}

// The catalogue as JSON. Values are written as in tool results: money as a
// decimal string, times as RFC 3339, dates as 2011-12-31.
type (
	catalogJSON struct {
		Customers int               `json:"customers"`
		Rows      int               `json:"rows"`
		Currency  string            `json:"currency"`
		Timezone  string            `json:"timezone"`
		AsOf      string            `json:"as_of"`
		Events    []eventJSON       `json:"events"`
		Traits    []fieldJSON       `json:"traits"`
		Roles     map[string]string `json:"roles"`
		Words     map[string]string `json:"words"`
	}
	eventJSON struct {
		Name       string      `json:"name"`
		Rows       int         `json:"rows"`
		Tied       bool        `json:"tied"` // several rows may be one event
		From       string      `json:"from,omitempty"`
		To         string      `json:"to,omitempty"`
		Properties []fieldJSON `json:"properties"`
	}
	fieldJSON struct {
		Name     string `json:"name"`
		Kind     string `json:"kind"`
		Set      int    `json:"set"`
		Distinct int    `json:"distinct,omitempty"`
		Low      any    `json:"low,omitempty"`
		High     any    `json:"high,omitempty"`
	}
)

func catalogOf(s *segment.Schema) catalogJSON {
	out := catalogJSON{
		Customers: s.Customers, Currency: s.Currency, Timezone: s.Zone.String(), AsOf: s.Now().Format(time.RFC3339),
		Events: []eventJSON{}, Traits: fieldsJSON(s, s.Traits), Roles: map[string]string{}, Words: map[string]string{},
	}
	maps.Copy(out.Roles, s.Roles)
	for _, w := range s.Words {
		out.Words[w.Word] = w.Text
	}
	for _, e := range s.Events {
		j := eventJSON{Name: e.Name, Rows: e.Rows, Tied: e.Tied, Properties: fieldsJSON(s, e.Props)}
		if e.Rows > 0 {
			j.From, j.To = e.First.In(s.Zone).Format(time.RFC3339), e.Last.In(s.Zone).Format(time.RFC3339)
		}
		out.Rows += e.Rows
		out.Events = append(out.Events, j)
	}
	return out
}

func fieldsJSON(s *segment.Schema, fields []segment.Field) []fieldJSON {
	out := []fieldJSON{}
	for _, f := range fields {
		j := fieldJSON{Name: f.Name, Kind: f.Kind.String(), Set: f.Set, Distinct: f.Distinct}
		if f.Set > 0 {
			j.Low, j.High = boundOf(s, f.Kind, f.Low), boundOf(s, f.Kind, f.High)
		}
		out = append(out, j)
	}
	return out
}

// boundOf is the lowest or highest value of an ordered kind; nil for others.
func boundOf(s *segment.Schema, k column.Kind, v int64) any {
	switch k {
	case column.Number:
		return math.Float64frombits(uint64(v))
	case column.Money:
		return segment.MoneyString(v, s.Digits)
	case column.Time:
		return time.UnixMicro(v).In(s.Zone).Format(time.RFC3339)
	case column.Date:
		return time.Unix(v*86400, 0).UTC().Format(time.DateOnly)
	}
	return nil
}

func (a *app) printCatalog(s *segment.Schema) error {
	w := tabwriter.NewWriter(a.out, 0, 4, 2, ' ', 0)
	fmt.Fprintf(w, "%s; times in %s", counted(s.Customers, "customer"), s.Zone)
	if s.Currency != "" {
		fmt.Fprintf(w, "; amounts in %s", s.Currency)
	}
	fmt.Fprintln(w)
	for _, e := range s.Events {
		fmt.Fprintf(w, "\nevent %s: %s", e.Name, counted(e.Rows, "row"))
		if e.Rows > 0 {
			fmt.Fprintf(w, ", %s to %s", e.First.In(s.Zone).Format(time.DateOnly), e.Last.In(s.Zone).Format(time.DateOnly))
		}
		fmt.Fprintln(w)
		printFields(w, s, e.Props, e.Rows)
	}
	if len(s.Traits) > 0 {
		fmt.Fprint(w, "\ntraits\n")
		printFields(w, s, s.Traits, s.Customers)
	}
	if len(s.Roles) > 0 {
		fmt.Fprint(w, "\nroles\n")
		for _, r := range slices.Sorted(maps.Keys(s.Roles)) {
			fmt.Fprintf(w, "  %s\t%s\n", r, s.Roles[r])
		}
	}
	if len(s.Words) > 0 {
		fmt.Fprint(w, "\nwords\n")
		for _, word := range s.Words {
			fmt.Fprintf(w, "  %s\t%s\n", word.Word, word.Text)
		}
	}
	return w.Flush()
}

func printFields(w *tabwriter.Writer, s *segment.Schema, fields []segment.Field, of int) {
	for _, f := range fields {
		var about []string
		if f.Distinct > 0 {
			about = append(about, thousands(f.Distinct)+" different")
		}
		if f.Set > 0 && boundOf(s, f.Kind, f.Low) != nil {
			about = append(about, textOf(boundOf(s, f.Kind, f.Low))+" to "+textOf(boundOf(s, f.Kind, f.High)))
		}
		if f.Set < of {
			about = append(about, thousands(of-f.Set)+" without")
		}
		fmt.Fprintf(w, "  %s\t%s\t%s\n", f.Name, f.Kind, strings.Join(about, ", "))
	}
}

func textOf(v any) string {
	if f, ok := v.(float64); ok {
		return strconv.FormatFloat(f, 'f', -1, 64)
	}
	return fmt.Sprint(v)
}
