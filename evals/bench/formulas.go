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
	// Plain does the same without leaning on the order of rows, where SQL
	// does: what most would write, and what the standard vouches for.
	Plain string
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
		{"@61d", End.AddDate(0, 0, -61)}, // days_since is 0 on the last day: more than 60 is before here
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

// Formulas are the behavioural segments that are timed. Each SQL is the
// quickest of several ways tried to write it; those that depend on the order
// of rows (lag() over (), rowid) use that DuckDB's tables are sorted by
// customer and time and are scanned in that order, so that it profits from the
// sorting too.
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
		Plain: `SELECT customer FROM orders GROUP BY customer HAVING count(DISTINCT order_id) >= 5`,
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
		Plain: `SELECT customer FROM orders GROUP BY customer
			HAVING count(DISTINCT order_id) FILTER (category = 'Shoes') > 0.5 * count(DISTINCT order_id)`,
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
	{
		Name: "RFM champions",
		Text: `rfm = "Champions"`,
		SQL:  rfmOrdered + rfmScores + champions, Plain: rfmPlain + rfmScores + champions,
	},
	{
		Name: "RFM scores",
		Text: `rfm_r >= 4 and rfm_f >= 4 and rfm_m <= 3`,
		SQL:  rfmOrdered + rfmScores + frequentCheap, Plain: rfmPlain + rfmScores + frequentCheap,
	},
	{
		Name: "lifecycle at risk",
		Text: `lifecycle = "at risk"`,
		SQL: `WITH d AS (SELECT customer, time::DATE AS d FROM orders),
			g AS (SELECT customer, d, d - lag(d) OVER () AS gap, customer IS DISTINCT FROM lag(customer) OVER () AS first FROM d),
			h AS (SELECT gap, count(*) AS n FROM g WHERE NOT first AND gap > 0 GROUP BY gap),
			c AS (SELECT gap, sum(n) OVER (ORDER BY gap) AS upto, sum(n) OVER () AS n FROM h),
			lapse AS (SELECT greatest(14, min(gap)) AS l FROM c WHERE 10 * upto >= 9 * n),
			s AS (SELECT customer, (@now::DATE - 1) - max(time)::DATE AS days FROM orders GROUP BY customer)
			SELECT customer FROM s, lapse WHERE 5 * days > 4 * l AND days <= l`,
		Plain: `WITH d AS (SELECT DISTINCT customer, time::DATE AS d FROM orders),
			g AS (SELECT d - lag(d) OVER (PARTITION BY customer ORDER BY d) AS gap FROM d),
			h AS (SELECT gap, count(*) AS n FROM g WHERE gap IS NOT NULL GROUP BY gap),
			c AS (SELECT gap, sum(n) OVER (ORDER BY gap) AS upto, sum(n) OVER () AS n FROM h),
			lapse AS (SELECT greatest(14, min(gap)) AS l FROM c WHERE 10 * upto >= 9 * n),
			s AS (SELECT customer, (@now::DATE - 1) - max(d) AS days FROM d GROUP BY customer)
			SELECT customer FROM s, lapse WHERE 5 * days > 4 * l AND days <= l`,
	},
	{
		Name: "top value tier",
		Text: `value_tier = "top"`,
		SQL: `WITH o AS (SELECT customer, sum(amount) AS v FROM orders WHERE time >= @1y GROUP BY customer),
			r AS (SELECT customer, sum(amount) AS v FROM refunds WHERE time >= @1y GROUP BY customer),
			s AS MATERIALIZED (SELECT customer, o.v - coalesce(r.v, 0) AS v FROM o LEFT JOIN r USING (customer))
			SELECT customer FROM s WHERE v > 0 AND v >= (SELECT v FROM s ORDER BY v DESC
				LIMIT 1 OFFSET (SELECT (count(*) * 20 + 99) // 100 - 1 FROM customers))`,
	},
}

// RFM in SQL: what each customer did, by way of the rows' order or without;
// the three scores of every buyer; and which of them are asked for.
const (
	rfmOrdered = `WITH l AS (SELECT customer, time, amount, order_id IS DISTINCT FROM lag(order_id) OVER () AS fresh FROM orders),
		p AS (SELECT customer, max(time)::DATE AS d, count_if(fresh) AS f, sum(amount) AS m FROM l GROUP BY customer), `
	rfmPlain  = `WITH p AS (SELECT customer, max(time)::DATE AS d, count(DISTINCT order_id) AS f, sum(amount) AS m FROM orders GROUP BY customer), `
	rfmScores = `x AS (SELECT customer, sum(amount) AS x FROM refunds GROUP BY customer),
		q AS (SELECT customer, d, f, m - coalesce(x, 0) AS m FROM p LEFT JOIN x USING (customer)),
		scores AS (SELECT customer, 1 + 5 * (rank() OVER (ORDER BY d) - 1) // count(*) OVER () AS r,
			1 + 5 * (rank() OVER (ORDER BY f) - 1) // count(*) OVER () AS f,
			1 + 5 * (rank() OVER (ORDER BY m) - 1) // count(*) OVER () AS m FROM q) `
	champions     = `SELECT customer FROM scores WHERE 100 * r + 10 * f + m IN (555, 554, 544, 545, 454, 455, 445)`
	frequentCheap = `SELECT customer FROM scores WHERE r >= 4 AND f >= 4 AND m <= 3`
)
