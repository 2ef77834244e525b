package storetest

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"sort"
	"strings"
	"testing"

	"tesela/segment"
	"tesela/segment/column"
	"tesela/store"
)

// row is a row as a person would write it down: what is not there is unset.
type row struct {
	customer string
	time     int64
	id       string
	props    map[string]any // string, float64, int64 or []string
}

// String shows a row whole; two rows are equal if they show alike.
func (r row) String() string {
	return fmt.Sprintf("%s @%d %s %s", r.customer, r.time, r.id, showProps(r.props))
}

func showProps(props map[string]any) string {
	var words []string
	for name, v := range props {
		words = append(words, fmt.Sprintf("%s=%v", name, v))
	}
	sort.Strings(words)
	return strings.Join(words, " ")
}

// add puts rows into a batch and checks what it counted.
func add(t *testing.T, b store.Batch, event string, kinds map[string]column.Kind, rows []row) store.Added {
	t.Helper()
	in := &column.Rows{Props: map[string]*column.Column{}}
	for name, kind := range kinds {
		in.Props[name] = &column.Column{Kind: kind}
		if kind == column.Tags {
			in.Props[name].TagStarts = []uint32{0}
		}
	}
	ids := false
	for _, r := range rows {
		in.Customers = append(in.Customers, b.Customers().Code([]byte(r.customer))-1)
		in.Times = append(in.Times, r.time)
		in.IDs = append(in.IDs, b.EventIDs(event).Code([]byte(r.id)))
		ids = ids || r.id != ""
		for name, c := range in.Props {
			push(c, b.Words, segment.FieldRef{Event: event, Name: name}, r.props[name])
		}
	}
	if !ids {
		in.IDs = nil
	}
	added, err := b.AddRows(t.Context(), event, in)
	if err != nil {
		t.Fatalf("add rows: %v", err)
	}
	return added
}

// push appends a value to a column.
func push(c *column.Column, words func(segment.FieldRef) *column.Interner, ref segment.FieldRef, v any) {
	switch c.Kind {
	case column.Text:
		word, _ := v.(string)
		c.Codes = append(c.Codes, words(ref).Code([]byte(word)))
	case column.Number:
		if v == nil {
			v = math.NaN()
		}
		c.Floats = append(c.Floats, v.(float64))
	case column.Tags:
		tags, _ := v.([]string)
		var codes []uint32
		for _, tag := range tags {
			codes = append(codes, words(ref).Code([]byte(tag)))
		}
		slices.Sort(codes)
		c.TagCodes = append(c.TagCodes, slices.Compact(codes)...)
		c.TagStarts = append(c.TagStarts, uint32(len(c.TagCodes)))
	default:
		if v == nil {
			v = int64(column.Unset)
		}
		c.Ints = append(c.Ints, v.(int64))
	}
}

// value reads one back; nil is unset.
func value(c *column.Column, i int) any {
	if !c.IsSet(i) {
		return nil
	}
	switch c.Kind {
	case column.Text:
		return c.Dict.Word(c.Code(i))
	case column.Number:
		return c.Float(i)
	case column.Tags:
		var tags []string
		for _, code := range c.TagsAt(i) {
			tags = append(tags, c.Dict.Word(code))
		}
		sort.Strings(tags)
		return tags
	}
	return c.Int(i)
}

