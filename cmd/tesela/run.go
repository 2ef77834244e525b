package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"tesela/segment/syntax"
	"tesela/store"
	"tesela/tools"
)

// toolFlags are the flags of commands that compute.
type toolFlags struct {
	lang, asOf string
}

func (f *toolFlags) add(c *cobra.Command) {
	c.Flags().StringVar(&f.lang, "lang", "en", "language of titles and notes: en, es or pt")
	c.Flags().StringVar(&f.asOf, "as-of", "", "compute as of this `DATE` (2011-12-01 or RFC 3339) instead of the end of the newest day of data")
}

// caller makes the flags into what tools take; the workspace's zone cuts the
// day.
func (f *toolFlags) caller(ctx context.Context, ws store.Workspace) (tools.Caller, error) {
	who := tools.Caller{Language: f.lang}
	switch f.lang {
	case "en", "es", "pt":
	default:
		return who, usageError("--lang %q: expected en, es or pt", f.lang)
	}
	if f.asOf == "" {
		return who, nil
	}
	d, err := syntax.ParseDate(f.asOf)
	if err != nil {
		return who, usageError("--as-of %q: expected a date such as 2011-12-01 or 2011-12-01T08:00:00Z", f.asOf)
	}
	src, err := ws.Source(ctx)
	if err != nil {
		return who, err
	}
	who.AsOf, _ = d.Time(src.Schema().Zone)
	if who.AsOf.Equal(time.Time{}) {
		return who, usageError("--as-of %q lies too far in the past", f.asOf)
	}
	return who, nil
}

func newRun(a *app) *cobra.Command {
	var flags toolFlags
	var approve bool
	c := &cobra.Command{
		Use:   "run [TOOL [ARGS-JSON]]",
		Short: "Call one tool as a model would, or list the tools",
		Long: "Calls one tool with its arguments as JSON and prints its result as JSON. The arguments may come\n" +
			"from standard input (-). Without a tool, lists the tools with the schemas of their arguments.\n" +
			"Of a tool that changes something it prints what would happen and exits with 5, unless --approve\n" +
			"says to do it.",
		Example: `  tesela run
  tesela run count_segment '{"formula": "country = \"Germany\" and count(order) >= 3"}'
  echo '{"text": "germny"}' | tesela run find_values -`,
		Args: cobra.MaximumNArgs(2),
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return a.listTools()
			}
			arguments, err := a.toolArguments(args[1:])
			if err != nil {
				return err
			}
			if _, known := toolNamed(args[0]); !known {
				// Said before a workspace is asked for: there need not be one.
				_, err := tools.NewBox(nil).Call(c.Context(), tools.Caller{}, args[0], nil)
				return a.toolFailed(err)
			}
			ws, err := a.open(c.Context())
			if err != nil {
				return err
			}
			defer ws.Close()
			who, err := flags.caller(c.Context(), ws)
			if err != nil {
				return err
			}
			exports, err := a.exports()
			if err != nil {
				return err
			}
			box := boxOf(ws, exports)
			bar := a.newBar("")
			who.Progress = bar.work
			r, err := box.Call(c.Context(), who, args[0], arguments)
			if err == nil && r.Approval != "" && approve {
				who.Approved, who.Now = r.Approval, time.Now()
				r, err = box.Call(c.Context(), who, args[0], arguments)
			}
			bar.clear()
			if err != nil {
				return a.toolFailed(err)
			}
			if err := a.printJSON(r); err != nil {
				return err
			}
			if r.Approval != "" {
				fmt.Fprintln(a.errs, "nothing is changed yet; --approve does it")
				return &exitError{code: exitApproval}
			}
			return nil
		},
	}
	flags.add(c)
	c.Flags().BoolVar(&approve, "approve", false, "do what a tool that changes something would do")
	return c
}

func toolNamed(name string) (int, bool) {
	for i, t := range tools.NewBox(nil).List() {
		if t.Name == name {
			return i, true
		}
	}
	return 0, false
}

// toolArguments reads the arguments from the command line or standard input.
func (a *app) toolArguments(args []string) (json.RawMessage, error) {
	switch {
	case len(args) == 0:
		return nil, nil
	case args[0] != "-":
		return json.RawMessage(args[0]), nil
	}
	data, err := io.ReadAll(io.LimitReader(a.in, mostArguments+1))
	if err != nil {
		return nil, fmt.Errorf("read the arguments from standard input: %w", err)
	}
	if len(data) > mostArguments {
		return nil, usageError("the arguments on standard input are over %d bytes long", mostArguments)
	}
	return data, nil
}

// mostArguments bounds the arguments' JSON on standard input.
const mostArguments = 1 << 20

// listTools prints the tools: for people what each is for, for programs all.
func (a *app) listTools() error {
	list := tools.NewBox(nil).List()
	if a.json {
		return a.printJSON(list)
	}
	for i, t := range list {
		if i > 0 {
			fmt.Fprintln(a.out)
		}
		fmt.Fprintf(a.out, "%s\n  %s\n", t.Name, strings.ReplaceAll(t.Description, "\n", "\n  "))
		schema, err := json.MarshalIndent(t.Schema, "  ", "  ")
		if err != nil {
			return err
		}
		fmt.Fprintf(a.out, "\n  Arguments:\n  %s\n", schema)
	}
	return nil
}

// toolFailed gives an error of a tool its exit code; with --json it is also
// printed as an object.
func (a *app) toolFailed(err error) error {
	fault := tools.Describe(err)
	code := exitError1
	switch fault.Kind {
	case "arguments":
		code = exitUsage
	case "cannot":
		code = exitCannot
	}
	if a.json {
		if e := a.printJSON(map[string]tools.Fault{"error": fault}); e != nil {
			return errors.Join(err, e)
		}
	}
	return &exitError{code: code, err: err}
}

// printJSON prints indented JSON with <, > and & as they are.
func (a *app) printJSON(v any) error {
	e := json.NewEncoder(a.out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}
