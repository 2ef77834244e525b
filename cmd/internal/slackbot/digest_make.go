package slackbot

import (
	"cmp"
	"context"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"tesela/agent"
	"tesela/agent/digest"
	"tesela/agent/model"
	"tesela/agent/wording"
	"tesela/cmd/internal/slackbot/wire"
)

// wish is a digest that somebody clearly wants.
type wish struct {
	Schedule digest.Schedule `json:"schedule"`
	Question string          `json:"question"`
	Language string          `json:"language"`
	Assumed  []string        `json:"assumed,omitempty"`
}

// make answers the question of a wish at once and, where it has an answer that
// may be shown here, notes the digest and says when it comes.
func (g *Digests) make(ctx context.Context, d wire.Delivery, w *digestWords, want wish) {
	b := g.bot
	o := &order{
		ID: orderID(d.ID), Team: d.Team, Channel: d.Channel, Thread: d.Thread, User: d.User, Direct: d.Direct,
		Language: want.Language, Question: want.Question, Schedule: want.Schedule,
	}
	known, err := g.orders(ctx)
	if err != nil {
		b.fault("read the digests", d, err)
		g.reply(ctx, d, text(w.NotKept))
		return
	}
	for _, old := range known {
		if old.ID == o.ID { // told before the program stopped
			g.confirm(ctx, d, w, old, want.Assumed)
			return
		}
		if old.Team == d.Team && old.Channel == d.Channel && old.Question == o.Question && old.Schedule.Text("en") == o.Schedule.Text("en") {
			g.reply(ctx, d, message{g.says(w.Again, w, old), w.controls(old)})
			return
		}
	}
	if full := g.full(w, d, known); full != "" {
		g.reply(ctx, d, text(full))
		return
	}
	a := g.firstAnswer(ctx, d, want)
	if a == nil || ctx.Err() != nil {
		return // why is said already
	}
	if a.Status == model.Clarify && len(a.Choices) > 0 {
		g.askReading(ctx, d, w, want, a)
		return
	}
	if refusal := g.unfit(ctx, w, d, a); refusal != "" {
		g.reply(ctx, d, text(refusal))
		return
	}
	now := b.config.Clock()
	o.Schedule = o.Schedule.Anchored(now, b.config.Zone)
	o.Made, o.Done, o.Spoken, o.Answer, o.Answered = now, now, a.Language, a.ID, now
	if err := g.keep(ctx, o); err != nil {
		b.fault("keep a digest", d, err)
		g.reply(ctx, d, text(w.NotKept))
		return
	}
	g.woken()
	g.confirm(ctx, d, w, o, want.Assumed)
}

// full says why no more digests can be made; "" where they can.
func (g *Digests) full(w *digestWords, d wire.Delivery, known []*order) string {
	own, team := 0, 0
	for _, o := range known {
		if o.Team != d.Team {
			continue
		}
		team++
		if o.User == d.User {
			own++
		}
	}
	switch {
	case own >= g.limits.User:
		return fill(w.MostUser, "n", strconv.Itoa(g.limits.User))
	case team >= g.limits.Team:
		return fill(w.MostTeam, "n", strconv.Itoa(g.limits.Team))
	}
	return ""
}

// firstAnswer answers the question as any other; nil where there is no answer.
func (g *Digests) firstAnswer(ctx context.Context, d wire.Delivery, want wish) *agent.Answer {
	b := g.bot
	q := &question{d: d, text: want.Question, to: wire.Target{Channel: d.Channel, Thread: d.Thread}}
	if before := b.recall(ctx, d); before.Over {
		q.note = before
	} else {
		b.turn(ctx, q)
	}
	if q.note.Answer == "" || b.config.Answer == nil {
		return nil
	}
	a, err := b.config.Answer(ctx, q.note.Answer)
	if err != nil {
		b.fault("read the first answer of a digest", d, err)
		return nil
	}
	return a
}

// unfit says why a question cannot come again and again; "" where it can.
func (g *Digests) unfit(ctx context.Context, w *digestWords, d wire.Delivery, a *agent.Answer) string {
	switch {
	case a.Status == model.Approve:
		return w.Writes
	case a.Status != model.Answered:
		return w.NotMade
	case g.bot.show(ctx, a, g.bot.placeOf(ctx, d)).answer == nil:
		return w.Personal
	}
	return ""
}

// says fills a text about a digest: {schedule}, or {Schedule} at the beginning
// of a sentence, {question}, {zone}, {next}.
func (g *Digests) says(form string, w *digestWords, o *order) string {
	next := o.Schedule.Next(g.bot.config.Clock(), g.bot.config.Zone)
	schedule := wording.Escape(o.Schedule.Text(w.lang.Code))
	return fill(form, "schedule", schedule, "Schedule", wording.Capital(schedule), "question", wording.Escape(o.Question),
		"zone", wording.Escape(g.zone()), "next", wording.Escape(w.moment(next.In(g.bot.config.Zone))))
}

