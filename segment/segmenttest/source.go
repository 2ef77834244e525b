package segmenttest

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"maps"
	"math"
	"math/big"
	"slices"
	"strings"
	"time"

	"tesela/segment"
	"tesela/segment/column"
	"tesela/segment/syntax"
)

// Source holds a World in memory as columns.
type Source struct {
	schema *segment.Schema
	world  *column.World
	dicts  map[segment.FieldRef]*column.Dict
	ids    *column.Dict
	saved  map[string]syntax.Formula
}

var _ segment.Source = (*Source)(nil)

// NewSource sorts a world into columns. Those of a world with an even number of
// customers are packed, as stores give them, and others plain.
func NewSource(w *World) (*Source, error) {
	s := &Source{
		schema: &segment.Schema{Customers: len(w.Customers), Zone: w.Zone, Currency: w.Currency, Digits: w.Digits, Roles: w.Roles},
		world:  &column.World{Customers: len(w.Customers), Traits: map[string]*column.Column{}, Tables: map[string]*column.Table{}},
		dicts:  map[segment.FieldRef]*column.Dict{},
		saved:  map[string]syntax.Formula{},
	}
	for name, text := range w.Saved {
		f, err := syntax.Parse(text)
		if err != nil {
			return nil, fmt.Errorf("segment %q: %w", name, err)
		}
		s.saved[name] = f
	}
	ids := make([]string, len(w.Customers))
	for i, c := range w.Customers {
		ids[i] = c.ID
	}
	s.ids = column.NewDict(ids)
	for _, f := range w.Traits {
		values := make([]any, len(w.Customers))
		for i, c := range w.Customers {
			values[i] = c.Traits[f.Name]
		}
		c := s.column(w, segment.FieldRef{Name: f.Name}, f.Kind, values)
		s.world.Traits[f.Name] = c
		s.schema.Traits = append(s.schema.Traits, field(f, c))
	}
	for _, e := range w.Events {
		s.addEvent(w, e)
	}
	if len(w.Customers)%2 == 0 {
		for name, c := range s.world.Traits {
			s.world.Traits[name] = c.Pack()
		}
		for _, t := range s.world.Tables {
			t.Pack()
			t.Index = &column.Index{}
		}
	}
	slices.SortFunc(s.schema.Traits, func(a, b segment.Field) int { return cmp.Compare(a.Name, b.Name) })
	slices.SortFunc(s.schema.Events, func(a, b segment.Event) int { return cmp.Compare(a.Name, b.Name) })
	return s, nil
}

func (s *Source) addEvent(w *World, e Kind) {
	var rows []Row
	for _, r := range w.Rows {
		if r.Event == e.Name {
			rows = append(rows, r)
		}
	}
	slices.SortStableFunc(rows, func(a, b Row) int {
		return cmp.Or(cmp.Compare(a.Customer, b.Customer), cmp.Compare(a.Time.UnixMicro(), b.Time.UnixMicro()))
	})
	t := &column.Table{Event: e.Name, Props: map[string]*column.Column{}}
	ev := segment.Event{Name: e.Name, Rows: len(rows), Tied: e.Tied}
	idWords := column.NewInterner(nil)
	for i, r := range rows {
		if i == 0 || r.Customer != rows[i-1].Customer {
			t.Who = append(t.Who, uint32(r.Customer))
			t.Starts = append(t.Starts, uint32(i))
		}
		t.Times = append(t.Times, r.Time.UnixMicro())
		if e.Tied {
			t.IDs = append(t.IDs, idWords.Code([]byte(r.ID)))
		}
		if i == 0 || r.Time.Before(ev.First) {
			ev.First = r.Time
		}
		if i == 0 || r.Time.After(ev.Last) {
			ev.Last = r.Time
		}
	}
	t.Starts = append(t.Starts, uint32(len(rows)))
	t.Scattered = scattered(t)
	t.IDDict = column.NewDict(idWords.Added())
	for _, p := range e.Props {
		values := make([]any, len(rows))
		for i, r := range rows {
			values[i] = r.Props[p.Name]
		}
		c := s.column(w, segment.FieldRef{Event: e.Name, Name: p.Name}, p.Kind, values)
		t.Props[p.Name] = c
		ev.Props = append(ev.Props, field(p, c))
	}
	slices.SortFunc(ev.Props, func(a, b segment.Field) int { return cmp.Compare(a.Name, b.Name) })
	s.world.Tables[e.Name] = t
	s.schema.Events = append(s.schema.Events, ev)
}

// scattered tells whether some event's rows are apart.
func scattered(t *column.Table) bool {
	for k := range t.Who {
		seen := map[uint32]bool{}
		for i := t.Starts[k]; i < t.Starts[k+1] && t.IDs != nil; i++ {
			id := t.IDs[i]
			if id != 0 && seen[id] && t.IDs[i-1] != id {
				return true
			}
			seen[id] = true
		}
	}
	return false
}

