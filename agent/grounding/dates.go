package grounding

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"tesela/agent/wording"
)

// moment is a stretch of time that a text or a result names.
type moment struct {
	text     string
	from, to time.Time // the days it begins on and ends before
	yearless bool      // a month or day without its year
}

func day(y int, m time.Month, d int) moment {
	from := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	return moment{from: from, to: from.AddDate(0, 0, 1)}
}

// periodOf reads the key of a period.
func periodOf(s string) (moment, bool) {
	if len(s) < 4 {
		return moment{}, false
	}
	y, err := strconv.Atoi(s[:4])
	if err != nil || y < 1 {
		return moment{}, false
	}
	m := moment{text: s}
	jan := time.Date(y, 1, 1, 0, 0, 0, 0, time.UTC)
	switch {
	case len(s) == 4:
		if y < 1800 || y > 2200 {
			return moment{}, false
		}
		m.from, m.to = jan, jan.AddDate(1, 0, 0)
	case len(s) == 8 && s[5] == 'W':
		w, err := strconv.Atoi(s[6:])
		if err != nil || w < 1 || w > 53 {
			return moment{}, false
		}
		m.from = weekOf(y, w)
		m.to = m.from.AddDate(0, 0, 7)
	case len(s) == 7 && s[5] == 'Q':
		m.from = jan.AddDate(0, 3*int(s[6]-'1'), 0)
		m.to = m.from.AddDate(0, 3, 0)
	case len(s) == 7:
		t, err := time.Parse("2006-01", s)
		if err != nil {
			return moment{}, false
		}
		m.from, m.to = t, t.AddDate(0, 1, 0)
	case len(s) == 10:
		t, err := time.Parse(time.DateOnly, s)
		if err != nil {
			return moment{}, false
		}
		m.from, m.to = t, t.AddDate(0, 0, 1)
	default:
		return moment{}, false
	}
	return m, true
}

// weekOf is the Monday of an ISO week.
func weekOf(year, week int) time.Time {
	fourth := time.Date(year, 1, 4, 0, 0, 0, 0, time.UTC) // always in the first
	monday := fourth.AddDate(0, 0, -(int(fourth.Weekday())+6)%7)
	return monday.AddDate(0, 0, 7*(week-1))
}

// dates finds the dates of a sentence and takes their tokens, so that their
// numbers are no figures.
func (w *words) dates(lang *wording.Language, s *sentence) []moment {
	var found []moment
	for i := 0; i < len(s.tokens); {
		m, n := w.dateAt(s, i)
		if n == 0 {
			i++
			continue
		}
		m.text = textOf(s.tokens[i : i+n])
		for k := i; k < i+n; k++ {
			s.taken[k] = true
		}
		found = append(found, m)
		i += n
	}
	return found
}

// dateAt reads the date that begins at a token; n is how many tokens it takes.
func (w *words) dateAt(s *sentence, i int) (m moment, n int) {
	t := s.tokens[i]
	if s.taken[i] {
		return m, 0
	}
	rest := s.tokens[i:]
	switch {
	case t.kind == period:
		if m, ok := periodOf(t.text); ok {
			return m, 1
		}
	case w.months[t.low] > 0 && t.kind == word:
		return w.fromMonth(rest)
	case t.kind == number:
		// 5 March 2011, 5 de marzo de 2011
		d, err := strconv.Atoi(t.text)
		if err == nil && len(t.text) <= 2 && d >= 1 && d <= 31 {
			k := 1 + skip(rest, 1, "º", "st", "nd", "rd", "th", "de", "of", "do")
			if k < len(rest) && w.months[rest[k].low] > 0 {
				month := time.Month(w.months[rest[k].low])
				k++
				if y, at := yearAt(rest, k); y > 0 {
					return day(y, month, d), at
				}
				m = day(2000, month, d)
				m.yearless = true
				return m, k
			}
		}
		if y, at := yearAt(rest, 0); y > 0 {
			if u, _ := w.unitAfter(rest[1:]); u.kind == bare && !before(s.tokens[:i], []string{"$", "£", "€"}) {
				m, _ := periodOf(strconv.Itoa(y))
				return m, at
			}
		}
	}
	for _, form := range []struct {
		forms []string
		key   string
		most  int
	}{{w.Quarter, "Q", 4}, {w.Week, "W", 53}} {
		for _, f := range form.forms {
			k, v := numbered(rest, f)
			if k == 0 || v < 1 || v > form.most {
				continue
			}
			y, at := yearAt(rest, k)
			if y == 0 {
				continue
			}
			name := strconv.Itoa(y) + "-" + form.key + strconv.Itoa(v)
			if form.key == "W" && v < 10 {
				name = strconv.Itoa(y) + "-W0" + strconv.Itoa(v)
			}
			if m, ok := periodOf(name); ok {
				return m, at
			}
		}
	}
	return m, 0
}

