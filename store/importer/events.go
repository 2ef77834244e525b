package importer

import (
	"context"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"time"

	"tesela/segment"
	"tesela/segment/column"
	"tesela/store"
)

// attempt reads the whole file into a batch and commits it. errLookAgain asks
// for another attempt, with the evidence gathered anew.
func (im *importing) attempt(ctx context.Context) (*Summary, error) {
	known, err := im.whatIsThere(ctx)
	if err != nil {
		return nil, err
	}
	batch, err := im.ws.Import(ctx)
	if err != nil {
		return nil, err
	}
	defer batch.Rollback()
	r := &run{importing: im, batch: batch, sum: &Summary{File: im.opts.File, Events: map[string]int{}}}
	r.rejects = newRejects(im.opts, im.form.header)
	defer r.rejects.drop()
	if err := r.configure(); err != nil {
		return nil, err
	}
	if im.plan.customers {
		err = r.readCustomers(ctx, known)
	} else {
		err = r.readEvents(ctx, known)
	}
	if err != nil {
		return nil, err
	}
	return r.sum, r.finish(ctx)
}

// run is one attempt.
type run struct {
	*importing
	batch   store.Batch
	schema  *segment.Schema
	zone    *zone
	rejects *rejects
	sum     *Summary
	rows    *scanner

	id      cells
	when    cells
	eventID cells
	fields  []fieldReader
	values  []value

	// The purchase event among those of the file ("" for none), the refund
	// event its returns go to, and the fields whose sign tells them.
	purchase, refund string
	amount, quantity int

	tables map[string]*table
	traits []*traitColumn // by field; nil for properties
	// eventNamed keeps the name for each text of the event column.
	eventNamed map[string]string
}

func (r *run) configure() error {
	o := r.opts
	code := o.Currency
	if code == "" && r.batch.Schema().Currency == "" {
		if code = r.signCurrency(); code != "" {
			r.sum.note("amounts carry the sign of %s; --currency names another", code)
		}
	}
	if err := r.batch.Configure(code, o.Timezone); err != nil {
		return err
	}
	r.schema = r.batch.Schema()
	r.zone = newZone(r.schema.Zone)
	return nil
}

// signCurrency is the currency whose sign stands in the columns read as
// money, "" where there is none or several.
func (im *importing) signCurrency() string {
	found := ""
	for _, f := range im.plan.fields {
		for _, part := range f.factors {
			if part.col < 0 {
				continue
			}
			for sign := range im.evidence[part.col].sign {
				code, _ := signCurrency(sign)
				if code != "" && found != "" && code != found {
					return ""
				}
				if code != "" {
					found = code
				}
			}
		}
	}
	return found
}

// reject sets a row aside.
func (r *run) reject(reason string, text []byte, fix string) {
	r.rejects.add(r.rows.line, reason, r.rows.fields, text, fix)
}

// sound checks a record's form; false: it was rejected.
func (r *run) sound() (bool, error) {
	s := r.rows
	if s.badly {
		switch {
		case r.form.encoding == "" && !r.keepUTF8:
			return false, errLookAgain
		default:
			r.reject("not valid text", nil, "--encoding names the file's encoding, such as windows-1252 or utf-16")
			return false, nil
		}
	}
	if s.zero {
		r.reject("not valid text", nil, "the lines have zero bytes in them; write the file anew")
		return false, nil
	}
	if r.soundLength(s) {
		return true, nil
	}
	if s.broken {
		r.reject("quote not closed", s.raw, "a quote opens on these lines and does not close")
		return false, nil
	}
	if d, other := otherDelimiter(s.raw, s.delim, len(r.form.header)); other {
		return false, fmt.Errorf("%s: line %d is separated by %s, the header by %s; nothing was imported: make the file one or the other, or split it",
			r.src.name, s.line, delimiterName(d), delimiterName(s.delim))
	}
	r.reject("wrong number of fields", s.raw, fmt.Sprintf("the header has %d fields, separated by %s; --delimiter names another separator", len(r.form.header), delimiterName(s.delim)))
	return false, nil
}

// Times outside of these are stand-ins such as 0001-01-01 and 9999-12-31,
// which would make nonsense of every window.
var (
	earliest = time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC).UnixMicro()
	latest   = time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC).UnixMicro()
)

