package tools

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"

	"tesela/segment"
	"tesela/segment/micro"
)

// microGoal is what micro-segments are for: the customers whom groups that
// serve a goal hold.
type microGoal struct {
	name string
	all  *segment.Set
}

// servesAt is the place of the column that tells how many of a group serve the
// goal.
const servesAt = 4

// goalGroups is how many of the groups that serve a goal are looked at.
const goalGroups = 20

// microGoal finds the customers who serve the goal asked for; nil for none.
func (c *call) microGoal(ctx context.Context, args *FindMicrosegmentsArgs) (*microGoal, error) {
	if args.Goal = strings.TrimSpace(args.Goal); args.Goal == "" {
		return nil, nil
	}
	p := &proposing{call: c}
	if err := p.find(ctx, &ProposeSegmentsArgs{Goal: args.Goal, Formula: args.Formula, MinSize: 1, Top: goalGroups}); err != nil {
		return nil, err
	}
	g := &microGoal{name: p.goalName(), all: segment.NewSet(c.schema.Customers)}
	for _, found := range p.found.Proposals {
		g.all = g.all.Or(found.Set)
	}
	return g, nil
}

// serves is the share of a group's members who serve the goal.
func (g *microGoal) serves(group *micro.Group) float64 {
	if group.Size == 0 {
		return 0
	}
	return float64(group.Members.And(g.all).Len()) / float64(group.Size)
}

// order lists the places of groups: as they are ranked without a goal, else
// those first of whom most serve it.
func (g *microGoal) order(groups []micro.Group) []int {
	places := make([]int, len(groups))
	share := make([]float64, len(groups))
	for i := range groups {
		if places[i] = i; g != nil {
			share[i] = g.serves(&groups[i])
		}
	}
	slices.SortStableFunc(places, func(a, b int) int { return cmp.Compare(share[b], share[a]) })
	return places
}

// mostGrowth is the growth beyond which a group was hardly there before, so
// that a rate would tell nothing.
const mostGrowth = 10

// growth is how much a group has grown; nil where it was hardly there before.
func (t *microTelling) growth(g *micro.Group) *float64 {
	if math.IsNaN(g.Growth) || g.Growth > mostGrowth {
		return nil
	}
	return ratePointer(g.Growth)
}
