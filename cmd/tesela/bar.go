package main

import (
	"fmt"
	"io"
	"os"
	"sync"

	"charm.land/bubbles/v2/progress"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/term"
)

// bar is a progress bar on standard error, drawn on a terminal only.
type bar struct {
	sync.Mutex
	w     io.Writer // nil: not drawn
	what  string
	model progress.Model
	last  int
	width int
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

// clear takes the bar away.
func (b *bar) clear() {
	b.Lock()
	defer b.Unlock()
	if b.w != nil && b.last >= 0 {
		fmt.Fprint(b.w, "\r\x1b[K")
		b.last = -1
	}
}
