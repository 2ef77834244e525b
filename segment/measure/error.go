package measure

import "strings"

// Error is a fault of a query.
type Error struct {
	// Field is the part of the query at fault: measures, formula, where,
	// window, group_by, per, top.
	Field string
	// Message says what is wrong and what was expected, in one sentence.
	Message string
	// Nearest holds real names close to an unknown one, best first.
	Nearest []string
	// Role is the role that a named measure needs and nothing here has, ""
	// for any other fault: the data lacks it, not the query.
	Role string
	// Err is the cause in the formula language, if there is one; a
	// *syntax.Error in it has its position within the text at fault.
	Err error
}

// Error gives the message with the nearest names.
func (e *Error) Error() string {
	s := e.Message
	if e.Err != nil {
		if s != "" {
			s += ": "
		}
		s += e.Err.Error()
	}
	if len(e.Nearest) > 0 {
		s += "; nearest: " + strings.Join(e.Nearest, ", ")
	}
	return s
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }
