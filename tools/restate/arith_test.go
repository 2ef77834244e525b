package restate

import (
	"testing"

	"tesela/agent/model"
	"tesela/segment/syntax"
)

// Shares, figures per event, parts of a row's time, and layers as they were.
func TestComputedValues(t *testing.T) {
	r, err := New()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ formula, en, es, pt string }{
		{
			`count(order where weekday in (6, 7)) / count(order) >= 0.6 and count(order where hour between 18 and 23, last 1y) = 0`,
			"customers whose share of orders on Saturday or Sunday at any time is at least 60% and without orders from 18:00 to 23:59 in the last year",
			"clientes cuyo porcentaje de pedidos en sábado o domingo en cualquier momento es al menos 60 % y sin pedidos de 18:00 a 23:59 en el último año",
			"clientes cujo percentual de pedidos em sábado ou domingo em qualquer momento é pelo menos 60% e sem pedidos das 18:00 às 23:59 no último ano",
		},
		{
			// The time of a figure per event is said once, also beside one of any time.
			`sum(order.amount, last 1y) / sum(order.quantity, last 1y) >= 46 and count(order) >= 2`,
			"customers whose spend per quantity in the last year is at least 46 and with at least 2 orders at any time",
			"clientes cuyo gasto por cantidad en el último año es al menos 46 y con al menos 2 pedidos en cualquier momento",
			"clientes cujo gasto por quantidade no último ano é pelo menos 46 e com pelo menos 2 pedidos em qualquer momento",
		},
		{
			`sum(order.amount) / count(order) between 10 and 20.5 and count(order where month = 12) >= 1`,
			"customers whose spend per order is between 10 and 20.5 and with at least 1 order in December of any year",
			"clientes cuyo gasto por pedido está entre 10 y 20,5 y con al menos 1 pedido en diciembre de cualquier año",
			"clientes cujo gasto por pedido está entre 10 e 20,5 e com pelo menos 1 pedido em dezembro de qualquer ano",
		},
		{
			`count(order where gift = true) / count(order) between 0.125 and 0.5`,
			"customers whose share of orders with gift is between 12.5% and 50%",
			"clientes cuyo porcentaje de pedidos con regalo está entre 12,5 % y 50 %",
			"clientes cujo percentual de pedidos com presente está entre 12,5% e 50%",
		},
		{
			`count(visit) - count(order) > 2 * (count(order) + 1)`,
			"customers whose number of visits minus number of orders is more than 2 times (number of orders plus 1)",
			"clientes cuyo número de visitas menos número de pedidos es más de 2 veces (número de pedidos más 1)",
			"clientes cujo número de visitas menos número de pedidos é mais de 2 vezes (número de pedidos mais 1)",
		},
		{
			`lifecycle(at: 90d ago) = "star" and lifecycle = "churned"`,
			"customers whose lifecycle 90 days ago is star and whose lifecycle is churned",
			"clientes cuyo ciclo de vida hace 90 días es estrella y cuyo ciclo de vida es perdido",
			"clientes cujo ciclo de vida há 90 dias é estrela e cujo ciclo de vida é perdido",
		},
		{
			`rfm(at: 2025-03-01, bins: 3) = "555"`,
			"customers whose rfm(bins: 3) on 1 March 2025 is 555",
			"clientes cuyo rfm(bins: 3) el 1 de marzo de 2025 es 555",
			"clientes cujo rfm(bins: 3) em 1 de março de 2025 é 555",
		},
	} {
		f, err := syntax.Parse(c.formula)
		if err != nil {
			t.Fatal(err)
		}
		for lang, want := range map[string]string{"en": c.en, "es": c.es, "pt": c.pt} {
			if got := r.Formula(lang, f, shop); got != want {
				t.Errorf("%s: %s\n  got  %s\n  want %s", lang, c.formula, got, want)
			}
		}
	}
}

// A property that bears the name of a part of the time is a property.
func TestOwnHour(t *testing.T) {
	r, err := New()
	if err != nil {
		t.Fatal(err)
	}
	own := &model.Catalogue{Events: []model.Event{{Name: "booking", Props: []model.Field{{Name: "hour"}}}}}
	f, err := syntax.Parse(`count(booking where hour = 7) >= 1`)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := r.Formula("en", f, own), "customers with at least 1 booking with hour 7"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
