package planner

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"tesela/agent/model"
	"tesela/segment/syntax"
	"tesela/tools"
)

// group is the formula of whom the order is about: those described in it, or
// those of the last answer.
func (o *ordering) group() (string, bool) {
	if span, ok := o.has("who"); ok {
		if f := o.p.forms.langs[o.lang].shownBefore(shown(o.r.Messages[:o.q]), o.slot("who")); f != "" {
			return f, true
		}
		call := o.sub(span)
		if call == nil {
			return "", false
		}
		if f := groupOf(*call); f != "" {
			return f, true
		}
		o.unknown(o.slot("who"), nil)
		return "", false
	}
	for i := o.q - 1; i >= 0; i-- {
		m := o.r.Messages[i]
		if m.Role != model.Assistant || len(m.Calls) == 0 {
			continue
		}
		if f := groupOf(m.Calls[len(m.Calls)-1]); f != "" {
			return f, true
		}
		if !isOrder(m.Calls[len(m.Calls)-1].Name) {
			break // the last answer is about nobody in particular
		}
	}
	those := o.toks[0].text
	for _, part := range []string{"those", "savethem", "callthem", "exportthem", "tagthem"} {
		if span, ok := o.has(part); ok {
			those = o.question[o.toks[span[0]].from:o.toks[span[1]-1].to]
		}
	}
	o.unknown(those, nil)
	return "", false
}

// isOrder tells whether a tool changes something.
func isOrder(tool string) bool {
	return slices.Contains(orderKinds, tool)
}

// groupOf is the formula of the customers that a call is about, "" where it is
// about no group.
func groupOf(call model.Call) string {
	var a struct {
		Formula   string          `json:"formula"`
		Segment   string          `json:"segment"`
		By        json.RawMessage `json:"by"`
		Limit     int             `json:"limit"`
		Ascending bool            `json:"ascending"`
	}
	if call.Name == "trace_migration" {
		return movers(call)
	}
	if json.Unmarshal(call.Args, &a) != nil || a.Formula == "" && a.Segment == "" || call.Name == "delete_segment" || call.Name == "set_word" || amongOnly[call.Name] {
		return ""
	}
	if call.Name == "trace_drift" {
		a.Formula = a.Segment
	}
	by := ""
	if call.Name == "list_customers" && a.By != nil && json.Unmarshal(a.By, &by) != nil {
		return ""
	}
	if by == "" || a.Limit == 0 {
		if f, err := syntax.Parse(a.Formula); err == nil {
			return f.String()
		}
		return ""
	}
	best := "top"
	if a.Ascending {
		best = "bottom"
	}
	text := fmt.Sprintf("%s %d by %s among (%s)", best, a.Limit, by, a.Formula)
	if _, all := parseOr(a.Formula).(*syntax.Everyone); all {
		text = fmt.Sprintf("%s %d by %s", best, a.Limit, by)
	}
	f, err := syntax.Parse(text)
	if err != nil {
		return ""
	}
	return f.String()
}

// amongOnly are the tools whose group is only whom their answer is found
// among: it is about several groups, or about none.
var amongOnly = map[string]bool{
	"find_microsegments": true, "propose_segments": true, "measure_effect": true, "recommend_actions": true,
}

// movers is the formula of those who left a label, came to one, or both; "" for
// a table of all moves.
func movers(call model.Call) string {
	var a tools.TraceMigrationArgs
	if json.Unmarshal(call.Args, &a) != nil || a.Layer == "" || a.Left == "" && a.Entered == "" || strings.ContainsAny(a.Layer, "(:") {
		return ""
	}
	from, now := a.From, a.Layer
	if from == "" {
		from = "3mo ago"
	}
	then := fmt.Sprintf("%s(at: %s)", a.Layer, from)
	if a.To != "" {
		now = fmt.Sprintf("%s(at: %s)", a.Layer, a.To)
	}
	var parts []string
	add := func(format string, args ...any) { parts = append(parts, fmt.Sprintf(format, args...)) }
	switch {
	case a.Left != "" && a.Entered != "":
		add("%s = %q and %s = %q", then, a.Left, now, a.Entered)
	case a.Left != "":
		add("%s = %q and not %s = %q", then, a.Left, now, a.Left)
	default:
		add("not %s = %q and %s = %q", then, a.Entered, now, a.Entered)
	}
	if a.Formula != "" {
		add("(%s)", a.Formula)
	}
	f, err := syntax.Parse(strings.Join(parts, " and "))
	if err != nil {
		return ""
	}
	return f.String()
}

// sub reads a part of the order as a question of its own; nil where that did
// not come to a call, and then the decision says why, its choices as whole
// orders.
func (o *ordering) sub(span [2]int) *model.Call {
	from, to := o.bounds(span)
	calls, dec := o.readText(o.question[from:to])
	if people := o.p.orders.langs[o.lang].lists["people"]; o.err == nil && len(calls) == 0 && len(dec.Choices) == 0 && len(people.list) > 0 {
		// "the top 5% by spend", of whom it goes without saying.
		if again, said := o.readText(strings.Join(people.list[0], " ") + " " + o.question[from:to]); len(again) == 1 {
			calls, dec = again, said
		}
	}
	if o.err != nil {
		return nil
	}
	for i, c := range dec.Choices {
		whole := o.question[:from] + c.Question + o.question[to:]
		if c.Label == c.Question {
			dec.Choices[i].Label = whole
		}
		dec.Choices[i].Question = whole
	}
	o.dec = dec
	if len(calls) != 1 || isOrder(calls[0].Name) {
		if dec.Status == model.Answered {
			o.unknown(o.question[from:to], nil)
		}
		return nil
	}
	dec.Understood = ""
	return &calls[0]
}

