package main

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"tesela/agent"
	"tesela/agent/model"
	"tesela/store"
	"tesela/tools"
	"tesela/tools/restate"
)

// realAsker talks with the planner over the workspace's own tools.
func realAsker() asker { return asker{clock: time.Now, converse: converse} }

func newAsk(a *app) *cobra.Command { return newAskWith(a, realAsker()) }

// converse makes a conversation over a workspace. Without a configured
// language model auto is the planner too.
func converse(ctx context.Context, ws store.Workspace, t talk) (*agent.Conversation, error) {
	starter := tools.NewStarter(ws)
	start, err := starter.Now(ctx)
	if err != nil {
		return nil, err
	}
	m, err := configured().modelNamed(ctx, t.model, start.Catalogue)
	if err != nil {
		return nil, err
	}
	price, err := configured().price()
	if err != nil {
		return nil, err
	}
	say, err := restate.New()
	if err != nil {
		return nil, err
	}
	return agent.New(agent.Config{
		Workspace: ws, Starter: starter, Tools: boxOf(ws, t.exports), Model: m, Session: t.session, Language: t.lang, AsOf: t.asOf,
		Restate: say, Person: true, Clock: t.clock, Program: programVersion(),
		Limits: t.bounds.limits(), Price: price, Traces: tracesOf(ws),
	}), nil
}

// catalogueOf is what a conversation's model may know of the data now.
func catalogueOf(ctx context.Context, c *agent.Conversation) (*model.Catalogue, error) {
	if c.Catalogue != nil || c.Starter == nil {
		return c.Catalogue, nil
	}
	start, err := c.Starter.Now(ctx)
	if err != nil {
		return nil, err
	}
	return start.Catalogue, nil
}
