package chat

import (
	"context"
	"iter"
	"time"

	tea "charm.land/bubbletea/v2"

	"tesela/agent"
	"tesela/tools"
)

// run is a question being answered.
type run struct {
	entry    *entry
	cancel   context.CancelFunc
	events   chan tea.Msg
	finished chan struct{} // closed once the stream has ended
}

// eventMsg is a step of a run, doneMsg its end.
type (
	eventMsg struct {
		run   *run
		event agent.Event
	}
	doneMsg struct {
		run *run
		err error
	}
	describedMsg struct {
		entry  *entry
		result *tools.Result
		err    error
	}
	tickMsg struct{ run *run }
)

// ask starts a question; its events come as messages. The stream starts once
// the one before has ended: a conversation takes one question at a time.
func (m *Model) ask(question string) tea.Cmd {
	m.waiting = approval{}
	answer := m.config.Ask
	return m.start(question, func(ctx context.Context, language string) iter.Seq2[agent.Event, error] {
		return answer(ctx, language, question)
	})
}

// start runs what comes of a text.
func (m *Model) start(question string, answer func(ctx context.Context, language string) iter.Seq2[agent.Event, error]) tea.Cmd {
	ctx, cancel := context.WithCancel(m.ctx)
	r := &run{
		entry: m.history.add(&entry{question: question}), cancel: cancel,
		events: make(chan tea.Msg, 16), finished: make(chan struct{}),
	}
	before, language := m.last, m.language
	m.running, m.last = r, r
	m.picker.clear()
	m.offers.clear()
	m.history.follow()
	stream := func() tea.Msg {
		defer close(r.finished)
		defer close(r.events)
		defer cancel()
		if before != nil {
			<-before.finished
		}
		for e, err := range answer(ctx, language) {
			var msg tea.Msg = eventMsg{r, e}
			if err != nil {
				msg = doneMsg{r, err}
			}
			select {
			case r.events <- msg:
			case <-ctx.Done():
				return nil
			}
			if err != nil {
				return nil
			}
		}
		select {
		case r.events <- doneMsg{run: r}:
		case <-ctx.Done():
		}
		return nil
	}
	return tea.Batch(stream, r.listen, r.tick())
}

// listen waits for a run's next message; nil after the last.
func (r *run) listen() tea.Msg {
	msg, ok := <-r.events
	if !ok {
		return nil
	}
	return msg
}

// tick moves the sign that something is going on.
func (r *run) tick() tea.Cmd {
	return tea.Tick(120*time.Millisecond, func(time.Time) tea.Msg { return tickMsg{r} })
}

// stop cancels the running question; what it has shown stays.
func (m *Model) stop() {
	if m.running == nil {
		return
	}
	m.running.cancel()
	m.running.entry.stopped = true
	m.running.entry.changed()
	m.running = nil
}

// settle waits until a stopped question has let go of the workspace, but not
// for one that does not hear.
func (m *Model) settle() {
	if m.last == nil {
		return
	}
	select {
	case <-m.last.finished:
	case <-time.After(2 * time.Second):
	}
}

// step takes in what a run says; a stopped one is not listened to.
func (m *Model) step(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case eventMsg:
		if msg.run != m.running {
			return nil
		}
		msg.run.entry.take(msg.event)
		if a := msg.event.Answer; a != nil {
			m.picker.offer(a.Choices)
			if a.Decided == nil {
				m.waiting.offer(a)
			}
			m.heard(a.Language)
			return tea.Batch(msg.run.listen, m.offerNext(msg.run.entry))
		}
		return msg.run.listen
	case doneMsg:
		if msg.run != m.running {
			return nil
		}
		if msg.err != nil {
			msg.run.entry.fail(msg.err)
		}
		m.running = nil
	case tickMsg:
		if msg.run == m.running {
			m.spin++
			msg.run.entry.changed()
			return msg.run.tick()
		}
	case describedMsg:
		msg.entry.describe(msg.result, msg.err)
	}
	return nil
}

// describe asks what the data holds.
func (m *Model) describe() tea.Cmd {
	e := m.history.add(&entry{question: "/data", pending: true})
	m.history.follow()
	ctx, language, describe := m.ctx, m.spoken, m.config.Describe
	return func() tea.Msg {
		result, err := describe(ctx, language)
		return describedMsg{e, result, err}
	}
}
