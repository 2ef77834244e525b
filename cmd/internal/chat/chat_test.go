package chat

import (
	"errors"
	"flag"
	"fmt"
	"image/color"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"tesela/agent/wording"
	"tesela/cmd/internal/render"
)

var update = flag.Bool("update", false, "write the views of testdata anew; read them before you commit them")

// TestViews holds whole windows to files that a person has read.
func TestViews(t *testing.T) {
	sizes := []struct{ width, height int }{{80, 24}, {200, 50}, {40, 24}}
	scenes := map[string]func(*driver){
		"welcome": func(*driver) {},
		"bars":    func(d *driver) { d.ask("revenue by country") },
		"course":  func(d *driver) { d.ask("orders per month") },
		"choices": func(d *driver) { d.ask("best ones"); d.keys("down") },
		"unknown": func(d *driver) { d.ask("flurb the frobnicators") },
		"spanish": func(d *driver) { d.ask("ingresos por país"); d.keys("?") },
		"data": func(d *driver) {
			d.keys("/data", "enter")
			d.until("the data", func() bool { return d.m.history.newest().over() })
		},
	}
	for name, scene := range scenes {
		for _, size := range sizes {
			d := drive(t, new(shop).config(), size.width, size.height)
			scene(d)
			got := d.text() + "\n"
			lines := strings.Split(strings.TrimSuffix(got, "\n"), "\n")
			if len(lines) > size.height {
				t.Errorf("%s at %d×%d takes %d lines", name, size.width, size.height, len(lines))
			}
			for _, line := range lines {
				if w := render.Width(line); w > size.width || strings.TrimRight(line, " ") != line {
					t.Errorf("%s at %d×%d: a line of %d columns %q", name, size.width, size.height, w, line)
				}
			}
			file := filepath.Join("testdata", fmt.Sprintf("%s.%dx%d.txt", name, size.width, size.height))
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("%s at %d×%d shows\n%s\nwant\n%s", name, size.width, size.height, got, want)
			}
		}
	}
}

// paints are the colours a drawing sets.
func paints(s string) []string {
	return regexp.MustCompile(`\x1b\[[0-9;]*(?:38|48);[0-9;]*m|\x1b\[(?:[0-9;]*;)?(?:3|4|9|10)[0-7](?:;[0-9;]*)?m`).FindAllString(s, -1)
}

func TestColours(t *testing.T) {
	views := map[string]string{}
	for name, msgs := range map[string][]tea.Msg{
		"unknown": nil,
		"dark":    {tea.BackgroundColorMsg{Color: color.Black}},
		"light":   {tea.BackgroundColorMsg{Color: color.White}},
		"none":    {tea.BackgroundColorMsg{Color: color.Black}, tea.ColorProfileMsg{Profile: colorprofile.ASCII}},
	} {
		d := drive(t, new(shop).config(), 80, 24)
		for _, msg := range msgs {
			d.send(msg)
		}
		d.ask("revenue by country")
		views[name] = d.view()
		if got := len(paints(views[name])) > 0; got != (name != "none") {
			t.Errorf("%s: colours %q", name, paints(views[name]))
		}
		// Where there are colours or none, the figures stand out.
		if !regexp.MustCompile(`\x1b\[(?:[0-9;]*;)?1(?:;[0-9;]*)?m£8,300,065\.81`).MatchString(views[name]) {
			t.Errorf("%s: the figure is not bold in %q", name, views[name])
		}
	}
	for name, view := range views {
		if stripped(view) != stripped(views["dark"]) {
			t.Errorf("%s shows other text than dark", name)
		}
	}
	if views["dark"] == views["light"] || views["unknown"] == views["dark"] {
		t.Error("the background makes no difference")
	}
	// What is drawn is drawn again once the background is known.
	d := drive(t, new(shop).config(), 80, 24)
	d.ask("revenue by country")
	d.send(tea.BackgroundColorMsg{Color: color.White})
	if d.view() != views["light"] {
		t.Error("an answer keeps the colours it was first drawn in")
	}
}

// contrast is the ratio of WCAG 2.2 (relative luminance of sRGB).
func contrast(a, b color.Color) float64 {
	luminance := func(c color.Color) float64 {
		r, g, b, _ := c.RGBA()
		linear := func(v uint32) float64 {
			x := float64(v) / 65535
			if x <= 0.04045 {
				return x / 12.92
			}
			return math.Pow((x+0.055)/1.055, 2.4)
		}
		return 0.2126*linear(r) + 0.7152*linear(g) + 0.0722*linear(b)
	}
	x, y := luminance(a)+0.05, luminance(b)+0.05
	return max(x, y) / min(x, y)
}

