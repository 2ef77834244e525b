package render

import (
	"image/color"

	"charm.land/lipgloss/v2"
)

// Mode says what a terminal can show.
type Mode int

// The modes. Plain writes no escape sequence at all, for pipes and files;
// Mono emphasises without colour; Neutral keeps to the terminal's own
// palette, where its background is not known.
const (
	Plain Mode = iota
	Mono
	Neutral
	Light
	Dark
)

// Styles are the few ways a piece of text can look.
type Styles struct {
	Text   lipgloss.Style // as the terminal writes
	Strong lipgloss.Style // headings
	Figure lipgloss.Style // the figures of an answer
	Accent lipgloss.Style // what can be chosen, where typing goes
	Muted  lipgloss.Style // what is said beside the answer
	Code   lipgloss.Style // formulas
	Bar    lipgloss.Style // bars and columns
	Peak   lipgloss.Style // the largest of them
	Minus  lipgloss.Style // those under zero
	Warn   lipgloss.Style // what went wrong
	Chosen lipgloss.Style // the choice under the cursor
}

// palette is the colours of a mode.
type palette struct{ figure, accent, muted, code, bar, peak, minus, warn color.Color }

// Each pair was picked to keep a contrast of at least 4.5:1 for text and 3:1
// for bars against black and white backgrounds (WCAG 2.2, 1.4.3 and 1.4.11).
var (
	darkPalette = palette{
		figure: lipgloss.Color("#7FE3C4"), accent: lipgloss.Color("#8AB4FF"), muted: lipgloss.Color("#9AA3AF"),
		code: lipgloss.Color("#E5C07B"), bar: lipgloss.Color("#3FA88A"), peak: lipgloss.Color("#7FE3C4"),
		minus: lipgloss.Color("#E07A7A"), warn: lipgloss.Color("#FF9E8A"),
	}
	lightPalette = palette{
		figure: lipgloss.Color("#00694F"), accent: lipgloss.Color("#1D4FD7"), muted: lipgloss.Color("#5B6470"),
		code: lipgloss.Color("#8A4B08"), bar: lipgloss.Color("#3D9C80"), peak: lipgloss.Color("#00694F"),
		minus: lipgloss.Color("#C24141"), warn: lipgloss.Color("#B42318"),
	}
	neutralPalette = palette{
		figure: lipgloss.Green, accent: lipgloss.Blue, code: lipgloss.Cyan,
		bar: lipgloss.Green, peak: lipgloss.Green, minus: lipgloss.Red, warn: lipgloss.Red,
	}
)

// StylesFor gives the styles of a mode.
func StylesFor(mode Mode) Styles {
	plain := lipgloss.NewStyle()
	bold, faint := plain.Bold(true), plain.Faint(true)
	if mode == Plain {
		return Styles{plain, plain, plain, plain, plain, plain, plain, plain, plain, plain, plain}
	}
	s := Styles{
		Text: plain, Strong: bold, Figure: bold, Accent: bold, Muted: faint, Code: plain,
		Bar: plain, Peak: plain, Minus: plain, Warn: bold, Chosen: bold.Reverse(true),
	}
	var p palette
	switch mode {
	case Dark:
		p = darkPalette
	case Light:
		p = lightPalette
	case Neutral:
		p = neutralPalette
	default:
		return s
	}
	if p.muted != nil {
		s.Muted = plain.Foreground(p.muted)
	}
	s.Figure = bold.Foreground(p.figure)
	s.Accent = bold.Foreground(p.accent)
	s.Code = plain.Foreground(p.code)
	s.Bar = plain.Foreground(p.bar)
	s.Peak = plain.Foreground(p.peak)
	s.Minus = plain.Foreground(p.minus)
	s.Warn = plain.Foreground(p.warn)
	s.Chosen = bold.Foreground(p.accent).Reverse(true)
	return s
}
