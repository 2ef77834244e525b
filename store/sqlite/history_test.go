//go:build cgo

package sqlite_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"tesela/segment"
	"tesela/store/sqlite"
)

// TestBuildWithoutCgo runs this package's tests as a build without cgo would.
func TestBuildWithoutCgo(t *testing.T) {
	if testing.Short() {
		t.Skip("builds a test binary without cgo")
	}
	command, err := exec.LookPath("go")
	if err != nil {
		t.Skip("there is no go command here")
	}
	c := exec.Command(command, "test", "-count=1", "-run", "^TestWithoutCgo$", "-v", ".")
	c.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := c.CombinedOutput(); err != nil || !strings.Contains(string(out), "--- PASS: TestWithoutCgo") {
		t.Fatalf("%v\n%s", err, out)
	}
}

// TestPrint pins the fingerprint of a short history: it is to be the same on
// every machine and in every release, whether the workspace stayed open or not.
func TestPrint(t *testing.T) {
	const want = "sha256:e618875930b4e8379990757cf82ad515402c4a79c39284ea919f18527f510c0b"
	for _, reopen := range []bool{false, true} {
		path := filepath.Join(t.TempDir(), "shop.db")
		w, err := sqlite.Create(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		for i := range 6 {
			if err := fill(t.Context(), w, 10*(i+1), int64(5*i)); err != nil {
				t.Fatal(err)
			}
			if reopen {
				w.Close()
				if w, err = sqlite.Open(t.Context(), path); err != nil {
					t.Fatal(err)
				}
			}
		}
		if got, err := w.Fingerprint(t.Context()); err != nil || got != want {
			t.Errorf("%s, %v; want %s", got, err, want)
		}
		w.Close()
	}
}

// TestSmallImportsLeaveFewParts imports a lot once and a little often: the lot
// is not written again, and the little is gathered.
func TestSmallImportsLeaveFewParts(t *testing.T) {
	path := filepath.Join(t.TempDir(), "shop.db")
	w, err := sqlite.Create(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	if err := fill(t.Context(), w, 300_000, 0); err != nil {
		t.Fatal(err)
	}
	db := raw(t, path)
	count := func(query string) (n int) {
		t.Helper()
		if err := db.QueryRow(query).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	const big = "SELECT min(rowid) FROM chunk WHERE part = 1"
	at := count(big)
	for i := range 60 {
		if err := fill(t.Context(), w, 100, int64(1e9+1e6*i)); err != nil {
			t.Fatal(err)
		}
		if n := count("SELECT count(*) FROM part"); n > 8 {
			t.Fatalf("%d parts after %d small imports", n, i)
		}
	}
	if count(big) != at || count("SELECT rows FROM part WHERE id = 1") != 300_000 {
		t.Fatal("the large part was written again")
	}
	if n := count("SELECT sum(rows) FROM part"); n != 306_000 || rowsOf(t, w) != n {
		t.Fatalf("%d rows", n)
	}
}

// TestSourceOutlivesMergesByAnotherProgram takes a source through one handle
// and merges its parts through another.
func TestSourceOutlivesMergesByAnotherProgram(t *testing.T) {
	path := filepath.Join(t.TempDir(), "shop.db")
	one, err := sqlite.Create(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer one.Close()
	two, err := sqlite.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer two.Close()
	if err := fill(t.Context(), one, 1000, 0); err != nil {
		t.Fatal(err)
	}
	src, err := two.Source(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	need := segment.Need{Events: map[string][]string{"e": nil}}
	if _, err := src.Load(t.Context(), need); err != nil { // arranges the rows, not the property
		t.Fatal(err)
	}
	for i := range 3 {
		if err := fill(t.Context(), one, 900, int64(500+100*i)); err != nil {
			t.Fatal(err)
		}
	}
	need.Events["e"] = []string{"noise"}
	world, err := src.Load(t.Context(), need)
	if err != nil {
		t.Fatal(err)
	}
	table := world.Tables["e"]
	if table.Len() != 1000 || table.Props["noise"].Len() != 1000 {
		t.Fatalf("%d rows, %d values", table.Len(), table.Props["noise"].Len())
	}
	for k := range table.Len() { // fill's row i is at time i with this noise
		at := table.Time(k)
		if want := int64(uint64(at+1) * 0x9e3779b97f4a7c15); table.Props["noise"].Int(k) != want {
			t.Fatalf("row %d at %d has %d, want %d", k, at, table.Props["noise"].Int(k), want)
		}
	}
	if rowsOf(t, two) != 3700 {
		t.Fatalf("%d rows now", rowsOf(t, two))
	}
}
