package bench

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"tesela/segment"
	"tesela/segment/measure"
	"tesela/segment/syntax"
	"tesela/store/sqlite"
)

// Engines are both engines on one world.
type Engines struct {
	Size Size
	ws   *sqlite.Workspace
	src  segment.Source
	duck *sql.DB
}

// cacheBytes holds all columns of the largest world.
const cacheBytes = 16 << 30

// Open opens a world that Make made.
func Open(ctx context.Context, s Size, dir string) (*Engines, error) {
	p := s.In(dir)
	ws, err := sqlite.Open(ctx, p.Workspace, sqlite.WithCache(cacheBytes))
	if err != nil {
		return nil, err
	}
	e := &Engines{Size: s, ws: ws}
	if e.src, err = ws.Source(ctx); err != nil {
		return nil, errors.Join(err, e.Close())
	}
	if e.duck, err = openDuck(p.Duck, true); err != nil {
		return nil, errors.Join(err, e.Close())
	}
	return e, nil
}

// Close lets go of both files.
func (e *Engines) Close() error {
	err := e.ws.Close()
	if e.duck != nil {
		err = errors.Join(err, e.duck.Close())
	}
	return err
}

// Rows is the number of rows of all events.
func (e *Engines) Rows() int {
	n := 0
	for _, ev := range e.src.Schema().Events {
		n += ev.Rows
	}
	return n
}

// Version is DuckDB's version.
func (e *Engines) Version(ctx context.Context) (v string, err error) {
	err = e.duck.QueryRowContext(ctx, "SELECT version()").Scan(&v)
	return v, err
}

// Segment evaluates a formula from its text to its members.
func (e *Engines) Segment(ctx context.Context, f Formula) (*segment.Set, error) {
	return evaluate(ctx, e.src, f.Text)
}

func evaluate(ctx context.Context, src segment.Source, text string) (*segment.Set, error) {
	f, err := syntax.Parse(text)
	if err != nil {
		return nil, err
	}
	p, err := segment.Compile(ctx, f, src, End)
	if err != nil {
		return nil, err
	}
	return p.Run(ctx)
}

// Figures evaluates a measure from its texts.
func (e *Engines) Figures(ctx context.Context, m Measure) (*measure.Table, error) {
	q := measure.Query{Measures: m.Measures, GroupBy: m.GroupBy, Per: m.Per, Top: m.Top}
	var err error
	if m.Base != "" {
		if q.Base, err = syntax.Parse(m.Base); err != nil {
			return nil, err
		}
	}
	if m.Where != "" {
		if q.Where, err = syntax.ParseFilter(m.Where); err != nil {
			return nil, err
		}
	}
	if m.Window != "" {
		if q.Window, err = syntax.ParseWindow(m.Window); err != nil {
			return nil, err
		}
	}
	p, err := measure.Compile(ctx, q, e.src, End)
	if err != nil {
		return nil, err
	}
	return p.Run(ctx)
}

// plainly is the question with its plain SQL, and whether it has one.
func (f Formula) plainly() (Formula, bool) {
	f.SQL, f.Plain = f.Plain, ""
	return f, f.SQL != ""
}

// plainly is as of a formula.
func (m Measure) plainly() (Measure, bool) {
	m.SQL, m.Plain = m.Plain, ""
	return m, m.SQL != ""
}

// DuckCount counts a formula's members with DuckDB.
func (e *Engines) DuckCount(ctx context.Context, f Formula) (int, error) {
	return duckCount(ctx, e.duck, f)
}

func duckCount(ctx context.Context, db *sql.DB, f Formula) (n int, err error) {
	err = db.QueryRowContext(ctx, "SELECT count(*) FROM ("+instants.Replace(f.SQL)+")").Scan(&n)
	return n, err
}

// DuckMembers lists a formula's members with DuckDB. A member listed twice is
// an error of the SQL.
func (e *Engines) DuckMembers(ctx context.Context, f Formula) (*segment.Set, error) {
	rows, err := e.duck.QueryContext(ctx, instants.Replace(f.SQL))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	set := segment.NewSet(e.Size.Customers)
	for rows.Next() {
		var who int
		if err := rows.Scan(&who); err != nil {
			return nil, err
		}
		if set.Has(who) {
			return nil, fmt.Errorf("the SQL of %q lists customer %d twice", f.Name, who)
		}
		set.Add(who)
	}
	return set, rows.Err()
}

// DuckFigures evaluates a measure with DuckDB, fetching every row.
func (e *Engines) DuckFigures(ctx context.Context, m Measure) ([][]any, error) {
	rows, err := e.duck.QueryContext(ctx, instants.Replace(m.SQL))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	var out [][]any
	for rows.Next() {
		row := make([]any, len(names))
		into := make([]any, len(names))
		for i := range row {
			into[i] = &row[i]
		}
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		out = append(out, row)
	}
	return out, rows.Err()
}
