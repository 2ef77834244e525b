package tools

import (
	"context"
	"math"
	"slices"
	"strconv"
	"strings"

	"tesela/segment/contrast"
	"tesela/segment/explain"
	"tesela/segment/feature"
	"tesela/segment/syntax"
)

// apart puts what sets two groups apart into rows.
type apart struct {
	*call
	found  *contrast.Contrast
	result *Result
	top    int
}

// apart sets the groups of a query against each other and makes a result
// without rows yet; one and other name the columns of the groups' figures.
func (c *call) apart(ctx context.Context, q contrast.Query, layers []string, top *int, one, other string) (*apart, error) {
	if *top == 0 {
		*top = defaultDifferences
	}
	for i, l := range layers {
		layers[i] = strings.ToLower(strings.TrimSpace(l))
		if !slices.Contains(feature.Layers(), layers[i]) {
			e := c.fault("layers", "there is no layer %q; there are %s", l, strings.Join(feature.Layers(), ", "))
			e.Nearest = syntax.NearestNames(layers[i], feature.Layers(), 3)
			return nil, e
		}
	}
	var err error
	if q.Features, err = c.features(ctx, feature.Options{Layers: layers}); err != nil {
		return nil, err
	}
	if q.Features == nil {
		q.Features = []feature.Feature{}
	}
	t := &apart{call: c, top: *top}
	if t.found, err = contrast.Compare(ctx, q, c.src, c.at); err != nil {
		return nil, err
	}
	report := t.found.Report
	t.result = &Result{
		Values: map[string]any{"looks": report.Looks, "found": report.Found, "left_out": report.Tiny},
		Units:  map[string]string{},
		Columns: []Column{
			{Name: "layer", Kind: "text"},
			{Name: "what", Kind: "text"},
			{Name: one, Kind: "number", Unit: UnitOfRow},
			{Name: other, Kind: "number", Unit: UnitOfRow},
			{Name: "difference", Kind: "number", Unit: UnitOfRow},
			{Name: "low", Kind: "number", Unit: UnitOfRow},
			{Name: "high", Kind: "number", Unit: UnitOfRow},
			{Name: "effect", Kind: "number"},
			{Name: "strength", Kind: "text"},
			{Name: "folded", Kind: "count"},
			{Name: "also", Kind: "text"},
			{Name: "condition", Kind: "text"},
			{Name: "unit", Kind: "text"},
			{Name: "ranked_by", Kind: "text", Detail: true},
			{Name: "effect_size", Kind: "number", Detail: true},
			{Name: "effect_low", Kind: "number", Detail: true},
			{Name: "effect_high", Kind: "number", Detail: true},
			{Name: "p", Kind: "number", Detail: true},
		},
		Rows: [][]any{},
	}
	return t, nil
}

// at is the place of a column.
func (t *apart) at(name string) int {
	return slices.IndexFunc(t.result.Columns, func(c Column) bool { return c.Name == name })
}

// tell adds the rows of the strongest differences, then of those that others
// gives, then of those by definition.
func (t *apart) tell(others [][]any) {
	skewed, shown, restated, more := 0, 0, 0, 0
	for _, d := range t.found.Differences {
		if d.Definition && restated == 0 {
			t.result.Rows = append(t.result.Rows, others...)
			others = nil
		}
		switch {
		case d.Definition && restated == mostRestated: // top asks for no more of these
			continue
		case !d.Definition && shown == t.top:
			more++
			continue
		case d.Definition:
			restated++
		default:
			shown++
		}
		t.result.Rows = append(t.result.Rows, t.row(d))
		for k := 1; k < min(len(d.Drivers), mostDrivers) && !d.Definition; k++ {
			t.result.Rows = append(t.result.Rows, t.driver(d, k))
		}
		if d.Aspect == explain.Values && d.Measure == explain.CliffDelta && (d.Low <= 0 && d.High >= 0 || d.Difference*d.Effect < 0) {
			skewed++
		}
	}
	t.result.Rows = append(t.result.Rows, others...)
	if t.result.Values["by_definition"] = restated; shown > 0 {
		t.result.Values["shown"] = shown
	}
	if more > 0 {
		t.note("explain_more", params{"n": more})
	}
	if skewed > 0 {
		t.note("explain_skewed", params{"n": skewed})
	}
}

// mostRestated is how many rows tell what is by definition, beside the others.
const mostRestated = 3

// mostDrivers is how many words of a category have rows.
const mostDrivers = 2

