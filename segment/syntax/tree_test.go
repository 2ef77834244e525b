package syntax

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

func name(n string) *Name         { return &Name{Name: n} }
func num(s string) *Number        { return &Number{Text: s} }
func days(n int) Duration         { return Duration{N: n, Unit: Day} }
func last(n int) *Window          { return &Window{Kind: WindowLast, Duration: days(n)} }
func is(n, value string) *Compare { return &Compare{Left: name(n), Op: Eq, Right: &Text{Value: value}} }

func ago(n int) Point {
	d := days(n)
	return Point{Ago: &d}
}

// Trees written by hand from the grammar.
func TestTrees(t *testing.T) {
	date := &Date{Text: "2011-06-01"}
	for text, want := range map[string]Formula{
		`a = "x" or b = "y" and not c = "z"`: &Or{Terms: []Formula{
			is("a", "x"),
			&And{Factors: []Formula{is("b", "y"), &Not{X: is("c", "z")}}},
		}},
		`sum(order.amount where category = "Shoes", from 180d ago to 90d ago) < 0.5 * b + 1`: &Compare{
			Left: &Call{
				Fn: Sum, Event: "order", Property: "amount", Where: is("category", "Shoes"),
				Window: &Window{Kind: WindowFromTo, From: ago(180), To: ago(90)},
			},
			Op: Lt,
			Right: &Arith{
				Op:    '+',
				Left:  &Arith{Op: '*', Left: num("0.5"), Right: name("b")},
				Right: num("1"),
			},
		},
		`a - (b - c) - d >= 0`: &Compare{Left: &Arith{
			Op:    '-',
			Left:  &Arith{Op: '-', Left: name("a"), Right: &Arith{Op: '-', Left: name("b"), Right: name("c")}},
			Right: name("d"),
		}, Op: Ge, Right: num("0")},
		`a in (-1, true) and a not in ("x")`: &And{Factors: []Formula{
			&In{Value: name("a"), List: []Literal{num("-1"), &Bool{Value: true}}},
			&In{Value: name("a"), Not: true, List: []Literal{&Text{Value: "x"}}},
		}},
		`a between 1 and 2 and b is not set`: &And{Factors: []Formula{
			&Between{Value: name("a"), Low: num("1"), High: num("2")},
			&IsSet{Value: name("b"), Not: true},
		}},
		`a not starts with "x"`:                   &Match{Value: name("a"), Not: true, Op: StartsWith, Text: "x"},
		`first(order) on 2011-06-01`:              &DateCompare{Value: &Call{Fn: First, Event: "order"}, Op: On, Date: *date},
		`a within before 2011-06-01`:              &Within{Value: name("a"), Window: &Window{Kind: WindowBefore, From: Point{Date: date}}},
		`a within since 9d ago`:                   &Within{Value: name("a"), Window: &Window{Kind: WindowSince, From: ago(9)}},
		`a within last month`:                     &Within{Value: name("a"), Window: &Window{Kind: WindowPeriod, Period: "last month"}},
		`a within 2011-05`:                        &Within{Value: name("a"), Window: &Window{Kind: WindowPeriod, Period: "2011-05"}},
		`a anniversary within next 7d`:            &Anniversary{Value: name("a"), Next: days(7)},
		`segment "S" at 2011-06-01`:               &InSegment{Name: "S", At: date},
		`left segment "S" within last 3d`:         &Crossed{Left: true, Name: "S", Window: last(3)},
		`entered segment "S" within last 3d`:      &Crossed{Name: "S", Window: last(3)},
		`bottom 0.5% by a among (b = "x")`:        &Rank{Bottom: true, Percent: true, N: *num("0.5"), By: name("a"), Among: is("b", "x")},
		"`count`(order, k: last 3d, next 4d) = 1": &Compare{Left: &Name{Name: "count", Params: []Param{{Event: "order"}, {Key: "k", Window: last(3)}, {Window: &Window{Kind: WindowNext, Duration: days(4)}}}}, Op: Eq, Right: num("1")},
		`rfm(bins: 3, "x", 2011) = 1`:             &Compare{Left: &Name{Name: "rfm", Params: []Param{{Key: "bins", Value: num("3")}, {Value: &Text{Value: "x"}}, {Window: &Window{Kind: WindowPeriod, Period: "2011"}}}}, Op: Eq, Right: num("1")},
		`sequence(a, not b, c where d = "x", within 15min, last 3d)`: &Sequence{
			Steps:  []Step{{Event: "a"}, {Not: true, Event: "b"}, {Event: "c", Where: is("d", "x")}},
			Within: Duration{N: 15, Unit: Minute}, Window: last(3),
		},
	} {
		got, err := Parse(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if !Equal(got, want) {
			t.Errorf("%s: got %#v", text, got)
		}
		if want.String() != text {
			t.Errorf("%s: the tree prints as %s", text, want)
		}
	}
}

func TestMeasures(t *testing.T) {
	for text, want := range map[string]Value{
		`customers(count(order) >= 2) / customers(everyone)`: &Arith{
			Op:    '/',
			Left:  &CustomersOf{Formula: &Compare{Left: &Call{Fn: Count, Event: "order"}, Op: Ge, Right: num("2")}},
			Right: &CustomersOf{Formula: &Everyone{}},
		},
		`per_customer(sum(order.amount, last 30d), p90)`: &PerCustomer{
			Value: &Call{Fn: Sum, Event: "order", Property: "amount", Window: last(30)}, Statistic: "p90",
		},
		`events(order)`: &Name{Name: "events", Params: []Param{{Event: "order"}}},
		`doers(visit)`:  &Name{Name: "doers", Params: []Param{{Event: "visit"}}},
		`customers`:     name("customers"),
		`aov`:           name("aov"),
	} {
		got, err := ParseMeasure(text)
		if err != nil || !Equal(got, want) || want.String() != text {
			t.Errorf("%s: got %v, %v; the tree prints as %s", text, got, err, want)
		}
	}
}

// Trees that are not canonical still print as what they mean.
func TestPrintsUnevenTrees(t *testing.T) {
	a, b, c := is("a", "x"), is("b", "x"), is("c", "x")
	for _, x := range []struct {
		tree Formula
		want string
	}{
		{&And{Factors: []Formula{a, &And{Factors: []Formula{b, c}}}}, `a = "x" and b = "x" and c = "x"`},
		{&Or{Terms: []Formula{&Or{Terms: []Formula{a, b}}, c}}, `a = "x" or b = "x" or c = "x"`},
		{&And{Factors: []Formula{&Or{Terms: []Formula{a}}, b}}, `a = "x" and b = "x"`},
		{&And{Factors: []Formula{&Or{Terms: []Formula{&Or{Terms: []Formula{a, b}}}}, c}}, `(a = "x" or b = "x") and c = "x"`},
		{&Not{X: &And{Factors: []Formula{&Or{Terms: []Formula{a, b}}}}}, `not (a = "x" or b = "x")`},
		{&Not{X: &And{}}, `not everyone`},
		{&Or{}, `nobody`},
		{All(), `everyone`},
		{Any(), `nobody`},
		{All(a), `a = "x"`},
		{All(a, All(b, Any(a, Any(b, c)))), `a = "x" and b = "x" and (a = "x" or b = "x" or c = "x")`},
	} {
		if got := x.tree.String(); got != x.want {
			t.Errorf("got %s, want %s", got, x.want)
		}
	}
}

// Positions are what a caller underlines.
func TestSpans(t *testing.T) {
	const text = `(country = "DE") and not sum( order . amount where qty > 1,last 6 mo)+ 2 > -1`
	f, err := Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	Walk(f, func(n Node) bool {
		s := n.Pos()
		got = append(got, fmt.Sprintf("%T %s", n, text[s.From:s.To]))
		if c, ok := n.(*Call); ok {
			got = append(got, text[c.EventAt.From:c.EventAt.To]+"|"+text[c.PropertyAt.From:c.PropertyAt.To])
		}
		return true
	})
	want := []string{
		`*syntax.And ` + text,
		`*syntax.Compare country = "DE"`, `*syntax.Name country`, `*syntax.Text "DE"`,
		`*syntax.Not not sum( order . amount where qty > 1,last 6 mo)+ 2 > -1`,
		`*syntax.Compare sum( order . amount where qty > 1,last 6 mo)+ 2 > -1`,
		`*syntax.Arith sum( order . amount where qty > 1,last 6 mo)+ 2`,
		`*syntax.Call sum( order . amount where qty > 1,last 6 mo)`,
		`order|amount`,
		`*syntax.Compare qty > 1`, `*syntax.Name qty`, `*syntax.Number 1`,
		`*syntax.Window last 6 mo`, `*syntax.Duration 6 mo`,
		`*syntax.Number 2`, `*syntax.Number -1`,
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestWalkStops(t *testing.T) {
	f, err := Parse(`a = 1 and count(order where b = 2) > 3`)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	Walk(f, func(n Node) bool {
		if x, ok := n.(*Name); ok {
			names = append(names, x.Name)
		}
		_, call := n.(*Call)
		return !call
	})
	if !slices.Equal(names, []string{"a"}) {
		t.Errorf("visited %v", names)
	}
	Walk(nil, func(Node) bool { t.Error("visited nothing"); return true })
}

// Canonical text is one to one with trees, so Equal must agree with it; the
// texts come from the tables, changed by a word or two.
func TestEqualAgreesWithText(t *testing.T) {
	var trees []Formula
	r := rand.New(rand.NewPCG(1, 2))
	for _, c := range readings {
		words := strings.Fields(c.canonical)
		trees = append(trees, mustParse(t, c.canonical), mustParse(t, "  "+c.text))
		for range 6 {
			changed := slices.Clone(words)
			changed[r.IntN(len(words))] = words[r.IntN(len(words))]
			if f, err := Parse(strings.Join(changed, " ")); err == nil {
				trees = append(trees, f)
			}
		}
	}
	for _, a := range trees {
		for _, b := range trees {
			if got, want := Equal(a, b), a.String() == b.String(); got != want {
				t.Fatalf("Equal is %t of\n%s\n%s", got, a, b)
			}
		}
	}
	if !Equal(nil, nil) || Equal(trees[0], nil) || Equal(nil, trees[0]) {
		t.Error("nil equals nil only")
	}
}

func mustParse(t *testing.T, text string) Formula {
	t.Helper()
	f, err := Parse(text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return f
}
