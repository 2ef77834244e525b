package planner

import "tesela/tools"

// samePeople tells whether one plan lists the people that the other counts:
// both tell the same, and nobody need be asked which.
func samePeople(a, b *plan) bool {
	if a == b {
		return false
	}
	of := func(pl *plan) (formula string, count, ok bool) {
		switch args := pl.args.(type) {
		case tools.CountSegmentArgs:
			return args.Formula, true, pl.beside == nil
		case tools.ListCustomersArgs:
			return args.Formula, false, pl.beside == nil && args.By == ""
		}
		return "", false, false
	}
	f, countF, okF := of(a)
	g, countG, okG := of(b)
	return okF && okG && countF != countG && f == g
}
