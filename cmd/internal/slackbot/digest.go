package slackbot

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"tesela/agent"
	"tesela/agent/digest"
	"tesela/cmd/internal/slackbot/wire"
)

// Kinds of what is kept of digests: themselves; that one was stopped, so that
// nobody who is sending it keeps it again; that somebody is sending one; that a
// sending was begun; what is asked back before one is made.
const (
	kindDigest        = "slack.digest"
	kindDigestStopped = "slack.digest.stopped"
	kindDigestSending = "slack.digest.sending"
	kindDigestBegun   = "slack.digest.begun"
	kindDigestAsked   = "slack.digest.asked"
)

// DigestLimits bound the digests; a zero field takes its default.
type DigestLimits struct {
	User int // of one person; 20
	Team int // of the whole workspace; 200
}

// Digests are questions that are answered again and again by the calendar: it
// hears who wants one and Run sends them.
type Digests struct {
	bot    *Bot
	words  map[string]*digestWords
	limits DigestLimits
	wake   chan struct{} // holds one: what is due next may have changed

	mu      sync.Mutex
	sending map[string]bool // by id, in this process
	tries   map[string]int  // that failed, by delivery
}

var _ digests = (*Digests)(nil)

// NewDigests makes the digests of a bot, which hears of them from then on.
func NewDigests(b *Bot, limits DigestLimits) (*Digests, error) {
	all, err := loadDigestWords()
	if err != nil {
		return nil, err
	}
	if limits.User <= 0 {
		limits.User = 20
	}
	if limits.Team <= 0 {
		limits.Team = 200
	}
	g := &Digests{
		bot: b, words: all, limits: limits, wake: make(chan struct{}, 1),
		sending: map[string]bool{}, tries: map[string]int{},
	}
	b.digests = g
	return g, nil
}

// order is one digest as it is kept.
type order struct {
	ID       string          `json:"id"`
	Team     string          `json:"team"`
	Channel  string          `json:"channel"`
	Thread   string          `json:"thread"` // where it was made
	User     string          `json:"user"`   // who made it
	Direct   bool            `json:"direct,omitempty"`
	Language string          `json:"language"` // of the words around it
	Spoken   string          `json:"spoken"`   // of the question
	Question string          `json:"question"`
	Schedule digest.Schedule `json:"schedule"`
	Made     time.Time       `json:"made"`
	// Done is the newest instant that was due and seen to, at first when it
	// was made.
	Done time.Time `json:"done"`
	// Answer is the id of the newest answer, and Answered when it was given.
	Answer   string    `json:"answer,omitempty"`
	Answered time.Time `json:"answered,omitzero"`
	// Failing is set where it was said already that there is no answer now.
	Failing bool `json:"failing,omitempty"`
	// Aside says why it is not sent any more, "" while it is: Slack's word for
	// why its channel cannot be written in.
	Aside string `json:"aside,omitempty"`
}

// due is the newest instant at which the order should have been sent, by now.
func (o *order) due(now time.Time, zone *time.Location) (time.Time, bool) {
	if o.Aside != "" {
		return time.Time{}, false
	}
	return o.Schedule.Due(o.Done, now, zone)
}

// orderID names a digest by the delivery that made it, so that one told twice
// makes one.
func orderID(delivery string) string {
	sum := sha256.Sum256([]byte("digest " + delivery))
	return hex.EncodeToString(sum[:])[:10]
}

// orders reads all digests, the oldest first.
func (g *Digests) orders(ctx context.Context) ([]*order, error) {
	kept, err := g.bot.config.Memory.List(ctx, kindDigest)
	if err != nil {
		return nil, fmt.Errorf("read the digests: %w", err)
	}
	if len(kept) == 0 {
		return nil, nil
	}
	stopped, err := g.bot.config.Memory.List(ctx, kindDigestStopped)
	if err != nil {
		return nil, fmt.Errorf("read the digests: %w", err)
	}
	var list []*order
	for _, key := range slices.Sorted(maps.Keys(kept)) {
		o := &order{}
		if err := json.Unmarshal(kept[key], o); err != nil || o.ID != key {
			g.bot.config.Log.Warn("a digest cannot be read", "digest", key)
			continue
		}
		if _, gone := stopped[key]; !gone {
			list = append(list, o)
		} else if err := g.bot.config.Memory.Drop(ctx, kindDigest, key); err != nil {
			// Somebody who was sending it kept it once more.
			g.bot.config.Log.Warn("forget a digest that was stopped", "digest", key, "error", discreet(err.Error()))
		}
	}
	slices.SortStableFunc(list, func(a, b *order) int { return a.Made.Compare(b.Made) })
	return list, nil
}

// order reads one digest; nil where there is none any more.
func (g *Digests) order(ctx context.Context, id string) (*order, error) {
	list, err := g.orders(ctx)
	if err != nil {
		return nil, err
	}
	for _, o := range list {
		if o.ID == id {
			return o, nil
		}
	}
	return nil, nil
}

// keep writes an order down.
func (g *Digests) keep(ctx context.Context, o *order) error {
	body, err := json.Marshal(o)
	if err != nil {
		return err
	}
	if err := g.bot.config.Memory.Put(ctx, kindDigest, o.ID, body, time.Time{}); err != nil {
		return fmt.Errorf("keep the digest: %w", err)
	}
	return nil
}