// row tells one difference.
func (t *apart) row(d contrast.Difference) []any {
	figure := func(x float64) any { return t.figure(d.Feature, d.Look, x) }
	var condition, also any
	if d.Condition != nil {
		condition = d.Condition.String()
	}
	if len(d.Folded) > 0 {
		var names []string
		for _, f := range d.Folded {
			name := t.what(t.found.Table.Features[f.Column], f.Look, 0)
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
		also = strings.Join(names, "; ")
	}
	return []any{
		d.Feature.Layer, t.what(d.Feature, d.Look, 0), figure(d.A), figure(d.B), figure(d.Difference), figure(d.Low), figure(d.High),
		math.Round(100*d.D) / 100, strength(d.Look), len(d.Folded), also, condition, t.unit(d.Feature, d.Look),
		measures[d.Measure], toFour(d.Effect), toFour(d.DLow), toFour(d.DHigh), significant(d.Adjusted),
	}
}

// measures names effect sizes.
var measures = map[explain.Measure]string{
	explain.HedgesG: "hedges_g", explain.CliffDelta: "cliff_delta", explain.CohenH: "cohen_h", explain.CramerV: "cramer_v",
}

// toFour is an effect size to four decimals; nil for none.
func toFour(x float64) any {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return nil
	}
	return math.Round(x*1e4) / 1e4
}

// significant is a p value to three digits.
func significant(p float64) float64 {
	short, err := strconv.ParseFloat(strconv.FormatFloat(p, 'g', 3, 64), 64)
	if err != nil {
		return p
	}
	return short
}

// driver tells one more word of a category.
func (t *apart) driver(d contrast.Difference, k int) []any {
	w := d.Drivers[k]
	figure := func(x float64) any { return t.figure(d.Feature, d.Look, x) }
	condition := d.Feature.Is(d.Words[k])
	return []any{
		d.Feature.Layer, t.what(d.Feature, d.Look, k), figure(w.A), figure(w.B), figure(w.Difference), figure(w.Low), figure(w.High),
		nil, nil, nil, nil, condition.String(), t.unit(d.Feature, d.Look),
		nil, nil, nil, nil, nil,
	}
}

// what words what a look is at; k is the driver told of a category.
func (t *apart) what(f feature.Feature, l explain.Look, k int) string {
	switch l.Aspect {
	case explain.Known:
		what := t.featureNoun(f)
		if event := f.Says.Event; event != "" {
			if f.Says.Of != "" && f.Says.Form == feature.Per {
				event = f.Says.Of
			}
			_, what, _ = t.noun(event)
		}
		if f.Says.Window != nil { // the last year, as features are made
			return t.say("explain_known_year", params{"what": what})
		}
		return t.say("explain_known", params{"what": what})
	case explain.Values:
		return t.featureNoun(f)
	}
	if k >= len(l.Drivers) {
		return t.featureNoun(f)
	}
	word := t.found.Table.Columns[l.Column].Words[l.Drivers[k].Code]
	if f.If != nil || t.isBool(f) {
		return t.featureIs(f, word)
	}
	return t.say("explain_word", params{"what": t.featureNoun(f), "word": word})
}

// figure is a group's figure as a cell.
func (t *apart) figure(f feature.Feature, l explain.Look, x float64) any {
	if l.Aspect != explain.Values {
		f.Unit = feature.Share
	}
	return t.figureOf(f, x)
}

// unit is what a row's figures are in.
func (t *apart) unit(f feature.Feature, l explain.Look) any {
	switch {
	case l.Aspect != explain.Values || f.Unit == feature.Share:
		return "rate"
	case f.Unit == feature.Money && t.schema.Currency != "":
		return t.schema.Currency
	case f.Unit == feature.Plain, f.Unit == feature.Money:
		return "number"
	}
	return string(f.Unit)
}

// strength names the size of an effect (Cohen 1988), or that it is by
// definition.
func strength(l explain.Look) string {
	switch d := math.Abs(l.D); {
	case l.Definition:
		return "definition"
	case d >= 0.8:
		return "large"
	case d >= 0.5:
		return "medium"
	}
	return "small"
}

// notes say how the differences were found and what is not shown.
func (t *apart) notes() {
	report := t.found.Report
	few := min(report.A, report.B)
	switch {
	case few < explain.Enough:
		t.note("explain_few", params{"n": few})
		return
	case len(t.found.Differences) == 0:
		t.note("explain_nothing", nil)
	}
	if report.Tiny > 0 {
		t.note("explain_tiny", params{"n": report.Tiny})
	}
	if slices.ContainsFunc(t.found.Differences, func(d contrast.Difference) bool { return len(d.Folded) > 0 }) {
		t.note("explain_same", nil)
	}
	if slices.ContainsFunc(t.found.Differences, func(d contrast.Difference) bool { return d.Definition }) {
		t.note("explain_definition", nil)
	}
	if report.Untested > 0 {
		t.note("explain_unseen", params{"n": report.Untested})
	}
	if slices.ContainsFunc(t.found.Table.Features, func(f feature.Feature) bool { return f.Says.Window != nil }) {
		t.note("explain_window", nil)
	}
	t.note("explain_method", nil)
}
