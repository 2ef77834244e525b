package auto

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"tesela/agent/model"
	"tesela/agent/model/modeltest"
)

// byName takes calls for the same where their names are, whatever their case;
// "look" only looks up, and "bad" cannot be run. "mute" cannot be said.
type byName struct{}

func (byName) Key(calls []model.Call, _ *model.Catalogue) (string, error) {
	var names []string
	for _, c := range calls {
		switch name := strings.ToLower(c.Name); name {
		case "look":
		case "bad":
			return "", errors.New("there is no such field")
		default:
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return strings.Join(names, " "), nil
}

func (byName) Question(language string, calls []model.Call, _ *model.Catalogue) string {
	if calls[0].Name == "mute" {
		return ""
	}
	return language + " " + calls[0].Name
}

// reader is a first model that reads some questions, a few of them with a
// doubt, and knows nothing of others.
func reader(reads map[string]string, doubts ...string) *fake {
	return &fake{name: "first", reply: func(_ context.Context, r model.Request) ([]model.Delta, error) {
		if r.Messages[len(r.Messages)-1].Role != model.User {
			return []model.Delta{{}}, nil
		}
		q := r.Messages[len(r.Messages)-1].Text
		name, ok := reads[q]
		if !ok {
			return []model.Delta{decides(model.Decision{Status: model.Clarify, Language: "es", Reason: model.UnknownWords, Unknown: []string{q}})}, nil
		}
		d := model.Decision{Status: model.Answered, Language: "es", Assumptions: []string{"as ever"}}
		if slices.Contains(doubts, q) {
			d.Doubt = []string{"a word is mended"}
		}
		return []model.Delta{decides(d), calls(name)}, nil
	}}
}

func weighing(first, then *fake) *Model {
	return &Model{First: first, Then: then, Plans: byName{}, Patience: 50 * time.Millisecond}
}

func names(g modeltest.Got) string {
	var list []string
	for _, c := range g.Calls {
		list = append(list, c.Name)
	}
	return strings.Join(list, " ")
}

// Without a doubt nobody else is asked; without anyone to say what calls mean
// neither.
func TestNoDoubtNoCost(t *testing.T) {
	then := says("then", nil, calls("b"))
	m := weighing(reader(map[string]string{"q": "a"}), then)
	if g := modeltest.Ask(t.Context(), m, modeltest.Question("q")); names(g) != "a" || g.Decision.By != "first" || len(then.asked) != 0 {
		t.Errorf("%s, the second was asked %d times", g, len(then.asked))
	}
	m = &Model{First: reader(map[string]string{"q": "a"}, "q"), Then: then}
	if g := modeltest.Ask(t.Context(), m, modeltest.Question("q")); names(g) != "a" || len(g.Decision.Doubt) != 1 || len(then.asked) != 0 {
		t.Errorf("%s, the second was asked %d times", g, len(then.asked))
	}
}

// Both come to the same: that is the answer, of both, and nothing of it goes
// out once more.
func TestDoubtSettled(t *testing.T) {
	then := says("then", nil, calls("A"), model.Delta{Usage: &model.Usage{InputTokens: 7}})
	first := reader(map[string]string{"q": "a"}, "q")
	m := weighing(first, then)
	g := modeltest.Ask(t.Context(), m, modeltest.Question("q"))
	d := g.Decision
	if g.Err != nil || names(g) != "a" || d.By != "first+then" || len(d.Doubt) != 0 || d.Outside || d.Without != nil || len(g.Usage) != 1 || !slices.Equal(d.Assumptions, []string{"as ever"}) {
		t.Errorf("%s by %s", g, d.By)
	}
	// It was told the question and the language, and nothing of the reading.
	sent, err := json.Marshal(then.asked[0].Messages)
	if err != nil || len(then.asked) != 1 || then.asked[0].Language != "es" || strings.Contains(string(sent), "mended") || strings.Contains(string(sent), `"a"`) {
		t.Errorf("%s, %v", sent, err)
	}
	r := modeltest.Question("q")
	r.Messages = append(r.Messages, model.Message{Role: model.Assistant, Calls: g.Calls, Reply: d}, model.Message{Role: model.ToolRole, CallID: "1", Result: json.RawMessage(`{"values":{}}`)})
	if g := modeltest.Ask(t.Context(), m, r); g.Err != nil || len(g.Calls) != 0 || len(then.asked) != 1 {
		t.Errorf("the round after: %s, asked %d times", g, len(then.asked))
	}
}

// Both are sure and differ: the person is asked, by questions that come to just
// the readings.
func TestDoubtDiffers(t *testing.T) {
	readings := map[string]string{"q": "a", "es a": "a", "es b": "b"}
	m := weighing(reader(readings, "q"), says("then", nil, calls("b"), model.Delta{Usage: &model.Usage{InputTokens: 7}}))
	g := modeltest.Ask(t.Context(), m, modeltest.Question("q"))
	d := g.Decision
	want := []model.Choice{{Label: "es a", Question: "es a"}, {Label: "es b", Question: "es b"}}
	if g.Err != nil || len(g.Calls) != 0 || g.Text != "" || d.Status != model.Clarify || d.Reason != model.Ambiguous || d.Language != "es" || d.By != "first+then" || !slices.Equal(d.Choices, want) || len(g.Usage) != 1 {
		t.Fatalf("%s by %s", g, d.By)
	}
	for i, c := range d.Choices { // each comes to its reading, in this conversation and by itself
		r := modeltest.Question("q")
		r.Messages = append(r.Messages, model.Message{Role: model.Assistant, Reply: d}, model.Message{Role: model.User, Text: c.Question})
		for _, one := range []model.Request{r, modeltest.Question(c.Question)} {
			if g := modeltest.Ask(t.Context(), m, one); names(g) != []string{"a", "b"}[i] || g.Decision.By != "first" {
				t.Errorf("%s: %s", c.Question, g)
			}
		}
	}
}

// What cannot be read back is not offered, but told; and a reading that only the
// second has a way to is put so that it is asked.
func TestDoubtOfWhatCannotBeAsked(t *testing.T) {
	for name, c := range map[string]struct {
		reads  map[string]string
		doubts []string
		theirs string
		offers string // the questions
		apart  string
	}{
		"read as another":         {map[string]string{"q": "a", "es a": "a", "es b": "c"}, []string{"q"}, "b", "es a", "es b"},
		"not read by the first":   {map[string]string{"q": "a", "es a": "a"}, []string{"q"}, "b", "es a|es b", ""},
		"read with a doubt":       {map[string]string{"q": "a", "es a": "a", "es b": "b"}, []string{"q", "es b"}, "b", "es a", "es b"},
		"own not read back":       {map[string]string{"q": "a", "es b": "b"}, []string{"q"}, "b", "es b", "es a"},
		"not to be said":          {map[string]string{"q": "a", "es a": "a"}, []string{"q"}, "mute", "es a", ""},
		"neither":                 {map[string]string{"q": "a", "es a": "c", "es b": "c"}, []string{"q"}, "b", "", "es a; es b"},
		"a write the first lacks": {map[string]string{"q": "a", "es a": "a", "es save": "a"}, []string{"q"}, "save", "es a", "es save"},
	} {
		m := weighing(reader(c.reads, c.doubts...), says("then", nil, calls(c.theirs)))
		g := modeltest.Ask(t.Context(), m, modeltest.Question("q"))
		var offers []string
		for _, choice := range g.Decision.Choices {
			offers = append(offers, choice.Question)
		}
		if g.Err != nil || len(g.Calls) != 0 || g.Decision.Status != model.Clarify || strings.Join(offers, "|") != c.offers || g.Decision.Params["apart"] != c.apart {
			t.Errorf("%s: %s, apart %q", name, g, g.Decision.Params["apart"])
		}
	}
}

// A choice that was picked is not asked about again, only one of that very
// question back.
func TestPicked(t *testing.T) {
	then := says("then", nil, calls("b"))
	m := weighing(reader(map[string]string{"one": "a"}, "one"), then)
	ask := func(by string) modeltest.Got {
		r := modeltest.Question("q")
		r.Messages = append(r.Messages,
			model.Message{Role: model.Assistant, Reply: &model.Decision{Status: model.Clarify, By: by, Choices: []model.Choice{{Question: "one"}}}},
			model.Message{Role: model.User, Text: "one"})
		return modeltest.Ask(t.Context(), m, r)
	}
	if g := ask("first+then"); names(g) != "a" || len(then.asked) != 0 || len(g.Decision.Doubt) != 1 {
		t.Errorf("%s, asked %d times", g, len(then.asked))
	}
	if g := ask("then"); g.Decision.Status != model.Clarify || len(then.asked) != 1 {
		t.Errorf("a choice that only the second made: %s, asked %d times", g, len(then.asked))
	}
}

// The second fails or is not sure: the first's plan stands, with its doubts.
func TestDoubtStands(t *testing.T) {
	busy := &model.Fault{Model: "then", Cause: model.Busy, Err: errors.New("429")}
	for name, c := range map[string]struct {
		then  *fake
		cause model.Cause // "" for none
	}{
		"busy":                 {says("then", busy, calls("a"), model.Delta{Usage: &model.Usage{InputTokens: 5}}), model.Busy},
		"slow":                 {slow(), model.Slow},
		"says nothing":         {says("then", nil), model.Broken},
		"chats instead":        {says("then", nil, model.Delta{Text: "About 7."}), model.Broken},
		"arguments do not fit": {says("then", nil, calls("bad")), model.Broken},
		"one of two does not":  {says("then", nil, calls("a"), calls("bad")), model.Broken},
		"asks back":            {says("then", nil, decides(model.Decision{Status: model.Clarify, Choices: []model.Choice{{Question: "x"}}})), ""},
		"declines":             {says("then", nil, decides(model.Decision{Status: model.Cannot, Reason: model.OutOfScope}), model.Delta{Text: "No."}), ""},
		"asks back and calls":  {says("then", nil, decides(model.Decision{Status: model.Clarify}), calls("b")), ""},
	} {
		g := modeltest.Ask(t.Context(), weighing(reader(map[string]string{"q": "a"}, "q"), c.then), modeltest.Question("q"))
		d := g.Decision
		if g.Err != nil || names(g) != "a" || g.Text != "" || d.By != "first" || d.Outside || len(d.Doubt) != 1 || d.Status != model.Answered || (d.Without != nil) != (c.cause != "") || d.Without != nil && d.Without.Cause != c.cause {
			t.Errorf("%s: %s", name, g)
		}
		if name == "busy" && len(g.Usage) != 1 {
			t.Error("what the failure cost is lost")
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	m := &Model{First: reader(map[string]string{"q": "a"}, "q"), Then: slow(), Plans: byName{}}
	if g := modeltest.Ask(ctx, m, modeltest.Question("q")); names(g) != "a" || ctx.Err() != nil {
		t.Errorf("within a time limit: %s, %v", g, ctx.Err())
	}
}

// The second may look names up before it says what it reads.
func TestDoubtLooksUp(t *testing.T) {
	const good = `{"values":{}}`
	look := func(reply string, rounds int) (*Model, model.Request) {
		m := weighing(reader(map[string]string{"q": "a", "es a": "a", "es b": "b"}, "q"), says("then", nil, calls("look")))
		r := modeltest.Question("q")
		for range rounds {
			g := modeltest.Ask(t.Context(), m, r)
			d := g.Decision
			if names(g) != "look" || d.By != "then" || !d.Outside || d.Status != model.Answered {
				t.Fatalf("a look-up: %s", g)
			}
			r.Messages = append(slices.Clip(r.Messages), model.Message{Role: model.Assistant, Calls: g.Calls, Reply: d}, model.Message{Role: model.ToolRole, CallID: "1", Result: json.RawMessage(good)})
		}
		if reply == "text" {
			m.Then = says("then", nil, model.Delta{Text: "There are 3."})
		} else {
			m.Then = says("then", nil, calls(reply))
		}
		return m, r
	}
	for _, c := range []struct{ then, calls, by string }{{"a", "a", "first+then"}, {"b", "", "first+then"}, {"bad", "a", "first"}, {"text", "a", "first"}} {
		m, r := look(c.then, 1)
		g := modeltest.Ask(t.Context(), m, r)
		if g.Err != nil || names(g) != c.calls || g.Decision.By != c.by || g.Text != "" || (c.calls == "") != (len(g.Decision.Choices) == 2) {
			t.Errorf("then %s: %s by %s", c.then, g, g.Decision.By)
			continue
		}
		r.Messages = append(r.Messages, model.Message{Role: model.Assistant, Calls: g.Calls, Reply: g.Decision}, model.Message{Role: model.ToolRole, CallID: "1", Result: json.RawMessage(good)})
		if last := modeltest.Ask(t.Context(), m, r); c.calls != "" && (last.Err != nil || len(last.Calls) != 0 || last.Text != "") {
			t.Errorf("after %s the first goes on: %s", c.then, last)
		}
	}
	m, r := look("look", mostLooks)
	if g := modeltest.Ask(t.Context(), m, r); names(g) != "a" || g.Decision.Without == nil {
		t.Errorf("looking up without end: %s", g)
	}
}

// Looking names up must not keep the first's plan from being carried out.
func TestDoubtLooksUpInVain(t *testing.T) {
	reads := map[string]string{"q": "a", "es a": "a"}
	writing := modeltest.Question("q")
	writing.Tools = append(slices.Clip(writing.Tools), model.Tool{Name: "a", Writes: true})
	if g := modeltest.Ask(t.Context(), weighing(reader(reads, "q"), says("then", nil, calls("look"))), writing); names(g) != "a" || g.Decision.By != "first" || g.Decision.Without != nil {
		t.Errorf("a plan that writes: %s", g)
	}
	// What the first reads as a question is not offered as a change.
	if g := modeltest.Ask(t.Context(), weighing(reader(map[string]string{"q": "b"}, "q"), says("then", nil, calls("a"))), writing); names(g) != "b" || g.Decision.By != "first" || len(g.Decision.Doubt) != 1 {
		t.Errorf("a change nobody asked for: %s", g)
	}
	// The tools are gone by the round after: the reading is put as a question.
	r := modeltest.Question("q")
	r.Messages = append(r.Messages,
		model.Message{Role: model.Assistant, Calls: []model.Call{{ID: "1", Name: "look"}}, Reply: &model.Decision{By: "then", Language: "es", Doubt: []string{"a word is mended"}}},
		model.Message{Role: model.ToolRole, CallID: "1", Result: json.RawMessage(`{"values":{}}`)})
	r.Tools = nil
	then := says("then", nil, model.Delta{Text: "There are 3."}, calls("b"))
	g := modeltest.Ask(t.Context(), weighing(reader(reads, "q"), then), r)
	if g.Err != nil || len(g.Calls) != 0 || g.Text != "" || g.Decision.Status != model.Clarify || len(g.Decision.Choices) != 1 || g.Decision.Choices[0].Question != "es a" || len(then.asked) != 0 {
		t.Errorf("without tools: %s", g)
	}
	// And where the first reads nothing any more, the second does not take over.
	r.Tools = modeltest.Question("q").Tools
	if g := modeltest.Ask(t.Context(), weighing(reader(map[string]string{}), then), r); len(g.Calls) != 0 || g.Text != "" || g.Decision.Status != model.Clarify || g.Decision.By != "first" {
		t.Errorf("unread: %s", g)
	}
}

// TestOnlyTheFirstsPlan: whatever the second says, what is computed where the
// first has a reading is that reading or nothing.
func TestOnlyTheFirstsPlan(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	const plans = "abcd"
	for i := range 3000 {
		mine := string(plans[r.IntN(4)])
		reads := map[string]string{"q": mine}
		doubts := []string{"q"}
		if r.IntN(4) == 0 {
			doubts = nil
		}
		for _, p := range plans {
			if r.IntN(3) > 0 {
				reads["es "+string(p)] = string(plans[r.IntN(4)])
			}
			if r.IntN(4) == 0 {
				doubts = append(doubts, "es "+string(p))
			}
		}
		then := &fake{name: "then", reply: func(context.Context, model.Request) ([]model.Delta, error) {
			var out []model.Delta
			for range r.IntN(4) {
				switch r.IntN(5) {
				case 0:
					out = append(out, model.Delta{Text: "There are 42. "})
				case 1:
					out = append(out, decides(model.Decision{Status: []model.Status{model.Clarify, model.Cannot, model.Answered}[r.IntN(3)]}))
				default:
					out = append(out, calls([]string{"a", "b", "C", "d", "look", "bad"}[r.IntN(6)]))
				}
			}
			if r.IntN(6) == 0 {
				return out, errors.New("broke off")
			}
			return out, nil
		}}
		m := weighing(reader(reads, doubts...), then)
		request := modeltest.Question("q")
		for round := 0; ; round++ {
			g := modeltest.Ask(t.Context(), m, request)
			where := fmt.Sprintf("case %d, round %d: %s, first's plan %s", i, round, g, mine)
			if g.Err != nil || g.Text != "" || round > mostLooks+1 {
				t.Fatal(where)
			}
			if len(g.Calls) == 0 {
				break
			}
			for _, c := range g.Calls {
				if c.Name != mine && c.Name != "look" {
					t.Fatal(where)
				}
			}
			request.Messages = append(slices.Clip(request.Messages), model.Message{Role: model.Assistant, Calls: g.Calls, Reply: g.Decision}, model.Message{Role: model.ToolRole, CallID: "1", Result: json.RawMessage(`{"values":{}}`)})
		}
	}
}

// Text of a later round is passed on as it comes.
func TestShownAsItComes(t *testing.T) {
	var seen []string
	then := &fake{name: "then"}
	then.reply = func(context.Context, model.Request) ([]model.Delta, error) {
		return []model.Delta{{Text: "There "}, {Text: "are 3."}, {Usage: &model.Usage{OutputTokens: 4}}}, nil
	}
	m := &Model{First: says("first", nil, unsure), Then: then}
	for d, err := range m.Generate(t.Context(), after("then", `{"values":{}}`)) {
		if err != nil {
			t.Fatal(err)
		}
		if d.Text != "" {
			seen = append(seen, d.Text)
		}
	}
	if !slices.Equal(seen, []string{"There ", "are 3."}) {
		t.Errorf("%q", seen)
	}
	for range m.Generate(t.Context(), after("then", `{"values":{}}`)) {
		break // a reader that stops is not called again
	}
}
