package tools

import (
	"context"
	"fmt"
	"math"
	"math/big"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"tesela/segment"
	"tesela/segment/goal"
	"tesela/segment/syntax"
	"tesela/segment/trial"
)

// result writes the list: a card and a row for each group.
func (p *proposing) result(ctx context.Context) (*Result, error) {
	r := p.found
	out := &Result{
		Title: p.say("title_propose_segments", params{"goal": p.goalName()}),
		Values: map[string]any{
			"goal": p.key, "base": r.Base, "proposals": len(r.Proposals), "considered": r.Considered, "days": r.Days,
			"small": r.Small, "same": r.Same, "broad": r.Broad, "risky": r.Risky,
		},
		Units: map[string]string{"base": "customers", "days": "days"},
		Columns: []Column{
			{Name: "segment", Kind: "text"},
			{Name: "customers", Kind: "count"},
			{Name: "reach", Kind: "count"},
			{Name: "revenue", Kind: "money", Unit: p.schema.Currency},
			p.outcomeColumn(),
			p.gainColumn(),
			{Name: "gain_low", Kind: p.gainColumn().Kind, Unit: p.gainColumn().Unit, Detail: true},
			{Name: "gain_high", Kind: p.gainColumn().Kind, Unit: p.gainColumn().Unit, Detail: true},
			{Name: "evidence", Kind: "text"},
			{Name: "held_out", Kind: "count", Detail: true},
			{Name: "smallest_change", Kind: "rate", Detail: true},
		},
		Rows: [][]any{},
	}
	saved, err := p.savedSets(ctx)
	if err != nil {
		return nil, err
	}
	names := make([]string, len(r.Proposals))
	for i := range r.Proposals {
		names[i] = p.groupName(&r.Proposals[i])
	}
	for i := range r.Proposals {
		g := &r.Proposals[i]
		s, err := p.card(ctx, g, names, i, saved)
		if err != nil {
			return nil, err
		}
		out.Segments = append(out.Segments, s)
		evidence := any(nil)
		if g.Advice.Best != nil {
			evidence = g.Advice.Best.Campaign
		}
		revenue := any(nil)
		if g.Revenue != nil {
			revenue = g.Revenue.FloatString(p.schema.Digits)
		}
		out.Rows = append(out.Rows, []any{
			s.Name, g.Size, g.Reach, revenue, p.outcomeCell(g.Mean), p.gainCell(g.Gain), p.gainCell(g.Low), p.gainCell(g.High),
			evidence, g.Held, roundedTo(g.Smallest/g.Mean, 4),
		})
	}
	if len(r.Proposals) > 0 {
		out.Chart = &Chart{Type: "bar", X: "segment", Y: "customers"}
		if p.query.Goal.Rank == goal.ByGain {
			out.Chart.Y = "gain"
		}
	}
	p.notes()
	return out, nil
}

func (p *proposing) notes() {
	r := p.found
	switch {
	case len(r.Proposals) == 0:
		p.note("propose_none", nil)
	case p.query.Goal.Rank == goal.ByStake:
		stake := "propose_stake_count"
		if r.Money {
			stake = "propose_stake_money"
		}
		p.note("propose_ranked_stake", params{"stake": p.say(stake, nil)})
	default:
		p.note("propose_ranked_"+string(p.query.Goal.Rank), nil)
	}
	if r.Revenue != nil && len(r.Proposals) > 0 {
		p.note("propose_revenue", nil)
	}
	said := []string{p.say("propose_looked", params{"n": r.Considered})}
	for _, left := range []struct {
		key string
		n   int
	}{{"small", r.Small}, {"same", r.Same}, {"broad", r.Broad}, {"risky", r.Risky}} {
		if left.n > 0 {
			said = append(said, p.say("propose_"+left.key, params{"n": left.n, "least": p.query.Least}))
		}
	}
	p.noteText(strings.Join(said, " "))
	if p.query.Goal.Consent && !r.Reached {
		p.note("propose_no_consent", nil)
	}
	if len(r.Missing) > 0 {
		p.note("propose_missing", params{"roles": strings.Join(r.Missing, ", ")})
	}
}

