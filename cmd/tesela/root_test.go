package main

import (
	"bytes"
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
