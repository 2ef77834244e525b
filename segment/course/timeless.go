package course

import (
	"slices"

	"tesela/segment"
	"tesela/segment/syntax"
)

// Timeless lists the traits that a formula asks for: they are known only as
// they are now, also where it is evaluated as of an earlier date. The trait
// that tells when a customer joined does not change and is left out.
func Timeless(n syntax.Node, src segment.Source) []string {
	schema := src.Schema()
	var names []string
	seen := map[string]bool{}
	var look func(n syntax.Node)
	look = func(n syntax.Node) {
		if n == nil {
			return
		}
		saved := func(name string) {
			if f, ok := src.Saved(name); ok && !seen[name] {
				seen[name] = true
				look(f)
			}
		}
		syntax.Walk(n, func(n syntax.Node) bool {
			switch n := n.(type) {
			case *syntax.Name:
				if _, trait := schema.Trait(n.Name); trait && n.Name != schema.Roles[roleSignup] && !slices.Contains(names, n.Name) {
					names = append(names, n.Name)
				}
			case *syntax.Call, *syntax.Step:
				return false // names in there are properties
			case *syntax.InSegment:
				saved(n.Name)
			case *syntax.Crossed:
				saved(n.Name)
			}
			return true
		})
	}
	look(n)
	slices.Sort(names)
	return names
}

// Ranks tells whether a formula ranks customers by itself or through a saved
// segment or value_tier: that goes by all customers there are in the data, also
// as of a date when some had not come yet.
func Ranks(f syntax.Formula, src segment.Source) bool {
	found := false
	seen := map[string]bool{}
	var look func(f syntax.Formula)
	look = func(f syntax.Formula) {
		syntax.Walk(f, func(n syntax.Node) bool {
			name := ""
			switch n := n.(type) {
			case *syntax.Rank:
				found = true
			case *syntax.Name:
				_, trait := src.Schema().Trait(n.Name)
				found = found || n.Name == "value_tier" && !trait
			case *syntax.Call, *syntax.Step:
				return false // names in there are properties
			case *syntax.InSegment:
				name = n.Name
			case *syntax.Crossed:
				name = n.Name
			}
			if saved, ok := src.Saved(name); ok && !seen[name] {
				seen[name] = true
				look(saved)
			}
			return !found
		})
	}
	look(f)
	return found
}
