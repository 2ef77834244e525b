package agent

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"tesela/agent/grounding"
	"tesela/agent/model"
	"tesela/agent/wording"
	"tesela/tools"
)

// Replayed is a kept answer run again: what of it came out otherwise, and
// which input that may be put down to.
type Replayed struct {
	ID       string       `json:"id"`
	Question string       `json:"question"`
	Status   model.Status `json:"status"`
	// Same is true where the answer is as it was written and every result is
	// the same, byte for byte.
	Same bool `json:"same"`
	// Figures is true where every figure is the same, whatever is said around
	// it and however its fingerprint changed.
	Figures bool `json:"figures_same"`
	// Changed are the inputs that are not what they were: "data" for what was
	// imported, "definition" for what roles, words and segments stand for,
	// "version" for the program, "locale" for its wording, "file" for an answer
	// that is not as it was written.
	Changed []string `json:"changed"`
	// Because are those of Changed that figures which differ are put down to;
	// empty where none differs, and "program" where nothing else changed.
	Because     []string           `json:"because"`
	Definitions []DefinitionChange `json:"definitions"`
	Then        string             `json:"data_then"` // fingerprints of the data
	Now         string             `json:"data_now"`
	ProgramThen string             `json:"program_then,omitempty"`
	ProgramNow  string             `json:"program_now,omitempty"`
	Calls       []ReplayedCall     `json:"calls"`
	// Text holds where the answer's text says what these results do not.
	Text []Difference `json:"text"`
	// Left are calls that were not run again because they write.
	Left []string `json:"left,omitempty"`
}

// ReplayedCall is one call of a replayed answer.
type ReplayedCall struct {
	Tool        string          `json:"tool"`
	Args        json.RawMessage `json:"args"`
	Same        bool            `json:"same"`
	Differences []Difference    `json:"differences"`
	// Withheld are parts of the result that the file was written without;
	// they are compared by the fingerprint that covers them.
	Withheld []string `json:"withheld,omitempty"`
}

// DefinitionChange is a definition that is not what it was; a side that lacks
// it is "". Kind is segment, word, role, zone or currency, or "words" for words
// that the answer does not use.
type DefinitionChange struct {
	Kind string `json:"kind"`
	Name string `json:"name,omitempty"`
	Then string `json:"then"`
	Now  string `json:"now"`
}

// Present is what a kept answer is run on.
type Present struct {
	Tools tools.Runner
	// Data and Imported are the workspace's fingerprints; Program the version.
	Data, Imported, Program string
	// Definitions are all that the workspace has; nil: they are not compared.
	Definitions *tools.Definitions
	// Under gives the tools as they would be under other definitions; nil:
	// what a changed definition did to the figures is not looked into.
	Under  func(tools.Definitions) tools.Runner
	Person bool // as in Config
}

// Replay runs the calls of a kept answer again, as of the same instant and in
// the same language, and compares the results with those kept. Calls that
// write are not run. data is the workspace's fingerprint now; person is as in
// Config. The error is an answer that cannot be read, or a cancellation.
func Replay(ctx context.Context, runner tools.Runner, answer json.RawMessage, data string, person bool) (*Replayed, error) {
	return Present{Tools: runner, Data: data, Person: person}.Replay(ctx, answer)
}

// Replay is the function Replay, telling which definition or version changed.
func (p Present) Replay(ctx context.Context, answer json.RawMessage) (*Replayed, error) {
	kept, err := readKept(answer)
	if err != nil {
		return nil, fmt.Errorf("read the answer: %w", err)
	}
	out := &Replayed{
		ID: kept.ID, Question: kept.Question, Status: kept.Status, Then: kept.Data, Now: p.Data,
		Changed: []string{}, Because: []string{}, Definitions: []DefinitionChange{}, Calls: []ReplayedCall{}, Text: []Difference{},
		ProgramNow: p.Program,
	}
	r := &rerun{Present: p, kept: kept, out: out}
	r.inputs()
	results, err := r.calls(ctx, p.Tools)
	if err != nil {
		return nil, err
	}
	r.text(results)
	r.judge()
	return out, r.because(ctx)
}

