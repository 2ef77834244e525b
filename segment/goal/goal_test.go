package goal

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"tesela/segment/segmenttest"
	"tesela/segment/syntax"
)

// world reads a world and its source.
func world(t *testing.T, text string) (*segmenttest.World, *segmenttest.Source, segmenttest.Case) {
	t.Helper()
	cases, err := segmenttest.ParseFile("world", text+"eval everyone -> none\n")
	if err != nil {
		t.Fatal(err)
	}
	src, err := segmenttest.NewSource(cases[0].World)
	if err != nil {
		t.Fatal(err)
	}
	return cases[0].World, src, cases[0]
}

// shop has 400 customers, of whom the first 200 bought once in March, 100 of
// them (the even ones) again in May; those up to 40 consented. All is worked
// out by hand below.
func shop() string {
	var b strings.Builder
	b.WriteString("load\nzone UTC\ncurrency EUR 2\nrole purchase order\nrole amount order.amount\nrole consent ok\nrole country country\nrole signup joined\n")
	b.WriteString("customers ok:bool country:text joined:date\n")
	for i := range 400 {
		fmt.Fprintf(&b, "  c%d %t %s 2024-01-01\n", i, i < 40 || i >= 200, []string{"ES", "PT"}[i%2])
	}
	b.WriteString("event order amount:money\n")
	for i := range 200 {
		fmt.Fprintf(&b, "  c%d 2024-03-15T10:00 %d.00\n", i, 10+i%5)
		if i%2 == 0 {
			fmt.Fprintf(&b, "  c%d 2024-05-20T10:00 20.00\n", i)
		}
	}
	b.WriteString("at 2024-06-01\n")
	return b.String()
}

// TestFiguresByHand proposes for a goal of two groups whose every figure is
// counted on paper.
func TestFiguresByHand(t *testing.T) {
	_, src, c := world(t, shop())
	g := Goal{
		Key: "again", Outcome: []string{"count({purchase}) >= 1"}, Days: 30, Worth: "sum({amount}) / count({purchase})", Rank: ByGain, Consent: true,
		Groups: []Group{
			{Name: "once", Formula: "count({purchase}) = 1"},
			{Name: "ever", Formula: "count({purchase}) >= 1"},
			{Name: "lacking", Formula: "count({cart}) >= 1"},
			{Name: "all", Formula: "everyone"},
		},
	}
	r, err := Propose(context.Background(), src, c.At, Query{Goal: g, Least: 10, Most: 5})
	if err != nil {
		t.Fatal(err)
	}
	// Everyone is over half of all, and who bought once lies within who ever did.
	if r.Considered != 3 || r.Broad != 1 || r.Same != 1 || len(r.Proposals) != 1 {
		t.Fatalf("considered %d, broad %d, same %d, proposals %d", r.Considered, r.Broad, r.Same, len(r.Proposals))
	}
	if !slices.Equal(r.Missing, []string{"cart"}) {
		t.Errorf("missing %v", r.Missing)
	}
	p := find(r, "ever")
	if p == nil {
		t.Fatal("ever is not proposed")
	}
	// As of 2 May all 200 had bought; 100 of them did in the 30 days since.
	if p.Size != 200 || p.Reach != 40 || p.Then != 200 || p.Mean != 0.5 {
		t.Errorf("size %d, reach %d, then %d, mean %v", p.Size, p.Reach, p.Then, p.Mean)
	}
	// Worth: c0…c39, each sum over count. Odd ones 10 + i%5, even ones the mean
	// of that and 20.
	sum := 0.0
	for i := range 40 {
		if x := float64(10 + i%5); i%2 == 0 {
			sum += (x + 20) / 2
		} else {
			sum += x
		}
	}
	if math.Abs(p.Worth-sum/40) > 1e-9 {
		t.Errorf("worth %v, not %v", p.Worth, sum/40)
	}
	if want := 0.1 * 0.5 * sum / 40 * 40; math.Abs(p.Gain-want) > 1e-9 {
		t.Errorf("gain %v, not %v", p.Gain, want)
	}
	// Revenue: 200 orders of 10…14 in equal parts, 100 of 20.
	if got := p.Revenue.FloatString(2); got != "4400.00" {
		t.Errorf("revenue %s", got)
	}
}

