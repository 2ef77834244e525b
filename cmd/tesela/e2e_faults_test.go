package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tesela/store/importer"
)

// orderFlags import the small files of these tests.
var orderFlags = []string{"--events", "order", "--customer", "customer", "--time", "when", "--prop", "amount=total:money"}

func (s *shell) importFile(db, file string, more ...string) ran {
	s.t.Helper()
	return s.run(append(append([]string{"import", "--db", db, file}, orderFlags...), more...)...)
}

const goodOrders = "customer,when,total\nada,2020-01-01,5\n"

// dataOf is the fingerprint of the data in a workspace.
func (s *shell) dataOf(db string) string {
	s.t.Helper()
	return s.run("ask", "--db", db, "--json", "how many customers are there?").exits(exitOK).answer().Data
}

// files lists a folder's files with their sizes.
func files(t *testing.T, dir string) string {
	t.Helper()
	var list []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil {
			list = append(list, fmt.Sprint(path, " ", info.Size()))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(list, "\n")
}

// lineOf100MB is a file with one line of 100 MB in the middle.
func lineOf100MB(t *testing.T, s *shell) string {
	t.Helper()
	path := s.file("endless.csv", goodOrders)
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	block := bytes.Repeat([]byte("x"), 1<<20)
	for range 100 {
		if _, err := f.Write(block); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := f.WriteString("\nbob,2020-01-01,5\n"); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// Each file that cannot be imported is refused with a message that says what
// to do, and nothing is left behind: into no workspace, and into one that
// holds data.
func TestBadFiles(t *testing.T) {
	s := newShell(t)
	good := s.file("good.csv", goodOrders)
	program, err := os.ReadFile(program(t))
	if err != nil {
		t.Fatal(err)
	}
	cut := string(gzipped(t, strings.Repeat(goodOrders, 1000))[:60])
	for _, c := range []struct {
		name, file string
		more       []string
		code       int
		says       []string
	}{
		{"no such file", filepath.Join(s.dir, "goood.csv"), nil, exitError1, []string{"goood.csv", "nearest", "good.csv"}},
		{"a folder", s.dir, nil, exitError1, []string{"folder", "*.csv"}},
		{"empty", s.file("empty.csv", ""), nil, exitError1, []string{"empty.csv is empty"}},
		{"a program", s.file("binary.csv", string(program[:4096])), nil, exitError1, []string{"binary.csv", "CSV"}},
		{"a picture", s.file("picture.csv", "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00"), nil, exitError1, []string{"picture.csv", "CSV"}},
		{"packed data cut short", s.file("cut.csv.gz", cut), nil, exitError1, []string{"cut short"}},
		{
			"a wrong column", good,
			[]string{"--customer", "custmer"},
			exitUsage,
			[]string{"custmer", "nearest: customer"},
		},
		{"a wrong column in a product", good, []string{"--prop", "amount=totl*total:money"}, exitUsage, []string{"totl", "nearest: total"}},
		{"a column to drop that is not there", good, []string{"--drop", "tota"}, exitUsage, []string{"tota", "nearest: total"}},
		{"a kind there is none of", good, []string{"--prop", "amount=total:mony"}, exitUsage, []string{"mony", "money"}},
		{"a zone there is none of", good, []string{"--timezone", "Europe/Lodnon"}, exitUsage, []string{"Europe/Lodnon"}},
		{"a currency there is none of", good, []string{"--currency", "GBX9"}, exitUsage, []string{"GBX9"}},
		{"a preset there is none of", good, []string{"--preset", "shopfy"}, exitUsage, []string{"shopfy"}},
		{
			"more than half unreadable", s.file("half.csv", "customer,when,total\nada,2020-01-01,5\nbob,someday,5\ncy,2020-01-02,much\n"), nil, exitError1,
			[]string{"2 of 3 rows", "more than half", "nothing was imported", "line"},
		},
		{
			"mixed delimiters", s.file("mixed.csv", "customer,when,total\nada,2020-01-01,5\nbob;2020-01-01;5\ncy,2020-01-02,6\n"), nil, exitError1,
			[]string{"line 3", "semicolons", "commas"},
		},
		{"a line of 100 MB", lineOf100MB(t, s), nil, exitError1, []string{"line 3", "longer than"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := s.under(t)
			db, kept := filepath.Join(t.TempDir(), "new.db"), filepath.Join(t.TempDir(), "kept.db")
			s.importFile(kept, good).exits(exitOK)
			before, there := s.dataOf(kept), files(t, s.dir)
			s.importFile(db, c.file, c.more...).refuses(c.code, c.says...)
			if _, err := os.Stat(db); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("a workspace is left behind: %v", err)
			}
			s.importFile(kept, c.file, append(c.more, "--json")...).refuses(c.code, c.says...)
			if after := s.dataOf(kept); after != before {
				t.Error("the data is no longer what it was")
			}
			if now := files(t, s.dir); now != there {
				t.Errorf("beside the file there was\n%s\nand now is\n%s", there, now)
			}
		})
	}
}

// A row that cannot be read is rejected with its line and reason; the others
// come in.
func TestBadRows(t *testing.T) {
	t.Parallel()
	s := newShell(t)
	db := filepath.Join(s.dir, "t.db")
	file := s.file("some.csv", "customer,when,total\nada,2020-01-01,5\nbob,someday,5\n\"cy\n\",2020-01-02,much\ndee,2020-01-02,7\neve,2020-02-02,8.50\n,2020-02-02,8.50\nflo,2020-02-02,9\n")
	var got importer.Summary
	s.importFile(db, file, "--currency", "EUR", "--json").exits(exitOK).into(&got)
	if got.Read != 7 || got.Imported != 4 || got.Rejected != 3 || len(got.Reasons) != 3 || got.Reasons["missing customer"] != 1 {
		t.Errorf("%+v", got)
	}
	lines, err := os.ReadFile(got.RejectsFile)
	if err != nil {
		t.Fatal(err)
	}
	// The line is the one on which the row begins, though a field before it
	// has a line's end within.
	want := []string{"line,reason,customer,when,total", "3,", "4,", "8,missing customer,"}
	rest := string(lines)
	for _, w := range want {
		at := strings.Index(rest, w)
		if at < 0 || at > 0 && rest[at-1] != '\n' {
			t.Fatalf("no line %q… in\n%s", w, lines)
		}
		rest = rest[at+len(w):]
	}
	var sum struct {
		Values map[string]any `json:"values"`
	}
	s.run("run", "--db", db, "measure", `{"measures": ["revenue"]}`).exits(exitOK).into(&sum)
	if sum.Values["revenue"] != "29.50" {
		t.Errorf("revenue %v, not 5 + 7 + 8.50 + 9", sum.Values["revenue"])
	}
}

// endless gives rows for as long as it is read, and tells when it is well
// under way.
type endless struct {
	n     int
	under chan struct{}
}

func (e *endless) Read(p []byte) (int, error) {
	if e.n == 0 {
		e.n++
		return copy(p, "customer,when,total\n"), nil
	}
	if e.n++; e.n == 1000 {
		close(e.under)
	}
	row := fmt.Sprintf("cy%d,2020-01-02 10:00:%02d,%d\n", e.n, e.n%60, e.n)
	return copy(p, strings.Repeat(row, len(p)/len(row))), nil
}

// An import that is killed or interrupted in its midst leaves the workspace as
// it was, and the next one goes through.
func TestEndedImports(t *testing.T) {
	t.Parallel()
	s := newShell(t)
	db := filepath.Join(s.dir, "t.db")
	s.importFile(db, s.file("good.csv", goodOrders)).exits(exitOK)
	before := s.dataOf(db)
	for _, c := range []struct {
		signal os.Signal
		after  time.Duration
	}{{os.Kill, 0}, {os.Kill, 300 * time.Millisecond}, {os.Interrupt, 0}, {os.Interrupt, 300 * time.Millisecond}} {
		t.Run(fmt.Sprint(c.signal, c.after), func(t *testing.T) {
			s := s.under(t)
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			defer cancel()
			p := exec.CommandContext(ctx, program(t), append([]string{"import", "--db", db, "-"}, orderFlags...)...)
			rows := &endless{under: make(chan struct{})}
			stdin, err := p.StdinPipe()
			if err != nil {
				t.Fatal(err)
			}
			var out, errs bytes.Buffer
			p.Dir, p.Env, p.Stdout, p.Stderr = s.dir, s.env, &out, &errs
			if err := p.Start(); err != nil {
				t.Fatal(err)
			}
			fed := make(chan struct{})
			go func() {
				defer close(fed)
				io.Copy(stdin, rows) // ends when the program does
			}()
			<-rows.under
			time.Sleep(c.after)
			if err := p.Process.Signal(c.signal); err != nil {
				t.Fatal(err)
			}
			if err := p.Wait(); err == nil {
				t.Error("it was over before")
			}
			<-fed
			if ctx.Err() != nil {
				t.Fatal("it goes on")
			}
			if out.Len() > 0 {
				t.Errorf("stdout %q", out.String())
			}
			if c.signal == os.Interrupt && (p.ProcessState.ExitCode() != exitError1 || !strings.Contains(errs.String(), "tesela: stopped")) {
				t.Errorf("exit %d, stderr %q", p.ProcessState.ExitCode(), errs.String())
			}
			if after := s.dataOf(db); after != before {
				t.Error("the data is no longer what it was")
			}
			if left, _ := filepath.Glob(filepath.Join(s.dir, "*rejects*")); len(left) > 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
	var got importer.Summary
	s.importFile(db, s.file("next.csv", goodOrders+"bob,2020-01-03,4\n"), "--json").exits(exitOK).into(&got)
	if got.Imported != 1 || got.AlreadyThere != 1 {
		t.Errorf("%+v", got)
	}
}

// A full disk ends an import with nothing changed, and once there is room the
// same import goes through.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	s := newShell(t)
	disk := filepath.Join(s.dir, "disk")
	if err := os.Mkdir(disk, 0o755); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=2m", "tesela-test", disk).CombinedOutput(); err != nil {
		t.Skipf("no small disk can be mounted here: %v %s", err, out)
	}
	t.Cleanup(func() {
		if out, err := exec.Command("umount", disk).CombinedOutput(); err != nil {
			t.Errorf("%v %s", err, out)
		}
	})
	var rows strings.Builder
	rows.WriteString("customer,when,total\n")
	for i := range 300000 {
		fmt.Fprintf(&rows, "c%d,2020-01-01 10:00:%02d,%d\n", i*7919%1000003, i%60, i*104729%99991)
	}
	large := s.file("large.csv", rows.String())
	db := filepath.Join(disk, "t.db")

	s.importFile(db, large).refuses(exitError1, "full", "free some space")
	if left := files(t, disk); left != "" {
		t.Errorf("left behind: %s", left)
	}
	s.importFile(db, s.file("good.csv", goodOrders)).exits(exitOK)
	before := s.dataOf(db)
	s.importFile(db, large).refuses(exitError1, "full", "free some space")
	if after := s.dataOf(db); after != before {
		t.Error("the data is no longer what it was")
	}
	if out, err := exec.Command("mount", "-o", "remount,size=64m", disk).CombinedOutput(); err != nil {
		t.Skipf("the disk cannot be made larger: %v %s", err, out)
	}
	s.importFile(db, large).exits(exitOK)
}
