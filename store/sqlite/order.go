package sqlite

import (
	"cmp"
	"context"
	"slices"

	"tesela/segment/column"
)

// order sorts rows by customer, then time, then where they stood, and gives
// their numbers in that order. customers is how many there are.
func order(ctx context.Context, who []uint32, times []int64, customers int) ([]uint32, error) {
	n := len(who)
	out := make([]uint32, n)
	for i := range out {
		out[i] = uint32(i)
	}
	compare := func(a, b uint32) int {
		if c := cmp.Compare(who[a], who[b]); c != 0 {
			return c
		}
		if c := cmp.Compare(times[a], times[b]); c != 0 {
			return c
		}
		return cmp.Compare(a, b)
	}
	if slices.IsSortedFunc(out, compare) {
		return out, nil
	}
	if customers/16 > n { // counting would cost more than the rows
		slices.SortFunc(out, compare)
		return out, nil
	}
	// Count the rows of each customer, lay them side by side, then sort each
	// customer's by time; most files have those in order already.
	ends := make([]uint32, customers+1)
	for _, c := range who {
		ends[c+1]++
	}
	for i := range customers {
		ends[i+1] += ends[i]
	}
	for i, c := range who {
		out[ends[c]] = uint32(i)
		ends[c]++
	}
	from := uint32(0)
	for c, end := range ends[:customers] {
		if c%4096 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if rows := out[from:end]; len(rows) > 1 {
			byTime := func(a, b uint32) int {
				if c := cmp.Compare(times[a], times[b]); c != 0 {
					return c
				}
				return cmp.Compare(a, b)
			}
			if !slices.IsSortedFunc(rows, byTime) {
				slices.SortFunc(rows, byTime)
			}
		}
		from = end
	}
	return out, nil
}

// sortedRows are rows with the order of those to store.
type sortedRows struct {
	*column.Rows
	order []uint32
	// who and times are customers and times in that order, side by side for
	// the many comparisons.
	who   []uint32
	times []int64
}

func sortRows(ctx context.Context, rows *column.Rows, customers int) (*sortedRows, error) {
	order, err := order(ctx, rows.Customers, rows.Times, customers)
	if err != nil {
		return nil, err
	}
	return &sortedRows{rows, order, gatherBy(rows.Customers, order), gatherBy(rows.Times, order)}, nil
}

// owners gives the customers of sorted rows and where the rows of each start.
func owners(sorted []uint32) (who, starts []uint32) {
	for i, c := range sorted {
		if i == 0 || c != who[len(who)-1] {
			who, starts = append(who, c), append(starts, uint32(i))
		}
	}
	return who, append(starts, uint32(len(sorted)))
}

// gatherBy lists values in an order; nil is as they are.
func gatherBy[T any](values []T, order []uint32) []T {
	if order == nil {
		return values
	}
	out := make([]T, len(order))
	for i, row := range order {
		out[i] = values[row]
	}
	return out
}