// readText reads a text as a question that stands alone.
func (o *ordering) readText(text string) ([]model.Call, *model.Decision) {
	r := o.r
	r.Messages = []model.Message{
		{Role: model.Assistant, Reply: &model.Decision{Language: o.lang}}, // the language, unless its words are plainly of another
		{Role: model.User, Text: text},
	}
	calls, dec, err := o.p.read(o.ctx, r, 1)
	if err != nil {
		o.err = err
	}
	return calls, dec
}

// meaning is what a word is to stand for: a formula or a measure, as such or
// in words.
func (o *ordering) meaning() (string, bool) {
	text := o.slot("meaning")
	if strings.ContainsAny(text, `(=<>"`) { // no words alone, such as "top 5% by spend"
		if f, err := syntax.Parse(text); err == nil {
			return f.String(), true
		}
		if v, err := syntax.ParseMeasure(text); err == nil {
			return v.String(), true
		}
	}
	span, _ := o.has("meaning")
	call := o.sub(span)
	if call == nil {
		return "", false
	}
	if call.Name != "measure" {
		if f := groupOf(*call); f != "" {
			return f, true
		}
	}
	var a tools.MeasureArgs
	if call.Name == "measure" && json.Unmarshal(call.Args, &a) == nil && len(a.Measures) == 1 &&
		len(a.GroupBy) == 0 && a.Formula == "" && a.Where == "" && a.Window == "" && a.Per == "" {
		return a.Measures[0], true
	}
	o.unknown(text, nil)
	return "", false
}

// exported is the formula of whom a file is to hold.
func (o *ordering) exported() (string, bool) {
	if _, ok := o.has("name"); !ok {
		return o.group()
	}
	name, ok := o.savedName()
	if !ok {
		return "", false
	}
	return (&syntax.InSegment{Name: name}).String(), true
}

// fields are the traits that the order names, none where it names none; ok is
// false where some word is no trait's.
func (o *ordering) fields() (names []string, ok bool) {
	span, given := o.has("fields")
	if !given {
		return nil, true
	}
	from, to := o.bounds(span)
	var others []*lexicon
	for _, l := range languages {
		if l != o.lang {
			others = append(others, o.p.lexicons[l])
		}
	}
	ps := newParse(tokenize(o.question[from:to]), o.p.lexicons[o.lang], others, o.p.ix, o.r.AsOf, time.UTC)
	if o.err = ps.build(o.ctx); o.err != nil {
		return nil, false
	}
derivations:
	for _, d := range ps.derivations() {
		names = nil
		for _, x := range d.parts {
			switch {
			case x.cat == "and":
				continue
			case x.cat != cField:
				continue derivations
			}
			trait := ""
			for _, f := range x.fields {
				if o.p.ix.fields[f].event == "" {
					trait = o.p.ix.fields[f].name
					break
				}
			}
			if trait == "" {
				continue derivations
			}
			if !slices.Contains(names, trait) {
				names = append(names, trait)
			}
		}
		if len(names) > 0 {
			return names, true
		}
	}
	o.unknown(o.slot("fields"), nil)
	return nil, false
}

// savedName is the saved segment that the order names.
func (o *ordering) savedName() (string, bool) {
	name := o.slot("name")
	saved := o.p.ix.cat.Segments
	for _, s := range saved {
		if s == name {
			return s, true
		}
	}
	for _, s := range saved {
		if fold(s) == fold(name) {
			return s, true
		}
	}
	o.unknown(name, saved)
	return "", false
}

// kept is a word as the glossary spells it.
func (o *ordering) kept(word string) string {
	if first, rest, more := strings.Cut(word, " "); more && slices.ContainsFunc(o.p.lexicons[o.lang].exact[fold(first)], func(e entry) bool { return e.cat == "articles" }) {
		word = rest // "a whale is …" tells of whales
	}
	for _, known := range glossary(o.p.ix.cat) {
		if fold(known) == fold(word) {
			return known
		}
	}
	return word
}

// glossary is the words of the business, in order.
func glossary(c *model.Catalogue) []string {
	all := make([]string, 0, len(c.Words))
	for w := range c.Words {
		all = append(all, w)
	}
	slices.Sort(all)
	return all
}

// unknown asks back what a text stands for, with what is near it.
func (o *ordering) unknown(text string, known []string) {
	o.dec = &model.Decision{
		Status: model.Clarify, Reason: model.UnknownWords, Language: o.lang, Unknown: []string{text},
		Params: map[string]string{"word": text}, Nearest: syntax.NearestNames(text, known, 3),
	}
}
