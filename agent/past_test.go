package agent

import (
	"encoding/json"
	"fmt"
	"reflect"
	"sync"
	"testing"
	"time"

	"tesela/agent/model"
	"tesela/store"
	"tesela/tools"
)

// keptTurn is a turn of some session with one call.
func keptTurn(t *testing.T, id string, size int, status model.Status) store.Turn {
	t.Helper()
	a := &Answer{
		ID: id, Question: "how many " + id, Language: " pt", Status: status, Understood: "all of them", Model: "m",
		AsOf: time.Unix(0, 0).UTC(),
		Calls: []CallRecord{
			{Tool: "count_segment", Args: json.RawMessage(`{"formula":"everyone"}`), Result: &tools.Result{
				Values: map[string]any{"size": size}, Rows: [][]any{{"a", 1}, {"b", 2}},
			}},
			{Tool: "measure", Args: json.RawMessage(`{}`), Error: "no"},
		},
	}
	body, err := a.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	return store.Turn{ID: id, Question: a.Question, Answer: body}
}

// What is kept of earlier turns says what reading them anew does, whoever asks
// at once and however the session has grown; a turn that says something else
// under the same id is read again.
func TestPast(t *testing.T) {
	var all []store.Turn
	for i := range 2 * pastTurns {
		status := model.Answered
		switch i % 5 {
		case 2:
			status = model.Failed
		case 3:
			status = model.Clarify
		}
		all = append(all, keptTurn(t, fmt.Sprint("t", i), i, status))
	}
	all = append(all, store.Turn{ID: "odd", Question: "q", Answer: []byte("{")})
	var past Past
	var none *Past
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for n := range len(all) + 1 {
				if kept, read := past.history(all[:n]), none.history(all[:n]); !reflect.DeepEqual(kept, read) {
					t.Errorf("%d turns: %v, not %v", n, kept, read)
				}
				if kept, read := past.newest(all[:n]), none.newest(all[:n]); kept != read || n > 0 && kept != "pt" {
					t.Errorf("%d turns: in %q, not %q", n, kept, read)
				}
			}
		})
	}
	readers.Wait()
	said := past.history(all[:1])
	if len(said) != 3 || said[2].CallID != said[1].Calls[0].ID || len(said[1].Calls) != 1 || string(said[2].Result) == "" {
		t.Fatalf("%v", said)
	}
	again := keptTurn(t, "t0", 77, model.Answered)
	if now := past.history([]store.Turn{again}); reflect.DeepEqual(now, said) {
		t.Error("what the turn said before is said still")
	}
	for i := range 2 * mostEarlier {
		past.earlier(keptTurn(t, fmt.Sprint("more", i), i, model.Answered))
	}
	if len(past.held) > mostEarlier {
		t.Errorf("%d turns are kept", len(past.held))
	}
}
