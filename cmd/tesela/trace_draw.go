package main

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"tesela/agent/model"
	"tesela/agent/trace"
)

// The columns of a drawn trace: what happened, how long it took, and where in
// the turn's time it lies.
const (
	traceWidth = 80
	labelWidth = 50
	tookWidth  = 8
	barWidth   = traceWidth - labelWidth - tookWidth - 2
)

// drawing draws one trace.
type traceDrawing struct {
	strings.Builder
	t *trace.Trace
}

// traceText draws a turn: its rounds one under the other, in each the requests
// and the tools it called, with bars for their time.
func traceText(t *trace.Trace, question string, full bool) string {
	d := &traceDrawing{t: t}
	d.head(question)
	if t.EndMS > 0 {
		d.row(0, "read what the turn starts from", trace.Span{EndMS: t.ReadyMS})
	}
	checks := t.Checks
	for i := range t.Rounds {
		d.round(i)
		// A text is checked right after the reply that says it.
		for len(checks) > 0 && (i == len(t.Rounds)-1 || checks[0].AtMS < t.Rounds[i+1].StartMS || t.Rounds[i+1].Kind == "repair" && checks[0].Verdict == trace.Repair) {
			d.check(checks[0])
			checks = checks[1:]
		}
	}
	d.end()
	if full {
		d.messages()
	}
	return d.String()
}

func (d *traceDrawing) head(question string) {
	t := d.t
	parts := []string{t.ID, askedText(t.Asked), t.Status, shortModel(t.By)}
	if t.Session != "" {
		parts = append(parts, "session "+sessionText(t.Session))
	}
	d.WriteString(ansi.Truncate(strings.Join(parts, "  "), traceWidth, "…") + "\n")
	d.text(0, oneLine(question))
	d.WriteString("\n")
}

// row is a step with its time and its bar.
func (d *traceDrawing) row(depth int, label string, s trace.Span) {
	label = strings.Repeat("  ", depth) + oneLine(label)
	if d.t.EndMS <= 0 {
		d.WriteString(ansi.Truncate(label, traceWidth, "…") + "\n")
		return
	}
	label = ansi.Truncate(label, labelWidth, "…")
	label += strings.Repeat(" ", labelWidth-ansi.StringWidth(label))
	line := fmt.Sprintf("%s %*s %s", label, tookWidth, tookText(s.MS()), d.bar(s))
	d.WriteString(strings.TrimRight(line, " ") + "\n")
}

// bar is where a stretch lies in the turn.
func (d *traceDrawing) bar(s trace.Span) string {
	at := func(ms float64) int { return max(0, min(barWidth, int(ms/d.t.EndMS*barWidth+0.5))) }
	from, to := at(s.StartMS), at(s.EndMS)
	if to <= from {
		if s.MS() <= 0 {
			return ""
		}
		from = min(from, barWidth-1)
		return strings.Repeat(" ", from) + "▏"
	}
	return strings.Repeat(" ", from) + strings.Repeat("█", to-from)
}

// text is more about a step, in as many lines as it takes.
func (d *traceDrawing) text(depth int, text string) {
	indent := strings.Repeat("  ", depth)
	for _, l := range strings.Split(ansi.Wrap(text, traceWidth-len(indent), ""), "\n") {
		d.WriteString(indent + strings.TrimRight(l, " ") + "\n")
	}
}

// short is one line of what may be long.
func (d *traceDrawing) short(depth int, text string) {
	indent := strings.Repeat("  ", depth)
	d.WriteString(indent + ansi.Truncate(oneLine(text), traceWidth-len(indent), "…") + "\n")
}

func (d *traceDrawing) round(i int) {
	r := d.t.Rounds[i]
	name := shortModel(d.t.AskedOf(i))
	label := fmt.Sprintf("round %d: %s", i+1, name)
	switch {
	case r.Kind == "repair":
		label += " is asked to say it again"
	case r.Withdrawn != "":
		label += ", without tools (" + r.Withdrawn + ")"
	}
	d.row(0, label, r.Span)
	about := fmt.Sprintf("%s, %s", counted(r.Sent, "message"), counted(len(r.Tools), "tool"))
	if u := r.Usage; u.InputTokens+u.OutputTokens > 0 {
		about += fmt.Sprintf("; %s tokens in, %s out%s", thousands(u.InputTokens), thousands(u.OutputTokens), map[bool]string{true: " (estimated)"}[u.Estimated])
		if u.Cost > 0 {
			about += ", " + costText(u.Cost)
		}
	}
	if r.FirstMS > r.StartMS && r.EndMS-r.FirstMS > 50 {
		about += fmt.Sprintf("; first word after %s", tookText(r.FirstMS-r.StartMS))
	}
	d.text(1, about)
	for n, a := range r.Attempts {
		if len(r.Attempts) == 1 && a.Error == "" {
			break
		}
		label := fmt.Sprintf("request %d", n+1)
		if a.Status > 0 {
			label += fmt.Sprintf(": %d", a.Status)
		}
		d.row(1, label, a.Span)
		if a.Error != "" {
			d.short(2, a.Error)
		}
	}
	d.reply(r)
	for _, call := range r.Calls {
		d.call(call)
	}
}

