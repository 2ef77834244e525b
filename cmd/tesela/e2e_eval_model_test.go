package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tesela/agent/model/modeltest"
	"tesela/evals"
)

// Models stand side by side, each with what it took; what is paid for once is
// not paid for again.
func TestEvalModelsSideBySide(t *testing.T) {
	t.Parallel()
	s, server := modelShell(t, counting)
	s.file("tiny.yaml", tinySuite)
	args := []string{
		"eval", "tiny.yaml", "--model", "offline", "--model", "openai:test", "--price", "openai:test=2,10",
		"--journal", "run.jsonl", "--html", "r.html", "--junit", "r.xml", "--out", "r.json", "--json",
	}
	var r evals.Report
	ran := s.run(args...).exits(exitOK).into(&r)
	if len(r.Runs) != 2 || r.Runs[0].Model != "offline" || r.Runs[1].Model != "openai:test" {
		t.Fatalf("%d runs", len(r.Runs))
	}
	// It counts everyone whatever it is asked: three are right, and each takes
	// 2,000 tokens at 2 a million and 28 at 10.
	o, m := r.Runs[0].Score, r.Runs[1].Score
	if m.Right.N != 3 || m.Wrong.N != 3 || m.InputTokens.Sum != 12000 || m.OutputTokens.P95 != 28 || m.Cost == nil {
		t.Fatalf("%+v", m)
	}
	if diff := m.Cost.Sum - 6*0.00428; diff > 1e-9 || diff < -1e-9 || m.Cost.P50 != 0.00428 {
		t.Errorf("cost %+v", m.Cost)
	}
	if o.Cost != nil || o.InputTokens.Sum != 0 || o.Correct.N != 5 {
		t.Errorf("offline %+v", o)
	}
	c := r.Compare[0]
	if c.Now != "openai:test" || len(c.Worse) != 2 || len(c.Better) != 0 || c.P != 0.5 {
		t.Errorf("%+v", c)
	}
	for _, name := range []string{"r.html", "r.xml", "r.json", "run.jsonl"} {
		text, err := os.ReadFile(filepath.Join(s.dir, name))
		if err != nil || strings.Contains(string(text), modeltest.Key) {
			t.Errorf("%s: %v, or the key is in it", name, err)
		}
	}
	before := server.Count()
	again := s.run(args...).exits(exitOK)
	if server.Count() != before || again.out != ran.out {
		again.fail("asked again, or another report")
	}
	text := s.run("eval", "tiny.yaml", "--model", "offline", "--model", "openai:test", "--journal", "run.jsonl").exits(exitOK).out
	if !strings.Contains(text, "openai:test against offline: 0 better, 2 worse of 6 cases, a drop of 33.3 points (McNemar's exact p = 0.5)") {
		t.Error(text)
	}
}

// A model that cannot be reached comes to errors, which are asked again once
// it can.
func TestEvalModelFails(t *testing.T) {
	t.Parallel()
	down := true
	s, _ := modelShell(t, func(a modeltest.Asked) modeltest.Reply {
		if down {
			return modeltest.Reply{Faults: []modeltest.Fault{modeltest.Garbage}}
		}
		return counting(a)
	})
	s.file("tiny.yaml", tinySuite)
	args := []string{"eval", "tiny.yaml", "--model", "openai:test", "--filter", "t-1", "--journal", "run.jsonl", "--max-failed", "0", "--json"}
	var r evals.Report
	s.run(args...).exits(exitError1).into(&r)
	if r.Runs[0].Score.Failed.N != 1 || r.Runs[0].Records[0].Why == "" || len(r.Checks) != 1 || r.Checks[0].Met {
		t.Errorf("%+v", r.Runs[0].Records)
	}
	down = false
	r = evals.Report{}
	s.run(args...).exits(exitOK).into(&r)
	if r.Runs[0].Score.Right.N != 1 {
		t.Errorf("%+v", r.Runs[0].Records)
	}
}
