package slackbot

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"tesela/cmd/internal/slackbot/blockkit"
	"tesela/cmd/internal/slackbot/wire"
)

// waiting is a bot whose answer in a thread waits for approval.
func waiting(t *testing.T, channel string, change func(c *Config)) (*desk, *poster, *memory, *Bot, *posted) {
	t.Helper()
	d, p, m := newDesk(), newPoster(), newMemory()
	b := d.bot(t, p, m, change)
	one := mention("1.1", "U1", channel, "", "save VIP")
	one.Direct = strings.HasPrefix(channel, "D")
	b.Handle(t.Context(), one)
	return d, p, m, b, p.newest(t, channel, "1.1")
}

func groups(c *Config) { c.Approvers = []string{"U3", "S1"} }

// Who may approve does, for all to see, once; the call is the very one.
func TestApproval(t *testing.T) {
	for _, user := range []string{"U3", "U2"} { // by name, and of the group
		d, p, _, b, offer := waiting(t, "C1", groups)
		if got := all(offer.m); len(buttons(offer.m)) != 2 || !strings.Contains(got, "<@U3> or <!subteam^S1> may approve this") || !strings.Contains(got, "3 March 2026") {
			t.Fatalf("%q", got)
		}
		b.Handle(t.Context(), press(t, "p0", "U1", offer, blockkit.ActionApprove))
		if d.saved.Load() != 0 || len(p.whispers["U1"]) != 1 || !strings.Contains(all(p.whispers["U1"][0]), "Only <@U3> or") {
			t.Fatalf("by who may not: %d saved, %v", d.saved.Load(), p.whispers)
		}
		one := press(t, "p1", user, offer, blockkit.ActionApprove)
		b.Handle(t.Context(), one)
		name := p.names[user][0]
		if got := all(offer.m); d.saved.Load() != 1 || len(buttons(offer.m)) != 0 || !strings.Contains(got, "Approved by "+name+" ("+user+")") {
			t.Errorf("%d saved: %q", d.saved.Load(), got)
		}
		if got := p.in("C1", "1.1"); len(got) != 2 || !strings.Contains(got[1], "Saved") {
			t.Errorf("%q", got)
		}
		if a, err := d.answer(t.Context(), d.kept.turns[1].ID); err != nil || a.Decided == nil || a.Decided.By != name+" ("+user+")" {
			t.Errorf("%+v, %v", a, err)
		}
		one.ID = "p2" // a second press on what it looked like before
		b.Handle(t.Context(), one)
		if d.saved.Load() != 1 || len(p.in("C1", "1.1")) != 2 || len(p.whispers[user]) != 1 {
			t.Errorf("%d saved, %q, %v", d.saved.Load(), p.in("C1", "1.1"), p.whispers)
		}
	}
}

// Ten people who press at once, approving and rejecting, decide once, and all
// see the same decision.
func TestApprovalOnce(t *testing.T) {
	for range 5 {
		d, p, _, b, offer := waiting(t, "C1", func(c *Config) {
			for i := range 10 {
				c.Approvers = append(c.Approvers, fmt.Sprint("U", 20+i))
			}
		})
		var presses []wire.Delivery
		for i := range 10 {
			action := blockkit.ActionApprove
			if i%2 == 1 {
				action = blockkit.ActionReject
			}
			presses = append(presses, press(t, fmt.Sprint("p", i), fmt.Sprint("U", 20+i), offer, action))
		}
		var wait sync.WaitGroup
		for _, one := range presses {
			wait.Go(func() { b.Handle(t.Context(), one) })
		}
		wait.Wait()
		if n := len(d.kept.turns); n != 2 {
			t.Errorf("%d turns", n)
		}
		got := all(offer.m)
		if approved := strings.Contains(got, "Approved by"); approved == strings.Contains(got, "Rejected by") || approved != (d.saved.Load() == 1) || d.saved.Load() > 1 {
			t.Errorf("%d saved: %q", d.saved.Load(), got)
		}
		if len(p.whispers) != 9 {
			t.Errorf("%d are told", len(p.whispers))
		}
	}
}

// With nobody named, who asked approves in a direct message, and nobody in a
// channel; both are said.
func TestApprovalByDefault(t *testing.T) {
	d, p, _, b, offer := waiting(t, "C1", nil)
	if got := all(offer.m); !strings.Contains(got, "Nobody may approve this here") {
		t.Errorf("%q", got)
	}
	b.Handle(t.Context(), press(t, "p1", "U1", offer, blockkit.ActionApprove))
	if d.saved.Load() != 0 || len(p.whispers["U1"]) != 1 {
		t.Errorf("%d saved, %v", d.saved.Load(), p.whispers)
	}
	d, _, _, b, offer = waiting(t, "DU1", nil)
	if got := all(offer.m); !strings.Contains(got, "You may approve this") {
		t.Errorf("%q", got)
	}
	b.Handle(t.Context(), press(t, "p1", "U1", offer, blockkit.ActionApprove))
	if d.saved.Load() != 1 || !strings.Contains(all(offer.m), "Approved by Ana (U1)") {
		t.Errorf("%d saved: %q", d.saved.Load(), all(offer.m))
	}
}

