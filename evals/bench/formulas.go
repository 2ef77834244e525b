package bench

import (
	"strings"
	"time"
)

// Formula is a segment in the formula language and in SQL.
type Formula struct {
	Name string
	Text string
	// SQL gives the numbers of the customers in it, each once. It may say
	// @90d and the like for that long before End; see instants.
	SQL string
	// Layers tells that the formula names an analysis.
	Layers bool
}

// instants are the beginnings of the windows ending at End, as SQL.
var instants = func() *strings.Replacer {
	var pairs []string
	for _, w := range []struct {
		name string
		at   time.Time
	}{
		{"@180d", End.AddDate(0, 0, -180)},
		{"@90d", End.AddDate(0, 0, -90)},
		{"@61d", End.AddDate(0, 0, -61)},
		{"@30d", End.AddDate(0, 0, -30)},
		{"@7w", End.AddDate(0, 0, -49)},
		{"@6mo", End.AddDate(0, -6, 0)},
		{"@1y", End.AddDate(-1, 0, 0)},
		{"@now", End},
	} {
		pairs = append(pairs, w.name, "TIMESTAMP '"+w.at.Format(time.DateTime)+"'")
	}
	return strings.NewReplacer(pairs...)
}()

// @61d: days_since is 0 on the last day, so more than 60 is before its midnight
// 60 days earlier.
//
// Formulas are the behavioural segments that are timed. Each SQL is the
// quickest of several ways tried to write it; ORDER-dependent ones (lag() over
// (), rowid) use that DuckDB's tables are sorted by customer and time and keep
// their order, so that it profits from the sorting too.
var Formulas = []Formula{
	{
		Name: "frequency with filter",
		Text: `count(order where category = "Shoes" and amount > 50, last 6mo) >= 2`,
		SQL: `SELECT customer FROM orders WHERE time >= @6mo AND category = 'Shoes' AND amount > 5000
			GROUP BY customer HAVING count(DISTINCT order_id) >= 2`,
	},
	{
		Name: "frequency",
		Text: `count(order) >= 5`,
		SQL: `SELECT customer FROM (SELECT customer FROM orders QUALIFY order_id IS DISTINCT FROM lag(order_id) OVER ())
			GROUP BY customer HAVING count(*) >= 5`,
	},
	{
		Name: "cart without order",
		Text: `count(cart, last 30d) >= 1 and count(order, last 30d) = 0`,
		SQL: `SELECT DISTINCT customer FROM carts c WHERE time >= @30d
			AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.customer = c.customer AND o.time >= @30d)`,
	},
	{
		Name: "three conditions with a trait",
		Text: `country = "Germany" and count(order, last 90d) >= 2 and sum(order.amount, last 1y) > 300`,
		SQL: `SELECT customer FROM orders WHERE time >= @1y AND customer IN (SELECT customer FROM customers WHERE country = 'Germany')
			GROUP BY customer HAVING sum(amount) > 30000 AND count(DISTINCT order_id) FILTER (time >= @90d) >= 2`,
	},
	{
		Name: "inactive 60 days",
		Text: `days_since(order) > 60`,
		SQL:  `SELECT customer FROM orders GROUP BY customer HAVING max(time) < @61d`,
	},
	{
		Name: "sequence within a day",
		Text: `sequence(visit where section = "Shoes", cart, order, within 1d)`,
		SQL: `SELECT DISTINCT v.customer FROM visits v
			JOIN carts c ON c.customer = v.customer AND c.time >= v.time AND c.time <= v.time + INTERVAL 1 DAY
			JOIN orders o ON o.customer = v.customer AND o.time >= c.time AND o.time <= v.time + INTERVAL 1 DAY
			WHERE section = 'Shoes'`,
	},
	{
		Name: "sequence without an order",
		Text: `sequence(visit where section = "Shoes", cart, not order, within 1d, last 30d)`,
		SQL: `SELECT DISTINCT v.customer FROM visits v
			JOIN carts c ON c.customer = v.customer AND c.time >= v.time AND c.time <= v.time + INTERVAL 1 DAY
			WHERE section = 'Shoes' AND v.time >= @30d AND c.time >= @30d AND NOT EXISTS (
				SELECT 1 FROM orders o WHERE o.customer = v.customer AND o.time > c.time AND o.time <= v.time + INTERVAL 1 DAY)`,
	},
	{
		Name: "top 10% by spend",
		Text: `top 10% by sum(order.amount, last 1y)`,
		SQL: `WITH s AS MATERIALIZED (SELECT customer, sum(amount) AS v FROM orders WHERE time >= @1y GROUP BY customer)
			SELECT customer FROM s WHERE v >= (SELECT v FROM s ORDER BY v DESC
				LIMIT 1 OFFSET (SELECT (count(*) + 9) // 10 - 1 FROM customers))`,
	},
	{
		Name: "two windows compared",
		Text: `sum(order.amount, last 90d) < 0.5 * sum(order.amount, from 180d ago to 90d ago)`,
		SQL: `SELECT customer FROM orders WHERE time >= @180d GROUP BY customer
			HAVING 2 * coalesce(sum(amount) FILTER (time >= @90d), 0) < sum(amount) FILTER (time < @90d)`,
	},
	{
		Name: "distinct products",
		Text: `distinct(order.product) >= 5`,
		SQL:  `SELECT customer FROM orders GROUP BY customer HAVING len(list_distinct(list(product))) >= 5`,
	},
	{
		Name: "regularity in weeks",
		Text: `active_weeks(visit, last 7w) >= 3`,
		SQL: `SELECT customer FROM visits WHERE time >= @7w GROUP BY customer
			HAVING count(DISTINCT date_trunc('week', time)) >= 3`,
	},
	{
		Name: "regularity in months",
		Text: `active_months(order, last 1y) >= 4`,
		SQL: `SELECT customer FROM orders WHERE time >= @1y GROUP BY customer
			HAVING bit_count(bit_or(1 << month(time))) >= 4`,
	},
	{
		Name: "first purchase in a window",
		Text: `first(order) within last 30d`,
		SQL:  `SELECT customer FROM orders GROUP BY customer HAVING min(time) >= @30d`,
	},
	{
		Name: "ratio",
		Text: `count(order where category = "Shoes") / count(order) > 0.5`,
		SQL: `WITH o AS (SELECT customer FROM orders QUALIFY order_id IS DISTINCT FROM lag(order_id) OVER ()),
			s AS (SELECT customer FROM orders WHERE category = 'Shoes' QUALIFY order_id IS DISTINCT FROM lag(order_id) OVER ()),
			a AS (SELECT customer, count(*) AS n FROM o GROUP BY customer),
			b AS (SELECT customer, count(*) AS n FROM s GROUP BY customer)
			SELECT customer FROM a JOIN b USING (customer) WHERE b.n > 0.5 * a.n`,
	},
	{
		Name: "last property",
		Text: `latest(order.category) = "Bags"`,
		SQL:  `SELECT customer FROM orders GROUP BY customer HAVING arg_max(category, rowid) = 'Bags'`,
	},
	{
		Name: "spend over a threshold",
		Text: `sum(order.amount, last 1y) > 500`,
		SQL:  `SELECT customer FROM orders WHERE time >= @1y GROUP BY customer HAVING sum(amount) > 50000`,
	},
	{
		Name: "or and not",
		Text: `(count(order where category = "Shoes") >= 1 or count(order where category = "Bags") >= 1) and not count(visit, last 30d) >= 1`,
		SQL: `SELECT DISTINCT customer FROM orders o WHERE category IN ('Shoes', 'Bags')
			AND NOT EXISTS (SELECT 1 FROM visits v WHERE v.customer = o.customer AND v.time >= @30d)`,
	},
	{
		Name: "this and never that",
		Text: `count(order where category = "Shoes" and amount > 50, last 6mo) >= 1 and count(order where category = "Bags") = 0`,
		SQL: `SELECT DISTINCT customer FROM orders o WHERE time >= @6mo AND category = 'Shoes' AND amount > 5000
			AND NOT EXISTS (SELECT 1 FROM orders b WHERE b.customer = o.customer AND b.category = 'Bags')`,
	},
	{
		Name: "spent much, gone quiet",
		Text: `sum(order.amount, last 1y) > 500 and days_since(order) > 60`,
		SQL: `SELECT customer FROM orders WHERE time >= @1y GROUP BY customer
			HAVING sum(amount) > 50000 AND max(time) < @61d`,
	},
	{
		Name: "never bought, still comes",
		Text: `count(order) = 0 and count(visit, last 90d) >= 2`,
		SQL: `SELECT customer FROM visits v WHERE time >= @90d
			AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.customer = v.customer)
			GROUP BY customer HAVING count(*) >= 2`,
	},
	{
		Name: "mean line",
		Text: `avg(order.amount) > 120`,
		SQL:  `SELECT customer FROM orders GROUP BY customer HAVING sum(amount) > 12000 * count(*)`,
	},
	{
		Name: "rare products",
		Text: `count(order where product in ("P11990", "P11995", "P11999"), last 1y) >= 1`,
		SQL:  `SELECT DISTINCT customer FROM orders WHERE time >= @1y AND product IN ('P11990', 'P11995', 'P11999')`,
	},
	{
		Name: "rare event",
		Text: `count(refund, last 1y) >= 2`,
		SQL:  `SELECT customer FROM refunds WHERE time >= @1y GROUP BY customer HAVING count(*) >= 2`,
	},
	{
		Name: "trait and signup",
		Text: `country in ("Spain", "Portugal") and signup after 2024-06-30 and count(order) = 0`,
		SQL: `SELECT customer FROM customers c WHERE country IN ('Spain', 'Portugal') AND signup >= DATE '2024-07-01'
			AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.customer = c.customer)`,
	},
}
