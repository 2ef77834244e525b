package grounding

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"tesela/agent/model"
)

// mark finds in each sentence the names of rows and the texts of arguments,
// and takes their tokens: what is in a name is no figure.
func (d *document) mark(e *evidence) {
	for _, s := range d.sentences {
		for _, c := range s.spans {
			// It is a name, or strange as a whole.
			for i := c.from; i < min(c.to, len(s.tokens)); i++ {
				s.taken[i] = s.taken[i] || !isCount(c.text) && (s.tokens[i].code || e.has(c.text))
			}
		}
		for i := 0; i < len(s.tokens); i++ {
			if s.tokens[i].kind == mark {
				continue
			}
			for n := min(3*e.longest+4, len(s.tokens)-i); n > 0; n-- {
				if s.tokens[i+n-1].kind == mark {
					continue
				}
				labels := e.labels[key(textOf(s.tokens[i:i+n]))]
				if len(labels) == 0 {
					continue
				}
				s.labels = append(s.labels, labels...)
				// A lone number is as likely a figure as a name, and a date is
				// held to more than being the name of a row.
				if !e.when[key(textOf(s.tokens[i:i+n]))] && (n > 1 || s.tokens[i].kind != number) {
					for k := i; k < i+n; k++ {
						s.taken[k] = true
					}
				}
				break
			}
		}
	}
}

// isCount tells whether a quotation is a number by itself, which is a claim.
func isCount(text string) bool { return isNumber.MatchString(strings.TrimSpace(text)) }

// has tells whether a text stands in the evidence, as whole words.
func (e *evidence) has(text string) bool {
	k := key(text)
	return k == "" || strings.Contains(e.all, " "+k+" ")
}

var (
	fieldName = regexp.MustCompile(`^[\pL\d]+(?:[_.][\pL\d]+)+$`)
	ordinal   = regexp.MustCompile(`^\d+(?:st|nd|rd|th|º|ª|x|er|ro)$`)
)

// unknownNames lists names in a sentence that the evidence lacks: what is quoted
// or set as code, names of fields, ids, words with a capital, and names and
// values of the data.
func (e *evidence) unknownNames(s *sentence) []string {
	var found []string
	inSpan := make([]bool, len(s.tokens))
	for _, c := range s.spans {
		for i := c.from; i < min(c.to, len(s.tokens)); i++ {
			inSpan[i] = true
		}
		if c.text == "" || e.has(c.text) || isCount(c.text) {
			continue
		}
		if !slices.ContainsFunc(e.codes, func(code string) bool { return strings.Contains(key(code), key(c.text)) }) {
			found = append(found, c.text)
		}
	}
	for i, t := range s.tokens {
		if t.kind != word || inSpan[i] || s.taken[i] {
			continue
		}
		strange := false
		switch {
		case fieldName.MatchString(t.text), mixed(t.text) && !ordinal.MatchString(t.low):
			strange = !e.has(t.text)
		case e.known != nil && capital(t.text) && e.named(s, i):
			strange = true
		case capital(t.text) && !t.start && len([]rune(t.text)) >= 3 && t.text != strings.ToUpper(t.text):
			// Within a sentence a capital begins a name.
			strange = !e.has(t.text) && !e.has(strings.TrimSuffix(strings.TrimSuffix(t.text, "'s"), "’s")) && !e.has(strings.TrimSuffix(t.text, "s"))
		}
		if strange {
			found = append(found, t.text)
		}
	}
	return found
}

// longestName is how many words of a text a name of the data is looked for in.
const longestName = 4

// named tells whether a name or value of the data begins at a token that the
// evidence lacks.
func (e *evidence) named(s *sentence, i int) bool {
	for n := min(longestName, len(s.tokens)-i); n > 0; n-- {
		name := textOf(s.tokens[i : i+n])
		if e.known(name) {
			return !e.has(name)
		}
	}
	return false
}

// mixed tells whether a word has both letters and digits, as ids do.
func mixed(s string) bool {
	letters, digits := 0, 0
	for _, r := range s {
		switch {
		case unicode.IsDigit(r):
			digits++
		case unicode.IsLetter(r):
			letters++
		}
	}
	return letters > 0 && digits > 0 && letters+digits > 2
}

func capital(s string) bool {
	for _, r := range s {
		return unicode.IsUpper(r)
	}
	return false
}

// mostValues bounds the values of a field that are looked for in a text.
const mostValues = 20_000

// namesOf tells the saved segments and the values of the data; nil where there
// is no catalogue.
func namesOf(c *model.Catalogue) func(string) bool {
	if c == nil {
		return nil
	}
	names := map[string]bool{}
	for _, s := range c.Segments {
		names[s] = true
	}
	fields := slices.Clone(c.Traits)
	for _, e := range c.Events {
		fields = append(fields, e.Props...)
	}
	for _, f := range fields {
		if f.Values == nil || f.Values.Len() > mostValues {
			continue
		}
		for i := range f.Values.Len() {
			if v := f.Values.At(i); len(v) > 2 {
				names[v] = true
			}
		}
	}
	return func(name string) bool { return names[name] }
}
