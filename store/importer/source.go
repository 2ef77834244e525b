package importer

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/klauspost/compress/zstd"

	"tesela/segment/syntax"
)

// source is the file as it can be read from its start more than once.
type source struct {
	ctx      context.Context
	name     string // as messages call it
	file     *os.File
	size     int64
	temp     bool
	unpacked *os.File // a packed Parquet file, unpacked
	parquet  *parquetFile
	progress func(done, total int64)
}

// openSource opens a file, or for "-" keeps standard input in a temporary
// file, since it is read more than once.
func openSource(ctx context.Context, opts *Options) (*source, error) {
	s := &source{ctx: ctx, name: opts.File, progress: opts.Progress}
	if opts.File == "-" {
		s.name = "standard input"
		if opts.Stdin == nil {
			return nil, usage("there is no standard input to read")
		}
		return s, s.spool(opts.Stdin)
	}
	f, err := os.Open(opts.File)
	if err != nil {
		return nil, openFault(opts.File, err)
	}
	info, err := f.Stat()
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("read %s: %w", opts.File, err)
	}
	if info.IsDir() {
		f.Close()
		return nil, fmt.Errorf("%s is a folder; name the files in it, such as %s", opts.File, filepath.Join(opts.File, "*.csv"))
	}
	if !info.Mode().IsRegular() {
		defer f.Close()
		return s, s.spool(f)
	}
	s.file, s.size = f, info.Size()
	return s, nil
}

func openFault(name string, err error) error {
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		err = pathError.Err
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("open %s: %w", name, err)
	}
	near := ""
	if entries, err := os.ReadDir(filepath.Dir(name)); err == nil {
		var names []string
		for _, e := range entries {
			if !e.IsDir() && len(names) < 1000 {
				names = append(names, e.Name())
			}
		}
		if found := syntax.NearestNames(filepath.Base(name), names, 1); len(found) > 0 {
			near = fmt.Sprintf("; nearest: %s", filepath.Join(filepath.Dir(name), found[0]))
		}
	}
	return fmt.Errorf("there is no file %s%s", name, near)
}

func (s *source) spool(r io.Reader) error {
	f, err := os.CreateTemp("", "tesela-import-*")
	if err != nil {
		return fmt.Errorf("keep %s while it is read: %w", s.name, err)
	}
	os.Remove(f.Name()) // stays readable here, leaves nothing behind
	s.file, s.temp = f, true
	if s.size, err = io.Copy(f, &heedful{ctx: s.ctx, r: r}); err != nil {
		f.Close()
		return fmt.Errorf("keep %s while it is read: %w", s.name, err)
	}
	return nil
}

func (s *source) Close() error {
	if s.unpacked != nil {
		s.unpacked.Close()
	}
	return s.file.Close()
}

// heedful stops reading when the context ends.
type heedful struct {
	ctx context.Context
	r   io.Reader
}

func (h *heedful) Read(p []byte) (int, error) {
	if err := h.ctx.Err(); err != nil {
		return 0, err
	}
	return h.r.Read(p)
}

// counted reads a section of the file and reports how far it got.
type counted struct {
	r              io.Reader
	done, told     int64
	total          int64
	progress       func(done, total int64)
	reportedEnough bool
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.done += int64(n)
	if c.progress != nil && (c.done-c.told >= 256<<10 || (err == io.EOF && !c.reportedEnough)) {
		c.told, c.reportedEnough = c.done, err == io.EOF
		c.progress(c.done, c.total)
	}
	return n, err
}

// text opens the file's text from its start, unpacked but not yet decoded.
// With watch, progress is reported.
func (s *source) text(watch bool) (io.ReadCloser, error) {
	if s.size == 0 {
		return nil, fmt.Errorf("%s is empty", s.name)
	}
	raw := &counted{r: io.NewSectionReader(s.file, 0, s.size), total: s.size}
	if watch {
		raw.progress = s.progress
	}
	in := bufio.NewReaderSize(&heedful{ctx: s.ctx, r: raw}, 256<<10)
	head, err := in.Peek(8)
	if err != nil && err != io.EOF {
		return nil, fmt.Errorf("read %s: %w", s.name, err)
	}
	var unpacked io.Reader = in
	closeUnpacked := func() {}
	switch {
	case bytes.HasPrefix(head, []byte{0x1f, 0x8b}):
		zipped, err := gzip.NewReader(in)
		if err != nil {
			return nil, s.readFault(err)
		}
		unpacked = zipped
	case bytes.HasPrefix(head, []byte{0x28, 0xb5, 0x2f, 0xfd}):
		zipped, err := zstd.NewReader(in, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(1<<30))
		if err != nil {
			return nil, s.readFault(err)
		}
		unpacked, closeUnpacked = zipped, zipped.Close
	default:
		return &plain{r: in, fault: s.readFault}, nil
	}
	return readAhead(&plain{r: unpacked, fault: s.readFault}, closeUnpacked), nil
}

// readFault puts a fault of reading into the user's words.
func (s *source) readFault(err error) error {
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	case errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("%s ends in the middle of its packed data: it was cut short; fetch or copy it again", s.name)
	case errors.Is(err, gzip.ErrChecksum), errors.Is(err, gzip.ErrHeader), errors.Is(err, zstd.ErrCRCMismatch), errors.Is(err, zstd.ErrMagicMismatch):
		return fmt.Errorf("%s is damaged (%w); fetch or copy it again", s.name, err)
	}
	return fmt.Errorf("read %s: %w", s.name, err)
}

type plain struct {
	r     io.Reader
	fault func(error) error
}

func (p *plain) Read(b []byte) (int, error) {
	n, err := p.r.Read(b)
	if err != nil && err != io.EOF {
		err = p.fault(err)
	}
	return n, err
}

func (p *plain) Close() error { return nil }

// named puts the file's name before a fault of its rows, where it is missing.
func (s *source) named(err error) error {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) || strings.HasPrefix(err.Error(), s.name) {
		return err
	}
	return fmt.Errorf("%s: %w", s.name, err)
}