// maxEvents bounds the different events of a file.
const maxEvents = 2000

const looksEvery = 1024 // rows between looks at the context

// readEvents reads a file whose rows are events.
func (r *run) readEvents(ctx context.Context, there *there) (err error) {
	p := r.plan
	names := r.eventNames()
	r.choosePurchase(names)
	r.fields = r.readers(r.schema, append(slices.Clone(names), r.refund), r.zone)
	r.values = make([]value, len(r.fields))
	r.id = r.newCells(r.decide(p.id, "", column.Text, r.schema), r.zone, 0)
	r.when = r.newCells(r.decide(p.time, "", column.Time, r.schema), r.zone, 0)
	if p.eventID >= 0 {
		r.eventID = r.newCells(r.decide(p.eventID, "", column.Text, r.schema), r.zone, 0)
	}
	if err := r.checkDates(); err != nil {
		return err
	}
	r.findSigns()
	r.tables = map[string]*table{}
	r.traits = make([]*traitColumn, len(r.fields))
	for i := range r.fields {
		if f := &r.fields[i]; f.trait {
			r.traits[i] = newTraitColumn(f.name, f.kind)
		}
	}
	rows, closer, err := r.src.open(r.form, true)
	if err != nil {
		return err
	}
	defer closer.Close()
	r.rows = rows
	customers := r.batch.Customers()
	before := customers.Len()
	for n := 0; ; n++ {
		if n%looksEvery == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if err := rows.next(); err == io.EOF {
			break
		} else if err != nil {
			return fmt.Errorf("%s: %w", r.src.name, err)
		}
		r.sum.Read++
		if ok, err := r.sound(); err != nil {
			return err
		} else if !ok {
			continue
		}
		if err := r.eventRow(customers); err != nil {
			return err
		}
	}
	if err := r.tooMany(); err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(r.tables)) {
		added, err := r.tables[name].store(ctx, r.batch)
		if err != nil {
			return err
		}
		r.sum.Events[name] = added.New
		r.sum.Imported += added.New
		r.sum.AlreadyThere += added.Present
		r.sum.Identical += added.Identical
	}
	for _, t := range r.traits {
		if t != nil {
			t.yieldTo(there)
			if err := t.store(ctx, r.batch); err != nil {
				return err
			}
		}
	}
	r.sum.Customers = customers.Len() - before
	return nil
}

// eventRow reads one sound record.
func (r *run) eventRow(customers *column.Interner) error {
	p, fields := r.plan, r.rows.fields
	id, st := r.id.idOf(fields[p.id])
	switch {
	case st == missing:
		r.reject("missing customer", nil, "--customer names the column of the customer's id")
		return nil
	case st == bad && r.contradicted(&r.id, p.id, fields[p.id], r.rows.line, "", column.Text, r.schema):
		return errLookAgain
	}
	at, st := r.when.intOf(fields[p.time])
	switch st {
	case missing:
		r.reject("missing time", nil, "--time names the column of the event's time")
		return nil
	case bad:
		if r.contradicted(&r.when, p.time, fields[p.time], r.rows.line, "", column.Time, r.schema) {
			return errLookAgain
		}
		r.reject("unreadable time", fields[p.time], "--time names another column, --date-order dmy or mdy says how dates are written; dates like 2011-12-31 are always understood")
		return nil
	}
	if at < earliest || at >= latest {
		r.reject("time out of range", fields[p.time], "times before 1900 and after 2199 are taken for stand-ins; --time names another column")
		return nil
	}
	event := p.event
	if p.eventCol >= 0 {
		if event = r.eventOf(fields[p.eventCol]); event == "" {
			r.reject("missing event", nil, "--event-column names the column of the event's name")
			return nil
		}
		if len(r.eventNamed) > maxEvents {
			return fmt.Errorf("%s: the column %s has over %d different values; are they names of events? --event-column names another column, --events NAME gives all rows one name",
				r.src.name, r.form.header[p.eventCol], maxEvents)
		}
	}
	var tie []byte
	if p.eventID >= 0 {
		if tie, st = r.eventID.idOf(fields[p.eventID]); st == bad &&
			r.contradicted(&r.eventID, p.eventID, fields[p.eventID], r.rows.line, "", column.Text, r.schema) {
			return errLookAgain
		}
	}
	for i := range r.fields {
		f := &r.fields[i]
		fault, col := f.read(fields, &r.values[i])
		if col < 0 {
			continue
		}
		if again, err := r.badValue(f, fault, col); err != nil || !again {
			return err
		}
	}
	customer := customers.Code(id) - 1
	if event == r.purchase && r.purchase != "" && r.negative() {
		event = r.refund
	}
	if event == r.refund && r.refund != "" {
		r.makePositive()
	}
	t := r.tables[event]
	if t == nil {
		expected := 0
		if event == p.event {
			expected = r.expected
		}
		t = newTable(r.batch, event, r.fields, p.eventID >= 0, expected)
		r.tables[event] = t
	}
	if err := t.add(r.batch, customer, at, tie, r.values); err != nil {
		return err
	}
	for i, t := range r.traits {
		if t != nil {
			t.set(customer, &r.values[i], at)
		}
	}
	return nil
}

