package prompting

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"tesela/agent/model"
)

// result is one of so many bytes of rows, and so many of values.
func result(rows, values int) json.RawMessage {
	r := map[string]any{
		"title": "Revenue by country", "fingerprint": "sha256:" + strings.Repeat("f", 64), "chart": map[string]string{"type": "bar"},
		"columns": []map[string]string{{"name": "country", "kind": "text"}},
		"values":  map[string]string{"size": strings.Repeat("7", values)},
	}
	var list [][]string
	for i := 0; i*40 < rows; i++ {
		list = append(list, []string{fmt.Sprintf("row %d", i), strings.Repeat("x", 28)})
	}
	if list != nil {
		r["rows"] = list
	}
	b, _ := json.Marshal(r)
	return b
}

// session is so many turns of calls with results, and a question.
func session(turns, calls, rows, values int) model.Request {
	r := asking("and by month?")
	var past []model.Message
	for i := range turns {
		said := model.Message{Role: model.Assistant, Reply: &model.Decision{Status: model.Answered}}
		var results []model.Message
		for j := range calls {
			id := fmt.Sprintf("turn-%d-%d", i+1, j+1)
			said.Calls = append(said.Calls, model.Call{ID: id, Name: "count_segment", Args: json.RawMessage(`{"formula":"everyone"}`)})
			results = append(results, model.Message{Role: model.ToolRole, CallID: id, Result: result(rows, values)})
		}
		past = append(past, model.Message{Role: model.User, Text: fmt.Sprintf("question %d", i+1)}, said)
		past = append(past, results...)
	}
	r.Messages = append(past, r.Messages...)
	return r
}

// However long a session and large its results, what is told of it keeps to
// its bound; the newest turns are there, and every call has its result.
func TestLongSessionIsBounded(t *testing.T) {
	w := writer(t)
	base := Tokens(w.Write(asking("and by month?")).Size())
	for _, c := range []struct{ turns, calls, rows, values, least int }{
		{1, 1, 0, 5, 1},
		{12, 3, 0, 50, 12},   // small: all there
		{12, 4, 0, 900, 4},   // figures that are many
		{12, 8, 20000, 5, 4}, // rows that are many
		{12, 8, 0, 10000, 4}, // values beyond all measure
		{400, 2, 0, 20, 12},
	} {
		p := w.Write(session(c.turns, c.calls, c.rows, c.values))
		added := Tokens(p.Size()) - base
		// The newest turn stays whatever it takes, its results bounded each.
		if most := w.History + 8*Tokens(mostThin+200); added > most {
			t.Errorf("%+v: %d tokens of earlier turns, more than %d", c, added, most)
		}
		questions, open := 0, map[string]bool{}
		next := c.turns
		for i := len(p.Messages) - 2; i > 0; i-- {
			m := p.Messages[i]
			switch m.Role {
			case model.User:
				questions++
				if want := fmt.Sprintf("question %d", next); m.Text != want {
					t.Errorf("%+v: %q, not %q", c, m.Text, want)
				}
				next--
			case model.ToolRole:
				open[m.CallID] = true
			case model.Assistant:
				for _, call := range m.Calls {
					if !open[call.ID] {
						t.Errorf("%+v: call %s has no result", c, call.ID)
					}
					delete(open, call.ID)
				}
			}
		}
		if questions < c.least || len(open) > 0 {
			t.Errorf("%+v: %d questions, and results of no call %v", c, questions, open)
		}
	}
}

// A result of the turn at hand is told without what says nothing to a model,
// and with as many rows as there is room for.
func TestReadable(t *testing.T) {
	for in, want := range map[string]string{
		`{"title":"T","values":{"size":3},"columns":[{"name":"a"}],"rows":[[1]],"chart":{"x":"a"},"fingerprint":"sha256:0"}`: `{"title":"T","values":{"size":3},"columns":[{"name":"a"}],"rows":[[1]]}`,
		`{"title":"T","columns":[{"name":"a"}],"fingerprint":"f"}`:                                                           `{"title":"T"}`,
		`{"values":{"size": 10}}`: `{"values":{"size": 10}}`,
		`{"error":"no <b>"}`:      `{"error":"no <b>"}`,
		`[1,2]`:                   `[1,2]`,
	} {
		if got := string(readable(json.RawMessage(in))); got != want {
			t.Errorf("%s\nis told as %s\nnot        %s", in, got, want)
		}
	}
	for _, c := range []struct{ rows, values int }{{60_000, 5}, {200_000, 5}, {0, 100_000}, {60_000, 100_000}} {
		told := readable(result(c.rows, c.values))
		var r struct {
			Title string
			Rows  [][]string
			Total int `json:"rows_total"`
			Left  []string
		}
		if err := json.Unmarshal(told, &r); err != nil || len(told) > mostResult || r.Title != "Revenue by country" {
			t.Fatalf("%+v: %d bytes, %v", c, len(told), err)
		}
		if c.rows > 0 && c.values < 100 && (r.Total*40 < c.rows || len(r.Rows) < 100 || r.Rows[0][0] != "row 0") {
			t.Errorf("%+v: %d of %d rows", c, len(r.Rows), r.Total)
		}
		if c.values > 100 && !strings.Contains(string(told), `"left_out":["`) {
			t.Errorf("%+v: it is not said what is left out", c)
		}
	}
	if got := string(readable(json.RawMessage(`[` + strings.Repeat("1,", mostResult) + `1]`))); got != `"too long to show"` {
		t.Errorf("%d bytes", len(got))
	}
}

func TestInFront(t *testing.T) {
	p := Prompt{Messages: []Message{{Role: model.System, Text: "told"}, {Role: model.Assistant, Text: "a"}, {Role: model.User, Text: "q"}, {Role: model.User, Text: "r"}}}
	got := p.InFront()
	if len(got.Messages) != 3 || got.Messages[1].Text != "told\n\n# The user's words\nq" || got.Messages[2].Text != "r" || p.Messages[2].Text != "q" {
		t.Errorf("%+v", got)
	}
	if got := (Prompt{Messages: []Message{{Role: model.System, Text: "told"}}}).InFront(); len(got.Messages) != 1 || got.Messages[0].Role != model.User {
		t.Errorf("%+v", got)
	}
	if got := got.InFront(); len(got.Messages) != 3 {
		t.Errorf("twice: %+v", got)
	}
}
