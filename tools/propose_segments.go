package tools

import (
	"context"
	_ "embed"
	"errors"
	"slices"
	"strings"

	"tesela/agent/model"
	"tesela/segment"
	"tesela/segment/goal"
	"tesela/segment/syntax"
)

//go:embed propose_segments.md
var proposeSegmentsText string

const (
	defaultProposals = 5
	leastGroup       = 50  // a group has at least this many customers
	leastShareOf     = 200 // or one in this many of all
	mostGoalWords    = 60
)

// proposing is one proposal under way.
type proposing struct {
	*call
	book   *goalbook
	key    string
	words  *goalWords
	values []saidValue
	query  goal.Query
	found  *goal.Report
}

func proposeSegments(ctx context.Context, c *call, args *ProposeSegmentsArgs) (*Result, error) {
	p := &proposing{call: c}
	if err := p.find(ctx, args); err != nil {
		return nil, err
	}
	return p.result(ctx)
}

// find reads the goal and finds the groups that serve it.
func (p *proposing) find(ctx context.Context, args *ProposeSegmentsArgs) error {
	c := p.call
	base, err := p.read(ctx, args)
	if err != nil {
		return err
	}
	if args.Top == 0 {
		args.Top = defaultProposals
	}
	if args.MinSize == 0 {
		args.MinSize = max(leastGroup, c.schema.Customers/leastShareOf)
	}
	p.query.Base, p.query.Least, p.query.Most = base, args.MinSize, args.Top
	p.query.Except = func(ref segment.FieldRef) bool { return c.box.personal.is(c.schema, ref) }
	if p.found, err = goal.Propose(ctx, c.src, c.at, p.query); errors.Is(err, goal.ErrNoGroups) {
		roles := strings.Join(p.found.Missing, ", ")
		return &CannotError{
			Tool: c.tool, Reason: model.NoRole, Params: map[string]string{"role": roles},
			Message: c.say("cannot_goal", params{"goal": p.goalName(), "roles": roles}),
		}
	} else if err != nil {
		return c.wrong("formula", err, base)
	}
	return nil
}

// read finds the goal, and whom it is for.
func (p *proposing) read(ctx context.Context, args *ProposeSegmentsArgs) (syntax.Formula, error) {
	var err error
	if p.book, err = loadGoals(); err != nil {
		return nil, err
	}
	goals, err := goal.Goals()
	if err != nil {
		return nil, err
	}
	if p.words = wordsOfGoal(args.Goal); len(p.words.folded) > mostGoalWords {
		return nil, p.fault("goal", "is %d words long; say in at most %d what is to be reached", len(p.words.folded), mostGoalWords)
	}
	matches := p.book.match(p.words)
	if len(matches) == 0 {
		e := p.fault("goal", "no goal is known that is said like %q; ask for one of those that are near, or describe the group as a formula", args.Goal)
		e.Nearest = p.book.nearest(p.who.Language, args.Goal)
		return nil, e
	}
	for _, m := range matches {
		if m.score == matches[0].score {
			p.use(m)
		}
	}
	fields, err := p.valueFields(ctx)
	if err != nil {
		return nil, err
	}
	if p.values, err = fields.all(ctx, p.book, p.words); err != nil {
		return nil, err
	}
	if err := p.choose(ctx, args, goals, matches, fields); err != nil {
		return nil, err
	}
	return p.base(ctx, args)
}

func (p *proposing) use(m goalMatch) {
	for _, i := range m.at {
		p.words.used[i] = true
	}
}

