package importer

import (
	"bytes"
	"math"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"tesela/segment/column"
)

// status of a cell that was read.
type status uint8

const (
	good status = iota
	missing
	bad
)

// cells reads the fields of one column by its reading.
type cells struct {
	reading
	lex    *lexicon
	zone   *zone
	digits int // of money's minor unit

	// The last text and what it was: neighbouring rows often repeat it.
	last       []byte
	lastInt    int64
	lastStatus status
	text       []byte // scratch for normalised text
}

// textOf gives the field's text: blanks around it dropped, in NFC, "" where
// it stands for no value. The result is valid until the next call.
func (c *cells) textOf(b []byte) ([]byte, status) {
	b = trim(b)
	if c.lex.isMissingText(b) {
		return nil, missing
	}
	if c.whole {
		digits, _, ok := wholeNumber(b)
		if !ok {
			if c.lex.isMissing(b) {
				return nil, missing
			}
			return b, bad
		}
		return digits, good
	}
	return c.normal(b), good
}

// tagsOf is textOf where a list stays one.
func (c *cells) tagsOf(b []byte) ([]byte, status) {
	if !isList(b) {
		return c.textOf(b)
	}
	if norm.NFC.IsNormal(b) {
		return b, good
	}
	c.text = norm.NFC.Append(c.text[:0], b...)
	return c.text, good
}

// idOf is textOf where any text for "missing" counts.
func (c *cells) idOf(b []byte) ([]byte, status) {
	b = trim(b)
	if c.lex.isMissing(b) {
		return nil, missing
	}
	if c.whole {
		digits, _, ok := wholeNumber(b)
		if !ok {
			return b, bad
		}
		return digits, good
	}
	return c.normal(b), good
}

func (c *cells) normal(b []byte) []byte {
	if isList(b) {
		b = listText(b)
	}
	if !beyondASCII(b) || norm.NFC.IsNormal(b) {
		return b
	}
	c.text = norm.NFC.Append(c.text[:0], b...)
	return c.text
}

// figureOf reads a number or an amount.
func (c *cells) figureOf(b []byte) (decimal, status) {
	if !c.comma {
		if d, ok := parsePlain(b); ok && !c.percent {
			if c.inferred && leadingZeros(b) {
				return d, bad
			}
			return d, good
		}
	}
	b = trim(b)
	f, ok := parseFigure(b, c.comma)
	switch {
	case !ok && c.lex.isMissing(b):
		return f.decimal, missing
	case !ok, c.inferred && c.kind == column.Number && f.sign != "", c.inferred && f.percent != c.percent:
		return f.decimal, bad
	}
	if c.inferred && leadingZeros(b) {
		return f.decimal, bad
	}
	return f.decimal, good
}

// leadingZeros tells 007, a code, from 0 and 0.5.
func leadingZeros(b []byte) bool {
	return len(b) > 1 && b[0] == '0' && b[1]-'0' <= 9
}

// intOf reads money, bool, time and date in the units of column.Column.
func (c *cells) intOf(b []byte) (int64, status) {
	if bytes.Equal(b, c.last) && len(b) > 0 {
		return c.lastInt, c.lastStatus
	}
	v, st := c.readInt(b)
	c.last, c.lastInt, c.lastStatus = append(c.last[:0], b...), v, st
	return v, st
}

func (c *cells) readInt(b []byte) (int64, status) {
	b = trim(b)
	if len(b) == 0 {
		return column.Unset, missing
	}
	switch c.kind {
	case column.Money:
		d, st := c.figureOf(b)
		if st != good {
			return column.Unset, st
		}
		v, ok := d.round(c.digits)
		if !ok {
			return column.Unset, bad
		}
		return v, good
	case column.Bool:
		low := b
		if len(b) <= longestBool {
			low = bytes.ToLower(b)
		}
		switch {
		case len(b) == 1 && (b[0] == '1' || b[0] == '0'):
			return int64(b[0] - '0'), good
		case string(b) == "1.0":
			return 1, good
		case string(b) == "0.0":
			return 0, good
		case c.lex.yes[string(low)]:
			return 1, good
		case c.lex.no[string(low)]:
			return 0, good
		}
	case column.Time, column.Date:
		if c.serial {
			local, ok := parseSerial(b)
			switch {
			case ok && c.kind == column.Date:
				return local / day, good
			case ok:
				return c.zone.utc(local), good
			}
		} else if m, ok := parseMoment(b, c.order); ok && !(m.slashed && c.order == anyOrder) {
			if c.inferred && m.plain != c.plain {
				return column.Unset, bad
			}
			if c.kind == column.Time {
				return m.instant(c.zone), good
			}
			if c.inferred && m.clock {
				return column.Unset, bad
			}
			if m.epoch || m.zoned {
				at := moment{epoch: true}
				at.micros = m.instant(c.zone)
				at.micros += c.zone.offsetAt(at.micros)
				return at.days(), good
			}
			return m.days(), good
		}
	}
	if c.lex.isMissing(b) {
		return column.Unset, missing
	}
	return column.Unset, bad
}

// floatOf reads a number.
func (c *cells) floatOf(b []byte) (float64, status) {
	d, st := c.figureOf(b)
	if st != good {
		return math.NaN(), st
	}
	return d.float(), good
}

// eachTag cuts a list of tags at ; | or, without those, at commas.
func eachTag(b []byte, visit func([]byte)) {
	if isList(b) {
		eachItem(b, visit)
		return
	}
	b = bytes.Trim(trim(b), "[]{}")
	cut := byte(',')
	for _, d := range []byte{';', '|'} {
		if bytes.IndexByte(b, d) >= 0 {
			cut = d
			break
		}
	}
	for len(b) > 0 {
		tag := b
		if i := bytes.IndexByte(b, cut); i >= 0 {
			tag, b = b[:i], b[i+1:]
		} else {
			b = nil
		}
		if tag = trim(bytes.Trim(trim(tag), `"'`)); len(tag) > 0 && utf8.Valid(tag) {
			visit(tag)
		}
	}
}
