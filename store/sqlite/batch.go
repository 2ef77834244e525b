package sqlite

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"

	"tesela/segment"
	"tesela/segment/column"
	"tesela/store"
)

// batch is the writing transaction of one import. Parts are written as they
// come; the catalogue and the new words at Commit.
type batch struct {
	w   *Workspace
	t   *transaction
	cat *catalogue
	// was is the version before the batch: only rows of then are Present.
	was int64
	// interners in use, and how many words of each are stored.
	interners map[dictKey]*interned
	// before holds the old rows of events that new ones were compared with.
	before  map[string]*before
	traits  map[string]*column.Column
	touched map[series]bool
	digest  digest
	next    int64 // the id of the next field
	failed  error // what made the batch unfit to be committed
	closed  bool
}

// interned is a dictionary being added to.
type interned struct {
	*column.Interner
	stored int
}

var errClosed = errors.New("the import is over")

// Import starts the one writing transaction of an import.
func (w *Workspace) Import(ctx context.Context) (store.Batch, error) {
	const doing = "start import"
	t, err := w.begin(ctx, doing)
	if err != nil {
		return nil, err
	}
	b := &batch{
		w: w, t: t,
		interners: map[dictKey]*interned{},
		before:    map[string]*before{},
		traits:    map[string]*column.Column{},
		touched:   map[series]bool{},
	}
	if b.cat, err = readCatalogue(ctx, t.conn); err != nil {
		t.end()
		return nil, explain(ctx, w.path, doing, err)
	}
	b.was = b.cat.through
	for _, f := range b.cat.fields {
		b.next = max(b.next, f.id)
	}
	return b, nil
}

// fail remembers what went wrong: such a batch cannot be committed.
func (b *batch) fail(ctx context.Context, doing string, err error) error {
	if err == nil {
		return nil
	}
	err = explain(ctx, b.w.path, doing, err)
	if b.failed == nil {
		b.failed = err
	}
	return err
}

// usable tells why nothing more can be done.
func (b *batch) usable(ctx context.Context) error {
	switch {
	case b.closed:
		return errClosed
	case b.failed != nil:
		return b.failed
	}
	return ctx.Err()
}

// Schema is the catalogue with what this batch declared and stored so far.
func (b *batch) Schema() *segment.Schema {
	cat := *b.cat
	cat.words = make(map[dictKey]int, len(b.cat.words))
	for k, n := range b.cat.words {
		cat.words[k] = n
	}
	for k, in := range b.interners {
		cat.words[k] = in.Len()
	}
	return cat.schema()
}

// Configure sets currency and zone.
func (b *batch) Configure(currency, zone string) error {
	if err := b.usable(context.Background()); err != nil {
		return err
	}
	hasData := b.cat.through > 0
	if currency != "" {
		currency = strings.ToUpper(currency)
		if !isCurrency(currency) {
			return fmt.Errorf("configure import: %q is no currency; give its three letters, such as EUR, GBP or USD", currency)
		}
		if hasData && b.cat.currency != "" && b.cat.currency != currency {
			return fmt.Errorf("configure import: the workspace holds amounts in %s, not %s; import them into a workspace of their own", b.cat.currency, currency)
		}
		if hasData && digitsOf(b.cat.currency) != digitsOf(currency) && b.hasMoney() {
			return fmt.Errorf("configure import: the workspace holds amounts with %d decimals, %s has %d; import them into a workspace of their own",
				digitsOf(b.cat.currency), currency, digitsOf(currency))
		}
		b.cat.currency = currency
	}
	if zone != "" {
		if hasData && b.cat.zone != "" && b.cat.zone != zone {
			return fmt.Errorf("configure import: the workspace cuts days in %s, not %s; leave the time zone out, or import into a workspace of its own", b.cat.zone, zone)
		}
		if err := b.cat.setZone(zone); err != nil {
			return fmt.Errorf("configure import: %w; give a name such as Europe/London", err)
		}
	}
	return nil
}

func isCurrency(s string) bool {
	for _, c := range s {
		if c < 'A' || c > 'Z' {
			return false
		}
	}
	return len(s) == 3
}

func (b *batch) hasMoney() bool {
	for _, f := range b.cat.fields {
		if f.kind == column.Money && f.held > 0 {
			return true
		}
	}
	return false
}

// Declare makes a field known, or checks that a known one has this kind.
func (b *batch) Declare(ref segment.FieldRef, kind column.Kind) error {
	if err := b.usable(context.Background()); err != nil {
		return err
	}
	if ref.Name == "" {
		return errors.New("declare field: it has no name")
	}
	if _, ok := column.ParseKind(kind.String()); !ok {
		return fmt.Errorf("declare %s: unknown kind", ref)
	}
	if f := b.cat.fields[ref]; f != nil {
		if f.kind != kind {
			return faultf([]error{store.ErrKindConflict}, "declare %s: it is %s here already, not %s; import it as %s, or under another name", ref, f.kind, kind, f.kind)
		}
		return nil
	}
	b.next++
	b.cat.fields[ref] = &field{id: b.next, kind: kind}
	b.declareEvent(ref.Event)
	return nil
}

