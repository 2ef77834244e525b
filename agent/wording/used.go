package wording

import (
	"math"
	"strconv"
	"strings"
)

// Bounded says that an answer ended at bounds, each by its name.
func (l *Language) Bounded(names []string) string {
	return Fill(l.BoundedText, "bound", l.bounds(names))
}

// Unbounded says that there is no answer, as bounds were reached before.
func (l *Language) Unbounded(names []string) string {
	return Fill(l.UnboundedText, "bound", l.bounds(names))
}

func (l *Language) bounds(names []string) string {
	words := make([]string, len(names))
	for i, name := range names {
		words[i] = l.Bounds[name]
	}
	return strings.Join(words, l.And)
}

// Used says what a turn used of a language model, in parts: its replies, its
// tokens, and in dollars what they cost where that is known.
func (l *Language) Used(rounds, tokens int, estimated bool, cost float64) []string {
	count := func(form string, n int) string {
		return Fill(l.pick(l.UsedText[form], int64(n)), "n", l.Count(int64(n)))
	}
	form := "tokens"
	if estimated {
		form = "about_tokens"
	}
	parts := []string{count("rounds", rounds), count(form, tokens)}
	if cost > 0 {
		// Two digits that say something: turns cost fractions of a cent.
		places := max(2, 1-int(math.Floor(math.Log10(cost))))
		amount := strconv.FormatFloat(cost, 'f', min(places, 8), 64)
		parts = append(parts, Fill(l.UsedText["cost"]["other"], "n", strings.Replace(amount, ".", l.Decimal, 1)))
	}
	return parts
}
