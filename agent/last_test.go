package agent

import (
	"testing"

	"tesela/agent/model"
)

// The last answer of a session is the one kept last, also by a conversation
// that began later, and none of another session.
func TestLast(t *testing.T) {
	m := &script{replies: []func(func(model.Delta, error) bool){says(count), says()}}
	ws := &workspace{}
	c := New(Config{Workspace: ws, Tools: &box{}, Model: m, Session: "a"})
	if a, err := c.Last(t.Context()); a != nil || err != nil {
		t.Fatalf("%+v, %v before anything was asked", a, err)
	}
	told, _ := ask(t, c, "how many ordered five times?")
	for session, want := range map[string]string{"a": told.ID, "b": "", "": ""} {
		later := New(Config{Workspace: ws, Tools: &box{}, Model: m, Session: session})
		a, err := later.Last(t.Context())
		if err != nil || (a != nil) != (want != "") || a != nil && a.ID != want {
			t.Errorf("session %q: %+v, %v; want %q", session, a, err, want)
		}
	}
}

// What the workspace could not keep is remembered by its own conversation.
func TestLastOfWhatIsNotKept(t *testing.T) {
	m := &script{replies: []func(func(model.Delta, error) bool){says(count), says()}}
	c := New(Config{Tools: &box{}, Model: m, Session: "a"})
	told, _ := ask(t, c, "how many ordered five times?")
	if a, err := c.Last(t.Context()); err != nil || a == nil || a.ID != told.ID {
		t.Errorf("%+v, %v; want %s", a, err, told.ID)
	}
}
