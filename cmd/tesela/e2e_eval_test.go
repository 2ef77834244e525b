package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// timings are what two runs of the same may differ in: the fields time and
// elapsed_ms of the JSON, the time attributes of JUnit, the page's line of
// times.
var timings = []*regexp.Regexp{
	regexp.MustCompile(`"elapsed_ms": [0-9.e+-]+`),
	regexp.MustCompile(`"time": \{[^}]*\}`),
	regexp.MustCompile(` time="[0-9.]+"`),
	regexp.MustCompile(`<tr data-time="time">.*</tr>`),
}

func withoutTimings(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, re := range timings {
		if !re.Match(text) {
			continue
		}
		text = re.ReplaceAll(text, nil)
	}
	return string(text)
}

// Two runs of the program give the same bytes but for times, however the work
// is shared.
func TestEvalIsDeterministic(t *testing.T) {
	s := newShell(t)
	s.file("tiny.yaml", tinySuite)
	names := []string{"json", "html", "junit", "base"}
	for i, jobs := range []string{"1", "5"} {
		at := func(name string) string { return filepath.Join(s.dir, name+string(rune('0'+i))) }
		r := s.run("eval", "tiny.yaml", "understanding/gym", "--filter", "lang=es", "--jobs", jobs, "--repeat", "2", "--perturb", "typos", "--seed", "9", "--json",
			"--html", at("html"), "--junit", at("junit"), "--save-baseline", at("base")).exits(exitOK)
		if err := os.WriteFile(at("json"), []byte(r.out), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range names {
		a, b := withoutTimings(t, filepath.Join(s.dir, name+"0")), withoutTimings(t, filepath.Join(s.dir, name+"1"))
		if a != b {
			t.Errorf("%s differs: %s", name, cmp.Diff(strings.Split(a, "\n"), strings.Split(b, "\n")))
		}
		if len(a) < 1000 {
			t.Errorf("%s: %s", name, a)
		}
	}
}

// begun starts a run with a journal and waits until some answers are in it.
func (s *shell) begun(journal string, lines int, args ...string) (*exec.Cmd, *bytes.Buffer) {
	s.t.Helper()
	c := exec.Command(program(s.t), args...)
	var errs bytes.Buffer
	c.Dir, c.Env, c.Stderr = s.dir, s.env, &errs
	if err := c.Start(); err != nil {
		s.t.Fatal(err)
	}
	for deadline := time.Now().Add(patience); ; time.Sleep(5 * time.Millisecond) {
		text, _ := os.ReadFile(journal)
		if bytes.Count(text, []byte("\n")) >= lines {
			return c, &errs
		}
		if time.Now().After(deadline) {
			c.Process.Kill()
			s.t.Fatalf("no %d answers come: %s", lines, errs.String())
		}
	}
}

// A run that is killed, or interrupted, goes on from its journal and comes to
// the report of an unbroken one.
func TestEvalGoesOn(t *testing.T) {
	s := newShell(t)
	s.file("tiny.yaml", tinySuite)
	journal := filepath.Join(s.dir, "run.jsonl")
	args := []string{"eval", "tiny.yaml", "understanding/gym", "--jobs", "2", "--repeat", "5", "--journal", journal, "--out"}

	killed, _ := s.begun(journal, 20, append(args, "none.json")...)
	killed.Process.Kill()
	killed.Wait()
	stopped, errs := s.begun(journal, 90, append(args, "none.json")...)
	stopped.Process.Signal(syscall.SIGINT)
	err := stopped.Wait()
	if exit, ok := err.(*exec.ExitError); !ok || exit.ExitCode() != exitError1 || !strings.Contains(errs.String(), "the same command goes on from there") {
		t.Fatalf("interrupted: %v, %s", err, errs.String())
	}
	if _, err := os.Stat(filepath.Join(s.dir, "none.json")); err == nil {
		t.Error("a broken run left a report")
	}
	before, err := os.ReadFile(journal)
	if err != nil {
		t.Fatal(err)
	}
	r := s.run(append(args, "gone-on.json")...).exits(exitOK)
	if !strings.Contains(r.errs, "were taken over") {
		r.fail("nothing is said of what was taken over")
	}
	after, err := os.ReadFile(journal)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix(after, before) {
		t.Error("the journal was not only added to")
	}
	seen := map[string]bool{}
	for _, id := range regexp.MustCompile(`"suite":"([^"]+)","id":"([^"]+)",("repeat":[0-9]+)?`).FindAllString(string(after), -1) {
		if seen[id] {
			t.Fatalf("%s was asked twice", id)
		}
		seen[id] = true
	}
	s.run("eval", "tiny.yaml", "understanding/gym", "--repeat", "5", "--out", "unbroken.json").exits(exitOK)
	if a, b := withoutTimings(t, filepath.Join(s.dir, "gone-on.json")), withoutTimings(t, filepath.Join(s.dir, "unbroken.json")); a != b {
		t.Errorf("it comes to another report: %s", cmp.Diff(strings.Split(a, "\n"), strings.Split(b, "\n")))
	}
	// Another text of the suite is another suite: nothing of it is taken over.
	s.file("tiny.yaml", tinySuite+"# changed\n")
	r = s.run("eval", "tiny.yaml", "--repeat", "5", "--journal", journal).exits(exitOK)
	if !strings.Contains(r.errs, " 0 were taken over") {
		r.fail("answers to another suite were taken over")
	}
}

// Without a suite the shipped audited ones are asked, and that is said.
func TestEvalWithoutASuite(t *testing.T) {
	s := newShell(t)
	r := s.run("eval", "--filter", "lang=es,data=demo").exits(exitOK)
	if !strings.Contains(r.errs, "audited") || !strings.Contains(r.out, "audited/demo") {
		r.fail("it is not said what was asked")
	}
	if left, _ := filepath.Glob(filepath.Join(s.dir, "*")); len(left) > 0 {
		t.Errorf("it left %v", left)
	}
}
