package storetest

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"tesela/segment"
	"tesela/segment/column"
	"tesela/store"
)

// begin starts an import that is taken back if the test does not commit it.
func begin(t *testing.T, w store.Workspace) store.Batch {
	t.Helper()
	b, err := w.Import(t.Context())
	if err != nil {
		t.Fatalf("start import: %v", err)
	}
	t.Cleanup(func() { b.Rollback() })
	return b
}

func commit(t *testing.T, b store.Batch) {
	t.Helper()
	if err := b.Commit(t.Context()); err != nil {
		t.Fatalf("commit: %v", err)
	}
	if err := b.Rollback(); err != nil {
		t.Fatalf("rollback after commit: %v", err)
	}
}

func source(t *testing.T, w store.Workspace) segment.Source {
	t.Helper()
	src, err := w.Source(t.Context())
	if err != nil {
		t.Fatalf("source: %v", err)
	}
	return src
}

func empty(t *testing.T, w store.Workspace) {
	src := source(t, w)
	s := src.Schema()
	if s.Customers != 0 || len(s.Traits) != 0 || len(s.Events) != 0 || s.Zone == nil || s.Zone.String() != "UTC" {
		t.Fatalf("an empty workspace has %+v", s)
	}
	if world, err := src.Load(t.Context(), segment.Need{}); err != nil || world.Customers != 0 {
		t.Fatalf("%+v, %v", world, err)
	}
	if d, err := src.CustomerIDs(t.Context()); err != nil || d.Len() != 0 {
		t.Fatalf("%d customers, %v", d.Len(), err)
	}
	b := begin(t, w)
	commit(t, b)
}

func roundTrip(t *testing.T, w store.Workspace) {
	r := rand.New(rand.NewPCG(1, 2))
	var model shelf
	for i := range 12 {
		b := begin(t, w)
		for range 1 + i%2 {
			rows := randomRows(r, 1+r.IntN(300), 1+3*i)
			model.addOne(t, b, rows)
		}
		if s := b.Schema(); s.Customers != len(model.people) || s.Events[0].Rows != len(model.rows) {
			t.Fatalf("the batch knows %d customers, %d rows; want %d, %d", s.Customers, s.Events[0].Rows, len(model.people), len(model.rows))
		}
		commit(t, b)
		same(t, read(t, source(t, w), "buy"), model.sorted())
	}
	checkFigures(t, source(t, w), &model)
}

// addOne adds rows to batch and model and compares what they count.
func (s *shelf) addOne(t *testing.T, b store.Batch, rows []row) {
	t.Helper()
	if got, want := add(t, b, "buy", kinds, rows), s.add(b, rows); got != want {
		t.Fatalf("added %+v, want %+v", got, want)
	}
}

func checkFigures(t *testing.T, src segment.Source, model *shelf) {
	t.Helper()
	e, _ := src.Schema().Event("buy")
	rows := model.sorted()
	low, high := int64(math.MaxInt64), int64(math.MinInt64)
	set := map[string]int{}
	for _, r := range rows {
		low, high = min(low, r.time), max(high, r.time)
		for name := range r.props {
			set[name]++
		}
	}
	if e.First.UnixMicro() != low || e.Last.UnixMicro() != high {
		t.Fatalf("rows from %v to %v, want %d to %d", e.First, e.Last, low, high)
	}
	for name, kind := range kinds {
		p, ok := e.Prop(name)
		if !ok || p.Kind != kind || p.Set != set[name] {
			t.Fatalf("%s is %+v, want %d set", name, p, set[name])
		}
	}
	if p, _ := e.Prop("price"); p.Low != -1 || p.High != 1 {
		t.Fatalf("price from %d to %d", p.Low, p.High)
	}
	if p, _ := e.Prop("weight"); math.Float64frombits(uint64(p.Low)) != 0 || math.Float64frombits(uint64(p.High)) != 0.2 {
		t.Fatalf("weight from %x to %x", p.Low, p.High)
	}
	if p, _ := e.Prop("product"); p.Distinct != 3 {
		t.Fatalf("%d products", p.Distinct)
	}
}

func everyKind(t *testing.T, w store.Workspace) {
	kinds := map[string]column.Kind{
		"text": column.Text, "number": column.Number, "money": column.Money, "bool": column.Bool,
		"time": column.Time, "date": column.Date, "tags": column.Tags,
	}
	props := []map[string]any{
		{},
		{"text": "ñandú \x00 \u2028", "number": 1e300, "money": int64(math.MaxInt64), "bool": int64(1), "time": int64(math.MinInt64 + 1), "date": int64(-719162), "tags": []string{"x"}},
		{"text": "b", "number": math.Inf(-1), "money": int64(math.MinInt64 + 1), "bool": int64(0), "time": int64(0), "date": int64(2932896), "tags": []string{"x", "y", "z"}},
		{"number": 0.30000000000000004},
		{"number": -1.5},
		{"number": math.SmallestNonzeroFloat64},
	}
	var model shelf
	for i, p := range props {
		model.rows = append(model.rows, row{customer: "c", time: int64(i), props: p})
	}
	b := begin(t, w)
	add(t, b, "e", kinds, model.rows)
	commit(t, b)
	same(t, read(t, source(t, w), "e"), model.rows)
}

