package sqlite

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"

	"golang.org/x/sync/errgroup"

	"tesela/store/sqlite/chunk"
	"tesela/store/sqlite/page"
)

// Chunks are read past SQLite where that is safe (package page says why): while
// a read transaction holds the file as it is and nothing of it lies in the
// write-ahead log. Where it is not, or where pages are not as they should be,
// the same is read through SQLite.

// pages reads the chunks of a file. It serves one load.
type pages struct {
	file          *page.File
	chunks, words *page.Table
	// rooms are buffers for chunks, one for each core.
	rooms chan []byte
}

// pagesOf opens the file's pages to the transaction; nil where they are not to
// be read so.
func (w *Workspace) pagesOf(ctx context.Context, tx querier) (*pages, error) {
	var chunks, words int64
	// This is what the transaction begins with: the log is looked at after it.
	if err := tx.QueryRowContext(ctx, `SELECT (SELECT rootpage FROM sqlite_schema WHERE type = 'table' AND name = 'chunk'),
		(SELECT rootpage FROM sqlite_schema WHERE type = 'table' AND name = 'dictionary')`).Scan(&chunks, &words); err != nil {
		return nil, err
	}
	path, err := filepath.EvalSymlinks(w.path)
	if err != nil {
		return nil, nil
	}
	if log, err := os.Stat(path + "-wal"); err == nil && log.Size() > 0 || err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	// The path may have come to name another file since.
	if info, err := os.Stat(path); err != nil || !os.SameFile(info, w.file.info) {
		return nil, nil
	}
	f, err := page.New(w.file)
	if err != nil {
		return nil, nil
	}
	p := &pages{file: f, chunks: f.Table(uint32(chunks)), words: f.Table(uint32(words)), rooms: make(chan []byte, runtime.GOMAXPROCS(0))}
	for range cap(p.rooms) {
		p.rooms <- nil
	}
	return p, nil
}

// errPages marks errors of what was read by pages: it is to be read again
// through SQLite, which knows whether they are the file's.
var errPages = errors.New("read by pages")

// locate finds the chunks of a part's column, of length values.
func (p *pages) locate(ctx context.Context, tx querier, part, column int64, length int) (c partChunks, err error) {
	c = partChunks{pages: p, rows: length}
	if length == 0 {
		return c, nil
	}
	rows, err := tx.QueryContext(ctx, "SELECT rowid, n FROM chunk WHERE part = ? AND field = ? ORDER BY n", part, column)
	if err != nil {
		return c, err
	}
	defer rows.Close()
	end := 0
	for rows.Next() {
		var rowid, n int64
		if err := rows.Scan(&rowid, &n); err != nil {
			return c, err
		}
		row, err := p.chunks.Row(rowid)
		if err != nil {
			return c, errors.Join(errPages, err)
		}
		if k := row.Ints; len(k) != 3 || k[0] != part || k[1] != column || k[2] != n {
			return c, fmt.Errorf("%w: row %d is of another chunk", errPages, rowid)
		}
		values, err := chunk.Len(row.Blob.Head)
		if err == nil && values > length-end {
			err = fmt.Errorf("%w: more than %d values", chunk.ErrDamaged, length)
		}
		if err != nil {
			return c, errors.Join(errPages, err)
		}
		end += values
		c.chunks, c.blobs, c.ends = append(c.chunks, row.Blob.Head), append(c.blobs, row.Blob), append(c.ends, end)
	}
	if end != length {
		return c, fmt.Errorf("%w: %d of %d values are missing", errPages, length-end, length)
	}
	return c, rows.Err()
}

// stretches gives the bytes of a dictionary's stretches up to a word, each in
// memory of its own, to take.
func (p *pages) stretches(ctx context.Context, tx querier, of dictKey, count int, take func(first int64, data []byte) error) error {
	rows, err := tx.QueryContext(ctx, "SELECT rowid, first, count FROM dictionary WHERE event = ? AND name = ? AND first <= ? ORDER BY first", of.Event, of.Name, count)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var rowid, first, n int64
		if err := rows.Scan(&rowid, &first, &n); err != nil {
			return err
		}
		row, err := p.words.Row(rowid)
		if err != nil {
			return errors.Join(errPages, err)
		}
		if k := row.Ints; len(k) != 4 || k[2] != first || k[3] != n {
			return fmt.Errorf("%w: row %d is of other words", errPages, rowid)
		}
		data, err := p.file.Read(row.Blob, make([]byte, 0, p.file.Most(row.Blob.Len)))
		if err == nil {
			err = take(first, data)
		}
		if err != nil {
			return errors.Join(errPages, err)
		}
	}
	return rows.Err()
}

// each hands over the chunks with the stretches of values that they hold, on
// so many cores at once; their bytes are there only so long.
func (c partChunks) each(ctx context.Context, cores int, unpack func(from, to int, data []byte) error) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(cores)
	c.start(ctx, group, unpack)
	return group.Wait()
}

// start is each in a group of one's own.
func (c partChunks) start(ctx context.Context, group *errgroup.Group, unpack func(from, to int, data []byte) error) {
	from := 0
	for k, to := range c.ends {
		at := from
		from = to
		group.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			if c.pages == nil {
				return unpack(at, to, c.chunks[k])
			}
			room := <-c.pages.rooms
			defer func() { c.pages.rooms <- room }()
			if most := c.pages.file.Most(c.blobs[k].Len); cap(room) < most {
				room = make([]byte, 0, most)
			}
			data, err := c.pages.file.Read(c.blobs[k], room[:0])
			if err == nil {
				err = unpack(at, to, data)
			}
			if err != nil && ctx.Err() == nil {
				return errors.Join(errPages, err)
			}
			return err
		})
	}
}
