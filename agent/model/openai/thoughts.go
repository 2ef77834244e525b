package openai

import "strings"

// What some local models write around their thoughts, before they speak.
const (
	thoughtBegins = "<think>"
	thoughtEnds   = "</think>"
)

// thoughts keeps a model's thoughts out of its text. They may stand at its
// beginning only, and their marks may come in pieces.
type thoughts struct {
	held  string // not known yet to be speech
	state int
}

const (
	beginning = iota
	thinking
	thought // and about to speak
	speaking
)

// speech is what of a piece of text is to be passed on.
func (t *thoughts) speech(piece string) string {
	switch t.state {
	case speaking:
		return piece
	case thought:
		if piece = strings.TrimLeft(piece, " \t\r\n"); piece != "" {
			t.state = speaking
		}
		return piece
	}
	t.held += piece
	if t.state == beginning {
		begun := strings.TrimLeft(t.held, " \t\r\n")
		switch {
		case strings.HasPrefix(begun, thoughtBegins):
			t.state = thinking
			t.held = begun[len(thoughtBegins):]
		case strings.HasPrefix(thoughtBegins, begun):
			return "" // perhaps the mark is coming
		default:
			t.state = speaking
			return t.rest()
		}
	}
	if _, after, ok := strings.Cut(t.held, thoughtEnds); ok {
		t.state, t.held = thought, ""
		return t.speech(after)
	}
	// All but what may be the beginning of the mark can be forgotten.
	if n := len(t.held) - len(thoughtEnds); n > 0 {
		t.held = t.held[n:]
	}
	return ""
}

// rest is what is still held back at the end: speech unless it was a thought.
func (t *thoughts) rest() string {
	s := t.held
	t.held = ""
	if t.state == thinking {
		return ""
	}
	return s
}
