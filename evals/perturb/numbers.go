package perturb

import (
	"errors"
	"slices"
	"strconv"
	"strings"
)

// numerals are how a language writes numbers.
type numerals struct {
	Group string `yaml:"group"` // between thousands
	// Words are the numbers that have one; Tens and Hundreds are followed by
	// the rest after TensAnd and HundredsAnd. HundredJoined is 100 with a rest.
	Words         map[int]string `yaml:"words"`
	Tens          map[int]string `yaml:"tens"`
	TensAnd       string         `yaml:"tens_and"`
	Hundreds      map[int]string `yaml:"hundreds"`
	HundredJoined string         `yaml:"hundred_joined"`
	HundredsAnd   string         `yaml:"hundreds_and"`
	Thousand      string         `yaml:"thousand"`
	OneThousand   string         `yaml:"one_thousand"`
	// Feminine rewrites a number for things of that gender; where that changes
	// it, it is written in words only before a noun whose gender is known.
	Feminine  [][2]string `yaml:"feminine,omitempty"`
	Feminines genders     `yaml:"feminines,omitempty"`
	Masculine genders     `yaml:"masculines,omitempty"`
	// Also are further ways to write a number, which are read and not written.
	Also map[string]int `yaml:"also,omitempty"`
	// Percent are the ways to write %, the first of them in words.
	Percent []string `yaml:"percent"`
	// After a word of IDs a number is a name, beside one of Beside it is part
	// of a date, a fraction or a larger number.
	IDs    []string `yaml:"ids"`
	Beside []string `yaml:"beside"`

	read    map[string]int  // bare words with single spaces → number
	longest int             // words in a phrase of read
	inside  map[string]bool // words of the phrases of read
}

// genders tell nouns by their endings, and those that are not told so.
type genders struct {
	Endings []string `yaml:"endings"`
	Words   []string `yaml:"words"`
}

func (g genders) has(noun string) bool {
	return slices.Contains(g.Words, noun) || slices.ContainsFunc(g.Endings, func(e string) bool { return strings.HasSuffix(noun, e) })
}

// ready lists all phrases that are numbers.
func (n *numerals) ready() error {
	if len(n.Words) == 0 || len(n.Percent) == 0 || n.Thousand == "" {
		return errors.New("they have no words")
	}
	n.read, n.inside = map[string]int{}, map[string]bool{}
	for i := range 1000 {
		for _, value := range []int{i, i * 1000} {
			s, ok := n.write(value)
			if !ok || value == 1 {
				continue
			}
			n.read[phrase(s)] = value
			n.read[phrase(n.feminine(s))] = value
		}
	}
	for s, value := range n.Also {
		n.read[phrase(s)] = value
	}
	for s := range n.read {
		words := strings.Fields(s)
		n.longest = max(n.longest, len(words))
		for _, w := range words {
			n.inside[w] = len(w) > 1 // not the "y" of "treinta y dos"
		}
	}
	return nil
}

// phrase is a text as it is looked up.
func phrase(s string) string { return bare(strings.ReplaceAll(s, "-", " ")) }

func (n *numerals) feminine(s string) string {
	for _, r := range n.Feminine {
		s = strings.ReplaceAll(s, r[0], r[1])
	}
	return s
}

// write writes a number below a million that is round or below a thousand.
func (n *numerals) write(v int) (string, bool) {
	if s, ok := n.Words[v]; ok {
		return s, true
	}
	switch {
	case v < 0 || v >= 1_000_000:
		return "", false
	case v == 1000:
		return n.OneThousand, true
	case v >= 1000:
		s, ok := n.write(v / 1000)
		return s + " " + n.Thousand, ok && v%1000 == 0
	case v >= 100:
		if s, ok := n.Hundreds[v]; ok {
			return s, true
		}
		head := n.Hundreds[v/100*100]
		if v < 200 {
			head = n.HundredJoined
		}
		s, ok := n.write(v % 100)
		return head + n.HundredsAnd + s, ok && head != ""
	}
	if s, ok := n.Tens[v]; ok {
		return s, true
	}
	s, ok := n.Words[v%10]
	return n.Tens[v/10*10] + n.TensAnd + s, ok && n.Tens[v/10*10] != ""
}