// stoppedLife is how long it is known that a digest was stopped.
const stoppedLife = 90 * 24 * time.Hour

// stoppedOrder is one that was stopped, and by whom.
type stoppedOrder struct {
	By    string `json:"by"`
	Order *order `json:"order"`
}

// stop ends an order for good.
func (g *Digests) stop(ctx context.Context, o *order, by string) error {
	body, err := json.Marshal(stoppedOrder{by, o})
	if err != nil {
		return err
	}
	m := g.bot.config.Memory
	if _, err := m.Claim(ctx, kindDigestStopped, o.ID, body, g.bot.config.Clock().Add(stoppedLife)); err != nil {
		return fmt.Errorf("stop the digest: %w", err)
	}
	if err := m.Drop(ctx, kindDigest, o.ID); err != nil {
		return fmt.Errorf("stop the digest: %w", err)
	}
	g.woken()
	return nil
}

// stoppedBefore is the order that a delivery stopped before the program did;
// nil where it did not.
func (g *Digests) stoppedBefore(ctx context.Context, d wire.Delivery) *order {
	if !d.Again {
		return nil
	}
	kept, err := g.bot.config.Memory.List(ctx, kindDigestStopped)
	if err != nil {
		g.bot.fault("read which digests were stopped", d, err)
		return nil
	}
	var s stoppedOrder
	if json.Unmarshal(kept[d.Value], &s) != nil || s.By != d.User {
		return nil
	}
	return s.Order
}

// woken has Run look at what is due next.
func (g *Digests) woken() {
	select {
	case g.wake <- struct{}{}:
	default:
	}
}

// inWords gives the words of a language.
func (g *Digests) inWords(language string) *digestWords {
	if w, ok := g.words[language]; ok {
		return w
	}
	return g.words[g.bot.config.Language]
}

// zone is the name of the zone whose clock counts.
func (g *Digests) zone() string { return g.bot.config.Zone.String() }

// hears does what a message asks of digests; it is false for messages that
// are of something else.
func (g *Digests) hears(ctx context.Context, d wire.Delivery) (handled bool) {
	defer func() {
		if handled && d.Command && ctx.Err() == nil {
			g.showAsked(ctx, d)
		}
	}()
	if language, ok := g.asksList(d.Text); ok {
		g.list(ctx, d, g.inWords(language))
		return true
	}
	if language, n, ok := g.asksStop(d.Text); ok {
		g.stopNumber(ctx, d, g.inWords(language), n)
		return true
	}
	r, ok := digest.Parse(d.Text)
	if !ok {
		return false
	}
	w := g.inWords(r.Language)
	switch {
	case r.Refused != "":
		g.reply(ctx, d, text(r.Why(g.zone())))
	case r.Doubt != "":
		g.askBack(ctx, d, w, r)
	default:
		g.make(ctx, d, w, wish{Schedule: r.Schedule, Question: r.Question, Language: r.Language, Assumed: r.Assumed})
	}
	return true
}

// meant tells whether a text is about digests, and in which language.
func (g *Digests) meant(text string) (language string, ok bool) {
	if language, ok = g.asksList(text); ok {
		return language, true
	}
	if language, _, ok = g.asksStop(text); ok {
		return language, true
	}
	r, ok := digest.Parse(text)
	return r.Language, ok
}

// showAsked tells the channel which command its thread is about, where that
// names no single customer.
func (g *Digests) showAsked(ctx context.Context, d wire.Delivery) {
	if g.namesCustomers(ctx, d.Text) {
		return
	}
	name, _ := g.bot.person(ctx, d.User)
	said := fill(g.bot.hears(ctx, d.User).Asked, "who", name, "question", d.Text)
	if err := g.bot.config.Poster.Update(ctx, d.Channel, d.Thread, notice(said)); err != nil && ctx.Err() == nil {
		g.bot.fault("show what was asked", d, err)
	}
}

// reply answers a message about digests in its thread, once.
func (g *Digests) reply(ctx context.Context, d wire.Delivery, m message) {
	d.ID += ":digest"
	if _, err := g.bot.once(ctx, d, wire.Target{Channel: d.Channel, Thread: d.Thread}, m.blocks(), 0); err != nil && ctx.Err() == nil {
		g.bot.fault("answer about digests", d, err)
		var f *wire.Fault
		if errors.As(err, &f) {
			g.bot.elsewhere(ctx, d, f)
		}
	}
}

// namesCustomers tells whether a question names a single customer; what cannot
// be checked counts as one.
func (g *Digests) namesCustomers(ctx context.Context, question string) bool {
	if g.bot.config.Personal == nil {
		return false
	}
	parts, err := g.bot.config.Personal(ctx, &agent.Answer{Question: question})
	return err != nil || parts.Any()
}

// mayEnd tells whether somebody may stop a digest or send it now: its maker
// and those who may approve.
func (g *Digests) mayEnd(ctx context.Context, user string, o *order) bool {
	return user == o.User || g.bot.among(ctx, user, g.bot.config.Approvers)
}

// normal is how what somebody typed as a command is compared: without case,
// accents and signs around it.
func normal(text string) string {
	text = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFD.String(strings.Trim(text, " \t\n/.!?¡¿")))
	return strings.Join(strings.Fields(text), " ")
}
