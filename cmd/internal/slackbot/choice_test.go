package slackbot

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"tesela/cmd/internal/slackbot/blockkit"
	"tesela/cmd/internal/slackbot/wire"
)

// askedBack is a bot that asked back in a channel's thread, and its message.
func askedBack(t *testing.T, m *memory) (*desk, *poster, *Bot, *posted) {
	t.Helper()
	d, p := newDesk(), newPoster()
	b := d.bot(t, p, m, nil)
	b.Handle(t.Context(), mention("1.1", "U1", "C1", "", "best customers"))
	return d, p, b, p.newest(t, "C1", "1.1")
}

// A press asks that reading in the same session, for all to see who chose.
func TestChoice(t *testing.T) {
	d, p, b, back := askedBack(t, newMemory())
	if len(buttons(back.m)) != 2 || !strings.Contains(all(back.m), "most revenue") {
		t.Fatalf("%q", all(back.m))
	}
	b.Handle(t.Context(), press(t, "p1", "U2", back, blockkit.ActionChoice))
	if got := all(back.m); len(buttons(back.m)) != 0 || !strings.Contains(got, "Bea chose: most orders") {
		t.Errorf("%q", got)
	}
	if got := p.in("C1", "1.1"); len(got) != 2 || !strings.Contains(got[1], "1,115") {
		t.Errorf("%q", got)
	}
	if got := d.kept.questions("slack:T1:C1:1.1"); !slices.Equal(got, []string{"best customers", "count by orders"}) {
		t.Errorf("the session holds %q", got)
	}
}

// A number chooses as a button does, also with the mention's thread alone; a
// number that names no reading, or where none is asked for, is a question.
func TestChoiceByNumber(t *testing.T) {
	m := newMemory()
	d, p, b, _ := askedBack(t, m)
	reply := func(id, user, text string) {
		one := mention(id, user, "C1", "1.1", text)
		one.Mentioned = user != "U1"
		b.Handle(t.Context(), one)
	}
	reply("1.2", "U1", "7")
	b.Handle(t.Context(), mention("3.1", "U1", "C1", "", "2"))
	if got := d.kept.questions("slack:T1:C1:1.1"); !slices.Equal(got, []string{"best customers", "7"}) {
		t.Errorf("the session holds %q", got)
	}
	reply("1.3", "U1", "2") // the newest is no question back any more
	reply("1.4", "U1", "best of all")
	back := p.newest(t, "C1", "1.1")
	b = d.bot(t, p, m, nil)
	reply("1.5", "U2", "2.")
	if got := d.kept.questions("slack:T1:C1:1.1"); !slices.Equal(got[2:], []string{"2", "best of all", "count by revenue"}) {
		t.Errorf("the session holds %q", got)
	}
	if got := all(back.m); len(buttons(back.m)) != 0 || !strings.Contains(got, "Bea chose: most revenue") {
		t.Errorf("%q", got)
	}
}

// Ten people who press at once, and once more after a restart, ask once.
func TestChoiceOnce(t *testing.T) {
	m := newMemory()
	d, p, b, back := askedBack(t, m)
	presses := make([]wire.Delivery, 10)
	for i := range presses {
		presses[i] = press(t, fmt.Sprint("p", i), fmt.Sprint("U", 10+i), back, blockkit.ActionChoice)
		if i%2 == 1 {
			presses[i].Action, presses[i].Value = blockkit.ActionChoice+".1", strings.Replace(presses[i].Value, " 0", " 1", 1)
		}
	}
	var wait sync.WaitGroup
	for _, one := range presses {
		wait.Go(func() { b.Handle(t.Context(), one) })
	}
	wait.Wait()
	late := presses[3]
	late.ID = "late"
	d.bot(t, p, m, nil).Handle(t.Context(), late)
	if got := d.kept.questions("slack:T1:C1:1.1"); len(got) != 2 {
		t.Errorf("asked %q", got)
	}
	if got := p.in("C1", "1.1"); len(got) != 2 {
		t.Errorf("%q", got)
	}
	told := 0
	for _, list := range p.whispers {
		for _, w := range list {
			if told++; !strings.Contains(all(w), "chosen already") {
				t.Errorf("%q", all(w))
			}
		}
	}
	if told != 10 {
		t.Errorf("%d of ten are told", told)
	}
}

