package demo

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"slices"
	"testing"

	"tesela/segment"
	"tesela/segment/column"
	"tesela/store"
)

// shelfmark is a workspace in memory that keeps what a batch was given, as it
// was given: enough to look at the rows without any database.
type shelfmark struct {
	store.Workspace
	batch *memory
	// failAt makes the nth call that stores something fail.
	failAt int
}

func (s *shelfmark) Import(context.Context) (store.Batch, error) {
	s.batch = &memory{
		failAt: s.failAt, customers: column.NewInterner(nil),
		words: map[segment.FieldRef]*column.Interner{}, ids: map[string]*column.Interner{},
		kinds: map[segment.FieldRef]column.Kind{}, roles: map[string]string{}, rows: map[string][]*column.Rows{},
	}
	return s.batch, nil
}

type memory struct {
	customers             *column.Interner
	words                 map[segment.FieldRef]*column.Interner
	ids                   map[string]*column.Interner
	kinds                 map[segment.FieldRef]column.Kind
	roles                 map[string]string
	rows                  map[string][]*column.Rows
	traits                []traitPiece
	currency, zone        string
	committed, rolledBack bool
	calls, failAt         int
	known                 int // customers said to be there already
}

type traitPiece struct {
	name   string
	who    []uint32
	values *column.Column
}

func (m *memory) call() error {
	m.calls++
	if m.calls == m.failAt {
		return store.ErrDiskFull
	}
	return nil
}

func (m *memory) Schema() *segment.Schema { return &segment.Schema{Customers: m.known} }
func (m *memory) Configure(c, z string) error {
	m.currency, m.zone = c, z
	return m.call()
}

func (m *memory) Declare(f segment.FieldRef, k column.Kind) error {
	m.kinds[f] = k
	return m.call()
}
func (m *memory) Customers() *column.Interner { return m.customers }
func (m *memory) Words(f segment.FieldRef) *column.Interner {
	if m.words[f] == nil {
		m.words[f] = column.NewInterner(nil)
	}
	return m.words[f]
}

func (m *memory) EventIDs(e string) *column.Interner {
	if m.ids[e] == nil {
		m.ids[e] = column.NewInterner(nil)
	}
	return m.ids[e]
}

func (m *memory) AddRows(_ context.Context, event string, rows *column.Rows) (store.Added, error) {
	n := rows.Len()
	if len(rows.Times) != n || rows.IDs != nil && len(rows.IDs) != n {
		return store.Added{}, fmt.Errorf("%s: ragged rows", event)
	}
	for name, c := range rows.Props {
		if c.Len() != n || c.Kind != m.kinds[segment.FieldRef{Event: event, Name: name}] {
			return store.Added{}, fmt.Errorf("%s.%s: ragged or of another kind", event, name)
		}
	}
	m.rows[event] = append(m.rows[event], rows)
	return store.Added{New: n}, m.call()
}

func (m *memory) SetTrait(_ context.Context, trait string, who []uint32, values *column.Column) (int, error) {
	if values.Len() != len(who) {
		return 0, fmt.Errorf("%s: %d values for %d customers", trait, values.Len(), len(who))
	}
	m.traits = append(m.traits, traitPiece{trait, who, values})
	return len(who), m.call()
}

func (m *memory) SetRole(role, target string) error {
	m.roles[role] = target
	return m.call()
}

func (m *memory) Commit(context.Context) error {
	m.committed = true
	return m.call()
}

func (m *memory) Rollback() error {
	m.rolledBack = !m.committed
	return nil
}

// text prints value i of a column.
func (m *memory) text(ref segment.FieldRef, c *column.Column, i int) string {
	switch {
	case c.Kind == column.Tags:
		var all []byte
		for _, t := range c.TagCodes[c.TagStarts[i]:c.TagStarts[i+1]] {
			all = append(append(all, m.words[ref].Word(t)...), ',')
		}
		return string(all)
	case !c.IsSet(i):
		return "-"
	case c.Kind == column.Text:
		return m.words[ref].Word(c.Codes[i])
	case c.Kind == column.Number:
		return fmt.Sprintf("%016x", math.Float64bits(c.Floats[i]))
	}
	return fmt.Sprint(c.Ints[i])
}

// print is a hash over all rows and traits in the order they came, by their
// texts, so that it holds on every machine.
func (m *memory) print() string {
	h := sha256.New()
	var line bytes.Buffer
	events := []string{}
	for e := range m.rows {
		events = append(events, e)
	}
	slices.Sort(events)
	for _, e := range events {
		for _, rows := range m.rows[e] {
			names := []string{}
			for name := range rows.Props {
				names = append(names, name)
			}
			slices.Sort(names)
			for i := range rows.Customers {
				line.Reset()
				fmt.Fprintf(&line, "%s|%s|%d", e, m.customers.Word(rows.Customers[i]+1), rows.Times[i])
				if rows.IDs != nil {
					line.WriteString("|" + m.ids[e].Word(rows.IDs[i]))
				}
				for _, name := range names {
					line.WriteString("|" + m.text(segment.FieldRef{Event: e, Name: name}, rows.Props[name], i))
				}
				line.WriteByte('\n')
				h.Write(line.Bytes())
			}
		}
	}
	for _, t := range m.traits {
		for i, who := range t.who {
			fmt.Fprintf(h, "%s|%s|%s\n", t.name, m.customers.Word(who+1), m.text(segment.FieldRef{Name: t.name}, t.values, i))
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}

// fill makes a demo in memory.
func fill(t testing.TB, o Options) *memory {
	t.Helper()
	ws := new(shelfmark)
	if err := Fill(t.Context(), ws, o); err != nil {
		t.Fatal(err)
	}
	return ws.batch
}

// each visits the rows of an event.
func (m *memory) each(event string, visit func(customer uint32, at int64, value func(prop string) string)) {
	for _, rows := range m.rows[event] {
		for i, who := range rows.Customers {
			visit(who, rows.Times[i], func(prop string) string {
				return m.text(segment.FieldRef{Event: event, Name: prop}, rows.Props[prop], i)
			})
		}
	}
}

// count is the number of rows of an event.
func (m *memory) count(event string) int {
	n := 0
	for _, rows := range m.rows[event] {
		n += rows.Len()
	}
	return n
}
