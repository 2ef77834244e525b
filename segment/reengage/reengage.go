// Package reengage plays the re-engagement flow over the past: who would have
// been written to when, who came back at each step anyway, for whom removal
// would have been proposed, and who is in which step now. It sends nothing and
// removes nobody; it tells what would have been proposed.
//
// # The flow
//
// It acts at the end of each local day from Query.From's to the last before
// Query.To. A customer enters when Query.Days local days have passed without
// activity: just then engagement(events, last 60d) is "disengaged". On the first
// day that are all who already were. The re-engagement message goes out at once;
// the last call Query.LastCall days later; removal is proposed Query.Remove days
// after that. Any activity ends the flow for the customer, who came back at the
// step reached, and may enter anew after as long a silence. Who never did
// anything never was engaged, and does not enter.
//
// Where the catalogue knows consent (a trait of yes and no) or an event of
// unsubscribing, nobody without consent, and nobody after unsubscribing, is
// written to: they do not enter, or leave where they unsubscribe. Traits have no
// past: consent is that of today.
//
// # What is no effect
//
// Those who came back did so without the flow, some of them with other messages
// (Step.Sent). Their share is what a hold-out would do, so what the flow itself
// brings is what comes on top.
package reengage

import (
	"context"
	"errors"
	"fmt"
	"time"

	"tesela/segment"
	"tesela/segment/column"
	"tesela/segment/trial"
)

// The defaults of a Query, in days.
const (
	DefaultDays     = 60
	DefaultLastCall = 30
	DefaultRemove   = 30
)

// Query says which flow is played over which time.
type Query struct {
	Base     *segment.Set // whom it is run on; everyone when nil
	Events   []string     // that count as activity; Activity(schema) when empty
	Days     int          // of silence after which customers enter
	LastCall int          // days from the message to the last call
	Remove   int          // days from the last call to the proposal of removal
	From, To time.Time    // the flow acts at the ends of the days from one to the other
}

// Steps in their order.
const (
	Message = iota // the re-engagement message
	LastCall
	Removal // its proposal
	Steps
)

// Step counts what became of those who reached a step: each time a customer
// did, which may be more than once in a long time. Entered is the sum of
// CameBack, Unsubscribed, Waiting and, but for Removal, the next step's Entered.
type Step struct {
	Entered      int
	CameBack     int // were active before the next step; after Removal, before the end
	Unsubscribed int // and so get no further message
	Waiting      int // are in this step at the end
	Bought       int // bought before the next step was due; after Removal, before the end
	Sent         int // were sent something else in that time
}

// Flow is what the flow would have done.
type Flow struct {
	Query  Query
	Steps  [Steps]Step
	Byday  []Day               // every midnight, in order
	Inside [Steps]*segment.Set // who is in which step at the end

	Backlog   int // entered on the first day: those who already were silent
	Customers int // who entered, each once
	Barred    int // silences of customers who may not be written to
	Never     int // customers of the base without any activity before the end

	// The roles that were there to go by; "" where there are none.
	Purchase, Send, Unsubscribe, Consent string
}

// Day is what the flow would have done at the end of one day; CameBack counts by the day
// the step was reached.
type Day struct {
	At    time.Time // the day's first instant
	Steps [Steps]Step
}

// The roles gone by.
const (
	rolePurchase    = "purchase"
	roleSend        = "send"
	roleUnsubscribe = "unsubscribe"
	roleConsent     = "consent"
)

// Activity are the events that count as activity when none are named: all that
// customers do; not what is done to them, which is what is sent to them and
// their being assigned to a trial, and not unsubscribing.
func Activity(s *segment.Schema) ([]string, error) {
	book, _, err := trial.Find(s)
	if err != nil {
		return nil, fmt.Errorf("find what counts as activity: %w", err)
	}
	var events []string
	for _, e := range s.Events {
		if e.Name != s.Roles[roleSend] && e.Name != s.Roles[roleUnsubscribe] && (e.Name != book.Event || !book.HasArms()) {
			events = append(events, e.Name)
		}
	}
	return events, nil
}

// ErrNothing says that no event counts as activity.
var ErrNothing = errors.New("no event counts as activity: the data has none that customers do; name those that are to count")

// Simulate plays the flow.
func Simulate(ctx context.Context, src segment.Source, q Query) (*Flow, error) {
	s := src.Schema()
	if len(q.Events) == 0 {
		var err error
		if q.Events, err = Activity(s); err != nil {
			return nil, err
		}
	}
	if len(q.Events) == 0 {
		return nil, ErrNothing
	}
	if q.Days < 1 || q.LastCall < 1 || q.Remove < 1 {
		return nil, fmt.Errorf("%d, %d and %d days: each step is at least a day after the one before", q.Days, q.LastCall, q.Remove)
	}
	f := &Flow{Query: q}
	c, err := newClock(q, s.Zone)
	if err != nil {
		return nil, err
	}
	p := &play{Flow: f, clock: c}
	if err := p.load(ctx, src); err != nil {
		return nil, err
	}
	return f, p.run(ctx, s.Customers)
}

// load finds the roles that there are, and what they need of the data.
func (p *play) load(ctx context.Context, src segment.Source) error {
	s := src.Schema()
	var need segment.Need
	event := func(role string) string {
		e, ok := s.Event(s.Roles[role])
		if !ok || e.Rows == 0 {
			return ""
		}
		need.Add(e.Name, "")
		return e.Name
	}
	p.Purchase, p.Send, p.Unsubscribe = event(rolePurchase), event(roleSend), event(roleUnsubscribe)
	if t, ok := s.Trait(s.Roles[roleConsent]); ok && t.Kind == column.Bool && t.Set > 0 {
		p.Consent = t.Name
		need.AddTrait(t.Name)
	}
	for _, name := range p.Query.Events {
		need.Add(name, "")
	}
	world, err := src.Load(ctx, need)
	if err != nil {
		return fmt.Errorf("read the activity: %w", err)
	}
	for _, name := range p.Query.Events {
		if t := world.Tables[name]; t != nil {
			p.active = append(p.active, t)
		}
	}
	table := func(name string) []*column.Table {
		if t := world.Tables[name]; name != "" && t != nil {
			return []*column.Table{t}
		}
		return nil
	}
	p.bought, p.sent, p.left = table(p.Purchase), table(p.Send), table(p.Unsubscribe)
	if p.Consent != "" {
		p.consent = world.Traits[p.Consent]
	}
	return nil
}
