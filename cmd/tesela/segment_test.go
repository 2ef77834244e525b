package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tesela/segment"
	"tesela/segment/column"
	"tesela/store"
	"tesela/store/sqlite"
)

// smallShop makes a workspace of four customers: a ordered on 1 and 2 March
// 2024, b on 2 March, c and d never; a and c are Germans, d has no country.
func smallShop(t *testing.T) (path string) {
	t.Helper()
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	ctx := context.Background()
	path = filepath.Join(t.TempDir(), "small.db")
	ws, err := sqlite.Create(ctx, path)
	check(err)
	defer ws.Close()
	b, err := ws.Import(ctx)
	check(err)
	check(b.Configure("EUR", "Europe/Madrid"))
	for _, id := range []string{"a", "b", "c", "d"} {
		b.Customers().Code([]byte(id))
	}
	trait := func(name string, who []uint32, values ...string) {
		f := segment.FieldRef{Name: name}
		check(b.Declare(f, column.Text))
		col := &column.Column{Kind: column.Text}
		for _, v := range values {
			col.Codes = append(col.Codes, b.Words(f).Code([]byte(v)))
		}
		_, err := b.SetTrait(ctx, name, who, col)
		check(err)
	}
	trait("country", []uint32{0, 1, 2}, "Germany", "Spain", "Germany")
	trait("email", []uint32{0, 1}, "a@example.com", `b "b", jr@example.com`)
	check(b.Declare(segment.FieldRef{Event: "order", Name: "amount"}, column.Money))
	day := func(d int) int64 { return time.Date(2024, 3, d, 12, 0, 0, 0, time.UTC).UnixMicro() }
	_, err = b.AddRows(ctx, "order", &column.Rows{
		Customers: []uint32{0, 0, 1}, Times: []int64{day(1), day(2), day(2)},
		Props: map[string]*column.Column{"amount": {Kind: column.Money, Ints: []int64{1050, 2000, 500}}},
	})
	check(err)
	check(b.SetRole("purchase", "order"))
	check(b.SetRole("amount", "order.amount"))
	check(b.Commit(ctx))
	return path
}

// callOn runs the program on a workspace.
func callOn(t *testing.T, db, stdin string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	a := newApp(strings.NewReader(stdin), &out, &errs)
	a.openFile = func(ctx context.Context, path string, _ bool) (store.Workspace, error) { return sqlite.Open(ctx, path) }
	code = execute(context.Background(), a, append([]string{"--db", db}, args...))
	return code, out.String(), errs.String()
}

func TestRunCallsATool(t *testing.T) {
	db := smallShop(t)
	for _, c := range []struct{ stdin, args string }{
		{"", `{"formula": "count(order) >= 1"}`},
		{`{"formula": "count(order) >= 1"}`, "-"},
	} {
		code, out, errs := callOn(t, db, c.stdin, "run", "count_segment", c.args)
		var r struct {
			Values      map[string]any
			Fingerprint string
		}
		if err := json.Unmarshal([]byte(out), &r); err != nil || code != exitOK || errs != "" {
			t.Fatalf("%s: code %d, %v, stderr %q, stdout %s", c.args, code, err, errs, out)
		}
		if r.Values["size"] != 2.0 || r.Values["base"] != 4.0 || !strings.HasPrefix(r.Fingerprint, "sha256:") {
			t.Errorf("%s: %+v", c.args, r)
		}
		if !strings.Contains(out, `"count(order) >= 1"`) {
			t.Errorf("the formula is escaped: %s", out)
		}
	}
	// As of the midnight that begins 2 March, only a has ordered.
	_, out, _ := callOn(t, db, "", "run", "--as-of", "2024-03-02", "count_segment", `{"formula": "count(order) >= 1"}`)
	if !strings.Contains(out, `"size": 1`) {
		t.Errorf("as of 2 March: %s", out)
	}
	_, out, _ = callOn(t, db, "", "run", "--lang", "es", "describe_data")
	if !strings.Contains(out, "Qué hay en los datos") {
		t.Errorf("in Spanish: %s", out)
	}
}

func TestRunListsTools(t *testing.T) {
	// No workspace is needed for that.
	code, out, errs := callOn(t, filepath.Join(t.TempDir(), "none.db"), "", "run", "--json")
	var list []struct {
		Name, Description string
		Schema            map[string]any
	}
	if err := json.Unmarshal([]byte(out), &list); err != nil || code != exitOK || errs != "" {
		t.Fatalf("code %d, %v, stderr %q", code, err, errs)
	}
	if len(list) < 4 || list[0].Name != "describe_data" || list[0].Schema["type"] != "object" || list[0].Description == "" {
		t.Errorf("%+v", list)
	}
	code, out, _ = callOn(t, "none.db", "", "run")
	if code != exitOK || !strings.Contains(out, "count_segment\n") || !strings.Contains(out, `"additionalProperties"`) {
		t.Errorf("code %d, %s", code, out)
	}
}