func again(t *testing.T, w store.Workspace) {
	rows := randomRows(rand.New(rand.NewPCG(3, 4)), 500, 20)
	for i := range 3 {
		b := begin(t, w)
		added := add(t, b, "buy", kinds, rows)
		commit(t, b)
		if want := (store.Added{Present: 500}); i > 0 && added != want {
			t.Fatalf("time %d: %+v, want %+v", i, added, want)
		}
	}
	// In pieces and another order it is still the same file.
	b := begin(t, w)
	slices.Reverse(rows)
	for part := range slices.Chunk(rows, 70) {
		if added := add(t, b, "buy", kinds, part); added.New != 0 {
			t.Fatalf("%+v", added)
		}
	}
	commit(t, b)
	if n := len(read(t, source(t, w), "buy")); n != 500 {
		t.Fatalf("%d rows", n)
	}
}

// againLoaded has the rows in memory when few of them come again, among others
// that are new.
func againLoaded(t *testing.T, w store.Workspace) {
	rows := randomRows(rand.New(rand.NewPCG(5, 4)), 500, 20)
	var model shelf
	b := begin(t, w)
	model.addOne(t, b, rows)
	commit(t, b)
	for i := range 6 {
		same(t, read(t, source(t, w), "buy"), model.sorted())
		few := []row{{customer: "c1", time: int64(1e9 + i), props: map[string]any{"product": "p1"}}}
		if i%2 == 1 {
			few = append(few, rows[7*i], rows[9*i])
		}
		b := begin(t, w)
		model.addOne(t, b, few[:1])
		model.addOne(t, b, few)
		commit(t, b)
	}
}

func repeats(t *testing.T, w store.Workspace) {
	line := row{customer: "c", time: 5, id: "1", props: map[string]any{"product": "p"}}
	for _, step := range []struct {
		calls []int // rows per call of one batch
		want  []store.Added
	}{
		{[]int{2}, []store.Added{{New: 2, Identical: 1}}},
		{[]int{2}, []store.Added{{Present: 2}}},
		{[]int{3}, []store.Added{{New: 1, Present: 2, Identical: 1}}},
		{[]int{1, 1, 1, 1}, []store.Added{{Present: 1}, {Present: 1}, {Present: 1}, {New: 1}}},
		{[]int{3, 3}, []store.Added{{Present: 3}, {New: 2, Present: 1, Identical: 2}}},
	} {
		b := begin(t, w)
		for i, n := range step.calls {
			rows := make([]row, n)
			for k := range rows {
				rows[k] = line
			}
			if got := add(t, b, "e", kinds, rows); got != step.want[i] {
				t.Fatalf("%v: %+v, want %+v", step.calls, got, step.want[i])
			}
		}
		commit(t, b)
	}
	if n := len(read(t, source(t, w), "e")); n != 6 {
		t.Fatalf("%d rows, want 6", n)
	}
}

func otherProperties(t *testing.T, w store.Workspace) {
	steps := []struct {
		kinds map[string]column.Kind
		props map[string]any
		want  store.Added
	}{
		{map[string]column.Kind{"a": column.Text}, map[string]any{"a": "x"}, store.Added{New: 1}},
		// With a property more that is unset it is the same row.
		{map[string]column.Kind{"a": column.Text, "b": column.Number}, map[string]any{"a": "x"}, store.Added{Present: 1}},
		{map[string]column.Kind{"a": column.Text, "b": column.Number}, map[string]any{"a": "x", "b": 1.0}, store.Added{New: 1}},
		{map[string]column.Kind{}, map[string]any{}, store.Added{New: 1}},
		{map[string]column.Kind{"b": column.Number}, map[string]any{}, store.Added{Present: 1}},
		{map[string]column.Kind{"b": column.Number}, map[string]any{"b": 1.0}, store.Added{New: 1}},
	}
	for i, s := range steps {
		b := begin(t, w)
		if got := add(t, b, "e", s.kinds, []row{{customer: "c", time: 1, props: s.props}}); got != s.want {
			t.Fatalf("step %d: %+v, want %+v", i, got, s.want)
		}
		commit(t, b)
	}
	var got []string
	for _, r := range read(t, source(t, w), "e") {
		got = append(got, showProps(r.props))
	}
	if want := []string{"a=x", "a=x b=1", "", "b=1"}; !slices.Equal(got, want) {
		t.Fatalf("%q, want %q", got, want)
	}
}

