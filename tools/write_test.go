package tools_test

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tesela/segment"
	"tesela/segment/column"
	"tesela/segment/syntax"
	"tesela/store"
	"tesela/tools"
)

// desk is a shop with an exports folder, and what is written there.
type desk struct {
	t      *testing.T
	ws     store.Workspace
	box    *tools.Box
	folder string
}

func newDesk(t *testing.T) *desk {
	d := &desk{t: t, ws: shop(t, true), folder: filepath.Join(t.TempDir(), "exports")}
	d.box = tools.NewBox(d.ws, tools.Exports(d.folder), tools.InWords(func(_ context.Context, lang string, f syntax.Formula) (string, error) {
		return lang + " words of " + f.String(), nil
	}))
	return d
}

func (d *desk) call(who tools.Caller, tool, args string) (*tools.Result, error) {
	return d.box.Call(context.Background(), who, tool, json.RawMessage(args))
}

func (d *desk) preview(tool, args string) *tools.Result {
	d.t.Helper()
	r, err := d.call(tools.Caller{Language: "en"}, tool, args)
	if err != nil {
		d.t.Fatalf("%s %s: %v", tool, args, err)
	}
	if r.Approval == "" || r.Title == "" || r.Fingerprint == "" {
		d.t.Errorf("%s %s: a preview without title, print or approval: %+v", tool, args, r)
	}
	return r
}

func (d *desk) approve(tool, args string) *tools.Result {
	d.t.Helper()
	r, err := d.call(tools.Caller{Language: "en", Approved: d.preview(tool, args).Approval}, tool, args)
	if err != nil {
		d.t.Fatalf("%s %s, approved: %v", tool, args, err)
	}
	if r.Approval != "" {
		d.t.Errorf("%s %s: what is done asks for approval again", tool, args)
	}
	return r
}

// state is all that a writing tool could have changed, read past the tools.
func (d *desk) state() string {
	d.t.Helper()
	ctx := context.Background()
	segments, err := d.ws.Segments(ctx)
	must(d.t, err)
	src, err := d.ws.Source(ctx)
	must(d.t, err)
	print, err := d.ws.Fingerprint(ctx)
	must(d.t, err)
	var files []string
	if list, err := os.ReadDir(d.folder); err == nil {
		for _, f := range list {
			text, err := os.ReadFile(filepath.Join(d.folder, f.Name()))
			must(d.t, err)
			files = append(files, f.Name()+": "+string(text))
		}
	}
	return string(jsonOf(d.t, map[string]any{"segments": segments, "words": src.Schema().Words, "data": print, "files": files}))
}

// Without an approval, or with one for something else, nothing is written,
// whatever else the caller is.
func TestWritingToolsNeverWriteUnapproved(t *testing.T) {
	d := newDesk(t)
	must(t, d.ws.SaveSegment(context.Background(), store.Segment{Name: "Germans", Formula: `country = "Germany"`, Created: time.Unix(0, 0)}))
	must(t, d.ws.SetWord(context.Background(), "regulars", "count(order) >= 2"))
	other := d.preview("save_segment", `{"name": "Other", "formula": "everyone"}`).Approval
	before := d.state()
	for _, c := range []struct{ tool, args string }{
		{"save_segment", `{"name": "Germans", "formula": "count(order) >= 2"}`},
		{"delete_segment", `{"name": "Germans"}`},
		{"set_word", `{"word": "VIP", "meaning": "top 1 by count(order)"}`},
		{"set_word", `{"word": "regulars"}`},
		{"export_segment", `{"formula": "everyone"}`},
		{"tag_customers", `{"formula": "everyone", "tag": "x"}`},
	} {
		own := d.preview(c.tool, c.args).Approval
		for _, approved := range []string{"", "yes", "true", other, own + " ", strings.ToUpper(own), own[:len(own)-1]} {
			r, err := d.call(tools.Caller{Person: true, Approved: approved, Now: time.Unix(1e9, 0)}, c.tool, c.args)
			var refused *tools.ApprovalError
			switch {
			case approved == "" && (err != nil || r.Approval != own):
				t.Errorf("%s %s: %+v, %v", c.tool, c.args, r, err)
			case approved != "" && (!errors.As(err, &refused) || refused.Now == nil || refused.Now.Approval != own):
				t.Errorf("%s %s with the approval %q: %v", c.tool, c.args, approved, err)
			}
			if after := d.state(); after != before {
				t.Fatalf("%s %s with the approval %q changed something:\n%s\n%s", c.tool, c.args, approved, before, after)
			}
		}
	}
}

