package evals

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"tesela/agent"
	"tesela/agent/model"
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
	RefusedWrongly  Verdict = "refused wrongly"
	Failed          Verdict = "error"
)

// Verdicts in the order of reports.
var Verdicts = []Verdict{Right, AskedRightly, RefusedRightly, AskedNeedlessly, AskedOddly, RefusedWrongly, Wrong, Failed}

// Points are +1 for what is right, −10 for a wrong answer, else 0.
func (v Verdict) Points() int {
	switch v {
	case Right, AskedRightly, RefusedRightly:
		return 1
	case Wrong:
		return -10
	}
	return 0
}

// Outcome is a case with its answer.
type Outcome struct {
	Case    *Case
	Verdict Verdict
	Answer  *agent.Answer // of the last turn; nil where it failed
	Want    string        // the golds' figures
	Why     string        // what was amiss, in short
	Elapsed time.Duration // of the last turn
}

// Run asks a case and scores it. Clock times the answer.
func (d *Data) Run(ctx context.Context, c *Case, clock func() time.Time) Outcome {
	o := Outcome{Case: c}
	talk := d.talk()
	for i, question := range c.Turns {
		started := clock()
		answer, err := ask(ctx, talk, question)
		o.Elapsed = clock().Sub(started)
		if err != nil {
			o.Verdict, o.Why = Failed, fmt.Sprintf("turn %d: %v", i+1, err)
			return o
		}
		o.Answer = answer
	}
	o.Verdict, o.Why = d.judge(ctx, c, o.Answer)
	if golds := c.Golds(); len(golds) > 0 {
		if r, err := d.Gold(ctx, golds[0]); err == nil {
			o.Want = brief(r)
		}
	}
	return o
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

// Gold runs a gold's call.
func (d *Data) Gold(ctx context.Context, g Gold) (*tools.Result, error) {
	tool, args, err := g.Call()
	if err != nil {
		return nil, err
	}
	return d.Box.Call(ctx, d.caller(), tool, args)
}

func (d *Data) judge(ctx context.Context, c *Case, a *agent.Answer) (Verdict, string) {
	golds := c.Golds()
	switch a.Status {
	case model.Answered:
		if len(golds) == 0 {
			return Wrong, "answered where it should not have been"
		}
		if d.matches(ctx, golds, a) {
			return Right, ""
		}
		return Wrong, "other figures"
	case model.Clarify:
		if !c.Clarify {
			return AskedNeedlessly, ""
		}
		if missing := d.missing(ctx, c, a); missing != "" {
			return AskedOddly, missing
		}
		return AskedRightly, ""
	case model.Cannot:
		if c.Cannot {
			return RefusedRightly, ""
		}
		return RefusedWrongly, ""
	}
	return Failed, "status " + string(a.Status)
}

// matches tells whether an answer's calls come to the figures of one of the
// golds and to no others. Looking names up changes no figure.
func (d *Data) matches(ctx context.Context, golds []Gold, a *agent.Answer) bool {
	for _, g := range golds {
		want, err := d.Gold(ctx, g)
		if err != nil {
			continue
		}
		good, bad := 0, 0
		for _, call := range a.Calls {
			switch {
			case Same(g, want, call.Tool, call.Result):
				good++
			case call.Tool != "find_values" && call.Error == "":
				bad++
			}
		}
		if good > 0 && bad == 0 {
			return true
		}
	}
	return false
}

// missing says what a question back lacks: the word, or a reading among the
// choices. A choice is asked as it stands.
func (d *Data) missing(ctx context.Context, c *Case, a *agent.Answer) string {
	if c.Word != "" {
		named := false
		for _, w := range a.Unknown {
			named = named || strings.Contains(fold(w), fold(c.Word)) || strings.Contains(fold(c.Word), fold(w))
		}
		if !named && !strings.Contains(fold(a.Text), fold(c.Word)) {
			return "it does not name " + c.Word
		}
	}
	for _, g := range c.Choices {
		found := false
		for _, choice := range a.Choices {
			answer, err := ask(ctx, d.talk(), choice.Question)
			found = found || err == nil && answer.Status == model.Answered && d.matches(ctx, []Gold{g}, answer)
		}
		if !found {
			tool, args, _ := g.Call()
			return fmt.Sprintf("none of the %d choices comes to %s %s", len(a.Choices), tool, args)
		}
	}
	return ""
}

// fold takes case and accents away.
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFD.String(s))
}

// brief is a result in a line.
func brief(r *tools.Result) string {
	text := fmt.Sprint(r.Values)
	for i, row := range r.Rows {
		if i == 3 {
			return text + " …"
		}
		text += fmt.Sprint(row)
	}
	return text
}
