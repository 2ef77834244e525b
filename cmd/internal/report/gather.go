package report

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"tesela/agent/model"
	"tesela/agent/wording"
	"tesela/tools"
)

// Subject is a saved segment that a report is of.
type Subject struct {
	Name, Formula, Text string
	// Others are the other saved segments: name and formula.
	Others [][2]string
}

// mostOverlaps is how many other segments a segment is set against.
const mostOverlaps = 40

// OfSegment asks the tools about a segment: its size, what it is worth, its
// size over time, what sets it apart, how it answers when a threshold moves,
// who nearly is in it. What these tools do not know, or this data does not
// tell, is left out, the latter with a note. The doc lacks what only its caller
// knows: As of, Zone, Data, Program, Command.
func OfSegment(ctx context.Context, runner tools.Runner, who tools.Caller, s Subject) (*Doc, error) {
	all, err := loadWords()
	if err != nil {
		return nil, err
	}
	lang, err := wording.For(who.Language)
	if err != nil {
		return nil, err
	}
	w := all[lang.Code]
	d := &Doc{Language: lang.Code, Kind: Segment, Title: s.Name, Understood: s.Text}
	g := &gathering{ctx: ctx, runner: runner, who: who, doc: d}
	count, err := g.call("count_segment", tools.CountSegmentArgs{Formula: s.Formula})
	if err != nil {
		return nil, err
	}
	card := tools.Segment{Name: s.Name, Formula: s.Formula, Text: s.Text}
	if len(count.Segments) > 0 {
		card.Size, card.Share = count.Segments[0].Size, count.Segments[0].Share
	}
	if card.Overlaps, err = g.overlaps(s, card.Size); err != nil {
		return nil, err
	}
	if err := g.worth(&card); err != nil {
		return nil, err
	}
	// The card stands with the figures of the count that it is made from.
	carded := *count
	carded.Segments = []tools.Segment{card}
	if carded.Units == nil {
		carded.Units = map[string]string{}
	} else {
		carded.Units = maps.Clone(carded.Units)
	}
	carded.Units["revenue"] = g.currency
	g.add(w.Sections["size"], "count_segment", tools.CountSegmentArgs{Formula: s.Formula}, &carded)
	for _, step := range []struct {
		section, tool string
		args          any
	}{
		{"value", "measure", tools.MeasureArgs{Measures: []string{"revenue", "orders", "buyers", "aov", "revenue_per_buyer"}, Formula: s.Formula}},
		{"course", "trace_drift", tools.TraceDriftArgs{Segment: s.Formula}},
		{"apart", "explain_segment", tools.ExplainSegmentArgs{Formula: s.Formula}},
		{"sensitivity", "check_sensitivity", tools.CheckSensitivityArgs{Formula: s.Formula}},
		{"near", "find_near_misses", tools.FindNearMissesArgs{Formula: s.Formula}},
	} {
		if err := g.part(w.Sections[step.section], step.tool, step.args); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// OfMicrosegments asks for micro-segments and reports them.
func OfMicrosegments(ctx context.Context, runner tools.Runner, who tools.Caller, args tools.FindMicrosegmentsArgs) (*Doc, error) {
	lang, err := wording.For(who.Language)
	if err != nil {
		return nil, err
	}
	d := &Doc{Language: lang.Code, Kind: Microsegments}
	g := &gathering{ctx: ctx, runner: runner, who: who, doc: d}
	r, err := g.call("find_microsegments", args)
	if err != nil {
		return nil, err
	}
	d.Title = r.Title
	g.add("", "find_microsegments", args, r)
	return d, nil
}

// gathering is a doc under way.
type gathering struct {
	ctx    context.Context
	runner tools.Runner
	who    tools.Caller
	doc    *Doc
	// currency is that of the card's money.
	currency string
}

func (g *gathering) call(tool string, args any) (*tools.Result, error) {
	text, err := marshal(args)
	if err != nil {
		return nil, err
	}
	return g.runner.Call(g.ctx, g.who, tool, text)
}

// part adds what a tool tells. A tool that is not there adds nothing; one that
// cannot answer from this data, or not for such a formula, adds a note.
func (g *gathering) part(heading, tool string, args any) error {
	if !slices.ContainsFunc(g.runner.List(), func(t model.Tool) bool { return t.Name == tool }) {
		return nil
	}
	r, err := g.call(tool, args)
	var cannot *tools.CannotError
	var bad *tools.ArgumentError
	switch {
	case errors.As(err, &cannot), errors.As(err, &bad):
		g.doc.Notes = append(g.doc.Notes, heading+": "+err.Error())
		return nil
	case err != nil:
		return fmt.Errorf("%s: %w", heading, err)
	}
	// One with nothing to show, such as moves of thresholds that a formula does
	// not have, tells nothing by its heading.
	if len(r.Rows) == 0 && len(r.Segments) == 0 && len(r.Columns) > 0 && len(r.Values) == 0 {
		return nil
	}
	g.add(heading, tool, args, r)
	return nil
}

func (g *gathering) add(heading, tool string, args any, r *tools.Result) {
	text, err := marshal(args)
	if err != nil {
		return
	}
	g.doc.Parts = append(g.doc.Parts, Part{
		Heading: heading, Tool: tool, Args: text, Result: r, Command: RunCommand(tool, text, g.who.Language, g.who.AsOf),
	})
}

// perHead is the measure of what a member is worth.
const perHead = "revenue / customers"

// worth adds to a card the revenue of its members, in all and per head, where
// the data tells it.
func (g *gathering) worth(card *tools.Segment) error {
	r, err := g.call("measure", tools.MeasureArgs{Measures: []string{"revenue", perHead}, Formula: card.Formula})
	if err != nil {
		return g.ctx.Err()
	}
	card.Revenue, _ = r.Values["revenue"].(string)
	card.PerHead, _ = r.Values[perHead].(string)
	g.currency = r.Units["revenue"]
	return nil
}

// overlaps counts the members that are in other saved segments too, those with
// most first.
func (g *gathering) overlaps(s Subject, size int) ([]tools.Overlap, error) {
	var list []tools.Overlap
	for _, other := range s.Others[:min(len(s.Others), mostOverlaps)] {
		both, err := g.call("count_segment", tools.CountSegmentArgs{Formula: "(" + s.Formula + ") and (" + other[1] + ")"})
		if err != nil {
			if g.ctx.Err() != nil {
				return nil, err
			}
			continue // a saved segment that the data has outgrown
		}
		whole, err := g.call("count_segment", tools.CountSegmentArgs{Formula: other[1]})
		if err != nil {
			if g.ctx.Err() != nil {
				return nil, err
			}
			continue
		}
		if len(both.Segments) == 0 || len(whole.Segments) == 0 || both.Segments[0].Size == 0 || size == 0 {
			continue
		}
		n := both.Segments[0].Size
		list = append(list, tools.Overlap{
			Name: other[0], Both: n, Share: float64(n) / float64(size), Of: float64(n) / float64(whole.Segments[0].Size),
		})
	}
	slices.SortStableFunc(list, func(a, b tools.Overlap) int { return b.Both - a.Both })
	return list, nil
}

// marshal writes arguments as a person would: < and > as they are.
func marshal(args any) (json.RawMessage, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(args); err != nil {
		return nil, fmt.Errorf("write the arguments: %w", err)
	}
	return bytes.TrimSpace(b.Bytes()), nil
}

// Settle fills in what the workspace tells.
func (d *Doc) Settle(asOf time.Time, zone *time.Location, data, program, command string) {
	d.AsOf, d.Zone, d.Data, d.Command = asOf, zone, data, command
	if program != "" {
		d.Program = "Tesela " + program
	}
}
