package main

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"math"
	"strings"
	"time"
	"unicode"

	"github.com/mattn/go-sqlite3"
	"golang.org/x/text/unicode/norm"
)

// engine is one data set in plain tables of SQLite, in memory, at an instant.
type engine struct {
	db     *sql.DB
	zone   *time.Location
	now    time.Time // T; rows at or after it are not there
	digits int       // decimals of the currency
}

// connector opens SQLite with the audit's functions, which close over the
// engine.
type connector struct{ e *engine }

func (c connector) Driver() driver.Driver { return &sqlite3.SQLiteDriver{} }

func (c connector) Connect(context.Context) (driver.Conn, error) {
	return (&sqlite3.SQLiteDriver{ConnectHook: c.e.addFunctions}).Open(":memory:")
}

// newEngine opens an empty database. It lives in one connection.
func newEngine(zone *time.Location, digits int) *engine {
	e := &engine{zone: zone, digits: digits}
	e.db = sql.OpenDB(connector{e})
	e.db.SetMaxOpenConns(1)
	e.db.SetConnMaxLifetime(0)
	e.db.SetMaxIdleConns(1)
	return e
}

func (e *engine) Close() error { return e.db.Close() }

// addFunctions gives SQL what SQLite lacks; README.md lists them.
func (e *engine) addFunctions(c *sqlite3.SQLiteConn) error {
	for name, fn := range map[string]any{
		"now":       func() int64 { return e.now.UnixMicro() },
		"today":     func() string { return e.today() },
		"ago":       func(n int64, unit string) (int64, error) { return e.ago(n, unit) },
		"later":     func(us, n int64, unit string) (int64, error) { return e.later(us, n, unit) },
		"local_us":  func(text string) (int64, error) { return e.localMicros(text) },
		"local":     func(us int64) string { return time.UnixMicro(us).In(e.zone).Format(time.DateTime) },
		"local_day": func(us int64) string { return time.UnixMicro(us).In(e.zone).Format(time.DateOnly) },
		"rfc3339":   func(us any) any { return e.rfc3339(us) },
		"iso_week":  isoWeek,
		"quarter":   quarter,
		"fold":      func(text any) any { return foldAny(text) },
		"money":     func(minor any) (any, error) { return e.money(minor) },
	} {
		if err := c.RegisterFunc(name, fn, true); err != nil {
			return fmt.Errorf("add the function %s: %w", name, err)
		}
	}
	return nil
}

// today is the local day that contains the instant before T.
func (e *engine) today() string { return e.now.Add(-1).In(e.zone).Format(time.DateOnly) }

func (e *engine) ago(n int64, unit string) (int64, error) {
	at, err := ago(e.now, int(n), unit, e.zone)
	return at.UnixMicro(), err
}

// later is n units after an instant.
func (e *engine) later(us, n int64, unit string) (int64, error) {
	at, err := ago(time.UnixMicro(us), -int(n), unit, e.zone)
	return at.UnixMicro(), err
}

// localMicros is the instant of a local wall time.
func (e *engine) localMicros(text string) (int64, error) {
	for _, layout := range []string{time.DateOnly, "2006-01-02 15:04", time.DateTime} {
		if wall, err := time.Parse(layout, text); err == nil {
			return instant(wall, e.zone).UnixMicro(), nil
		}
	}
	return 0, fmt.Errorf("local_us: %q is none of 2025-03-30, 2025-03-30 01:00, 2025-03-30 01:00:00", text)
}

// money gives minor units as a decimal text in major ones, halves away from
// zero; null stays null.
func (e *engine) money(minor any) (any, error) {
	var n int64
	switch v := minor.(type) {
	case nil:
		return nil, nil
	case []byte: // how the driver gives null
		if len(v) > 0 {
			return nil, fmt.Errorf("money: %q is no number", v)
		}
		return nil, nil
	case int64:
		n = v
	case float64:
		n = int64(math.Round(v))
	default:
		return nil, fmt.Errorf("money: %v is no number", minor)
	}
	sign := ""
	if n < 0 {
		sign, n = "-", -n
	}
	if e.digits == 0 {
		return fmt.Sprintf("%s%d", sign, n), nil
	}
	unit := int64(math.Pow10(e.digits))
	return fmt.Sprintf("%s%d.%0*d", sign, n/unit, e.digits, n%unit), nil
}

// rfc3339 is an instant as answers print it; null stays null.
func (e *engine) rfc3339(us any) any {
	if n, ok := us.(int64); ok {
		return time.UnixMicro(n).In(e.zone).Format(time.RFC3339)
	}
	return nil
}

// foldAny folds a text and leaves null null.
func foldAny(text any) any {
	if t, ok := text.(string); ok {
		return fold(t)
	}
	return nil
}

// fold drops case and accents.
func fold(text string) string {
	bare := strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(text))
	return strings.ToLower(bare)
}

// table is a query's result; cells are nil, int64, float64 or string.
type table struct {
	columns []string
	rows    [][]any
}

// query runs one SQL text. It may speak of :now and :today.
func (e *engine) query(ctx context.Context, text string) (*table, error) {
	var args []any
	for name, value := range map[string]any{"now": e.now.UnixMicro(), "today": e.today()} {
		if strings.Contains(text, ":"+name) {
			args = append(args, sql.Named(name, value))
		}
	}
	rows, err := e.db.QueryContext(ctx, text, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	t := &table{rows: [][]any{}}
	if t.columns, err = rows.Columns(); err != nil {
		return nil, err
	}
	for rows.Next() {
		row := make([]any, len(t.columns))
		at := make([]any, len(row))
		for i := range row {
			at[i] = &row[i]
		}
		if err := rows.Scan(at...); err != nil {
			return nil, err
		}
		for i, cell := range row {
			if b, ok := cell.([]byte); ok {
				row[i] = string(b)
			}
		}
		t.rows = append(t.rows, row)
	}
	return t, rows.Err()
}
