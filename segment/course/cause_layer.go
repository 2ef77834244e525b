package course

import (
	"context"
	"math/big"
	"slices"
	"strconv"

	"tesela/segment"
	"tesela/segment/lifecycle"
	"tesela/segment/syntax"
	tiers "tesela/segment/value"
)

// rule is one of the rules that a layer labels customers by: the first that
// holds, in the order they are tried. The last holds of all the others.
type rule struct {
	label     string
	condition string
	inverse   string // the condition's opposite, where that reads better; or ""
}

// rules are the rules of a layer as of a state; each label's own condition
// where the layer is not one of those that are known here.
func (s Subject) rules(schema *segment.Schema, as *State, f *figures) []rule {
	own := func(label string) string {
		return (&syntax.Compare{Left: s.Layer, Op: syntax.Eq, Right: &syntax.Text{Value: label}}).String()
	}
	purchase := schema.Roles["purchase"]
	number := func(text string) *syntax.Number { return &syntax.Number{Text: text} }
	percent := func(bottom bool, n string, by syntax.Value, among syntax.Formula) string {
		return (&syntax.Rank{Bottom: bottom, Percent: true, N: *number(n), By: by, Among: among}).String()
	}
	switch s.Layer.Name {
	case "lifecycle":
		days := &syntax.Call{Fn: syntax.DaysSince, Event: purchase}
		lapse := lapseOf(as)
		risk, _ := decimal(big.NewRat(4*lapse, 5))
		over := func(n string) string { return (&syntax.Compare{Left: days, Op: syntax.Gt, Right: number(n)}).String() }
		fresh := s.window("new", &syntax.Window{Kind: syntax.WindowLast, Duration: syntax.Duration{N: 30, Unit: syntax.Day}})
		star := own("star")
		if revenue, err := schema.Revenue(lastYear()); err == nil {
			star = percent(false, s.whole("star", lifecycle.DefaultStars), revenue, &syntax.Compare{Left: days, Op: syntax.Le, Right: number(risk)})
		}
		return []rule{
			{"prospect", own("prospect"), (&syntax.Compare{Left: &syntax.Call{Fn: syntax.Count, Event: purchase}, Op: syntax.Ge, Right: number("1")}).String()},
			{"churned", over(strconv.FormatInt(lapse, 10)), ""},
			{"at risk", over(risk), ""},
			{"new", (&syntax.Within{Value: &syntax.Call{Fn: syntax.First, Event: purchase}, Window: fresh}).String(), ""},
			{"reactivated", own("reactivated"), ""},
			{"star", star, ""},
			{"active", own("active"), ""},
		}
	case "value_tier":
		revenue, err := schema.Revenue(s.window("window", lastYear()))
		if err != nil {
			break
		}
		// Without revenue customers are low, wherever they rank.
		top, low := percent(false, s.whole("top", tiers.DefaultTop), revenue, nil), percent(true, s.whole("low", tiers.DefaultLow), revenue, nil)
		if !f.earn(s.whole("top", tiers.DefaultTop)) {
			top = (&syntax.Compare{Left: revenue, Op: syntax.Gt, Right: number("0")}).String() + " and " + top
		}
		if !f.earnNot(s.whole("low", tiers.DefaultLow)) {
			low = (&syntax.Compare{Left: revenue, Op: syntax.Le, Right: number("0")}).String() + " or " + low
		}
		return []rule{
			{"top", top, ""},
			{"low", low, ""},
			{"middle", own("middle"), ""},
		}
	case "engagement":
		if active := s.activity(schema); active != "" {
			return []rule{{"engaged", active, ""}, {"disengaged", own("disengaged"), ""}, {"never", own("never"), ""}, {Unlabelled, "", ""}}
		}
	}
	var rules []rule
	for _, label := range as.Labels {
		rules = append(rules, rule{label, own(label), ""})
	}
	return rules
}

func lastYear() *syntax.Window {
	return &syntax.Window{Kind: syntax.WindowLast, Duration: syntax.Duration{N: 1, Unit: syntax.Year}}
}

// mostEvents is of how many events activity is spelt out.
const mostEvents = 6

