package agent

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

	"tesela/agent/model"
	"tesela/tools"
)

// keptCount is an answer over the small box, as it is kept.
func keptCount(t testing.TB, program string) (*Answer, json.RawMessage) {
	t.Helper()
	m := &script{replies: []func(func(model.Delta, error) bool){says(count)}}
	c := New(Config{Workspace: &workspace{}, Tools: &box{}, Model: m, Language: "es", Program: program})
	var answer *Answer
	for e, err := range c.Ask(context.Background(), "¿cuántos?") {
		if err != nil {
			t.Fatal(err)
		}
		if e.Answer != nil {
			answer = e.Answer
		}
	}
	b, err := answer.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	return answer, b
}

// presentBox is the small box as it is now.
func presentBox(program string, change func(*tools.Result)) Present {
	d := tools.Definitions{Zone: "UTC"}
	return Present{
		Data: "sha256:data", Imported: "sha256:imported", Program: program, Definitions: &d,
		Tools: &box{run: func(context.Context, tools.Caller, string, json.RawMessage) (*tools.Result, error) {
			r := counted()
			if change != nil {
				change(r)
				r.Fingerprint = "sha256:of the changed result"
			}
			return r, nil
		}},
	}
}

func TestReplayTellsVersionAndWordingApart(t *testing.T) {
	answer, kept := keptCount(t, "1.0")
	if answer.Basis == nil || answer.Basis.Program != "1.0" || answer.Basis.Imported != "sha256:imported" || !strings.HasPrefix(answer.Digest, "sha256:") {
		t.Fatalf("%+v, %s", answer.Basis, answer.Digest)
	}
	zone := answer.Basis.Definitions.Zone
	for _, c := range []struct {
		what, program    string
		change           func(*tools.Result)
		changed, because string
		same, figures    bool
	}{
		{"nothing", "1.0", nil, "", "", true, true},
		{"another version", "1.1", nil, "version", "", true, true},
		{"its title", "1.1", func(r *tools.Result) { r.Title = "Clientes" }, "version locale", "", false, true},
		{"its notes", "1.1", func(r *tools.Result) { r.Notes = []string{"ties"} }, "version", "", false, true},
		{"a note where there was none", "1.0", func(r *tools.Result) { r.Notes = []string{"ties"} }, "locale", "", false, true},
		{"more is told", "1.1", func(r *tools.Result) { r.Values["gone"] = 7 }, "version", "", false, true},
		{"more is told by the same version", "1.0", func(r *tools.Result) { r.Values["gone"] = 7 }, "", "program", false, false},
		{"a figure", "1.1", func(r *tools.Result) { r.Values["size"] = 1116 }, "version", "version", false, false},
		{"a figure less", "1.1", func(r *tools.Result) { delete(r.Values, "base") }, "version", "version", false, false},
		{"a unit", "1.1", func(r *tools.Result) { r.Units["size"] = "people" }, "version", "version", false, false},
		{"a cell", "1.0", func(r *tools.Result) { r.Rows[0][1] = 1116 }, "", "program", false, false},
	} {
		p := presentBox(c.program, c.change)
		p.Definitions.Zone = zone
		r, err := p.Replay(t.Context(), kept)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Join(r.Changed, " ") != c.changed || strings.Join(r.Because, " ") != c.because || r.Same != c.same || r.Figures != c.figures {
			t.Errorf("%s: changed %v because of %v, same %v, figures %v: %+v", c.what, r.Changed, r.Because, r.Same, r.Figures, r.Calls)
		}
	}
}

// Data and a definition changed together: which of them moved the figures is
// tried under the definitions of then.
func TestReplayTriesTheDefinitionsOfThen(t *testing.T) {
	_, kept := keptCount(t, "1.0")
	size := func(n int) *box {
		return &box{run: func(context.Context, tools.Caller, string, json.RawMessage) (*tools.Result, error) {
			r := counted()
			r.Values["size"], r.Fingerprint = n, "sha256:other"
			return r, nil
		}}
	}
	for _, c := range []struct {
		now, under int
		because    string
	}{
		{1200, 1115, "definition"},
		{1200, 1200, "data"},
		{1200, 1150, "data definition"},
	} {
		p := presentBox("1.0", nil)
		p.Imported, p.Data = "sha256:more", "sha256:both"
		p.Definitions.Roles = map[string]string{"purchase": "deposit"}
		p.Tools, p.Under = size(c.now), func(tools.Definitions) tools.Runner { return size(c.under) }
		r, err := p.Replay(t.Context(), kept)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Join(r.Because, " ") != c.because || !slices.Contains(r.Changed, "data") || !slices.Contains(r.Changed, "definition") {
			t.Errorf("%+v: %v because of %v", c, r.Changed, r.Because)
		}
	}
}

