package profile_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"tesela/segment/profile"
	"tesela/segment/segmenttest"
)

// Ana has orders of 15.55 (two rows), 20.01 and 7.00 in 2024, then none until
// 2025-05-09; bob did nothing but sign up; cleo came this year and dan bought
// once. The gaps between purchase days are 9, 12 and 454 of ana's, and 22 of 40
// of ed's: so the 90th percentile by nearest rank is 40.
const story = `load
zone Europe/Madrid
currency EUR 2
role purchase order
role amount order.amount
role refund refund
role signup joined
customers joined:time
  ana  2024-01-05T10:00
  bob  2024-02-05T10:00
  cleo 2025-05-31T10:00
  dan  2024-03-05T00:00
  ed   2023-01-01T00:00
event order id amount:money
  ana 2024-01-20T10:00 o1 10.00
  ana 2024-01-20T10:00 o1 5.55
  ana 2024-01-29T20:00 o2 20.01
  ana 2024-02-10T23:30 o3 7.00
  ana 2025-05-09T22:30 o4 1.00
  cleo 2025-06-02T09:00 o5 3.00
  dan 2024-03-05T10:00 o6 1.00
%sevent refund id amount:money
  ana 2024-02-01T10:00 r1 5.00
event visit
  ana 2024-01-20T09:00
  ana 2025-06-10T10:00
  ana 2025-06-20T10:00
at 2025-06-16
eval everyone -> none
`

// world has the story and ed's orders, every 40 days from 2023 on.
func world(t *testing.T) (*segmenttest.Source, time.Time) {
	t.Helper()
	var orders strings.Builder
	day := time.Date(2023, 1, 10, 0, 0, 0, 0, time.UTC)
	for i := 0; day.Before(time.Date(2025, 6, 10, 0, 0, 0, 0, time.UTC)); i++ {
		fmt.Fprintf(&orders, "  ed %sT10:00 e%d 2.00\n", day.Format(time.DateOnly), i)
		day = day.AddDate(0, 0, 40)
	}
	cases, err := segmenttest.ParseFile("story", fmt.Sprintf(story, orders.String()))
	if err != nil {
		t.Fatal(err)
	}
	src, err := segmenttest.NewSource(cases[0].World)
	if err != nil {
		t.Fatal(err)
	}
	return src, cases[0].At
}

func told(p *profile.Profile) string {
	var lines []string
	for _, m := range p.Moments {
		line := string(m.Kind) + " " + m.Time.Format(time.DateOnly)
		if m.Event != "" {
			line += " " + m.Event
		}
		if m.Amount != nil {
			line += " " + m.Amount.FloatString(2)
		}
		if m.Days > 0 {
			line += fmt.Sprint(" ", m.Days)
		}
		if m.To != "" {
			line += " " + m.From + " > " + m.To
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

func TestStory(t *testing.T) {
	src, at := world(t)
	p, err := profile.Of(context.Background(), src, at, 0)
	if err != nil {
		t.Fatal(err)
	}
	// From 10 February 2024 to 9 May 2025 are 454 days. On 15 June the last order
	// is 37 days ago, more than 0.8 of 40. The visit after T is not there.
	const want = `first 2024-01-20 order 15.55
largest 2024-01-29 order 20.01
first 2024-02-01 refund 5.00
lapse 2025-05-09 order 454
stage 2025-05-31 churned > reactivated
stage 2025-06-15 reactivated > at risk`
	if got := told(p); got != want {
		t.Errorf("moments:\n%s\nwant\n%s", got, want)
	}
	if p.Lapse != 40 || p.Purchases != 4 || p.Spent.FloatString(2) != "43.56" || p.Refunded.FloatString(2) != "5.00" || p.New {
		t.Errorf("lapse %d, %d purchases of %s, refunded %s, new %v", p.Lapse, p.Purchases, p.Spent, p.Refunded, p.New)
	}
	activities := ""
	for _, a := range p.Activities {
		activities += fmt.Sprintf("%s %d %d %d ", a.Event, a.Count, a.Year, a.Before)
	}
	if activities != "order 4 1 3 visit 2 1 1 refund 1 0 1 " {
		t.Errorf("activities %s", activities)
	}
	var months []string
	for _, m := range p.Months {
		months = append(months, fmt.Sprint(m.Key, " ", m.Count))
	}
	if got := strings.Join(months, ", "); got != "2024-01 3, 2024-02 2, 2025-05 1, 2025-06 1" {
		t.Errorf("months %s", got)
	}
	for _, s := range p.Standings {
		if s.Name == "lifecycle" && (s.Now != "at risk" || s.Before != "churned") {
			t.Errorf("lifecycle %v, before %v", s.Now, s.Before)
		}
	}
}

func TestOthers(t *testing.T) {
	src, at := world(t)
	bob, err := profile.Of(context.Background(), src, at, 1)
	if err != nil {
		t.Fatal(err)
	}
	if len(bob.Activities)+len(bob.Months)+len(bob.Moments)+bob.Purchases != 0 || bob.Spent != nil || bob.New {
		t.Errorf("who did nothing: %+v", bob)
	}
	cleo, err := profile.Of(context.Background(), src, at, 2)
	if err != nil {
		t.Fatal(err)
	}
	if !cleo.New {
		t.Error("who came this year is not new")
	}
	for _, s := range cleo.Standings {
		if s.Before != nil {
			t.Errorf("%s a year ago is %v", s.Name, s.Before)
		}
	}
	dan, err := profile.Of(context.Background(), src, at, 3)
	if err != nil {
		t.Fatal(err)
	}
	// From 5 March 2024 up to 15 June 2025.
	if got := told(dan); got != "first 2024-03-05 order 1.00\nlapsed 2025-06-15 order 467" {
		t.Errorf("who lapsed:\n%s", got)
	}
	if _, err := profile.Of(context.Background(), src, at, 99); err == nil {
		t.Error("a number that nobody has")
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := profile.Of(ctx, src, at, 0); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// A world without purchases has no stages and no lapses.
func TestNoPurchases(t *testing.T) {
	cases, err := segmenttest.ParseFile("gym", "load\ncustomers\n  a\n  b\nevent visit\n  a 2024-01-01T10:00\n  a 2025-03-01T10:00\nat 2025-06-16\neval everyone -> none\n")
	if err != nil {
		t.Fatal(err)
	}
	src, err := segmenttest.NewSource(cases[0].World)
	if err != nil {
		t.Fatal(err)
	}
	p, err := profile.Of(context.Background(), src, cases[0].At, 0)
	if err != nil {
		t.Fatal(err)
	}
	if p.New || len(p.Moments) != 0 || p.Lapse != 0 || len(p.Months) != 2 || p.Activities[0].Count != 2 {
		t.Errorf("%+v", p)
	}
	// Of whom nothing is known it is not known when they came.
	if p, err = profile.Of(context.Background(), src, cases[0].At, 1); err != nil || p.New {
		t.Errorf("nothing known: %+v, %v", p, err)
	}
}
