package planner

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"tesela/agent/model"
)

// manners are what people say around a question that is no part of it, by
// language (prompts/lexicon/manners.yaml): "hi there", "my boss wants to know",
// "it's for tomorrow's report". Whatever is read is read without them, so that
// a form that must fit word by word fits a kind question too.
type manners struct {
	before, after, asides, hinges courtesies
	talk                          []ownWords
}

// courtesy is a form of them; one that is apart is so only where a pause parts
// it from the question.
type courtesy struct {
	of    pattern
	apart bool
}

// courtesies are forms of them by the words that they may begin with.
type courtesies map[string][]courtesy

func (c courtesies) add(text string, lists map[string]pattern) error {
	plain := strings.Trim(text, ", ")
	of, err := readPattern(plain, lists)
	if err != nil {
		return err
	}
	firsts := map[string]bool{}
	if beginsWith(of, firsts) {
		return fmt.Errorf("%q may be nothing", text)
	}
	for w := range firsts {
		c[w] = append(c[w], courtesy{of, plain != text})
	}
	return nil
}

// beginsWith gathers the words that a pattern may begin with, and tells whether
// it may be nothing at all.
func beginsWith(p pattern, into map[string]bool) bool {
	switch p := p.(type) {
	case word:
		into[string(p)] = true
		return false
	case inTurn:
		for _, part := range p {
			if !beginsWith(part, into) {
				return false
			}
		}
		return true
	case oneOf:
		empty := false
		for _, one := range p {
			empty = beginsWith(one, into) || empty
		}
		return empty
	case listing:
		return beginsWith(p.of, into)
	case *shared:
		return beginsWith(p.pattern, into)
	}
	return true
}

func readManners(files fs.FS) (manners, error) {
	type language struct {
		Lists    []map[string][]string `yaml:"lists"`
		Before   []string              `yaml:"before"`
		After    []string              `yaml:"after"`
		Asides   []string              `yaml:"asides"`
		Hinges   []string              `yaml:"hinges"`
		Speakers []string              `yaml:"speakers"`
		Wishes   []string              `yaml:"wishes"`
		Reasons  []string              `yaml:"reasons"`
		Chat     []string              `yaml:"chat"`
	}
	var doc map[string]language
	if err := readYAML(files, "lexicon/manners.yaml", &doc); err != nil {
		return manners{}, err
	}
	m := manners{before: courtesies{}, after: courtesies{}, asides: courtesies{}, hinges: courtesies{}}
	for _, lang := range languages {
		l := doc[lang]
		lists := map[string]pattern{}
		for _, some := range l.Lists {
			for name, texts := range some {
				of, err := readPattern(strings.Join(texts, " | "), lists)
				if err != nil {
					return manners{}, fmt.Errorf("read what people say around a question in %s: %s: %w", lang, name, err)
				}
				lists[name] = of
			}
		}
		own := ownWords{lang, courtesies{}, courtesies{}, courtesies{}, courtesies{}}
		for _, part := range []struct {
			into  courtesies
			texts []string
		}{
			{m.before, l.Before},
			{m.after, l.After},
			{m.asides, l.Asides},
			{m.hinges, l.Hinges},
			{own.speakers, l.Speakers},
			{own.wishes, l.Wishes},
			{own.reasons, l.Reasons},
			{own.chat, l.Chat},
		} {
			if len(part.texts) == 0 {
				return manners{}, fmt.Errorf("read what people say around a question: %s lacks some", lang)
			}
			for _, text := range part.texts {
				if err := part.into.add(text, lists); err != nil {
					return manners{}, fmt.Errorf("read what people say around a question in %s: %w", lang, err)
				}
			}
		}
		m.talk = append(m.talk, own)
	}
	return m, nil
}

// longestOf is where the longest of some courtesies that begin at token i ends,
// i for none; where ends is not nil it tells what end will do.
func longestOf(list courtesies, toks []token, i int, apart bool, ends func(c courtesy, j int) bool) int {
	longest, first := i, i
	for first < len(toks) && toks[first].kind == tokBreak {
		first++
	}
	if first == len(toks) {
		return i
	}
	for _, c := range list[toks[first].folded] {
		if c.apart && !apart {
			continue
		}
		m := &fitting{toks: toks, to: len(toks), spans: map[string][2]int{}, steps: mostSteps}
		c.of.match(m, i, func(j int) bool {
			if j > longest && (ends == nil || ends(c, j)) {
				longest = j
			}
			return false
		})
	}
	return longest
}

// plainly are the messages with the questions as they are without courtesies,
// their years in figures and what is written in short spelled out.
func (p *Planner) plainly(list []model.Message) []model.Message {
	out := slices.Clone(list)
	for i, m := range out {
		if m.Role == model.User {
			out[i].Text = p.spelledOut(p.inFigures(p.unmannered(m.Text)), spoken(list[:i]))
		}
	}
	return out
}

