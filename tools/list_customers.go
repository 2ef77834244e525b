package tools

import (
	"cmp"
	"context"
	_ "embed"
	"iter"
	"strings"

	"tesela/segment"
	"tesela/segment/column"
	"tesela/segment/syntax"
)

//go:embed list_customers.md
var listCustomersText string

func listCustomers(ctx context.Context, c *call, args *ListCustomersArgs) (*Result, error) {
	f, err := c.formula("formula", args.Formula)
	if err != nil {
		return nil, err
	}
	plan, err := segment.Compile(ctx, f, c.src, c.at)
	if err != nil {
		return nil, c.wrong("formula", err, f)
	}
	args.Formula = f.String()
	if args.Limit == 0 {
		args.Limit = defaultLimit
	}
	rank, err := c.ranking(ctx, args)
	if err != nil {
		return nil, err
	}
	traits, err := c.shownTraits(args)
	if err != nil {
		return nil, err
	}
	set, err := plan.Run(ctx)
	if err != nil {
		return nil, err
	}
	var values *segment.Values
	if rank != nil {
		if values, err = rank.Run(ctx); err != nil {
			return nil, err
		}
	}
	ids, err := c.src.CustomerIDs(ctx)
	if err != nil {
		return nil, err
	}
	world, err := c.src.Load(ctx, segment.Need{Traits: args.With})
	if err != nil {
		return nil, err
	}

	order := customerOrder{ids: ids, values: values, ascending: args.Ascending}
	shown := best(members(set), args.Limit, order.before)
	r := &Result{
		Title:   c.say("title_list_customers", nil),
		Values:  map[string]any{"size": set.Len(), "shown": len(shown)},
		Units:   map[string]string{"size": "customers", "shown": "customers"},
		Columns: []Column{{Name: "id", Kind: "text"}},
		Rows:    [][]any{},
		Segments: []Segment{{
			Formula: args.Formula, Size: set.Len(), Share: share(set.Len(), c.schema.Customers),
		}},
	}
	if rank != nil {
		r.Title = c.say("title_list_customers_by", params{"by": args.By})
		r.Columns = append(r.Columns, Column{Name: "value", Kind: c.rankKind(args.By, rank), Unit: unitOf(rank.Kind(), c.schema)})
	}
	for _, t := range traits {
		r.Columns = append(r.Columns, Column{Name: t.Name, Kind: cellKind(t.Kind), Unit: unitOf(t.Kind, c.schema)})
	}
	for _, i := range shown {
		row := []any{order.id(i)}
		if values != nil {
			row = append(row, values.Cell(i))
		}
		for _, t := range traits {
			row = append(row, cellOf(world.Traits[t.Name], i, c.schema))
		}
		r.Rows = append(r.Rows, row)
	}
	c.noteSet(set.Notes())
	if values != nil {
		c.noteOrder(set, values, shown)
	}
	return r, nil
}

// ranking plans the value to rank by; nil for none.
func (c *call) ranking(ctx context.Context, args *ListCustomersArgs) (*segment.ValuePlan, error) {
	if strings.TrimSpace(args.By) == "" {
		args.By = ""
		return nil, nil
	}
	text := args.By
	if meaning, ok := c.word(text); ok {
		text = meaning // a business word that stands for a value
	}
	v, err := syntax.ParseValue(text)
	if err != nil {
		return nil, c.wrong("by", err, nil)
	}
	plan, err := segment.CompileValue(ctx, v, c.src, c.at)
	if err != nil {
		return nil, c.wrong("by", err, v)
	}
	if field := c.personalIn(v); field != "" && !c.who.Person {
		return nil, c.refusePersonal("by", field)
	}
	args.By = v.String()
	return plan, nil
}

// rankKind is the kind of the value's cells; figures that only count are whole.
func (c *call) rankKind(by string, rank *segment.ValuePlan) string {
	if v, err := syntax.ParseValue(by); err == nil {
		if call, ok := v.(*syntax.Call); ok {
			switch call.Fn {
			case syntax.Count, syntax.Distinct, syntax.ActiveDays, syntax.ActiveWeeks, syntax.ActiveMonths, syntax.DaysSince:
				return "count"
			}
		}
	}
	return rank.Kind().String()
}

// shownTraits finds the traits to show beside the id.
func (c *call) shownTraits(args *ListCustomersArgs) ([]segment.Field, error) {
	var traits []segment.Field
	for i, name := range args.With {
		plain := strings.Trim(name, "`")
		t, ok := c.schema.Trait(plain)
		if !ok {
			var known []string
			for _, t := range c.schema.Traits {
				known = append(known, t.Name)
			}
			e := c.fault("with", "there is no trait %q", name)
			e.Nearest = syntax.NearestNames(plain, known, 5)
			return nil, e
		}
		if c.box.personal.is(c.schema, segment.FieldRef{Name: plain}) && !c.who.Person {
			return nil, c.refusePersonal("with", plain)
		}
		args.With[i] = plain
		traits = append(traits, t)
	}
	return traits, nil
}

// noteOrder says what the order leaves open: members without a value, and
// ones as good as the last shown.
func (c *call) noteOrder(set *segment.Set, values *segment.Values, shown []int) {
	unset, tied := 0, 0
	set.Each(func(i int) {
		switch {
		case !values.IsSet(i):
			unset++
		case len(shown) > 0 && values.IsSet(shown[len(shown)-1]) && values.Compare(i, shown[len(shown)-1]) == 0:
			tied++
		}
	})
	for i := len(shown) - 1; i >= 0 && values.IsSet(shown[i]) && values.Compare(shown[i], shown[len(shown)-1]) == 0; i-- {
		tied--
	}
	if unset > 0 {
		c.note("by_unset", params{"n": unset})
	}
	if tied > 0 {
		c.note("tie_cut", params{"n": tied})
	}
}

// customerOrder is the order of a list: by value, those without one last,
// then by id.
type customerOrder struct {
	ids       *column.Dict
	values    *segment.Values // nil: by id alone
	ascending bool
}

func (o customerOrder) id(i int) string { return o.ids.Word(uint32(i + 1)) }

func (o customerOrder) before(i, j int) bool {
	if o.values != nil {
		a, b := o.values.IsSet(i), o.values.IsSet(j)
		if a != b {
			return a
		}
		if a {
			if d := o.values.Compare(i, j); d != 0 {
				return (d < 0) == o.ascending
			}
		}
	}
	return compareIDs(o.id(i), o.id(j)) < 0
}

// compareIDs orders whole numbers first, by size, then the other ids by their
// bytes.
func compareIDs(a, b string) int {
	x, y := wholeNumber(a), wholeNumber(b)
	switch {
	case x != y && x:
		return -1
	case x != y:
		return 1
	case x && len(a) != len(b):
		return cmp.Compare(len(a), len(b))
	}
	return strings.Compare(a, b)
}

// wholeNumber tells whether an id is a whole number without leading zeros.
func wholeNumber(s string) bool {
	if s == "" || s[0] == '0' && len(s) > 1 {
		return false
	}
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// members goes over the members of a set, in ascending order.
func members(set *segment.Set) iter.Seq[int] {
	return func(yield func(int) bool) {
		on := true
		set.Each(func(i int) { on = on && yield(i) })
	}
}
