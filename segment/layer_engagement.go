package segment

import (
	"context"
	"fmt"

	"tesela/segment/column"
	"tesela/segment/engagement"
	"tesela/segment/syntax"
)

// engagementLayer is engagement. Activity is any event but those that are done
// to a customer, which are what is sent and the assignment to the arms of a
// trial; or the events named.
type engagementLayer struct{}

const engagementName = "engagement"

type engagementParams struct {
	events []string
	given  bool // the events were named
	window *syntax.Window
}

func (engagementLayer) read(s *Schema, params []syntax.Param) (engagementParams, error) {
	r := readParams(engagementName, "engagement(visit, order, last 60d)", params)
	p := engagementParams{window: r.window("window", s.Zone)}
	if p.window == nil {
		p.window = lastWindow(60, syntax.Day)
	} else if p.window.Kind != syntax.WindowLast && p.window.Kind != syntax.WindowSince {
		r.fail(p.window.Span, "engagement is about the time up to now, so its window is such as last 60d")
	}
	p.events = r.events(s)
	if p.given = len(p.events) > 0; !p.given {
		arms, _, _ := s.Property(s.Roles[roleArm])
		for _, e := range s.Events {
			if e.Name != s.Roles[roleSend] && e.Name != s.Roles[roleTrial] && e.Name != arms.Name {
				p.events = append(p.events, e.Name)
			}
		}
	}
	return p, r.done()
}

// Check implements Layer.
func (l engagementLayer) Check(s *Schema, params []syntax.Param) (column.Kind, []string, error) {
	_, err := l.read(s, params)
	return column.Text, engagement.Labels(), err
}

// Compute implements Layer.
func (l engagementLayer) Compute(ctx context.Context, u *Use) (*column.Column, error) {
	s := u.Source.Schema()
	p, err := l.read(s, u.Params)
	if err != nil {
		return nil, err
	}
	span, err := Resolve(p.window, u.At, s.Zone)
	if err != nil {
		return nil, err
	}
	u.Note(Note{
		Code: "engagement_events", Args: map[string]any{"events": texts(p.events), "window": p.window.String()},
		Text: fmt.Sprintf("engaged: any of %s in the %s", texts(p.events), p.window),
	})
	codes := make([]uint8, s.Customers)
	for _, event := range p.events {
		t, err := u.table(ctx, event)
		if err != nil {
			return nil, err
		}
		if t == nil {
			continue
		}
		if err := eachPart(ctx, t, func(_, lo, hi int) { engagement.Add(t, lo, hi, span.From, u.end(), codes) }); err != nil {
			return nil, err
		}
	}
	return engagement.Column(codes), nil
}
