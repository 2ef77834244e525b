package planner

import (
	"testing"
	"time"

	"tesela/prompts"
)

// Dates as calendars print them.
func TestNamedDays(t *testing.T) {
	days, err := readDays(prompts.Lexicon)
	if err != nil {
		t.Fatal(err)
	}
	for name, dates := range map[string][]string{
		"easter":       {"2011-04-24", "2019-04-21", "2024-03-31", "2025-04-20", "2026-04-05", "2038-04-25"},
		"good_friday":  {"2024-03-29", "2025-04-18"},
		"holy_week":    {"2024-03-24", "2025-04-13"},
		"carnival":     {"2024-02-10", "2025-03-01"},
		"thanksgiving": {"2023-11-23", "2024-11-28", "2025-11-27"},
		"black_friday": {"2011-11-25", "2023-11-24", "2024-11-29", "2025-11-28"},
		"cyber_monday": {"2024-12-02", "2025-12-01"},
		"christmas":    {"2025-12-25"},
	} {
		for _, date := range dates {
			d, err := time.Parse("2006-01-02", date)
			if err != nil {
				t.Fatal(err)
			}
			if start, _ := days[name].in(d.Year(), time.UTC); !start.Equal(d) {
				t.Errorf("%s of %d is %s, not %s", name, d.Year(), start.Format("2006-01-02"), date)
			}
		}
	}
	if start, end := days["holy_week"].in(2025, time.UTC); end.Sub(start) != 8*24*time.Hour {
		t.Errorf("holy week lasts from %s to %s", start, end)
	}
	last := dayRule{Month: 5, Weekday: 1, Nth: -1} // Memorial Day
	for year, day := range map[int]int{2024: 27, 2025: 26, 2027: 31} {
		if start, _ := last.in(year, time.UTC); start.Day() != day {
			t.Errorf("the last Monday of May %d is the %d", year, start.Day())
		}
	}
	for _, lang := range languages {
		lx, err := readLexicon(prompts.Lexicon, lang)
		if err != nil {
			t.Fatal(err)
		}
		for phrase, entries := range lx.exact {
			for _, e := range entries {
				if _, known := days[e.attr]; e.cat == "named_days" && !known {
					t.Errorf("%s: %q is a day without a rule: %s", lang, phrase, e.attr)
				}
			}
		}
	}
}
