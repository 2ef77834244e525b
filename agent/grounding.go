package agent

import (
	"context"
	"fmt"
	"strings"

	"tesela/agent/grounding"
	"tesela/agent/model"
	"tesela/agent/wording"
)

// grounded is the model's text if everything it states is borne out by the turn;
// a text that fails is asked for once more, and then given up: "" means the
// core's own wording is to be used.
func (t *turn) grounded(ctx context.Context, calls []wording.Call) (string, error) {
	if t.text == "" {
		return "", nil
	}
	against := grounding.Turn{Language: t.lang, Calls: calls, Question: t.question, AsOf: t.asOf, Catalogue: t.catalogue}
	from := strange(against, t.text)
	if len(from) == 0 {
		return t.text, nil
	}
	t.messages = append(t.messages,
		model.Message{Role: model.Assistant, Text: t.text},
		model.Message{Role: model.System, Text: fmt.Sprintf(
			"These figures, dates or names are in none of the results as you state them: %s. Answer again with what the results say only.", strings.Join(from, "; "))})
	again, err := t.generate(ctx, t.request(nil))
	if err != nil {
		return "", err
	}
	t.spend(again.used)
	if again.text != "" && len(strange(against, again.text)) == 0 {
		return again.text, nil
	}
	return "", nil
}

// Grounded tells whether everything that a text states is one of the results',
// of the calls' arguments or of the question.
func Grounded(lang *wording.Language, text string, calls []wording.Call, question string) bool {
	return len(Strange(lang, text, calls, question)) == 0
}

// Strange lists the figures, dates and names of a text that come from nowhere.
func Strange(lang *wording.Language, text string, calls []wording.Call, question string) []string {
	return strange(grounding.Turn{Language: lang, Calls: calls, Question: question}, text)
}

// strange lists what a text of a turn states and nothing bears out.
func strange(t grounding.Turn, text string) []string {
	found, err := grounding.Check(t, text)
	if err != nil {
		return []string{err.Error()} // nothing can be said to be grounded
	}
	var texts []string
	for _, s := range found {
		texts = append(texts, s.Text)
	}
	return texts
}
