package tools

import (
	"slices"
	"strings"

	"tesela/segment"
	"tesela/segment/syntax"
)

// reaches gives the way from a formula to the saved segment called name over
// the segments in between, or nil where it does not get there.
func reaches(src segment.Source, f syntax.Formula, name string, behind []string) []string {
	for _, next := range mentioned(f) {
		if next == name {
			return []string{name}
		}
		if slices.Contains(behind, next) {
			continue
		}
		saved, ok := src.Saved(next)
		if !ok {
			continue
		}
		if rest := reaches(src, saved, name, append(behind, next)); rest != nil {
			return append([]string{next}, rest...)
		}
	}
	return nil
}

// mentioned lists the saved segments that a formula or value names, in order.
func mentioned(n syntax.Node) []string {
	var names []string
	syntax.Walk(n, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.InSegment:
			names = append(names, n.Name)
		case *syntax.Crossed:
			names = append(names, n.Name)
		}
		return true
	})
	return names
}

func pathText(names []string) string {
	quoted := make([]string, len(names))
	for i, n := range names {
		quoted[i] = `"` + n + `"`
	}
	return strings.Join(quoted, " → ")
}
