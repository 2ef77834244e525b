package importer_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tesela/store/importer"
)

// Without another wish the rejected rows go beside the workspace, never into
// the folder of the file; the same file replaces its own, another of the same
// name elsewhere does not.
func TestRejectsLieBesideTheWorkspace(t *testing.T) {
	ws := workspace(t)
	home := t.TempDir()
	run := func(path, text string) string {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		s, err := importer.Run(context.Background(), ws, importer.Options{File: path, Mapping: orders, Workspace: filepath.Join(home, "shop.db")})
		if err != nil {
			t.Fatal(err)
		}
		return s.RejectsFile
	}
	const text = "customer,when,total\na,2020-01-01,5\n,2020-01-01,5\n"
	one, two := filepath.Join(t.TempDir(), "lines.csv"), filepath.Join(t.TempDir(), "lines.csv")
	first := run(one, text)
	if again := run(one, strings.Replace(text, "\n,", "\n,2020-02-02,7\na,", 1)); again != first {
		t.Errorf("%s, then %s", first, again)
	}
	if got, _ := os.ReadFile(first); string(got) != "line,reason,customer,when,total\n3,missing customer,,2020-02-02,7\n" {
		t.Errorf("%s: %q", first, got)
	}
	second := run(two, text)
	beside := run(filepath.Join(home, "lines.csv"), text)
	if second == first || filepath.Dir(first) != home || filepath.Dir(second) != home || beside != filepath.Join(home, "shop.lines.csv.rejects.csv") {
		t.Errorf("%s, %s and %s", first, second, beside)
	}
	for _, path := range []string{one, two} {
		if entries, _ := os.ReadDir(filepath.Dir(path)); len(entries) != 1 {
			t.Errorf("the folder of %s has %v", path, entries)
		}
	}
}
