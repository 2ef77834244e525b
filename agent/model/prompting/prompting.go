// Package prompting puts a request to a language model into the texts and tool
// calls that every vendor's format has, and what such a model replies back into
// our own words: what is told of the data, how a model asks back or declines,
// how broken arguments are read. It opens no connection and knows no vendor.
package prompting

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"time"

	"tesela/agent/model"
	"tesela/prompts"
)

// Prompt is a request in texts.
type Prompt struct {
	Messages []Message
	Tools    []model.Tool
}

// Message is one step of a conversation. Only the first is a System one; all
// texts are valid UTF-8, and none is empty but that beside calls.
type Message struct {
	Role   model.Role
	Text   string
	Calls  []model.Call // of an Assistant message
	CallID string       // what a ToolRole message answers
}

// Writer writes prompts. It keeps an index of the catalogue's values from one
// request to the next and is safe for concurrent use.
type Writer struct {
	// Budget is how many tokens the summary of the data may take.
	Budget int
	// History is how many tokens the turns before the one at hand may take.
	History int
	// OneCall is set for a model whose replies hold one call each; it is told
	// so.
	OneCall bool

	system string
	mu     sync.Mutex
	index  *valueIndex
}

// DefaultBudget of tokens for the summary of the data.
const DefaultBudget = 3000

// New makes a writer.
func New() (*Writer, error) {
	text, err := fs.ReadFile(prompts.Agent, "agent/system.md")
	if err != nil {
		return nil, fmt.Errorf("read what models are told: %w", err)
	}
	return &Writer{Budget: DefaultBudget, History: DefaultHistory, system: strings.TrimSpace(string(text))}, nil
}

// Write makes the prompt of a request. Tools that write are left out once the
// turn has read data, so that no text in it can bring them about.
func (w *Writer) Write(r model.Request) Prompt {
	question, at := "", -1
	for i, m := range r.Messages {
		if m.Role == model.User {
			question, at = m.Text, i
		}
	}
	p := Prompt{Messages: []Message{{Role: model.System, Text: w.told(r, question)}}}
	p.Messages = append(p.Messages, earlier(r.Messages[:max(0, at)], w.History)...)
	for _, m := range r.Messages[max(0, at):] {
		p.Messages = append(p.Messages, messages(m)...)
	}
	read := false
	for _, m := range r.Messages[at+1:] {
		read = read || m.Role == model.ToolRole
	}
	if len(r.Tools) == 0 {
		return p
	}
	for _, t := range r.Tools {
		if !t.Writes || !read {
			p.Tools = append(p.Tools, t)
		}
	}
	p.Tools = append(p.Tools, decisionTools()...)
	return p
}

// told is the system message: what holds of every question, then the data.
func (w *Writer) told(r model.Request, question string) string {
	var b strings.Builder
	b.WriteString(w.system)
	if r.Catalogue != nil {
		b.WriteString("\n\n# The data\n<data>\n")
		b.WriteString(MaskPersonal(summarise(r.Catalogue, w.indexOf(r.Catalogue), question, w.Budget)))
		b.WriteString("</data>\n")
	}
	if !r.AsOf.IsZero() {
		at := r.AsOf.UTC()
		if r.Catalogue != nil {
			if zone, err := time.LoadLocation(r.Catalogue.Zone); err == nil {
				at = r.AsOf.In(zone)
			}
		}
		fmt.Fprintf(&b, "\nNow is %s; windows such as `last 30d` end there.", at.Format(time.RFC3339))
	}
	if r.Language != "" {
		fmt.Fprintf(&b, "\nAnswer in the language of code %q.", r.Language)
	}
	switch {
	case len(r.Tools) > 0 && w.OneCall:
		b.WriteString("\nMake one tool call at a time: after its result you can make the next.")
	case len(r.Tools) == 0:
		b.WriteString("\nThere are no more tool calls: answer with the results there are, or say that they do not answer the question.")
	}
	return strings.ToValidUTF8(b.String(), "\ufffd")
}

func (w *Writer) indexOf(c *model.Catalogue) *valueIndex {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.index == nil || w.index.catalogue != c {
		w.index = newValueIndex(c)
	}
	return w.index
}

// InFront is the prompt for a model without system messages: what it is told
// stands in front of what the user said first.
func (p Prompt) InFront() Prompt {
	if len(p.Messages) == 0 || p.Messages[0].Role != model.System {
		return p
	}
	told, rest := p.Messages[0].Text, slices.Clone(p.Messages[1:])
	at := slices.IndexFunc(rest, func(m Message) bool { return m.Role == model.User })
	if at < 0 {
		rest, at = append([]Message{{Role: model.User}}, rest...), 0
	}
	rest[at].Text = strings.TrimSpace(told + "\n\n# The user's words\n" + rest[at].Text)
	p.Messages = rest
	return p
}

// messages puts one message of ours into texts.
func messages(m model.Message) []Message {
	text := strings.ToValidUTF8(m.Text, "\ufffd")
	switch m.Role {
	case model.System:
		// Some endpoints take a system message in the first place only.
		return []Message{{Role: model.User, Text: "[a check by the program, not the user] " + text}}
	case model.Assistant:
		out := Message{Role: model.Assistant, Text: text}
		for _, c := range m.Calls {
			c.Args = Arguments(string(c.Args))
			out.Calls = append(out.Calls, c)
		}
		if strings.TrimSpace(text) == "" {
			out.Text = ""
		}
		if out.Text == "" && len(out.Calls) == 0 {
			out.Text = said(m.Reply)
		}
		return []Message{out}
	case model.ToolRole:
		return []Message{{Role: model.ToolRole, CallID: m.CallID, Text: quoted(m.Result)}}
	}
	if strings.TrimSpace(text) == "" {
		text = "(nothing)" // no vendor takes a message without a text
	}
	return []Message{{Role: model.User, Text: text}}
}

// said is an assistant's decision of an earlier turn in words.
func said(d *model.Decision) string {
	switch {
	case d == nil:
		return "(nothing)"
	case d.Status == model.Clarify:
		var b strings.Builder
		b.WriteString("I asked back")
		if len(d.Unknown) > 0 {
			fmt.Fprintf(&b, " about %s", oneLine(strings.Join(d.Unknown, ", "), mostText))
		}
		b.WriteString(".")
		for i, c := range d.Choices {
			fmt.Fprintf(&b, "\n%d. %s", i+1, oneLine(c.Question, mostText))
		}
		return b.String()
	case d.Status == model.Cannot:
		return "I said that this data cannot answer that."
	}
	return "(answered)"
}

// quoted marks what a tool returned as data.
func quoted(result json.RawMessage) string {
	if !json.Valid(result) {
		result = json.RawMessage("null")
	}
	result = readable(result)
	return MaskPersonal(strings.ToValidUTF8(`{"data":`+string(result)+`}`, "\ufffd"))
}

// Tokens guesses how many tokens so many bytes of text are.
func Tokens(bytes int) int { return (bytes + 3) / 4 }

// Size is the bytes of a prompt, for guessing its tokens.
func (p Prompt) Size() int {
	n := 0
	for _, m := range p.Messages {
		n += len(m.Text)
		for _, c := range m.Calls {
			n += len(c.Name) + len(c.Args)
		}
	}
	for _, t := range p.Tools {
		n += len(t.Name) + len(t.Description) + len(t.Schema)
	}
	return n
}
