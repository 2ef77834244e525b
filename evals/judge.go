package evals

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"tesela/agent"
	"tesela/agent/model"
	"tesela/segment/syntax"
)

// lookups are calls that change no figure: a name was looked up on the way.
var lookups = []string{"find_values", "describe_data"}

// judge tells what became of a case, and what was amiss.
func (d *Data) judge(ctx context.Context, c *Case, a *agent.Answer, at time.Time) (Verdict, string) {
	switch a.Status {
	case model.Answered, model.Approve:
		golds := c.Expected()
		if len(golds) == 0 {
			return Wrong, "answered where it should not have been"
		}
		var why []string
		for _, g := range golds {
			amiss, err := d.matches(ctx, g, a, at)
			switch {
			case err != nil:
				return Failed, err.Error()
			case amiss == "":
				return Right, ""
			}
			why = append(why, amiss)
		}
		return Wrong, strings.Join(slices.Compact(why), "; ")
	case model.Clarify:
		if !c.Clarify {
			return AskedNeedlessly, ""
		}
		missing, err := d.missing(ctx, c, a, at)
		switch {
		case err != nil:
			return Failed, err.Error()
		case missing != "":
			return AskedOddly, missing
		}
		return AskedRightly, ""
	case model.Cannot:
		switch {
		case !c.Cannot:
			return RefusedWrongly, ""
		case c.Reason != "" && c.Reason != string(a.Reason):
			return RefusedOddly, fmt.Sprintf("refused for %q, not for %q", a.Reason, c.Reason)
		}
		return RefusedRightly, ""
	}
	return Failed, "status " + string(a.Status)
}

// matches tells what keeps an answer from coming to a gold; "" for nothing.
// Where there is second data, its calls must come to the gold there too.
func (d *Data) matches(ctx context.Context, g Gold, a *agent.Answer, at time.Time) (string, error) {
	if (a.Status == model.Approve) != (g.Approve != nil) {
		if g.Approve != nil {
			return "it does not wait for approval", nil
		}
		return "it waits for approval where nothing was to be written", nil
	}
	amiss, err := d.comesTo(ctx, g, a.Calls, at)
	if amiss != "" || err != nil || d.Second == nil || !g.computed() {
		return amiss, err
	}
	again := make([]agent.CallRecord, len(a.Calls))
	there := d.Second.AsOf
	if !at.Equal(d.AsOf) {
		there = at
	}
	for i, call := range a.Calls {
		again[i] = agent.CallRecord{Tool: call.Tool, Args: call.Args}
		if call.Error != "" {
			again[i].Error = call.Error
			continue
		}
		if again[i].Result, err = d.Second.call(ctx, there, call.Tool, call.Args); err != nil {
			again[i].Error = err.Error()
		}
	}
	if amiss, err = d.Second.comesTo(ctx, g, again, there); amiss != "" {
		amiss = "the same only by coincidence: on " + d.Second.Spec + " " + amiss
	}
	return amiss, err
}

// comesTo tells what keeps calls from coming to a gold and to nothing else.
func (d *Data) comesTo(ctx context.Context, g Gold, calls []agent.CallRecord, at time.Time) (string, error) {
	var done []agent.CallRecord
	for _, c := range calls {
		if c.Error == "" && (g.ToolName() == c.Tool || !slices.Contains(lookups, c.Tool)) {
			done = append(done, c)
		}
	}
	switch {
	case len(done) == 0:
		return "nothing was computed", nil
	case g.Approve != nil:
		waiting := done[len(done)-1:]
		return sameCalls([]Call{*g.Approve}, waiting), nil
	case g.Calls != nil:
		return sameCalls(g.Calls, done), nil
	}
	w, err := d.want(ctx, g, at)
	if err != nil {
		return "", err
	}
	if len(done) > 1 && sideBySide(w, done) {
		return "", nil
	}
	for _, c := range done {
		amiss := Differs(w, c.Tool, c.Args, c.Result)
		if amiss == "" && (w.members != nil || w.people() != "") {
			if amiss, err = d.memberFault(ctx, w, c, at); err != nil {
				return "", err
			}
		}
		if amiss != "" {
			return amiss, nil
		}
	}
	return "", nil
}

