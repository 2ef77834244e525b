package importer

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"golang.org/x/text/currency"

	"tesela/segment/column"
	"tesela/store"
)

// finish guesses roles, commits, and completes the summary.
func (r *run) finish(ctx context.Context) error {
	s := r.sum
	s.Rejected = r.rejects.n
	s.Reasons = r.rejects.reasons()
	s.Duplicates = s.Identical + s.AlreadyThere
	if err := r.guessRoles(ctx); err != nil {
		return err
	}
	r.notes()
	if err := r.batch.Commit(ctx); err != nil {
		if errors.Is(err, store.ErrDiskFull) {
			return fmt.Errorf("import %s: %w", r.src.name, err)
		}
		return err
	}
	name, err := r.rejects.keep()
	if err != nil {
		s.note("the rejected rows could not be written: %v", err)
		return nil
	}
	s.RejectsFile = name
	if r.rejects.moved != "" {
		s.note("%s; they are in %s", r.rejects.moved, name)
	}
	return nil
}

// notes says what was assumed.
func (r *run) notes() {
	s := r.sum
	if r.guessNote != "" {
		s.note("%s", r.guessNote)
	}
	switch {
	case s.Read > 0:
	case r.form.format == formatCSV:
		s.note("the file has a header and no rows")
	default:
		s.note("the file has no rows")
	}
	if p := r.src.parquet; p != nil {
		for _, col := range slices.Sorted(maps.Keys(p.bytes)) {
			s.note("the column %s has bytes that are no text; those values were left out", r.form.header[col])
		}
	}
	if n := r.form.title; n > 0 {
		s.note("the header was taken to be line %d: above it there seems to be a title", n+1+r.form.sepLines())
	}
	if e := r.form.encoding; e != "" && r.opts.Encoding == "" {
		s.note("the text was read as %s; --encoding names another", e)
	}
	r.noteTimes()
	for _, col := range []int{r.plan.id, r.plan.eventID} {
		if col < 0 {
			continue
		}
		if e := &r.evidence[col]; e.dottedWhole > 0 && !e.wholeIDs() && e.odd.line > 0 {
			s.note("some ids in %s end in .0 and stay so, since %s %d has %q", r.form.header[col], r.form.lineWord(), e.odd.line, e.odd.text)
		}
	}
	money := false
	if names := r.currencies(); len(names) > 1 && s.Read > 0 {
		s.note("amounts are in several currencies (%s) and are added up as if in one; import each into a workspace of its own, or amounts that were converted", strings.Join(names, ", "))
	}
	for i := range r.fields {
		f := &r.fields[i]
		money = money || f.kind == column.Money
		e := &r.evidence[max(f.cols[0], 0)]
		switch {
		case f.product():
		case e.set == 0 && r.sum.Read > 0 && r.sum.Read <= r.sampled:
			s.note("the column %s is empty", r.form.header[f.cols[0]])
		case f.kind == column.Text && f.parts[0].inferred && e.odd.line > 0 && 2*max(e.point, e.comma) > e.set:
			s.note("%s came in as text: %s %d has %q; --prop %s=%s:number would reject such rows",
				f.name, r.form.lineWord(), e.odd.line, e.odd.text, f.name, shellWord(r.form.header[f.cols[0]]))
		}
		for _, part := range f.parts {
			if part.percent {
				s.note("%s is written in percent; it came in as a fraction, 12%% as 0.12", f.name)
			}
			if part.comma {
				s.note("%s is written with a decimal comma", f.name)
			}
		}
	}
	if money && s.Read > 0 && r.schema.Currency == "" {
		s.note("amounts have no currency and two decimals; --currency EUR, say, names it")
	}
}

// currencies are those that a column of currencies has, as far as rows with
// them came in.
func (r *run) currencies() []string {
	found := map[string]bool{}
	for _, t := range r.tables {
		for i := range t.cols {
			c := &t.cols[i]
			if _, ok := rank(words().Columns["currency"], snake(c.ref.Name)); !ok || c.Column == nil || c.kind != column.Text {
				continue
			}
			seen := make([]bool, c.words.Len()+1)
			for _, code := range c.Codes {
				if seen[code] || code == 0 {
					continue
				}
				seen[code] = true
				if u, err := currency.ParseISO(c.words.Word(code)); err == nil {
					found[u.String()] = true
				}
			}
		}
	}
	return slices.Sorted(maps.Keys(found))
}

// noteTimes says how local times and ambiguous dates were read.
func (r *run) noteTimes() {
	assumed := func(name string, e *evidence, c *cells) {
		if r.fixed == anyOrder && e.either > 0 && e.dayFirst.n == 0 && e.monthFirst.n == 0 {
			first, other := "day", "mdy"
			if c.order == monthFirst {
				first, other = "month", "dmy"
			}
			r.sum.note("dates in %s may have the day or the month first; they were read %s first; --date-order %s reads them the other way", name, first, other)
		}
	}
	local := false
	if t := r.plan.time; t >= 0 {
		e := &r.evidence[t]
		assumed(r.form.header[t], e, &r.when)
		local = e.moments > e.zoned+e.epochs || r.when.serial
		if r.when.serial {
			r.sum.note("%s has a spreadsheet's count of days, such as 45292.5 for noon of 2024-01-01; it was read so", r.form.header[t])
		}
	}
	for i := range r.fields {
		f := &r.fields[i]
		if f.kind != column.Time && f.kind != column.Date || f.product() {
			continue
		}
		e := &r.evidence[f.cols[0]]
		assumed(r.form.header[f.cols[0]], e, &f.parts[0])
		local = local || f.kind == column.Time && e.moments > e.zoned+e.epochs
	}
	if local && r.opts.Timezone == "" {
		r.sum.note("times without a zone were read in %s; --timezone names another", r.schema.Zone)
	}
}