// choose takes the likeliest goal whose needs the values meet. Where another
// goal is said by other words too, it asks.
func (p *proposing) choose(ctx context.Context, args *ProposeSegmentsArgs, goals map[string]goal.Goal, matches []goalMatch, fields *valueFields) error {
	needed := ""
	for _, m := range matches {
		g := goals[m.key]
		v := p.valueFor(g.Needs)
		if g.Needs != "" && v == nil {
			if needed != goal.Place {
				needed = g.Needs
			}
			continue
		}
		if needed != "" && (m.score < matches[0].score || len(p.unused()) > 0) {
			break // a weaker reading is no answer to the stronger one
		}
		p.key, p.query.Goal, p.query.Value = m.key, g, v
		p.use(m)
		p.useName()
		return p.oneGoal(args, matches, m)
	}
	unknown := p.unused()
	e := p.fault("goal", "which place, category or other value of the data is %q about? None is called so", args.Goal)
	if len(unknown) > 0 {
		e = p.fault("goal", "no place, category or other value of the data is called %q", strings.Join(unknown, " "))
	}
	if e.Nearest = fields.nearest(ctx, unknown); len(e.Nearest) == 0 && needed == goal.Place {
		e.Nearest = fields.some()
	}
	return e
}

// useName marks the words of the goal's own name used, in any language.
func (p *proposing) useName() {
	for _, name := range p.book.Goals[p.key].Name {
		for _, word := range wordsOfGoal(name).folded {
			for i, said := range p.words.folded {
				p.words.used[i] = p.words.used[i] || said == word
			}
		}
	}
}

// oneGoal refuses words that say two goals at once.
func (p *proposing) oneGoal(args *ProposeSegmentsArgs, matches []goalMatch, chosen goalMatch) error {
	for _, m := range matches {
		apart := m.key != chosen.key
		for _, i := range m.at {
			for _, j := range chosen.at {
				apart = apart && i != j
			}
		}
		if apart && m.score > 4 && p.free(m.at) {
			e := p.fault("goal", "%q says two goals; ask for one at a time", args.Goal)
			for _, key := range []string{chosen.key, m.key} {
				e.Nearest = append(e.Nearest, in(p.book.Goals[key].Name, p.who.Language))
			}
			return e
		}
	}
	return nil
}

// free tells whether no word at these places names a value.
func (p *proposing) free(at []int) bool {
	for _, i := range at {
		if p.words.used[i] {
			return false
		}
	}
	return true
}

// valueFor is the first value that a goal's need is met by; it may not be
// negated.
func (p *proposing) valueFor(need string) *goal.Value {
	for i, v := range p.values {
		place := v.Event == ""
		if !v.not && (need == goal.Place && place || need == goal.Product && !place) {
			return &p.values[i].Value
		}
	}
	return nil
}

// unused are the goal's words that say nothing known.
func (p *proposing) unused() []string {
	var words []string
	for i, used := range p.words.used {
		if !used && !p.book.idle[p.words.folded[i]] && !slices.Contains(words, p.words.said[i]) {
			words = append(words, p.words.said[i])
		}
	}
	return words
}

// base is whom the groups are chosen among: the formula's customers, with what
// the goal's words name besides.
func (p *proposing) base(ctx context.Context, args *ProposeSegmentsArgs) (syntax.Formula, error) {
	var parts []syntax.Formula
	if args.Formula = strings.TrimSpace(args.Formula); args.Formula != "" {
		f, err := p.checked(ctx, "formula", &args.Formula)
		if err != nil {
			return nil, err
		}
		if _, everyone := f.(*syntax.Everyone); !everyone {
			parts = append(parts, f)
		}
	}
	var said []string
	for i, v := range p.values {
		said = append(said, v.text())
		if &p.values[i].Value == p.query.Value {
			continue
		}
		f := v.Condition()
		if v.not {
			f = &syntax.Not{X: f}
		}
		parts = append(parts, f)
	}
	if len(said) > 0 {
		p.note("propose_value", params{"values": strings.Join(said, ", ")})
	}
	if words := p.unused(); len(words) > 0 {
		p.note("propose_unused", params{"words": strings.Join(words, ", ")})
	}
	return syntax.All(parts...), nil
}

func (p *proposing) goalName() string { return in(p.book.Goals[p.key].Name, p.who.Language) }
