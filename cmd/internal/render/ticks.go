package render

import (
	"strconv"
	"strings"
	"time"
)

// tick is a period's short name: what tells it from its neighbours, and the
// larger period it lies in.
type tick struct{ near, far string }

// tickOf shortens a period's key (2011-03-05, 2011-W09, 2011-03, 2011-Q1,
// 2011) to what fits under a column.
func (r *Renderer) tickOf(key string) tick {
	if t, err := time.Parse(time.DateOnly, key); err == nil {
		return tick{strconv.Itoa(t.Day()), r.shortMonth(t) + " " + strconv.Itoa(t.Year())}
	}
	if t, err := time.Parse("2006-01", key); err == nil {
		return tick{r.shortMonth(t), strconv.Itoa(t.Year())}
	}
	if year, part, ok := strings.Cut(key, "-"); ok {
		return tick{Clean(part), Clean(year)}
	}
	return tick{Clean(key), ""}
}

// shortMonth is the first three letters of a month's name.
func (r *Renderer) shortMonth(t time.Time) string {
	name := []rune(r.lang.Months[t.Month()-1])
	return string(name[:min(3, len(name))])
}

// ticks writes the periods under their columns: near names where they fit,
// the larger periods in a second line where they begin.
func (r *Renderer) ticks(keys []string, step, width, room int) []string {
	var near, far line
	last := ""
	for i, key := range keys {
		if key == "" {
			continue
		}
		t := r.tickOf(key)
		at := i * step
		if Width(t.near) <= width {
			near.put(at, t.near, room)
		} else if step < 4 || Width(t.near) > width {
			near.put(at, t.near, room)
		}
		if t.far != last && t.far != "" {
			if far.put(at, t.far, room) {
				last = t.far
			}
		}
	}
	var lines []string
	for _, l := range []line{near, far} {
		if l.b.Len() > 0 {
			lines = append(lines, l.b.String())
		}
	}
	return lines
}

// line is a line that texts are put into from left to right.
type line struct {
	b   strings.Builder
	end int
}

// put writes a text at a column unless it would touch the one before or leave
// the room.
func (l *line) put(at int, text string, room int) bool {
	free := l.end + 1
	if l.end == 0 {
		free = 0
	}
	if at < free || at+Width(text) > room {
		return false
	}
	l.b.WriteString(strings.Repeat(" ", at-l.end) + text)
	l.end = at + Width(text)
	return true
}
