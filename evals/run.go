package evals

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"tesela/agent"
	"tesela/agent/model"
	"tesela/agent/wording"
	"tesela/tools"
)

// Verdict is what became of a case.
type Verdict string

// The verdicts.
const (
	Right           Verdict = "right"
	Wrong           Verdict = "wrong"
	AskedRightly    Verdict = "asked rightly"
	AskedOddly      Verdict = "asked oddly" // a question back was due, but about something else
	AskedNeedlessly Verdict = "asked needlessly"
	RefusedRightly  Verdict = "refused rightly"
	RefusedOddly    Verdict = "refused oddly" // a refusal was due, but for another reason
	RefusedWrongly  Verdict = "refused wrongly"
	Failed          Verdict = "error"
)

// Verdicts in the order of reports.
var Verdicts = []Verdict{Right, AskedRightly, RefusedRightly, AskedNeedlessly, AskedOddly, RefusedOddly, RefusedWrongly, Wrong, Failed}

// Good tells whether the case went as it should.
func (v Verdict) Good() bool { return v == Right || v == AskedRightly || v == RefusedRightly }

// Outcome is a case with its answer.
type Outcome struct {
	Case    *Case
	Verdict Verdict
	Answer  *agent.Answer // of the last turn; nil where it failed
	Want    string        // what was expected, with its figures
	Why     string        // what was amiss, in short
	// Ungrounded are figures of the answer's text that no result holds.
	Ungrounded []string
	Usage      agent.Usage   // of a language model, by all turns
	Elapsed    time.Duration // of the last turn
}

// Run asks a case and scores it. Clock times the answer. A cancellation is
// told by the verdict Failed and by ctx.
func (d *Data) Run(ctx context.Context, c *Case, now func() time.Time) Outcome {
	o := Outcome{Case: c}
	at, err := clock(c.AsOf, d.Zone, d.AsOf)
	if err != nil {
		o.Verdict, o.Why = Failed, err.Error()
		return o
	}
	o.Want = d.expectation(ctx, c, at)
	talk := d.talk(at)
	for i, question := range c.Turns {
		started := now()
		answer, err := ask(ctx, talk, question)
		o.Elapsed = now().Sub(started)
		if err != nil {
			o.Verdict, o.Why = Failed, fmt.Sprintf("turn %d: %v", i+1, err)
			return o
		}
		o.Answer = answer
		if u := answer.Usage; u != nil {
			o.Usage.InputTokens += u.InputTokens
			o.Usage.OutputTokens += u.OutputTokens
			o.Usage.Cost += u.Cost
		}
	}
	o.Verdict, o.Why = d.judge(ctx, c, o.Answer, at)
	o.Ungrounded = ungrounded(o.Answer)
	return o
}

// expectation says what a case expects, with the figures of its first gold.
func (d *Data) expectation(ctx context.Context, c *Case, at time.Time) string {
	texts := func(golds []Gold) (all []string) {
		for _, g := range golds {
			if w, err := d.want(ctx, g, at); err != nil {
				all = append(all, err.Error())
			} else {
				all = append(all, w.text())
			}
		}
		return all
	}
	due := texts(c.Expected())
	if c.Clarify {
		back := strings.TrimSpace("a question back " + c.Word)
		if len(c.Choices) > 0 {
			back += " with the readings " + strings.Join(texts(c.Choices), " / ")
		}
		due = append(due, back)
	}
	if c.Cannot {
		due = append(due, strings.TrimSpace("a refusal "+c.Reason))
	}
	return strings.Join(due, " | ")
}

func ask(ctx context.Context, c *agent.Conversation, question string) (*agent.Answer, error) {
	var answer *agent.Answer
	for event, err := range c.Ask(ctx, question) {
		if err != nil {
			return nil, err
		}
		if event.Answer != nil {
			answer = event.Answer
		}
	}
	if answer == nil {
		return nil, fmt.Errorf("no answer to %q", question)
	}
	return answer, nil
}

// ungrounded lists figures of an answer's text that are in none of its
// results.
func ungrounded(a *agent.Answer) []string {
	if a.Status != model.Answered {
		return nil
	}
	lang, err := wording.For(a.Language)
	if err != nil {
		return []string{err.Error()}
	}
	var calls []wording.Call
	for _, c := range a.Calls {
		if c.Result != nil {
			calls = append(calls, wording.Call{Tool: c.Tool, Args: c.Args, Result: c.Result})
		}
	}
	return agent.Strange(lang, a.Text, calls, a.Question)
}

// Record is the outcome as reports keep it.
func (o *Outcome) Record() Record {
	c := o.Case
	r := Record{
		Suite: c.Suite, ID: c.ID, Lang: c.Lang, Family: c.Family, Tags: c.Tags, Level: c.Level, Data: c.Data,
		Kind: c.Kind(), Question: c.Turns, Verdict: o.Verdict, Expected: o.Want, Why: o.Why,
		Ungrounded: o.Ungrounded, ElapsedMS: float64(o.Elapsed.Microseconds()) / 1000,
	}
	for _, g := range c.Expected() {
		if tool := g.ToolName(); !slices.Contains(r.Tools, tool) {
			r.Tools = append(r.Tools, tool)
		}
	}
	r.InputTokens, r.OutputTokens = o.Usage.InputTokens, o.Usage.OutputTokens
	if o.Usage.Cost > 0 {
		r.Cost = &o.Usage.Cost
	}
	a := o.Answer
	if a == nil {
		return r
	}
	r.Status, r.Understood, r.Answer, r.Calls = string(a.Status), a.Understood, a.ID, len(a.Calls)
	r.Got = got(a)
	for _, call := range a.Calls {
		r.Reading = append(r.Reading, call.Tool+" "+string(call.Args))
	}
	return r
}

// got says what an answer came to, in a line.
func got(a *agent.Answer) string {
	var parts []string
	for _, c := range a.Calls {
		text := c.Tool + " " + string(c.Args)
		if c.Result != nil {
			text += " = " + brief(c.Result)
		}
		if c.Error != "" {
			text += ": " + c.Error
		}
		parts = append(parts, text)
	}
	if len(a.Unknown) > 0 {
		parts = append(parts, "not understood: "+strings.Join(a.Unknown, ", "))
	}
	for _, choice := range a.Choices {
		parts = append(parts, "choice: "+choice.Question)
	}
	if len(parts) == 0 {
		return a.Text
	}
	return strings.Join(parts, " | ")
}

// brief is a result in a line.
func brief(r *tools.Result) string {
	text := ""
	for i, name := range sorted(r.Values) {
		if i > 0 {
			text += ", "
		}
		text += fmt.Sprintf("%s %v", name, r.Values[name])
	}
	for i, row := range r.Rows {
		if i == 3 {
			return text + " …"
		}
		text += fmt.Sprint(row)
	}
	return text
}
