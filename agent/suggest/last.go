package suggest

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"tesela/agent/model"
	"tesela/segment/syntax"
	"tesela/tools"
	"tesela/tools/restate"
)

// last is the call that was answered last: what moves take their slots from.
type last struct {
	data     *model.Catalogue
	say      *restate.Restater
	language string
	tool     string
	args     map[string]any
	result   *tools.Result
	formula  syntax.Formula // nil where all customers were meant
	named    map[string]bool
	// field and value are what the slots of the last call stood for, in words.
	field, value string
}

func newLast(c *model.Catalogue, say *restate.Restater, language string, step Step) *last {
	l := &last{data: c, say: say, language: language, tool: step.Call.Name, result: step.Result, named: map[string]bool{}}
	_ = json.Unmarshal(step.Call.Args, &l.args) // a call that was answered has arguments that can be read
	if f, err := syntax.Parse(l.text("formula")); err == nil {
		if _, all := f.(*syntax.Everyone); !all {
			l.formula = f
			l.name(f)
		}
	}
	if f, err := syntax.ParseFilter(l.text("where")); err == nil {
		l.name(f)
	}
	for _, g := range l.list("group_by") {
		l.named[g] = true
	}
	return l
}

// name notes the fields that were spoken of.
func (l *last) name(n syntax.Node) {
	syntax.Walk(n, func(n syntax.Node) bool {
		if x, ok := n.(*syntax.Name); ok {
			l.named[x.Name] = true
		}
		return true
	})
}

func (l *last) text(arg string) string {
	s, _ := l.args[arg].(string)
	return s
}

func (l *last) list(arg string) []string {
	var out []string
	items, _ := l.args[arg].([]any)
	for _, item := range items {
		if s, ok := item.(string); ok {
			out = append(out, s)
		}
	}
	return out
}

// meets tells whether what a move needs is so.
func (l *last) meets(needs []string) bool {
	for _, need := range needs {
		var ok bool
		switch need {
		case "group":
			ok = l.formula != nil
		case "found":
			ok = l.size() != 0
		case "none":
			ok = l.size() == 0
		case "conditions":
			ok = l.formula != nil && conditions(l.formula)
		case "limits":
			ok = l.formula != nil && limits(l.formula)
		default:
			ok = l.data.Roles[need] != ""
		}
		if !ok {
			return false
		}
	}
	return true
}

// conditions tells whether a formula asks for several things at once.
func conditions(f syntax.Formula) bool {
	and, ok := f.(*syntax.And)
	return ok && len(and.Factors) > 1
}

// limits tells whether a formula holds a number or a length of time that could
// as well be another.
func limits(f syntax.Formula) bool {
	found := false
	syntax.Walk(f, func(n syntax.Node) bool {
		switch x := n.(type) {
		case *syntax.Number:
			found = true
		case *syntax.Window:
			found = found || x.Kind == syntax.WindowLast
		}
		return !found
	})
	return found
}

// size is how many customers were found, −1 where the answer does not say.
func (l *last) size() float64 {
	if l.result == nil {
		return -1
	}
	n, err := number(l.result.Values["size"])
	if err != nil {
		return -1
	}
	return n
}

// number reads a figure of a result, fresh or kept as JSON; money is a text.
func number(v any) (float64, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return 0, err
	}
	return strconv.ParseFloat(strings.Trim(string(b), `"`), 64)
}

// call fills a move's slots; false where one cannot be.
func (l *last) call(m move, layers map[string]string) (model.Call, bool) {
	l.field, l.value = "", ""
	args := map[string]any{}
	for name, v := range m.Args {
		filled, ok := l.fill(v, layers)
		if !ok {
			return model.Call{}, false
		}
		if filled != nil {
			args[name] = filled
		}
	}
	b, err := json.Marshal(args)
	return model.Call{Name: m.Tool, Args: b}, err == nil
}

// fill gives an argument of a move; nil for one that is left out, false for a
// move that does not fit.
func (l *last) fill(v any, layers map[string]string) (any, bool) {
	switch v := v.(type) {
	case string:
		slot, ok := strings.CutPrefix(v, "{")
		if !ok {
			return v, true
		}
		slot = strings.TrimSuffix(slot, "}")
		slot, optional := strings.CutSuffix(slot, "?")
		filled := l.slot(slot, layers)
		return filled, filled != nil || optional
	case []any:
		out := make([]any, 0, len(v))
		for _, item := range v {
			filled, ok := l.fill(item, layers)
			if !ok {
				return nil, false
			}
			out = append(out, filled)
		}
		return out, true
	}
	return v, true
}

// words puts what the slots stood for into the words of a move.
func (l *last) words(text string) string {
	return strings.NewReplacer("{field}", l.field, "{value}", l.value).Replace(text)
}

// and narrows the group that was asked about.
func (l *last) and(more string) string {
	f, err := syntax.Parse(more)
	if err != nil {
		return ""
	}
	if l.formula == nil {
		return f.String()
	}
	return syntax.All(l.formula, f).String()
}

// noun is a field in words of the language.
func noun(say *restate.Restater, language, name string) string {
	if _, prop, ok := strings.Cut(name, "."); ok {
		name = prop
	}
	one, _, _ := say.Noun(language, name)
	return one
}

// few and many bound the values of a field that people would rather read as a
// table; usual is what makes a good one.
const (
	few   = 2
	usual = 6
	many  = 40
)

// fields are those of a list that are worth a table, best first: texts of few
// values, none of them spoken of.
func fields(list []model.Field, named func(string) bool) []string {
	type field struct {
		name string
		far  int
	}
	var fit []field
	for _, f := range list {
		if f.Kind != "text" || f.Values == nil || named(f.Name) {
			continue
		}
		n := f.Values.Len()
		if n < few || n > many {
			continue
		}
		fit = append(fit, field{f.Name, max(n-usual, usual-n)})
	}
	slices.SortStableFunc(fit, func(a, b field) int { return a.far - b.far })
	names := make([]string, len(fit))
	for i, f := range fit {
		names[i] = f.name
	}
	return names
}
