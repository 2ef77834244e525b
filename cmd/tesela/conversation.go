package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"tesela/agent"
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
	catalogue, err := tools.Catalogue(ctx, ws)
	if err != nil {
		return nil, fmt.Errorf("read the catalogue: %w", err)
	}
	m, err := configured().modelNamed(ctx, t.model, catalogue)
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
		Workspace: ws, Tools: boxOf(ws, t.exports), Model: m, Session: t.session, Language: t.lang, AsOf: t.asOf,
		Catalogue: catalogue, Restate: say, Person: true, Clock: t.clock, Program: programVersion(),
		Limits: t.bounds.limits(), Price: price,
	}), nil
}
