package grounding

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"tesela/agent/wording"
)

// claim is a figure that a text states.
type claim struct {
	text  string
	value float64
	// slack is how far the true value may lie off: half of the last place
	// that is written, more where the text says that it is rough.
	slack float64
	unit  unit
	// direction is −1 or 1 where the text says that it fell or rose by this.
	direction int
	// loose is set for words that are often no figures, such as two: without
	// a unit they count only where they are found.
	loose bool
	at    int // first token
	end   int // after the last
}

// unit is what a figure is counted in.
type unit struct {
	kind unitKind
	// names are the currencies it may be, the counted noun or the unit of a
	// duration; empty where the text does not say.
	names []string
}

type unitKind int

const (
	bare     unitKind = iota
	share             // a percentage; values are fractions of one
	points            // percentage points
	money             // names are ISO codes
	duration          // names has the unit as formulas write it
	things            // names has the unit of the results' figures
	times             // occurrences
	multiple          // how many times as much something is
)

// claims finds the figures of a sentence. Tokens that names and dates took are
// no figures.
func (w *words) claims(lang *wording.Language, s *sentence) []claim {
	var found []claim
	for i := 0; i < len(s.tokens); {
		c, n := w.claimAt(lang, s, i)
		if n == 0 {
			i++
			continue
		}
		c.at, c.end = i, i+n
		c.text = strings.TrimSpace(textOf(s.tokens[i : i+n]))
		found = append(found, c)
		i += n
	}
	return found
}

// claimAt reads the figure that begins at a token; n is how many tokens it
// takes, 0 for none.
func (w *words) claimAt(lang *wording.Language, s *sentence, i int) (c claim, n int) {
	rest := s.tokens[i:]
	if s.taken[i] {
		return c, 0
	}
	if c, n = w.oneIn(s.tokens[:i], rest); n > 0 {
		return c, n
	}
	for phrase, by := range w.Multiplied {
		if n = after(rest, []string{phrase}); n > 0 {
			return claim{value: by, slack: by / 8, unit: unit{kind: multiple}}, n
		}
	}
	if n = after(rest, w.None); n > 0 && len(rest) > n {
		// No customers.
		if u, m := w.noun(rest[n:]); m > 0 && u.kind == things {
			return claim{unit: u, slack: 0.5}, n + m
		}
	}
	sign, j := 1.0, 0
	codes, k := w.symbol(rest)
	if rest[0].text == "-" || rest[0].text == "−" {
		// A sign stands before its figure or before the money's sign, apart
		// from the word before.
		if i > 0 && s.tokens[i-1].kind != mark && !rest[0].space {
			return c, 0
		}
		j, sign = 1, -1
		if codes, k = w.symbol(rest[1:]); len(rest) > 1 && rest[1].space {
			return c, 0
		}
	} else if rest[0].text == "+" {
		j = 1
		codes, k = w.symbol(rest[1:])
	}
	j += k
	if j >= len(rest) || s.taken[i+j] {
		return c, 0
	}
	if k > 0 && (rest[j].text == "-" || rest[j].text == "−") && j+1 < len(rest) {
		sign, j = -1, j+1 // £-130
	}
	value, place, m := w.quantity(lang, rest[j:])
	if m == 0 {
		return c, 0
	}
	wordy := rest[j].kind == word
	j += m
	c = claim{value: sign * value, slack: place / 2}
	if k > 0 {
		c.unit = unit{money, codes}
	} else {
		var n int
		c.unit, n = w.unitAfter(rest[j:])
		if c.unit.kind != things || n == 1 {
			j += n
		}
	}
	if c.unit.kind == times && after(rest[j:], w.Multiples) > 0 {
		c.unit.kind = multiple
	}
	if sign < 0 {
		c.direction = 0
	} else {
		c.direction = w.direction(s.tokens[:i], s.tokens[i+j:])
	}
	if wordy && value <= 12 {
		c.loose = c.unit.kind == bare || c.unit.kind == times
		if slices.Contains(w.Articles, rest[0].low) {
			return claim{}, 0 // an article
		}
	}
	if f := w.fraction(rest[max(0, j-1):]); wordy && f > 0 && m == 1 {
		return c, 0
	}
	if w.rough(s.tokens[:i]) {
		c.slack = max(c.slack, c.about())
	}
	return c, j
}