// rerun is a replay under way.
type rerun struct {
	Present
	kept *keptAnswer
	out  *Replayed
	// forged is set where a result is the one that its fingerprint was taken
	// of, and yet another figure stands in the answer.
	forged bool
}

// inputs tells which inputs are not what they were.
func (r *rerun) inputs() {
	basis := r.kept.Basis
	switch {
	case basis == nil || basis.Imported == "" || r.Imported == "" || r.Definitions == nil:
		// Which of the two is not known: the print covers both.
		r.changed("data", r.kept.Data != r.Data)
	default:
		r.changed("data", basis.Imported != r.Imported)
		r.out.Definitions = changes(basis.Definitions, *r.Definitions)
		if len(r.out.Definitions) == 0 && basis.Imported == r.Imported && r.kept.Data != r.Data {
			r.out.Definitions = append(r.out.Definitions, DefinitionChange{Kind: "words"})
		}
		r.changed("definition", len(r.out.Definitions) > 0)
	}
	if basis != nil {
		r.out.ProgramThen = basis.Program
		r.changed("version", r.Program != "" && (basis.Program != r.Program || basis.Results != tools.ResultFormat))
	}
	r.changed("file", r.kept.altered)
}

func (r *rerun) changed(input string, is bool) {
	if is {
		r.out.Changed = append(r.out.Changed, input)
	}
}

// calls runs the calls again and compares; it gives the results for the text.
func (r *rerun) calls(ctx context.Context, runner tools.Runner) ([]wording.Call, error) {
	writes := map[string]bool{}
	for _, t := range runner.List() {
		writes[t.Name] = t.Writes
	}
	var results []wording.Call
	for _, c := range r.kept.Calls {
		switch {
		case writes[c.Tool]:
			r.out.Left = append(r.out.Left, c.Tool)
			continue
		case c.Result == nil && c.Error == "" && r.kept.Status == model.Approve:
			continue // it waited for a person
		case c.Unrun && c.Result == nil:
			continue // the tool never heard of it
		}
		result, now, err := r.call(ctx, runner, c)
		if err != nil {
			return nil, err
		}
		call := ReplayedCall{Tool: c.Tool, Args: c.Args, Differences: []Difference{}, Withheld: c.Withheld}
		if err := compareResults(&call, c, now, r.grows()); err != nil {
			return nil, fmt.Errorf("compare the results of %s: %w", c.Tool, err)
		}
		call.Same = len(call.Differences) == 0
		if result != nil {
			results = append(results, wording.Call{Tool: c.Tool, Args: c.Args, Result: result})
			r.forged = r.forged || r.kept.Data == r.Data && !figuresSame(call.Differences) && c.fingerprint() == result.Fingerprint
		}
		r.out.Calls = append(r.out.Calls, call)
	}
	return results, nil
}

// grows tells that another version runs, or may do so, on the same inputs.
func (r *rerun) grows() bool {
	other := r.kept.Basis == nil || r.kept.Basis.Program != r.Program || r.kept.Basis.Results != tools.ResultFormat
	return other && r.Program != "" && r.kept.Data == r.Data && !slices.Contains(r.out.Changed, "definition")
}

// call runs one call; what came of it is given as JSON too, a fault as
// {"error": …}. The error is a cancellation.
func (r *rerun) call(ctx context.Context, runner tools.Runner, c keptCall) (*tools.Result, json.RawMessage, error) {
	who := tools.Caller{Language: r.kept.Language, AsOf: r.kept.AsOf.UTC(), Person: r.Person}
	if b := r.kept.Basis; b != nil {
		who.Person = r.Person && b.Person && !b.Outside // as it was then
	}
	result, err := within(ctx, func(ctx context.Context) (*tools.Result, error) {
		return runner.Call(ctx, who, c.Tool, c.Args)
	})
	if ctx.Err() != nil {
		return nil, nil, context.Cause(ctx)
	}
	if err == nil && result != nil {
		now, err := json.Marshal(result)
		if err != nil {
			return nil, nil, fmt.Errorf("write the result of %s down: %w", c.Tool, err)
		}
		return result, now, nil
	}
	fault := "the tool gave no result"
	if err != nil {
		fault = err.Error()
	}
	now, err := json.Marshal(map[string]string{"error": fault})
	return nil, now, err
}

