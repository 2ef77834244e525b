package syntax

import (
	"fmt"
	"math/big"
	"strings"
)

// maxDigits bounds a number, so that exact arithmetic stays cheap.
const maxDigits = 40

// NewNumber makes a Number of a plain decimal such as 12, -0.5 or 007; the
// error is an *Error.
func NewNumber(text string) (*Number, error) {
	t, err := canonicalNumber(text)
	if err != "" {
		return nil, &Error{Span: Span{0, len(text)}, Message: err}
	}
	return &Number{Text: t}, nil
}

// canonicalNumber gives the canonical text, or what is wrong.
func canonicalNumber(text string) (canonical, fault string) {
	digits, negative := strings.CutPrefix(text, "-")
	whole, frac, point := strings.Cut(digits, ".")
	if !allDigits(whole) || point && !allDigits(frac) {
		return "", fmt.Sprintf("%q is not a number: write digits, with a point before decimals", text)
	}
	whole = strings.TrimLeft(whole, "0")
	frac = strings.TrimRight(frac, "0")
	if len(whole)+len(frac) > maxDigits {
		return "", fmt.Sprintf("the number has more than %d digits", maxDigits)
	}
	if whole == "" {
		whole = "0"
	}
	canonical = whole
	if frac != "" {
		canonical += "." + frac
	}
	if negative && canonical != "0" {
		canonical = "-" + canonical
	}
	return canonical, ""
}

func allDigits(s string) bool {
	for i := 0; i < len(s); i++ {
		if !digit(s[i]) {
			return false
		}
	}
	return s != ""
}

// Rat is the number's exact value; 0 where Text is not a number.
func (n *Number) Rat() *big.Rat {
	r, ok := new(big.Rat).SetString(n.Text)
	if !ok {
		return new(big.Rat)
	}
	return r
}

// Float is the float64 nearest to the number.
func (n *Number) Float() float64 {
	f, _ := n.Rat().Float64()
	return f
}

// Whole tells whether the number has no decimals.
func (n *Number) Whole() bool { return !strings.Contains(n.Text, ".") }
