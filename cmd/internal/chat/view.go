package chat

import (
	"slices"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"tesela/agent/wording"
	"tesela/cmd/internal/render"
)

const (
	leastWidth, leastHeight = 20, 6
	marginFrom              = 50 // narrower windows have no margin to spare
	describeTool            = "describe_data"
)

// View draws the window: the exchanges, a rule, the box, a line of hints.
func (m *Model) View() tea.View {
	v := tea.NewView("")
	v.AltScreen = true
	v.WindowTitle = "Tesela"
	if m.mouse {
		v.MouseMode = tea.MouseModeCellMotion
	}
	if m.width < leastWidth || m.height < leastHeight {
		v.SetContent(render.Truncate(m.words.Small, m.width))
		return v
	}
	s := render.StylesFor(m.mode)
	box := strings.Split(strings.TrimRight(m.input.area.View(), "\n"), "\n")
	rows := m.height - len(box) - 2
	lines, from := m.lines()
	window := &m.history
	if m.help {
		lines, from, window = m.helpLines(), 0, &m.helped
	}
	seen, below := window.see(lines, from, rows)
	out := slices.Clone(seen)
	if len(out) > 0 && out[len(out)-1] != "" && len(out) < rows {
		out = append(out, "")
	}
	out = append(out, m.rule(s, below))
	at := len(out)
	for _, line := range box {
		out = append(out, strings.TrimRight(line, " "))
	}
	out = append(out, s.Muted.Render(fitting(m.hint(), m.width)))
	v.SetContent(strings.Join(out, "\n"))
	if cursor := m.input.area.Cursor(); cursor != nil {
		cursor.Y += at
		v.Cursor = cursor
	}
	return v
}

// rule parts the exchanges from the box and tells of lines out of sight.
func (m *Model) rule(s render.Styles, below int) string {
	if below == 0 {
		return s.Muted.Render(strings.Repeat("─", m.width))
	}
	text := " ↓ " + fill(m.words.MoreBelow, "n", strconv.Itoa(below)) + " "
	text = render.Truncate(text, m.width-4)
	left := m.width - render.Width(text) - 2
	return s.Muted.Render(strings.Repeat("─", left)) + s.Accent.Render(text) + s.Muted.Render("──")
}

// hint says what can be done now.
func (m *Model) hint() string {
	switch h := m.words.Hints; {
	case m.flash != "":
		return m.flash
	case m.help:
		return h.Help
	case m.talking():
		return h.Run
	case m.mouse:
		return h.Mouse
	case m.waiting.open() && m.config.Decide != nil:
		return h.Approve
	case m.offered() != "":
		return m.offered()
	case m.picker.open() && m.input.empty() && len(m.history.entries) == 0:
		return h.Example
	case m.picker.open() && m.input.empty():
		return h.Pick
	default:
		return h.Idle
	}
}

// fitting leaves out the last parts of a hint until it fits.
func fitting(hint string, width int) string {
	for render.Width(hint) > width {
		at := strings.LastIndex(hint, " · ")
		if at < 0 {
			return render.Truncate(hint, width)
		}
		hint = hint[:at]
	}
	return hint
}

// lines are those of all exchanges, the welcome first, and where the newest
// begins.
func (m *Model) lines() (lines []string, from int) {
	lines = m.welcome()
	newest := m.history.newest()
	for _, e := range m.history.entries {
		if from = len(lines); e == newest {
			lines = append(lines, e.lines(m.drawing(e, m.picker.chosen()))...)
		} else {
			lines = append(lines, e.lines(m.drawing(e, noChoice))...)
		}
	}
	return lines, from
}

// drawing is what an entry is drawn with now: answers in their own language.
func (m *Model) drawing(e *entry, chosen int) *drawing {
	code := m.spoken
	if e.answer != nil && m.all[e.answer.Language] != nil {
		code = e.answer.Language
	}
	d := &drawing{
		key:   drawKey{width: m.width, mode: m.mode, lang: m.spoken, chosen: chosen, spin: m.spin},
		words: m.words, answerWords: m.all[code].Answer, describeTool: describeTool, margin: "  ",
	}
	if len(e.choices()) == 0 || m.talking() {
		d.key.chosen = noChoice
	}
	if m.width < marginFrom {
		d.margin = ""
	}
	var err error
	if d.lang, err = wording.For(code); err != nil {
		d.lang = &wording.Language{}
	}
	d.ask = render.New(d.lang, m.config.Zone, m.width-2, m.mode)
	d.answer = render.New(d.lang, m.config.Zone, m.width-len(d.margin), m.mode)
	return d
}
