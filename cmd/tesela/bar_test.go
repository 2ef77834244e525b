package main

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"charm.land/bubbles/v2/progress"
)

// played is what a terminal shows once it was sent something: as much of one as
// a bar needs.
func played(t *testing.T, sent string) []string {
	t.Helper()
	screen := []string{""}
	row, col := 0, 0
	steps := regexp.MustCompile(`\x1b\[([\d;]*)([A-Za-z])|\r|\n|[^\x1b\r\n]`)
	if rest := steps.ReplaceAllString(sent, ""); rest != "" {
		t.Errorf("sequences that are none: %q", rest)
	}
	for _, m := range steps.FindAllStringSubmatch(sent, -1) {
		switch {
		case m[0] == "\r":
			col = 0
		case m[0] == "\n":
			if row++; row == len(screen) {
				screen = append(screen, "")
			}
		case m[2] == "A":
			n := 0
			fmt.Sscan(m[1], &n)
			row -= n
		case m[2] == "J":
			screen = screen[:row+1]
			screen[row] = string([]rune(screen[row])[:min(col, len([]rune(screen[row])))])
		case m[2] == "K":
			screen[row] = string([]rune(screen[row])[:min(col, len([]rune(screen[row])))])
		case m[2] == "m":
		case m[2] != "":
			t.Errorf("a sequence %q", m[0])
		default:
			line := []rune(screen[row])
			for len(line) <= col {
				line = append(line, ' ')
			}
			line[col] = []rune(m[0])[0]
			screen[row] = string(line)
			col++
		}
		if row < 0 {
			t.Fatal("over the top of the screen")
		}
	}
	for i := range screen {
		screen[i] = strings.TrimRight(screen[i], " ")
	}
	return screen
}

// A draft grows in the bar's place, never over more than a few lines, and is
// gone once it is cleared.
func TestBarDraft(t *testing.T) {
	var out bytes.Buffer
	b := &bar{w: &out, width: 40, last: -1, model: progress.New(progress.WithWidth(10))}
	b.work("counting", 1, 2)
	if s := played(t, out.String()); len(s) != 1 || !strings.Contains(s[0], "counting") {
		t.Errorf("the bar is %q", s)
	}
	b.write("There are **25,000** customers in all of the data. ")
	if s := played(t, out.String()); strings.Join(s, "|") != "There are 25,000 customers in all of|the data." {
		t.Errorf("the draft is %q", s)
	}
	b.write("\n\n| what | n |\n|---|---:|\n| all | 25,000 |\n")
	if s := played(t, out.String()); len(s) != 6 || !strings.HasPrefix(s[5], "all") {
		t.Errorf("the draft is %q", s)
	}
	b.write(strings.Repeat("\n- one\n", 20))
	if s := played(t, out.String()); len(s) != mostDraftLines || s[7] != "· one" {
		t.Errorf("the draft is %q", s)
	}
	b.work("counting again", 1, 3)
	if s := played(t, out.String()); len(s) != 1 || !strings.Contains(s[0], "counting again") {
		t.Errorf("the bar is %q", s)
	}
	b.write("So. ")
	b.clear()
	if s := played(t, out.String()); len(s) != 1 || s[0] != "" {
		t.Errorf("left is %q", s)
	}
	// What could steer the terminal does not come through.
	b.write("It is\x1b[2J\x1b]0;owned\x07 so. ")
	if s := played(t, out.String()); s[0] != "It is so." {
		t.Errorf("the draft is %q", s)
	}
	// Without a terminal there is nothing.
	none := &bar{last: -1}
	none.write("So. ")
	none.clear()
}
