package planner

import "strings"

// cuts are the places of the pieces of a question. A text in single quotes is
// one piece whatever it holds; an apostrophe opens none.
func cuts(s string) [][]int {
	from, to := singleQuoted(s)
	if to == 0 {
		return tokenForms.FindAllStringIndex(s, -1)
	}
	out := tokenForms.FindAllStringIndex(s[:from], -1)
	out = append(out, []int{from, to})
	for _, m := range cuts(s[to:]) {
		out = append(out, []int{m[0] + to, m[1] + to})
	}
	return out
}

// singleQuoted finds the first text in single quotes, as bytes from…to with the
// quotes; to is 0 for none. The first quote stands behind a space and before a
// letter or sign, the other behind one and at the end of a word.
func singleQuoted(s string) (from, to int) {
	for i := 0; i+3 < len(s); i++ {
		if s[i] != '\'' || i > 0 && !strings.ContainsRune(" (:", rune(s[i-1])) || s[i+1] == ' ' || isDigit(s[i+1]) {
			continue
		}
		for j := i + 3; j < len(s); j++ {
			if s[j] == '\'' && s[j-1] != ' ' && (j+1 == len(s) || strings.ContainsRune(" ?!.,;:)", rune(s[j+1]))) {
				return i, j + 1
			}
		}
		return 0, 0
	}
	return 0, 0
}