// activity is the formula of those who are engaged; "" where it would be long.
func (s Subject) activity(schema *segment.Schema) string {
	var events []string
	for _, p := range s.Layer.Params {
		if p.Event != "" {
			events = append(events, p.Event)
		}
	}
	if events == nil {
		for _, e := range schema.Events {
			if e.Name != schema.Roles["send"] {
				events = append(events, e.Name)
			}
		}
	}
	if len(events) > mostEvents {
		return ""
	}
	window := s.window("window", &syntax.Window{Kind: syntax.WindowLast, Duration: syntax.Duration{N: 60, Unit: syntax.Day}})
	var any []syntax.Formula
	for _, e := range events {
		any = append(any, &syntax.Compare{Left: &syntax.Call{Fn: syntax.Count, Event: e, Window: window}, Op: syntax.Ge, Right: &syntax.Number{Text: "1"}})
	}
	return syntax.Any(any...).String()
}

// window is a parameter of the layer; a bare window is the one called window.
func (s Subject) window(key string, def *syntax.Window) *syntax.Window {
	for _, p := range s.Layer.Params {
		if p.Window != nil && (p.Key == key || p.Key == "" && key == "window") {
			return p.Window
		}
	}
	return def
}

// whole is a parameter of a whole number.
func (s Subject) whole(key string, def int) string {
	for _, p := range s.Layer.Params {
		if n, ok := p.Value.(*syntax.Number); ok && p.Key == key {
			return n.Text
		}
	}
	return strconv.Itoa(def)
}

// lapseOf is the lapse point of a state, in days, as its notes tell; 0 where
// none does.
func lapseOf(as *State) int64 {
	for _, n := range as.Notes {
		switch n.Code {
		case "lapse_set", "lapse_no_gaps", "lapse_least", "lapse_found":
			if days, ok := n.Args["days"].(int64); ok {
				return days
			}
		}
	}
	return 0
}

// ruleCauses tells by which rule a layer labelled customers otherwise. Of the
// rules of the two labels the one that is tried first decides, and alone:
// either that of the later label began to hold, or that of the earlier ceased
// to.
func (m *Moves) ruleCauses(ctx context.Context, src segment.Source) (func(Route, []int) []Cause, error) {
	figures, err := m.figures(ctx, src)
	if err != nil {
		return nil, err
	}
	rules := m.Subject.rules(src.Schema(), m.To, figures)
	rank := func(label string) int {
		return slices.IndexFunc(rules, func(r rule) bool { return r.label == label })
	}
	return func(r Route, who []int) []Cause {
		was, is := rank(m.From.Labels[r.From]), rank(m.To.Labels[r.To])
		c := Cause{Turn: BecameTrue, Condition: rules[is].condition, N: len(who), Alone: len(who)}
		deciding := rules[is].label
		if was < is {
			c.Turn, c.Condition, deciding = BecameFalse, rules[was].condition, rules[was].label
			if rules[was].inverse != "" {
				c.Turn, c.Condition = BecameTrue, rules[was].inverse
			}
		}
		switch m.Subject.Layer.Name {
		case "value_tier":
			c.Reasons = figures.revenueReasons(who)
		case "lifecycle":
			switch deciding {
			case "star":
				c.Reasons = figures.revenueReasons(who)
			case "churned", "at risk":
				c.Reasons = figures.purchaseReasons(who)
				if n := m.lapseMoved(figures, deciding, c.Turn, who); n > 0 {
					c.Reasons = append(c.Reasons, Reason{LapseMoved, n})
				}
			}
		}
		return []Cause{c}
	}, nil
}

// lapseMoved counts for whom a rule about the lapse point would be as it was,
// had the point stayed where it was.
func (m *Moves) lapseMoved(f *figures, rule string, turn Turn, who []int) int {
	n := 0
	for _, i := range who {
		over := 5 * f.days[1].Float(i)
		limit := 5 * float64(lapseOf(m.From))
		if rule == "at risk" {
			limit = 4 * float64(lapseOf(m.From))
		}
		if (over > limit) == (turn == BecameFalse) {
			n++
		}
	}
	return n
}

// Lapse gives the lapse points of both ends, in days; 0 where the subject has
// none.
func (m *Moves) Lapse() (from, to int) { return int(lapseOf(m.From)), int(lapseOf(m.To)) }
