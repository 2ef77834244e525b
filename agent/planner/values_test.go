package planner

import (
	"slices"
	"strings"
	"testing"

	"tesela/agent/model"
)

// odds is a shop whose values are all that a value can be.
func odds() *model.Catalogue {
	cat := shop()
	for i, f := range cat.Traits {
		if f.Name == "city" {
			cat.Traits[i] = textField("city", "Nice", "São Paulo", "Málaga", "Lisboa", "A Coruña", "Reading")
		}
	}
	cat.Traits = append(cat.Traits, textField("age_band", "18-24", "25-34", "35-64", "65+"), textField("plan_type", "monthly", "annual", "gold_preview"),
		textField("account_manager", "Tom Ng", "Sofía Ledesma"))
	for i, e := range cat.Events {
		if e.Name == "order" {
			cat.Events[i].Props = append(slices.Clone(e.Props),
				textField("sku", "SKU-0042", "85123A", "22423", "A-17/B"),
				textField("title", "Last Order", "Levi's 501", "7up", "Dr. Oetker", "Platinum Preview 2025", "Silver Show 2025", "Rock & Roll"),
				textField("genre", "crime", "poetry", "home_garden", "camisa"),
				textField("payment_method", "card", "gift_card", "mbway"))
		}
	}
	return cat
}

// TestValues: values as people type them, whatever they are.
func TestValues(t *testing.T) {
	p := planner(t, odds())
	for _, c := range []struct {
		question, args string // "" for a question back
	}{
		{"customers who bought SKU-0042", `count(order where sku = "SKU-0042") >= 1`},
		{"customers who bought sku 85123a", `count(order where sku = "85123A") >= 1`},
		{"clientes que compraron 'Last Order'", `count(order where title = "Last Order") >= 1`},
		{"clientes que compraron «Levi's 501»", `count(order where title = "Levi's 501") >= 1`},
		{"who bought Levis 501", `count(order where title = "Levi's 501") >= 1`},
		{"who bought 7up in 2025", `count(order where title = "7up", 2025) >= 1`},
		{"quem comprou Dr Oetker", `count(order where title = "Dr. Oetker") >= 1`},
		{"who bought Dr. Oetker", `count(order where title = "Dr. Oetker") >= 1`},
		{"who bought rock & roll", `count(order where title = "Rock & Roll") >= 1`},
		{"who bought rock and roll", `count(order where title = "Rock & Roll") >= 1`},
		{"customers in Nice", `city = "Nice"`},
		{"clientes de Nice", `city = "Nice"`},
		{"clientes de Malaga", `city = "Málaga"`},
		{"clientes da A Coruna", `city = "A Coruña"`},
		{"clientes de sao paulo", `city = "São Paulo"`},
		{"customers from the city of Reading", `city = "Reading"`},
		{"clientes que compraron camisas", `count(order where genre = "camisa") >= 1`},
		{"who bought the genre crime", `count(order where genre = "crime") >= 1`},
		{"who bought the crime genre", `count(order where genre = "crime") >= 1`},
		{"who bought crime books", `count(order where genre = "crime") >= 1`},
		{"quem comprou livros de crime", `count(order where genre = "crime") >= 1`},
		{"customers on plan type annual", `plan_type = "annual"`},
		{"clientes com plano anual (annual)", `plan_type = "annual"`},
		{"clientes de Tom Ng", `account_manager = "Tom Ng"`},
		{"customers managed by Sofia Ledesma", `account_manager = "Sofía Ledesma"`},
		{"customers who paid with mbway", `count(order where payment_method = "mbway") >= 1`},
		{"clientes que pagaron con tarjeta regalo", `count(order where payment_method = "gift_card") >= 1`},
		{"who bought with a gift card", `count(order where payment_method = "gift_card") >= 1`},
		{"customers who bought Lisboa", ``},
		{"customers from Lisboa", `city = "Lisboa"`},
		{"customers who ordered calzado", `count(order where category = "Shoes") >= 1`},
		{"quem comprou decoração para casa", `count(order where category = "home_decor") >= 1`},
	} {
		o := ask(t, p, nil, c.question)
		switch {
		case c.args == "" && len(o.calls) > 0:
			t.Errorf("%s\n  want a question back\n  got  %s", c.question, show(o))
		case c.args != "" && (len(o.calls) != 1 || !strings.Contains(string(o.calls[0].Args), `"formula":`+string(marshal(c.args)))):
			t.Errorf("%s\n  want %s\n  got  %s", c.question, c.args, show(o))
		}
	}
}
