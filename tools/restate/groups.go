package restate

import (
	"encoding/json"
	"strconv"
	"strings"

	"tesela/segment/syntax"
	"tesela/tools"
)

// groups says what is asked of the tools that tell of groups, of how they
// change, and of what was done to them; "" for another tool. What is left to a
// default is not said.
func (s *saying) groups(tool string, args json.RawMessage) string {
	switch tool {
	case "explain_segment":
		var a tools.ExplainSegmentArgs
		if json.Unmarshal(args, &a) == nil {
			return fill(s.Calls[tool], "who", s.quotedWho(a.Formula)) + s.part("explain_against", s.quoted(a.Against)) + s.traits(a.Layers) + s.count("group_top", a.Top)
		}
	case "compare_segments":
		var a tools.CompareSegmentsArgs
		if json.Unmarshal(args, &a) == nil {
			return fill(s.Calls[tool], "a", s.quotedWho(a.A), "b", s.quotedWho(a.B)) + s.traits(a.Layers) + s.count("group_top", a.Top)
		}
	case "find_microsegments":
		var a tools.FindMicrosegmentsArgs
		if json.Unmarshal(args, &a) == nil {
			return fill(s.Calls[tool], "who", s.quotedWho(a.Formula)) + s.traits(a.Layers) + s.part("group_goal", a.Goal) +
				s.count("group_least", a.MinSize) + s.count("group_clusters", a.MaxK) + s.count("group_top", a.Top)
		}
	case "propose_segments":
		var a tools.ProposeSegmentsArgs
		if json.Unmarshal(args, &a) == nil {
			return fill(s.Calls[tool], "a", a.Goal) + s.part("group_among", s.quoted(a.Formula)) + s.count("group_least", a.MinSize) + s.count("group_top", a.Top)
		}
	case "trace_migration":
		var a tools.TraceMigrationArgs
		if json.Unmarshal(args, &a) == nil {
			return s.migration(a)
		}
	case "trace_drift":
		var a tools.TraceDriftArgs
		if json.Unmarshal(args, &a) == nil {
			text := fill(s.Calls["drift_of_layer"], "layer", s.layerName(a.Layer))
			if a.Segment != "" {
				text = fill(s.Calls["drift_of_segment"], "who", s.quotedWho(a.Segment))
			}
			return text + s.Per[a.Per] + s.fromTo(a.From, a.To) + s.part("group_among", s.quoted(a.Formula))
		}
	case "backtest_segment":
		var a tools.BacktestSegmentArgs
		if json.Unmarshal(args, &a) == nil {
			return fill(s.Calls[tool], "who", s.quotedWho(a.Formula)) + s.part("backtest_against", s.quoted(a.Outcome)) + s.part("backtest_horizon", s.length(a.Horizon)) +
				s.Per[a.Per] + s.fromTo(a.From, a.To)
		}
	case "review_segments":
		var a tools.ReviewSegmentsArgs
		if json.Unmarshal(args, &a) == nil {
			return s.Calls[tool] + s.count("review_tiny", a.MinSize)
		}
	case "simulate_reengagement":
		var a tools.SimulateReengagementArgs
		if json.Unmarshal(args, &a) == nil {
			return s.Calls[tool] + s.part("simulate_on", s.quoted(a.Formula)) + s.events(a.Events) + s.days("simulate_idle", a.Days) +
				s.days("simulate_last_call", a.LastCall) + s.days("simulate_remove", a.Remove) + s.fromTo(a.From, a.To)
		}
	case "measure_effect", "recommend_actions", "plan_test", "review_contacts":
		return s.actions(tool, args)
	}
	return ""
}

