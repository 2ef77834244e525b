//go:build cgo

package sqlite_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"tesela/segment"
)

// TestCancelledLoad stops loads at several points; each ends soon, and the
// next load is none the worse for it.
func TestCancelledLoad(t *testing.T) {
	w := create(t)
	for i := range 3 { // several parts: they have to be merged as well
		if err := fill(t.Context(), w, 400_000>>(2*i), int64(i)); err != nil {
			t.Fatal(err)
		}
	}
	src, err := w.Source(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	need := segment.Need{Events: map[string][]string{"e": {"noise"}}}
	stopped := 0
	for i := range 10 {
		ctx, cancel := context.WithTimeout(t.Context(), time.Duration(i)*300*time.Microsecond)
		<-time.After(time.Duration(i) * 100 * time.Microsecond)
		_, err := src.Load(ctx, need)
		late := time.Duration(0)
		if deadline, _ := ctx.Deadline(); err != nil {
			late = time.Since(deadline)
		}
		cancel()
		if err == nil {
			break
		}
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Fatalf("%v", err)
		}
		if late > 200*time.Millisecond {
			t.Errorf("it took %v to stop", late)
		}
		stopped++
	}
	if stopped == 0 {
		t.Error("nothing was stopped")
	}
	world, err := src.Load(t.Context(), need)
	if err != nil || world.Tables["e"].Len() != 525_000 {
		t.Fatalf("%v", err)
	}
}

// TestCancelledImport stops an import at several points and finds the
// workspace as it was.
func TestCancelledImport(t *testing.T) {
	w := create(t)
	if err := fill(t.Context(), w, 10, 0); err != nil {
		t.Fatal(err)
	}
	for i := range 10 {
		ctx, cancel := context.WithTimeout(t.Context(), time.Duration(i)*2*time.Millisecond)
		err := fill(ctx, w, 200_000, int64(1000+i))
		done := ctx.Err() == nil
		cancel()
		if err == nil {
			if !done {
				continue // it was committed just before
			}
			break
		}
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Fatalf("%v", err)
		}
		if n := rowsOf(t, w); n%200_000 != 10 {
			t.Fatalf("%d rows", n)
		}
	}
	if err := fill(t.Context(), w, 10, 5000); err != nil {
		t.Fatal(err)
	}
}
