package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	_ "time/tzdata" // days are cut in zones of the data, also where the machine knows none

	"github.com/spf13/cobra"

	"tesela/store"
	"tesela/store/demo"
)

// demoCommand makes the demo shop once and opens it.
type demoCommand struct {
	*app
	with    demoWith
	lang    string
	options demo.Options
	// chosen is set where seed or size were given: a demo that is there must
	// then be that one.
	chosen bool
	fresh  bool
	path   string
}

func newDemo(a *app) *cobra.Command {
	return newDemoWith(a, demoWith{asker: realAsker(), chat: demoChat})
}

func newDemoWith(a *app, with demoWith) *cobra.Command {
	d := &demoCommand{app: a, with: with}
	c := &cobra.Command{
		Use:   "demo",
		Short: "Make a demo shop, once, and ask about it",
		Long: "Makes a demo shop (25,000 customers in three countries, two years) in a workspace of its own\n" +
			"and opens the chat on it. Without a terminal it asks three questions and prints the answers.\n" +
			"Everybody in it is invented. Equal seeds make equal shops on every machine.",
		Example: "  tesela demo\n  tesela demo --lang pt\n  tesela demo --db small.db --customers 500",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			d.chosen = c.Flags().Changed("seed") || c.Flags().Changed("customers")
			return d.run(c.Context())
		},
	}
	f := c.Flags()
	f.StringVar(&d.lang, "lang", "", "ask and answer in `en|es|pt` (default: the terminal's language, else en)")
	f.Uint64Var(&d.options.Seed, "seed", demo.DefaultSeed, "make the shop that belongs to this `NUMBER`")
	f.IntVar(&d.options.Customers, "customers", demo.DefaultCustomers, "make this `MANY` customers")
	f.BoolVar(&d.fresh, "fresh", false, "make the demo anew where there is one")
	return c
}

func (d *demoCommand) run(ctx context.Context) error {
	if d.lang == "" {
		d.lang = languageOf(os.Getenv)
	}
	questions, err := demo.Questions(d.lang)
	switch {
	case err != nil:
		return err
	case questions == nil:
		return usageError("--lang %s: the demo speaks en, es and pt", d.lang)
	case d.options.Seed == 0:
		return usageError("--seed 0: give a number from 1")
	case d.options.Customers < 1:
		return usageError("--customers %d: give a number from 1", d.options.Customers)
	}
	if d.path, err = d.file(); err != nil {
		return err
	}
	d.db = d.path
	ws, err := d.made(ctx)
	if err != nil {
		return err
	}
	defer ws.Close()
	return d.show(ctx, ws, questions)
}

// file is where the demo lies: --db, else TESELA_DB, else a file of its own in
// the user's data folder, another one for each seed and size.
func (d *demoCommand) file() (string, error) {
	if d.db != "" || os.Getenv("TESELA_DB") != "" {
		return d.dbPath()
	}
	name := "demo.db"
	if d.options.Seed != demo.DefaultSeed || d.options.Customers != demo.DefaultCustomers {
		name = fmt.Sprintf("demo-%d-%d.db", d.options.Seed, d.options.Customers)
	}
	return dataFile(name)
}

// made opens the demo's workspace, with the demo in it.
func (d *demoCommand) made(ctx context.Context) (store.Workspace, error) {
	ws, err := d.create(ctx)
	if err != nil {
		return nil, err
	}
	ready, err := d.ready(ctx, ws)
	if err == nil && !ready && d.fresh {
		// Only what a demo made is removed; ready has looked.
		if err = errors.Join(ws.Close(), removeWorkspace(d.path)); err != nil {
			return nil, fmt.Errorf("make the demo anew: %w", err)
		}
		if ws, err = d.create(ctx); err != nil {
			return nil, err
		}
	}
	if err == nil && !ready {
		err = d.fill(ctx, ws)
	}
	if err != nil {
		ws.Close()
		return nil, err
	}
	return ws, nil
}

// ready tells whether the demo asked for is there. It is an error if something
// else is that must not be touched.
func (d *demoCommand) ready(ctx context.Context, ws store.Workspace) (bool, error) {
	holding, err := demo.Recognise(ctx, ws, d.options)
	switch {
	case err != nil:
		return false, err
	case holding == demo.Nothing:
		return false, nil
	case holding == demo.OtherData:
		return false, fmt.Errorf("%s holds other data than a demo; name another file with --db and the demo is made there", d.path)
	case d.fresh:
		return false, nil
	case holding == demo.OtherDemo && d.chosen:
		return false, fmt.Errorf("%s holds a demo of another --seed or --customers; --fresh makes it anew, --db names another file", d.path)
	}
	return true, nil
}

// fill makes the demo, with a bar on a terminal.
func (d *demoCommand) fill(ctx context.Context, ws store.Workspace) error {
	o := d.options
	bar := d.newBar("making the demo shop")
	o.Progress = func(done, total int) { bar.set(int64(done), int64(total)) }
	if !isTerminal(d.errs) {
		fmt.Fprintf(d.errs, "making the demo shop in %s\n", d.path)
	}
	err := demo.Fill(ctx, ws, o)
	bar.clear()
	if err != nil && ctx.Err() == nil {
		// Another process may have been quicker.
		if holding, other := demo.Recognise(ctx, ws, o); other == nil && holding == demo.ThisDemo {
			return nil
		}
	}
	return err
}

// removeWorkspace removes a workspace's file and what SQLite keeps beside it.
func removeWorkspace(path string) error {
	var errs []error
	for _, beside := range []string{"-wal", "-shm", ""} {
		if err := os.Remove(filepath.Clean(path) + beside); err != nil && !errors.Is(err, os.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// languageOf reads the language of the terminal as POSIX lays down; en where
// it is none of ours.
func languageOf(env func(string) string) string {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if v := env(name); v != "" {
			v, _, _ = strings.Cut(strings.ToLower(v), "_")
			if slices.Contains([]string{"es", "pt"}, v) {
				return v
			}
			break
		}
	}
	return "en"
}
