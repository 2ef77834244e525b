package tools

import (
	"context"
	_ "embed"
	"iter"
	"slices"
	"strings"

	"tesela/segment"
	"tesela/segment/column"
	"tesela/segment/syntax"
	"tesela/store"
)

//go:embed find_values.md
var findValuesText string

// defaultLimit is how many rows a list has where the caller does not say.
const defaultLimit = 20

// finding is a row of find_values before it is written.
type finding struct {
	match
	field string
	value string // "" where the field's own name matched
	what  string
	order int // of the field, to break ties
	count int
}

func findValues(ctx context.Context, c *call, args *FindValuesArgs) (*Result, error) {
	if fold(args.Text) == "" {
		return nil, c.fault("text", "%q has no letter or digit to look for", args.Text)
	}
	if args.Limit == 0 {
		args.Limit = defaultLimit
	}
	searched, err := c.searched(ctx, args)
	if err != nil {
		return nil, err
	}
	var saved []store.Segment
	found, err := searched.like(ctx, args.Text, (*foldedDict).like)
	if err != nil {
		return nil, err
	}
	if args.Field == "" {
		if saved, err = c.box.ws.Segments(ctx); err != nil {
			return nil, err
		}
		found = append(found, c.names(args.Text, saved)...)
	}
	if !slices.ContainsFunc(found, func(f finding) bool { return f.how <= isFolded }) {
		// Only what nobody spells that way may be a typing error.
		wrong, err := searched.like(ctx, args.Text, (*foldedDict).misspelt)
		if err != nil {
			return nil, err
		}
		found = addNew(found, wrong)
		if args.Field == "" {
			found = append(found, c.misspeltNames(args.Text, saved, found)...)
		}
	}
	if err := c.countRows(ctx, searched, found); err != nil {
		return nil, err
	}
	r := &Result{
		Title:  c.say("title_find_values", params{"text": args.Text}),
		Values: map[string]any{"text": args.Text, "matches": len(found)},
		Columns: []Column{
			{Name: "field", Kind: "text"}, {Name: "value", Kind: "text"}, {Name: "count", Kind: "count"},
			{Name: "match", Kind: "text"}, {Name: "distance", Kind: "count"}, {Name: "what", Kind: "text"},
		},
		Rows: [][]any{},
	}
	for _, f := range best(slices.Values(found), args.Limit, finding.before) {
		var value any
		if f.what == "value" {
			value = f.value
		}
		r.Rows = append(r.Rows, []any{f.field, value, f.count, f.how.String(), f.distance, f.what})
	}
	r.Values["shown"] = len(r.Rows)
	switch {
	case len(found) == 0:
		c.note("nothing_found", params{"text": args.Text})
	case len(found) > len(r.Rows):
		c.note("values_cut", params{"n": len(found), "shown": len(r.Rows)})
	}
	if hidden := c.box.personal.among(c.schema); args.Field == "" && len(hidden) > 0 {
		c.note("personal_not_searched", params{"fields": strings.Join(hidden, ", ")})
	}
	return r, nil
}

// before orders findings: the better match, the fewer errors, the more
// frequent, then by field and text.
func (f finding) before(g finding) bool {
	switch {
	case f.how != g.how:
		return f.how < g.how
	case f.distance != g.distance:
		return f.distance < g.distance
	case f.count != g.count:
		return f.count > g.count
	case f.order != g.order:
		return f.order < g.order
	case f.value != g.value:
		return f.value < g.value
	default:
		return f.what < g.what
	}
}

// haystack is the fields of a search with their folded texts.
type haystack []struct {
	field
	words *foldedDict
}

// searched lists the text fields to look in.
func (c *call) searched(ctx context.Context, args *FindValuesArgs) (haystack, error) {
	var only segment.FieldRef
	if args.Field != "" {
		f, err := c.field("field", args.Field)
		if err != nil {
			return nil, err
		}
		if f.Kind != column.Text && f.Kind != column.Tags {
			low, high := extremes(f.Field, c.schema)
			return nil, c.fault("field", "%s holds values of kind %s (from %s to %s), which need no looking up; expected a field of kind text or tags",
				f.ref, f.Kind, low, high)
		}
		if c.box.personal.is(c.schema, f.ref) {
			return nil, c.fault("field", "%s is personal; its values are not looked up", f.ref)
		}
		only = f.ref
		args.Field = f.ref.String()
	}
	var all haystack
	for _, f := range fields(c.schema) {
		if f.Kind != column.Text && f.Kind != column.Tags || c.box.personal.is(c.schema, f.ref) || only.Name != "" && only != f.ref {
			continue
		}
		d, err := c.src.Dict(ctx, f.ref)
		if err != nil {
			return nil, err
		}
		words, err := c.box.index.of(ctx, f.ref, d)
		if err != nil {
			return nil, err
		}
		all = append(all, struct {
			field
			words *foldedDict
		}{f, words})
	}
	return all, nil
}

// like searches every field one way.
func (h haystack) like(ctx context.Context, text string, how func(*foldedDict, context.Context, string) ([]match, error)) ([]finding, error) {
	var found []finding
	for k, f := range h {
		matches, err := how(f.words, ctx, text)
		if err != nil {
			return nil, err
		}
		for _, m := range matches {
			found = append(found, finding{match: m, field: f.ref.String(), value: f.words.dict.Word(m.code), what: "value", order: k})
		}
	}
	return found, nil
}

