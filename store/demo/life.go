package demo

import "slices"

// A life is what one customer does in the two years: decisions and instants,
// not yet rows. Its slices are used again for the next customer.
type life struct {
	person
	active []spell
	orders []order
	visits []int64 // without a purchase
	trials []trial
	mails  []mail
	// mailed is the consent at the end.
	mailed yesNo
}

// spell is a run of days in which a customer is an active buyer.
type spell struct{ from, to int }

type order struct {
	at       int64
	campaign int  // the one that brought it, or −1
	lost     bool // a trial lost it: it is not made
}

// trial is a customer's part in a campaign's trial.
type trial struct {
	campaign int
	treated  bool
	// without and with are the purchases in the 30 days, had the customer been
	// held out or treated.
	without, with int
}

// inSpell tells whether the customer is an active buyer on a day.
func (l *life) inSpell(d int) bool {
	for _, s := range l.active {
		if d >= s.from && d <= s.to {
			return true
		}
	}
	return false
}

// a thousandth of an event a year, as a chance a day in 1/2³².
const milliAYear = (1 << 32) / 365_000

// live draws the customer's own purchases and visits day by day: while active,
// purchases come at the customer's rate times the day's weight, and each may be
// the last before a pause (a beta-geometric/beta-Bernoulli model as in Fader,
// Hardie and Shang 2010, with pauses that may end).
func (w *world) live(l *life, n int) {
	*l = life{
		person: w.person(n),
		active: l.active[:0], orders: l.orders[:0], visits: l.visits[:0], trials: l.trials[:0], mails: l.mails[:0],
	}
	kind, tables := &personas[l.persona], &w.kinds[l.persona]
	r := newStream(w.seed, n, forLife)
	rate := uint64(kind.orders*r.spread(kind.wide)/256) * milliAYear
	visiting := uint64(kind.visits*r.spread(true)/256) * milliAYear
	revive := uint64(kind.revive) * milliAYear

	from, active := l.signupDay, true
	buy := func(d int, instant int64) {
		if instant < end {
			l.orders = append(l.orders, order{at: instant, campaign: -1})
		}
		if !active {
			from, active = d, true
		}
		if r.chance(kind.drop) {
			l.active = append(l.active, spell{from, d})
			active = false
		}
	}
	if r.chance(kind.entry) {
		switch d := firstDay(&r, tables.buying, l.signupDay); d {
		case l.signupDay:
			buy(d, l.signup+int64(r.between(10*60, 90*60))*second)
		default:
			buy(d, at(d, w.clock(&r, &l.person)))
		}
	}
	for d := l.signupDay + 1; d < days; d++ {
		draw := r.next()
		chance, visits := rate*uint64(tables.buying[d])>>10, visiting
		if !active {
			chance, visits = revive, visiting*uint64(kind.idle)/1000
		}
		if draw>>32 < chance {
			buy(d, at(d, w.clock(&r, &l.person)))
		} else if draw&(1<<32-1) < visits*uint64(tables.browsing[d])>>10 {
			l.visits = append(l.visits, at(d, w.clock(&r, &l.person)))
		}
	}
	if active {
		l.active = append(l.active, spell{from, days})
	}
	w.mail(l)
	slices.SortStableFunc(l.orders, func(a, b order) int {
		switch {
		case a.at < b.at:
			return -1
		case a.at > b.at:
			return 1
		}
		return 0
	})
}

// firstDay draws the day of a first purchase, in the week from signing up, by
// the days' weights.
func firstDay(r *stream, weights []int, from int) int {
	var week [8]int
	sum := 0
	for i := range week {
		if from+i < days {
			sum += 1 + weights[from+i]*(len(week)-i)
		}
		week[i] = sum
	}
	return from + r.pick(week[:])
}
