package sqlite

import (
	"context"
	"runtime"
	"slices"
	"sort"
	"sync"

	"tesela/segment/column"
)

// frame is what all columns of an event's rows share: whose they are and when
// they happened.
type frame struct {
	who, starts []uint32
	times       []int64 // nil for traits, and where clock is not
	clock       *column.Packed
	tied        bool     // rows may have event ids
	ids         []uint32 // nil where nobody asked for them; only while it is made
	ties                 // no bits where scattered
	scattered   bool
	index       *column.Index
}

// run is a stretch of neighbouring rows of a part that stay neighbours when
// parts are merged. A merge is a list of runs: columns follow by copying, and
// few new rows among many old cost few runs.
type run struct {
	part     int
	from, to uint32
}

// source is a part being merged.
type source struct {
	who, starts []uint32
	times       []int64
	clock       *column.Packed // in the stead of times; alike in all parts
	at          int            // position in who
}

func (s *source) timed() bool { return s.times != nil || s.clock != nil }

// time orders rows; it is comparable between the parts of one merge.
func (s *source) time(row uint32) int64 {
	if s.clock != nil {
		return int64(s.clock.X(int(row)))
	}
	return s.times[row]
}

// merge sorts the parts into one by customer, then time, then part, and tells
// how by runs. Without times, that is for traits, a customer's rows are by
// part alone.
func merge(ctx context.Context, sources []*source) (who, starts []uint32, runs []run, err error) {
	total := 0
	for _, s := range sources {
		total = max(total, len(s.who))
	}
	who = make([]uint32, 0, total)
	starts = make([]uint32, 1, total+1)
	rows := uint32(0)
	take := func(part int, from, to uint32) {
		if from == to {
			return
		}
		rows += to - from
		if n := len(runs); n > 0 && runs[n-1].part == part && runs[n-1].to == from {
			runs[n-1].to = to
			return
		}
		runs = append(runs, run{part, from, to})
	}
	var here []int // the parts that have the customer
	for step := 0; ; step++ {
		if step%4096 == 0 && ctx.Err() != nil {
			return nil, nil, nil, ctx.Err()
		}
		// The least customer, and the least one after him elsewhere: up to
		// there the rows of a part that has him alone are one run.
		least, next := uint64(1)<<32, uint64(1)<<32
		here = here[:0]
		for i, s := range sources {
			if s.at == len(s.who) {
				continue
			}
			switch c := uint64(s.who[s.at]); {
			case c < least:
				next, least = least, c
				here = append(here[:0], i)
			case c == least:
				here = append(here, i)
			case c < next:
				next = c
			}
		}
		switch len(here) {
		case 0:
			return who, starts, runs, nil
		case 1:
			s := sources[here[0]]
			rest := s.who[s.at:]
			n := len(rest)
			if uint64(rest[n-1]) >= next {
				n = gallop(rest, uint32(next))
			}
			shift := rows - s.starts[s.at]
			who = append(who, rest[:n]...)
			for _, end := range s.starts[s.at+1 : s.at+n+1] {
				starts = append(starts, end+shift)
			}
			take(here[0], s.starts[s.at], s.starts[s.at+n])
			s.at += n
		default:
			mergeCustomer(sources, here, take)
			who = append(who, uint32(least))
			starts = append(starts, rows)
			for _, i := range here {
				sources[i].at++
			}
		}
	}
}

// gallop finds how many of the ascending numbers are below limit.
func gallop(who []uint32, limit uint32) int {
	step := 1
	for step < len(who) && who[step] < limit {
		step *= 2
	}
	from, to := step/2, min(step, len(who))
	return from + sort.Search(to-from, func(i int) bool { return who[from+i] >= limit })
}

