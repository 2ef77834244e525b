package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"
)

// goPackage is what `go list -json` tells of a package.
type goPackage struct {
	ImportPath, Name, Doc, Dir         string
	Standard                           bool
	GoFiles, CgoFiles, IgnoredGoFiles  []string
	TestGoFiles, XTestGoFiles          []string
	Imports, TestImports, XTestImports []string
	Deps                               []string
	Module                             *struct{ Path string }
}

const module = "tesela"

func ours(importPath string) (string, bool) {
	rest, ok := strings.CutPrefix(importPath, module+"/")
	return rest, ok
}

// packages lists the module's own packages.
func packages(t *testing.T) []goPackage {
	t.Helper()
	list := exec.Command("go", "list", "-deps", "-json=ImportPath,Name,Doc,Dir,Standard,GoFiles,CgoFiles,IgnoredGoFiles,"+
		"TestGoFiles,XTestGoFiles,Imports,TestImports,XTestImports,Deps,Module", "./...")
	list.Dir = "../.."
	var errs bytes.Buffer
	list.Stderr = &errs
	out, err := list.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, errs.String())
	}
	var all []goPackage
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p goPackage
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		if _, ok := ours(p.ImportPath); ok {
			all = append(all, p)
		}
	}
	if len(all) < 20 {
		t.Fatalf("go list names %d packages of the module", len(all))
	}
	return all
}

// fits tells whether a package is one of those a pattern means.
func fits(pattern, name string) bool {
	ok, _ := path.Match(pattern, name)
	return ok || pattern == "**"
}

func fitsAny(patterns []string, name string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool { return fits(p, name) })
}

// helped is the package whose tests a test helper such as store/storetest is
// for.
func helped(name string) (string, bool) {
	dir, base := path.Split(name)
	return strings.TrimSuffix(dir, "/"), strings.HasSuffix(base, "test") && dir != ""
}

// placeOf finds a package's place. A test helper stands beside what it helps
// and may import that, what that imports, and its fellows.
func placeOf(name string) (place, error) {
	if of, ok := helped(name); ok {
		p, err := placeOf(of)
		p.imports = append(slices.Clone(p.imports), of)
		return p, err
	}
	for _, p := range floors {
		if fits(p.pattern, name) {
			return p, nil
		}
	}
	return place{}, fmt.Errorf("%s has no place in the house; give it one in `floors`", name)
}

// mayImport tells whether one package's line names another. What is under
// segment but no analysis must be named itself.
func mayImport(here, there place, to string) bool {
	return slices.ContainsFunc(here.imports, func(pattern string) bool {
		return fits(pattern, to) && (pattern != analyses || there.pattern == analyses)
	})
}

// importFault is what is wrong with a package's code importing another, nil
// if nothing is.
func importFault(from, imported string) error {
	to, own := ours(imported)
	if !own {
		return vendorFault(from, imported)
	}
	here, err := placeOf(from)
	if err != nil {
		return err
	}
	there, err := placeOf(to)
	if err != nil {
		return err
	}
	_, fromHelper := helped(from)
	_, toHelper := helped(to)
	switch {
	case toHelper && !fromHelper && from != "evals/attacks": // which tests alone play
		return fmt.Errorf("%s imports the test helper %s", from, to)
	case there.floor > here.floor:
		return fmt.Errorf("%s (floor %d) imports %s, which lies above it (floor %d)", from, here.floor, to, there.floor)
	case here.pattern == analyses && there.pattern == analyses && !toHelper:
		return fmt.Errorf("the analysis %s imports the analysis %s", from, to)
	case !toHelper && !mayImport(here, there, to):
		return fmt.Errorf("%s may not import %s; it may import %s",
			from, to, cmp.Or(strings.Join(here.imports, ", "), "none of our packages"))
	}
	return nil
}

// vendorFault holds code that is not ours to its place.
func vendorFault(from, imported string) error {
	longest := ""
	for prefix := range vendors {
		if (imported == prefix || strings.HasPrefix(imported, prefix+"/")) && len(prefix) > len(longest) {
			longest = prefix
		}
	}
	first, _, _ := strings.Cut(imported, "/")
	switch {
	case longest != "" && !fitsAny(vendors[longest], from):
		return fmt.Errorf("%s imports %s, which only %s may", from, imported, strings.Join(vendors[longest], ", "))
	case longest == "" && strings.Contains(first, "."):
		return fmt.Errorf("%s imports %s, which has no place; give it one in `vendors`", from, imported)
	}
	return nil
}

// testImportFault is what is wrong with a package's tests importing another:
// they may use helpers and whatever does not lie above them.
func testImportFault(from, imported string) error {
	to, own := ours(imported)
	if !own {
		if slices.ContainsFunc(testVendors, func(v string) bool { return strings.HasPrefix(imported, v) }) {
			return nil
		}
		return vendorFault(from, imported)
	}
	here, err := placeOf(from)
	if err != nil {
		return err
	}
	there, err := placeOf(to)
	if err != nil {
		return err
	}
	if there.floor > here.floor {
		return fmt.Errorf("tests of %s (floor %d) import %s, which lies above it (floor %d)", from, here.floor, to, there.floor)
	}
	return nil
}

// reachFault is what is wrong with all that a package reaches.
func reachFault(from string, deps []string) error {
	here, err := placeOf(from)
	if _, helper := helped(from); err != nil || helper || here.floor > beneathData {
		return err
	}
	for _, d := range deps {
		if slices.Contains(outside, d) {
			return fmt.Errorf("%s computes (floor %d) but reaches %s", from, here.floor, d)
		}
	}
	return nil
}

