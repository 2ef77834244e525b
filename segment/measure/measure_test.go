package measure_test

import (
	"testing"
)

func TestNamedTotals(t *testing.T) {
	src, at := source(t, shop)
	for _, c := range []struct {
		ask  ask
		want string
	}{
		{ask{measures: "customers; buyers; orders; new_buyers"}, "5 4 5 4"},
		{ask{measures: "gross_revenue; refunds; revenue"}, "143.01 54.00 89.01"},
		// 143.01 / 5 = 28.602; 89.01 / 4 = 22.2525
		{ask{measures: "aov; revenue_per_buyer; orders_per_buyer; repeat_rate"}, "28.60 22.25 1.25 0.25"},
		// Ana's 10 January to 20 March
		{ask{measures: "items; days_between; events(visit); doers(visit)"}, "6 69 3 2"},
		{ask{measures: "customers; buyers; revenue", base: `country = "UK"`}, "2 2 38.01"},
		{ask{measures: "customers; orders; revenue; aov; repeat_rate; days_between", base: "nobody"}, "0 0 0.00 <nil> <nil> <nil>"},
		// in March Ana comes back, Bob is new; the refund of Ana's counts
		{ask{measures: "buyers; orders; revenue; new_buyers; repeat_rate", window: "2011-03"}, "2 2 23.01 1 0"},
		// 1 April in London, though 31 March in UTC
		{ask{measures: "orders; gross_revenue", window: "2011-04"}, "2 101.00"},
		{ask{measures: "orders; gross_revenue; buyers", where: `category = "Shoes"`}, "3 130.00 2"},
		// refunds have no category, so none is subtracted
		{ask{measures: "revenue", where: `category = "Shoes"`}, "130.00"},
	} {
		if got := cells(take(t, src, at, c.ask).Totals); got != c.want {
			t.Errorf("%+v: %s, want %s", c.ask, got, c.want)
		}
	}
}

func TestExpressions(t *testing.T) {
	src, at := source(t, shop)
	for _, c := range []struct {
		ask  ask
		want string
	}{
		{ask{measures: "count(order where gift = true) / count(order)"}, "0.4"},
		{ask{measures: "sum(order.amount) / customers"}, "28.60"},
		{ask{measures: "avg(order.amount); min(order.amount); max(order.amount)"}, "23.84 1.00 100.00"}, // 143.01/6 = 23.835
		{ask{measures: "sum(order.quantity); avg(order.quantity); distinct(order.category)"}, "9 1.5 2"},
		{ask{measures: "refunds / gross_revenue"}, "0.3775959723096287"}, // 5400/14301
		{ask{measures: "revenue / refunds; 2 * revenue; revenue - 9; revenue / 3"}, "1.6483333333333334 178.02 80.01 29.67"},
		{ask{measures: "sum(order.amount) / sum(order.quantity)"}, "15.89"},
		{ask{measures: "customers(count(order) >= 2) / customers(count(order) >= 1)"}, "0.25"},
		{ask{measures: "per_customer(sum(order.amount), median); per_customer(sum(order.amount), mean)"}, "7.01 28.60"}, // 0 1 7.01 35 100; 143.01/5
		{ask{measures: "per_customer(age, median); per_customer(age, mean); per_customer(age, p10); per_customer(age, p75); per_customer(age, sum)"}, "35 35 20 40 140"},
		{ask{measures: "per_customer(avg(order.amount), max); per_customer(sum(order.amount), sum)"}, "100.00 143.01"},
		{ask{measures: "active_days(order); active_weeks(order); active_months(order)"}, "5 5 3"},
		{ask{measures: "first(order); last(order); days_since(order)"}, "2011-01-10T10:00:00Z 2011-04-05T12:00:00+01:00 25"},
		{ask{measures: "earliest(order.category); latest(order.amount)"}, "Shoes 1.00"},
		// windows: an own one narrows the query's
		{ask{measures: "sum(order.amount, 2011-03); sum(order.amount, 2011-04)", window: "2011-03"}, "27.01 0.00"},
		// inside customers(…) the query's window holds where there is none
		{ask{measures: "customers(count(order) >= 1); customers(count(order, 2011-01) >= 1)", window: "2011-03"}, "2 1"},
		{ask{measures: "per_customer(sum(order.amount), max)", where: `category = "Bags"`}, "7.01"},
		{ask{measures: "avg(order.amount)", window: "2010"}, "<nil>"},
	} {
		if got := cells(take(t, src, at, c.ask).Totals); got != c.want {
			t.Errorf("%+v: %s, want %s", c.ask, got, c.want)
		}
	}
}

func TestWindowNotes(t *testing.T) {
	src, at := source(t, shop)
	for _, c := range []struct {
		ask         ask
		want, notes string
	}{
		{ask{measures: "orders", window: "from 2012-01-01 to 2012-02-01"}, "0", "window_ahead"},
		{ask{measures: "orders", window: "2010"}, "0", "window_before_data"},
		{ask{measures: "orders", window: "from 2011-02-01 to 2011-01-01"}, "0", "window_empty"},
		{ask{measures: "count(order, 2010)"}, "0", "window_before_data"},
		// Ana visited on 9 January and ordered on the 10th
		{ask{measures: "customers(sequence(visit, order, within 2d))"}, "1", ""},
		{ask{measures: "customers(sequence(visit, order, within 2d))", window: "2011-03"}, "0", "window_inside"},
		// orders under 20: o1 of Ana, o3 of Bob, o5 of Dot
		{ask{measures: "customers(top 1 by count(order where amount < 20))"}, "3", "ties"},
	} {
		table := take(t, src, at, c.ask)
		if got := cells(table.Totals); got != c.want || codes(table) != c.notes {
			t.Errorf("%+v: %s %s, want %s %s", c.ask, got, codes(table), c.want, c.notes)
		}
	}
}

