package course

import "time"

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
	day := dayOf(from.Add(-1), zone).PeriodStart(per) // of the period that from ends or lies in
	for {
		next := day.PeriodNext(per)
		at := time.UnixMicro(next.Begin(zone)).In(zone)
		if len(ends) == limit {
			return ends, true
		}
		if !at.Before(to) {
			return append(ends, End{Key: day.PeriodKey(per), At: to, Partial: at.After(to)}), false
		}
		if !at.Before(from) {
			ends = append(ends, End{Key: day.PeriodKey(per), At: at})
		}
		day = next
	}
}
