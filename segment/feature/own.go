package feature

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"tesela/segment"
	"tesela/segment/column"
	"tesela/segment/syntax"
)

// Own makes a layer of one's own, of values of the formula language: numbers,
// money, texts, yes-or-no, and times, which become the days since. The error
// says which value is wrong, as a *syntax.Error where it is the formula's
// fault; see segment.CompileValue.
func Own(s *segment.Schema, layer string, values []syntax.Value) ([]Feature, error) {
	if layer = strings.TrimSpace(layer); layer == "" {
		return nil, fmt.Errorf("a layer of one's own needs a name")
	}
	if slices.Contains(Layers(), layer) {
		return nil, fmt.Errorf("%s is a built-in layer; give your own another name", layer)
	}
	if len(values) == 0 {
		return nil, fmt.Errorf("the layer %s has no values", layer)
	}
	var fs []Feature
	seen := map[string]bool{}
	for _, v := range values {
		p, err := segment.CompileValue(context.Background(), v, wordless{schema: s}, s.Now())
		if err != nil {
			return nil, fmt.Errorf("layer %s: %w", layer, err)
		}
		f := Feature{Layer: layer, Value: v, Kind: Number, Says: saysOf(s, v)}
		switch p.Kind() {
		case column.Text:
			f.Kind, f.text = Category, true
		case column.Bool:
			f.Kind = Category
		case column.Money:
			f.Unit = Money
		case column.Time, column.Date:
			f.Unit, f.span = Days, true
		}
		if f.Kind == Number && f.Unit == Plain {
			f.Unit = unitOf(v)
		}
		if !seen[f.Key()] {
			seen[f.Key()] = true
			fs = append(fs, f)
		}
	}
	return fs, nil
}

// saysOf recognises the plain values.
func saysOf(s *segment.Schema, v syntax.Value) Says {
	switch v := v.(type) {
	case *syntax.Name:
		f, ok := s.Trait(v.Name)
		switch {
		case ok && (f.Kind == column.Time || f.Kind == column.Date):
			return Says{Form: Since, Prop: v.Name}
		case ok:
			return Says{Form: Trait, Prop: v.Name}
		}
		return Says{Form: Label, Word: v.String()}
	case *syntax.Call:
		form, ok := map[syntax.Fn]Form{
			syntax.Count: CountOf, syntax.DaysSince: Recency, syntax.ActiveMonths: ActiveMonths, syntax.Sum: Sum, syntax.Avg: Mean,
			syntax.Max: Largest, syntax.Distinct: Distinct, syntax.Latest: Latest, syntax.Earliest: Earliest, syntax.First: SinceFirst, syntax.Last: Recency,
		}[v.Fn]
		if ok && v.Where == nil {
			return Says{Form: form, Event: v.Event, Prop: v.Property, Window: v.Window}
		}
	}
	return Says{Form: Formula, Word: v.String()}
}

func unitOf(v syntax.Value) Unit {
	c, ok := v.(*syntax.Call)
	if !ok {
		return Plain
	}
	switch c.Fn {
	case syntax.Count, syntax.Distinct, syntax.ActiveDays, syntax.ActiveWeeks, syntax.ActiveMonths:
		return Count
	case syntax.DaysSince:
		return Days
	}
	return Plain
}

// wordless is a catalogue without data, enough to check values against: words
// are taken on trust.
type wordless struct {
	segment.Source
	schema *segment.Schema
}

func (w wordless) Schema() *segment.Schema { return w.schema }

func (w wordless) Dict(context.Context, segment.FieldRef) (*column.Dict, error) { return nil, nil }

func (w wordless) Saved(string) (syntax.Formula, bool) { return &syntax.Everyone{}, true }
