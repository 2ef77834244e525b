// Package engagement tells who is active, who has fallen silent, and who never
// was there, by the times of their events. Which events count as activity, and
// since when, is the caller's to say.
package engagement

import (
	"sort"

	"tesela/segment/column"
)

// Label is a label's place among Labels. The zero Label is none.
type Label uint8

// The labels.
const (
	Engaged    Label = iota + 1 // an event since the instant
	Disengaged                  // events, but all of them earlier
	Never                       // none at all
)

// Labels are the labels' names in their order.
func Labels() []string { return []string{"engaged", "disengaged", "never"} }

// Add counts the events of the customers t.Who[lo:hi] that are before an
// instant; codes holds the Label of every customer so far, 0 at first. Engaged
// are those with an event of since or later; both are in microseconds.
func Add(t *column.Table, lo, hi int, since, before int64, codes []uint8) {
	for k := lo; k < hi; k++ {
		s, e := int(t.Starts[k]), int(t.Starts[k+1])
		if t.Time(e-1) >= before {
			e = s + sort.Search(e-s, func(i int) bool { return t.Time(s+i) >= before })
		}
		if e == s {
			continue
		}
		code := &codes[t.Who[k]]
		switch {
		case t.Time(e-1) >= since:
			*code = uint8(Engaged)
		case *code == 0:
			*code = uint8(Disengaged)
		}
	}
}

// Column labels those who have no label yet as Never. The column is the codes.
func Column(codes []uint8) *column.Column {
	for i, c := range codes {
		if c == 0 {
			c = uint8(Never)
		}
		codes[i] = c
	}
	p := &column.Packed{U8: codes, Step: 1, Least: 1, Most: uint32(Never)}
	return &column.Column{Kind: column.Text, Packed: p, Dict: column.NewDict(Labels())}
}
