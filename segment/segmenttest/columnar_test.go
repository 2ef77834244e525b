package segmenttest_test

import (
	"testing"

	"tesela/segment/segmenttest"
)

func TestColumnar(t *testing.T) { segmenttest.Run(t, segmenttest.Columnar{}) }

// TestNaive holds the plain evaluator to the same cases, but those of checking
// and of notes, which it does not do.
func TestNaive(t *testing.T) {
	cases, err := segmenttest.Cases()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		if c.Verb != "eval" && c.Verb != "eval_value" {
			continue
		}
		if err := segmenttest.Check(t.Context(), segmenttest.Naive{}, c); err != nil {
			t.Errorf("%s at %s\n%v", c, c.At, err)
		}
	}
}
