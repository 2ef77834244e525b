package restate

import (
	"strings"

	"tesela/tools"
)

// layerTables reads the whole text as a call that shows a layer.
func (rd *reader) layerTables(k func(tool string, args any)) {
	var who, window string
	rfm, stage, engaged, tier := tools.ScoreRFMArgs{}, tools.StageLifecycleArgs{}, tools.StageEngagementArgs{}, tools.TierValueArgs{}
	days := 0
	settings := map[string][]setting{
		"score_rfm":        {{"layer_bins", &rfm.Bins, nil}},
		"stage_lifecycle":  {{"layer_lapse", &stage.LapseDays, nil}, {"layer_new", nil, &stage.New}, {"layer_star", &stage.StarPercent, nil}},
		"stage_engagement": {{"layer_events", &days, nil}},
		"tier_value":       {{"layer_top", &tier.TopPercent, nil}, {"layer_low", &tier.LowPercent, nil}, {"layer_and_low", &tier.LowPercent, nil}},
	}
	formula := func() string {
		if f := canonical(who); f != "everyone" {
			return f
		}
		return ""
	}
	calls := map[string]func() any{
		"score_rfm":        func() any { a := rfm; a.Formula, a.Window = formula(), window; return a },
		"stage_lifecycle":  func() any { a := stage; a.Formula = formula(); return a },
		"stage_engagement": func() any { a := engaged; a.Formula, a.Window = formula(), window; return a },
		"tier_value":       func() any { a := tier; a.Formula, a.Window = formula(), window; return a },
	}
	for _, tool := range sortedKeys(calls) {
		rd.match(rd.Calls[tool], 0, func(name string, at int, next func(end int)) {
			switch name {
			case "with":
				rd.settings(at, settings[tool], next)
			case "window":
				rd.window(at, func(end int, w string) { window = w; next(end) })
			case "who":
				rd.who(at, func(end int, f string) { who = f; next(end) })
			}
		}, func(end int) {
			if end == len(rd.text) {
				k(tool, calls[tool]())
			}
		})
	}
}

// comparedGroups reads the whole text as two groups set against each other, each with
// or without its quotation marks.
func (rd *reader) comparedGroups(k func(tool string, args any)) {
	var a tools.CompareSegmentsArgs
	rd.match(rd.Calls["compare_segments"], 0, func(name string, at int, next func(end int)) {
		keep := func(end int, f string) {
			old := a
			if name == "a" {
				a.A = canonical(f)
			} else {
				a.B = canonical(f)
			}
			next(end)
			a = old
		}
		rd.who(at, keep)
		for _, marks := range [][2]string{{"“", "”"}, {"«", "»"}} {
			if in, ok := rd.literally(at, marks[0]); ok {
				rd.who(in, func(end int, f string) {
					if out, ok := rd.literally(end, marks[1]); ok {
						keep(out, f)
					}
				})
			}
		}
	}, func(end int) {
		top := a
		if end == len(rd.text) {
			k("compare_segments", top)
		}
		rd.counted1(end, rd.Calls["group_top"], func(end, n int) {
			if top.Top = n; end == len(rd.text) {
				k("compare_segments", top)
			}
		})
	})
}

// setting is a template with a number or a time, and where that is kept.
type setting struct {
	name string
	n    *int
	last *string
}

// settings reads some of a layer's, in their order.
func (rd *reader) settings(at int, list []setting, k func(end int)) {
	if len(list) == 0 {
		k(at)
		return
	}
	s := list[0]
	rd.settings(at, list[1:], k)
	rd.match(rd.Calls[s.name], at, func(name string, at int, next func(end int)) {
		switch {
		case name == "n" && s.n != nil:
			rd.whole(at, s.n, next)
		case name == "d":
			rd.duration(at, func(end int, d string) {
				if s.last != nil {
					*s.last = "last " + d
					next(end)
					*s.last = ""
				} else if n, ok := strings.CutSuffix(d, "d"); ok {
					rd.keep(n, s.n, func() { next(end) })
				}
			})
		}
	}, func(end int) { rd.settings(end, list[1:], k) })
}
