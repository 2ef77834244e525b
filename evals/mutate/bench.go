package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// bench is where faults are tried.
type bench struct {
	root    string
	o       options
	tests   *dependents
	journal *journal
	scratch string
	commit  string
}

func newBench(ctx context.Context, root string, o options) (*bench, error) {
	b := &bench{root: root, o: o}
	var err error
	if b.tests, err = loadDependents(ctx, root); err != nil {
		return nil, err
	}
	if b.journal, err = openJournal(o.journal, o.anew); err != nil {
		return nil, err
	}
	if out, err := exec.CommandContext(ctx, "git", "-C", root, "rev-parse", "--short=12", "HEAD").Output(); err == nil {
		b.commit = strings.TrimSpace(string(out))
	}
	return b, nil
}

// all tries the faults, several at once if asked to, and gives the outcomes in
// their order.
func (b *bench) all(ctx context.Context, faults []Fault) ([]Outcome, error) {
	var err error
	if b.scratch, err = os.MkdirTemp("", "tesela-mutate-"); err != nil {
		return nil, err
	}
	defer os.RemoveAll(b.scratch)
	if err := b.clean(ctx, faults); err != nil {
		return nil, err
	}
	outcomes := make([]Outcome, len(faults))
	errs := make([]error, len(faults))
	var wg sync.WaitGroup
	slots := make(chan struct{}, b.o.jobs)
	for i, f := range faults {
		slots <- struct{}{}
		if ctx.Err() != nil {
			break
		}
		wg.Go(func() {
			defer func() { <-slots }()
			outcomes[i], errs[i] = b.one(ctx, f)
			if errs[i] != nil {
				errs[i] = fmt.Errorf("%s: %w", f.ID, errs[i])
				fmt.Fprintln(os.Stderr, errs[i])
				return
			}
			fmt.Fprintf(os.Stderr, "%3d/%d %s\n", i+1, len(faults), outcomes[i])
		})
	}
	wg.Wait()
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("stopped; what is done is in %s and will not be done again", b.journal.path)
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return outcomes, nil
}

// clean runs everything without a fault: where that fails, nothing could be
// told from failures.
func (b *bench) clean(ctx context.Context, faults []Fault) error {
	var packages []string
	seen := map[string]bool{}
	for _, f := range faults {
		for _, p := range append([]string{f.Package()}, b.tests.of(f.Package())...) {
			if !seen[p] {
				seen[p] = true
				packages = append(packages, p)
			}
		}
	}
	fmt.Fprintln(os.Stderr, "without any fault first")
	for _, step := range []struct {
		what    string
		command []string
		wanted  bool
	}{
		{"tests", b.goTest(packages), !b.o.suiteOnly},
		{"suite", shell(b.o.suite), !b.o.testsOnly},
	} {
		key := digest("clean", strings.Join(step.command, " "), b.tests.sources())
		if _, done := b.journal.find(key); done || !step.wanted {
			continue
		}
		r := b.run(ctx, "", step.command)
		if err := ctx.Err(); err != nil {
			return err
		}
		if r.failed {
			return fmt.Errorf("the %s fails without any fault, so nothing can be told:\n%s", step.what, r.tail)
		}
		if err := b.journal.add(key, Outcome{ID: "clean " + step.what, Commit: b.commit}); err != nil {
			return err
		}
	}
	return nil
}

// one tries a fault: its own package's tests, those of the packages above it,
// the suite; it stops at the first that fails, unless the suite is asked too.
func (b *bench) one(ctx context.Context, f Fault) (Outcome, error) {
	text, err := f.Mutated(b.root)
	if err != nil {
		return Outcome{}, err
	}
	key := digest(f.File, string(text))
	o, _ := b.journal.find(key)
	if o.Asked != b.o.suite {
		o.Suite = "" // another suite's word is none of this
	}
	o.ID, o.File, o.What, o.Commit = f.ID, f.File, f.What, b.commit
	if o.settled(b.o) {
		return o, nil
	}
	if b.o.again && !o.caught() {
		o.Tests, o.Suite = "", ""
	}
	folder := filepath.Join(b.scratch, f.ID)
	overlay, err := b.overlay(folder, f, text)
	if err != nil {
		return o, err
	}
	defer os.RemoveAll(folder)
	started := time.Now()
	if r := b.run(ctx, overlay, []string{"go", "build", f.Package()}); r.failed {
		if ctx.Err() != nil {
			return o, ctx.Err()
		}
		return o, fmt.Errorf("does not compile; mend the list:\n%s", r.tail)
	}
	if o.Tests == "" && !b.o.suiteOnly {
		// One package after the other: most faults are caught by the first few, and
		// what stands above is not compiled for them.
		for _, p := range append([]string{f.Package()}, b.tests.of(f.Package())...) {
			if b.try(ctx, overlay, &o.Tests, &o.Failure, b.goTest([]string{p})); o.Tests != Survived || ctx.Err() != nil {
				break
			}
		}
	}
	if o.Suite == "" && !b.o.testsOnly && (b.o.suiteToo || b.o.suiteOnly || o.Tests == Survived) {
		failure := ""
		o.Asked = b.o.suite
		b.try(ctx, overlay, &o.Suite, &failure, shell(b.o.suite))
		if o.Failure == "" {
			o.Failure = failure
		}
	}
	if err := ctx.Err(); err != nil {
		return o, err
	}
	o.Seconds += time.Since(started).Round(100 * time.Millisecond).Seconds()
	if b.o.verbose {
		fmt.Fprintln(os.Stderr, o.Failure)
	}
	return o, b.journal.add(key, o)
}

func (b *bench) try(ctx context.Context, overlay string, verdict *Catch, failure *string, command []string) {
	r := b.run(ctx, overlay, command)
	switch {
	case r.late:
		*verdict, *failure = Endless, "did not end in time: "+strings.Join(command, " ")
	case r.failed:
		*verdict, *failure = Caught, r.firstFailure()
	default:
		*verdict = Survived
	}
}

func (b *bench) goTest(packages []string) []string {
	return append([]string{"go", "test", "-short", "-failfast", "-vet=off", "-timeout", b.o.limit.String()}, packages...)
}

func shell(command string) []string { return []string{"sh", "-c", command} }

// overlay writes the changed file and what tells the go command of it.
func (b *bench) overlay(folder string, f Fault, text []byte) (string, error) {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return "", err
	}
	file := filepath.Join(folder, "mutated.go")
	if err := os.WriteFile(file, text, 0o644); err != nil {
		return "", err
	}
	table, err := json.Marshal(map[string]any{"Replace": map[string]string{filepath.Join(b.root, f.File): file}})
	if err != nil {
		return "", err
	}
	overlay := filepath.Join(folder, "overlay.json")
	return overlay, os.WriteFile(overlay, table, 0o644)
}

// defaultSuite asks the questions against the kept baseline where there is
// one.
func defaultSuite(root string) string {
	if _, err := os.Stat(filepath.Join(root, "evals", "baseline.json")); err == nil {
		return "go run ./cmd/tesela eval --baseline evals/baseline.json"
	}
	return "go test ./evals/"
}

func digest(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		fmt.Fprintf(h, "%d:%s", len(p), p)
	}
	return hex.EncodeToString(h.Sum(nil))[:24]
}
