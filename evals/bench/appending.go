package bench

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"tesela/segment"
	"tesela/segment/column"
	"tesela/store/sqlite"
)

// AppendFigures are what it takes until 1,000 new order lines count: medians
// over the appends, in milliseconds.
type AppendFigures struct {
	Rows    int `json:"rows"`
	Appends int `json:"appends"`
	// Store is from the start of the import to its commit; FirstStore is that
	// of the first in the process.
	Store      float64 `json:"store_ms"`
	FirstStore float64 `json:"first_store_ms"`
	// Question is the next question, from taking a Source to the members; it
	// reads every column of orders. Warm is the same without new rows.
	Question float64 `json:"next_question_ms"`
	Warm     float64 `json:"same_question_warm_ms"`
	// Seen is Store and Question together, as it was each time.
	Seen float64 `json:"seen_ms"`
	// Times is the next question where it reads times only.
	Times float64 `json:"next_question_of_times_ms"`
	// Chunks were in the file before the first append; Rewritten of them are
	// no more, or have other bytes, after the last.
	Chunks    int `json:"chunks_before"`
	Rewritten int `json:"chunks_rewritten"`
}

const (
	appendRows  = 1000
	appendTimes = 9
)

// The questions after an append: one reads all columns of orders, one the
// times only, and who was appended is in both.
const (
	askColumns = `count(order where category = "Hats" and product = "P10007" and amount = 77.77, last 1d) >= 1`
	askTimes   = `days_since(order) = 0`
)

// RunAppend appends to a copy of the world.
func RunAppend(ctx context.Context, s Size, dir string) (_ *AppendFigures, err error) {
	own, err := os.MkdirTemp(dir, "append-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(own)) }()
	path := filepath.Join(own, "world")
	if err := copyFile(path, s.In(dir).Workspace); err != nil {
		return nil, err
	}
	before, err := chunksOf(ctx, path)
	if err != nil {
		return nil, err
	}
	ws, err := sqlite.Open(ctx, path, sqlite.WithCache(cacheBytes))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, ws.Close()) }()
	ask := func(text string) (*segment.Set, time.Duration, error) {
		started := time.Now()
		src, err := ws.Source(ctx)
		if err != nil {
			return nil, 0, err
		}
		set, err := evaluate(ctx, src, text)
		return set, time.Since(started), err
	}
	times, _, err := ask(askTimes)
	if err != nil {
		return nil, err
	}
	columns, _, err := ask(askColumns)
	if err != nil {
		return nil, err
	}
	var store, question, seen, warm, ofTimes []time.Duration
	for round := range appendTimes {
		took, who, err := appendOnce(ctx, ws, s, round)
		if err != nil {
			return nil, err
		}
		// What was asked first loads what is shared, so they take turns.
		first, second := askColumns, askTimes
		if round%3 == 2 {
			first, second = askTimes, askColumns
		}
		answers := map[string]*segment.Set{}
		for i, text := range []string{first, second} {
			set, asked, err := ask(text)
			if err != nil {
				return nil, err
			}
			answers[text] = set
			switch {
			case i == 0 && text == askColumns:
				store, question, seen = append(store, took), append(question, asked), append(seen, took+asked)
			case i == 0:
				ofTimes = append(ofTimes, asked)
			}
		}
		times, columns = times.Or(who), columns.Or(who)
		if !answers[askTimes].Equal(times) || !answers[askColumns].Equal(columns) {
			return nil, fmt.Errorf("append %d: the next question does not see just the new rows", round+1)
		}
		_, asked, err := ask(askColumns)
		if err != nil {
			return nil, err
		}
		warm = append(warm, asked)
	}
	after, err := chunksOf(ctx, path)
	if err != nil {
		return nil, err
	}
	f := &AppendFigures{
		Rows: appendRows, Appends: appendTimes, Chunks: len(before), Store: millis(median(store)), FirstStore: millis(store[0]), Question: millis(median(question)),
		Warm: millis(median(warm)), Seen: millis(median(seen)), Times: millis(median(ofTimes)),
	}
	for key, sum := range before {
		if after[key] != sum {
			f.Rewritten++
		}
	}
	return f, nil
}

// appendOnce appends order lines of a thousand customers on the last day, each
// an order of its own.
func appendOnce(ctx context.Context, ws *sqlite.Workspace, s Size, round int) (time.Duration, *segment.Set, error) {
	rows := &column.Rows{Props: map[string]*column.Column{
		"category": {Kind: column.Text}, "product": {Kind: column.Text}, "amount": {Kind: column.Money},
	}}
	started := time.Now()
	batch, err := ws.Import(ctx)
	if err != nil {
		return 0, nil, err
	}
	defer batch.Rollback()
	customers, ids := batch.Customers(), batch.EventIDs("order")
	hats := batch.Words(segment.FieldRef{Event: "order", Name: "category"}).Code([]byte("Hats"))
	product := batch.Words(segment.FieldRef{Event: "order", Name: "product"}).Code([]byte("P10007"))
	set := segment.NewSet(s.Customers)
	for i := range appendRows {
		number := (i*7919 + round*104729) % s.Customers
		who := customers.Code([]byte(CustomerID(number))) - 1
		set.Add(int(who))
		rows.Customers = append(rows.Customers, who)
		rows.Times = append(rows.Times, End.UnixMicro()-int64(appendRows*(appendTimes-round)-i)*second)
		rows.IDs = append(rows.IDs, ids.Code([]byte("new-"+strconv.Itoa(round*appendRows+i))))
		rows.Props["category"].Codes = append(rows.Props["category"].Codes, hats)
		rows.Props["product"].Codes = append(rows.Props["product"].Codes, product)
		rows.Props["amount"].Ints = append(rows.Props["amount"].Ints, 7777)
	}
	added, err := batch.AddRows(ctx, "order", rows)
	if err != nil {
		return 0, nil, err
	}
	if added.New != appendRows {
		return 0, nil, fmt.Errorf("%d of %d rows were new", added.New, appendRows)
	}
	if err := batch.Commit(ctx); err != nil {
		return 0, nil, err
	}
	return time.Since(started), set, nil
}

type chunkKey struct{ part, field, n int64 }

// chunksOf gives a print of every chunk in the file.
func chunksOf(ctx context.Context, path string) (_ map[chunkKey][sha256.Size]byte, err error) {
	db, err := sql.Open("sqlite3", "file:"+path+"?mode=ro")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	rows, err := db.QueryContext(ctx, "SELECT part, field, n, data FROM chunk")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[chunkKey][sha256.Size]byte{}
	for rows.Next() {
		var k chunkKey
		var data sql.RawBytes
		if err := rows.Scan(&k.part, &k.field, &k.n, &data); err != nil {
			return nil, err
		}
		out[k] = sha256.Sum256(data)
	}
	return out, rows.Err()
}

func copyFile(to, from string) (err error) {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	_, err = io.Copy(out, in)
	return err
}
