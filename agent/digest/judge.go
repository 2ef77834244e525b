package digest

import (
	"slices"
	"strings"
)

// force is how much a way of naming days sounds like a rhythm, rather than a
// part of a question.
type force string

// The forces: "every Monday"; "on Mondays"; "every month", which may be what
// figures are parted by; "monthly"; "on the 1st of each month"; "on Monday".
const (
	strong force = "strong"
	weak   force = "weak"
	unit   force = "unit"
	adverb force = "adverb"
	date   force = "date"
	once   force = "once"
)

// verb is what a text asks to be done.
type verb int

const (
	noVerb  verb = iota
	sending      // send me
	showing      // show me
	asking       // how many
)

type rank int

const (
	none rank = iota
	doubtful
	sure
)

// verdict is how a place is to be taken.
type verdict struct {
	rank  rank
	doubt Doubt
	// weight is how many words it accounts for; cut are the words that are no
	// part of the question.
	weight int
	cut    [][2]int
	tells  bool // of something: what is left begins with that
	sends  bool
	scan   *scan
	place  place
}

func (v verdict) better(than verdict) bool {
	if v.rank == none {
		return false
	}
	if v.weight != than.weight {
		return v.weight > than.weight || than.rank == none
	}
	return v.rank > than.rank
}

// judge tells whether a place says when the rest of the text is to be asked
// again.
func (s *scan) judge(p place, all []place) verdict {
	first, last := s.edges()
	if p.from < first || p.to > last {
		first, last = min(first, p.from), max(last, p.to)
	}
	v := verdict{scan: s, cut: [][2]int{{p.from, p.to}}}
	head := first // where the verb stands
	front := p.from == first
	if front {
		head = s.afterCourtesy(s.afterSigns(p.to))
	}
	end, does := s.verb(head)
	if does == sending {
		// Sending is done already by answering.
		v.cut = append(v.cut, [2]int{head, end})
		told, _ := s.longest(s.tell, head)
		v.tells = told == end
	}
	next := end
	if does == sending {
		v.sends = true
		if paper, ok := s.longest(s.papers, end); ok {
			next = paper // send me a report every Monday
		}
	}
	if s.is(next, ",") {
		next++
	}
	p = s.farDays(p, all, last)
	switch {
	case front:
		p = s.farTime(p, head, last)
		v.rank, v.doubt = s.atFront(p, does, s.is(p.to, ":"), s.is(p.to, ","))
	case does != noVerb && does != asking && (p.from == next || p.from == end):
		p = s.farTime(p, head, last)
		v.rank, v.doubt = afterVerb(p, does)
	case p.to == last && s.sendsThat(p, first) > first:
		// revenue by month, please send me that every Monday
		v.rank, v.cut[0][0] = sure, s.sendsThat(p, first)
	case p.to == last:
		v.rank, v.doubt = s.atEnd(p, does, first, end)
	case does == sending && p.clock && p.calendar.Force == strong:
		v.rank, v.doubt = doubtful, Wish
	}
	if p.far != [2]int{} {
		v.cut = append(v.cut, p.far)
	}
	if v.rank == sure && p.calendar.Kind == Weekly && len(p.held.weekdays) == 0 && slices.ContainsFunc(all, func(q place) bool { return len(q.held.weekdays) > 0 }) {
		v.rank, v.doubt = doubtful, Wish // some day is named: is it that one?
	}
	if v.rank == doubtful && (p.calendar.Refuse != "" || p.problem != "" || p.time.wrong) && v.doubt != Once && (does == sending || front && does == showing) {
		v.rank = sure // what cannot be had is not asked about
	} else if v.rank == doubtful && p.calendar.Refuse != "" {
		v.rank = none
	}
	v.place = p
	v.weight = p.to - p.from + p.far[1] - p.far[0]
	if does != noVerb {
		v.weight += end - head
	}
	return v
}

// atFront judges "every Monday at 9 …".
func (s *scan) atFront(p place, does verb, colon, comma bool) (rank, Doubt) {
	switch f := p.calendar.Force; {
	case f == once:
		if does == sending && p.clock {
			return doubtful, Once
		}
		return none, ""
	case does == sending:
		return sure, ""
	case p.clock && (f != weak || does == showing || colon):
		return sure, ""
	case p.clock:
		return doubtful, Wish
	case does == showing && f == weak:
		return doubtful, Wish
	case does == showing:
		return sure, ""
	case f == date && (does == asking || colon || comma):
		return sure, ""
	case f == date, f == strong, colon && f != weak:
		return doubtful, Wish
	}
	return none, ""
}

