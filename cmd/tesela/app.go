package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/charmbracelet/x/term"

	"tesela/store"
)

// The exit codes other programs rely on.
const (
	exitOK       = 0
	exitError1   = 1 // something went wrong
	exitUsage    = 2 // called wrongly
	exitClarify  = 3 // the question needs a clarification
	exitCannot   = 4 // the data cannot answer it
	exitApproval = 5 // waits for a person's approval
)

const defaultDBText = "tesela/tesela.db in your data folder"

// app is what the subcommands share: the streams, the global flags and how a
// workspace is opened.
type app struct {
	in        io.Reader
	out, errs io.Writer

	db      string // --db
	json    bool   // --json
	started bool   // a command's own code is running

	// openFile opens the workspace at path; with create, makes it where it is
	// missing.
	openFile func(ctx context.Context, path string, create bool) (store.Workspace, error)
}

func newApp(stdin io.Reader, stdout, stderr io.Writer) *app {
	a := &app{in: stdin, out: stdout, errs: stderr}
	a.openFile = func(ctx context.Context, path string, create bool) (store.Workspace, error) {
		ws, err := openFile(ctx, path, create)
		if err != nil {
			return nil, err
		}
		return a.traced(ctx, ws), nil
	}
	return a
}

// exitError carries the exit code of a failed command. With a nil err nothing
// is printed: the command has said all there is to say.
type exitError struct {
	code int
	err  error
}

func (e *exitError) Error() string {
	if e.err == nil {
		return fmt.Sprintf("exit %d", e.code)
	}
	return e.err.Error()
}

func (e *exitError) Unwrap() error { return e.err }

// usageError is a command called wrongly.
func usageError(format string, args ...any) error {
	return &exitError{code: exitUsage, err: fmt.Errorf(format, args...)}
}

// fail prints an error as one plain message and gives its exit code.
func (a *app) fail(ctx context.Context, err error) int {
	code, message := exitError1, err
	var e *exitError
	if errors.As(err, &e) {
		code = e.code
		if e.err == nil {
			return code
		}
	}
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		message = errors.New("stopped; nothing was left half done")
	}
	fmt.Fprintf(a.errs, "tesela: %v\n", message)
	return code
}

// dbPath is where the workspace lies: --db, else TESELA_DB, else the user's
// data folder.
func (a *app) dbPath() (string, error) {
	if a.db != "" {
		return a.db, nil
	}
	if p := os.Getenv("TESELA_DB"); p != "" {
		return p, nil
	}
	return dataFile("tesela.db")
}

// dataFile names a file of ours in the user's data folder.
func dataFile(name string) (string, error) {
	dir := os.Getenv("XDG_DATA_HOME")
	if !filepath.IsAbs(dir) {
		home, err := os.UserHomeDir()
		if err != nil {
			return "", fmt.Errorf("find your data folder: %w; name the workspace with --db FILE", err)
		}
		dir = filepath.Join(home, ".local", "share")
	}
	return filepath.Join(dir, "tesela", name), nil
}

// open opens the workspace, which must be there.
func (a *app) open(ctx context.Context) (store.Workspace, error) {
	path, err := a.dbPath()
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		toTry := "`tesela demo` one to try"
		if demo, err := dataFile("demo.db"); err == nil && demo != path {
			if _, err := os.Stat(demo); err == nil {
				toTry = fmt.Sprintf("--db %q is the demo", demo)
			}
		}
		return nil, fmt.Errorf("there is no workspace at %s; `tesela import FILE…` makes one from your data, %s, and --db FILE names another", path, toTry)
	}
	return a.openFile(ctx, path, false)
}

// create opens the workspace, making it and its folder where they are missing.
func (a *app) create(ctx context.Context) (store.Workspace, error) {
	path, err := a.dbPath()
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, fmt.Errorf("make the workspace's folder: %w", err)
	}
	return a.openFile(ctx, path, true)
}

// workspaceMissing tells whether there is no workspace file yet.
func (a *app) workspaceMissing() (bool, error) {
	path, err := a.dbPath()
	if err != nil {
		return false, err
	}
	_, err = os.Stat(path)
	return errors.Is(err, os.ErrNotExist), nil
}

// removeWorkspace takes away a closed workspace that this command made and
// brought nothing into.
func (a *app) removeWorkspace() {
	path, err := a.dbPath()
	if err != nil {
		return
	}
	for _, tail := range []string{"", "-wal", "-shm"} {
		os.Remove(path + tail)
	}
}

// interactive tells whether a person can be asked something.
func (a *app) interactive() bool { return isTerminal(a.in) && isTerminal(a.errs) }

// isTerminal tells whether the stream is a terminal.
func isTerminal(stream any) bool {
	f, ok := stream.(interface{ Fd() uintptr })
	return ok && term.IsTerminal(f.Fd())
}

// colored tells whether output to the stream may have colours.
func colored(stream any) bool {
	return os.Getenv("NO_COLOR") == "" && !dumb() && isTerminal(stream)
}

// dumb tells whether terminals are said to know no marks at all.
func dumb() bool { return os.Getenv("TERM") == "dumb" }
