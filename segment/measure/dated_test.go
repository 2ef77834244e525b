package measure_test

import "testing"

// Customers are counted by a date of theirs: days are those of the zone, those
// at T or later do not count, and months between have nothing.
func TestDated(t *testing.T) {
	src, at := source(t, `load
zone Europe/London
customers joined:date seen:time city:text
  ana 2011-01-31 2011-02-28T23:59 Bath
  bob 2011-03-31 2011-03-31T22:30:00Z Bath
  cy  2011-03-27 2011-03-31T23:30:00Z York
  dot -  - York
  eve 2011-05-01 2011-05-02T10:00 York
event visit
  ana 2011-04-09T09:00
at 2011-05-01
eval everyone -> none
`)
	for _, c := range []struct {
		ask  ask
		want string
	}{
		{ask{measures: "dated(joined)", per: "month"}, "2011-01 1\n2011-02 0\n2011-03 2\n2011-04 0"},
		{ask{measures: "dated(joined)", per: "quarter", window: "2011"}, "2011-Q1 3\n2011-Q2 0"},
		{ask{measures: "dated(seen)", per: "month"}, "2011-02 1\n2011-03 1\n2011-04 1"},
		{ask{measures: "dated(joined)", groupBy: "city", window: "2011-03"}, "Bath 1\nYork 1"},
		{ask{measures: "dated(joined)", groupBy: "city", per: "month", window: "2011-03"}, "2011-03 Bath 1\n2011-03 York 1"},
	} {
		if got := rowsText(take(t, src, at, c.ask).Rows); got != lines(c.want) {
			t.Errorf("%+v:\n%swant\n%s", c.ask, got, lines(c.want))
		}
	}
}
