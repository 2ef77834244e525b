package blockkit

import (
	"regexp"
	"strings"
	"unicode"

	"tesela/cmd/internal/render"
)

// clean is a text of the data, of a person or of a model as one line that can
// do nothing but be read: no control characters, none that nobody sees, and no
// call to everybody.
func clean(s string) string {
	if odd := func(r rune) bool { return r < ' ' || r > '~' || r == '@' }; !strings.ContainsFunc(s, odd) {
		return strings.TrimSpace(s)
	}
	s = render.Clean(strings.ToValidUTF8(s, ""))
	var b strings.Builder
	marks, last := 0, rune(' ')
	runes := []rune(s)
	for i, r := range runes {
		switch {
		case r == '\u200d' && last > 0x2000 && i+1 < len(runes): // joins emoji
		case r == '\u200c' && unicode.IsLetter(last) && last > 0x300: // joins letters of scripts that need it
		case r == '\u200b' || r == '\u200c' || r == '\u200d' || r == '\u00ad' || r == '\u034f' || r == '\u180e' ||
			r == '\u2028' || r == '\u2029' || r >= '\u2060' && r <= '\u206f' || r >= 0xe0000 && r <= 0xe0fff || r == '\u115f' || r == '\u3164':
			continue
		}
		if unicode.Is(unicode.Mn, r) && r != '\ufe0f' {
			if marks++; marks > 3 {
				continue
			}
		} else {
			marks = 0
		}
		b.WriteRune(r)
		last = r
	}
	return uncalled(b.String())
}

// calls are words that call a whole channel where a client looks for them.
var calls = regexp.MustCompile(`(?i)@(here|channel|everyone|group)\b`)

func uncalled(s string) string {
	if !strings.Contains(s, "@") {
		return s
	}
	return calls.ReplaceAllString(s, "＠$1")
}
