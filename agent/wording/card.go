package wording

import (
	"slices"
	"strings"

	"tesela/tools"
)

// CardsShown is how many segments of a longer list have their card in an
// answer's text; the table before has all that it has room for.
const CardsShown = 3

// fewSegments need no table: their cards say it all.
const fewSegments = 3

// Fact is one figure with what it is called, as plain texts. Key is its name
// in the result.
type Fact struct{ Key, Label, Value string }

// Facts are a segment's figures beside size and share, those that are told:
// revenue, per_head, growth, precision, recall, stability. Its money is in the
// currency.
func (l *Language) Facts(s tools.Segment, currency string) []Fact {
	var facts []Fact
	add := func(key, value string) { facts = append(facts, Fact{key, l.Card[key], Clean(value)}) }
	if s.Revenue != "" {
		value := l.Money(s.Revenue, currency)
		if s.RevenueShare != nil {
			value = Fill(l.Card["of_revenue"], "value", value, "share", l.Percent(*s.RevenueShare))
		}
		add("revenue", value)
	}
	if s.PerHead != "" {
		add("per_head", l.Money(s.PerHead, currency))
	}
	for _, f := range []struct {
		key string
		v   *float64
	}{{"growth", s.Growth}, {"precision", s.Precision}, {"recall", s.Recall}, {"stability", s.Stability}} {
		switch {
		case f.v == nil:
		case f.key == "growth":
			add(f.key, l.change(*f.v))
		case f.key == "stability":
			add(f.key, l.Number(*f.v))
		default:
			add(f.key, l.Percent(*f.v))
		}
	}
	return facts
}

// change writes a relative change with its sign.
func (l *Language) change(rate float64) string {
	if rate > 0 {
		return "+" + l.Percent(rate)
	}
	return l.Percent(rate)
}

// SizeOf tells a segment's size and share: 1,234 customers · 5.0%.
func (l *Language) SizeOf(s tools.Segment) string {
	return l.Count(int64(s.Size)) + " " + l.pick(l.Units["customers"], int64(s.Size)) + " · " + l.Percent(s.Share)
}

// OverlapText tells how much of a segment is in a saved one.
func (l *Language) OverlapText(o tools.Overlap) string {
	return Fill(l.Card["overlap"], "name", Clean(o.Name), "both", l.Count(int64(o.Both)), "share", l.Percent(o.Share), "of", l.Percent(o.Of))
}

// SegmentCurrency is the currency of the money on a result's cards: that of its
// values or columns, "" where it is not told.
func SegmentCurrency(r *tools.Result) string {
	for _, name := range []string{"revenue", "per_head"} {
		if unit := r.Units[name]; currency.MatchString(unit) {
			return unit
		}
	}
	for _, c := range r.Columns {
		if c.Kind == "money" && currency.MatchString(c.Unit) {
			return c.Unit
		}
	}
	units := make([]string, 0, len(r.Units))
	for _, unit := range r.Units {
		if currency.MatchString(unit) {
			units = append(units, unit)
		}
	}
	if len(units) == 0 {
		return ""
	}
	return slices.Min(units)
}

// HasCard tells whether more is told of a segment than who is in it.
func HasCard(s tools.Segment) bool {
	return s.Stage != "" || s.Revenue != "" || s.PerHead != "" || s.Growth != nil || s.Precision != nil || s.Recall != nil || s.Stability != nil ||
		len(s.Apart) > 0 || len(s.Overlaps) > 0 || s.Action != "" || s.Evidence != "" || len(s.Notes) > 0
}

// SegmentTable is the segments of a result as rows: name, size, share, and of
// the other figures those that some of them have. It is nil for what needs no
// table: few segments, or such as the rows tell already.
func (l *Language) SegmentTable(r *tools.Result) *tools.Result {
	list := named(r.Segments)
	if len(list) <= fewSegments || !slices.ContainsFunc(list, HasCard) || inRows(r, list) {
		return nil
	}
	money := SegmentCurrency(r)
	t := &tools.Result{Columns: []tools.Column{{Name: "segment", Kind: "text"}, {Name: "customers", Kind: "count"}, {Name: "share", Kind: "rate"}}}
	type field struct {
		column tools.Column
		of     func(tools.Segment) any
	}
	text := func(s string) any {
		if s == "" {
			return nil
		}
		return s
	}
	rate := func(f *float64) any {
		if f == nil {
			return nil
		}
		return *f
	}
	fields := []field{
		{tools.Column{Name: "revenue", Kind: "money", Unit: money}, func(s tools.Segment) any { return text(s.Revenue) }},
		{tools.Column{Name: "per_head", Kind: "money", Unit: money}, func(s tools.Segment) any { return text(s.PerHead) }},
		{tools.Column{Name: "growth", Kind: "rate"}, func(s tools.Segment) any { return rate(s.Growth) }},
	}
	fields = slices.DeleteFunc(fields, func(f field) bool {
		return !slices.ContainsFunc(list, func(s tools.Segment) bool { return f.of(s) != nil })
	})
	for _, f := range fields {
		t.Columns = append(t.Columns, f.column)
	}
	for _, s := range list {
		row := []any{s.Name, s.Size, s.Share}
		for _, f := range fields {
			row = append(row, f.of(s))
		}
		t.Rows = append(t.Rows, row)
	}
	t.Chart = &tools.Chart{Type: "bar", X: "segment", Y: "customers"}
	return t
}

