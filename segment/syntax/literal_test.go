package syntax

import (
	"math/big"
	"slices"
	"testing"
	"time"
)

func TestNumber(t *testing.T) {
	for text, want := range map[string]string{
		"0": "0", "-0": "0", "00": "0", "0.0": "0", "7": "7", "007": "7", "-7.50": "-7.5",
		"0.125": "0.125", "10": "10", "100.00": "100", "-0.01": "-0.01",
	} {
		n, err := NewNumber(text)
		if err != nil || n.Text != want {
			t.Errorf("%s: %v, %v", text, n, err)
			continue
		}
		exact, _ := new(big.Rat).SetString(text)
		if n.Rat().Cmp(exact) != 0 {
			t.Errorf("%s is exactly %s", text, n.Rat())
		}
	}
	for _, text := range []string{"", "-", ".", "5.", ".5", "1e3", "+1", "--1", "1/2", "0x1", "1_0", "1 ", "NaN", "٣"} {
		if n, err := NewNumber(text); err == nil {
			t.Errorf("%q is taken for %s", text, n)
		}
	}
	n, err := NewNumber("0.1")
	if err != nil || n.Float() != 0.1 || n.Rat().Cmp(big.NewRat(1, 10)) != 0 {
		t.Errorf("0.1 is %v %v", n, err)
	}
	if (&Number{Text: "nonsense"}).Rat().Sign() != 0 {
		t.Error("a number that is none is not 0")
	}
}

func TestParseDate(t *testing.T) {
	for text, want := range map[string]string{
		" 2011-12-01 ":                   "2011-12-01",
		"2012-02-29":                     "2012-02-29",
		"2011-12-01T10:00:00+01:00":      "2011-12-01T09:00:00Z",
		"2011-12-31T23:00:00-02:00":      "2012-01-01T01:00:00Z",
		"2011-12-01T10:00:00.120Z":       "2011-12-01T10:00:00.12Z",
		"2011-12-01T10:00:00.000000001z": "2011-12-01T10:00:00.000000001Z",
	} {
		d, err := ParseDate(text)
		if err != nil || d.Text != want || d.String() != want {
			t.Errorf("%s: %v, %v", text, d, err)
		}
	}
	for _, text := range []string{"1900-02-29", "2011-04-31", "2011-12-01T24:00:00Z", "2011-12-01T10:00:00", "11-12-01", "2011-12-011", "2011-12-01 x", "20111201"} {
		if d, err := ParseDate(text); err == nil {
			t.Errorf("%s is taken for %s", text, d)
		}
	}
}

// The first instant of a day, against a search through its minutes.
func TestDateTime(t *testing.T) {
	for _, c := range []struct{ zone, day, want string }{
		{"Europe/London", "2011-03-27", "2011-03-27T00:00:00Z"},
		{"Europe/London", "2011-10-30", "2011-10-29T23:00:00Z"},
		{"America/New_York", "2011-12-01", "2011-12-01T05:00:00Z"},
		{"America/Sao_Paulo", "2011-10-16", "2011-10-16T03:00:00Z"}, // no 00:00: clocks go from 23:59 to 01:00
		{"America/Sao_Paulo", "2012-02-26", "2012-02-26T03:00:00Z"}, // 23:00 comes twice the day before
		{"America/Havana", "2011-11-13", "2011-11-13T04:00:00Z"},    // 00:00 comes twice
		{"Asia/Beirut", "2011-03-27", "2011-03-26T22:00:00Z"},       // no 00:00
		{"UTC", "0001-01-01", "0001-01-01T00:00:00Z"},
	} {
		zone, err := time.LoadLocation(c.zone)
		if err != nil {
			t.Skip("no time zones here: ", err)
		}
		got, whole := Date{Text: c.day}.Time(zone)
		if !whole || got.UTC().Format(time.RFC3339) != c.want {
			t.Errorf("%s in %s begins at %s, want %s", c.day, c.zone, got.UTC().Format(time.RFC3339), c.want)
		}
		first := got.Add(-26 * time.Hour)
		for first.In(zone).Format("2006-01-02") != c.day {
			first = first.Add(time.Minute)
		}
		if !first.Equal(got) {
			t.Errorf("%s in %s: the first minute of that day is %s, not %s", c.day, c.zone, first.UTC(), got.UTC())
		}
	}
	got, whole := Date{Text: "2011-12-01T10:30:00Z"}.Time(time.UTC)
	if whole || !got.Equal(time.Date(2011, 12, 1, 10, 30, 0, 0, time.UTC)) {
		t.Errorf("got %s, %t", got, whole)
	}
}