func TestSaveSegment(t *testing.T) {
	d := newDesk(t)
	// Germany: c1, c2, c6. Two orders or more: c1, c3.
	args := `{"name": "  My   Germans ", "formula": "country=\"Germany\""}`
	r := d.preview("save_segment", args)
	want := map[string]any{"size": 3, "base": 8, "share": 0.375, "replaces": false}
	if !reflect.DeepEqual(r.Values, want) || len(r.Segments) != 1 || r.Segments[0].Name != "My Germans" || r.Segments[0].Text != `en words of country = "Germany"` {
		t.Errorf("preview %+v", r)
	}
	now := time.Date(2024, 7, 5, 12, 0, 0, 5, time.UTC)
	done, err := d.call(tools.Caller{Language: "es", Approved: r.Approval, Now: now}, "save_segment", args)
	must(t, err)
	if done.Title == r.Title || !reflect.DeepEqual(done.Values, want) {
		t.Errorf("done %+v", done)
	}
	kept, err := d.ws.Segments(t.Context())
	must(t, err)
	saved := store.Segment{Name: "My Germans", Formula: `country = "Germany"`, Text: `es words of country = "Germany"`, Created: now.Truncate(time.Second)}
	if len(kept) != 1 || !reflect.DeepEqual(kept[0], saved) {
		t.Errorf("kept %+v", kept)
	}
	// The yes was for a name that was free, so it is worth nothing again.
	if _, err := d.call(tools.Caller{Approved: r.Approval}, "save_segment", args); tools.NeedsApproval(err) == nil {
		t.Errorf("a second time: %v", err)
	}
	// Another definition of the name: c3 comes in, c2 and c6 leave.
	r = d.preview("save_segment", `{"name": "My Germans", "formula": "count(order) >= 2", "text": "buyers"}`)
	want = map[string]any{"size": 2, "base": 8, "share": 0.25, "replaces": true, "size_before": 3, "gained": 1, "lost": 2}
	if !reflect.DeepEqual(r.Values, want) || !strings.Contains(strings.Join(r.Notes, "\n"), `country = "Germany"`) || r.Segments[0].Text != "buyers" {
		t.Errorf("replacing: %+v", r)
	}
	if r = d.preview("save_segment", `{"name": "my germans", "formula": "everyone"}`); !strings.Contains(strings.Join(r.Notes, "\n"), "My Germans") {
		t.Errorf("a name but for its letters' size: %v", r.Notes)
	}
}

// A yes holds for what was shown: other arguments or other people are
// something else, other data that changes nothing of it is not.
func TestApprovalHoldsForWhatWasShown(t *testing.T) {
	d := newDesk(t)
	ctx := context.Background()
	src, err := d.ws.Source(ctx)
	must(t, err)
	at := src.Schema().Now()
	args := `{"name": "Germans", "formula": "country = \"Germany\""}`
	r, err := d.call(tools.Caller{AsOf: at}, "save_segment", args)
	must(t, err)
	for _, changed := range []string{
		`{"name": "Germany", "formula": "country = \"Germany\""}`, `{"name": "Germans", "formula": "country = \"France\""}`,
		`{"name": "Germans", "formula": "country = \"Germany\" and count(order) >= 0"}`, `{"name": "Germans", "formula": "country = \"Germany\"", "text": "x"}`,
	} {
		if _, err := d.call(tools.Caller{AsOf: at, Approved: r.Approval}, "save_segment", changed); tools.NeedsApproval(err) == nil {
			t.Errorf("%s under the approval of %s: %v", changed, args, err)
		}
	}
	if _, err := d.call(tools.Caller{AsOf: at.AddDate(0, 0, -1), Approved: r.Approval}, "save_segment", args); tools.NeedsApproval(err) == nil {
		t.Errorf("as of another day: %v", err)
	}
	// A visit makes nobody German.
	batch, err := d.ws.Import(ctx)
	must(t, err)
	who := batch.Customers().Code([]byte("c1")) - 1
	_, err = batch.AddRows(ctx, "visit", &column.Rows{Customers: []uint32{who}, Times: []int64{at.Add(-time.Hour).UnixMicro()}, Props: map[string]*column.Column{}})
	must(t, err)
	must(t, batch.Commit(ctx))
	again, err := d.call(tools.Caller{AsOf: at}, "save_segment", args)
	must(t, err)
	if again.Fingerprint == r.Fingerprint || again.Approval != r.Approval {
		t.Errorf("other data, the same figures: prints %s and %s, approvals %s and %s", r.Fingerprint, again.Fingerprint, r.Approval, again.Approval)
	}
	// A fourth German is another answer.
	batch, err = d.ws.Import(ctx)
	must(t, err)
	who = batch.Customers().Code([]byte("c4")) - 1
	germany := batch.Words(segment.FieldRef{Name: "country"}).Code([]byte("Germany"))
	_, err = batch.SetTrait(ctx, "country", []uint32{who}, &column.Column{Kind: column.Text, Codes: []uint32{germany}})
	must(t, err)
	must(t, batch.Commit(ctx))
	before := d.state()
	if _, err := d.call(tools.Caller{AsOf: at, Approved: r.Approval}, "save_segment", args); tools.NeedsApproval(err) == nil || d.state() != before {
		t.Errorf("four Germans under the approval of three: %v", err)
	}
}

