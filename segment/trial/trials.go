package trial

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"

	"tesela/segment"
	"tesela/segment/column"
)

// Trial is one campaign as the rows tell it.
type Trial struct {
	Campaign string
	// Arms in the order of their labels. One without a label, where the data
	// knows no arms, has the label "".
	Arms []Arm
	// First and Last are when the first and the last customer were assigned.
	First, Last time.Time
	// Twice is how many customers were assigned more than once; the first time
	// counts.
	Twice int

	who  []uint32 // in the order of the customers
	at   []int64
	arm  []uint16
	cost []int64 // minor units; nil where none is known
}

// Arm is one arm of a trial.
type Arm struct {
	Label     string
	Customers int
	// HeldOut tells that its customers were not treated, and Named that the
	// caller said so.
	HeldOut, Named bool
}

// Customers is how many customers have a part in it.
func (t *Trial) Customers() int { return len(t.who) }

// Labels are those of its arms.
func (t *Trial) Labels() []string {
	labels := make([]string, len(t.Arms))
	for i, a := range t.Arms {
		labels[i] = a.Label
	}
	return labels
}

// Judged tells that somebody was held out and somebody treated.
func (t *Trial) Judged() bool {
	var held, treated bool
	for _, a := range t.Arms {
		if a.HeldOut {
			held = true
		} else {
			treated = true
		}
	}
	return held && treated
}

// askEvery is how many customers are gone over between looks at the context.
const askEvery = 1 << 13

// Trials reads all campaigns, in the order of their first assignments. Which
// arms are held out is what the caller names, or else known words; a trial
// in which neither tells has none (see Judged).
func Trials(ctx context.Context, b Book, src segment.Source, at time.Time, heldOut []string) ([]*Trial, error) {
	w, err := words()
	if err != nil {
		return nil, err
	}
	if b.Trait != "" {
		t, err := traitTrial(ctx, b, src)
		if err != nil || t == nil {
			return nil, err
		}
		t.judge(b, w, heldOut)
		return []*Trial{t}, nil
	}
	all, err := eventTrials(ctx, b, src, at)
	if err != nil {
		return nil, err
	}
	for _, t := range all {
		t.judge(b, w, heldOut)
	}
	slices.SortStableFunc(all, func(a, b *Trial) int {
		return cmp.Or(a.First.Compare(b.First), cmp.Compare(a.Campaign, b.Campaign))
	})
	return all, nil
}

// eventTrials reads the rows of assignment, or of sends.
func eventTrials(ctx context.Context, b Book, src segment.Source, at time.Time) ([]*Trial, error) {
	var need segment.Need
	need.Add(b.Event, "")
	for _, p := range []string{b.Campaign, b.Arm, b.Cost} {
		if p != "" {
			need.Add(b.Event, p)
		}
	}
	world, err := src.Load(ctx, need)
	if err != nil {
		return nil, fmt.Errorf("load the %s rows: %w", b.Event, err)
	}
	table := world.Tables[b.Event]
	if table == nil || table.Len() == 0 {
		return nil, nil
	}
	campaigns, arms := labelsOf(table.Props[b.Campaign]), labelsOf(table.Props[b.Arm])
	if b.Campaign == "" {
		campaigns.words = []string{b.Event}
	}
	digits := src.Schema().Digits
	byCode := make([]*Trial, len(campaigns.words))
	var found []*Trial
	end := at.UnixMicro()
	for k, who := range table.Who {
		if k%askEvery == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		for row := int(table.Starts[k]); row < int(table.Starts[k+1]); row++ {
			when := table.Time(row)
			if when >= end {
				break
			}
			c, named := campaigns.of(row)
			if b.Campaign != "" && !named {
				continue
			}
			arm, has := arms.of(row)
			if b.Arm != "" && !has {
				continue
			}
			t := byCode[c]
			if t == nil {
				t = &Trial{Campaign: campaigns.words[c]}
				byCode[c] = t
				found = append(found, t)
			}
			if n := len(t.who); n > 0 && t.who[n-1] == who {
				t.Twice++
				continue
			}
			t.add(who, when, uint16(arm))
			if b.Cost != "" {
				t.cost = append(t.cost, costAt(table.Props[b.Cost], row, digits))
			}
		}
	}
	for _, t := range found {
		t.settle(arms)
	}
	return found, nil
}

