package langchain

import (
	"encoding/json"
	"strings"

	"tesela/agent/model"
	"tesela/agent/model/prompting"
)

// step is one step of a dialogue as all four vendors take it: users and the
// assistant take turns, and calls are followed by their results.
type step struct {
	role    model.Role // User or Assistant; ToolRole where there are results
	text    string
	calls   []called   // of an Assistant step
	results []returned // of a ToolRole step: one for each call of the step before
}

// called is a call in the history.
type called struct {
	id   string // as the vendor gets to see it
	own  string // as the history has it
	name string
	args string // a JSON object
}

// returned is what a call returned.
type returned struct{ id, name, text string }

// What stands where a vendor wants something and the history has nothing.
const (
	nothingAsked = "(nothing)"
	answered     = "(answered)"
	goOn         = "Please go on."
	notRun       = `{"data":{"error":"it was not run"}}`
	notTheUser   = "[results, not words of the user] "
)

// dialogue puts a prompt into steps that every vendor takes. The first result
// is what the model is told before all of them. Where no tools are listed,
// calls and results stand there as text, since Anthropic and Bedrock refuse
// calls of tools that they are not told of.
func dialogue(p prompting.Prompt, shape ids) (system string, steps []step) {
	d := &maker{ids: shape, used: map[string]bool{}, untold: len(p.Tools) == 0}
	list := p.Messages
	for i := 0; i < len(list); {
		m := list[i]
		i++
		switch m.Role {
		case model.System:
			system = joined(system, m.Text)
		case model.Assistant:
			results := map[string]string{}
			from := i
			for ; i < len(list) && list[i].Role == model.ToolRole; i++ {
				results[list[i].CallID] = list[i].Text
			}
			d.assistant(m, results)
			for _, r := range list[from:i] {
				if text, left := results[r.CallID]; left {
					delete(results, r.CallID)
					d.add(step{role: model.User, text: notTheUser + "a call returned " + text})
				}
			}
		case model.ToolRole:
			d.add(step{role: model.User, text: notTheUser + "a call returned " + m.Text})
		default:
			d.add(step{role: model.User, text: m.Text})
		}
	}
	// What is asked stands last; a reply to an assistant would go on with its
	// words.
	if n := len(d.steps); n == 0 {
		d.add(step{role: model.User, text: nothingAsked})
	} else if d.steps[n-1].role == model.Assistant {
		d.add(step{role: model.User, text: goOn})
	}
	return system, d.steps
}

// maker makes steps one after the other.
type maker struct {
	ids
	used   map[string]bool
	untold bool // of any tool
	steps  []step
}

// assistant adds an assistant's words and calls, and what the calls returned;
// it takes those results away.
func (d *maker) assistant(m prompting.Message, results map[string]string) {
	said := step{role: model.Assistant, text: m.Text}
	back := step{role: model.ToolRole}
	for i, c := range m.Calls {
		text, ok := results[c.ID]
		delete(results, c.ID)
		if !ok {
			text = notRun
		}
		one := called{id: d.unique(c.ID, i, d.used), own: c.ID, name: c.Name, args: object(c.Args)}
		said.calls = append(said.calls, one)
		back.results = append(back.results, returned{id: one.id, name: c.Name, text: text})
	}
	switch {
	case len(said.calls) == 0:
		d.add(said)
	case d.untold:
		var asked, came strings.Builder
		for i, c := range said.calls {
			asked.WriteString("\nI called " + c.name + " with " + c.args + ".")
			came.WriteString("\n" + c.name + " returned " + back.results[i].text)
		}
		d.add(step{role: model.Assistant, text: joined(said.text, strings.TrimSpace(asked.String()))})
		d.add(step{role: model.User, text: notTheUser + strings.TrimSpace(came.String())})
	default:
		d.add(said)
		d.add(back)
	}
}

// add adds a step; two texts of the same side become one.
func (d *maker) add(s step) {
	if s.text == "" && len(s.calls) == 0 && len(s.results) == 0 {
		s.text = nothingAsked
	}
	n := len(d.steps)
	if n == 0 {
		if s.role == model.Assistant {
			d.steps = append(d.steps, step{role: model.User, text: nothingAsked})
		}
		d.steps = append(d.steps, s)
		return
	}
	last := &d.steps[n-1]
	switch {
	case s.role == last.role && s.role == model.User:
		last.text = joined(last.text, s.text)
	case s.role == last.role && s.role == model.Assistant:
		last.text, last.calls = joined(last.text, s.text), s.calls
	case s.role == model.User && last.role == model.ToolRole:
		// Mistral refuses a user's words right after results, and others would
		// take them for words of the same turn.
		d.steps = append(d.steps, step{role: model.Assistant, text: answered}, s)
	default:
		d.steps = append(d.steps, s)
	}
}

func joined(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + "\n\n" + b
}

// object is a call's arguments as a JSON object, which all vendors want.
func object(args json.RawMessage) string {
	args = prompting.Arguments(string(args))
	var fields map[string]json.RawMessage
	if json.Unmarshal(args, &fields) == nil && fields != nil {
		return string(args)
	}
	b, err := json.Marshal(map[string]string{"arguments": string(args)})
	if err != nil {
		return "{}"
	}
	return string(b)
}
