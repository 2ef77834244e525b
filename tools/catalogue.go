package tools

import (
	"context"
	"fmt"
	"maps"
	"time"

	"tesela/agent/model"
	"tesela/segment"
	"tesela/segment/column"
	"tesela/store"
)

// Catalogue tells what may be known of the data without seeing a customer:
// names, kinds, bounds and the distinct texts of fields that are not personal.
// The texts are shared with the workspace, not copied.
func Catalogue(ctx context.Context, ws store.Workspace) (*model.Catalogue, error) {
	m, err := store.Now(ctx, ws)
	if err != nil {
		return nil, fmt.Errorf("read the catalogue: %w", err)
	}
	return catalogueOf(ctx, m)
}

func catalogueOf(ctx context.Context, m *store.Moment) (*model.Catalogue, error) {
	personal, err := loadPersonal()
	if err != nil {
		return nil, err
	}
	src, s := m.Source, m.Source.Schema()
	cat := &model.Catalogue{
		Customers: s.Customers, Zone: s.Zone.String(), Currency: s.Currency,
		Roles: maps.Clone(s.Roles), Words: map[string]string{},
	}
	cat.From, cat.To = span(s)
	for _, w := range s.Words {
		cat.Words[w.Word] = w.Text
	}
	for _, one := range m.Segments {
		cat.Segments = append(cat.Segments, one.Name)
	}
	told := func(event string, of int, f segment.Field) (model.Field, error) {
		ref := segment.FieldRef{Event: event, Name: f.Name}
		out := model.Field{Name: f.Name, Kind: f.Kind.String(), Gaps: f.Set < of}
		if personal.is(s, ref) {
			return out, nil
		}
		out.Low, out.High = extremes(f, s)
		if f.Kind == column.Text || f.Kind == column.Tags {
			d, err := src.Dict(ctx, ref)
			if err != nil {
				return out, fmt.Errorf("read the values of %s: %w", ref, err)
			}
			out.Values = dictValues{d}
		}
		return out, nil
	}
	for _, t := range s.Traits {
		f, err := told("", s.Customers, t)
		if err != nil {
			return nil, err
		}
		cat.Traits = append(cat.Traits, f)
	}
	for _, e := range s.Events {
		event := model.Event{Name: e.Name, Rows: e.Rows, Tied: e.Tied}
		if e.Tied {
			if event.Tied, err = severalRows(ctx, src, e); err != nil {
				return nil, err
			}
		}
		for _, p := range e.Props {
			f, err := told(e.Name, e.Rows, p)
			if err != nil {
				return nil, err
			}
			event.Props = append(event.Props, f)
		}
		cat.Events = append(cat.Events, event)
	}
	return cat, nil
}

// severalRows tells whether some event of a kind that has ids has more than one
// row: where none has, each row is one event, whatever its id.
func severalRows(ctx context.Context, src segment.Source, e segment.Event) (bool, error) {
	world, err := src.Load(ctx, segment.Need{Events: map[string][]string{e.Name: nil}})
	if err != nil {
		return false, fmt.Errorf("read which rows of %s are one event: %w", e.Name, err)
	}
	t := world.Tables[e.Name]
	return t == nil || distinctEvents(t) < e.Rows, nil
}

// dictValues shows a dictionary's words as a field's values.
type dictValues struct{ d *column.Dict }

func (v dictValues) Len() int        { return v.d.Len() }
func (v dictValues) At(i int) string { return v.d.Word(uint32(i + 1)) }

// span gives the first and the last event's time; zero where there is none.
func span(s *segment.Schema) (from, to time.Time) {
	for _, e := range s.Events {
		if e.Rows == 0 {
			continue
		}
		if from.IsZero() || e.First.Before(from) {
			from = e.First
		}
		if to.IsZero() || e.Last.After(to) {
			to = e.Last
		}
	}
	return from, to
}
