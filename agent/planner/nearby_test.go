package planner

import (
	"slices"
	"strings"
	"testing"
)

// Questions beside ones that are answered, in which one small thing decides:
// a slip more than is forgiven, a negation over a list, whether a period is in
// or out, or and and, which figure of a date is the month.
func TestSmallThingsDecide(t *testing.T) {
	p := planner(t, shop())
	for _, c := range []struct {
		question string
		args     string // of the one call; "" where it is asked back
		unknown  string
	}{
		// One slip in a word of five to eight letters is forgiven, two are not.
		{"how many customers bouht shoes", `{"formula":"count(order where category = \"Shoes\") >= 1"}`, ""},
		{"how many customers bauht shoes", "", "bauht"},
		{"how many clints bought shoes", `{"formula":"count(order where category = \"Shoes\") >= 1"}`, ""},
		{"how many clnts bought shoes", "", "clnts"},

		{"how many customers are not from Germany or France", `{"formula":"country not in (\"Germany\", \"France\")"}`, ""},
		{"how many customers neither from Germany nor France", `{"formula":"country not in (\"Germany\", \"France\")"}`, ""},
		{"how many customers are from Germany or France", `{"formula":"country in (\"Germany\", \"France\")"}`, ""},
		{"how many orders not from shoes and bags", `{"measures":["count(order) - count(order where category in (\"Shoes\", \"Bags\"))"]}`, ""},

		// "After" begins when the period is over, "since" with it; "until" ends
		// when it is over, "before" when it begins.
		{"how many customers bought after 2024", `{"formula":"count(order, since 2025-01-01) >= 1"}`, ""},
		{"how many customers bought since 2024", `{"formula":"count(order, since 2024-01-01) >= 1"}`, ""},
		{"how many orders after March 2025", `{"measures":["orders"],"window":"since 2025-04-01"}`, ""},
		{"how many customers bought after 5 March 2025", `{"formula":"count(order, since 2025-03-06) >= 1"}`, ""},
		{"how many customers bought until March 2025", `{"formula":"count(order, before 2025-04-01) >= 1"}`, ""},
		{"how many customers bought before March 2025", `{"formula":"count(order, before 2025-03-01) >= 1"}`, ""},
		{"cuántos clientes compraron después de 2024", `{"formula":"count(order, since 2025-01-01) >= 1"}`, ""},
		{"cuántos clientes compraron hasta marzo de 2025", `{"formula":"count(order, before 2025-04-01) >= 1"}`, ""},

		// Or is one or the other, and both.
		{"how many customers bought shoes or refunded", `{"formula":"count(order where category = \"Shoes\") >= 1 or count(refund) >= 1"}`, ""},
		{"how many customers live in Spain or bought bags", `{"formula":"country = \"Spain\" or count(order where category = \"Bags\") >= 1"}`, ""},
		{"how many customers bought shoes or did not visit", `{"formula":"count(order where category = \"Shoes\") >= 1 or count(visit) = 0"}`, ""},
		{"cuántos clientes compraron zapatos o son de Portugal", `{"formula":"count(order where category = \"Shoes\") >= 1 or country = \"Portugal\""}`, ""},
		{"quantos clientes compraram sapatos ou visitaram", `{"formula":"count(order where category = \"Shoes\") >= 1 or count(visit) >= 1"}`, ""},

		// Spanish and Portuguese put the day first.
		{"cuántos pedidos el 03/04/2025", `{"measures":["orders"],"window":"from 2025-04-03 to 2025-04-04"}`, ""},
		{"quantos pedidos em 03/04/2025", `{"measures":["orders"],"window":"from 2025-04-03 to 2025-04-04"}`, ""},
	} {
		o := ask(t, p, nil, c.question)
		if c.args == "" {
			if len(o.calls) > 0 || !slices.Contains(o.decision.Unknown, c.unknown) {
				t.Errorf("%s\n  want %q asked about\n  got  %s", c.question, c.unknown, show(o))
			}
			continue
		}
		if len(o.calls) != 1 || strings.NewReplacer(`\u003e`, ">", `\u003c`, "<").Replace(string(o.calls[0].Args)) != c.args {
			t.Errorf("%s\n  want %s\n  got  %s", c.question, c.args, show(o))
		}
	}
}