// Presses on what is another's or gone are answered politely and do nothing.
func TestChoiceOfOthers(t *testing.T) {
	for name, change := range map[string]func(d *wire.Delivery){
		"another workspace": func(d *wire.Delivery) { d.Team = "T2" },
		"another thread":    func(d *wire.Delivery) { d.Thread = "7.7" },
		"another channel":   func(d *wire.Delivery) { d.Channel = "C2" },
		"no such answer":    func(d *wire.Delivery) { d.Value = blockkit.ChoiceValue("000000000000", 0) },
		"no such choice":    func(d *wire.Delivery) { d.Value = strings.Replace(d.Value, " 0", " 9", 1) },
		"nonsense":          func(d *wire.Delivery) { d.Value = "x" },
	} {
		d, p, b, back := askedBack(t, newMemory())
		one := press(t, "p1", "U2", back, blockkit.ActionChoice)
		change(&one)
		before := all(back.m)
		b.Handle(t.Context(), one)
		if len(p.whispers["U2"]) != 1 || d.asked.Load() != 1 || all(back.m) != before {
			t.Errorf("%s: whispers %v, %d asked", name, p.whispers, d.asked.Load())
		}
	}
}

// Who has no turns left cannot choose; another can.
func TestChoiceOverBudget(t *testing.T) {
	d, p, m := newDesk(), newPoster(), newMemory()
	b := d.bot(t, p, m, func(c *Config) { c.UserTurns = []Budget{{1, 3600e9}} })
	b.Handle(t.Context(), mention("1.1", "U1", "C1", "", "best customers"))
	back := p.newest(t, "C1", "1.1")
	b.Handle(t.Context(), press(t, "p1", "U1", back, blockkit.ActionChoice))
	if len(buttons(back.m)) != 2 || len(p.whispers["U1"]) != 1 {
		t.Errorf("%q, %v", all(back.m), p.whispers)
	}
	b.Handle(t.Context(), press(t, "p2", "U2", back, blockkit.ActionChoice))
	if len(buttons(back.m)) != 0 || d.asked.Load() != 2 {
		t.Errorf("%q, %d asked", all(back.m), d.asked.Load())
	}
}

// A report is made once and without what is personal in a channel.
func TestReport(t *testing.T) {
	d, p, m := newDesk(), newPoster(), newMemory()
	b := d.bot(t, p, m, nil)
	b.Handle(t.Context(), mention("1.1", "U1", "C1", "", "count customers"))
	told := p.newest(t, "C1", "1.1")
	for i := range 3 {
		b.Handle(t.Context(), press(t, fmt.Sprint("p", i), "U2", told, blockkit.ActionReport))
	}
	if len(p.files) != 1 || !strings.HasSuffix(p.files[0].Name, ".html") || strings.Contains(string(p.files[0].Body), secrets[0]) {
		t.Errorf("%+v", p.files)
	}
	if len(p.whispers["U2"]) != 2 || !strings.Contains(all(p.whispers["U2"][0]), "already") {
		t.Errorf("%v", p.whispers)
	}
	// One that fails can be tried again.
	d, p = newDesk(), newPoster()
	broken := true
	p.fails = func(_ int, call, _ string) (error, bool) {
		if call == "upload" && broken {
			return &wire.Fault{Method: "files", Reason: wire.Other, Code: "internal_error"}, false
		}
		return nil, true
	}
	b = d.bot(t, p, newMemory(), nil)
	b.Handle(t.Context(), mention("1.1", "U1", "C1", "", "count customers"))
	told = p.newest(t, "C1", "1.1")
	b.Handle(t.Context(), press(t, "p1", "U2", told, blockkit.ActionReport))
	if len(p.whispers["U2"]) != 1 || !strings.Contains(all(p.whispers["U2"][0]), "could not be made") {
		t.Errorf("%v", p.whispers)
	}
	broken = false
	b.Handle(t.Context(), press(t, "p2", "U2", told, blockkit.ActionReport))
	if len(p.files) != 1 {
		t.Errorf("%+v", p.files)
	}
}
