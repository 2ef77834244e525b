package segment_test

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"

	"tesela/segment"
	"tesela/segment/column"
	"tesela/segment/segmenttest"
	"tesela/segment/syntax"
)

// TestCompileValuesAgreesWithOneByOne evaluates values together, whole and by
// blocks, and each alone.
func TestCompileValuesAgreesWithOneByOne(t *testing.T) {
	ctx := context.Background()
	src, err := segmenttest.NewSource(manyWorld(t))
	if err != nil {
		t.Fatal(err)
	}
	at := src.Schema().Now()
	texts := []string{
		"country", "age", "joined", "vip", "count(order)", "sum(order.amount)", "sum(order.amount) / count(order)",
		"count(order where big = true) / count(order)", "days_since(order)", "latest(order.shop)", "last(order)", "2 * age",
	}
	var vs []syntax.Value
	for _, text := range texts {
		v, err := syntax.ParseValue(text)
		if err != nil {
			t.Fatal(err)
		}
		vs = append(vs, v)
	}
	many, err := segment.CompileValues(ctx, vs, src, at)
	if err != nil {
		t.Fatal(err)
	}
	whole, err := many.Run(ctx)
	if err != nil {
		t.Fatal(err)
	}
	n := src.Schema().Customers
	pieces := make([][]any, len(vs))
	ints := make([][]int64, len(vs))
	floats := make([][]float64, len(vs))
	for i := range vs {
		pieces[i], ints[i], floats[i] = make([]any, n), make([]int64, n), make([]float64, n)
	}
	var lock sync.Mutex
	seen := 0
	err = many.Each(ctx, func(from int, block []*segment.Values) error {
		for i, v := range block {
			for k := range v.N() {
				pieces[i][from+k], ints[i][from+k] = v.Cell(k), v.Int(k)
			}
			v.Floats(floats[i][from : from+v.N()])
		}
		lock.Lock()
		seen += block[0].N()
		lock.Unlock()
		return nil
	})
	if err != nil || seen != n {
		t.Fatalf("Each saw %d of %d: %v", seen, n, err)
	}
	for i, v := range vs {
		p, err := segment.CompileValue(ctx, v, src, at)
		if err != nil {
			t.Fatal(err)
		}
		alone, err := p.Run(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if many.Kind(i) != p.Kind() {
			t.Errorf("%s is %s together, %s alone", v, many.Kind(i), p.Kind())
		}
		for c := range n {
			if want := alone.Cell(c); whole[i].Cell(c) != want || pieces[i][c] != want {
				t.Fatalf("%s of customer %d: %v together, %v by blocks, %v alone", v, c, whole[i].Cell(c), pieces[i][c], want)
			}
			if f, want := floats[i][c], alone.Float(c); f != want && !(math.IsNaN(f) && math.IsNaN(want)) {
				t.Fatalf("%s of customer %d: %v in floats, %v alone", v, c, f, want)
			}
			if r := alone.Rat(c); r != nil {
				if f, _ := r.Float64(); f != alone.Float(c) {
					t.Fatalf("%s of customer %d: float %v is not the nearest to %s", v, c, alone.Float(c), r)
				}
			}
		}
	}
	if got := ints[3][:3]; !slices.Equal(got, []int64{1, 0, column.Unset}) {
		t.Errorf("vip of the first three is %v", got)
	}
}

// TestCompileValuesTellsAllFaults names what is wrong with several values.
func TestCompileValuesTellsAllFaults(t *testing.T) {
	src, err := segmenttest.NewSource(manyWorld(t))
	if err != nil {
		t.Fatal(err)
	}
	var vs []syntax.Value
	for _, text := range []string{"count(ordr)", "age", "height"} {
		v, err := syntax.ParseValue(text)
		if err != nil {
			t.Fatal(err)
		}
		vs = append(vs, v)
	}
	_, err = segment.CompileValues(context.Background(), vs, src, src.Schema().Now())
	if err == nil || !strings.Contains(err.Error(), "ordr") || !strings.Contains(err.Error(), "height") {
		t.Errorf("the faults are told as %v", err)
	}
}

// manyWorld has more customers than one block.
func manyWorld(t *testing.T) *segmenttest.World {
	t.Helper()
	var b strings.Builder
	b.WriteString("load\nzone Europe/London\nrole purchase order\nrole amount order.amount\n")
	b.WriteString("customers country:text age:number joined:date vip:bool\n")
	const n = 5000
	for i := range n {
		vip := []string{"true", "false", "-"}[i%3]
		fmt.Fprintf(&b, "  c%d %s %d 2020-01-%02d %s\n", i, []string{"DE", "FR", "-"}[i%7%3], 18+i%50, 1+i%28, vip)
	}
	b.WriteString("event order amount:money big:bool shop:text\n")
	for i := range 3 * n {
		fmt.Fprintf(&b, "  c%d 2021-%02d-%02dT%02d:00 %d.%02d %t s%d\n", i*i%n, 1+i%12, 1+i%28, i%24, i%90, i%100, i%5 == 0, i%4)
	}
	b.WriteString("at 2022-01-01\neval everyone -> none\n")
	cases, err := segmenttest.ParseFile("many", b.String())
	if err != nil {
		t.Fatal(err)
	}
	return cases[0].World
}
