package planner

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"tesela/agent/model"
)

// manners are what people say around a question that is no part of it, by
// language (prompts/lexicon/manners.yaml): "hi there", "thanks in advance".
// Whatever is read is read without them, so that a form that must fit word by
// word fits a kind question too.
type manners struct{ before, after [][]string }

func readManners(files fs.FS) (manners, error) {
	type language struct {
		Before []string `yaml:"before"`
		After  []string `yaml:"after"`
	}
	var doc map[string]language
	if err := readYAML(files, "lexicon/manners.yaml", &doc); err != nil {
		return manners{}, err
	}
	var before, after []string
	for _, lang := range languages {
		l := doc[lang]
		if len(l.Before) == 0 || len(l.After) == 0 {
			return manners{}, fmt.Errorf("read what people say around a question: %s is missing", lang)
		}
		before, after = append(before, l.Before...), append(after, l.After...)
	}
	return manners{byLength(before), byLength(after)}, nil
}

// plainly are the messages with the questions as they are without courtesies.
func (p *Planner) plainly(list []model.Message) []model.Message {
	out := slices.Clone(list)
	for i, m := range out {
		if m.Role == model.User {
			out[i].Text = p.unmannered(m.Text)
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
	from, to := 0, len(toks)
	for from < to {
		if isPause(toks[from]) {
			from++
			continue
		}
		n := matchAny(toks[from:to], p.manners.before)
		if n == 0 || p.isValue(toks[from:from+n]) {
			break
		}
		from += n
	}
	for to > from {
		if isPause(toks[to-1]) {
			to--
			continue
		}
		n := 0
		for k := max(from, to-longestCourtesy); k < to && n == 0; k++ {
			if matchAny(toks[k:to], p.manners.after) == to-k && !p.isValue(toks[k:to]) {
				n = to - k
			}
		}
		if n == 0 {
			break
		}
		to -= n
	}
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

// longestCourtesy is how many words a courtesy behind a question has at most.
const longestCourtesy = 6

// hasCourtesy tells whether tokens are more than punctuation.
func hasCourtesy(toks []token) bool {
	return slices.ContainsFunc(toks, func(t token) bool { return !isPause(t) })
}

// isValue tells whether tokens are a value of the data.
func (p *Planner) isValue(toks []token) bool {
	var words []string
	for _, t := range toks {
		if t.kind != tokBreak {
			words = append(words, t.folded)
		}
	}
	return len(p.ix.value(strings.Join(words, " "))) > 0
}
