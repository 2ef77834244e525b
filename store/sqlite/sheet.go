package sqlite

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"math"
	"runtime"

	"golang.org/x/sync/errgroup"

	"tesela/segment/column"
	"tesela/store/sqlite/chunk"
)

// sheet is the content of a part about to be written.
type sheet struct {
	// order lists the rows of the columns in the part's order; nil: as they
	// stand.
	order       []uint32
	who, starts []uint32
	columns     map[int64]*column.Column
	// derived follow from the columns, are ordered already, and go into no
	// print.
	derived map[int64]*column.Column
	// names are those of the fields in the print; nil: it goes into none.
	names map[int64]string
}

func (s *sheet) add(id int64, name string, c *column.Column) {
	if s.columns == nil {
		s.columns = map[int64]*column.Column{}
	}
	s.columns[id] = c
	if name != "" {
		s.names[id] = name
	}
}

// derive adds a column that follows from others.
func (s *sheet) derive(id int64, c *column.Column) {
	if s.derived == nil {
		s.derived = map[int64]*column.Column{}
	}
	s.derived[id] = c
}

// packed is a part's columns as chunks, and as a digest of their values that
// does not depend on how chunks are cut and packed.
type packed struct {
	chunks map[int64][][]byte
	sums   map[int64][]byte
}

// pack turns the columns into chunks, several at a time.
func (s *sheet) pack(ctx context.Context) (packed, error) {
	counts := make([]uint32, len(s.who))
	for i := range counts {
		counts[i] = s.starts[i+1] - s.starts[i]
	}
	type job struct {
		id     int64
		column *column.Column
		order  []uint32
		silent bool
		chunks [][]byte
		sum    []byte
	}
	jobs := []job{
		{id: columnWho, column: &column.Column{Kind: column.Text, Codes: s.who}},
		{id: columnCounts, column: &column.Column{Kind: column.Text, Codes: counts}},
	}
	for id, c := range s.columns {
		jobs = append(jobs, job{id: id, column: c, order: s.order})
	}
	for id, c := range s.derived {
		jobs = append(jobs, job{id: id, column: c, silent: true})
	}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i := range jobs {
		group.Go(func() error {
			j := &jobs[i]
			p := packer{order: j.order}
			if s.names != nil && !j.silent {
				p.sum = sha256.New()
			}
			if err := p.column(ctx, j.column); err != nil {
				return err
			}
			j.chunks = p.chunks
			if p.sum != nil {
				j.sum = p.sum.Sum(nil)
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return packed{}, err
	}
	out := packed{chunks: make(map[int64][][]byte, len(jobs)), sums: make(map[int64][]byte, len(jobs))}
	for _, j := range jobs {
		out.chunks[j.id] = j.chunks
		if !j.silent {
			out.sums[j.id] = j.sum
		}
	}
	return out, nil
}

// packer packs one column.
type packer struct {
	order  []uint32 // nil: as the values stand
	sum    hash.Hash
	buffer []byte
	chunks [][]byte
}

func (p *packer) column(ctx context.Context, c *column.Column) error {
	n := len(p.order)
	if p.order == nil {
		n = c.Len()
	}
	for from := 0; from < n; from += chunk.Rows {
		if err := ctx.Err(); err != nil {
			return err
		}
		p.chunks = append(p.chunks, p.stretch(c, from, min(from+chunk.Rows, n)))
	}
	return nil
}

func (p *packer) stretch(c *column.Column, from, to int) []byte {
	switch c.Kind {
	case column.Text:
		codes := stretch(c.Codes, p.order, from, to)
		p.take32(codes)
		return chunk.AppendCodes(nil, codes)
	case column.Number:
		floats := stretch(c.Floats, p.order, from, to)
		p.takeFloats(floats)
		return chunk.AppendFloats(nil, floats)
	case column.Tags:
		starts, codes := []uint32{0}, []uint32(nil)
		for i := from; i < to; i++ {
			row := i
			if p.order != nil {
				row = int(p.order[i])
			}
			tags := c.TagCodes[c.TagStarts[row]:c.TagStarts[row+1]]
			p.take32([]uint32{uint32(len(tags))})
			p.take32(tags)
			codes = append(codes, tags...)
			starts = append(starts, uint32(len(codes)))
		}
		return chunk.AppendTags(nil, starts, codes)
	default:
		ints := stretch(c.Ints, p.order, from, to)
		p.takeInts(ints)
		return chunk.AppendInts(nil, ints)
	}
}

func stretch[T any](values []T, order []uint32, from, to int) []T {
	if order == nil {
		return values[from:to]
	}
	return gatherBy(values, order[from:to])
}

func (p *packer) take32(values []uint32) {
	if p.sum == nil {
		return
	}
	p.buffer = p.buffer[:0]
	for _, v := range values {
		p.buffer = binary.LittleEndian.AppendUint32(p.buffer, v)
	}
	p.sum.Write(p.buffer)
}

func (p *packer) takeInts(values []int64) {
	if p.sum == nil {
		return
	}
	p.buffer = p.buffer[:0]
	for _, v := range values {
		p.buffer = binary.LittleEndian.AppendUint64(p.buffer, uint64(v))
	}
	p.sum.Write(p.buffer)
}

func (p *packer) takeFloats(values []float64) {
	if p.sum == nil {
		return
	}
	p.buffer = p.buffer[:0]
	for _, v := range values {
		if math.IsNaN(v) {
			v = math.NaN() // one bit pattern for unset
		}
		p.buffer = binary.LittleEndian.AppendUint64(p.buffer, math.Float64bits(v))
	}
	p.sum.Write(p.buffer)
}