func TestFloors(t *testing.T) {
	for _, p := range packages(t) {
		from, _ := ours(p.ImportPath)
		faults := []error{reachFault(from, p.Deps)}
		for _, imported := range p.Imports {
			faults = append(faults, importFault(from, imported))
		}
		for _, imported := range append(slices.Clone(p.TestImports), p.XTestImports...) {
			faults = append(faults, testImportFault(from, imported))
		}
		for _, fault := range faults {
			if fault != nil {
				t.Error(fault)
			}
		}
	}
}

// The floors beneath a package are those its line names, so the table itself
// must not point upward.
func TestFloorsTablePointsDown(t *testing.T) {
	for _, p := range floors {
		for _, imported := range p.imports {
			for _, other := range floors {
				if other.pattern == imported && other.floor > p.floor {
					t.Errorf("%s (floor %d) may import %s (floor %d)", p.pattern, p.floor, imported, other.floor)
				}
			}
		}
	}
}

// Edges that break a rule are found, and those that keep them pass.
func TestFloorsOnMadeUpImports(t *testing.T) {
	for _, c := range []struct{ from, to, fault string }{
		{"segment", "tesela/segment/syntax", ""},
		{"segment", "tesela/segment/rfm", ""},
		{"segment/rfm", "tesela/segment/column", ""},
		{"segment/rfm", "tesela/segment/lifecycle", "the analysis segment/rfm imports the analysis"},
		{"segment/rfm", "tesela/segment", "above"},
		{"segment/rfm", "tesela/segment/syntax", "may not import"},
		{"segment/syntax", "tesela/segment/column", "above"},
		{"segment", "tesela/store", "above"},
		{"segment", "tesela/segment/measure", "may not import"},
		{"store", "tesela/store/sqlite", "above"},
		{"store/importer", "tesela/store/sqlite", "may not import"},
		{"store/clickhouse", "tesela/segment", ""},
		{"tools", "tesela/store", ""},
		{"tools", "tesela/store/sqlite", "may not import"},
		{"tools", "tesela/agent", "above"},
		{"tools", "tesela/segment/rfm", ""},
		{"agent", "tesela/agent/planner", "may not import"},
		{"agent/planner", "tesela/agent", "may not import"},
		{"agent/planner", "tesela/store", "may not import"},
		{"agent/model", "tesela/tools", "above"},
		{"agent/model/openai", "tesela/agent/model", ""},
		{"agent/model/openai", "tesela/agent/model/langchain", "may not import"},
		{"cmd/internal/chat", "tesela/agent", ""},
		{"cmd/internal/chat", "tesela/store/sqlite", "may not import"},
		{"agent", "tesela/cmd/internal/render", "above"},
		{"evals", "tesela/cmd/tesela", "above"},
		{"cmd/tesela", "tesela/store/sqlite", ""},
		{"store/sqlite", "tesela/store/storetest", "test helper"},
		{"cmd/tesela", "tesela/segment/segmenttest", "test helper"},
		{"store/storetest", "tesela/store", ""},
		{"store/storetest", "tesela/tools", "above"},
		{"segment/segmenttest", "tesela/segment/syntax/syntaxtest", ""},
		{"util", "tesela/store", "no place"},
		{"tools", "tesela/tools/misc", "no place"},
		{"cmd/other", "tesela/agent", "no place"},

		{"segment", "sort", ""},
		{"segment", "golang.org/x/text/unicode/norm", ""},
		{"store/sqlite", "github.com/mattn/go-sqlite3", ""},
		{"store/sqlite", "database/sql", ""},
		{"store/importer", "github.com/mattn/go-sqlite3", "only store/sqlite"},
		{"tools", "database/sql/driver", "only store/sqlite"},
		{"agent", "github.com/sashabaranov/go-openai", "only agent/model/*"},
		{"agent/model", "github.com/tmc/langchaingo/llms", "only agent/model/*"},
		{"agent", "charm.land/bubbletea/v2", "only cmd"},
		{"tools", "github.com/charmbracelet/lipgloss", "only cmd"},
		{"cmd/internal/chat", "github.com/spf13/cobra", "only cmd/tesela"},
		{"cmd/internal/chat", "charm.land/lipgloss/v2", ""},
		{"tools", "example.com/new/thing", "has no place"},
		{"tools", "github.com/google/go-cmp/cmp", "has no place"},
	} {
		holds(t, c.from+" → "+c.to, importFault(c.from, c.to), c.fault)
	}
	for _, c := range []struct{ from, to, fault string }{
		{"store/importer", "tesela/store/sqlite", ""},
		{"store/sqlite", "tesela/store/storetest", ""},
		{"segment/measure", "tesela/segment/syntax/syntaxtest", ""},
		{"segment", "tesela/tools", "above"},
		{"store", "tesela/store/sqlite", "above"},
		{"tools", "github.com/google/go-cmp/cmp", ""},
		{"tools", "github.com/mattn/go-sqlite3", "only store/sqlite"},
	} {
		holds(t, "tests of "+c.from+" → "+c.to, testImportFault(c.from, c.to), c.fault)
	}
	holds(t, "reach", reachFault("segment/rfm", []string{"sort", "net/http"}), "reaches net/http")
	holds(t, "reach", reachFault("store", []string{"net/http"}), "")
}

func holds(t *testing.T, what string, err error, fault string) {
	t.Helper()
	switch {
	case fault == "" && err != nil:
		t.Errorf("%s: %v", what, err)
	case fault != "" && (err == nil || !strings.Contains(err.Error(), fault)):
		t.Errorf("%s: %v, not a fault with %q", what, err, fault)
	}
}
