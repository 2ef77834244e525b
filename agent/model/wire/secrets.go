package wire

import (
	"encoding/base64"
	"net/url"
	"regexp"
	"strings"
)

// lookalike is what looks like a key though it is not ours, as endpoints
// repeat keys in their errors, whole or with stars in their midst.
var lookalike = regexp.MustCompile(`(?i)\b(?:sk|pk|key|bearer|basic)[-_ ][\w*.+/=-]{6,}|\bAIza[\w-]{10,}|\b(?:AKIA|ASIA)[A-Z0-9]{8,}`)

// word is a run of what keys, and the signs that endpoints mask them with, are
// made of.
var word = regexp.MustCompile(`[\w*•….+/=~-]{6,}`)

// masks are signs that stand for the part of a key that is not repeated.
const masks = "*•…"

// leastSecret is the shortest text that is looked for as a secret; any shorter
// one would be found in ordinary words.
const leastSecret = 4

// without takes a secret out of a text: as it is, as URLs and headers encode
// it, and with its midst masked.
func without(text, secret string) string {
	if len(secret) < leastSecret {
		return text
	}
	forms := []string{secret, url.QueryEscape(secret), url.PathEscape(secret), base64.StdEncoding.EncodeToString([]byte(secret))}
	for _, form := range forms {
		text = strings.ReplaceAll(text, form, "…")
	}
	return word.ReplaceAllStringFunc(text, func(w string) string {
		bare := strings.Trim(w, ".")
		start, end := alike(bare, secret)
		switch {
		case strings.ContainsAny(bare, masks) || strings.Contains(bare, "..."):
			if start >= 2 || end >= 2 {
				return "…"
			}
		case start >= max(8, len(secret)/3), end >= max(8, len(secret)/3):
			return "…"
		}
		return w
	})
}

// alike is how many bytes two texts begin and end alike.
func alike(a, b string) (start, end int) {
	most := min(len(a), len(b))
	for start < most && a[start] == b[start] {
		start++
	}
	for end < most && a[len(a)-1-end] == b[len(b)-1-end] {
		end++
	}
	return start, end
}
