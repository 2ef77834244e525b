package planner

import (
	"encoding/json"
	"strconv"
	"strings"

	"tesela/agent/model"
	"tesela/segment/syntax"
	"tesela/tools"
)

// withExtras reads a question about a layer with something said beside it
// ("RFM of Spain with 3 bins"): the rest as a question of its own, with what
// was said put in. Nil where nothing of the kind is said, or the rest is no
// question about a layer.
func (a *asking) withExtras(from, to int) *model.Call {
	if !a.mentions(a.w.layer, from, to) {
		last := lastCallOf(a.r.Messages[:a.q])
		if last == nil || !isLayerTool(last.Name) {
			return nil // no layer is spoken of
		}
	}
	rest := a.question
	given := map[string]string{}
	said := ""
	for _, e := range a.w.extras {
		if given[e.name] != "" || !a.heard.has(e.needs) {
			continue
		}
		toks := tokenize(rest)
		for i := range toks {
			var cut [2]int
			m := &fitting{toks: toks, question: rest, to: len(toks), spans: map[string][2]int{}, lex: a.p.lexicons[a.lang], steps: mostSteps}
			e.of.match(m, i, func(end int) bool {
				value := ""
				if span, ok := m.spans["n"]; ok {
					value = rest[toks[span[0]].from:toks[span[1]-1].to]
				}
				v := a.extra(e.name, value)
				if v == "" {
					return false
				}
				given[e.name], cut = v, [2]int{i, end}
				return true
			})
			if cut[1] > 0 {
				said = strings.TrimSpace(rest[toks[cut[0]].from:toks[cut[1]-1].to])
				rest = strings.TrimSpace(rest[:toks[cut[0]].from]) + " " + strings.TrimSpace(rest[toks[cut[1]-1].to:])
				break
			}
		}
	}
	if len(given) == 0 {
		return nil
	}
	var call *model.Call
	if last := lastCallOf(a.r.Messages[:a.q]); last != nil && isLayerTool(last.Name) && !a.mentions(a.w.layer, from, to) {
		if !a.nothing(rest) {
			return nil
		}
		call = last // "now with four bins"
	} else {
		calls, dec := a.readText([]model.Message{{Role: model.User, Text: rest}})
		if dec == nil || len(calls) != 1 || !isLayerTool(calls[0].Name) {
			return nil
		}
		call, a.note = &calls[0], notesOf(dec)
	}
	if !a.put(call, given) {
		a.dec = unknownText(a.lang, said)
		return nil
	}
	return a.call
}

func isLayerTool(name string) bool {
	switch name {
	case "score_rfm", "stage_lifecycle", "stage_engagement", "tier_value":
		return true
	}
	return false
}

// mentions tells whether a pattern stands somewhere in the question.
func (a *asking) mentions(p pattern, from, to int) bool {
	for i := from; i < to; i++ {
		m := &fitting{toks: a.toks, question: a.question, to: to, spans: map[string][2]int{}, steps: mostSteps}
		if p.match(m, i, func(int) bool { return true }) {
			return true
		}
	}
	return false
}

// nothing tells whether a text has no word of weight.
func (a *asking) nothing(text string) bool {
	if len(tokenize(text)) == 0 {
		return true
	}
	ps := a.parse(text)
	if ps == nil {
		return false
	}
	for _, d := range ps.derivations() {
		weight := false
		for _, x := range d.parts {
			switch x.cat {
			case "followup", "greetings", "and", "only", "by", "ask_list", "ask_what":
			default:
				weight = true
			}
		}
		if !weight {
			return true
		}
	}
	return false
}

// extra reads what was said: a number, or a length of time in days or as a
// window; "" where it is none.
func (a *asking) extra(name, text string) string {
	q := a.quantity(text)
	switch {
	case q == nil || q.money:
		return ""
	case name == "new" && q.dur != nil:
		return "last " + q.dur.String()
	case name == "lapse" && q.dur != nil:
		return inDays(*q.dur)
	case q.dur != nil || name == "new" || name == "lapse":
		return ""
	}
	return q.number
}