func TestRunFaults(t *testing.T) {
	db := smallShop(t)
	for _, c := range []struct {
		db   string
		args []string
		code int
		says string
	}{
		{"none.db", []string{"run", "count_segmnt"}, exitUsage, "nearest: count_segment"},
		{db, []string{"run", "count_segment", `{"formla": "everyone"}`}, exitUsage, "nearest: formula"},
		{db, []string{"run", "count_segment"}, exitUsage, "must be given"},
		{db, []string{"run", "count_segment", `{"formula": "contry = \"x\""}`}, exitUsage, "country"},
		{db, []string{"run", "count_segment", `{`}, exitUsage, "JSON"},
		{db, []string{"run", "list_customers", `{"formula": "everyone", "with": ["email"]}`}, exitUsage, "personal"},
		{db, []string{"run", "describe_data", "{}", "more"}, exitUsage, "--help"},
		{db, []string{"run", "describe_data", "--lang", "fr"}, exitUsage, "en, es or pt"},
		{db, []string{"run", "describe_data", "--as-of", "yesterday"}, exitUsage, "2011-12-01"},
		{filepath.Join(t.TempDir(), "none.db"), []string{"run", "describe_data"}, exitError1, "no workspace"},
	} {
		code, out, errs := callOn(t, c.db, "", c.args...)
		if code != c.code || out != "" || !strings.Contains(errs, c.says) {
			t.Errorf("%q: code %d, stdout %q, stderr %q", c.args, code, out, errs)
		}
	}
	code, out, _ := callOn(t, db, "", "--json", "run", "count_segment", `{"formula": "contry = \"x\""}`)
	var r struct {
		Error struct {
			Kind, Tool, Field, Message string
			Nearest                    []string
		}
	}
	if err := json.Unmarshal([]byte(out), &r); err != nil || code != exitUsage {
		t.Fatalf("code %d, %v, %s", code, err, out)
	}
	if e := r.Error; e.Kind != "arguments" || e.Tool != "count_segment" || e.Field != "formula" || len(e.Nearest) == 0 || e.Nearest[0] != "country" {
		t.Errorf("%+v", e)
	}
}

func TestSegmentCount(t *testing.T) {
	db := smallShop(t)
	code, out, errs := callOn(t, db, "", "segment", "count", `country="Germany" and count(order)=0`)
	want := []string{
		"1 of 4 customers (25.0%)",
		"", // the restatement, below
		`country = "Germany" and count(order) = 0`,
		"",
		"  alone  share  without it  condition",
		"      2  50.0%           2  country = \"Germany\"",
		"      2  50.0%           2  count(order) = 0",
		"",
	}
	lines := strings.Split(out, "\n")
	if len(lines) > 1 {
		// How it is worded is for the restatement's own tests.
		if !strings.Contains(lines[1], "Germany") || strings.Contains(lines[1], "=") {
			t.Errorf("restated as %q", lines[1])
		}
		lines[1] = ""
	}
	if code != exitOK || !slices.Equal(lines, want) || errs != "" {
		t.Errorf("code %d, stderr %q, stdout\n%s", code, errs, out)
	}
	code, out, _ = callOn(t, db, "", "segment", "count", "--json", "everyone")
	if code != exitOK || !strings.Contains(out, `"size": 4`) {
		t.Errorf("code %d: %s", code, out)
	}
}

func TestSegmentMembers(t *testing.T) {
	db := smallShop(t)
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{`country = "Germany"`}, "id\na\nc\n"},
		{[]string{"everyone", "--limit", "2"}, "id\na\nb\n"},
		{[]string{"nobody"}, "id\n"},
		// A person may see personal traits; CSV quotes what needs it.
		{
			[]string{"everyone", "--with", "country,email"},
			"id,country,email\na,Germany,a@example.com\nb,Spain,\"b \"\"b\"\", jr@example.com\"\nc,Germany,\nd,,\n",
		},
	} {
		code, out, errs := callOn(t, db, "", append([]string{"segment", "members"}, c.args...)...)
		if code != exitOK || out != c.want || errs != "" {
			t.Errorf("%q: code %d, stderr %q, stdout\n%s", c.args, code, errs, out)
		}
	}
	code, out, _ := callOn(t, db, "", "segment", "members", "--json", "count(order) >= 2", "--with", "country")
	var m struct {
		Formula string
		Size    int
		Members []map[string]any
	}
	if err := json.Unmarshal([]byte(out), &m); err != nil || code != exitOK || m.Size != 1 || m.Members[0]["id"] != "a" || m.Members[0]["country"] != "Germany" {
		t.Errorf("code %d, %v: %s", code, err, out)
	}
	code, _, errs := callOn(t, db, "", "segment", "members", "everyone", "--with", "contry")
	if code != exitUsage || !strings.Contains(errs, "nearest: country") {
		t.Errorf("code %d, %q", code, errs)
	}
}

