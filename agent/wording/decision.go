package wording

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"tesela/agent/model"
)

// namesShown is how many names of the data a refusal lists.
const namesShown = 12

// Decision words a question back or a refusal: what it stumbled over, the
// readings to choose from, and for a refusal what the data holds instead.
func (l *Language) Decision(d *model.Decision, catalogue *model.Catalogue) string {
	forms := l.ClarifyText
	if d.Status == model.Cannot {
		forms = l.CannotText
	}
	reason := d.Reason
	if reason == "" {
		switch {
		case len(d.Unknown) > 0:
			reason = model.UnknownWords
		case len(d.Choices) > 0:
			reason = model.Ambiguous
		}
	}
	words := d.Unknown
	if len(words) == 0 && d.Params["word"] != "" {
		words = []string{d.Params["word"]}
	}
	word := l.Unnamed
	if field := d.Params["field"]; field != "" {
		word = l.quoted([]string{field})
	} else if len(words) > 0 {
		word = l.quoted(words)
	}
	form, ok := forms[string(reason)]
	if reason == model.Ambiguous && len(words) > 0 && forms["ambiguous_word"] != nil {
		form = forms["ambiguous_word"]
	}
	for _, name := range []string{"forecast", "clock", "mean_age"} { // refused by name
		if said, has := forms[name]; has && d.Params[name] != "" {
			form, ok = said, true
		}
	}
	if !ok {
		form = forms["other"]
	}
	pairs := []string{"words", l.quoted(words), "word", word}
	for _, name := range []string{"role", "tool", "last", "n"} {
		v := Clean(d.Params[name])
		if v == "" {
			v = l.Unnamed
		}
		pairs = append(pairs, name, strings.ReplaceAll(v, "`", ""))
	}
	text := strings.TrimSpace(Fill(l.pick(form, int64(max(1, len(words)))), pairs...))
	parts := []string{Capital(text)}

	if len(d.Nearest) > 0 {
		parts = append(parts, Fill(l.Nearest, "names", l.names(d.Nearest)))
	}
	if d.Status == model.Cannot && catalogue != nil && len(d.Nearest) == 0 && reason != model.EmptyQuestion && len(d.Choices) == 0 {
		parts = append(parts, l.holds(catalogue))
	}
	if len(d.Choices) > 0 {
		list := l.Choose + "\n"
		if d.Status == model.Cannot {
			list = l.Instead + "\n"
		}
		for i, c := range d.Choices {
			label := c.Label
			if label == "" {
				label = c.Question
			}
			list += "\n" + strconv.Itoa(i+1) + ". " + Escape(label)
			if c.Figure != "" {
				list += " → **" + Escape(c.Figure) + "**"
			}
		}
		parts = append(parts, list)
	}
	if apart := Clean(d.Params["apart"]); apart != "" {
		parts = append(parts, Fill(l.Apart, "text", Escape(apart)))
	}
	return strings.Join(nonEmpty(parts), "\n\n")
}

// holds says what is in the data: its traits, and its events with their
// properties.
func (l *Language) holds(c *model.Catalogue) string {
	var traits, events []string
	for _, f := range c.Traits {
		traits = append(traits, f.Name)
	}
	for _, e := range c.Events[:min(len(c.Events), namesShown)] {
		var props []string
		for _, p := range e.Props {
			props = append(props, p.Name)
		}
		event := code(e.Name)
		if len(props) > 0 {
			event += " (" + l.names(props) + ")"
		}
		events = append(events, event)
	}
	var lines []string
	if len(traits) > 0 {
		lines = append(lines, "- "+Fill(l.HoldsTraits, "names", l.names(traits)))
	}
	if len(events) > 0 {
		lines = append(lines, "- "+Fill(l.HoldsEvents, "names", l.listed(events, len(c.Events))))
	}
	return strings.Join(lines, "\n")
}

// names lists names of the data, the first of them where they are many.
func (l *Language) names(names []string) string {
	shown := make([]string, 0, namesShown)
	for _, n := range names[:min(len(names), namesShown)] {
		shown = append(shown, code(n))
	}
	return l.listed(shown, len(names))
}

// listed joins the shown of so many names.
func (l *Language) listed(shown []string, of int) string {
	text := strings.Join(shown, ", ")
	if more := of - len(shown); more > 0 {
		text = Fill(l.MoreNames, "names", text, "n", l.Count(int64(more)))
	}
	return text
}

// quoted puts words in the language's quotes and joins them.
func (l *Language) quoted(words []string) string {
	var text strings.Builder
	for i, w := range words {
		switch {
		case i > 0 && i == len(words)-1:
			text.WriteString(l.And)
		case i > 0:
			text.WriteString(", ")
		}
		text.WriteString(Fill(l.Quote, "text", Escape(w)))
	}
	return text.String()
}

// Failure words what kept a turn from an answer; a code without a form of its
// own is worded by the error alone.
func (l *Language) Failure(code, cause string) string {
	form, ok := l.Failures[code]
	if !ok {
		form = l.Failures["other"]
	}
	return Fill(form, "error", Escape(strings.TrimSuffix(cause, ".")))
}

// Without says that a language model was asked first and why it did not answer.
func (l *Language) Without(f *model.Fault) string {
	form, ok := l.WithoutModel[string(f.Cause)]
	if !ok {
		form = l.WithoutModel["other"]
	}
	return Fill(form, "model", code(f.Model))
}

// Broke says that a language model failed when there were results already.
func (l *Language) Broke(name string) string { return Fill(l.BrokeText, "model", code(name)) }

// Approval words calls that wait for a person: what each would do, and the
// very call.
func (l *Language) Approval(calls []Call) string {
	parts := []string{l.ApprovalText}
	for _, c := range calls {
		parts = append(parts, l.Done([]Call{c}), "- "+code(c.Tool+" "+string(c.Args)))
	}
	return strings.Join(nonEmpty(parts), "\n\n")
}

// Done words what calls that change something have done or would do, each
// under its title.
func (l *Language) Done(calls []Call) string {
	var parts []string
	for _, c := range calls {
		if c.Result.Title == "" {
			continue
		}
		parts = append(parts, "**"+Escape(c.Result.Title)+"**", l.Answer([]Call{{Tool: c.Tool, Result: c.Result}}))
	}
	return strings.Join(nonEmpty(parts), "\n\n")
}

// Decided words what became of an approval: "rejected", or why it was not
// carried out. Who, when and cause fill the form by name.
func (l *Language) Decided(code string, pairs ...string) string {
	form, ok := l.Approvals[code]
	if !ok {
		form = l.Approvals["other"]
	}
	for i := 1; i < len(pairs); i += 2 {
		pairs[i] = Clean(pairs[i])
	}
	return Fill(form, pairs...)
}

func nonEmpty(parts []string) []string {
	var kept []string
	for _, p := range parts {
		if p != "" {
			kept = append(kept, p)
		}
	}
	return kept
}

// Capital writes the first letter large.
func Capital(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	if size == 0 || r == utf8.RuneError {
		return s
	}
	return string(unicode.ToUpper(r)) + s[size:]
}
