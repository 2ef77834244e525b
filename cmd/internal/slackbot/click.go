package slackbot

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"tesela/agent"
	"tesela/cmd/internal/slackbot/blockkit"
	"tesela/cmd/internal/slackbot/wire"
)

// kindPress keeps what was pressed, so that it does something once.
const kindPress = "slack.press"

// clicked does what a button is for. Of one thread, one after the other.
func (b *Bot) clicked(ctx context.Context, d wire.Delivery) {
	defer b.held.hold(session(d.Team, d.Channel, d.Thread))()
	switch blockkit.Action(d.Action) {
	case blockkit.ActionChoice:
		b.choose(ctx, d)
	case blockkit.ActionApprove:
		b.decide(ctx, d, true)
	case blockkit.ActionReject:
		b.decide(ctx, d, false)
	case blockkit.ActionReport:
		b.reported(ctx, d)
	default:
		if b.digests != nil {
			b.digests.presses(ctx, d)
		}
	}
}

// pressed is the answer that a button of this thread belongs to. Where the
// thread or the answer is not there any more, or is another's, who pressed is
// told so.
func (b *Bot) pressed(ctx context.Context, d wire.Delivery, id string) *agent.Answer {
	known, err := b.threads.find(ctx, d)
	if err != nil {
		b.fault("read the thread", d, err)
	}
	if !known.has(id) || b.config.Answer == nil {
		b.whisper(ctx, d, b.speaks(ctx, d).Gone)
		return nil
	}
	a, err := b.config.Answer(ctx, id)
	if err != nil {
		b.fault("read the answer of a button", d, err)
		b.whisper(ctx, d, b.speaks(ctx, d).Gone)
		return nil
	}
	return a
}

// whisper tells a text to who pressed alone.
func (b *Bot) whisper(ctx context.Context, d wire.Delivery, text string) {
	b.aside(ctx, d, notice(text))
}

// claim takes the one press that counts of a key. It is true too where this
// very delivery took it before a restart.
func (b *Bot) claim(ctx context.Context, d wire.Delivery, key string) (bool, error) {
	body, err := json.Marshal(d.ID)
	if err != nil {
		return false, err
	}
	ctx, cancel := context.WithTimeout(ctx, mostWrite)
	defer cancel()
	own, err := b.config.Memory.Claim(ctx, kindPress, key, body, b.config.Clock().Add(threadLife))
	if err != nil || own || !d.Again {
		return own, err
	}
	kept, err := b.config.Memory.List(ctx, kindPress)
	if err != nil {
		return false, fmt.Errorf("read what was pressed: %w", err)
	}
	return string(kept[key]) == string(body), nil
}

// release lets another press count.
func (b *Bot) release(ctx context.Context, key string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 3*time.Second)
	defer cancel()
	if err := b.config.Memory.Drop(ctx, kindPress, key); err != nil {
		b.config.Log.Warn("forget what was pressed", "error", discreet(err.Error()))
	}
}
