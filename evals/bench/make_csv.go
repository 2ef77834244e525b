package bench

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"time"
)

// makeCSV writes the order lines as a shop exports them: by time, ids as
// numbers, amounts in major units, one header.
func makeCSV(ctx context.Context, s Size, path string) (err error) {
	type line struct {
		at              int64
		who, id, amount uint32
		product         uint16
	}
	var lines []line
	for b := range s.Blocks() {
		for i := range b.OrderWho {
			lines = append(lines, line{b.OrderTime[i], b.OrderWho[i], b.OrderID[i], uint32(b.OrderAmount[i]), b.OrderProduct[i]})
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	slices.SortStableFunc(lines, func(a, b line) int {
		switch {
		case a.at != b.at:
			return int((a.at - b.at) / second)
		default:
			return int(int64(a.id) - int64(b.id))
		}
	})
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	w := bufio.NewWriterSize(f, 1<<20)
	if _, err := fmt.Fprintln(w, "order_id,customer_id,ordered_at,category,product,amount"); err != nil {
		return err
	}
	var b []byte
	for i, l := range lines {
		b = strconv.AppendUint(b[:0], uint64(l.id), 10)
		b = append(b, ',')
		b = append(b, CustomerID(int(l.who))...)
		b = append(b, ',')
		b = time.UnixMicro(l.at).UTC().AppendFormat(b, time.DateTime)
		b = append(b, ',')
		b = append(b, Categories[CategoryOf(l.product)]...)
		b = append(b, ',')
		b = append(b, ProductID(int(l.product))...)
		b = append(b, ',')
		b = append(b, cents(int64(l.amount))...)
		b = append(b, '\n')
		if _, err := w.Write(b); err != nil {
			return err
		}
		if i%65536 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
	}
	return w.Flush()
}