func TestQuote(t *testing.T) {
	for name, want := range map[string]string{
		"country": "country", "_x9": "_x9", "last": "`last`", "where": "`where`", "in": "`in`",
		"everyone": "`everyone`", "Country": "`Country`", "a b": "`a b`", "9a": "`9a`", "a`b": "`a``b`",
		"count": "count", "month": "month", "customers": "customers", "día": "`día`",
	} {
		if got := Quote(name); got != want {
			t.Errorf("%s: got %s", name, got)
		}
		v, err := ParseValue(want)
		if n, ok := v.(*Name); err != nil || !ok || n.Name != name {
			t.Errorf("%s reads as %v, %v", want, v, err)
		}
	}
	// Every word of the language serves as a name in back quotes.
	for word := range reserved {
		f, err := Parse("`" + word + "` = 1 and count(`" + word + "`.`" + word + "`) = 2")
		if err != nil {
			t.Errorf("%s: %v", word, err)
			continue
		}
		if again := mustParse(t, f.String()); !Equal(f, again) {
			t.Errorf("%s prints as %s", word, f)
		}
	}
}

func TestNearestNames(t *testing.T) {
	known := []string{"country", "county", "city", "signup", "signup_date", "order", "orders", "Ordér", "birthday", "consent", "country", "vip", "über_uns"}
	for _, c := range []struct {
		name string
		max  int
		want []string
	}{
		{"cuntry", 3, []string{"country", "county"}},
		{"contry", 3, []string{"country", "county"}},
		{"coutnry", 1, []string{"country"}}, // letters swapped are one slip
		{"ordr", 2, []string{"Ordér", "order"}},
		{"ORDER", 3, []string{"Ordér", "order", "orders"}},
		{"sign-up", 2, []string{"signup", "signup_date"}},
		{"date", 3, []string{"signup_date"}},
		{"uber uns", 3, []string{"über_uns"}},
		{"birth_day", 3, []string{"birthday"}},
		{"country", 3, []string{"county"}},
		{"weather", 3, nil},
		{"", 3, nil},
		{"???", 3, nil},
		{"order", 0, nil},
	} {
		if got := NearestNames(c.name, known, c.max); !slices.Equal(got, c.want) {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

// The distance, against the textbook recursion.
func TestDistance(t *testing.T) {
	var slow func(a, b []rune) int
	slow = func(a, b []rune) int {
		n, m := len(a), len(b)
		if n == 0 || m == 0 {
			return n + m
		}
		cost := 1
		if a[n-1] == b[m-1] {
			cost = 0
		}
		d := min(slow(a[:n-1], b)+1, slow(a, b[:m-1])+1, slow(a[:n-1], b[:m-1])+cost)
		if n > 1 && m > 1 && a[n-1] == b[m-2] && a[n-2] == b[m-1] {
			d = min(d, slow(a[:n-2], b[:m-2])+1)
		}
		return d
	}
	words := []string{"", "a", "ab", "ba", "abc", "acb", "cab", "abcd", "badc", "xbcd", "aab", "bca"}
	var rows [3][]int
	for _, a := range words {
		for _, b := range words {
			for limit := range 5 {
				want := min(slow([]rune(a), []rune(b)), limit+1)
				if got := distance([]rune(a), []rune(b), limit, &rows); got != want {
					t.Errorf("%q to %q within %d: got %d, want %d", a, b, limit, got, want)
				}
			}
		}
	}
}
