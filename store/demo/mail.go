package demo

// mail is one mail of a campaign; instants that did not come are 0.
type mail struct {
	campaign                            int
	sent, opened, clicked, unsubscribed int64
}

// mail takes the customer through all campaigns: who is assigned in trials,
// what the trials change in purchases, and what becomes of each mail. Both
// arms of a trial make the same draws, so that what would have happened in the
// other arm is known.
func (w *world) mail(l *life) {
	kind := &personas[l.persona]
	r := newStream(w.seed, l.number, forMail)
	l.mailed = l.byMail
	for i := range campaigns {
		c := &campaigns[i]
		if l.mailed != yes || l.signupDay > c.day-settled {
			continue
		}
		if c.treated > 0 {
			t := w.try(l, &r, i)
			l.trials = append(l.trials, t)
			if !t.treated {
				continue
			}
		}
		open, leave := kind.open, kind.unsubscribe*c.unsubscribes/100
		if !l.inSpell(c.day) {
			open, leave = kind.idleOpen, leave*2
		}
		m := mail{campaign: i, sent: at(c.day, sendHour*3600+r.below(1800))}
		if r.chance(open) {
			m.opened = m.sent + wait(&r)
			if r.chance(kind.click) {
				m.clicked = m.opened + int64(r.between(4, 400))*second
			}
			if r.chance(leave) {
				m.unsubscribed = m.opened + int64(r.between(10, 300))*second
			}
		} else if r.chance(leave) {
			m.unsubscribed = m.sent + wait(&r)
		}
		if m.unsubscribed != 0 {
			l.mailed = no
		}
		l.mails = append(l.mails, m)
	}
}

// wait draws how long a mail lies before it is looked at: a quarter each within
// the hour, four hours, twelve hours and two days.
func wait(r *stream) int64 {
	limits := [...]int{60, 3600, 4 * 3600, 12 * 3600, 48 * 3600}
	i := r.below(len(limits) - 1)
	return int64(r.between(limits[i], limits[i+1])) * second
}

// try assigns the customer to an arm of trial i and works out the purchases of
// the 30 days in both arms; those of the arm drawn become the customer's.
func (w *world) try(l *life, r *stream, i int) trial {
	c := &campaigns[i]
	t := trial{campaign: i, treated: r.chance(c.treated)}
	from := at(c.day, assignHour*3600)
	to := from + trialDays*secondsADay*second
	for k := range l.orders {
		o := &l.orders[k]
		if o.at < from || o.at >= to {
			continue
		}
		t.without++
		if r.chance(c.lost[l.persona]) {
			o.lost = t.treated
		} else {
			t.with++
		}
	}
	if r.chance(c.extra[l.persona]) {
		t.with++
		after := min(r.below(trialDays-1), r.below(trialDays-1))
		instant := at(c.day+after, w.clock(r, &l.person))
		if after == 0 {
			instant = at(c.day, (sendHour+1)*3600+r.below(12*3600))
		}
		if t.treated {
			l.orders = append(l.orders, order{at: instant, campaign: i})
		}
	}
	return t
}
