package planner

import (
	"slices"
	"testing"
)

// What a table is called, often a plural, finds what the languages call its
// rows, also where the word is too short for its stem to be told apart.
func TestPluralsFindTheirTerms(t *testing.T) {
	_, th, err := readWords()
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"bets": "apuesta", "bet": "aposta", "loans": "prestamo", "deposits": "deposito"} {
		if !slices.ContainsFunc(th.forms(name), func(a alias) bool { return a.text == want }) {
			t.Errorf("%s does not find %s", name, want)
		}
	}
	if got := th.forms("as"); len(got) > 0 {
		t.Errorf("as finds %v", got)
	}
}
