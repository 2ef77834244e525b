package tools_test

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tesela/tools"
)

// read gives a file of the exports folder.
func (d *desk) read(file string) string {
	d.t.Helper()
	text, err := os.ReadFile(filepath.Join(d.folder, file))
	must(d.t, err)
	return string(text)
}

func TestExportSegment(t *testing.T) {
	d := newDesk(t)
	d.approve("save_segment", `{"name": "Köln & more", "formula": "country = \"Germany\""}`)
	// c1 of Köln, c2 of Berlin, c6 of nowhere known.
	r := d.approve("export_segment", `{"formula": "Köln & more", "with": ["city"]}`)
	if r.Values["size"] != 3 || r.Values["file"] != "koln-more.csv" {
		t.Errorf("%+v", r)
	}
	rows, err := csv.NewReader(strings.NewReader(d.read("koln-more.csv"))).ReadAll()
	must(t, err)
	if len(rows) != 4 || strings.Join(rows[0], ",") != "id,city,definition" || rows[1][0] != "c1" || rows[1][1] != "Köln" || rows[3][0] != "c6" || rows[3][1] != "" {
		t.Errorf("rows %q", rows)
	}
	print := rows[1][2]
	if !strings.HasPrefix(print, "sha256:") || len(print) != 71 || rows[3][2] != print {
		t.Errorf("print %q", print)
	}
	if info, err := os.Stat(filepath.Join(d.folder, "koln-more.csv")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}

	// The same definition has the same print in every format, and the next
	// free name.
	r = d.approve("export_segment", `{"formula": "segment \"Köln & more\"", "format": "json"}`)
	var file struct {
		Segment, Formula, Fingerprint string
		AsOf                          string `json:"as_of"`
		Size                          int
		Customers                     []map[string]any
	}
	must(t, json.Unmarshal([]byte(d.read("koln-more.json")), &file))
	if file.Fingerprint != print || file.Segment != "Köln & more" || file.Size != 3 || len(file.Customers) != 3 || file.Customers[1]["id"] != "c2" || file.AsOf != "2024-06-30T22:00:00Z" {
		t.Errorf("%s: %+v", r.Values["file"], file)
	}
	if r = d.approve("export_segment", `{"formula": "Köln & more"}`); r.Values["file"] != "koln-more-2.csv" {
		t.Errorf("the next free name: %v", r.Values["file"])
	}
	// Another definition under the name has another print.
	d.approve("save_segment", `{"name": "Köln & more", "formula": "country = \"Germany\" and age > 0"}`)
	d.approve("export_segment", `{"formula": "Köln & more", "file": "who.md", "format": "markdown"}`)
	if text := d.read("who.md"); strings.Contains(text, print) || !strings.Contains(text, "fingerprint: sha256:") || !strings.Contains(text, "| c1 |\n| c2 |\n") {
		t.Errorf("markdown:\n%s", text)
	}
	if r = d.preview("export_segment", `{"formula": "everyone", "file": "list.json"}`); r.Values["file"] != "list.json" {
		t.Errorf("a format by its ending: %v", r.Values["file"])
	}
}

// Personal traits go into a file only where a person asked, who is told.
func TestExportTellsOfPersonalData(t *testing.T) {
	d := newDesk(t)
	args := `{"formula": "country = \"Germany\"", "with": ["email", "country"]}`
	r, err := d.call(tools.Caller{Language: "en", Person: true}, "export_segment", args)
	must(t, err)
	if !strings.Contains(strings.Join(r.Notes, "\n"), "personal data: email") {
		t.Errorf("notes %q", r.Notes)
	}
	// The yes of a person is not one for whoever calls next.
	if _, err = d.call(tools.Caller{Language: "en", Approved: r.Approval}, "export_segment", args); err == nil {
		t.Error("personal traits were written for nobody in person")
	}
	_, err = d.call(tools.Caller{Language: "en", Person: true, Approved: r.Approval}, "export_segment", args)
	must(t, err)
	if text := d.read("customers.csv"); !strings.Contains(text, "c1,ann@example.com,Germany,") {
		t.Errorf("file:\n%s", text)
	}
}

// What lies where the file is to go is never touched, nor what a link there
// points to.
func TestExportOverwritesNothing(t *testing.T) {
	d := newDesk(t)
	must(t, os.MkdirAll(d.folder, 0o755))
	outside := filepath.Join(t.TempDir(), "outside.csv")
	must(t, os.Symlink(outside, filepath.Join(d.folder, "link.csv")))
	if _, err := d.call(tools.Caller{}, "export_segment", `{"formula": "everyone", "file": "link.csv"}`); err == nil {
		t.Error("a link was taken for a free name")
	}
	// A file that comes to be between the look and the yes stays.
	r := d.preview("export_segment", `{"formula": "everyone", "file": "late.csv"}`)
	must(t, os.WriteFile(filepath.Join(d.folder, "late.csv"), []byte("mine"), 0o600))
	if _, err := d.call(tools.Caller{Language: "en", Approved: r.Approval}, "export_segment", `{"formula": "everyone", "file": "late.csv"}`); err == nil || d.read("late.csv") != "mine" {
		t.Errorf("late.csv: %v", err)
	}
	if _, err := os.Stat(outside); err == nil {
		t.Error("a file was written through a link")
	}
}
