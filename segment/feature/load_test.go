package feature_test

import (
	"context"
	"math"
	"runtime"
	"slices"
	"strings"
	"testing"

	"tesela/segment"
	"tesela/segment/feature"
	"tesela/segment/segmenttest"
	"tesela/segment/syntax"
)

// TestColumns holds figures against those worked out by hand from the world's
// rows, as of 2025-06-16 (the last day is the 15th).
func TestColumns(t *testing.T) {
	ctx := context.Background()
	w, src, c := world(t, zoo)
	fs, err := feature.From(ctx, src, c.At, feature.Options{})
	if err != nil {
		t.Fatal(err)
	}
	table, err := feature.Load(ctx, src, c.At, fs)
	if err != nil {
		t.Fatal(err)
	}
	unset := math.NaN()
	for _, want := range []struct {
		key  string
		form feature.Form
		of   []float64 // ana bob cleo dan eve fay
	}{
		{`days_since(order)`, feature.Recency, []float64{37, 14, unset, 6, unset, unset}},
		{`count(order, last 1y)`, feature.CountOf, []float64{3, 1, 0, 3, 0, 0}},
		{`count(order where weekday in (6, 7), last 1y) / count(order, last 1y)`, feature.ShareWeekend, []float64{1. / 3, 1, unset, 2. / 3, unset, unset}},
		{`count(order where hour between 0 and 5, last 1y) / count(order, last 1y)`, feature.ShareHours, []float64{1. / 3, 0, unset, 0, unset, unset}},
		{`count(order where gift = true, last 1y) / count(order, last 1y)`, feature.ShareTrue, []float64{1. / 3, 1, unset, 0, unset, unset}},
		{`count(order where discount is set, last 1y) / count(order, last 1y)`, feature.ShareSet, []float64{1. / 3, 1, unset, 0, unset, unset}},
		{`count(refund, last 1y) / count(order, last 1y)`, feature.Per, []float64{1. / 3, 0, unset, 0, unset, unset}},
		{`sum(order.amount, last 1y) - sum(refund.amount, last 1y)`, feature.Revenue, []float64{37.01, 99.99, 0, 9.99, 0, 0}},
		{`sum(order.amount, last 1y) / count(order, last 1y)`, feature.Basket, []float64{42.56 / 3, 99.99, unset, 3.33, unset, unset}},
		{`sum(order.quantity, last 1y) / count(order, last 1y)`, feature.Items, []float64{7. / 3, 1, unset, 3, unset, unset}},
		{`count(order where category = "Shoes", last 1y) / count(order, last 1y)`, feature.ShareWord, []float64{2. / 3, 0, unset, 2. / 3, unset, unset}},
		{`born`, feature.Age, []float64{35, 70, unset, 25, 34, 35}},
		{`joined`, feature.Since, []float64{527, 496, 467, 135, unset, unset}},
		{`first(order)`, feature.SinceFirst, []float64{43, 531, unset, 8, unset, unset}},
		{`size`, feature.Trait, []float64{3, 1.5, unset, 0.1, 7, 2}},
	} {
		i := table.Find(want.key)
		if i < 0 {
			t.Errorf("%s is no feature", want.key)
			continue
		}
		if table.Features[i].Says.Form != want.form {
			t.Errorf("%s says %s, not %s", want.key, table.Features[i].Says.Form, want.form)
		}
		for k, x := range want.of {
			if got := table.Columns[i].Numbers[k]; got != x && !(math.IsNaN(got) && math.IsNaN(x)) {
				t.Errorf("%s of %s is %v, not %v", want.key, w.Customers[k].ID, got, x)
			}
		}
	}
	for key, want := range map[string][]string{
		`country`:             {"ES", "ES", "PT", "PT", "", "ES"},
		`ok_mail`:             {"true", "false", "", "true", "false", "true"},
		`tags contains "vip"`: {"true", "true", "false", "false", "false", "false"},
	} {
		i := table.Find(key)
		if i < 0 {
			t.Errorf("%s is no feature", key)
			continue
		}
		col := table.Columns[i]
		for k, word := range want {
			if got := col.Words[col.Codes[k]]; got != word {
				t.Errorf("%s of %s is %q, not %q", key, w.Customers[k].ID, got, word)
			}
		}
	}
	for _, f := range fs {
		if strings.Contains(f.Key(), "email") || strings.Contains(f.Key(), "name") || strings.Contains(f.Key(), "member_id") {
			t.Errorf("%s is personal or an id", f.Key())
		}
	}
}