// actions says what is asked of what was done to customers.
func (s *saying) actions(tool string, args json.RawMessage) string {
	switch tool {
	case "measure_effect":
		var a tools.MeasureEffectArgs
		if json.Unmarshal(args, &a) == nil {
			text := s.Calls["effect_of_all"]
			switch {
			case a.Campaign != "":
				text = fill(s.Calls["effect_of_campaign"], "a", a.Campaign)
			case a.Treated != "":
				text = fill(s.Calls["effect_of_treating"], "who", s.quotedWho(a.Treated), "a", a.Date)
			}
			plain := ""
			if a.Plain {
				plain = s.Calls["effect_plain"]
			}
			return text + s.part("effect_on", s.outcome(a.Outcome)) + s.days("effect_within", a.Days) + s.breakdown(a.By) + s.arms(a.HeldOut) + s.part("group_among", s.quoted(a.Formula)) + plain
		}
	case "recommend_actions":
		var a tools.RecommendActionsArgs
		if json.Unmarshal(args, &a) == nil {
			return s.Calls[tool] + s.breakdown(a.By) + s.part("effect_on", s.outcome(a.Outcome)) + s.days("effect_within", a.Days) + s.arms(a.HeldOut) + s.part("group_among", s.quoted(a.Formula))
		}
	case "plan_test":
		var a tools.PlanTestArgs
		if json.Unmarshal(args, &a) == nil {
			return s.Calls[tool] + s.part("test_on", s.quoted(a.Formula)) + s.percent("test_lift", a.Lift) + s.percent("test_power", a.Power) +
				s.percent("test_hold_out", a.HoldOut) + s.days("test_days", a.Days) + s.part("effect_on", s.outcome(a.Outcome)) + s.part("test_name", a.Name)
		}
	case "review_contacts":
		var a tools.ReviewContactsArgs
		if json.Unmarshal(args, &a) == nil {
			when := ""
			if w, err := syntax.ParseWindow(a.Window); a.Window != "" && err == nil {
				when = "," + s.window(w)
			}
			if a.Show == "overlap" {
				tool = "overlap_of_campaigns"
			}
			return fill(s.Calls[tool], "who", s.quotedWho(a.Formula)) + when + s.count("contacts_more", a.More)
		}
	}
	return ""
}

// migration says who moved between what.
func (s *saying) migration(a tools.TraceMigrationArgs) string {
	layer := a.Layer
	if layer == "" {
		layer = "lifecycle"
	}
	label := func(name string) string {
		return fill(s.Calls["label"], "label", s.labelled(layer, name), "layer", s.layerName(a.Layer))
	}
	text := ""
	switch {
	case a.Segment != "" && a.Left != "":
		text = fill(s.Calls["moves_out_of"], "who", s.quotedWho(a.Segment))
	case a.Segment != "" && a.Entered != "":
		text = fill(s.Calls["moves_into"], "who", s.quotedWho(a.Segment))
	case a.Segment != "":
		text = fill(s.Calls["moves_of"], "who", s.quotedWho(a.Segment))
	case a.Left != "" && a.Entered != "":
		text = fill(s.Calls["went_from_to"], "a", label(a.Left), "b", label(a.Entered))
	case a.Left != "":
		text = fill(s.Calls["who_left"], "a", label(a.Left))
	case a.Entered != "":
		text = fill(s.Calls["who_became"], "a", label(a.Entered))
	default:
		text = fill(s.Calls["moves_between"], "layer", s.layerName(a.Layer))
	}
	text += s.fromTo(a.From, a.To) + s.part("group_among", s.quoted(a.Formula))
	if a.Why {
		text += s.Calls["moves_why"]
	}
	if a.Predict {
		text += s.Calls["moves_next"]
	}
	return text
}

// part is a piece of a sentence, "" where there is nothing to say.
func (s *saying) part(name, what string) string {
	if what == "" {
		return ""
	}
	return fill(s.Calls[name], "a", what)
}

func (s *saying) count(name string, n int) string {
	if n == 0 {
		return ""
	}
	return fill(s.Calls[name], "n", s.number(strconv.Itoa(n)))
}

func (s *saying) days(name string, n int) string {
	if n == 0 {
		return ""
	}
	return s.part(name, s.duration(syntax.Duration{N: n, Unit: syntax.Day}))
}

func (s *saying) percent(name string, part float64) string {
	if part == 0 {
		return ""
	}
	return fill(s.Calls[name], "n", s.number(strconv.FormatFloat(roundTo(part*100, 1e9), 'f', -1, 64)))
}

func roundTo(x, per float64) float64 {
	if x < 0 {
		return -roundTo(-x, per)
	}
	return float64(int64(x*per+0.5)) / per
}

