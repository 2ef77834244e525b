package blockkit

import (
	"slices"
	"strings"
	"time"

	"github.com/yuin/goldmark/ast"
	xast "github.com/yuin/goldmark/extension/ast"

	"tesela/agent"
	"tesela/agent/model"
	"tesela/agent/wording"
	"tesela/tools"
)

// Options are what an answer is shown with.
type Options struct {
	// Language of the words around the answer; "" is the answer's.
	Language string
	// Zone is that of the data, nil being UTC.
	Zone *time.Location
	// Personal lets rows be shown that list customers by their ids. Without it
	// they are left out whatever the answer holds, and that is said.
	Personal bool
	// Withheld says that rows were left out of the answer before it came here.
	// Direct is set where that is so in a direct message, where it is no help
	// to point to one.
	Withheld, Direct bool
	// MayApprove names those who may say yes to what waits, "" for everybody.
	MayApprove string
	// Until is when what waits expires; the zero time says nothing of it.
	Until time.Time
	// Report offers a report of the answer.
	Report bool
	// Later leaves charts out of the files: Charts draws them, once the words
	// are said, as each takes its tenths of a second.
	Later bool
	// Draw draws a result's chart as a PNG and tells it in words; ok is false
	// for one that has none. Nil draws as drawing.PNG does.
	Draw func(*tools.Result) (png []byte, alt string, ok bool)
}

// Rendered is an answer as Slack shows it.
type Rendered struct {
	// Messages are at least one: the first stands where the bot said that it
	// is at it, the others follow.
	Messages []Message
	// Files are charts as PNG and long tables as CSV, in reading order.
	Files []File
	// Pressed is which of the messages has the buttons of choices or
	// approvals, −1 for none.
	Pressed int
}

// Answer renders an answer. It fails only where this build's own words are
// broken.
func Answer(a *agent.Answer, o Options) (*Rendered, error) {
	b, err := newBuilder(a, o)
	if err != nil {
		return nil, err
	}
	b.head()
	b.body()
	b.foot()
	r := &Rendered{Messages: pack(lay(b.pieces)), Files: b.files, Pressed: -1}
	for i, m := range r.Messages {
		if hasButtons(m, ActionChoice, ActionApprove) {
			r.Pressed = i
		}
	}
	if len(r.Messages) == 0 {
		r.Messages = []Message{Notice(b.subject())}
	}
	if r.Messages[0].Text == "" {
		r.Messages[0].Text = fallback(b.subject())
	}
	for i := range r.Messages {
		if r.Messages[i].Text == "" {
			r.Messages[i].Text = "…"
		}
	}
	return r, nil
}

// Markdown renders a text of agent/wording or of a model by itself.
func Markdown(source string) []Message {
	w, doc := document(source)
	var pieces []piece
	for n := doc.FirstChild(); n != nil; n = n.NextSibling() {
		pieces = append(pieces, w.blockPieces(n)...)
	}
	return pack(lay(pieces))
}

// builder gathers the pieces of one answer.
type builder struct {
	*voice
	a      *agent.Answer
	o      Options
	pieces []piece
	files  []File
	names  map[string]bool // of files
	// left are the results whose rows belong into the answer and are not shown
	// yet; segments tells of which result a table of segments is.
	left     []*tools.Result
	segments map[*tools.Result]*tools.Result
	drawn    map[*tools.Result]bool
	withheld bool
}

func newBuilder(a *agent.Answer, o Options) (*builder, error) {
	code := o.Language
	if code == "" {
		code = a.Language
	}
	v, err := voiceOf(code)
	if err != nil {
		return nil, err
	}
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	if o.Draw == nil {
		o.Draw = drawer(v.lang, a, o)
	}
	return &builder{
		voice: v, a: a, o: o, names: map[string]bool{}, withheld: o.Withheld,
		segments: map[*tools.Result]*tools.Result{}, drawn: map[*tools.Result]bool{},
	}, nil
}

func (b *builder) add(p ...piece) { b.pieces = append(b.pieces, p...) }

// say adds a paragraph in the bot's own words.
func (b *builder) say(text string, s style) {
	b.add(piece{lines: []line{plainLine(text, s)}})
}

// head says what was understood and assumed.
func (b *builder) head() {
	if text := clean(b.a.Understood); text != "" {
		b.add(piece{lines: []line{plainLine(text, italic)}, apart: true, quiet: true})
	}
	var lines []line
	for _, assumed := range b.a.Assumptions {
		if text := clean(assumed); text != "" {
			lines = append(lines, line{prefix: "• ", then: "  ", runs: []run{{text: text}}})
		}
	}
	if len(lines) > 0 {
		b.add(piece{part: aside, lines: lines, quiet: true})
	}
}

