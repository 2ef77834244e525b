package syntax

import "testing"

// canonical are texts that are canonical already.
var canonical = []string{
	`country = "Germany" and count(order, last 90d) >= 3`,
	`count(order where category = "Shoes" and price > 50, last 6mo) >= 1 and count(order where category = "Bags") = 0`,
	`sum(order.amount, last 1y) > 500 and days_since(order) > 60`,
	`sum(order.amount, last 90d) < 0.5 * sum(order.amount, from 180d ago to 90d ago)`,
	`sequence(view where category = "Shoes", cart, not order, within 1d, last 30d)`,
	`active_weeks(visit, last 7w) >= 5`,
	`top 10% by sum(order.amount, last 1y)`,
	`rfm = "Champions" and not segment "Newsletter" at 2011-06-01`,
	`birthday anniversary within next 7d and email is set`,
	`top 10% by sum(order.amount, last 1y) among (country = "DE") and rfm_r(bins: 3) >= 2`,
	`intent(order, next 30d) = "most likely" or clv(next 365d) > 100`,
	"`last` > 3 and `in` = 1 and `segment` is set and count(`where`) > 0",
	`(a + b) * (c - (d - e)) / (f * g) > -5`,
}

func TestCanonical(t *testing.T) {
	for _, text := range canonical {
		f, err := Parse(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if got := f.String(); got != text {
			t.Errorf("%s\nprints as %s", text, got)
		}
	}
}
