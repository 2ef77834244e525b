package segmenttest

import (
	"fmt"
	"math/big"
	"time"

	"tesela/segment/column"
)

// World is a small business written out plainly: what a test says, before any
// engine has sorted it into columns.
type World struct {
	Zone     *time.Location
	Currency string
	Digits   int
	Traits   []Field
	Events   []Kind
	// Customers in their order; their numbers are the positions.
	Customers []Customer
	// Rows in the order they were stored.
	Rows  []Row
	Roles map[string]string
	// Saved segments' formulas by name.
	Saved map[string]string
}

// Field is a trait or a property.
type Field struct {
	Name string
	Kind column.Kind
}

// Kind is one kind of event.
type Kind struct {
	Name  string
	Tied  bool // rows carry event ids
	Props []Field
}

// Customer is an id and the traits that are set. See Row for the values.
type Customer struct {
	ID     string
	Traits map[string]any
}

// Row is one row of an event. Set values by property: string (text), float64
// (number), *big.Rat in major units (money), bool, time.Time (time; a date is
// its midnight in UTC), []string (tags).
type Row struct {
	Event    string
	Customer int
	Time     time.Time
	ID       string // "" is an event of its own
	Props    map[string]any
}

// Event finds a kind of event.
func (w *World) Event(name string) (Kind, bool) {
	for _, e := range w.Events {
		if e.Name == name {
			return e, true
		}
	}
	return Kind{}, false
}

// Customer finds a customer's number by id, or -1.
func (w *World) Customer(id string) int {
	for i, c := range w.Customers {
		if c.ID == id {
			return i
		}
	}
	return -1
}

// ParseValue reads a value as test files write it; "-" is unset: nil.
func (w *World) ParseValue(kind column.Kind, text string) (any, error) {
	if text == "-" {
		return nil, nil
	}
	switch kind {
	case column.Text:
		return text, nil
	case column.Number:
		var f float64
		_, err := fmt.Sscan(text, &f)
		return f, err
	case column.Money:
		r, ok := new(big.Rat).SetString(text)
		if !ok {
			return nil, fmt.Errorf("%q is no amount", text)
		}
		if minor := new(big.Rat).Mul(r, new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(w.Digits)), nil))); !minor.IsInt() {
			return nil, fmt.Errorf("%q has more than %d decimals", text, w.Digits)
		}
		return r, nil
	case column.Bool:
		switch text {
		case "true":
			return true, nil
		case "false":
			return false, nil
		}
		return nil, fmt.Errorf("%q is neither true nor false", text)
	case column.Time:
		return w.ParseTime(text)
	case column.Date:
		return time.Parse(time.DateOnly, text)
	case column.Tags:
		var tags []string
		for tag := range splitTags(text) {
			tags = append(tags, tag)
		}
		return tags, nil
	}
	return nil, fmt.Errorf("no such kind")
}

// ParseTime reads an RFC 3339 instant, or a day or wall time of the zone.
func (w *World) ParseTime(text string) (time.Time, error) {
	if t, err := time.Parse(time.RFC3339Nano, text); err == nil {
		return t, nil
	}
	for _, layout := range []string{"2006-01-02T15:04:05.999999", "2006-01-02T15:04", time.DateOnly} {
		if t, err := time.ParseInLocation(layout, text, w.Zone); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("%q is no time; write 2011-12-01T10:00 or 2011-12-01T10:00:00Z", text)
}
