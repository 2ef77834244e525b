package prompting

import (
	"encoding/json"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"tesela/agent/model"
)

// What a model calls to say that it calls nothing.
const (
	askBack = "ask_back"
	decline = "decline"
)

// Bounds of what a model may put into a decision.
const (
	mostChoices = 5
	mostText    = 200 // bytes of a choice
	mostWord    = 80  // bytes of a word not understood
)

var languages = []string{"en", "es", "pt"}

// decisionTools are told to a model beside the real tools.
func decisionTools() []model.Tool {
	return []model.Tool{
		{
			Name: askBack,
			Description: "Asks the user back instead of guessing. Call it alone, where a word is not understood or where readings of the " +
				"question lead to different figures.",
			Schema: json.RawMessage(`{"type":"object","properties":{` +
				`"word":{"type":"string","description":"the word or phrase that is unclear, exactly as the user typed it"},` +
				`"choices":{"type":"array","maxItems":5,"description":"the readings, the likeliest first","items":{"type":"object","properties":{` +
				`"label":{"type":"string","description":"the reading in a few words"},` +
				`"question":{"type":"string","description":"a whole question that asks for it without the unclear word"}},` +
				`"required":["label","question"],"additionalProperties":false}},` +
				`"language":{"type":"string","enum":["en","es","pt"],"description":"of the user's question"}},` +
				`"required":["word","choices","language"],"additionalProperties":false}`),
		},
		{
			Name:        decline,
			Description: "Says that this data cannot answer the question. Call it alone.",
			Schema: json.RawMessage(`{"type":"object","properties":{` +
				`"reason":{"type":"string","enum":["missing_field","out_of_scope","unknown_words"],"description":` +
				`"missing_field: the data lacks what was asked about; out_of_scope: customer data could not answer it; unknown_words: words that mean nothing here"},` +
				`"text":{"type":"string","description":"the words of the question that cannot be answered, exactly as the user typed them"},` +
				`"language":{"type":"string","enum":["en","es","pt"],"description":"of the user's question"}},` +
				`"required":["reason","text","language"],"additionalProperties":false}`),
		},
	}
}

// Decide takes ask_back and decline out of a reply's calls and makes them the
// decision that they are; nil where there is none. Question is what was asked:
// a word counts as not understood only if it stands there.
func Decide(calls []model.Call, question string) ([]model.Call, *model.Decision) {
	var kept []model.Call
	var decision *model.Decision
	for _, c := range calls {
		var d *model.Decision
		switch c.Name {
		case askBack:
			d = asked(c.Args, question)
		case decline:
			d = declined(c.Args, question)
		default:
			kept = append(kept, c)
			continue
		}
		// A question back says more than a refusal.
		if decision == nil || decision.Status == model.Cannot && d.Status == model.Clarify {
			decision = d
		}
	}
	return kept, decision
}

func asked(args json.RawMessage, question string) *model.Decision {
	var a struct {
		Word, Language string
		Choices        []model.Choice
	}
	loosely(args, &a)
	d := &model.Decision{Status: model.Clarify, Language: language(a.Language), Unknown: typed(a.Word, question)}
	for _, c := range a.Choices {
		c.Label, c.Question = oneLine(c.Label, mostText), oneLine(c.Question, mostText)
		if c.Question != "" && len(d.Choices) < mostChoices && !slices.Contains(d.Choices, c) {
			d.Choices = append(d.Choices, c)
		}
	}
	switch {
	case len(d.Choices) > 0:
		d.Reason = model.Ambiguous
	case len(d.Unknown) > 0:
		d.Reason = model.UnknownWords
	}
	return d
}

func declined(args json.RawMessage, question string) *model.Decision {
	var a struct{ Reason, Text, Language string }
	loosely(args, &a)
	d := &model.Decision{Status: model.Cannot, Language: language(a.Language), Reason: model.OutOfScope}
	switch r := model.Reason(a.Reason); r {
	case model.MissingField, model.UnknownWords:
		if d.Unknown = typed(a.Text, question); len(d.Unknown) > 0 {
			d.Reason = r
		} else {
			d.Reason = "" // the wording without a word
		}
	case model.OutOfScope:
	}
	return d
}

// loosely reads what can be read of the arguments, each field by itself, so
// that one of another kind does not lose the others.
func loosely(args json.RawMessage, into any) {
	var fields map[string]json.RawMessage
	if json.Unmarshal(args, &fields) != nil {
		return
	}
	for name, raw := range fields {
		one, err := json.Marshal(map[string]json.RawMessage{name: raw})
		if err == nil {
			_ = json.Unmarshal(one, into) // what does not fit stays empty
		}
	}
}

// language is a code there is, else "".
func language(code string) string {
	if slices.Contains(languages, code) {
		return code
	}
	return ""
}

// typed is the word as a list, if it stands in the question.
func typed(word, question string) []string {
	word = oneLine(strings.Trim(strings.TrimSpace(word), `"'“”«»`), mostWord)
	plain := func(s string) string { return strings.ToLower(norm.NFC.String(s)) }
	if word == "" || !strings.Contains(plain(question), plain(word)) {
		return nil
	}
	return []string{word}
}

// oneLine is a text without line breaks and other controls, cut at so many
// bytes.
func oneLine(s string, most int) string {
	s = strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd"))), " ")
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most-3], "") + "…"
	}
	return s
}
