package contrast

import (
	"tesela/segment/explain"
	"tesela/segment/feature"
	"tesela/segment/syntax"
)

// difference puts a finding into the language of formulas.
func (c *Contrast) difference(f explain.Finding) Difference {
	feat, words := c.Table.Features[f.Column], c.Table.Columns[f.Column].Words
	d := Difference{Feature: feat, Finding: f}
	for _, w := range f.Drivers {
		d.Words = append(d.Words, words[w.Code])
	}
	a, b := float64(c.Report.A), float64(c.Report.B)
	switch f.Aspect {
	case explain.Values:
		if f.Cut == nil {
			break
		}
		d.Condition = feat.Below(f.Cut.At)
		if f.Cut.Above {
			d.Condition = feat.Above(f.Cut.At)
		}
		d.ShareA, d.ShareB = f.Cut.A, f.Cut.B
	case explain.Known:
		d.Condition, d.ShareA, d.ShareB = feat.Known(), f.A, f.B
		if f.Difference < 0 {
			d.Condition, d.ShareA, d.ShareB = complement(d.Condition), 1-f.A, 1-f.B
		}
	default:
		d.Condition, d.ShareA, d.ShareB = words1(feat, f, words)
		d.ShareA *= float64(f.SetA) / a
		d.ShareB *= float64(f.SetB) / b
	}
	return d
}

// words1 is the condition of the words that more of A have, or else of not
// having those that fewer have; the shares are of those who have a word.
func words1(feat feature.Feature, f explain.Finding, words []string) (cond syntax.Formula, a, b float64) {
	var more, fewer []string
	var moreA, moreB, fewerA, fewerB float64
	for _, d := range f.Drivers {
		if d.Difference > 0 {
			more, moreA, moreB = append(more, words[d.Code]), moreA+d.A, moreB+d.B
		} else {
			fewer, fewerA, fewerB = append(fewer, words[d.Code]), fewerA+d.A, fewerB+d.B
		}
	}
	if len(more) > 0 {
		return feat.In(more...), moreA, moreB
	}
	return syntax.All(feat.Known(), complement(feat.In(fewer...))), 1 - fewerA, 1 - fewerB
}

// complement is `not`, within the condition where the language has that.
func complement(f syntax.Formula) syntax.Formula {
	switch f := f.(type) {
	case *syntax.IsSet:
		return &syntax.IsSet{Value: f.Value, Not: !f.Not}
	case *syntax.Not:
		return f.X
	}
	return &syntax.Not{X: f}
}
