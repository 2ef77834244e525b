// Package digest knows questions that come again by the calendar: it reads from
// plain words when somebody wants a question answered again and again, says
// when that is due next, and tells what changed between two answers to it. It
// asks nothing, sends nothing and reads no clock: every instant is handed in.
package digest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Kind is the rhythm of a schedule.
type Kind string

// The kinds. Nothing comes more often than once a day.
const (
	Daily    Kind = "daily"
	Weekdays Kind = "weekdays" // Monday to Friday
	Weekly   Kind = "weekly"   // on Days, each week or each Weeks-th
	Monthly  Kind = "monthly"  // on Days of the month
	// MonthlyBy is on the Nth of one weekday in the month.
	MonthlyBy Kind = "monthly_by"
)

// Last stands for the last day of a month, and for the last of its weekdays.
const Last = -1

// Schedule says on which days and at what time, by the clock of a zone that is
// handed in when it is asked.
type Schedule struct {
	Kind   Kind `json:"kind"`
	Hour   int  `json:"hour"`
	Minute int  `json:"minute"`
	// Days are, in order, weekdays from 1 for Monday to 7 (one of them for
	// MonthlyBy), or days of the month with Last at the end. A month without
	// such a day has it on its last one.
	Days []int `json:"days,omitempty"`
	Nth  int   `json:"nth,omitempty"` // 1 to 4, or Last
	// Weeks is every how many weeks a weekly one comes; 0 is as 1. The weeks
	// count from that of Anchor, a day as 2006-01-02.
	Weeks  int    `json:"weeks,omitempty"`
	Anchor string `json:"anchor,omitempty"`
}

// MostWeeks bounds every how many weeks something may come.
const MostWeeks = 26

// Check tells what is wrong with a schedule that did not come from Parse.
func (s Schedule) Check() error {
	most := map[Kind]int{Weekly: 7, Monthly: 31, MonthlyBy: 7}[s.Kind]
	switch {
	case !slices.Contains([]Kind{Daily, Weekdays, Weekly, Monthly, MonthlyBy}, s.Kind):
		return fmt.Errorf("there is no schedule of kind %q", string(s.Kind))
	case s.Hour < 0 || s.Hour > 23 || s.Minute < 0 || s.Minute > 59:
		return fmt.Errorf("there is no time %d:%02d", s.Hour, s.Minute)
	case most == 0 && len(s.Days) > 0, most > 0 && len(s.Days) == 0, s.Kind == MonthlyBy && len(s.Days) != 1:
		return fmt.Errorf("%d days do not go with a schedule of kind %s", len(s.Days), s.Kind)
	case s.Kind == MonthlyBy && s.Nth != Last && (s.Nth < 1 || s.Nth > 4), s.Kind != MonthlyBy && s.Nth != 0:
		return fmt.Errorf("there is no weekday number %d of each month", s.Nth)
	case s.Weeks < 0 || s.Weeks > MostWeeks || s.Weeks > 1 && s.Kind != Weekly:
		return fmt.Errorf("a schedule of kind %s cannot come every %d weeks", s.Kind, s.Weeks)
	}
	for _, d := range s.Days {
		if (d < 1 || d > most) && (d != Last || s.Kind != Monthly) {
			return fmt.Errorf("there is no day %d in a schedule of kind %s", d, s.Kind)
		}
	}
	if s.Anchor != "" {
		if _, err := time.Parse(time.DateOnly, s.Anchor); err != nil {
			return fmt.Errorf("the day %q that weeks count from is none", s.Anchor)
		}
	}
	return nil
}

var shortDays = []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}

// String is the schedule in short, for logs and tests: weekly/2 mon,thu 09:00.
func (s Schedule) String() string {
	var days []string
	for _, d := range s.Days {
		switch {
		case d == Last:
			days = append(days, "last")
		case s.Kind != Monthly && d >= 1 && d <= 7:
			days = append(days, shortDays[d-1])
		default:
			days = append(days, strconv.Itoa(d))
		}
	}
	parts := []string{string(s.Kind)}
	switch {
	case s.Kind == MonthlyBy:
		nth := "last"
		if s.Nth != Last {
			nth = []string{"", "first", "second", "third", "fourth"}[max(0, min(s.Nth, 4))]
		}
		parts = []string{string(Monthly), nth + "-" + strings.Join(days, ",")}
		days = nil
	case s.Weeks > 1:
		parts[0] += "/" + strconv.Itoa(s.Weeks)
	}
	if len(days) > 0 {
		parts = append(parts, strings.Join(days, ","))
	}
	return strings.Join(append(parts, fmt.Sprintf("%02d:%02d", s.Hour, s.Minute)), " ")
}

// tidy puts the days in order, once each, and names Monday to Friday by its
// kind.
func (s Schedule) tidy() Schedule {
	s.Days = slices.Clone(s.Days)
	slices.SortFunc(s.Days, func(a, b int) int {
		if a == Last || b == Last {
			return b - a // Last comes last
		}
		return a - b
	})
	s.Days = slices.Compact(s.Days)
	if s.Weeks == 1 {
		s.Weeks = 0
	}
	if s.Kind == Weekly && s.Weeks == 0 && slices.Equal(s.Days, []int{1, 2, 3, 4, 5}) {
		s.Kind, s.Days = Weekdays, nil
	}
	if s.Kind == Weekly && s.Weeks == 0 && len(s.Days) == 7 {
		s.Kind, s.Days = Daily, nil
	}
	return s
}

// fits tells whether a day, whatever its hour, is one of the schedule's.
func (s Schedule) fits(day time.Time) bool {
	weekday := (int(day.Weekday())+6)%7 + 1
	last := time.Date(day.Year(), day.Month()+1, 0, 0, 0, 0, 0, time.UTC).Day()
	switch s.Kind {
	case Daily:
		return true
	case Weekdays:
		return weekday <= 5
	case Weekly:
		return slices.Contains(s.Days, weekday) && s.weekFits(day)
	case Monthly:
		return slices.ContainsFunc(s.Days, func(d int) bool { return d == day.Day() || (d == Last || d > last) && day.Day() == last })
	case MonthlyBy:
		if !slices.Contains(s.Days, weekday) {
			return false
		}
		if s.Nth == Last {
			return day.Day() > last-7
		}
		return (day.Day()-1)/7+1 == s.Nth
	}
	return false
}

// weekFits tells whether a day is in one of the weeks that count, which begin
// on Mondays.
func (s Schedule) weekFits(day time.Time) bool {
	if s.Weeks < 2 {
		return true
	}
	anchor, err := time.Parse(time.DateOnly, s.Anchor)
	if err != nil {
		anchor = time.Date(2001, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	return (week(day)-week(anchor))%s.Weeks == 0
}

// week numbers the weeks through time, from Monday to Sunday.
func week(day time.Time) int {
	days := int(time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, time.UTC).Unix() / 86400)
	days += 3 // 1 January 1970 was a Thursday
	if days < 0 {
		return (days - 6) / 7
	}
	return days / 7
}