func allOrNothing(t *testing.T, w store.Workspace) {
	rows := randomRows(rand.New(rand.NewPCG(5, 6)), 100, 9)
	b := begin(t, w)
	add(t, b, "buy", kinds, rows[:50])
	commit(t, b)
	before, err := w.Fingerprint(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	b = begin(t, w)
	add(t, b, "buy", kinds, rows)
	add(t, b, "other", kinds, rows)
	if err := b.SetRole("purchase", "buy"); err != nil {
		t.Fatal(err)
	}
	if n := len(read(t, source(t, w), "buy")); n != 50 {
		t.Fatalf("%d rows are seen before the commit", n)
	}
	if err := b.Rollback(); err != nil {
		t.Fatal(err)
	}
	if err := b.Rollback(); err != nil {
		t.Fatal(err)
	}
	if b.Commit(t.Context()) == nil {
		t.Fatal("committed what was taken back")
	}
	src := source(t, w)
	if n := len(read(t, src, "buy")); n != 50 || len(src.Schema().Events) != 1 || len(src.Schema().Roles) != 0 {
		t.Fatalf("%d rows, %+v", n, src.Schema())
	}
	if after, err := w.Fingerprint(t.Context()); err != nil || after != before {
		t.Fatalf("%s became %s, %v", before, after, err)
	}
}

func snapshot(t *testing.T, w store.Workspace) {
	r := rand.New(rand.NewPCG(7, 8))
	var model shelf
	type held struct {
		src  segment.Source
		rows []row
	}
	var all []held
	for range 6 {
		b := begin(t, w)
		model.addOne(t, b, randomRows(r, 100, 10))
		commit(t, b)
		// One loads at once, the other after all imports.
		src := source(t, w)
		same(t, read(t, src, "buy"), model.sorted())
		all = append(all, held{src, model.sorted()}, held{source(t, w), model.sorted()})
	}
	for _, h := range all {
		same(t, read(t, h.src, "buy"), slices.Clone(h.rows))
	}
}

func longSnapshot(t *testing.T, w store.Workspace) {
	early, n := []segment.Source{source(t, w)}, 40
	for i := range n {
		b := begin(t, w)
		who := fmt.Sprint("c", i%7+i/20)
		add(t, b, "e", map[string]column.Kind{"p": column.Text}, []row{{customer: who, time: int64(i % 11), id: fmt.Sprint(i / 2), props: map[string]any{"p": fmt.Sprint("p", i)}}})
		code := b.Customers().Code([]byte(who)) - 1
		if _, err := b.SetTrait(t.Context(), "seen", []uint32{code}, &column.Column{Kind: column.Number, Floats: []float64{float64(i)}}); err != nil {
			t.Fatal(err)
		}
		commit(t, b)
		early = append(early, source(t, w))
	}
	for i, src := range early {
		rows := read(t, src, "e")
		if len(rows) != i {
			t.Fatalf("source %d has %d rows", i, len(rows))
		}
		for _, r := range rows {
			var k int
			fmt.Sscanf(r.props["p"].(string), "p%d", &k)
			if k >= i || r.time != int64(k%11) || r.customer != fmt.Sprint("c", k%7+k/20) {
				t.Fatalf("source %d has %v", i, r)
			}
		}
		if i == 0 {
			continue
		}
		world, err := src.Load(t.Context(), segment.Need{Traits: []string{"seen"}})
		if err != nil {
			t.Fatal(err)
		}
		var seen []float64
		for k := range world.Traits["seen"].Len() {
			seen = append(seen, world.Traits["seen"].Float(k))
		}
		if len(seen) != src.Schema().Customers || slices.Max(seen) != float64(i-1) {
			t.Fatalf("source %d: newest of %v", i, seen)
		}
	}
}

func tied(t *testing.T, w store.Workspace) {
	for i, step := range []struct {
		rows            []row
		tied, scattered bool
	}{
		{[]row{{customer: "a", time: 1}}, false, false},
		{[]row{{customer: "a", time: 3, id: "x"}, {customer: "a", time: 3, id: "x"}}, true, false},
		{[]row{{customer: "b", time: 3, id: "x"}, {customer: "a", time: 4, id: "y"}}, true, false},
		{[]row{{customer: "a", time: 4, id: "x"}}, true, true},
	} {
		b := begin(t, w)
		add(t, b, "e", nil, step.rows)
		commit(t, b)
		src := source(t, w)
		e, _ := src.Schema().Event("e")
		world, err := src.Load(t.Context(), segment.Need{Events: map[string][]string{"e": nil}})
		if err != nil {
			t.Fatal(err)
		}
		table := world.Tables["e"]
		if e.Tied != step.tied || (table.IDs != nil) != step.tied || table.Scattered != step.scattered {
			t.Fatalf("step %d: tied %v, ids %v, scattered %v", i, e.Tied, table.IDs, table.Scattered)
		}
	}
}
