package slackbot

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"tesela/agent/wording"
	"tesela/cmd/internal/slackbot/blockkit"
	"tesela/cmd/internal/slackbot/wire"
)

// presses does what a button of a digest is for; it is false for buttons of
// something else.
func (g *Digests) presses(ctx context.Context, d wire.Delivery) (handled bool) {
	action, from, _ := cutAction(d.Action)
	switch action {
	case actionDigestStop:
		g.stopPressed(ctx, d, from)
	case actionDigestRun:
		g.runPressed(ctx, d)
	case actionDigestPick:
		g.picked(ctx, d)
	default:
		return false
	}
	return true
}

// cutAction parts the id of a button into its action and where it stands: a
// number in a list, "sent" under what was sent, "" under what was made.
func cutAction(id string) (action, from string, ok bool) {
	for _, a := range []string{actionDigestStop, actionDigestRun, actionDigestPick} {
		if rest, found := strings.CutPrefix(id, a); found && (rest == "" || rest[0] == '.') {
			return a, strings.TrimPrefix(rest, "."), true
		}
	}
	return "", "", false
}

// speaksOf gives the words for who pressed or said something of digests.
func (g *Digests) speaksOf(ctx context.Context, d wire.Delivery) *digestWords {
	return g.inWords(g.bot.speaks(ctx, d).lang.Code)
}

// mine is the digest that a button belongs to, where who pressed may stop it or
// have it sent; else they are told why not.
func (g *Digests) mine(ctx context.Context, d wire.Delivery) *order {
	o, err := g.order(ctx, d.Value)
	w := g.speaksOf(ctx, d)
	switch {
	case err != nil:
		g.bot.fault("read a digest", d, err)
		g.bot.whisper(ctx, d, g.bot.speaks(ctx, d).NotNow)
	case o == nil || o.Team != d.Team:
		g.bot.whisper(ctx, d, w.NoDigest)
	case !g.mayEnd(ctx, d.User, o):
		name, _ := g.bot.person(ctx, o.User)
		g.bot.whisper(ctx, d, fill(w.MayNot, "who", name))
	default:
		return o
	}
	return nil
}

func (g *Digests) stopPressed(ctx context.Context, d wire.Delivery, from string) {
	o := g.stoppedBefore(ctx, d)
	if o == nil {
		if o = g.mine(ctx, d); o == nil {
			return
		}
		if err := g.stop(ctx, o, d.User); err != nil {
			g.bot.fault("stop a digest", d, err)
			g.bot.whisper(ctx, d, g.bot.speaks(ctx, d).NotNow)
			return
		}
	}
	w := g.inWords(o.Language)
	said := g.stoppedBy(ctx, w, o, d.User)
	var m blockkit.Message
	switch from {
	case "": // in place of what was made
		m = message{text: said}.blocks()
	case "sent":
		g.reply(ctx, d, message{text: said})
		return
	default: // the list without it
		list, err := g.listed(ctx, d, g.speaksOf(ctx, d))
		if err != nil {
			g.bot.fault("list the digests", d, err)
			return
		}
		list.text = said + "\n\n" + list.text
		m = list.blocks()
	}
	if err := g.bot.config.Poster.Update(ctx, d.Channel, d.TS, m); err != nil && ctx.Err() == nil {
		g.bot.fault("show that a digest was stopped", d, err)
	}
}

// stoppedBy says who stopped a digest.
func (g *Digests) stoppedBy(ctx context.Context, w *digestWords, o *order, user string) string {
	name, _ := g.bot.person(ctx, user)
	return g.says(strings.ReplaceAll(w.StoppedBy, "{who}", wording.Escape(name)), w, o)
}

// runAgain is how long a digest that was just sent on demand is not sent so
// again.
const runAgain = time.Minute

// runPressed sends a digest now.
func (g *Digests) runPressed(ctx context.Context, d wire.Delivery) {
	o := g.mine(ctx, d)
	if o == nil {
		return
	}
	w := g.inWords(o.Language)
	b := g.bot
	// Pressed twice is sent once; told again after a restart it is gone on with.
	body, err := json.Marshal(d.ID)
	own := false
	if err == nil {
		own, err = b.config.Memory.Claim(ctx, kindDigestSending, o.ID+":now", body, b.config.Clock().Add(runAgain))
	}
	if err == nil && !own && d.Again {
		kept, fault := b.config.Memory.List(ctx, kindDigestSending)
		other, there := kept[o.ID+":now"]
		own, err = !there || string(other) == string(body), fault
	}
	switch {
	case err != nil:
		b.fault("take a digest to send", d, err)
		b.whisper(ctx, d, b.speaks(ctx, d).NotNow)
		return
	case !own:
		b.whisper(ctx, d, w.RunJust)
		return
	}
	if o.Channel != d.Channel {
		b.aside(ctx, d, message{text: fill(w.RunNow, "channel", channelName(o.Channel))}.blocks())
	}
	o.Aside, o.Failing = "", false // whoever presses wants to see what comes of it
	if err := g.send(ctx, o, "digest:"+o.ID+":now:"+d.ID, b.config.Clock()); err != nil {
		if ctx.Err() == nil {
			b.fault("send a digest now", d, err)
			b.whisper(ctx, d, b.speaks(ctx, d).Unavailable)
		}
		return
	}
	// What was due meanwhile is as it was noted, whoever noted it.
	if now, err := g.order(ctx, o.ID); err == nil && now != nil {
		if now.Aside != "" && o.Aside == "" {
			o.Done = b.config.Clock() // it begins anew: nothing is caught up
		} else {
			o.Done = now.Done
		}
	}
	if err := g.keepUnlessStopped(ctx, o); err != nil {
		b.fault("keep a digest", d, err)
	}
	g.woken()
}

// picked goes on with the reading that was meant.
func (g *Digests) picked(ctx context.Context, d wire.Delivery) {
	b := g.bot
	id, number, _ := strings.Cut(d.Value, " ")
	n, err := strconv.Atoi(number)
	var a asked
	if err == nil {
		var kept map[string][]byte
		if kept, err = b.config.Memory.List(ctx, kindDigestAsked); err == nil {
			err = json.Unmarshal(kept[id], &a)
		}
	}
	w := g.inWords(a.Language)
	labels := g.labels(w, a)
	switch {
	case err != nil || n < 0 || n >= len(labels):
		b.whisper(ctx, d, b.speaks(ctx, d).Gone)
		return
	case a.User != d.User:
		b.whisper(ctx, d, w.NotYours)
		return
	}
	own, err := b.claim(ctx, d, "digest:"+id)
	if err != nil {
		b.fault("take a choice", d, err)
		b.whisper(ctx, d, b.speaks(ctx, d).NotNow)
		return
	}
	if !own {
		b.whisper(ctx, d, b.speaks(ctx, d).ChosenAlready)
		return
	}
	said := fill(w.Picked, "what", wording.Escape(labels[n]))
	if err := b.config.Poster.Update(ctx, d.Channel, d.TS, message{text: said}.blocks()); err != nil && ctx.Err() == nil {
		b.fault("show what was chosen", d, err)
	}
	switch {
	case n >= len(a.Readings): // nothing of the kind
	case a.Readings[n].Schedule == nil:
		b.turn(ctx, &question{d: d, text: a.Readings[n].Question, to: wire.Target{Channel: d.Channel, Thread: d.Thread}})
	default:
		g.make(ctx, d, w, wish{Schedule: *a.Readings[n].Schedule, Question: a.Readings[n].Question, Language: a.Language, Assumed: a.Assumed})
	}
}
