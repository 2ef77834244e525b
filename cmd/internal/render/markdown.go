package render

import (
	"strconv"
	"strings"

	"charm.land/lipgloss/v2"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	xast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"

	"tesela/agent/wording"
)

// Markdown draws a Markdown text. Raw HTML stands as it is written; links show
// where they lead.
func (r *Renderer) Markdown(source string) string {
	return stack(r.markdown(source, nil)...).String()
}

// hook may draw a block of the document's top level its own way; ok false
// leaves it to the renderer.
type hook func(n ast.Node, w *walker) (b block, ok bool)

// markdown draws the blocks of a document.
func (r *Renderer) markdown(source string, own hook) []block {
	source = CleanLines(source)
	w := &walker{r: r, source: []byte(source)}
	parser := goldmark.New(goldmark.WithExtensions(extension.Table, extension.Strikethrough)).Parser()
	doc := parser.Parse(text.NewReader(w.source))
	var blocks []block
	for n := doc.FirstChild(); n != nil; n = n.NextSibling() {
		if own != nil {
			if b, ok := own(n, w); ok {
				blocks = append(blocks, b)
				continue
			}
		}
		blocks = append(blocks, w.block(n, r.width))
	}
	return blocks
}

// walker turns the nodes of one document into text.
type walker struct {
	r      *Renderer
	source []byte
}

// block draws one block in a width.
func (w *walker) block(n ast.Node, width int) block {
	s := w.r.styles
	switch n := n.(type) {
	case *ast.Heading:
		return wrap(w.inline(n, s.Strong), min(width, prose))
	case *ast.List:
		return w.list(n, width)
	case *ast.Blockquote:
		var out block
		for _, line := range stack(w.children(n, width-2)...) {
			out = append(out, s.Muted.Render("│ ")+line)
		}
		return out
	case *ast.FencedCodeBlock, *ast.CodeBlock, *ast.HTMLBlock:
		var out block
		lines := n.Lines()
		for i := range lines.Len() {
			part := lines.At(i)
			for _, line := range wrap(strings.TrimRight(string(part.Value(w.source)), "\n"), width) {
				out = append(out, s.Code.Render(line))
			}
		}
		return out
	case *ast.ThematicBreak:
		return block{s.Muted.Render(strings.Repeat("─", min(width, 24)))}
	case *xast.Table:
		return w.r.draw(w.table(n))
	}
	if n.Type() == ast.TypeBlock && n.FirstChild() != nil && n.FirstChild().Type() == ast.TypeBlock {
		return stack(w.children(n, width)...)
	}
	return wrap(w.inline(n, s.Text), min(width, prose))
}

func (w *walker) children(n ast.Node, width int) []block {
	var out []block
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		out = append(out, w.block(c, width))
	}
	return out
}

// list draws a list; its items stand close where the text has them so.
func (w *walker) list(n *ast.List, width int) block {
	var items []block
	number := n.Start
	for item := n.FirstChild(); item != nil; item = item.NextSibling() {
		mark := "· "
		if n.IsOrdered() {
			mark = strconv.Itoa(number) + ". "
			number++
		}
		inner := w.children(item, width-Width(mark))
		body := stack(inner...)
		if n.IsTight {
			body = nil
			for _, b := range inner {
				body = append(body, b...)
			}
		}
		if len(body) == 0 {
			body = block{""}
		}
		items = append(items, body.indent(w.r.styles.Muted.Render(mark)))
	}
	if !n.IsTight {
		return stack(items...)
	}
	var out block
	for _, b := range items {
		out = append(out, b...)
	}
	return out
}

// table reads a table as plain texts.
func (w *walker) table(n *xast.Table) grid {
	var g grid
	for _, a := range n.Alignments {
		g.right = append(g.right, a == xast.AlignRight)
	}
	g.code = make([]bool, len(g.right))
	for row := n.FirstChild(); row != nil; row = row.NextSibling() {
		var cells []string
		for c := row.FirstChild(); c != nil && len(cells) < len(g.right); c = c.NextSibling() {
			if span, ok := c.FirstChild().(*ast.CodeSpan); ok && span.NextSibling() == nil {
				g.code[len(cells)] = true
			}
			cells = append(cells, w.plain(c))
		}
		for len(cells) < len(g.right) {
			cells = append(cells, "")
		}
		if _, ok := row.(*xast.TableHeader); ok {
			g.head = cells
			continue
		}
		g.rows = append(g.rows, cells)
	}
	return g
}

// plain is a node's text without styles.
func (w *walker) plain(n ast.Node) string {
	none := &walker{r: &Renderer{styles: StylesFor(Plain)}, source: w.source}
	return strings.TrimSpace(none.inline(n, lipgloss.NewStyle()))
}

// inline is the text within a block, each piece in its style.
func (w *walker) inline(n ast.Node, style lipgloss.Style) string {
	var b strings.Builder
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		b.WriteString(w.piece(c, style))
	}
	return b.String()
}

func (w *walker) piece(n ast.Node, style lipgloss.Style) string {
	s := w.r.styles
	switch n := n.(type) {
	case *ast.Text:
		value := style.Render(wording.Unescape(string(n.Value(w.source))))
		switch {
		case n.HardLineBreak():
			value += "\n"
		case n.SoftLineBreak():
			value += " "
		}
		return value
	case *ast.String:
		return style.Render(string(n.Value))
	case *ast.CodeSpan:
		var b strings.Builder
		for c := n.FirstChild(); c != nil; c = c.NextSibling() {
			if t, ok := c.(*ast.Text); ok {
				b.Write(t.Value(w.source))
			}
		}
		// A cell's escaped bar is a bar also within code.
		return s.Code.Render(strings.ReplaceAll(b.String(), `\|`, "|"))
	case *ast.Emphasis:
		if n.Level > 1 {
			return w.inline(n, s.Figure)
		}
		return w.inline(n, style.Italic(w.r.mode != Plain))
	case *ast.Link:
		label, to := w.inline(n, style), string(n.Destination)
		if to == "" || to == w.plain(n) {
			return label
		}
		return label + s.Muted.Render(" ("+Clean(to)+")")
	case *ast.AutoLink:
		return style.Render(string(n.URL(w.source)))
	case *ast.RawHTML:
		var b strings.Builder
		for i := range n.Segments.Len() {
			part := n.Segments.At(i)
			b.Write(part.Value(w.source))
		}
		return style.Render(b.String())
	}
	return w.inline(n, style)
}

// PlainMarkdown is a Markdown text without its marks, for a message that is
// drawn in one style.
func PlainMarkdown(source string) string {
	w := &walker{r: &Renderer{styles: StylesFor(Plain), width: prose}, source: []byte(CleanLines(source))}
	var blocks []string
	for n := goldmark.DefaultParser().Parse(text.NewReader(w.source)).FirstChild(); n != nil; n = n.NextSibling() {
		blocks = append(blocks, strings.TrimSpace(w.plain(n)))
	}
	return strings.Join(blocks, "\n")
}
