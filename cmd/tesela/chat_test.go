package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"tesela/agent"
	"tesela/agent/wording"
	"tesela/cmd/internal/render"
)

// window is the program in a terminal of its own.
type window struct {
	t      *testing.T
	socket string
}

// newWindow runs a command line in a terminal of a size. What stands there
// after the program ended says how it did.
func newWindow(s *shell, width, height int, line string) *window {
	s.t.Helper()
	if _, err := exec.LookPath("tmux"); err != nil {
		s.t.Skip("there is no tmux to run the chat in")
	}
	dir, err := os.MkdirTemp("", "tesela-tmux-") // a socket's path must be short
	if err != nil {
		s.t.Fatal(err)
	}
	w := &window{t: s.t, socket: filepath.Join(dir, "s")}
	s.t.Cleanup(func() {
		_ = exec.Command("tmux", "-S", w.socket, "kill-server").Run()
		os.RemoveAll(dir)
	})
	c := exec.Command("tmux", "-S", w.socket, "-f", "/dev/null", "new-session", "-d", "-x", fmt.Sprint(width), "-y", fmt.Sprint(height),
		line+"; echo ended with $?; exec cat")
	c.Dir, c.Env = s.dir, s.env
	if out, err := c.CombinedOutput(); err != nil {
		s.t.Fatalf("tmux: %v\n%s", err, out)
	}
	return w
}

func (w *window) tmux(args ...string) string {
	w.t.Helper()
	out, err := exec.Command("tmux", append([]string{"-S", w.socket}, args...)...).CombinedOutput()
	if err != nil {
		w.t.Fatalf("tmux %q: %v\n%s", args, err, out)
	}
	return string(out)
}

// keys presses keys by their tmux names; says types a text.
func (w *window) keys(names ...string) { w.tmux(append([]string{"send-keys"}, names...)...) }
func (w *window) says(text string)     { w.tmux("send-keys", "-l", text); w.keys("Enter") }

// screen is what the terminal shows, with styles if asked.
func (w *window) screen(styles bool) string {
	if styles {
		return w.tmux("capture-pane", "-p", "-e")
	}
	return w.tmux("capture-pane", "-p")
}

// shows waits until the terminal shows all of the texts, and gives the screen.
func (w *window) shows(texts ...string) string {
	w.t.Helper()
	missing := ""
	for late := time.Now().Add(30 * time.Second); time.Now().Before(late); time.Sleep(50 * time.Millisecond) {
		screen := w.screen(false)
		missing = ""
		for _, text := range texts {
			if !strings.Contains(screen, text) {
				missing = text
			}
		}
		if missing == "" {
			return screen
		}
	}
	w.t.Fatalf("%q is not shown; the terminal shows\n%s", missing, w.screen(false))
	return ""
}

// fits waits until the window is drawn anew for so many columns: its rule, which
// may say how much lies below, is as wide, and nothing is wider.
func (w *window) fits(columns int) {
	w.t.Helper()
	screen := ""
	for late := time.Now().Add(30 * time.Second); time.Now().Before(late); time.Sleep(50 * time.Millisecond) {
		screen = w.screen(false)
		rule, widest := false, 0
		for line := range strings.SplitSeq(screen, "\n") {
			width := render.Width(line)
			widest = max(widest, width)
			rule = rule || strings.HasPrefix(line, "─") && width == columns
		}
		if rule && widest <= columns {
			return
		}
	}
	w.t.Fatalf("not drawn for %d columns; the terminal shows\n%s", columns, screen)
}

// smallDemo makes a demo of few customers.
func smallDemo(s *shell) {
	s.t.Helper()
	if r := s.run("demo", "--db", "demo.db", "--customers", "400"); r.code == exitError1 || r.code == exitUsage {
		s.t.Fatalf("%+v", r)
	}
}

