package agent

import (
	"io/fs"
	"regexp"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"tesela/agent/grounding"
	"tesela/agent/model"
	"tesela/prompts"
)

// unfit lists what keeps a model's text from being shown: what it states that
// nothing bears out, what would do more than be read, and what it repeats of its
// own instructions. Each is in words that the model can repair it by.
func (t *turn) unfit(against *grounding.Checker, text string) []string {
	found := unreadable(text)
	for _, s := range against.Check(text) {
		found = append(found, s.Text)
	}
	return found
}

// unreadable lists what of a text is no words to be read.
func unreadable(text string) []string {
	var found []string
	if !presentable(text) {
		found = append(found, "links, pictures, HTML, addresses and control characters are not shown")
	}
	if run := recited(text); run != "" {
		found = append(found, "what you were told before the conversation is not shown: "+run)
	}
	return found
}

// steers is what can do more on a screen than be read: links and pictures,
// marks of HTML and of Slack, addresses.
var steers = regexp.MustCompile(`!\[|\]\s*[(\[:]|<[^\s\d=]|&(?:#|lt;|gt;)|://|(?i:\b(?:www\.|mailto:|javascript:|data:|tel:))|\S@\S`)

// presentable tells whether a text is one to be read and nothing else.
func presentable(text string) bool {
	return utf8.ValidString(text) && !steers.MatchString(text) && !strings.ContainsFunc(text, func(r rune) bool {
		return unicode.Is(unicode.Cf, r) || unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t'
	})
}

// recital is how many words in a row are no chance.
const recital = 8

// instructions are the stretches of so many words of what every model is told.
var instructions = sync.OnceValue(func() map[string]bool {
	told, err := fs.ReadFile(prompts.Agent, "agent/system.md")
	if err != nil {
		return nil // it is embedded
	}
	runs := map[string]bool{}
	list := inWords(string(told))
	for i := 0; i+recital <= len(list); i++ {
		runs[strings.Join(list[i:i+recital], " ")] = true
	}
	return runs
})

// recited gives a stretch of a text that stands in what models are told.
func recited(text string) string {
	list := inWords(text)
	for i := 0; i+recital <= len(list); i++ {
		if run := strings.Join(list[i:i+recital], " "); instructions()[run] {
			return run
		}
	}
	return ""
}

// inWords are a text's words in small letters, without marks.
func inWords(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// choices are the readings to pick from. Those of a model outside are words of
// strangers: one that would do more than be read, or that states a figure rather
// than asking by one, is left out.
func (t *turn) choices(d *model.Decision) []model.Choice {
	if !d.Outside || len(d.Choices) == 0 {
		return d.Choices
	}
	against, err := t.checker(nil)
	if err != nil {
		return nil
	}
	var kept []model.Choice
	for _, c := range d.Choices {
		if fit := func(text string) bool { return len(unreadable(text)) == 0 && len(against.Stated(text)) == 0 }; fit(c.Label) && fit(c.Question) {
			kept = append(kept, c)
		}
	}
	return kept
}
