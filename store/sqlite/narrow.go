package sqlite

import (
	"context"
	"math"
	"runtime"

	"golang.org/x/sync/errgroup"

	"tesela/segment"
	"tesela/segment/column"
	"tesela/store/sqlite/chunk"
	"tesela/store/sqlite/page"
)

// A Source's columns are unpacked from chunks straight into the bytes that
// they take in memory (column.Packed): chunks are frames of reference of their
// own, so what one costs is little more than a copy.

// partChunks are the chunks of a column in one part, nil where the part has
// none of the column.
type partChunks struct {
	rows   int
	chunks [][]byte // their headers at least
	ends   []int    // by chunk: the rows up to its end
	// Where chunks are read by pages, blobs tells where they lie.
	pages *pages
	blobs []page.Blob
}

// readPart reads a column's chunks without unpacking them.
func (l loader) readPart(ctx context.Context, p *part, id int64) (partChunks, error) {
	c := partChunks{rows: p.rows}
	switch {
	case !p.has(id):
		return c, nil
	case l.pages != nil:
		return l.pages.locate(ctx, l.tx, p.id, id, p.rows)
	}
	return c, streamChunks(ctx, l.tx, p, id, p.rows, func(_, to int, data []byte) error {
		c.chunks, c.ends = append(c.chunks, data), append(c.ends, to)
		return nil
	})
}

// narrowing is how the values of a column go into few bytes.
type narrowing struct {
	low, high int64
	step      uint64
	scale     int
	whole     bool
}

// narrowingOf looks at all chunks of a column. low and high bound its values,
// where that is known; else they are the ends of all numbers.
func narrowingOf(parts []partChunks, low, high int64) (narrowing, error) {
	n := narrowing{low: math.MaxInt64, high: math.MinInt64, whole: true}
	var shapes []chunk.Shape
	for _, p := range parts {
		for _, data := range p.chunks {
			s, err := chunk.ShapeOf(data)
			if err != nil {
				return n, err
			}
			n.whole = n.whole && s.Whole
			n.scale = max(n.scale, s.Scale)
			if s.Some {
				shapes = append(shapes, s)
			}
		}
	}
	if !n.whole || n.scale > maxScale {
		n.whole = false
		return n, nil
	}
	for _, s := range shapes {
		times := int64(powers[n.scale-s.Scale])
		s.Low, s.High = max(s.Low, low), min(s.High, high)
		if times > 1 && (s.Low < -exact/times || s.High > exact/times) {
			n.whole = false
			return n, nil
		}
		n.low, n.high = min(n.low, s.Low*times), max(n.high, s.High*times)
	}
	for _, s := range shapes {
		times := uint64(powers[n.scale-s.Scale])
		if s.Low < low { // where the chunk's frame begins is no value
			n.step = 1
			break
		}
		n.step = gcd(n.step, s.Step*times)
		n.step = gcd(n.step, uint64(s.Low)*times-uint64(n.low))
	}
	n.step = max(1, n.step)
	return n, nil
}

const (
	maxScale = 6
	exact    = 1 << 53
)

var powers = [maxScale + 1]float64{1, 10, 100, 1e3, 1e4, 1e5, 1e6}

func gcd(a, b uint64) uint64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// narrow unpacks a column of whole numbers or codes that lies in several parts.
// It gives one result for each part, all like one in width, base and step.
func narrow(ctx context.Context, parts []partChunks, n narrowing, like *column.Packed) ([]*column.Packed, error) {
	out := make([]*column.Packed, len(parts))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, part := range parts {
		p := like.Empty(part.rows)
		out[i] = p
		part.start(ctx, group, func(lo, hi int, data []byte) error {
			switch {
			case p.U8 != nil:
				return chunk.Narrow(p.U8[lo:hi], data, n.scale, p.Base, p.Step, p.Most)
			case p.U16 != nil:
				return chunk.Narrow(p.U16[lo:hi], data, n.scale, p.Base, p.Step, p.Most)
			}
			return chunk.Narrow(p.U32[lo:hi], data, n.scale, p.Base, p.Step, p.Most)
		})
	}
	return out, group.Wait()
}

