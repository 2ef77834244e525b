package chat

import (
	"context"
	"iter"

	tea "charm.land/bubbletea/v2"

	"tesela/agent"
	"tesela/agent/model"
	"tesela/agent/wording"
)

// approval holds the calls that wait for a yes or a no, the first of them
// next. Anything else that is typed is a question, and leaves them undecided.
type approval struct{ ids []string }

// offer takes up what an answer waits with.
func (p *approval) offer(a *agent.Answer) {
	p.ids = nil
	if a.Status != model.Approve {
		return
	}
	for _, call := range a.Calls {
		if call.Approval != "" {
			p.ids = append(p.ids, call.Approval)
		}
	}
}

func (p *approval) open() bool { return len(p.ids) > 0 }

// approve takes a text as the answer to what waits; false where nothing waits
// or it is neither yes nor no.
func (m *Model) approve(text string) (tea.Cmd, bool) {
	yes, said := wording.YesOrNo(text)
	if !said || !m.waiting.open() || m.config.Decide == nil {
		return nil, false
	}
	id := m.waiting.ids[0]
	m.waiting.ids = m.waiting.ids[1:]
	decide := m.config.Decide
	return m.start(text, func(ctx context.Context, language string) iter.Seq2[agent.Event, error] {
		return decide(ctx, language, id, yes)
	}), true
}
