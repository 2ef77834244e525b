package planner

import (
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"tesela/segment/syntax"
	"tesela/tools"
)

// Who has a label of a layer, and who has another, is said so that it can be
// asked: each label of each layer, in each language.
func TestLabelsReadBack(t *testing.T) {
	p := planner(t, shop())
	labels := p.forms.langs[languages[0]].labelWords
	var all []string
	for _, layer := range layerNames {
		if len(labels[layer]) < 3 {
			t.Errorf("%s has %d labels", layer, len(labels[layer]))
		}
		for _, label := range slices.Sorted(maps.Keys(labels[layer])) {
			for _, op := range []syntax.Op{syntax.Eq, syntax.Ne} {
				f := syntax.Compare{Left: &syntax.Name{Name: layer}, Op: op, Right: &syntax.Text{Value: label}}
				all = append(all, f.String())
			}
		}
	}
	readBack(t, p, len(all), 1, 1, func(_ *rand.Rand, i int) (string, any) {
		if i%3 == 0 {
			return "list_customers", tools.ListCustomersArgs{Formula: all[i], By: "sum(order.amount)", Limit: 10}
		}
		return "count_segment", tools.CountSegmentArgs{Formula: all[i]}
	})
}
