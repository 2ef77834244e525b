package reengage

import (
	"fmt"
	"sort"
	"time"

	"tesela/segment"
	"tesela/segment/syntax"
)

// clock counts local days, from so long before the flow begins that who was
// active earlier is silent when it does.
type clock struct {
	midnights []int64 // of each day, in microseconds
	first     int     // the day that the flow first acts at the beginning of
	last      int     // the last such day
	begin     int64   // the first day's midnight
	end       int64   // what happens then or later does not exist
	zone      *time.Location
}

// longest is the most days that are played.
const longest = 36525

func newClock(q Query, zone *time.Location) (*clock, error) {
	c := &clock{first: q.Days + 1, end: q.To.UnixMicro(), zone: zone}
	y, m, d := q.From.In(zone).Date()
	for day := 0; ; day++ {
		text := time.Date(y, m, d+1-c.first+day, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
		w := &syntax.Window{Kind: syntax.WindowSince, From: syntax.Point{Date: &syntax.Date{Text: text}}}
		span, err := segment.Resolve(w, q.To.AddDate(1, 0, 0), zone)
		if err != nil {
			return nil, fmt.Errorf("count the days from %s: %w", q.From.Format(time.DateOnly), err)
		}
		if span.From > c.end {
			break
		}
		c.midnights = append(c.midnights, span.From)
		if day > longest {
			return nil, fmt.Errorf("%d days and more between %s and %s are too many to play", longest, q.From.Format(time.DateOnly), q.To.Format(time.DateOnly))
		}
	}
	if len(c.midnights) <= c.first {
		return nil, fmt.Errorf("no day ends between %s and %s", q.From.Format(time.DateOnly), q.To.Format(time.DateOnly))
	}
	c.begin = c.midnights[c.first]
	c.last = len(c.midnights) - 1
	return c, nil
}

// day is the day an instant lies in; -1 before all of them.
func (c *clock) day(at int64) int {
	return sort.Search(len(c.midnights), func(i int) bool { return c.midnights[i] > at }) - 1
}
