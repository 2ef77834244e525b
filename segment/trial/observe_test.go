package trial_test

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"tesela/segment"
	"tesela/segment/effect"
	"tesela/segment/trial"
)

// mailed is a world in which those who had bought before get a mail more often,
// and buy more often after, mail or not: the mail does nothing.
func mailed(t testing.TB) (segment.Source, time.Time) {
	t.Helper()
	d := draws(5)
	var ids, sends, orders strings.Builder
	for i := range 1200 {
		fmt.Fprintf(&ids, "  m%04d %s\n", i, []string{"north", "south"}[d.below(2)])
		loyal := d.below(2) == 0
		chance, buys := 20, 10
		if loyal {
			chance, buys = 70, 50
			fmt.Fprintf(&orders, "  m%04d 2024-03-%02dT12:00 20.00\n", i, 5+d.below(20))
		}
		if d.below(100) < chance {
			fmt.Fprintf(&sends, "  m%04d 2024-04-01T10:%02d Flyer\n", i, d.below(60))
		}
		if d.below(100) < buys {
			fmt.Fprintf(&orders, "  m%04d 2024-04-%02dT15:00 20.00\n", i, 2+d.below(25))
		}
	}
	return world(t, head+"role send letter\ncustomers region:text\n"+ids.String()+"event letter campaign:text\n"+sends.String()+"event order amount:money\n"+orders.String()+
		"event visit\n"+strings.ReplaceAll(strings.ReplaceAll(ids.String(), " north", " 2024-01-15T10:00"), " south", " 2024-01-15T10:00")+tail)
}

// What those who were mailed do more than others is what they did before; once
// weighted to be alike nothing is left.
func TestObserved(t *testing.T) {
	src, at := mailed(t)
	o, err := trial.ObserveSent(t.Context(), src, at, trial.Query{Campaign: "flyer"})
	must(t, err)
	c := o.Comparisons[0]
	if o.Campaign != "Flyer" || o.Treated+o.Others != 1200 || !o.Enough || c.Method != trial.ByWeights {
		t.Errorf("observed %+v", o)
	}
	if c.Plain.Lift < 0.15 || !c.Plain.Shown() {
		t.Errorf("as they are: %+v", c.Plain)
	}
	if c.Shown() || math.Abs(c.Lift) > 0.06 || !c.Enough {
		t.Errorf("weighted: %+v", c.Difference)
	}
	if !o.Alike() || o.Effective >= float64(o.Others) || len(o.Aside) != 0 {
		t.Errorf("effective %v of %d, aside %v", o.Effective, o.Others, o.Aside)
	}
	before := slices.IndexFunc(o.Balance, func(b effect.Balance) bool { return b.Name == "count(order, last 30d) >= 1" })
	if before < 0 || o.Balance[before].Apart < 0.5 || math.Abs(o.Balance[before].Matched) > 0.01 || math.Abs(o.Balance[before].Treated-o.Balance[before].After) > 0.01 {
		t.Errorf("balance %+v", o.Balance)
	}
	if !slices.ContainsFunc(o.Balance, func(b effect.Balance) bool { return b.Name == `region = "north"` }) {
		t.Error("the trait is not looked at")
	}

	// The same by a formula and a date. The letters went out at ten, so the day's
	// beginning is ten hours earlier, in which nobody did anything.
	same, err := trial.ObserveTreated(t.Context(), src, at, trial.Query{On: o.First.Add(-time.Hour)}, parse(t, `count(letter where campaign = "Flyer") >= 1`))
	must(t, err)
	if same.Treated != o.Treated || math.Abs(same.Comparisons[0].Lift-c.Lift) > 0.02 {
		t.Errorf("by formula: %+v, sent %+v", same.Comparisons[0], c)
	}
	plain, err := trial.ObserveSent(t.Context(), src, at, trial.Query{Campaign: "Flyer", Plain: true})
	must(t, err)
	near(t, "not weighted", plain.Comparisons[0].Lift, c.Plain.Lift)
	var unknown *trial.UnknownError
	if _, err := trial.ObserveSent(t.Context(), src, at, trial.Query{Campaign: "Poster"}); !errors.As(err, &unknown) || !slices.Equal(unknown.Known, []string{"Flyer"}) {
		t.Errorf("no such campaign: %v", err)
	}
	late, err := trial.ObserveSent(t.Context(), src, at, trial.Query{Campaign: "Flyer", Days: 300})
	must(t, err)
	if late.Late != o.Treated || late.Treated != 0 || len(late.Comparisons) != 0 {
		t.Errorf("not over: %+v", late)
	}
}