// fromMonth reads March 2011, March 5, 2011 and March alone.
func (w *words) fromMonth(rest []token) (m moment, n int) {
	month := time.Month(w.months[rest[0].low])
	if y, at := yearAt(rest, 1); y > 0 {
		from := time.Date(y, month, 1, 0, 0, 0, 0, time.UTC)
		return moment{from: from, to: from.AddDate(0, 1, 0)}, at
	}
	if len(rest) > 1 && rest[1].kind == number && len(rest[1].text) <= 2 {
		if d, err := strconv.Atoi(rest[1].text); err == nil && d >= 1 && d <= 31 {
			k := 2 + skip(rest, 2, ",", "st", "nd", "rd", "th")
			if y, at := yearAt(rest, k); y > 0 {
				return day(y, month, d), at
			}
			m = day(2000, month, d)
			m.yearless = true
			return m, 2
		}
	}
	// May, março: a name of a month that is also a word counts with a capital
	// or where it is none.
	if rest[0].text == rest[0].low && len(rest[0].low) <= 3 || rest[0].start && len(rest[0].low) <= 3 {
		return m, 0
	}
	from := time.Date(2000, month, 1, 0, 0, 0, 0, time.UTC)
	return moment{from: from, to: from.AddDate(0, 1, 0), yearless: true}, 1
}

// numbered reads a form with a number in it, such as "week {n}" or "Q{n}".
func numbered(rest []token, form string) (n, value int) {
	head, tail, _ := strings.Cut(form, "{n}")
	head, tail = strings.ToLower(head), strings.ToLower(tail)
	if !strings.HasSuffix(head, " ") && head != "" { // one word: Q3
		v, err := strconv.Atoi(strings.TrimPrefix(rest[0].low, head))
		if err != nil || !strings.HasPrefix(rest[0].low, head) {
			return 0, 0
		}
		return 1, v
	}
	k := 0
	if head != "" {
		if k = after(rest, []string{strings.TrimSpace(head)}); k == 0 {
			return 0, 0
		}
	}
	if k >= len(rest) || rest[k].kind != number {
		return 0, 0
	}
	v, err := strconv.Atoi(rest[k].text)
	if err != nil {
		return 0, 0
	}
	k++
	for _, part := range strings.Fields(strings.ReplaceAll(tail, "º", "º ")) {
		if k >= len(rest) || rest[k].low != part {
			return 0, 0
		}
		k++
	}
	return k, v
}

// yearAt reads a year from a token on, after a comma or a "de"; at is where it
// ends.
func yearAt(rest []token, k int) (year, at int) {
	if k > 0 {
		k += skip(rest, k, ",", "de", "del", "of", "do")
	}
	if k >= len(rest) || rest[k].kind != number || len(rest[k].text) != 4 {
		return 0, 0
	}
	y, err := strconv.Atoi(rest[k].text)
	if err != nil || y < 1800 || y > 2200 {
		return 0, 0
	}
	return y, k + 1
}

// skip counts the tokens from k on that are one of some words; at most two.
func skip(rest []token, k int, any ...string) int {
	n := 0
	for n < 2 && k+n < len(rest) && slices.Contains(any, rest[k+n].low) {
		n++
	}
	return n
}

// dated tells whether a date is one of the evidence's, or a period that one of
// them lies in.
func (e *evidence) dated(d moment) bool {
	for _, known := range e.dates {
		k := known
		switch {
		case d.yearless && !k.yearless:
			shift := 2000 - k.from.Year()
			k.from, k.to = k.from.AddDate(shift, 0, 0), k.to.AddDate(shift, 0, 0)
		case k.yearless && !d.yearless:
			continue
		}
		if !k.from.Before(d.from) && !k.to.After(d.to) {
			return true
		}
	}
	// A year may be a figure, as 2,011 customers written plainly.
	if n, err := strconv.ParseFloat(d.text, 64); err == nil {
		for _, f := range e.facts {
			if (f.any || f.unit.kind == things) && f.value == n {
				return true
			}
		}
	}
	return false
}
