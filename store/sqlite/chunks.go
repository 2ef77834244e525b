package sqlite

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"runtime"

	"tesela/store/sqlite/chunk"
)

// eachChunk hands over the chunks of a part's column with the stretch of its
// length values that each holds, several at a time; their bytes are there only
// so long.
func (l loader) eachChunk(ctx context.Context, p *part, column int64, length int, unpack func(from, to int, data []byte) error) error {
	if l.pages == nil {
		return streamChunks(ctx, l.tx, p, column, length, unpack)
	}
	c, err := l.pages.locate(ctx, l.tx, p.id, column, length)
	if err != nil {
		return err
	}
	return c.each(ctx, runtime.GOMAXPROCS(0), unpack)
}

// chunksInOrder is eachChunk one after the other.
func (l loader) chunksInOrder(ctx context.Context, p *part, column int64, length int, unpack func(from, to int, data []byte) error) error {
	if l.pages == nil {
		return streamChunks(ctx, l.tx, p, column, length, unpack)
	}
	c, err := l.pages.locate(ctx, l.tx, p.id, column, length)
	if err != nil {
		return err
	}
	return c.each(ctx, 1, unpack)
}

// streamChunks reads chunks through SQLite, in order. While one is being
// unpacked the next is read: either takes about as long.
func streamChunks(ctx context.Context, tx querier, p *part, column int64, length int, unpack func(from, to int, data []byte) error) error {
	if length == 0 {
		return nil
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	ready, done := make(chan []byte, 1), make(chan error, 1)
	go func() {
		done <- readChunks(ctx, tx, p.id, column, ready)
		close(ready)
	}()
	from := 0
	var fault error
	for data := range ready {
		if fault != nil {
			continue // until the reader has noticed
		}
		n, err := chunk.Len(data)
		switch {
		case err != nil:
		case n > length-from:
			err = fmt.Errorf("%w: more than %d values", chunk.ErrDamaged, length)
		default:
			err = unpack(from, from+n, data)
		}
		if err != nil {
			fault = fmt.Errorf("part %d, column %d: %w", p.id, column, err)
			cancel()
		}
		from += n
	}
	// The reader is waited for: the connection must be free again.
	if err := <-done; fault == nil && err != nil {
		return err
	}
	if fault == nil && from != length {
		return fmt.Errorf("part %d, column %d: %w: %d of %d values are missing", p.id, column, chunk.ErrDamaged, length-from, length)
	}
	return fault
}

// readChunks sends a column's chunks.
func readChunks(ctx context.Context, tx querier, part, column int64, ready chan<- []byte) error {
	err := eachBlob(ctx, tx, "SELECT n, data FROM chunk WHERE part = ? AND field = ? ORDER BY n", []any{part, column}, func(_ int64, data []byte) error {
		select {
		case ready <- data:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	})
	if errors.Is(err, errNoBlob) {
		return fmt.Errorf("part %d, column %d: %w", part, column, err)
	}
	return err
}

var errNoBlob = fmt.Errorf("%w: a chunk is no blob", chunk.ErrDamaged)

// eachBlob hands over the rows of a query for a number and a blob. It asks the
// driver itself, whose bytes are our own, where database/sql would copy them
// once more.
func eachBlob(ctx context.Context, tx querier, query string, args []any, take func(n int64, data []byte) error) error {
	named := make([]driver.NamedValue, len(args))
	for i, a := range args {
		named[i] = driver.NamedValue{Ordinal: i + 1, Value: a}
	}
	return tx.Raw(func(conn any) error {
		queryer, ok := conn.(driver.QueryerContext)
		if !ok {
			return errors.New("the SQLite driver takes no queries")
		}
		rows, err := queryer.QueryContext(ctx, query, named)
		if err != nil {
			return err
		}
		defer rows.Close()
		dest := make([]driver.Value, 2)
		for {
			switch err := rows.Next(dest); {
			case errors.Is(err, io.EOF):
				return ctx.Err()
			case err != nil:
				return err
			}
			n, numbered := dest[0].(int64)
			data, ok := dest[1].([]byte)
			if !ok || !numbered {
				return errNoBlob
			}
			if err := take(n, data); err != nil {
				return err
			}
		}
	})
}
