package importer

import (
	"bytes"

	"tesela/segment/column"
)

// evidence is what the values of a column have shown so far of how they are
// written. It only grows, so that a reading decided on part of a file and
// then contradicted can be decided anew on all of it.
type evidence struct {
	set int // values that are there
	// Readable as numbers with a decimal point, and with a decimal comma.
	point, comma       int
	onlyPoint          int
	onlyComma          int
	percents, signs    int
	sign               map[string]int
	leadingZero        int
	whole, dottedWhole int
	zeroOne, boolWords int
	yes, no, letters   int // of the words; single letters among them
	moments, clocks    int // readable as dates or times; with a time of day
	plain, epochs      int // of those: YYYYMMDD or epochs; epochs
	zoned              int
	lists              int
	serials            int // figures that may be a spreadsheet's days
	dayFirst           proof
	monthFirst         proof
	either             int
	odd                sample // first value that is no number, date or bool
}

// longText is longer than any label, figure or time.
const longText = 80

// proof counts values that settle something and keeps the first.
type proof struct {
	n int
	sample
}

type sample struct {
	text string
	line int
}

func (p *proof) add(b []byte, line, n int) {
	if p.n == 0 || line < p.line {
		p.sample = sample{string(b), line}
	}
	p.n += n
}

// add notes a value that comes n times, first on the line.
func (e *evidence) add(b []byte, line, n int) {
	lex := words()
	b = trim(b)
	if lex.isMissing(b) {
		return
	}
	e.set += n
	if isList(b) {
		e.lists += n
		return
	}
	if len(b) > longText {
		return
	}
	if _, ok := parseSerial(b); ok {
		e.serials += n
	}
	if allDigits(b) && len(b) <= maxDigits {
		e.addDigits(b, n)
		return
	}
	known := false
	if _, dotted, ok := wholeNumber(b); ok {
		e.whole += n
		if dotted {
			e.dottedWhole += n
		}
	}
	point, okPoint := parseFigure(b, false)
	comma, okComma := parseFigure(b, true)
	if okPoint || okComma {
		known = true
		f := point
		if okPoint {
			e.point += n
		} else {
			f = comma
			e.onlyComma += n
		}
		if okComma {
			e.comma += n
		} else {
			e.onlyPoint += n
		}
		if leadingZeros(b) {
			e.leadingZero += n
		}
		if f.percent {
			e.percents += n
		}
		if f.sign != "" {
			e.signs += n
			if e.sign == nil {
				e.sign = map[string]int{}
			}
			e.sign[f.sign] += n
		}
	}
	low := ""
	if len(b) <= longestBool {
		low = string(bytes.ToLower(b))
	}
	if lex.yes[low] || lex.no[low] {
		e.boolWords += n
		known = true
		if lex.yes[low] {
			e.yes += n
		} else {
			e.no += n
		}
		if len(low) == 1 {
			e.letters += n
		}
	}
	if m, ok := parseMoment(b, anyOrder); ok {
		known = true
		e.moments += n
		if m.clock {
			e.clocks += n
		}
		if m.plain {
			e.plain += n
		}
		if m.epoch {
			e.epochs += n
		}
		if m.zoned {
			e.zoned += n
		}
		switch {
		case m.order == dayFirst:
			e.dayFirst.add(b, line, n)
		case m.order == monthFirst:
			e.monthFirst.add(b, line, n)
		case m.either:
			e.either += n
		}
	}
	if !known && (e.odd.line == 0 || line < e.odd.line) {
		e.odd = sample{string(b), line}
	}
}

// addDigits is add for figures alone, the commonest value there is.
func (e *evidence) addDigits(b []byte, n int) {
	e.whole += n
	e.point += n
	e.comma += n
	if leadingZeros(b) {
		e.leadingZero += n
	}
	if len(b) == 1 && b[0] <= '1' {
		e.zeroOne += n
	}
	if m, ok := parseFigures(b); ok {
		e.moments += n
		e.plain += n
		if m.clock {
			e.clocks += n
		}
		if m.epoch {
			e.epochs += n
		}
	}
}

func allDigits(b []byte) bool {
	for _, c := range b {
		if c-'0' > 9 {
			return false
		}
	}
	return len(b) > 0
}

// longestBool bounds the words for yes and no.
const longestBool = 12

// reading is how a column's values are read. Readings compare with ==.
type reading struct {
	kind column.Kind
	// comma is the decimal sign.
	comma bool
	// percent: figures are written as percentages.
	percent bool
	order   order
	// plain: dates are figures alone, YYYYMMDD or epochs.
	plain bool
	// serial: dates are a spreadsheet's count of days.
	serial bool
	// whole: ids written as numbers; 17850.0 is 17850.
	whole bool
	// inferred: a value that cannot be read so makes the column be looked at
	// again; otherwise its row is rejected.
	inferred bool
}

// decide how the column is read. names are its own and its target's, kind what it
// must be (0: what the values say), fixed the order of dates that was given.
func (e *evidence) decide(names []string, kind column.Kind, fixed, assumed order) reading {
	r := reading{kind: kind, inferred: kind == 0}
	if r.inferred {
		r.kind = e.infer(names)
	}
	switch r.kind {
	case column.Number, column.Money:
		r.comma = e.onlyComma > e.onlyPoint
		r.percent = e.percents > 0
	case column.Time, column.Date:
		r.plain = e.plain > 0
		r.serial = !r.inferred && e.serials > 0 && e.serials == e.set
		switch r.order = fixed; {
		case fixed != anyOrder:
		case e.dayFirst.n > 0 && e.dayFirst.n >= e.monthFirst.n:
			r.order = dayFirst
		case e.monthFirst.n > 0:
			r.order = monthFirst
		case e.either > 0:
			r.order = assumed
		}
	case column.Text:
		r.whole = e.wholeIDs() && (!r.inferred || words().hinted("id", names...))
	}
	return r
}

// wholeIDs tells whether the column is whole numbers throughout, some of them
// written with a decimal point.
func (e *evidence) wholeIDs() bool { return e.dottedWhole > 0 && e.whole == e.set }

// contradicts tells whether dates prove both orders of day and month.
func (e *evidence) contradicts() bool { return e.dayFirst.n > 0 && e.monthFirst.n > 0 }

// infer the kind that all values agree on; text where they do not.
func (e *evidence) infer(names []string) column.Kind {
	lex := words()
	switch {
	case e.set == 0:
		return column.Text
	case e.lists > 0:
		return column.Tags
	case lex.hinted("tags", names...) && e.moments < e.set && e.point < e.set:
		return column.Tags
	case e.boolWords == e.set && (e.letters == 0 || e.yes > 0 && e.no > 0 || lex.hinted("bool", names...)), e.boolWords+e.zeroOne == e.set && lex.hinted("bool", names...):
		return column.Bool
	case e.moments == e.set && (e.plain == 0 || e.plain == e.set && lex.hinted("time", names...)) && !e.contradicts():
		if e.clocks > 0 {
			return column.Time
		}
		return column.Date
	case (e.onlyComma == 0 && e.point == e.set || e.onlyPoint == 0 && e.comma == e.set) && (e.percents == 0 || e.percents == e.set && e.signs == 0):
		if e.leadingZero > 0 || e.whole == e.set && lex.hinted("id", names...) {
			return column.Text
		}
		if e.percents == 0 && (e.signs > 0 || lex.hinted("money", names...)) {
			return column.Money
		}
		return column.Number
	}
	return column.Text
}
