package chat

import (
	"slices"
	"strings"

	"tesela/agent"
	"tesela/agent/model"
	"tesela/agent/wording"
	"tesela/cmd/internal/render"
	"tesela/tools"
)

// entry is one exchange: a question or command and what came of it.
type entry struct {
	question string
	past     bool // of an earlier sitting

	calls   []progress
	draft   string // of the answer, as it is written
	text    string // of the answer, as it comes
	notices []string
	answer  *agent.Answer
	err     error
	stopped bool

	result  *tools.Result // what /data found
	pending bool          // /data is being looked up
	say     string        // what a command answers

	drawn drawn
}

// progress is a call on its way.
type progress struct {
	tool  string
	state progressState
}

type progressState int

const (
	underway progressState = iota
	succeeded
	failed
)

// drawn keeps an entry's lines as long as nothing they depend on changes.
type drawn struct {
	key   drawKey
	lines []string
}

// drawKey is all that an entry's lines depend on beside the entry.
type drawKey struct {
	width  int
	mode   render.Mode
	lang   string
	chosen int // the choice under the cursor, noChoice where none is offered
	spin   int
}

// changed makes the entry be drawn again.
func (e *entry) changed() { e.drawn.lines = nil }

// over tells that nothing more comes.
func (e *entry) over() bool {
	return !e.pending && (e.stopped || e.answer != nil || e.err != nil || e.say != "" || e.result != nil)
}

// take notes a step of the answer.
func (e *entry) take(ev agent.Event) {
	switch {
	case ev.Started != nil:
		e.calls = append(e.calls, progress{tool: ev.Started.Tool})
	case ev.Ended != nil:
		for i := range e.calls {
			if p := &e.calls[i]; p.state == underway && p.tool == ev.Ended.Tool {
				if p.state = succeeded; ev.Ended.Error != "" {
					p.state = failed
				}
				break
			}
		}
	case ev.Draft != "":
		e.draft += ev.Draft
	case ev.Withdrawn:
		e.draft = ""
	case ev.Text != "":
		e.text += ev.Text
	case ev.Notice != "":
		e.notices = append(e.notices, ev.Notice)
	case ev.Answer != nil:
		e.answer = ev.Answer
	}
	e.changed()
}

func (e *entry) fail(err error) {
	e.err = err
	e.changed()
}

func (e *entry) describe(result *tools.Result, err error) {
	e.pending, e.result, e.err = false, result, err
	e.changed()
}

// choices are the readings that the answer offers.
func (e *entry) choices() []model.Choice {
	if e.answer == nil {
		return nil
	}
	return e.answer.Choices
}

// lines draws the entry, or gives what was drawn before.
func (e *entry) lines(d *drawing) []string {
	if e.over() {
		d.key.spin = 0
	}
	if e.drawn.lines != nil && e.drawn.key == d.key {
		return e.drawn.lines
	}
	e.drawn = drawn{key: d.key, lines: e.draw(d)}
	return e.drawn.lines
}

// draw puts the question over the answer, which stands a little to the right.
func (e *entry) draw(d *drawing) []string {
	s := render.StylesFor(d.key.mode)
	var out []string
	for i, line := range d.ask.Wrap(render.Clean(e.question)) {
		mark := "  "
		if i == 0 {
			mark = s.Accent.Render("›") + " "
		}
		out = append(out, mark+s.Strong.Render(line))
	}
	for _, part := range e.parts(d, s) {
		if part == "" {
			continue
		}
		out = append(out, "")
		for line := range strings.SplitSeq(part, "\n") {
			if line != "" {
				line = d.margin + line
			}
			out = append(out, line)
		}
	}
	return append(out, "")
}

// parts are the pieces of an answer, each apart from the next.
func (e *entry) parts(d *drawing, s render.Styles) []string {
	words, r := d.words, d.answer
	a := e.answer
	var notices []string
	for _, n := range e.notices {
		notices = append(notices, r.Plain(fill(words.Kept, "text", n), s.Warn))
	}
	notice := strings.Join(notices, "\n")
	switch {
	case e.stopped:
		return []string{notice, s.Muted.Render(words.Stopped)}
	case e.err != nil:
		return []string{notice, r.Plain(fill(words.Failed, "error", e.err.Error()), s.Warn)}
	case a != nil && a.Status == model.Failed:
		return []string{notice, r.Plain(render.PlainMarkdown(a.Text), s.Warn)}
	case a != nil:
		w := d.answerWords
		parts := []string{r.Head(a, w), r.Body(a)}
		if len(a.Choices) > 0 {
			parts = append(parts, r.Choices(a.Choices, d.key.chosen))
		}
		return append(parts, notice, r.Foot(a, w))
	case e.result != nil:
		return []string{e.described(d)}
	case e.say != "":
		return []string{r.Plain(e.say, s.Muted)}
	}
	return []string{e.progress(d, s), r.Markdown(e.soFar()), e.writing(d, s), notice}
}

// soFar is what is known of the answer's text: the draft until the text has come
// as far, so that nothing shrinks for a moment.
func (e *entry) soFar() string {
	if len(e.text) >= len(e.draft) {
		return e.text
	}
	return e.draft
}

// writing shows that more is to come once nothing is computed any more: of a
// draft, or its beginning.
func (e *entry) writing(d *drawing, s render.Styles) string {
	computing := slices.ContainsFunc(e.calls, func(p progress) bool { return p.state == underway })
	if e.text != "" || e.draft == "" && (computing || len(e.calls) == 0) {
		return ""
	}
	return s.Accent.Render(spinner[d.key.spin%len(spinner)]) + " " + s.Muted.Render(d.words.Writing)
}

// described draws what the data holds: the sentence, then all rows.
func (e *entry) described(d *drawing) string {
	told := *e.result
	told.Rows, told.Columns = nil, nil
	text := d.lang.Answer([]wording.Call{{Tool: d.describeTool, Result: &told}})
	return d.answer.Markdown(text) + "\n\n" + d.answer.Overview(e.result)
}

// spinner are the signs that something is going on, one after the other.
var spinner = []string{"⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"}

// progress shows what is being done.
func (e *entry) progress(d *drawing, s render.Styles) string {
	turn := spinner[d.key.spin%len(spinner)]
	if len(e.calls) == 0 {
		return s.Accent.Render(turn) + " " + s.Muted.Render(d.words.Working)
	}
	var lines []string
	for _, p := range e.calls {
		mark := map[progressState]string{
			underway: s.Accent.Render(turn), succeeded: s.Figure.Render("✓"), failed: s.Warn.Render("✗"),
		}[p.state]
		text, ok := d.words.Tools[p.tool]
		if !ok {
			text = fill(d.words.Tools["other"], "tool", render.Clean(p.tool))
		}
		lines = append(lines, mark+" "+s.Muted.Render(text))
	}
	return strings.Join(lines, "\n")
}
