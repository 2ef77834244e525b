package digest

import "slices"

// slotNamed gives the part of a form that holds something other than set
// words; nil for none of that name.
func slotNamed(name string) form {
	switch name {
	case "weekday":
		return func(s *scan, at int, f found, then func(int, found) bool) bool {
			return weekday(s, s.days, at, func(end, day int) bool {
				f := f
				f.weekdays = append(slices.Clone(f.weekdays), day)
				return then(end, f)
			})
		}
	case "weekdays":
		return func(s *scan, at int, f found, then func(int, found) bool) bool {
			return s.dayRange(at, f, then) || s.dayList(s.days, at, f, then)
		}
	case "plurals": // Mondays, and Thursdays
		return func(s *scan, at int, f found, then func(int, found) bool) bool {
			return s.dayList(s.plurals, at, f, then)
		}
	case "range": // Monday to Friday
		return (*scan).dayRange
	case "days":
		return monthDays
	case "nth":
		return func(s *scan, at int, f found, then func(int, found) bool) bool {
			return s.phrase(s.nths, at, func(end, n int) bool { f.nth = n; return then(end, f) })
		}
	case "n":
		return func(s *scan, at int, f found, then func(int, found) bool) bool {
			return s.number(at, 3, func(end, n int) bool { f.n = n; return n >= 2 && then(end, f) })
		}
	case "hour":
		return func(s *scan, at int, f found, then func(int, found) bool) bool {
			return s.number(at, 2, func(end, n int) bool { f.hour = n; return then(end, f) })
		}
	case "minute": // as digits, two of them
		return func(s *scan, at int, f found, then func(int, found) bool) bool {
			n, ok := s.digits(at, 2)
			if !ok || len(s.tokens[at].text) != 2 {
				return false
			}
			f.minute, f.minutes = n, true
			return then(at+1, f)
		}
	case "minutes": // in words
		return func(s *scan, at int, f found, then func(int, found) bool) bool {
			return s.phrase(s.numbers, at, func(end, n int) bool { f.minute, f.minutes = n, true; return n > 0 && then(end, f) })
		}
	case "half":
		return func(s *scan, at int, f found, then func(int, found) bool) bool {
			for _, h := range s.halves {
				if h.form(s, at, f, func(end int, f found) bool { f.part, f.half = h.Part, h.Hour; return then(end, f) }) {
					return true
				}
			}
			return false
		}
	case "word":
		return func(s *scan, at int, f found, then func(int, found) bool) bool {
			return at < len(s.tokens) && classOf([]rune(s.tokens[at].text)[0]) == letters && then(at+1, f)
		}
	}
	return nil
}

// weekday reads one name of a day.
func weekday(s *scan, names []form, at int, then func(end, day int) bool) bool {
	for i, f := range names {
		if f(s, at, found{}, func(end int, _ found) bool { return then(end, i+1) }) {
			return true
		}
	}
	return false
}

// dayList reads names of days, one after the other.
func (s *scan) dayList(names []form, at int, f found, then func(int, found) bool) bool {
	var more func(at int, days []int) bool
	more = func(at int, days []int) bool {
		if len(days) < 7 && s.dayJoin(s, at, found{}, func(at int, _ found) bool {
			return weekday(s, s.days, at, func(end, day int) bool { return more(end, append(slices.Clone(days), day)) })
		}) {
			return true
		}
		f := f
		f.weekdays = append(slices.Clone(f.weekdays), days...)
		return then(at, f)
	}
	return weekday(s, names, at, func(end, day int) bool { return more(end, []int{day}) })
}

// dayRange reads the days from one to another.
func (s *scan) dayRange(at int, f found, then func(int, found) bool) bool {
	return weekday(s, s.days, at, func(end, from int) bool {
		return s.dayTo(s, end, found{}, func(at int, _ found) bool {
			return weekday(s, s.days, at, func(end, to int) bool {
				f := f
				f.weekdays = slices.Clone(f.weekdays)
				for d := from; ; d = d%7 + 1 {
					if f.weekdays = append(f.weekdays, d); d == to {
						return then(end, f)
					}
				}
			})
		})
	})
}

// mostDays bounds how many days of a month one schedule has.
const mostDays = 5

// monthDays reads days of a month, one after the other.
func monthDays(s *scan, at int, f found, then func(int, found) bool) bool {
	one := func(at int, then func(end, day int) bool) bool {
		if s.lastDay(s, at, found{}, func(end int, _ found) bool { return then(end, Last) }) {
			return true
		}
		if s.phrase(s.ordinals, at, then) {
			return true
		}
		n, ok := s.digits(at, 2)
		if !ok {
			return s.phrase(s.numbers, at, then)
		}
		return s.dayEnd(s, at+1, found{}, func(end int, _ found) bool { return then(end, n) })
	}
	var more func(at int, days []int) bool
	more = func(at int, days []int) bool {
		if len(days) < mostDays && s.monthJoin(s, at, found{}, func(at int, _ found) bool {
			return one(at, func(end, day int) bool { return more(end, append(slices.Clone(days), day)) })
		}) {
			return true
		}
		f := f
		f.days = days
		return then(at, f)
	}
	return one(at, func(end, day int) bool { return more(end, []int{day}) })
}

// phrase reads one of some phrases that stand for numbers.
func (s *scan) phrase(list []valued, at int, then func(end, n int) bool) bool {
	for _, v := range list {
		if v.form(s, at, found{}, func(end int, _ found) bool { return then(end, v.n) }) {
			return true
		}
	}
	return false
}

// number reads a number in digits, of so many at most, or in words.
func (s *scan) number(at, most int, then func(end, n int) bool) bool {
	if n, ok := s.digits(at, most); ok {
		return then(at+1, n)
	}
	return s.phrase(s.numbers, at, then)
}

func (s *scan) digits(at, most int) (n int, ok bool) {
	if at >= len(s.tokens) || len(s.tokens[at].text) > most {
		return 0, false
	}
	for _, r := range s.tokens[at].text {
		if r < '0' || r > '9' {
			return 0, false
		}
		n = 10*n + int(r-'0')
	}
	return n, true
}