func find(r *Report, name string) *Proposal {
	for i := range r.Proposals {
		if r.Proposals[i].Name == name {
			return &r.Proposals[i]
		}
	}
	return nil
}

// TestNoTwoAreNearlyTheSame gives groups that are one another in other words.
func TestNoTwoAreNearlyTheSame(t *testing.T) {
	_, src, c := world(t, shop())
	g := Goal{Outcome: []string{"count({purchase}) >= 1"}, Days: 30, Rank: ByGain, Groups: []Group{
		{Name: "a", Formula: "count({purchase}) = 1"},
		{Name: "b", Formula: "count({purchase}) between 1 and 1"},
		{Name: "c", Formula: "count({purchase}) = 1 and country = \"PT\""},
		{Name: "d", Formula: "count({purchase}) = 2"},
	}}
	r, err := Propose(context.Background(), src, c.At, Query{Goal: g, Least: 10, Most: 5})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Proposals) != 2 || r.Same != 2 {
		t.Errorf("%d proposals, %d left out as the same", len(r.Proposals), r.Same)
	}
	for i, p := range r.Proposals {
		for _, q := range r.Proposals[:i] {
			if nearlySame(p, q) {
				t.Errorf("%s and %s are nearly the same", p.Name, q.Name)
			}
		}
	}
}

// TestBaseAndLeast chooses among some customers, and none that are too few.
func TestBaseAndLeast(t *testing.T) {
	_, src, c := world(t, shop())
	base, err := syntax.Parse(`country = "PT"`)
	if err != nil {
		t.Fatal(err)
	}
	g := Goal{Outcome: []string{"count({purchase}) >= 1"}, Days: 30, Rank: ByGain, Groups: []Group{
		{Name: "once", Formula: "count({purchase}) = 1"}, {Name: "twice", Formula: "count({purchase}) = 2"}, {Name: "never", Formula: "count({purchase}) = 0"},
	}}
	r, err := Propose(context.Background(), src, c.At, Query{Goal: g, Base: base, Least: 101, Most: 5})
	if err != nil {
		t.Fatal(err)
	}
	// Odd customers: 100 once, none twice, 100 never.
	if r.Base != 200 || r.Considered != 2 || r.Small != 2 || len(r.Proposals) != 0 {
		t.Errorf("base %d, considered %d, small %d, proposals %d", r.Base, r.Considered, r.Small, len(r.Proposals))
	}
}

// TestGoalsAreWhole compiles every group of every goal in a world that has all
// roles, and finds nothing missing.
func TestGoalsAreWhole(t *testing.T) {
	goals, err := Goals()
	if err != nil {
		t.Fatal(err)
	}
	_, src, c := world(t, everyRole())
	for _, key := range Keys(goals) {
		g := goals[key]
		var v *Value
		switch g.Needs {
		case Place:
			v = &Value{"", "country", "ES"}
		case Product:
			v = &Value{"order", "category", "Shoes"}
		}
		w := &work{src: src, at: c.At, q: Query{Goal: g, Value: v}, names: namesOf(src.Schema(), v), report: &Report{Days: g.Days}}
		if err := w.candidates(context.Background()); err != nil {
			t.Errorf("%s: %v", key, err)
		}
		if len(w.report.Missing) > 0 {
			t.Errorf("%s: missing %v", key, w.report.Missing)
		}
		if len(w.all) != len(g.Groups) && !g.Pairs {
			var have []string
			for _, c := range w.all {
				have = append(have, c.Name)
			}
			t.Errorf("%s: %d of %d groups compile: %v", key, len(w.all), len(g.Groups), have)
		}
		if g.Days < 7 || len(g.Groups) < 5 && !g.Pairs || w.outcome == nil && !g.Pairs {
			t.Errorf("%s lacks days, groups or an outcome", key)
		}
	}
}

