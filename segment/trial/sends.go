package trial

import (
	"tesela/segment"
)

// Sends is how the catalogue records what was sent, with no arms: those who
// were sent something are taken to be treated. ok is false without sends.
func Sends(s *segment.Schema) (b Book, ok bool, err error) {
	w, err := words()
	if err != nil {
		return b, false, err
	}
	e, found := s.Event(s.Roles[RoleSend])
	if !found || e.Rows == 0 {
		return b, false, nil
	}
	b = Book{Event: e.Name}
	b.fill(s, w, e)
	b.Arm = ""
	return b, true, nil
}
