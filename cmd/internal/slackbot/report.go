package slackbot

import (
	"context"

	"tesela/cmd/internal/slackbot/blockkit"
	"tesela/cmd/internal/slackbot/wire"
)

// reported uploads the page of an answer into its thread, once.
func (b *Bot) reported(ctx context.Context, d wire.Delivery) {
	a := b.pressed(ctx, d, d.Value)
	if a == nil {
		return
	}
	w := b.in(a.Language)
	where := b.placeOf(ctx, d)
	if s := b.show(ctx, a, where); s.answer == nil || b.config.Report == nil {
		b.whisper(ctx, d, w.ReportPersonal)
		return
	}
	key := "report:" + session(d.Team, d.Channel, d.Thread) + ":" + a.ID
	own, err := b.claim(ctx, d, key)
	if err != nil {
		b.fault("take a press", d, err)
		b.whisper(ctx, d, w.NotNow)
		return
	}
	if !own {
		b.whisper(ctx, d, w.ReportAgain)
		return
	}
	file := blockkit.File{Name: "report-" + a.ID + ".html", Title: w.ReportFile}
	to := wire.Target{Channel: d.Channel, Thread: d.Thread}
	if d.Again && b.uploaded(ctx, to, file, "") {
		return
	}
	err = b.unbroken(d, func() (err error) {
		if file.Body, err = b.config.Report(ctx, a.ID, a.Language, where.open); err != nil {
			return err
		}
		return b.config.Poster.Upload(ctx, to, file)
	})
	if err == nil || ctx.Err() != nil {
		return
	}
	b.fault("make a report", d, err)
	b.release(ctx, key)
	b.whisper(ctx, d, w.ReportFailed)
}