// unmannered is a question without the courtesies around it; one that is
// nothing else stays as it is, as does what the data has as a value.
func (p *Planner) unmannered(question string) string {
	toks := tokenize(question)
	if len(toks) == 0 || len(toks) > maxTokens {
		return question
	}
	from := p.pastCourtesies(toks)
	to := p.beforeCourtesies(toks, from)
	if from >= to || from == 0 && to == len(toks) || !slices.ContainsFunc(toks[from:to], func(t token) bool { return t.kind != tokBreak }) {
		return question
	}
	if from > 0 && !hasCourtesy(toks[:from]) {
		from = 0
	}
	if !hasCourtesy(toks[to:]) {
		to = len(toks)
	}
	begin, end := 0, len(question)
	if from > 0 {
		begin = toks[from-1].to
		begin += len(question[begin:]) - len(strings.TrimLeft(question[begin:], " \t,.;:!–—-"))
	}
	rest := ""
	if to < len(toks) {
		end = toks[to-1].to
		if strings.Contains(question[end:], "?") {
			rest = "?"
		}
	}
	return question[begin:end] + rest
}

// pastCourtesies is where a question begins behind what is said ahead of it.
func (p *Planner) pastCourtesies(toks []token) int {
	from := 0
	for from < len(toks) {
		if isPause(toks[from]) {
			from++
			continue
		}
		to := longestOf(p.manners.before, toks, from, true, func(c courtesy, j int) bool {
			return (!c.apart || j == len(toks) || isPause(toks[j])) && !p.isValue(toks[from:j])
		})
		if to == from {
			to = p.pastAside(toks, from)
		}
		if to == from {
			to = p.pastOwn(toks, from)
		}
		if to == from {
			break
		}
		from = to
	}
	return from
}

// pastAside is where the question begins behind the reason that is told for it
// from token i on: "I'm writing a report and need to know …"; i where none is.
func (p *Planner) pastAside(toks []token, i int) int {
	begun := longestOf(p.manners.asides, toks, i, true, nil)
	if begun == i {
		return i
	}
	for k := begun; k < len(toks); k++ {
		if to := longestOf(p.manners.hinges, toks, k, true, nil); to > k && p.saysNothing(toks[begun:k]) {
			return to
		}
	}
	for k := begun; k < len(toks); k++ {
		if isPause(toks[k]) && p.saysNothing(toks[begun:k]) {
			return k
		}
	}
	return i
}

// beforeCourtesies is where a question that begins at a token ends, ahead of
// what is said behind it.
func (p *Planner) beforeCourtesies(toks []token, from int) int {
	to := len(toks)
	for to > from {
		if isPause(toks[to-1]) {
			to--
			continue
		}
		cut := to
		for k := from + 1; k < to && cut == to; k++ {
			if toks[k].kind == tokBreak {
				continue
			}
			rest, apart := toks[:to], isPause(toks[k-1])
			if longestOf(p.manners.after, rest, k, apart, func(_ courtesy, j int) bool { return j == to }) == to && !p.isValue(toks[k:to]) {
				cut = k
			} else if begun := longestOf(p.manners.asides, rest, k, apart, nil); begun > k && p.saysNothing(toks[begun:to]) {
				cut = k
			}
		}
		if cut == to {
			cut = p.ownFrom(toks, from, to)
		}
		if cut == to {
			break
		}
		to = cut
	}
	return to
}

// telling are the categories of words that say what is asked for: where one
// stands in what is told of why, it is no mere reason.
var telling = map[string]bool{
	"months": true, "only": true, "except": true, "by": true, "units": true, "unit_adverbs": true, "unit_plurals": true, "unit_before": true,
	"measures": true, "stats": true, "compare": true, "per_customer": true, "trend": true, "of_each": true, "every_unit": true, "order_phrase": true,
	"calendar_this": true, "calendar_last": true, "rolling": true, "to_date": true, "quarter_names": true, "half_names": true, "seasons": true,
	"concepts": true, "buyers": true, "idioms": true, "distinct": true, "percent": true, "currencies": true,
}

// saysNothing tells whether nothing that is told of why a question is asked
// says something of the data.
func (p *Planner) saysNothing(toks []token) bool {
	var words []token
	for _, t := range toks {
		if t.kind == tokNumber || t.kind == tokDate || t.kind == tokQuoted || t.kind == tokSymbol {
			return false
		}
		if t.kind == tokWord {
			words = append(words, t)
		}
	}
	for i := range words {
		for j := i + 1; j <= min(len(words), i+3); j++ {
			phrase := phraseOf(words[i:j])
			for _, lang := range languages {
				if slices.ContainsFunc(p.lexicons[lang].exact[phrase], func(e entry) bool { return telling[e.cat] && !light(p.lexicons[lang].exact[phrase]) }) {
					return false
				}
			}
			if len(p.ix.names[phrase]) > 0 || len(p.ix.aliases[phrase]) > 0 || p.isValue(words[i:j]) {
				return false
			}
		}
	}
	return true
}

// hasCourtesy tells whether tokens are more than punctuation.
func hasCourtesy(toks []token) bool {
	return slices.ContainsFunc(toks, func(t token) bool { return !isPause(t) })
}

// isValue tells whether tokens are a value of the data.
func (p *Planner) isValue(toks []token) bool {
	return len(p.ix.value(phraseOf(toks))) > 0
}

// phraseOf is the words of tokens as phrases are looked up.
func phraseOf(toks []token) string {
	var words []string
	for _, t := range toks {
		if t.kind != tokBreak {
			words = append(words, t.folded)
		}
	}
	return strings.Join(words, " ")
}
