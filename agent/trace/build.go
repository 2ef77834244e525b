package trace

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"

	"tesela/agent/model"
	"tesela/agent/model/replay"
)

// Trace puts the notes of a turn that is over together. What it shares with
// them is not changed by either.
func (n *Notes) Trace() *Trace {
	n.mu.Lock()
	defer n.mu.Unlock()
	t := n.trace
	t.Rounds = make([]Round, len(n.rounds))
	for i, noted := range n.rounds {
		t.Rounds[i] = noted.round(t.EndMS)
		if r := &t.Rounds[i]; r.Kind == "ask" && len(r.Tools) == 0 && i > 0 && t.Ended != nil {
			r.Withdrawn = t.Ended.By
		}
		if m := noted.request.Messages; len(m) > len(t.Messages) {
			t.Messages = m
		}
	}
	n.price(&t)
	seen := map[string]bool{}
	for i := range t.Rounds {
		t.Rounds[i].Calls = n.calls(i, &t, seen)
	}
	return &t
}

// round is what was noted of a round.
func (r *roundNotes) round(end float64) Round {
	out := Round{
		Span: r.span, Kind: "ask", Sent: len(r.request.Messages), Language: r.request.Language, Print: replay.Print(r.request),
		FirstMS: r.first, Attempts: r.tries, Deltas: []model.Delta{},
	}
	if r.open { // nobody waited for its end
		out.EndMS = end
	}
	for _, tool := range r.request.Tools {
		out.Tools = append(out.Tools, tool.Name)
	}
	if m := r.request.Messages; len(out.Tools) == 0 && len(m) > 0 && m[len(m)-1].Role == model.System {
		out.Kind = "repair"
	}
	var said strings.Builder
	flush := func() {
		if said.Len() > 0 {
			out.Deltas = append(out.Deltas, model.Delta{Text: said.String()})
			said.Reset()
		}
	}
	for _, d := range r.deltas {
		if d.Usage != nil {
			out.Usage.InputTokens += d.Usage.InputTokens
			out.Usage.OutputTokens += d.Usage.OutputTokens
			out.Usage.Estimated = out.Usage.Estimated || d.Usage.Estimated
		}
		said.WriteString(d.Text)
		d.Text = ""
		if d.Call == nil && d.Decision == nil && d.Usage == nil {
			continue
		}
		flush()
		if d.Decision != nil && d.Decision.Without != nil {
			if out.Faults == nil {
				out.Faults = map[int]Failure{}
			}
			f := d.Decision.Without
			out.Faults[len(out.Deltas)] = Failure{Model: f.Model, Cause: f.Cause, Error: f.Err.Error()}
		}
		out.Deltas = append(out.Deltas, d)
	}
	flush()
	if r.err != nil {
		out.Error = r.err.Error()
	}
	return out
}

// price works out what each round cost.
func (n *Notes) price(t *Trace) {
	p := t.Limits.Price
	for i := range t.Rounds {
		u := &t.Rounds[i].Usage
		u.Cost = (float64(u.InputTokens)*p.Input + float64(u.OutputTokens)*p.Output) / 1e6
	}
}

// calls are those of a round: what its reply asked for, in that order, with
// what came of each that was run. Those that were not, the loop refused; what
// it said of them stands in the messages.
func (n *Notes) calls(round int, t *Trace, seen map[string]bool) []Call {
	var out []Call
	for _, d := range t.Rounds[round].Deltas {
		if d.Call == nil {
			continue
		}
		id := d.Call.ID
		if id == "" { // as the loop numbers them
			id = "call-" + strconv.Itoa(t.Rounds[round].Sent+1) + "-" + strconv.Itoa(len(out)+1)
		}
		call := Call{Tool: d.Call.Name, Args: canonical(d.Call.Args), Outcome: Invalid, Error: refusal(t.Messages, id)}
		call.StartMS, call.EndMS = t.Rounds[round].EndMS, t.Rounds[round].EndMS
		for _, ran := range n.ran {
			if !ran.used && ran.round == round && ran.Tool == call.Tool && string(canonical(ran.Args)) == string(call.Args) {
				ran.used = true
				call = ran.Call
				break
			}
		}
		if call.Outcome == Gave {
			key := call.Tool + "\x00" + string(call.Args) + "\x00" + call.Print
			if seen[key] {
				call.Outcome = Again
			}
			seen[key] = true
		}
		out = append(out, call)
	}
	for _, ran := range n.ran {
		ran.used = ran.used && ran.round != round // so that notes can be put together again
	}
	return out
}

// canonical is JSON with its keys sorted; what is none becomes a text.
func canonical(args json.RawMessage) json.RawMessage {
	v, err := tree(args)
	switch {
	case len(bytes.TrimSpace(args)) == 0, err == nil && v == nil:
		return json.RawMessage("{}")
	case err != nil:
		v = strings.ToValidUTF8(string(args), "\ufffd")
	}
	return line(v)
}

// tree is JSON as Go has it, numbers as they are written.
func tree(b []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	if d.More() {
		return nil, errors.New("more than one value")
	}
	return v, nil
}

// line is a value as JSON in one line, marks of HTML as they are.
func line(v any) json.RawMessage {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return json.RawMessage("null")
	}
	return bytes.TrimSpace(b.Bytes())
}

// refusal is the error that a call's result tells of.
func refusal(messages []model.Message, id string) string {
	at := slices.IndexFunc(messages, func(m model.Message) bool { return m.Role == model.ToolRole && m.CallID == id })
	if at < 0 {
		return "it was not run"
	}
	var told struct{ Error string }
	if json.Unmarshal(messages[at].Result, &told) != nil || told.Error == "" {
		return "it was not run"
	}
	return told.Error
}
