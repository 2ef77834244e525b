package sqlite

import (
	"context"
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

// Fingerprint is "sha256:…" over all imported data, fields, roles, words,
// currency and zone.
func (w *Workspace) Fingerprint(ctx context.Context) (string, error) {
	return w.digest(ctx, func(d *digest, cat *catalogue) {
		d.item("workspace", cat.print, cat.currency, cat.zone)
		d.fields(cat)
		for _, role := range slices.Sorted(maps.Keys(cat.roles)) {
			d.item("role", role, cat.roles[role])
		}
		for _, word := range cat.glossary {
			d.item("word", word.Word, word.Text)
		}
	})
}

// Imported is "sha256:…" over all imported data and fields, without what can
// be set anew.
func (w *Workspace) Imported(ctx context.Context) (string, error) {
	return w.digest(ctx, func(d *digest, cat *catalogue) {
		d.item("imported", cat.print)
		d.fields(cat)
	})
}

func (w *Workspace) digest(ctx context.Context, take func(*digest, *catalogue)) (string, error) {
	var cat *catalogue
	err := w.view(ctx, "take fingerprint", func(tx querier) (err error) {
		cat, err = readCatalogue(ctx, tx)
		return err
	})
	if err != nil {
		return "", err
	}
	var d digest
	take(&d, cat)
	return "sha256:" + hex.EncodeToString(d.h.Sum(nil)), nil
}

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
