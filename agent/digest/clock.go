package digest

import "slices"

// defaultHour is when something comes for which no time is named.
const defaultHour = 9

// told is a time of day as it was told.
type told struct {
	hour, minute int
	// bare is set for an hour alone that may be in the morning or in the
	// afternoon; wrong for a time that no clock shows.
	bare, wrong bool
}

// time reads the time of day at a token, the longest there is. Part is that of
// the day which was named elsewhere.
func (s *scan) time(at int, part string) (end int, t told, ok bool) {
	end = at
	keep := func(to int, f told) {
		if to > end {
			end, t, ok = to, f, true
		}
	}
	for _, f := range s.Fixed {
		if ends, _ := s.match(f.form, at); len(ends) > 0 {
			keep(ends[0], told{hour: f.Hour})
		}
	}
	ends, halves := s.match(s.inHalf, at)
	for i, e := range ends {
		keep(e, told{hour: halves[i].half})
	}
	starts, _ := s.match(s.at, at)
	starts = append(starts, at)
	for _, start := range slices.Compact(starts) {
		for _, c := range s.Clocks {
			ends, held := s.match(c.form, start)
			for i, e := range ends {
				named, p := s.dayPart(e)
				if start == at && !c.Marked && p == "" {
					continue // a figure alone is no time
				}
				if p == "" {
					p = part
				}
				e = named
				if sharp, _ := s.match(s.sharp, e); len(sharp) > 0 {
					e = sharp[0]
				}
				keep(e, read(held[i], c, p))
			}
		}
	}
	return end, t, ok
}

// dayPart reads which part of the day an hour is in, "" where none is named.
func (s *scan) dayPart(at int) (end int, part string) {
	end = at
	for _, name := range []string{"am", "pm", "night"} {
		f, ok := s.dayParts[name]
		if !ok {
			continue
		}
		if ends, _ := s.match(f, at); len(ends) > 0 && ends[0] > end {
			end, part = ends[0], name
		}
	}
	return end, part
}

// read makes a time of what a clock's form held.
func read(f *found, c clock, part string) told {
	t := told{hour: f.hour, minute: f.minute}
	if f.hour > 23 || f.minute > 59 || part == "am" && f.hour > 12 {
		return told{wrong: true}
	}
	switch {
	case part == "am" && t.hour == 12, part == "night" && t.hour == 12:
		t.hour = 0
	case part == "pm" && t.hour < 12, part == "night" && t.hour >= 6 && t.hour < 12:
		t.hour += 12
	}
	minutes := (60*t.hour + t.minute + c.Add + 24*60) % (24 * 60)
	t.hour, t.minute = minutes/60, minutes%60
	t.bare = part == "" && !f.minutes && !c.Marked && f.hour >= 1 && t.hour <= 6
	return t
}
