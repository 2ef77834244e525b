package bench

// Measure is a question for figures, as a query of measures and in SQL.
type Measure struct {
	Name     string
	Measures []string
	Base     string // formula; "" is everyone
	Where    string // filter
	Window   string // as formulas write it
	GroupBy  []string
	Per      string
	Top      int
	// SQL gives the same columns: the period, the groups, the measures. Money
	// is whole cents. Periods are keyed as the product keys them.
	SQL string
	// Plain is as in Formula.
	Plain string
}

// orderMonth keys the month of an order.
const orderMonth = `strftime(m, '%Y-%m')`

// Measures are the questions for figures that are timed; see Formulas on the
// SQL.
var Measures = []Measure{
	{
		Name:     "revenue by month and category",
		Measures: []string{"gross_revenue"}, GroupBy: []string{"order.category"}, Per: "month",
		SQL: `WITH g AS (SELECT date_trunc('month', time) AS m, category, sum(amount) AS v FROM orders GROUP BY ALL),
			ms AS (SELECT unnest(generate_series(date_trunc('month', (SELECT min(time) FROM orders)), @now - INTERVAL 1 MICROSECOND, INTERVAL 1 MONTH)) AS m),
			cs AS (SELECT DISTINCT category FROM g)
			SELECT ` + orderMonth + `, category, coalesce(v, 0)::BIGINT FROM ms CROSS JOIN cs LEFT JOIN g USING (m, category)`,
	},
	{
		Name:     "net revenue by month",
		Measures: []string{"revenue"}, Per: "month",
		SQL: `WITH o AS (SELECT date_trunc('month', time) AS m, sum(amount) AS v FROM orders GROUP BY ALL),
			r AS (SELECT date_trunc('month', time) AS m, sum(amount) AS v FROM refunds GROUP BY ALL)
			SELECT ` + orderMonth + `, (coalesce(o.v, 0) - coalesce(r.v, 0))::BIGINT FROM o FULL JOIN r USING (m)`,
	},
	{
		Name:     "orders, buyers and revenue by country",
		Measures: []string{"gross_revenue", "orders", "buyers"}, GroupBy: []string{"country"},
		SQL: `WITH l AS (SELECT customer, amount, order_id IS DISTINCT FROM lag(order_id) OVER () AS fresh FROM orders),
			p AS (SELECT customer, sum(amount) AS v, count_if(fresh) AS n FROM l GROUP BY customer)
			SELECT country, coalesce(sum(v), 0)::BIGINT, coalesce(sum(n), 0)::BIGINT, count(n)
			FROM customers LEFT JOIN p USING (customer) GROUP BY country`,
		Plain: `WITH p AS (SELECT customer, sum(amount) AS v, count(DISTINCT order_id) AS n FROM orders GROUP BY customer)
			SELECT country, coalesce(sum(v), 0)::BIGINT, coalesce(sum(n), 0)::BIGINT, count(n)
			FROM customers LEFT JOIN p USING (customer) GROUP BY country`,
	},
	{
		Name:     "ten best products of 90 days",
		Measures: []string{"gross_revenue"}, GroupBy: []string{"order.product"}, Window: "last 90d", Top: 10,
		SQL: `SELECT product, sum(amount)::BIGINT AS v FROM orders WHERE time >= @90d GROUP BY product ORDER BY v DESC, product::VARCHAR LIMIT 10`,
	},
	{
		Name:     "average order by week",
		Measures: []string{"aov"}, Window: "last 1y", Per: "week",
		SQL: `WITH l AS (SELECT time, amount, order_id FROM orders WHERE time >= @1y),
			f AS (SELECT *, order_id IS DISTINCT FROM lag(order_id) OVER () AS fresh FROM l),
			w AS (SELECT date_trunc('week', time) AS w, sum(amount) AS v, count_if(fresh) AS n FROM f GROUP BY ALL)
			SELECT strftime(w, '%G-W%V'), ((2 * v + n) // (2 * n))::BIGINT FROM w`,
		Plain: `WITH w AS (SELECT date_trunc('week', time) AS w, sum(amount) AS v, count(DISTINCT order_id) AS n FROM orders WHERE time >= @1y GROUP BY ALL)
			SELECT strftime(w, '%G-W%V'), ((2 * v + n) // (2 * n))::BIGINT FROM w`,
	},
	{
		Name:     "repeat rate by country",
		Measures: []string{"repeat_rate"}, GroupBy: []string{"country"},
		SQL: `WITH o AS (SELECT customer FROM orders QUALIFY order_id IS DISTINCT FROM lag(order_id) OVER ()),
			p AS (SELECT customer, count(*) AS n FROM o GROUP BY customer)
			SELECT country, count_if(n >= 2) / count(n) FROM customers LEFT JOIN p USING (customer) GROUP BY country`,
		Plain: `WITH p AS (SELECT customer, count(DISTINCT order_id) AS n FROM orders GROUP BY customer)
			SELECT country, count_if(n >= 2) / count(n) FROM customers LEFT JOIN p USING (customer) GROUP BY country`,
	},
	{
		Name:     "new buyers by month",
		Measures: []string{"new_buyers"}, Per: "month",
		SQL: `WITH f AS (SELECT min(time) AS t FROM orders GROUP BY customer), g AS (SELECT date_trunc('month', t) AS m, count(*) AS n FROM f GROUP BY ALL)
			SELECT ` + orderMonth + `, n FROM g`,
	},
	{
		Name:     "median spend of a year's buyers",
		Measures: []string{"per_customer(sum(order.amount, last 1y), median)"}, Base: `count(order, last 1y) >= 1`,
		SQL: `WITH s AS (SELECT sum(amount)::BIGINT AS v FROM orders WHERE time >= @1y GROUP BY customer)
			SELECT round(median(v))::BIGINT FROM s`,
	},
	{
		Name:     "distinct products by country",
		Measures: []string{"distinct(order.product)"}, Window: "last 90d", GroupBy: []string{"country"},
		SQL: `WITH p AS (SELECT DISTINCT country, product FROM orders JOIN customers USING (customer) WHERE time >= @90d),
			n AS (SELECT country, count(*) AS n FROM p GROUP BY country)
			SELECT c.country, coalesce(n.n, 0) FROM (SELECT DISTINCT country FROM customers) c LEFT JOIN n ON n.country IS NOT DISTINCT FROM c.country`,
	},
	{
		Name:     "days between purchases",
		Measures: []string{"days_between"},
		SQL: `WITH d AS (SELECT customer, time::DATE AS d FROM orders),
			f AS (SELECT customer, d FROM d QUALIFY d IS DISTINCT FROM lag(d) OVER () OR customer IS DISTINCT FROM lag(customer) OVER ()),
			p AS (SELECT max(d) - min(d) AS days, count(*) - 1 AS gaps FROM f GROUP BY customer)
			SELECT sum(days) / sum(gaps) FROM p`,
		Plain: `WITH p AS (SELECT max(time::DATE) - min(time::DATE) AS days, count(DISTINCT time::DATE) - 1 AS gaps FROM orders GROUP BY customer)
			SELECT sum(days) / sum(gaps) FROM p`,
	},
	{
		Name:     "share of orders with shoes by month",
		Measures: []string{`count(order where category = "Shoes") / count(order)`}, Per: "month",
		SQL: `WITH a AS (SELECT time FROM orders QUALIFY order_id IS DISTINCT FROM lag(order_id) OVER ()),
			s AS (SELECT time FROM orders WHERE category = 'Shoes' QUALIFY order_id IS DISTINCT FROM lag(order_id) OVER ()),
			am AS (SELECT date_trunc('month', time) AS m, count(*) AS n FROM a GROUP BY ALL),
			sm AS (SELECT date_trunc('month', time) AS m, count(*) AS n FROM s GROUP BY ALL)
			SELECT ` + orderMonth + `, coalesce(sm.n, 0) / am.n FROM am LEFT JOIN sm USING (m)`,
		Plain: `WITH g AS (SELECT date_trunc('month', time) AS m, count(DISTINCT order_id) FILTER (category = 'Shoes') AS s, count(DISTINCT order_id) AS n FROM orders GROUP BY ALL)
			SELECT ` + orderMonth + `, s / n FROM g`,
	},
	{
		Name:     "visits by hour",
		Measures: []string{"events(visit)"}, Per: "hour",
		SQL: `SELECT hour(time), count(*) FROM visits GROUP BY ALL`,
	},
	{
		Name:     "a segment's revenue by category",
		Measures: []string{"gross_revenue"}, GroupBy: []string{"order.category"}, Base: `country = "Germany" and count(order, last 90d) >= 2`,
		SQL: `WITH b AS (SELECT customer FROM orders WHERE time >= @90d AND customer IN (SELECT customer FROM customers WHERE country = 'Germany')
				GROUP BY customer HAVING count(DISTINCT order_id) >= 2)
			SELECT category, sum(amount)::BIGINT FROM orders WHERE customer IN (FROM b) GROUP BY category`,
	},
}