func TestDeleteSegment(t *testing.T) {
	d := newDesk(t)
	d.approve("save_segment", `{"name": "Germans", "formula": "country = \"Germany\""}`)
	d.approve("save_segment", `{"name": "Buying Germans", "formula": "segment \"Germans\" and count(order) >= 1"}`)
	r := d.preview("delete_segment", `{"name": "GERMANS"}`)
	if r.Values["size"] != 3 || r.Segments[0].Name != "Germans" || len(r.Rows) != 1 || r.Rows[0][0] != "Buying Germans" || len(r.Notes) != 1 {
		t.Errorf("%+v", r)
	}
	d.approve("delete_segment", `{"name": "germans"}`)
	kept, err := d.ws.Segments(t.Context())
	must(t, err)
	if len(kept) != 1 || kept[0].Name != "Buying Germans" {
		t.Errorf("kept %+v", kept)
	}
	// One that no longer fits the data can go too.
	d.approve("delete_segment", `{"name": "Buying Germans"}`)
	if kept, err = d.ws.Segments(t.Context()); err != nil || len(kept) != 0 {
		t.Errorf("kept %+v, %v", kept, err)
	}
}

func TestSetWord(t *testing.T) {
	d := newDesk(t)
	// The best of five buyers by spend is c2 with 100.00.
	r := d.preview("set_word", `{"word": "VIP", "meaning": "top 1 by sum( order.amount )"}`)
	if r.Values["size"] != 1 || r.Segments[0].Formula != "top 1 by sum(order.amount)" || r.Segments[0].Name != "VIP" {
		t.Errorf("%+v", r)
	}
	d.approve("set_word", `{"word": "VIP", "meaning": "top 1 by sum( order.amount )"}`)
	// 10 + 5.50 + 20 + 30 + 100 + 7.25 + 8.75 + 50 + 20 = 251.50, less 5.
	if r = d.preview("set_word", `{"word": "takings", "meaning": "sum(order.amount) - sum(refund.amount)"}`); r.Values["sum(order.amount) - sum(refund.amount)"] != "246.50" {
		t.Errorf("%+v", r)
	}
	d.approve("set_word", `{"word": "takings", "meaning": "sum(order.amount) - sum(refund.amount)"}`)
	words := func() string {
		src, err := d.ws.Source(t.Context())
		must(t, err)
		return string(jsonOf(t, src.Schema().Words))
	}
	if got := words(); !strings.Contains(got, "top 1 by sum(order.amount)") || !strings.Contains(got, "takings") {
		t.Errorf("words %s", got)
	}
	// A word keeps its spelling; what it meant before is told.
	if r = d.preview("set_word", `{"word": "vip", "meaning": "age > 30"}`); !strings.Contains(r.Notes[0], "top 1 by") || !strings.Contains(r.Title, "VIP") {
		t.Errorf("%+v", r)
	}
	d.approve("set_word", `{"word": "vip"}`)
	if got := words(); strings.Contains(strings.ToLower(got), "vip") || !strings.Contains(got, "takings") {
		t.Errorf("words %s", got)
	}
}

