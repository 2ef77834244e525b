package agent

import (
	"context"
	"fmt"
	"strings"

	"tesela/agent/grounding"
	"tesela/agent/model"
	"tesela/agent/trace"
	"tesela/agent/wording"
)

// grounded is the model's text if everything it states is borne out by the turn;
// a text that fails is asked for once more, and then given up: "" means the
// core's own wording is to be used.
func (t *turn) grounded(ctx context.Context, calls []wording.Call) (string, error) {
	if t.text == "" {
		return "", nil
	}
	against, err := t.checker(calls)
	if err != nil {
		return "", err // nothing can be said to be grounded
	}
	t.remember(against, len(calls))
	list := t.unfit(against, t.text)
	if len(list) == 0 {
		t.c.noted.Check(t.text, nil, trace.Grounded)
		return t.text, nil
	}
	if t.spent() {
		t.c.noted.Check(t.text, list, trace.Refused)
		return "", nil // saying it again would cost what there is no more of
	}
	t.c.noted.Check(t.text, list, trace.Repair)
	t.messages = append(t.messages,
		model.Message{Role: model.Assistant, Text: t.text},
		model.Message{Role: model.System, Text: fmt.Sprintf(
			"These figures, dates or names are in none of the results as you state them: %s. Answer again with what the results say only.", strings.Join(list, "; "))})
	again, err := t.generate(ctx, t.request(nil))
	t.spend(again.used)
	if err != nil {
		return "", err
	}
	list = t.unfit(against, again.text)
	if again.text != "" && len(list) == 0 {
		t.c.noted.Check(again.text, nil, trace.Grounded)
		return again.text, nil
	}
	t.c.noted.Check(again.text, list, trace.Refused)
	return "", nil
}

// checker checks texts against results of the turn: the one made before, where
// it is of these.
func (t *turn) checker(calls []wording.Call) (*grounding.Checker, error) {
	if t.against != nil && t.checked == len(calls) {
		return t.against, nil
	}
	return grounding.Against(grounding.Turn{Language: t.lang, Calls: calls, Question: t.question, AsOf: t.asOf, Catalogue: t.catalogue})
}

// remember keeps a checker of so many results.
func (t *turn) remember(against *grounding.Checker, of int) { t.against, t.checked = against, of }

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
