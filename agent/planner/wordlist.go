package planner

import (
	"sort"
	"strings"
	"unicode/utf8"
)

// nearWords gives the words of a sorted list that are at most so many slips
// away from a typed one (the optimal string alignment distance: a letter more,
// less, another, or two swapped), in order, with how many. All words that begin
// alike are left out together as soon as their beginning is too far away, so
// that of a hundred thousand words some hundred are looked at; looked tells
// how many.
func nearWords(list []string, typed []rune, most int, give func(word string, slips int)) (looked int) {
	// rows[k] are the distances of the first k letters of the word at hand to
	// all beginnings of the typed one; ends[k] is where those letters end.
	rows, ends := [][]int{make([]int, len(typed)+1)}, []int{0}
	for j := range rows[0] {
		rows[0][j] = j
	}
	var letters []rune
	before := ""
	for i := 0; i < len(list); {
		w := list[i]
		looked++
		// What it has in common with the word before is worked out already.
		depth := 0
		for depth < len(letters) && ends[depth+1] <= len(w) && w[ends[depth]:ends[depth+1]] == before[ends[depth]:ends[depth+1]] {
			depth++
		}
		letters, before = letters[:depth], w
		far := false
		for at := ends[depth]; at < len(w); {
			r, size := utf8.DecodeRuneInString(w[at:])
			at += size
			letters = append(letters, r)
			if depth++; depth == len(rows) {
				rows, ends = append(rows, make([]int, len(typed)+1)), append(ends, 0)
			}
			ends[depth] = at
			if far = alignRow(rows, letters, typed) > most; far {
				break
			}
		}
		if !far {
			if d := rows[depth][len(typed)]; d <= most {
				give(w, d)
			}
			i++
			continue
		}
		stem := w[:ends[depth]]
		i += sort.Search(len(list)-i, func(k int) bool { return list[i+k] > stem && !strings.HasPrefix(list[i+k], stem) })
	}
	return looked
}

// alignRow works out the row of the last letter, and gives its least distance.
func alignRow(rows [][]int, letters, typed []rune) int {
	k := len(letters)
	row, last, r := rows[k], rows[k-1], letters[k-1]
	row[0] = k
	best := k
	for j := 1; j <= len(typed); j++ {
		d := last[j-1]
		if r != typed[j-1] {
			d++
		}
		d = min(d, last[j]+1, row[j-1]+1)
		if k > 1 && j > 1 && r == typed[j-2] && letters[k-2] == typed[j-1] {
			d = min(d, rows[k-2][j-2]+1)
		}
		row[j] = d
		best = min(best, d)
	}
	return best
}

// beginning are the words of a sorted list that begin with a text.
func beginning(list []string, with string) []string {
	from := sort.SearchStrings(list, with)
	return list[from : from+sort.Search(len(list)-from, func(k int) bool { return !strings.HasPrefix(list[from+k], with) })]
}

// within tells whether a sorted list has a word.
func within(list []string, w string) bool {
	i := sort.SearchStrings(list, w)
	return i < len(list) && list[i] == w
}
