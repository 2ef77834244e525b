package importer

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"tesela/segment/column"
)

// Times outside of these are stand-ins such as 0001-01-01 and 9999-12-31,
// which would make nonsense of every window.
var (
	earliest = time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC).UnixMicro()
	latest   = time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC).UnixMicro()
)

// maxEvents bounds the different events of a file.
const maxEvents = 2000

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
	rows, closer, err := r.src.open(r.form, true, false)
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
			return r.src.named(err)
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
	p, fields := r.plan, r.rows.now().fields
	id, st := r.id.idOf(fields[p.id])
	switch {
	case st == missing:
		r.reject("missing customer", nil, "--customer names the column of the customer's id")
		return nil
	case st == bad && r.contradicted(&r.id, p.id, fields[p.id], r.rows.now().line, "", column.Text, r.schema):
		return errLookAgain
	}
	at, st := r.when.intOf(fields[p.time])
	switch st {
	case missing:
		r.reject("missing time", nil, "--time names the column of the event's time")
		return nil
	case bad:
		if r.contradicted(&r.when, p.time, fields[p.time], r.rows.now().line, "", column.Time, r.schema) {
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
			r.contradicted(&r.eventID, p.eventID, fields[p.eventID], r.rows.now().line, "", column.Text, r.schema) {
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
