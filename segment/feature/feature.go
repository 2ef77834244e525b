// Package feature says what customers can be described by: figures and words
// per customer, made from the catalogue alone, layer by layer, for whatever
// trade the data is of. It knows roles and kinds, no event by name.
//
// The phases are: From (or Build, where there is only the catalogue) lists
// features; Load computes those that tell anybody apart, in one plan that
// shares its scans; Above, Below, Is and In turn a finding about a column back
// into a formula that is true of exactly the same customers.
//
// A feature is a value of the formula language, so that everything found with
// it can be read, checked and saved. It is not a statistic, and this package
// neither scales nor compares: see the analyses.
package feature

import "tesela/segment/syntax"

// Kind tells numbers from categories.
type Kind uint8

// The kinds of feature.
const (
	Number Kind = iota + 1
	Category
)

// Unit is what a number counts.
type Unit string

// The units of numbers; categories have none.
const (
	Plain Unit = ""      // any number
	Count Unit = "count" // whole numbers from 0 on
	Share Unit = "share" // from 0 to 1
	Money Unit = "money" // in major units
	Days  Unit = "days"
	Years Unit = "years"
)

// The built-in layers.
const (
	Behaviour  = "behaviour"
	Value      = "value"
	Product    = "product"
	Engagement = "engagement"
	Channel    = "channel"
	Demography = "demography"
)

// Layers are the built-in layers, in order.
func Layers() []string {
	return []string{Behaviour, Value, Product, Engagement, Channel, Demography}
}

// Feature is one thing that customers can be described by.
type Feature struct {
	Layer string
	// Value is what it is per customer. Where it is a time or a date the
	// feature is how long ago that was, in Unit.
	Value syntax.Value
	// If makes a category of "true" and "false": whether the formula holds.
	// Value is then only what it is about.
	If   syntax.Formula
	Kind Kind
	Unit Unit
	// Says is what it says, for wording.
	Says Says

	text bool // a category of texts, not of true and false
	span bool // Value is a time: figures are distances from T
}

// Key is the canonical text of what the feature is; no two of Build share one.
func (f Feature) Key() string {
	if f.If != nil {
		return f.If.String()
	}
	return f.Value.String()
}

// Form names what a feature says; its parts are in Says.
type Form string

// The forms. Event, Prop, Word and Of are those of Says; a share is of the
// event's occurrences in the window.
const (
	Recency      Form = "recency"       // days since the last Event
	SinceFirst   Form = "since_first"   // days since the first Event
	CountOf      Form = "count"         // how many Events
	ActiveMonths Form = "active_months" // months with an Event
	ShareWeekend Form = "share_weekend" // share of Events on Saturday or Sunday
	ShareHours   Form = "share_hours"   // … between the hours of Word, "6-11" (both in)
	ShareMonths  Form = "share_months"  // … in the months of Word, "12-2" (both in)
	ShareTrue    Form = "share_true"    // … whose Prop is true
	ShareSet     Form = "share_set"     // … whose Prop is set
	ShareWord    Form = "share_word"    // … whose Prop is Word
	ShareRecent  Form = "share_recent"  // share of the sum of Event.Prop that lies in the last quarter
	Per          Form = "per"           // Events per Of, another event
	Revenue      Form = "revenue"       // amounts less refunds
	Basket       Form = "basket"        // average amount of an Event
	Items        Form = "items"         // average quantity of an Event
	UnitPrice    Form = "unit_price"    // amount per quantity
	Rate         Form = "rate"          // sum of Event.Prop per sum of Event.Of
	Sum          Form = "sum"           // of Event.Prop
	Mean         Form = "mean"          // of Event.Prop over its rows
	Largest      Form = "largest"       // Event.Prop
	Distinct     Form = "distinct"      // different values of Event.Prop
	Latest       Form = "latest"        // Event.Prop on the last row
	Earliest     Form = "earliest"      // Event.Prop on the first row
	Trait        Form = "trait"         // the trait Prop
	Since        Form = "since"         // days since the trait Prop
	Age          Form = "age"           // years since the trait Prop
	Tag          Form = "tag"           // whether the trait Prop has the tag Word
	Label        Form = "label"         // the layer or score Word
	Formula      Form = "formula"       // anything else: Word is its text
)

// Says is what a feature says.
type Says struct {
	Form                  Form
	Event, Prop, Word, Of string
	// Window is what the figures are over; nil: all time, or as of now.
	Window *syntax.Window
}
