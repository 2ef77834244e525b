package segment

import (
	"context"
	"time"

	"tesela/segment/column"
	"tesela/segment/syntax"
)

// Layer is a partition of all customers, or a score per customer, that
// formulas use by name: rfm = "Champions", clv(next 365d) > 100.
type Layer interface {
	// Check reads the parameters of a use against the catalogue and tells the
	// kind of the result and, of a layer, its labels in their order. Faults
	// are *syntax.Error; a role that is mapped to nothing, a *RoleError.
	Check(s *Schema, params []syntax.Param) (kind column.Kind, labels []string, err error)
	// Compute gives the value of every customer; a Text column's Dict has
	// exactly the labels. The parameters have passed Check.
	Compute(ctx context.Context, u *Use) (*column.Column, error)
}

// Layers are the layers and scores that formulas may name.
type Layers map[string]Layer

// Option adjusts a compilation.
type Option func(*compiler)

// WithLayers makes layers and scores known by name, beside those of Analyses
// or in their stead.
func WithLayers(l Layers) Option {
	return func(c *compiler) {
		for name, layer := range l {
			c.layers[name] = layer
		}
	}
}

// layerCall is one use of a layer as of an instant.
type layerCall struct {
	layer  Layer
	at     time.Time
	params []syntax.Param
}

// Use is one use of a layer within an evaluation.
type Use struct {
	Source Source
	// At is the instant it is taken as of; rows at or after Now, the
	// evaluation's own T, do not exist.
	At, Now time.Time
	Params  []syntax.Param
	// shared are figures that several uses as of At share; see Once.
	shared map[string]any
	notes  []Note
	// readers are the tests that read the values; nil reads them whole.
	readers []*test
}

// Note says what a reader of the result should know, such as how a figure that
// was not given was found.
func (u *Use) Note(n Note) { u.notes = append(u.notes, n) }

// once computes what several layers as of one instant share, by a key that
// names it.
func once[T any](u *Use, key string, compute func() (T, error)) (T, error) {
	if have, ok := u.shared[key].(T); ok {
		return have, nil
	}
	x, err := compute()
	if err == nil {
		u.shared[key] = x
	}
	return x, err
}
