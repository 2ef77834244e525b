package segmenttest_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"tesela/segment"
	"tesela/segment/segmenttest"
	"tesela/segment/syntax"
)

// FuzzFormula checks and evaluates whatever parses: there may be faults, but
// no panic and no hang, and a formula that compiles agrees with its canonical
// print.
func FuzzFormula(f *testing.F) {
	cases, err := segmenttest.Cases()
	if err != nil {
		f.Fatal(err)
	}
	worlds := map[*segmenttest.World]bool{}
	var sources []segment.Source
	for _, c := range cases {
		if !worlds[c.World] {
			worlds[c.World] = true
			src, err := segmenttest.NewSource(c.World)
			if err != nil {
				f.Fatal(err)
			}
			sources = append(sources, src)
		}
		f.Add(c.Text, c.At.Unix(), uint8(len(sources)-1))
	}
	f.Fuzz(func(t *testing.T, text string, unix int64, which uint8) {
		formula, err := syntax.Parse(text)
		if err != nil {
			return
		}
		src := sources[int(which)%len(sources)]
		at := time.Unix(unix%4_000_000_000, 0)
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		run := func(formula syntax.Formula) (*segment.Set, string) {
			p, err := segment.Compile(ctx, formula, src, at)
			if err != nil {
				return nil, ""
			}
			s, err := p.Run(ctx)
			if errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("%s: it hangs", text)
			}
			return s, p.String()
		}
		once, plan := run(formula)
		again, err := syntax.Parse(formula.String())
		if err != nil {
			t.Fatalf("%s prints as %s: %v", text, formula, err)
		}
		twice, same := run(again)
		if (once == nil) != (twice == nil) || once != nil && !once.Equal(twice) || plan != same {
			t.Errorf("%s and %s differ", text, formula)
		}
	})
}
