package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"tesela/agent"
	"tesela/store"
	"tesela/tools"
)

func newReplay(a *app) *cobra.Command {
	return newReplayWith(a, func(ws store.Workspace) tools.Runner { return tools.NewBox(ws) })
}

// newReplayWith makes the command over tools that box opens on a workspace.
func newReplayWith(a *app, box func(store.Workspace) tools.Runner) *cobra.Command {
	return &cobra.Command{
		Use:   "replay ANSWER",
		Short: "Run a stored answer again and compare, byte for byte",
		Long: "Runs the calls of an answer again, as of the same instant, and compares the results with those\n" +
			"kept. ANSWER is an answer's id or a file that `tesela ask --json` wrote (- for standard input).\n" +
			"Exits with 0 where all is the same, with 1 where something differs, and says what.",
		Example: "  tesela replay 3f9a21c04d77\n  tesela ask --json revenue by country | tesela replay -",
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
			answer, err := a.keptAnswer(ctx, ws, args[0])
			if err != nil {
				return err
			}
			data, err := ws.Fingerprint(ctx)
			if err != nil {
				return err
			}
			r, err := agent.Replay(ctx, box(ws), answer, data, true)
			if err != nil {
				return fmt.Errorf("replay %s: %w", args[0], err)
			}
			if a.json {
				err = a.printAnswer(r)
			} else {
				_, err = fmt.Fprint(a.out, replayText(r))
			}
			if err == nil && !r.Same {
				err = &exitError{code: exitError1}
			}
			return err
		},
	}
}

// keptAnswer finds an answer by its id in the workspace, else as a file.
func (a *app) keptAnswer(ctx context.Context, ws store.Workspace, name string) (json.RawMessage, error) {
	if name == "-" {
		var answer json.RawMessage
		if err := json.NewDecoder(a.in).Decode(&answer); err != nil {
			return nil, fmt.Errorf("read the answer from standard input: %w", err)
		}
		return answer, nil
	}
	turn, err := ws.Turn(ctx, name)
	if err == nil {
		return turn.Answer, nil
	}
	if !errors.Is(err, store.ErrNotFound) {
		return nil, err
	}
	answer, fileErr := os.ReadFile(name)
	if errors.Is(fileErr, os.ErrNotExist) {
		return nil, fmt.Errorf("there is no answer %s in this workspace and no file of that name; `tesela ask --json` shows each answer's id", name)
	}
	if fileErr != nil {
		return nil, fmt.Errorf("read the answer: %w", fileErr)
	}
	return answer, nil
}

// replayText words what a replay came to.
func replayText(r *agent.Replayed) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s  %s\n", r.ID, oneLine(r.Question))
	figures := true
	for _, c := range r.Calls {
		state := "the same"
		if !c.Same {
			state = "differs"
		}
		fmt.Fprintf(&b, "  %s %s: %s\n", c.Tool, oneLine(string(c.Args)), state)
		for _, d := range c.Differences {
			figures = figures && d.Path == "fingerprint"
			fmt.Fprintf(&b, "    %s: %s → %s\n", d.Path, oneLine(string(d.Then)), oneLine(string(d.Now)))
		}
	}
	dataChanged := slices.Contains(r.Changed, "data")
	switch {
	case r.Same && len(r.Calls) == 0:
		b.WriteString("The answer has no calls to run again.\n")
	case r.Same:
		b.WriteString("The same, byte for byte.\n")
	case dataChanged && figures:
		b.WriteString("The figures are the same; the data is not what it was:\n")
	case dataChanged:
		b.WriteString("Not the same: the data is not what it was:\n")
	default:
		b.WriteString("Not the same, though the data is: this version of the program computes otherwise.\n")
	}
	if dataChanged {
		fmt.Fprintf(&b, "  then %s\n  now  %s\n", r.Then, r.Now)
	}
	return b.String()
}
