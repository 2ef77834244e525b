package digest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"tesela/agent/wording"
)

// sayings are what schedules are said with.
type sayings struct {
	Time      string            `yaml:"time"`
	TimeOne   string            `yaml:"time_one"`
	Daily     string            `yaml:"daily"`
	Weekdays  string            `yaml:"weekdays"`
	Weekly    string            `yaml:"weekly"`
	WeeklyN   string            `yaml:"weekly_n"`
	Monthly   string            `yaml:"monthly"`
	MonthlyBy string            `yaml:"monthly_by"`
	Names     []string          `yaml:"names"`
	Each      []string          `yaml:"each"`
	On        []string          `yaml:"on"`
	Join      string            `yaml:"join"`
	JoinLast  string            `yaml:"join_last"`
	Day       string            `yaml:"day"`
	Suffix    map[int]string    `yaml:"suffix"`
	Last      string            `yaml:"last"`
	Nth       map[int]string    `yaml:"nth"`
	NthOf     map[int]string    `yaml:"nth_feminine"`
	Feminine  []int             `yaml:"feminine"`
	Clamped   string            `yaml:"clamped"`
	Wish      string            `yaml:"wish"`
	Refused   map[Reason]string `yaml:"refused"`
}

// Text says a schedule in a language (en, es, pt; English for others), for the
// middle of a sentence: "every Monday at 9:00". Parse reads it back.
func (s Schedule) Text(lang string) string {
	l, err := languageFor(lang)
	if err != nil || s.Check() != nil {
		return s.String()
	}
	say := l.Say
	form := say.Time
	if s.Hour == 1 {
		form = say.TimeOne
	}
	time := wording.Fill(form, "hour", strconv.Itoa(s.Hour), "minute", fmt.Sprintf("%02d", s.Minute))
	switch s.Kind {
	case Weekdays:
		return wording.Fill(say.Weekdays, "time", time)
	case Weekly:
		names, form := say.Each, say.Weekly
		if s.Weeks > 1 {
			names, form = say.On, say.WeeklyN
		}
		var days []string
		for _, d := range s.Days {
			days = append(days, names[d-1])
		}
		return wording.Fill(form, "days", say.joined(days), "n", strconv.Itoa(s.Weeks), "time", time)
	case Monthly:
		var days []string
		for _, d := range s.Days {
			suffix, ok := say.Suffix[d]
			if !ok {
				suffix = say.Suffix[0]
			}
			text := wording.Fill(say.Day, "n", strconv.Itoa(d), "suffix", suffix)
			if d == Last {
				text = say.Last
			}
			days = append(days, text)
		}
		return wording.Fill(say.Monthly, "days", say.joined(days), "time", time)
	case MonthlyBy:
		nth := say.Nth[s.Nth]
		if slices.Contains(say.Feminine, s.Days[0]) {
			nth = say.NthOf[s.Nth]
		}
		return wording.Fill(say.MonthlyBy, "nth", wording.Fill(nth, "day", say.Names[s.Days[0]-1]), "time", time)
	}
	return wording.Fill(say.Daily, "time", time)
}

// Note says what a reader must know of a schedule beside its text: what
// happens in months that are too short. "" for nothing.
func (s Schedule) Note(lang string) string {
	l, err := languageFor(lang)
	if err != nil || s.Kind != Monthly {
		return ""
	}
	for _, d := range s.Days {
		if d > 28 {
			return wording.Fill(l.Say.Clamped, "n", strconv.Itoa(d))
		}
	}
	return ""
}

// Text says a request in its language as it could be typed.
func (r Request) Text() string { return InWords(r.Language, r.Schedule, r.Question) }

// InWords says a request for a question by a schedule; Parse reads it back.
func InWords(lang string, s Schedule, question string) string {
	l, err := languageFor(lang)
	if err != nil {
		return question
	}
	return wording.Fill(l.Say.Wish, "schedule", s.Text(lang), "question", question)
}

// Why says in the request's language why it cannot be had and what can; "" for
// one that can. Zone is the name of the zone whose clock counts.
func (r Request) Why(zone string) string {
	l, err := languageFor(r.Language)
	if err != nil || r.Refused == "" {
		return ""
	}
	return wording.Fill(l.Say.Refused[r.Refused], "zone", zone)
}

func (s sayings) joined(list []string) string {
	if len(list) < 2 {
		return strings.Join(list, "")
	}
	last := len(list) - 1
	return strings.Join(list[:last], s.Join) + s.JoinLast + list[last]
}
