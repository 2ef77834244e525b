package evals

import (
	"context"
	"encoding/json"
	"strings"

	"tesela/agent"
	"tesela/agent/model"
)

// Ignored lists the words of a case's last turn that made no difference: the
// question without the word is answered with the very same calls. Words
// without weight belong there; a filter, a time or a negation does not.
func (d *Data) Ignored(ctx context.Context, c *Case) ([]string, error) {
	return d.IgnoredOf(ctx, c, nil)
}

// IgnoredOf is as Ignored of the words that are taken only; nil takes all.
func (d *Data) IgnoredOf(ctx context.Context, c *Case, takes func(word string) bool) ([]string, error) {
	whole, _, err := d.calls(ctx, c.Turns)
	if err != nil || whole == "" {
		return nil, err
	}
	last := len(c.Turns) - 1
	words := strings.Fields(c.Turns[last])
	var ignored []string
	for i, w := range words {
		less := strings.Join(append(append([]string{}, words[:i]...), words[i+1:]...), " ")
		word := strings.ToLower(strings.Trim(w, "¿?¡!.,;:'\"()"))
		if less == "" || takes != nil && !takes(word) {
			continue
		}
		calls, assumed, err := d.calls(ctx, append(append([]string{}, c.Turns[:last]...), less))
		if err != nil {
			return nil, err
		}
		if calls == whole && !strings.Contains(strings.ToLower(assumed), word) {
			ignored = append(ignored, word) // and nobody was told that it is taken to be so
		}
	}
	return ignored, nil
}

// calls are the tools and arguments of the last turn's answer, and what was
// assumed; "" where it was not answered.
func (d *Data) calls(ctx context.Context, turns []string) (all, assumed string, err error) {
	talk := d.talk(d.AsOf)
	var a *agent.Answer
	for _, q := range turns {
		var err error
		if a, err = ask(ctx, talk, q); err != nil {
			return "", "", err
		}
	}
	if a.Status != model.Answered {
		return "", "", nil
	}
	type call struct {
		Tool string
		Args json.RawMessage
	}
	var list []call
	for _, r := range a.Calls {
		list = append(list, call{r.Tool, r.Args})
	}
	text, err := json.Marshal(list)
	return string(text), strings.Join(a.Assumptions, " "), err
}
