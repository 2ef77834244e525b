package importer

import (
	"context"
	"io"

	"tesela/segment/column"
)

// readCustomers reads a file whose rows are customers. Of several rows of a
// customer the later wins.
func (r *run) readCustomers(ctx context.Context, there *there) error {
	p := r.plan
	r.fields = r.readers(r.schema, nil, r.zone)
	r.values = make([]value, len(r.fields))
	r.id = r.newCells(r.decide(p.id, "", column.Text, r.schema), r.zone, 0)
	if err := r.checkDates(); err != nil {
		return err
	}
	for i := range r.fields {
		r.traits = append(r.traits, newTraitColumn(r.fields[i].name, r.fields[i].kind))
	}
	rows, closer, err := r.src.open(r.form, true, false)
	if err != nil {
		return err
	}
	defer closer.Close()
	customers := r.batch.Customers()
	before := customers.Len()
	var seen []bool // by customer
	repeated := 0
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
		r.row = rows.now()
		if ok, err := r.sound(); err != nil {
			return err
		} else if !ok {
			continue
		}
		customer, ok, err := r.customerRow(customers)
		if err != nil {
			return err
		} else if !ok {
			continue
		}
		for len(seen) <= int(customer) {
			seen = append(seen, false)
		}
		switch {
		case int(customer) < there.customers && !seen[customer] && r.all(func(i int, v *value) bool { return there.holds(customer, r.fields[i].name, v) }):
			r.sum.AlreadyThere++
		case seen[customer] && r.all(func(i int, v *value) bool { return r.traits[i].holds(customer, v) }):
			r.sum.Identical++
			r.sum.Imported++
		default:
			if seen[customer] {
				repeated++
			}
			r.sum.Imported++
		}
		seen[customer] = true
		for i, t := range r.traits {
			t.set(customer, &r.values[i], int64(n))
		}
	}
	if err := r.tooMany(); err != nil {
		return err
	}
	for _, t := range r.traits {
		if err := t.store(ctx, r.batch); err != nil {
			return err
		}
	}
	r.sum.Customers = customers.Len() - before
	if repeated > 0 {
		r.sum.note("of rows that give a customer other values than an earlier row of the file, here %d, the later won", repeated)
	}
	return nil
}

// customerRow reads one sound record; ok is false where it was rejected.
func (r *run) customerRow(customers *column.Interner) (customer uint32, ok bool, err error) {
	fields, col := r.row.fields, r.plan.id
	id, st := r.id.idOf(fields[col])
	switch {
	case st == missing:
		r.reject("missing customer", nil, "--id names the column of the customer's id")
		return 0, false, nil
	case st == bad && r.contradicted(&r.id, col, fields[col], r.row.line, "", column.Text, r.schema):
		return 0, false, errLookAgain
	}
	for i := range r.fields {
		f := &r.fields[i]
		if fault, col := f.read(fields, &r.values[i]); col >= 0 {
			_, err := r.badValue(f, fault, col)
			return 0, false, err
		}
	}
	return customers.Code(id) - 1, true, nil
}

// all tells whether a test holds of all values that are set.
func (r *run) all(test func(i int, v *value) bool) bool {
	for i := range r.values {
		if v := &r.values[i]; v.status == good && !test(i, v) {
			return false
		}
	}
	return true
}