// text compares the answer's text with these results: one in the core's own
// words must say the same, another model's only figures of the results.
func (r *rerun) text(results []wording.Call) {
	written := r.kept.sealed && !r.kept.altered && r.kept.Basis != nil && r.kept.Basis.Program == r.Program
	if written || r.kept.Status != model.Answered || r.kept.withheld("text") || len(results) == 0 || !r.callsSame() {
		return
	}
	lang, err := wording.For(r.kept.Language)
	if err != nil {
		return
	}
	then, now := r.kept.ownText(), lang.Answer(results)
	if then == now {
		return
	}
	d := Difference{Path: "text", Then: leaf(then), Now: leaf(now), Kind: Wording}
	strange := Strange(lang, then, results, r.kept.Question)
	switch {
	case len(strange) > 0, r.kept.altered && !sameFigures(lang, then, now):
		d.Kind = Figure
	case r.kept.Model != offlineModel:
		return // another model's words, all of whose figures are the results'
	}
	r.out.Text = append(r.out.Text, d)
}

// sameFigures tells whether two texts state the same figures, in any order.
func sameFigures(lang *wording.Language, a, b string) bool {
	one, err1 := grounding.Figures(lang, a)
	two, err2 := grounding.Figures(lang, b)
	slices.Sort(one)
	slices.Sort(two)
	return err1 == nil && err2 == nil && slices.Equal(one, two)
}

// offlineModel is the model that leaves the wording to the core.
const offlineModel = "offline"

func (r *rerun) callsSame() bool {
	for _, c := range r.out.Calls {
		if !figuresSame(c.Differences) {
			return false
		}
	}
	return true
}

// judge sums up.
func (r *rerun) judge() {
	out := r.out
	out.Same, out.Figures = len(out.Text) == 0, r.callsSame() && figuresSame(out.Text)
	said := len(out.Text) > 0
	for _, c := range out.Calls {
		out.Same = out.Same && c.Same
		for _, d := range c.Differences {
			said = said || d.Kind == Wording
		}
	}
	if r.kept.Status == model.Answered && !r.kept.decided && (len(out.Calls) == 0 || len(out.Left) > 0) {
		// Every answer says what its calls gave; this one has lost them.
		out.Figures, r.forged = false, true
	}
	// A text that these very results do not say was not written of them.
	r.forged = r.forged || r.callsSame() && !figuresSame(out.Text)
	if r.forged && !r.kept.altered {
		r.kept.altered = true
		r.changed("file", true)
	}
	out.Same = out.Same && !r.kept.altered
	r.changed("locale", said && out.Figures)
}

// because tells which of the changes the figures that differ are put down to.
// A changed definition is tried: with what it was, are they what they were?
func (r *rerun) because(ctx context.Context) error {
	out := r.out
	switch {
	case out.Figures:
		return nil
	case r.forged:
		out.Because = append(out.Because, "file")
		return nil
	}
	// A change of words that the answer does not use did nothing.
	used := slices.ContainsFunc(out.Definitions, func(d DefinitionChange) bool { return d.Kind != "words" })
	if used && r.Under != nil {
		same, moved, err := r.underDefinitions(ctx)
		switch {
		case err != nil:
			return err
		case same:
			out.Because = append(out.Because, "definition")
			return nil
		case !moved:
			used = false
		}
	}
	for _, input := range []string{"data", "definition", "version", "file"} {
		if slices.Contains(out.Changed, input) && (input != "definition" || used) {
			out.Because = append(out.Because, input)
		}
	}
	if len(out.Because) == 0 {
		out.Because = append(out.Because, "program")
	}
	return nil
}

// underDefinitions runs the calls under the definitions of then: whether the
// figures are those kept, and whether they are others than under those of now.
func (r *rerun) underDefinitions(ctx context.Context) (same, moved bool, err error) {
	under := &rerun{Present: r.Present, kept: r.kept, out: &Replayed{}}
	if _, err := under.calls(ctx, r.Under(r.kept.Basis.Definitions)); err != nil {
		return false, false, err
	}
	return under.callsSame(), !sameOutcome(under.out.Calls, r.out.Calls), nil
}
