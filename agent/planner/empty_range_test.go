package planner

import (
	"testing"

	"tesela/segment/syntax"
)

func TestEmptyRange(t *testing.T) {
	for text, want := range map[string]bool{
		`age > 40 and age < 30`:                                        true,
		`age >= 30 and age <= 30`:                                      false,
		`age >= 30 and age < 30`:                                       true,
		`age > 40 and score < 30`:                                      false,
		`age = 5 and age > 7`:                                          true,
		`age > 40 or age < 30`:                                         false,
		`count(order where price >= 100 and price < 1) >= 1`:           true,
		`count(order where price >= 1 and price < 100) >= 1`:           false,
		`count(order where price >= 100 or price < 1) >= 1`:            false,
		`count(order, 2024) > 5 and count(order, 2025) < 2`:            false,
		`count(order) > 5 and count(order) < 2`:                        true,
		`count(order where price > 5) = 0 and age > 1.5 and age < 1.6`: false,
	} {
		f, err := syntax.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		if got := emptyRange(factors(f)); got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
}
