package auto

import (
	"context"
	"errors"
	"slices"
	"strings"

	"tesela/agent/model"
)

// Plans tells what calls mean. It is safe for concurrent use.
type Plans interface {
	// Key is one text for all calls that come to the same figures of the data,
	// however they are written. Calls that only look names up are left out of
	// it; "" is for nothing but those. It fails where a call cannot be run as it
	// is.
	Key(calls []model.Call, of *model.Catalogue) (string, error)
	// Question puts calls as a question in a language; "" where it cannot.
	Question(language string, calls []model.Call, of *model.Catalogue) string
}

// mostLooks is how many replies of the second model may look something up
// before it has a reading.
const mostLooks = 3

// mostChoice is how many bytes a choice may have; nobody picks from longer ones.
const mostChoice = 600

var errNoPlan = errors.New("it looks things up and comes to no reading")

// both names the two models, for what they decided together.
func (m *Model) both() string { return m.First.Name() + "+" + m.Then.Name() }

// inDoubt tells whether a reply of the first model computes something that it
// is not sure was meant.
func (m *Model) inDoubt(own reply) bool {
	return m.Plans != nil && len(own.calls) > 0 && own.decision != nil && len(own.decision.Doubt) > 0
}

// picked tells whether the question is one of those that were offered where the
// two had read the one before differently: then the person has said which.
func (m *Model) picked(r model.Request, turn turn) bool {
	for i := turn.at - 1; i >= 0; i-- {
		if d := r.Messages[i].Reply; d != nil {
			return d.By == m.both() && slices.ContainsFunc(d.Choices, func(c model.Choice) bool {
				return strings.EqualFold(strings.TrimSpace(c.Question), strings.TrimSpace(r.Messages[turn.at].Text))
			})
		}
	}
	return false
}

// weigh sets what the second model made of a question against a reading that
// the first has a doubt about. Only the first's plan is ever computed.
func (m *Model) weigh(ctx context.Context, r model.Request, turn turn, own, got reply, fault *model.Fault) reply {
	broken := func(err error) *model.Fault {
		return &model.Fault{Model: m.Then.Name(), Cause: model.Broken, Err: err}
	}
	switch {
	case fault != nil:
		return m.stands(own, got, fault)
	case got.decision != nil && got.decision.Status != model.Answered && got.decision.Status != "":
		return m.stands(own, got, nil) // it is not sure either
	case len(got.calls) == 0:
		return m.stands(own, got, broken(errNothing))
	}
	theirs, err := m.Plans.Key(got.calls, r.Catalogue)
	if err != nil {
		return m.stands(own, got, broken(err))
	}
	if theirs == "" {
		switch {
		case turn.rounds >= mostLooks:
			return m.stands(own, got, broken(errNoPlan))
		case writes(r, own.calls): // nothing may be written once data was read
			return m.stands(own, got, nil)
		}
		// Names of the data are looked up before it says what it reads.
		got.text = ""
		got.decision = &model.Decision{Status: model.Answered, Language: own.decision.Language, By: m.Then.Name(), Outside: true, Doubt: own.decision.Doubt}
		return got
	}
	mine, err := m.Plans.Key(own.calls, r.Catalogue)
	switch {
	case err != nil, writes(r, got.calls) && !writes(r, own.calls): // nobody is offered to change what they only asked about
		return m.stands(own, got, nil)
	case mine != theirs:
		return m.differ(ctx, r, turn, reading{own.calls, mine}, reading{got.calls, theirs}, own.decision.Language, got.used)
	}
	own.decision = signed(own.decision, m.both())
	own.decision.Doubt = nil
	own.used = got.used
	return own
}

// writes tells whether a call changes something.
func writes(r model.Request, calls []model.Call) bool {
	return slices.ContainsFunc(r.Tools, func(t model.Tool) bool {
		return t.Writes && slices.ContainsFunc(calls, func(c model.Call) bool { return c.Name == t.Name })
	})
}

// withdrawn ends a turn that can no longer come to a figure, as its tools are
// gone while the second was looking names up: the first's reading is put as a
// question, which another turn answers.
func (m *Model) withdrawn(ctx context.Context, r model.Request, turn turn, own reply, err error) reply {
	if err == nil && m.inDoubt(own) {
		if mine, err := m.Plans.Key(own.calls, r.Catalogue); err == nil {
			only := reading{own.calls, mine}
			return m.differ(ctx, r, turn, only, only, own.decision.Language, nil)
		}
	}
	d := own.decision
	if err != nil || d == nil || d.Status == model.Answered {
		d = &model.Decision{Status: model.Clarify, Language: turn.language}
	}
	return reply{decision: signed(d, m.First.Name())}
}

// reading is a plan and its key.
type reading struct {
	calls []model.Call
	key   string
}

// differ asks which of two readings is meant. A choice is a question that comes
// to just that reading when it is asked: the first model reads it so and is
// sure, or, for the second's, does not read it, so that the second is asked. A
// reading that no question comes to is told and not offered.
func (m *Model) differ(ctx context.Context, r model.Request, turn turn, mine, theirs reading, language string, used []model.Usage) reply {
	d := &model.Decision{Status: model.Clarify, Reason: model.Ambiguous, Language: language, By: m.both()}
	var apart []string
	for _, one := range []reading{mine, theirs} {
		text := strings.TrimSpace(m.Plans.Question(language, one.calls, r.Catalogue))
		choice := model.Choice{Label: text, Question: text}
		if text == "" || len(text) > mostChoice || slices.Contains(d.Choices, choice) {
			continue
		}
		as := m.readBack(ctx, r, turn, choice, language, one.key)
		if as == sameReading || as == noReading && one.key == theirs.key {
			d.Choices = append(d.Choices, choice)
		} else {
			apart = append(apart, text)
		}
	}
	if len(apart) > 0 {
		d.Params = map[string]string{"apart": strings.Join(apart, "; ")}
	}
	return reply{decision: d, used: used}
}

// What the first model makes of a choice.
const (
	otherReading = iota
	noReading    // nothing: it would ask the second
	sameReading
)

// readBack tells what a choice comes to when it is asked: by itself, and in
// this conversation.
func (m *Model) readBack(ctx context.Context, r model.Request, turn turn, c model.Choice, language, key string) int {
	asked := turn.question(r)
	alone, after := asked, asked
	alone.Messages = []model.Message{{Role: model.User, Text: c.Question}}
	offered := &model.Decision{Status: model.Clarify, Reason: model.Ambiguous, Language: language, By: m.both(), Choices: []model.Choice{c}}
	after.Messages = append(asked.Messages, model.Message{Role: model.Assistant, Reply: offered}, alone.Messages[0])
	least := sameReading
	for _, one := range []model.Request{alone, after} {
		got, err := gather(ctx, m.First, one, nil)
		as := otherReading
		switch {
		case err != nil:
		case len(got.calls) > 0 && !m.inDoubt(got):
			if k, err := m.Plans.Key(got.calls, r.Catalogue); err == nil && k == key {
				as = sameReading
			}
		case !sure(got):
			as = noReading
		}
		least = min(least, as)
	}
	return least
}
