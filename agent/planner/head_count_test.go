package planner

import (
	"strings"
	"testing"
)

// So many customers are people, whatever they had or left: no sum of it.
func TestSoManyCustomersAreNoSum(t *testing.T) {
	cat := shop()
	for i := range cat.Events {
		if cat.Events[i].Name == "order" {
			cat.Events[i].Props = append(cat.Events[i].Props, plain("discount", "money"))
		}
	}
	p := planner(t, cat)
	for _, q := range []string{"how many customers with a discount in 2024?", "¿cuántos clientes tuvieron descuento en 2024?", "quantos clientes tiveram desconto em 2024?"} {
		if o := ask(t, p, nil, q); len(o.calls) > 0 && strings.Contains(string(o.calls[0].Args), "sum(order.discount)\"]") {
			t.Errorf("%s\n  got  %s", q, show(o))
		}
	}
	for _, q := range []string{"total discount of customers from Spain in 2024", "¿cuánto descuento hubo en 2024?"} {
		if o := ask(t, p, nil, q); len(o.calls) == 0 || !strings.Contains(string(o.calls[0].Args), "sum(order.discount)") {
			t.Errorf("%s\n  got  %s", q, show(o))
		}
	}
}
