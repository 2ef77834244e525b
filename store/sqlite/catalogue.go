package sqlite

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"tesela/segment"
	"tesela/segment/column"
)

// dictKey names a dictionary: that of a text or tags field by the field, that
// of an event's ids by the event alone, that of the customers' ids by neither.
type dictKey = segment.FieldRef

// series names what parts belong to: an event's rows (Name "") or a trait's
// values (Event "").
type series = segment.FieldRef

// catalogue is everything about the data but the data, at one version of the
// workspace. It is small, and read whole.
type catalogue struct {
	currency, zone string
	location       *time.Location
	events         map[string]*event
	fields         map[segment.FieldRef]*field
	// words says how many words each dictionary has.
	words map[dictKey]int
	// latest is the newest part of each series.
	latest   map[series]int64
	roles    map[string]string
	glossary []segment.Word
	// through is the newest part of all: the version of the data.
	through int64
	print   string
}

type event struct {
	rows        int
	tied        bool
	first, last int64
}

type field struct {
	id        int64
	kind      column.Kind
	held      int
	low, high int64
}

func readCatalogue(ctx context.Context, tx querier) (*catalogue, error) {
	c := &catalogue{
		location: time.UTC,
		events:   map[string]*event{},
		fields:   map[segment.FieldRef]*field{},
		words:    map[dictKey]int{},
		latest:   map[series]int64{},
		roles:    map[string]string{},
	}
	var a, b, d string
	var n, m, o, p int64
	for _, table := range []struct {
		query string
		dest  []any
		row   func() error
	}{
		{"SELECT key, value FROM meta", []any{&a, &b}, func() error {
			switch a {
			case "currency":
				c.currency = b
			case "zone":
				return c.setZone(b)
			}
			return nil
		}},
		{"SELECT name, rows, tied, first, last FROM event", []any{&a, &n, &m, &o, &p}, func() error {
			c.events[a] = &event{rows: int(n), tied: m != 0, first: o, last: p}
			return nil
		}},
		{"SELECT event, name, kind, id, held, low, high FROM field", []any{&a, &b, &d, &n, &m, &o, &p}, func() error {
			kind, ok := column.ParseKind(d)
			if !ok {
				return fmt.Errorf("field %s is of unknown kind %q", segment.FieldRef{Event: a, Name: b}, d)
			}
			c.fields[segment.FieldRef{Event: a, Name: b}] = &field{id: n, kind: kind, held: int(m), low: o, high: p}
			return nil
		}},
		{"SELECT event, name, max(first + count) - 1 FROM dictionary GROUP BY event, name", []any{&a, &b, &n}, func() error {
			c.words[dictKey{Event: a, Name: b}] = int(n)
			return nil
		}},
		{"SELECT event, trait, max(id) FROM part GROUP BY event, trait", []any{&a, &b, &n}, func() error {
			c.latest[series{Event: a, Name: b}] = n
			c.through = max(c.through, n)
			return nil
		}},
		{"SELECT role, target FROM role", []any{&a, &b}, func() error { c.roles[a] = b; return nil }},
		{"SELECT word, text FROM word ORDER BY word", []any{&a, &b}, func() error {
			c.glossary = append(c.glossary, segment.Word{Word: a, Text: b})
			return nil
		}},
		{"SELECT print FROM import ORDER BY id DESC LIMIT 1", []any{&c.print}, func() error { return nil }},
	} {
		rows, err := tx.QueryContext(ctx, table.query)
		if err != nil {
			return nil, err
		}
		for rows.Next() && err == nil {
			if err = rows.Scan(table.dest...); err == nil {
				err = table.row()
			}
		}
		rows.Close()
		if err == nil {
			err = rows.Err()
		}
		if err != nil {
			return nil, err
		}
	}
	return c, nil
}

func (c *catalogue) setZone(name string) error {
	l, err := time.LoadLocation(name)
	if err != nil {
		return fmt.Errorf("time zone %q: %w", name, err)
	}
	c.zone, c.location = name, l
	return nil
}

// schema gives the catalogue as the core sees it.
func (c *catalogue) schema() *segment.Schema {
	s := &segment.Schema{
		Customers: c.words[dictKey{}],
		Roles:     maps.Clone(c.roles),
		Words:     slices.Clone(c.glossary),
		Zone:      c.location,
		Currency:  c.currency,
		Digits:    digitsOf(c.currency),
	}
	props := map[string][]segment.Field{}
	for ref, f := range c.fields {
		held := segment.Field{Name: ref.Name, Kind: f.kind, Set: f.held, Low: f.low, High: f.high}
		if f.held > 0 {
			held.Distinct = c.words[ref]
		}
		props[ref.Event] = append(props[ref.Event], held)
	}
	byName := func(a, b segment.Field) int {
		if a.Name < b.Name {
			return -1
		}
		return 1
	}
	for _, fields := range props {
		slices.SortFunc(fields, byName)
	}
	s.Traits = props[""]
	for _, name := range slices.Sorted(maps.Keys(c.events)) {
		e := c.events[name]
		out := segment.Event{Name: name, Props: props[name], Rows: e.rows, Tied: e.tied}
		if e.rows > 0 {
			out.First, out.Last = time.UnixMicro(e.first).UTC(), time.UnixMicro(e.last).UTC()
		}
		s.Events = append(s.Events, out)
	}
	return s
}

// digitsOf is the number of decimals of a currency's minor unit by ISO 4217;
// two for most.
func digitsOf(currency string) int {
	switch currency {
	case "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF",
		"UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF":
		return 0
	case "BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND":
		return 3
	case "CLF", "UYW":
		return 4
	}
	return 2
}
