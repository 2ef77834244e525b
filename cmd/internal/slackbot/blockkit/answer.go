package blockkit

import (
	"strings"
	"time"

	"tesela/agent"
	"tesela/agent/model"
	"tesela/agent/wording"
	"tesela/tools"
)

// Options are what an answer is shown with.
type Options struct {
	// Language of the words around the answer; "" is the answer's. Figures and
	// titles stay in the answer's.
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
	titled(r.Messages)
	return r, nil
}

// Markdown renders a text of agent/wording or of a model by itself.
func Markdown(source string) []Message {
	w, doc := document(source)
	var pieces []piece
	for n := doc.FirstChild(); n != nil; n = n.NextSibling() {
		pieces = append(pieces, w.blockPieces(n)...)
	}
	return titled(pack(lay(pieces)))
}

// titled lets no message be without a text.
func titled(messages []Message) []Message {
	for i := range messages {
		if messages[i].Text == "" {
			messages[i].Text = "…"
		}
	}
	return messages
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
	if a.Language != "" && a.Language != v.lang.Code {
		if v.lang, err = wording.For(a.Language); err != nil {
			return nil, err
		}
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
	if b.a.Status != model.Answered || strings.TrimSpace(b.a.Text) != "" && !b.namesCustomers() {
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
			b.withheld = true
			res.Rows, res.Columns = nil, nil
		}
		calls = append(calls, wording.Call{Tool: c.Tool, Args: c.Args, Result: &res})
	}
	return b.lang.Answer(calls)
}

// namesCustomers tells whether the text names customers of rows that may not be
// shown; it then goes the way of these.
func (b *builder) namesCustomers() bool {
	for _, c := range b.a.Calls {
		if c.Result == nil || !b.private(c.Result) {
			continue
		}
		for _, row := range c.Result.Rows {
			if len(row) == 0 {
				continue
			}
			if id, _ := row[0].(string); id != "" && (strings.Contains(b.a.Text, id) || strings.Contains(b.a.Text, wording.Escape(id))) {
				b.withheld = true
				return true
			}
		}
	}
	return false
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
	if u := a.Usage; u != nil {
		for _, text := range b.lang.Used(u.Rounds, u.InputTokens+u.OutputTokens, u.Estimated, u.Cost) {
			add(text, 0)
		}
	}
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