// By hand. In May: a gets 3, the first after 1 in the 28 days before, the second
// after 2, the third, 29 days after the first, after 1; b gets 1 after none; c
// none. a opens the second and leaves after the third; b opens the letter of
// June late, which is no answer to May's.
const letters = `zone UTC
role send letter
role open opened
role unsubscribe left
customers
  a
  b
  c
event letter campaign:text
  a 2024-04-25T10:00 Spring
  a 2024-05-01T10:00 Tea
  a 2024-05-02T10:00 Soap
  a 2024-05-30T10:00 Tea
  b 2024-05-10T10:00 Tea
  b 2024-06-02T10:00 Soap
event opened campaign:text
  a 2024-05-20T10:00 Soap
  b 2024-06-20T10:00 Soap
event left
  a 2024-05-31T10:00
` + tail

func TestContacts(t *testing.T) {
	src, _ := world(t, letters)
	may := segment.Span{From: time.Date(2024, 5, 1, 0, 0, 0, 0, time.UTC).UnixMicro(), To: time.Date(2024, 6, 1, 0, 0, 0, 0, time.UTC).UnixMicro()}
	c, err := trial.Review(t.Context(), src, may, nil)
	must(t, err)
	want := []trial.Fatigue{
		{Contacts: 0, Customers: 1, Sent: 1},
		{Contacts: 1, Customers: 1, Sent: 2, Leaving: 1},
		{Contacts: 2, Sent: 1, Opened: 1},
		{Contacts: 3, Customers: 1},
	}
	if !slices.Equal(c.Per, want) {
		t.Errorf("per %+v, want %+v", c.Per, want)
	}
	if c.Customers != 3 || c.Contacted != 2 || c.Sent != 4 || !c.Opens || c.Clicks || !c.Leaves {
		t.Errorf("contacts %+v", c)
	}
	if !slices.Equal(c.Campaigns, []trial.Reached{{Campaign: "Tea", Customers: 2}, {Campaign: "Soap", Customers: 1}}) {
		t.Errorf("campaigns %+v", c.Campaigns)
	}
	if !slices.Equal(c.Pairs, []trial.Shared{{A: "Tea", B: "Soap", Both: 1, OfA: 0.5, OfB: 1}}) {
		t.Errorf("pairs %+v", c.Pairs)
	}
	if c.MoreThan(0) != 2 || c.MoreThan(1) != 1 || c.MoreThan(3) != 0 || c.Busiest(0.5) != 1 || c.Busiest(0.05) != 3 {
		t.Errorf("more than 0: %d, 1: %d; busiest %d", c.MoreThan(0), c.MoreThan(1), c.Busiest(0.5))
	}
	base := segment.NewSet(3)
	base.Add(1)
	base.Add(2)
	c, err = trial.Review(t.Context(), src, may, base)
	must(t, err)
	if c.Customers != 2 || c.Contacted != 1 || c.Sent != 1 || len(c.Pairs) != 0 {
		t.Errorf("of b and c: %+v", c)
	}
	none, _ := world(t, head+"customers\n  a\nevent order amount:money\n  a 2024-01-01T10:00 5.00\n"+tail)
	var unknown *trial.UnknownError
	if _, err := trial.Review(t.Context(), none, may, nil); !errors.As(err, &unknown) {
		t.Errorf("no sends: %v", err)
	}
}

// By hand: in the 30 days from 2 April at nine seven of the 80 bought, a minute
// before nine on 1 May or at nine; in the 30 days before 30 had,
// five of the seven among them, so ρ² = (5 − 30·7/80)² / ((30 − 30²/80)(7 − 7²/80)).
func TestForecast(t *testing.T) {
	src, _ := sale(t, "assignment", "arm:text", "mail", "control", "")
	bought, err := trial.BoughtFigure(src.Schema())
	must(t, err)
	zone := src.Schema().Zone
	// As of 1 May: the days before begin on 1 April, midnight; customers are there
	// then who had bought in March.
	p, err := trial.Forecast(t.Context(), src, time.Date(2024, 5, 1, 0, 0, 0, 0, zone), parse(t, "everyone"), bought, 30)
	must(t, err)
	if p.Past != 16 || p.Eligible != 80 || p.Outcome.Mean != 1 || !p.Outcome.Rate || math.Abs(p.PerDay-64.0/30) > 1e-12 {
		t.Errorf("as of May: %+v", p)
	}
	p, err = trial.Forecast(t.Context(), src, time.Date(2024, 5, 2, 9, 0, 0, 0, zone), parse(t, "everyone"), bought, 30)
	must(t, err)
	// A minute before nine on 1 May five bought, at nine the two of number 30.
	if p.Past != 80 || math.Abs(p.Outcome.Mean-7.0/80) > 1e-12 {
		t.Errorf("from 2 April: %+v", p)
	}
	rho := math.Pow(0-30.0*7/80+5, 2) / ((30 - 30.0*30/80) * (7 - 7.0*7/80))
	if math.Abs(p.Saved-rho) > 1e-9 {
		t.Errorf("saved %v, want %v", p.Saved, rho)
	}
}
