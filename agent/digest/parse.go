package digest

import (
	"slices"
	"strings"
)

// Request is what somebody wants sent again and again. It stands as it is
// where neither Doubt nor Refused is set.
type Request struct {
	Schedule Schedule
	// Question is what is left of the text, to be asked as it stands.
	Question string
	Language string // en, es, pt: that of the schedule's words
	// Assumed lists what was not said: "time", "day".
	Assumed []string
	// Doubt says why it must be asked back; Readings are the choices then.
	Doubt    Doubt
	Readings []Reading
	// Refused says why it cannot be had; Schedule is not set then.
	Refused Reason
}

// Reading is one way of taking what was said. Without a Schedule it is a
// question for now.
type Reading struct {
	Schedule *Schedule
	Question string
}

// Doubt is why a request must be asked back.
type Doubt string

// The doubts: whether more than the question is meant; which half of the day;
// whether it is to come once or each time.
const (
	Wish Doubt = "wish"
	Hour Doubt = "hour"
	Once Doubt = "once"
)

// Reason is why a request cannot be had.
type Reason string

// The reasons.
const (
	NoHour     Reason = "hour"     // no clock shows that time
	NoDay      Reason = "day"      // no month has that day
	TooOften   Reason = "often"    // more than once a day
	NoRhythm   Reason = "rhythm"   // a rhythm that is not offered
	ManyTimes  Reason = "times"    // several times of one day
	OtherZone  Reason = "zone"     // a time by another clock
	Weekend    Reason = "weekend"  // which day of it?
	NoQuestion Reason = "question" // nothing is left to be asked
)

// mostText bounds the texts that are looked through, in bytes; mostTokens in
// words. A digest is asked for in a sentence or two.
const (
	mostText   = 4000
	mostTokens = 160
)

// Parse reads from a text that somebody wants a question answered again and
// again. It is false for what is a question alone, also where that speaks of
// days ("customers who order every Monday").
func Parse(text string) (Request, bool) {
	all, err := load()
	if err != nil || len(text) > mostText {
		return Request{}, false
	}
	list := tokens(text)
	if len(list) > mostTokens {
		return Request{}, false
	}
	var best verdict
	for _, code := range codes {
		s := &scan{language: all[code], tokens: list}
		all := s.places()
		for _, p := range all {
			if v := s.judge(p, all); v.better(best) {
				best = v
			}
		}
	}
	if best.rank == none {
		return Request{}, false
	}
	r := best.request(text)
	return r, best.rank == sure || r.Refused != NoQuestion
}

// place is where a text says when something is to come.
type place struct {
	from, to int // tokens; to is the one after it
	// far is where a time stands that was told apart from the days, 0, 0 for
	// nowhere.
	far      [2]int
	calendar calendar
	held     *found
	clock    bool // a time was told
	time     told
	problem  Reason
}

// places finds all that speaks of days, each with the time beside it; what
// lies within another is left out.
func (s *scan) places() []place {
	var all []place
	for at := range s.tokens {
		for _, c := range s.Calendars {
			ends, held := s.match(c.form, at)
			// Shorter ends lie within the longest; a time may begin at the next.
			for i, end := range ends[:min(len(ends), 2)] {
				all = append(all, s.withTime(place{from: at, to: end, calendar: c, held: held[i]}))
			}
		}
	}
	return slices.DeleteFunc(slices.Clone(all), func(p place) bool {
		if p.from > 0 && s.of[s.tokens[p.from-1].text] {
			return true // the revenue of each month
		}
		return slices.ContainsFunc(all, func(q place) bool { return q.to-q.from > p.to-p.from && q.from <= p.from && q.to >= p.to })
	})
}

// withTime takes the time that stands beside a place into it.
func (s *scan) withTime(p place) place {
	if p.held.part != "" {
		p.time.hour = p.held.half
	}
	next := p.to
	if s.is(next, ",") {
		next++
	}
	if end, t, ok := s.time(next, p.held.part); ok {
		p.to, p.clock, p.time = end, true, t
	} else {
		// at 9 every Monday
		for at := max(0, p.from-9); at < p.from; at++ {
			end, t, ok := s.time(at, p.held.part)
			if ok && (end == p.from || end == p.from-1 && (s.is(end, ",") || s.of[s.tokens[end].text])) {
				p.from, p.clock, p.time = at, true, t
				break
			}
		}
	}
	if !p.clock {
		return p
	}
	if ends, _ := s.match(s.zones, p.to); len(ends) > 0 {
		p.to, p.problem = ends[0], OtherZone
	}
	if ends, _ := s.match(s.andAt, p.to); len(ends) > 0 {
		if end, _, ok := s.time(ends[len(ends)-1], p.held.part); ok {
			p.to, p.problem = end, ManyTimes
		}
	}
	return p
}

func (s *scan) is(at int, text string) bool { return at < len(s.tokens) && s.tokens[at].text == text }

// schedule makes the schedule of a place, or says why there is none.
func (p place) schedule() (Schedule, []string, Reason) {
	switch {
	case p.calendar.Refuse != "":
		return Schedule{}, nil, p.calendar.Refuse
	case p.problem != "":
		return Schedule{}, nil, p.problem
	case p.time.wrong:
		return Schedule{}, nil, NoHour
	}
	s := Schedule{Kind: p.calendar.Kind, Hour: p.time.hour, Minute: p.time.minute, Weeks: p.calendar.Weeks, Nth: p.held.nth}
	var assumed []string
	if !p.clock && p.held.part == "" {
		s.Hour = defaultHour
	}
	if !p.clock {
		assumed = append(assumed, "time")
	}
	switch s.Kind {
	case Weekly:
		if s.Days = p.held.weekdays; p.held.n > 0 {
			s.Weeks = p.held.n
		}
	case MonthlyBy:
		s.Days = p.held.weekdays
	case Monthly:
		if s.Days = p.held.days; len(p.calendar.Days) > 0 {
			s.Days = p.calendar.Days
		}
		for _, d := range s.Days {
			if d != Last && (d < 1 || d > 31) {
				return Schedule{}, nil, NoDay
			}
		}
	}
	if (s.Kind == Weekly || s.Kind == Monthly) && len(s.Days) == 0 {
		s.Days, assumed = []int{1}, append(assumed, "day")
	}
	s = s.tidy()
	if s.Check() != nil {
		return Schedule{}, nil, NoRhythm
	}
	return s, assumed, ""
}

// request puts a verdict into the words of the text.
func (v verdict) request(text string) Request {
	r := Request{Language: v.scan.code, Question: v.scan.question(text, v)}
	r.Schedule, r.Assumed, r.Refused = v.place.schedule()
	if r.Refused == "" && v.scan.asksNothing(r.Question) {
		r.Schedule, r.Assumed, r.Refused = Schedule{}, nil, NoQuestion
	}
	if r.Refused != "" {
		return r
	}
	whole := strings.TrimSpace(text)
	at := func(hours int) Reading {
		s := r.Schedule
		s.Hour += hours
		return Reading{&s, r.Question}
	}
	switch {
	case v.rank == doubtful && v.doubt == Once:
		r.Doubt, r.Readings = Once, []Reading{at(0)}
	case v.rank == doubtful:
		r.Doubt, r.Readings = Wish, []Reading{at(0), {Question: whole}}
	case v.place.time.bare:
		r.Doubt, r.Readings = Hour, []Reading{at(0), at(12)}
	}
	return r
}
