package blockkit

import (
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
	xast "github.com/yuin/goldmark/extension/ast"

	"tesela/agent/wording"
	"tesela/tools"
)

// markdown says a text. Its tables are drawn from the results that they show;
// what must be known to read them, and what was computed, stand beside.
func (b *builder) markdown(source string) {
	w, doc := document(source)
	cards, notes := b.cards(), b.notes()
	more := "" // how many rows a text says it does not show, once they are told of
	card := false
	for n := doc.FirstChild(); n != nil; n = n.NextSibling() {
		switch n := n.(type) {
		case *xast.Table:
			g := w.table(n)
			if res := b.take(g); res != nil {
				b.result(res)
				more = ""
				if k := len(res.Rows) - wording.TableRows; k > 0 {
					more = b.lang.Count(int64(k))
				}
			} else {
				b.ownTable(g)
			}
			card = false
			continue
		case *ast.Paragraph:
			plain := w.plain(n)
			if more != "" && strings.Contains(plain, more) {
				more = ""
				continue
			}
			more = ""
			if b.computed(w, n) {
				b.add(piece{part: aside, lines: w.lines(n, "", "", 0), quiet: true})
				continue
			}
			pieces := w.blockPieces(n)
			if name, ok := n.FirstChild().(*ast.Emphasis); ok && cards[w.plain(name)] && len(pieces) > 0 {
				pieces[0].apart, card = true, true
			} else if card && len(pieces) > 0 {
				pieces[0].apart, card = true, false
			}
			b.add(pieces...)
			continue
		case *ast.List:
			b.list(w, n, notes)
			continue
		}
		b.add(w.blockPieces(n)...)
	}
}

// take gives the result that a table of the text shows, which is then shown:
// one with the same titles and as many rows as a text has of it.
func (b *builder) take(g *grid) *tools.Result {
	for i, res := range b.left {
		if len(g.rows) == 0 || len(g.rows) != min(len(res.Rows), wording.TableRows) {
			continue
		}
		if slices.Equal(g.titles(), gridOf(b.lang, res, wording.TableRows).titles()) {
			b.left = slices.Delete(slices.Clone(b.left), i, i+1)
			return res
		}
	}
	return nil
}

func (g *grid) titles() []string {
	var list []string
	for _, c := range g.columns {
		list = append(list, c.title)
	}
	return list
}

// cards are the names of segments that a text has cards of.
func (b *builder) cards() map[string]bool {
	names := map[string]bool{}
	for _, c := range b.a.Calls {
		if c.Result == nil {
			continue
		}
		for _, s := range c.Result.Segments {
			if name := clean(s.Name); name != "" && wording.HasCard(s) {
				names[name] = true
			}
		}
	}
	return names
}

// notes are those of the results.
func (b *builder) notes() map[string]bool {
	notes := map[string]bool{}
	for _, c := range b.a.Calls {
		if c.Result != nil {
			for _, n := range c.Result.Notes {
				notes[clean(n)] = true
			}
		}
	}
	return notes
}

// list says a list; items that are notes stand beside, behind what comes before
// them in it: Markdown takes lists that follow each other for one.
func (b *builder) list(w *walker, list *ast.List, notes map[string]bool) {
	note := func(item ast.Node) bool { return item.ChildCount() == 1 && notes[w.plain(item.FirstChild())] }
	first := list.FirstChild()
	for first != nil && (list.IsOrdered() || !note(first)) {
		first = first.NextSibling()
	}
	if first == nil {
		b.add(w.list(list, 0, "")...)
		return
	}
	rest := ast.NewList(list.Marker)
	rest.IsTight = list.IsTight
	for item := first; item != nil; {
		next := item.NextSibling()
		if note(item) {
			rest.AppendChild(rest, item) // which takes it out of where it was
		}
		item = next
	}
	b.add(w.list(list, 0, "")...)
	for _, p := range w.list(rest, 0, "") {
		p.part, p.quiet = aside, true
		for i := range p.lines {
			p.lines[i].runs = coded(p.lines[i].runs)
		}
		b.add(p)
	}
}

// coded sets as code what stands between backticks in notes, which tools write
// as plain texts.
func coded(runs []run) []run {
	var out []run
	for _, r := range tidy(runs) {
		parts := strings.Split(r.text, "`")
		if r.style != 0 || len(parts)%2 == 0 {
			out = append(out, r)
			continue
		}
		for i, text := range parts {
			if i%2 == 1 {
				out = append(out, run{text: text, style: code})
			} else if text != "" {
				out = append(out, run{text: text})
			}
		}
	}
	return out
}

// computed tells whether a paragraph says what was computed: titles of
// arguments, each with code.
func (b *builder) computed(w *walker, n ast.Node) bool {
	code := false
	text := ""
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch c.(type) {
		case *ast.CodeSpan:
			code = true
		case *ast.Text:
			text += w.plainOf(c)
		default:
			return false
		}
	}
	if !code {
		return false
	}
	titles := map[string]bool{}
	for _, title := range b.lang.Arguments {
		titles[title] = true
	}
	for word := range strings.SplitSeq(strings.NewReplacer(" · ", "|", ", ", "|", ": ", "|").Replace(text), "|") {
		if word = strings.Trim(word, " ,:·"); word != "" && !titles[word] {
			return false
		}
	}
	return true
}

// plainOf is one inline node's text.
func (w *walker) plainOf(n ast.Node) string { return line{runs: w.runs(n, 0)}.plain() }
