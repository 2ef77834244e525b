package chat

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"tesela/agent"
	"tesela/agent/model"
	"tesela/cmd/internal/render"
)

// noOffer stands for none being in the box.
const noOffer = -1

// offers are what tab puts into the box: the next questions after an answer
// while nothing is typed, and the completions of what is typed.
type offers struct {
	next      []model.Choice
	words     []model.Choice // completions; Question is the whole text then
	typed     string         // what words complete
	at, along int            // which of next, and of words, is in the box
}

type (
	// nextMsg brings the questions that follow an answer.
	nextMsg struct {
		entry *entry
		list  []model.Choice
	}
	// completedMsg brings the completions of a text.
	completedMsg struct {
		typed string
		list  []model.Choice
	}
)

func (o *offers) clear() { *o = offers{at: noOffer, along: noOffer} }

// forget drops the completions: something else is typed.
func (o *offers) forget() { o.words, o.typed, o.along = nil, "", noOffer }

// offerNext looks for questions to ask after an answer.
func (m *Model) offerNext(e *entry) tea.Cmd {
	if m.config.Next == nil || e.answer == nil {
		return nil
	}
	var before []*agent.Answer
	for _, past := range m.history.entries {
		if past != e && past.answer != nil {
			before = append(before, past.answer)
		}
	}
	ctx, next, answer := m.ctx, m.config.Next, e.answer
	return func() tea.Msg { return nextMsg{e, next(ctx, answer, before)} }
}

// complete looks for what the text in the box may become.
func (m *Model) complete() tea.Cmd {
	typed := m.input.area.Value()
	if m.config.Complete == nil || typed == m.offers.typed || m.offers.inBox(typed) {
		return nil
	}
	m.offers.forget()
	m.offers.typed = typed
	if !m.input.atEnd() || strings.HasPrefix(typed, "/") {
		return nil
	}
	ctx, complete, language := m.ctx, m.config.Complete, m.spoken
	return func() tea.Msg { return completedMsg{typed, complete(ctx, language, typed)} }
}

// inBox tells whether the text is one of the completions.
func (o *offers) inBox(text string) bool {
	return o.along != noOffer && o.along < len(o.words) && o.words[o.along].Question == text
}

// taken takes in what was looked for, unless it is no longer asked for.
func (m *Model) taken(msg tea.Msg) {
	switch msg := msg.(type) {
	case nextMsg:
		if msg.entry == m.history.newest() {
			m.offers.next, m.offers.at = msg.list, noOffer
		}
	case completedMsg:
		if msg.typed == m.offers.typed {
			m.offers.words, m.offers.along = msg.list, noOffer
		}
	}
}

// tab puts the next offer into the box: a completion of what is typed, else a
// question to go on with.
func (m *Model) tab() {
	o := &m.offers
	text := m.input.area.Value()
	switch {
	case m.picker.open() && text == "":
		m.picker.move(1)
	case len(o.words) > 0 && (text == o.typed || o.inBox(text)):
		o.along = (o.along + 1) % len(o.words)
		m.input.put(o.words[o.along].Question)
	case len(o.next) > 0 && (text == "" || o.at != noOffer && text == o.next[o.at].Question):
		o.at = (o.at + 1) % len(o.next)
		m.input.put(o.next[o.at].Question)
	}
}

// offered is the line that shows what tab would give, what comes next first;
// "" for nothing.
func (m *Model) offered() string {
	o := &m.offers
	list, at := o.next, o.at
	switch text := m.input.area.Value(); {
	case len(o.words) > 0 && (text == o.typed || o.inBox(text)):
		list, at = o.words, o.along
	case m.picker.open() || text != "" && (o.at == noOffer || text != o.next[o.at].Question):
		return ""
	}
	if len(list) == 0 {
		return ""
	}
	var parts []string
	for i := range list {
		parts = append(parts, render.Clean(list[(at+1+i)%len(list)].Label))
	}
	return "⇥ " + strings.Join(parts, " · ")
}