// groupName is what a group is called.
func (p *proposing) groupName(g *goal.Proposal) string {
	said := in(p.book.Groups[g.Name], p.who.Language)
	name := p.put(said[0], g)
	first, size := utf8.DecodeRuneInString(name)
	return string(unicode.ToUpper(first)) + name[size:]
}

// put fills in what a group or goal speaks of.
func (p *proposing) put(text string, g *goal.Proposal) string {
	one, other, value := "", "", ""
	if len(g.Words) == 2 {
		one, other = g.Words[0], g.Words[1]
	}
	if v := p.query.Value; v != nil {
		value = v.Word
	}
	return strings.NewReplacer("{one}", one, "{other}", other, "{value}", value).Replace(text)
}

// card tells one group.
func (p *proposing) card(ctx context.Context, g *goal.Proposal, names []string, i int, saved []savedSet) (Segment, error) {
	s := Segment{Name: names[i], Formula: g.Formula.String(), Size: g.Size, Share: share(g.Size, p.schema.Customers)}
	if p.box.inWords != nil {
		text, err := p.box.inWords(ctx, p.who.Language, g.Formula)
		if err != nil {
			return s, fmt.Errorf("say what %s means: %w", s.Formula, err)
		}
		s.Text = text
	}
	if g.Revenue != nil {
		s.Revenue = g.Revenue.FloatString(p.schema.Digits)
		s.PerHead = new(big.Rat).Quo(g.Revenue, big.NewRat(int64(g.Size), 1)).FloatString(p.schema.Digits)
		if all := p.found.Revenue; all.Sign() > 0 {
			part, _ := new(big.Rat).Quo(g.Revenue, all).Float64()
			s.RevenueShare = &part
		}
	}
	s.Action = p.put(in(p.book.Goals[p.key].Action, p.who.Language), g)
	s.Evidence = p.evidence(g)
	if best := g.Advice.Best; best != nil && !p.book.Goals[p.key].Own {
		s.Action = p.say("propose_tried", params{"campaign": best.Campaign})
	}
	s.Notes = p.cardNotes(g, names, saved)
	s.Overlaps = overlapsOf(g.Set, saved)
	return s, nil
}

// evidence tells what past trials showed.
func (p *proposing) evidence(g *goal.Proposal) string {
	best := g.Advice.Best
	if best == nil {
		switch {
		case p.query.Goal.Untried:
			key := "propose_untried_" + p.key
			if _, ok := p.box.phrases.Phrases[key]; !ok {
				key = "propose_untried"
			}
			return p.say(key, nil)
		case g.Advice.Reason == trial.NoEvidence:
			return p.say("propose_no_evidence", nil)
		case g.Advice.Reason == trial.TooFew:
			return p.say("propose_too_few", nil)
		}
		return p.say("propose_no_trials", nil)
	}
	key, figure := "propose_mean_evidence", func(x float64) string { return p.outcomeText(x, 2) }
	if g.Rate {
		key, figure = "propose_rate_evidence", func(x float64) string { return p.numberText(100*x, 1) }
	}
	return p.say(key, params{
		"campaign": best.Campaign, "from": localDay(best.From, p.schema), "lift": figure(best.Lift), "low": figure(best.Low), "high": figure(best.High),
		"days": goal.EvidenceDays, "treated": best.Raw.Treated.N, "held": best.Raw.Held.N,
	})
}

