package feature

import "time"

// True and False are the words of categories that are true or false.
const (
	True  = "true"
	False = "false"
)

// Table holds the features of all customers as of an instant.
type Table struct {
	At       time.Time
	N        int // customers
	Features []Feature
	Columns  []Column // one for each feature
	// Dropped are the features that were asked for and tell nobody apart.
	Dropped []Dropped
}

// Column is one feature of all customers; one of Numbers and Codes is in use.
type Column struct {
	Numbers []float64 // NaN is unset
	Codes   []uint32  // 0 is unset
	Words   []string  // by code; the first is ""
}

// Reason says why a feature was left out of a Table.
type Reason string

// The reasons.
const (
	Constant Reason = "constant" // (nearly) all customers are alike in it
	Unset    Reason = "unset"    // (nearly) nobody has it
	Unknown  Reason = "unknown"  // the data does not know what it names
)

// Dropped is a feature that was left out.
type Dropped struct {
	Feature Feature
	Reason  Reason
	Err     error // of Unknown
}

// Find gives the position of the feature of a key; -1 where there is none.
func (t *Table) Find(key string) int {
	for i, f := range t.Features {
		if f.Key() == key {
			return i
		}
	}
	return -1
}

// rare is the part of the customers that must differ from the others, or be
// set, for a feature to be kept.
const rare = 0.001

// keeps tells whether a column tells people apart, and else why not.
func keeps(c Column) (bool, Reason) {
	set, common, n := 0, 0, 0
	if c.Numbers != nil {
		n = len(c.Numbers)
		for _, x := range c.Numbers {
			if x == x {
				set++
			}
		}
		m := majority(c.Numbers)
		for _, x := range c.Numbers {
			if x == m || x != x && m != m {
				common++
			}
		}
	} else {
		n = len(c.Codes)
		for _, x := range c.Codes {
			if x != 0 {
				set++
			}
		}
		m := majority(c.Codes)
		for _, x := range c.Codes {
			if x == m {
				common++
			}
		}
	}
	few := float64(n) * rare
	switch {
	case set == 0 || float64(set) < few:
		return false, Unset
	case common == n || float64(n-common) < few:
		return false, Constant
	}
	return true, ""
}

// majority finds the value that more than half have, if there is one (Boyer
// and Moore, MJRTY, 1981); NaN equals NaN.
func majority[T float64 | uint32](xs []T) T {
	var m T
	lead := 0
	for _, x := range xs {
		switch {
		case lead == 0:
			m, lead = x, 1
		case x == m || x != x && m != m:
			lead++
		default:
			lead--
		}
	}
	return m
}