// badValue deals with a value that cannot be read: the column is looked at
// again, the value kept as it is, or the row rejected.
func (r *run) badValue(f *fieldReader, fault []byte, col int) (carryOn bool, err error) {
	part := slices.Index(f.cols, col)
	kind := f.kind
	if f.product() {
		kind = column.Number
	}
	if r.contradicted(&f.parts[part], col, fault, r.rows.line, f.name, kind, r.schema) {
		return false, errLookAgain
	}
	fix := fmt.Sprintf("--prop %s=COLUMN:text takes the column as it is, --drop %s leaves it out", f.name, shellWord(r.form.header[col]))
	if f.trait {
		fix = fmt.Sprintf("--customer-trait %s=COLUMN:text takes the column as it is, --drop %s leaves it out", f.name, shellWord(r.form.header[col]))
		if r.plan.customers {
			fix = fmt.Sprintf("--trait %s=COLUMN:text takes the column as it is, --drop %s leaves it out", f.name, shellWord(r.form.header[col]))
		}
	}
	r.reject(f.bad, fault, fix)
	return false, nil
}

// checkDates refuses columns whose dates prove both orders of day and month.
func (r *run) checkDates() error {
	if r.fixed != anyOrder {
		return nil
	}
	check := func(col int) error {
		e := &r.evidence[col]
		if !e.contradicts() {
			return nil
		}
		return fmt.Errorf("%s: in the column %s line %d (%q) has the day first and line %d (%q) the month first; nothing was imported: --date-order dmy or mdy says which to take, the other rows will be rejected",
			r.src.name, r.form.header[col], e.dayFirst.line, e.dayFirst.text, e.monthFirst.line, e.monthFirst.text)
	}
	if r.plan.time >= 0 {
		if err := check(r.plan.time); err != nil {
			return err
		}
	}
	for i := range r.fields {
		if f := &r.fields[i]; f.kind == column.Time || f.kind == column.Date {
			if err := check(f.cols[0]); err != nil {
				return err
			}
		}
	}
	return nil
}

// tooMany refuses a file more than half of whose rows were rejected.
func (r *run) tooMany() error {
	if 2*r.rejects.n > r.sum.Read {
		return r.rejects.refusal(r.src.name, r.sum.Read)
	}
	return nil
}

// negative tells whether the row takes something back.
func (r *run) negative() bool {
	return isNegative(r.amount, r.values, r.fields) || isNegative(r.quantity, r.values, r.fields)
}

func isNegative(i int, values []value, fields []fieldReader) bool {
	if i < 0 || values[i].status != good {
		return false
	}
	if fields[i].kind == column.Number {
		return values[i].f < 0
	}
	return values[i].i < 0
}

// makePositive gives a refund's amounts and quantity as positive figures.
func (r *run) makePositive() {
	for i := range r.fields {
		f, v := &r.fields[i], &r.values[i]
		switch {
		case f.trait || v.status != good:
		case f.kind == column.Money:
			if v.i < 0 {
				v.i = -v.i
			}
		case f.kind == column.Number && (i == r.quantity || i == r.amount):
			v.f = math.Abs(v.f)
		}
	}
}
