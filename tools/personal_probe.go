package tools

import (
	"encoding/json"
	"slices"
	"strings"
	"unicode"

	"tesela/segment/syntax"
)

// Counting tells of values as well as listing does: how many addresses begin
// with z, how many of those with zu, and so on to the end. So a model outside
// may compare personal fields only with words that the person has asked by.

// probes is the fault of arguments that compare a personal field with what the
// question does not hold; nil for none.
func (c *call) probes(data json.RawMessage) error {
	var v any
	if json.Unmarshal(data, &v) != nil {
		return nil // what is wrong with it is told where it is read
	}
	asked := " " + strings.Join(wordsIn(c.who.Question), " ") + " "
	for _, text := range appendTexts(nil, v) {
		var n syntax.Node
		if f, err := syntax.Parse(text); err == nil {
			n = f
		} else if m, err := syntax.ParseMeasure(text); err == nil {
			n = m
		} else {
			continue
		}
		var fault error
		syntax.Walk(n, func(n syntax.Node) bool {
			switch n.(type) {
			case *syntax.Compare, *syntax.In, *syntax.Between, *syntax.Match, *syntax.DateCompare:
				if field := c.personalIn(n); field != "" && fault == nil && slices.ContainsFunc(literals(n), func(s string) bool { return !strings.Contains(asked, s) }) {
					bad := c.fault("", "%s is personal data: it is compared only with words that the person has asked by", field)
					bad.Err = ErrPersonal
					fault = bad
				}
			}
			return fault == nil
		})
		if fault != nil {
			return fault
		}
	}
	return nil
}

// literals are the texts and dates under a node, as words between blanks.
func literals(n syntax.Node) []string {
	var list []string
	add := func(s string) { list = append(list, " "+strings.Join(wordsIn(s), " ")+" ") }
	syntax.Walk(n, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.Text:
			add(n.Value)
		case *syntax.Date:
			add(n.Text)
		case *syntax.Match:
			add(n.Text)
		}
		return true
	})
	return list
}

// wordsIn are a text's words, folded.
func wordsIn(s string) []string {
	return strings.FieldsFunc(fold(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}
