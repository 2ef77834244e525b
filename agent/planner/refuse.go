package planner

import (
	"context"

	"tesela/agent/model"
	"tesela/segment/syntax"
	"tesela/tools"
)

// recent is the time that a question offered in place of a forecast is about.
var recent = syntax.Duration{N: 30, Unit: syntax.Day}

// refuseForecast says that nothing is foretold, and offers what was done of
// late of the thing that was asked about.
func (p *Planner) refuseForecast(ps *parse, pl *plan, dec *model.Decision) {
	dec.Status, dec.Reason, dec.Unknown = model.Cannot, model.NotYet, pl.unknown
	dec.Params["forecast"] = "yes"
	event := ""
	for _, n := range pl.about {
		switch {
		case n.clause != nil:
			event = n.clause.event
		case n.meas != nil:
			event = n.meas.event
		}
		if event != "" {
			break
		}
	}
	if event == "" {
		event = ps.ix.events["purchase"]
	}
	if event == "" {
		return
	}
	did := &syntax.Compare{
		Left: &syntax.Call{Fn: syntax.Count, Event: event, Window: &syntax.Window{Kind: syntax.WindowLast, Duration: recent}},
		Op:   syntax.Ge, Right: number(1),
	}
	if c := p.offer(dec.Language, "count_segment", marshal(tools.CountSegmentArgs{Formula: did.String()})); c.Label != "" {
		dec.Choices = []model.Choice{c}
	}
}

// nearestTo are the figures that come nearest to an analysis that no tool makes.
var nearestTo = map[string]tools.MeasureArgs{
	"retention": {Measures: []string{"repeat_rate"}},
	"gap":       {Measures: []string{"days_between"}},
	"together":  {Measures: []string{"orders"}, GroupBy: []string{"product"}},
}

// refuseAnalysis names the analysis that no tool makes, and offers the figure
// that comes nearest to it.
func (p *Planner) refuseAnalysis(ps *parse, pl *plan, dec *model.Decision) {
	said := ps.typed(pl.analysis.from, pl.analysis.to)
	dec.Status, dec.Reason, dec.Unknown = model.Cannot, model.NotYet, []string{said}
	dec.Params["tool"] = said
	args, ok := nearestTo[pl.analysis.attr]
	if !ok || p.ix.events["purchase"] == "" {
		return
	}
	if len(args.GroupBy) > 0 {
		role := p.ix.role(args.GroupBy[0])
		if role == "" {
			return
		}
		args.GroupBy = []string{role}
	}
	if c := p.offer(dec.Language, "measure", marshal(args)); c.Label != "" {
		dec.Choices = []model.Choice{c}
	}
}

// ofPeople tells whether what is foretold is of customers or what they do: the
// weather in a city that customers live in is not.
func (p *parse) ofPeople(pl *plan) bool {
	for _, n := range pl.about {
		if n.clause != nil || n.meas != nil {
			return true
		}
	}
	for i := range p.toks {
		for _, n := range p.cells[i][i+1] {
			if n.cat == "sentence_out" && n.cost < costFuzzy {
				return false
			}
		}
	}
	for i := range p.toks {
		for _, n := range p.cells[i][i+1] {
			if n.cat == cCust && n.cost < costFuzzy {
				return true
			}
		}
	}
	return false
}

// orders tells whether some word asks for a thing to be done.
func (p *parse) orders() bool {
	for i := range p.toks {
		for _, n := range p.cells[i][i+1] {
			if n.cat == "actions" && n.cost < costFuzzy {
				return true
			}
		}
	}
	return false
}

// aboutOne tells whether what is not understood is somebody's id, beside a
// field that is asked for: what is known of one customer is no figure.
func (p *parse) aboutOne(unknown []string) bool {
	id := false
	for _, w := range unknown {
		id = id || likeID(w)
	}
	if !id {
		return false
	}
	for i := range p.toks {
		for j := i + 1; j <= min(len(p.toks), i+3); j++ {
			for _, n := range p.cells[i][j] {
				if n.cat == cField && n.cost < costFuzzy || n.cat == "message" {
					return true
				}
			}
		}
	}
	return false
}

// understood keeps of the questions that a refusal offers those that are
// understood as they stand.
func (p *Planner) understood(ctx context.Context, r model.Request, dec *model.Decision) error {
	if dec.Status != model.Cannot || len(dec.Choices) == 0 {
		return nil
	}
	var kept []model.Choice
	for _, c := range dec.Choices {
		alone := r
		alone.Messages = []model.Message{{Role: model.User, Text: c.Question}}
		_, again, err := p.readAll(ctx, alone, 0)
		if err != nil {
			return err
		}
		if again.Status == model.Answered {
			kept = append(kept, c)
		}
	}
	dec.Choices = kept
	return nil
}