// moment writes an instant with its day of the week.
func (w *digestWords) moment(t time.Time) string {
	day, _ := w.lang.Weekday((int(t.Weekday())+6)%7 + 1)
	return day + ", " + w.lang.Time(t)
}

// confirm says what was noted.
func (g *Digests) confirm(ctx context.Context, d wire.Delivery, w *digestWords, o *order, assumed []string) {
	form := w.MadeHere
	if o.Direct {
		form = w.Made
	}
	parts := []string{g.says(form, w, o)}
	for _, a := range assumed {
		parts = append(parts, w.Assumed[a])
	}
	if note := o.Schedule.Note(w.lang.Code); note != "" {
		parts = append(parts, wording.Escape(note))
	}
	g.reply(ctx, d, message{strings.Join(parts, " "), w.controls(o)})
}

// asked is what was asked back before a digest is made.
type asked struct {
	User     string           `json:"user"`
	Language string           `json:"language"`
	Doubt    digest.Doubt     `json:"doubt"`
	Assumed  []string         `json:"assumed,omitempty"`
	Readings []digest.Reading `json:"readings"`
	// Labels name the readings where it is the question that is unclear.
	Labels []string `json:"labels,omitempty"`
}

// whichQuestion is the doubt over what the question itself means.
const whichQuestion digest.Doubt = "question"

// mostReadings is how many readings of a question are offered.
const mostReadings = 5

// askedLife is how long a question back can be answered.
const askedLife = 7 * 24 * time.Hour

// askBack asks which of several readings is meant.
func (g *Digests) askBack(ctx context.Context, d wire.Delivery, w *digestWords, r digest.Request) {
	form := map[digest.Doubt]string{digest.Wish: w.AskWish, digest.Hour: w.AskHour, digest.Once: w.AskOnce}[r.Doubt]
	g.pose(ctx, d, w, form, asked{User: d.User, Language: r.Language, Doubt: r.Doubt, Assumed: r.Assumed, Readings: r.Readings})
}

// askReading asks which reading of the question is to be sent.
func (g *Digests) askReading(ctx context.Context, d wire.Delivery, w *digestWords, want wish, a *agent.Answer) {
	back := asked{User: d.User, Language: want.Language, Doubt: whichQuestion, Assumed: want.Assumed}
	for _, c := range a.Choices[:min(len(a.Choices), mostReadings)] {
		back.Readings = append(back.Readings, digest.Reading{Schedule: &want.Schedule, Question: c.Question})
		back.Labels = append(back.Labels, cmp.Or(c.Label, c.Question))
	}
	form := fill(w.AskWhich, "schedule", wording.Escape(want.Schedule.Text(w.lang.Code)))
	g.pose(ctx, d, w, form, back)
}

// pose asks for one of several readings.
func (g *Digests) pose(ctx context.Context, d wire.Delivery, w *digestWords, form string, a asked) {
	id := orderID(d.ID)
	body, err := json.Marshal(a)
	if err == nil {
		// What is there already is the same, told again.
		_, err = g.bot.config.Memory.Claim(ctx, kindDigestAsked, id, body, g.bot.config.Clock().Add(askedLife))
	}
	if err != nil {
		g.bot.fault("keep what was asked back", d, err)
		g.reply(ctx, d, text(w.NotKept))
		return
	}
	var row []slack.BlockElement
	lines := []string{form, ""}
	for i, label := range g.labels(w, a) {
		lines = append(lines, strconv.Itoa(i+1)+". "+wording.Escape(label))
		row = append(row, button(actionDigestPick+"."+strconv.Itoa(i), id+" "+strconv.Itoa(i), strconv.Itoa(i+1)+" · "+label))
	}
	g.reply(ctx, d, message{strings.Join(lines, "\n"), row})
}

// labels names the readings that were asked of; nothing at all is one too.
func (g *Digests) labels(w *digestWords, a asked) (labels []string) {
	if len(a.Labels) == len(a.Readings) && len(a.Labels) > 0 {
		return append(a.Labels, w.PickNone)
	}
	for _, r := range a.Readings {
		if r.Schedule == nil {
			labels = append(labels, w.PickOnce)
			continue
		}
		labels = append(labels, fill(w.PickDigest, "schedule", r.Schedule.Text(w.lang.Code)))
	}
	if a.Doubt == digest.Once {
		labels = append(labels, w.PickNone)
	}
	return labels
}