// put sets what was said in the arguments of the layer's tool; false where the
// tool has no such argument or not with this value.
func (a *asking) put(call *model.Call, given map[string]string) bool {
	number := func(name string, low, high int) int {
		n, err := strconv.Atoi(given[name])
		if err != nil || n < low || n > high {
			return 0
		}
		delete(given, name)
		return n
	}
	var args any
	switch call.Name {
	case "score_rfm":
		var x tools.ScoreRFMArgs
		if json.Unmarshal(call.Args, &x) != nil {
			return false
		}
		x.Bins = number("bins", 3, 5)
		args = x
	case "stage_lifecycle":
		var x tools.StageLifecycleArgs
		if json.Unmarshal(call.Args, &x) != nil {
			return false
		}
		if n := number("lapse", 1, 36500); n > 0 {
			x.LapseDays = n
		}
		if n := number("star", 1, 100); n > 0 {
			x.StarPercent = n
		}
		if given["new"] != "" {
			x.New = given["new"]
			delete(given, "new")
		}
		args = x
	case "tier_value":
		var x tools.TierValueArgs
		if json.Unmarshal(call.Args, &x) != nil {
			return false
		}
		if n := number("top", 1, 99); n > 0 {
			x.TopPercent = n
		}
		if n := number("low", 1, 99); n > 0 {
			x.LowPercent = n
		}
		args = x
	default:
		return false
	}
	return len(given) == 0 && a.askFor(call.Name, args)
}

// layer is the table of a layer, of everyone or of a group.
func (a *asking) layer() bool {
	if a.p.ix.events["purchase"] == "" && a.form.tool != "stage_engagement" {
		return false
	}
	formula := ""
	if a.has("who") {
		f, ok := a.who()
		if !ok {
			return false
		}
		if _, all := parseOr(f).(*syntax.Everyone); !all {
			formula = f
		}
	}
	return a.ask(withFormula(model.Call{Name: a.form.tool, Args: json.RawMessage("{}")}, formula))
}

// relabelled takes what is said of a layer's label ("in the churned stage of
// the life cycle") for one word, and gives the condition that it stands for by
// the place of the word.
func (p *Planner) relabelled(question string, toks []token, lang string) ([]token, map[int]syntax.Formula) {
	stands := map[int]syntax.Formula{}
	w := p.forms.langs[lang]
	h := p.hear(toks, lang)
	var labels []layerLabel
	for _, l := range w.labels {
		if h.has(l.needs) {
			labels = append(labels, l)
		}
	}
	for i := 0; len(labels) > 0 && i < len(toks); i++ {
		for _, l := range labels {
			m := &fitting{toks: toks, question: question, to: len(toks), spans: map[string][2]int{}, steps: mostSteps}
			l.of.match(m, i, func(end int) bool {
				for _, label := range l.labels {
					if _, ok := m.spans["="+label]; !ok {
						continue
					}
					from := i
					for from < end && isPause(toks[from]) {
						from++
					}
					one := token{kind: tokWord, text: question[toks[from].from:toks[end-1].to], folded: standsFor, from: toks[from].from, to: toks[end-1].to}
					toks = append(append(append([]token(nil), toks[:from]...), one), toks[end:]...)
					op := syntax.Eq
					if l.not {
						op = syntax.Ne
					}
					stands[from] = &syntax.Compare{Left: &syntax.Name{Name: l.layer}, Op: op, Right: &syntax.Text{Value: label}}
					return true
				}
				return false
			})
		}
	}
	return toks, stands
}

// standsFor is a word that no language has.
const standsFor = "\x00"

// stand enters the conditions that words stand for.
func (p *parse) stand(words map[int]syntax.Formula) {
	for i, f := range words {
		p.add(&node{cat: cCond, from: i, to: i + 1, cost: costTranslate, attr: traitOf(f), cond: f, simple: true})
	}
}