// afterVerb judges "send me every Monday …".
func afterVerb(p place, does verb) (rank, Doubt) {
	switch f := p.calendar.Force; {
	case f == once:
		if does == sending && p.clock {
			return doubtful, Once
		}
		return none, ""
	case p.clock:
		return sure, ""
	case does == sending && f == adverb:
		return doubtful, Wish // daily revenue?
	case does == sending, f == date:
		return sure, ""
	case f == strong:
		return doubtful, Wish
	}
	return none, ""
}

// atEnd judges "… every Monday at 9". The question begins at a token; what
// comes before the days may tell of somebody who does something on them.
func (s *scan) atEnd(p place, does verb, first, question int) (rank, Doubt) {
	apart := p.from > 0 && slices.Contains([]string{".", "?", "!", ";", ":"}, s.tokens[p.from-1].text)
	comma := p.from > 0 && s.is(p.from-1, ",")
	relative := !apart && !(comma && p.clock) && s.tellsOfDoing(max(first, question), p.from)
	switch f := p.calendar.Force; {
	case f == once:
		if does == sending && p.clock {
			return doubtful, Once
		}
		return none, ""
	case does == sending && (p.clock || f == date || f == strong && !relative):
		return sure, ""
	case does == sending:
		return doubtful, Wish
	case p.clock && apart && f != weak:
		return sure, ""
	case p.clock && does == showing && f != weak && !relative:
		return sure, ""
	case p.clock && does == showing:
		return doubtful, Wish
	case p.clock && (does == noVerb && !relative || does == asking && comma):
		return doubtful, Wish
	case apart && f == strong:
		return doubtful, Wish
	case does == showing && (f == strong || f == date) && !relative:
		return doubtful, Wish
	}
	return none, ""
}

// farDays finds "send me a weekly digest of revenue on Mondays": the days at the
// end.
func (s *scan) farDays(p place, all []place, last int) place {
	if p.calendar.Kind != Weekly && p.calendar.Kind != Monthly || len(p.held.weekdays)+len(p.held.days)+len(p.calendar.Days) > 0 || p.clock {
		return p
	}
	for _, q := range all {
		if q.calendar.Kind == p.calendar.Kind && q.from >= p.to && q.to == last && len(q.held.weekdays)+len(q.held.days) > 0 && q.problem == "" && (q.calendar.Force != once || q.clock) {
			weeks := p.calendar.Weeks
			p.far, p.held, p.clock, p.time = [2]int{q.from, q.to}, q.held, q.clock, q.time
			if p.calendar.Weeks = max(weeks, q.calendar.Weeks); p.calendar.Force == adverb {
				p.calendar.Force = strong
			}
			return p
		}
	}
	return p
}

// farTime finds "every Monday send me revenue at 10:30": the time at the end.
func (s *scan) farTime(p place, head, last int) place {
	if p.clock || p.calendar.Force == once || p.far != [2]int{} {
		return p
	}
	if _, does := s.verb(head); does != sending && does != showing {
		return p
	}
	for at := head + 1; at < last; at++ {
		if end, t, ok := s.time(at, p.held.part); ok && end == last {
			p.far, p.clock, p.time = [2]int{at, end}, true, t
			return p
		}
	}
	return p
}

// sendsThat tells where "send me that", by which the question before is meant,
// begins just before a place; 0 for nowhere.
func (s *scan) sendsThat(p place, first int) int {
	for at := max(first+1, p.from-9); at < p.from; at++ {
		end, ok := s.longest(s.send, at)
		if !ok {
			continue
		}
		end, ok = s.longest(s.empty, end)
		if !ok || end != p.from && !(end == p.from-1 && s.is(end, ",")) {
			continue
		}
		for from := max(first+1, at-3); from < at; from++ {
			if s.afterCourtesy(from) == at && isSign(s.tokens[from-1].text) {
				return from
			}
		}
		if isSign(s.tokens[at-1].text) {
			return at
		}
	}
	return 0
}

