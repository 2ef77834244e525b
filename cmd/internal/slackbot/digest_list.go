package slackbot

import (
	"context"
	"strconv"
	"strings"

	"github.com/slack-go/slack"

	"tesela/agent/wording"
	"tesela/cmd/internal/slackbot/wire"
)

// mostListed is how many digests a list shows; Slack has room for more, a
// reader hardly.
const mostListed = 20

// mostRun is up to how many there are buttons to send them now: a row of Slack
// has room for 25.
const mostRun = 12

// seen are the digests that a list shows: in a channel those that come there,
// in a direct message one's own and, for who may approve, all. Elsewhere counts
// one's own that it leaves out.
func (g *Digests) seen(ctx context.Context, d wire.Delivery) (list []*order, elsewhere int, err error) {
	all, err := g.orders(ctx)
	if err != nil {
		return nil, 0, err
	}
	every := d.Direct && g.bot.among(ctx, d.User, g.bot.config.Approvers)
	for _, o := range all {
		switch own := o.User == d.User; {
		case o.Team != d.Team:
		case d.Direct && (own || every), !d.Direct && o.Channel == d.Channel:
			list = append(list, o)
		case own:
			elsewhere++
		}
	}
	return list, elsewhere, nil
}

// list answers with the digests there are, with buttons to stop and send them.
func (g *Digests) list(ctx context.Context, d wire.Delivery, w *digestWords) {
	m, err := g.listed(ctx, d, w)
	if err != nil {
		g.bot.fault("list the digests", d, err)
		m = text(w.NotKept)
	}
	g.reply(ctx, d, m)
}

// listed is the list of the digests.
func (g *Digests) listed(ctx context.Context, d wire.Delivery, w *digestWords) (message, error) {
	list, elsewhere, err := g.seen(ctx, d)
	if err != nil {
		return message{}, err
	}
	var lines []string
	var row []slack.BlockElement
	for i, o := range list {
		if i == mostListed {
			lines = append(lines, "", fill(w.MoreListed, "n", strconv.Itoa(len(list)-mostListed)))
			break
		}
		n := strconv.Itoa(i + 1)
		lines = append(lines, n+". "+g.line(ctx, d, w, o))
		if g.mayEnd(ctx, d.User, o) || !d.Direct {
			row = append(row, button(actionDigestStop+"."+n, o.ID, w.StopButton+" "+n))
			if len(list) <= mostRun {
				row = append(row, button(actionDigestRun+"."+n, o.ID, w.RunButton+" "+n))
			}
		}
	}
	head := w.ListedHere
	if d.Direct {
		head = w.Listed
	}
	if len(list) == 0 {
		head = w.None
	}
	said := head
	if len(lines) > 0 {
		said += "\n\n" + strings.Join(lines, "\n")
	}
	if elsewhere > 0 {
		said += "\n\n" + fill(w.Elsewhere, "n", strconv.Itoa(elsewhere))
	}
	return message{said, row}, nil
}

// line is one digest of a list.
func (g *Digests) line(ctx context.Context, d wire.Delivery, w *digestWords, o *order) string {
	shown := *o
	if o.Direct && o.User != d.User || !g.bot.placeOf(ctx, d).open && g.namesCustomers(ctx, o.Question) {
		shown.Question = w.Hidden // what somebody asks in private stays so
	}
	form := w.Line
	switch {
	case o.Aside != "":
		form = w.LineAside
	case o.User != d.User || !o.Direct:
		form = w.LineOf
	}
	name, _ := g.bot.person(ctx, o.User)
	where := channelName(o.Channel)
	if o.Direct {
		where = w.Direct
	}
	form = strings.NewReplacer("{who}", wording.Escape(name), "{channel}", where).Replace(form)
	return g.says(form, w, &shown)
}

// stopNumber stops a digest by its number in the list.
func (g *Digests) stopNumber(ctx context.Context, d wire.Delivery, w *digestWords, n int) {
	list, _, err := g.seen(ctx, d)
	switch {
	case err != nil:
		g.bot.fault("list the digests", d, err)
		g.reply(ctx, d, text(w.NotKept))
		return
	case n == 0 && len(list) == 1:
		n = 1
	case n == 0 || n > len(list):
		m, err := g.listed(ctx, d, w)
		if err != nil {
			g.bot.fault("list the digests", d, err)
			m = text(w.NotKept)
		} else if n > 0 && len(list) > 0 {
			m.text = fill(w.NoNumber, "n", strconv.Itoa(n)) + "\n\n" + m.text
		}
		g.reply(ctx, d, m)
		return
	}
	o := list[n-1]
	if !g.mayEnd(ctx, d.User, o) {
		name, _ := g.bot.person(ctx, o.User)
		g.reply(ctx, d, text(fill(w.MayNot, "who", name)))
		return
	}
	if err := g.stop(ctx, o, d.User); err != nil {
		g.bot.fault("stop a digest", d, err)
		g.reply(ctx, d, text(w.NotKept))
		return
	}
	g.reply(ctx, d, message{text: g.stoppedBy(ctx, w, o, d.User)})
}
