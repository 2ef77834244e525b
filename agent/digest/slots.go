package digest

import "slices"

// slotNamed gives the part of a form that holds something other than set
// words.
func slotNamed(name string) (form, bool) {
	day, number := begins{day: true}, begins{number: true}
	switch name {
	case "weekday":
		return form{func(s *scan, at int, f *found, then rest) bool {
			return weekday(s, s.days, at, func(end, day int) bool { return then(end, f.withDays(day)) })
		}, day}, true
	case "weekdays":
		return form{func(s *scan, at int, f *found, then rest) bool {
			return s.dayRange(at, f, then) || s.dayList(s.days, at, f, then)
		}, day}, true
	case "plurals": // Mondays, and Thursdays
		return form{func(s *scan, at int, f *found, then rest) bool {
			return s.dayList(s.plurals, at, f, then)
		}, day}, true
	case "several": // Monday and Thursday, not one day alone
		return form{func(s *scan, at int, f *found, then rest) bool {
			return s.dayList(s.days, at, f, func(end int, g *found) bool { return len(g.weekdays) > 1 && then(end, g) })
		}, day}, true
	case "range": // Monday to Friday
		return form{(*scan).dayRange, day}, true
	case "days":
		return form{monthDays, number}, true
	case "nth":
		return form{func(s *scan, at int, f *found, then rest) bool {
			return s.phrase(s.nths, at, func(end, n int) bool { g := *f; g.nth = n; return then(end, &g) })
		}, number}, true
	case "n":
		return form{func(s *scan, at int, f *found, then rest) bool {
			return s.number(at, 3, func(end, n int) bool { g := *f; g.n = n; return n >= 2 && then(end, &g) })
		}, number}, true
	case "hour":
		return form{func(s *scan, at int, f *found, then rest) bool {
			return s.number(at, 2, func(end, n int) bool { g := *f; g.hour = n; return then(end, &g) })
		}, number}, true
	case "minute": // as digits, two of them
		return form{func(s *scan, at int, f *found, then rest) bool {
			n, ok := s.digits(at, 2)
			if !ok || len(s.tokens[at].text) != 2 {
				return false
			}
			g := *f
			g.minute, g.minutes = n, true
			return then(at+1, &g)
		}, number}, true
	case "minutes": // in words
		return form{func(s *scan, at int, f *found, then rest) bool {
			return s.phrase(s.numbers, at, func(end, n int) bool {
				g := *f
				g.minute, g.minutes = n, true
				return n > 0 && then(end, &g)
			})
		}, number}, true
	case "half":
		return form{func(s *scan, at int, f *found, then rest) bool {
			for _, h := range s.halves {
				if h.form.run(s, at, f, func(end int, f *found) bool {
					g := *f
					g.part, g.half = h.Part, h.Hour
					return then(end, &g)
				}) {
					return true
				}
			}
			return false
		}, begins{half: true}}, true
	case "word":
		return form{func(s *scan, at int, f *found, then rest) bool {
			return at < len(s.tokens) && classOf([]rune(s.tokens[at].text)[0]) == letters && then(at+1, f)
		}, begins{any: true}}, true
	}
	return form{}, false
}

// nothing is for forms without slots. It is never changed.
var nothing = &found{}

// withDays is what was found and more days of the week.
func (f *found) withDays(days ...int) *found {
	g := *f
	g.weekdays = append(slices.Clone(f.weekdays), days...)
	return &g
}

// weekday reads one name of a day.
func weekday(s *scan, names []form, at int, then func(end, day int) bool) bool {
	for i, f := range names {
		if f.run(s, at, nothing, func(end int, _ *found) bool { return then(end, i+1) }) {
			return true
		}
	}
	return false
}

// dayList reads names of days, one after the other.
func (s *scan) dayList(names []form, at int, f *found, then rest) bool {
	var more func(at int, days []int) bool
	more = func(at int, days []int) bool {
		if len(days) < 7 && s.mayBegin(&s.dayJoin.begins, at) && s.dayJoin.run(s, at, nothing, func(at int, _ *found) bool {
			return weekday(s, s.days, at, func(end, day int) bool { return more(end, append(slices.Clone(days), day)) })
		}) {
			return true
		}
		return then(at, f.withDays(days...))
	}
	return weekday(s, names, at, func(end, day int) bool { return more(end, []int{day}) })
}

// dayRange reads the days from one to another.
func (s *scan) dayRange(at int, f *found, then rest) bool {
	return weekday(s, s.days, at, func(end, from int) bool {
		return s.dayTo.run(s, end, nothing, func(at int, _ *found) bool {
			return weekday(s, s.days, at, func(end, to int) bool {
				var days []int
				for d := from; ; d = d%7 + 1 {
					if days = append(days, d); d == to {
						return then(end, f.withDays(days...))
					}
				}
			})
		})
	})
}

// mostDays bounds how many days of a month one schedule has.
const mostDays = 5

// monthDays reads days of a month, one after the other.
func monthDays(s *scan, at int, f *found, then rest) bool {
	one := func(at int, then func(end, day int) bool) bool {
		if s.lastDay.run(s, at, nothing, func(end int, _ *found) bool { return then(end, Last) }) {
			return true
		}
		if s.phrase(s.ordinals, at, then) {
			return true
		}
		n, ok := s.digits(at, 2)
		if !ok {
			return s.phrase(s.numbers, at, then)
		}
		return s.dayEnd.run(s, at+1, nothing, func(end int, _ *found) bool { return then(end, n) })
	}
	var more func(at int, days []int) bool
	more = func(at int, days []int) bool {
		if len(days) < mostDays && s.monthJoin.run(s, at, nothing, func(at int, _ *found) bool {
			return one(at, func(end, day int) bool { return more(end, append(slices.Clone(days), day)) })
		}) {
			return true
		}
		g := *f
		g.days = days
		return then(at, &g)
	}
	return one(at, func(end, day int) bool { return more(end, []int{day}) })
}

// phrase reads one of some phrases that stand for numbers.
func (s *scan) phrase(list []valued, at int, then func(end, n int) bool) bool {
	for _, v := range list {
		if v.form.run(s, at, nothing, func(end int, _ *found) bool { return then(end, v.n) }) {
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