// sideBySide tells whether calls of one figure each come, in their order or
// any, to the figures of one result: two periods that are compared may be a
// table's rows, its totals, or a call each.
func sideBySide(w want, done []agent.CallRecord) bool {
	if w.result == nil || w.First || w.List != nil {
		return false
	}
	var due []any
	if len(w.result.Rows) == 0 {
		for _, name := range sorted(w.result.Values) {
			due = append(due, w.result.Values[name])
		}
	}
	for _, row := range w.result.Rows {
		if figures := figures(w.result, row); len(figures) == 1 {
			due = append(due, figures[0])
		}
	}
	if len(due) != len(done) || len(w.result.Rows) > 0 && len(due) != len(w.result.Rows) {
		return false
	}
	near := comparison{w.Tolerance}
	for _, c := range done {
		if c.Result == nil {
			return false
		}
		got := single(c.Tool, c.Result, "size")
		at := slices.IndexFunc(due, func(v any) bool { return near.equal(v, got) })
		if at < 0 {
			return false
		}
		due = slices.Delete(due, at, at+1)
	}
	return true
}

// memberFault compares who is in the segment of a call with who should be.
func (d *Data) memberFault(ctx context.Context, w want, c agent.CallRecord, at time.Time) (string, error) {
	formula := formulaOf(c.Args)
	if formula == "" {
		if w.Gold.Members != nil {
			return c.Tool + " names no members", nil
		}
		return "", nil
	}
	got, err := d.members(ctx, at, formula)
	if err != nil {
		return "", fmt.Errorf("the members of %s: %w", formula, err)
	}
	due := w.members
	if due == nil {
		of, err := d.members(ctx, at, w.people())
		if err != nil {
			return "", fmt.Errorf("the members of the gold %s: %w", w.people(), err)
		}
		due = sorted(of)
	}
	if !sameMembers(got, due) {
		return "other members", nil
	}
	return "", nil
}

// sameCalls compares calls with those expected, in their order: each has at
// least the expected arguments.
func sameCalls(due []Call, got []agent.CallRecord) string {
	if len(due) != len(got) {
		return fmt.Sprintf("calls: %d where %d due", len(got), len(due))
	}
	for i, c := range due {
		if c.Tool != got[i].Tool {
			return fmt.Sprintf("a call of %s where %s is due", got[i].Tool, c.Tool)
		}
		var args map[string]any
		if err := json.Unmarshal(got[i].Args, &args); err != nil {
			return "arguments that cannot be read"
		}
		for _, name := range sorted(c.Args) {
			if !sameArg(c.Args[name], args[name]) {
				return fmt.Sprintf("%s of %s is %s where %s is due", name, c.Tool, jsonText(args[name]), jsonText(c.Args[name]))
			}
		}
	}
	return ""
}

// sameArg compares two arguments; texts that are formulas, as formulas.
func sameArg(a, b any) bool {
	x, okX := a.(string)
	y, okY := b.(string)
	if okX && okY && x != y {
		return sameFormula(x, y)
	}
	if formulas, ok := a.([]any); ok {
		others, ok := b.([]any)
		if !ok || len(formulas) != len(others) {
			return false
		}
		for i := range formulas {
			if !sameArg(formulas[i], others[i]) {
				return false
			}
		}
		return true
	}
	return bytes.Equal(plainJSON(a), plainJSON(b)) || reflect.DeepEqual(a, b)
}

func plainJSON(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		return []byte(fmt.Sprint(v))
	}
	return b
}

// sameFormula compares two texts as formulas, whatever their space and
// quoting.
func sameFormula(a, b string) bool {
	f, errF := syntax.Parse(a)
	g, errG := syntax.Parse(b)
	return errF == nil && errG == nil && syntax.Equal(f, g)
}

// missing says what a question back lacks: the word, or a reading among the
// choices. A choice is asked as it stands.
func (d *Data) missing(ctx context.Context, c *Case, a *agent.Answer, at time.Time) (string, error) {
	if c.Word != "" {
		named := false
		for _, w := range a.Unknown {
			named = named || strings.Contains(fold(w), fold(c.Word)) || strings.Contains(fold(c.Word), fold(w))
		}
		if !named && !strings.Contains(fold(a.Text), fold(c.Word)) {
			return "it does not name " + c.Word, nil
		}
	}
	for _, g := range c.Choices {
		found := false
		for _, choice := range a.Choices {
			answer, err := ask(ctx, d.talk(at), choice.Question)
			if ctx.Err() != nil {
				return "", context.Cause(ctx)
			}
			if err != nil || answer.Status != model.Answered {
				continue
			}
			amiss, err := d.matches(ctx, g, answer, at)
			if err != nil {
				return "", err
			}
			found = found || amiss == ""
		}
		if !found {
			w, err := d.want(ctx, g, at)
			if err != nil {
				return "", err
			}
			return fmt.Sprintf("none of the %d choices comes to %s", len(a.Choices), w.text()), nil
		}
	}
	return "", nil
}

// fold takes case and accents away.
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFD.String(s))
}