// tellsOfDoing tells whether words speak of who does something.
func (s *scan) tellsOfDoing(from, to int) bool {
	for i := from; i < to; i++ {
		if s.relative[s.tokens[i].text] {
			return true
		}
	}
	return false
}

// verb reads what is asked to be done.
func (s *scan) verb(at int) (end int, does verb) {
	end = at
	for i, forms := range [][]form{s.send, s.show, s.ask} {
		if e, ok := s.longest(forms, at); ok && e > end {
			end, does = e, verb(i+1)
		}
	}
	return end, does
}

// edges are the tokens between courtesies.
func (s *scan) edges() (first, last int) {
	first = s.afterCourtesy(s.afterSigns(0))
	last = len(s.tokens)
	for {
		was := last
		for last > first && isSign(s.tokens[last-1].text) {
			last--
		}
		for at := max(first, last-4); at < last; at++ {
			if end, ok := s.longest(s.closing, at); ok && end == last {
				last = at
				break
			}
		}
		if last == was {
			return first, last
		}
	}
}

func (s *scan) afterCourtesy(at int) int {
	for {
		end, ok := s.longest(s.courtesy, at)
		if !ok {
			return at
		}
		at = s.afterSigns(end)
	}
}

func (s *scan) afterSigns(at int) int {
	for at < len(s.tokens) && isSign(s.tokens[at].text) {
		at++
	}
	return at
}

func isSign(text string) bool { return strings.Contains(",.;:!?¿¡-–—…", text) }

// question is the text without what is no part of the question.
func (s *scan) question(text string, v verdict) string {
	cut := slices.Clone(v.cut)
	slices.SortFunc(cut, func(a, b [2]int) int { return a[0] - b[0] })
	var kept []string
	at := 0
	add := func(part string) {
		part = strings.TrimSpace(part)
		if strings.Trim(part, " ,;:-–—¿¡") != "" {
			kept = append(kept, part)
		}
	}
	for _, c := range cut {
		if c[0] == c[1] || s.tokens[c[0]].start < at {
			continue
		}
		add(text[at:s.tokens[c[0]].start])
		at = s.tokens[c[1]-1].end
	}
	add(text[at:])
	for i := range kept {
		if i > 0 {
			kept[i] = strings.TrimLeft(kept[i], ",;:-–— ")
		}
		if i < len(kept)-1 {
			kept[i] = strings.TrimRight(kept[i], ",;:-–— ")
		}
	}
	var q string
	for i, part := range kept {
		if i > 0 && !strings.ContainsAny(part[:1], ".?!") {
			q += " "
		}
		q += part
	}
	q = strings.Trim(q, ",;:-–— \t\r\n")
	return strings.TrimSpace(strings.TrimLeft(s.plain(q, v), ".,;:-–— "))
}

// plain takes courtesies off both ends of a question.
func (s *scan) plain(q string, v verdict) string {
	inner := &scan{language: s.language, tokens: tokens(q)}
	first, last := 0, len(inner.tokens)
	if after := inner.afterCourtesy(inner.afterSigns(0)); after > inner.afterSigns(0) {
		first = after
	}
	if _, end := inner.edges(); end < last && end > first {
		// Signs that close the question stay; courtesies go.
		for end < last && isSign(inner.tokens[end].text) && inner.tokens[end].text != "," {
			end++
		}
		last = end
	}
	if v.tells && first < last-1 && s.of[inner.tokens[first].text] {
		first++ // notify me of …
	}
	if end, ok := inner.longest(s.papersOn, first); ok && v.sends && end < last {
		first = end // a report with …
	}
	if first >= last {
		return q
	}
	return q[inner.tokens[first].start:inner.tokens[last-1].end]
}

// empty tells whether a question asks nothing by itself.
func (s *scan) asksNothing(q string) bool {
	inner := &scan{language: s.language, tokens: tokens(q)}
	first, last := inner.edges()
	if first >= last {
		return true
	}
	end, does := inner.verb(first)
	if end >= last && does != asking && does != noVerb {
		return true
	}
	if does == showing || does == sending {
		first = end
	}
	end, ok := inner.longest(inner.empty, first)
	return ok && end >= last
}
