package suggest

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"tesela/agent/model"
	"tesela/tools"
)

const (
	mostCompletions = 6
	mostFragment    = 4 // words of a name or value that may be typed already
	leastTyped      = 3 // letters before anything is offered
	eachLook        = 4096
)

// Complete gives what a text being typed may become: its last words completed
// to a name of the data, in the words of the language, or to a value. Each Label
// says what it is, each Question is the whole text then. Case and accents do not
// matter. Personal data is not among what a catalogue holds.
func (s *Suggester) Complete(ctx context.Context, c *model.Catalogue, language, typed string) []model.Choice {
	if c == nil {
		return nil
	}
	for _, at := range fragments(typed) {
		part := tools.Fold(typed[at:])
		if part == "" {
			continue
		}
		list := s.completions(ctx, c, language, part)
		if len(list) == 0 {
			continue
		}
		out := make([]model.Choice, len(list))
		for i, x := range list {
			out[i] = model.Choice{Label: x.label(), Question: typed[:at] + x.text}
		}
		return out
	}
	return nil
}

// fragments are where the last words of a text begin, the most words first.
func fragments(typed string) []int {
	var starts []int
	inWord := false
	for i, r := range typed {
		if unicode.IsSpace(r) {
			inWord = false
		} else if !inWord {
			starts, inWord = append(starts, i+opening(typed[i:])), true
		}
	}
	if !inWord { // the last word is ended
		return nil
	}
	starts = starts[max(0, len(starts)-mostFragment):]
	return slices.DeleteFunc(starts, func(at int) bool { return utf8.RuneCountInString(typed[at:]) < leastTyped })
}

// opening is the length of what stands before a word: quotes, brackets, marks.
func opening(word string) int {
	n := strings.IndexFunc(word, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
	return max(n, 0)
}

// completion is a name or value; of is the field of a value, in words.
type completion struct{ text, of string }

func (c completion) label() string {
	if c.of == "" {
		return c.text
	}
	return c.text + " (" + c.of + ")"
}

// completions are the names, then the values, that begin with a folded text.
func (s *Suggester) completions(ctx context.Context, c *model.Catalogue, language, part string) []completion {
	var names, values []completion
	name := func(text string) {
		if begins(text, part) {
			names = append(names, completion{text: text})
		}
	}
	field := func(f model.Field) {
		one, _, _ := s.say.Noun(language, f.Name)
		name(one)
		if f.Values == nil {
			return
		}
		for i := range f.Values.Len() {
			if i%eachLook == 0 && ctx.Err() != nil {
				return
			}
			if v := f.Values.At(i); begins(v, part) {
				values = append(values, completion{v, one})
			}
		}
	}
	for _, f := range c.Traits {
		field(f)
	}
	for _, e := range c.Events {
		_, many, _ := s.say.Noun(language, e.Name)
		name(many)
		for _, f := range e.Props {
			field(f)
		}
	}
	for word := range c.Words {
		name(word)
	}
	for _, segment := range c.Segments {
		name(segment)
	}
	for _, list := range [][]completion{names, values} {
		slices.SortFunc(list, func(a, b completion) int {
			return cmp.Or(cmp.Compare(len(a.text), len(b.text)), cmp.Compare(a.text, b.text), cmp.Compare(a.of, b.of))
		})
	}
	var out []completion
	for _, x := range append(names, values...) {
		if len(out) < mostCompletions && !slices.ContainsFunc(out, func(o completion) bool { return o.text == x.text }) {
			out = append(out, x)
		}
	}
	return out
}

// begins tells whether a name or value begins with a folded text and goes on
// behind it.
func begins(name, part string) bool {
	if name == "" || name[0] < utf8.RuneSelf && part[0] < utf8.RuneSelf && lower(name[0]) != part[0] {
		return false
	}
	rest, ok := strings.CutPrefix(tools.Fold(name), part)
	return ok && rest != ""
}

func lower(b byte) byte {
	if 'A' <= b && b <= 'Z' {
		return b + 'a' - 'A'
	}
	return b
}
