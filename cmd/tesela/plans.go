package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"tesela/agent/model"
	"tesela/segment"
	"tesela/segment/syntax"
	"tesela/tools/restate"
)

// plans tells what calls mean, for setting one model's reading of a question
// against another's: the same text for the same call however it is written, and
// a question that asks for it.
type plans struct {
	say    *restate.Restater
	layers segment.Layers
}

func newPlans() (*plans, error) {
	say, err := restate.New()
	if err != nil {
		return nil, err
	}
	return &plans{say: say, layers: segment.Analyses()}, nil
}

// lookUps change no figure: a name was looked up on the way.
var lookUps = []string{"find_values", "describe_data"}

// timeParts are what a filter may say of a row's time.
var timeParts = []string{"weekday", "hour", "month"}

// usual are what tools take where an argument is left out, as their
// descriptions say.
var usual = map[string]map[string]string{
	"list_customers":        {"limit": "20"},
	"measure":               {"order": `"desc"`},
	"score_rfm":             {"bins": "5"},
	"stage_lifecycle":       {"new": `"last 30d"`, "star_percent": "10"},
	"stage_engagement":      {"window": `"last 60d"`},
	"tier_value":            {"top_percent": "20", "low_percent": "50", "window": `"last 1y"`},
	"explain_segment":       {"top": "12"},
	"compare_segments":      {"top": "12"},
	"find_microsegments":    {"max_k": "8"},
	"propose_segments":      {"top": "5"},
	"measure_effect":        {"days": "30"},
	"recommend_actions":     {"days": "30", "by": `["lifecycle"]`},
	"plan_test":             {"days": "30", "power": "0.8"},
	"review_contacts":       {"window": `"last 90d"`, "show": `"contacts"`},
	"trace_migration":       {"from": `"3mo ago"`},
	"trace_drift":           {"per": `"month"`},
	"backtest_segment":      {"from": `"1y ago"`, "horizon": `"90d"`, "per": `"month"`},
	"simulate_reengagement": {"days": "60", "last_call": "30", "remove": "30", "from": `"3mo ago"`},
	"export_segment":        {"format": `"csv"`},
}

// Key writes calls so that others of the same meaning are written alike.
func (p *plans) Key(calls []model.Call, of *model.Catalogue) (string, error) {
	var keys []string
	for _, c := range calls {
		if slices.Contains(lookUps, c.Name) {
			continue
		}
		key, err := p.keyOf(c, of)
		if err != nil {
			return "", fmt.Errorf("%s: %w", c.Name, err)
		}
		keys = append(keys, key)
	}
	if len(keys) == 0 && len(calls) == 1 && calls[0].Name == "describe_data" {
		return "describe_data", nil // what the data are was asked
	}
	slices.Sort(keys)
	return strings.Join(slices.Compact(keys), "\n"), nil
}

// Question puts a call as the question that the restatement of it is.
func (p *plans) Question(language string, calls []model.Call, of *model.Catalogue) string {
	if len(calls) == 0 {
		return ""
	}
	var said []string
	for _, c := range calls {
		if slices.Contains(lookUps, c.Name) && len(calls) > 1 {
			continue
		}
		text, _ := p.say.Call(language, c.Name, c.Args, of)
		said = append(said, text)
	}
	if len(said) != 1 {
		return "" // no one question asks for several things
	}
	return said[0]
}

func (p *plans) keyOf(c model.Call, of *model.Catalogue) (string, error) {
	d := json.NewDecoder(bytes.NewReader(c.Args))
	d.UseNumber()
	var given map[string]any
	if err := d.Decode(&given); err != nil && len(bytes.TrimSpace(c.Args)) > 0 {
		return "", fmt.Errorf("its arguments are no JSON object: %w", err)
	}
	out := map[string]any{}
	for name, v := range given {
		plain, err := p.argument(c.Name, name, v, of)
		if err != nil {
			return "", fmt.Errorf("%s: %w", name, err)
		}
		if !leftOut(plain) && !isUsual(c.Name, name, plain) {
			out[name] = plain
		}
	}
	tool := c.Name
	// A list of all of a group and its count are of the same people.
	_, ranked := out["by"]
	_, limited := out["limit"]
	_, beside := out["with"]
	if tool == "list_customers" && !ranked && !limited && !beside {
		tool = "count_segment"
	}
	b, err := json.Marshal(out)
	if err != nil {
		return "", err
	}
	return tool + string(b), nil
}

// leftOut tells whether a value is that of an argument that is not given.
func leftOut(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		return v == ""
	case bool:
		return !v
	case float64:
		return v == 0
	case []any:
		return len(v) == 0
	}
	return false
}

