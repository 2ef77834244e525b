// Package lifecycle puts every customer in one stage of a life cycle, by how
// long ago the latest purchase was against how long customers of this very
// business usually wait. It takes the rows of purchases and figures per
// customer, and knows no windows and no zones: how instants make days comes
// with the rows.
package lifecycle

import (
	"context"

	"tesela/segment/column"
)

// Stage is a stage's place among Labels.
type Stage uint8

// The stages. The zero Stage is none.
const (
	Prospect Stage = iota + 1
	New
	Active
	Star
	Reactivated
	AtRisk
	Churned
)

// Labels are the stages' names in the order of a life.
func Labels() []string {
	return []string{"prospect", "new", "active", "star", "reactivated", "at risk", "churned"}
}

// DefaultStars is the percentage of customers who are stars.
const DefaultStars = 10

// Rules are what the stages are told by.
type Rules struct {
	Today    int64 // the day up to which days since the latest purchase count
	Lapse    int64 // days
	Since    int64 // the instant from which on a purchase after a gap is a return
	NewSince int64 // the instant from which on a first purchase is new
	Stars    int   // percent
	// Lost tells that nobody asks which of the stages of those who are
	// neither lost nor at risk is whose: they are then all Active.
	Lost bool
	// Revenue orders all customers by what they brought in of late, as
	// column.Keys gives it. Without it nobody is a star.
	Revenue []int64
}

// Stages finds the stage of each of so many customers, of whose purchases the
// latest days are known: the first rule that holds of
//
//	prospect     no purchase ever
//	churned      the latest is over Lapse days ago
//	at risk      it is over 0.8 × Lapse days ago
//	new          the first is of NewSince or later
//	reactivated  some purchase of Since or later is of a day that came after
//	             a gap of over Lapse days
//	star         among the best Stars percent by revenue, ties in, of all
//	             whose latest is no more than 0.8 × Lapse days ago
//	active
//
// The error is the context's.
func Stages(ctx context.Context, customers int, p Purchases, last []int32, r Rules) (*column.Column, error) {
	labels := Labels()
	c := &column.Column{Kind: column.Text, Packed: column.NewPackedCodes(customers, len(labels)), Dict: column.NewDict(labels)}
	out := c.Packed.U8
	for i := range out {
		out[i] = uint8(Prospect)
	}
	if p.Table == nil {
		return c, ctx.Err()
	}
	who := p.Table.Who
	err := column.Parts(ctx, len(who), func(_, lo, hi int) {
		for k := lo; k < hi; k++ {
			out[who[k]] = r.lost(last[k])
		}
		if r.Lost {
			return
		}
		for k := lo; k < hi; k++ {
			if out[who[k]] != uint8(Active) {
				continue
			}
			switch {
			case p.Table.Time(int(p.Table.Starts[k])) >= r.NewSince:
				out[who[k]] = uint8(New)
			case p.returned(k, r.Since, r.Lapse):
				out[who[k]] = uint8(Reactivated)
			}
		}
	})
	if err != nil || r.Lost || r.Revenue == nil {
		return c, err
	}
	return c, stars(ctx, who, out, r)
}

// lost is the stage of who bought last on a day, as far as that tells it:
// Active may be another. It is reckoned, for branches would go by chance.
func (r *Rules) lost(last int32) uint8 {
	days := r.Today - int64(last)
	var late, gone, none uint8
	if 5*days > 4*r.Lapse {
		late = 1
	}
	if days > r.Lapse {
		gone = 1
	}
	if last == None { // who is gone, too
		none = 1
	}
	return uint8(Active) + late*uint8(AtRisk-Active) + gone*uint8(Churned-AtRisk) - none*uint8(Churned-Prospect)
}

// stars makes stars of the active.
func stars(ctx context.Context, who []uint32, stages []uint8, r Rules) error {
	n := make([]int, column.Workers(len(who)))
	well := make([]int64, len(who)) // the revenue of those neither lost nor at risk
	err := column.Parts(ctx, len(who), func(worker, lo, hi int) {
		all := 0
		for k := lo; k < hi; k++ {
			one, x := 1, r.Revenue[who[k]]
			if s := Stage(stages[who[k]]); s == Prospect || s == AtRisk || s == Churned {
				one, x = 0, column.Unset
			}
			well[k] = x
			all += one
		}
		n[worker] += all
	})
	all := 0
	for _, some := range n {
		all += some
	}
	if err != nil || all == 0 {
		return err
	}
	least, err := column.Ranks(ctx, well, []int{len(who) - (all*r.Stars+99)/100})
	if err != nil {
		return err
	}
	return column.Parts(ctx, len(who), func(_, lo, hi int) {
		for k := lo; k < hi; k++ {
			stage := stages[who[k]]
			if stage == uint8(Active) && well[k] >= least[0] {
				stages[who[k]] = uint8(Star)
			}
		}
	})
}

// returned tells whether Table.Who[k] has, since an instant, a purchase of a
// day that came after a gap of more days than the lapse point.
func (p *Purchases) returned(k int, since, lapse int64) bool {
	t := p.Table
	s, e := int(t.Starts[k]), p.cut(k)
	if e-s < 2 || t.Time(e-1) < since {
		return false
	}
	// Backwards from the newest, each row against the one before it.
	day := p.day(e - 1)
	for i, next := e-1, day; i > s; i-- {
		if day != next && t.Time(i) < since {
			return false // no purchase of this day, nor of an earlier one
		}
		before := p.day(i - 1)
		if int64(day)-int64(before) > lapse {
			return true
		}
		next, day = day, before
	}
	return false
}
