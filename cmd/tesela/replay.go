package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"tesela/agent"
	"tesela/store"
	"tesela/tools"
)

func newReplay(a *app) *cobra.Command {
	return newReplayWith(a, func(ws store.Workspace) tools.Runner { return tools.NewBox(ws, wordsOf(ws)...) })
}

// newReplayWith makes the command over tools that box opens on a workspace.
func newReplayWith(a *app, box func(store.Workspace) tools.Runner) *cobra.Command {
	figures := false
	c := &cobra.Command{
		Use:   "replay ANSWER",
		Short: "Run a stored answer again and compare, byte for byte",
		Long: "Runs the calls of an answer again, as of the same instant and in its language, and compares the\n" +
			"results with those kept. ANSWER is an answer's id (`tesela answers` lists them) or a file that\n" +
			"`tesela ask --json` or `tesela answers export` wrote (- for standard input), on this machine or another\n" +
			"that holds the same data: the same files, imported in the same order. Where something differs it says\n" +
			"what was then and is now, and which input changed: the data, a definition, the program's version, its\n" +
			"wording, or the file itself.\n" +
			"Exits with 0 where all is the same, with 1 where something differs.",
		Example: "  tesela replay 3f9a21c04d77\n  tesela ask --json revenue by country | tesela replay -\n" +
			"  tesela replay answers.jsonl --figures",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return errors.New("name one answer: its id, a file, or - for standard input")
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			ctx := c.Context()
			ws, err := a.open(ctx)
			if err != nil {
				return err
			}
			defer ws.Close()
			answers, err := a.keptAnswers(ctx, ws, args[0])
			if err != nil {
				return err
			}
			now, err := present(ctx, ws, box)
			if err != nil {
				return err
			}
			var replayed []*agent.Replayed
			for i, answer := range answers {
				r, err := now.Replay(ctx, answer)
				if err != nil {
					if len(answers) > 1 {
						return fmt.Errorf("replay answer %d of %s: %w", i+1, args[0], err)
					}
					return fmt.Errorf("replay %s: %w", args[0], err)
				}
				replayed = append(replayed, r)
			}
			return a.printReplayed(replayed, figures)
		},
	}
	c.Flags().BoolVar(&figures, "figures", false, "exit with 0 where every figure is the same, whatever differs around them")
	return c
}

// present is what answers are replayed on: the workspace as it is now.
func present(ctx context.Context, ws store.Workspace, box func(store.Workspace) tools.Runner) (agent.Present, error) {
	p := agent.Present{
		Tools: box(ws), Program: programVersion(), Person: true,
		Under: func(d tools.Definitions) tools.Runner { return box(d.Under(ws)) },
	}
	var err error
	if p.Data, err = ws.Fingerprint(ctx); err != nil {
		return p, err
	}
	if p.Imported, err = ws.Imported(ctx); err != nil {
		return p, err
	}
	definitions, err := tools.AllDefinitions(ctx, ws)
	p.Definitions = &definitions
	return p, err
}

// printReplayed prints what came of the replays and makes it the exit code.
func (a *app) printReplayed(replayed []*agent.Replayed, figures bool) error {
	same := 0
	for _, r := range replayed {
		if r.Same || figures && r.Figures {
			same++
		}
	}
	var err error
	switch {
	case a.json && len(replayed) == 1:
		err = a.printAnswer(replayed[0])
	case a.json:
		err = a.printAnswer(replayed)
	default:
		for i, r := range replayed {
			if i > 0 {
				fmt.Fprintln(a.out)
			}
			fmt.Fprint(a.out, replayText(r))
		}
		if len(replayed) > 1 {
			_, err = fmt.Fprintf(a.out, "\n%d of %d answers are the same.\n", same, len(replayed))
		}
	}
	if err == nil && same < len(replayed) {
		err = &exitError{code: exitError1}
	}
	return err
}