// body says the answer itself.
func (b *builder) body() {
	b.left = b.drawable()
	text := b.text()
	b.markdown(text)
	if b.a.Status == model.Answered && !hasTable(text) {
		for _, res := range b.shown() {
			b.result(res)
		}
	}
	if !b.o.Later {
		b.charts()
	}
	if b.withheld {
		key := "withheld"
		if b.o.Direct {
			key = "withheld_direct"
		}
		b.add(piece{lines: []line{{prefix: ":lock: ", runs: []run{{text: b.words[key]}}}}, apart: true})
	}
	b.choices()
	b.approvals()
}

// text is what is said, in Markdown; where an answer came without, as one does
// whose rows were withheld, its results are worded anew.
func (b *builder) text() string {
	if strings.TrimSpace(b.a.Text) != "" || b.a.Status != model.Answered {
		return b.a.Text
	}
	var calls []wording.Call
	for _, c := range b.a.Calls {
		if c.Result == nil {
			continue
		}
		res := *c.Result
		if b.o.Withheld && len(res.Rows) == 0 {
			res.Columns = nil // so that nobody says that there is nothing
			if len(res.Values) == 0 && len(res.Segments) == 0 {
				continue
			}
		}
		if b.private(&res) {
			res.Rows, res.Columns = nil, nil
		}
		calls = append(calls, wording.Call{Tool: c.Tool, Args: c.Args, Result: &res})
	}
	return b.lang.Answer(calls)
}

// private tells whether a result's rows list customers and may not be shown.
func (b *builder) private(res *tools.Result) bool {
	return !b.o.Personal && len(res.Rows) > 0 && len(res.Columns) > 0 && res.Columns[0].Name == "id"
}

// hasTable tells whether a text shows rows itself.
func hasTable(text string) bool {
	return strings.HasPrefix(text, "|") || strings.Contains(text, "\n|")
}

// drawable are the results whose rows may belong into the answer, each once. Of
// a count, one condition is no table.
func (b *builder) drawable() []*tools.Result {
	var all []*tools.Result
	seen := map[string]bool{}
	for _, c := range b.a.Calls {
		res := c.Result
		if res == nil || seen[res.Fingerprint] && res.Fingerprint != "" {
			continue
		}
		seen[res.Fingerprint] = true
		if t := b.lang.SegmentTable(res); t != nil {
			t.Title = res.Title
			b.segments[t] = res
			all = append(all, t)
		}
		if len(res.Rows) > 0 && (len(res.Rows) > 1 || res.Segments == nil) {
			all = append(all, res)
		}
	}
	return all
}

// shown are the results that a text without tables is shown with: those that
// name a chart, else the last.
func (b *builder) shown() []*tools.Result {
	var charted []*tools.Result
	for _, res := range b.left {
		if res.Chart != nil && len(res.Rows) > 1 {
			charted = append(charted, res)
		}
	}
	if len(charted) > 0 {
		return charted
	}
	return b.left[max(0, len(b.left)-1):]
}

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
		b.add(p)
	}
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

// foot says where the answer comes from, and offers its report.
func (b *builder) foot() {
	if b.o.Report && b.a.Status == model.Answered && b.a.ID != "" {
		b.add(piece{part: buttons, blocks: actions(button(ActionReport, b.a.ID, b.words["report"]))})
	}
	a := b.a
	var runs []run
	add := func(text string, s style) {
		if text == "" {
			return
		}
		if len(runs) > 0 {
			runs = append(runs, run{text: " · "})
		}
		runs = append(runs, run{text: text, style: s})
	}
	add(clean(a.Model), 0)
	if !a.AsOf.IsZero() {
		add(b.words["as_of"]+" "+b.lang.Time(a.AsOf.In(b.o.Zone)), 0)
	}
	if a.ElapsedMS > 0 {
		add(b.elapsed(a.ElapsedMS), 0)
	}
	if id := clean(a.ID); id != "" {
		if len(runs) > 0 {
			runs = append(runs, run{text: " · " + b.words["answer"] + " "})
		} else {
			runs = append(runs, run{text: b.words["answer"] + " "})
		}
		runs = append(runs, run{text: id, style: code})
	}
	if len(runs) > 0 {
		b.add(piece{part: aside, lines: []line{{runs: runs}}, quiet: true})
	}
}

// elapsed writes how long an answer took.
func (b *builder) elapsed(ms float64) string {
	if ms < 1000 {
		return b.lang.Number(float64(int(ms+0.5))) + " ms"
	}
	return b.lang.Number(float64(int(ms/100+0.5))/10) + " s"
}

// subject stands for an answer without a word.
func (b *builder) subject() string {
	for _, text := range []string{b.a.Understood, b.a.Question} {
		if text = clean(text); text != "" {
			return text
		}
	}
	return wording.Capital(strings.TrimSpace(b.words["answer"] + " " + clean(b.a.ID)))
}
