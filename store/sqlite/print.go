package sqlite

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash"
	"maps"
	"slices"
	"strings"

	"tesela/segment"
)

// digest is taken over what an import adds, in the order in which it came:
// its sorted rows, its trait values and its new words. It is chained to that
// of the import before, so that merging parts later on changes nothing.
type digest struct{ h hash.Hash }

func (d *digest) empty() bool { return d.h == nil }

// item starts a new item; every string is preceded by its length, so that two
// different lists never make the same bytes.
func (d *digest) item(kind string, names ...string) {
	if d.h == nil {
		d.h = sha256.New()
	}
	for _, s := range append([]string{kind}, names...) {
		d.bytes([]byte(s))
	}
}

func (d *digest) bytes(b []byte) {
	var n [8]byte
	binary.LittleEndian.PutUint64(n[:], uint64(len(b)))
	d.h.Write(n[:])
	d.h.Write(b)
}

func (d *digest) words(of dictKey, words []string) {
	d.item("words", of.Event, of.Name)
	for _, w := range words {
		d.bytes([]byte(w))
	}
}

// part takes in the sums of a new part's columns, fields by name, for their
// numbers are the file's own affair.
func (d *digest) part(p *part, names map[int64]string, sums map[int64][]byte) {
	d.item("part", p.of.Event, p.of.Name, fmt.Sprint(p.rows))
	byName := map[string][]byte{}
	for column, sum := range sums {
		name, ok := names[column]
		if !ok {
			name = fmt.Sprint(column)
		}
		byName[name] = sum
	}
	for _, name := range slices.Sorted(maps.Keys(byName)) {
		d.bytes([]byte(name))
		d.bytes(byName[name])
	}
}

// chain gives the print of the imports up to this one.
func (d *digest) chain(before string) string {
	d.item("after", before)
	return hex.EncodeToString(d.h.Sum(nil))
}

// fingerprintOf is the print of the data and all that is set about it.
func fingerprintOf(cat *catalogue) string {
	var d digest
	d.item("workspace", cat.print, cat.currency, cat.zone)
	d.fields(cat)
	for _, role := range slices.Sorted(maps.Keys(cat.roles)) {
		d.item("role", role, cat.roles[role])
	}
	for _, word := range cat.glossary {
		d.item("word", word.Word, word.Text)
	}
	return d.sum()
}

// importedOf is the print of the data alone.
func importedOf(cat *catalogue) string {
	var d digest
	d.item("imported", cat.print)
	d.fields(cat)
	return d.sum()
}

func (d *digest) sum() string { return "sha256:" + hex.EncodeToString(d.h.Sum(nil)) }

// fields takes in the fields' names and kinds.
func (d *digest) fields(cat *catalogue) {
	for _, ref := range slices.SortedFunc(maps.Keys(cat.fields), func(a, b segment.FieldRef) int {
		if c := strings.Compare(a.Event, b.Event); c != 0 {
			return c
		}
		return strings.Compare(a.Name, b.Name)
	}) {
		d.item("field", ref.Event, ref.Name, cat.fields[ref].kind.String())
	}
}