func (b *batch) declareEvent(name string) {
	if name != "" && b.cat.events[name] == nil {
		b.cat.events[name] = &event{first: math.MaxInt64, last: math.MinInt64}
	}
}

// Customers interns customer ids.
func (b *batch) Customers() *column.Interner { return b.interner(dictKey{}) }

// Words interns the texts of a field.
func (b *batch) Words(f segment.FieldRef) *column.Interner { return b.interner(f) }

// EventIDs interns the ids of an event.
func (b *batch) EventIDs(event string) *column.Interner { return b.interner(dictKey{Event: event}) }

// interner gives a dictionary with the words known so far: that of the last
// import if nothing was committed since, else read from the file.
func (b *batch) interner(of dictKey) *column.Interner {
	if in := b.interners[of]; in != nil {
		return in.Interner
	}
	in := b.w.interners[of]
	delete(b.w.interners, of) // it comes back when this batch commits
	if in == nil || in.stored != b.cat.words[of] || in.Len() != in.stored {
		words, err := b.readWords(context.Background(), of)
		if b.usable(context.Background()) == nil {
			b.fail(context.Background(), "read words", err)
		}
		in = &interned{Interner: column.InternerOf(words)}
		in.stored = in.Len()
	}
	b.interners[of] = in
	return in.Interner
}

// readWords reads a dictionary as it is in the file; by pages while this batch
// is the first to write since the log was empty, and has not yet.
func (b *batch) readWords(ctx context.Context, of dictKey) ([]column.Texts, error) {
	l := loader{tx: b.t.conn, cat: b.cat}
	var err error
	if l.pages, err = b.w.pagesOf(ctx, b.t.conn); err == nil && l.pages != nil {
		if words, err := l.texts(ctx, of); err == nil {
			return words, nil
		}
		l.pages = nil
	}
	return l.texts(ctx, of)
}

// SetRole maps a role onto what plays it; "" forgets.
func (b *batch) SetRole(role, target string) error {
	if err := b.usable(context.Background()); err != nil {
		return err
	}
	if err := setRole(context.Background(), b.t.conn, role, target); err != nil {
		return b.fail(context.Background(), "set role", err)
	}
	if target == "" {
		delete(b.cat.roles, role)
	} else {
		b.cat.roles[role] = target
	}
	return nil
}

// Commit makes all of it visible.
func (b *batch) Commit(ctx context.Context) error {
	const doing = "commit import"
	if err := b.usable(ctx); err != nil {
		return err
	}
	if err := b.flush(ctx); err != nil {
		return b.fail(ctx, doing, err)
	}
	if err := b.t.commit(ctx); err != nil {
		return b.fail(ctx, doing, err)
	}
	if b.w.interners == nil {
		b.w.interners = map[dictKey]*interned{}
	}
	for k, in := range b.interners {
		in.stored = in.Len()
		b.w.interners[k] = in
	}
	b.close()
	return nil
}

// Rollback takes everything back. After Commit it does nothing.
func (b *batch) Rollback() error {
	if !b.closed {
		b.close()
	}
	return nil
}

func (b *batch) close() {
	b.closed = true
	b.before, b.traits, b.interners = nil, nil, nil
	b.t.end()
}

// flush writes what was gathered: new words, merged parts, the catalogue and
// the print.
func (b *batch) flush(ctx context.Context) error {
	if err := b.storeWords(ctx); err != nil {
		return err
	}
	for of := range b.touched {
		if err := b.compact(ctx, of); err != nil {
			return err
		}
	}
	tx := b.t.conn
	for name, e := range b.cat.events {
		if _, err := tx.ExecContext(ctx, "INSERT OR REPLACE INTO event VALUES(?,?,?,?,?)", name, e.rows, e.tied, e.first, e.last); err != nil {
			return err
		}
	}
	for ref, f := range b.cat.fields {
		if _, err := tx.ExecContext(ctx, "INSERT OR REPLACE INTO field VALUES(?,?,?,?,?,?,?)", f.id, ref.Event, ref.Name, f.kind.String(), f.held, f.low, f.high); err != nil {
			return err
		}
	}
	for key, value := range map[string]string{"currency": b.cat.currency, "zone": b.cat.zone} {
		if _, err := tx.ExecContext(ctx, "INSERT OR REPLACE INTO meta VALUES(?,?)", key, value); err != nil {
			return err
		}
	}
	if err := countChange(ctx, tx); err != nil || b.digest.empty() {
		return err
	}
	_, err := tx.ExecContext(ctx, "INSERT INTO import(through, print) VALUES(?,?)", b.cat.through, b.digest.chain(b.cat.print))
	return err
}
