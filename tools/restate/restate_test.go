package restate

import (
	"encoding/json"
	"slices"
	"testing"

	"tesela/agent/model"
	"tesela/segment/syntax"
)

var shop = &model.Catalogue{Roles: map[string]string{"purchase": "order", "amount": "order.amount"}}

func TestFormula(t *testing.T) {
	r, err := New()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ formula, en, es, pt string }{
		{
			`everyone`,
			"all customers", "todos los clientes", "todos os clientes",
		},
		{
			`country = "Germany" and count(order, last 90d) >= 3`,
			"customers whose country is Germany and with at least 3 orders in the last 90 days",
			"clientes cuyo país es Germany y con al menos 3 pedidos en los últimos 90 días",
			"clientes cujo país é Germany e com pelo menos 3 pedidos nos últimos 90 dias",
		},
		{
			`city in ("Madrid", "Porto", "London")`,
			"customers whose city is Madrid, Porto or London",
			"clientes cuya ciudad es Madrid, Porto o London",
			"clientes cuja cidade é Madrid, Porto ou London",
		},
		{
			`sum(order.amount, last 1y) > 1234.5`,
			"customers who spent more than 1,234.5 in the last year",
			"clientes que gastaron más de 1.234,5 en el último año",
			"clientes que gastaram mais de 1.234,5 no último ano",
		},
		{
			`count(order where note contains "bag" or note contains "tin" or note contains "jar") >= 1`,
			"customers with at least 1 order with note containing “bag”, “tin” or “jar”",
			"clientes con al menos 1 pedido con note que contiene «bag», «tin» o «jar»",
			"clientes com pelo menos 1 pedido com note que contém “bag”, “tin” ou “jar”",
		},
		{
			`count(order where note not contains "bag") = 0`,
			"customers without orders with note not containing “bag”",
			"clientes sin pedidos con note que no contiene «bag»",
			"clientes sem pedidos com note que não contém “bag”",
		},
		{
			`days_since(visit) > 30`,
			"customers whose last visit was more than 30 days ago",
			"clientes cuya última visita fue hace más de 30 días",
			"clientes cuja última visita foi há mais de 30 dias",
		},
		{
			`count(order, last 2w) = 1`,
			"customers with exactly 1 order in the last 2 weeks",
			"clientes con exactamente 1 pedido en las últimas 2 semanas",
			"clientes com exatamente 1 pedido nas últimas 2 semanas",
		},
		{
			`(country = "Spain" or country = "France") and count(order, 2025-03) = 0`,
			"customers (whose country is Spain or whose country is France) and without orders in March 2025",
			"clientes (cuyo país es Spain o cuyo país es France) y sin pedidos en marzo de 2025",
			"clientes (cujo país é Spain ou cujo país é France) e sem pedidos em março de 2025",
		},
		{
			// The end of a window is exclusive in formulas, inclusive in speech.
			`count(order, from 2025-03-01 to 2025-04-01) >= 1`,
			"customers with at least 1 order from 1 March 2025 to 31 March 2025",
			"clientes con al menos 1 pedido desde el 1 de marzo de 2025 hasta el 31 de marzo de 2025",
			"clientes com pelo menos 1 pedido de 1 de março de 2025 a 31 de março de 2025",
		},
		{
			// Beside a time, no time is said to be any.
			`count(order, last month) >= 2 and count(visit) = 0`,
			"customers with at least 2 orders last month and without visits at any time",
			"clientes con al menos 2 pedidos el mes pasado y sin visitas en cualquier momento",
			"clientes com pelo menos 2 pedidos no mês passado e sem visitas em qualquer momento",
		},
		{
			`consent_email = true and email is not set`,
			"customers with consent email and without email",
			"clientes con consent email y sin correo electrónico",
			"clientes com consent email e sem e-mail",
		},
		{
			`top 10% by sum(order.amount) among (country = "Spain")`,
			"customers in the top 10% by spend among customers whose country is Spain",
			"clientes en el 10 % superior por gasto entre clientes cuyo país es Spain",
			"clientes nos 10% superiores por gasto entre clientes cujo país é Spain",
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

func TestCall(t *testing.T) {
	r, err := New()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		lang, tool, args, text string
		assumptions            []string
	}{
		{"en", "count_segment", `{"formula":"count(order) = 0"}`, "Number of customers without orders", []string{"customers without any order are counted too"}},
		// Who has ordered before has ordered: nobody else is counted.
		{"en", "count_segment", `{"formula":"count(order) >= 1 and count(order, last 90d) = 0"}`, "Number of customers with at least 1 order at any time and without orders in the last 90 days", nil},
		{"en", "measure", `{"measures":["revenue"],"group_by":["country"],"top":3}`, "Net revenue by country, top 3", []string{"revenue is purchases less refunds"}},
		{"es", "measure", `{"measures":["orders"],"per":"month","window":"2025"}`, "Pedidos por mes en 2025", nil},
		{"pt", "measure", `{"measures":["aov"],"where":"category = \"Shoes\"","formula":"country = \"Spain\""}`, "Valor médio do pedido com categoria Shoes, de clientes cujo país é Spain", []string{"sem descontar devoluções"}},
		{"en", "measure", `{"measures":["customers(count(open) >= 1) / customers"],"formula":"country = \"Spain\""}`, "Share of customers whose country is Spain that are customers with at least 1 e-mail opened", nil},
		{"en", "list_customers", `{"formula":"everyone","by":"sum(order.amount)","limit":10}`, "List of all customers, by spend, highest first, top 10", nil},
		{"es", "stage_lifecycle", `{}`, "Etapas del ciclo de vida de todos los clientes", nil},
		{"en", "describe_data", `{}`, "What the data holds", nil},
		// A tool without words of its own, and an unknown language, lose nothing.
		{"en", "divine_rain", `{}`, "Divine_rain", nil},
		{"fr", "count_segment", `{"formula":"everyone"}`, "Number of all customers", nil},
	} {
		text, assumptions := r.Call(c.lang, c.tool, json.RawMessage(c.args), shop)
		if text != c.text || !slices.Equal(assumptions, c.assumptions) {
			t.Errorf("%s %s %s\n  got  %s %q\n  want %s %q", c.lang, c.tool, c.args, text, assumptions, c.text, c.assumptions)
		}
	}
}

// Names of the data that the language has no word for get its plural.
func TestPluralsOfNames(t *testing.T) {
	r, err := New()
	if err != nil {
		t.Fatal(err)
	}
	for formula, want := range map[string]string{
		`count(delivery) >= 3`: "customers with at least 3 deliveries",
		`count(relay) >= 3`:    "customers with at least 3 relays",
		`count(pitch) >= 3`:    "customers with at least 3 pitches",
		`count(fax) >= 3`:      "customers with at least 3 faxes",
		`count(parcel) >= 3`:   "customers with at least 3 parcels",
		`count(delivery) >= 1`: "customers with at least 1 delivery",
		`count(orders) >= 1`:   "customers with at least 1 order", // a table's name
		`count(opened) >= 2`:   "customers with at least 2 e-mails opened",
		`count(clicked) = 0`:   "customers without clicks",
	} {
		f, err := syntax.Parse(formula)
		if err != nil {
			t.Fatal(err)
		}
		if got := r.Formula("en", f, nil); got != want {
			t.Errorf("%s: %q, want %q", formula, got, want)
		}
	}
}