// oneIn reads a part of the whole: a third of, two thirds of, one in four.
// Without a word such as of, two thirds are one still, and so is what is rough.
func (w *words) oneIn(prior, rest []token) (c claim, n int) {
	for _, form := range w.OneIn {
		head, _, _ := strings.Cut(form, " {n}")
		k := after(rest, []string{head})
		if k == 0 || k >= len(rest) {
			continue
		}
		by, ok := w.Numbers[rest[k].low]
		if x, err := strconv.ParseFloat(rest[k].text, 64); err == nil {
			by, ok = x, true
		}
		if ok && by > 1 {
			return claim{value: 100 / by, slack: 8 / by, unit: unit{kind: share}}, k + 1
		}
	}
	over := 1.0
	k := 0
	if x, ok := w.Numbers[rest[0].low]; ok && x >= 1 && x < 10 {
		over, k = x, 1
	} else if rest[0].text == "½" || rest[0].text == "¼" || rest[0].text == "¾" || rest[0].text == "⅓" || rest[0].text == "⅔" {
		return claim{value: map[string]float64{"½": 50, "¼": 25, "¾": 75, "⅓": 100. / 3, "⅔": 200. / 3}[rest[0].text], slack: 3, unit: unit{kind: share}}, 1
	}
	if k < len(rest) {
		by := w.fraction(rest[k:])
		if by == 0 && (over > 1 || w.roughly(prior)) {
			by = w.part(rest[k:])
		}
		if by > 0 && over < by {
			return claim{value: 100 * over / by, slack: 8 / by, unit: unit{kind: share}}, k + 1
		}
	}
	return c, 0
}

// fraction is what a part divides by where the tokens begin with one, 0 else.
func (w *words) fraction(tokens []token) float64 {
	if len(tokens) < 2 {
		return 0
	}
	by, ok := w.Fractions[tokens[0].low]
	if !ok || after(tokens[1:], w.PartMarks) == 0 {
		return 0
	}
	return by
}

// part is what a part divides by where nothing says of what it is one: the
// third order is none, nor is a quarter of a year.
func (w *words) part(tokens []token) float64 {
	by := w.Fractions[tokens[0].low]
	if _, period := w.Durations[tokens[0].low]; by == 0 || period {
		return 0
	}
	if _, n := w.noun(tokens[1:min(2, len(tokens))]); n > 0 {
		return 0
	}
	return by
}

// roughly tells whether the words before a part make it a rough one, with an
// article between: about a third.
func (w *words) roughly(prior []token) bool {
	n := len(prior)
	return w.rough(prior) || n > 1 && prior[n-1].kind == word && len([]rune(prior[n-1].low)) <= 2 && w.rough(prior[:n-1])
}

// symbol reads a sign or code of money: £, R$, EUR.
func (w *words) symbol(tokens []token) (codes []string, n int) {
	text := ""
	for n < len(tokens) && n < 3 {
		if n > 0 && tokens[n].space {
			break
		}
		text += tokens[n].text
		n++
		if codes, ok := w.symbols[text]; ok {
			return codes, n
		}
		if isCode(text) && n < len(tokens) && (tokens[n].kind == number) {
			return []string{text}, n
		}
	}
	if len(tokens) > 0 {
		if codes, ok := w.Currencies[tokens[0].text]; ok && tokens[0].kind == mark {
			return codes, 1 // a sign that several share
		}
	}
	return nil, 0
}

func isCode(s string) bool {
	return len(s) == 3 && strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}

// quantity reads a number in digits or words with what multiplies it; place is
// the worth of its last written place.
func (w *words) quantity(lang *wording.Language, tokens []token) (value, place float64, n int) {
	t := tokens[0]
	if t.kind == number {
		v, decimals, ok := lang.ParseNumber(t.text)
		if x, err := strconv.ParseFloat(t.text, 64); !ok && err == nil {
			// As data writes it, whatever the language: 168469.60.
			_, fraction, _ := strings.Cut(t.text, ".")
			v, decimals, ok = x, len(fraction), true
		}
		if !ok {
			return 0, 0, 0
		}
		value, place, n = v, math.Pow10(-decimals), 1
		for n < len(tokens) && tokens[n].kind == word {
			by, ok := w.Scales[tokens[n].low]
			if !ok || len(tokens[n].low) <= 2 && tokens[n].space && tokens[n].low != "mi" && tokens[n].low != "bi" && tokens[n].low != "bn" {
				break
			}
			value, place, n = value*by, place*by, n+1
		}
		return value, place, n
	}
	return w.inWords(tokens)
}

