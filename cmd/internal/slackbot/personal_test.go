package slackbot

import (
	"fmt"
	"strings"
	"testing"

	"tesela/cmd/internal/slackbot/blockkit"
	"tesela/cmd/internal/slackbot/wire"
)

// tells lists the secrets in a text.
func tells(text string) (found []string) {
	for _, s := range secrets {
		if strings.Contains(text, s) {
			found = append(found, s)
		}
	}
	return found
}

// What a place gets to see: rows only in direct messages of people who may, a
// question about one customer only there.
func TestPersonal(t *testing.T) {
	for _, c := range []struct {
		user, channel, ask string
		says               string
		rows               bool
	}{
		{"U1", "DU1", "list them", secrets[0], true},
		{"U2", "DU2", "list them", secrets[0], true}, // of the group
		{"U3", "DU3", "list them", "specific", false},
		{"U1", "C1", "list them", "direct message", false},
		{"U2", "C1", "list them", "direct message", false},
		{"U1", "DU1", "who " + secrets[0], secrets[2], true},
		{"U3", "DU3", "who " + secrets[0], "not among those", false},
		{"U1", "C1", "who " + secrets[0], "channels do not get to see", false},
		{"U1", "C1", "who unknown " + secrets[0], "channels do not get to see", false}, // nobody learns that there is none
		{"U3", "DU3", "who unknown " + secrets[0], "not among those", false},
		{"U1", "C1", "emails", "channels do not get to see", false},
		{"U3", "DU3", "emails", "not among those", false},
		{"U1", "C1", "what about " + secrets[2], "channels do not get to see", false},
		{"U2", "C1", "¿who " + secrets[0] + "?", "eso no se muestra en canales", false},
	} {
		d, p := newDesk(), newPoster()
		b := d.bot(t, p, newMemory(), func(c *Config) { c.MayPersonal = []string{"U1", "S1"} })
		one := mention("1.1", c.user, c.channel, "", c.ask)
		one.Direct = strings.HasPrefix(c.channel, "D")
		b.Handle(t.Context(), one)
		got := p.in(c.channel, "1.1")
		if len(got) != 1 || !strings.Contains(got[0], c.says) && c.says != "specific" {
			t.Errorf("%s in %s asks %q: %q", c.user, c.channel, c.ask, got)
		}
		if found := tells(p.heard[c.channel].String()); (len(found) > 0) != c.rows {
			t.Errorf("%s in %s asks %q and learns %q", c.user, c.channel, c.ask, found)
		}
		if (len(p.files) > 0) != (c.rows && c.ask == "list them") {
			t.Errorf("%s in %s asks %q: %d files", c.user, c.channel, c.ask, len(p.files))
		}
		if may, _ := d.persons.Load("slack:T1:" + c.channel + ":1.1"); may != c.rows {
			t.Errorf("%s in %s: personal traits may be listed: %v", c.user, c.channel, may)
		}
	}
}

// A group that cannot be looked up lets nobody see anything.
func TestPersonalGroupUnknown(t *testing.T) {
	d, p := newDesk(), newPoster()
	b := d.bot(t, p, newMemory(), func(c *Config) { c.MayPersonal = []string{"S9"} })
	b.Handle(t.Context(), direct("1.1", "U2", "", "list them"))
	if found := tells(p.heard["DU2"].String()); len(found) > 0 {
		t.Errorf("%q", found)
	}
}

// Through everything that can be done in a channel, nothing that tells of a
// single customer comes there: placeholders, progress, answers, errors, files,
// reports, approvals, what a command echoes, whispers.
func TestNothingPersonalInChannels(t *testing.T) {
	d, p, m := newDesk(), newPoster(), newMemory()
	b := d.bot(t, p, m, func(c *Config) {
		c.MayPersonal, c.Approvers = []string{"U1", "U2", "U3"}, []string{"U1"}
		c.After = nil // shows progress as it may
	})
	n := 0
	next := func() string { n++; return fmt.Sprintf("1.%03d", n) }
	for _, user := range []string{"U1", "U2", "U3", "U9"} {
		for _, ask := range []string{
			"count customers", "list them", "who " + secrets[0], "who " + secrets[1], "what " + secrets[2], "best customers",
			"count " + secrets[3], "what " + secrets[4], "save " + secrets[4], "save VIP", "panic", "list " + secrets[6], "¿list?", "quantos", "help",
		} {
			id := next()
			b.Handle(t.Context(), mention(id, user, "C1", "", ask))
			for i := range 3 { // press whatever there is, by everybody
				for _, told := range p.messages {
					if told.channel != "C1" || told.thread != id {
						continue
					}
					for _, e := range buttons(told.m) {
						b.Handle(t.Context(), wire.Delivery{
							ID: next(), Kind: wire.Click, Team: "T1", Channel: "C1", User: fmt.Sprint("U", 1+i), Thread: id, TS: told.ts,
							Action: e.ActionID, Value: e.Value, Respond: "https://hooks.example/x",
						})
					}
				}
			}
			b.Handle(t.Context(), wire.Delivery{
				ID: next(), Kind: wire.Said, Team: "T1", Channel: "C1", User: user, Text: ask, Command: true, Mentioned: true, Respond: "https://hooks.example/y",
			})
		}
	}
	d.broken.Store(true)
	b.Handle(t.Context(), mention(next(), "U1", "C1", "", "who "+secrets[0]))
	for _, channel := range []string{"C1", "response_url"} {
		if p.heard[channel] == nil {
			continue
		}
		for line := range strings.SplitSeq(p.heard[channel].String(), "\n") {
			if found := tells(line); len(found) > 0 {
				t.Errorf("%s hears %q: %.600s", channel, found, line)
			}
		}
	}
	if len(p.files) == 0 || d.saved.Load() == 0 {
		t.Errorf("%d files, %d saved: not all was done", len(p.files), d.saved.Load())
	}
}

