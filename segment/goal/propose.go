package goal

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"time"

	"tesela/segment"
	"tesela/segment/syntax"
	"tesela/segment/trial"
)

// Query says what is wanted.
type Query struct {
	Goal  Goal
	Base  syntax.Formula // nil: everyone
	Value *Value         // what the goal's words name; nil for nothing
	Least int            // groups of fewer customers are not proposed
	Most  int            // at most this many proposals
	// Except tells fields that are not to be used, as in feature.Options.
	Except func(segment.FieldRef) bool
}

// ErrNoGroups says that this data has the roles for none of the goal's groups;
// see Report.Missing.
var ErrNoGroups = errors.New("this data has what none of the goal's groups is made of")

// Report is what was found.
type Report struct {
	Days     int
	Base     int // customers
	Outcome  string
	Money    bool // gains are money, else so many more (or fewer) of the outcome
	Reached  bool // reach is by consent; else everyone can be written to
	Revenue  *big.Rat
	Contacts float64 // messages per customer of the base in the last 30 days; NaN where there are none
	PerHead  float64 // revenue per customer of the base in the last year; NaN without

	Proposals []Proposal
	// Considered groups had customers; Small had too few of them, and Same
	// nearly the same people as a better one. Broad were over half of all
	// customers, and Risky held too much of the revenue for a safe test.
	Considered, Small, Same, Broad, Risky int
	// Missing are roles that would have made further groups.
	Missing []string
}

// Proposal is one group, and what speaks for it and against it.
type Proposal struct {
	Name    string   // of Group, or "pair"
	Words   []string // of a pair: what they buy, and what they may buy besides
	Formula syntax.Formula
	Set     *segment.Set
	Size    int
	Reach   int // of them who may be written to
	Revenue *big.Rat
	PerHead float64 // revenue per customer in the last year; NaN without

	// Then is how many were in the group so many days ago, Mean what they did of
	// the outcome since (a rate or a mean), SD its standard deviation. Mean is
	// NaN where they were too few to tell.
	Then     int
	Mean, SD float64
	Rate     bool
	// Worth is what one more of the outcome brings; NaN where it is not known.
	Worth float64
	// Gain is what the lift that trials showed would bring among those in
	// reach, or without evidence what a change by Assumed of the outcome would;
	// NaN where it is not known. Low and High are its interval with evidence.
	Gain, Low, High float64
	Stake           float64 // of goals ranked by it
	// Advice is what trials showed for the group.
	Advice trial.Recommendation
	// With and Of are of pairs: the share of those who buy the one that buy the
	// other too, and of all buyers.
	With, Of float64

	// HeldOut is the share to hold out of a test among those in reach, Held how
	// many that is, Smallest the smallest change of the outcome that then shows
	// with four chances of five; NaN where none does.
	HeldOut  float64
	Held     int
	Smallest float64

	Contacts float64 // messages per customer in the last 30 days; NaN where there are none
	// Overlaps are earlier proposals that share customers with this one.
	Overlaps []Overlap
}

// Overlap is how many customers a proposal has in common with an earlier one,
// numbered from 0.
type Overlap struct{ With, Both int }

// Assumed is the relative change that gains are told for where no trial showed
// one.
const Assumed = 0.1

// candidate is a group on its way to a proposal.
type candidate struct {
	Proposal
	formula  syntax.Formula // without the base
	outcome  trial.Figure
	fallback bool
	score    float64
}

// Propose finds the goal's groups in the data as of an instant and ranks them.
func Propose(ctx context.Context, src segment.Source, at time.Time, q Query) (*Report, error) {
	w := &work{src: src, at: at, q: q, names: namesOf(src.Schema(), q.Value), report: &Report{Days: q.Goal.Days}}
	for _, step := range []func(context.Context) error{w.candidates, w.figures, w.past, w.choose, w.ask} {
		if err := step(ctx); err != nil {
			return w.report, fmt.Errorf("propose groups: %w", err)
		}
	}
	return w.report, nil
}

// work is one proposal under way.
type work struct {
	src    segment.Source
	at     time.Time
	q      Query
	names  *names
	report *Report

	outcome *trial.Figure // nil where each group has its own
	all     []*candidate
	base    *segment.Set
	reach   *segment.Set // nil: everyone
	values  map[string]*segment.Values
}

// candidates are the groups that this data has the roles for.
func (w *work) candidates(ctx context.Context) error {
	for _, text := range w.q.Goal.Outcome {
		filled, ok := w.names.fill(text)
		if !ok {
			continue
		}
		f, err := trial.ParseFigure(filled)
		if err != nil {
			return fmt.Errorf("read the outcome %s: %w", filled, err)
		}
		w.outcome, w.report.Outcome = &f, filled
		break
	}
	if w.q.Goal.Pairs {
		if err := w.pairs(ctx); err != nil {
			return err
		}
	}
	for _, g := range w.q.Goal.Groups {
		text, ok := w.names.fill(g.Formula)
		if !ok || w.outcome == nil {
			continue
		}
		f, err := syntax.Parse(text)
		if err != nil {
			return fmt.Errorf("read the group %s: %w", g.Name, err)
		}
		w.add(ctx, f, &candidate{outcome: *w.outcome, fallback: g.Fallback, Proposal: Proposal{Name: g.Name}})
	}
	for role := range w.names.missing {
		if !ours[role] {
			w.report.Missing = append(w.report.Missing, role)
		}
	}
	slices.Sort(w.report.Missing)
	if err := ctx.Err(); err != nil {
		return err
	}
	if len(w.all) == 0 && len(w.report.Missing) > 0 {
		return ErrNoGroups
	}
	return nil
}

// ours are placeholders that are no roles.
var ours = map[string]bool{"part": true, "has": true, "seen": true, "viewed": true, "event": true, "where": true}

// add takes a group that compiles here; a layer may lack its roles.
func (w *work) add(ctx context.Context, f syntax.Formula, c *candidate) {
	if _, err := segment.Compile(ctx, f, w.src, w.at); err != nil {
		var role *segment.RoleError
		if errors.As(err, &role) {
			w.names.missing[role.Role] = true
		}
		return
	}
	c.formula, c.Formula = f, f
	if w.q.Base != nil {
		if _, everyone := w.q.Base.(*syntax.Everyone); !everyone {
			c.Formula = syntax.All(w.q.Base, f)
		}
	}
	c.Rate = c.outcome.Rate()
	w.all = append(w.all, c)
}
