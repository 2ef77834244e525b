package evals

import (
	"hash/fnv"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Perturbations are the ways to type a question worse without asking another.
var Perturbations = []string{"accents", "typos", "lower", "upper"}

// Perturb makes a case noisier: accents dropped, two neighbouring letters of a
// long word swapped, all in lower case, all in upper case. The same seed gives the same
// noise. Its golds stay, and a question back is not right where it was not.
func Perturb(c Case, kinds []string, seed int) Case {
	c.Turns = slices.Clone(c.Turns)
	for i, q := range c.Turns {
		for _, kind := range kinds {
			switch kind {
			case "accents":
				q = unaccented(q)
			case "lower":
				q = strings.ToLower(q)
			case "upper":
				q = strings.ToUpper(q)
			case "typos":
				q = swapped(q, c.ID+strconv.Itoa(seed))
			}
		}
		c.Turns[i] = q
	}
	return c
}

func unaccented(s string) string {
	return norm.NFC.String(strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(s)))
}

// swapped exchanges two inner letters of one word of six letters or more, if
// there is one without a digit.
func swapped(s, seed string) string {
	words := strings.Split(s, " ")
	var long []int
	for i, w := range words {
		if len([]rune(w)) >= 6 && !strings.ContainsFunc(w, func(r rune) bool { return !unicode.IsLetter(r) }) {
			long = append(long, i)
		}
	}
	if len(long) == 0 {
		return s
	}
	h := fnv.New32a()
	h.Write([]byte(seed))
	n := int(h.Sum32() >> 1)
	i := long[n%len(long)]
	letters := []rune(words[i])
	at := 1 + n/7%(len(letters)-3)
	letters[at], letters[at+1] = letters[at+1], letters[at]
	words[i] = string(letters)
	return strings.Join(words, " ")
}
