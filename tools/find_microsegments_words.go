package tools

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"tesela/segment/feature"
	"tesela/segment/micro"
)

// How names are made.
const (
	namePhrases    = 2     // phrases in a name that is free
	mostPhrases    = 4     // in one that is not
	weakPhrase     = 0.147 // effects below say too little (negligible, Romano et al. 2006)
	apartTold      = 5
	negativeWeight = 0.6 // of what a group lacks against what it has
)

// stage words a stage of the life cycle; a stage that a business has named
// itself is told by its name.
func (t *microTelling) stage(label string) string {
	if label == "" {
		return ""
	}
	key := "micro_stage_" + strings.ReplaceAll(label, " ", "_")
	if _, ok := t.box.phrases.Phrases[key]; !ok {
		return label
	}
	return t.say(key, nil)
}

// name makes a group's name of what sets it apart: its formula's conditions,
// the strongest first and what it has before what it lacks, then its other
// differences, until no other group has it.
func (t *microTelling) name(g *micro.Group) string {
	phrases := t.phrasesOf(g)
	stage := t.stage(g.Stage)
	for n := min(namePhrases, len(phrases)); n <= min(mostPhrases, len(phrases)); n++ {
		if name := t.join(stage, phrases[:n]); name != "" && !t.names[name] {
			t.names[name] = true
			return name
		}
	}
	base := t.join(stage, phrases[:min(namePhrases, len(phrases))])
	if base == "" {
		base = t.say("micro_everyone", nil)
	}
	name := base
	for n := 2; t.names[name]; n++ {
		name = t.say("micro_numbered", params{"name": base, "number": strconv.Itoa(n)})
	}
	t.names[name] = true
	return name
}

func (t *microTelling) join(stage string, phrases []string) string {
	what := strings.Join(phrases, ", ")
	switch {
	case what == "":
		return stage
	case stage == "":
		first, size := utf8.DecodeRuneInString(what)
		return string(unicode.ToUpper(first)) + what[size:]
	}
	return t.say("micro_name", params{"stage": stage, "what": what})
}

// phrasesOf are the few words that a group can be called by, best first.
func (t *microTelling) phrasesOf(g *micro.Group) []string {
	type phrase struct {
		text string
		rank float64
	}
	var own, other []phrase
	seen := map[string]bool{}
	for _, term := range g.Terms {
		text, positive := t.term(term)
		rank := math.Abs(term.Effect)
		if text == "" || rank < weakPhrase {
			continue
		}
		if !positive {
			rank *= negativeWeight
		}
		own, seen[term.Feature.Key()] = append(own, phrase{text, rank}), true
	}
	for _, d := range g.Apart {
		if seen[d.Feature.Key()] {
			continue
		}
		text, positive := t.difference(d)
		rank := math.Abs(d.Effect)
		if !positive {
			rank *= negativeWeight
		}
		other = append(other, phrase{text, rank})
	}
	byRank := func(a, b phrase) int { return cmp.Compare(b.rank, a.rank) }
	slices.SortStableFunc(own, byRank)
	slices.SortStableFunc(other, byRank)
	var texts []string
	for _, p := range append(own, other...) {
		if !slices.Contains(texts, p.text) {
			texts = append(texts, p.text)
		}
	}
	return texts
}

// term words a condition, and tells whether it says what the group has.
func (t *microTelling) term(x micro.Term) (text string, positive bool) {
	switch x.Sense {
	case micro.High:
		return t.featureHigh(x.Feature), true
	case micro.Low:
		if x.Here == 0 {
			return t.featureNone(x.Feature), false
		}
		return t.featureLow(x.Feature), false
	case micro.Middle:
		p := params{"what": t.featureNoun(x.Feature), "low": t.figureText(x.Feature, x.From), "high": t.figureText(x.Feature, x.To)}
		if p["low"] == p["high"] {
			return t.say("micro_exactly", p), true
		}
		return t.say("micro_between", p), true
	case micro.Is:
		return t.featureIs(x.Feature, x.Words...), true
	case micro.None:
		if x.Feature.Kind == feature.Category {
			return t.featureIs(x.Feature), false
		}
	}
	return "", false
}

func (t *microTelling) difference(d micro.Distinction) (text string, positive bool) {
	switch {
	case d.Word != "":
		if d.Effect > 0 {
			return t.featureIs(d.Feature, d.Word), true
		}
		return t.say("micro_rarely", params{"what": t.featureIs(d.Feature, d.Word)}), false
	case d.Effect > 0:
		return t.featureHigh(d.Feature), true
	case d.Here == 0:
		return t.featureNone(d.Feature), false
	}
	return t.featureLow(d.Feature), false
}

// apartTexts word what sets a group apart, with figures.
func (t *microTelling) apartTexts(g *micro.Group) []string {
	var all []string
	for _, d := range g.Apart[:min(len(g.Apart), apartTold)] {
		what, f := t.featureNoun(d.Feature), d.Feature
		if d.Word != "" {
			what, f.Unit = t.featureIs(d.Feature, d.Word), feature.Share
		}
		here, others := t.figureText(f, d.Here), t.figureText(f, d.Others)
		if here == others {
			continue
		}
		all = append(all, t.say("micro_apart", params{"what": what, "here": here, "others": others}))
	}
	return all
}

// figureText writes a feature's figure in the caller's language.
func (t *microTelling) figureText(f feature.Feature, x float64) string {
	switch f.Unit {
	case feature.Share:
		return t.percent(x)
	case feature.Money:
		text := t.numberText(x, t.schema.Digits)
		if t.schema.Currency != "" {
			text += " " + t.schema.Currency
		}
		return text
	case feature.Days, feature.Years:
		return t.numberText(x, 0)
	}
	if x == math.Trunc(x) {
		return t.numberText(x, 0)
	}
	if math.Abs(x) >= 100 {
		return t.numberText(x, 0)
	}
	return t.numberText(x, 1+boolCount(math.Abs(x) < 1))
}

func boolCount(b bool) int {
	if b {
		return 1
	}
	return 0
}

// percent writes a fraction as a percentage, with a decimal where it is small.
func (t *microTelling) percent(x float64) string {
	digits := 0
	if p := 100 * math.Abs(x); p > 0 && p < 9.95 || p > 99 && p < 100 {
		digits = 1
	}
	return t.say("micro_percent", params{"value": t.numberText(100*x, digits)})
}
