package tools_test

import (
	"context"
	"path/filepath"
	"slices"
	"testing"

	"tesela/segment"
	"tesela/segment/cluster"
	"tesela/segment/micro"
	"tesela/segment/syntax"
	"tesela/store"
	"tesela/store/demo"
	"tesela/store/sqlite"
)

// microWorld makes a workspace.
func microWorld(t *testing.T, fill func(context.Context, store.Workspace) error) store.Workspace {
	t.Helper()
	ws, err := sqlite.Create(t.Context(), filepath.Join(t.TempDir(), "world.db"))
	must(t, err)
	t.Cleanup(func() { must(t, ws.Close()) })
	must(t, fill(t.Context(), ws))
	return ws
}

func demoWorld(t *testing.T, customers int) (store.Workspace, map[string]string) {
	t.Helper()
	o := demo.Options{Customers: customers}
	ws := microWorld(t, func(ctx context.Context, ws store.Workspace) error { return demo.Fill(ctx, ws, o) })
	people, err := demo.Plant(o)
	must(t, err)
	persona := map[string]string{}
	for _, p := range people {
		persona[p.ID] = p.Persona
	}
	return ws, persona
}

// ownRhythm are the personas that the days and hours of their orders, and
// marked-down prices, tell apart; the others buy like everybody. Gift season
// buyers have few orders between November and December to be told by.
var ownRhythm = []string{"weekend family", "deal hunter", "night trend follower", "premium loyalist"}

// Within the layer in which the plant is separable, behaviour, clusters of
// customers with three purchases or more agree with the personas that have
// habits of their own: adjusted Rand index of at least 0.8, stage by stage and
// weighted by customers.
func TestMicrosegmentsFindThePlantedPersonas(t *testing.T) {
	if testing.Short() {
		t.Skip("makes a demo")
	}
	ws, persona := demoWorld(t, 25_000)
	src, err := ws.Source(t.Context())
	must(t, err)
	at := src.Schema().Now()
	r, err := micro.Find(t.Context(), src, at, micro.Query{Layers: []micro.Layer{{Name: "behaviour"}}})
	must(t, err)
	three, err := syntax.Parse("count(order) >= 3")
	must(t, err)
	plan, err := segment.Compile(t.Context(), three, src, at)
	must(t, err)
	often, err := plan.Run(t.Context())
	must(t, err)
	ids, err := src.CustomerIDs(t.Context())
	must(t, err)
	sum, weight := 0.0, 0.0
	for _, stage := range []string{"active", "star", "reactivated", "churned"} {
		var truth, found []uint8
		for k := range r.Groups {
			if g := &r.Groups[k]; g.Stage == stage {
				for _, i := range g.InClusters() {
					p := slices.Index(ownRhythm, persona[ids.Word(uint32(i+1))])
					if p >= 0 && often.Has(int(i)) {
						truth, found = append(truth, uint8(p)), append(found, uint8(k))
					}
				}
			}
		}
		index := cluster.AdjustedRand(truth, found)
		t.Logf("%s: %d customers, adjusted Rand index %.3f", stage, len(truth), index)
		sum += index * float64(len(truth))
		weight += float64(len(truth))
	}
	if sum/weight < 0.8 {
		t.Errorf("adjusted Rand index %.3f", sum/weight)
	}
}

// One in a hundred customers more leaves nine in ten of the others in the
// group they were in: groups are paired so that most stay.
func TestMicrosegmentsStayWithMoreCustomers(t *testing.T) {
	if testing.Short() {
		t.Skip("makes two demos")
	}
	find := func(customers int) (labels []uint8, ids func(int) string) {
		ws, _ := demoWorld(t, customers)
		src, err := ws.Source(t.Context())
		must(t, err)
		r, err := micro.Find(t.Context(), src, src.Schema().Now(), micro.Query{})
		must(t, err)
		dict, err := src.CustomerIDs(t.Context())
		must(t, err)
		labels = make([]uint8, src.Schema().Customers)
		for k := range r.Groups {
			for _, i := range r.Groups[k].InClusters() {
				labels[i] = uint8(k)
			}
		}
		t.Logf("%d customers: %d groups, readable %.3f, stability %.3f", customers, len(r.Groups), r.Readable, r.Stability)
		if r.Readable < 0.8 {
			t.Errorf("%.3f of the groups are readable", r.Readable)
		}
		return labels, func(i int) string { return dict.Word(uint32(i + 1)) }
	}
	before, idBefore := find(12_000)
	after, idAfter := find(12_120)
	place := map[string]int{}
	for i := range after {
		place[idAfter(i)] = i
	}
	var a, b []uint8
	for i := range before {
		a, b = append(a, before[i]), append(b, after[place[idBefore(i)]])
	}
	_, kept := cluster.Match(a, b)
	t.Logf("%.3f keep theirs", kept)
	if kept < 0.9 {
		t.Errorf("%.3f of the customers keep their group", kept)
	}
}
