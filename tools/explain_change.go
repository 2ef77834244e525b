package tools

import (
	"strconv"
	"strings"
	"time"

	"tesela/segment"
	"tesela/segment/probe"
	"tesela/segment/syntax"
)

// number writes a float as formulas do.
func number(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

// change tells the smallest change that turns membership round: as values in
// short, and as a note in words.
func (t *telling) change(r *Result) {
	a := t.account
	conditions := func(numbers []int) string {
		var texts []string
		for _, i := range numbers {
			texts = append(texts, a.Conditions[i].Condition.String())
		}
		return strings.Join(texts, "; ")
	}
	if a.Change == nil {
		if a.Flips == nil {
			t.note("nothing_decides", nil)
			return
		}
		r.Values["flips"], r.Values["would_flip"] = len(a.Flips), conditions(a.Flips)
		t.note("no_change", params{"conditions": conditions(a.Flips)})
		return
	}
	var short, words []string
	for _, e := range a.Change.Edits {
		for _, part := range append([]probe.Edit{e}, e.And...) {
			s, w := t.edit(part)
			short, words = append(short, s), append(words, w)
		}
	}
	r.Values["change"] = strings.Join(short, "; ")
	r.Values["flips"], r.Values["would_flip"] = len(a.Change.Flips), conditions(a.Change.Flips)
	key := "change_in"
	if a.In {
		key = "change_out"
	}
	t.note(key, params{"change": strings.Join(words, "; ")})
}

// edit tells one edit, in short and in words.
func (t *telling) edit(e probe.Edit) (short, words string) {
	event := syntax.Quote(e.Event)
	which := t.which(e.Events)
	day := e.At.Format(time.DateOnly)
	switch e.Kind {
	case probe.Add:
		values := t.values(e.Event, e.Values)
		short = "+" + strconv.Itoa(e.N) + " " + event
		key := "edit_add"
		if values != "" {
			key = "edit_add_with"
			short += " (" + values + ")"
		}
		return short + " at " + e.At.Format(time.RFC3339), t.say(key, params{"n": e.N, "event": e.Event, "values": values, "date": day})
	case probe.Remove:
		return "-" + strconv.Itoa(e.N) + " " + event + " " + which, t.say("edit_remove", params{"n": e.N, "event": e.Event, "which": which})
	case probe.Move:
		return event + " " + which + " at " + e.At.Format(time.RFC3339), t.say("edit_move", params{"n": e.N, "event": e.Event, "which": which, "date": day})
	case probe.Set:
		p := e.Values[0]
		from, to := t.value(segment.FieldRef{Event: e.Event, Name: p.Name}, e.From), t.value(segment.FieldRef{Event: e.Event, Name: p.Name}, p.Cell)
		return event + " " + which + " " + syntax.Quote(p.Name) + " = " + to,
			t.say("edit_set", params{"n": e.N, "field": p.Name, "event": e.Event, "which": which, "from": from, "to": to})
	}
	p := e.Values[0]
	ref := segment.FieldRef{Name: p.Name}
	from, to := t.value(ref, e.From), t.value(ref, p.Cell)
	if p.Cell == nil {
		return syntax.Quote(p.Name) + " is not set", t.say("edit_unset", params{"field": p.Name, "from": from})
	}
	key := "edit_trait"
	if e.Any {
		key = "edit_any"
	}
	return syntax.Quote(p.Name) + " = " + to, t.say(key, params{"field": p.Name, "from": from, "to": to})
}

// which names events by their ids, or else their times; only the first few.
func (t *telling) which(events []probe.Occasion) string {
	const most = 3
	var names []string
	for i, o := range events {
		if i == most {
			names = append(names, "…")
			break
		}
		name := o.Time.Format(time.DateOnly)
		if o.ID != "" {
			name = o.ID + " (" + name + ")"
		}
		names = append(names, name)
	}
	return strings.Join(names, ", ")
}

// values lists what an event would have.
func (t *telling) values(event string, values []probe.Property) string {
	var parts []string
	for _, p := range values {
		if p.Cell != nil {
			parts = append(parts, syntax.Quote(p.Name)+" = "+t.value(segment.FieldRef{Event: event, Name: p.Name}, p.Cell))
		}
	}
	return strings.Join(parts, ", ")
}

// value writes one value, … where it is kept back.
func (t *telling) value(ref segment.FieldRef, cell any) string {
	switch {
	case t.hides(ref):
		return "…"
	case cell == nil:
		return t.say("edit_none", nil)
	}
	return cellText(cell)
}
