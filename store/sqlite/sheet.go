package sqlite

import (
	"context"
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
	// names are those of the columns in the print.
	names map[int64]string
}

func (s *sheet) add(id int64, name string, c *column.Column) {
	if s.columns == nil {
		s.columns = map[int64]*column.Column{}
	}
	s.columns[id] = c
	if s.names != nil {
		s.names[id] = name
	}
}

// pack turns the columns into chunks, several at a time.
func (s *sheet) pack(ctx context.Context) (map[int64][][]byte, error) {
	counts := make([]uint32, len(s.who))
	for i := range counts {
		counts[i] = s.starts[i+1] - s.starts[i]
	}
	if s.names != nil {
		s.names[columnWho], s.names[columnCounts] = "who", "counts"
	}
	type result struct {
		id     int64
		chunks [][]byte
	}
	results := make([]result, 0, len(s.columns)+2)
	results = append(results, result{columnWho, packCodes(s.who)}, result{columnCounts, packCodes(counts)})
	for id := range s.columns {
		results = append(results, result{id: id})
	}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i := 2; i < len(results); i++ {
		group.Go(func() (err error) {
			results[i].chunks, err = packColumn(ctx, s.columns[results[i].id], s.order)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	out := make(map[int64][][]byte, len(results))
	for _, r := range results {
		out[r.id] = r.chunks
	}
	return out, nil
}

func packCodes(codes []uint32) (chunks [][]byte) {
	for from := 0; from < len(codes); from += chunk.Rows {
		chunks = append(chunks, chunk.AppendCodes(nil, codes[from:min(from+chunk.Rows, len(codes))]))
	}
	return chunks
}

func packColumn(ctx context.Context, c *column.Column, order []uint32) (chunks [][]byte, err error) {
	n := len(order)
	if order == nil {
		n = c.Len()
	}
	for from := 0; from < n; from += chunk.Rows {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		to := min(from+chunk.Rows, n)
		chunks = append(chunks, packStretch(c, order, from, to))
	}
	return chunks, nil
}

func packStretch(c *column.Column, order []uint32, from, to int) []byte {
	switch c.Kind {
	case column.Text:
		return chunk.AppendCodes(nil, stretch(c.Codes, order, from, to))
	case column.Number:
		return chunk.AppendFloats(nil, stretch(c.Floats, order, from, to))
	case column.Tags:
		if order == nil {
			return chunk.AppendTags(nil, c.TagStarts[from:to+1], c.TagCodes)
		}
		starts, codes := []uint32{0}, []uint32(nil)
		for _, row := range order[from:to] {
			codes = append(codes, c.TagCodes[c.TagStarts[row]:c.TagStarts[row+1]]...)
			starts = append(starts, uint32(len(codes)))
		}
		return chunk.AppendTags(nil, starts, codes)
	default:
		return chunk.AppendInts(nil, stretch(c.Ints, order, from, to))
	}
}

func stretch[T any](values []T, order []uint32, from, to int) []T {
	if order == nil {
		return values[from:to]
	}
	return gatherBy(values, order[from:to])
}
