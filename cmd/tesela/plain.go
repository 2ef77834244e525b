package main

import (
	"fmt"
	"os"
	"strings"
	"time"
	"unicode"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/term"

	"tesela/agent"
	"tesela/agent/wording"
	"tesela/cmd/internal/render"
)

// showAnswer prints an answer for people: what was understood and assumed,
// then the answer itself. A terminal gets it drawn to its width.
func (a *app) showAnswer(answer *agent.Answer) error {
	text := plainAnswer(answer)
	if isTerminal(a.out) {
		var err error
		if text, err = drawnAnswer(answer, widthOf(a.out), colored(a.out)); err != nil {
			return err
		}
		if dumb() {
			text = ansi.Strip(text)
		}
	}
	if _, err := fmt.Fprintln(a.out, text); err != nil {
		return fmt.Errorf("print the answer: %w", err)
	}
	return nil
}

// plainAnswer is an answer for a pipe or a file: nothing is wrapped, so that
// it can be searched.
func plainAnswer(answer *agent.Answer) string {
	var lines []string
	if answer.Understood != "" {
		lines = append(lines, oneLine(answer.Understood))
	}
	for _, s := range answer.Assumptions {
		lines = append(lines, "· "+oneLine(s))
	}
	if len(lines) > 0 {
		lines = append(lines, "")
	}
	lines = append(lines, plainText(answer.Text))
	if lang, err := wording.For(answer.Language); err == nil {
		if text := render.Computed(lang, answer); text != "" {
			lines = append(lines, "", plainText(text))
		}
	}
	return strings.Join(lines, "\n")
}

// drawnAnswer is an answer for a terminal of a width, with charts, the choices
// where it asks back, and the id it can be replayed by.
func drawnAnswer(answer *agent.Answer, width int, color bool) (string, error) {
	lang, err := wording.For(answer.Language)
	if err != nil {
		return "", err
	}
	mode := render.Mono
	switch {
	case color:
		mode = render.Neutral // what is behind the text is not known
	case os.Getenv("TERM") == "dumb":
		mode = render.Plain
	}
	r := render.New(lang, nil, width, mode)
	foot := *answer
	foot.AsOf = time.Time{} // the data's zone, to write it in, is not known here
	var parts []string
	for _, part := range []string{
		r.Head(answer, render.Words{}), r.Body(answer), r.Choices(answer.Choices, -1), r.Foot(&foot, render.Words{}),
	} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, "\n\n"), nil
}

// widthOf is a terminal's width in columns.
func widthOf(stream any) int {
	if f, ok := stream.(interface{ Fd() uintptr }); ok {
		if w, _, err := term.GetSize(f.Fd()); err == nil && w > 0 {
			return w
		}
	}
	return 80
}

// oneLine makes a text safe to print beside others.
func oneLine(s string) string { return wording.Clean(ansi.Strip(s)) }

// visible drops what would steer a terminal.
func visible(r rune) rune {
	if r != '\n' && unicode.IsControl(r) {
		return -1
	}
	return r
}

// plainText is Markdown as text: without marks of emphasis and code, tables in
// columns.
func plainText(markdown string) string {
	var out []string
	lines := strings.Split(strings.TrimSpace(strings.Map(visible, markdown)), "\n")
	for i := 0; i < len(lines); i++ {
		if !strings.HasPrefix(lines[i], "|") {
			out = append(out, inlineText(strings.TrimRight(lines[i], " ")))
			continue
		}
		end := i
		for end < len(lines) && strings.HasPrefix(lines[end], "|") {
			end++
		}
		out = append(out, tableText(lines[i:end])...)
		i = end - 1
	}
	return strings.Join(out, "\n")
}

// inlineText prints one line of Markdown.
func inlineText(line string) string {
	var b strings.Builder
	for i := 0; i < len(line); {
		rest := line[i:]
		switch {
		case rest[0] == '\\' && len(rest) > 1 && strings.IndexByte("\\`*_[]<>|~", rest[1]) >= 0:
			b.WriteByte(rest[1])
			i += 2
		case strings.HasPrefix(rest, "**"):
			i += 2
		case rest[0] == '`':
			fence := rest[:len(rest)-len(strings.TrimLeft(rest, "`"))]
			inner, _, closed := strings.Cut(rest[len(fence):], fence)
			if !closed {
				b.WriteString(fence)
				i += len(fence)
				continue
			}
			i += 2*len(fence) + len(inner)
			if len(fence) > 1 {
				inner = strings.TrimSuffix(strings.TrimPrefix(inner, " "), " ")
			}
			b.WriteString(inner)
		default:
			b.WriteByte(rest[0])
			i++
		}
	}
	return b.String()
}

// tableText prints a Markdown table in columns, figures to the right.
func tableText(lines []string) []string {
	var rows [][]string
	var right []bool
	var widths []int
	for i, line := range lines {
		cells := tableCells(line)
		if i == 1 {
			for _, c := range cells {
				right = append(right, strings.HasSuffix(c, ":"))
			}
			continue
		}
		for k := range cells {
			cells[k] = cellText(cells[k])
			if k == len(widths) {
				widths = append(widths, 0)
			}
			widths[k] = max(widths[k], ansi.StringWidth(cells[k]))
		}
		rows = append(rows, cells)
	}
	var out []string
	for i, row := range rows {
		var b strings.Builder
		for k, c := range row {
			pad := strings.Repeat(" ", widths[k]-ansi.StringWidth(c))
			if k > 0 {
				b.WriteString("  ")
			}
			if k < len(right) && right[k] {
				b.WriteString(pad + c)
			} else {
				b.WriteString(c + pad)
			}
		}
		out = append(out, strings.TrimRight(b.String(), " "))
		if i == 0 {
			rule := make([]string, len(widths))
			for k, w := range widths {
				rule[k] = strings.Repeat("─", w)
			}
			out = append(out, strings.Join(rule, "  "))
		}
	}
	return out
}

// mostCell is how wide a cell may be that is no formula.
const mostCell = 48

func cellText(markdown string) string {
	text := inlineText(markdown)
	if strings.HasPrefix(markdown, "`") {
		return text
	}
	return ansi.Truncate(text, mostCell, "…")
}

// tableCells splits a row of a Markdown table at its bars.
func tableCells(line string) []string {
	line = strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(line), "|"), "|")
	var cells []string
	start := 0
	for i := 0; i < len(line); i++ {
		switch line[i] {
		case '\\':
			i++
		case '|':
			cells = append(cells, line[start:i])
			start = i + 1
		}
	}
	cells = append(cells, line[start:])
	for i, c := range cells {
		c = strings.TrimSpace(c)
		if strings.HasPrefix(c, "`") {
			c = strings.ReplaceAll(c, `\|`, "|") // within code only the bar is escaped
		}
		cells[i] = c
	}
	return cells
}
