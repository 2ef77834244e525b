package importer

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// figure is what a text says when it is read as a number.
type figure struct {
	decimal
	percent bool
	// sign is the currency sign or code written with it, "" without.
	sign string
}

// parsePlain reads the common case at speed: an optional sign, digits, and
// perhaps a decimal point. ok is false for everything else.
func parsePlain(b []byte) (d decimal, ok bool) {
	i, neg := 0, false
	if len(b) > 0 && (b[0] == '-' || b[0] == '+') {
		neg = b[0] == '-'
		i = 1
	}
	if i == len(b) || len(b)-i > maxDigits {
		return d, false
	}
	point := -1
	var m int64
	for j := i; j < len(b); j++ {
		c := b[j]
		switch {
		case c-'0' <= 9:
			m = m*10 + int64(c-'0')
		case c == '.' && point < 0 && j > i && j+1 < len(b):
			point = j
		default:
			return d, false
		}
	}
	if point >= 0 {
		d.scale = len(b) - point - 1
	}
	if neg {
		m = -m
	}
	d.mant = m
	return d, true
}

// parseFigure reads a number as people write them: signs, brackets for
// negatives, grouped digits, a currency, a percent sign, an exponent. comma
// tells that the decimal sign is a comma and the point groups.
func parseFigure(b []byte, comma bool) (f figure, ok bool) {
	b = trim(b)
	if !comma {
		if f.decimal, ok = parsePlain(b); ok {
			return f, true
		}
	}
	neg := false
	if n := len(b); n > 2 && b[0] == '(' && b[n-1] == ')' {
		neg, b = true, trim(b[1:n-1])
	}
	b, f.percent, f.sign, neg = undress(b, neg)
	if len(b) == 0 || len(b) > 60 {
		return f, false
	}
	point := byte('.')
	group := byte(',')
	if comma {
		point, group = ',', '.'
	}
	var exponent int
	if i := bytes.IndexAny(b, "eE"); i > 0 {
		if exponent, ok = smallInt(b[i+1:]); !ok {
			return f, false
		}
		b = b[:i]
	}
	whole, frac := b, []byte(nil)
	if i := bytes.IndexByte(b, point); i >= 0 {
		whole, frac = b[:i], b[i+1:]
		if len(frac) == 0 && len(whole) == 0 {
			return f, false
		}
	}
	digits, ok := ungroup(whole, group)
	if !ok {
		return f, false
	}
	for _, c := range frac {
		if c-'0' > 9 {
			return f, false
		}
	}
	digits = append(digits, frac...)
	f.scale = len(frac)
	if len(digits) == 0 {
		return f, false
	}
	for len(digits) > maxDigits && f.scale > 0 && digits[len(digits)-1] == '0' {
		digits, f.scale = digits[:len(digits)-1], f.scale-1
	}
	digits = bytes.TrimLeft(digits, "0")
	if len(digits) > maxDigits {
		// Floats printed in full: 17 significant digits are all they have.
		drop := len(digits) - maxDigits
		if drop > f.scale {
			return f, false
		}
		digits, f.scale = digits[:maxDigits], f.scale-drop
	}
	for _, c := range digits {
		f.mant = f.mant*10 + int64(c-'0')
	}
	for ; exponent < 0; exponent++ {
		f.scale++
	}
	for ; exponent > 0; exponent-- {
		if f.scale > 0 {
			f.scale--
		} else if f.mant > (1<<62)/10 {
			return f, false
		} else {
			f.mant *= 10
		}
	}
	if f.scale > 60 {
		return f, false
	}
	if neg {
		f.mant = -f.mant
	}
	if f.percent {
		f.scale += 2
	}
	return f, true
}

// undress takes sign, currency and percent off a number.
func undress(b []byte, neg bool) (rest []byte, percent bool, sign string, negative bool) {
	for {
		b = trim(b)
		n := len(b)
		if n == 0 {
			return b, percent, sign, neg
		}
		switch {
		case b[0] == '-' && n > 1:
			neg, b = !neg, b[1:]
		case b[0] == '+' && n > 1:
			b = b[1:]
		case bytes.HasPrefix(b, []byte("−")):
			neg, b = !neg, b[len("−"):]
		case b[n-1] == '-' && b[0]-'0' <= 9:
			neg, b = !neg, b[:n-1]
		case b[n-1] == '%' && !percent:
			percent, b = true, b[:n-1]
		case sign == "" && signAtStart(b) > 0:
			k := signAtStart(b)
			sign, b = string(b[:k]), b[k:]
		case sign == "" && signAtEnd(b) > 0:
			k := signAtEnd(b)
			sign, b = string(trim(b[n-k:])), b[:n-k]
		default:
			return b, percent, strings.TrimSuffix(sign, "."), neg
		}
	}
}