// gatherPacked follows runs with packed columns alike in width, base and step.
func gatherPacked(columns []*column.Packed, runs []run) *column.Packed {
	first := columns[0]
	out := &column.Packed{Base: first.Base, Step: first.Step, Least: first.Least, Most: first.Most}
	switch {
	case first.U8 != nil:
		out.U8 = gather(each(columns, func(p *column.Packed) []uint8 { return p.U8 }), runs)
	case first.U16 != nil:
		out.U16 = gather(each(columns, func(p *column.Packed) []uint16 { return p.U16 }), runs)
	default:
		out.U32 = gather(each(columns, func(p *column.Packed) []uint32 { return p.U32 }), runs)
	}
	return out
}

// narrowColumn reads a property in the order of an arrangement, packed where
// its values allow; ok is false where they do not.
func (l loader) narrowColumn(ctx context.Context, a *arrangement, ref segment.FieldRef, f *field) (*column.Column, bool, error) {
	columns, c, err := l.narrowParts(ctx, a.parts, ref, f)
	if err != nil || c == nil {
		return nil, false, err
	}
	c.Packed = gatherPacked(columns, a.runs)
	return c, true, nil
}

// narrowParts reads a field of several parts, packed alike: by part, and what
// else is to be told of it. c is nil where its values do not allow.
func (l loader) narrowParts(ctx context.Context, of []*part, ref segment.FieldRef, f *field) (columns []*column.Packed, c *column.Column, err error) {
	if f.kind == column.Tags {
		return nil, nil, nil
	}
	parts, later := make([]partChunks, len(of)), false
	for i, p := range of {
		if parts[i], err = l.readPart(ctx, p, f.id); err != nil {
			return nil, nil, err
		}
		later = later || p.id > l.cat.through
	}
	c = &column.Column{Kind: f.kind}
	low, high := int64(math.MinInt64), int64(math.MaxInt64)
	if !later && f.kind != column.Number { // numbers' bounds are no whole ones
		low, high = f.low, f.high
	}
	if f.kind == column.Text {
		low, high = 0, math.MaxUint32
	}
	n, err := narrowingOf(parts, low, high)
	if err != nil || !n.whole {
		return nil, nil, err
	}
	var like *column.Packed
	if f.kind == column.Text {
		words := l.cat.words[ref]
		if later { // rows that are not kept may have words that are not known
			words = int(max(int64(words), n.high))
		}
		like = column.NewPackedCodes(0, words)
	} else if like = column.NewPacked(0, n.low, n.high, int64(min(n.step, math.MaxInt64))); like == nil {
		return nil, nil, nil
	}
	if f.kind == column.Number {
		c.Scale = powers[n.scale]
	}
	if columns, err = narrow(ctx, parts, n, like); len(columns) == 0 {
		columns = []*column.Packed{like}
	}
	return columns, c, err
}

// clocks reads the times of parts, packed alike; nil where they do not allow.
func (l loader) clocks(ctx context.Context, parts []*part) ([]*column.Packed, error) {
	chunks := make([]partChunks, len(parts))
	low, high := int64(math.MaxInt64), int64(math.MinInt64)
	for i, p := range parts {
		var err error
		if chunks[i], err = l.readPart(ctx, p, columnTimes); err != nil {
			return nil, err
		}
		if p.rows > 0 {
			low, high = min(low, p.first), max(high, p.last)
		}
	}
	n, err := narrowingOf(chunks, low, high)
	if err != nil || !n.whole || n.scale != 0 {
		return nil, err
	}
	like := column.NewPacked(0, n.low, n.high, int64(min(n.step, math.MaxInt64)))
	if like == nil {
		return nil, nil
	}
	return narrow(ctx, chunks, n, like)
}

// firstsOf marks the rows that are the first of their event, where events'
// rows are neighbours; starts are the customers' first rows. A word more than
// there are rows for is to spare.
func firstsOf(ids, starts []uint32) []uint64 {
	firsts := make([]uint64, len(ids)/64+2)
	var group errgroup.Group
	const at = 1 << 18
	for from := 0; from < len(ids); from += at {
		group.Go(func() error {
			prev := uint32(0)
			if from > 0 {
				prev = ids[from-1]
			}
			for k := from; k < min(from+at, len(ids)); k += 64 {
				word := uint64(0)
				for i, id := range ids[k:min(k+64, len(ids))] {
					var fresh uint64
					if id == 0 {
						fresh = 1
					}
					if id != prev {
						fresh = 1
					}
					word |= fresh << (i & 63)
					prev = id
				}
				firsts[k/64] = word
			}
			return nil
		})
	}
	group.Wait()
	for _, row := range starts { // ids are a customer's own
		firsts[row>>6] |= 1 << (row & 63)
	}
	return firsts
}