// length says a duration such as 90d.
func (s *saying) length(text string) string {
	if w, err := syntax.ParseWindow("last " + text); text != "" && err == nil && w.Kind == syntax.WindowLast {
		return s.duration(w.Duration)
	}
	return text
}

// fromTo says the time from one point to another; either may be left out.
func (s *saying) fromTo(from, to string) string {
	window := ""
	switch {
	case from != "" && to != "":
		window = "from " + from + " to " + to
	case from != "":
		window = "since " + from
	case to != "":
		window = "before " + to
	default:
		return ""
	}
	w, err := syntax.ParseWindow(window)
	if err != nil { // a period such as 2011-03 for a point
		return " (" + window + ")"
	}
	return "," + s.window(w)
}

// quotedWho is who satisfies a formula, with signs around it where a sentence
// could go on in the words of the group.
func (s *saying) quotedWho(formula string) string {
	text := s.whoText(formula)
	f, err := syntax.Parse(formula)
	if err != nil {
		return text
	}
	switch f := f.(type) {
	case *syntax.Everyone:
		return text
	case *syntax.Compare:
		_, name := f.Left.(*syntax.Name)
		_, value := f.Right.(*syntax.Text)
		if name && value && f.Op == syntax.Eq {
			return text
		}
	}
	switch {
	case !strings.ContainsAny(text, "“”\""):
		return "“" + text + "”"
	case !strings.ContainsAny(text, "«»"):
		return "«" + text + "»"
	}
	return text
}

// quoted is quotedWho, "" for everyone left out.
func (s *saying) quoted(formula string) string {
	if formula == "" {
		return ""
	}
	return s.quotedWho(formula)
}

// traits says the layers of traits looked at.
func (s *saying) traits(layers []string) string {
	if len(layers) == 0 {
		return ""
	}
	names := make([]string, len(layers))
	for i, l := range layers {
		if names[i] = s.Traits[l]; names[i] == "" {
			names[i] = "“" + l + "”"
		}
	}
	return s.part("group_traits", s.listed(names))
}

// breakdown says what groups are told apart by.
func (s *saying) breakdown(by []string) string {
	if len(by) == 0 {
		return ""
	}
	names := make([]string, len(by))
	for i, b := range by {
		switch {
		case s.Layers[b] != "":
			names[i] = s.Layers[b]
		case strings.ContainsAny(b, "=<> ("):
			names[i] = s.quotedWho(b)
		default:
			names[i] = strings.Trim(b, "`")
		}
	}
	return s.part("group_by", s.listed(names))
}

// arms are the labels of those who were held out.
func (s *saying) arms(list []string) string {
	names := make([]string, len(list))
	for i, name := range list {
		names[i] = "“" + name + "”"
	}
	return s.part("effect_held_out", s.listed(names))
}

func (s *saying) events(events []string) string {
	if len(events) == 0 {
		return ""
	}
	names := make([]string, len(events))
	for i, e := range events {
		names[i] = s.noun(e, true)
	}
	return s.part("simulate_counting", s.listed(names))
}

func (s *saying) listed(names []string) string {
	if len(names) > 2 {
		return strings.Join(names[:len(names)-1], ", ") + s.And + names[len(names)-1]
	}
	return strings.Join(names, s.And)
}

// outcome says a value or a formula of each customer.
func (s *saying) outcome(text string) string {
	if text == "" {
		return ""
	}
	if f, err := syntax.Parse(text); err == nil {
		return s.quotedWho(f.String())
	}
	v, err := syntax.ParseValue(text)
	if err != nil {
		return text
	}
	if c, ok := v.(*syntax.Call); ok && c.Where == nil && c.Window == nil {
		if c.Fn == syntax.Count {
			return fill(s.MeasureOf["events"], "events", s.noun(c.Event, true))
		}
		if c.Fn == syntax.Sum && s.isSpend(c) {
			return s.Calls["outcome_spend"]
		}
	}
	return "“" + text + "”"
}

// layerName is what a layer is called; that of the life cycle where none is
// named. One with parameters is said as it is written.
func (s *saying) layerName(layer string) string {
	if layer == "" {
		layer = "lifecycle"
	}
	if n := s.Layers[layer]; n != "" {
		return n
	}
	return "“" + layer + "”"
}
