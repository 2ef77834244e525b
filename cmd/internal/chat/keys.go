package chat

import (
	tea "charm.land/bubbletea/v2"
)

// key does what a key stands for; all others go to the question box.
func (m *Model) key(msg tea.KeyPressMsg) tea.Cmd {
	switch name := msg.String(); name {
	case "ctrl+c": // what runs is stopped first, as in a shell
		if m.talking() {
			m.stop()
			m.history.follow()
			return nil
		}
		return tea.Quit
	case "ctrl+d":
		if m.input.empty() {
			m.stop()
			return tea.Quit
		}
	case "esc":
		m.escape()
		return nil
	case "enter":
		return m.enter()
	case "tab":
		m.tab()
		return nil
	case "pgup":
		m.scroll(-m.page())
		return nil
	case "pgdown":
		m.scroll(m.page())
		return nil
	case "ctrl+up", "shift+up":
		m.scroll(-1)
		return nil
	case "ctrl+down", "shift+down":
		m.scroll(1)
		return nil
	case "up":
		if m.arrow(-1) {
			return nil
		}
	case "down":
		if m.arrow(1) {
			return nil
		}
	case "ctrl+y":
		return m.copyAnswer()
	case "f2":
		m.mouse = !m.mouse
		return nil
	case "?":
		if m.input.empty() {
			m.openHelp(!m.help)
			return nil
		}
	}
	m.help = false
	if m.answering() {
		if question := m.picker.number(msg.Text); question != "" {
			return m.submit(question)
		}
	}
	return m.input.update(msg)
}

// openHelp shows the help from its beginning, or takes it away.
func (m *Model) openHelp(open bool) { m.help, m.helped = open, history{} }

// answering tells whether an answer's choices are open: then a number alone
// picks. Examples are only hints, so a question may begin with a number.
func (m *Model) answering() bool {
	return m.picker.open() && m.input.empty() && !m.talking() && len(m.history.entries) > 0
}

// escape leaves what is nearest: the help, the running question, the choices,
// what is typed.
func (m *Model) escape() {
	switch {
	case m.help:
		m.help = false
	case m.talking():
		m.stop()
	case !m.input.empty():
		m.input.area.Reset()
	case len(m.history.entries) > 0:
		m.picker.clear()
	}
	m.history.follow()
}

// arrow moves among choices or earlier questions; false leaves the key to the
// box.
func (m *Model) arrow(by int) bool {
	switch {
	case m.picker.open() && m.input.empty() && !m.talking():
		m.picker.move(by)
		m.history.follow()
		return true
	case m.input.edge(by):
		m.input.recall(by)
		return true
	}
	return false
}

// enter asks what is typed, or what is under the cursor.
func (m *Model) enter() tea.Cmd {
	m.help = false
	text := m.input.text()
	switch {
	case m.talking():
		if text != "" {
			m.flash = m.words.Busy
		}
		return nil
	case text == "" && m.picker.open():
		m.input.area.Reset()
		return m.submit(m.picker.question())
	case text == "":
		return nil
	case m.picker.number(text) != "":
		text = m.picker.number(text)
		m.input.area.Reset()
		return m.submit(text)
	}
	return m.submit(m.input.take())
}

// submit asks a question or does a command.
func (m *Model) submit(text string) tea.Cmd {
	if cmd, ok := m.command(text); ok {
		return cmd
	}
	if cmd, ok := m.approve(text); ok {
		return cmd
	}
	m.input.remember(text)
	return m.ask(text)
}

// page is how far a page key scrolls: a screen less two lines.
func (m *Model) page() int { return max(1, m.height-6) }
