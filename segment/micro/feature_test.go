package micro

import (
	"testing"
	"time"

	"tesela/segment"
	"tesela/segment/column"
	"tesela/segment/feature"
	"tesela/segment/syntax"
)

type syntaxFormula = syntax.Formula

// traitFeature is a feature of a trait: x and y are numbers, z a text.
func traitFeature(t *testing.T, name string) feature.Feature {
	t.Helper()
	s := &segment.Schema{Zone: time.UTC, Traits: []segment.Field{{Name: "x", Kind: column.Number}, {Name: "y", Kind: column.Number}, {Name: "z", Kind: column.Text}}}
	fs, err := feature.Own(s, "own", []syntax.Value{&syntax.Name{Name: name}})
	must(t, err)
	return fs[0]
}
