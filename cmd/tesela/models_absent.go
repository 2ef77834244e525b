package main

import (
	"context"
	"fmt"
	"iter"

	"tesela/agent/model"
)

// absent is a model that auto is to ask though the environment has no key for
// it. What the planner understands is answered all the same; where it would
// have been asked the answer says what kept it.
type absent struct{ name, needs string }

func (a *absent) Name() string { return a.name }

// Generate replies with a fault.
func (a *absent) Generate(context.Context, model.Request) iter.Seq2[model.Delta, error] {
	return func(yield func(model.Delta, error) bool) {
		yield(model.Delta{}, &model.Fault{Model: a.name, Cause: model.Denied, Err: fmt.Errorf("it needs %s", a.needs)})
	}
}
