package planner

import (
	"maps"
	"slices"
	"strings"

	"tesela/agent/model"
	"tesela/segment/syntax"
)

// aLabelOf is a label and the layer that has it.
type aLabelOf struct{ layer, label string }

// labelsNamed are the labels that a text may stand for, by layer. One that is
// typed with its capitals is that one.
func (a *asking) labelsNamed(text string) []aLabelOf {
	toks := tokenize(text)
	var out, exact []aLabelOf
	for _, layer := range layerNames {
		some := a.w.labelWords[layer]
		for _, label := range slices.Sorted(maps.Keys(some)) {
			m := &fitting{toks: toks, question: text, to: len(toks), spans: map[string][2]int{}, steps: mostSteps}
			core := [2]int{}
			fits := oneOf{a.w.labelBefore, inTurn{}}.match(m, 0, func(i int) bool {
				return some[label].match(m, i, func(j int) bool {
					core = [2]int{i, j}
					return oneOf{a.w.labelAfter, inTurn{}}.match(m, j, func(end int) bool {
						return end == len(toks) && !slices.ContainsFunc(layerNames, func(other string) bool {
							_, named := m.spans["@"+other]
							return named && other != layer
						})
					})
				})
			})
			if !fits {
				continue
			}
			l := aLabelOf{layer, label}
			out = append(out, l)
			for core[0] < core[1]-1 && isPause(toks[core[0]]) {
				core[0]++
			}
			if label != strings.ToLower(label) && text[toks[core[0]].from:toks[core[1]-1].to] == label {
				exact = append(exact, l)
			}
		}
	}
	if len(exact) == 1 {
		return exact
	}
	return out
}

// saidLayer is the layer that the question names, "" for none.
func (a *asking) saidLayer() string {
	for _, layer := range layerNames {
		if a.has("@" + layer) {
			return layer
		}
	}
	return ""
}

// layerNamed is the layer that a text names, "" for none.
func (a *asking) layerNamed(text string) string {
	toks := tokenize(text)
	for _, layer := range layerNames {
		m := &fitting{toks: toks, question: text, to: len(toks), spans: map[string][2]int{}, steps: mostSteps}
		if fold(text) == fold(layer) || a.w.layerWords[layer].match(m, 0, func(end int) bool { return end == len(toks) }) {
			return layer
		}
	}
	return ""
}

// labelGroup is the group that has a label, where its name says so without
// doubt: typed as the layer spells it, or a word that means nothing else.
func (a *asking) labelGroup(text string) string {
	list := a.labelsNamed(text)
	if len(list) != 1 {
		return ""
	}
	if strings.ToLower(list[0].label) == list[0].label && a.p.everyday(text, a.lang) {
		return ""
	}
	if l := list[0].label; l != strings.ToLower(l) && !strings.Contains(text, l) && a.p.everyday(text, a.lang) {
		return ""
	}
	return (&syntax.Compare{Left: &syntax.Name{Name: list[0].layer}, Op: syntax.Eq, Right: &syntax.Text{Value: list[0].label}}).String()
}

// everyday tells whether a text has a word that only the business knows the
// measure of, such as "active", or one that people say of whoever came lately.
func (p *Planner) everyday(text, lang string) bool {
	for _, t := range tokenize(text) {
		for _, e := range p.lexicons[lang].exact[t.folded] {
			if e.cat == "vague_numbers" || e.cat == "newly" {
				return true
			}
		}
	}
	return false
}

// labelled reads the label that customers had or have, with the layer that has
// it. Where several layers do, that is asked back.
func (a *asking) labelled(args map[string]any, p part) bool {
	list := a.labelsNamed(a.text(p.slot))
	layer := a.saidLayer()
	if layer == "" {
		layer, _ = args["layer"].(string)
	}
	if layer != "" {
		list = slices.DeleteFunc(list, func(l aLabelOf) bool { return l.layer != layer })
	} else if p.slot == "label" && a.has("entered") {
		others := a.labelsNamed(a.text("entered"))
		list = slices.DeleteFunc(list, func(l aLabelOf) bool {
			return !slices.ContainsFunc(others, func(o aLabelOf) bool { return o.layer == l.layer })
		})
	}
	if len(list) == 0 {
		return a.unclear(a.text(p.slot))
	}
	if len(list) == 1 {
		args[p.arg], args["layer"] = list[0].label, list[0].layer
		return true
	}
	d := &model.Decision{Status: model.Clarify, Reason: model.Ambiguous, Params: map[string]string{"word": a.text(p.slot)}}
	for _, l := range list {
		whole := a.spliced(a.found.spans[p.slot], a.p.say.Label(a.lang, l.layer, l.label))
		d.Choices = append(d.Choices, model.Choice{Label: whole, Question: whole})
	}
	d.Language = a.lang
	if a.dec == nil {
		a.dec = d
	}
	return false
}
