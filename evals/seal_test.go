package evals_test

import (
	"strings"
	"testing"

	"tesela/evals"
)

// A file that is never sealed keeps all its cases, whatever their ids; else
// the ids decide.
func TestSealedNever(t *testing.T) {
	const cases = "cases:\n  - {id: a-1, lang: en, q: hello, family: scope, cannot: true}\n  - {id: a-2, lang: en, q: hello, family: scope, cannot: true}\n  - {id: a-3, lang: en, q: hello, family: scope, cannot: true}\n  - {id: a-4, lang: en, q: hello, family: scope, cannot: true}\n  - {id: a-5, lang: en, q: hello, family: scope, cannot: true}\n"
	open, err := evals.Parse([]byte("data: demo\nsealed: never\n" + cases))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := evals.Parse([]byte("data: demo\n" + cases))
	if err != nil {
		t.Fatal(err)
	}
	sealed := 0
	for i := range open.Cases {
		if !open.Cases[i].InPlace() {
			t.Errorf("%s is to be sealed", open.Cases[i].ID)
		}
		if c := &plain.Cases[i]; c.InPlace() == evals.BelongsSealed(c.ID) {
			t.Errorf("%s: in place %v, belongs sealed %v", c.ID, c.InPlace(), evals.BelongsSealed(c.ID))
		} else if !c.InPlace() {
			sealed++
		}
	}
	if sealed == 0 {
		t.Error("none of the ids is one to be sealed: the test shows nothing")
	}
	if _, err := evals.Parse([]byte("data: demo\nsealed: always\n" + cases)); err == nil || !strings.Contains(err.Error(), "never") {
		t.Errorf("sealed: always gives %v", err)
	}
}
