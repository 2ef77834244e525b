package digest

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
	_ "time/tzdata"
)

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// byMinutes finds the instants of a schedule in another way: it looks at the
// clock each minute, as somebody with a watch would. A schedule comes when the
// clock first shows its time or, having jumped, a later one of its day.
func byMinutes(s Schedule, from, to time.Time, z *time.Location) (list []time.Time) {
	done := map[string]bool{}
	set := fmt.Sprintf("%02d:%02d", s.Hour, s.Minute)
	before := from.Add(-time.Minute).In(z)
	for t := from; t.Before(to); t = t.Add(time.Minute) {
		now := t.In(z)
		// The days that the clock passes through in this minute.
		for day := time.Date(before.Year(), before.Month(), before.Day(), 0, 0, 0, 0, time.UTC); !day.After(time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, time.UTC)); day = day.AddDate(0, 0, 1) {
			key := day.Format(time.DateOnly)
			if done[key] || !s.fits(day) {
				continue
			}
			passed := now.Format(time.DateOnly) > key || now.Format(time.DateOnly) == key && now.Format("15:04") >= set
			if passed {
				done[key] = true
				// At the very beginning it is not known when it was passed.
				if t.After(from) && (len(list) == 0 || !list[len(list)-1].Equal(t)) {
					list = append(list, t)
				}
			}
		}
		before = now
	}
	return list
}

// changes are spans around odd changes of clocks.
var changes = []struct{ zone, from, to string }{
	{"Europe/London", "2024-03-25", "2024-04-03"},
	{"Europe/London", "2024-10-22", "2024-10-31"},
	{"America/Sao_Paulo", "2018-10-30", "2018-11-08"}, // midnight is skipped
	{"America/Sao_Paulo", "2019-02-13", "2019-02-20"}, // an hour before midnight twice
	{"America/Santiago", "2023-08-30", "2023-09-06"},
	{"America/Santiago", "2024-04-03", "2024-04-10"},
	{"Australia/Lord_Howe", "2024-04-03", "2024-04-10"}, // half an hour
	{"Australia/Lord_Howe", "2024-10-02", "2024-10-09"},
	{"Asia/Kolkata", "2024-02-25", "2024-03-04"},
	{"Pacific/Apia", "2011-12-27", "2012-01-04"}, // a whole day is skipped
	{"Africa/Casablanca", "2024-03-08", "2024-03-14"},
	{"UTC", "2023-12-26", "2024-01-04"},
}

func TestNextAndDueByAWatch(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, c := range changes {
		z := zone(t, c.zone)
		from, _ := time.Parse(time.DateOnly, c.from)
		to, _ := time.Parse(time.DateOnly, c.to)
		for range 12 {
			s := Schedule{Kind: Daily, Hour: random.IntN(24), Minute: random.IntN(60)}
			if random.IntN(2) == 0 {
				s.Hour, s.Minute = random.IntN(4), []int{0, 15, 30, 59}[random.IntN(4)] // where clocks change
			}
			switch random.IntN(5) {
			case 0:
				s.Kind = Weekdays
			case 1:
				s.Kind, s.Days = Weekly, []int{1 + random.IntN(3), 4 + random.IntN(4)}
			case 2:
				s.Kind, s.Days = Monthly, []int{1, 3, 29, 31, Last}
			}
			want := byMinutes(s, from, to, z)
			at := from
			for i, w := range want {
				got := s.Next(at, z)
				if i == 0 && got.Before(w) {
					at, got = got, s.Next(got, z) // at the very edge
				}
				if !got.Equal(w) {
					t.Fatalf("%s %s: after %s comes %s, not %s", c.zone, s, at.In(z), got, w.In(z))
				}
				if due, ok := s.Due(at, w, z); !ok || !due.Equal(w) {
					t.Fatalf("%s %s: at %s is due %s (%v)", c.zone, s, w.In(z), due, ok)
				}
				if due, ok := s.Due(w, w.Add(time.Second), z); ok {
					t.Fatalf("%s %s: after %s is due again %s", c.zone, s, w.In(z), due)
				}
				at = w
			}
			if len(want) == 0 && s.Kind == Daily {
				t.Fatalf("%s %s: never", c.zone, s)
			}
			// After downtime only the newest is due.
			if n := len(want); n > 1 {
				if due, ok := s.Due(want[0].Add(-time.Hour), want[n-1].Add(time.Minute), z); !ok || !due.Equal(want[n-1]) {
					t.Fatalf("%s %s: after days down is due %s, not %s", c.zone, s, due, want[n-1])
				}
			}
		}
	}
}

