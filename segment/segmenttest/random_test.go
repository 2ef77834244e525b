package segmenttest_test

import (
	"bufio"
	"os"
	"strconv"
	"strings"
	"testing"

	"tesela/segment/segmenttest"
)

// TestEnginesAgree compares the columnar engine with the plain evaluator on
// 20,000 random formulas over 4,000 random small worlds: seeds of past failures
// first, then a range. TESELA_RANDOM sets another number of worlds.
func TestEnginesAgree(t *testing.T) {
	file, err := os.Open("testdata/seeds.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		text, _, _ := strings.Cut(lines.Text(), "#")
		if text = strings.TrimSpace(text); text == "" {
			continue
		}
		seed, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			t.Fatalf("seeds.txt: %v", err)
		}
		agree(t, seed)
	}
	worlds := 4000
	if testing.Short() {
		worlds = 400
	}
	if n, err := strconv.Atoi(os.Getenv("TESELA_RANDOM")); err == nil {
		worlds = n
	}
	for seed := range uint64(worlds) {
		agree(t, seed)
		if t.Failed() {
			return
		}
	}
}

func agree(t *testing.T, seed uint64) {
	t.Helper()
	r := segmenttest.NewRandom(seed)
	w, at := r.World()
	for k := range 5 {
		verb, text := "eval", ""
		if k == 4 {
			verb, text = "eval_value", r.Value()
		} else {
			text = r.Formula()
		}
		// The plain evaluator's answer, as it comes out of Check, is what is
		// wanted of the engine.
		c := segmenttest.Case{Verb: verb, Text: text, At: at, World: w, Want: "\x00"}
		plain := segmenttest.Check(t.Context(), segmenttest.Naive{}, c)
		c.Want = got(plain)
		if c.Want == "" {
			t.Errorf("seed %d: %s: the plain evaluator: %v", seed, text, plain)
			return
		}
		if err := segmenttest.Check(t.Context(), segmenttest.Columnar{}, c); err != nil {
			t.Errorf("seed %d\n%sat %s\n%s %s\n%v", seed, w, at.UTC().Format("2006-01-02T15:04:05.999999Z"), verb, text, err)
			return
		}
	}
}

// got takes what was answered out of Check's complaint.
func got(err error) string {
	if err == nil {
		return ""
	}
	_, rest, ok := strings.Cut(err.Error(), "got  ")
	if !ok {
		return ""
	}
	answer, _, _ := strings.Cut(rest, "\nwant")
	return answer
}
