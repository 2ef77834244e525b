package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

// commands lists the subcommands, one line each.
func commands(a *app) []*cobra.Command {
	return []*cobra.Command{
		newApprove(a),
		newDemo(a),
		newAnswers(a),
		newAsk(a),
		newChat(a),
		newCatalog(a),
		newEval(a),
		newImport(a),
		newMCP(a),
		newModels(a),
		newReplay(a),
		newReport(a),
		newRun(a),
		newSegment(a),
		newSlack(a),
		newTrace(a),
		newVersion(a),
	}
}

// newRoot makes the command tree. Every way of calling it wrongly becomes a
// usage error (exit code 2).
func newRoot(a *app) *cobra.Command {
	root := &cobra.Command{
		Use:   "tesela",
		Short: "Ask about your customers in plain words, and segment them",
		Long: "Tesela answers questions about customer behaviour asked in plain English, Spanish or Portuguese,\n" +
			"and turns the answers into micro-segments. It works on one SQLite file, without a network.",
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	flags := root.PersistentFlags()
	flags.StringVar(&a.db, "db", "", "the workspace `FILE` (default: $TESELA_DB, else "+defaultDBText+")")
	flags.BoolVar(&a.json, "json", false, "print JSON for programs to read")
	root.SetIn(a.in)
	root.SetOut(a.out)
	root.SetErr(a.errs)
	root.AddCommand(commands(a)...)
	a.prepare(root)
	return root
}

// prepare completes a command and those under it: a bare group prints its
// help, an unknown subcommand is named with its nearest, and it is noted when
// a command starts, since faults before that are faults of usage.
func (a *app) prepare(c *cobra.Command) {
	for _, sub := range c.Commands() {
		a.prepare(sub)
	}
	if c.HasSubCommands() && c.Run == nil && c.RunE == nil {
		c.Args = func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return nil
			}
			return fmt.Errorf("%s has no command %q%s",
				c.CommandPath(), args[0], nearestCommand(c, args[0]))
		}
		c.RunE = func(c *cobra.Command, _ []string) error { return c.Help() }
	}
	if run := c.RunE; run != nil {
		c.RunE = func(c *cobra.Command, args []string) error {
			a.started = true
			return run(c, args)
		}
	}
}

func nearestCommand(c *cobra.Command, name string) string {
	if c.SuggestionsMinimumDistance <= 0 {
		c.SuggestionsMinimumDistance = 2
	}
	if near := c.SuggestionsFor(name); len(near) > 0 {
		return " (nearest: " + strings.Join(near, ", ") + ")"
	}
	return ""
}

// execute runs one command line and turns its error into message and code.
func execute(ctx context.Context, a *app, args []string) int {
	root := newRoot(a)
	root.SetArgs(args)
	c, err := root.ExecuteContextC(ctx)
	if err == nil {
		return exitOK
	}
	if !a.started {
		err = usageError("%v\n`%s --help` shows how it is called", err, c.CommandPath())
	}
	return a.fail(ctx, err)
}
