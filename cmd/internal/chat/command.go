package chat

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"tesela/agent/wording"
)

// commandNames are the commands, as the help lists them.
var commandNames = []string{"/help", "/data", "/lang", "/clear", "/copy", "/quit"}

// command does a text that begins with a slash; false where it does not.
func (m *Model) command(text string) (tea.Cmd, bool) {
	if !strings.HasPrefix(text, "/") {
		return nil, false
	}
	name, argument, _ := strings.Cut(text, " ")
	argument = strings.ToLower(strings.TrimSpace(argument))
	switch strings.ToLower(name) {
	case "/help":
		m.openHelp(true)
	case "/data":
		if m.config.Describe == nil {
			m.say(text, m.unknown(name))
			break
		}
		m.picker.clear()
		return m.describe(), true
	case "/lang":
		m.say(text, m.turnTo(argument))
	case "/clear":
		m.history.clear()
		m.offers.clear()
		m.suggest()
	case "/copy":
		return m.copyAnswer(), true
	case "/quit", "/exit":
		m.stop()
		return tea.Quit, true
	default:
		m.say(text, m.unknown(name))
	}
	return nil, true
}

func (m *Model) unknown(name string) string {
	return fill(m.words.UnknownCommand, "command", name, "commands", strings.Join(commandNames, " "))
}

// say adds what a command answers.
func (m *Model) say(command, text string) {
	m.picker.clear()
	m.offers.clear()
	m.history.add(&entry{question: command, say: text})
	m.history.follow()
}

// turnTo sets the language of questions; "auto" hears it, "" only tells.
func (m *Model) turnTo(code string) string {
	switch {
	case code == "auto":
		m.language = ""
	case slices.Contains(wording.Codes(), code):
		m.language = code
		m.speak(code)
	case code != "":
		return fill(m.words.LanguageUnknown, "codes", strings.Join(append(wording.Codes(), "auto"), ", "))
	}
	if m.language == "" {
		return m.words.LanguageFree
	}
	name := m.language
	if l, err := wording.For(m.language); err == nil {
		name = l.Name
	}
	return fill(m.words.Language, "name", name)
}

// copyAnswer puts the last answer on the clipboard, as Markdown.
func (m *Model) copyAnswer() tea.Cmd {
	for _, e := range slices.Backward(m.history.entries) {
		if e.answer != nil {
			m.flash = m.words.Copied
			return tea.SetClipboard(e.answer.Text)
		}
	}
	m.flash = m.words.NothingToCopy
	return nil
}
