package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"

	"charm.land/bubbles/v2/progress"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/term"

	"tesela/agent/wording"
	"tesela/cmd/internal/render"
)

// bar is a progress bar on standard error, drawn on a terminal only, and what
// of an answer is written already.
type bar struct {
	sync.Mutex
	w     io.Writer // nil: not drawn
	what  string
	model progress.Model
	last  int
	width int

	draft string // of an answer, in the bar's place
	lines int    // of it on the screen; the cursor stands in the last
}

func (a *app) newBar(what string) *bar {
	b := &bar{what: what, last: -1}
	if !isTerminal(a.errs) || dumb() {
		return b
	}
	b.w, b.width = colorprofile.NewWriter(a.errs, os.Environ()), 80
	if f, ok := a.errs.(interface{ Fd() uintptr }); ok {
		if w, _, err := term.GetSize(f.Fd()); err == nil && w > 0 {
			b.width = w
		}
	}
	b.model = progress.New(progress.WithWidth(30))
	if !colored(a.errs) {
		b.model = progress.New(progress.WithWidth(30), progress.WithFillCharacters('#', '.'))
	}
	return b
}

// set draws how much is done.
func (b *bar) set(done, total int64) {
	if b.w == nil || total <= 0 {
		return
	}
	percent := int(100 * done / total)
	if percent == b.last {
		return
	}
	b.last = percent
	b.erase()
	line := b.model.ViewAs(float64(done)/float64(total)) + " " + b.what
	fmt.Fprintf(b.w, "\r%s\x1b[K", ansi.Truncate(line, b.width-1, "…"))
}

// work draws how far a part of some work is; each part has a bar of its own.
// It may be told from several goroutines.
func (b *bar) work(what string, done, total int) {
	b.Lock()
	defer b.Unlock()
	if what != b.what {
		b.what, b.last = what, -1
	}
	b.set(int64(done), int64(total))
}

// mostDraftLines is how many lines of a draft are seen, the last ones: what
// has scrolled out of a terminal cannot be taken away again.
const mostDraftLines = 8

// write shows a piece more of an answer that is still being written, in the
// bar's place.
func (b *bar) write(piece string) {
	b.Lock()
	defer b.Unlock()
	if b.w == nil {
		return
	}
	b.erase()
	b.last = -1
	b.draft += piece
	lang, err := wording.For("")
	if err != nil {
		return
	}
	r := render.New(lang, nil, b.width-1, render.Mono)
	lines := strings.Split(r.Markdown(b.draft), "\n")
	lines = lines[max(0, len(lines)-mostDraftLines):]
	fmt.Fprint(b.w, "\r\x1b[J"+strings.Join(lines, "\r\n"))
	b.lines = len(lines)
}

// erase takes the draft off the screen.
func (b *bar) erase() {
	if b.lines > 1 {
		fmt.Fprintf(b.w, "\x1b[%dA", b.lines-1)
	}
	if b.lines > 0 {
		fmt.Fprint(b.w, "\r\x1b[J")
	}
	b.lines = 0
}

// clear takes the bar away, and the draft.
func (b *bar) clear() {
	b.Lock()
	defer b.Unlock()
	if b.w == nil {
		return
	}
	b.erase()
	b.draft = ""
	if b.last >= 0 {
		fmt.Fprint(b.w, "\r\x1b[K")
		b.last = -1
	}
}
