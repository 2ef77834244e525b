package tools

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"tesela/segment"
	"tesela/segment/column"
	"tesela/segment/syntax"
	"tesela/store"
)

// search is one look-up: where it looks, and what it found.
type search struct {
	fields []searched
	names  []named
	found  []finding
}

// searched is a field with its folded texts.
type searched struct {
	field
	words *foldedDict
}

// named is something of the catalogue that has a name.
type named struct {
	what, name string
	shown      string // how formulas write it
	count      int    // rows of an event, values set of a field
}

// finding is a value or name that was found. There may be millions, so their
// texts stay where they are.
type finding struct {
	match
	where uint32 // a place in search.fields or, beyond them, in search.names
	count int
}

// newSearch lists the text fields to look in and, where no field is given,
// the names.
func (c *call) newSearch(ctx context.Context, args *FindValuesArgs) (*search, error) {
	s := &search{}
	all := fields(c.schema)
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
		args.Field = f.ref.String()
		all = []field{f}
	} else {
		s.names = namesOf(c.schema, c.saved)
	}
	for _, f := range all {
		if f.Kind != column.Text && f.Kind != column.Tags || c.box.personal.is(c.schema, f.ref) {
			continue
		}
		d, err := c.src.Dict(ctx, f.ref)
		if err != nil {
			return nil, fmt.Errorf("read the values of %s: %w", f.ref, err)
		}
		words, err := c.box.index.of(ctx, f.ref, d)
		if err != nil {
			return nil, err
		}
		s.fields = append(s.fields, searched{f, words})
	}
	return s, nil
}

// namesOf lists all names that can be meant, in a fixed order.
func namesOf(s *segment.Schema, saved []store.Segment) []named {
	var names []named
	for _, e := range s.Events {
		names = append(names, named{"event", e.Name, e.Name, e.Rows})
	}
	for _, f := range fields(s) {
		what := "trait"
		if f.ref.Event != "" {
			what = "property"
		}
		names = append(names, named{what, f.Name, f.ref.String(), f.Set})
	}
	for _, w := range s.Words {
		names = append(names, named{"word", w.Word, w.Word, 0})
	}
	for _, one := range saved {
		names = append(names, named{"segment", one.Name, one.Name, 0})
	}
	return names
}

// look finds what is like the text and, where nobody spells anything just so,
// what it may be a misspelling of.
func (s *search) look(ctx context.Context, text string) error {
	exact := false
	for k, f := range s.fields {
		matches, err := f.words.like(ctx, text)
		if err != nil {
			return err
		}
		s.add(k, matches)
	}
	s.lookAtNames(func(name string) (match, bool) { return nameLike(name, text) })
	for _, f := range s.found {
		exact = exact || f.how <= isFolded
	}
	folded := fold(text)
	most := typos(folded)
	if exact || most == 0 {
		return nil
	}
	type place struct{ where, code uint32 }
	have := make(map[place]bool, len(s.found))
	for _, f := range s.found {
		have[place{f.where, f.code}] = true
	}
	for k, f := range s.fields {
		matches, err := f.words.misspelt(ctx, text)
		if err != nil {
			return err
		}
		s.add(k, slices.DeleteFunc(matches, func(m match) bool { return have[place{uint32(k), m.code}] }))
	}
	s.lookAtNames(func(name string) (match, bool) {
		d := syntax.Distance([]rune(folded), []rune(fold(name)), most)
		_, like := nameLike(name, text)
		return match{how: isFuzzy, distance: uint8(d)}, d <= most && !like
	})
	return nil
}

func (s *search) add(where int, matches []match) {
	s.found = slices.Grow(s.found, len(matches))
	for _, m := range matches {
		s.found = append(s.found, finding{match: m, where: uint32(where)})
	}
}

func (s *search) lookAtNames(fits func(name string) (match, bool)) {
	for i, n := range s.names {
		if m, ok := fits(n.name); ok {
			s.found = append(s.found, finding{match: m, where: uint32(len(s.fields) + i), count: n.count})
		}
	}
}

// nameLike tells whether a name equals, begins with or holds the text.
func nameLike(name, text string) (match, bool) {
	folded, sought := fold(name), fold(text)
	switch {
	case name == text:
		return match{how: isExact}, true
	case folded == sought:
		return match{how: isFolded}, true
	case strings.HasPrefix(folded, sought):
		return match{how: isPrefix}, true
	case strings.Contains(folded, " "+sought):
		return match{how: isWord}, true
	case strings.Contains(folded, sought):
		return match{how: isContains}, true
	}
	return match{}, false
}

// count counts, in one pass per field, the customers or rows before T that
// hold each value found.
func (s *search) count(ctx context.Context, c *call) error {
	need := segment.Need{Events: map[string][]string{}}
	counts := make([][]int32, len(s.fields))
	for _, f := range s.found {
		if int(f.where) >= len(s.fields) || counts[f.where] != nil {
			continue
		}
		in := s.fields[f.where]
		counts[f.where] = make([]int32, in.words.len()+1)
		if in.ref.Event == "" {
			need.Traits = append(need.Traits, in.ref.Name)
		} else {
			need.Events[in.ref.Event] = append(need.Events[in.ref.Event], in.ref.Name)
		}
	}
	world, err := c.src.Load(ctx, need)
	if err != nil {
		return fmt.Errorf("count the values found: %w", err)
	}
	for k, n := range counts {
		if n == nil {
			continue
		}
		if ref := s.fields[k].ref; ref.Event == "" {
			err = countCodes(ctx, world.Traits[ref.Name], nil, 0, n)
		} else {
			t := world.Tables[ref.Event]
			err = countCodes(ctx, t.Props[ref.Name], t, c.at.UnixMicro(), n)
		}
		if err != nil {
			return err
		}
	}
	for i, f := range s.found {
		if int(f.where) < len(s.fields) {
			s.found[i].count = int(counts[f.where][f.code])
		}
	}
	return nil
}

// countCodes adds up how often each code stands in a column, in a table's
// rows before end where it is one.
func countCodes(ctx context.Context, col *column.Column, t *column.Table, end int64, counts []int32) error {
	for i := range col.Len() {
		if i%checkEvery == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if t != nil && t.Time(i) >= end {
			continue
		}
		if col.Kind == column.Text {
			counts[col.Code(i)]++
			continue
		}
		for _, code := range col.TagsAt(i) {
			counts[code]++
		}
	}
	return nil
}

// text gives a finding's value, or its name.
func (s *search) text(f finding) string {
	if int(f.where) < len(s.fields) {
		return s.fields[f.where].words.dict.Word(f.code)
	}
	return s.names[int(f.where)-len(s.fields)].shown
}

// before orders findings: the better match, the fewer errors, the more
// frequent, then by place and text.
func (s *search) before(f, g finding) bool {
	switch {
	case f.how != g.how:
		return f.how < g.how
	case f.distance != g.distance:
		return f.distance < g.distance
	case f.count != g.count:
		return f.count > g.count
	case f.where != g.where:
		return f.where < g.where
	}
	return s.text(f) < s.text(g)
}

// row writes a finding: field, value, count, match, distance, what.
func (s *search) row(f finding) []any {
	how, errors := f.how.String(), int(f.distance)
	if int(f.where) < len(s.fields) {
		return []any{s.fields[f.where].ref.String(), s.text(f), f.count, how, errors, "value"}
	}
	n := s.names[int(f.where)-len(s.fields)]
	return []any{n.shown, nil, f.count, how, errors, n.what}
}
