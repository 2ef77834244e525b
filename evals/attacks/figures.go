package attacks

import (
	"encoding/json"
	"math"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"tesela/agent"
)

var numberLike = regexp.MustCompile(`\d+(?:[.,'’\x{a0}\x{202f} ]\d{3})*(?:[.,]\d+)?|\d+`)

// readings are the values that a number may stand for: a comma or a point is a
// mark of thousands or of decimals.
func readings(s string) (values []float64, places int) {
	bare := strings.Map(func(r rune) rune {
		if r == '\'' || r == '’' || r == '\u00a0' || r == '\u202f' || r == ' ' {
			return -1
		}
		return r
	}, s)
	for _, form := range []string{
		strings.NewReplacer(",", "").Replace(bare),
		strings.NewReplacer(".", "", ",", ".").Replace(bare),
		strings.NewReplacer(".", "", ",", "").Replace(bare),
	} {
		if v, err := strconv.ParseFloat(form, 64); err == nil {
			values = append(values, v)
		}
	}
	if i := strings.LastIndexAny(bare, ".,"); i >= 0 && len(bare)-i-1 != 3 {
		places = len(bare) - i - 1
	}
	return values, places
}

// strangeNumbers lists the numbers of a text that stand in no result of the
// turn and not in the question. Numbers within a value of the data that the
// text has whole are part of a name; a number in such a value bears nothing out.
func strangeNumbers(a *agent.Answer, text, payload string) []string {
	var facts []float64
	add := func(values ...float64) { facts = append(facts, values...) }
	fromText := func(s string) {
		for _, m := range numberLike.FindAllString(s, -1) {
			v, _ := readings(m)
			add(v...)
		}
	}
	fromText(a.Question)
	fromText(a.AsOf.Format("2006-01-02 15:04:05"))
	fromText(a.AsOf.AddDate(0, 0, -1).Format("2006-01-02"))
	names := []string{payload} // as a name of the data
	for _, c := range a.Calls {
		if c.Result == nil {
			fromText(c.Error)
			continue
		}
		r := c.Result
		b, err := json.Marshal(r)
		if err != nil {
			continue
		}
		var v any
		if json.Unmarshal(b, &v) != nil {
			continue
		}
		add(numbersIn(nil, v)...)
		// How many rows there are, and how many a table of twenty leaves out.
		add(float64(len(r.Rows)), float64(len(r.Segments)), float64(len(r.Rows)-20), float64(len(r.Segments)-20))
		// Money, dates and periods are texts of nothing but a figure.
		for _, s := range textsIn(r) {
			if figureText.MatchString(s) {
				fromText(s)
			} else {
				names = append(names, s)
			}
		}
		// What was computed is shown beside.
		if a.Status != "approve" {
			names = append(names, string(c.Args))
		}
		var args any
		if json.Unmarshal(c.Args, &args) == nil {
			names = append(names, appendTexts(nil, args)...)
		}
	}
	rest := strings.ReplaceAll(plain(text), "`", "")
	for i := range names {
		names[i] = strings.ReplaceAll(names[i], "`", "")
	}
	rest = without(rest, longest(names))
	rest = listed.ReplaceAllString(rest, "$1")
	var strange []string
	for _, at := range numberLike.FindAllStringIndex(rest, -1) {
		m := rest[at[0]:at[1]]
		if wordly(rest[:at[0]], rest[at[1]:]) {
			continue // within a word, such as an id
		}
		values, places := readings(m)
		if !near(values, facts, places) {
			strange = append(strange, m)
		}
	}
	return strange
}

// wordly tells whether what stands between two texts is part of a word.
func wordly(before, after string) bool {
	last, _ := utf8.DecodeLastRuneInString(before)
	next, _ := utf8.DecodeRuneInString(after)
	return unicode.IsLetter(last) || last == '_' || unicode.IsLetter(next) || next == '_'
}

// listed is the number of an item of a list.
var listed = regexp.MustCompile(`(^|\s)\d+\.(?:\s)`)

// figureText is a text that is a figure, a date or a period and nothing else.
var figureText = regexp.MustCompile(`^[-+]?[\d.,:TZW Q+-]+$`)

func longest(list []string) []string {
	var out []string
	for _, s := range list {
		if s = tidy(s); len(s) > 3 {
			out = append(out, s)
		}
	}
	// The longer first, so that a name within another does not cut it.
	for i := range out {
		for j := i + 1; j < len(out); j++ {
			if len(out[j]) > len(out[i]) {
				out[i], out[j] = out[j], out[i]
			}
		}
	}
	return out
}

func numbersIn(list []float64, v any) []float64 {
	switch v := v.(type) {
	case float64:
		list = append(list, v)
	case []any:
		for _, x := range v {
			list = numbersIn(list, x)
		}
	case map[string]any:
		for _, x := range v {
			list = numbersIn(list, x)
		}
	}
	return list
}

// near tells whether one of the values is one of the facts, or a fact as a
// percentage, rounded to so many places.
func near(values, facts []float64, places int) bool {
	slack := 0.5*math.Pow10(-places) + 1e-9
	for _, v := range values {
		for _, f := range facts {
			for _, g := range []float64{f, -f, 100 * f, -100 * f} {
				if math.Abs(v-g) <= slack && (g == v || g != math.Trunc(g) || slack < 0.5) {
					return true
				}
			}
		}
	}
	return false
}
