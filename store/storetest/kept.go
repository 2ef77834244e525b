package storetest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"tesela/segment"
	"tesela/segment/column"
	"tesela/store"
)

func traits(t *testing.T, w store.Workspace) {
	ctx := t.Context()
	r := rand.New(rand.NewPCG(9, 10))
	model := map[uint32]string{}
	for i := range 8 {
		b := begin(t, w)
		for b.Customers().Len() < 10*(i+1) {
			b.Customers().Code(fmt.Appendf(nil, "c%d", b.Customers().Len()))
		}
		before := map[uint32]string{}
		for k, v := range model {
			before[k] = v
		}
		var who []uint32
		c := &column.Column{Kind: column.Text}
		for range 30 {
			k, word := uint32(r.IntN(10*(i+1))), ""
			if r.IntN(4) > 0 {
				word = fmt.Sprint("w", r.IntN(3))
				model[k] = word
			}
			who = append(who, k)
			c.Codes = append(c.Codes, b.Words(segment.FieldRef{Name: "t"}).Code([]byte(word)))
		}
		want := 0
		for k, v := range model {
			if before[k] != v {
				want++
			}
		}
		got, err := b.SetTrait(ctx, "t", who, c)
		if err != nil || got != want {
			t.Fatalf("%d values changed, want %d, %v", got, want, err)
		}
		if got, err := b.SetTrait(ctx, "t", who[len(who)-1:], sliceCodes(c, len(who)-1)); err != nil || got != 0 && c.Codes[len(who)-1] == 0 {
			t.Fatalf("%d, %v", got, err)
		} else if c.Codes[len(who)-1] != 0 {
			model[who[len(who)-1]] = b.Words(segment.FieldRef{Name: "t"}).Word(c.Codes[len(who)-1])
		}
		commit(t, b)
		src := source(t, w)
		world, err := src.Load(ctx, segment.Need{Traits: []string{"t"}})
		if err != nil {
			t.Fatal(err)
		}
		if n := world.Traits["t"].Len(); n != 10*(i+1) || world.Customers != n {
			t.Fatalf("%d values", n)
		}
		for k := range world.Customers {
			v, _ := value(world.Traits["t"], k).(string)
			if v != model[uint32(k)] {
				t.Fatalf("customer %d has %q, want %q", k, v, model[uint32(k)])
			}
		}
		f, ok := src.Schema().Trait("t")
		if !ok || f.Set != len(model) || f.Kind != column.Text {
			t.Fatalf("%+v, want %d set", f, len(model))
		}
	}
	// Low and high are those of the values now there.
	for _, v := range []int64{100, 3} {
		b := begin(t, w)
		if _, err := b.SetTrait(ctx, "age", []uint32{4}, &column.Column{Kind: column.Money, Ints: []int64{v}}); err != nil {
			t.Fatal(err)
		}
		if _, err := b.SetTrait(ctx, "size", []uint32{4}, &column.Column{Kind: column.Number, Floats: []float64{float64(v)}}); err != nil {
			t.Fatal(err)
		}
		commit(t, b)
	}
	s := source(t, w).Schema()
	if f, _ := s.Trait("age"); f.Set != 1 || f.Low != 3 || f.High != 3 {
		t.Fatalf("%+v", f)
	}
	if f, _ := s.Trait("size"); f.Set != 1 || math.Float64frombits(uint64(f.Low)) != 3 || math.Float64frombits(uint64(f.High)) != 3 {
		t.Fatalf("%+v", f)
	}
}

func sliceCodes(c *column.Column, from int) *column.Column {
	return &column.Column{Kind: c.Kind, Codes: c.Codes[from:]}
}

func tagTraits(t *testing.T, w store.Workspace) {
	set := func(who []uint32, lists ...[]string) int {
		b := begin(t, w)
		for _, id := range []string{"a", "b", "c", "d"} {
			b.Customers().Code([]byte(id))
		}
		c := &column.Column{Kind: column.Tags, TagStarts: []uint32{0}}
		for _, l := range lists {
			push(c, b.Words, segment.FieldRef{Name: "tags"}, l)
		}
		n, err := b.SetTrait(t.Context(), "tags", who, c)
		if err != nil {
			t.Fatal(err)
		}
		commit(t, b)
		return n
	}
	for i, n := range []int{
		set([]uint32{2, 0, 2}, []string{"x"}, []string{"y", "x"}, []string{"z"}),
		set([]uint32{0, 1, 2}, []string{"x", "y"}, nil, []string{"z", "w"}),
		set([]uint32{3, 1}, []string{"w"}, []string{"v"}),
	} {
		if want := []int{2, 1, 2}[i]; n != want {
			t.Fatalf("step %d changed %d, want %d", i, n, want)
		}
	}
	world, err := source(t, w).Load(t.Context(), segment.Need{Traits: []string{"tags"}})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"[x y]", "[v]", "[w z]", "[w]"}
	for i, s := range want {
		if got := fmt.Sprint(value(world.Traits["tags"], i)); got != s {
			t.Fatalf("customer %d: %s, want %s", i, got, s)
		}
	}
}