// traitTrial reads the arms that a trait tells; nobody knows since when.
func traitTrial(ctx context.Context, b Book, src segment.Source) (*Trial, error) {
	var need segment.Need
	need.AddTrait(b.Trait)
	world, err := src.Load(ctx, need)
	if err != nil {
		return nil, fmt.Errorf("load %s: %w", b.Trait, err)
	}
	c := world.Traits[b.Trait]
	if c == nil {
		return nil, nil
	}
	arms := labelsOf(c)
	t := &Trial{Campaign: b.Trait}
	for i := range min(c.Len(), world.Customers) {
		if i%askEvery == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if arm, has := arms.of(i); has {
			t.add(uint32(i), math.MinInt64, uint16(arm))
		}
	}
	if len(t.who) == 0 {
		return nil, nil
	}
	t.settle(arms)
	return t, nil
}

func (t *Trial) add(who uint32, at int64, arm uint16) {
	t.who, t.at, t.arm = append(t.who, who), append(t.at, at), append(t.arm, arm)
}

// settle numbers the arms that are there by their labels.
func (t *Trial) settle(all labels) {
	counts := make([]int, len(all.words)+1)
	first, last := int64(math.MaxInt64), int64(math.MinInt64)
	for k, a := range t.arm {
		counts[a]++
		first, last = min(first, t.at[k]), max(last, t.at[k])
	}
	t.First, t.Last = time.UnixMicro(first), time.UnixMicro(last)
	var present []int
	for a, n := range counts {
		if n > 0 {
			present = append(present, a)
		}
	}
	slices.SortFunc(present, func(a, b int) int { return cmp.Compare(all.word(a), all.word(b)) })
	number := make([]uint16, len(counts))
	for i, a := range present {
		number[a] = uint16(i)
		t.Arms = append(t.Arms, Arm{Label: all.word(a), Customers: counts[a]})
	}
	for k, a := range t.arm {
		t.arm[k] = number[a]
	}
}

// judge says which arms are held out.
func (t *Trial) judge(b Book, w *wordlist, named []string) {
	heldIfTrue := slices.Contains(w.HeldOutNames, fold(b.Arm)) || slices.Contains(w.HeldOutNames, fold(b.Trait))
	for i := range t.Arms {
		a := &t.Arms[i]
		switch {
		case len(named) > 0:
			a.HeldOut = slices.ContainsFunc(named, func(n string) bool { return n == a.Label || fold(n) == fold(a.Label) })
			a.Named = a.HeldOut
		case !b.HasArms():
		case b.ArmKind == column.Bool:
			a.HeldOut = (a.Label == strconv.FormatBool(true)) == heldIfTrue
		default:
			a.HeldOut = slices.Contains(w.HeldOut, fold(a.Label))
		}
	}
}

// labels are the values of a text or bool column by small numbers.
type labels struct {
	c     *column.Column
	words []string
}

func labelsOf(c *column.Column) labels {
	l := labels{c: c, words: []string{""}}
	switch {
	case c == nil:
	case c.Kind == column.Bool:
		l.words = []string{strconv.FormatBool(false), strconv.FormatBool(true)}
	default:
		l.words = make([]string, c.Dict.Len())
		for i := range l.words {
			l.words[i] = c.Dict.Word(uint32(i + 1))
		}
	}
	return l
}

// of is the number of a row's label, and whether it has one.
func (l labels) of(row int) (int, bool) {
	switch {
	case l.c == nil:
		return 0, true
	case !l.c.IsSet(row):
		return 0, false
	case l.c.Kind == column.Bool:
		return int(l.c.Int(row)), true
	}
	return int(l.c.Code(row)) - 1, true
}

func (l labels) word(i int) string {
	if i >= len(l.words) {
		return ""
	}
	return l.words[i]
}

// costAt is what a row's treatment costs, in minor units; 0 where it is unset.
func costAt(c *column.Column, row, digits int) int64 {
	if c == nil || !c.IsSet(row) {
		return 0
	}
	if c.Kind == column.Money {
		return c.Int(row)
	}
	return int64(math.Round(c.Float(row) * math.Pow10(digits)))
}
