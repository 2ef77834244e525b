package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"tesela/store"
)

// Option changes how a workspace is opened.
type Option func(*Workspace)

// WithBusyTimeout sets how long a writer waits for another one before it
// gives store.ErrLocked. The default is five seconds.
func WithBusyTimeout(d time.Duration) Option { return func(w *Workspace) { w.busy = d } }

// WithCache bounds the bytes of decoded columns kept for the next question.
// The default is two gigabytes.
func WithCache(bytes int64) Option { return func(w *Workspace) { w.cache.limit = bytes } }

// Workspace is a workspace in one SQLite file. It implements store.Workspace.
type Workspace struct {
	path     string
	busy     time.Duration
	readOnly bool
	writer   *sql.DB // nil where readOnly
	readers  *sql.DB
	file     *handle
	letGo    sync.Once // of file
	// writing holds a token while somebody in this process writes.
	writing chan struct{}
	// loading holds a token while columns are decoded, so that two questions
	// do not decode the same ones.
	loading chan struct{}
	cache   cache
	appends appends
	// known is what was last read of the workspace but the data; who reads it
	// anew holds a token of reading.
	known   atomic.Pointer[held]
	reading chan struct{}
	// interners are those of the last import, with the words stored by then;
	// only the one who holds writing may touch them.
	interners map[dictKey]*interned
	packer    tracePacker
}

var _ store.Workspace = (*Workspace)(nil)

// Open opens an existing workspace. Its errors are, besides those of the file
// system, store.ErrNoWorkspace, store.ErrNewer, store.ErrLocked and
// store.ErrNoCgo. A file that is no workspace is left as it is.
func Open(ctx context.Context, path string, options ...Option) (*Workspace, error) {
	const doing = "open workspace"
	if !haveCgo {
		return nil, noCgo(doing)
	}
	file, err := inspect(path)
	if err != nil {
		return nil, err
	}
	if path, err = filepath.Abs(path); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", doing, err), file.release())
	}
	w := newWorkspace(path, options)
	w.file = file
	if err := w.connect(ctx); err != nil {
		w.Close()
		return nil, explain(ctx, path, doing, err)
	}
	return w, nil
}

// Create makes a new workspace at path, with the folders that lead there, or
// opens the one that is there. An empty file becomes a workspace.
func Create(ctx context.Context, path string, options ...Option) (*Workspace, error) {
	const doing = "make workspace"
	if !haveCgo {
		return nil, noCgo(doing)
	}
	if info, err := os.Stat(path); err == nil && (info.IsDir() || info.Size() > 0) {
		return Open(ctx, path, options...)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, fmt.Errorf("%s: %w", doing, err)
	}
	absolute, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", doing, err)
	}
	w := newWorkspace(absolute, options)
	if err := w.build(ctx); err != nil {
		return nil, explain(ctx, absolute, doing, err)
	}
	return Open(ctx, path, options...)
}

func newWorkspace(path string, options []Option) *Workspace {
	w := &Workspace{
		path: path, busy: 5 * time.Second,
		writing: make(chan struct{}, 1), loading: make(chan struct{}, 1), reading: make(chan struct{}, 1),
		appends: appends{writing: make(chan struct{}, 1)},
		cache:   cache{limit: 2 << 30},
	}
	for _, o := range options {
		o(w)
	}
	return w
}

func noCgo(doing string) error {
	return faultf([]error{store.ErrNoCgo}, "%s: this program was built without cgo and so has no SQLite; build it with CGO_ENABLED=1 and a C compiler such as gcc", doing)
}

func dsn(path, options string) string {
	return (&url.URL{Scheme: "file", OmitHost: true, Path: filepath.ToSlash(path), RawQuery: options}).String()
}

// connect opens the two pools. Where the file cannot be written to, questions
// may still be asked.
func (w *Workspace) connect(ctx context.Context) error {
	var err error
	switch {
	case w.file.writable:
		err = w.connectWriter(ctx)
		switch causeOf(err) {
		case causeReadOnly, causeCantOpen: // the folder may be read-only
			w.readOnly = true
		default:
			if err != nil {
				return err
			}
		}
	default:
		w.readOnly = true
	}
	// A file alone on a read-only medium has no room for the companions of a
	// write-ahead file. Where there is no log, nothing is missed without them.
	mode := []string{"mode=ro"}
	if log, err := os.Stat(w.path + "-wal"); w.readOnly && (err != nil || log.Size() == 0) {
		mode = append(mode, "mode=ro&immutable=1")
	}
	for _, m := range mode {
		if w.readers != nil {
			w.readers.Close()
		}
		w.readers, err = sql.Open("sqlite3", dsn(w.path, m+"&_query_only=1&_busy_timeout=2000&_cache_size=-4000&_stmt_cache_size=32"))
		if err != nil {
			return err
		}
		most := 2 + runtime.GOMAXPROCS(0)
		w.readers.SetMaxOpenConns(most)
		w.readers.SetMaxIdleConns(most) // opening one reads the tables' definitions
		var conn *sql.Conn
		if err = w.patiently(ctx, func() (err error) {
			conn, err = w.readers.Conn(ctx)
			return err
		}); err != nil {
			continue
		}
		var version int
		err = w.patiently(ctx, func() (err error) {
			version, err = formatOf(ctx, conn, w.path)
			return err
		})
		if err == nil && version < format {
			err = faultf([]error{errReadOnly}, "open workspace: %s is of an older format and cannot be written to; open it once where it can", w.path)
		}
		conn.Close()
		if c := causeOf(err); c != causeCantOpen && c != causeReadOnly {
			return err
		}
	}
	return err
}

// connectWriter opens the writing connection and brings the file up to date.
func (w *Workspace) connectWriter(ctx context.Context) error {
	db, err := sql.Open("sqlite3", dsn(w.path, "mode=rw&_txlock=immediate&_busy_timeout=0&_synchronous=NORMAL&_cache_size=-16000&_stmt_cache_size=32"))
	if err != nil {
		return err
	}
	db.SetMaxOpenConns(1)
	// Whoever opens or leaves the file as the first or last one locks it for
	// a moment.
	var conn *sql.Conn
	if err := w.patiently(ctx, func() (err error) {
		conn, err = db.Conn(ctx)
		return err
	}); err != nil {
		db.Close()
		return err
	}
	defer conn.Close()
	w.writer = db
	// A log that one large import left shrinks again.
	version := 0
	err = w.patiently(ctx, func() (err error) {
		if _, err := conn.ExecContext(ctx, "PRAGMA journal_size_limit=67108864"); err != nil {
			return err
		}
		version, err = formatOf(ctx, conn, w.path)
		if err == nil && version > 0 {
			_, err = conn.ExecContext(ctx, "PRAGMA journal_mode=WAL")
		}
		return err
	})
	if err == nil && version == 0 {
		// Whoever was making the workspace was killed over it.
		conn.Close()
		db.Close()
		if err = w.build(ctx); err == nil {
			return w.connectWriter(ctx)
		}
	}
	if err == nil && version < format {
		conn.Close()
		err = w.write(ctx, "bring workspace up to date", func(tx querier) error { return migrate(ctx, tx, w.path) })
	}
	if err != nil {
		db.Close()
		w.writer = nil
	}
	return err
}

// Close lets go of the file. Sources taken from the workspace can load nothing
// more afterwards.
func (w *Workspace) Close() error {
	var errs []error
	if w.readers != nil {
		errs = append(errs, w.readers.Close())
	}
	if w.writer != nil {
		errs = append(errs, w.writer.Close())
	}
	w.letGo.Do(func() { errs = append(errs, w.file.release()) })
	return errors.Join(errs...)
}
