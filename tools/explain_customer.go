package tools

import (
	"context"
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"time"

	"tesela/segment"
	"tesela/segment/probe"
	"tesela/segment/syntax"
)

//go:embed explain_customer.md
var explainCustomerText string

// defaultEvents is how many deciding events of a condition are shown.
const defaultEvents = 3

func explainCustomer(ctx context.Context, c *call, args *ExplainCustomerArgs) (*Result, error) {
	var f syntax.Formula
	var err error
	if args.Formula = strings.TrimSpace(args.Formula); args.Formula != "" {
		if f, err = c.checked(ctx, "formula", &args.Formula); err != nil {
			return nil, err
		}
	}
	who, err := c.customer(ctx, args.Customer)
	if err != nil {
		return nil, err
	}
	if f == nil {
		return c.profile(ctx, args, who)
	}
	if args.Events == 0 {
		args.Events = defaultEvents
	}
	a, err := probe.Why(ctx, f, c.src, c.at, who, args.Events)
	if err != nil {
		return nil, err
	}
	t := &telling{call: c, account: a}
	met := 0
	r := &Result{
		Title: c.say("title_explain_customer", params{"customer": args.Customer}),
		Columns: []Column{
			{Name: "condition", Kind: "text"},
			{Name: "holds", Kind: "bool"},
			{Name: "value", Kind: "text"},
			{Name: "needs", Kind: "text"},
			{Name: "of", Kind: "text"},
			{Name: "events", Kind: "count"},
			{Name: "time", Kind: "time"},
			{Name: "event_id", Kind: "text"},
			{Name: "details", Kind: "text"},
		},
		Rows: [][]any{},
	}
	for _, v := range a.Conditions {
		if v.Holds {
			met++
		}
		r.Rows = append(r.Rows, t.rows(v)...)
		if len(v.Via) > 0 {
			c.note("part_of", params{"condition": v.Condition.String(), "segment": strings.Join(v.Via, " → ")})
		}
		if v.Others {
			c.note("others_decide", params{"condition": v.Condition.String()})
		}
	}
	r.Values = map[string]any{"customer": args.Customer, "in": a.In, "conditions": len(a.Conditions), "met": met}
	t.change(r)
	if len(t.hidden) > 0 {
		c.note("personal_hidden", params{"fields": strings.Join(t.hidden, ", ")})
	}
	c.noteSet(a.Notes)
	return r, nil
}

// customer finds a customer's number by id.
func (c *call) customer(ctx context.Context, id string) (int, error) {
	ids, err := c.src.CustomerIDs(ctx)
	if err != nil {
		return 0, err
	}
	for _, text := range []string{id, strings.TrimSpace(id)} {
		if code, ok := ids.Code(text); ok && int(code) <= c.schema.Customers {
			return int(code) - 1, nil
		}
	}
	e := c.fault("customer", "no customer has the id %q", id)
	var known []string
	for i := range min(ids.Len(), mostIDs) {
		if w := ids.Word(uint32(i + 1)); len(w) <= len(id)+2 && len(id) <= len(w)+2 {
			known = append(known, w)
		}
	}
	e.Nearest = syntax.NearestNames(id, known, 3)
	return 0, e
}

// mostIDs bounds the search for ids like an unknown one.
const mostIDs = 200_000

// telling puts an account into cells and words. What is personal is told to a
// person only.
type telling struct {
	*call
	account *probe.Account
	hidden  []string // fields whose values are kept back
}

// hides tells whether a field's values are kept back, and remembers it.
func (t *telling) hides(ref segment.FieldRef) bool {
	if t.who.Person || !t.box.personal.is(t.schema, ref) {
		return false
	}
	if name := ref.String(); !slices.Contains(t.hidden, name) {
		t.hidden = append(t.hidden, name)
	}
	return true
}

// rows tell a condition: one for each event shown, or one without any.
func (t *telling) rows(v probe.Verdict) [][]any {
	var value any
	needs := v.Needs
	for k, f := range v.Figures {
		var cell any
		if personal := t.personalIn(f.Value); personal != "" && !t.who.Person {
			if !slices.Contains(t.hidden, personal) {
				t.hidden = append(t.hidden, personal)
			}
		} else {
			cell = f.Cell
		}
		switch {
		case k == 0 && cell != nil:
			value = cellText(cell)
		case k > 0 && cell != nil:
			needs += " = " + cellText(cell)
		}
	}
	condition := v.Condition.String()
	var rows [][]any
	for _, e := range v.Evidence {
		head := []any{condition, v.Holds, value, needs, e.Of, e.Events}
		for _, o := range e.Shown {
			rows = append(rows, append(slices.Clone(head), o.Time.Format(time.RFC3339), idCell(o.ID), t.details(o)))
		}
		if len(e.Shown) == 0 {
			rows = append(rows, append(head, nil, nil, nil))
		}
	}
	if rows == nil {
		rows = [][]any{{condition, v.Holds, value, needs, nil, nil, nil, nil, nil}}
	}
	return rows
}

func idCell(id string) any {
	if id == "" {
		return nil
	}
	return id
}

func cellText(cell any) string {
	if f, ok := cell.(float64); ok {
		return number(f)
	}
	return fmt.Sprint(cell)
}

// details lists what a row has of the properties that a condition looks at.
func (t *telling) details(o probe.Occasion) any {
	var parts []string
	for _, p := range o.Properties {
		if p.Cell != nil && !t.hides(segment.FieldRef{Event: o.Event, Name: p.Name}) {
			parts = append(parts, syntax.Quote(p.Name)+" = "+cellText(p.Cell))
		}
	}
	if len(parts) == 0 {
		return nil
	}
	return strings.Join(parts, ", ")
}