// A command shows the channel who asked what, once it is known to be harmless,
// and begins a thread that can be gone on with.
func TestCommand(t *testing.T) {
	d, p, m := newDesk(), newPoster(), newMemory()
	b := d.bot(t, p, m, nil)
	command := func(id, user, text string) wire.Delivery {
		return wire.Delivery{ID: id, Kind: wire.Said, Team: "T1", Channel: "C1", User: user, Text: text, Command: true, Mentioned: true, Respond: "https://hooks.example/y"}
	}
	b.Handle(t.Context(), command("c1", "U2", "count customers"))
	root := p.newest(t, "C1", "")
	if got := all(root.m); got != "Bea preguntó: count customers" {
		t.Errorf("%q", got)
	}
	if got := p.in("C1", root.ts); len(got) != 1 || !strings.Contains(got[0], "1,115") {
		t.Errorf("%q", got)
	}
	on := mention("2.1", "U2", "C1", root.ts, "count orders")
	on.Mentioned = false
	b.Handle(t.Context(), on)
	if got := d.kept.questions("slack:T1:C1:" + root.ts); len(got) != 2 {
		t.Errorf("%q", got)
	}
	b.Handle(t.Context(), command("c2", "U2", "who "+secrets[0]))
	if got := all(p.newest(t, "C1", "").m); !strings.Contains(got, "clientes concretos") || len(tells(got)) > 0 {
		t.Errorf("%q", got)
	}
	for id, text := range map[string]string{"c3": "help", "c4": "  "} {
		before := len(p.messages)
		b.Handle(t.Context(), command(id, "U1", text))
		if got := p.answers[len(p.answers)-1]; len(p.messages) != before || !strings.Contains(all(got), "Ask") {
			t.Errorf("%q: %q", text, all(got))
		}
	}
}

// Where the bot is not in the channel, who asked alone gets the answer, without
// what could only be pressed in a thread.
func TestCommandAlone(t *testing.T) {
	d, p := newDesk(), newPoster()
	p.fails = func(_ int, call, channel string) (error, bool) {
		if channel == "C1" {
			return &wire.Fault{Method: "chat.postMessage", Reason: wire.NotInChannel, Code: "not_in_channel"}, false
		}
		return nil, true
	}
	b := d.bot(t, p, newMemory(), func(c *Config) { c.MayPersonal = []string{"U1"} })
	for i, ask := range []string{"count customers", "best customers", "save VIP", "list them"} {
		p.answers = nil
		b.Handle(t.Context(), wire.Delivery{
			ID: fmt.Sprint("c", i), Kind: wire.Said, Team: "T1", Channel: "C1", User: "U1", Text: ask, Command: true, Mentioned: true, Respond: "https://hooks.example/y",
		})
		if n := len(p.answers); n < 2 || n > 5 || !strings.Contains(all(p.answers[n-1]), "not in this channel") {
			t.Errorf("%s: %d answers", ask, n)
			continue
		}
		for _, a := range p.answers {
			if len(buttons(a)) > 0 || len(tells(all(a))) > 0 {
				t.Errorf("%s: %q", ask, all(a))
			}
		}
	}
	// What is to be sent again and again has no place here, and that is said.
	if _, err := NewDigests(b, DigestLimits{}); err != nil {
		t.Fatal(err)
	}
	for ask, says := range map[string]string{
		"every Friday at 17:00 show me how many customers there are": "can send nothing here", "my digests": "can send nothing here",
		"cada lunes a las 9 mándame ¿count clientes?": "no puedo enviar nada",
	} {
		p.answers = nil
		b.Handle(t.Context(), wire.Delivery{
			ID: ask, Kind: wire.Said, Team: "T1", Channel: "C1", User: "U1", Text: ask, Command: true, Mentioned: true, Respond: "https://hooks.example/y",
		})
		if len(p.answers) != 1 || !strings.Contains(all(p.answers[0]), says) {
			t.Errorf("%s: %d answers", ask, len(p.answers))
		}
	}
	if len(p.messages) != 0 || len(p.files) != 0 {
		t.Errorf("%d messages, %d files", len(p.messages), len(p.files))
	}
}

// The words are the same in all languages, and none is left empty.
func TestWords(t *testing.T) {
	b := newDesk().bot(t, newPoster(), newMemory(), nil)
	keys := map[string]map[string]bool{}
	for code, w := range b.words {
		keys[code] = map[string]bool{}
		walkWords(t, code, w, keys[code])
	}
	for _, code := range []string{"es", "pt"} {
		for key := range keys["en"] {
			if !keys[code][key] {
				t.Errorf("%s has no %s", code, key)
			}
		}
		if len(keys[code]) != len(keys["en"]) {
			t.Errorf("%s has %d words, en %d", code, len(keys[code]), len(keys["en"]))
		}
	}
	for _, m := range []blockkit.Message{blockkit.Markdown(b.helpText(b.in("pt")))[0], blockkit.Markdown(b.in("es").Greeting)[0]} {
		if all(m) == "" || strings.ContainsAny(all(m), "{}") {
			t.Errorf("%q", all(m))
		}
	}
}