func TestWhenClocksChange(t *testing.T) {
	for _, c := range []struct{ schedule, zone, after, next string }{
		{"daily 01:30", "Europe/London", "2024-03-30T12:00:00Z", "2024-03-31T02:00:00+01:00"}, // skipped: when the clock jumps
		{"daily 01:30", "Europe/London", "2024-10-26T12:00:00Z", "2024-10-27T01:30:00+01:00"}, // twice: the first
		{"daily 01:30", "Europe/London", "2024-10-27T00:30:00Z", "2024-10-28T01:30:00Z"},
		{"daily 00:00", "America/Sao_Paulo", "2018-11-03T12:00:00Z", "2018-11-04T01:00:00-02:00"},
		{"daily 09:00", "Asia/Kolkata", "2024-01-01T03:30:00Z", "2024-01-02T09:00:00+05:30"},
		{"daily 02:15", "Australia/Lord_Howe", "2024-10-05T12:00:00Z", "2024-10-06T02:30:00+11:00"},
		{"daily 09:00", "Pacific/Apia", "2011-12-30T08:00:00Z", "2011-12-31T00:00:00+14:00"}, // the 30th was skipped
		{"monthly 31", "UTC", "2024-01-31T09:00:00Z", "2024-02-29T09:00:00Z"},
		{"monthly 30,31", "UTC", "2024-02-29T09:00:00Z", "2024-03-30T09:00:00Z"},
		{"monthly last", "UTC", "2023-02-01T00:00:00Z", "2023-02-28T09:00:00Z"},
		{"first mon", "UTC", "2024-01-01T09:00:00Z", "2024-02-05T09:00:00Z"},
		{"last fri", "UTC", "2024-02-01T00:00:00Z", "2024-02-23T09:00:00Z"},
	} {
		s := Schedule{Kind: Daily, Hour: 9}
		switch c.schedule {
		case "monthly 31":
			s.Kind, s.Days = Monthly, []int{31}
		case "monthly 30,31":
			s.Kind, s.Days = Monthly, []int{30, 31}
		case "monthly last":
			s.Kind, s.Days = Monthly, []int{Last}
		case "first mon":
			s.Kind, s.Days, s.Nth = MonthlyBy, []int{1}, 1
		case "last fri":
			s.Kind, s.Days, s.Nth = MonthlyBy, []int{5}, Last
		default:
			if _, err := fmt.Sscanf(c.schedule, "daily %d:%d", &s.Hour, &s.Minute); err != nil {
				t.Fatal(err)
			}
		}
		after, _ := time.Parse(time.RFC3339, c.after)
		if got := s.Next(after, zone(t, c.zone)).Format(time.RFC3339); got != c.next {
			t.Errorf("%s in %s after %s: %s, not %s", c.schedule, c.zone, c.after, got, c.next)
		}
	}
}

func TestEveryOtherWeek(t *testing.T) {
	z := zone(t, "Europe/London")
	s := Schedule{Kind: Weekly, Days: []int{1, 4}, Weeks: 2, Hour: 9}
	// A Tuesday: the first is that Thursday, whose week counts.
	s = s.Anchored(time.Date(2024, 3, 5, 12, 0, 0, 0, time.UTC), z)
	if s.Anchor != "2024-03-07" {
		t.Fatalf("anchored on %s", s.Anchor)
	}
	at := time.Date(2024, 3, 5, 12, 0, 0, 0, time.UTC)
	var got []string
	for range 5 {
		at = s.Next(at, z)
		got = append(got, at.Format("01-02 Mon"))
	}
	if want := "[03-07 Thu 03-18 Mon 03-21 Thu 04-01 Mon 04-04 Thu]"; fmt.Sprint(got) != want {
		t.Errorf("%v, not %s", got, want)
	}
	b, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	var back Schedule
	if err := json.Unmarshal(b, &back); err != nil || fmt.Sprint(back) != fmt.Sprint(s) || back.Anchor != s.Anchor {
		t.Errorf("%s comes back as %v (%v)", b, back, err)
	}
}

