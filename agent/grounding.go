package agent

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"

	"tesela/agent/model"
	"tesela/agent/wording"
	"tesela/tools"
)

// grounded is the model's text if every figure in it is one of the results';
// a text that fails is asked for once more, and then given up: "" means the
// core's own wording is to be used.
func (t *turn) grounded(ctx context.Context, calls []wording.Call) (string, error) {
	if t.text == "" {
		return "", nil
	}
	strange := Strange(t.lang, t.text, calls, t.question)
	if len(strange) == 0 {
		return t.text, nil
	}
	t.messages = append(t.messages,
		model.Message{Role: model.Assistant, Text: t.text},
		model.Message{Role: model.System, Text: fmt.Sprintf(
			"These figures are in none of the results: %s. Answer again with figures of the results only.", strings.Join(strange, "; "))})
	again, err := t.generate(ctx, t.request(nil))
	if err != nil {
		return "", err
	}
	t.spend(again.used)
	if again.text != "" && Grounded(t.lang, again.text, calls, t.question) {
		return again.text, nil
	}
	return "", nil
}

// Grounded tells whether every figure of a text is one of the results', of the
// calls' arguments or of the question.
func Grounded(lang *wording.Language, text string, calls []wording.Call, question string) bool {
	return len(Strange(lang, text, calls, question)) == 0
}

// Strange lists the figures of a text that come from nowhere. A figure may be
// rounded to the decimals it is written with, be a percentage of a rate, and
// use the language's separators; how many rows and segments a result has counts
// as one of its figures.
func Strange(lang *wording.Language, text string, calls []wording.Call, question string) []string {
	var known []float64
	for _, f := range figures(lang, question) {
		known = append(known, f.value)
	}
	for _, c := range calls {
		known = append(known, figuresOf(c.Args)...)
		if c.Result == nil {
			continue
		}
		// The digits of prints are no figures.
		told := *c.Result
		told.Fingerprint, told.Approval, told.Title, told.Notes = "", "", "", nil
		b, err := json.Marshal(told)
		if err != nil {
			continue
		}
		known = append(known, figuresOf(b)...)
		// What the tool tells in words writes its figures as the language does.
		for _, said := range inWords(c.Result) {
			for _, f := range figures(lang, said) {
				known = append(known, f.value)
			}
		}
		for _, n := range []int{len(c.Result.Rows), len(c.Result.Segments)} {
			known = append(known, float64(n), float64(n-wording.TableRows))
		}
		known = append(known, float64(len(c.Result.Segments)-wording.CardsShown))
	}
	var strange []string
	for _, f := range figures(lang, listNumber.ReplaceAllString(text, "")) {
		if !f.among(known) {
			strange = append(strange, f.text)
		}
	}
	return strange
}

// inWords are the texts in which a tool tells figures.
func inWords(r *tools.Result) []string {
	texts := append([]string{r.Title}, r.Notes...)
	for _, s := range r.Segments {
		texts = append(texts, s.Name, s.Text, s.Action, s.Evidence)
		texts = append(append(texts, s.Apart...), s.Notes...)
	}
	return texts
}

var (
	// listNumber is the number of an item of a Markdown list.
	listNumber = regexp.MustCompile(`(?m)^\s*\d+[.)]\s`)
	written    = regexp.MustCompile(`\d(?:[\d.,'\x{a0}\x{202f}]*\d)?`)
	plain      = regexp.MustCompile(`\d+(?:\.\d+)?(?:[eE][-+]?\d+)?`)
	// currency stands between a sign and its figure: "-£130", "-R$ 130".
	currency = regexp.MustCompile(`([-−])[A-Z]{0,3}\p{Sc}[ \x{a0}\x{202f}]?$`)
	percent  = regexp.MustCompile(`^[\s\x{a0}]?%`)
)

// figure is a number as a text writes it.
type figure struct {
	text     string
	value    float64
	decimals int
	percent  bool
}

// figures finds the numbers of a text in a language's notation.
func figures(lang *wording.Language, text string) []figure {
	var found []figure
	for _, at := range written.FindAllStringIndex(text, -1) {
		word := text[at[0]:at[1]]
		value, decimals, ok := lang.ParseNumber(word)
		if n, err := strconv.ParseFloat(word, 64); !ok && err == nil {
			// As data writes it, whatever the language: 168469.60.
			_, fraction, _ := strings.Cut(word, ".")
			value, decimals, ok = n, len(fraction), true
		}
		if !ok {
			// Not a number of this language as a whole, such as a date: each
			// run of digits by itself.
			for _, digits := range strings.FieldsFunc(word, func(r rune) bool { return r < '0' || r > '9' }) {
				n, _ := strconv.ParseFloat(digits, 64)
				found = append(found, figure{text: digits, value: n})
			}
			continue
		}
		f := figure{text: word, value: value, decimals: decimals}
		if f.percent = percent.MatchString(text[at[1]:]); f.percent {
			f.text += "%"
		}
		before := currency.ReplaceAllString(text[:at[0]], "$1")
		if strings.HasSuffix(before, "-") || strings.HasSuffix(before, "−") {
			before = strings.TrimSuffix(strings.TrimSuffix(before, "-"), "−")
			if before == "" || strings.ContainsAny(before[len(before)-1:], " (|*\n\t") {
				f.value, f.text = -f.value, "-"+f.text
			}
		}
		found = append(found, f)
	}
	return found
}

// among tells whether the figure is one of the known values, rounded as it is
// written.
func (f figure) among(known []float64) bool {
	scale := math.Pow10(f.decimals)
	slack := 0.5000001 / scale
	for _, k := range known {
		if math.Abs(k-f.value) <= slack || f.percent && math.Abs(k*100-f.value) <= slack {
			return true
		}
	}
	return false
}

// figuresOf are all numbers of a JSON text, those within its strings included,
// signed where the sign stands before the whole value.
func figuresOf(b []byte) []float64 {
	var found []float64
	for _, at := range plain.FindAllIndex(b, -1) {
		n, err := strconv.ParseFloat(string(b[at[0]:at[1]]), 64)
		if err != nil {
			continue
		}
		found = append(found, n)
		if at[0] > 0 && b[at[0]-1] == '-' && (at[0] == 1 || strings.IndexByte("\",:[ ", b[at[0]-2]) >= 0) {
			found[len(found)-1] = -n
		}
	}
	return found
}