func TestGroups(t *testing.T) {
	src, at := source(t, shop)
	for _, c := range []struct {
		ask         ask
		want, notes string
	}{
		{ask{measures: "revenue; customers", groupBy: "country"}, `
			DE 50.00 2
			UK 38.01 2
			<nil> 1.00 1`, "unset_group"},
		{ask{measures: "orders", groupBy: "country"}, `
			UK 3
			DE 1
			<nil> 1`, "unset_group"},
		{ask{measures: "gross_revenue; orders; buyers; customers", groupBy: "order.category"}, `
			Shoes 130.00 3 2 2
			Bags 12.01 2 2 2
			<nil> 1.00 1 1 1`, "counts_in_each customers_with_rows unset_group"},
		{ask{measures: "revenue", groupBy: "order.category"}, `
			Shoes 130.00
			Bags 12.01
			<nil> -53.00`, "rows_without_property unset_group"},
		{ask{measures: "revenue", groupBy: "country", top: 1}, "DE 50.00", ""},
		{ask{measures: "revenue", groupBy: "country", top: 2, ascending: true}, "<nil> 1.00\nUK 38.01", "unset_group"},
		{ask{measures: "orders", groupBy: "order.category; country"}, `
			Bags UK 2
			Shoes UK 2
			Shoes DE 1
			<nil> <nil> 1`, "counts_in_each unset_group unset_group"},
		{ask{measures: "customers; revenue", groupBy: "likes"}, `
			cake 2 32.00
			tea 2 38.01
			<nil> 2 50.00`, "unset_group"},
		{ask{measures: "customers", groupBy: "count(order)"}, `
			1 3
			0 1
			2 1`, ""},
		{ask{measures: "gross_revenue; aov", groupBy: "country", shares: true}, `
			DE 100.00 0.6992518005733864 100.00
			UK 42.01 0.29375568142087966 14.00
			<nil> 1.00 0.006992518005733864 1.00`, "no_share unset_group"},
		{ask{measures: "orders", groupBy: "order.gift"}, `
			false 2
			true 2
			<nil> 1`, "counts_in_each unset_group"},
	} {
		table := take(t, src, at, c.ask)
		if got := rowsText(table.Rows); got != lines(c.want) {
			t.Errorf("%+v:\n%swant\n%s", c.ask, got, lines(c.want))
		}
		if got := codes(table); got != c.notes {
			t.Errorf("%+v: notes %q, want %q", c.ask, got, c.notes)
		}
	}
}

func TestPeriods(t *testing.T) {
	src, at := source(t, shop)
	for _, c := range []struct {
		ask         ask
		want, notes string
	}{
		{ask{measures: "revenue; orders; new_buyers", per: "month"}, `
			2011-01 15.00 1 1
			2011-02 0.00 0 0
			2011-03 23.01 2 1
			2011-04 51.00 2 2`, ""},
		{ask{measures: "orders", per: "month", window: "last 6mo"}, `
			2010-11 0
			2010-12 0
			2011-01 1
			2011-02 0
			2011-03 2
			2011-04 2`, ""},
		{ask{measures: "orders", per: "quarter"}, "2011-Q1 3\n2011-Q2 2", "partial_period"},
		{ask{measures: "orders", per: "year"}, "2011 5", "partial_period"},
		{ask{measures: "orders", per: "week", window: "2011-03"}, `
			2011-W09 0
			2011-W10 0
			2011-W11 1
			2011-W12 1
			2011-W13 0`, "partial_period partial_period"},
		{ask{measures: "orders", per: "day", window: "from 2011-03-26 to 2011-03-28"}, "2011-03-26 1\n2011-03-27 0", ""},
		// 10 January 2011 was a Monday; o2 Sunday, o3 Saturday, o4 Friday, o5 Tuesday
		{ask{measures: "orders", per: "weekday"}, "1 1\n2 1\n3 0\n4 0\n5 1\n6 1\n7 1", ""},
		{ask{measures: "orders", per: "month", top: 1}, "2011-03 2", "group_ties"},
		{ask{measures: "gross_revenue", per: "month", groupBy: "country", top: 1}, `
			2011-01 DE 0.00
			2011-02 DE 0.00
			2011-03 DE 0.00
			2011-04 DE 100.00`, ""},
		{ask{measures: "orders", per: "month", groupBy: "country", window: "2011-03"}, "2011-03 UK 2", ""},
		{ask{measures: "buyers; customers(count(order) >= 1); customers", per: "month"}, `
			2011-01 1 1 5
			2011-02 0 0 5
			2011-03 2 2 5
			2011-04 2 2 5`, "constant_per_period"},
		{ask{measures: "per_customer(sum(order.amount), max)", per: "month", window: "2011-03"}, "2011-03 20.00", "window_inside"},
		{ask{measures: "orders", per: "month", base: "nobody"}, "", ""},
	} {
		table := take(t, src, at, c.ask)
		if got := rowsText(table.Rows); got != lines(c.want) {
			t.Errorf("%+v:\n%swant\n%s", c.ask, got, lines(c.want))
		}
		if got := codes(table); got != c.notes {
			t.Errorf("%+v: notes %q, want %q", c.ask, got, c.notes)
		}
	}
}
