package importer

import (
	"context"
	"fmt"
	"slices"

	"golang.org/x/text/currency"

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
	r := &run{importing: im, hand: hand{by: im.plan}, batch: batch, sum: &Summary{File: im.opts.File, Events: map[string]int{}}}
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
	hand
	row *record // the one being judged
	own record  // room for it

	tables map[string]*table
	traits []*traitColumn // by field; nil for properties
	who    translation
}

func (r *run) configure() error {
	o := r.opts
	code := o.Currency
	if code == "" && r.batch.Schema().Currency == "" {
		if code = r.signCurrency(); code != "" {
			r.sum.note("amounts carry the sign of %s; --currency names another", code)
		} else if code, col := r.columnCurrency(); code != "" {
			r.sum.note("amounts are in %s, as the column %s says; --currency names another", code, r.form.header[col])
			return r.configured(code)
		}
	}
	return r.configured(code)
}

func (r *run) configured(currency string) error {
	before := r.batch.Schema()
	zone, held := before.Zone.String(), before.Currency
	kept := slices.ContainsFunc(before.Events, func(e segment.Event) bool { return e.Rows > 0 })
	if err := r.batch.Configure(currency, r.opts.Timezone); err != nil {
		return err
	}
	r.schema = r.batch.Schema()
	if now := r.schema.Zone.String(); kept && now != zone {
		r.sum.note("the days of what was there before are now cut in %s too, no longer in %s", now, zone)
	}
	if kept && held == "" && r.schema.Currency != "" {
		r.sum.note("amounts that were there before are now taken to be in %s too", r.schema.Currency)
	}
	r.zone = newZone(r.schema.Zone)
	return nil
}

// columnCurrency is the one currency that a column of currencies names, ""
// where there is none or several.
func (im *importing) columnCurrency() (code string, col int) {
	col, ok := im.best("currency", func(i int) bool { return im.evidence[i].set > 0 })
	if !ok {
		return "", -1
	}
	for text := range im.tallies[col] {
		if words().isMissing([]byte(text)) {
			continue
		}
		u, err := currency.ParseISO(text)
		if err != nil || code != "" && u.String() != code {
			return "", col
		}
		code = u.String()
	}
	return code, col
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
	at := r.row
	r.rejects.add(at.line, reason, at.fields, text, fix)
}

// sound checks a record's form; false: it was rejected.
func (r *run) sound() (bool, error) {
	s := r.row
	if s.news && !r.opts.OnlyNamed {
		return false, errLookAgain
	}
	if s.unfit != "" {
		r.rejects.add(s.line, s.unfit, [][]byte{s.raw}, s.raw, s.fix)
		return false, nil
	}
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
	delim := r.form.delim
	if d, other := otherDelimiter(s.raw, delim, len(r.form.header)); other {
		return false, fmt.Errorf("%s: line %d is separated by %s, the header by %s; nothing was imported: make the file one or the other, or split it",
			r.src.name, s.line, delimiterName(d), delimiterName(delim))
	}
	r.reject("wrong number of fields", s.raw, fmt.Sprintf("the header has %d fields, separated by %s; --delimiter names another separator", len(r.form.header), delimiterName(delim)))
	return false, nil
}

const looksEvery = 1024 // rows between looks at the context

// badValue deals with a value that cannot be read: the column is looked at
// again, the value kept as it is, or the row rejected.
func (r *run) badValue(f *fieldReader, fault []byte, col int) (carryOn bool, err error) {
	part := slices.Index(f.cols, col)
	kind := f.kind
	if f.product() {
		kind = column.Number
	}
	if r.contradicted(&f.parts[part], col, fault, r.row.line, f.name, kind, r.schema) {
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
		e, at := &r.evidence[col], r.form.lineWord()
		if !e.contradicts() {
			return nil
		}
		return fmt.Errorf("%s: in the column %s %s %d (%q) has the day first and %s %d (%q) the month first; nothing was imported: --date-order dmy or mdy says which to take, the other rows will be rejected",
			r.src.name, r.form.header[col], at, e.dayFirst.line, e.dayFirst.text, at, e.monthFirst.line, e.monthFirst.text)
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
		return r.rejects.refusal(r.src.name, r.form.lineWord(), r.sum.Read)
	}
	return nil
}
