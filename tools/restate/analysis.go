package restate

import (
	"encoding/json"
	"strconv"
	"strings"

	"tesela/segment/syntax"
	"tesela/tools"
)

// analysis says a call that shows a layer, or asks what a definition does to
// people.
func (s *saying) analysis(tool string, args json.RawMessage) string {
	switch tool {
	case "score_rfm":
		var a tools.ScoreRFMArgs
		if json.Unmarshal(args, &a) == nil {
			return s.layer(tool, a.Formula, a.Window, s.setting("layer_bins", a.Bins))
		}
	case "stage_lifecycle":
		var a tools.StageLifecycleArgs
		if json.Unmarshal(args, &a) == nil {
			with := ""
			if a.LapseDays > 0 {
				with = fill(s.Calls["layer_lapse"], "d", s.duration(syntax.Duration{N: a.LapseDays, Unit: "d"}))
			}
			if w, err := syntax.ParseWindow(a.New); a.New != "" && err == nil && w.Kind == syntax.WindowLast {
				with += fill(s.Calls["layer_new"], "d", s.duration(w.Duration))
			}
			return s.layer(tool, a.Formula, "", with+s.setting("layer_star", a.StarPercent))
		}
	case "stage_engagement":
		var a tools.StageEngagementArgs
		if json.Unmarshal(args, &a) == nil {
			with := ""
			if len(a.Events) > 0 {
				names := make([]string, len(a.Events))
				for i, e := range a.Events {
					names[i] = s.noun(strings.Trim(e, "`"), true)
				}
				with = fill(s.Calls["layer_events"], "list", strings.Join(names, s.And))
			}
			return s.layer(tool, a.Formula, a.Window, with)
		}
	case "tier_value":
		var a tools.TierValueArgs
		if json.Unmarshal(args, &a) == nil {
			with := s.setting("layer_top", a.TopPercent)
			low := "layer_low"
			if with != "" {
				low = "layer_and_low"
			}
			return s.layer(tool, a.Formula, a.Window, with+s.setting(low, a.LowPercent))
		}
	case "explain_customer":
		var a tools.ExplainCustomerArgs
		if json.Unmarshal(args, &a) == nil {
			if a.Formula == "" {
				return fill(s.Calls["explain_all"], "name", a.Customer)
			}
			return fill(s.Calls[tool], "name", a.Customer, "who", s.whoText(a.Formula))
		}
	case "diff_segments":
		var a tools.DiffSegmentsArgs
		if json.Unmarshal(args, &a) == nil {
			from := s.whoText(a.From)
			return fill(s.Calls[tool], "from", from, "to", s.whoText(a.To))
		}
	case "find_near_misses":
		var a tools.FindNearMissesArgs
		if json.Unmarshal(args, &a) == nil {
			return fill(s.Calls[tool], "who", s.whoText(a.Formula))
		}
	case "check_sensitivity":
		var a tools.CheckSensitivityArgs
		if json.Unmarshal(args, &a) == nil {
			return s.sensitivity(a)
		}
	case "find_values":
		var a tools.FindValuesArgs
		if json.Unmarshal(args, &a) == nil {
			if a.Field != "" {
				return fill(s.Calls["find_values_of"], "field", strings.ReplaceAll(a.Field, "`", ""), "a", a.Text)
			}
			return fill(s.Calls[tool], "a", a.Text)
		}
	}
	return ""
}

// layer is the name of a layer with its settings, and whose it is.
func (s *saying) layer(tool, formula, window, with string) string {
	when := ""
	if w, err := syntax.ParseWindow(window); window != "" && err == nil {
		when = s.window(w)
	}
	return fill(s.Calls[tool], "with", with, "window", when, "who", s.whoText(formula))
}

// setting is a number of a layer's, "" for the one it has anyway.
func (s *saying) setting(name string, n int) string {
	if n == 0 {
		return ""
	}
	return fill(s.Calls[name], "n", strconv.Itoa(n))
}

func (s *saying) sensitivity(a tools.CheckSensitivityArgs) string {
	who := s.whoText(a.Formula)
	text := fill(s.Calls["check_sensitivity"], "who", who)
	if a.Threshold > 0 {
		text = fill(s.Calls["check_threshold"], "who", who, "n", strconv.Itoa(a.Threshold))
	}
	if len(a.To) == 0 {
		return text
	}
	values := make([]string, len(a.To))
	for i, v := range a.To {
		if w, err := syntax.ParseWindow("last " + v); err == nil && w.Kind == syntax.WindowLast {
			values[i] = s.duration(w.Duration)
		} else {
			values[i] = s.number(v)
		}
	}
	return text + fill(s.Calls["check_to"], "list", strings.Join(values, s.Or))
}