// inWords reads a number in words: three hundred and twelve, dos mil.
func (w *words) inWords(tokens []token) (value, place float64, n int) {
	total, group, some := 0.0, 0.0, false
	last := 0 // tokens that belong to it for sure
	for i, t := range tokens {
		if t.kind != word || t.code || i > 0 && i > last && !slices.Contains(w.Joiners, tokens[i-1].low) {
			break
		}
		if x, ok := w.Numbers[t.low]; ok {
			group += x
			some = true
			last = i + 1
			continue
		}
		// Letters such as k multiply digits only.
		if by, ok := w.Scales[t.low]; ok && len([]rune(t.low)) > 2 && (some || by == 1000) {
			if group == 0 {
				group = 1
			}
			if by < 1000 {
				group *= by
			} else {
				total, group = total+group*by, 0
				if total == by && i+1 < len(tokens) && w.Scales[tokens[i+1].low] > by {
					group, total = by, 0 // mil millones
				}
			}
			some = true
			last = i + 1
			continue
		}
		if slices.Contains(w.Joiners, t.low) && some {
			continue
		}
		// forty-two
		if parts := strings.Split(t.low, "-"); len(parts) == 2 {
			a, ok1 := w.Numbers[parts[0]]
			b, ok2 := w.Numbers[parts[1]]
			if ok1 && ok2 {
				group += a + b
				some = true
				last = i + 1
				continue
			}
		}
		break
	}
	if !some {
		return 0, 0, 0
	}
	return total + group, 1, last
}

// unitAfter reads the unit that follows a figure; n is how many tokens of it
// belong to the figure.
func (w *words) unitAfter(tokens []token) (u unit, n int) {
	if len(tokens) == 0 {
		return unit{}, 0
	}
	if k := after(tokens, w.Points); k > 0 {
		return unit{kind: points}, k
	}
	if k := after(tokens, w.Percent); k > 0 {
		if m := after(tokens[k:], w.Points); m > 0 {
			return unit{kind: points}, k + m
		}
		return unit{kind: share}, k
	}
	if codes, k := w.symbol(tokens); k > 0 {
		return unit{money, codes}, k
	}
	t := tokens[0]
	if t.kind == word && isCode(t.text) {
		return unit{money, []string{t.text}}, 1
	}
	k := 0
	if t.kind == word && slices.Contains(w.PartMarks, t.low) { // dos millones de euros
		k = 1
	}
	if k < len(tokens) {
		if codes, ok := w.Currencies[tokens[k].low]; ok {
			return unit{money, codes}, k + 1
		}
	}
	if d := suffix(t); d != "" {
		return unit{duration, []string{d}}, 1
	}
	return w.noun(tokens)
}

// noun reads what is counted within the next words: 1,115 loyal customers.
func (w *words) noun(tokens []token) (u unit, n int) {
	for i := 0; i < min(3, len(tokens)); i++ {
		t := tokens[i]
		if t.kind != word || t.code || i > 0 && len([]rune(t.low)) <= 3 && t.low != "día" && t.low != "dia" {
			break // of, and, per: what follows is another thing
		}
		if slices.Contains(w.Times, t.low) && i == 0 {
			return unit{kind: times}, 1
		}
		if d, ok := w.Durations[t.low]; ok {
			return unit{duration, []string{d}}, i + 1
		}
		if name, ok := w.nouns[t.low]; ok {
			return unit{things, []string{name}}, i + 1
		}
	}
	return unit{}, 0
}

// suffix is the unit of a duration that stands at its figure: 90d.
func suffix(t token) string {
	if !t.space && t.kind == word {
		switch t.low {
		case "d", "w", "mo", "q", "y", "h", "min":
			return t.low
		}
	}
	return ""
}

// rough tells whether the words before a figure make it a rough one.
func (w *words) rough(tokens []token) bool { return before(tokens, w.Nearly) }

// about is how far off the true value of a rough figure may lie: a point of a
// percentage; of others half of the last place that is not nought, but no more
// than a twentieth.
func (c claim) about() float64 {
	if c.unit.kind == share || c.unit.kind == points {
		return 1
	}
	v := math.Abs(c.value)
	return min(max(roundness(v)/2, v/50), v/20)
}

// roundness is the worth of the last place of a whole number that is not
// nought: 1,100 is round to hundreds.
func roundness(x float64) float64 {
	place := 1.0
	for x != 0 && math.Abs(x) >= place*10 && math.Mod(x, place*10) == 0 {
		place *= 10
	}
	return place
}

// direction tells whether the words around a figure say that something fell or
// rose by it. What it came to is no change.
func (w *words) direction(prior, next []token) int {
	const near = 6
	for i := len(prior) - 1; i >= max(0, len(prior)-near); i-- {
		switch t := prior[i]; {
		case t.kind == number || t.text == "," || t.text == ";" || t.text == "|":
			return w.leads(next)
		case slices.Contains(w.To, t.low) && i == len(prior)-1:
			return 0
		case slices.Contains(w.Down, t.low):
			return -1
		case slices.Contains(w.Up, t.low):
			return 1
		}
	}
	return w.leads(next)
}

// leads reads a direction that follows a figure: 12% less, 12% more.
func (w *words) leads(next []token) int {
	if len(next) > 3 {
		next = next[:3]
	}
	for _, t := range next {
		switch {
		case t.kind != word:
			return 0
		case slices.Contains(w.Down, t.low):
			return -1
		case slices.Contains(w.Up, t.low):
			return 1
		}
	}
	return 0
}
