package demo

// Shares of products that come back, in thousandths, by category in the order
// of shop.yaml: what has a size comes back more often.
var returns = [...]int{90, 30, 110, 20, 25, 20, 15, 10, 60, 30, 15, 8}

// marks are the discounts of a line in percent.
var marks = [...]int{10, 15, 20, 20, 25, 30, 40, 50}

const (
	payCard = iota
	payPaypal
	payBizum
	payMBWay
	payGiftCard
)

const mostLines = 6

// line is one product of an order.
type line struct {
	product  int
	quantity int
	amount   int64 // paid for all of them
	discount int64 // taken off; 0 for none
}

// buy writes an order with the visit that leads to it, and what follows:
// refunds, a survey, a ticket.
func (w *world) buy(s *sheets, r *stream, customer uint32, l *life, o order, n int) {
	kind := &personas[l.persona]
	d := int((o.at/second+3600)/secondsADay) - firstUnixDay
	lines := w.basket(r, l, d)

	store, pay := 0, w.payment(r, l)
	if r.chance(kind.shop) && o.campaign < 0 {
		store = 1 + l.country
	}
	gift := kind.gift
	if giftSeason(d) {
		gift = kind.giftSeason
	}
	present := int64(0)
	if r.chance(gift) {
		present = 1
	}

	if store == 0 {
		w.leadIn(s, r, customer, l, o, lines)
	}
	id := s.orderID(l, n)
	returned := 0
	for _, ln := range lines {
		p := &w.shop.products[ln.product]
		off := ln.discount
		if off == 0 {
			off = none
		}
		s.order.add(customer, o.at, int64(ln.product), int64(p.category), int64(p.brand), int64(ln.quantity),
			ln.amount, off, int64(pay), int64(store), present)
		s.order.tie(id)
		if r.chance(returns[p.category]) {
			returned++
			w.sendBack(s, r, customer, o, ln)
		}
	}
	w.follow(s, r, customer, l, o, returned > 0)
}

// basket puts products into a basket, each of them once.
func (w *world) basket(r *stream, l *life, d int) []line {
	kind := &personas[l.persona]
	off := kind.discount
	if sale(d) {
		off = kind.saleDiscount
	}
	lines := make([]line, 0, mostLines)
	for range min(mostLines, r.between(kind.items[0], kind.items[1])) {
		ln := line{product: w.shop.take(r, r.pick(w.kinds[l.persona].categories), kind.tries), quantity: 1}
		if r.chance(140) {
			ln.quantity = r.between(2, 3)
		}
		list := int64(w.shop.products[ln.product].price * ln.quantity)
		if r.chance(off) {
			ln.discount = list * int64(marks[r.below(len(marks))]) / 100
		}
		ln.amount = list - ln.discount
		twice := false
		for _, other := range lines {
			twice = twice || other.product == ln.product
		}
		if !twice {
			lines = append(lines, ln)
		}
	}
	return lines
}

// payment draws how an order is paid, by country: phones pay with bizum in
// Spain and with mbway in Portugal.
func (w *world) payment(r *stream, l *life) int {
	switch x := r.below(100); {
	case x < 55:
		return payCard
	case x < 75:
		return payPaypal
	case x < 96:
		switch l.country {
		case 0:
			return payBizum
		case 1:
			return payMBWay
		}
		return payCard
	}
	return payGiftCard
}

// leadIn writes the visit before an order in the web shop: it starts up to
// ten minutes earlier; some products are looked at first, and half of
// them are put into the cart (the others come from the list of a past order).
func (w *world) leadIn(s *sheets, r *stream, customer uint32, l *life, o order, lines []line) {
	source := anySource
	if o.campaign >= 0 {
		source = fromEmail
	}
	step := int64(r.between(30, 50)) * second
	instant := o.at - step*int64(2*len(lines)+1)
	if instant <= l.signup {
		// It is the visit in which the customer signed up.
		instant = l.signup
		step = (o.at - l.signup) / int64(2*len(lines)+1)
	} else {
		s.visit.add(customer, instant, int64(w.deviceOf(r, l)), int64(sourceOf(r, source)))
	}
	for _, ln := range lines {
		p := &w.shop.products[ln.product]
		if r.chance(300) {
			s.view.add(customer, instant+step, int64(ln.product), int64(p.category))
		}
		instant += 2 * step
		if r.chance(500) {
			s.cart.add(customer, instant, int64(ln.product), int64(p.category), int64(ln.quantity), ln.amount)
		}
	}
}

// sendBack refunds a line, all of it or one piece, within a month.
func (w *world) sendBack(s *sheets, r *stream, customer uint32, o order, ln line) {
	instant := o.at + int64(r.between(3*secondsADay, 28*secondsADay))*second
	quantity, amount := ln.quantity, ln.amount
	if quantity > 1 && r.chance(600) {
		quantity, amount = 1, amount/int64(quantity)
	}
	if p := &w.shop.products[ln.product]; instant < end {
		s.refund.add(customer, instant, int64(ln.product), int64(p.category), int64(p.brand), int64(quantity), amount)
	}
}

// follow writes what may come after an order: an answer to the survey, and a
// ticket, likelier where something was sent back.
func (w *world) follow(s *sheets, r *stream, customer uint32, l *life, o order, returned bool) {
	asked := o.at + int64(r.between(2*secondsADay, 6*secondsADay))*second
	if r.chance(90) && asked < end {
		score := personas[l.persona].score + r.between(-2, 2)
		if returned {
			score -= r.between(1, 4)
		}
		s.survey.add(customer, asked, int64(min(10, max(0, score))))
	}
	chance, topic := 18, r.below(len(w.shop.Topics))
	if returned {
		chance, topic = 200, 1
	}
	opened := o.at + int64(r.between(secondsADay/2, 8*secondsADay))*second
	if r.chance(chance) && opened < end {
		solved := int64(0)
		if r.chance(880) {
			solved = 1
		}
		s.ticket.add(customer, opened, int64(topic), solved)
	}
}