// inWords writes a number before a noun, "" for none.
func (n *numerals) inWords(v int, noun string) (string, bool) {
	s, ok := n.write(v)
	if f := n.feminine(s); f != s {
		switch {
		case n.Feminines.has(noun):
			s = f
		case !n.Masculine.has(noun):
			ok = false
		}
	}
	return s, ok
}

// figure is a number in a text: pieces from to to, below to.
type figure struct {
	from, to, value int
	digits          bool
}

// renumber writes the numbers of a text otherwise: digits in words and words
// in digits, thousands parted or shortened, percent signs in words.
func (l *language) renumber(text string, d *dice) string {
	pieces := split(text)
	list := l.numbers.figures(pieces)
	for i := len(list) - 1; i >= 0; i-- { // from behind, so that places stay
		f := list[i]
		ways := l.numbers.ways(pieces, f, list)
		if len(ways) == 0 {
			continue
		}
		way := ways[d.roll(len(ways))]
		rest := append([]piece{{word, way.text}, {gap, way.tail}}, pieces[f.to+way.more:]...)
		pieces = append(pieces[:f.from:f.from], rest...)
	}
	return join(pieces)
}

// figures finds the numbers that may be written otherwise.
func (n *numerals) figures(pieces []piece) []figure {
	var list []figure
	for i := 0; i < len(pieces); i++ {
		f, ok := n.figureAt(pieces, i)
		if !ok {
			continue
		}
		i = f.to - 1
		list = append(list, f)
	}
	return list
}

func (n *numerals) figureAt(pieces []piece, i int) (figure, bool) {
	p := pieces[i]
	if p.kind == number {
		v, err := strconv.Atoi(p.text)
		if err != nil || len(p.text) > 1 && p.text[0] == '0' {
			return figure{from: i, to: i + 1, value: -1, digits: true}, true // a number, but left alone
		}
		return figure{i, i + 1, v, true}, true
	}
	if p.kind != word || isCapital(p.text) && !opens(pieces, i) && !isAcronym(p.text) {
		return figure{}, false // "Ocean's Eleven"
	}
	best, text := figure{}, ""
	for j, words := i, 0; j < len(pieces) && words < n.longest; j++ {
		switch {
		case pieces[j].kind == word:
			text += " " + pieces[j].text
			words++
		case strings.TrimSpace(pieces[j].text) == "" && pieces[j].kind == gap:
			continue
		default:
			words = n.longest
			continue
		}
		if v, ok := n.read[phrase(strings.TrimSpace(text))]; ok {
			best = figure{i, j + 1, v, false}
		}
	}
	return best, best.to > 0
}

// way is another way to write a figure, taking more pieces behind it away and
// putting tail in their place.
type way struct {
	text string
	more int
	tail string
}

// ways are the other ways to write a figure; none where it may be a date, a
// name, a fraction or a part of another number.
func (n *numerals) ways(pieces []piece, f figure, all []figure) []way {
	if f.value < 0 || !n.alone(pieces, f) {
		return nil
	}
	before, after := "", "" // what stands right beside it
	if f.from > 0 {
		before = pieces[f.from-1].text
	}
	if f.to < len(pieces) {
		after = pieces[f.to].text
	}
	noun := bare(neighbour(pieces, f.to, 1))
	ranged := slices.ContainsFunc(all, func(o figure) bool {
		return o.from >= f.to && o.from-f.to <= 3 || o.to <= f.from && f.from-o.to <= 3
	})
	free := (before == "" || strings.TrimRight(before, " \t\n¿¡(") == "" || strings.HasSuffix(before, " ")) &&
		(after == "" || strings.HasPrefix(after, " ") || strings.Trim(after, ".,;:?!) ") == "" || strings.HasPrefix(after, "%")) &&
		!strings.ContainsAny(before, "<>=≥≤€$£") && !strings.ContainsAny(after, "<>=≥≤+€$£")
	var list []way
	digits := strconv.Itoa(f.value)
	sign := strings.TrimLeft(after, " ")
	switch {
	case ranged && (!f.digits || f.value < 1000):
		return nil
	case !f.digits && f.value >= 1000:
		list = append(list, way{text: digits}, way{text: n.grouped(f.value)})
	case !f.digits:
		list = append(list, way{text: digits})
		if more := n.percent(pieces, f.to); more > 0 {
			list = append(list, way{text: digits + "%", more: more})
		}
	case f.value <= 100 && strings.HasPrefix(sign, "%"):
		if !free {
			return nil
		}
		tail := sign[1:]
		list = append(list, way{digits + " " + n.Percent[0], 1, tail})
		if s, ok := n.inWords(f.value, ""); ok {
			list = append(list, way{s + " " + n.Percent[0], 1, tail})
		}
	case f.value <= 100 && n.percent(pieces, f.to) > 0:
		list = append(list, way{text: digits + "%", more: n.percent(pieces, f.to)})
		if s, ok := n.inWords(f.value, ""); ok && free {
			list = append(list, way{text: s})
		}
	default:
		if s, ok := n.inWords(f.value, noun); ok && free && !ranged {
			list = append(list, way{text: s})
		}
		if f.value >= 1000 && f.value < 1_000_000 {
			list = append(list, way{text: n.grouped(f.value)})
			if f.value%1000 == 0 && free {
				list = append(list, way{text: strconv.Itoa(f.value/1000) + "k"})
			}
		}
	}
	return list
}

