package render

import (
	"strings"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"

	"tesela/agent/wording"
)

// Clean makes a text from data, a model or a person one line that can do
// nothing to a terminal but be read: escape sequences, control characters and
// those that reorder text are gone.
func Clean(s string) string { return wording.Clean(ansi.Strip(s)) }

// CleanLines is Clean for a text of several lines; indents and Markdown's
// marks of a hard line break, two blanks, stay.
func CleanLines(s string) string {
	lines := strings.Split(strings.ReplaceAll(s, "\r\n", "\n"), "\n")
	for i, line := range lines {
		line = strings.ReplaceAll(line, "\t", "    ")
		indent := line[:len(line)-len(strings.TrimLeft(line, " "))]
		end := ""
		if strings.HasSuffix(line, "  ") {
			end = "  "
		}
		lines[i] = indent + Clean(line) + end
	}
	return strings.Join(lines, "\n")
}

// Width is how many columns a text takes; wide and combining characters and
// styles are seen to.
func Width(s string) int { return ansi.StringWidth(s) }

// Truncate cuts a text to so many columns, with … where it was cut.
func Truncate(s string, width int) string {
	if width <= 0 {
		return ""
	}
	return ansi.Truncate(s, width, "…")
}

// pad fills a text up to a width, on the left where it is a figure.
func pad(s string, width int, right bool) string {
	space := strings.Repeat(" ", max(0, width-Width(s)))
	if right {
		return space + s
	}
	return s + space
}

// wrap breaks a styled text into lines of at most width columns; words wider
// than that are cut over lines.
func wrap(s string, width int) block {
	lines := strings.Split(lipgloss.Wrap(s, max(1, width), ""), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(line, " ")
	}
	return lines
}

// indent puts a prefix before the first line and as many blanks before the
// others.
func (b block) indent(first string) block {
	out := make(block, len(b))
	rest := strings.Repeat(" ", Width(first))
	for i, line := range b {
		switch {
		case i == 0:
			out[i] = first + line
		case line == "":
			out[i] = ""
		default:
			out[i] = rest + line
		}
	}
	return out
}

// Wrap breaks a text that may be styled into lines within the width, shorter
// ones where it is wide: sentences are read, not filled in.
func (r *Renderer) Wrap(s string) []string { return wrap(s, min(r.width, prose)) }

// Plain draws a text without marks, cleaned, in one style.
func (r *Renderer) Plain(s string, style lipgloss.Style) string {
	var out block
	for line := range strings.SplitSeq(CleanLines(s), "\n") {
		for _, part := range wrap(line, min(r.width, prose)) {
			out = append(out, style.Render(part))
		}
	}
	return out.String()
}