func TestSegmentsAreKept(t *testing.T) {
	db := smallShop(t)
	ok := func(want string, args ...string) {
		t.Helper()
		code, out, errs := callOn(t, db, "", append([]string{"segment"}, args...)...)
		if code != exitOK || !strings.Contains(out, want) {
			t.Errorf("%q: code %d, stderr %q, stdout %q, want %q", args, code, errs, out, want)
		}
	}
	fails := func(code int, says string, args ...string) {
		t.Helper()
		got, out, errs := callOn(t, db, "", append([]string{"segment"}, args...)...)
		if got != code || out != "" || !strings.Contains(errs, says) {
			t.Errorf("%q: code %d, stdout %q, stderr %q", args, got, out, errs)
		}
	}
	ok("[]", "list", "--json")
	ok(`saved "German friends": country = "Germany"`, "save", "German friends", `country="Germany"`, "--text", "customers from Germany")
	ok(`saved "Buyers"`, "save", "Buyers", `count(order)>0`)
	ok("Buyers          count(order) > 0\nGerman friends  country = \"Germany\"\n", "list")
	ok("customers from Germany", "show", "German friends")
	ok(`"formula": "count(order) > 0"`, "show", "Buyers", "--json")
	ok(`"text": "clientes`, "save", "Buyers", "count(order) > 0", "--replace", "--lang", "es", "--json")
	fails(exitUsage, "fr", "save", "Other", "everyone", "--lang", "fr")
	// By name, and inside another formula.
	ok("2 of 4", "count", "German friends")
	ok("1 of 4", "count", `segment "German friends" and segment "Buyers"`)
	ok("id\na\nb\n", "members", "Buyers")

	fails(exitUsage, "--replace", "save", "Buyers", "everyone")
	fails(exitUsage, "nearest: country", "save", "Wrong", `contry = "Germany"`)
	fails(exitUsage, "empty", "save", " ", "everyone")
	fails(exitUsage, `part of its own definition: "Buyers" → "Buyers"`, "save", "--replace", "Buyers", `segment "Buyers" or everyone`)
	ok("saved", "save", "Both", `segment "Buyers" and segment "German friends"`)
	fails(exitUsage, `"Buyers" → "Both" → "Buyers"`, "save", "--replace", "Buyers", `not segment "Both"`)
	fails(exitUsage, "nearest: Buyers", "count", "Buyer")
	fails(exitError1, "nearest: Buyers", "show", "Byers")
	fails(exitError1, "segment list", "delete", "something else entirely")

	ok("saved", "save", "--replace", "Buyers", "count(order) >= 2")
	ok("1 of 4", "count", "Buyers")
	ok(`deleted "Both"`, "delete", "Both")
	fails(exitError1, "no segment is saved", "show", "Both")
}

// A fault is shown where it is.
func TestSegmentPointsAtFaults(t *testing.T) {
	db := smallShop(t)
	for formula, want := range map[string]string{
		`country = "Germany" and contry = "Spain"`: "\n  country = \"Germany\" and contry = \"Spain\"\n                          ^^^^^^\n",
		`country = "Ñandú" and contry = "Spain"`:   "\n  country = \"Ñandú\" and contry = \"Spain\"\n            ^^^^^^^\n",
	} {
		for _, args := range [][]string{{"count", formula}, {"members", formula}, {"save", "New", formula}} {
			code, out, errs := callOn(t, db, "", append([]string{"segment"}, args...)...)
			if code != exitUsage || out != "" || !strings.HasSuffix(errs, want) {
				t.Errorf("%q: code %d, stderr\n%s", args, code, errs)
			}
		}
	}
}

// A build without data says what to do.
func TestSegmentWithoutWorkspace(t *testing.T) {
	code, _, errs := callOn(t, filepath.Join(t.TempDir(), "none.db"), "", "segment", "list")
	if code != exitError1 || !strings.Contains(errs, "tesela import") {
		t.Errorf("code %d, %q", code, errs)
	}
	if _, err := os.Stat("none.db"); err == nil {
		t.Error("a workspace was made")
	}
}
