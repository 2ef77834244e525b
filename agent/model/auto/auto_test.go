package auto

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"testing"
	"time"

	"tesela/agent/model"
	"tesela/agent/model/modeltest"
)

// fake replies as a function says.
type fake struct {
	name  string
	reply func(context.Context, model.Request) ([]model.Delta, error)
	asked []model.Request
}

func (f *fake) Name() string { return f.name }

func (f *fake) Generate(ctx context.Context, r model.Request) iter.Seq2[model.Delta, error] {
	return func(yield func(model.Delta, error) bool) {
		f.asked = append(f.asked, r)
		deltas, err := f.reply(ctx, r)
		for _, d := range deltas {
			if !yield(d, nil) {
				return
			}
		}
		if err != nil {
			yield(model.Delta{}, err)
		}
	}
}

func says(name string, err error, deltas ...model.Delta) *fake {
	return &fake{name: name, reply: func(context.Context, model.Request) ([]model.Delta, error) { return deltas, err }}
}

func decides(d model.Decision) model.Delta { return model.Delta{Decision: &d} }

func calls(name string) model.Delta {
	return model.Delta{Call: &model.Call{Name: name, Args: json.RawMessage(`{}`)}}
}

var unsure = decides(model.Decision{Status: model.Clarify, Language: "es", Reason: model.UnknownWords, Unknown: []string{"flurb"}})

func ask(t *testing.T, first, then *fake, r model.Request) modeltest.Got {
	t.Helper()
	return modeltest.Ask(t.Context(), &Model{First: first, Then: then, Patience: 50 * time.Millisecond}, r)
}

// Where the first is sure nobody else is asked.
func TestSure(t *testing.T) {
	for name, deltas := range map[string][]model.Delta{
		"answers":       {decides(model.Decision{Status: model.Answered, Language: "pt"}), calls("a")},
		"ambiguous":     {decides(model.Decision{Status: model.Clarify, Reason: model.Ambiguous, Unknown: []string{"recent"}})},
		"nothing asked": {decides(model.Decision{Status: model.Cannot, Reason: model.EmptyQuestion})},
		"no role":       {decides(model.Decision{Status: model.Cannot, Reason: model.NoRole})},
		"only readings": {decides(model.Decision{Status: model.Clarify})},
	} {
		first, then := says("first", nil, deltas...), says("then", nil, calls("b"))
		g := ask(t, first, then, modeltest.Question("q"))
		if g.Err != nil || len(then.asked) != 0 || g.Decision.By != "first" || g.Decision.Outside || len(g.Calls) != len(deltas)-1 {
			t.Errorf("%s: %s, the second asked %d times", name, g, len(then.asked))
		}
	}
}

// Where the first does not understand, the second reads the question, in the
// language that the first heard.
func TestUnsure(t *testing.T) {
	for name, d := range map[string]model.Delta{
		"unknown words": unsure,
		"missing field": decides(model.Decision{Status: model.Cannot, Reason: model.MissingField, Language: "es", Unknown: []string{"flurb"}}),
		"out of scope":  decides(model.Decision{Status: model.Cannot, Reason: model.OutOfScope, Language: "es"}),
	} {
		then := says("then", nil, calls("b"), model.Delta{Usage: &model.Usage{InputTokens: 5}})
		g := ask(t, says("first", nil, d), then, modeltest.Question("q"))
		if g.Err != nil || len(g.Calls) != 1 || g.Decision.By != "then" || !g.Decision.Outside || g.Decision.Language != "es" || g.Decision.Status != model.Answered || len(g.Usage) != 1 {
			t.Errorf("%s: %s", name, g)
		}
		if then.asked[0].Language != "es" {
			t.Errorf("%s: asked in %q", name, then.asked[0].Language)
		}
	}
	g := ask(t, says("first", nil, unsure), says("then", nil, decides(model.Decision{Status: model.Cannot, Reason: model.OutOfScope})), modeltest.Question("q"))
	if g.Err != nil || g.Decision.Reason != model.OutOfScope || g.Decision.Language != "es" || g.Decision.By != "then" {
		t.Errorf("declined: %s", g)
	}
}

// slow replies once it is told to stop, as one that hangs.
func slow() *fake {
	return &fake{name: "then", reply: func(ctx context.Context, _ model.Request) ([]model.Delta, error) {
		<-ctx.Done()
		return nil, context.Cause(ctx)
	}}
}

