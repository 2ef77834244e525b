package planner

import "testing"

// TestYearsInWords reads years in words as in figures, and leaves other figures.
func TestYearsInWords(t *testing.T) {
	p := planner(t, shop())
	for question, want := range map[string]string{
		"who bought in twenty twenty-four?":                      "who bought in 2024?",
		"orders in two thousand and ten":                         "orders in 2010",
		"nineteen ninety nine to two thousand eleven":            "1999 to 2011",
		"pedidos en dos mil veinticuatro":                        "pedidos en 2024",
		"en mil novecientos noventa y nueve":                     "en 1999",
		"de dois mil e vinte e dois até dois mil e vinte e três": "de 2022 até 2023",
		"em dois mil e vinte e cinco, por mês":                   "em 2025, por mês",
		"more than two thousand euros":                           "more than two thousand euros",
		"between twenty and thirty":                              "between twenty and thirty",
		"gastaron dos mil quinientos":                            "gastaron dos mil quinientos",
		"más de mil y menos de veinte":                           "más de mil y menos de veinte",
	} {
		if got := p.inFigures(question); got != want {
			t.Errorf("%q is read as %q, not %q", question, got, want)
		}
	}
}
