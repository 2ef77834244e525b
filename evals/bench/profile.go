package bench

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"time"
)

// Profile has Tesela answer the questions that o.Only names, over and over for
// so long each, between start and stop; columns are loaded before.
func Profile(ctx context.Context, o Options, d time.Duration, start func() error, stop func()) (err error) {
	runtime.GOMAXPROCS(Threads)
	e, err := Open(ctx, o.Size, o.Dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, e.Close()) }()
	var names []string
	var asks []func() error
	for _, f := range Formulas {
		if o.Only.MatchString(f.Name) {
			names, asks = append(names, f.Name), append(asks, func() error { _, err := e.Segment(ctx, f); return err })
		}
	}
	for _, m := range Measures {
		if o.Only.MatchString(m.Name) {
			names, asks = append(names, m.Name), append(asks, func() error { _, err := e.Figures(ctx, m); return err })
		}
	}
	if len(asks) == 0 {
		return fmt.Errorf("no question matches %s", o.Only)
	}
	for _, ask := range asks {
		if err := ask(); err != nil {
			return err
		}
	}
	if err := start(); err != nil {
		return err
	}
	defer stop()
	for i, ask := range asks {
		n, began := 0, time.Now()
		for ; time.Since(began) < d; n++ {
			if err := ask(); err != nil {
				return err
			}
		}
		fmt.Fprintf(o.Out, "%-40s %8.2f ms\n", names[i], millis(time.Since(began)/time.Duration(n)))
	}
	return nil
}
