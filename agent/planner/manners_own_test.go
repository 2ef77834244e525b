package planner

import "testing"

// TestSetsAsideWhatTellsOfAsker takes off what the asker tells of, and leaves what
// says something of the data.
func TestSetsAsideWhatTellsOfAsker(t *testing.T) {
	p := planner(t, shop())
	for question, want := range map[string]string{
		"We have a meeting at 5. How many customers bought?":       "We have a meeting at 5. How many customers bought?",
		"tengo reunión el lunes, ¿cuántos clientes compraron?":     "tengo reunión el lunes, ¿cuántos clientes compraron?",
		"how many customers bought because my boss asked":          "how many customers bought",
		"tengo reunión, ¿cuántos clientes compraron?":              "cuántos clientes compraron?",
		"sou novo aqui, quantos clientes compraram?":               "quantos clientes compraram?",
		"quantos clientes compraram, já que a campanha foi ontem":  "quantos clientes compraram, já que a campanha foi ontem",
		"how many customers bought because they returned boots":    "how many customers bought because they returned boots",
		"how many customers bought before noon":                    "how many customers bought before noon",
		"me interesan los de Sevila. ¿cuántos clientes compraron?": "me interesan los de Sevila. ¿cuántos clientes compraron?",
		"temos clientes em Lixboa, quantos compraram?":             "temos clientes em Lixboa, quantos compraram?",
	} {
		if got := p.unmannered(question); got != want {
			t.Errorf("%q is read as %q, want %q", question, got, want)
		}
	}
}
