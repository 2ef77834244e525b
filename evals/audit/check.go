package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"tesela/evals"
	"tesela/segment/syntax"
)

// clock is T on a data set.
type clock struct{ now time.Time }

// auditor opens each data set once, for the core and for SQL.
type auditor struct {
	cores map[string]*evals.Data
	books map[string]*book
	sqls  map[string]*engine // by spec and clock
}

func newAuditor() *auditor {
	return &auditor{cores: map[string]*evals.Data{}, books: map[string]*book{}, sqls: map[string]*engine{}}
}

// Close removes what was made.
func (x *auditor) Close() error {
	var errs []error
	for _, d := range x.cores {
		errs = append(errs, d.Close())
	}
	for _, e := range x.sqls {
		errs = append(errs, e.Close())
	}
	return errors.Join(errs...)
}

func (x *auditor) core(ctx context.Context, spec string) (*evals.Data, error) {
	if d := x.cores[spec]; d != nil {
		return d, nil
	}
	d, err := evals.Open(ctx, spec)
	if err == nil {
		x.cores[spec] = d
	}
	return d, err
}

// sql gives a data set's tables at a clock; "" is the data's own.
func (x *auditor) sql(ctx context.Context, spec, asOf string) (*engine, error) {
	key := spec + " at " + asOf
	if e := x.sqls[key]; e != nil {
		return e, nil
	}
	b, err := x.book(ctx, spec)
	if err != nil {
		return nil, err
	}
	var now time.Time
	if asOf != "" {
		if now, err = readClock(asOf, b.zone); err != nil {
			return nil, err
		}
	}
	e, err := b.write(ctx, now)
	if err != nil {
		return nil, err
	}
	x.sqls[key] = e
	return e, nil
}

func readClock(text string, zone *time.Location) (time.Time, error) {
	if day, err := time.Parse(time.DateOnly, text); err == nil {
		return instant(day, zone), nil
	}
	return time.Parse(time.RFC3339, text)
}

func (x *auditor) book(ctx context.Context, text string) (*book, error) {
	if b := x.books[text]; b != nil {
		return b, nil
	}
	spec, err := evals.ParseSpec(text)
	if err != nil {
		return nil, err
	}
	var b *book
	switch spec.Name {
	case "retail":
		path, err := evals.RetailFile()
		if err != nil {
			return nil, err
		}
		if b, err = readRetail(path); err != nil {
			return nil, err
		}
	case "workspace":
		return nil, errors.New("golds over a workspace are not given as SQL")
	default:
		t, folder := newTape(), os.TempDir()
		if err := spec.Fill(ctx, t, folder); err != nil {
			return nil, err
		}
		if b, err = t.book(); err != nil {
			return nil, err
		}
	}
	x.books[text] = b
	return b, nil
}

// verdict is what the audit says of one gold on one data set.
type verdict struct {
	gold, spec string
	// skipped, of data that is not on this machine; core, a disagreement of SQL
	// and core; kept, of SQL and what is kept; "" for none.
	skipped, core, kept string
	rows                int
}

// audit runs a gold's query on a data set and compares it with the core and,
// unless it is to be kept, with what is kept.
func (x *auditor) audit(ctx context.Context, a *audited, gold, spec string, write bool) (v verdict, err error) {
	v = verdict{gold: gold, spec: spec}
	g := a.suite.Golds[gold]
	d, err := x.core(ctx, spec)
	if errors.Is(err, evals.ErrMissing) {
		v.skipped = err.Error()
		return v, nil
	}
	if err != nil {
		return v, err
	}
	e, err := x.sql(ctx, spec, a.suite.AsOf)
	if err != nil {
		return v, err
	}
	at := clock{d.AsOf}
	if a.suite.AsOf != "" {
		day, err := syntax.ParseDate(a.suite.AsOf)
		if err != nil {
			return v, err
		}
		at.now, _ = day.Time(d.Zone)
	}
	if !at.now.Equal(e.now) {
		return v, fmt.Errorf("on %s SQL is asked as of %s, the core as of %s", spec, e.now, at.now)
	}
	result, err := e.query(ctx, g.SQL)
	if err != nil {
		v.core = "its SQL cannot be run: " + err.Error()
		return v, nil
	}
	v.rows = len(result.rows)
	core, err := coreSays(ctx, d, at, g, result)
	if err != nil {
		v.core = err.Error()
	} else {
		v.core = apart(g, result, core)
	}
	if write {
		a.keep(gold, spec, d.Fingerprint, result)
	} else {
		v.kept = stale(a, gold, spec, d.Fingerprint, result)
	}
	return v, nil
}
