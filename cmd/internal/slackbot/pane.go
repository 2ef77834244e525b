package slackbot

import (
	"context"
	"strings"

	"tesela/agent"
	"tesela/agent/wording"
	"tesela/cmd/internal/slackbot/blockkit"
	"tesela/cmd/internal/slackbot/wire"
)

// mostPrompts is how many questions the assistant pane offers.
const mostPrompts = 4

// mostTitle is how many characters a prompt's title has.
const mostTitle = 60

// opened greets who opened the assistant pane and offers first questions.
func (b *Bot) opened(ctx context.Context, d wire.Delivery) {
	defer b.held.hold(session(d.Team, d.Channel, d.Thread))()
	w := b.hears(ctx, d.User)
	to := wire.Target{Channel: d.Channel, Thread: d.Thread}
	if _, err := b.once(ctx, d, to, blockkit.Markdown(w.Greeting)[0], 0); err != nil {
		if ctx.Err() == nil {
			b.fault("greet", d, err)
		}
		return
	}
	var prompts []wire.Prompt
	for _, q := range b.examples(w, mostPrompts) {
		prompts = append(prompts, wire.Prompt{Title: shorten(q, mostTitle), Message: q})
	}
	if len(prompts) == 0 {
		return
	}
	if err := b.config.Poster.Suggest(ctx, to, w.Title, prompts); err != nil && ctx.Err() == nil {
		b.fault("offer questions", d, err)
	}
}

// offerNext puts next questions in place of the first ones, where the pane
// shows them.
func (b *Bot) offerNext(ctx context.Context, q *question, a *agent.Answer) {
	if b.config.Next == nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, mostWrite)
	defer cancel()
	var prompts []wire.Prompt
	for _, c := range b.config.Next(ctx, a) {
		prompts = append(prompts, wire.Prompt{Title: shorten(c.Label, mostTitle), Message: c.Question})
	}
	if len(prompts) == 0 {
		return
	}
	if err := b.config.Poster.Suggest(ctx, q.to, b.in(a.Language).Title, prompts); err != nil && ctx.Err() == nil {
		b.fault("offer questions", q.d, err)
	}
}

// title names an assistant thread after its first question, where the wire can.
func (b *Bot) title(ctx context.Context, q *question) {
	names, ok := b.config.Poster.(interface {
		Title(ctx context.Context, to wire.Target, title string) error
	})
	if !ok {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, mostWrite)
	defer cancel()
	if err := names.Title(ctx, q.to, shorten(q.text, mostTitle)); err != nil && ctx.Err() == nil {
		b.fault("name a thread", q.d, err)
	}
}

// examples are first questions in a language, so many at most.
func (b *Bot) examples(w *words, most int) []string {
	if b.config.Examples == nil {
		return nil
	}
	list := b.config.Examples(w.lang.Code)
	return list[:min(len(list), most)]
}

// asksHelp tells whether a message asks what can be asked, and in which
// language; "" where the word is that of several.
func (b *Bot) asksHelp(text string) (language string, ok bool) {
	text = strings.ToLower(strings.Trim(text, " \t\n/.!?¡¿"))
	for code, w := range b.words {
		for _, word := range w.HelpWords {
			if text == word {
				return code, true
			}
		}
	}
	return "", false
}

// helpText tells what can be asked here and what the bot does.
func (b *Bot) helpText(w *words) string {
	h := w.Help
	parts := []string{h.Ask}
	if list := b.examples(w, mostPrompts); len(list) > 0 {
		lines := h.Examples + "\n"
		for _, q := range list {
			lines += "\n- " + wording.Escape(q)
		}
		parts = append(parts, lines)
	}
	parts = append(parts, h.May, h.Personal)
	if b.digests != nil {
		parts = append(parts, fill(h.Digests, "example", h.DigestExample))
	}
	return strings.Join(parts, "\n\n")
}

// help answers with what can be asked here.
func (b *Bot) help(ctx context.Context, d wire.Delivery, language string) {
	m := blockkit.Markdown(b.helpText(b.in(language)))[0]
	if d.Command {
		b.aside(ctx, d, m)
		return
	}
	if _, err := b.once(ctx, d, wire.Target{Channel: d.Channel, Thread: d.Thread}, m, 0); err != nil && ctx.Err() == nil {
		b.fault("tell what can be asked", d, err)
		if f, ok := refused(err); ok {
			b.elsewhere(ctx, d, f)
		}
	}
}

// shorten cuts a text at a word.
func shorten(text string, most int) string {
	runes := []rune(text)
	if len(runes) <= most {
		return text
	}
	cut := string(runes[:most-1])
	if i := strings.LastIndexByte(cut, ' '); i > len(cut)/2 {
		cut = cut[:i]
	}
	return cut + "…"
}