func (s *Source) column(w *World, ref segment.FieldRef, kind column.Kind, values []any) *column.Column {
	c := &column.Column{Kind: kind}
	words := column.NewInterner(nil)
	if kind == column.Tags {
		c.TagStarts = []uint32{0}
	}
	for _, v := range values {
		switch kind {
		case column.Text:
			text, _ := v.(string)
			c.Codes = append(c.Codes, words.Code([]byte(text)))
		case column.Number:
			f, ok := v.(float64)
			if !ok {
				f = math.NaN()
			}
			c.Floats = append(c.Floats, f)
		case column.Tags:
			tags, _ := v.([]string)
			codes := make([]uint32, len(tags))
			for i, tag := range tags {
				codes[i] = words.Code([]byte(tag))
			}
			slices.Sort(codes)
			c.TagCodes = append(c.TagCodes, slices.Compact(codes)...)
			c.TagStarts = append(c.TagStarts, uint32(len(c.TagCodes)))
		default:
			c.Ints = append(c.Ints, whole(w, kind, v))
		}
	}
	if kind == column.Text || kind == column.Tags {
		c.Dict = column.NewDict(words.Added())
		s.dicts[ref] = c.Dict
	}
	return c
}

func whole(w *World, kind column.Kind, v any) int64 {
	switch v := v.(type) {
	case *big.Rat:
		scale := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(w.Digits)), nil)
		return new(big.Rat).Mul(v, new(big.Rat).SetInt(scale)).Num().Int64()
	case bool:
		if v {
			return 1
		}
		return 0
	case time.Time:
		if kind == column.Date {
			return v.Unix() / (24 * 60 * 60)
		}
		return v.UnixMicro()
	}
	return column.Unset
}

func field(f Field, c *column.Column) segment.Field {
	out := segment.Field{Name: f.Name, Kind: f.Kind}
	seen := map[any]bool{}
	for i := range c.Len() {
		if !c.IsSet(i) {
			continue
		}
		out.Set++
		var key any
		var low int64
		switch f.Kind {
		case column.Text:
			key = c.Codes[i]
		case column.Number:
			key, low = c.Floats[i], int64(math.Float64bits(c.Floats[i]))
		case column.Tags:
			key = fmt.Sprint(c.TagCodes[c.TagStarts[i]:c.TagStarts[i+1]])
		default:
			key, low = c.Ints[i], c.Ints[i]
		}
		less := func(a, b int64) bool {
			if f.Kind == column.Number {
				return math.Float64frombits(uint64(a)) < math.Float64frombits(uint64(b))
			}
			return a < b
		}
		if out.Set == 1 || less(low, out.Low) {
			out.Low = low
		}
		if out.Set == 1 || less(out.High, low) {
			out.High = low
		}
		seen[key] = true
	}
	out.Distinct = len(seen)
	return out
}

// Schema implements segment.Source.
func (s *Source) Schema() *segment.Schema { return s.schema }

// Dict implements segment.Source.
func (s *Source) Dict(ctx context.Context, f segment.FieldRef) (*column.Dict, error) {
	d, ok := s.dicts[f]
	if !ok {
		return nil, fmt.Errorf("%s has no texts", f)
	}
	return d, ctx.Err()
}

// Load gives the columns asked for and no others, so that a plan that asks for
// too little is found out.
func (s *Source) Load(ctx context.Context, need segment.Need) (*column.World, error) {
	w := &column.World{Customers: s.world.Customers, Traits: map[string]*column.Column{}, Tables: map[string]*column.Table{}}
	for _, name := range need.Traits {
		c, ok := s.world.Traits[name]
		if !ok {
			return nil, fmt.Errorf("there is no trait %s", name)
		}
		w.Traits[name] = c
	}
	for event, props := range need.Events {
		all, ok := s.world.Tables[event]
		if !ok {
			return nil, fmt.Errorf("there is no event %s", event)
		}
		t := *all
		t.Props = map[string]*column.Column{}
		for _, p := range props {
			if t.Props[p], ok = all.Props[p]; !ok {
				return nil, fmt.Errorf("%s has no property %s", event, p)
			}
		}
		w.Tables[event] = &t
	}
	return w, ctx.Err()
}

// CustomerIDs implements segment.Source.
func (s *Source) CustomerIDs(ctx context.Context) (*column.Dict, error) { return s.ids, ctx.Err() }

// Saved implements segment.Source.
func (s *Source) Saved(name string) (syntax.Formula, bool) {
	f, ok := s.saved[name]
	return f, ok
}

// SavedNames lists the saved segments, for the nearest of an unknown one.
func (s *Source) SavedNames() []string { return slices.Sorted(maps.Keys(s.saved)) }

func splitTags(text string) iter.Seq[string] { return strings.SplitSeq(text, "|") }
