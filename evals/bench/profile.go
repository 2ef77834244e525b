package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"time"
)

// Profile has Tesela answer the questions that o.Only names, over and over for
// so long each, between start and stop. Columns are loaded before, or, where
// cold, with every answer, from a workspace just opened. The names append and
// import stand for what RunAppend and RunImport have Tesela do.
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
	switch o.Only.String() {
	case "append":
		names, asks = []string{"append"}, []func() error{func() error { _, err := RunAppend(ctx, o.Size, o.Dir); return err }}
	case "import":
		if err := Make(ctx, o.Size, o.Dir, true, func(string, ...any) {}); err != nil {
			return err
		}
		own, err := os.MkdirTemp(o.Dir, "import-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(own)
		into := filepath.Join(own, "new")
		names, asks = []string{"import"}, []func() error{func() error {
			_, err := importTesela(ctx, o.Size.In(o.Dir).CSV, into)
			return errors.Join(err, remove(into))
		}}
	}
	if len(asks) == 0 {
		return fmt.Errorf("no question matches %s", o.Only)
	}
	for i, ask := range asks {
		if names[i] == "import" || names[i] == "append" {
			continue // nothing to warm
		}
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
