package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"tesela/agent/model"
)

// demoShell is a shell with a small demo in it.
func demoShell(t *testing.T) (s *shell, db string) {
	t.Helper()
	s = newShell(t)
	db = filepath.Join(s.dir, "demo.db")
	s.run("demo", "--db", db, "--customers", "1500", "--json").exits(exitOK)
	return s, db
}

// Every command that a program may read prints one JSON document and nothing
// beside it; run holds them to that.
func TestJSONEverywhere(t *testing.T) {
	t.Parallel()
	s, db := demoShell(t)
	var tools []struct{ Name string }
	s.run("run", "--db", db, "--json").exits(exitOK).into(&tools)
	if len(tools) < 5 {
		t.Errorf("%d tools", len(tools))
	}
	for _, args := range [][]string{
		{"catalog"},
		{"run", "describe_data"},
		{"run", "find_values", `{"text": "span"}`},
		{"segment", "save", "ours", `country = "Spain"`},
		{"segment", "list"},
		{"segment", "show", "ours"},
		{"segment", "count", "ours"},
		{"segment", "members", "ours", "--limit", "3", "--with", "city"},
		{"segment", "delete", "ours"},
		{"segment", "list"},
		{"version"},
	} {
		if r := s.run(append(args, "--db", db, "--json")...).exits(exitOK); r.errs != "" || !json.Valid([]byte(r.out)) {
			r.fail("not JSON and nothing else")
		}
	}
}

// The exit code tells programs how it went.
func TestExitCodes(t *testing.T) {
	t.Parallel()
	s, db := demoShell(t)
	s.env = append(s.env, "TESELA_DB="+db)
	for _, question := range []string{"best customers", "how many customers frobnicate?"} {
		s.run("ask", question).exits(exitClarify)
	}
	// The readings offered can each be asked as they stand.
	a := s.run("ask", "--json", "best customers").exits(exitClarify).answer()
	if a.Status != model.Clarify || len(a.Choices) < 2 || len(a.Calls) > 0 {
		t.Errorf("%+v", a)
	}
	for _, choice := range a.Choices {
		s.run("ask", choice.Question).exits(exitOK)
	}
	if a := s.run("ask", "--json", "how many customers frobnicate?").answer(); len(a.Unknown) != 1 || a.Unknown[0] != "frobnicate" {
		t.Errorf("unknown %q", a.Unknown)
	}
	s.run("ask", "--lang", "pt", "como está o tempo?").exits(exitCannot)

	s.run("ask").refuses(exitUsage, "--help")
	s.run("ask", "hello", "--lang", "xx").refuses(exitUsage, "en, es, pt")
	s.run("ask", "hello", "--as-of", "someday").refuses(exitUsage, "someday", "2011-12-01")
	s.run("ask", "hello", "--model", "openai").refuses(exitUsage, "openai")
	s.run("chat").refuses(exitUsage, "terminal", "tesela ask")
	s.run("import", s.file("good.csv", goodOrders)).refuses(exitUsage, "--yes", "--customer customer")
	s.run("run", "count_segmnt", "{}").refuses(exitUsage, "count_segment")
	s.run("run", "count_segment", `{"formula": "country = \"Span\""}`).refuses(exitUsage, "Spain")
	s.run("segment", "count", "count(order) >").refuses(exitUsage, "count(order) >")
	s.run("replay", "nosuchanswer").refuses(exitError1, "nosuchanswer")
	s.run("frobnicate").refuses(exitUsage, "frobnicate", "--help")
	s.run("--help").exits(exitOK)
}

