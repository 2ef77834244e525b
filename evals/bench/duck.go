package bench

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/duckdb/duckdb-go/v2"
)

// Threads is what both engines get.
const Threads = 2

// openDuck opens a DuckDB file as the benchmark uses it.
func openDuck(path string, readOnly bool) (*sql.DB, error) {
	mode := ""
	if readOnly {
		mode = "&access_mode=READ_ONLY"
	}
	db, err := sql.Open("duckdb", fmt.Sprintf("%s?threads=%d%s", path, Threads, mode))
	if err != nil {
		return nil, fmt.Errorf("open DuckDB: %w", err)
	}
	db.SetMaxOpenConns(1)
	return db, nil
}

// duckSchema is one table per event, which suits DuckDB best: a question reads
// only the events it is about. Texts of few values are enumerations, compared
// and grouped as small integers; amounts are integers of cents.
func duckSchema() []string {
	products := make([]string, Products)
	for i := range products {
		products[i] = ProductID(i)
	}
	enum := func(name string, words []string) string {
		return fmt.Sprintf("CREATE TYPE %s AS ENUM ('%s')", name, strings.Join(words, "','"))
	}
	return []string{
		enum("category", Categories), enum("country", Countries), enum("product", products),
		"CREATE TABLE customers(customer INTEGER, country country, signup DATE)",
		"CREATE TABLE orders(customer INTEGER, time TIMESTAMP, order_id INTEGER, category category, product product, amount INTEGER)",
		"CREATE TABLE visits(customer INTEGER, time TIMESTAMP, section category)",
		"CREATE TABLE carts(customer INTEGER, time TIMESTAMP, product product)",
		"CREATE TABLE refunds(customer INTEGER, time TIMESTAMP, amount INTEGER)",
		// Go's appender fills no enumeration of more than 255 values, so
		// products come as numbers first.
		"CREATE TEMP TABLE new_orders AS SELECT * REPLACE (0::USMALLINT AS product) FROM orders LIMIT 0",
		"CREATE TEMP TABLE new_carts AS SELECT * REPLACE (0::USMALLINT AS product) FROM carts LIMIT 0",
	}
}

// makeDuck writes the world as a DuckDB file, its tables sorted by customer
// and time, for that is how rows come.
func makeDuck(ctx context.Context, s Size, path string) (err error) {
	db, err := openDuck(path, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	for _, statement := range duckSchema() {
		if _, err := db.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	err = conn.Raw(func(c any) error { return fillDuck(ctx, s, c.(driver.Conn)) })
	if err = errors.Join(err, conn.Close()); err != nil {
		return err
	}
	for _, statement := range []string{
		"INSERT INTO orders SELECT * REPLACE (('P' || (10000 + product))::product AS product) FROM new_orders",
		"INSERT INTO carts SELECT * REPLACE (('P' || (10000 + product))::product AS product) FROM new_carts",
		"CHECKPOINT",
	} {
		if _, err := db.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}

func fillDuck(ctx context.Context, s Size, conn driver.Conn) (err error) {
	tables := map[string]*duckdb.Appender{}
	for name, table := range map[string]string{"customers": "customers", "orders": "new_orders", "visits": "visits", "carts": "new_carts", "refunds": "refunds"} {
		if tables[name], err = duckdb.NewAppenderFromConn(conn, "", table); err != nil {
			return err
		}
	}
	defer func() {
		for _, a := range tables {
			err = errors.Join(err, a.Close())
		}
	}()
	at := func(micros int64) time.Time { return time.UnixMicro(micros).UTC() }
	for b := range s.Blocks() {
		var errs []error
		add := func(a *duckdb.Appender, values ...driver.Value) {
			if err := a.AppendRow(values...); err != nil {
				errs = append(errs, err)
			}
		}
		for i, c := range b.Country {
			var country driver.Value
			if c > 0 {
				country = Countries[c-1]
			}
			add(tables["customers"], int32(b.First+i), country, time.Unix(b.Signup[i]*86400, 0).UTC())
		}
		a := tables["orders"]
		for i, who := range b.OrderWho {
			add(a, int32(who), at(b.OrderTime[i]), int32(b.OrderID[i]), Categories[b.OrderCategory[i]], b.OrderProduct[i], int32(b.OrderAmount[i]))
		}
		a = tables["visits"]
		for i, who := range b.VisitWho {
			add(a, int32(who), at(b.VisitTime[i]), Categories[b.VisitSection[i]])
		}
		a = tables["carts"]
		for i, who := range b.CartWho {
			add(a, int32(who), at(b.CartTime[i]), b.CartProduct[i])
		}
		a = tables["refunds"]
		for i, who := range b.RefundWho {
			add(a, int32(who), at(b.RefundTime[i]), int32(b.RefundAmount[i]))
		}
		if err := errors.Join(append(errs, ctx.Err())...); err != nil {
			return err
		}
	}
	return nil
}
