package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// top is what lies at the top of the repository: the house, and what tools
// look for there.
var top = []string{
	"cmd", "agent", "tools", "segment", "store", "prompts", "evals", "go.mod", "go.sum", "README.md",
	"LICENSE", ".ci", ".git", ".gitattributes", ".github", ".gitignore", ".golangci.yml",
}

func TestTopLevel(t *testing.T) {
	// What git does not keep, such as a program built there, does not count.
	out, err := exec.Command("git", "-C", "../..", "ls-tree", "--name-only", "HEAD").Output()
	names := strings.Fields(string(out))
	if err != nil {
		entries, err := os.ReadDir("../..")
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			names = append(names, e.Name())
		}
	}
	for _, name := range names {
		if !slices.Contains(top, name) {
			t.Errorf("%s lies at the top of the repository; the house has no such room", name)
		}
	}
}

func TestPackageComments(t *testing.T) {
	for _, p := range packages(t) {
		if fault := commentFault(p); fault != nil {
			t.Error(fault)
		}
	}
}

// commentFault is what is wrong with a package's comment.
func commentFault(p goPackage) error {
	want := "Package " + p.Name + " "
	if p.Name == "main" {
		want = "Command " + p.ImportPath[strings.LastIndex(p.ImportPath, "/")+1:] + " "
	}
	if !strings.HasPrefix(p.Doc, want) {
		return fmt.Errorf("%s: its comment says %q; it begins with %q and tells what the package is for", p.ImportPath, p.Doc, want)
	}
	return nil
}

func TestCommentFaults(t *testing.T) {
	for _, c := range []struct {
		p     goPackage
		fault string
	}{
		{goPackage{ImportPath: "tesela/store", Name: "store", Doc: "Package store keeps what is known."}, ""},
		{goPackage{ImportPath: "tesela/store", Name: "store"}, "begins with"},
		{goPackage{ImportPath: "tesela/store", Name: "store", Doc: "Copyright somebody."}, "begins with"},
		{goPackage{ImportPath: "tesela/cmd/tesela", Name: "main", Doc: "Command tesela answers."}, ""},
	} {
		holds(t, c.p.Doc, commentFault(c.p), c.fault)
	}
}

// Lengths at which a file must be parted. Files of tests are lists of cases
// read one by one, so they may be longer.
const (
	mostLines     = 500
	mostTestLines = 650
)

// longFiles may be longer, each for its reason.
var longFiles = map[string]string{}

// sources calls f with each Go file of the module.
func sources(t *testing.T, f func(name string, text []byte)) {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range packages(t) {
		for _, name := range slices.Concat(p.GoFiles, p.CgoFiles, p.IgnoredGoFiles, p.TestGoFiles, p.XTestGoFiles) {
			path := filepath.Join(p.Dir, name)
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if name, err = filepath.Rel(root, path); err != nil {
				t.Fatal(err)
			}
			f(filepath.ToSlash(name), text)
		}
	}
}

func TestFileLengths(t *testing.T) {
	long := map[string]bool{}
	sources(t, func(name string, text []byte) {
		if fault := lengthFault(name, text); fault != nil {
			long[name] = true
			if longFiles[name] == "" {
				t.Error(fault)
			}
		}
	})
	for name := range longFiles {
		if !long[name] {
			t.Logf("%s is no longer long and can be taken off the list", name)
		}
	}
}

func lengthFault(name string, text []byte) error {
	most := mostLines
	if strings.HasSuffix(name, "_test.go") {
		most = mostTestLines
	}
	if n := bytes.Count(text, []byte("\n")); n > most {
		return fmt.Errorf("%s has %d lines, more than %d: one idea a file", name, n, most)
	}
	return nil
}

func TestLengthFaults(t *testing.T) {
	lines := func(n int) []byte { return bytes.Repeat([]byte("//\n"), n) }
	holds(t, "500", lengthFault("a.go", lines(500)), "")
	holds(t, "501", lengthFault("a.go", lines(501)), "501 lines")
	holds(t, "a test of 501", lengthFault("a_test.go", lines(501)), "")
	holds(t, "a test of 651", lengthFault("a_test.go", lines(651)), "651 lines")
}

func TestNoRegistration(t *testing.T) {
	sources(t, func(name string, text []byte) {
		for _, fault := range registrationFaults(name, text) {
			t.Error(fault)
		}
	})
}

// sideEffects are packages that are there for what their being imported does:
// files inside the program, time zones for machines that have none, and a
// driver that database/sql knows in no other way.
var sideEffects = []string{`"embed"`, `"time/tzdata"`, `"github.com/mattn/go-sqlite3"`}

// registrationFaults finds functions that run by themselves, and packages
// imported for having such.
func registrationFaults(name string, text []byte) (faults []error) {
	file, err := parser.ParseFile(token.NewFileSet(), name, text, parser.SkipObjectResolution)
	if err != nil {
		return []error{err}
	}
	for _, i := range file.Imports {
		if i.Name != nil && i.Name.Name == "_" && !slices.Contains(sideEffects, i.Path.Value) {
			faults = append(faults, fmt.Errorf("%s imports %s for its side effects", name, i.Path.Value))
		}
	}
	for _, d := range file.Decls {
		if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "init" {
			faults = append(faults, fmt.Errorf("%s has an init function; what is wired is wired in cmd/tesela", name))
		}
	}
	return faults
}

func TestRegistrationFaults(t *testing.T) {
	for text, want := range map[string]int{
		"package a\nimport _ \"embed\"\nfunc initial() {}\ntype t int\nfunc (t) init() {}\n": 0,
		"package a\nfunc init() {}\n":                                      1,
		"package a\nimport _ \"tesela/segment/rfm\"\n":                     1,
		"package a\nimport _ \"image/png\"\nfunc init() {}\nfunc f() {}\n": 2,
	} {
		if got := registrationFaults("a.go", []byte(text)); len(got) != want {
			t.Errorf("%q: %v, not %d faults", text, got, want)
		}
	}
}
