package report

import (
	"html/template"
	"slices"
	"strconv"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	xast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"

	"tesela/agent/wording"
	"tesela/tools"
)

// markdown makes a text into markup of the few kinds that a report has. Raw
// HTML stands as it is written, links and pictures are their texts. Tables that
// show a result's rows are left out: the page shows them itself.
func markdown(source string, shown []*tools.Result, lang *wording.Language) template.HTML {
	if strings.TrimSpace(source) == "" {
		return ""
	}
	w := &walker{source: []byte(source), shown: shown, lang: lang}
	doc := goldmark.New(goldmark.WithExtensions(extension.Table, extension.Strikethrough)).Parser().Parse(text.NewReader(w.source))
	w.blocks(doc)
	return template.HTML(w.b.String())
}

// walker writes the nodes of one document.
type walker struct {
	source []byte
	shown  []*tools.Result
	lang   *wording.Language
	b      strings.Builder
}

func (w *walker) blocks(parent ast.Node) {
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		w.block(n)
	}
}

func (w *walker) wrapped(tag string, inside func()) {
	w.b.WriteString("<" + tag + ">")
	inside()
	if i := strings.IndexByte(tag, ' '); i > 0 {
		tag = tag[:i]
	}
	w.b.WriteString("</" + tag + ">\n")
}

func (w *walker) block(n ast.Node) {
	inline := func() { w.inlines(n) }
	switch n := n.(type) {
	case *ast.Heading:
		// The page has its own headings; one of a text must not break their order.
		w.wrapped(`p class="sub"`, inline)
	case *ast.TextBlock:
		w.inlines(n)
	case *ast.Paragraph:
		w.wrapped("p", inline)
	case *ast.List:
		tag := "ul"
		if n.IsOrdered() {
			tag = "ol"
			if n.Start != 1 {
				tag += ` start="` + strconv.Itoa(n.Start) + `"`
			}
		}
		w.wrapped(tag, func() {
			for item := n.FirstChild(); item != nil; item = item.NextSibling() {
				w.wrapped("li", func() { w.blocks(item) })
			}
		})
	case *ast.Blockquote:
		w.wrapped("blockquote", func() { w.blocks(n) })
	case *ast.ThematicBreak:
		w.b.WriteString("<hr/>\n")
	case *xast.Table:
		if !w.isShown(n) {
			w.table(n)
		}
	case *ast.FencedCodeBlock, *ast.CodeBlock, *ast.HTMLBlock:
		w.wrapped("pre", func() {
			lines := n.Lines()
			for i := range lines.Len() {
				part := lines.At(i)
				w.b.WriteString(escape(strings.TrimRight(string(part.Value(w.source)), "\n")) + "\n")
			}
			if h, ok := n.(*ast.HTMLBlock); ok && h.HasClosure() {
				w.b.WriteString(escape(string(h.ClosureLine.Value(w.source))))
			}
		})
	default:
		w.blocks(n)
	}
}

// isShown tells whether a table has the columns and as many rows as the text
// shows of a result.
func (w *walker) isShown(n *xast.Table) bool {
	var head []string
	for c := n.FirstChild().FirstChild(); c != nil; c = c.NextSibling() {
		head = append(head, w.plain(c))
	}
	rows := n.ChildCount() - 1
	return slices.ContainsFunc(w.shown, func(r *tools.Result) bool {
		if rows != min(len(r.Rows), wording.TableRows) || len(head) > len(r.Columns) {
			return false
		}
		for _, title := range head {
			if !slices.ContainsFunc(r.Columns, func(c tools.Column) bool { return wording.Clean(w.lang.Title(c.Name)) == title }) {
				return false
			}
		}
		return true
	})
}

func (w *walker) table(n *xast.Table) {
	w.b.WriteString(`<div class="scroll" tabindex="0"><table>` + "\n")
	for row := n.FirstChild(); row != nil; row = row.NextSibling() {
		_, head := row.(*xast.TableHeader)
		tag := "td"
		if head {
			tag = `th scope="col"`
			w.b.WriteString("<thead>")
		} else if row.PreviousSibling() == n.FirstChild() {
			w.b.WriteString("<tbody>\n")
		}
		w.wrapped("tr", func() {
			for c := row.FirstChild(); c != nil; c = c.NextSibling() {
				own := tag
				if tc, ok := c.(*xast.TableCell); ok && tc.Alignment == xast.AlignRight {
					own += ` class="n"`
				}
				w.wrapped(own, func() { w.inlines(c) })
			}
		})
		if head {
			w.b.WriteString("</thead>\n")
		}
	}
	if n.ChildCount() > 1 {
		w.b.WriteString("</tbody>")
	}
	w.b.WriteString("</table></div>\n")
}

func (w *walker) inlines(parent ast.Node) {
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		inside := func() { w.inlines(n) }
		span := func(tag string) {
			w.b.WriteString("<" + tag + ">")
			inside()
			w.b.WriteString("</" + tag + ">")
		}
		switch n := n.(type) {
		case *ast.Text:
			w.b.WriteString(template.HTMLEscapeString(wording.Unescape(string(n.Value(w.source)))))
			switch {
			case n.HardLineBreak():
				w.b.WriteString("<br/>\n")
			case n.SoftLineBreak():
				w.b.WriteString("\n")
			}
		case *ast.String:
			w.b.WriteString(template.HTMLEscapeString(string(n.Value)))
		case *ast.CodeSpan:
			w.b.WriteString("<code>" + escape(w.plain(n)) + "</code>")
		case *ast.Emphasis:
			if n.Level == 2 {
				span("strong")
			} else {
				span("em")
			}
		case *xast.Strikethrough:
			span("s")
		case *ast.AutoLink:
			w.b.WriteString(escape(string(n.Label(w.source))))
		case *ast.RawHTML:
			for i := range n.Segments.Len() {
				part := n.Segments.At(i)
				w.b.WriteString(escape(string(part.Value(w.source))))
			}
		default:
			inside()
		}
	}
}

// plain is a node's text without marks.
func (w *walker) plain(parent ast.Node) string {
	var b strings.Builder
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		switch n := n.(type) {
		case *ast.Text:
			s := string(n.Value(w.source))
			if parent.Kind() != ast.KindCodeSpan {
				s = wording.Unescape(s)
			}
			b.WriteString(s)
		case *ast.String:
			b.Write(n.Value)
		default:
			b.WriteString(w.plain(n))
		}
	}
	return b.String()
}

func escape(s string) string { return template.HTMLEscapeString(wording.Clean(s)) }
