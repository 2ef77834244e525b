package importer

import (
	"context"
	"errors"
	"fmt"
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
	customers := r.batch.Customers()
	before := customers.Len()
	if err := r.eachBlock(ctx, rows, func(b *block) error { return r.pour(b, customers) }); err != nil {
		if errors.Is(err, errLookAgain) {
			return err
		}
		return r.src.named(err)
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

// judge finds what is wrong with a sound record that could not be read.
func (r *run) judge() error {
	p, fields, line := r.plan, r.row.fields, r.row.line
	id, st := r.id.idOf(fields[p.id])
	switch {
	case st == missing || st == good && len(id) == 0:
		r.reject("missing customer", nil, "--customer names the column of the customer's id")
		return nil
	case st == bad && r.contradicted(&r.id, p.id, fields[p.id], line, "", column.Text, r.schema):
		return errLookAgain
	}
	at, st := r.when.intOf(fields[p.time])
	switch st {
	case missing:
		r.reject("missing time", nil, "--time names the column of the event's time")
		return nil
	case bad:
		if r.contradicted(&r.when, p.time, fields[p.time], line, "", column.Time, r.schema) {
			return errLookAgain
		}
		r.reject("unreadable time", fields[p.time], "--time names another column, --date-order dmy or mdy says how dates are written; dates like 2011-12-31 are always understood")
		return nil
	}
	if at < earliest || at >= latest {
		r.reject("time out of range", fields[p.time], "times before 1900 and after 2199 are taken for stand-ins; --time names another column")
		return nil
	}
	if p.eventCol >= 0 && r.eventIn(fields) == "" {
		r.reject("missing event", nil, "--event-column names the column of the event's name")
		return nil
	}
	for i := range r.fields {
		f := &r.fields[i]
		if fault, col := f.read(fields, &r.values[i]); col >= 0 {
			_, err := r.badValue(f, fault, col)
			return err
		}
	}
	if p.eventID >= 0 {
		if _, st = r.eventID.idOf(fields[p.eventID]); st == bad {
			if r.contradicted(&r.eventID, p.eventID, fields[p.eventID], line, "", column.Text, r.schema) {
				return errLookAgain
			}
			r.reject("unreadable event id", fields[p.eventID], "--event-id names another column")
			return nil
		}
	}
	return fmt.Errorf("%s %d was read in two ways", r.form.lineWord(), line)
}
