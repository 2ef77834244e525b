package agent

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"tesela/agent/trace"
)

// traced is a conversation whose model and tools are watched for one turn, and
// what ends the watch. Without a sink it is the conversation itself.
func (c *Conversation) traced(t *turn) (done func()) {
	if c.Traces == nil {
		return func() {}
	}
	l, clock := c.Limits, c.Clock
	if own, ok := c.Traces.(interface{ Clock() func() time.Time }); ok && clock == nil {
		clock = own.Clock() // for the trace alone: the answer has no times
	}
	notes := trace.New(clock, trace.Trace{
		Session: c.Session, Question: t.question, Told: c.Language, Program: c.Program, Person: c.Person, Model: c.Model.Name(),
		Limits: trace.Limits{
			Rounds: l.Rounds, Invalid: l.Invalid, Repeats: l.Repeats, Calls: l.Calls, Tokens: l.Tokens, Cost: l.Cost,
			TimeMS: float64(l.Time) / float64(time.Millisecond), Price: c.Price,
		},
	})
	watched := *c
	watched.Model, watched.Tools = notes.Model(c.Model), notes.Tools(c.Tools)
	watched.noted = notes
	t.c = &watched
	var answer *Answer
	emit := t.emit
	t.emit = func(e Event) error {
		if e.Answer != nil {
			answer = e.Answer
		}
		return emit(e)
	}
	return func() {
		c.unkept = watched.unkept
		notes.Close(func(out *trace.Trace) { t.report(out, answer) })
		c.Traces.Keep(notes)
	}
}

// report puts into a trace what is known at the end of a turn; answer is nil
// where it came to none.
func (t *turn) report(out *trace.Trace, a *Answer) {
	out.AsOf, out.Data, out.Status, out.By = t.asOf.UTC(), t.data, trace.Cancelled, out.Model
	if t.lang != nil {
		out.Language = t.lang.Code
	}
	if t.used != nil {
		out.Usage = trace.Usage{InputTokens: t.used.InputTokens, OutputTokens: t.used.OutputTokens, Estimated: t.used.Estimated, Cost: t.used.Cost}
	}
	if d := t.decision; d != nil {
		out.Outside = d.Outside
		if d.By != "" {
			out.By = d.By
		}
		if d.Without != nil {
			out.Without = &trace.Failure{Model: d.Without.Model, Cause: d.Without.Cause, Error: d.Without.Err.Error()}
		}
	}
	if a == nil {
		h := sha256.New()
		fmt.Fprint(h, t.data, t.c.Session, len(t.past), t.question, t.started.UnixNano())
		out.ID = "x" + hex.EncodeToString(h.Sum(nil))[:11] // of no answer
		return
	}
	out.ID, out.Status, out.Reason, out.By = a.ID, string(a.Status), a.Reason, a.Model
	if out.Outside {
		out.Text = a.Text
	}
}

// noteEnd notes what ended the turn: what failed, or bounds.
func (t *turn) noteEnd(failed error) {
	bounds := strings.Join(t.boundNames(), ", ")
	switch {
	case bounds != "":
		t.c.noted.End(bounds, failed)
	case failed != nil:
		t.c.noted.End(faultCode(failed), failed)
	}
}
