package wire

import (
	"context"
	"fmt"
	"time"

	"tesela/cmd/internal/slackbot/blockkit"
)

// Connect asks Slack who the bot is, which shows whether its token will do. It
// tries until it is told or ctx ends.
func (w *Wire) Connect(ctx context.Context) (Self, error) {
	if w.self.User != "" {
		return w.self, nil
	}
	var refused error
	err := w.try(ctx, attempt{method: "auth.test", do: func(ctx context.Context) error {
		r, err := w.api.AuthTestContext(ctx)
		if err != nil {
			refused = refusal(botVariable, err)
			return err
		}
		w.self = Self{Team: r.TeamID, TeamName: r.Team, User: r.UserID, Name: r.User, URL: r.URL}
		return nil
	}})
	if refused != nil {
		return Self{}, refused
	}
	return w.self, err
}

// Run connects and serves until ctx ends; then it hears nothing more, lets
// running handlers finish for a while, and returns nil. It returns an error
// where Slack refuses the tokens, or the listener fails. It is called once.
func (w *Wire) Run(ctx context.Context) error {
	defer w.client.CloseIdleConnections()
	if _, err := w.Connect(ctx); err != nil {
		w.in.close(0)
		if ctx.Err() != nil {
			return nil
		}
		return fmt.Errorf("connect to Slack: %w", err)
	}
	stop := w.resume(ctx)
	var err error
	if w.config.Listener != nil {
		err = w.serveHTTP(ctx)
	} else {
		err = w.serveSocket(ctx)
	}
	stop()
	w.in.close(w.limits.Grace)
	return err
}

// patience is how long a start waits for the memory.
const patience = 700 * time.Millisecond

// resume takes up what the program stopped over, before anything new where the
// memory answers soon, else as soon as it does.
func (w *Wire) resume(ctx context.Context) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for n := 0; ; n++ {
			heard, open, err := w.in.ledger.load(ctx)
			if err == nil {
				w.in.resume(heard, open)
				return
			}
			w.log.Warn("what was heard before cannot be read; trying again", "cause", err)
			if rest(ctx, w.backoff(n)) != nil {
				return
			}
		}
	}()
	t := time.NewTimer(patience)
	defer t.Stop()
	select {
	case <-done:
	case <-t.C:
		w.log.Warn("the workspace does not answer yet; listening meanwhile")
	case <-ctx.Done():
	}
	return func() {
		cancel()
		<-done
	}
}

// sorry tells that there is no room, where nobody words it better.
func (w *Wire) sorry(ctx context.Context, d Delivery) {
	ctx, cancel := context.WithTimeout(ctx, w.limits.Call)
	defer cancel()
	m := blockkit.Message{Text: "Too many questions wait just now. Please ask again in a minute."}
	var err error
	switch {
	case d.Respond != "":
		err = w.out.Respond(ctx, d.Respond, m)
	case d.Direct:
		_, err = w.out.Post(ctx, Target{Channel: d.Channel, Thread: d.Thread}, m, d.ID, 0)
	default:
		err = w.out.Whisper(ctx, Target{Channel: d.Channel, Thread: d.Thread}, d.User, m)
	}
	if err != nil {
		w.log.Warn("somebody could not be told that there is no room", "cause", bare(err))
	}
}
