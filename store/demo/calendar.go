package demo

// Zone cuts the demo's days, and Currency is what its money is in.
const (
	Zone     = "Europe/Madrid"
	Currency = "EUR"
)

// The demo's days are counted from 2024-01-01, a Monday; the last one is
// 2025-12-31.
const (
	firstUnixDay = 19723
	days         = 731
	secondsADay  = 86400
	second       = int64(1_000_000) // in microseconds
)

// clocks lists, in demo days, where summer time begins and ends in Zone. It is
// written out so that the rows do not depend on a machine's time zone files.
var clocks = [...]struct{ from, to int }{
	{day(2024, 3, 31), day(2024, 10, 27)},
	{day(2025, 3, 30), day(2025, 10, 26)},
}

// at gives the instant of a local time: seconds since midnight of a demo day,
// in microseconds since 1970 UTC. The clocks change at three in the morning.
func at(d, seconds int) int64 {
	d += seconds / secondsADay
	seconds %= secondsADay
	ahead := 3600
	for _, c := range clocks {
		if (d > c.from || d == c.from && seconds >= 3*3600) && (d < c.to || d == c.to && seconds < 3*3600) {
			ahead = 7200
		}
	}
	return (int64(firstUnixDay+d)*secondsADay + int64(seconds-ahead)) * second
}

// end is the first instant that is not in the demo.
var end = at(days, 0)

// day numbers a date of the Gregorian calendar from 2024-01-01.
func day(year, month, dayOfMonth int) int {
	// Days from a March-based year, so that the leap day comes last.
	y, m := year, month-3
	if m < 0 {
		y, m = y-1, m+12
	}
	unix := 365*y + y/4 - y/100 + y/400 + (153*m+2)/5 + dayOfMonth - 719469
	return unix - firstUnixDay
}

// date is the inverse of day for the two years of the demo.
func date(d int) (year, month, dayOfMonth int) {
	year = 2024
	if d >= day(2025, 1, 1) {
		year = 2025
	}
	month = 12
	for d < day(year, month, 1) {
		month--
	}
	return year, month, d - day(year, month, 1) + 1
}

// weekday is 0 for Monday.
func weekday(d int) int { return ((d % 7) + 7) % 7 }

// blackWeek tells the days from the Monday before Black Friday (29 November
// 2024, 28 November 2025) to the Monday after.
func blackWeek(d int) bool {
	return d >= day(2024, 11, 25) && d <= day(2024, 12, 2) || d >= day(2025, 11, 24) && d <= day(2025, 12, 1)
}

// sale tells the days on which the shop sells off: January, early July, a week
// in May, and Black Friday's week.
func sale(d int) bool {
	_, m, n := date(d)
	return blackWeek(d) || m == 1 && n >= 7 || m == 7 && n <= 21 || m == 5 && n >= 10 && n <= 19
}

// giftSeason tells the days on which presents for Christmas are bought.
func giftSeason(d int) bool {
	_, m, n := date(d)
	return m == 11 && n >= 20 || m == 12 && n <= 22
}

// A rhythm says how a kind of customer spreads purchases over days: percent
// of the usual rate.
type rhythm struct {
	week [7]int // Monday first
	// inSale, inGifts and otherwise scale days by the kind of season; 0 stands
	// for 100.
	inSale, inGifts, otherwise int
}

var months = [13]int{0, 104, 84, 92, 95, 100, 100, 104, 72, 95, 98, 112, 130}

// everyday is what all customers share of a day's weight, in percent.
func everyday(d int) int {
	_, m, n := date(d)
	w := months[m]
	switch {
	case m == 12 && n == 25, m == 1 && n == 1, m == 1 && n == 6:
		w = w * 30 / 100
	case blackWeek(d):
		w = w * 210 / 100
	case m == 12 && n >= 8 && n <= 21:
		w = w * 140 / 100
	}
	return w
}

// weights gives each day's weight in 1/1024, scaled so that 2025 comes to 1024
// on average: a rate is then what happens in a year.
func (r rhythm) weights() []int {
	raw := make([]int, days)
	year := 0
	for d := range raw {
		w := everyday(d) * r.week[weekday(d)]
		switch {
		case giftSeason(d) && r.inGifts != 0:
			w = w * r.inGifts / 100
		case sale(d) && r.inSale != 0:
			w = w * r.inSale / 100
		case r.otherwise != 0:
			w = w * r.otherwise / 100
		}
		raw[d] = w
		if d >= day(2025, 1, 1) {
			year += w
		}
	}
	for d := range raw {
		raw[d] = int(int64(raw[d]) * 1024 * 365 / int64(year))
	}
	return raw
}
