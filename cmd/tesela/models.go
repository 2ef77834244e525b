package main

import (
	"context"
	"os"

	"tesela/agent/model"
	"tesela/agent/planner"
)

// models builds the models a command can name with --model from what the
// environment configures.
type models struct {
	getenv func(string) string
}

// configured are the models of this process's environment.
func configured() models { return models{getenv: os.Getenv} }

// modelNamed builds the model of a name that checkModel lets pass, over a
// catalogue. It is safe for concurrent use by many conversations.
func (m models) modelNamed(_ context.Context, name string, catalogue *model.Catalogue) (model.Model, error) {
	if err := checkModel(name); err != nil {
		return nil, err
	}
	return planner.New(catalogue)
}
