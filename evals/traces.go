package evals

import (
	"context"
	"sync"
	"time"

	"tesela/agent/trace"
	"tesela/store"
	"tesela/tools"
)

// traces hands on what turns over one data set did, with nothing personal in
// it.
type traces struct {
	to    func(*trace.Trace)
	clock func() time.Time
	ws    store.Workspace

	once   sync.Once
	search *tools.PersonalSearch // nil where there can be none
}

// Keep hands a turn's trace on.
func (t *traces) Keep(n *trace.Notes) {
	t.once.Do(func() {
		if found, err := tools.NewPersonalSearch(context.Background(), t.ws); err == nil {
			t.search = found
		}
	})
	if masked, err := n.Trace().Mask(t.search, nil, "personal data could not be looked for"); err == nil {
		t.to(masked)
	}
}

// Clock times the turns, which have no clock of their own here.
func (t *traces) Clock() func() time.Time { return t.clock }