// inRows tells whether the rows begin with the segments' names, one each.
func inRows(r *tools.Result, list []tools.Segment) bool {
	if len(r.Rows) < len(list) {
		return false
	}
	for i, s := range list {
		if len(r.Rows[i]) == 0 || r.Rows[i][0] != any(s.Name) {
			return false
		}
	}
	return true
}

// named leaves out the one that a count defines, which has no name and is told
// by the figures.
func named(list []tools.Segment) []tools.Segment {
	return slices.DeleteFunc(slices.Clone(list), func(s tools.Segment) bool { return s.Name == "" })
}

// segments words the groups a result names: where little is told of them a line
// each, else a card each, and for a long list a table with the first cards.
func (l *Language) segments(r *tools.Result) string {
	list := named(r.Segments)
	if !slices.ContainsFunc(list, HasCard) {
		lines := make([]string, len(list))
		for i, s := range list {
			lines[i] = l.segmentLine(s)
		}
		return strings.Join(lines, "\n")
	}
	var parts []string
	shown := list
	if t := l.SegmentTable(r); t != nil {
		parts = append(parts, l.table(t))
	}
	if len(list) > fewSegments {
		shown = list[:CardsShown]
	}
	money := SegmentCurrency(r)
	for _, s := range shown {
		parts = append(parts, l.card(s, money))
	}
	if more := int64(len(list) - len(shown)); more > 0 {
		parts = append(parts, Fill(l.pick(l.MoreCards, more), "n", l.Count(more)))
	}
	return strings.Join(parts, "\n\n")
}

// segmentLine tells a group in one line.
func (l *Language) segmentLine(s tools.Segment) string {
	unit := l.pick(l.Units["customers"], int64(s.Size))
	line := "- **" + Escape(s.Name) + "**: " + l.Count(int64(s.Size)) + " " + unit + " (" + l.Percent(s.Share) + ")"
	if s.Text != "" {
		line += ". " + Escape(s.Text)
	}
	if s.Formula != "" {
		line += " " + code(s.Formula)
	}
	return line
}

// card tells all there is to a group: who it is, what it is worth, what sets it
// apart, how far to trust it, and what to do.
func (l *Language) card(s tools.Segment, currency string) string {
	head := "**" + Escape(s.Name) + "** · " + l.SizeOf(s)
	if s.Stage != "" {
		head += " · " + Escape(l.text(tools.Column{Name: "stage", Kind: "text"}, s.Stage))
	}
	lines := []string{head}
	if s.Text != "" {
		lines = append(lines, Escape(s.Text))
	}
	if s.Formula != "" {
		lines = append(lines, code(s.Formula))
	}
	var items []string
	item := func(label, text string) {
		if text != "" {
			items = append(items, "- "+Fill(l.Line, "title", Escape(label), "value", text))
		}
	}
	plainItem := func(label, text string) {
		if text != "" {
			items = append(items, "- "+Escape(label)+": "+text)
		}
	}
	var worth, trust []string
	for _, f := range l.Facts(s, currency) {
		text := Escape(f.Label) + ": " + Escape(f.Value)
		switch f.Key {
		case "revenue", "per_head", "growth":
			worth = append(worth, text)
		default:
			trust = append(trust, text)
		}
	}
	if len(worth) > 0 {
		items = append(items, "- "+strings.Join(worth, " · "))
	}
	var apart []string
	for _, a := range s.Apart {
		apart = append(apart, Escape(strings.TrimSuffix(a, ".")))
	}
	plainItem(l.Card["apart"], strings.Join(apart, "; "))
	if len(trust) > 0 {
		items = append(items, "- "+strings.Join(trust, " · "))
	}
	var overlaps []string
	for _, o := range s.Overlaps {
		overlaps = append(overlaps, Escape(l.OverlapText(o)))
	}
	plainItem(l.Card["overlaps"], strings.Join(overlaps, "; "))
	item(l.Card["action"], Escape(s.Action))
	plainItem(l.Card["evidence"], Escape(s.Evidence))
	for _, n := range s.Notes {
		items = append(items, "- "+Escape(n))
	}
	text := strings.Join(lines, "  \n")
	if len(items) > 0 {
		text += "\n\n" + strings.Join(items, "\n")
	}
	return text
}
