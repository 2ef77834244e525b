package main

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"
)

// call runs the program in this process.
func call(t *testing.T, stdin string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = run(args, strings.NewReader(stdin), &out, &errs)
	return code, out.String(), errs.String()
}

func TestUsageErrorsExit2(t *testing.T) {
	for _, args := range [][]string{{"versoin"}, {"version", "--foo"}, {"version", "x"}, {"--db"}} {
		code, out, errs := call(t, "", args...)
		if code != exitUsage || out != "" || !strings.Contains(errs, "--help") {
			t.Errorf("%q: code %d, stdout %q, stderr %q", args, code, out, errs)
		}
	}
	if _, _, errs := call(t, "", "versoin"); !strings.Contains(errs, "nearest: version") {
		t.Errorf("no nearest command in %q", errs)
	}
}

func TestVersion(t *testing.T) {
	code, out, errs := call(t, "", "version")
	if code != exitOK || !strings.HasPrefix(out, "tesela ") || errs != "" {
		t.Errorf("code %d, stdout %q, stderr %q", code, out, errs)
	}
}

func TestWhereTheWorkspaceLies(t *testing.T) {
	a := newApp(nil, nil, nil)
	path := func() string {
		p, err := a.dbPath()
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	t.Setenv("TESELA_DB", "")
	t.Setenv("XDG_DATA_HOME", "/data")
	t.Setenv("HOME", "/home/ana")
	if got := path(); got != filepath.FromSlash("/data/tesela/tesela.db") {
		t.Error(got)
	}
	t.Setenv("XDG_DATA_HOME", "")
	if got := path(); got != filepath.FromSlash("/home/ana/.local/share/tesela/tesela.db") {
		t.Error(got)
	}
	t.Setenv("TESELA_DB", "env.db")
	if got := path(); got != "env.db" {
		t.Error(got)
	}
	a.db = "flag.db"
	if got := path(); got != "flag.db" {
		t.Error(got)
	}
}
