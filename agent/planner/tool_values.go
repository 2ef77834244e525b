package planner

import (
	"slices"
	"strings"

	"tesela/tools"
)

// findValues looks a text up in a field or in all.
func (a *asking) findValues() bool {
	args := tools.FindValuesArgs{Text: a.text("text")}
	if a.has("field") {
		if a.namesPeople(a.text("field")) {
			return false // "qué cuentas lleva Tom Ng"
		}
		field := a.field(a.text("field"))
		if field == "" {
			return a.unclear(a.text("field"))
		}
		args.Field = field
	}
	if fold(args.Text) == "" || (a.form.weak || a.form.late) && !a.plainText() {
		return false
	}
	return a.ask(args)
}

// plainText tells whether the text to look for is in quotes, or has no word
// that a question about customers would have.
func (a *asking) plainText() bool {
	span := a.found.spans["text"]
	if span[1] == span[0]+1 && a.toks[span[0]].kind == tokQuoted {
		return true
	}
	ps := a.parse(a.text("text"))
	if ps == nil {
		return false
	}
	for i := range ps.toks {
		for j := i + 1; j <= len(ps.toks); j++ {
			for _, n := range ps.cells[i][j] {
				switch n.cat {
				case cCust, cClause, cWin, cQty, cMeas, cRank, "vague_numbers", "ask_most", "ask_least", "ask_count", "relatives":
					if n.cost < costFuzzy {
						return false
					}
				}
			}
		}
	}
	return true
}

// namesPeople tells whether a text is a word for customers, whatever field is
// called so besides.
func (a *asking) namesPeople(text string) bool {
	ps := a.parse(text)
	return ps != nil && slices.ContainsFunc(ps.derivations(), func(d derivation) bool {
		return len(d.parts) == 1 && d.parts[0].cat == cCust && d.parts[0].cost < costFuzzy
	})
}

// field is the name of a field of texts by what it is called, "" for none.
func (a *asking) field(text string) string {
	for _, f := range a.p.ix.fields {
		if strings.EqualFold(strings.TrimSpace(text), f.id()) && f.isText() && f.values != nil {
			return f.id()
		}
	}
	ps := a.parse(text)
	if ps == nil {
		return ""
	}
	for _, d := range ps.derivations() {
		if len(d.parts) != 1 || d.parts[0].cat != cField {
			continue
		}
		var list []int
		for _, f := range d.parts[0].fields {
			if a.p.ix.fields[f].isText() && a.p.ix.fields[f].values != nil {
				list = append(list, f)
			}
		}
		if len(list) > 0 {
			return ps.groupField(list, list[0], a.p.ix.events["purchase"])
		}
	}
	return ""
}
