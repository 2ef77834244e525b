package importer

import (
	"context"
	"fmt"
	"math"

	"tesela/segment"
	"tesela/segment/column"
	"tesela/store"
)

// value is one cell as it was read.
type value struct {
	status
	text []byte // Text and Tags
	i    int64
	f    float64
}

// traitColumn gathers one trait: the newest value of each customer.
type traitColumn struct {
	name string
	kind column.Kind
	// By customer: when the value was so (math.MinInt64: no value yet), and
	// the value. Texts are codes of a dictionary of this import's own, so
	// that values which a later row replaces leave nothing behind.
	at     []int64
	codes  []uint32
	ints   []int64
	floats []float64
	tags   [][]uint32
	own    *column.Interner
	to     translation
}

func newTraitColumn(name string, kind column.Kind) *traitColumn {
	return &traitColumn{name: name, kind: kind, own: column.NewInterner(nil)}
}

func (t *traitColumn) grow(customer uint32) {
	for len(t.at) <= int(customer) {
		t.at = append(t.at, math.MinInt64)
		switch t.kind {
		case column.Text:
			t.codes = append(t.codes, 0)
		case column.Number:
			t.floats = append(t.floats, 0)
		case column.Tags:
			t.tags = append(t.tags, nil)
		default:
			t.ints = append(t.ints, 0)
		}
	}
}

// newer tells whether a value of this time counts, and notes that it does.
func (t *traitColumn) newer(customer uint32, at int64) bool {
	t.grow(customer)
	if at < t.at[customer] {
		return false
	}
	t.at[customer] = at
	return true
}

// set notes a value; an earlier one stays if it is newer.
func (t *traitColumn) set(customer uint32, v *value, at int64) {
	if v.status != good || !t.newer(customer, at) {
		return
	}
	switch t.kind {
	case column.Text:
		t.codes[customer] = t.own.Code(v.text)
	case column.Number:
		t.floats[customer] = v.f
	case column.Tags:
		var codes []uint32
		eachTag(v.text, func(tag []byte) { codes = append(codes, t.own.Code(tag)) })
		t.tags[customer] = codes
	default:
		t.ints[customer] = v.i
	}
}

// holds tells whether the customer's value here is v.
func (t *traitColumn) holds(customer uint32, v *value) bool {
	if int(customer) >= len(t.at) || t.at[customer] == math.MinInt64 {
		return false
	}
	switch t.kind {
	case column.Text:
		code, ok := t.own.Lookup(string(v.text))
		return ok && code == t.codes[customer]
	case column.Number:
		return t.floats[customer] == v.f
	case column.Tags:
		n, same := 0, true
		eachTag(v.text, func(tag []byte) {
			code, ok := t.own.Lookup(string(tag))
			same = same && ok && n < len(t.tags[customer]) && t.tags[customer][n] == code
			n++
		})
		return same && n == len(t.tags[customer])
	default:
		return t.ints[customer] == v.i
	}
}

// store hands the trait to the batch.
func (t *traitColumn) store(ctx context.Context, batch store.Batch) error {
	ref := segment.FieldRef{Name: t.name}
	if err := batch.Declare(ref, t.kind); err != nil {
		return fmt.Errorf("trait %s: %w", t.name, err)
	}
	col := &column.Column{Kind: t.kind}
	var in *column.Interner
	if t.kind == column.Text || t.kind == column.Tags {
		in = batch.Words(ref)
	}
	var customers []uint32
	if t.kind == column.Tags {
		col.TagStarts = []uint32{0}
	}
	for c, at := range t.at {
		if at == math.MinInt64 {
			continue
		}
		customers = append(customers, uint32(c))
		switch t.kind {
		case column.Text:
			col.Codes = append(col.Codes, in.Code([]byte(t.own.Word(t.codes[c]))))
		case column.Number:
			col.Floats = append(col.Floats, t.floats[c])
		case column.Tags:
			for _, code := range t.tags[c] {
				col.TagCodes = append(col.TagCodes, in.Code([]byte(t.own.Word(code))))
			}
			col.TagCodes = ascending(col.TagCodes, int(col.TagStarts[len(col.TagStarts)-1]))
			col.TagStarts = append(col.TagStarts, uint32(len(col.TagCodes)))
		default:
			col.Ints = append(col.Ints, t.ints[c])
		}
	}
	if len(customers) == 0 {
		return nil
	}
	if _, err := batch.SetTrait(ctx, t.name, customers, col); err != nil {
		return fmt.Errorf("store the trait %s: %w", t.name, err)
	}
	return nil
}