// Every so many weeks comes just so often, over years and zones.
func TestWeeksApart(t *testing.T) {
	for _, name := range []string{"Europe/London", "America/Santiago", "Australia/Lord_Howe"} {
		z := zone(t, name)
		for n := 2; n <= MostWeeks; n += 6 {
			start := time.Date(1969, 12, 3, 0, 0, 0, 0, time.UTC)
			s := Schedule{Kind: Weekly, Days: []int{7}, Weeks: n, Hour: 0, Minute: 30}.Anchored(start, z)
			at := s.Next(start, z)
			for range 40 {
				next := s.Next(at, z)
				if days := int(dayOf(next, z).Sub(dayOf(at, z)).Hours() / 24); days != 7*n {
					t.Fatalf("%s: %d days from %s to %s, every %d weeks", name, days, at, next, n)
				}
				if due, ok := s.Due(at, next.Add(-time.Second), z); ok {
					t.Fatalf("%s: due %s before its time", name, due)
				}
				at = next
			}
		}
	}
}

func TestBrokenSchedulesNeverCome(t *testing.T) {
	now := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, s := range []Schedule{
		{},
		{Kind: "hourly"},
		{Kind: Daily, Hour: 24},
		{Kind: Daily, Minute: -1},
		{Kind: Daily, Days: []int{1}},
		{Kind: Weekly},
		{Kind: Weekly, Days: []int{8}},
		{Kind: Weekly, Days: []int{Last}},
		{Kind: Weekly, Days: []int{1}, Weeks: 27},
		{Kind: Monthly, Days: []int{0}},
		{Kind: Monthly, Days: []int{32}},
		{Kind: MonthlyBy, Days: []int{1}},
		{Kind: MonthlyBy, Days: []int{1, 2}, Nth: 1},
		{Kind: Weekly, Days: []int{1}, Weeks: 2, Anchor: "soon"},
	} {
		if s.Check() == nil {
			t.Errorf("%+v is taken", s)
		}
		if next := s.Next(now, nil); !next.IsZero() {
			t.Errorf("%+v comes at %s", s, next)
		}
		if due, ok := s.Due(time.Time{}, now, nil); ok {
			t.Errorf("%+v is due at %s", s, due)
		}
	}
}

func TestNotes(t *testing.T) {
	for lang, want := range map[string]string{
		"en": "In months without a day 31 it comes on their last day.",
		"es": "En los meses sin día 31 llega el último día.",
		"pt": "Nos meses sem dia 31, chega no último dia.",
	} {
		if got := (Schedule{Kind: Monthly, Days: []int{31}}).Note(lang); got != want {
			t.Errorf("%s: %q", lang, got)
		}
	}
	if got := (Schedule{Kind: Monthly, Days: []int{28, Last}}).Note("en"); got != "" {
		t.Errorf("a day that each month has: %q", got)
	}
}

// Whatever was kept, a schedule neither breaks nor runs on.
func FuzzSchedule(f *testing.F) {
	f.Add(`{"kind":"weekly","hour":9,"minute":0,"days":[1],"weeks":2,"anchor":"2024-03-04"}`, int64(1700000000))
	f.Add(`{"kind":"monthly","hour":9,"minute":0,"days":[31,-1]}`, int64(-62135596800))
	f.Add(`{"kind":"monthly_by","hour":23,"minute":59,"days":[7],"nth":-1}`, int64(253402300799))
	f.Fuzz(func(t *testing.T, kept string, unix int64) {
		var s Schedule
		if json.Unmarshal([]byte(kept), &s) != nil || unix < -62135596800 || unix > 253402300799 {
			return
		}
		now := time.Unix(unix, 0)
		s.Text("es")
		s.Note("pt")
		next := s.Next(now, time.UTC)
		if s.Check() != nil {
			return
		}
		if !next.After(now) {
			t.Fatalf("%s comes at %s, not after %s", s, next, now)
		}
		if due, ok := s.Due(now, next, time.UTC); !ok || !due.Equal(next) {
			t.Errorf("%s: at %s is due %s (%v)", s, next, due, ok)
		}
		if due, ok := s.Due(now, next.Add(-time.Second), time.UTC); ok {
			t.Errorf("%s: before %s is due %s", s, next, due)
		}
	})
}