// mergeCustomer takes the rows of the customer whom the parts here all have.
func mergeCustomer(sources []*source, here []int, take func(part int, from, to uint32)) {
	type cursor struct {
		part   int
		at, to uint32
	}
	var room [16]cursor
	cursors := room[:0]
	for _, i := range here {
		s := sources[i]
		cursors = append(cursors, cursor{i, s.starts[s.at], s.starts[s.at+1]})
	}
	if !sources[here[0]].timed() {
		for _, c := range cursors {
			take(c.part, c.at, c.to)
		}
		return
	}
	for len(cursors) > 0 {
		first := 0
		for k := 1; k < len(cursors); k++ {
			if sources[cursors[k].part].time(cursors[k].at) < sources[cursors[first].part].time(cursors[first].at) {
				first = k
			}
		}
		c := &cursors[first]
		take(c.part, c.at, c.at+1)
		if c.at++; c.at == c.to {
			cursors = slices.Delete(cursors, first, first+1)
		}
	}
}

// gather follows runs with plain slices: columns[i] is part i's.
func gather[T any](columns [][]T, runs []run) []T {
	if len(runs) == 1 && int(runs[0].to-runs[0].from) == len(columns[runs[0].part]) {
		return columns[runs[0].part]
	}
	rows := 0
	for _, r := range runs {
		rows += int(r.to - r.from)
	}
	// Each core copies to a stretch of its own.
	out := make([]T, rows)
	var group sync.WaitGroup
	cores := 1
	if rows >= 1<<18 {
		cores = runtime.GOMAXPROCS(0)
	}
	next, at := 0, 0
	for core := range cores {
		first, place := next, at
		for ; next < len(runs) && (at < rows*(core+1)/cores || core == cores-1); next++ {
			at += int(runs[next].to - runs[next].from)
		}
		mine := runs[first:next]
		group.Go(func() {
			at := place
			for _, r := range mine {
				at += copy(out[at:], columns[r.part][r.from:r.to])
			}
		})
	}
	group.Wait()
	return out
}

// gatherColumn follows runs with whole columns of one kind.
func gatherColumn(kind column.Kind, columns []*column.Column, runs []run) *column.Column {
	if len(columns) == 0 {
		return blank(kind, 0)
	}
	out := &column.Column{Kind: kind}
	switch kind {
	case column.Text:
		out.Codes = gather(each(columns, func(c *column.Column) []uint32 { return c.Codes }), runs)
	case column.Number:
		out.Floats = gather(each(columns, func(c *column.Column) []float64 { return c.Floats }), runs)
	case column.Tags:
		out.TagStarts = append(out.TagStarts, 0)
		for _, r := range runs {
			c := columns[r.part]
			low, high := c.TagStarts[r.from], c.TagStarts[r.to]
			shift := uint32(len(out.TagCodes)) - low
			for _, end := range c.TagStarts[r.from+1 : r.to+1] {
				out.TagStarts = append(out.TagStarts, end+shift)
			}
			out.TagCodes = append(out.TagCodes, c.TagCodes[low:high]...)
		}
	default:
		out.Ints = gather(each(columns, func(c *column.Column) []int64 { return c.Ints }), runs)
	}
	return out
}

func each[C, T any](columns []C, of func(C) []T) [][]T {
	out := make([][]T, len(columns))
	for i, c := range columns {
		out[i] = of(c)
	}
	return out
}

// scattered tells whether the rows of some event are not neighbours. ids is
// the length of the ids' dictionary.
func scattered(who, starts, codes []uint32, ids int) bool {
	if len(codes) < ids/8 { // few rows, many ids
		return torn(starts, codes, nil, nil)
	}
	// seen[code] is one more than the customer in whose rows it last was.
	seen := make([]uint64, ids+1)
	for i := range who {
		previous := uint32(0)
		for _, code := range codes[starts[i]:starts[i+1]] {
			if code != previous && code != 0 {
				if seen[code] == uint64(i)+1 {
					return true
				}
				seen[code] = uint64(i) + 1
			}
			previous = code
		}
	}
	return false
}
