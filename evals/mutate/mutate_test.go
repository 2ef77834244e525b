package main

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Every fault can be planted in the sources as they are: its old text occurs
// once, and what comes out is Go.
func TestListFitsTheSources(t *testing.T) {
	root, err := moduleRoot()
	if err != nil {
		t.Fatal(err)
	}
	faults, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range Check(root, faults) {
		t.Error(err)
	}
	run := 0
	floors := map[string]int{}
	for _, f := range faults {
		if f.Equivalent == "" {
			run++
			floor, _, _ := strings.Cut(f.File, "/")
			floors[floor]++
		}
	}
	if run < 60 {
		t.Errorf("%d faults to run; 60 there must be", run)
	}
	for _, floor := range []string{"segment", "tools", "agent", "store"} {
		if floors[floor] < 8 {
			t.Errorf("%d faults in %s", floors[floor], floor)
		}
	}
}

// What a list may get wrong is told.
func TestCheckFindsWhatIsWrong(t *testing.T) {
	root := t.TempDir()
	if err := os.WriteFile(filepath.Join(root, "a.go"), []byte("package a\n\nfunc f(x, y int) bool { return x < y && y < 9 }\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, k := range []struct {
		fault Fault
		says  string
	}{
		{Fault{File: "a.go", Old: "x < y", New: "x <= y"}, ""},
		{Fault{File: "a.go", Old: "x > y", New: "x < y"}, "any more"},
		{Fault{File: "a.go", Old: " < ", New: " > "}, "2 times"},
		{Fault{File: "a.go", Old: "x < y", New: "x < < y"}, "no Go"},
		{Fault{File: "b.go", Old: "x", New: "y"}, "no such file"},
		{Fault{File: "a_test.go", Old: "x", New: "y"}, "no source"},
		{Fault{File: "../a.go", Old: "x", New: "y"}, "no source"},
	} {
		errs := Check(root, []Fault{k.fault})
		if (len(errs) == 0) != (k.says == "") || len(errs) > 0 && !strings.Contains(errs[0].Error(), k.says) {
			t.Errorf("%+v: %v", k.fault, errs)
		}
	}
	text, err := os.ReadFile(filepath.Join(root, "a.go"))
	if err != nil || !strings.Contains(string(text), "x < y") {
		t.Errorf("the source was touched: %s (%v)", text, err)
	}
}

func TestVerdict(t *testing.T) {
	outcomes := make([]Outcome, 50)
	for i := range outcomes {
		outcomes[i] = Outcome{ID: "f", Tests: Caught}
	}
	outcomes[3] = Outcome{ID: "suite only", Tests: Survived, Suite: Caught}
	outcomes[4] = Outcome{ID: "endless", Tests: Endless, Suite: Survived}
	for i, want := range []bool{true, true, true, false} { // so many survive
		if i > 0 {
			outcomes[10+i] = Outcome{ID: "none", Tests: Survived, Suite: Survived}
		}
		r := Summarise(outcomes, "suite")
		if r.Caught != 50-i || r.All != 50 || r.Asked != 2+i || r.BySuite != 1 {
			t.Errorf("%d survive: %+v", i, *r)
		}
		if got := r.Verdict(0.96) == nil; got != want {
			t.Errorf("%d of 50 survive: passes %v", i, got)
		}
	}
}

// A run goes on where it was stopped; a line cut short is none.
func TestJournal(t *testing.T) {
	path := filepath.Join(t.TempDir(), "j.jsonl")
	j, err := openJournal(path, false)
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range []Outcome{{ID: "a", Tests: Survived}, {ID: "b", Tests: Caught}} {
		if err := j.add(o.ID, o); err != nil {
			t.Fatal(err)
		}
	}
	if err := j.add("a", Outcome{ID: "a", Tests: Survived, Suite: Caught}); err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString(`{"key":"c","id":"c","tes`); err != nil {
		t.Fatal(err)
	}
	f.Close()
	if j, err = openJournal(path, false); err != nil {
		t.Fatal(err)
	}
	if o, ok := j.find("a"); !ok || o.Suite != Caught || o.Tests != Survived {
		t.Errorf("a is %+v", o)
	}
	if o, ok := j.find("b"); !ok || o.Tests != Caught {
		t.Errorf("b is %+v", o)
	}
	if _, ok := j.find("c"); ok {
		t.Error("half a line counts")
	}
	if j, err = openJournal(path, true); err != nil {
		t.Fatal(err)
	}
	if _, ok := j.find("b"); ok {
		t.Error("begun anew, b is done")
	}
}

func TestSettled(t *testing.T) {
	for _, k := range []struct {
		o    Outcome
		by   options
		want bool
	}{
		{Outcome{Tests: Caught}, options{}, true},
		{Outcome{Tests: Survived}, options{}, false},
		{Outcome{Tests: Survived, Suite: Survived}, options{}, true},
		{Outcome{Tests: Survived, Suite: Survived}, options{again: true}, false},
		{Outcome{Tests: Survived, Suite: Caught}, options{again: true}, true},
		{Outcome{Tests: Caught}, options{suiteToo: true}, false},
		{Outcome{Tests: Caught}, options{suiteOnly: true}, false},
		{Outcome{Tests: Endless, Suite: Survived}, options{suiteToo: true}, true},
	} {
		if got := k.o.settled(k.by); got != k.want {
			t.Errorf("%+v asked %+v: %v", k.o, k.by, got)
		}
	}
}

// A command that fails is told from one that does not end, and both from one
// that passes; the overlay reaches the go command by its flags.
func TestRun(t *testing.T) {
	b := &bench{root: t.TempDir(), o: options{limit: 10 * time.Second}}
	if r := b.run(context.Background(), "", shell("echo fine")); r.failed || r.tail != "fine" {
		t.Errorf("%+v", r)
	}
	r := b.run(context.Background(), "", shell("printf -- '--- FAIL: TestA (0.1s)\n    --- FAIL: TestA/b (0.0s)\n--- FAIL: TestC (0s)\nFAIL\n'; exit 1"))
	if !r.failed || r.late || r.firstFailure() != "TestA/b" {
		t.Errorf("%+v: %q", r, r.firstFailure())
	}
	if r := b.run(context.Background(), "/tmp/o.json", shell("echo $GOFLAGS")); !strings.HasSuffix(r.tail, "-overlay=/tmp/o.json") {
		t.Errorf("flags are %q", r.tail)
	}
	b.o.limit = 200 * time.Millisecond
	started := time.Now()
	if r := b.run(context.Background(), "", shell("sleep 30 & sleep 30")); !r.late || time.Since(started) > 8*time.Second {
		t.Errorf("%+v after %v", r, time.Since(started))
	}
}

func TestOverlay(t *testing.T) {
	b := &bench{root: "/somewhere"}
	path, err := b.overlay(filepath.Join(t.TempDir(), "x"), Fault{File: "segment/rank.go"}, []byte("package segment"))
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var o struct{ Replace map[string]string }
	if err := json.Unmarshal(text, &o); err != nil {
		t.Fatal(err)
	}
	mutated, err := os.ReadFile(o.Replace[filepath.Join("/somewhere", "segment", "rank.go")])
	if err != nil || string(mutated) != "package segment" {
		t.Errorf("%q (%v)", mutated, err)
	}
}

func TestParse(t *testing.T) {
	for _, bad := range [][]string{{"x"}, {"-jobs", "0"}, {"-none"}, {"-suite-too", "-suite-only"}, {"-tests-only", "-suite-only"}} {
		if _, err := parse(bad); !errors.Is(err, errUsage) {
			t.Errorf("%v: %v", bad, err)
		}
	}
	o, err := parse([]string{"-only", "^window", "-limit", "1m"})
	if err != nil || !o.only.MatchString("window-x") || o.limit != time.Minute || o.least != 0.96 {
		t.Errorf("%+v (%v)", o, err)
	}
}
