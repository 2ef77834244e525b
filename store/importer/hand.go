package importer

import (
	"math"
	"slices"

	"tesela/segment/column"
)

// hand reads rows of events by the plan and the readings decided on. There
// are several at work at once, each with its own.
type hand struct {
	by *plan

	id      cells
	when    cells
	eventID cells
	fields  []fieldReader
	values  []value

	// The purchase event among those of the file ("" for none), the refund
	// event its returns go to, and the fields whose sign tells them.
	purchase, refund string
	amount, quantity int

	// eventNamed keeps the name for each text of the event column.
	eventNamed map[string]string
	slots      map[string]uint32 // of the block's events
	row        [][]byte
}

// another hand that reads alike.
func (h *hand) another() *hand {
	o := *h
	fresh := func(c cells) cells {
		c.zone = newZone(c.zone.loc)
		c.last, c.text = nil, nil
		return c
	}
	o.id, o.when = fresh(h.id), fresh(h.when)
	if h.by.eventID >= 0 {
		o.eventID = fresh(h.eventID)
	}
	o.fields = slices.Clone(h.fields)
	for i := range o.fields {
		f := &o.fields[i]
		f.parts = slices.Clone(f.parts)
		for k := range f.parts {
			if f.cols[k] >= 0 {
				f.parts[k] = fresh(f.parts[k])
			}
		}
	}
	o.values = make([]value, len(h.values))
	o.eventNamed = map[string]string{}
	o.slots = map[string]uint32{}
	return &o
}

// readBlock makes columns of a block's rows. Rows at fault are listed, for
// their reason to be found when their turn comes.
func (h *hand) readBlock(b *block) {
	n := len(b.marks)
	b.begin(n, h)
	clear(h.slots)
	slot, slotName := uint32(0), ""
	for row := range n {
		if b.marks[row].odd || !h.readRow(b, row) {
			b.faults = append(b.faults, uint32(row))
			b.skip(h)
			continue
		}
		name := h.event()
		if len(b.names) == 0 || name != slotName {
			known := false
			if slot, known = h.slots[name]; !known {
				slot = uint32(len(b.names))
				h.slots[name] = slot
				b.names = append(b.names, name)
				for len(b.rows) <= int(slot) {
					b.rows = append(b.rows, nil)
				}
				b.rows[slot] = b.rows[slot][:0]
			}
			slotName = name
		}
		b.rows[slot] = append(b.rows[slot], uint32(row))
		b.add(h)
	}
}

// begin makes the columns empty, with room for n rows.
func (b *block) begin(n int, h *hand) {
	b.faults, b.names, b.times = b.faults[:0], b.names[:0], b.times[:0]
	b.who.reset()
	b.ids.reset()
	for len(b.cols) < len(h.fields) {
		b.cols = append(b.cols, blockColumn{})
	}
	for i := range b.cols {
		c := &b.cols[i]
		c.set, c.ints, c.floats, c.starts = 0, c.ints[:0], c.floats[:0], append(c.starts[:0], 0)
		c.words.reset()
	}
}

// readRow reads a sound record's cells; false where any is at fault.
func (h *hand) readRow(b *block, row int) bool {
	p := h.by
	h.row = b.fields(row, h.row)
	fields := h.row
	at, st := h.when.intOf(fields[p.time])
	if st != good || at < earliest || at >= latest {
		return false
	}
	id, st := h.id.idOf(fields[p.id])
	if st != good {
		return false
	}
	if p.eventCol >= 0 && h.eventIn(fields) == "" {
		return false
	}
	for i := range h.fields {
		if _, col := h.fields[i].read(fields, &h.values[i]); col >= 0 {
			return false
		}
	}
	if p.eventID >= 0 {
		tie, st := h.eventID.idOf(fields[p.eventID])
		switch st {
		case bad:
			return false
		case missing:
			b.ids.codes = append(b.ids.codes, 0)
		default:
			b.ids.codes = append(b.ids.codes, b.ids.codeOf(tie))
		}
	}
	b.who.codes = append(b.who.codes, b.who.codeOf(id))
	b.times = append(b.times, at)
	return true
}

// codeOf is code, 0 for the empty word.
func (w *words32) codeOf(b []byte) uint32 {
	if len(b) == 0 {
		return 0
	}
	return w.code(b)
}

// event names the row's event, and makes a refund of what a purchase takes
// back.
func (h *hand) event() string {
	event := h.by.event
	if h.by.eventCol >= 0 {
		event = h.eventIn(h.row)
	}
	if h.purchase != "" && event == h.purchase && h.negative() {
		event = h.refund
	}
	if h.refund != "" && event == h.refund {
		h.makePositive()
	}
	return event
}

// eventIn is the event's name in a row, "" where it has none.
func (h *hand) eventIn(fields [][]byte) string {
	name := h.eventOf(fields[h.by.eventCol])
	for _, col := range h.by.eventElse {
		if name == "" {
			name = h.eventOf(fields[col])
		}
	}
	return name
}

// eventOf is eventNameOf, remembered.
func (h *hand) eventOf(b []byte) string {
	b = trim(b)
	if name, ok := h.eventNamed[string(b)]; ok {
		return name
	}
	name := eventNameOf(string(b))
	if h.eventNamed == nil || len(h.eventNamed) > 4*maxEvents {
		h.eventNamed = map[string]string{}
	}
	h.eventNamed[string(b)] = name
	return name
}

// add takes the values of the row just read into the columns.
func (b *block) add(h *hand) {
	for i := range h.fields {
		c, v := &b.cols[i], &h.values[i]
		there := v.status == good
		if there {
			c.set++
		}
		switch h.fields[i].kind {
		case column.Text:
			code := uint32(0)
			if there {
				code = c.words.codeOf(v.text)
			}
			c.words.codes = append(c.words.codes, code)
		case column.Tags:
			if there {
				eachTag(v.text, func(tag []byte) { c.words.codes = append(c.words.codes, c.words.code(tag)) })
			}
			c.starts = append(c.starts, uint32(len(c.words.codes)))
		case column.Number:
			f := math.NaN()
			if there {
				f = v.f
			}
			c.floats = append(c.floats, f)
		default:
			n := int64(column.Unset)
			if there {
				n = v.i
			}
			c.ints = append(c.ints, n)
		}
	}
}

// skip keeps a row's place in the columns.
func (b *block) skip(h *hand) {
	if h.by.eventID >= 0 && len(b.ids.codes) == len(b.times) {
		b.ids.codes = append(b.ids.codes, 0)
	}
	b.who.codes, b.times = append(b.who.codes, 0), append(b.times, 0)
	for i := range h.fields {
		h.values[i].status = missing
	}
	b.add(h)
}
