package probe_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tesela/segment"
	"tesela/segment/probe"
	"tesela/segment/segmenttest"
	"tesela/segment/syntax"
)

func changesText(d *probe.Difference) string {
	var got []string
	for _, c := range d.Changes {
		text := string(c.Kind)
		if c.From != nil {
			text += " " + c.From.String()
		}
		if c.To != nil {
			text += " → " + c.To.String()
		}
		got = append(got, fmt.Sprintf("%s +%d −%d", text, c.Gained, c.Lost))
	}
	return strings.Join(got, " | ")
}

func TestDiffOfTheShop(t *testing.T) {
	w, src, at := shop(t)
	for _, c := range []struct{ from, to, people, changes string }{
		{
			`country = "Germany" and count(order) >= 2`, `count(order) >= 1 and country = "Germany"`,
			"gained b lost  kept a", "changed count(order) >= 2 → count(order) >= 1 +1 −0",
		},
		// Order of conditions alone is no change.
		{`age > 30 and count(order) >= 1`, `count(order) >= 1 and age > 30`, "gained  lost  kept be", ""},
		{
			`count(order, last 30d) >= 1`, `count(order, last 3mo) >= 1 and age >= 25 and not country = "Spain"`,
			// In 30 days a b c e, in three months (from 1 April) the same; of
			// age a b c e; not Spanish a b c d f.
			"gained  lost e kept abc",
			`changed count(order, last 30d) >= 1 → count(order, last 3mo) >= 1 +0 −0 | added → age >= 25 +0 −0 | added → not country = "Spain" +0 −1`,
		},
		{
			`country = "Germany" or age = 25`, `country = "Germany" or age = 25 or age = 50`,
			"gained e lost  kept abcf", "added → age = 50 +1 −0",
		},
		{
			`count(order) >= 1 and (country = "Germany" or age < 30)`, `count(order) >= 1 and (country = "Spain" or age < 30)`,
			"gained e lost ab kept c", `changed country = "Germany" → country = "Spain" +1 −2`,
		},
		{"everyone", "age > 30", "gained  lost acdf kept be", "added → age > 30 +0 −4"},
		{"age > 30", "everyone", "gained acdf lost  kept be", "removed age > 30 +4 −0"},
		{"days_since(order) > 20", "last(order) before 2024-06-11", "gained a lost  kept bd", "changed days_since(order) > 20 → last(order) before 2024-06-11 +1 −0"},
		{"not age > 30", "not age > 45", "gained b lost  kept acdf", "changed not age > 30 → not age > 45 +1 −0"},
	} {
		d, err := probe.Diff(context.Background(), parse(t, c.from), parse(t, c.to), src, at)
		must(t, err)
		people := fmt.Sprintf("gained %s lost %s kept %s", ids(w, d.Gained), ids(w, d.Lost), ids(w, d.Kept))
		if got := changesText(d); people != c.people || got != c.changes {
			t.Errorf("%s\n → %s:\n got %s, %s\nwant %s, %s", c.from, c.to, people, got, c.people, c.changes)
		}
	}
}

// The people are those of the two formulas evaluated by themselves; equal
// formulas have no changes and unequal ones some; from one to the other and
// back gains and loses the same.
func TestDiffAgreesWithEachFormulaAlone(t *testing.T) {
	ctx := context.Background()
	randomly(t, 80, 4, func(w *segmenttest.World, src segment.Source, at time.Time, fs []syntax.Formula) {
		for k, pair := range [][2]syntax.Formula{
			{fs[0], fs[1]},
			{syntax.All(fs[0], fs[1], fs[2]), syntax.All(fs[2], fs[3])},
			{syntax.All(syntax.Any(fs[0], fs[1]), fs[2]), syntax.All(syntax.Any(fs[1], fs[3]), fs[2])},
			{fs[0], fs[0]},
		} {
			d, err := probe.Diff(ctx, pair[0], pair[1], src, at)
			must(t, err)
			a, b := naive(t, w, pair[0], at), naive(t, w, pair[1], at)
			if !slices.Equal(members(d.Gained), without(b, a)) || !slices.Equal(members(d.Lost), without(a, b)) || d.SizeFrom != len(a) || d.SizeTo != len(b) {
				t.Errorf("%s → %s: gained %v lost %v, want %v instead of %v", pair[0], pair[1], members(d.Gained), members(d.Lost), b, a)
			}
			if (len(d.Changes) == 0) && !syntax.Equal(pair[0], pair[1]) && k != 1 && k != 2 {
				t.Errorf("%s → %s: no change is told", pair[0], pair[1])
			}
			back, err := probe.Diff(ctx, pair[1], pair[0], src, at)
			must(t, err)
			if !back.Gained.Equal(d.Lost) || !back.Lost.Equal(d.Gained) {
				t.Errorf("%s → %s and back differ", pair[0], pair[1])
			}
			// One change alone is the whole difference.
			if len(d.Changes) == 1 && (d.Changes[0].Gained != d.Gained.Len() || d.Changes[0].Lost != d.Lost.Len()) {
				t.Errorf("%s → %s: the one change tells %s", pair[0], pair[1], changesText(d))
			}
		}
	})
}