// In a direct message of somebody who may not approve, it is said where who may
// can.
func TestApprovalInDirectMessages(t *testing.T) {
	_, _, _, _, offer := waiting(t, "DU1", groups)
	if got := all(offer.m); !strings.Contains(got, "Only <@U3> or <!subteam^S1> may approve this") {
		t.Errorf("%q", got)
	}
	d, p, m := newDesk(), newPoster(), newMemory()
	b := d.bot(t, p, m, groups)
	b.Handle(t.Context(), direct("1.1", "U2", "", "save VIP"))
	offer = p.newest(t, "DU2", "1.1")
	if got := all(offer.m); !strings.HasPrefix(got, "This changes") || strings.Contains(got, "Only") {
		t.Errorf("%q", got)
	}
	b.Handle(t.Context(), press(t, "p1", "U2", offer, blockkit.ActionApprove))
	if d.saved.Load() != 1 {
		t.Errorf("%d saved", d.saved.Load())
	}
}

// A rejection is shown to all, and what was rejected is not approved any more.
func TestRejection(t *testing.T) {
	d, p, m, b, offer := waiting(t, "C1", groups)
	yes := press(t, "p2", "U2", offer, blockkit.ActionApprove)
	b.Handle(t.Context(), press(t, "p1", "U3", offer, blockkit.ActionReject))
	if got := all(offer.m); !strings.Contains(got, "Rejected by Caio (U3)") || len(buttons(offer.m)) != 0 || len(p.in("C1", "1.1")) != 1 {
		t.Errorf("%q, %q", got, p.in("C1", "1.1"))
	}
	d.bot(t, p, m, groups).Handle(t.Context(), yes)
	if d.saved.Load() != 0 || len(p.whispers["U2"]) != 1 || !strings.Contains(all(p.whispers["U2"][0]), "rejected by Caio") {
		t.Errorf("%d saved, %v", d.saved.Load(), p.whispers)
	}
}

// Too late, in another thread, for another answer: nothing is done, and who
// pressed is told why.
func TestApprovalRefused(t *testing.T) {
	for name, c := range map[string]struct {
		change func(d *desk, one *wire.Delivery)
		says   string
	}{
		"after expiry":    {func(d *desk, _ *wire.Delivery) { d.clock.add(2*time.Hour + time.Second) }, "expired"},
		"another thread":  {func(_ *desk, one *wire.Delivery) { one.Thread = "7.7" }, "no longer have"},
		"another team":    {func(_ *desk, one *wire.Delivery) { one.Team = "T2" }, "no longer have"},
		"another seal":    {func(_ *desk, one *wire.Delivery) { one.Value = one.Value[:13] + "0000000000000000" }, "not the one"},
		"no such answer":  {func(_ *desk, one *wire.Delivery) { one.Value = "000000000000.0000000000000000" }, "no longer have"},
		"nothing at all":  {func(_ *desk, one *wire.Delivery) { one.Value = "" }, "no longer have"},
		"the answer's id": {func(_ *desk, one *wire.Delivery) { one.Value = one.Value[:13] }, "not the one"},
	} {
		d, p, _, b, offer := waiting(t, "C1", func(c *Config) { groups(c); c.Hold = 2 * time.Hour })
		one := press(t, "p1", "U1", offer, blockkit.ActionApprove)
		one.User = "U3"
		p.names["U3"] = [2]string{"Caio", "en"}
		c.change(d, &one)
		b.Handle(t.Context(), one)
		if d.saved.Load() != 0 || len(p.whispers["U3"]) != 1 || !strings.Contains(all(p.whispers["U3"][0]), c.says) {
			t.Errorf("%s: %d saved, %v", name, d.saved.Load(), p.whispers)
		}
		if expired := len(buttons(offer.m)) == 0; expired != (name == "after expiry") {
			t.Errorf("%s: %q", name, all(offer.m))
		}
	}
}

// A group that cannot be looked up has nobody in it.
func TestApprovalGroupUnknown(t *testing.T) {
	d, p, _, b, offer := waiting(t, "C1", func(c *Config) { c.Approvers = []string{"S9"} })
	b.Handle(t.Context(), press(t, "p1", "U2", offer, blockkit.ActionApprove))
	if d.saved.Load() != 0 || len(p.whispers["U2"]) != 1 {
		t.Errorf("%d saved, %v", d.saved.Load(), p.whispers)
	}
}
