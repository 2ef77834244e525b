package measure

import "fmt"

// The codes of notes, with their arguments.
const (
	// NoteUnsetGroup {field}: a row without a name holds what has no value in
	// the field.
	NoteUnsetGroup = "unset_group"
	// NoteCountsInEach {event, field}: an event with several values counts in
	// each of them, so the groups may add up to more than the total.
	NoteCountsInEach = "counts_in_each"
	// NoteCustomersWithRows {event, field}: customers are counted in the
	// groups, or periods, that they have rows of the event in.
	NoteCustomersWithRows = "customers_with_rows"
	// NoteNoProperty {event, field}: rows of the event carry no such property
	// and stand in the group without a value.
	NoteNoProperty = "rows_without_property"
	// NoteSameProperty {event, field}: rows of another event are grouped by
	// their own property of the same name.
	NoteSameProperty = "same_property"
	// NoteWhereSkipped {event, where}: the event has not all the properties
	// of the filter, so all its rows count.
	NoteWhereSkipped = "where_skipped"
	// NoteRefundsLeftOut {event, where}: refunds lack a property of the
	// filter, so none is subtracted.
	NoteRefundsLeftOut = "refunds_left_out"
	// NoteNoRefunds {measure}: no event is known to be a refund, so none is
	// subtracted.
	NoteNoRefunds = "no_refunds"
	// NoteConstant {measure}: the figure does not depend on the period and is
	// the same in each.
	NoteConstant = "constant_per_period"
	// NoteWindowInside {measure}: functions inside customers(…) or
	// per_customer(…) that name no window took the query's.
	NoteWindowInside = "window_inside"
	// NoteTies {n}: so many further groups have the same figure as the last
	// one shown.
	NoteTies = "group_ties"
	// NoteNoShare {measure}: parts of the measure do not add up to it, so it
	// has no shares.
	NoteNoShare = "no_share"
	// NoteSharesOverlap {measure}: groups overlap, so the shares may add up
	// to more than the whole.
	NoteSharesOverlap = "shares_overlap"
	// NotePartial {period, from, to}: the period is measured only from or up
	// to those dates or times.
	NotePartial = "partial_period"
	// NoteWord {word, text}: what a business word stands for.
	NoteWord = "word"
	// NoteNoQuantity {event}: items are rows, for no property is known to be
	// a quantity.
	NoteNoQuantity = "no_quantity"
)

var noteTexts = map[string]string{
	NoteUnsetGroup:        "the row without a %[1]v holds what has none",
	NoteCountsInEach:      "a %[1]v counts in each %[2]v it has, so groups may add up to more than the total",
	NoteCustomersWithRows: "customers are counted in each %[2]v they have a %[1]v in",
	NoteNoProperty:        "rows of %[1]v carry no %[2]v: they stand in the row without one",
	NoteSameProperty:      "rows of %[1]v are grouped by their own %[2]v",
	NoteWhereSkipped:      "%[1]v has not all the properties of the filter %[2]v: all its rows count",
	NoteRefundsLeftOut:    "%[1]v has not all the properties of the filter %[2]v: no refunds are subtracted",
	NoteNoRefunds:         "no event is known to be a refund, so %[1]v subtracts none",
	NoteConstant:          "%[1]v does not depend on the period",
	NoteWindowInside:      "functions without a window of their own in %[1]v are taken in the window measured",
	NoteTies:              "%[1]v more with the same figure as the last one shown",
	NoteNoShare:           "parts of %[1]v do not add up to it, so it has no shares",
	NoteSharesOverlap:     "shares of %[1]v may add up to more than the whole, for groups overlap",
	NotePartial:           "%[1]v is not whole: measured from %[2]v to %[3]v",
	NoteWord:              "%[1]v stands for %[2]v",
	NoteNoQuantity:        "no property is known to be a quantity, so items are rows of %[1]v",
}

// newNote makes a note; args are key, value, key, value, in the order of the
// text.
func newNote(code string, args ...any) Note {
	n := Note{Code: code, Args: map[string]any{}}
	values := make([]any, 0, len(args)/2)
	for i := 0; i+1 < len(args); i += 2 {
		n.Args[fmt.Sprint(args[i])] = args[i+1]
		values = append(values, args[i+1])
	}
	n.Text = fmt.Sprintf(noteTexts[code], values...)
	return n
}

// addNote adds a note unless one that says the same is there.
func addNote(notes []Note, n Note) []Note {
	for _, o := range notes {
		if o.Code == n.Code && o.Text == n.Text {
			return notes
		}
	}
	return append(notes, n)
}
