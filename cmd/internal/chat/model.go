package chat

import (
	"context"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"tesela/agent/wording"
	"tesela/cmd/internal/render"
)

// Model is the chat's state. Make it with New.
type Model struct {
	ctx    context.Context
	config Config
	all    map[string]*words

	language string // of questions, "" where it is heard
	spoken   string // of the chat itself
	words    *words

	width, height int
	background    background
	colorless     bool
	mode          render.Mode

	input         input
	history       history
	helped        history // which part of the help is seen
	picker        picker
	offers        offers
	waiting       approval
	running, last *run
	spin          int
	help, mouse   bool
	flash         string // said once, until the next key
}

// background is what is known of the terminal's.
type background int

const (
	unknown background = iota
	dark
	light
)

// New makes the model of a chat.
func New(ctx context.Context, c Config) (*Model, error) {
	all, err := loadWords()
	if err != nil {
		return nil, err
	}
	m := &Model{ctx: ctx, config: c, all: all, language: c.Language, width: 80, height: 24, input: newInput()}
	m.background = backgroundOf(c.Environment)
	m.history.clear()
	m.offers.clear()
	for _, a := range c.Past {
		m.history.add(&entry{question: a.Question, answer: a, past: true})
		m.input.remember(render.Clean(a.Question))
		m.spoken = a.Language
	}
	for _, code := range []string{c.Language, m.spoken, c.Speak, wording.Codes()[0]} {
		if all[code] != nil {
			m.speak(code)
			break
		}
	}
	m.restyle()
	m.suggest()
	return m, nil
}

// speak turns the chat's own texts to a language.
func (m *Model) speak(code string) {
	if m.all[code] == nil {
		return
	}
	m.spoken, m.words = code, m.all[code]
	m.input.area.Placeholder = m.words.AskHere
}

// heard follows the language of the last answer, unless one was set.
func (m *Model) heard(code string) {
	if m.language == "" {
		m.speak(code)
	}
}

// suggest offers examples where nothing has been asked.
func (m *Model) suggest() {
	if len(m.history.entries) > 0 {
		return
	}
	m.picker.clear()
	if m.config.Examples != nil {
		m.picker.questions = m.config.Examples(m.spoken)
	}
}

// restyle picks the mode from what is known of the terminal.
func (m *Model) restyle() {
	switch {
	case m.colorless:
		m.mode = render.Mono
	case m.background == light:
		m.mode = render.Light
	case m.background == dark:
		m.mode = render.Dark
	default:
		m.mode = render.Neutral
	}
	m.input.style(render.StylesFor(m.mode))
}

// Init asks the terminal for its background.
func (m *Model) Init() tea.Cmd { return tea.RequestBackgroundColor }

// Update takes in a message. It never waits.
func (m *Model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.width, m.height = msg.Width, msg.Height
		m.input.resize(m.width)
	case tea.BackgroundColorMsg:
		if m.background = light; msg.IsDark() {
			m.background = dark
		}
		m.restyle()
	case tea.ColorProfileMsg:
		m.colorless = msg.Profile <= colorprofile.ASCII
		m.restyle()
	case tea.KeyPressMsg:
		m.flash = ""
		return m, tea.Batch(m.key(msg), m.complete())
	case tea.PasteMsg:
		m.help = false
		return m, tea.Batch(m.input.update(msg), m.complete())
	case tea.MouseWheelMsg:
		by := 3
		if msg.Button == tea.MouseWheelUp {
			by = -3
		}
		m.scroll(by)
	case eventMsg, doneMsg, tickMsg, describedMsg:
		return m, m.step(msg)
	case nextMsg, completedMsg:
		m.taken(msg)
	default:
		return m, m.input.update(msg)
	}
	return m, nil
}

// scroll moves what is seen by lines.
func (m *Model) scroll(by int) {
	if m.help {
		m.helped.scroll(by)
		return
	}
	m.history.scroll(by)
}

// talking tells whether a question is being answered.
func (m *Model) talking() bool { return m.running != nil }
