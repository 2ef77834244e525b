package planner

import (
	"slices"
	"strconv"
	"strings"
)

// Years said in words are read as those in figures: "dos mil veinticuatro",
// "twenty twenty-four". Other figures in words stay, since forms tell "two
// hundred" from the code 200; a figure this size in words is a year, or means
// the same in either writing.

// firstSpelled and lastSpelled bound the years that are looked for in words.
const (
	firstSpelled = 1950
	lastSpelled  = 2099
)

// longestYear is how many words a year has at most: "mil novecentos e noventa e
// nove".
const longestYear = 6

// inFigures is a question with its years in figures.
func (p *Planner) inFigures(question string) string {
	toks := tokenize(question)
	if len(toks) > maxTokens {
		return question
	}
	var b strings.Builder
	at := 0
	for i := 0; i < len(toks); i++ {
		year, to := p.spelledYear(toks, i)
		if to == i {
			continue
		}
		b.WriteString(question[at:toks[i].from])
		b.WriteString(strconv.Itoa(year))
		at, i = toks[to-1].to, to-1
	}
	b.WriteString(question[at:])
	return b.String()
}

// spelledYear is the longest year in words at a token, and where it ends.
func (p *Planner) spelledYear(toks []token, i int) (year, to int) {
	if toks[i].kind != tokWord {
		return 0, i
	}
	to = i
	for _, lang := range languages {
		lx := p.lexicons[lang]
		if _, ok := lx.figure(toks[i].folded); !ok {
			continue
		}
		var parts []int64
		joined := false
		for j := i; j < min(i+longestYear, len(toks)); j++ {
			n, ok := lx.figure(toks[j].folded)
			if !ok {
				if !slices.ContainsFunc(lx.exact[toks[j].folded], func(e entry) bool { return e.cat == "and" }) || toks[j].kind != tokWord {
					break
				}
				joined = true
				continue // "e", "y", "and"
			}
			parts = append(parts, n)
			if y := yearOf(parts, joined); y >= firstSpelled && y <= lastSpelled && j+1 > to {
				year, to = y, j+1
			}
		}
	}
	return year, to
}

// figure is the whole number that a word says.
func (lx *lexicon) figure(word string) (int64, bool) {
	for _, e := range lx.exact[word] {
		if e.cat != "numbers" && e.cat != "multipliers" {
			continue
		}
		if n, err := strconv.ParseInt(e.attr, 10, 64); err == nil {
			return n, true
		}
	}
	return 0, false
}

// yearOf is the year that figures in a row make, 0 for none: thousands with
// hundreds, tens and ones, or two of two digits that no word joins ("nineteen
// ninety-nine").
func yearOf(parts []int64, joined bool) int {
	if len(parts) < 2 {
		return 0
	}
	if !joined && (parts[0] == 19 || parts[0] == 20) && parts[1] >= 10 {
		rest, ok := belowHundred(parts[1:])
		if !ok {
			return 0
		}
		return int(parts[0]*100 + rest)
	}
	if parts[0] > 0 && parts[0] < 10 && parts[1] == 1000 {
		parts = append([]int64{parts[0] * 1000}, parts[2:]...)
	}
	if parts[0] != 1000 && parts[0] != 2000 || len(parts) < 2 {
		return 0
	}
	sum := parts[0]
	parts = parts[1:]
	if parts[0] >= 100 && parts[0] < 1000 {
		sum, parts = sum+parts[0], parts[1:]
	}
	rest, ok := belowHundred(parts)
	if !ok {
		return 0
	}
	return int(sum + rest)
}

// belowHundred is what tens and ones make together.
func belowHundred(parts []int64) (int64, bool) {
	switch {
	case len(parts) == 0:
		return 0, true
	case len(parts) == 1 && parts[0] < 100:
		return parts[0], true
	case len(parts) == 2 && parts[0] >= 20 && parts[0] < 100 && parts[0]%10 == 0 && parts[1] > 0 && parts[1] < 10:
		return parts[0] + parts[1], true
	}
	return 0, false
}
