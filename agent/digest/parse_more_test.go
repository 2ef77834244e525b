package digest

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"
)

// all gives schedules of every kind.
func all() (list []Schedule) {
	times := [][2]int{{0, 0}, {1, 0}, {1, 30}, {5, 0}, {9, 0}, {12, 0}, {13, 5}, {17, 30}, {23, 59}}
	n := 0
	add := func(s Schedule) {
		for range 2 { // all times come in turn
			t := times[n%len(times)]
			s.Hour, s.Minute = t[0], t[1]
			list = append(list, s.tidy())
			n++
		}
	}
	add(Schedule{Kind: Daily})
	add(Schedule{Kind: Weekdays})
	for d := 1; d <= 7; d++ {
		add(Schedule{Kind: Weekly, Days: []int{d}})
		add(Schedule{Kind: Weekly, Days: []int{d, d%7 + 1}})
		add(Schedule{Kind: Weekly, Days: []int{1, 3, d}})
		for _, n := range []int{2, 3, 4, 13, 26} {
			add(Schedule{Kind: Weekly, Days: []int{d}, Weeks: n})
			add(Schedule{Kind: Weekly, Days: []int{d, d%7 + 1}, Weeks: n})
		}
		for _, nth := range []int{1, 2, 3, 4, Last} {
			add(Schedule{Kind: MonthlyBy, Days: []int{d}, Nth: nth})
		}
	}
	for d := 1; d <= 31; d++ {
		add(Schedule{Kind: Monthly, Days: []int{d}})
		add(Schedule{Kind: Monthly, Days: []int{1, d}})
		add(Schedule{Kind: Monthly, Days: []int{d, Last}})
	}
	add(Schedule{Kind: Monthly, Days: []int{Last}})
	add(Schedule{Kind: Monthly, Days: []int{1, 10, 20}})
	return list
}

var askedFor = map[string]string{"en": "revenue by country", "es": "las ventas por país", "pt": "as vendas por país"}

// What is said of a schedule is read back as the same one.
func TestTextIsReadBack(t *testing.T) {
	for _, lang := range codes {
		for _, s := range all() {
			if err := s.Check(); err != nil {
				t.Fatal(err)
			}
			said := InWords(lang, s, askedFor[lang])
			r, ok := Parse(said)
			if !ok || r.Doubt != "" || r.Refused != "" || fmt.Sprint(r.Schedule) != fmt.Sprint(s) || r.Language != lang || r.Question != askedFor[lang] {
				t.Errorf("%s: %q (%s)\nis %s of %q in %s", lang, said, s, inShort(r, ok), r.Question, r.Language)
			}
		}
	}
}

// A question that says nothing of days is none, whatever it asks.
func TestQuestionsAreNone(t *testing.T) {
	for lang, q := range askedFor {
		if r, ok := Parse(q); ok {
			t.Errorf("%s: %q is %s", lang, q, inShort(r, ok))
		}
	}
}

func TestAssumedIsTold(t *testing.T) {
	for text, want := range map[string]string{
		"every Monday send me revenue":          "time",
		"every Monday at 9 send me revenue":     "",
		"every week send me revenue":            "time day",
		"every week at 10:00 send me revenue":   "day",
		"every morning send me revenue":         "time",
		"cada semana mándame las ventas":        "time day",
		"toda semana às 10h me manda a receita": "day",
	} {
		r, ok := Parse(text)
		if got := strings.Join(r.Assumed, " "); !ok || got != want {
			t.Errorf("%q assumes %q, not %q", text, got, want)
		}
	}
}

// The choices of what is asked back are each clear by themselves.
func TestReadingsAreClear(t *testing.T) {
	for _, lang := range codes {
		for _, p := range phrases(t, lang) {
			r, ok := Parse(p.Say)
			if !ok || r.Doubt == "" {
				continue
			}
			if len(r.Readings) == 0 {
				t.Errorf("%q has a doubt and no reading", p.Say)
			}
			for _, reading := range r.Readings {
				if reading.Schedule == nil {
					if reading.Question != p.Say {
						t.Errorf("%q is asked once as %q", p.Say, reading.Question)
					}
					continue
				}
				again, ok := Parse(InWords(r.Language, *reading.Schedule, reading.Question))
				if !ok || again.Doubt != "" || again.Schedule.String() != reading.Schedule.String() {
					t.Errorf("%q: the reading %s of %q is %s", p.Say, reading.Schedule, reading.Question, inShort(again, ok))
				}
			}
		}
	}
}

func TestRefusalsSayWhy(t *testing.T) {
	for _, lang := range codes {
		seen := map[Reason]bool{}
		for _, p := range phrases(t, lang) {
			r, ok := Parse(p.Say)
			if !ok || r.Refused == "" {
				continue
			}
			seen[r.Refused] = true
			if why := r.Why("Europe/London"); why == "" || strings.ContainsAny(why, "{}") {
				t.Errorf("%q is refused with %q", p.Say, why)
			}
		}
		for _, reason := range []Reason{NoHour, NoDay, TooOften, NoRhythm, ManyTimes, OtherZone, Weekend, NoQuestion} {
			if !seen[reason] {
				t.Errorf("%s: no phrase is refused for %s", lang, reason)
			}
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, text := range []string{"every Monday at 9 show me revenue", "cada 15 días los martes mándame ventas", "todo dia 1º às 9h mostre", "every {n} [x", "at at at every every 9:99", "segunda sim, segunda não", "1º°ª\u0301\xff"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r, ok := Parse(text)
		if !ok {
			return
		}
		if r.Refused == "" {
			if err := r.Schedule.Check(); err != nil {
				t.Errorf("%q: %v", text, err)
			}
			if strings.TrimSpace(r.Question) == "" {
				t.Errorf("%q asks nothing", text)
			}
		}
		if utf8.ValidString(text) && !utf8.ValidString(r.Question) {
			t.Errorf("%q is cut within a letter: %q", text, r.Question)
		}
	})
}

func BenchmarkParse(b *testing.B) {
	for _, text := range []string{"how many customers bought at least three times in the last 90 days and opened no e-mail since Monday?", "every Monday at 9 show me revenue by country", strings.Repeat("every first day of the month at 9 on ", 100)[:1500]} {
		b.Run(fmt.Sprint(len(text)), func(b *testing.B) {
			for b.Loop() {
				Parse(text)
			}
		})
	}
}
