package contrast

import (
	"tesela/segment"
	"tesela/segment/explain"
	"tesela/segment/feature"
	"tesela/segment/syntax"
)

// Definition is what formulas go by.
type Definition struct{ d *definition }

// DefinitionOf reads a formula.
func DefinitionOf(src segment.Source, f syntax.Formula) Definition {
	d := newDefinition(src)
	d.read(f)
	return Definition{d}
}

// Restates is whether an aspect of a feature restates it.
func (d Definition) Restates(f feature.Feature, a explain.Aspect) bool { return d.d.restates(f, a) }

// FeatureOf is a feature of a value.
func FeatureOf(v syntax.Value) feature.Feature { return feature.Feature{Value: v} }
