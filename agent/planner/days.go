package planner

import (
	"io/fs"
	"slices"
	"strings"
	"time"
)

// dayRule says when a named day is: on a day of a month, on a weekday of a
// month, or so many days from Easter Sunday; and how many days it lasts.
type dayRule struct {
	Month   int  `yaml:"month"`
	Day     int  `yaml:"day"`
	Weekday int  `yaml:"weekday"` // 1 is Monday
	Nth     int  `yaml:"nth"`     // -1 is the last
	Plus    int  `yaml:"plus"`    // days behind what the rest says
	Easter  *int `yaml:"easter"`
	Days    int  `yaml:"days"` // how long; 0 is one day
	// Season is a day that people also call the weeks around it by: something
	// is before or after it, but "at Christmas" says no day.
	Season bool `yaml:"season"`
	// Or are the other days of that name: mothers have theirs on another one
	// from country to country. Zones are the time zones of the countries that
	// keep a rule, so that data of such a country needs not be asked about.
	Or    []dayRule `yaml:"or"`
	Zones []string  `yaml:"zones"`
}

// here are the rules that may be meant in a time zone: the one kept there, or
// all there are.
func (r dayRule) here(zone string) []dayRule {
	all := append([]dayRule{r}, r.Or...)
	for _, x := range all {
		if slices.ContainsFunc(x.Zones, func(z string) bool { return strings.HasPrefix(zone, z) }) {
			return []dayRule{x}
		}
	}
	return all
}

func readDays(files fs.FS) (map[string]dayRule, error) {
	var days map[string]dayRule
	err := readYAML(files, "lexicon/days.yaml", &days)
	return days, err
}

// in is when the day begins and ends in a year.
func (r dayRule) in(year int, zone *time.Location) (start, end time.Time) {
	month, day := time.Month(r.Month), r.Day
	switch {
	case r.Easter != nil:
		month, day = easter(year)
		day += *r.Easter
	case r.Nth > 0:
		first := time.Date(year, month, 1, 0, 0, 0, 0, zone)
		day = 1 + (r.Weekday-isoWeekday(first)+7)%7 + 7*(r.Nth-1)
	case r.Nth < 0:
		last := time.Date(year, month+1, 0, 0, 0, 0, 0, zone)
		day = last.Day() - (isoWeekday(last)-r.Weekday+7)%7
	}
	day += r.Plus
	return time.Date(year, month, day, 0, 0, 0, 0, zone), time.Date(year, month, day+max(1, r.Days), 0, 0, 0, 0, zone)
}

// isoWeekday counts from Monday, 1, to Sunday, 7.
func isoWeekday(t time.Time) int { return (int(t.Weekday())+6)%7 + 1 }

// easter is Easter Sunday of the Gregorian calendar (anonymous algorithm,
// Nature 13, 1876, p. 487).
func easter(year int) (time.Month, int) {
	a, b, c := year%19, year/100, year%100
	d, e := b/4, b%4
	f := (b + 8) / 25
	g := (b - f + 1) / 3
	h := (19*a + b - d - g + 15) % 30
	i, k := c/4, c%4
	l := (32 + 2*e + 2*i - h - k) % 7
	m := (a + 11*h + 22*l) / 451
	n := h + l - 7*m + 114
	return time.Month(n / 31), n%31 + 1
}
