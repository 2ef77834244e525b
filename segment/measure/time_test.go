package measure_test

import (
	"testing"
)

// On 27 March 2011 London's clock went from 1:00 to 2:00, on 30 October from
// 2:00 back to 1:00.
func TestDaylightSaving(t *testing.T) {
	src, at := source(t, `load
zone Europe/London
role purchase order
role amount order.amount
customers
  a
event order amount:money
  a 2011-03-27T00:30:00Z 1.00
  a 2011-03-27T01:30:00Z 2.00
  a 2011-03-27T22:59:59Z 4.00
  a 2011-03-27T23:00:00Z 8.00
  a 2011-10-30T00:30:00Z 16.00
  a 2011-10-30T01:30:00Z 32.00
  a 2011-10-30T23:59:59Z 64.00
  a 2011-10-31T00:00:00Z 128.00
at 2011-11-01
eval everyone -> none
`)
	for _, c := range []struct {
		ask  ask
		want string
	}{
		{ask{measures: "gross_revenue", per: "day", window: "from 2011-03-26 to 2011-03-29"}, "2011-03-26 0.00\n2011-03-27 7.00\n2011-03-28 8.00"},
		{ask{measures: "gross_revenue", per: "day", window: "last 2d"}, "2011-10-30 112.00\n2011-10-31 128.00"},
		{ask{measures: "gross_revenue", per: "month", window: "2011-03"}, "2011-03 15.00"},
		// 28 March and 31 October are Mondays
		{ask{measures: "gross_revenue", per: "weekday", top: 2}, "1 136.00\n7 119.00"},
		// 1:30 summer time comes before 1:30 winter time; both are hour 1
		{ask{measures: "gross_revenue", per: "hour", window: "2011-10", top: 2}, "0 128.00\n23 64.00"},
	} {
		if got := rowsText(take(t, src, at, c.ask).Rows); got != lines(c.want) {
			t.Errorf("%+v:\n%swant\n%s", c.ask, got, lines(c.want))
		}
	}
	hours := take(t, src, at, ask{measures: "gross_revenue", per: "hour"})
	if len(hours.Rows) != 24 || cells(hours.Rows[0]) != "0 137.00" || cells(hours.Rows[1]) != "1 48.00" || cells(hours.Rows[2]) != "2 2.00" || cells(hours.Rows[23]) != "23 68.00" {
		t.Errorf("hours: %v", hours.Rows)
	}
}

// A year of 53 weeks, a leap day, and the ends of quarters.
func TestPeriodKeys(t *testing.T) {
	src, at := source(t, `load
role purchase order
customers
  a
event order
  a 2008-12-29T00:00
  a 2010-01-03T23:59
  a 2012-02-29T12:00
  a 2012-03-31T23:59
at 2012-04-01
eval everyone -> none
`)
	for _, c := range []struct {
		ask      ask
		rows     int
		at       int
		row      string
		lastRow  string
		firstRow string
	}{
		{ask: ask{measures: "orders", per: "week"}, rows: 170, at: 53, row: "2010-W01 0", firstRow: "2009-W01 1", lastRow: "2012-W13 1"},
		{ask: ask{measures: "orders", per: "day", window: "2012-02"}, rows: 29, at: 28, row: "2012-02-29 1", firstRow: "2012-02-01 0", lastRow: "2012-02-29 1"},
		{ask: ask{measures: "orders", per: "quarter"}, rows: 14, at: 13, row: "2012-Q1 2", firstRow: "2008-Q4 1", lastRow: "2012-Q1 2"},
		{ask: ask{measures: "orders", per: "year"}, rows: 5, at: 2, row: "2010 1", firstRow: "2008 1", lastRow: "2012 2"},
	} {
		table := take(t, src, at, c.ask)
		n := len(table.Rows)
		if n != c.rows || cells(table.Rows[c.at]) != c.row || cells(table.Rows[0]) != c.firstRow || cells(table.Rows[n-1]) != c.lastRow {
			t.Errorf("%+v: %d rows:\n%s", c.ask, n, rowsText(table.Rows))
		}
	}
}
