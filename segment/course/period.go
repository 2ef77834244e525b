package course

import (
	"fmt"
	"time"
)

// Pers are the periods that dates may lie apart.
var Pers = []string{"day", "week", "month", "quarter", "year"}

// End is the end of a period.
type End struct {
	Key     string // 2011-03-05, 2011-W09, 2011-03, 2011-Q1 or 2011
	At      time.Time
	Partial bool // the period is not over yet at At
}

// Ends are the ends of the periods from one instant to another, both in; the
// last is to itself, partial where its period is not over. At most limit, the
// first ones; more tells that there are others.
func Ends(from, to time.Time, per string, zone *time.Location, limit int) (ends []End, more bool) {
	day := startOf(per, civil(from.Add(-1), zone)) // of the period that from ends or lies in
	for {
		next := nextOf(per, day)
		begin, err := dayBegins(next, zone)
		if err != nil {
			return ends, false
		}
		at := time.UnixMicro(begin).In(zone)
		if len(ends) == limit {
			return ends, true
		}
		if !at.Before(to) {
			return append(ends, End{Key: periodKey(per, day), At: to, Partial: at.After(to)}), false
		}
		if !at.Before(from) {
			ends = append(ends, End{Key: periodKey(per, day), At: at})
		}
		day = next
	}
}

// startOf is the first day of the period a day lies in, days counted from
// 1970-01-01; nextOf that of the period after.
func startOf(per string, day int64) int64 {
	y, m, _ := dateOfDay(day)
	switch per {
	case "week":
		return day - ((day+3)%7+7)%7
	case "month":
		return dayNumber(y, m, 1)
	case "quarter":
		return dayNumber(y, (m-1)/3*3+1, 1)
	case "year":
		return dayNumber(y, 1, 1)
	}
	return day
}

func nextOf(per string, start int64) int64 {
	y, m, _ := dateOfDay(start)
	switch per {
	case "week":
		return start + 7
	case "month":
		return dayNumber(y, m+1, 1)
	case "quarter":
		return dayNumber(y, m+3, 1)
	case "year":
		return dayNumber(y+1, 1, 1)
	}
	return start + 1
}

func dateOfDay(day int64) (int, time.Month, int) { return time.Unix(day*24*60*60, 0).UTC().Date() }

func dayNumber(y int, m time.Month, d int) int64 {
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / (24 * 60 * 60)
}

func periodKey(per string, day int64) string {
	y, m, d := dateOfDay(day)
	switch per {
	case "week":
		y, w := time.Date(y, m, d, 0, 0, 0, 0, time.UTC).ISOWeek()
		return fmt.Sprintf("%04d-W%02d", y, w)
	case "month":
		return fmt.Sprintf("%04d-%02d", y, m)
	case "quarter":
		return fmt.Sprintf("%04d-Q%d", y, (m-1)/3+1)
	case "year":
		return fmt.Sprintf("%04d", y)
	}
	return fmt.Sprintf("%04d-%02d-%02d", y, m, d)
}
