// Package segment checks a formula against a catalogue, plans it at an
// instant, and evaluates it to a set of customers; and takes measures over
// such a set. It reads no clock and knows no store: data comes through Source.
//
// The phases are: Compile checks names, kinds and values and resolves all
// times (errors are *syntax.Error); the Plan is data that prints itself; Run
// loads the columns the plan needs and evaluates it block by block over the
// cores, with results that do not depend on how the work was split.
//
// Scans go over blocks of 4,096 customers, whose rows are neighbours. The
// window and the filter mark the block's rows, one column after the other; each
// customer's marked rows are cut out as words of 64 bits (pieces), and figures
// are taken of those by loops without a call or a branch per row. Where few rows
// are marked, or few customers are still asked about, the rest is not looked
// at. Sequences first ask of those words who can have them at all.
//
// Figures are exact where the data is: counts, money and literals are
// rational numbers. Figures of number columns are float64, summed in the order
// of the rows, and so is all that is computed or compared with them; a decimal
// literal then stands for the float64 nearest to it.
package segment

import (
	"context"
	"time"

	"tesela/segment/column"
	"tesela/segment/syntax"
)

// Schema is the catalogue as the core sees it. It is read-only once made.
type Schema struct {
	Customers int
	Traits    []Field // by name
	Events    []Event // by name
	// Roles map a role ("purchase", "amount", "country") onto an event
	// ("order"), an event's property ("order.amount") or a trait ("country").
	Roles map[string]string
	// Words are the business's own words, by word.
	Words []Word
	// Zone cuts days; Currency is an ISO 4217 code or "" and Digits the
	// number of decimals of its minor unit.
	Zone     *time.Location
	Currency string
	Digits   int
}

// Field is a trait of customers or a property of an event's rows.
type Field struct {
	Name string
	Kind column.Kind
	// Set is how many values are there, Distinct how many different ones (0:
	// not counted).
	Set, Distinct int
	// Low and High bound the set values of ordered kinds, in the units of
	// column.Column (Number as float64 bits); meaningless when Set is 0.
	Low, High int64
}

// Event is one kind of event and its properties.
type Event struct {
	Name  string
	Props []Field // by name
	Rows  int
	// Tied tells that rows carry event ids, so several may be one event.
	Tied bool
	// First and Last bound the rows' times.
	First, Last time.Time
}

// Word is a business word and the formula or measure it stands for.
type Word struct{ Word, Text string }

// Trait finds a trait by name.
func (s *Schema) Trait(name string) (Field, bool) { return find(s.Traits, name) }

// Event finds an event by name.
func (s *Schema) Event(name string) (Event, bool) {
	for _, e := range s.Events {
		if e.Name == name {
			return e, true
		}
	}
	return Event{}, false
}

// Prop finds a property of the event.
func (e Event) Prop(name string) (Field, bool) { return find(e.Props, name) }

func find(fields []Field, name string) (Field, bool) {
	for _, f := range fields {
		if f.Name == name {
			return f, true
		}
	}
	return Field{}, false
}

// Now is the default T: the local midnight that ends the day of the newest
// event, or of 1970-01-01 where there is none.
func (s *Schema) Now() time.Time {
	var newest time.Time
	for _, e := range s.Events {
		if e.Rows > 0 && e.Last.After(newest) {
			newest = e.Last
		}
	}
	if newest.IsZero() {
		newest = s.newestSignup()
	}
	l := newest.In(s.Zone)
	return time.Date(l.Year(), l.Month(), l.Day()+1, 0, 0, 0, 0, s.Zone)
}

// newestSignup is the latest value of the trait that plays signup.
func (s *Schema) newestSignup() time.Time {
	f, ok := s.Trait(s.Roles["signup"])
	switch {
	case ok && f.Set > 0 && f.Kind == column.Time:
		return time.UnixMicro(f.High)
	case ok && f.Set > 0 && f.Kind == column.Date:
		d := time.Unix(f.High*86400, 0).UTC()
		return time.Date(d.Year(), d.Month(), d.Day(), 12, 0, 0, 0, s.Zone)
	}
	return time.Unix(0, 0)
}

// FieldRef names a trait (Event "") or a property of an event.
type FieldRef struct{ Event, Name string }

// String prints the reference as formulas do: country, order.amount.
func (r FieldRef) String() string {
	if r.Event == "" {
		return r.Name
	}
	return r.Event + "." + r.Name
}

// Need lists the columns an evaluation touches, so that a source loads no
// others. Times and customers of a listed event always come.
type Need struct {
	Traits []string
	Events map[string][]string
	// Firsts says that event ids are not wanted where column.Table.Firsts
	// tells which rows are of one event; else they always come.
	Firsts bool
}

// Source is where the core gets its data. Implementations are safe for
// concurrent use and return the same data for the life of a Source.
type Source interface {
	Schema() *Schema
	// Dict gives the distinct texts of a text or tags field.
	Dict(ctx context.Context, f FieldRef) (*column.Dict, error)
	// Load brings the columns of need; the World is shared and read-only.
	Load(ctx context.Context, need Need) (*column.World, error)
	// CustomerIDs are the customers' own ids: customer i has the word of
	// code i+1.
	CustomerIDs(ctx context.Context) (*column.Dict, error)
	// Saved finds a saved segment's formula by name.
	Saved(name string) (syntax.Formula, bool)
}