func TestChatInATerminal(t *testing.T) {
	s := newShell(t)
	smallDemo(s)
	chat := program(t) + " chat --db demo.db --session spring"
	w := newWindow(s, 80, 24, chat)
	w.shows("Tesela", "400 customers", "❯ 1.", "enter picks")

	// The figure is that which the same question gives a program.
	var answer agent.Answer
	if err := json.Unmarshal([]byte(s.run("ask", "--db", "demo.db", "--json", "Revenue by country last year").out), &answer); err != nil {
		t.Fatal(err)
	}
	english, err := wording.For("en")
	if err != nil {
		t.Fatal(err)
	}
	result := answer.Calls[0].Result
	figure := english.Money(result.Values["revenue"].(string), result.Units["revenue"])
	w.says("Revenue by country last year")
	screen := w.shows("Understood: ", figure, "Country", "███", "Measure: revenue", "offline")
	for _, row := range result.Rows {
		if cell := english.Money(row[1].(string), result.Columns[1].Unit); !strings.Contains(screen, cell) {
			t.Errorf("%s is not in\n%s", cell, screen)
		}
	}
	if styled := w.screen(true); !strings.Contains(styled, "\x1b[1") || !strings.Contains(styled, "\x1b[3") {
		t.Errorf("nothing is emphasised: %q", styled)
	}
	for _, size := range [][2]int{{200, 50}, {40, 20}, {80, 24}} {
		w.tmux("resize-window", "-x", fmt.Sprint(size[0]), "-y", fmt.Sprint(size[1]))
		w.fits(size[0])
	}
	w.says("Orders per month this year")
	w.shows("›", "┤", "Orders overall")

	// A question back, and one of its readings picked.
	w.says("top customers")
	w.shows("more than one way", "❯ 1.")
	w.keys("Down")
	w.shows("❯ 2.")
	w.keys("Enter")
	w.shows("10 of them shown")

	w.says("/data")
	w.shows("cart.amount")
	w.keys("?")
	w.shows("pgup pgdn", "/quit")
	w.keys("C-c")
	w.shows("ended with 0", "tesela chat --db demo.db --session spring")

	// The session goes on where it was left.
	w = newWindow(s, 80, 24, chat)
	w.shows("10 of them shown", "› Ask something")
	w.keys("Up")
	w.shows("\n› List of all customers, by number of orders, highest first, top 10\nenter")
	w.keys("C-u")
	w.shows("› Ask something")
	w.keys("C-d")
	w.shows("ended with 0")
}

func TestChatWithoutColours(t *testing.T) {
	s := newShell(t)
	smallDemo(s)
	s.env = append(s.env, "NO_COLOR=1")
	w := newWindow(s, 80, 24, program(t)+" chat --db demo.db --lang es")
	w.shows("Pregunte")
	w.says("Ingresos por país el año pasado")
	w.shows("Entendido:", "███")
	color := regexp.MustCompile(`\x1b\[(?:\d+;)*(?:[34][0-8]|9[0-7]|10[0-7])[;m]`)
	if screen := w.screen(true); color.MatchString(screen) || !strings.Contains(screen, "\x1b[1m") {
		t.Errorf("there are colours, or nothing is bold, in %q", screen)
	}
	w.says("/quit")
	w.shows("ended with 0")
}

func TestDemoOpensTheChat(t *testing.T) {
	s := newShell(t)
	w := newWindow(s, 80, 24, program(t)+" demo --db demo.db --customers 300 --lang pt")
	w.shows("300 clientes", "❯ 1.", "Receita por país no ano passado")
	w.keys("Down")
	w.shows("❯ 2.")
	w.keys("Enter")
	w.shows("Entendido:", "███")
	// Questions are answered in the language they are asked in.
	w.says("How many customers are there?")
	w.shows("Understood:", "300 customers")
	w.keys("C-d")
	w.shows("ended with 0")
}

func TestChatNeedsATerminal(t *testing.T) {
	s := newShell(t)
	for _, c := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"chat"}, exitUsage, "tesela ask"},
		{[]string{"chat", "--lang", "de"}, exitUsage, "en, es, pt"},
		{[]string{"chat", "--model", "nobody"}, exitUsage, "offline"},
		{[]string{"chat", "--as-of", "yesterday"}, exitUsage, "2011-12-01"},
		{[]string{"chat", "--session", ""}, exitUsage, "needs a name"},
		{[]string{"chat", "hello"}, exitUsage, "--help"},
	} {
		if r := s.run(c.args...); r.code != c.code || !strings.Contains(r.errs, c.says) {
			t.Errorf("%q: %d, %s", c.args, r.code, r.errs)
		}
	}
	w := newWindow(s, 80, 24, program(t)+" chat --db nowhere.db")
	w.shows("there is no workspace at nowhere.db", "ended with 1")
}

func TestShellWord(t *testing.T) {
	for in, want := range map[string]string{"a.db": "a.db", "my shop.db": "'my shop.db'", "": "''", "it's": `'it'\''s'`, "$x": "'$x'"} {
		if got := shellWord(in); got != want {
			t.Errorf("%q: %s, want %s", in, got, want)
		}
		out, err := exec.Command("sh", "-c", "printf %s "+shellWord(in)).Output()
		if err != nil || string(out) != in {
			t.Errorf("%q: the shell reads %q, %v", in, out, err)
		}
	}
}