// A kept answer can be run again, by its id and from a file, and follow-ups
// follow.
func TestAskedAgain(t *testing.T) {
	t.Parallel()
	s, db := demoShell(t)
	s.env = append(s.env, "TESELA_DB="+db)
	spain := s.run("ask", "--json", "--session", "spring", "how many customers are from Spain?").exits(exitOK)
	s.run("replay", spain.answer().ID).exits(exitOK)
	s.run("replay", s.file("answer.json", spain.out)).exits(exitOK)
	s.runWith(strings.NewReader(spain.out), "replay", "-").exits(exitOK)
	forged := regexp.MustCompile(`"size": (\d+)`).ReplaceAllString(spain.out, `"size": 1$1`)
	if r := s.runWith(strings.NewReader(forged), "replay", "-"); r.code != exitError1 {
		r.fail("a forged figure passes")
	}
	portugal := s.run("ask", "--json", "--session", "spring", "and from Portugal?").exits(exitOK).answer()
	alone := s.run("ask", "--json", "how many customers are from Portugal?").exits(exitOK).answer()
	if portugal.Calls[0].Result.Fingerprint != alone.Calls[0].Result.Fingerprint {
		t.Errorf("follow-up %+v, alone %+v", portugal.Calls, alone.Calls)
	}
	asked := s.runWith(strings.NewReader("how many customers are from Portugal?\n"), "ask", "--json", "-").exits(exitOK).answer()
	if asked.Calls[0].Result.Fingerprint != alone.Calls[0].Result.Fingerprint {
		t.Error("a question from standard input has another answer")
	}
}

// Whoever stops reading ends the program, without a word.
func TestClosedPipe(t *testing.T) {
	t.Parallel()
	s, db := demoShell(t)
	c := exec.Command("sh", "-c", `"$0" segment members --db "$1" everyone | head -n 1`, program(t), db)
	c.Env = s.env
	out, err := c.CombinedOutput()
	if err != nil || string(out) != "id\n" {
		t.Errorf("%v: %q", err, out)
	}
}

// onTerminal runs the program as on a terminal and gives what was shown.
func (s *shell) onTerminal(env []string, args ...string) string {
	s.t.Helper()
	if _, err := exec.LookPath("script"); err != nil {
		s.t.Skip("script(1), which makes a terminal, is not here")
	}
	line := "'" + strings.Join(append([]string{program(s.t)}, args...), "' '") + "'"
	c := exec.CommandContext(s.t.Context(), "script", "-qec", line, os.DevNull)
	c.Dir, c.Env = s.dir, append(append([]string{"SHELL=/bin/sh"}, s.env...), env...)
	out, err := c.CombinedOutput()
	if err != nil {
		s.t.Fatalf("%v: %s", err, out)
	}
	return string(out)
}

// Bars and colours are for terminals, and colours only where they are wanted.
func TestTerminalOnly(t *testing.T) {
	t.Parallel()
	s := newShell(t)
	db := filepath.Join(s.dir, "t.db")
	large := s.file("large.csv", "customer,when,total\n"+strings.Repeat("ada,2020-01-01,5\nbob,2020-02-01,5\n", 200000))
	importing := append([]string{"import", "--db", db, large}, orderFlags...)
	if shown := s.onTerminal(nil, importing...); !strings.Contains(shown, "importing ") || !strings.Contains(shown, "400,000 rows read") {
		t.Errorf("no bar and summary in %q", shown)
	}
	color := regexp.MustCompile(`\x1b\[([0-9]+;)*(3[0-9]|4[0-9]|9[0-7]|10[0-7])[;0-9]*m`)
	asking := []string{"ask", "--db", db, "orders per month"}
	for _, c := range []struct {
		env    []string
		colors bool
	}{{nil, true}, {[]string{"NO_COLOR=1"}, false}, {[]string{"TERM=dumb"}, false}} {
		shown := s.onTerminal(c.env, asking...)
		if color.MatchString(shown) != c.colors || !strings.Contains(shown, "400,000") && !strings.Contains(shown, "200,000") {
			t.Errorf("with %q: %q", c.env, shown)
		}
	}
	for _, args := range [][]string{asking, {"import", "--db", filepath.Join(s.dir, "other.db"), large, "--yes"}} {
		if shown := s.onTerminal([]string{"TERM=dumb"}, args...); strings.Contains(shown, "\x1b") {
			t.Errorf("marks on a terminal that knows none: %q", shown)
		}
	}
}