func TestFaultsOfWritingTools(t *testing.T) {
	d := newDesk(t)
	d.approve("save_segment", `{"name": "Germans", "formula": "country = \"Germany\""}`)
	must(t, os.MkdirAll(d.folder, 0o755))
	must(t, os.WriteFile(filepath.Join(d.folder, "there.csv"), []byte("mine"), 0o600))
	before := d.state()
	for _, c := range []struct{ tool, args, field, contains, nearest string }{
		{"save_segment", `{"name": " ", "formula": "everyone"}`, "name", "empty", ""},
		{"save_segment", `{"name": "a\u0007b", "formula": "everyone"}`, "name", "U+0007", ""},
		{"save_segment", `{"name": "` + strings.Repeat("x", 121) + `", "formula": "everyone"}`, "name", "121 bytes", ""},
		{"save_segment", `{"name": "A", "formula": "contry = \"Germany\""}`, "formula", "at 1", "country"},
		{"save_segment", `{"name": "Germans", "formula": "segment \"Germans\" or age > 3"}`, "formula", "own definition", ""},
		{"delete_segment", `{"name": "Grmans"}`, "name", "no segment", "Germans"},
		{"set_word", `{"word": "a=b", "meaning": "everyone"}`, "word", "sign", ""},
		{"set_word", `{"word": "GGR", "meaning": "sum(ordr.amount)"}`, "meaning", "", "order"},
		{"set_word", `{"word": "VIP", "meaning": "age > "}`, "meaning", "at ", ""},
		{"set_word", `{"word": "VIP"}`, "word", "to forget", ""},
		{"export_segment", `{"formula": "Grmans"}`, "formula", "", "Germans"},
		{"export_segment", `{"formula": "everyone", "file": "../../etc/cron.csv"}`, "file", "plain file name", ""},
		{"export_segment", `{"formula": "everyone", "file": "/tmp/x.csv"}`, "file", "plain file name", ""},
		{"export_segment", `{"formula": "everyone", "file": ".."}`, "file", "plain file name", ""},
		{"export_segment", `{"formula": "everyone", "file": "below/x.csv"}`, "file", "plain file name", ""},
		{"export_segment", `{"formula": "everyone", "file": "c:x.csv"}`, "file", "plain file name", ""},
		{"export_segment", `{"formula": "everyone", "file": ".bashrc"}`, "file", "plain file name", ""},
		{"export_segment", `{"formula": "everyone", "file": "there.csv"}`, "file", "not overwritten", ""},
		{"export_segment", `{"formula": "everyone", "file": "there"}`, "file", "not overwritten", ""},
		{"export_segment", `{"formula": "everyone", "with": ["email"]}`, "with", "personal data", ""},
		{"export_segment", `{"formula": "everyone", "format": "xlsx"}`, "format", "csv", ""},
	} {
		_, err := d.call(tools.Caller{Language: "en"}, c.tool, c.args)
		var bad *tools.ArgumentError
		if !errors.As(err, &bad) || bad.Field != c.field || !strings.Contains(bad.Message, c.contains) || !strings.Contains(strings.Join(bad.Nearest, " "), c.nearest) {
			t.Errorf("%s %s: %v, want %s: …%s… nearest %s", c.tool, c.args, err, c.field, c.contains, c.nearest)
		}
	}
	if after := d.state(); after != before {
		t.Errorf("faults changed something:\n%s\n%s", before, after)
	}
	if _, err := tools.NewBox(d.ws).Call(t.Context(), tools.Caller{}, "export_segment", json.RawMessage(`{"formula": "everyone"}`)); !errors.As(err, new(*tools.CannotError)) {
		t.Errorf("without a folder: %v", err)
	}
}

// Of many who say yes at once, one does it.
func TestManyApprovalsAtOnceWriteOnce(t *testing.T) {
	d := newDesk(t)
	for tool, args := range map[string]string{
		"export_segment": `{"formula": "everyone", "file": "all.csv"}`,
		"save_segment":   `{"name": "All", "formula": "everyone"}`,
		"set_word":       `{"word": "all", "meaning": "everyone"}`,
		"tag_customers":  `{"formula": "everyone", "tag": "all"}`,
	} {
		r := d.preview(tool, args)
		var wait sync.WaitGroup
		var done atomic.Int32
		for range 8 {
			wait.Go(func() {
				if _, err := d.call(tools.Caller{Language: "en", Approved: r.Approval}, tool, args); err == nil {
					done.Add(1)
				}
			})
		}
		wait.Wait()
		if done.Load() != 1 {
			t.Errorf("%s: done %d times", tool, done.Load())
		}
	}
	if list, err := os.ReadDir(d.folder); err != nil || len(list) != 1 {
		t.Errorf("%d files, %v", len(list), err)
	}
}
