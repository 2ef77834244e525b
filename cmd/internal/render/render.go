// Package render draws answers and results of tools as text for a terminal:
// Markdown, tables with figures to the right, bars beside their rows, columns
// over periods, maps of two groups. It computes nothing beyond lengths of
// bars, words nothing (agent/wording does), and lets no control character of
// the data through.
package render

import (
	"strings"
	"time"

	"tesela/agent/wording"
)

// Renderer draws for one width, mode and language. It is safe for concurrent
// use.
type Renderer struct {
	width  int
	mode   Mode
	styles Styles
	lang   *wording.Language
	// zone is that of the data, for the instants of answers.
	zone *time.Location
}

// prose is the most columns that sentences run over; longer lines tire.
const prose = 100

// narrowest is the least width that is drawn for; a narrower terminal cuts.
const narrowest = 20

// New makes a renderer for lines of so many columns. A nil zone is UTC.
func New(lang *wording.Language, zone *time.Location, width int, mode Mode) *Renderer {
	if zone == nil {
		zone = time.UTC
	}
	return &Renderer{width: max(width, narrowest), mode: mode, styles: StylesFor(mode), lang: lang, zone: zone}
}

// block is lines of a drawing, each within the width.
type block []string

// stack puts blocks under each other, an empty line between them; empty ones
// are left out.
func stack(blocks ...block) block {
	var all block
	for _, b := range blocks {
		if len(b) == 0 {
			continue
		}
		if len(all) > 0 {
			all = append(all, "")
		}
		all = append(all, b...)
	}
	return all
}

func (b block) String() string { return strings.Join(b, "\n") }
