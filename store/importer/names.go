package importer

import (
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"tesela/segment/syntax"
)

// snake gives a column's own name as formulas spell it: CustomerID is
// customer_id, "Order Total" order_total; accents are folded.
func snake(name string) string {
	var folded []rune
	for _, r := range norm.NFD.String(name) {
		if !unicode.Is(unicode.Mn, r) {
			folded = append(folded, r)
		}
	}
	var b strings.Builder
	gap := false
	for i, r := range folded {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			gap = b.Len() > 0
			continue
		}
		if unicode.IsUpper(r) && i > 0 && !gap && b.Len() > 0 {
			before := folded[i-1]
			ends := i+1 < len(folded) && unicode.IsLower(folded[i+1])
			gap = unicode.IsLower(before) || unicode.IsDigit(before) || unicode.IsUpper(before) && ends
		}
		if gap {
			b.WriteByte('_')
			gap = false
		}
		b.WriteRune(unicode.ToLower(r))
	}
	s := b.String()
	if s != "" && unicode.IsDigit([]rune(s)[0]) {
		s = "_" + s
	}
	return s
}

// ownName is the snake-case name of the i-th column; where it is taken it is
// numbered, and a column without a name is called by its place.
func ownName(header []string, i int, taken map[string]bool) string {
	base := snake(header[i])
	if base == "" {
		base = fmt.Sprintf("column_%d", i+1)
	}
	name := base
	for n := 2; taken[name]; n++ {
		name = fmt.Sprintf("%s_%d", base, n)
	}
	taken[name] = true
	return name
}

// headerFault tells what is wrong with a header line, if anything.
func headerFault(file string, f form) error {
	seen := map[string]int{}
	numbers, filled := 0, 0
	for i, h := range f.header {
		if h == "" {
			continue
		}
		filled++
		if j, twice := seen[h]; twice {
			return fmt.Errorf("%s: the header names the column %q twice (columns %d and %d); rename one of them", file, h, j+1, i+1)
		}
		seen[h] = i
		_, isNumber := parseFigure([]byte(h), false)
		_, isMoment := parseMoment([]byte(h), dayFirst)
		if isNumber || isMoment {
			numbers++
		}
	}
	switch {
	case filled == 0:
		return fmt.Errorf("%s: the first line names no columns; a header line is needed", file)
	case numbers > 0 && 2*numbers >= filled:
		return fmt.Errorf("%s: the first line (%s) looks like data; add a header line that names the columns", file, strings.Join(f.header, string(f.delim)))
	}
	return nil
}

// findColumn finds a column by the header's very name.
func findColumn(header []string, name, flag string) (int, error) {
	name = strings.TrimSpace(name)
	for i, h := range header {
		if h == name {
			return i, nil
		}
	}
	return 0, unknownColumn(header, name, flag)
}

func unknownColumn(header []string, name, flag string) error {
	var near []string
	for _, h := range header {
		if strings.EqualFold(h, name) || snake(h) == snake(name) {
			near = append(near, h)
		}
	}
	if len(near) == 0 {
		near = syntax.NearestNames(name, header, 3)
	}
	if len(near) > 0 {
		return usage("%s: there is no column %q; nearest: %s", flag, name, strings.Join(near, ", "))
	}
	all := strings.Join(header, ", ")
	if len(all) > 300 {
		all = all[:300] + "…"
	}
	return usage("%s: there is no column %q; the columns are: %s", flag, name, all)
}
