package slacktest

import (
	"context"
	"encoding/json"
	"fmt"
	"time"
)

// delivery is one thing that the app is told of, until it acknowledged it.
type delivery struct {
	kind    string // events_api, interactive, slash_commands
	payload map[string]any
	raw     json.RawMessage
	accepts bool // a payload in the acknowledgement
	attempt int
	reason  string // why it is told again
	state   state
	told    time.Time // of the attempt that counts
	act     *Act
}

type state int

const (
	waiting state = iota
	acked
	lost
)

// Act is something that somebody did.
type Act struct {
	Channel, TS string // of the message said, or pressed on
	// Thread is what an answer belongs under: the thread it was said in, its own
	// message where that begins one; "" for a command.
	Thread   string
	Trigger  string // trigger_id
	Respond  string // response_url
	EventIDs []string
	At       time.Time // by the machine's clock

	s          *Slack
	deliveries []*delivery
	ack        json.RawMessage
}

// Wait waits until the app acknowledged all that it was told of this, and fails
// where Slack gave one up.
func (a *Act) Wait(ctx context.Context) error {
	given := 0
	err := a.s.WaitFor(ctx, func() bool {
		a.s.mu.Lock()
		defer a.s.mu.Unlock()
		given = 0
		for _, d := range a.deliveries {
			switch d.state {
			case waiting:
				return false
			case lost:
				given++
			}
		}
		return true
	})
	if err == nil && given > 0 {
		err = fmt.Errorf("%d of %d deliveries were never acknowledged", given, len(a.deliveries))
	}
	return err
}

// Attempts is how often the app was told of it, events and redeliveries
// together.
func (a *Act) Attempts() (n int) {
	a.s.mu.Lock()
	defer a.s.mu.Unlock()
	for _, d := range a.deliveries {
		n += d.attempt
	}
	return n
}

// Told is when the app was handed what it then acknowledged first, by the
// machine's clock; the zero time before.
func (a *Act) Told() (at time.Time) {
	a.s.mu.Lock()
	defer a.s.mu.Unlock()
	for _, d := range a.deliveries {
		if d.state == acked && (at.IsZero() || d.told.Before(at)) {
			at = d.told
		}
	}
	return at
}

// Ack is the payload that the app put into its acknowledgement; nil for none.
func (a *Act) Ack() json.RawMessage {
	a.s.mu.Lock()
	defer a.s.mu.Unlock()
	return a.ack
}

// Again tells the app once more of all of it, as Slack does by mistake: with the
// same event_id and as an envelope of its own.
func (a *Act) Again() {
	a.s.mu.Lock()
	var list []*delivery
	for _, d := range a.deliveries {
		c := *d
		c.state, c.attempt, c.reason = waiting, 1, "timeout"
		list = append(list, &c)
	}
	a.deliveries = append(a.deliveries, list...)
	a.s.mu.Unlock()
	for _, d := range list {
		a.s.enqueue(d)
	}
}

// tell tells the app of an event, if it listens to such in that channel and the
// bot is in it; the lock is held.
func (s *Slack) tell(a *Act, c *channel, event map[string]any) *Act {
	if a == nil {
		a = &Act{s: s, At: time.Now()}
	}
	if !s.hears(c, event["type"]) {
		return a
	}
	id := s.id("Ev")
	a.EventIDs = append(a.EventIDs, id)
	s.send(a, &delivery{kind: "events_api", payload: map[string]any{
		"token": "verification", "team_id": Team, "api_app_id": App, "event": event, "type": "event_callback",
		"event_id": id, "event_time": s.opt.Now().Unix(), "is_ext_shared_channel": false, "event_context": "4-" + id,
		"authorizations": []any{map[string]any{"enterprise_id": nil, "team_id": Team, "user_id": Bot, "is_bot": true, "is_enterprise_install": false}},
	}})
	return a
}

func (s *Slack) hears(c *channel, kind any) bool {
	if c != nil && !c.has(Bot) {
		return false
	}
	name, _ := kind.(string)
	if name == "message" {
		name = map[string]string{"im": "message.im", "group": "message.groups", "channel": "message.channels"}[c.kind()]
	}
	for _, e := range s.opt.Events {
		if e == name {
			return true
		}
	}
	return false
}

// send gives a delivery on its way; the lock is held.
func (s *Slack) send(a *Act, d *delivery) {
	raw, err := json.Marshal(d.payload)
	if err != nil {
		panic(fmt.Sprintf("a payload that is no JSON: %v", err)) // made here, of plain values
	}
	d.raw, d.payload, d.act = raw, nil, a
	a.deliveries = append(a.deliveries, d)
	if s.address.of(d.kind) != "" {
		s.spawn(func() { s.post(d) })
		return
	}
	s.socket.push(d)
}

func (s *Slack) enqueue(d *delivery) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.address.of(d.kind) != "" {
		s.spawn(func() { s.post(d) })
		return
	}
	s.socket.push(d)
}

// settle ends a delivery; the lock is held.
func (s *Slack) settle(d *delivery, to state) {
	if d.state != waiting {
		return
	}
	d.state = to
	if to == lost {
		s.lost++
	}
	s.ring("", "")
}

// retry tells of an event once more after its wait, or gives it up. Presses and
// commands are not told again after a time-out: Slack shows who did it that it
// failed.
func (s *Slack) retry(d *delivery, reason string) {
	s.mu.Lock()
	n := d.attempt - 1
	over := n >= len(s.opt.RetryAfter) || d.kind != "events_api" && reason != "connection_closed"
	if over {
		s.settle(d, lost)
	}
	gone := d.state != waiting
	d.reason = reason
	s.mu.Unlock()
	if gone {
		return
	}
	wait := s.opt.RetryAfter[n]
	if wait == 0 {
		s.enqueue(d)
		return
	}
	s.spawn(func() {
		timer := time.NewTimer(wait)
		defer timer.Stop()
		select {
		case <-timer.C:
			s.enqueue(d)
		case <-s.closed:
		}
	})
}
