package main

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tesela/store/sqlite"
)

func gzipped(t *testing.T, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Where SQLite's file header keeps numbers that belong to the program, big
// endian: https://www.sqlite.org/fileformat2.html#the_database_header
const (
	userVersion   = 60
	applicationID = 68
)

// marked is a copy of a workspace with one of those numbers changed.
func marked(t *testing.T, db, name string, at int, number uint32) string {
	t.Helper()
	data, err := os.ReadFile(db)
	if err != nil {
		t.Fatal(err)
	}
	binary.BigEndian.PutUint32(data[at:], number)
	path := filepath.Join(filepath.Dir(db), name)
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// A workspace that cannot be used is refused by every command that wants one,
// saying why, and stays as it is.
func TestBadWorkspaces(t *testing.T) {
	t.Parallel()
	s := newShell(t)
	db := filepath.Join(s.dir, "t.db")
	good := s.file("good.csv", goodOrders)
	s.importFile(db, good).exits(exitOK)
	for _, c := range []struct {
		name, path string
		says       []string
		importToo  bool // and cannot be imported into
	}{
		{"none", filepath.Join(s.dir, "nowhere", "none.db"), []string{"there is no workspace", "none.db", "tesela import", "tesela demo", "--db"}, false},
		{"of a newer version", marked(t, db, "newer.db", userVersion, 4000), []string{"newer.db", "newer version", "4000"}, true},
		{"of another program", marked(t, db, "foreign.db", applicationID, 0), []string{"foreign.db", "another program", "not a Tesela workspace"}, true},
		{"no database", s.file("notes.db", strings.Repeat("Dear diary.\n", 1000)), []string{"notes.db", "not a Tesela workspace"}, true},
		{"a folder", s.dir, []string{"folder"}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := s.under(t)
			before, _ := os.ReadFile(c.path)
			commands := [][]string{
				{"ask", "how many customers are there?"},
				{"ask", "--json", "how many customers are there?"},
				{"catalog"},
				{"run", "describe_data"},
				{"segment", "count", "everyone"},
				{"segment", "list"},
			}
			if c.importToo {
				commands = append(commands, append([]string{"import", good}, orderFlags...), []string{"demo"})
			}
			for _, args := range commands {
				s.run(append(args, "--db", c.path)...).refuses(exitError1, c.says...)
			}
			if after, _ := os.ReadFile(c.path); !bytes.Equal(after, before) {
				t.Error("the file was changed")
			}
			if !c.importToo {
				if _, err := os.Stat(c.path); err == nil {
					t.Error("a workspace was made by looking for one")
				}
			}
		})
	}
}

// The demo does not go into a workspace that holds a shop's own data.
func TestDemoSparesData(t *testing.T) {
	t.Parallel()
	s := newShell(t)
	db := filepath.Join(s.dir, "t.db")
	s.importFile(db, s.file("good.csv", goodOrders)).exits(exitOK)
	before := s.dataOf(db)
	for _, args := range [][]string{{"demo"}, {"demo", "--fresh"}} {
		s.run(append(args, "--db", db)...).refuses(exitError1, "other data", "--db")
	}
	if after := s.dataOf(db); after != before {
		t.Error("the data is no longer what it was")
	}
}

// While another program writes, a second writer waits and then says so, and
// readers are not held up.
func TestLockedWorkspace(t *testing.T) {
	t.Parallel()
	s := newShell(t)
	db := filepath.Join(s.dir, "t.db")
	s.importFile(db, s.file("good.csv", goodOrders)).exits(exitOK)
	more := s.file("more.csv", goodOrders+"bob,2020-01-03,4\n")

	ws, err := sqlite.Open(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	defer ws.Close()
	other, err := ws.Import(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer other.Rollback()
	s.importFile(db, more).refuses(exitError1, "t.db", "in use by another program", "try again")
	s.run("segment", "count", "--db", db, "everyone", "--json").exits(exitOK)
	// An answer comes; that it could not be kept is said beside it.
	if r := s.run("ask", "--db", db, "--json", "how many customers are there?").exits(exitOK); !strings.Contains(r.errs, "not kept") {
		r.fail("nothing about the answer not being kept")
	}
	if err := other.Rollback(); err != nil {
		t.Fatal(err)
	}
	s.importFile(db, more).exits(exitOK)
}

// Where the workspace lies when no flag says.
func TestWorkspaceOfTheUser(t *testing.T) {
	t.Parallel()
	s := newShell(t)
	good := s.file("good.csv", goodOrders)
	s.run(append([]string{"import", good}, orderFlags...)...).exits(exitOK)
	if _, err := os.Stat(filepath.Join(s.dir, ".local", "share", "tesela", "tesela.db")); err != nil {
		t.Error(err)
	}
	s.run("segment", "count", "everyone").exits(exitOK)
	s.env = append(s.env, "TESELA_DB="+filepath.Join(s.dir, "other.db"))
	s.run("segment", "count", "everyone").refuses(exitError1, "other.db")
	s.run(append([]string{"import", good}, orderFlags...)...).exits(exitOK)
	if _, err := os.Stat(filepath.Join(s.dir, "other.db")); err != nil {
		t.Error(err)
	}
}