// addNew adds the findings whose value is not there yet.
func addNew(found, more []finding) []finding {
	type key struct {
		order int
		code  uint32
	}
	have := map[key]bool{}
	for _, f := range found {
		if f.what == "value" {
			have[key{f.order, f.code}] = true
		}
	}
	for _, f := range more {
		if !have[key{f.order, f.code}] {
			found = append(found, f)
		}
	}
	return found
}

// countRows counts, in one pass per field, the customers or rows before T that
// hold each value found.
func (c *call) countRows(ctx context.Context, h haystack, found []finding) error {
	need := segment.Need{Events: map[string][]string{}}
	counts := make([][]int, len(h))
	for _, f := range found {
		if f.what != "value" || counts[f.order] != nil {
			continue
		}
		ref := h[f.order].ref
		counts[f.order] = make([]int, h[f.order].words.len()+1)
		if ref.Event == "" {
			need.Traits = append(need.Traits, ref.Name)
		} else {
			need.Events[ref.Event] = append(need.Events[ref.Event], ref.Name)
		}
	}
	world, err := c.src.Load(ctx, need)
	if err != nil {
		return err
	}
	for k, n := range counts {
		if n == nil {
			continue
		}
		ref := h[k].ref
		if ref.Event == "" {
			err = countCodes(ctx, world.Traits[ref.Name], nil, 0, n)
		} else {
			t := world.Tables[ref.Event]
			err = countCodes(ctx, t.Props[ref.Name], t.Times, c.at.UnixMicro(), n)
		}
		if err != nil {
			return err
		}
	}
	for i, f := range found {
		if f.what == "value" {
			found[i].count = counts[f.order][f.code]
		}
	}
	return nil
}

// countCodes adds up how often each code stands in a column, in rows before
// end where there are times.
func countCodes(ctx context.Context, col *column.Column, times []int64, end int64, counts []int) error {
	for i := range col.Len() {
		if i%checkEvery == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if times != nil && times[i] >= end {
			continue
		}
		if col.Kind == column.Text {
			counts[col.Codes[i]]++
			continue
		}
		for _, code := range col.TagCodes[col.TagStarts[i]:col.TagStarts[i+1]] {
			counts[code]++
		}
	}
	return nil
}

// named is something of the catalogue that has a name.
type named struct {
	what, name string
	shown      string // how formulas write it
	count      int
}

// catalogueNames lists all names that can be meant, in a fixed order.
func (c *call) catalogueNames(saved []store.Segment) iter.Seq[named] {
	return func(yield func(named) bool) {
		for _, e := range c.schema.Events {
			if !yield(named{"event", e.Name, e.Name, e.Rows}) {
				return
			}
		}
		for _, f := range fields(c.schema) {
			what := "trait"
			if f.ref.Event != "" {
				what = "property"
			}
			if !yield(named{what, f.Name, f.ref.String(), f.Set}) {
				return
			}
		}
		for _, w := range c.schema.Words {
			if !yield(named{"word", w.Word, w.Word, 0}) {
				return
			}
		}
		for _, one := range saved {
			if !yield(named{"segment", one.Name, one.Name, 0}) {
				return
			}
		}
	}
}

// names finds the names that equal, begin with or hold the text.
func (c *call) names(text string, saved []store.Segment) []finding {
	sought := fold(text)
	var found []finding
	for n := range c.catalogueNames(saved) {
		name := fold(n.name)
		f := finding{field: n.shown, what: n.what, order: len(found), count: n.count}
		switch {
		case n.name == text:
			f.how = isExact
		case name == sought:
			f.how = isFolded
		case strings.HasPrefix(name, sought):
			f.how = isPrefix
		case strings.Contains(name, " "+sought):
			f.how = isWord
		case strings.Contains(name, sought):
			f.how = isContains
		default:
			continue
		}
		found = append(found, f)
	}
	return found
}

// misspeltNames finds the names that the text becomes by a few typing errors.
func (c *call) misspeltNames(text string, saved []store.Segment, have []finding) []finding {
	sought := fold(text)
	most := typos(sought)
	var found []finding
	for n := range c.catalogueNames(saved) {
		d := distance([]rune(sought), []rune(fold(n.name)), most)
		if most == 0 || d > most || slices.ContainsFunc(have, func(f finding) bool { return f.what == n.what && f.field == n.shown }) {
			continue
		}
		found = append(found, finding{match: match{how: isFuzzy, distance: d}, field: n.shown, what: n.what, order: len(found), count: n.count})
	}
	return found
}

// field finds a trait or property by the name that formulas give it.
func (c *call) field(argument, name string) (field, error) {
	plain := strings.ReplaceAll(name, "`", "")
	var known []string
	for _, f := range fields(c.schema) {
		if f.ref.String() == plain {
			return f, nil
		}
		known = append(known, f.ref.String())
	}
	e := c.fault(argument, "there is no trait or event property %q; expected a name such as country or order.category", name)
	e.Nearest = syntax.NearestNames(name, known, 5)
	if len(e.Nearest) == 0 {
		// A bare property name, or one that is far from all: offer those that
		// end in it.
		for _, k := range known {
			if strings.HasSuffix(k, "."+plain) {
				e.Nearest = append(e.Nearest, k)
			}
		}
	}
	return field{}, e
}