// signAtStart is the length of a currency sign or code that starts b.
func signAtStart(b []byte) int {
	i := 0
	for i < len(b) && i < 8 {
		r, n := utf8.DecodeRune(b[i:])
		if r >= '0' && r <= '9' || r == '-' || r == '+' || r == '(' || r == ' ' || r == ',' || r == '.' && i == 0 {
			break
		}
		i += n
	}
	if i == 0 || i == len(b) || !knownSign(string(b[:i])) {
		return 0
	}
	return i
}

// signAtEnd is the length of a currency sign or code that ends b.
func signAtEnd(b []byte) int {
	i := len(b)
	for i > 0 && len(b)-i < 8 {
		r, n := utf8.DecodeLastRune(b[:i])
		if r >= '0' && r <= '9' || r == ')' || r == ' ' || r == ',' {
			break
		}
		i -= n
	}
	if i == len(b) || i == 0 || !knownSign(string(b[i:])) {
		return 0
	}
	return len(b) - i
}

// ungroup drops the signs between groups of three digits (the first may be
// shorter); blanks, thin blanks and apostrophes group too.
func ungroup(b []byte, group byte) (digits []byte, ok bool) {
	digits = make([]byte, 0, len(b))
	run, groups := 0, 0
	for i := 0; i < len(b); {
		c := b[i]
		if c-'0' <= 9 {
			digits = append(digits, c)
			run++
			i++
			continue
		}
		n := 0
		switch r, size := utf8.DecodeRune(b[i:]); {
		case c == group, c == ' ', c == '\'':
			n = 1
		case r == '\u00a0', r == '\u202f', r == '\u2009', r == '’':
			n = size
		}
		if n == 0 || run == 0 || run > 3 || groups > 0 && run != 3 {
			return nil, false
		}
		groups++
		run = 0
		i += n
	}
	if groups > 0 && run != 3 {
		return nil, false
	}
	return digits, true
}

func smallInt(b []byte) (v int, ok bool) {
	neg := false
	if len(b) > 0 && (b[0] == '-' || b[0] == '+') {
		neg, b = b[0] == '-', b[1:]
	}
	if len(b) == 0 || len(b) > 2 {
		return 0, false
	}
	for _, c := range b {
		if c-'0' > 9 {
			return 0, false
		}
		v = v*10 + int(c-'0')
	}
	if neg {
		v = -v
	}
	return v, true
}

// trim drops blanks around a field, no-break blanks included.
func trim(b []byte) []byte {
	for len(b) > 0 && (b[0] <= ' ') {
		b = b[1:]
	}
	for len(b) > 0 && (b[len(b)-1] <= ' ') {
		b = b[:len(b)-1]
	}
	if len(b) > 1 && (b[0] == 0xc2 || b[len(b)-1] == 0xa0) {
		if bytes.HasPrefix(b, []byte("\u00a0")) || bytes.HasSuffix(b, []byte("\u00a0")) {
			return trim(bytes.TrimSuffix(bytes.TrimPrefix(b, []byte("\u00a0")), []byte("\u00a0")))
		}
	}
	return b
}

// wholeNumber reads an id that spreadsheets and data frames made a number of:
// 17850.0 is 17850. It gives the digits before the point, leading zeros kept;
// ok is false where b is no whole number.
func wholeNumber(b []byte) (digits []byte, dotted, ok bool) {
	i := 0
	for i < len(b) && b[i]-'0' <= 9 {
		i++
	}
	if i == 0 {
		return nil, false, false
	}
	if i == len(b) {
		return b, false, true
	}
	if b[i] != '.' || i+1 == len(b) {
		return nil, false, false
	}
	for _, c := range b[i+1:] {
		if c != '0' {
			return nil, false, false
		}
	}
	return b[:i], true, true
}
