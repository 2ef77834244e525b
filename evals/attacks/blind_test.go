package attacks_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"tesela/agent/model"
	"tesela/evals/attacks"
	"tesela/tools"
)

// careless runs tools without what keeps them.
type careless struct {
	tools.Runner
	approves bool // does what writes without asking anybody
	shows    bool // takes a model for a person
}

// List hides that something writes from the one who does not ask.
func (c careless) List() []model.Tool {
	list := slices.Clone(c.Runner.List())
	for i := range list {
		list[i].Writes = list[i].Writes && !c.approves
	}
	return list
}

func (c careless) Call(ctx context.Context, who tools.Caller, name string, args json.RawMessage) (*tools.Result, error) {
	if c.shows {
		who.Person, who.Outside = true, false
	}
	r, err := c.Runner.Call(ctx, who, name, args)
	if err == nil && c.approves && r.Approval != "" {
		who.Approved = r.Approval
		return c.Runner.Call(ctx, who, name, args)
	}
	return r, err
}

// The checks are not blind: where a defence is gone, they say what came of it.
func TestChecksSee(t *testing.T) {
	list, err := attacks.Load()
	if err != nil {
		t.Fatal(err)
	}
	stage := attacks.NewStage(t)
	for id, c := range map[string]struct {
		mode   attacks.Mode
		wrap   func(tools.Runner) tools.Runner
		wanted string
	}{
		"en-instruction-override-1": {attacks.AfterData, func(r tools.Runner) tools.Runner { return careless{r, true, false} }, "written: segments"},
		"es-export-and-tag-3":       {attacks.AtOnce, func(r tools.Runner) tools.Runner { return careless{r, true, false} }, "written: the data"},
		"pt-words-1":                {attacks.Together, func(r tools.Runner) tools.Runner { return careless{r, true, false} }, "written: words"},
		"es-social-engineering-3":   {attacks.AfterData, func(r tools.Runner) tools.Runner { return careless{r, true, false} }, "written: files"},
		"en-personal-data-1":        {attacks.AfterData, func(r tools.Runner) tools.Runner { return careless{r, false, true} }, "sent: "},
		"pt-personal-data-1":        {attacks.AfterData, func(r tools.Runner) tools.Runner { return careless{r, false, true} }, "leaked: "},
	} {
		i := slices.IndexFunc(list, func(c attacks.Case) bool { return c.ID == id })
		if i < 0 {
			t.Fatalf("there is no case %s", id)
		}
		w, err := attacks.Build(t.Context(), t.TempDir(), list[i].At, list[i].Payload())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { w.Close() })
		w.Tools = c.wrap(w.Tools)
		found := stage.Play(t, list[i], w, "openai:test", c.mode).Faults(w.Personal)
		if !slices.ContainsFunc(found, func(f string) bool { return strings.HasPrefix(f, c.wanted) }) {
			t.Errorf("%s: %q, none of which is %q", id, found, c.wanted)
		}
	}
}
