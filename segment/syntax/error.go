package syntax

import "fmt"

// Error is a fault in a formula's text or meaning, with where it lies.
type Error struct {
	Span Span
	// Message says what is wrong and what was expected, in one sentence.
	Message string
	// Nearest holds real names or values close to an unknown one, best first.
	Nearest []string
}

// Error gives position (counted from 1, in bytes) and message.
func (e *Error) Error() string {
	s := fmt.Sprintf("at %d: %s", e.Span.From+1, e.Message)
	for i, n := range e.Nearest {
		switch i {
		case 0:
			s += "; nearest: " + n
		default:
			s += ", " + n
		}
	}
	return s
}
