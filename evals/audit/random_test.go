package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tesela/evals"
	"tesela/segment"
	"tesela/segment/column"
)

// writer writes formulas and, beside each, the same thing as an SQL expression
// over a row of customers that is 0 or 1 and never null. Both are written from
// the documents; neither is made of the other.
type writer struct {
	t      *testing.T
	r      *rand.Rand
	e      *engine
	events []string
	traits []segment.FieldRef
	props  map[string][]segment.FieldRef // by event
	kinds  map[segment.FieldRef]column.Kind
	values map[segment.FieldRef][]string // texts that the data has
	from   string                        // the first day
}

func newWriter(t *testing.T, spec string, seed uint64) (*writer, *evals.Data) {
	t.Helper()
	ctx := context.Background()
	s, err := evals.ParseSpec(spec)
	if err != nil {
		t.Fatal(err)
	}
	tape := newTape()
	if err := s.Fill(ctx, tape, os.TempDir()); err != nil {
		t.Fatal(err)
	}
	b, err := tape.book()
	if err != nil {
		t.Fatal(err)
	}
	newest, _ := b.newest()
	e, err := b.write(ctx, nextMidnight(newest, b.zone))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	d, err := evals.Open(ctx, spec)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	w := &writer{
		t: t, r: rand.New(rand.NewPCG(seed, 1)), e: e, kinds: tape.kinds,
		props: map[string][]segment.FieldRef{}, values: map[segment.FieldRef][]string{}, from: "9999",
	}
	for name := range b.events {
		w.events = append(w.events, name)
		w.from = min(w.from, w.texts(fmt.Sprintf(`SELECT min(day) FROM %s`, quoted(name)))[0])
	}
	slices.Sort(w.events)
	for ref, kind := range tape.kinds {
		table := "customers"
		if ref.Event != "" {
			table = ref.Event
			w.props[ref.Event] = append(w.props[ref.Event], ref)
		} else if kind != column.Tags {
			w.traits = append(w.traits, ref)
		}
		if kind == column.Text {
			for _, v := range w.texts(fmt.Sprintf(`SELECT DISTINCT %[1]s FROM %[2]s WHERE %[1]s IS NOT NULL ORDER BY 1 LIMIT 60`, quoted(ref.Name), quoted(table))) {
				if !strings.ContainsAny(v, "\"\\%_") {
					w.values[ref] = append(w.values[ref], v)
				}
			}
		}
	}
	byName := func(a, b segment.FieldRef) int { return strings.Compare(a.String(), b.String()) }
	slices.SortFunc(w.traits, byName)
	for _, list := range w.props {
		slices.SortFunc(list, byName)
	}
	return w, d
}

func (w *writer) texts(query string) []string {
	w.t.Helper()
	rows, err := w.e.query(context.Background(), query)
	if err != nil {
		w.t.Fatalf("%s: %v", query, err)
	}
	var all []string
	for _, row := range rows.rows {
		all = append(all, fmt.Sprint(row[0]))
	}
	return all
}

// Formulas at random come to the same members by SQL.
func TestRandomFormulas(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	for _, spec := range []string{"demo:customers=300", "casino", "gym", "saas", "traps"} {
		t.Run(spec, func(t *testing.T) {
			w, d := newWriter(t, spec, seedOf(t))
			trivial := 0
			for range formulas(t) {
				formula, sql := w.term(2)
				sql = "SELECT id FROM customers WHERE " + sql
				got, err := w.e.query(ctx, sql)
				if err != nil {
					t.Fatalf("%s\n%s\n%v", formula, sql, err)
				}
				core, err := coreSays(ctx, d, clock{d.AsOf}, evals.Gold{Who: formula}, got)
				if err != nil {
					t.Errorf("%s\n%v", formula, err)
					continue
				}
				if amiss := apart(evals.Gold{}, got, core); amiss != "" {
					t.Errorf("%s\n%s\n%s", formula, sql, amiss)
				}
				if len(got.rows) == 0 {
					trivial++
				}
			}
			t.Logf("%d formulas, %d of which nobody satisfies", formulas(t), trivial)
		})
	}
}

// formulas is how many are tried on each data set; AUDIT_FORMULAS sets it.
func formulas(t *testing.T) int { return fromEnv(t, "AUDIT_FORMULAS", 25) }

func seedOf(t *testing.T) uint64 { return uint64(fromEnv(t, "AUDIT_SEED", 1)) }

func fromEnv(t *testing.T, name string, otherwise int) int {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return n
}