func everyRole() string {
	var b strings.Builder
	b.WriteString("load\nzone UTC\ncurrency EUR 2\n")
	for _, r := range []string{
		"purchase order", "amount order.amount", "quantity order.n", "category order.category", "product order.product", "refund refund", "visit visit", "cart cart",
		"send send", "open open", "click click", "unsubscribe unsubscribe", "campaign send.campaign", "survey survey", "score survey.score", "consent ok", "country country", "signup joined",
	} {
		b.WriteString("role " + r + "\n")
	}
	b.WriteString("customers ok:bool country:text joined:date\n")
	for i := range 60 {
		fmt.Fprintf(&b, "  c%d true ES 2023-01-01\n", i)
	}
	b.WriteString("event order amount:money n:number category:text product:text discount:money\n")
	for i := range 60 {
		for k := range 3 {
			fmt.Fprintf(&b, "  c%d 2024-0%d-%02dT10:00 10.00 1 %s p %s\n", i, 1+k+i%3, 1+i%28, []string{"Shoes", "Bags"}[(i+k)%2], []string{"1.00", "-"}[i%2])
		}
	}
	for _, e := range []string{"refund amount:money", "visit", "cart", "send campaign:text", "open campaign:text", "click campaign:text", "unsubscribe campaign:text", "survey score:number", "view category:text"} {
		b.WriteString("event " + e + "\n")
		_, field, _ := strings.Cut(e, " ")
		value := map[string]string{"amount:money": "1.00", "campaign:text": "A", "score:number": "9", "category:text": "Shoes", "": ""}[field]
		for i := range 20 {
			fmt.Fprintf(&b, "  c%d 2024-05-%02dT10:00 %s\n", i, 1+i, value)
		}
	}
	b.WriteString("at 2024-06-01\n")
	return b.String()
}

// TestSmallWorlds: one customer, nobody who bought, no events at all.
func TestSmallWorlds(t *testing.T) {
	goals, err := Goals()
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"one":     "load\nrole purchase order\nrole amount order.amount\ncustomers\n  a\nevent order amount:money\n  a 2024-01-01 5.00\nat 2024-06-01\n",
		"nothing": "load\ncustomers country:text\n  a ES\n  b PT\nat 2024-06-01\n",
		"alike":   alike(),
	} {
		_, src, c := world(t, text)
		for _, key := range Keys(goals) {
			r, err := Propose(context.Background(), src, c.At, Query{Goal: goals[key], Least: 50, Most: 5})
			if err != nil && !strings.Contains(err.Error(), ErrNoGroups.Error()) {
				t.Errorf("%s, %s: %v", name, key, err)
			}
			if len(r.Proposals) > 1 {
				t.Errorf("%s, %s: %d proposals", name, key, len(r.Proposals))
			}
		}
	}
}

func alike() string {
	var b strings.Builder
	b.WriteString("load\nrole purchase order\nrole amount order.amount\ncustomers\n")
	for i := range 100 {
		fmt.Fprintf(&b, "  c%d\n", i)
	}
	b.WriteString("event order amount:money\n")
	for i := range 100 {
		fmt.Fprintf(&b, "  c%d 2024-05-01 5.00\n", i)
	}
	b.WriteString("at 2024-06-01\n")
	return b.String()
}

// TestCancelled ends when asked to.
func TestCancelled(t *testing.T) {
	_, src, c := world(t, shop())
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	goals, err := Goals()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Propose(ctx, src, c.At, Query{Goal: goals["win_back"], Least: 1, Most: 5}); err == nil {
		t.Error("a cancelled proposal gave groups")
	}
}

// TestAShorterListBeginsTheLonger proposes one, two and five groups.
func TestAShorterListBeginsTheLonger(t *testing.T) {
	_, src, c := world(t, everyRole())
	goals, err := Goals()
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"win_back", "reward_best", "raise_frequency"} {
		long, err := Propose(context.Background(), src, c.At, Query{Goal: goals[key], Least: 1, Most: 20})
		if err != nil {
			t.Fatal(err)
		}
		for most := 1; most <= len(long.Proposals); most++ {
			short, err := Propose(context.Background(), src, c.At, Query{Goal: goals[key], Least: 1, Most: most})
			if err != nil {
				t.Fatal(err)
			}
			for i, p := range short.Proposals {
				if q := long.Proposals[i]; p.Name != q.Name || p.Gain != q.Gain && p.Gain == p.Gain {
					t.Errorf("%s, %d of %d: %s, not %s", key, i, most, p.Name, q.Name)
				}
			}
		}
	}
}
