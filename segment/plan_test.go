package segment_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/big"
	"runtime"
	"strings"
	"testing"
	"time"

	"tesela/segment"
	"tesela/segment/column"
	"tesela/segment/segmenttest"
	"tesela/segment/syntax"
)

const shop = `
load
zone Europe/London
customers country:text age:number signup:time labels:tags vip:bool birthday:date
  ana Germany 34 2011-06-01T10:00 vip true 1990-01-02
  bo France 20.5 - - - -
  cy - - - - - -
event order id amount:money category:text qty:number
  ana 2011-12-01T10:00 o1 10.00 Shoes 1
  ana 2011-12-01T10:00 o1 5.50 Bags 2
  bo 2011-07-05T09:00 o2 1.00 Bags 1
event visit page:text
  bo 2011-12-01T10:00 home
save Twice = count(order) >= 2
at 2011-12-10
eval everyone -> ana bo cy
`

func source(t testing.TB, text string) (*segmenttest.Source, time.Time) {
	t.Helper()
	cases, err := segmenttest.ParseFile("inline", text)
	if err != nil {
		t.Fatal(err)
	}
	src, err := segmenttest.NewSource(cases[0].World)
	if err != nil {
		t.Fatal(err)
	}
	return src, cases[0].At
}

func parse(t testing.TB, text string) syntax.Formula {
	t.Helper()
	f, err := syntax.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func compile(t testing.TB, src segment.Source, at time.Time, text string) *segment.Plan {
	t.Helper()
	p, err := segment.Compile(t.Context(), parse(t, text), src, at)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestPlanIsReadableAndAbsolute(t *testing.T) {
	src, at := source(t, shop)
	p := compile(t, src, at, `country = "Germany" and (sum(order.amount where category = "Shoes", last 90d) > 0.5 * count(order where category = "Shoes", last 90d)
		or not top 10% by days_since(order) among (age >= 18)) and signup within last 1y and sequence(visit, not order, within 1d, last 30d)`)
	want := strings.TrimSpace(`
as of 2011-12-10T00:00:00Z in Europe/London
scan 1: order where category = "Shoes", [2011-09-10T23:00:00Z, 2011-12-10T00:00:00Z)
  1.1 sum of amount
  1.2 count
scan 2: order, before 2011-12-10T00:00:00Z
  2.1 days_since to 2011-12-09
sequence 1: visit, not order, within 1d, [2011-11-10T00:00:00Z, 2011-12-10T00:00:00Z), events before 2011-12-10T00:00:00Z
stage 1: top 10% by 2.1
  among
    age >= 18
formula 1
  and
    country = "Germany"
    or
      1.1 > (0.5 * 1.2)
      not
        in stage 1
    signup in [2010-12-10T00:00:00Z, 2011-12-10T00:00:00Z)
    has sequence 1`)
	if got := p.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if again := compile(t, src, at, `country = "Germany" and (sum(order.amount where category = "Shoes", last 90d) > 0.5 * count(order where category = "Shoes", last 90d)
		or not top 10% by days_since(order) among (age >= 18)) and signup within last 1y and sequence(visit, not order, within 1d, last 30d)`); again.String() != want {
		t.Error("the same formula plans differently")
	}
	need := p.Need()
	if got := fmt.Sprint(need.Traits, need.Events); got != "[age country signup] map[order:[amount category] visit:[]]" {
		t.Errorf("needs %s", got)
	}
}

func TestEqualCallsShareAScan(t *testing.T) {
	src, at := source(t, shop)
	p := compile(t, src, at, `count(order, last 90d) > 1 and count(order, last 90d) < 5 and sum(order.amount, from 90d ago to 2012-01-01) > 3
		and segment "Twice" and segment "Twice" at 2011-12-10`)
	if got := strings.Count(p.String(), "\nscan"); got != 2 {
		t.Errorf("%d scans, want one for the window and one for all of time:\n%s", got, p)
	}
}

func TestCompileEachAndConditions(t *testing.T) {
	src, at := source(t, shop)
	f := parse(t, `country = "Germany" and count(order) >= 1 and not age > 30`)
	conditions := segment.Conditions(f)
	if len(conditions) != 3 {
		t.Fatalf("%d conditions", len(conditions))
	}
	p, err := segment.CompileEach(t.Context(), append([]syntax.Formula{f}, conditions...), src, at)
	if err != nil {
		t.Fatal(err)
	}
	sets, err := p.RunEach(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var sizes []int
	for _, s := range sets {
		sizes = append(sizes, s.Len())
	}
	if got := fmt.Sprint(sizes); got != "[0 1 2 2]" {
		t.Errorf("sizes %s", got)
	}
	if !sets[0].Equal(sets[1].And(sets[2]).And(sets[3])) {
		t.Error("the whole is not the and of its parts")
	}
	if got := len(segment.Conditions(parse(t, `everyone or nobody`))); got != 2 {
		t.Errorf("an or has %d conditions", got)
	}
	if got := len(segment.Conditions(parse(t, `not (everyone and nobody)`))); got != 1 {
		t.Errorf("a not has %d conditions", got)
	}
}

func TestAllFaultsAreNamedInOrder(t *testing.T) {
	src, at := source(t, shop)
	f := parse(t, `aje > 3 and count(ordr) > 1 and country = 3 and count(order where categry = "Shoes", last 90d) > 1`)
	_, err := segment.Compile(t.Context(), f, src, at)
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok || len(joined.Unwrap()) != 4 {
		t.Fatalf("got %v", err)
	}
	last := -1
	for _, e := range joined.Unwrap() {
		var se *syntax.Error
		if !errors.As(e, &se) {
			t.Fatalf("%T", e)
		}
		if se.Span.From <= last {
			t.Errorf("%v is out of order", e)
		}
		last = se.Span.From
	}
}

func TestFilter(t *testing.T) {
	src, _ := source(t, shop)
	order, _ := src.Schema().Event("order")
	f, err := syntax.ParseFilter(`category = "Bags" and (amount > 1 or qty = 1)`)
	if err != nil {
		t.Fatal(err)
	}
	filter, err := segment.CompileFilter(t.Context(), f, order, src)
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(filter.Props()); got != "[amount category qty]" {
		t.Errorf("props %s", got)
	}
	var need segment.Need
	for _, p := range filter.Props() {
		need.Add("order", p)
	}
	world, err := src.Load(t.Context(), need)
	if err != nil {
		t.Fatal(err)
	}
	pass := filter.Bind(world.Tables["order"])
	if got := fmt.Sprint(pass(0), pass(1), pass(2)); got != "false true true" {
		t.Errorf("rows pass: %s", got)
	}
	all, err := segment.CompileFilter(t.Context(), nil, order, src)
	if err != nil || !all.Bind(world.Tables["order"])(0) {
		t.Errorf("no filter: %v", err)
	}
	for _, text := range []string{`category = "Boots"`, `country = "Germany"`, `amount = "x"`} {
		f, err := syntax.ParseFilter(text)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := segment.CompileFilter(t.Context(), f, order, src); err == nil {
			t.Errorf("%s: no fault", text)
		}
	}
}

func TestValues(t *testing.T) {
	src, at := source(t, shop)
	values := func(text string) (*segment.ValuePlan, *segment.Values) {
		v, err := syntax.ParseValue(text)
		if err != nil {
			t.Fatal(err)
		}
		p, err := segment.CompileValue(t.Context(), v, src, at)
		if err != nil {
			t.Fatal(err)
		}
		out, err := p.Run(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return p, out
	}
	for _, c := range []struct {
		text  string
		kind  column.Kind
		cells string
		rats  string
	}{
		{"count(order)", column.Number, "[1 1 0]", "[1/1 1/1 0/1]"},
		{"sum(order.amount)", column.Money, "[15.50 1.00 0.00]", "[31/2 1/1 0/1]"},
		{"avg(order.amount)", column.Money, "[7.75 1.00 <nil>]", "[31/4 1/1 <nil>]"},
		{"avg(order.amount) / 3", column.Money, "[2.58 0.33 <nil>]", "[31/12 1/3 <nil>]"},
		{"age", column.Number, "[34 20.5 <nil>]", "[34/1 41/2 <nil>]"},
		{"count(order) / 2", column.Number, "[0.5 0.5 0]", "[1/2 1/2 0/1]"},
		{"latest(order.category)", column.Text, "[Bags Bags <nil>]", "[<nil> <nil> <nil>]"},
		{"vip", column.Bool, "[true <nil> <nil>]", "[<nil> <nil> <nil>]"},
		{"birthday", column.Date, "[1990-01-02 <nil> <nil>]", "[<nil> <nil> <nil>]"},
		{"signup", column.Time, "[2011-06-01T10:00:00+01:00 <nil> <nil>]", "[<nil> <nil> <nil>]"},
		{"country", column.Text, "[Germany France <nil>]", "[<nil> <nil> <nil>]"},
	} {
		p, v := values(c.text)
		var cells []any
		var rats []*big.Rat
		for i := range v.N() {
			cells, rats = append(cells, v.Cell(i)), append(rats, v.Rat(i))
			if v.IsSet(i) != (v.Cell(i) != nil) {
				t.Errorf("%s: customer %d is set: %t", c.text, i, v.IsSet(i))
			}
			if f := v.Float(i); (v.Rat(i) == nil) != math.IsNaN(f) {
				t.Errorf("%s: customer %d has float %g and rat %v", c.text, i, f, v.Rat(i))
			}
		}
		if p.Kind() != c.kind || v.Kind() != c.kind || fmt.Sprint(cells) != c.cells || fmt.Sprint(rats) != c.rats {
			t.Errorf("%s: %s %v %v, want %s %s %s", c.text, p.Kind(), cells, rats, c.kind, c.cells, c.rats)
		}
	}
	_, v := values("avg(order.amount)")
	if v.Compare(0, 1) <= 0 || v.Compare(1, 2) <= 0 || v.Compare(2, 2) != 0 || v.Compare(2, 0) >= 0 {
		t.Error("averages are out of order")
	}
	_, v = values("country")
	if v.Compare(0, 1) <= 0 || v.Compare(2, 1) >= 0 {
		t.Error("texts are out of order")
	}
}

func TestMoneyString(t *testing.T) {
	for _, c := range []struct {
		minor  int64
		digits int
		want   string
	}{
		{4371, 2, "43.71"},
		{-5, 2, "-0.05"},
		{0, 2, "0.00"},
		{100, 0, "100"},
		{-1, 3, "-0.001"},
		{math.MaxInt64, 2, "92233720368547758.07"},
	} {
		if got := segment.MoneyString(c.minor, c.digits); got != c.want {
			t.Errorf("%d with %d digits: %s, want %s", c.minor, c.digits, got, c.want)
		}
	}
}

// parity is a layer made for the test: whether a customer's number is even.
type parity struct{ computed *int }

func (p parity) Check(_ *segment.Schema, params []syntax.Param) (column.Kind, []string, error) {
	if len(params) > 0 {
		return 0, nil, &syntax.Error{Span: params[0].Span, Message: "parity takes no parameters"}
	}
	return column.Text, []string{"even", "odd"}, nil
}

func (p parity) Compute(_ context.Context, u *segment.Use) (*column.Column, error) {
	*p.computed++
	c := &column.Column{Kind: column.Text, Dict: column.NewDict([]string{"even", "odd"})}
	for i := range u.Source.Schema().Customers {
		c.Codes = append(c.Codes, uint32(1+i%2))
	}
	return c, nil
}

func TestLayersByName(t *testing.T) {
	src, at := source(t, shop)
	computed := 0
	layers := segment.WithLayers(segment.Layers{"parity": parity{&computed}})
	p, err := segment.Compile(t.Context(), parse(t, `parity = "even" and not (parity = "odd" or parity is not set)`), src, at, layers)
	if err != nil {
		t.Fatal(err)
	}
	set, err := p.Run(t.Context())
	if err != nil || set.Len() != 2 || !set.Has(0) || !set.Has(2) || computed != 1 {
		t.Errorf("got %d members, computed %d times, %v", set.Len(), computed, err)
	}
	for text, want := range map[string]string{
		`parity = "uneven"`:      `no parity is "uneven"; nearest: "even"`,
		`parity(bins: 3) = "x"`:  "parity takes no parameters",
		`paritty = "even"`:       "nearest: parity",
		`parity > 3`:             "parity is text and 3 is a number",
		`top 1 by parity`:        "has no order to rank by",
		`sum(order.parity) > 10`: "order has no property parity",
	} {
		_, err := segment.Compile(t.Context(), parse(t, text), src, at, layers)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}

// broken is a source whose disk fails.
type broken struct{ *segmenttest.Source }

var errDisk = errors.New("the disk is gone")

func (broken) Load(context.Context, segment.Need) (*column.World, error) { return nil, errDisk }

func (broken) Dict(context.Context, segment.FieldRef) (*column.Dict, error) { return nil, errDisk }

func TestFaultsOfTheSource(t *testing.T) {
	good, at := source(t, shop)
	src := broken{good}
	_, err := segment.Compile(t.Context(), parse(t, `country = "Germany"`), src, at)
	if !errors.Is(err, errDisk) || !strings.Contains(err.Error(), "values of country") {
		t.Errorf("checking: %v", err)
	}
	_, err = compile(t, src, at, `count(order) > 1`).Run(t.Context())
	if !errors.Is(err, errDisk) {
		t.Errorf("evaluating: %v", err)
	}
}

func TestATotalBeyondInt64IsAnError(t *testing.T) {
	src, at := source(t, `
load
customers
  a
event order amount:money
  a 2011-12-01 92233720368547758.07
  a 2011-12-02 0.01
at 2011-12-10
eval everyone -> a
`)
	if _, err := compile(t, src, at, `sum(order.amount) > 1`).Run(t.Context()); err == nil || !strings.Contains(err.Error(), "amount") {
		t.Errorf("got %v", err)
	}
	set, err := compile(t, src, at, `max(order.amount) + max(order.amount) = 184467440737095516.14`).Run(t.Context())
	if err != nil || set.Len() != 1 {
		t.Errorf("beyond int64: %v, %v", set, err)
	}
}

// TestSplitChangesNothing compares one core with several, to the bit.
func TestSplitChangesNothing(t *testing.T) {
	src := newBigSource(30_000)
	for _, text := range []string{
		`count(order, last 90d) >= 3 or country = "Shoes" and not days_since(order) < 20`,
		`top 10% by sum(order.amount, last 1y) among (count(order where category = "Bags") > 1)`,
		`avg(order.amount) > 50 and distinct(order.category) between 3 and 6`,
		`sequence(order where category = "Shoes", not order where category = "Hats", order where category = "Bags", within 30d)`,
	} {
		p := compile(t, src, bigEnd, text)
		sets := make([]*segment.Set, 3)
		for i, n := range []int{1, 2, 7} {
			old := runtime.GOMAXPROCS(n)
			var err error
			sets[i], err = p.Run(t.Context())
			runtime.GOMAXPROCS(old)
			if err != nil {
				t.Fatal(err)
			}
		}
		if sets[0].Len() == 0 || !sets[0].Equal(sets[1]) || !sets[0].Equal(sets[2]) {
			t.Errorf("%s: %d, %d, %d members", text, sets[0].Len(), sets[1].Len(), sets[2].Len())
		}
	}
}

func TestCancelled(t *testing.T) {
	src := newBigSource(200_000)
	f := parse(t, `active_days(order) > 3 and top 10% by avg(order.amount) / 7 and sequence(order, order, order, order, within 90d)`)
	p, err := segment.Compile(t.Context(), f, src, bigEnd)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := p.Run(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled before: %v", err)
	}
	if _, err := segment.Compile(ctx, parse(t, `country contains "x"`), src, bigEnd); err != nil && !errors.Is(err, context.Canceled) {
		t.Errorf("checking: %v", err)
	}
	for _, after := range []time.Duration{0, 5 * time.Millisecond, 20 * time.Millisecond} {
		// The machine may be busy with other things: the quickest of a few counts.
		least := time.Hour
		for range 5 {
			ctx, cancel := context.WithCancel(t.Context())
			var cut time.Time
			timer := time.AfterFunc(after, func() { cut = time.Now(); cancel() })
			_, err = p.Run(ctx)
			stopped := time.Now()
			if timer.Stop() {
				cancel()
				t.Skipf("this machine is done within %s", after)
			}
			<-ctx.Done()
			if err != nil && !errors.Is(err, context.Canceled) {
				t.Fatalf("after %s: %v", after, err)
			}
			least = min(least, stopped.Sub(cut))
		}
		if least > 50*time.Millisecond {
			t.Errorf("after %s: it took %s to stop", after, least)
		}
	}
}

// short is a source whose traits know nothing of the newest customers yet.
type short struct{ *segmenttest.Source }

func (s short) Load(ctx context.Context, need segment.Need) (*column.World, error) {
	w, err := s.Source.Load(ctx, need)
	if err != nil {
		return nil, err
	}
	for name, c := range w.Traits {
		cut := *c
		switch c.Kind {
		case column.Text:
			cut.Codes = c.Codes[:1]
		case column.Number:
			cut.Floats = c.Floats[:1]
		case column.Tags:
			cut.TagStarts = c.TagStarts[:2]
		default:
			cut.Ints = c.Ints[:1]
		}
		w.Traits[name] = &cut
	}
	return w, nil
}

func TestTraitsMayEndEarly(t *testing.T) {
	good, at := source(t, shop)
	src := short{good}
	for text, want := range map[string]int{
		`country is set`:             1,
		`country = "France"`:         0,
		`not country = "Germany"`:    2,
		`age > 3`:                    1,
		`labels contains "vip"`:      1,
		`labels is not set`:          2,
		`vip = true`:                 1,
		`signup within 2011`:         1,
		`birthday on 1990-01-02`:     1,
		`birthday before 2000-01-01`: 1,
	} {
		set, err := compile(t, src, at, text).Run(t.Context())
		if err != nil || set.Len() != want {
			t.Errorf("%s: %v, %v, want %d", text, set.Len(), err, want)
		}
	}
}

func TestFilterAsOfAnInstant(t *testing.T) {
	src, at := source(t, `
load
customers
  a
event order due:date sent:time
  a 2011-12-01 2011-12-12 2011-12-09T10:00
  a 2011-12-02 2011-12-30 2011-12-01T10:00
at 2011-12-10
eval everyone -> a
`)
	order, _ := src.Schema().Event("order")
	world, err := src.Load(t.Context(), segment.Need{Events: map[string][]string{"order": {"due", "sent"}}})
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		`sent within last 2d`:               "true false",
		`due anniversary within next 7d`:    "true false",
		`sent anniversary within next 355d`: "false false",
		`sent anniversary within next 366d`: "true true",
		`sent < due`:                        "true true",
		`due before 2011-12-30`:             "true false",
	} {
		f, err := syntax.ParseFilter(text)
		if err != nil {
			t.Fatal(err)
		}
		filter, err := segment.CompileFilterAt(t.Context(), f, order, src, at)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		pass := filter.Bind(world.Tables["order"])
		if got := fmt.Sprint(pass(0), " ", pass(1)); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
		_, err = segment.CompileFilter(t.Context(), f, order, src)
		if relative := strings.Contains(text, "within"); relative != (err != nil) {
			t.Errorf("%s without an instant: %v", text, err)
		}
	}
}
