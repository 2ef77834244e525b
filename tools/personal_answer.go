package tools

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"

	"tesela/segment"
	"tesela/segment/column"
	"tesela/segment/syntax"
	"tesela/store"
)

// Told is a call of an answer as the answer tells it; Result is nil where
// there is none.
type Told struct {
	Args   json.RawMessage
	Result *Result
}

// PersonalParts says what of an answer tells of single customers: their ids, or
// values of their personal fields.
type PersonalParts struct {
	Rows []bool // by call: its rows do
	// Elsewhere is where else they are told of, in the question or a call, ""
	// for nowhere. It cannot be left out without making another answer of it.
	Elsewhere string
}

// Any tells whether something does.
func (p PersonalParts) Any() bool { return p.Elsewhere != "" || slices.Contains(p.Rows, true) }

// PersonalSearch looks answers through for customers' own data. A text that is
// some customer's id counts as one, so that too much is found rather than too
// little.
type PersonalSearch struct {
	ids    *column.Dict
	values []*column.Dict // of the personal fields of text
	call   call
	masked atomic.Int32 // how often texts were masked
}

// NewPersonalSearch makes a search over the customers and fields of a
// workspace.
func NewPersonalSearch(ctx context.Context, ws store.Workspace) (*PersonalSearch, error) {
	names, err := loadPersonal()
	if err != nil {
		return nil, err
	}
	src, err := ws.Source(ctx)
	if err != nil {
		return nil, fmt.Errorf("look for personal data: %w", err)
	}
	ids, err := src.CustomerIDs(ctx)
	if err != nil {
		return nil, fmt.Errorf("look for personal data: %w", err)
	}
	p := &PersonalSearch{ids: ids, call: call{box: &Box{personal: names}, schema: src.Schema()}}
	for _, f := range fields(src.Schema()) {
		if f.Kind != column.Text || !names.is(src.Schema(), f.ref) {
			continue
		}
		values, err := src.Dict(ctx, f.ref)
		if err != nil {
			return nil, fmt.Errorf("look for personal data: %w", err)
		}
		p.values = append(p.values, values)
	}
	return p, nil
}

// In looks one answer through.
func (p *PersonalSearch) In(question string, calls []Told) PersonalParts {
	found := PersonalParts{Rows: make([]bool, len(calls))}
	for _, word := range strings.FieldsFunc(question, func(r rune) bool { return strings.ContainsRune(" \t\n,;?!¿¡\"'“”«»()", r) }) {
		if p.isCustomer(strings.TrimRight(word, ".:")) || isAddress(word) {
			found.Elsewhere = "the question"
		}
	}
	if found.Elsewhere == "" && p.names(question) {
		found.Elsewhere = "the question"
	}
	for i, told := range calls {
		if found.Elsewhere == "" && p.inArguments(told.Args) {
			found.Elsewhere = fmt.Sprintf("the arguments of call %d", i+1)
		}
		if told.Result == nil {
			continue
		}
		found.Rows[i] = p.inRows(told)
		if found.Elsewhere == "" && p.inValues(told.Result.Values) {
			found.Elsewhere = fmt.Sprintf("the values of call %d", i+1)
		}
		if found.Elsewhere == "" && p.inWords(told.Result) {
			found.Elsewhere = fmt.Sprintf("the words of call %d", i+1)
		}
	}
	return found
}

// isCustomer tells whether a text is a customer's id. Short whole numbers are
// ids of many a shop, but stand for years and bins as well.
func (p *PersonalSearch) isCustomer(text string) bool {
	if text == "" || wholeNumber(text) && len(text) < 5 {
		return false
	}
	_, ok := p.ids.Code(text)
	return ok
}

// listsCustomers tells whether a cell or value is an id, or a list with one.
func (p *PersonalSearch) listsCustomers(text string) bool {
	return p.isCustomer(text) || slices.ContainsFunc(strings.Split(text, ", "), p.isCustomer)
}

// isAddress tells whether a word looks like an e-mail address.
func isAddress(word string) bool {
	before, after, ok := strings.Cut(word, "@")
	return ok && before != "" && strings.Contains(after, ".")
}

// inArguments tells whether a call is about a customer, or about values of a
// personal field. Whether such a field is set says nothing of anybody.
func (p *PersonalSearch) inArguments(args json.RawMessage) bool {
	var v any
	if json.Unmarshal(args, &v) != nil {
		return false
	}
	for _, text := range appendTexts(nil, v) {
		if p.isCustomer(text) || isAddress(text) || p.inFormula(text) {
			return true
		}
	}
	return false
}

// inFormula tells whether a text is a formula that asks for values of a
// personal field.
func (p *PersonalSearch) inFormula(text string) bool {
	f, err := syntax.Parse(text)
	if err != nil {
		return false
	}
	personal := false
	syntax.Walk(f, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.Compare, *syntax.In, *syntax.Match:
			personal = personal || p.call.mentionsPersonal(n)
		}
		return true
	})
	return personal
}

// inRows tells whether rows list customers, by an id, in a column of a personal
// field that was asked for, or as a value found in one.
func (p *PersonalSearch) inRows(told Told) bool {
	r := told.Result
	var args any
	_ = json.Unmarshal(told.Args, &args)
	asked := strings.Join(appendTexts(nil, args), " ")
	for k, c := range r.Columns {
		if len(r.Rows) > 0 && p.isField(c.Name) && strings.Contains(asked, c.Name) {
			return true
		}
		for _, row := range r.Rows {
			if k >= len(row) {
				continue
			}
			text, _ := row[k].(string)
			if k == 0 && c.Name == "id" || c.Kind == "text" && (p.listsCustomers(text) || p.tells(text)) || c.Name == "field" && p.isField(text) && len(row) > k+1 && row[k+1] != nil {
				return true
			}
		}
	}
	return false
}

func (p *PersonalSearch) inValues(values map[string]any) bool {
	var v any
	b, err := json.Marshal(values)
	if err != nil || json.Unmarshal(b, &v) != nil {
		return false
	}
	return slices.ContainsFunc(appendTexts(nil, v), func(text string) bool { return p.listsCustomers(text) || p.tells(text) })
}

// isField tells whether a name, country or order.note, is that of a personal
// field.
func (p *PersonalSearch) isField(name string) bool {
	ref := segment.FieldRef{Name: name}
	if event, prop, ok := strings.Cut(name, "."); ok {
		ref = segment.FieldRef{Event: event, Name: prop}
	}
	return p.call.isField(ref) && p.call.box.personal.is(p.call.schema, ref)
}
