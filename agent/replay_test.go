package agent

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"tesela/agent/model"
	"tesela/tools"
)

func TestReplay(t *testing.T) {
	m := &script{replies: []func(func(model.Delta, error) bool){says(count, calls("save_segment", `{"name":"x"}`))}}
	answer, _ := ask(t, New(Config{Workspace: &workspace{}, Tools: &box{}, Model: m, Language: "es"}), "guárdalo")
	kept, err := json.MarshalIndent(answer, "", "  ") // as an exported file may look
	if err != nil {
		t.Fatal(err)
	}
	replay := func(run func() (*tools.Result, error), data string) *Replayed {
		t.Helper()
		b := &box{run: func(_ context.Context, who tools.Caller, name string, args json.RawMessage) (*tools.Result, error) {
			if who.Language != "es" || !who.AsOf.Equal(answer.AsOf) || name != "count_segment" || !strings.Contains(string(args), "count(order)") {
				t.Errorf("called %s %s by %+v", name, args, who)
			}
			return run()
		}}
		r, err := Replay(t.Context(), b, kept, data, false)
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Calls) != 1 {
			t.Fatalf("%d calls: the one that writes must not run", len(r.Calls))
		}
		return r
	}
	r := replay(func() (*tools.Result, error) { return counted(), nil }, "sha256:data")
	if !r.Same || len(r.Changed) != 0 || r.ID != answer.ID || len(r.Calls[0].Differences) != 0 {
		t.Errorf("the same: %+v", r)
	}
	r = replay(func() (*tools.Result, error) {
		c := counted()
		c.Values["size"] = 1116
		c.Values["ties"] = 2
		c.Rows = append(c.Rows, []any{"more", nil})
		return c, nil
	}, "sha256:other")
	var got []string
	for _, d := range r.Calls[0].Differences {
		got = append(got, d.Path+" "+string(d.Then)+" "+string(d.Now))
	}
	if want := `rows[1] null ["more",null]; values.size 1115 1116; values.ties null 2`; r.Same || strings.Join(got, "; ") != want || strings.Join(r.Changed, ",") != "data" {
		t.Errorf("changed %v, differences %q, want %q", r.Changed, got, want)
	}
	r = replay(func() (*tools.Result, error) { return nil, errors.New("unknown event order") }, "sha256:data")
	if r.Same || r.Calls[0].Same {
		t.Errorf("a call that fails now: %+v", r)
	}
}

func TestReplayRefusesWhatIsNoAnswer(t *testing.T) {
	for _, text := range []string{``, `[]`, `{}`, `{"status":"answered"}`, `{"calls":3}`} {
		if _, err := Replay(t.Context(), &box{}, json.RawMessage(text), "", false); err == nil {
			t.Errorf("%q was replayed", text)
		}
	}
}
