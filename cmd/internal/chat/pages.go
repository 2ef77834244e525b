package chat

import (
	"strings"

	"tesela/agent/wording"
	"tesela/cmd/internal/render"
)

// welcome says what this is, what data is open, and what could be asked.
func (m *Model) welcome() []string {
	s := render.StylesFor(m.mode)
	lang, err := wording.For(m.spoken)
	if err != nil {
		lang = &wording.Language{}
	}
	r := render.New(lang, m.config.Zone, m.width, m.mode)
	lines := r.Wrap(s.Figure.Render("▚ Tesela") + "  " + m.words.Tagline)
	c := m.config.Catalogue
	switch {
	case c != nil && c.Customers == 0:
		lines = append(lines, r.Wrap(m.words.Empty)...)
	case c != nil:
		zone := m.config.Zone
		text := fill(m.words.Data, "customers", lang.Count(int64(c.Customers)), "from", r.Day(c.From, zone), "to", r.Day(c.To, zone))
		for _, line := range r.Wrap(text) {
			lines = append(lines, s.Muted.Render(line))
		}
	}
	if m.config.Session != "" && len(m.config.Past) > 0 {
		lines = append(lines, s.Muted.Render(render.Truncate(fill(m.words.Resumed, "name", render.Clean(m.config.Session)), m.width)))
	}
	lines = append(lines, "")
	if len(m.history.entries) == 0 && m.picker.open() {
		chosen := m.picker.chosen()
		if !m.input.empty() {
			chosen = noChoice
		}
		lines = append(lines, s.Muted.Render(m.words.Try))
		lines = append(lines, strings.Split(r.Options(m.picker.questions, chosen), "\n")...)
		lines = append(lines, "")
	}
	return lines
}

// helpLines lists the keys and commands.
func (m *Model) helpLines() []string {
	s := render.StylesFor(m.mode)
	wide := 0
	for _, pair := range m.words.Help {
		wide = max(wide, render.Width(pair[0]))
	}
	r := render.New(&wording.Language{}, nil, m.width-wide-4, m.mode)
	lines := []string{s.Strong.Render(m.words.HelpTitle), ""}
	for _, pair := range m.words.Help {
		text := fill(pair[1], "codes", strings.Join(wording.Codes(), ", "))
		for i, line := range r.Wrap(text) {
			name := strings.Repeat(" ", wide)
			if i == 0 {
				name = s.Accent.Render(pair[0]) + name[render.Width(pair[0]):]
			}
			lines = append(lines, "  "+name+"  "+line)
		}
	}
	return append(lines, "")
}

// transcript is what this sitting's exchanges leave on the terminal.
func (m *Model) transcript() string {
	var b strings.Builder
	asked := false
	for _, e := range m.history.entries {
		if e.past {
			continue
		}
		asked = true
		b.WriteString(strings.Join(e.lines(m.drawing(e, noChoice)), "\n") + "\n")
	}
	if asked && m.config.Resume != "" {
		b.WriteString(render.StylesFor(m.mode).Muted.Render(fill(m.words.Leave, "command", m.config.Resume)) + "\n")
	}
	return b.String()
}