// TestConditionsAgree asks every condition of every feature as a formula, and
// sets the members against the column: at thresholds drawn at random, at every
// figure of the column, and next to it.
func TestConditionsAgree(t *testing.T) {
	ctx := context.Background()
	worlds := []string{zoo, thirds()}
	for _, text := range worlds {
		_, src, c := world(t, text)
		for _, o := range []feature.Options{{}, {Always: true, Most: 60}} {
			fs, err := feature.From(ctx, src, c.At, o)
			if err != nil {
				t.Fatal(err)
			}
			if asked := agree(t, src, c, fs); asked < 500 {
				t.Errorf("only %d conditions were asked", asked)
			}
		}
	}
}

func agree(t *testing.T, src *segmenttest.Source, c segmenttest.Case, fs []feature.Feature) (asked int) {
	t.Helper()
	ctx := context.Background()
	table, err := feature.Load(ctx, src, c.At, fs)
	if err != nil {
		t.Fatal(err)
	}
	rnd := uint64(7)
	check := func(f syntax.Formula, what string, want func(i int) bool) {
		t.Helper()
		again, err := syntax.Parse(f.String())
		if err != nil {
			t.Fatalf("%s: %v", f, err)
		}
		p, err := segment.Compile(ctx, again, src, c.At)
		if err != nil {
			t.Fatalf("%s: %v", f, err)
		}
		set, err := p.Run(ctx)
		if err != nil {
			t.Fatalf("%s: %v", f, err)
		}
		asked++
		for i := range table.N {
			if set.Has(i) != want(i) {
				t.Errorf("%s, for %s: customer %d is in: %t", f, what, i, set.Has(i))
				return
			}
		}
	}
	for k, f := range table.Features {
		col := table.Columns[k]
		if col.Codes != nil {
			for code, word := range col.Words[1:] {
				code := uint32(code + 1)
				if !slices.Contains(col.Codes, code) {
					continue
				}
				check(f.Is(word), "is "+word, func(i int) bool { return col.Codes[i] == code })
				check(f.In(word, col.Words[1]), "in", func(i int) bool { return col.Codes[i] == code || col.Codes[i] == 1 })
			}
			check(f.Known(), "known", func(i int) bool { return col.Codes[i] != 0 })
			continue
		}
		check(f.Known(), "known", func(i int) bool { return !math.IsNaN(col.Numbers[i]) })
		low, high := math.Inf(1), math.Inf(-1)
		thresholds := map[float64]bool{0: true, -1: true, 1e300: true, -1e300: true, 1e-30: true}
		for _, x := range col.Numbers {
			if x == x {
				low, high = min(low, x), max(high, x)
				thresholds[x], thresholds[math.Nextafter(x, 1e9)], thresholds[math.Nextafter(x, -1e9)] = true, true, true
			}
		}
		for range 10 {
			rnd = rnd*6364136223846793005 + 1442695040888963407
			thresholds[low+(high-low)*float64(rnd>>11)/(1<<53)*1.1] = true
		}
		for x := range thresholds {
			if f.Unit == feature.Days && x > 40000 { // beyond what days are told for
				continue
			}
			check(f.Above(x), "above", func(i int) bool { return col.Numbers[i] >= x })
			check(f.Below(x), "below", func(i int) bool { return col.Numbers[i] < x })
		}
	}
	return asked
}

// TestLoadIsTheSameOnAnyCores loads on one core and on two.
func TestLoadIsTheSameOnAnyCores(t *testing.T) {
	ctx := context.Background()
	_, src, c := world(t, thirds())
	fs, err := feature.From(ctx, src, c.At, feature.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var tables []*feature.Table
	for _, cores := range []int{1, 2} {
		old := runtime.GOMAXPROCS(cores)
		table, err := feature.Load(ctx, src, c.At, fs)
		runtime.GOMAXPROCS(old)
		if err != nil {
			t.Fatal(err)
		}
		tables = append(tables, table)
	}
	for i, one := range tables[0].Columns {
		two := tables[1].Columns[i]
		same := slices.EqualFunc(one.Numbers, two.Numbers, func(a, b float64) bool { return math.Float64bits(a) == math.Float64bits(b) })
		if !same || !slices.Equal(one.Codes, two.Codes) || tables[0].Features[i].Key() != tables[1].Features[i].Key() {
			t.Errorf("%s differs", tables[0].Features[i].Key())
		}
	}
}