// read gives the rows of an event with all their properties, in order.
func read(t *testing.T, src segment.Source, event string) []row {
	t.Helper()
	ctx := context.Background()
	e, ok := src.Schema().Event(event)
	if !ok {
		return nil
	}
	var names []string
	for _, p := range e.Props {
		names = append(names, p.Name)
	}
	world, err := src.Load(ctx, segment.Need{Events: map[string][]string{event: names}})
	if err != nil {
		t.Fatalf("load: %v", err)
	}
	people, err := src.CustomerIDs(ctx)
	if err != nil {
		t.Fatalf("customer ids: %v", err)
	}
	table := world.Tables[event]
	if table.Len() != e.Rows || len(table.Starts) != len(table.Who)+1 || int(table.Starts[len(table.Who)]) != e.Rows {
		t.Fatalf("%d rows with starts up to %d where the schema says %d", table.Len(), table.Starts[len(table.Who)], e.Rows)
	}
	// Codes of ids are checked by what they tie together.
	first := map[[2]uint32]int{}
	var out []row
	for i, who := range table.Who {
		if i > 0 && who <= table.Who[i-1] {
			t.Fatalf("customer %d follows %d", who, table.Who[i-1])
		}
		for k := table.Starts[i]; k < table.Starts[i+1]; k++ {
			r := row{customer: people.Word(who + 1), time: table.Time(int(k)), props: map[string]any{}}
			if table.IDs != nil && table.IDs[k] != 0 {
				key := [2]uint32{who, table.IDs[k]}
				if _, ok := first[key]; !ok {
					first[key] = len(first)
				}
				r.id = fmt.Sprint("#", first[key])
			}
			for _, name := range names {
				if v := value(table.Props[name], int(k)); v != nil {
					r.props[name] = v
				}
			}
			out = append(out, r)
		}
	}
	return out
}

// same compares rows in order, ids by what they tie together.
func same(t *testing.T, got, want []row) {
	t.Helper()
	first := map[[2]string]int{}
	for i, r := range want {
		if r.id == "" {
			continue
		}
		key := [2]string{r.customer, r.id}
		if _, ok := first[key]; !ok {
			first[key] = len(first)
		}
		want[i].id = fmt.Sprint("#", first[key])
	}
	if len(got) != len(want) {
		t.Fatalf("%d rows, want %d", len(got), len(want))
	}
	for i := range got {
		if got[i].String() != want[i].String() {
			t.Fatalf("row %d is\n %v, want\n %v", i, got[i], want[i])
		}
	}
}

// shelf is the plain model of an event: rows in the order stored.
type shelf struct {
	people []string // in the order they came
	rows   []row
	// old counts the rows there before batch that no row of it has met.
	batch store.Batch
	old   map[string]int
}

// add says what a workspace must count, and takes in what it must store.
func (s *shelf) add(b store.Batch, rows []row) (added store.Added) {
	if b != s.batch {
		s.batch, s.old = b, map[string]int{}
		for _, r := range s.rows {
			s.old[r.String()]++
		}
	}
	seen := map[string]int{}
	for _, r := range rows {
		if !slices.Contains(s.people, r.customer) {
			s.people = append(s.people, r.customer)
		}
		key := r.String()
		seen[key]++
		if s.old[key] > 0 {
			s.old[key]--
			added.Present++
			continue
		}
		if seen[key] > 1 {
			added.Identical++
		}
		added.New++
		s.rows = append(s.rows, r)
	}
	return added
}

// sorted gives the rows as a table must.
func (s *shelf) sorted() []row {
	out := slices.Clone(s.rows)
	sort.SliceStable(out, func(i, k int) bool {
		a, b := slices.Index(s.people, out[i].customer), slices.Index(s.people, out[k].customer)
		if a != b {
			return a < b
		}
		return out[i].time < out[k].time
	})
	return out
}

var kinds = map[string]column.Kind{"product": column.Text, "price": column.Money, "weight": column.Number, "labels": column.Tags}

// randomRows are few different ones, so that many are alike.
func randomRows(r *rand.Rand, n, people int) []row {
	out := make([]row, n)
	for i := range out {
		out[i] = row{customer: fmt.Sprint("c", r.IntN(people)), time: 1e6 * r.Int64N(20), props: map[string]any{}}
		if r.IntN(2) == 0 {
			out[i].id = fmt.Sprint("o", r.IntN(5))
		}
		if r.IntN(4) > 0 {
			out[i].props["product"] = fmt.Sprint("p", r.IntN(3))
		}
		if r.IntN(4) > 0 {
			out[i].props["price"] = r.Int64N(3) - 1
		}
		if r.IntN(2) > 0 {
			out[i].props["weight"] = float64(r.IntN(3)) / 10
		}
		if r.IntN(3) == 0 {
			out[i].props["labels"] = [][]string{{"a"}, {"a", "b"}, {"c"}}[r.IntN(3)]
		}
	}
	return out
}
