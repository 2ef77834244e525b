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
	// Check reads the parameters and tells the kind of the result and, of a
	// layer, its labels in their order. Faults are *syntax.Error.
	Check(params []syntax.Param) (kind column.Kind, labels []string, err error)
	// Compute gives the value of every customer as of at; a Text column's
	// Dict has exactly the labels.
	Compute(ctx context.Context, src Source, at time.Time, params []syntax.Param) (*column.Column, error)
}

// Layers are the layers and scores that formulas may name.
type Layers map[string]Layer

// Option adjusts a compilation.
type Option func(*compiler)

// WithLayers makes layers and scores known by name.
func WithLayers(l Layers) Option { return func(c *compiler) { c.layers = l } }

// layerCall is one use of a layer as of an instant.
type layerCall struct {
	layer  Layer
	at     time.Time
	params []syntax.Param
}
