package main

import (
	"math/big"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	isoDay   = regexp.MustCompile(`\d{4}-\d\d(-\d\d)?`)
	aFigure  = regexp.MustCompile(`\d+(?:[.,\x{a0}\x{202f}]\d{3})*(?:[.,]\d+)?[ \x{a0}\x{202f}]?%?`)
	aNumber  = regexp.MustCompile(`\d+(?:\.\d+)?`)
	listMark = regexp.MustCompile(`(?m)^\d+\. `)
)

// ungrounded gives the figures of a text in a language that the calls, as
// JSON, do not hold: as a number, or for a percentage as a fraction that it
// rounds. The agent has a check of its own; this one shares nothing with it.
func ungrounded(text, lang, calls string) (left []string) {
	text = listMark.ReplaceAllString(text, "")
	for _, day := range isoDay.FindAllString(text, -1) {
		if strings.Contains(calls, day) {
			text = strings.ReplaceAll(text, day, "")
		}
	}
	var known []*big.Rat
	for _, n := range aNumber.FindAllString(calls, -1) {
		known = append(known, ratio(n))
	}
	for _, figure := range aFigure.FindAllString(text, -1) {
		plain, percent := strings.CutSuffix(figure, "%")
		n := ratio(plainFigure(strings.TrimSpace(plain), lang))
		holds := func(k *big.Rat) bool { return k.Cmp(n) == 0 }
		if percent {
			holds = func(k *big.Rat) bool {
				return k.Cmp(n) == 0 || roundsTo(new(big.Rat).Mul(k, big.NewRat(100, 1)), n, decimals(plain, lang))
			}
		}
		if !slices.ContainsFunc(known, holds) {
			left = append(left, figure)
		}
	}
	return left
}

// decimalMark is what parts the decimals in a language.
func decimalMark(lang string) string {
	if lang == "en" {
		return "."
	}
	return ","
}

func decimals(figure, lang string) int {
	_, after, _ := strings.Cut(strings.TrimSpace(figure), decimalMark(lang))
	return len(after)
}

// plainFigure takes the marks of thousands out and makes the decimal mark a
// point.
func plainFigure(figure, lang string) string {
	whole, after, ok := strings.Cut(figure, decimalMark(lang))
	whole = strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, whole)
	if ok {
		return whole + "." + after
	}
	return whole
}

func ratio(number string) *big.Rat {
	r, ok := new(big.Rat).SetString(number)
	if !ok {
		return big.NewRat(-1, 1)
	}
	return r
}

// roundsTo tells whether a number rounds to n at so many decimals.
func roundsTo(number, n *big.Rat, digits int) bool {
	half := big.NewRat(1, 2)
	for range digits {
		half.Quo(half, big.NewRat(10, 1))
	}
	off := new(big.Rat).Sub(number, n)
	return off.Abs(off).Cmp(half) <= 0
}

// localFigure writes a number with a point, such as 8300065.81, as a language
// does.
func localFigure(number, lang string) string {
	group, point := ",", "."
	if lang != "en" {
		group, point = ".", ","
	}
	whole, after, ok := strings.Cut(number, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + group + whole[i:]
	}
	if ok {
		return whole + point + after
	}
	return whole
}

func TestUngrounded(t *testing.T) {
	calls := `[{"args":{"formula":"count(order, last 90d) >= 3"},"result":{"values":{"size":1115,"share":0.25503,"revenue":"8300065.81"},"rows":[["2011-11",2658]]}}]`
	for _, c := range []struct {
		text, lang string
		left       int
	}{
		{"**1,115 customers** (25.5%)", "en", 0},
		{"**1.115 clientes** (25,5 %)", "es", 0},
		{"**1.115 clientes** (25,6 %)", "es", 1},
		{"1.116 clientes", "es", 1},
		{"£8,300,065.81 and 2,658 in 2011-11", "en", 0},
		{"8.300.065,81 £", "pt", 0},
		{"8.300.065,82 £", "pt", 1},
		{"25.6%", "en", 1},
		{"2,658 in 2011-12", "en", 1},
		{"1. a choice\n2. another", "en", 0},
		{"at least 3 orders in 90 days, 4 more", "en", 1},
	} {
		if left := ungrounded(c.text, c.lang, calls); (len(left) > 0) != (c.left > 0) {
			t.Errorf("%q in %s: %q", c.text, c.lang, left)
		}
	}
	for lang, want := range map[string]string{"en": "8,300,065.81", "es": "8.300.065,81", "pt": "8.300.065,81"} {
		if got := localFigure("8300065.81", lang); got != want {
			t.Error(got)
		}
	}
}
