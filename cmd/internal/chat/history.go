package chat

import (
	"tesela/agent/wording"
	"tesela/cmd/internal/render"
)

// history is the exchanges so far and which part of them is seen.
type history struct {
	entries []*entry
	top     int  // the first line seen
	stuck   bool // keeps to the newest exchange
}

// drawing is what entries are drawn with.
type drawing struct {
	key          drawKey
	words        *words       // the chat's, in its language now
	answerWords  render.Words // in the answer's language
	lang         *wording.Language
	ask, answer  *render.Renderer
	margin       string
	describeTool string
}

func (h *history) add(e *entry) *entry {
	h.entries = append(h.entries, e)
	return e
}

func (h *history) clear() { *h = history{stuck: true} }

// follow keeps the newest exchange in sight.
func (h *history) follow() { h.stuck = true }

// newest is the last entry, nil for none.
func (h *history) newest() *entry {
	if len(h.entries) == 0 {
		return nil
	}
	return h.entries[len(h.entries)-1]
}

// see cuts the lines to those seen in a window of so many rows, and says how
// many lie below. from is where the newest exchange begins: it is shown from
// its beginning where it does not fit.
func (h *history) see(lines []string, from, rows int) (seen []string, below int) {
	most := max(0, len(lines)-rows)
	if h.stuck {
		h.top = min(most, from)
	}
	h.top = min(max(0, h.top), most)
	end := min(len(lines), h.top+rows)
	return lines[h.top:end], len(lines) - end
}

// scroll moves by lines.
func (h *history) scroll(by int) {
	h.stuck = false
	h.top = max(0, h.top+by)
}
