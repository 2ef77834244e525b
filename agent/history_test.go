package agent

import (
	"testing"

	"tesela/agent/model"
)

// A session of many turns is read no further back than is of use, and every
// turn of it is kept under an id of its own, also where it is the same question
// again and again.
func TestLongSessions(t *testing.T) {
	w := &workspace{}
	m := &script{replies: []func(func(model.Delta, error) bool){says(calls("count_segment", `{"formula":"everyone"}`)), says()}}
	const turns = 3 * readTurns
	ids := map[string]bool{}
	for range turns {
		m.requests = nil
		a, _ := ask(t, New(Config{Workspace: w, Tools: &box{}, Model: m, Session: "long"}), "how many?")
		ids[a.ID] = true
	}
	if len(ids) != turns || len(w.turns) != turns {
		t.Errorf("%d turns have %d ids, and %d are kept", turns, len(ids), len(w.turns))
	}
	if w.read != readTurns {
		t.Errorf("%d turns were read at once", w.read)
	}
}
