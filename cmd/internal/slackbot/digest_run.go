package slackbot

import (
	"context"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"tesela/cmd/internal/slackbot/wire"
)

// mostSleep is how long Run sleeps at most: digests are made and stopped by
// other processes too, and a machine that was asleep wakes to another time.
const mostSleep = time.Minute

// mostTries is how often it is tried to send one, a minute apart.
const mostTries = 5

// Run sends digests when they are due, until ctx ends; it returns when all that
// it began is over. What came due while nothing ran is sent once.
func (g *Digests) Run(ctx context.Context) error {
	var busy sync.WaitGroup
	defer busy.Wait()
	room := make(chan struct{}, max(1, g.bot.config.AtOnce/2)) // people's questions come first
	for ctx.Err() == nil {
		wait := g.look(ctx, &busy, room)
		select {
		case <-ctx.Done():
		case <-g.wake:
		case <-g.bot.config.After(wait):
		}
	}
	return nil
}

// look begins to send what is due, and says how long to wait for the next.
func (g *Digests) look(ctx context.Context, busy *sync.WaitGroup, room chan struct{}) time.Duration {
	list, err := g.orders(ctx)
	if err != nil {
		if ctx.Err() == nil {
			g.bot.config.Log.Warn("look for digests", "error", discreet(err.Error()))
		}
		return mostSleep
	}
	now, zone := g.bot.config.Clock(), g.bot.config.Zone
	wait := mostSleep
	for _, o := range list {
		if o.Aside != "" {
			continue
		}
		if due, ok := o.due(now, zone); ok {
			g.begin(ctx, busy, room, o.ID, due)
		}
		if next := o.Schedule.Next(now, zone); !next.IsZero() {
			wait = min(wait, next.Sub(now))
		}
	}
	return max(wait, time.Millisecond)
}

// begin sends one in a goroutine of its own, unless it is being sent.
func (g *Digests) begin(ctx context.Context, busy *sync.WaitGroup, room chan struct{}, id string, due time.Time) {
	g.mu.Lock()
	going := g.sending[id]
	g.sending[id] = true
	g.mu.Unlock()
	if going {
		return
	}
	busy.Add(1)
	go func() {
		defer busy.Done()
		defer func() {
			g.mu.Lock()
			delete(g.sending, id)
			g.mu.Unlock()
		}()
		select {
		case room <- struct{}{}:
			defer func() { <-room }()
		case <-ctx.Done():
			return
		}
		defer func() {
			if p := recover(); p != nil {
				g.bot.config.Log.Error("a digest broke", "digest", id, "panic", discreet(fmt.Sprint(p)), "stack", string(debug.Stack()))
			}
		}()
		g.sendDue(ctx, id, due)
	}()
}

// lease is how long one process has a sending for itself. One that is killed
// over it leaves it to whoever comes after that.
func (g *Digests) lease() time.Duration { return g.bot.config.TimeLimit + 3*time.Minute }

// deliveryOf names the sending of a digest at an instant, by which its messages
// are found again.
func deliveryOf(id string, due time.Time) string {
	return "digest:" + id + ":" + due.UTC().Format("20060102T150405Z")
}

// sendDue sends a digest for an instant, once among all processes.
func (g *Digests) sendDue(ctx context.Context, id string, due time.Time) {
	key := deliveryOf(id, due)
	ctx, cancel := context.WithTimeout(ctx, g.lease()-30*time.Second)
	defer cancel()
	own, release := g.claimSending(ctx, key)
	if !own {
		return
	}
	defer release()
	defer g.bot.held.hold(key)()
	o, err := g.order(ctx, id)
	if err == nil && (o == nil || o.Aside != "" || !o.Done.Before(due)) {
		return // stopped or sent meanwhile
	}
	if err == nil {
		err = g.send(ctx, o, key, due)
	}
	switch {
	case err == nil:
		g.forget(key)
		o.Done = due
		err = g.keepUnlessStopped(ctx, o)
	case ctx.Err() != nil:
	case g.tried(key) >= mostTries:
		g.forget(key)
		g.bot.config.Log.Error("a digest could not be sent; it is left out this time", "digest", id, "error", discreet(err.Error()))
		if o == nil {
			return
		}
		g.giveUp(ctx, o, key, due)
		o.Done = due
		err = g.keepUnlessStopped(ctx, o)
	default:
		g.bot.config.Log.Warn("a digest could not be sent; it is tried again", "digest", id, "error", discreet(err.Error()))
		return
	}
	if err != nil && ctx.Err() == nil {
		g.bot.config.Log.Error("note that a digest was sent", "digest", id, "error", discreet(err.Error()))
	}
}

// giveUp says in the message that was begun that there is no answer this time.
func (g *Digests) giveUp(ctx context.Context, o *order, delivery string, due time.Time) {
	d := wire.Delivery{ID: delivery, Team: o.Team, Channel: o.Channel, User: o.User, Direct: o.Direct}
	root, err := g.bot.config.Poster.Find(ctx, wire.Target{Channel: o.Channel}, delivery, 0)
	if err == nil && root != "" {
		head := g.head(ctx, g.inWords(o.Language), o, d, due)
		err = g.bot.config.Poster.Update(ctx, o.Channel, root, joined(head, notice(g.bot.in(o.Language).Unavailable)))
	}
	if err != nil && ctx.Err() == nil {
		g.bot.fault("say that a digest has no answer this time", d, err)
	}
}

// claimSending takes a sending for this process; release gives it free again.
func (g *Digests) claimSending(ctx context.Context, key string) (own bool, release func()) {
	m := g.bot.config.Memory
	own, err := m.Claim(ctx, kindDigestSending, key, []byte("{}"), g.bot.config.Clock().Add(g.lease()))
	if err != nil && ctx.Err() == nil {
		g.bot.config.Log.Warn("take a digest to send", "error", discreet(err.Error()))
	}
	return own, func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 3*time.Second)
		defer cancel()
		if err := m.Drop(ctx, kindDigestSending, key); err != nil {
			g.bot.config.Log.Warn("leave a digest that was sent", "error", discreet(err.Error()))
		}
	}
}

// keepUnlessStopped writes an order down that may have been stopped meanwhile.
func (g *Digests) keepUnlessStopped(ctx context.Context, o *order) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), mostWrite)
	defer cancel()
	if now, err := g.order(ctx, o.ID); err != nil || now == nil {
		return err
	}
	return g.keep(ctx, o)
}

func (g *Digests) tried(key string) int {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.tries[key]++
	return g.tries[key]
}

func (g *Digests) forget(key string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.tries, key)
}
