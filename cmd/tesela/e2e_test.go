package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tesela/agent"
	"tesela/agent/model"
)

// The end-to-end tests run the program itself, as a shell does. What they
// share is here; builds is where it is built, once, when first wanted.
var builds string

func TestMain(m *testing.M) {
	code := m.Run()
	if builds != "" {
		os.RemoveAll(builds)
	}
	os.Exit(code)
}

var built = sync.OnceValues(func() (string, error) {
	var err error
	if builds, err = os.MkdirTemp("", "tesela-e2e-"); err != nil {
		return "", err
	}
	path := filepath.Join(builds, "tesela")
	if out, err := exec.Command("go", "build", "-buildvcs=false", "-o", path, ".").CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return path, nil
})

// program is the path of the built program.
func program(t *testing.T) string {
	t.Helper()
	path, err := built()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// shell is a place to run the program in: a folder, which is the home too, and
// an environment in which nothing of this machine's user is left.
type shell struct {
	t   *testing.T
	dir string
	env []string
}

func newShell(t *testing.T) *shell {
	t.Helper()
	dir := t.TempDir()
	return &shell{t: t, dir: dir, env: []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "TMPDIR=" + os.TempDir(), "LANG=C.UTF-8",
		// A terminal of many colours would be had if there were one.
		"TERM=xterm-256color", "COLORTERM=truecolor",
	}}
}

// under is the same shell in a test within the one it was made for.
func (s *shell) under(t *testing.T) *shell { return &shell{t: t, dir: s.dir, env: s.env} }

// file writes a file into the shell's folder.
func (s *shell) file(name, text string) string {
	s.t.Helper()
	path := filepath.Join(s.dir, name)
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		s.t.Fatal(err)
	}
	return path
}

// ran is what a run of the program left.
type ran struct {
	t         *testing.T
	args      []string
	code      int
	out, errs string
}

// patience is how long any run may take before it counts as hanging.
const patience = 2 * time.Minute

// run runs the program. Its standard input stays open and silent, so that a
// program that asks something hangs and is found out. Whatever it is asked,
// what belongs to a terminal stays off the streams, an error is one message on
// standard error and nothing else, and JSON is one document.
func (s *shell) run(args ...string) ran {
	s.t.Helper()
	silent, open, err := os.Pipe()
	if err != nil {
		s.t.Fatal(err)
	}
	defer open.Close()
	defer silent.Close()
	return s.runWith(silent, args...)
}

func (s *shell) runWith(stdin io.Reader, args ...string) ran {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), patience)
	defer cancel()
	c := exec.CommandContext(ctx, program(s.t), args...)
	var out, errs bytes.Buffer
	c.Dir, c.Env, c.Stdin, c.Stdout, c.Stderr = s.dir, s.env, stdin, &out, &errs
	err := c.Run()
	if ctx.Err() != nil {
		s.t.Fatalf("tesela %q hangs\nstdout: %s\nstderr: %s", args, out.String(), errs.String())
	}
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		s.t.Fatal(err)
	}
	r := ran{t: s.t, args: args, code: c.ProcessState.ExitCode(), out: out.String(), errs: errs.String()}
	r.decent()
	return r
}

// decent holds a run to what every run keeps to.
func (r ran) decent() {
	r.t.Helper()
	if i := strings.IndexAny(r.out+r.errs, "\x1b\r\b\a"); i >= 0 {
		r.fail("marks for a terminal in what is piped")
	}
	switch r.code {
	case exitOK, exitClarify, exitCannot, exitApproval:
		if r.out == "" {
			r.fail("no answer on standard output")
		}
	case exitError1, exitUsage:
		if r.code == exitError1 && (r.args[0] == "replay" || slices.Contains(r.args, "--replay")) && r.out != "" {
			break // an answer that is no longer the same: what differs is what was asked for
		}
		if strings.HasPrefix(r.errs, "tesela: ") && strings.Count(r.errs, "tesela: ") == 1 || strings.Contains(r.errs, "\ntesela: ") {
			break
		}
		r.fail("an error without one message of the program")
	default:
		r.fail("an exit code that is none of the contract's")
	}
	if strings.Contains(r.errs, "panic") || strings.Contains(r.errs, "goroutine ") {
		r.fail("a panic")
	}
	if slices.Contains(r.args, "--json") && r.out != "" {
		var v any
		d := json.NewDecoder(strings.NewReader(r.out))
		if err := d.Decode(&v); err != nil {
			r.fail("JSON that cannot be read: " + err.Error())
		}
		if _, err := d.Token(); !errors.Is(err, io.EOF) {
			r.fail("more than one JSON document")
		}
	}
}

func (r ran) fail(why string) {
	r.t.Helper()
	r.t.Errorf("tesela %q: %s\nexit %d\nstdout: %s\nstderr: %s", r.args, why, r.code, head(r.out), head(r.errs))
}

// head is the beginning of a long text.
func head(s string) string {
	if len(s) > 3000 {
		return s[:3000] + "…"
	}
	return s
}

// exits holds a run to its exit code.
func (r ran) exits(code int) ran {
	r.t.Helper()
	if r.code != code {
		r.fail(fmt.Sprintf("not exit %d", code))
	}
	return r
}

// refuses holds a run to an error: this code, a message that holds all of
// says, nothing on standard output.
func (r ran) refuses(code int, says ...string) {
	r.t.Helper()
	r.exits(code)
	if r.out != "" {
		r.fail("an error with something on standard output")
	}
	for _, s := range says {
		if !strings.Contains(r.errs, s) {
			r.fail(fmt.Sprintf("a message without %q", s))
		}
	}
}

// into reads the JSON that was printed.
func (r ran) into(v any) ran {
	r.t.Helper()
	if err := json.Unmarshal([]byte(r.out), v); err != nil {
		r.fail(err.Error())
		r.t.FailNow()
	}
	return r
}

// answer reads an answer and holds it to what every answer keeps to, and to
// the exit code that belongs to its status.
func (r ran) answer() agent.Answer {
	r.t.Helper()
	var a agent.Answer
	r.into(&a)
	if exitCode(a.Status) != r.code {
		r.fail(fmt.Sprintf("status %q with exit %d", a.Status, r.code))
	}
	r.sound(a)
	return a
}

// sound holds an answer to what every answer keeps to: all its parts, and no
// figure that the calls did not give.
func (r ran) sound(a agent.Answer) {
	r.t.Helper()
	if a.ID == "" || a.Question == "" || a.Text == "" || a.Model != "offline" || !strings.HasPrefix(a.Data, "sha256:") || a.AsOf.IsZero() {
		r.fail("an answer with parts missing")
	}
	if a.Status != model.Answered {
		return // its figures are the question's own
	}
	calls, err := json.Marshal(a.Calls)
	if err != nil {
		r.t.Fatal(err)
	}
	if left := ungrounded(a.Text, a.Language, string(calls)); len(left) > 0 {
		r.fail(fmt.Sprintf("figures %q are in no result", left))
	}
}
