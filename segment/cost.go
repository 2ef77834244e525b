package segment

import (
	"cmp"
	"slices"
)

// and joins conditions; or too. Their order of evaluation puts first what costs
// least, so that what costs most is asked about the fewest customers.
func (c *compiler) and(parts []cond) cond { return condAnd{parts, c.cheapestFirst(parts)} }

func (c *compiler) or(parts []cond) cond { return condOr{parts, c.cheapestFirst(parts)} }

func (c *compiler) cheapestFirst(parts []cond) []int {
	order, costs := make([]int, len(parts)), make([]int, len(parts))
	for i, p := range parts {
		order[i], costs[i] = i, c.cost(p)
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(costs[a], costs[b]) })
	return order
}

// cost guesses what a condition takes, in reads per customer.
func (c *compiler) cost(p cond) int {
	switch p := p.(type) {
	case condAnd:
		return c.costs(p.parts)
	case condOr:
		return c.costs(p.parts)
	case condNot:
		return c.cost(p.part)
	case condTest:
		return 1 + c.valueCost(p.value)
	case condCompare:
		return 1 + c.valueCost(p.left) + c.valueCost(p.right)
	case condSequence:
		return 100
	}
	return 0
}

func (c *compiler) costs(parts []cond) int {
	sum := 0
	for _, p := range parts {
		sum += c.cost(p)
	}
	return sum
}

func (c *compiler) valueCost(v *value) int {
	switch v.origin {
	case fromScan:
		s := c.plan.scans[v.scan]
		if s.filter != nil {
			return 30
		}
		return 10
	case fromArith:
		return 1 + c.valueCost(v.left) + c.valueCost(v.right)
	}
	return 1
}
