package syntax

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// NearestNames gives the known names that name may be a slip for, best first
// and at most max: first those that differ in case, accents or signs only,
// then by the number of letters to change, swap, add or drop (the optimal
// string alignment distance, at most a third of the letters), then those that
// begin with or hold it. Ties go by name. A known name is given once.
func NearestNames(name string, known []string, max int) []string {
	want := fold(name)
	if len(want) == 0 || max <= 0 {
		return nil
	}
	type candidate struct {
		name string
		cost int
	}
	var found []candidate
	var rows [3][]int
	for _, k := range known {
		if k == name {
			continue
		}
		have := fold(k)
		limit := (len(want) + 2) / 3
		cost := distance(want, have, limit, &rows)
		if cost > limit {
			// A part of a longer name, or the reverse, counts as a farther slip.
			if len(want) < 3 || len(have) < 3 {
				continue
			}
			w, h := string(want), string(have)
			switch {
			case strings.HasPrefix(h, w), strings.HasPrefix(w, h):
				cost = limit + 1
			case strings.Contains(h, w), strings.Contains(w, h):
				cost = limit + 2
			default:
				continue
			}
		}
		found = append(found, candidate{k, cost})
	}
	slices.SortFunc(found, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(a.cost, b.cost), cmp.Compare(a.name, b.name))
	})
	found = slices.CompactFunc(found, func(a, b candidate) bool { return a.name == b.name })
	var names []string
	for i := 0; i < len(found) && i < max; i++ {
		names = append(names, found[i].name)
	}
	return names
}

// fold keeps the letters and digits of s without case or accents.
func fold(s string) []rune {
	var rs []rune
	ascii := true
	for i := 0; i < len(s) && ascii; i++ {
		ascii = s[i] < 0x80
	}
	if !ascii {
		s = norm.NFD.String(s)
	}
	for _, r := range s {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			rs = append(rs, unicode.ToLower(r))
		}
	}
	return rs
}

// Distance counts the letters to insert, delete, change or swap with a
// neighbour that turn a into b (optimal string alignment), or is limit+1 where
// that takes more than limit.
func Distance(a, b []rune, limit int) int {
	var rows [3][]int
	return distance(a, b, limit, &rows)
}

// distance is the optimal string alignment distance of a and b, or limit+1
// where it is more than limit. It uses rows as scratch space.
func distance(a, b []rune, limit int, rows *[3][]int) int {
	if len(a)-len(b) > limit || len(b)-len(a) > limit {
		return limit + 1
	}
	for i := range rows {
		if cap(rows[i]) < len(b)+1 {
			rows[i] = make([]int, len(b)+1)
		}
		rows[i] = rows[i][:len(b)+1]
	}
	before, last, row := rows[0], rows[1], rows[2]
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		best := i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			d := min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d = min(d, before[j-2]+1)
			}
			row[j] = d
			best = min(best, d)
		}
		if best > limit {
			return limit + 1
		}
		before, last, row = last, row, before
	}
	return min(last[len(b)], limit+1)
}
