package main

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/charmbracelet/x/ansi"

	"tesela/agent"
	"tesela/agent/wording"
)

// showAnswer prints an answer for people: what was understood and assumed,
// then the answer itself.
func (a *app) showAnswer(answer *agent.Answer) error {
	var b strings.Builder
	color := colored(a.out)
	faint := func(s string) string {
		if color {
			return "\x1b[2m" + s + "\x1b[22m"
		}
		return s
	}
	if answer.Understood != "" {
		b.WriteString(faint(oneLine(answer.Understood)) + "\n")
	}
	for _, s := range answer.Assumptions {
		b.WriteString(faint("· "+oneLine(s)) + "\n")
	}
	if b.Len() > 0 {
		b.WriteByte('\n')
	}
	style := textStyle{}
	if color {
		style = textStyle{bold: [2]string{"\x1b[1m", "\x1b[22m"}, code: [2]string{"\x1b[36m", "\x1b[39m"}}
	}
	b.WriteString(style.text(answer.Text) + "\n")
	if _, err := fmt.Fprint(a.out, b.String()); err != nil {
		return fmt.Errorf("print the answer: %w", err)
	}
	return nil
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

// textStyle prints Markdown as text: tables in columns, the marks of emphasis
// and code as what stands in the style, "" for nothing.
type textStyle struct{ bold, code [2]string }

// plainText is Markdown as text without any marks.
func plainText(markdown string) string { return textStyle{}.text(markdown) }

func (s textStyle) text(markdown string) string {
	var out []string
	lines := strings.Split(strings.TrimSpace(strings.Map(visible, markdown)), "\n")
	for i := 0; i < len(lines); i++ {
		if !strings.HasPrefix(lines[i], "|") {
			out = append(out, s.inline(strings.TrimRight(lines[i], " ")))
			continue
		}
		end := i
		for end < len(lines) && strings.HasPrefix(lines[end], "|") {
			end++
		}
		out = append(out, s.table(lines[i:end])...)
		i = end - 1
	}
	return strings.Join(out, "\n")
}

// inline prints one line of Markdown.
func (s textStyle) inline(line string) string {
	var b strings.Builder
	bold := 0
	for i := 0; i < len(line); {
		rest := line[i:]
		switch {
		case rest[0] == '\\' && len(rest) > 1 && strings.IndexByte("\\`*_[]<>|~", rest[1]) >= 0:
			b.WriteByte(rest[1])
			i += 2
		case strings.HasPrefix(rest, "**"):
			b.WriteString(s.bold[bold])
			bold = 1 - bold
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
			b.WriteString(s.code[0] + inner + s.code[1])
		default:
			b.WriteByte(rest[0])
			i++
		}
	}
	if bold == 1 {
		b.WriteString(s.bold[1])
	}
	return b.String()
}

// table prints a Markdown table in columns, figures to the right.
func (s textStyle) table(lines []string) []string {
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
			cells[k] = s.cell(cells[k])
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

func (s textStyle) cell(markdown string) string {
	text := s.inline(markdown)
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