// percent is how many pieces from place i on are the words for percent.
func (n *numerals) percent(pieces []piece, i int) int {
	for _, p := range n.Percent {
		words, at := strings.Fields(p), i
		for _, w := range words {
			if at+1 >= len(pieces) || strings.TrimSpace(pieces[at].text) != "" || bare(pieces[at+1].text) != bare(w) {
				at = -1
				break
			}
			at += 2
		}
		if at > i {
			return at - i
		}
	}
	return 0
}

func (n *numerals) grouped(v int) string {
	return strconv.Itoa(v/1000) + n.Group + strconv.Itoa(v%1000 + 1000)[1:]
}

// alone tells whether a number is one that counts or measures something.
func (n *numerals) alone(pieces []piece, f figure) bool {
	if f.digits && (f.value >= 1900 && f.value <= 2100 || f.value >= 10_000 && f.value%100 != 0 || f.value >= 1_000_000) {
		return false // a year, a number of an order
	}
	if glued(pieces, f) {
		return false
	}
	last, next := bare(neighbour(pieces, f.from-1, -1)), bare(neighbour(pieces, f.to, 1))
	// "28 de noviembre", "enero de 25": the word beyond a short one.
	second := bare(neighbour(pieces, beyond(pieces, f.to, 1), 1))
	first := bare(neighbour(pieces, beyond(pieces, f.from-1, -1), -1))
	if n.percent(pieces, f.to) > 0 {
		next, second = "", "" // "por ciento"
	}
	if slices.Contains(n.IDs, last) || slices.Contains(n.Beside, last) || slices.Contains(n.Beside, next) {
		return false
	}
	if n.inside[last] || n.inside[next] {
		return false
	}
	short := func(s string) bool { return len(s) > 0 && len(s) <= 3 }
	return !(short(next) && slices.Contains(n.Beside, second)) && !(short(last) && slices.Contains(n.Beside, first))
}

// glued tells whether something other than a space or the end of a sentence
// parts a number from what is beside it, as in ranges and currencies that are
// written together with it.
func glued(pieces []piece, f figure) bool {
	if f.from > 0 && strings.HasSuffix(pieces[f.from-1].text, "-") {
		return true
	}
	return f.to < len(pieces) && strings.ContainsAny(firstRune(pieces[f.to].text), "-–/º°ª'’_")
}

func firstRune(s string) string {
	for _, r := range s {
		return string(r)
	}
	return ""
}

// neighbour is the word or number at place i or beyond it in a direction, over
// one gap of spaces; "" where there is none.
func neighbour(pieces []piece, i, step int) string {
	for j := i; j >= 0 && j < len(pieces) && j != i+2*step; j += step {
		if pieces[j].kind != gap {
			return pieces[j].text
		}
		if strings.TrimSpace(pieces[j].text) != "" {
			return ""
		}
	}
	return ""
}

// beyond is the place behind the neighbour at i.
func beyond(pieces []piece, i, step int) int {
	for j := i; j >= 0 && j < len(pieces); j += step {
		if pieces[j].kind != gap {
			return j + step
		}
	}
	return -1
}

// numeral tells whether a word is one of a number.
func (l *language) numeral(s string) bool {
	for _, w := range strings.Fields(phrase(s)) {
		if l.numbers.inside[w] {
			return true
		}
	}
	return false
}