// Where the second fails, what the first said stands, and why is told.
func TestWithout(t *testing.T) {
	busy := &model.Fault{Model: "then", Cause: model.Busy, Err: errors.New("429")}
	for name, c := range map[string]struct {
		then  *fake
		cause model.Cause
	}{
		"busy":          {says("then", busy, calls("half"), model.Delta{Usage: &model.Usage{InputTokens: 5}}), model.Busy},
		"other error":   {says("then", errors.New("boom")), model.Broken},
		"slow":          {slow(), model.Slow},
		"says nothing":  {says("then", nil), model.Broken},
		"chats instead": {says("then", nil, model.Delta{Text: "About a third of them."}), model.Broken},
	} {
		g := ask(t, says("first", nil, unsure), c.then, modeltest.Question("q"))
		d := g.Decision
		if g.Err != nil || len(g.Calls) != 0 || g.Text != "" || d == nil || d.By != "first" || d.Outside || d.Reason != model.UnknownWords || d.Without == nil || d.Without.Cause != c.cause {
			t.Errorf("%s: %s", name, g)
		}
		if name == "busy" && len(g.Usage) != 1 {
			t.Error("what the failure cost is lost")
		}
	}
	// What the caller's own decision holds is left alone.
	if unsure.Decision.By != "" || unsure.Decision.Without != nil {
		t.Error("the first model's decision was changed in place")
	}
}

// A turn's time limit leaves the first model time to speak.
func TestTimeLimit(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	g := modeltest.Ask(ctx, &Model{First: says("first", nil, unsure), Then: slow()}, modeltest.Question("q"))
	if g.Err != nil || g.Decision == nil || g.Decision.Without == nil || g.Decision.Without.Cause != model.Slow || ctx.Err() != nil {
		t.Errorf("%s, %v", g, ctx.Err())
	}
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(20*time.Millisecond, cancel)
	if g := modeltest.Ask(ctx, &Model{First: says("first", nil, unsure), Then: slow()}, modeltest.Question("q")); !errors.Is(g.Err, context.Canceled) {
		t.Error(g)
	}
}

// after is the request of a later round of a turn that by began.
func after(by string, results ...string) model.Request {
	r := modeltest.Question("q")
	for _, result := range results {
		r.Messages = append(r.Messages,
			model.Message{Role: model.Assistant, Calls: []model.Call{{ID: "1", Name: "a"}}, Reply: &model.Decision{By: by, Language: "pt"}},
			model.Message{Role: model.ToolRole, CallID: "1", Result: json.RawMessage(result)})
	}
	return r
}

// Who began a turn ends it.
func TestLaterRounds(t *testing.T) {
	const good, bad = `{"values":{}}`, `{"error":"no such field"}`
	text := model.Delta{Text: "There are 3."}
	first, then := says("first", nil), says("then", nil, text)
	if g := ask(t, first, then, after("first", good)); g.Err != nil || g.Text != "" || len(then.asked) != 0 {
		t.Errorf("the first's turn: %s", g)
	}
	if g := ask(t, says("first", nil, unsure), then, after("then", bad, good)); g.Err != nil || g.Text != "There are 3." || g.Decision != nil || then.asked[0].Language != "pt" {
		t.Errorf("the second's turn: %s", g)
	}
	if g := ask(t, says("first", nil, unsure), says("then", nil, calls("b")), after("then", bad)); g.Err != nil || len(g.Calls) != 1 {
		t.Errorf("a repair: %s", g)
	}
	for name, c := range map[string]struct {
		then *fake
		r    model.Request
	}{
		"faulty again and again": {says("then", nil, calls("b")), after("then", bad, bad)},
		"talks without a result": {says("then", nil, text), after("then", bad)},
		"fails":                  {says("then", &model.Fault{Model: "then", Cause: model.Broken, Err: errors.New("x")}), after("then", good)},
	} {
		g := ask(t, says("first", nil, unsure), c.then, c.r)
		if g.Err != nil || len(g.Calls) != 0 || g.Text != "" || g.Decision == nil || g.Decision.By != "first" || g.Decision.Status != model.Clarify || g.Decision.Without == nil {
			t.Errorf("%s: %s", name, g)
		}
	}
	// A text that is checked and cannot be said better: the caller words it.
	r := after("then", good)
	r.Messages = append(r.Messages, model.Message{Role: model.Assistant, Text: "42"}, model.Message{Role: model.System, Text: "check"})
	if g := ask(t, says("first", nil, unsure), says("then", errors.New("x")), r); g.Err == nil || g.Decision != nil {
		t.Errorf("a check: %s", g)
	}
}

type ear struct{}

func (ear) Language([]model.Message) string { return "pt" }

func TestHeard(t *testing.T) {
	then := says("then", nil, calls("b"))
	m := &Heard{Model: then, Ear: ear{}}
	g := modeltest.Ask(t.Context(), m, modeltest.Question("q"))
	if g.Err != nil || g.Decision == nil || g.Decision.Language != "pt" || !g.Decision.Outside || then.asked[0].Language != "pt" || m.Name() != "then" {
		t.Error(g)
	}
	if g := modeltest.Ask(t.Context(), m, after("", `{}`)); g.Err != nil || g.Decision != nil || len(g.Calls) != 1 {
		t.Error(g)
	}
	m = &Heard{Model: says("then", nil, decides(model.Decision{Status: model.Cannot})), Ear: ear{}}
	if g := modeltest.Ask(t.Context(), m, modeltest.Question("q")); g.Decision.Status != model.Cannot || g.Decision.Language != "pt" || !g.Decision.Outside {
		t.Error(g)
	}
}
