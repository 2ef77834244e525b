package demo

import (
	"context"
	"strconv"

	"tesela/segment/column"
	"tesela/store"
)

// sheets are the events of the demo.
type sheets struct {
	visit, view, cart, order, refund           *sheet
	assignment, send, open, click, unsubscribe *sheet
	survey, ticket                             *sheet
	traits                                     *traitSheet
	all                                        []*sheet
	id                                         []byte
}

// arms of a trial, as the data spells them.
var arms = []string{"treated", "held_out"}

func newSheets(b store.Batch, s *shop) (*sheets, error) {
	productNames := make([]string, len(s.products))
	for i, p := range s.products {
		productNames[i] = p.name
	}
	categoryNames := make([]string, len(s.Categories))
	for i, c := range s.Categories {
		categoryNames[i] = c.Name
	}
	campaignNames := make([]string, len(campaigns))
	for i, c := range campaigns {
		campaignNames[i] = c.name
	}
	product := field{name: "product", kind: column.Text, words: productNames}
	category := field{name: "category", kind: column.Text, words: categoryNames}
	brand := field{name: "brand", kind: column.Text, words: s.brands}
	campaign := field{name: "campaign", kind: column.Text, words: campaignNames}
	quantity := field{name: "quantity", kind: column.Number}
	amount := field{name: "amount", kind: column.Money}
	text := func(name string, words []string) field { return field{name: name, kind: column.Text, words: words} }

	var err error
	out := new(sheets)
	sheet := func(event string, tied bool, fields ...field) *sheet {
		if err != nil {
			return nil
		}
		var sh *sheet
		sh, err = newSheet(b, event, tied, fields...)
		out.all = append(out.all, sh)
		return sh
	}
	out.visit = sheet("visit", false, text("device", s.Devices), text("source", s.Sources))
	out.view = sheet("view", false, product, category)
	out.cart = sheet("cart", false, product, category, quantity, amount)
	out.order = sheet("order", true, product, category, brand, quantity, amount,
		field{name: "discount", kind: column.Money}, text("payment_method", s.Payments), text("store", s.Stores),
		field{name: "gift", kind: column.Bool})
	out.refund = sheet("refund", false, product, category, brand, quantity, amount)
	out.assignment = sheet("assignment", false, campaign, text("arm", arms), field{name: "cost", kind: column.Money})
	out.send = sheet("send", false, campaign)
	out.open = sheet("open", false, campaign)
	out.click = sheet("click", false, campaign)
	out.unsubscribe = sheet("unsubscribe", false, campaign)
	out.survey = sheet("survey", false, field{name: "score", kind: column.Number})
	out.ticket = sheet("ticket", false, text("topic", s.Topics), field{name: "solved", kind: column.Bool})
	if err != nil {
		return nil, err
	}
	out.traits, err = newTraitSheet(b)
	return out, err
}

// flush hands everything collected to the batch.
func (s *sheets) flush(ctx context.Context, b store.Batch) error {
	for _, sh := range s.all {
		if err := sh.flush(ctx, b); err != nil {
			return err
		}
	}
	return s.traits.flush(ctx, b)
}

// write turns a life into rows.
func (w *world) write(s *sheets, customer uint32, l *life) {
	s.traits.add(w, customer, l)
	baskets, browsing := newStream(w.seed, l.number, forBaskets), newStream(w.seed, l.number, forBrowsing)
	w.browse(s, &browsing, customer, l, l.signup, channelSource[l.channel], false)
	for _, v := range l.visits {
		w.browse(s, &browsing, customer, l, v, anySource, true)
	}
	w.writeMails(s, &browsing, customer, l)
	n := 0
	for _, o := range l.orders {
		if !o.lost {
			n++
			w.buy(s, &baskets, customer, l, o, n)
		}
	}
}

// Indices into shop.yaml's sources, by its channels: where a first visit comes
// from.
const (
	anySource    = -1
	fromDirect   = 0
	fromSearch   = 1
	fromSocial   = 2
	fromEmail    = 3
	fromReferral = 4
	fromAds      = 5
)

var channelSource = [...]int{fromSearch, fromAds, fromSocial, fromReferral, fromReferral}

// browse writes a visit with what is looked at, and perhaps a cart that is
// left standing.
func (w *world) browse(s *sheets, r *stream, customer uint32, l *life, instant int64, source int, carts bool) {
	s.visit.add(customer, instant, int64(w.deviceOf(r, l)), int64(sourceOf(r, source)))
	seen := 0
	for range r.below(3) {
		c := r.pick(w.kinds[l.persona].categories)
		p := w.shop.take(r, c, 1)
		instant += int64(r.between(20, 240)) * second
		if instant < end {
			s.view.add(customer, instant, int64(p), int64(c))
			seen = p + 1
		}
	}
	instant += int64(r.between(20, 200)) * second
	if carts && seen > 0 && r.chance(personas[l.persona].cart) && instant < end {
		p := w.shop.products[seen-1]
		s.cart.add(customer, instant, int64(seen-1), int64(p.category), 1, int64(p.price))
	}
}

func (w *world) deviceOf(r *stream, l *life) int {
	if r.chance(820) {
		return l.device
	}
	return r.below(len(w.shop.Devices))
}

func sourceOf(r *stream, source int) int {
	if source != anySource {
		return source
	}
	return [...]int{fromDirect, fromDirect, fromDirect, fromSearch, fromSearch, fromSearch, fromSocial, fromReferral, fromAds, fromAds}[r.below(10)]
}

// writeMails writes trials' arms, mails, and what followed from them.
func (w *world) writeMails(s *sheets, r *stream, customer uint32, l *life) {
	for _, t := range l.trials {
		c := &campaigns[t.campaign]
		arm, cost := int64(1), int64(0)
		if t.treated {
			arm, cost = 0, c.cost
		}
		s.assignment.add(customer, at(c.day, assignHour*3600), int64(t.campaign), arm, cost)
	}
	for _, m := range l.mails {
		c := int64(m.campaign)
		s.send.add(customer, m.sent, c)
		if m.opened != 0 && m.opened < end {
			s.open.add(customer, m.opened, c)
		}
		if m.clicked != 0 && m.clicked < end {
			s.click.add(customer, m.clicked, c)
			if visit := m.clicked + 2*second; visit < end {
				w.browse(s, r, customer, l, visit, fromEmail, false)
			}
		}
		if m.unsubscribed != 0 && m.unsubscribed < end {
			s.unsubscribe.add(customer, m.unsubscribed, c)
		}
	}
}

// orderID names the customer's nth order.
func (s *sheets) orderID(l *life, n int) []byte {
	s.id = strconv.AppendInt(s.id[:0], int64(l.number)+1, 10)
	s.id = append(s.id, '-')
	s.id = strconv.AppendInt(s.id, int64(n), 10)
	return s.id
}