// The digest holds whatever lays the file out, and no content can change
// beneath it.
func TestDigest(t *testing.T) {
	answer, kept := keptCount(t, "1.0")
	var indented bytes.Buffer
	if err := json.Indent(&indented, kept, "\t", "  "); err != nil {
		t.Fatal(err)
	}
	var v map[string]any
	if err := json.Unmarshal(kept, &v); err != nil {
		t.Fatal(err)
	}
	v["elapsed_ms"], v["usage"] = 3.5, map[string]any{"rounds": 2}
	again, err := json.Marshal(v) // floats in another form, < and > escaped
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []json.RawMessage{kept, indented.Bytes(), again} {
		if d, err := digestOf(text); err != nil || d != answer.Digest {
			t.Errorf("%s, %v, want %s", d, err, answer.Digest)
		}
	}
	for name := range v {
		if slices.Contains(outsideDigest, name) {
			continue
		}
		was := v[name]
		v[name] = "x"
		text, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		if d, err := digestOf(text); err != nil || d == answer.Digest {
			t.Errorf("%s can change beneath the digest", name)
		}
		v[name] = was
	}
	v["added"] = 1
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	if d, err := digestOf(text); err != nil || d == answer.Digest {
		t.Error("a field can be added beneath the digest")
	}
}

// A file that withholds what it must not, or that says it withholds what is
// there, is compared in full.
func TestWithheldIsBoundByTheFingerprint(t *testing.T) {
	_, kept := keptCount(t, "1.0")
	personal := tools.PersonalParts{Rows: []bool{true}}
	bare, err := Withhold(kept, personal)
	if err != nil || bytes.Contains(bare, []byte("count(order) >= 5\",1115")) {
		t.Fatalf("%s, %v", bare, err)
	}
	p := presentBox("1.0", nil)
	same := func(text json.RawMessage) *Replayed {
		r, err := p.Replay(t.Context(), text)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	if r := same(bare); !r.Figures || slices.Contains(r.Changed, "file") || len(r.Calls[0].Withheld) != 1 {
		t.Errorf("%+v", r)
	}
	for _, c := range [][2]string{
		{`"sha256:1115"`, `"sha256:1116"`},
		{`"size":1115`, `"size":1116`},
		{`"withheld":["rows"]`, `"withheld":["rows","values","fingerprint"],"x":1`},
		{`"fingerprint":"sha256:1115",`, ``},
	} {
		forged := strings.Replace(string(bare), c[0], c[1], 1)
		if forged == string(bare) {
			t.Fatalf("%s is not in %s", c[0], bare)
		}
		r := same(json.RawMessage(forged))
		if r.Same || !slices.Contains(r.Changed, "file") {
			t.Errorf("%s passes: %+v", c[1], r)
		}
	}
	if _, err := Withhold(kept, tools.PersonalParts{Rows: []bool{false}, Elsewhere: "the question"}); err == nil {
		t.Error("withholds what is in the question")
	}
}

// Whatever a file holds, reading and replaying it ends, with an answer or with
// a refusal that says what was expected.
func FuzzReplay(f *testing.F) {
	_, kept := keptCount(f, "1.0")
	f.Add([]byte(kept))
	files, err := filepath.Glob("../cmd/tesela/testdata/answers/0.*/*.json")
	if err != nil {
		f.Fatal(err)
	}
	for i, name := range files {
		if i%6 == 0 {
			text, err := os.ReadFile(name)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(text)
		}
	}
	for _, s := range []string{
		``, `{}`, `null`, `[]`, `{"status":"answered","as_of":"2024-01-01T00:00:00Z","calls":[{"tool":"a","args":{},"result":{"rows":[[],[1],null,3]}}]}`,
		`{"status":"answered","STATUS":"error","as_of":"2024-01-01T00:00:00Z","basis":null,"calls":null,"notes":[""],"withheld":["text"]}`,
		`{"status":"answered","as_of":"9999-12-31T23:59:59Z","calls":[{"tool":"a","result":{"values":{"x":1e400}},"withheld":["rows"]}]}`,
	} {
		f.Add([]byte(s))
	}
	p := presentBox("1.0", nil)
	p.Under = func(tools.Definitions) tools.Runner { return p.Tools }
	f.Fuzz(func(t *testing.T, text []byte) {
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		r, err := p.Replay(ctx, text)
		if err != nil {
			if !strings.HasPrefix(err.Error(), "read the answer: ") || !strings.Contains(err.Error(), "expected an answer") {
				t.Fatalf("%v", err)
			}
			return
		}
		if r.Same && !r.Figures || r.Figures != (len(r.Because) == 0) {
			t.Fatalf("%+v", r)
		}
		if _, err := json.Marshal(r); err != nil {
			t.Fatal(err)
		}
	})
}

// What a person decided is not done again; but a call that writes stands only
// in an answer that waits or was decided.
func TestReplayLeavesWhatWrites(t *testing.T) {
	p := presentBox("1.0", nil)
	const call = `"calls":[{"tool":"save_segment","args":{"name":"x"},"result":{"title":"saved","fingerprint":"sha256:x"}}]`
	for text, file := range map[string]bool{
		`{"status":"answered","as_of":"2024-01-01T00:00:00Z","decided":{"approved":true},` + call + `}`: false,
		`{"status":"approve","as_of":"2024-01-01T00:00:00Z",` + call + `}`:                              false,
		`{"status":"answered","as_of":"2024-01-01T00:00:00Z",` + call + `}`:                             true,
		`{"status":"answered","as_of":"2024-01-01T00:00:00Z","text":"**918** customers"}`:               true,
		`{"status":"clarify","as_of":"2024-01-01T00:00:00Z","text":"Which?"}`:                           false,
	} {
		r, err := p.Replay(t.Context(), json.RawMessage(text))
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Calls) > 0 || r.Same == file || slices.Contains(r.Changed, "file") != file || p.Tools.(*box).calls.Load() > 0 {
			t.Errorf("%s: %+v", text, r)
		}
	}
}
