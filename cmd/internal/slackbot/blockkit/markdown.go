package blockkit

import (
	"net/url"
	"strconv"
	"strings"
	"sync"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	xast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"

	"tesela/agent/wording"
	"tesela/cmd/internal/render"
)

// walker turns the nodes of one Markdown document into pieces. Raw HTML stands
// as it is written, and a link shows the place that it leads to.
type walker struct{ source []byte }

// document parses a text. Tables are those with bars, as answers have them.
func document(source string) (*walker, ast.Node) {
	w := &walker{source: []byte(render.CleanLines(strings.ToValidUTF8(source, "")))}
	return w, reader().Parse(text.NewReader(w.source))
}

// reader is made once; it may be used by many at once.
var reader = sync.OnceValue(func() parser.Parser {
	return goldmark.New(goldmark.WithExtensions(extension.Table, extension.Strikethrough)).Parser()
})

// blockPieces are the pieces of one block of a document.
func (w *walker) blockPieces(n ast.Node) []piece {
	switch n := n.(type) {
	case *xast.Table:
		return []piece{w.table(n).piece()}
	case *ast.FencedCodeBlock, *ast.CodeBlock:
		return []piece{w.code(n)}
	case *ast.ThematicBreak:
		return nil
	case *ast.Heading:
		return []piece{{lines: w.lines(n, "", "", bold), leads: true}}
	case *ast.List:
		return w.list(n, 0, "")
	case *ast.Blockquote:
		return w.within(n, "> ", "> ", 0, "> ")
	}
	if n.FirstChild() != nil && n.FirstChild().Type() == ast.TypeBlock {
		return w.within(n, "", "", 0, "")
	}
	if lines := w.lines(n, "", "", 0); len(lines) > 0 {
		return []piece{{lines: lines}}
	}
	return nil
}

// within are the pieces of a block that holds blocks: the lines of its texts
// in one piece, tables and code between in their own. The first line has its
// own prefix.
func (w *walker) within(n ast.Node, first, rest string, depth int, outer string) []piece {
	var out []piece
	var now piece
	flush := func() {
		if len(now.lines) > 0 {
			out = append(out, now)
		}
		now = piece{}
	}
	prefix := first
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch c := c.(type) {
		case *xast.Table, *ast.FencedCodeBlock, *ast.CodeBlock:
			flush()
			out = append(out, w.blockPieces(c)...)
		case *ast.List:
			for _, p := range w.list(c, depth, outer) {
				if p.part == prose {
					now.lines = append(now.lines, p.lines...)
					continue
				}
				flush()
				out = append(out, p)
			}
		case *ast.Blockquote:
			for _, p := range w.within(c, "> ", "> ", depth, "> ") {
				if p.part == prose {
					now.lines = append(now.lines, p.lines...)
				} else {
					flush()
					out = append(out, p)
				}
			}
		default:
			set := style(0)
			if _, ok := c.(*ast.Heading); ok {
				set = bold
			}
			if lines := w.lines(c, prefix, rest, set); len(lines) > 0 {
				now.lines = append(now.lines, lines...)
				prefix = rest
			}
		}
	}
	flush()
	return out
}

// bullets of lists within lists.
var bullets = []string{"• ", "◦ ", "▪ "}

// list are the pieces of a list: its items as lines, each with its mark.
func (w *walker) list(n *ast.List, depth int, outer string) []piece {
	indent := outer + strings.Repeat("    ", min(depth, 8))
	number := n.Start
	var out []piece
	for item := n.FirstChild(); item != nil; item = item.NextSibling() {
		mark := bullets[min(depth, len(bullets)-1)]
		if n.IsOrdered() {
			mark = strconv.Itoa(number) + ". "
			number++
		}
		for i, p := range w.within(item, indent+mark, indent+strings.Repeat(" ", len([]rune(mark))), depth+1, outer) {
			// Items stand close, as those of one piece.
			if k := len(out) - 1; i == 0 && k >= 0 && out[k].part == prose && p.part == prose {
				out[k].lines = append(out[k].lines, p.lines...)
				continue
			}
			out = append(out, p)
		}
	}
	return out
}

// code is a block of code, line by line.
func (w *walker) code(n ast.Node) piece {
	p := piece{part: fixed}
	lines := n.Lines()
	for i := range lines.Len() {
		part := lines.At(i)
		text := strings.TrimRight(string(part.Value(w.source)), "\n ")
		indent := len(text) - len(strings.TrimLeft(text, " "))
		text = strings.Repeat(" ", min(indent, 40)) + clean(text)
		for _, l := range hardCut(text, mostSection/2) {
			p.rows, p.told = append(p.rows, l), append(p.told, strings.TrimSpace(l))
		}
	}
	return p
}

// hardCut parts a text after so many characters, as they are written.
func hardCut(s string, most int) []string {
	var out []string
	start, n := 0, 0
	for i, r := range s {
		long := size(escapes.Replace(string(r)))
		if n+long > most {
			out = append(out, s[start:i])
			start, n = i, 0
		}
		n += long
	}
	return append(out, s[start:])
}

