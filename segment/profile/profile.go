// Package profile tells one customer's story: what they did and when, what
// stands out in it, and where they stood in the layers then and now.
//
// It reads the rows of that customer alone, and takes layers and scores through
// package segment, as of the instants that are asked about. Customers are
// numbers to it, and it words nothing for people.
package profile

import (
	"context"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"

	"tesela/segment"
	"tesela/segment/column"
	"tesela/segment/syntax"
)

// Profile is what is known of a customer as of T.
type Profile struct {
	// Activities are the events the customer has, the most frequent first.
	Activities []Activity
	// Months are the calendar months in which there are any, in order.
	Months []Month
	// Moments stand out, in order of time.
	Moments []Moment
	// Standings are layers and scores now and a year ago, by name.
	Standings []Standing
	// Purchases and Spent are of the whole time; Spent is nil where no amount
	// is known. Refunded is what was given back.
	Purchases       int
	Spent, Refunded *big.Rat
	// Lapse is the lapse point in days; 0 where there is none.
	Lapse int
	// YearAgo is the instant a year before T, and New tells that the customer
	// came after it: did something since, or signed up, and nothing before.
	YearAgo time.Time
	New     bool
}

// Activity is one kind of event.
type Activity struct {
	Event       string
	Count       int // events of the whole time
	Year        int // of the last year
	Before      int // of the year before that
	First, Last time.Time
}

// Month is what was done in a calendar month.
type Month struct {
	Key    string // 2025-03
	Count  int
	Events []MonthEvent // in the order of Activities
}

// MonthEvent is how many events of a kind a month has.
type MonthEvent struct {
	Event string
	Count int
}

// Kind says what a moment is.
type Kind string

// The kinds of moments.
const (
	FirstEvent Kind = "first"   // the first of Event
	Largest    Kind = "largest" // the purchase of the largest amount; of several, the earliest
	Lapse      Kind = "lapse"   // Days without a purchase, more than the lapse point, up to Time
	Lapsed     Kind = "lapsed"  // the same, still open
	StageMove  Kind = "stage"   // From was the stage a month before, To is it now
)

// Moment is something that stands out.
type Moment struct {
	Kind     Kind
	Time     time.Time
	Event    string
	Amount   *big.Rat // of a purchase
	Days     int
	From, To string
}

// Standing is a layer's label or a score, as tool results hold values: nil is
// none.
type Standing struct {
	Name   string
	Value  syntax.Value
	Now    any
	Before any // a year ago; nil for those who came since
}

// Bounds on what is told.
const (
	mostLapses   = 5  // the latest
	stageMonths  = 12 // back from T
	mostMonths   = 24 // the latest with any event
	purchaseRole = "purchase"
	amountRole   = "amount"
	refundRole   = "refund"
)

// Of tells the story of a customer, by number, as of T.
func Of(ctx context.Context, src segment.Source, at time.Time, who int) (*Profile, error) {
	s := src.Schema()
	if who < 0 || who >= s.Customers {
		return nil, fmt.Errorf("profile: there is no customer number %d", who)
	}
	p := &Profile{YearAgo: at.In(s.Zone).AddDate(-1, 0, 0)}
	rows, err := load(ctx, src, at, who)
	if err != nil {
		return nil, fmt.Errorf("profile: %w", err)
	}
	if err := p.stand(ctx, src, at, who); err != nil {
		return nil, fmt.Errorf("profile: %w", err)
	}
	p.activities(rows, s)
	p.months(rows, s)
	p.purchases(rows, s, at)
	if err := p.came(ctx, rows, src, who); err != nil {
		return nil, fmt.Errorf("profile: %w", err)
	}
	if err := p.stages(ctx, src, at, who); err != nil {
		return nil, fmt.Errorf("profile: %w", err)
	}
	slices.SortStableFunc(p.Moments, func(a, b Moment) int { return a.Time.Compare(b.Time) })
	return p, nil
}

// activities counts what was done.
func (p *Profile) activities(rows []events, s *segment.Schema) {
	year, before := p.YearAgo, p.YearAgo.AddDate(-1, 0, 0)
	for _, e := range rows {
		a := Activity{Event: e.event, Count: len(e.list)}
		for _, o := range e.list {
			switch t := time.UnixMicro(o.time); {
			case !t.Before(year):
				a.Year++
			case !t.Before(before):
				a.Before++
			}
		}
		if a.Count > 0 {
			a.First = time.UnixMicro(e.list[0].time).In(s.Zone)
			a.Last = time.UnixMicro(e.list[len(e.list)-1].time).In(s.Zone)
			p.Activities = append(p.Activities, a)
		}
	}
	slices.SortStableFunc(p.Activities, func(a, b Activity) int {
		if a.Count != b.Count {
			return b.Count - a.Count
		}
		return strings.Compare(a.Event, b.Event)
	})
}

// months counts by calendar month, the latest ones.
func (p *Profile) months(rows []events, s *segment.Schema) {
	counts := map[string]map[string]int{}
	var keys []string
	for _, e := range rows {
		for _, o := range e.list {
			key := time.UnixMicro(o.time).In(s.Zone).Format("2006-01")
			if counts[key] == nil {
				counts[key] = map[string]int{}
				keys = append(keys, key)
			}
			counts[key][e.event]++
		}
	}
	slices.Sort(keys)
	for _, key := range keys[max(0, len(keys)-mostMonths):] {
		m := Month{Key: key}
		for _, a := range p.Activities {
			if n := counts[key][a.Event]; n > 0 {
				m.Count += n
				m.Events = append(m.Events, MonthEvent{a.Event, n})
			}
		}
		p.Months = append(p.Months, m)
	}
}

// came tells whether the customer was there a year before T: had done
// something, or signed up.
func (p *Profile) came(ctx context.Context, rows []events, src segment.Source, who int) error {
	before := false
	for _, e := range rows {
		if len(e.list) > 0 {
			p.New = true
			before = before || e.list[0].time < p.YearAgo.UnixMicro()
		}
	}
	signed, err := signup(ctx, src, who)
	if err != nil {
		return err
	}
	if !signed.IsZero() {
		p.New = true
		before = before || signed.Before(p.YearAgo)
	}
	p.New = p.New && !before
	if p.New {
		for i := range p.Standings {
			p.Standings[i].Before = nil
		}
	}
	return nil
}

// signup is when the customer signed up; zero where the data does not tell.
func signup(ctx context.Context, src segment.Source, who int) (time.Time, error) {
	s := src.Schema()
	f, ok := s.Trait(s.Roles["signup"])
	if !ok || f.Kind != column.Time && f.Kind != column.Date {
		return time.Time{}, nil
	}
	var need segment.Need
	need.AddTrait(f.Name)
	w, err := src.Load(ctx, need)
	if err != nil {
		return time.Time{}, err
	}
	c := w.Traits[f.Name]
	if c == nil || who >= c.Len() || !c.IsSet(who) {
		return time.Time{}, nil
	}
	if f.Kind == column.Time {
		return time.UnixMicro(c.Int(who)), nil
	}
	d := time.Unix(c.Int(who)*86400, 0).UTC()
	return time.Date(d.Year(), d.Month(), d.Day(), 0, 0, 0, 0, s.Zone), nil
}