// reply tells what a model decided and said.
func (d *traceDrawing) reply(r trace.Round) {
	for at, delta := range r.Deltas {
		if delta.Decision != nil {
			if f, ok := r.Faults[at]; ok {
				d.text(1, oneLine(fmt.Sprintf("%s failed (%s): %s; %s answers without it", f.Model, f.Cause, f.Error, delta.Decision.By)))
			}
			d.decision(delta.Decision)
		}
		if text := strings.TrimSpace(delta.Text); text != "" {
			d.short(1, "said: "+text)
		}
	}
	if r.Error != "" {
		d.text(1, "failed: "+oneLine(r.Error))
	}
}

func (d *traceDrawing) decision(of *model.Decision) {
	var parts []string
	if of.Status != "" {
		parts = append(parts, string(of.Status))
	}
	if of.Reason != "" {
		parts = append(parts, string(of.Reason))
	}
	if of.Language != "" {
		parts = append(parts, "in "+of.Language)
	}
	if len(of.Unknown) > 0 {
		parts = append(parts, "does not know "+strings.Join(of.Unknown, ", "))
	}
	if n := len(of.Choices); n > 0 {
		parts = append(parts, counted(n, "reading")+" to choose from")
	}
	if len(parts) > 0 {
		d.text(1, "decided: "+oneLine(strings.Join(parts, ", ")))
	}
	if of.Understood != "" {
		d.short(1, "understood: "+of.Understood)
	}
}

func (d *traceDrawing) call(c trace.Call) {
	d.row(1, c.Tool, c.Span)
	if args := string(c.Args); args != "{}" && args != "null" {
		d.short(2, args)
	}
	switch c.Outcome {
	case trace.Gave, trace.Again:
		gave := "a result"
		if c.Rows > 0 || len(c.Columns) > 0 {
			gave = fmt.Sprintf("%s of %s", counted(c.Rows, "row"), strings.Join(c.Columns, ", "))
		}
		if c.Outcome == trace.Again {
			gave += ", the same as before"
		}
		d.short(2, gave)
	case trace.Waits:
		d.text(2, "waits for a person's approval")
	case trace.Personal:
		d.text(2, "refused, for the personal data it would show: "+oneLine(c.Error))
	case trace.Invalid:
		d.text(2, "sent back to the model: "+oneLine(c.Error))
	default:
		d.text(2, "failed: "+oneLine(c.Error))
	}
}

func (d *traceDrawing) check(c trace.Check) {
	switch c.Verdict {
	case trace.Grounded:
		d.text(1, "its text is borne out by the results")
	case trace.Repair:
		d.text(1, "not borne out by the results: "+oneLine(strings.Join(c.Strange, "; ")))
	default:
		why := ""
		if len(c.Strange) > 0 {
			why = ": " + oneLine(strings.Join(c.Strange, "; "))
		}
		d.text(1, "refused, so the core's own words are taken"+why)
	}
}

func (d *traceDrawing) end() {
	t := d.t
	d.WriteString("\n")
	if t.Ended != nil {
		ended := "ended by: " + t.Ended.By
		if t.Ended.Error != "" {
			ended += ", " + oneLine(t.Ended.Error)
		}
		d.text(0, ended)
	}
	sum := fmt.Sprintf("%s after %s: %s", t.Status, tookText(t.EndMS), counted(len(t.Rounds), "round"))
	if t.EndMS <= 0 {
		sum = fmt.Sprintf("%s: %s", t.Status, counted(len(t.Rounds), "round"))
	}
	sum += ", " + counted(t.Head().Calls, "call")
	if n := t.Usage.InputTokens + t.Usage.OutputTokens; n > 0 {
		sum += ", " + counted(n, "token")
	}
	if t.Usage.Cost > 0 {
		sum += ", " + costText(t.Usage.Cost)
	}
	d.text(0, sum)
	switch {
	case t.Withheld != "":
		d.text(0, "Texts are not kept: "+t.Withheld+".")
	case t.Masked > 0:
		d.text(0, counted(t.Masked, "text")+" masked (▒▒▒), for personal data.")
	}
}

// messages are what was sent, round by round only what is new.
func (d *traceDrawing) messages() {
	sent := 0
	for i, r := range d.t.Rounds {
		if r.Sent > len(d.t.Messages) {
			continue
		}
		fmt.Fprintf(d, "\nsent in round %d", i+1)
		if sent > 0 {
			d.WriteString(", after what was sent before")
		}
		d.WriteString(":\n")
		for _, m := range d.t.Messages[min(sent, r.Sent):r.Sent] {
			d.message(m)
		}
		sent = max(sent, r.Sent)
	}
}

func (d *traceDrawing) message(m model.Message) {
	d.text(0, string(m.Role))
	if m.Text != "" {
		d.text(1, oneLine(m.Text))
	}
	if m.Reply != nil {
		d.decision(m.Reply)
	}
	for _, c := range m.Calls {
		d.text(1, oneLine(c.Name+" "+string(c.Args)))
	}
	if len(m.Result) > 0 {
		var told struct{ Error string }
		if json.Unmarshal(m.Result, &told) == nil && told.Error != "" {
			d.text(1, "error: "+oneLine(told.Error))
			return
		}
		d.text(1, oneLine(string(m.Result)))
	}
}