func declarations(t *testing.T, w store.Workspace) {
	b := begin(t, w)
	amount := segment.FieldRef{Event: "order", Name: "amount"}
	for _, err := range []error{b.Declare(amount, column.Money), b.Declare(amount, column.Money), b.Declare(segment.FieldRef{Name: "amount"}, column.Text)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := b.Declare(amount, column.Text); !errors.Is(err, store.ErrKindConflict) {
		t.Fatalf("%v", err)
	}
	if err := b.Declare(segment.FieldRef{Event: "order"}, column.Text); err == nil {
		t.Fatal("a field without a name")
	}
	if e, ok := b.Schema().Event("order"); !ok || len(e.Props) != 1 || e.Rows != 0 {
		t.Fatalf("%+v", e)
	}
	commit(t, b)
	b = begin(t, w)
	b.Customers().Code([]byte("c"))
	_, err := b.AddRows(t.Context(), "order", &column.Rows{
		Customers: []uint32{0}, Times: []int64{1},
		Props: map[string]*column.Column{"amount": {Kind: column.Number, Floats: []float64{1}}},
	})
	if !errors.Is(err, store.ErrKindConflict) {
		t.Fatalf("%v", err)
	}
}

func configuration(t *testing.T, w store.Workspace) {
	b := begin(t, w)
	if err := b.Configure("eur", ""); err != nil {
		t.Fatal(err)
	}
	if err := b.Configure("JPY", "Asia/Tokyo"); err != nil { // nothing is there yet
		t.Fatal(err)
	}
	if b.Configure("pounds", "") == nil || b.Configure("", "Middle/Earth") == nil {
		t.Fatal("took a currency or a zone that is none")
	}
	if s := b.Schema(); s.Currency != "JPY" || s.Digits != 0 || s.Zone.String() != "Asia/Tokyo" {
		t.Fatalf("%+v", s)
	}
	add(t, b, "e", map[string]column.Kind{"m": column.Money}, []row{{customer: "c", time: 1, props: map[string]any{"m": int64(1)}}})
	commit(t, b)
	b = begin(t, w)
	if err := b.Configure("", ""); err != nil {
		t.Fatal(err)
	}
	if err := b.Configure("jpy", "Asia/Tokyo"); err != nil {
		t.Fatal(err)
	}
	if b.Configure("EUR", "") == nil || b.Configure("", "Europe/London") == nil {
		t.Fatal("took another currency or zone than that of the data")
	}
	commit(t, b)
	if s := source(t, w).Schema(); s.Currency != "JPY" || s.Digits != 0 || s.Zone.String() != "Asia/Tokyo" {
		t.Fatalf("%+v", s)
	}
}

func fingerprint(t *testing.T, w store.Workspace) {
	ctx := t.Context()
	seen := map[string]int{}
	last, imported := "", ""
	step := 0
	changed := func(want bool) {
		t.Helper()
		step++
		print, err := w.Fingerprint(ctx)
		if err != nil || len(print) != len("sha256:")+64 || print[:7] != "sha256:" {
			t.Fatalf("step %d: %q, %v", step, print, err)
		}
		if old, ok := seen[print]; (print != last) != want || ok && want {
			t.Fatalf("step %d: changed is %v, seen at %d", step, print != last, old)
		}
		seen[print], last = step, print
		if imported, err = w.Imported(ctx); err != nil || len(imported) != len(print) || imported == print {
			t.Fatalf("step %d: imported %q, %v", step, imported, err)
		}
	}
	changed(true)
	rows := randomRows(rand.New(rand.NewPCG(1, 1)), 50, 5)
	load := func(rows []row) {
		b := begin(t, w)
		add(t, b, "buy", kinds, rows)
		commit(t, b)
	}
	load(rows)
	changed(true)
	load(rows)
	changed(false)
	load([]row{{customer: "c1", time: 1, props: map[string]any{"product": "new"}}})
	before := imported
	changed(true)
	if imported == before {
		t.Fatal("new rows leave the print of what was imported")
	}
	b := begin(t, w)
	commit(t, b)
	changed(false)
	for _, v := range []float64{1, 1, 2} {
		b := begin(t, w)
		n, err := b.SetTrait(ctx, "t", []uint32{0}, &column.Column{Kind: column.Number, Floats: []float64{v}})
		if err != nil {
			t.Fatal(err)
		}
		commit(t, b)
		changed(n > 0)
	}
	before = imported
	if err := w.SetRole(ctx, "purchase", "buy"); err != nil {
		t.Fatal(err)
	}
	changed(true)
	if err := w.SetWord(ctx, "VIP", "everyone"); err != nil {
		t.Fatal(err)
	}
	changed(true)
	b = begin(t, w)
	if err := b.Configure("GBP", ""); err != nil {
		t.Fatal(err)
	}
	commit(t, b)
	changed(true)
	if imported != before {
		t.Fatal("roles, words or the currency count as imported")
	}
	if err := w.SaveSegment(ctx, store.Segment{Name: "s", Formula: "everyone"}); err != nil {
		t.Fatal(err)
	}
	if err := w.AppendTurn(ctx, store.Turn{ID: "1"}); err != nil {
		t.Fatal(err)
	}
	changed(false)
}

func rolesAndWords(t *testing.T, w store.Workspace) {
	ctx := t.Context()
	for _, s := range [][2]string{{"purchase", "order"}, {"amount", "order.amount"}, {"purchase", "deposit"}, {"gone", "x"}, {"gone", ""}} {
		if err := w.SetRole(ctx, s[0], s[1]); err != nil {
			t.Fatal(err)
		}
	}
	for _, s := range [][2]string{{"vip", "a"}, {"GGR", "sum(bet.amount)"}, {"vip", "b"}, {"gone", "x"}, {"gone", ""}} {
		if err := w.SetWord(ctx, s[0], s[1]); err != nil {
			t.Fatal(err)
		}
	}
	s := source(t, w).Schema()
	if len(s.Roles) != 2 || s.Roles["purchase"] != "deposit" || s.Roles["amount"] != "order.amount" {
		t.Fatalf("%v", s.Roles)
	}
	if want := []segment.Word{{Word: "GGR", Text: "sum(bet.amount)"}, {Word: "vip", Text: "b"}}; !slices.Equal(s.Words, want) {
		t.Fatalf("%v", s.Words)
	}
	b := begin(t, w)
	if err := errors.Join(b.SetRole("purchase", ""), b.SetRole("visit", "page")); err != nil {
		t.Fatal(err)
	}
	if r := b.Schema().Roles; r["visit"] != "page" || r["purchase"] != "" {
		t.Fatalf("%v", r)
	}
	commit(t, b)
	if r := source(t, w).Schema().Roles; len(r) != 2 || r["visit"] != "page" {
		t.Fatalf("%v", r)
	}
}

func segments(t *testing.T, w store.Workspace) {
	ctx := t.Context()
	made := time.Date(2024, 2, 29, 12, 30, 1, 5000, time.UTC)
	before := source(t, w)
	for _, s := range []store.Segment{
		{Name: "b", Formula: "nobody", Text: "no one", Created: made},
		{Name: "B", Formula: "everyone", Text: "all", Created: made},
		{Name: "b", Formula: "everyone", Text: "all", Created: made.Add(time.Hour)},
		{Name: "odd", Formula: "((", Created: made},
	} {
		if err := w.SaveSegment(ctx, s); err != nil {
			t.Fatal(err)
		}
	}
	list, err := w.Segments(ctx)
	if err != nil || len(list) != 3 || list[0].Name != "B" || list[1].Name != "b" || list[1].Formula != "everyone" || !list[1].Created.Equal(made.Add(time.Hour)) {
		t.Fatalf("%+v, %v", list, err)
	}
	src := source(t, w)
	if f, ok := src.Saved("b"); !ok || f.String() != "everyone" {
		t.Fatalf("%v, %v", f, ok)
	}
	for _, name := range []string{"odd", "none", ""} {
		if f, ok := src.Saved(name); ok {
			t.Fatalf("%q is %v", name, f)
		}
	}
	if _, ok := before.Saved("b"); ok {
		t.Fatal("a source sees a segment saved after it was taken")
	}
	if err := w.DeleteSegment(ctx, "b"); err != nil {
		t.Fatal(err)
	}
	if err := w.DeleteSegment(ctx, "b"); !errors.Is(err, store.ErrNotFound) {
		t.Fatalf("%v", err)
	}
	if _, ok := src.Saved("b"); !ok {
		t.Fatal("a source lost a segment deleted after it was taken")
	}
	if w.SaveSegment(ctx, store.Segment{Formula: "everyone"}) == nil {
		t.Fatal("saved a segment without a name")
	}
}

func turns(t *testing.T, w store.Workspace) {
	ctx := t.Context()
	asked := time.Date(2025, 12, 31, 23, 59, 59, 999, time.UTC)
	for i := range 5 {
		turn := store.Turn{ID: fmt.Sprint("id", i), Session: "s", Asked: asked, Question: "¿cuántos?", Answer: json.RawMessage(fmt.Sprintf(`{"n": %d}`, i))}
		if i == 3 {
			turn.Session, turn.Answer = "other", nil
		}
		if err := w.AppendTurn(ctx, turn); err != nil {
			t.Fatal(err)
		}
	}
	ids := func(session string, last int) (out []string) {
		list, err := w.Turns(ctx, session, last)
		if err != nil {
			t.Fatal(err)
		}
		for _, turn := range list {
			out = append(out, turn.ID)
		}
		return out
	}
	for _, c := range []struct {
		got, want []string
	}{
		{ids("s", 0), []string{"id0", "id1", "id2", "id4"}},
		{ids("s", 2), []string{"id2", "id4"}},
		{ids("s", 99), []string{"id0", "id1", "id2", "id4"}},
		{ids("other", 0), []string{"id3"}},
		{ids("none", 0), nil},
	} {
		if !slices.Equal(c.got, c.want) {
			t.Fatalf("%v, want %v", c.got, c.want)
		}
	}
	turn, err := w.Turn(ctx, "id4")
	if err != nil || turn.Question != "¿cuántos?" || string(turn.Answer) != `{"n": 4}` || !turn.Asked.Equal(asked) || turn.Session != "s" {
		t.Fatalf("%+v, %v", turn, err)
	}
	if _, err := w.Turn(ctx, "id9"); !errors.Is(err, store.ErrNotFound) {
		t.Fatalf("%v", err)
	}
	if w.AppendTurn(ctx, store.Turn{ID: "id4", Session: "s"}) == nil {
		t.Fatal("an id was used twice")
	}
}

func unknown(t *testing.T, w store.Workspace) {
	b := begin(t, w)
	add(t, b, "e", map[string]column.Kind{"n": column.Number}, []row{{customer: "c", time: 1}})
	commit(t, b)
	src := source(t, w)
	for _, need := range []segment.Need{
		{Traits: []string{"n"}}, {Events: map[string][]string{"f": nil}}, {Events: map[string][]string{"e": {"m"}}},
	} {
		if _, err := src.Load(t.Context(), need); !errors.Is(err, store.ErrNotFound) {
			t.Fatalf("%+v: %v", need, err)
		}
	}
	for _, f := range []segment.FieldRef{{Event: "e", Name: "n"}, {Event: "e", Name: "m"}, {Name: "n"}} {
		if _, err := src.Dict(t.Context(), f); err == nil {
			t.Fatalf("%v has words", f)
		}
	}
}

func unsound(t *testing.T, w store.Workspace) {
	b := begin(t, w)
	b.Customers().Code([]byte("c"))
	word := &column.Column{Kind: column.Text, Codes: []uint32{1}}
	for i, rows := range []*column.Rows{
		{Customers: []uint32{0}},
		{Customers: []uint32{1}, Times: []int64{1}},
		{Customers: []uint32{0}, Times: []int64{column.Unset}},
		{Customers: []uint32{0}, Times: []int64{1}, IDs: []uint32{}},
		{Customers: []uint32{0}, Times: []int64{1}, IDs: []uint32{1}},
		{Customers: []uint32{0}, Times: []int64{1}, Props: map[string]*column.Column{"w": word}},
		{Customers: []uint32{0}, Times: []int64{1}, Props: map[string]*column.Column{"w": nil}},
		{Customers: []uint32{0}, Times: []int64{1}, Props: map[string]*column.Column{"m": {Kind: column.Money}}},
	} {
		if _, err := b.AddRows(t.Context(), "e", rows); err == nil {
			t.Fatalf("rows %d were taken", i)
		}
	}
	if _, err := b.SetTrait(t.Context(), "t", []uint32{7}, &column.Column{Kind: column.Bool, Ints: []int64{1}}); err == nil {
		t.Fatal("a trait of nobody")
	}
	// None of it spoils the batch.
	add(t, b, "e", nil, []row{{customer: "c", time: 1}})
	commit(t, b)
}

func cancelled(t *testing.T, w store.Workspace) {
	b := begin(t, w)
	add(t, b, "e", map[string]column.Kind{"n": column.Number}, []row{{customer: "c", time: 1}})
	commit(t, b)
	src := source(t, w)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, one := w.Source(ctx)
	_, two := w.Import(ctx)
	_, three := src.Load(ctx, segment.Need{Events: map[string][]string{"e": {"n"}}})
	for i, err := range []error{one, two, three, w.SetRole(ctx, "r", "t")} {
		if !errors.Is(err, context.Canceled) {
			t.Fatalf("call %d: %v", i, err)
		}
	}
	// While one writes, another waits no longer than he is willing to.
	b = begin(t, w)
	ctx, cancel = context.WithTimeout(t.Context(), 30*time.Millisecond)
	defer cancel()
	start := time.Now()
	if _, err := w.Import(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("%v", err)
	}
	if d := time.Since(start); d > 500*time.Millisecond {
		t.Fatalf("waited %v", d)
	}
	b.Rollback()
}
