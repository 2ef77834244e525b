package restate

import (
	"encoding/json"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"tesela/agent/model"
	"tesela/segment/syntax"
	"tesela/tools"
)

// Call says what a tool call asks, as one sentence without its full stop, and
// what it assumes. Arguments that cannot be read give the tool's name.
func (r *Restater) Call(lang, tool string, args json.RawMessage, cat *model.Catalogue) (text string, assumptions []string) {
	s := r.saying(lang, cat)
	switch tool {
	case "count_segment":
		var a tools.CountSegmentArgs
		if json.Unmarshal(args, &a) == nil {
			text = fill(s.Calls[tool], "who", s.whoText(a.Formula))
		}
	case "list_customers":
		var a tools.ListCustomersArgs
		if json.Unmarshal(args, &a) == nil {
			text = s.list(a)
		}
	case "measure":
		var a tools.MeasureArgs
		if json.Unmarshal(args, &a) == nil {
			text, assumptions = s.measure(a)
		}
	case "save_segment", "delete_segment", "set_word", "export_segment", "tag_customers":
		text = s.order(tool, args)
	case "describe_data":
		text = s.Calls[tool]
	default:
		if text = s.analysis(tool, args); text == "" {
			text = s.groups(tool, args)
		}
	}
	if text == "" {
		text = fill(s.Calls["other"], "tool", tool)
	}
	seen := map[string]bool{}
	for _, e := range s.never {
		if !seen[e] {
			seen[e] = true
			assumptions = append(assumptions, fill(s.agree(s.Assume["never"], e), "event", s.noun(e, false)))
		}
	}
	return capital(text), assumptions
}

// Label says who has a label of a layer, naming both: "en riesgo del rfm".
func (r *Restater) Label(lang, layer, label string) string {
	s := r.saying(lang, nil)
	return fill(s.Calls["label"], "label", s.labelled(layer, label), "layer", s.layerName(layer))
}

func capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}

// whoText is who satisfies a formula given as text.
func (s *saying) whoText(formula string) string {
	if formula == "" {
		return s.Everyone
	}
	f, err := syntax.Parse(formula)
	if err != nil {
		return s.Customers + " " + fill(s.plain["formula"], "a", formula)
	}
	return s.who(f)
}

func (s *saying) list(a tools.ListCustomersArgs) string {
	who := s.whoText(a.Formula)
	if a.By == "" {
		return fill(s.Calls["list_customers"], "who", who)
	}
	by := a.By
	if v, err := syntax.ParseValue(a.By); err == nil {
		by = s.value(v)
	}
	t := "list_by"
	if a.Ascending {
		t = "list_by_ascending"
	}
	text := fill(s.Calls[t], "who", who, "value", by)
	if a.Limit > 0 {
		text += s.most("top", a.Limit)
	}
	return text
}

func (s *saying) measure(a tools.MeasureArgs) (string, []string) {
	if text := s.share(a); text != "" {
		return text, nil
	}
	var assumptions []string
	names := make([]string, len(a.Measures))
	for i, m := range a.Measures {
		names[i] = s.measureName(m)
		switch m {
		case "revenue", "revenue_per_buyer":
			assumptions = append(assumptions, s.Assume["revenue"])
		case "gross_revenue", "aov":
			assumptions = append(assumptions, s.Assume["gross"])
		}
	}
	by := ""
	if len(a.GroupBy) > 0 {
		list := make([]string, len(a.GroupBy))
		for i, g := range a.GroupBy {
			list[i] = s.group(g, a.Measures)
		}
		by = fill(s.Calls["by"], "list", strings.Join(list, s.And))
	}
	window, where, who, top := "", "", "", ""
	if w, err := syntax.ParseWindow(a.Window); a.Window != "" && err == nil {
		window = s.window(w)
	}
	if f, err := syntax.ParseFilter(a.Where); a.Where != "" && err == nil {
		where = s.where("", f)
	}
	if a.Formula != "" {
		who = fill(s.Calls["for"], "who", s.whoText(a.Formula))
	}
	if a.Top > 0 {
		t := "top"
		if a.Order == "asc" {
			t = "bottom"
		}
		top = s.most(t, a.Top)
	}
	text := fill(s.Calls["measure"], "measures", strings.Join(names, s.And), "by", by, "per", s.Per[a.Per],
		"window", window, "where", where, "for", who, "top", top)
	return text, assumptions
}

// most says that only so many are asked for, from the top or the bottom.
func (s *saying) most(t string, n int) string {
	if one := s.Calls[t+"_1"]; n == 1 && one != "" {
		return one
	}
	return fill(s.Calls[t], "n", strconv.Itoa(n))
}

// share is `customers(F) / customers` over a base, "" for anything else.
func (s *saying) share(a tools.MeasureArgs) string {
	if len(a.Measures) != 1 || len(a.GroupBy) > 0 || a.Per != "" || a.Window != "" || a.Where != "" {
		return ""
	}
	v, err := syntax.ParseMeasure(a.Measures[0])
	if err != nil {
		return ""
	}
	ratio, ok := v.(*syntax.Arith)
	if !ok || ratio.Op != '/' || ratio.Right.String() != "customers" {
		return ""
	}
	of, ok := ratio.Left.(*syntax.CustomersOf)
	if !ok {
		return ""
	}
	return fill(s.Calls["share"], "base", s.whoText(a.Formula), "who", s.who(of.Formula))
}

// measureName names a measure; an expression is said as it is written, but
// for plain counts.
func (s *saying) measureName(m string) string {
	// What a business sells may not be orders.
	if ev := s.cat.Roles["purchase"]; m == "orders" && ev != "" && ev != "order" {
		return fill(s.MeasureOf["events"], "events", s.noun(ev, true))
	}
	if n := s.Measures[m]; n != "" {
		return n
	}
	v, err := syntax.ParseMeasure(m)
	if err != nil {
		return m
	}
	switch v := v.(type) {
	case *syntax.Name:
		if t := s.MeasureOf[v.Name]; t != "" && len(v.Params) == 1 {
			return fill(t, "events", s.noun(v.Params[0].Event, true), "trait", s.noun(v.Params[0].Event, false))
		}
	case *syntax.Call:
		return s.value(v)
	case *syntax.Arith:
		return s.measureArith(v)
	case *syntax.PerCustomer:
		if word := s.Statistics[v.Statistic]; word != "" {
			return fill(s.plain["per_customer"], "statistic", word, "value", s.value(v.Value))
		}
	case *syntax.CustomersOf:
		return fill(s.Calls["count_segment"], "who", s.who(v.Formula))
	}
	return m
}
