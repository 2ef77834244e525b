package wording

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
)

// Count writes a whole number, its digits grouped by threes.
func (l *Language) Count(n int64) string { return l.grouped(strconv.FormatInt(n, 10)) }

// Number writes a number to two decimals, or to three significant digits where
// it is smaller than one; whole numbers without decimals.
func (l *Language) Number(x float64) string {
	switch {
	case math.IsNaN(x) || math.IsInf(x, 0):
		return l.Unset
	case x == math.Trunc(x) && math.Abs(x) < 1e15:
		return l.Count(int64(x))
	}
	decimals := 2
	if a := math.Abs(x); a < 1 {
		decimals = min(12, 2-int(math.Floor(math.Log10(a))))
	}
	s := strconv.FormatFloat(x, 'f', decimals, 64)
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return l.grouped(s)
}

// Percent writes a fraction as a percentage with one decimal, and with more
// where one would make it nothing or the whole.
func (l *Language) Percent(rate float64) string {
	if math.IsNaN(rate) || math.IsInf(rate, 0) {
		return l.Unset
	}
	decimals := 1
	for ; decimals < 6 && rate != 0 && rate != 1; decimals++ {
		s, _ := strconv.ParseFloat(strconv.FormatFloat(rate*100, 'f', decimals, 64), 64)
		if s != 0 && s != 100 {
			break
		}
	}
	return Fill(l.PercentForm, "n", l.grouped(strconv.FormatFloat(rate*100, 'f', decimals, 64)))
}

// Money writes a decimal string in major units with its currency, an ISO 4217
// code or "".
func (l *Language) Money(amount, currency string) string {
	if currency == "" {
		return l.grouped(amount)
	}
	sign := ""
	if strings.HasPrefix(amount, "-") {
		sign, amount = "-", amount[1:]
	}
	symbol, ok := l.Symbols[currency]
	if !ok {
		return sign + Fill(l.MoneyByCode, "n", l.grouped(amount), "code", currency)
	}
	return sign + Fill(l.MoneyForm, "n", l.grouped(amount), "symbol", symbol)
}

// grouped puts a plain decimal number into the language's notation.
func (l *Language) grouped(s string) string {
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign, s = "-", s[1:]
	}
	whole, fraction, _ := strings.Cut(s, ".")
	for at := len(whole) - 3; at > 0; at -= 3 {
		whole = whole[:at] + l.Group + whole[at:]
	}
	if fraction != "" {
		whole += l.Decimal + fraction
	}
	return sign + whole
}

// ParseNumber reads a number in the language's notation and says with how many
// decimals it is written. Groups must be whole threes.
func (l *Language) ParseNumber(s string) (value float64, decimals int, ok bool) {
	whole, fraction, has := strings.Cut(s, l.Decimal)
	if has {
		if fraction == "" || strings.Trim(fraction, "0123456789") != "" {
			return 0, 0, false
		}
		decimals = len(fraction)
	}
	s = strings.NewReplacer("\u00a0", l.Group, "\u202f", l.Group).Replace(whole)
	if groups := strings.Split(s, l.Group); len(groups) > 1 {
		for i, g := range groups {
			if i == 0 && (g == "" || len(g) > 3) || i > 0 && len(g) != 3 {
				return 0, 0, false
			}
		}
		s = strings.Join(groups, "")
	}
	if s == "" || strings.Trim(s, "0123456789") != "" {
		return 0, 0, false
	}
	if has {
		s += "." + fraction
	}
	value, err := strconv.ParseFloat(s, 64)
	return value, decimals, err == nil
}

// asFloat reads a figure of a result, fresh from a tool or back from JSON.
func asFloat(v any) (float64, bool) {
	switch n := v.(type) {
	case int:
		return float64(n), true
	case int32:
		return float64(n), true
	case int64:
		return float64(n), true
	case uint64:
		return float64(n), true
	case float32:
		return float64(n), true
	case float64:
		return n, true
	case json.Number:
		f, err := n.Float64()
		return f, err == nil
	}
	return 0, false
}

// Figure reads a cell of a result as a number to draw or compare by; NaN for
// what is none, or has no end. Money, which is a text in results, is one.
func Figure(v any) float64 {
	f, ok := asFloat(v)
	if s, isText := v.(string); isText {
		parsed, err := strconv.ParseFloat(s, 64)
		f, ok = parsed, err == nil
	}
	if !ok || math.IsInf(f, 0) {
		return math.NaN()
	}
	return f
}

// decimal tells whether a text is a plain decimal number, as money is given.
func decimal(s string) bool {
	whole, fraction, dot := strings.Cut(strings.TrimPrefix(s, "-"), ".")
	digits := func(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
	return digits(whole) && (!dot || digits(fraction))
}
