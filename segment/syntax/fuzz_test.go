package syntax

import (
	"errors"
	"testing"
	"unicode/utf8"
)

// FuzzParse: no text makes the parser panic or point outside of the text, and
// what it reads prints as text that reads and prints the same.
func FuzzParse(f *testing.F) {
	for _, text := range canonical {
		f.Add(text)
	}
	for _, c := range readings {
		f.Add(c.text)
	}
	for _, c := range faults {
		f.Add(c.text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		roundTrip(t, text, Parse)
		roundTrip(t, text, ParseFilter)
		roundTrip(t, text, ParseMeasure)
		roundTrip(t, text, ParseValue)
		roundTrip(t, text, ParseWindow)
		roundTrip(t, text, ParseDate)
		roundTrip(t, text, ParseDuration)
	})
}

func roundTrip[T Node](t *testing.T, text string, parse func(string) (T, error)) {
	t.Helper()
	tree, err := parse(text)
	if err != nil {
		checkError(t, text, err)
		return
	}
	Walk(tree, func(n Node) bool {
		s := n.Pos()
		if s.From < 0 || s.From >= s.To || s.To > len(text) {
			t.Fatalf("%q: span %v of %T is not in the text", text, s, n)
		}
		return true
	})
	printed := tree.String()
	again, err := parse(printed)
	if err != nil {
		t.Fatalf("%q prints as %q, which does not parse: %v", text, printed, err)
	}
	if !Equal(tree, again) {
		t.Fatalf("%q prints as %q, which is another tree", text, printed)
	}
	if got := again.String(); got != printed {
		t.Fatalf("%q prints as %q and then as %q", text, printed, got)
	}
}

// checkError holds an error to its shape: an *Error with a message and a span
// inside the text.
func checkError(t *testing.T, text string, err error) {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("%q: %T is not an *Error", text, err)
	}
	if e == nil || e.Message == "" || e.Span.From < 0 || e.Span.From > e.Span.To || e.Span.To > len(text) {
		t.Fatalf("%q: bad error %#v", text, e)
	}
	if utf8.ValidString(text) && !utf8.ValidString(e.Message) {
		t.Fatalf("%q: message is not UTF-8: %q", text, e.Message)
	}
}
