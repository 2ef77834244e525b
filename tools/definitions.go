package tools

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"tesela/segment"
	"tesela/segment/syntax"
	"tesela/store"
)

// Definitions are what figures depend on beside the imported data: what a
// business may set anew at any time. Segments and words go by name to their
// text, roles to what plays them.
type Definitions struct {
	Zone     string            `json:"zone"`
	Currency string            `json:"currency,omitempty"`
	Roles    map[string]string `json:"roles,omitempty"`
	Words    map[string]string `json:"words,omitempty"`
	Segments map[string]string `json:"segments,omitempty"` // canonical formulas
}

// AllDefinitions gives the workspace's definitions as they are now.
func AllDefinitions(ctx context.Context, ws store.Workspace) (Definitions, error) {
	m, err := store.Now(ctx, ws)
	if err != nil {
		return Definitions{}, fmt.Errorf("read the definitions: %w", err)
	}
	return definitionsOf(m), nil
}

func definitionsOf(m *store.Moment) Definitions {
	s := m.Source.Schema()
	d := Definitions{
		Zone: s.Zone.String(), Currency: s.Currency, Roles: maps.Clone(s.Roles),
		Words: map[string]string{}, Segments: map[string]string{},
	}
	for _, w := range s.Words {
		d.Words[w.Word] = w.Text
	}
	for _, one := range m.Segments {
		d.Segments[one.Name] = one.Formula
	}
	return d
}

// UsedBy keeps of the definitions those that a question and the arguments of
// its calls lean on: segments named in formulas, and in the definitions of
// those; words in the question, in the arguments, or standing in a formula by
// their meaning. All roles stay, and so do zone and currency: any figure may
// depend on them.
func (d Definitions) UsedBy(question string, args ...json.RawMessage) Definitions {
	used := Definitions{Zone: d.Zone, Currency: d.Currency, Roles: d.Roles, Words: map[string]string{}, Segments: map[string]string{}}
	meanings := make(map[string]string, len(d.Words))
	for word, meaning := range d.Words {
		meanings[word] = canonicalText(meaning)
	}
	var texts []string
	for _, a := range args {
		var v any
		if json.Unmarshal(a, &v) == nil {
			texts = appendTexts(texts, v)
		}
	}
	for len(texts) > 0 {
		text := texts[0]
		texts = texts[1:]
		for _, name := range segmentsIn(text) {
			formula, ok := d.Segments[name]
			if _, seen := used.Segments[name]; ok && !seen {
				used.Segments[name] = formula
				texts = append(texts, formula)
			}
		}
		for word, meaning := range d.Words {
			if _, seen := used.Words[word]; !seen && (saysWord(text, word) || strings.Contains(text, meanings[word])) {
				used.Words[word] = meaning
				texts = append(texts, meaning)
			}
		}
	}
	for word, meaning := range d.Words {
		if saysWord(question, word) {
			used.Words[word] = meaning
		}
	}
	return used
}

// appendTexts collects the texts of a JSON value, keys by name.
func appendTexts(texts []string, v any) []string {
	switch v := v.(type) {
	case string:
		texts = append(texts, v)
	case []any:
		for _, item := range v {
			texts = appendTexts(texts, item)
		}
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			texts = appendTexts(texts, v[key])
		}
	}
	return texts
}

// segmentsIn lists the saved segments that a text names, as a formula, a
// measure or a filter; a text that is none of these may be a name itself.
func segmentsIn(text string) []string {
	if f, err := syntax.Parse(text); err == nil {
		return mentioned(f)
	}
	if v, err := syntax.ParseMeasure(text); err == nil {
		return append(mentioned(v), text)
	}
	return []string{text}
}

// canonicalText is a word's meaning as a call's arguments would have it.
func canonicalText(meaning string) string {
	if f, err := syntax.Parse(meaning); err == nil {
		return f.String()
	}
	if v, err := syntax.ParseMeasure(meaning); err == nil {
		return v.String()
	}
	return meaning
}

// saysWord tells whether a text has a word in it, as a whole.
func saysWord(text, word string) bool {
	word = fold(word)
	return word != "" && strings.Contains(" "+parted.Replace(fold(text))+" ", " "+word+" ")
}

// parted puts space where formulas have none.
var parted = strings.NewReplacer("=", " ", "<", " ", ">", " ", "+", " ", "%", " ")

// Under is a workspace whose definitions are those given, and the rest its
// own; it answers what figures would be had nobody changed them.
func (d Definitions) Under(ws store.Workspace) store.Workspace { return &underDefinitions{ws, d} }

type underDefinitions struct {
	store.Workspace
	d Definitions
}

// Source gives the data under the other definitions.
func (w *underDefinitions) Source(ctx context.Context) (segment.Source, error) {
	src, err := w.Workspace.Source(ctx)
	if err != nil {
		return nil, err
	}
	schema := *src.Schema()
	schema.Roles = w.d.Roles
	words := map[string]string{}
	for _, own := range schema.Words {
		words[own.Word] = own.Text
	}
	maps.Copy(words, w.d.Words)
	schema.Words = nil
	for _, word := range slices.Sorted(maps.Keys(words)) {
		schema.Words = append(schema.Words, segment.Word{Word: word, Text: words[word]})
	}
	if zone, err := time.LoadLocation(w.d.Zone); err == nil {
		schema.Zone = zone
	}
	saved := map[string]syntax.Formula{}
	for name, text := range w.d.Segments {
		if f, err := syntax.Parse(text); err == nil {
			saved[name] = f
		}
	}
	return &underSource{src, &schema, saved}, nil
}

type underSource struct {
	segment.Source
	schema *segment.Schema
	saved  map[string]syntax.Formula
}

// Schema gives the catalogue under the other definitions.
func (s *underSource) Schema() *segment.Schema { return s.schema }

// Saved finds a segment, as it was defined where that is known.
func (s *underSource) Saved(name string) (syntax.Formula, bool) {
	if f, ok := s.saved[name]; ok {
		return f, true
	}
	return s.Source.Saved(name)
}
