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

// keeps tells whether a column tells people apart, and else why not. Numbers
// must differ among those who have one; of categories, to have one or none is
// a difference.
func keeps(c Column) (bool, Reason) {
	n, set, alike := len(c.Codes), 0, 0
	if c.Numbers != nil {
		n = len(c.Numbers)
		set, alike = alikeNumbers(c.Numbers)
		alike += n - set
	} else {
		set, alike = alikeCodes(c.Codes)
	}
	few := float64(n) * rare
	switch {
	case set == 0 || float64(set) < few:
		return false, Unset
	case alike == n || float64(n-alike) < few:
		return false, Constant
	}
	return true, ""
}

// alikeNumbers counts the set numbers, and those of them that are the figure
// which more than half of them have (Boyer and Moore, MJRTY, 1981).
func alikeNumbers(xs []float64) (set, alike int) {
	most, lead := 0.0, 0
	for _, x := range xs {
		switch {
		case x != x:
			continue
		case lead == 0:
			most, lead = x, 1
		case x == most:
			lead++
		default:
			lead--
		}
		set++
	}
	for _, x := range xs {
		if x == most {
			alike++
		}
	}
	return set, alike
}

// alikeCodes is alikeNumbers of categories, to which none is one more.
func alikeCodes(codes []uint32) (set, alike int) {
	most, lead := uint32(0), 0
	for _, c := range codes {
		if c != 0 {
			set++
		}
		switch {
		case lead == 0:
			most, lead = c, 1
		case c == most:
			lead++
		default:
			lead--
		}
	}
	for _, c := range codes {
		if c == most {
			alike++
		}
	}
	return set, alike
}
