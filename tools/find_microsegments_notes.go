package tools

import (
	"context"
	"math"
	"strings"
	"time"

	"tesela/segment/micro"
	"tesela/segment/syntax"
	"tesela/segment/trial"
)

// microAction is what to do with a group and what speaks for it.
type microAction struct{ action, evidence, avoid string }

// actions finds for each group the action that past campaigns speak for. Where
// none does, the action is a rule of its stage, which is said.
func (t *microTelling) actions(ctx context.Context) ([]microAction, error) {
	formulas := make([]syntax.Formula, len(t.found.Groups))
	for k := range t.found.Groups {
		formulas[k] = t.found.Groups[k].Formula
	}
	evidence, err := trial.RecommendFor(ctx, t.src, t.at, formulas, trial.Query{})
	if err != nil {
		return nil, err
	}
	all := make([]microAction, len(formulas))
	for k := range all {
		g, e := &t.found.Groups[k], evidence[k]
		if e.Best != nil {
			all[k].action = t.say("micro_do_again", params{"campaign": e.Best.Campaign})
			all[k].evidence = t.lift("micro_evidence", e.Best)
		} else {
			all[k].action = t.rule(g)
			all[k].evidence = t.say("micro_reason_"+string(e.Reason), nil)
			if g.Reach.Known && g.Size > 0 {
				all[k].evidence += " " + t.say("micro_reach", params{"share": t.percent(float64(g.Reach.Consented) / float64(g.Size)), "n": g.Reach.Consented})
			}
		}
		if len(e.Avoid) > 0 {
			all[k].avoid = t.lift("micro_avoid", &e.Avoid[0])
		}
	}
	return all, nil
}

// lift words an action's effect on a group.
func (t *microTelling) lift(key string, e *trial.Evidence) string {
	points := func(x float64) string {
		text := t.numberText(100*x, 1)
		if x > 0 {
			text = "+" + text
		}
		return text
	}
	return t.say(key, params{
		"campaign": e.Campaign, "from": e.From.In(t.schema.Zone).Format(time.DateOnly), "days": trial.DefaultDays,
		"lift": points(e.Lift), "low": points(e.Low), "high": points(e.High),
		"treated": e.Raw.Treated.N, "held": e.Raw.Held.N,
	})
}

// unreachable is one in how many must have consented for a group to be written
// to at all.
const unreachable = 10

// rule is what is usually done in a stage.
func (t *microTelling) rule(g *micro.Group) string {
	switch {
	case g.Reach.Known && g.Reach.Consented*unreachable < g.Size:
		return t.say("micro_rule_silent", nil)
	case g.Stage == "":
		return t.say("micro_rule_any", nil)
	case g.Poor && g.Stage == "churned":
		return t.say("micro_rule_leave", nil)
	}
	key := "micro_rule_" + strings.ReplaceAll(g.Stage, " ", "_")
	if _, ok := t.box.phrases.Phrases[key]; !ok {
		key = "micro_rule_any"
	}
	return t.say(key, nil)
}

// groupNotes say what must be known of one group.
func (t *microTelling) groupNotes(g *micro.Group, names []string) []string {
	var all []string
	add := func(key string, p params) { all = append(all, t.say(key, p)) }
	if g.Clustered != g.Size {
		add("micro_sizes", params{"clustered": g.Clustered, "size": g.Size})
	}
	if t.growth(g) == nil {
		add("micro_hardly_before", params{"before": g.Before, "date": t.found.Before.In(t.schema.Zone).Format(time.DateOnly)})
	}
	for _, small := range []bool{true, false} {
		n, customers := 0, 0
		for _, m := range g.Merged {
			if m.Small == small {
				n++
				customers += m.Customers
			}
		}
		switch {
		case n > 0 && small:
			add("micro_merged_small", params{"n": n, "customers": customers, "least": t.found.MinSize})
		case n > 0:
			add("micro_merged_untold", params{"n": n, "customers": customers})
		}
	}
	if g.Tiny {
		add("micro_tiny", params{"least": t.found.MinSize})
	}
	if g.Poor {
		add("micro_poor", nil)
	}
	if g.Repeats != "" {
		add("micro_repeats", params{"name": g.Repeats, "share": t.percent(g.Overlaps[0].Jaccard)})
	}
	if g.Twin >= 0 {
		add("micro_twin", params{"name": names[g.Twin]})
	}
	return all
}

// notes say how the groups were found.
func (t *microTelling) notes() {
	f := t.found
	if f.Customers == 0 {
		t.note("micro_nobody", nil)
		return
	}
	if !f.Staged {
		t.note("micro_no_stages", nil)
	}
	var empty []string
	for _, s := range f.Stages {
		if s.Customers == 0 {
			empty = append(empty, t.stage(s.Label))
			continue
		}
		t.stageNote(s)
	}
	if len(empty) > 0 {
		t.note("micro_empty_stages", params{"stages": strings.Join(empty, ", ")})
	}
	t.note("micro_method", params{"most": micro.DefaultMaxK})
	t.note("micro_merging", params{"least": f.MinSize})
	t.note("micro_found", params{"unassigned": f.Unassigned, "several": f.Several})
	t.note("micro_growth", params{"date": f.Before.In(t.schema.Zone).Format(time.DateOnly)})
	if f.Window != nil {
		t.note("revenue_in", params{"window": f.Window.String()})
	}
	t.note("micro_ranked", nil)
	if t.goal != nil {
		t.note("micro_goal", params{"goal": t.goal.name})
	}
	t.noteSet(f.Notes)
}

// stageNote says how a stage was parted.
func (t *microTelling) stageNote(s micro.Stage) {
	stage := t.stage(s.Label)
	if stage == "" {
		stage = t.say("micro_everyone", nil)
	}
	var used, left []string
	for _, l := range s.Layers {
		if !l.Used {
			if l.Why == micro.Unreadable || l.Why == micro.Unstable {
				left = append(left, t.say("micro_left_"+string(l.Why), params{"layer": l.Layer}))
			}
			continue
		}
		var by []string
		for _, f := range l.Features {
			by = append(by, t.featureNoun(f))
		}
		key := "micro_layer"
		switch {
		case l.Cut:
			key = "micro_layer_cut"
		case l.Unknown:
			key = "micro_layer_unknown"
		}
		used = append(used, t.say(key, params{"layer": l.Layer, "k": l.K, "by": strings.Join(by, ", "), "silhouette": t.numberText(l.Silhouette, 2), "stability": t.numberText(l.Stability, 2)}))
	}
	if len(used) == 0 {
		t.note("micro_stage_whole", params{"stage": stage, "n": s.Customers})
		return
	}
	p := params{"stage": stage, "n": s.Customers, "layers": strings.Join(used, "; "), "groups": s.Groups, "stability": "—"}
	if !math.IsNaN(s.Stability) {
		p["stability"] = t.numberText(s.Stability, 2)
	}
	text := t.say("micro_stage", p)
	if len(left) > 0 {
		text += " " + t.say("micro_left", params{"layers": strings.Join(left, ", ")})
	}
	t.noteText(text)
}