func isUsual(tool, name string, v any) bool {
	text, ok := usual[tool][name]
	if !ok {
		return false
	}
	var u any
	if json.Unmarshal([]byte(text), &u) != nil {
		return false
	}
	if s, isText := u.(string); isText {
		if w, err := syntax.ParseWindow(s); err == nil {
			u = plainWindow(w).String()
		}
	}
	a, errA := json.Marshal(u)
	b, errB := json.Marshal(v)
	return errA == nil && errB == nil && bytes.Equal(a, b)
}

// argument writes one argument plainly.
func (p *plans) argument(tool, name string, v any, of *model.Catalogue) (any, error) {
	switch v := v.(type) {
	case json.Number:
		return v.Float64()
	case string:
		return p.text(tool, name, strings.TrimSpace(v), of)
	case []any:
		out := make([]any, 0, len(v))
		for _, item := range v {
			plain, err := p.argument(tool, name, item, of)
			if err != nil {
				return nil, err
			}
			out = append(out, plain)
		}
		return out, nil
	case map[string]any:
		return nil, fmt.Errorf("it is an object, which no argument is")
	}
	return v, nil
}

// text writes a text argument plainly; one that ought to be a formula and is
// none, or speaks of what the data lack, is a fault.
func (p *plans) text(tool, name, v string, of *model.Catalogue) (any, error) {
	if v == "" {
		return v, nil
	}
	switch {
	case isFormula(tool, name):
		f, err := syntax.Parse(v)
		if err != nil {
			if of != nil && (of.Words[v] != "" || slices.Contains(of.Segments, v)) {
				return v, nil
			}
			return nil, err
		}
		if err := p.known(f, of); err != nil {
			return nil, err
		}
		f = plainFormula(f)
		if _, all := f.(*syntax.Everyone); all && tool != "count_segment" && tool != "list_customers" {
			return "", nil
		}
		return f.String(), nil
	case name == "where":
		f, err := syntax.ParseFilter(v)
		if err != nil {
			return nil, err
		}
		return plainFormula(f).String(), nil
	case name == "window" || name == "new":
		w, err := syntax.ParseWindow(v)
		if err != nil {
			return nil, err
		}
		return plainWindow(w).String(), nil
	case name == "by" && tool == "list_customers", name == "outcome":
		if f, err := syntax.Parse(v); err == nil {
			return plainFormula(f).String(), p.known(f, of)
		}
		value, err := syntax.ParseValue(v)
		if err != nil {
			return nil, err
		}
		return plainValue(value).String(), p.known(value, of)
	case name == "measures":
		if m, err := syntax.ParseMeasure(v); err == nil {
			return plainValue(m).String(), nil
		}
	}
	return v, nil
}

// isFormula tells whether an argument of a tool is a formula over customers.
func isFormula(tool, name string) bool {
	switch name {
	case "formula", "against", "a", "b", "treated", "segment":
		return true
	case "from", "to":
		return tool == "diff_segments"
	}
	return false
}

// known tells which name of a formula the data do not have.
func (p *plans) known(n syntax.Node, of *model.Catalogue) error {
	if of == nil {
		return nil
	}
	var fault error
	lacks := func(what, name string) bool {
		if fault == nil {
			fault = fmt.Errorf("the data have no %s %q", what, name)
		}
		return false
	}
	event := func(name string) *model.Event {
		if i := slices.IndexFunc(of.Events, func(e model.Event) bool { return e.Name == name }); i >= 0 {
			return &of.Events[i]
		}
		return nil
	}
	field := func(list []model.Field, name string) bool {
		return slices.ContainsFunc(list, func(f model.Field) bool { return f.Name == name })
	}
	within := func(f syntax.Formula, e *model.Event) bool {
		if f == nil {
			return true
		}
		syntax.Walk(f, func(n syntax.Node) bool {
			if name, ok := n.(*syntax.Name); ok && !field(e.Props, name.Name) && !slices.Contains(timeParts, name.Name) {
				return lacks("property", e.Name+"."+name.Name)
			}
			return true
		})
		return fault == nil
	}
	syntax.Walk(n, func(n syntax.Node) bool {
		switch x := n.(type) {
		case *syntax.Call:
			e := event(x.Event)
			if e == nil {
				return lacks("event", x.Event)
			}
			if x.Property != "" && !field(e.Props, x.Property) {
				return lacks("property", x.Event+"."+x.Property)
			}
			within(x.Where, e)
			return false
		case *syntax.Step:
			e := event(x.Event)
			if e == nil {
				return lacks("event", x.Event)
			}
			within(x.Where, e)
			return false
		case *syntax.Name:
			_, layer := p.layers[x.Name]
			if !layer && len(x.Params) == 0 && !field(of.Traits, x.Name) && of.Words[x.Name] == "" {
				return lacks("trait", x.Name)
			}
		case *syntax.InSegment:
			if !slices.Contains(of.Segments, x.Name) {
				return lacks("segment", x.Name)
			}
		}
		return true
	})
	return fault
}
