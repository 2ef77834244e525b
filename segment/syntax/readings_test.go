package syntax

import (
	"testing"

	"golang.org/x/text/unicode/norm"
)

// readings are texts and the canonical text of what they mean.
var readings = []struct{ text, canonical string }{
	// Letters, space and needless brackets.
	{"  a=1 AND\tb  !=2 ", `a = 1 and b != 2`},
	{`NOT a IN ("X") AND COUNT(order, LAST 90D) > 3`, `not a in ("X") and count(order, last 90d) > 3`},
	{`((a = 1)) and (((b) = 2))`, `a = 1 and b = 2`},
	{`EVERYONE or Nobody`, `everyone or nobody`},
	{`Top 5 By a Among (b = 1)`, `top 5 by a among (b = 1)`},
	{`a STARTS WITH "x" or a Ends With "y" or a CONTAINS "z"`, `a starts with "x" or a ends with "y" or a contains "z"`},
	{`a is NOT set and b IS SET`, `a is not set and b is set`},
	{`a = TRUE and b = False`, `a = true and b = false`},
	{`count ( order . amount , last 90 d ) > 1`, `count(order.amount, last 90d) > 1`},
	// Or, and, not.
	{`a = 1 or b = 2 and c = 3`, `a = 1 or b = 2 and c = 3`},
	{`(a = 1 or b = 2) and c = 3`, `(a = 1 or b = 2) and c = 3`},
	{`a = 1 or (b = 2 and c = 3)`, `a = 1 or b = 2 and c = 3`},
	{`(a = 1 and b = 2) and (c = 3 and d = 4)`, `a = 1 and b = 2 and c = 3 and d = 4`},
	{`a = 1 or (b = 2 or (c = 3 or d = 4))`, `a = 1 or b = 2 or c = 3 or d = 4`},
	{`not a = 1 and b = 2`, `not a = 1 and b = 2`},
	{`(not a = 1) and b = 2`, `not a = 1 and b = 2`},
	{`not (a = 1 and b = 2)`, `not (a = 1 and b = 2)`},
	{`not (a = 1 or b = 2) or c = 3`, `not (a = 1 or b = 2) or c = 3`},
	{`not not a = 1`, `not not a = 1`},
	{`not (not (a = 1))`, `not not a = 1`},
	{`not a not in (1)`, `not a not in (1)`},
	// Comparisons.
	{`a < 1 and a <= 1 and a > 1 and a >= 1 and a != 1`, `a < 1 and a <= 1 and a > 1 and a >= 1 and a != 1`},
	{`5 < a`, `5 < a`},
	{`a = b`, `a = b`},
	{`"x" = country`, `"x" = country`},
	{`a in (1, "b", true, 2011-05-01, -2.50)`, `a in (1, "b", true, 2011-05-01, -2.5)`},
	{`a not in ("x")`, `a not in ("x")`},
	{`a between 1 and 2 and b = 3`, `a between 1 and 2 and b = 3`},
	{`a between -5 and -1`, `a between -5 and -1`},
	{`a between "a" and "b"`, `a between "a" and "b"`},
	{`signup between 2011-01-01 and 2011-02-01`, `signup between 2011-01-01 and 2011-02-01`},
	{`a is set`, `a is set`},
	{`a not contains "x" and b not starts with "y" and c not ends with "z"`, `a not contains "x" and b not starts with "y" and c not ends with "z"`},
	{`signup before 2011-05-01 and signup after 2011-04-01 or signup on 2011-04-15`, `signup before 2011-05-01 and signup after 2011-04-01 or signup on 2011-04-15`},
	{`signup < 2011-05-01`, `signup < 2011-05-01`},
	{`first(order) before 2011-05-01T00:00:00Z`, `first(order) before 2011-05-01T00:00:00Z`},
	{`first(order) within last 30d and b = 1`, `first(order) within last 30d and b = 1`},
	{`last(order) within from 2011-05-01 to 30d ago or b = 2`, `last(order) within from 2011-05-01 to 30d ago or b = 2`},
	{`birthday anniversary within next 7d`, `birthday anniversary within next 7d`},
	{`count(order) - 3 between 1 and 2`, `count(order) - 3 between 1 and 2`},
	// Numbers.
	{`a = 007`, `a = 7`},
	{`a = 1.50`, `a = 1.5`},
	{`a = 0.0`, `a = 0`},
	{`a = -0.00`, `a = 0`},
	{`a = -007.10`, `a = -7.1`},
	{`a = - 5`, `a = -5`},
	{`a = 100`, `a = 100`},
	{`a = 2011`, `a = 2011`},
	{`a = 123456789012345678901234567890.0123456789`, `a = 123456789012345678901234567890.0123456789`},
	// Arithmetic.
	{`a + b - c > 0`, `a + b - c > 0`},
	{`a - (b - c) > 0`, `a - (b - c) > 0`},
	{`(a - b) - c > 0`, `a - b - c > 0`},
	{`a + (b + c) > 0`, `a + (b + c) > 0`},
	{`a / (b * c) > 0`, `a / (b * c) > 0`},
	{`(a / b) * c > 0`, `a / b * c > 0`},
	{`a * (b / c) > 0`, `a * (b / c) > 0`},
	{`(a + b) * c > 0`, `(a + b) * c > 0`},
	{`a + (b * c) > 0`, `a + b * c > 0`},
	{`a * b + c / d > 0`, `a * b + c / d > 0`},
	{`((a + b)) > ((3))`, `a + b > 3`},
	{`a - -5 > 0`, `a - -5 > 0`},
	{`a--5>0`, `a - -5 > 0`},
	{`a -5 > 0`, `a - 5 > 0`},
	{`a - 05 > 0`, `a - 5 > 0`},
	{`-5 * a < 0`, `-5 * a < 0`},
	{`2011 - 05 > a`, `2011 - 5 > a`},
	{`a - 2011-05-01 > 0`, `a - 2011-05-01 > 0`},
	{`2011-05-01 - 5 > a`, `2011-05-01 - 5 > a`},
	{`(a + b) > 3 and (c) = 1`, `a + b > 3 and c = 1`},
	{`(a) * (b) + (c) > (d)`, `a * b + c > d`},
	{`(((a + b) * c) > 1)`, `(a + b) * c > 1`},
	// Calls.
	{`count(order) = 0`, `count(order) = 0`},
	{`sum(order.amount) > 1`, `sum(order.amount) > 1`},
	{`count(order where category = "Shoes") > 1`, `count(order where category = "Shoes") > 1`},
	{`count(order where (category = "Shoes"), last 6mo) > 1`, `count(order where category = "Shoes", last 6mo) > 1`},
	{`sum(order.amount where a = 1 or (b = 2 and not c contains "x"), this month) > 0`, `sum(order.amount where a = 1 or b = 2 and not c contains "x", this month) > 0`},
	{`count(order where a in (1, 2) and b between 1 and 2 and c is not set) > 0`, `count(order where a in (1, 2) and b between 1 and 2 and c is not set) > 0`},
	{`count(order where a before 2011-05-01 and b within last 3d) > 0`, `count(order where a before 2011-05-01 and b within last 3d) > 0`},
	{`avg(a.b) + min(a.b) + max(a.b) + distinct(a.b) > 0`, `avg(a.b) + min(a.b) + max(a.b) + distinct(a.b) > 0`},
	{`first(a) < last(a)`, `first(a) < last(a)`},
	{`earliest(a.b) = latest(a.b)`, `earliest(a.b) = latest(a.b)`},
	{`days_since(a) + active_days(a) + active_weeks(a) + active_months(a) > 0`, `days_since(a) + active_days(a) + active_weeks(a) + active_months(a) > 0`},
	// Windows.
	{`count(o, last 90d) > 0`, `count(o, last 90d) > 0`},
	{`count(o, last 15min) > 0`, `count(o, last 15min) > 0`},
	{`count(o, last 1h) + count(o, last 2w) + count(o, last 3mo) + count(o, last 4q) + count(o, last 5y) > 0`, `count(o, last 1h) + count(o, last 2w) + count(o, last 3mo) + count(o, last 4q) + count(o, last 5y) > 0`},
	{`count(o, last 007d) > 0`, `count(o, last 7d) > 0`},
	{`count(o, from 180d ago to 90d ago) > 0`, `count(o, from 180d ago to 90d ago) > 0`},
	{`count(o, from 2011-01-01 to 2011-02-01) > 0`, `count(o, from 2011-01-01 to 2011-02-01) > 0`},
	{`count(o, before 2011-05-01) > 0`, `count(o, before 2011-05-01) > 0`},
	{`count(o, before 2 w ago) > 0`, `count(o, before 2w ago) > 0`},
	{`count(o, since 30d ago) > 0`, `count(o, since 30d ago) > 0`},
	{`count(o, since 2011-05-01T12:00:00Z) > 0`, `count(o, since 2011-05-01T12:00:00Z) > 0`},
	{`count(o, today) + count(o, yesterday) > 0`, `count(o, today) + count(o, yesterday) > 0`},
	{`count(o, this week) + count(o, this month) + count(o, this quarter) + count(o, this year) > 0`, `count(o, this week) + count(o, this month) + count(o, this quarter) + count(o, this year) > 0`},
	{`count(o, last week) + count(o, last month) + count(o, last quarter) + count(o, last year) > 0`, `count(o, last week) + count(o, last month) + count(o, last quarter) + count(o, last year) > 0`},
	{`count(o, Last Month) > 0`, `count(o, last month) > 0`},
	{`count(o, 2011) > 0`, `count(o, 2011) > 0`},
	{`count(o, 2011-05) > 0`, `count(o, 2011-05) > 0`},
	{`signup within 2011-05 or signup within 2010`, `signup within 2011-05 or signup within 2010`},
	// Dates.
	{`a < 2012-02-29`, `a < 2012-02-29`},
	{`a < 2011-05-01T10:30:00Z`, `a < 2011-05-01T10:30:00Z`},
	{`a < 2011-05-01t10:30:00z`, `a < 2011-05-01T10:30:00Z`},
	{`a < 2011-05-01T10:30:00+01:00`, `a < 2011-05-01T09:30:00Z`},
	{`a < 2011-05-01T00:30:00+01:00`, `a < 2011-04-30T23:30:00Z`},
	{`a < 2011-05-01T10:30:00.500Z`, `a < 2011-05-01T10:30:00.5Z`},
	{`a < 2011-05-01T10:30:00-03:00`, `a < 2011-05-01T13:30:00Z`},
	// Ranks.
	{`top 10% by sum(order.amount, last 1y) among (country = "DE")`, `top 10% by sum(order.amount, last 1y) among (country = "DE")`},
	{`top 10% by a and b = 1`, `top 10% by a and b = 1`},
	{`bottom 3 by a + b or c = 1`, `bottom 3 by a + b or c = 1`},
	{`top 0.5% by a`, `top 0.5% by a`},
	{`top 100% by a`, `top 100% by a`},
	{`top 010 by a`, `top 10 by a`},
	{`not top 5 by a`, `not top 5 by a`},
	{`top 10 %by a`, `top 10% by a`},
	{`(top 5 by a) and b = 1`, `top 5 by a and b = 1`},
	{`top 5 by (a)`, `top 5 by a`},
	{`top 5 by a among ((b = 1 or c = 2)) and d = 3`, `top 5 by a among (b = 1 or c = 2) and d = 3`},
	// Sequences.
	{`sequence(a, b, within 1d)`, `sequence(a, b, within 1d)`},
	{`sequence(view where category = "Shoes", cart, not order, within 1d, last 30d)`, `sequence(view where category = "Shoes", cart, not order, within 1d, last 30d)`},
	{`sequence(a, not b where x = 1, within 15min) and c = 1`, `sequence(a, not b where x = 1, within 15min) and c = 1`},
	{`sequence(a, within 1h)`, `sequence(a, within 1h)`},
	// Segments.
	{`segment "Newsletter"`, `segment "Newsletter"`},
	{`segment "Newsletter" at 2011-06-01 and a = 1`, `segment "Newsletter" at 2011-06-01 and a = 1`},
	{`entered segment "x" within last 30d or left segment "y" within this year`, `entered segment "x" within last 30d or left segment "y" within this year`},
	{`not segment "a \"b\""`, `not segment "a \"b\""`},
	// Layers and scores.
	{`rfm = "Champions"`, `rfm = "Champions"`},
	{`rfm() = "Champions"`, `rfm = "Champions"`},
	{`rfm(last 1y) = "Champions"`, `rfm(last 1y) = "Champions"`},
	{`rfm_r(bins: 3) >= 2`, `rfm_r(bins: 3) >= 2`},
	{`rfm(bins:4,window:2011) = "x"`, `rfm(bins: 4, window: 2011) = "x"`},
	{`rfm(2011) = "x"`, `rfm(2011) = "x"`},
	{`rfm(2011-05) = "x"`, `rfm(2011-05) = "x"`},
	{`rfm(bins: 2011) = "x"`, `rfm(bins: 2011) = "x"`},
	{`intent(order, next 30d) = "most likely"`, `intent(order, next 30d) = "most likely"`},
	{`clv(next 365d) > 100`, `clv(next 365d) > 100`},
	{`x("text", true, -5, 2011-05-01, k: "v", from 2d ago to 1d ago, event: order) > 1`, `x("text", true, -5, 2011-05-01, k: "v", from 2d ago to 1d ago, event: order) > 1`},
	{"x(last: 3, where: order, `a key`: 5) = 1", "x(last: 3, where: order, `a key`: 5) = 1"},
	{"x(`last`, `today`, `true`) = 1", "x(`last`, `today`, `true`) = 1"},
	// Names.
	{`count > 1 and sum = 2 and first is set`, `count > 1 and sum = 2 and first is set`},
	{"`count`(order) > 1", "`count`(order) > 1"},
	{"`customers`(order) > 1 and customers = 2", "`customers`(order) > 1 and customers = 2"},
	{"`country` = 1", `country = 1`},
	{"`last` > 3 and `in` = 1 and `segment` = 2 and `everyone` = 3 and `top` = 4", "`last` > 3 and `in` = 1 and `segment` = 2 and `everyone` = 3 and `top` = 4"},
	{"count(`where`) > 0 and count(`order`.`from`) > 0", "count(`where`) > 0 and count(order.`from`) > 0"},
	{"`Country` = 1 and `a b` = 2 and `a``b` = 3 and `día` = 4 and `2nd` = 5", "`Country` = 1 and `a b` = 2 and `a``b` = 3 and `día` = 4 and `2nd` = 5"},
	{"count(order.`2nd`) > 0", "count(order.`2nd`) > 0"},
	{`week = 1 and month = 2 and set = 3 and ago = 4 and min = 5 and d = 6`, `week = 1 and month = 2 and set = 3 and ago = 4 and min = 5 and d = 6`},
	{"sequence(`within`, `not`, within 1d)", "sequence(`within`, `not`, within 1d)"},
	{`_a1 = 1`, `_a1 = 1`},
	// Texts.
	{`a = ""`, `a = ""`},
	{`a = "x\u0041\ud83d\ude00\n\t\"\\"`, `a = "xA😀\n\t\"\\"`},
	{`a = "\u00e9"`, `a = "é"`},
	{`a = "e\u0301"`, `a = "é"`},
	{`a = "\u202e\u0000"`, `a = "\u202e\u0000"`},
	{`a = "it's 'so' & and or"`, `a = "it's 'so' & and or"`},
	{"a = \"`\"", "a = \"`\""},
}

func TestReadings(t *testing.T) {
	for _, c := range readings {
		f, err := Parse(c.text)
		if err != nil {
			t.Errorf("%s: %v", c.text, err)
			continue
		}
		if got := f.String(); got != c.canonical {
			t.Errorf("%s\nprints as %s\nwant      %s", c.text, got, c.canonical)
		}
		roundTrip(t, c.text, Parse)
	}
}

// A text that reaches the parser in pieces is put together in NFC.
func TestComposes(t *testing.T) {
	for _, text := range []string{"a = \"e\u0301\"", "`e\u0301` = 1"} {
		f, err := Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		if want := norm.NFC.String(text); f.String() != want {
			t.Errorf("%+q prints as %+q", text, f.String())
		}
	}
}