// lines are the lines of a block of text.
func (w *walker) lines(n ast.Node, first, rest string, s style) []line {
	if html, ok := n.(*ast.HTMLBlock); ok {
		var out []line
		prefix := first
		parts := html.Lines()
		for i := range parts.Len() {
			part := parts.At(i)
			if text := clean(string(part.Value(w.source))); text != "" {
				out = append(out, line{prefix: prefix, then: rest, runs: []run{{text: text}}})
				prefix = rest
			}
		}
		return out
	}
	var out []line
	now := line{prefix: first, then: rest}
	for _, r := range w.inline(n, s) {
		if r.text == "\n" {
			if len(now.runs) > 0 {
				out = append(out, now)
			}
			now = line{prefix: rest, then: rest}
			continue
		}
		now.runs = append(now.runs, r)
	}
	if len(now.runs) > 0 {
		out = append(out, now)
	}
	return out
}

// inline are the runs within a block; one of a line break alone ends a line.
func (w *walker) inline(n ast.Node, s style) []run {
	var out []run
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		out = append(out, w.runs(c, s)...)
	}
	return out
}

func (w *walker) runs(n ast.Node, s style) []run {
	switch n := n.(type) {
	case *ast.Text:
		out := []run{{text: cleanWithin(wording.Unescape(string(n.Value(w.source)))), style: s}}
		switch {
		case n.HardLineBreak():
			out = append(out, run{text: "\n"})
		case n.SoftLineBreak():
			out = append(out, run{text: " ", style: s})
		}
		return out
	case *ast.String:
		return []run{{text: cleanWithin(string(n.Value)), style: s}}
	case *ast.CodeSpan:
		var b strings.Builder
		for c := n.FirstChild(); c != nil; c = c.NextSibling() {
			if t, ok := c.(*ast.Text); ok {
				b.Write(t.Value(w.source))
			}
		}
		// A cell's escaped bar is a bar also within code.
		return []run{{text: clean(strings.ReplaceAll(b.String(), `\|`, "|")), style: code}}
	case *ast.Emphasis:
		if n.Level > 1 {
			return w.inline(n, s|bold)
		}
		return w.inline(n, s|italic)
	case *xast.Strikethrough:
		return w.inline(n, s|strike)
	case *ast.Link:
		return w.link(w.inline(n, s), string(n.Destination), s)
	case *ast.AutoLink:
		to := string(n.URL(w.source))
		return w.link([]run{{text: clean(to), style: s}}, to, s)
	case *ast.RawHTML:
		var b strings.Builder
		for i := range n.Segments.Len() {
			part := n.Segments.At(i)
			b.Write(part.Value(w.source))
		}
		return []run{{text: cleanWithin(b.String()), style: s}}
	}
	return w.inline(n, s)
}

// cleanWithin is clean for a text between others, whose blanks at the ends
// count.
func cleanWithin(s string) string {
	inner := clean(s)
	if inner == "" {
		if strings.TrimLeft(s, " \t\n") == "" && s != "" {
			return " "
		}
		return ""
	}
	if strings.HasPrefix(s, " ") {
		inner = " " + inner
	}
	if strings.HasSuffix(s, " ") {
		inner += " "
	}
	return inner
}

// link is a label that leads somewhere on the web, with the place it leads to
// where it does not say that itself. Other links are their labels.
func (w *walker) link(label []run, to string, s style) []run {
	u, err := url.Parse(strings.TrimSpace(to))
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil || len(to) > 1000 {
		return label
	}
	address := strings.NewReplacer("|", "%7C", "<", "%3C", ">", "%3E", "&", "&amp;", " ", "%20", "`", "%60", "*", "%2A", "~", "%7E", "@", "%40").Replace(u.String())
	if strings.ContainsFunc(address, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return label
	}
	said := ""
	var out []run
	for _, r := range label {
		if r.text == "\n" {
			r.text = " "
		}
		said += r.text
		r.style &^= code
		r.link = address
		out = append(out, r)
	}
	if strings.TrimSpace(said) == "" {
		return []run{{text: u.Host, style: s, link: address}}
	}
	if at := strings.TrimPrefix(strings.TrimPrefix(strings.TrimSpace(said), "https://"), "http://"); at == u.Host || strings.HasPrefix(at, u.Host+"/") {
		return out
	}
	return append(out, run{text: " (" + u.Host + ")", style: s})
}

// plain is a node's text without styles.
func (w *walker) plain(n ast.Node) string {
	return strings.TrimSpace(strings.ReplaceAll(line{runs: w.inline(n, 0)}.plain(), "\n", " "))
}

// table reads a table as plain texts.
func (w *walker) table(n *xast.Table) *grid {
	g := &grid{}
	for _, a := range n.Alignments {
		g.columns = append(g.columns, gridColumn{right: a == xast.AlignRight})
	}
	for row := n.FirstChild(); row != nil; row = row.NextSibling() {
		var cells []string
		for c := row.FirstChild(); c != nil && len(cells) < len(g.columns); c = c.NextSibling() {
			cells = append(cells, w.plain(c))
		}
		for len(cells) < len(g.columns) {
			cells = append(cells, "")
		}
		if _, ok := row.(*xast.TableHeader); ok {
			for i := range g.columns {
				g.columns[i].title = cells[i]
			}
			continue
		}
		g.rows = append(g.rows, cells)
	}
	return g
}