// cardNotes are why, whom, what anyway, what it brings, how to test, and what
// is risky.
func (p *proposing) cardNotes(g *goal.Proposal, names []string, saved []savedSet) []string {
	r, language := p.found, p.who.Language
	said := in(p.book.Groups[g.Name], language)
	notes := []string{p.say("propose_why", params{"why": p.put(said[1], g)})}
	add := func(key string, with params) { notes = append(notes, p.say(key, with)) }
	if len(g.Words) == 2 {
		add("propose_pair", params{"one": g.Words[0], "other": g.Words[1], "with": p.percentText(g.With), "of": p.percentText(g.Of)})
	}
	if r.Reached {
		add("propose_reach", params{"n": g.Reach})
	}
	if math.IsNaN(g.Mean) {
		add("propose_anyway_few", params{"n": g.Then, "days": r.Days})
	} else {
		did := strings.NewReplacer("{rate}", p.percentText(g.Mean), "{mean}", p.outcomeText(g.Mean, 2)).Replace(in(p.book.Goals[p.key].Did, language))
		add("propose_anyway", params{"n": g.Then, "days": r.Days, "did": did})
	}
	switch {
	case p.query.Goal.Rank != goal.ByGain || math.IsNaN(g.Gain) || g.Gain == 0:
	case g.Advice.Best != nil:
		add("propose_expected", params{"gain": p.gainText(g.Gain), "low": p.gainText(g.Low), "high": p.gainText(g.High)})
	default:
		add("propose_assumed", params{"gain": p.gainText(g.Gain), "days": r.Days})
	}
	if p.query.Goal.Rank == goal.BySafe && r.Revenue != nil && r.Revenue.Sign() > 0 {
		part, _ := new(big.Rat).Quo(g.Revenue, r.Revenue).Float64()
		add("propose_at_stake", params{"share": p.percentText(part)})
	}
	if p.query.Goal.Rank == goal.ByStake && !r.Money {
		add("propose_messages", params{"count": p.numberText(g.Stake, 0)})
	}
	switch {
	case g.Mean == 0 && g.Held > 0:
		add("propose_nobody", params{"held": g.Held, "reach": g.Reach})
	case math.IsNaN(g.Smallest) || g.Smallest > g.Mean:
		add("propose_untestable", nil)
	default:
		add("propose_test", params{
			"held": g.Held, "reach": g.Reach, "share": p.percentText(g.HeldOut), "days": r.Days, "smallest": p.percentText(g.Smallest / g.Mean),
		})
	}
	notes = append(notes, p.risks(g, names)...)
	for _, s := range saved {
		if both := s.set.And(g.Set).Len(); float64(both) >= 0.8*float64(s.set.Len()+g.Size-both) {
			add("propose_saved", params{"name": s.name})
		}
	}
	return notes
}

// What is a risk: so much more contact than others, so much less money, so
// large a part in another proposal.
const (
	manyContacts = 2 // messages in 30 days
	muchContact  = 1.5
	littlePower  = 0.5
	muchOverlap  = 0.2
)

func (p *proposing) risks(g *goal.Proposal, names []string) []string {
	var notes []string
	r := p.found
	if g.Contacts >= manyContacts && g.Contacts >= muchContact*r.Contacts {
		notes = append(notes, p.say("propose_fatigue", params{"mine": p.numberText(g.Contacts, 1), "all": p.numberText(r.Contacts, 1)}))
	}
	if g.PerHead > 0 && g.PerHead < littlePower*r.PerHead {
		notes = append(notes, p.say("propose_poor", params{"mine": p.moneyText(g.PerHead), "all": p.moneyText(r.PerHead)}))
	}
	for _, o := range g.Overlaps {
		if float64(o.Both) >= muchOverlap*float64(g.Size) {
			notes = append(notes, p.say("propose_overlap", params{"n": o.Both, "name": names[o.With]}))
		}
	}
	return notes
}

// savedSet is a saved segment and who is in it.
type savedSet struct {
	name string
	set  *segment.Set
}

// savedSets evaluates the saved segments; one that no longer holds is passed
// over.
func (c *call) savedSets(ctx context.Context) ([]savedSet, error) {
	var all []savedSet
	for _, s := range c.saved {
		plan, err := segment.Compile(ctx, &syntax.InSegment{Name: s.Name}, c.src, c.at)
		if err != nil {
			continue
		}
		set, err := plan.Run(ctx)
		if err != nil {
			return nil, err
		}
		all = append(all, savedSet{s.Name, set})
	}
	return all, nil
}

// overlapsOf are the saved segments that hold much of a group, the most first.
func overlapsOf(set *segment.Set, saved []savedSet) []Overlap {
	var all []Overlap
	for _, s := range saved {
		both := s.set.And(set).Len()
		o := Overlap{Name: s.name, Both: both, Share: share(both, set.Len()), Of: share(both, s.set.Len())}
		if o.Share >= muchOverlap || o.Of >= 0.5 {
			all = append(all, o)
		}
	}
	slices.SortStableFunc(all, func(a, b Overlap) int { return b.Both - a.Both })
	return all[:min(len(all), 3)]
}
