package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tesela/segment"
	"tesela/segment/column"
	"tesela/store"
	"tesela/store/sqlite"
)

// callDemo runs `tesela demo` in this process, over SQLite.
func callDemo(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	t.Setenv("XDG_DATA_HOME", t.TempDir())
	t.Setenv("TESELA_DB", "")
	var out, errs bytes.Buffer
	a := newApp(strings.NewReader(""), &out, &errs)
	a.openFile = func(ctx context.Context, path string, create bool) (store.Workspace, error) {
		if create {
			return sqlite.Create(ctx, path)
		}
		return sqlite.Open(ctx, path)
	}
	code = execute(t.Context(), a, append([]string{"demo"}, args...))
	return code, out.String(), errs.String()
}

// printOf is the fingerprint of a workspace, and its customers.
func printOf(t *testing.T, path string) (string, int) {
	t.Helper()
	ws, err := sqlite.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer ws.Close()
	print, err := ws.Fingerprint(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	src, err := ws.Source(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return print, src.Schema().Customers
}

func TestDemoIsMadeOnce(t *testing.T) {
	db := filepath.Join(t.TempDir(), "new", "folder", "d.db")
	code, out, errs := callDemo(t, "--db", db, "--customers", "400", "--lang", "en")
	if code != exitOK || out == "" || !strings.Contains(errs, "making the demo shop") {
		t.Fatalf("code %d, stdout %q, stderr %q", code, out, errs)
	}
	made, customers := printOf(t, db)
	if customers != 400 {
		t.Errorf("%d customers", customers)
	}
	// Again, with or without saying which: it is there.
	for _, args := range [][]string{{"--db", db}, {"--db", db, "--customers", "400", "--seed", "1"}} {
		code, again, errs := callDemo(t, append(args, "--lang", "en")...)
		if code != exitOK || again != out || strings.Contains(errs, "making") {
			t.Errorf("%q: code %d, stderr %q, stdout now %q, before %q", args, code, errs, again, out)
		}
	}
	// Another one is not put in its place unasked.
	for _, args := range [][]string{{"--customers", "401"}, {"--customers", "400", "--seed", "2"}} {
		code, _, errs := callDemo(t, append(args, "--db", db)...)
		if code != exitError1 || !strings.Contains(errs, "--fresh") {
			t.Errorf("%q: code %d, stderr %q", args, code, errs)
		}
	}
	if now, _ := printOf(t, db); now != made {
		t.Error("the demo changed")
	}
	if code, _, errs := callDemo(t, "--db", db, "--customers", "400", "--seed", "2", "--fresh"); code != exitOK {
		t.Fatalf("--fresh: code %d, stderr %q", code, errs)
	}
	if now, n := printOf(t, db); now == made || n != 400 {
		t.Errorf("--fresh with another seed left the demo as it was (%d customers)", n)
	}
	if code, _, errs := callDemo(t, "--db", db, "--customers", "400", "--fresh"); code != exitOK {
		t.Fatalf("--fresh: code %d, stderr %q", code, errs)
	}
	if now, _ := printOf(t, db); now != made {
		t.Error("the same seed made another demo")
	}
}

// TestDemoSparesOtherData asks that a workspace with anything else in it stays
// as it is, also with --fresh.
func TestDemoSparesOtherData(t *testing.T) {
	db := filepath.Join(t.TempDir(), "shop.db")
	ws, err := sqlite.Create(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	b, err := ws.Import(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ref := segment.FieldRef{Name: "age"}
	who := b.Customers().Code([]byte("ann")) - 1
	if err := b.Declare(ref, column.Number); err != nil {
		t.Fatal(err)
	}
	if _, err := b.SetTrait(t.Context(), "age", []uint32{who}, &column.Column{Kind: column.Number, Floats: []float64{41}}); err != nil {
		t.Fatal(err)
	}
	if err := b.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := ws.Close(); err != nil {
		t.Fatal(err)
	}
	before, _ := printOf(t, db)
	for _, args := range [][]string{{}, {"--fresh"}} {
		code, _, errs := callDemo(t, append(args, "--db", db)...)
		if code != exitError1 || !strings.Contains(errs, "--db") {
			t.Errorf("%q: code %d, stderr %q", args, code, errs)
		}
	}
	if after, n := printOf(t, db); after != before || n != 1 {
		t.Error("the workspace was changed")
	}
	note := filepath.Join(t.TempDir(), "note.txt")
	if err := os.WriteFile(note, []byte("no database"), 0o644); err != nil {
		t.Fatal(err)
	}
	if code, _, errs := callDemo(t, "--db", note, "--fresh"); code != exitError1 {
		t.Errorf("a text file: code %d, stderr %q", code, errs)
	}
	if text, err := os.ReadFile(note); err != nil || string(text) != "no database" {
		t.Errorf("the text file is now %q, %v", text, err)
	}
}

// TestDemoIsRedone makes the demo where an earlier making was interrupted.
func TestDemoIsRedone(t *testing.T) {
	db := filepath.Join(t.TempDir(), "d.db")
	ws, err := sqlite.Create(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	b, err := ws.Import(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	// What an interrupted making leaves: a transaction that never committed.
	b.Customers().Code([]byte("c000001"))
	if err := b.Declare(segment.FieldRef{Name: "name"}, column.Text); err != nil {
		t.Fatal(err)
	}
	if err := b.Rollback(); err != nil {
		t.Fatal(err)
	}
	if err := ws.Close(); err != nil {
		t.Fatal(err)
	}
	if code, _, errs := callDemo(t, "--db", db, "--customers", "50"); code != exitOK {
		t.Fatalf("code %d, stderr %q", code, errs)
	}
	if _, n := printOf(t, db); n != 50 {
		t.Errorf("%d customers", n)
	}
}

func TestDemoUsage(t *testing.T) {
	for _, args := range [][]string{{"--lang", "fr"}, {"--customers", "0"}, {"--customers", "-3"}, {"--seed", "0"}, {"--seed", "x"}, {"more"}} {
		if code, out, errs := callDemo(t, args...); code != exitUsage || out != "" || errs == "" {
			t.Errorf("%q: code %d, stdout %q, stderr %q", args, code, out, errs)
		}
	}
}

func TestDemoFile(t *testing.T) {
	home := t.TempDir()
	t.Setenv("XDG_DATA_HOME", home)
	t.Setenv("TESELA_DB", "")
	for _, c := range []struct {
		db, env   string
		seed      uint64
		customers int
		want      string
	}{
		{"", "", 1, 25_000, filepath.Join(home, "tesela", "demo.db")},
		{"", "", 7, 25_000, filepath.Join(home, "tesela", "demo-7-25000.db")},
		{"", "e.db", 7, 25_000, "e.db"},
		{"f.db", "e.db", 1, 25_000, "f.db"},
	} {
		t.Setenv("TESELA_DB", c.env)
		d := &demoCommand{app: newApp(nil, nil, nil)}
		d.db, d.options.Seed, d.options.Customers = c.db, c.seed, c.customers
		if got, err := d.file(); err != nil || got != c.want {
			t.Errorf("%+v: %s, %v", c, got, err)
		}
	}
}

func TestLanguageOf(t *testing.T) {
	for _, c := range []struct{ all, lang, want string }{
		{"", "", "en"}, {"", "es_MX.UTF-8", "es"}, {"", "pt_PT", "pt"}, {"C", "pt_BR.UTF-8", "en"}, {"pt_BR", "en_US", "pt"}, {"", "fr_FR", "en"}, {"", "est", "en"},
	} {
		got := languageOf(func(name string) string { return map[string]string{"LC_ALL": c.all, "LANG": c.lang}[name] })
		if got != c.want {
			t.Errorf("LC_ALL=%q LANG=%q: %s, want %s", c.all, c.lang, got, c.want)
		}
	}
}
