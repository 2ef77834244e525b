package bench

// Checks are segments that only tests ask about, not for their time but for
// their members: constructs that Formulas leave out.
var Checks = []Formula{
	{
		Name: "bottom among",
		Text: `bottom 100 by sum(order.amount, last 1y) among (count(order, last 1y) >= 2)`,
		SQL: `WITH s AS (SELECT customer, sum(amount) AS v FROM orders WHERE time >= @1y GROUP BY customer HAVING count(DISTINCT order_id) >= 2)
			SELECT customer FROM s WHERE v <= (SELECT v FROM s ORDER BY v LIMIT 1 OFFSET 99)`,
	},
	{
		Name: "top of a count, with many ties",
		Text: `top 1% by count(visit)`,
		SQL: `WITH s AS (SELECT customer, count(*) AS v FROM visits GROUP BY customer)
			SELECT customer FROM s WHERE v >= (SELECT v FROM s ORDER BY v DESC LIMIT 1 OFFSET (SELECT (count(*) + 99) // 100 - 1 FROM customers))`,
	},
	{
		Name: "largest and smallest line",
		Text: `max(order.amount, last 1y) >= 250 and min(order.amount, last 1y) < 10`,
		SQL:  `SELECT customer FROM orders WHERE time >= @1y GROUP BY customer HAVING max(amount) >= 25000 AND min(amount) < 1000`,
	},
	{
		Name: "first category",
		Text: `earliest(order.category) in ("Shoes", "Hats") and count(order) between 2 and 4`,
		SQL: `SELECT customer FROM orders GROUP BY customer
			HAVING arg_min(category, rowid) IN ('Shoes', 'Hats') AND count(DISTINCT order_id) BETWEEN 2 AND 4`,
	},
	{
		Name: "unset country",
		Text: `country is not set and count(visit) >= 1`,
		SQL:  `SELECT customer FROM customers WHERE country IS NULL AND customer IN (SELECT customer FROM visits)`,
	},
	{
		Name: "not in, which leaves the unset out",
		Text: `country not in ("Germany", "France") and country != "Spain"`,
		SQL:  `SELECT customer FROM customers WHERE country NOT IN ('Germany', 'France', 'Spain')`,
	},
	{
		Name: "complement, which takes the unset in",
		Text: `not country in ("Germany", "France")`,
		SQL:  `SELECT customer FROM customers WHERE (country IN ('Germany', 'France')) IS NOT TRUE`,
	},
	{
		Name: "orders with a dear line of another category",
		Text: `count(order where not category = "Shoes" and (amount > 200 or product starts with "P100")) >= 3`,
		SQL: `SELECT customer FROM orders WHERE category != 'Shoes' AND (amount > 20000 OR starts_with(product::VARCHAR, 'P100'))
			GROUP BY customer HAVING count(DISTINCT order_id) >= 3`,
	},
	{
		Name: "months and days active",
		Text: `active_months(visit) >= 3 and active_days(order) >= 2`,
		SQL: `SELECT customer FROM (SELECT customer FROM visits GROUP BY customer HAVING count(DISTINCT date_trunc('month', time)) >= 3)
			JOIN (SELECT customer FROM orders GROUP BY customer HAVING count(DISTINCT time::DATE) >= 2) USING (customer)`,
	},
	{
		Name: "periods of the calendar",
		Text: `count(order, last quarter) >= 1 and count(order, this month) = 0 and count(order, 2024-06) >= 1`,
		SQL: `SELECT customer FROM orders GROUP BY customer
			HAVING count_if(time >= '2024-07-01' AND time < '2024-10-01') >= 1 AND count_if(time >= '2024-12-01') = 0
			AND count_if(time >= '2024-06-01' AND time < '2024-07-01') >= 1`,
	},
	{
		Name: "dates between",
		Text: `first(order) on 2024-03-03 or last(order) before 2022-03-01`,
		SQL: `SELECT customer FROM orders GROUP BY customer
			HAVING min(time)::DATE = '2024-03-03' OR max(time) < '2022-03-01'`,
	},
	{
		Name: "arithmetic of values",
		Text: `sum(order.amount) - sum(refund.amount) > 20 * avg(order.amount) and sum(refund.amount) > 0`,
		SQL: `SELECT customer FROM (SELECT customer, sum(amount) AS v, count(*) AS n FROM orders GROUP BY customer)
			JOIN (SELECT customer, sum(amount) AS x FROM refunds GROUP BY customer) USING (customer) WHERE (v - x) * n > 20 * v`,
	},
	{
		Name: "two orders within a week",
		Text: `sequence(order where category = "Shoes", order where category = "Bags", within 7d)`,
		SQL: `WITH o AS (SELECT customer, order_id, min(time) AS time, bool_or(category = 'Shoes') AS shoes, bool_or(category = 'Bags') AS bags FROM orders GROUP BY ALL)
			SELECT DISTINCT a.customer FROM o a JOIN o b ON a.customer = b.customer AND b.time >= a.time AND b.time <= a.time + INTERVAL 7 DAY AND b.order_id > a.order_id
			WHERE a.shoes AND b.bags`,
	},
	{
		Name: "a visit, no cart, an order",
		Text: `sequence(visit, not cart, order, within 12h)`,
		SQL: `SELECT DISTINCT v.customer FROM visits v
			JOIN orders o ON o.customer = v.customer AND o.time >= v.time AND o.time <= v.time + INTERVAL 12 HOUR
			WHERE NOT EXISTS (SELECT 1 FROM carts c WHERE c.customer = v.customer AND c.time > v.time AND c.time < o.time)`,
	},
	{
		Name: "signup anniversary",
		Text: `signup anniversary within next 7d`,
		SQL:  `SELECT customer FROM customers WHERE month(signup) = 1 AND day(signup) BETWEEN 1 AND 7`,
	},
	{
		Name: "lost to the lifecycle",
		Text: `lifecycle = "prospect" and signup before 2024-01-01`,
		SQL:  `SELECT customer FROM customers c WHERE signup < '2024-01-01' AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.customer = c.customer)`,
	},
	{
		Name: "RFM of a year, three bins",
		Text: `rfm(bins: 3, last 1y) = "333"`,
		SQL: `WITH p AS (SELECT customer, max(time)::DATE AS d, count(DISTINCT order_id) AS f, sum(amount) AS m FROM orders WHERE time >= @1y GROUP BY customer),
			x AS (SELECT customer, sum(amount) AS x FROM refunds WHERE time >= @1y GROUP BY customer),
			q AS (SELECT customer, d, f, m - coalesce(x, 0) AS m FROM p LEFT JOIN x USING (customer)),
			s AS (SELECT customer, 1 + 3 * (rank() OVER (ORDER BY d) - 1) // count(*) OVER () AS r, 1 + 3 * (rank() OVER (ORDER BY f) - 1) // count(*) OVER () AS f,
				1 + 3 * (rank() OVER (ORDER BY m) - 1) // count(*) OVER () AS m FROM q)
			SELECT customer FROM s WHERE r = 3 AND f = 3 AND m = 3`,
	},
}
