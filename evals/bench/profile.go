package bench

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"time"
)

// Profile has Tesela answer the questions that o.Only names, over and over for
// so long each, between start and stop. Columns are loaded before, or, where
// cold, with every answer, from a workspace just opened.
func Profile(ctx context.Context, o Options, d time.Duration, cold bool, start func() error, stop func()) (err error) {
	runtime.GOMAXPROCS(Threads)
	if err := Make(ctx, o.Size, o.Dir, false, func(string, ...any) {}); err != nil {
		return err
	}
	e, err := Open(ctx, o.Size, o.Dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, e.Close()) }()
	var names []string
	var asks []func() error
	for _, f := range Formulas {
		if o.Only.MatchString(f.Name) {
			names, asks = append(names, f.Name), append(asks, func() error {
				if cold {
					_, err := openTesela(ctx, o.Size.In(o.Dir).Workspace, f.Name)
					return err
				}
				_, err := e.Segment(ctx, f)
				return err
			})
		}
	}
	for _, m := range Measures {
		if !cold && o.Only.MatchString(m.Name) {
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
