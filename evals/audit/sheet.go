package main

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// book is a data set as plain values, on its way into tables.
type book struct {
	zone      *time.Location
	digits    int
	customers []string // ids in the order they came
	traits    map[string]*sheet
	events    map[string]*sheet
}

// sheet is an event's rows, or a trait's values by customer. Cells are nil,
// int64, float64, string, or []string for tags.
type sheet struct {
	columns []string
	types   []string // of SQLite
	tags    bool     // a trait of tags
	who     []int    // index of the customer
	at      []int64  // µs UTC; none for traits
	ids     []string // of events; "" where a row has none
	cells   [][]any  // a row's, as the columns
}

// newest is the time of the latest row of any event.
func (b *book) newest() (at time.Time, ok bool) {
	for _, e := range b.events {
		for _, us := range e.at {
			if t := time.UnixMicro(us); !ok || t.After(at) {
				at, ok = t, true
			}
		}
	}
	return at, ok
}

// write makes the tables. Rows at or after T do not exist; a zero T is the
// local midnight that ends the day of the newest row.
func (b *book) write(ctx context.Context, now time.Time) (*engine, error) {
	e := newEngine(b.zone, b.digits)
	if e.now = now; now.IsZero() {
		newest, ok := b.newest()
		if !ok {
			return nil, fmt.Errorf("no event has rows")
		}
		e.now = nextMidnight(newest, b.zone)
	}
	if err := b.fill(ctx, e); err != nil {
		return nil, fmt.Errorf("write the tables: %w (%v)", err, e.Close())
	}
	return e, nil
}

func (b *book) fill(ctx context.Context, e *engine) error {
	tx, err := e.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if _, err := tx.ExecContext(ctx, `CREATE TABLE clock(now INTEGER, today TEXT, zone TEXT)`); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO clock VALUES (?, ?, ?)`, e.now.UnixMicro(), e.today(), b.zone.String()); err != nil {
		return err
	}
	if err := b.fillCustomers(ctx, tx); err != nil {
		return fmt.Errorf("customers: %w", err)
	}
	for _, name := range slices.Sorted(maps.Keys(b.events)) {
		if err := b.fillEvent(ctx, tx, e, name); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	_, err = e.db.ExecContext(ctx, `ANALYZE`)
	return err
}

func (b *book) fillCustomers(ctx context.Context, tx *sql.Tx) error {
	columns, types := []string{"n", "id"}, []string{"INTEGER PRIMARY KEY", "TEXT"}
	rows := make([][]any, len(b.customers))
	for i, id := range b.customers {
		rows[i] = []any{i + 1, id}
	}
	for _, name := range slices.Sorted(maps.Keys(b.traits)) {
		s := b.traits[name]
		if s.tags {
			if err := b.fillTags(ctx, tx, name, s); err != nil {
				return err
			}
			continue
		}
		columns, types = append(columns, name), append(types, s.types[0])
		for i := range rows {
			rows[i] = append(rows[i], nil)
		}
		for i, who := range s.who {
			rows[who][len(columns)-1] = s.cells[i][0] // later ones win
		}
	}
	in, err := create(ctx, tx, "customers", columns, types)
	if err != nil {
		return err
	}
	for _, row := range rows {
		if err := in.add(ctx, row); err != nil {
			return err
		}
	}
	if err := in.flush(ctx); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `CREATE UNIQUE INDEX customers_id ON customers(id)`)
	return err
}

// fillTags makes a table of its own for a trait of tags.
func (b *book) fillTags(ctx context.Context, tx *sql.Tx, name string, s *sheet) error {
	last := map[int][]string{}
	for i, who := range s.who {
		last[who] = s.cells[i][0].([]string)
	}
	in, err := create(ctx, tx, "customers_"+name, []string{"customer", "tag"}, []string{"TEXT", "TEXT"})
	if err != nil {
		return err
	}
	for _, who := range slices.Sorted(maps.Keys(last)) {
		for _, tag := range last[who] {
			if err := in.add(ctx, []any{b.customers[who], tag}); err != nil {
				return err
			}
		}
	}
	return in.flush(ctx)
}

func (b *book) fillEvent(ctx context.Context, tx *sql.Tx, e *engine, name string) error {
	s := b.events[name]
	columns := append([]string{"row", "customer", "event_id", "at", "local", "day"}, s.columns...)
	types := append([]string{"INTEGER PRIMARY KEY", "TEXT", "TEXT", "INTEGER", "TEXT", "TEXT"}, s.types...)
	in, err := create(ctx, tx, name, columns, types)
	if err != nil {
		return err
	}
	until := e.now.UnixMicro()
	for i, who := range s.who {
		if s.at[i] >= until {
			continue
		}
		// An id ties rows of one customer; without one a row is its own event.
		id := fmt.Sprint("#", i+1)
		if s.ids != nil && s.ids[i] != "" {
			id = b.customers[who] + "/" + s.ids[i]
		}
		local := time.UnixMicro(s.at[i]).In(b.zone).Format(time.DateTime)
		row := append([]any{i + 1, b.customers[who], id, s.at[i], local, local[:len(time.DateOnly)]}, s.cells[i]...)
		if err := in.add(ctx, row); err != nil {
			return err
		}
	}
	if err := in.flush(ctx); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, fmt.Sprintf(`CREATE INDEX %s ON %s(customer, at)`, quoted(name+"_customer"), quoted(name)))
	return err
}

// inserter adds rows many at a time.
type inserter struct {
	tx      *sql.Tx
	into    string // INSERT INTO … VALUES
	one     string // (?,?,…)
	width   int
	pending []any
	full    *sql.Stmt
}

const rowsAtOnce = 50

func create(ctx context.Context, tx *sql.Tx, name string, columns, types []string) (*inserter, error) {
	specs := make([]string, len(columns))
	for i, c := range columns {
		specs[i] = quoted(c) + " " + types[i]
	}
	if _, err := tx.ExecContext(ctx, fmt.Sprintf(`CREATE TABLE %s(%s)`, quoted(name), strings.Join(specs, ", "))); err != nil {
		return nil, err
	}
	in := &inserter{tx: tx, width: len(columns), into: "INSERT INTO " + quoted(name) + " VALUES "}
	in.one = "(?" + strings.Repeat(",?", len(columns)-1) + ")"
	var err error
	in.full, err = tx.PrepareContext(ctx, in.into+in.one+strings.Repeat(","+in.one, rowsAtOnce-1))
	return in, err
}

func (in *inserter) add(ctx context.Context, row []any) error {
	if len(row) != in.width {
		return fmt.Errorf("a row has %d cells for %d columns", len(row), in.width)
	}
	in.pending = append(in.pending, row...)
	if len(in.pending) < rowsAtOnce*in.width {
		return nil
	}
	_, err := in.full.ExecContext(ctx, in.pending...)
	in.pending = in.pending[:0]
	return err
}

func (in *inserter) flush(ctx context.Context) error {
	n := len(in.pending) / in.width
	if n > 0 {
		if _, err := in.tx.ExecContext(ctx, in.into+in.one+strings.Repeat(","+in.one, n-1), in.pending...); err != nil {
			return err
		}
	}
	return in.full.Close()
}

func quoted(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }
