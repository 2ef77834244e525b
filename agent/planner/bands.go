package planner

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"tesela/segment/syntax"
)

// band is a value that stands for a stretch of numbers: "25-34", "65+",
// "más de 500". Both ends belong to it, unless it was said to begin above or to
// end below.
type band struct {
	code         int
	lo, hi       float64
	above, below bool
}

// mostBands bounds the values of a field that may be bands.
const mostBands = 40

// bandsOf are the stretches that a text field's values stand for, lowest first;
// nil where they are none: but for one ("unknown") all have to be, and none may
// reach into another.
func (p *parse) bandsOf(f field) []band {
	if f.kind != "text" || f.values == nil || f.values.Len() < 2 || f.values.Len() > mostBands {
		return nil
	}
	var list []band
	for c := range f.values.Len() {
		if b, ok := p.readBand(f.values.At(c)); ok {
			b.code = c
			list = append(list, b)
		}
	}
	if len(list) < 2 || len(list) < f.values.Len()-1 {
		return nil
	}
	slices.SortFunc(list, func(a, b band) int {
		if a.lo != b.lo {
			return int(math.Copysign(1, a.lo-b.lo))
		}
		return 0
	})
	for k := 1; k < len(list); k++ {
		switch a, b := &list[k-1], list[k]; {
		case b.lo < a.hi:
			return nil
		case b.lo == a.hi && !b.above:
			a.below = true // "18-25, 25-35"
		}
	}
	return list
}

// readBand reads a value as a stretch of numbers, by the words and signs that the
// lexicons of all languages have for more, less and between.
func (p *parse) readBand(text string) (band, bool) {
	nums, between := numbersIn(text)
	for k, w := range between {
		between[k] = foldPhrase(strings.Join(strings.FieldsFunc(w, func(r rune) bool {
			return unicode.IsSpace(r) || r == '_' || unicode.Is(unicode.Sc, r)
		}), " "))
	}
	says := func(phrase string, cats ...string) (string, bool) {
		for _, lx := range append([]*lexicon{p.lex}, p.others...) {
			for _, e := range lx.exact[phrase] {
				if slices.Contains(cats, e.cat) {
					return e.attr, true
				}
			}
		}
		return "", false
	}
	switch len(nums) {
	case 2:
		head, mid := between[0], between[1]
		_, to := says(mid, "to", "and")
		_, from := says(head, "between")
		// Figures that look like years are dates or seasons.
		if !to && mid != "-" && mid != "–" && mid != "—" || head != "" && !from || nums[1] <= nums[0] || nums[0] >= 1900 && nums[0] <= 2100 {
			return band{}, false
		}
		return band{lo: nums[0], hi: nums[1]}, true
	case 1:
		op, ok := says(between[0], "compare")
		if !ok && between[0] == "" {
			op, ok = says(between[1], "compare_after")
		}
		if !ok && between[0] == "+" && between[1] == "" {
			op, ok = ">=", true
		}
		if !ok {
			return band{}, false
		}
		switch syntax.Op(op) {
		case syntax.Ge, syntax.Gt:
			return band{lo: nums[0], hi: math.Inf(1), above: op == ">"}, true
		case syntax.Le, syntax.Lt:
			return band{lo: math.Inf(-1), hi: nums[0], below: op == "<"}, true
		}
	}
	return band{}, false
}

// numbersIn are the figures of a text, and what stands before, between and
// behind them. "10-50k" are thousands both.
func numbersIn(text string) (nums []float64, between []string) {
	scale := func(s string) (float64, int) {
		rest := strings.TrimLeft(s, " ")
		if rest == "" {
			return 1, 0
		}
		by := map[byte]float64{'k': 1e3, 'K': 1e3, 'm': 1e6, 'M': 1e6}[rest[0]]
		if by == 0 || len(rest) > 1 && unicode.IsLetter(rune(rest[1])) {
			return 1, 0
		}
		return by, len(s) - len(rest) + 1
	}
	last, scales := 0, []float64{}
	for i := 0; i < len(text); {
		if !isDigit(text[i]) {
			i++
			continue
		}
		j := i
		for j < len(text) && (isDigit(text[j]) || j+3 < len(text) && (text[j] == '.' || text[j] == ',') && isDigit(text[j+1]) && isDigit(text[j+2]) && isDigit(text[j+3])) {
			j++
		}
		n, err := strconv.ParseFloat(strings.NewReplacer(".", "", ",", "").Replace(text[i:j]), 64)
		if err != nil {
			return nil, nil
		}
		between = append(between, text[last:i])
		by, more := scale(text[j:])
		nums, scales = append(nums, n), append(scales, by)
		last = j + more
		i = last
	}
	for k := range nums {
		by := scales[k]
		if by == 1 && k == 0 && len(nums) == 2 && nums[0] < nums[1] {
			by = scales[1]
		}
		nums[k] *= by
	}
	return nums, append(between, text[last:])
}

// within gives the codes of the bands that a comparison takes in; nil where it
// takes in none, or cuts one in two.
func (q *qty) within(list []band) []int {
	lo, hi := math.Inf(-1), math.Inf(1)
	n, err := strconv.ParseFloat(q.lo, 64)
	if err != nil {
		return nil
	}
	op := q.op
	if q.isHi {
		if hi, err = strconv.ParseFloat(q.hi, 64); err != nil {
			return nil
		}
		lo = n
	}
	var codes []int
	for _, b := range list {
		var in, out bool
		switch {
		case q.isHi:
			in, out = b.lo >= lo && (b.hi <= hi), b.hi < lo || b.lo > hi || b.below && b.hi == lo || b.above && b.lo == hi
		case op == syntax.Ge:
			in, out = b.lo >= n, b.hi < n || b.below && b.hi == n
		case op == syntax.Gt: // over 65 are those of 65+
			in, out = b.lo >= n, b.hi <= n
		case op == syntax.Lt:
			in, out = b.hi < n || b.below && b.hi == n, b.lo >= n
		case op == syntax.Le:
			in, out = b.hi <= n, b.lo > n || b.above && b.lo == n
		}
		if in == out {
			return nil
		}
		if in {
			codes = append(codes, b.code)
		}
	}
	return codes
}

// inBands compares a field of bands with a figure: the bands are taken whole.
func (p *parse) inBands(fi int, q *qty) *node {
	f := p.ix.fields[fi]
	codes := q.within(p.bandsOf(f))
	if len(codes) == 0 {
		return nil
	}
	v := &node{cat: cVal}
	var texts []string
	for _, c := range codes {
		v.vals = append(v.vals, valueRef{field: fi, code: c})
		texts = append(texts, f.values.At(c))
	}
	cond := p.valueFilter(v, f.event)
	if cond == nil {
		return nil
	}
	n := condNode(cond)
	if f.event != "" {
		n = &node{cat: "row filter", attr: "figure", text: f.event, cond: cond}
	}
	n.cost = 0.02
	n.assume = []assumption{{"bands", map[string]string{"field": f.name, "values": strings.Join(texts, ", ")}}}
	return n
}