func TestStyleContrast(t *testing.T) {
	for mode, ground := range map[render.Mode]color.Color{render.Dark: color.Black, render.Light: color.White} {
		s := render.StylesFor(mode)
		for name, c := range map[string]struct {
			color color.Color
			least float64
		}{
			"figure": {s.Figure.GetForeground(), 4.5}, "accent": {s.Accent.GetForeground(), 4.5},
			"muted": {s.Muted.GetForeground(), 4.5}, "code": {s.Code.GetForeground(), 4.5}, "warn": {s.Warn.GetForeground(), 4.5},
			"bar": {s.Bar.GetForeground(), 3}, "peak": {s.Peak.GetForeground(), 3}, "minus": {s.Minus.GetForeground(), 3},
		} {
			if got := contrast(c.color, ground); got < c.least {
				t.Errorf("mode %d, %s: contrast %.2f, want %.1f", mode, name, got, c.least)
			}
		}
	}
}

func TestHostileData(t *testing.T) {
	d := drive(t, new(shop).config(), 80, 24)
	d.ask("evil products \x1b]0;title\x07")
	text := d.text() // fails on sequences other than styles
	if strings.Contains(text, "<SEQUENCE>") || strings.ContainsAny(text, "\x07\u009b\u202e\r") {
		t.Errorf("the terminal is steered: %q", text)
	}
	for _, want := range []string{"wipe", "日本の寿司 🍣 e\u0301  new line", "Understood: Revenue by product"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
	if strings.Contains(d.m.transcript(), "\x1b]") {
		t.Error("the transcript steers the terminal")
	}
}

func TestChoices(t *testing.T) {
	pick := func(keys ...string) string {
		d := drive(t, new(shop).config(), 80, 24)
		d.ask("best ones")
		d.keys(keys...)
		d.until("the choice's answer", func() bool { return !d.m.talking() })
		return d.m.history.newest().question
	}
	for _, c := range []struct {
		keys []string
		want string
	}{
		{[]string{"enter"}, "revenue by country"},
		{[]string{"down", "enter"}, "orders per month"},
		{[]string{"up", "enter"}, "orders per month"},
		{[]string{"2"}, "orders per month"},
		{[]string{"1"}, "revenue by country"},
		{[]string{"flurb", "enter"}, "flurb"},
		{[]string{"9", "enter"}, "9"},
		{[]string{"esc", "enter"}, "best ones"},
	} {
		if got := pick(c.keys...); got != c.want {
			t.Errorf("%v asked %q, want %q", c.keys, got, c.want)
		}
	}
}

func TestExamples(t *testing.T) {
	d := drive(t, new(shop).config(), 80, 24)
	d.keys("down", "down", "enter")
	d.until("the answer", func() bool { return !d.m.talking() })
	if got := d.m.history.newest().question; got != "Revenue by country" {
		t.Errorf("asked %q", got)
	}
	// A question may begin with a number; a number alone is an example's.
	d = drive(t, new(shop).config(), 80, 24)
	d.ask("2011 revenue")
	if got := d.m.history.newest().question; got != "2011 revenue" {
		t.Errorf("asked %q", got)
	}
	d = drive(t, new(shop).config(), 80, 24)
	d.ask("4")
	if got := d.m.history.newest().question; got != "Orders per month" {
		t.Errorf("asked %q", got)
	}
}

func TestCancel(t *testing.T) {
	s := &shop{block: make(chan struct{})}
	d := drive(t, s.config(), 80, 24)
	d.keys("wait for it", "enter")
	d.until("the tool", func() bool { return strings.Contains(d.text(), "Computing figures") })
	if !strings.Contains(d.text(), "esc stops") {
		t.Errorf("nothing says how to stop\n%s", d.text())
	}
	d.keys("typed meanwhile", "enter")
	if !strings.Contains(d.text(), "One question at a time") || d.m.input.text() != "typed meanwhile" {
		t.Errorf("a second question is not held back\n%s", d.text())
	}
	began := time.Now()
	d.keys("esc")
	if d.m.talking() || !strings.Contains(d.text(), "Stopped.") {
		t.Errorf("still going\n%s", d.text())
	}
	<-d.m.last.finished
	if took := time.Since(began); took > 100*time.Millisecond {
		t.Errorf("stopped after %v", took)
	}
	// The next question is answered, and nothing of the stopped one comes in.
	d.keys("esc")
	d.ask("revenue by country")
	if text := d.text(); !strings.Contains(text, "£8,300,065.81") || strings.Count(text, "Stopped.") != 1 {
		t.Errorf("after a stop\n%s", text)
	}
}

func TestQuit(t *testing.T) {
	for _, keys := range [][]string{{"ctrl+c"}, {"ctrl+d"}, {"/quit", "enter"}} {
		d := drive(t, new(shop).config(), 80, 24)
		d.keys(keys...)
		d.until("the end", func() bool { return d.quit })
	}
	s := &shop{block: make(chan struct{})}
	d := drive(t, s.config(), 80, 24)
	d.keys("wait", "enter")
	d.until("the tool", func() bool { return strings.Contains(d.text(), "Computing figures") })
	began := time.Now()
	d.keys("ctrl+c")
	if d.quit || d.m.talking() || !strings.Contains(d.text(), "Stopped.") {
		t.Errorf("ctrl+c did not stop the question alone\n%s", d.text())
	}
	<-d.m.last.finished
	if took := time.Since(began); took > 100*time.Millisecond {
		t.Errorf("stopped after %v", took)
	}
	d.ask("revenue by country")
	if text := d.text(); !strings.Contains(text, "£8,300,065.81") {
		t.Errorf("after a stop\n%s", text)
	}
	d.keys("ctrl+c")
	d.until("the end of a chat that rests", func() bool { return d.quit })
	d = drive(t, new(shop).config(), 80, 24)
	d.keys("abc", "ctrl+d")
	if d.quit || d.m.input.text() != "abc" {
		t.Error("ctrl+d left a chat with something typed")
	}
}

func TestRecall(t *testing.T) {
	d := drive(t, new(shop).config(), 80, 24)
	d.ask("revenue by country")
	d.ask("orders per month")
	d.keys("a draft", "up")
	if got := d.m.input.text(); got != "orders per month" {
		t.Errorf("up: %q", got)
	}
	d.keys("up", "up")
	if got := d.m.input.text(); got != "revenue by country" {
		t.Errorf("up to the first: %q", got)
	}
	d.keys("down", "down")
	if got := d.m.input.text(); got != "a draft" {
		t.Errorf("down to the draft: %q", got)
	}
}

func TestCommands(t *testing.T) {
	s := &shop{}
	d := drive(t, s.config(), 80, 24)
	d.keys("/lang pt", "enter")
	if !strings.Contains(d.text(), "Pergunte algo") {
		t.Errorf("/lang pt\n%s", d.text())
	}
	d.ask("revenue by country")
	d.keys("/lang auto", "enter")
	d.ask("ingresos")
	if got := strings.Join(s.said, " "); got != "pt " {
		t.Errorf("asked in %q", got)
	}
	if !strings.Contains(d.text(), "Pregunte algo") {
		t.Error("the chat does not follow the language of the answer")
	}
	d.keys("/lang xx", "enter")
	if !strings.Contains(d.text(), "en, es, pt, auto") {
		t.Errorf("/lang xx\n%s", d.text())
	}
	d.keys("/nonsense", "enter")
	if !strings.Contains(d.text(), "/nonsense") || !strings.Contains(d.text(), "/help /data") {
		t.Errorf("/nonsense\n%s", d.text())
	}
	d.keys("/clear", "enter")
	if text := d.text(); strings.Contains(text, "nonsense") || !strings.Contains(text, "Por ejemplo") {
		t.Errorf("/clear\n%s", text)
	}
	d.keys("/help", "enter")
	if !strings.Contains(d.text(), "Ayuda") {
		t.Errorf("/help\n%s", d.text())
	}
	d.keys("esc", "/copy", "enter")
	if !strings.Contains(d.text(), "Todavía no hay respuesta") {
		t.Errorf("/copy\n%s", d.text())
	}
	d.ask("ingresos")
	d.keys("ctrl+y")
	if !strings.Contains(d.text(), "portapapeles") {
		t.Errorf("ctrl+y\n%s", d.text())
	}
}

func TestFaults(t *testing.T) {
	d := drive(t, new(shop).config(), 80, 24)
	d.ask("locked workspace")
	if !strings.Contains(d.text(), "That did not work: read the workspace: the workspace is in use by another") {
		t.Errorf("\n%s", d.text())
	}
	d.ask("revenue by country")
	if !strings.Contains(d.text(), "£8,300,065.81") {
		t.Errorf("no answer after a fault\n%s", d.text())
	}
	d.m.history.newest().describe(nil, errors.New("gone"))
	if !strings.Contains(d.text(), "gone") {
		t.Errorf("\n%s", d.text())
	}
}

func TestScroll(t *testing.T) {
	d := drive(t, new(shop).config(), 80, 14)
	d.ask("revenue by country")
	d.ask("orders per month")
	// An answer that is longer than the window is shown from its question.
	lines := strings.Split(d.text(), "\n")
	if lines[0] != "› orders per month" || !strings.Contains(d.text(), "more below") {
		t.Errorf("\n%s", d.text())
	}
	d.keys("pgdown", "pgdown", "pgdown")
	if text := d.text(); strings.Contains(text, "more below") || !strings.Contains(text, "3f9a21c04d77") {
		t.Errorf("the end\n%s", text)
	}
	d.keys("pgup", "pgup", "pgup", "pgup", "pgup", "pgup")
	if !strings.HasPrefix(d.text(), "▚ Tesela") {
		t.Errorf("the beginning\n%s", d.text())
	}
	for height := 1; height < 30; height++ {
		for _, width := range []int{1, 10, 19, 20, 21, 33, 40, 120} {
			d.send(tea.WindowSizeMsg{Width: width, Height: height})
			lines := strings.Split(d.text(), "\n")
			if len(lines) > max(height, 1) {
				t.Fatalf("%d lines at %d×%d", len(lines), width, height)
			}
			for _, line := range lines {
				if render.Width(line) > width {
					t.Fatalf("%q is wider than %d", line, width)
				}
			}
		}
	}
}

func TestResumed(t *testing.T) {
	d := drive(t, new(shop).config(), 80, 24)
	d.ask("ingresos por país")
	c := new(shop).config()
	c.Past = append(c.Past, d.m.history.newest().answer)
	again := drive(t, c, 80, 24)
	if text := again.text(); !strings.Contains(text, "£") || !strings.Contains(text, "Seguimos con «spring».") {
		t.Errorf("\n%s", text)
	}
	again.keys("up")
	if got := again.m.input.text(); got != "ingresos por país" {
		t.Errorf("recalled %q", got)
	}
	if again.m.transcript() != "" {
		t.Errorf("left behind what was said before: %q", again.m.transcript())
	}
}

func TestPaste(t *testing.T) {
	d := drive(t, new(shop).config(), 80, 24)
	d.send(tea.PasteMsg{Content: "revenue\nby\r\n\tcountry cafe\u0301"})
	if got := d.m.input.text(); got != "revenue by country café" {
		t.Errorf("pasted %q", got)
	}
}

func TestBackgroundOf(t *testing.T) {
	for value, want := range map[string]background{
		"COLORFGBG=15;0": dark, "COLORFGBG=0;15": light, "COLORFGBG=0;default;7": light, "COLORFGBG=": unknown, "TERM=xterm": unknown,
	} {
		if got := backgroundOf([]string{value}); got != want {
			t.Errorf("%s: %d", value, got)
		}
	}
}

// TestWordsAreThere asks that each language says all that the first one says.
func TestWordsAreThere(t *testing.T) {
	all, err := loadWords()
	if err != nil {
		t.Fatal(err)
	}
	first := all[wording.Codes()[0]]
	for code, w := range all {
		if len(w.Help) != len(first.Help) || len(w.Tools) != len(first.Tools) {
			t.Errorf("%s: %d keys, %d tools", code, len(w.Help), len(w.Tools))
		}
		for _, text := range []string{
			w.Tagline, w.Data, w.Empty, w.Resumed, w.Try, w.AskHere, w.Answer.Understood, w.Answer.AsOf, w.Working, w.Writing, w.Stopped, w.Failed,
			w.Kept, w.Busy, w.Copied, w.NothingToCopy, w.UnknownCommand, w.Language, w.LanguageFree, w.LanguageUnknown, w.MoreBelow,
			w.Leave, w.Small, w.Hints.Idle, w.Hints.Pick, w.Hints.Example, w.Hints.Run, w.Hints.Help, w.Hints.Mouse, w.HelpTitle,
		} {
			if text == "" {
				t.Errorf("%s lacks a text", code)
			}
		}
		for _, hint := range []string{w.Hints.Idle, w.Hints.Pick, w.Hints.Example} {
			if render.Width(hint) > 80 {
				t.Errorf("%s: the hint %q does not fit 80 columns", code, hint)
			}
		}
	}
}
