package demo

import (
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// yesNo is an answer that may be missing.
type yesNo uint8

const (
	unset yesNo = iota
	yes
	no
)

// A person is a customer as the shop knows them, and the persona it does not
// know. Indices point into shop.yaml's lists; −1 is unset.
type person struct {
	number  int // from 0
	persona int

	name, email, phone string
	country, city      int
	gender             int
	birthday           int // demo day, negative; 0 is unset
	signupDay          int
	signup             int64
	channel            int
	household          int // 0 is unset
	tags               []int
	byMail, byText     yesNo // consents when signing up
	device             int   // the one used most
}

// id is what the shop calls a customer: it says nothing of the customer.
func id(number int) string {
	s := strconv.Itoa(number + 1)
	return "c" + strings.Repeat("0", max(0, 6-len(s))) + s
}

// mailHosts are reserved for examples (RFC 2606); nobody gets mail there.
var mailHosts = [...]string{"example.com", "example.org", "example.net"}

// person draws customer number n.
func (w *world) person(n int) person {
	r := newStream(w.seed, n, forTraits)
	p := person{number: n, city: -1, gender: -1}
	p.persona = r.pick(w.shares)
	kind := &personas[p.persona]

	p.country = r.pick(w.countries)
	land := &w.shop.Countries[p.country]
	if !r.chance(30) {
		// Towns are listed by size, and a town draws by its place.
		p.city = min(r.below(len(land.Cities)), r.below(len(land.Cities)))
	}

	women := r.chance(560)
	first := land.Male
	if women {
		first = land.Female
	}
	given, surname := first[r.below(len(first))], land.Surnames[r.below(len(land.Surnames))]
	p.name = given + " " + surname
	switch x := r.below(1000); {
	case x < 120:
	case x < 135:
		p.gender = 2
	case women:
		p.gender = 0
	default:
		p.gender = 1
	}
	if r.chance(970) {
		p.email = mailName(given) + "." + mailName(surname) + strconv.Itoa(n+1) + "@" + mailHosts[r.below(len(mailHosts))]
	}
	if r.chance(640) {
		p.phone = phone(land.Phone, r.below(1_000_000))
	}
	if r.chance(830) {
		age := r.between(kind.age[0], kind.age[1])
		p.birthday = day(2025-age, 1, 1) + r.below(365)
	}

	p.signupDay = r.pick(w.signups)
	p.signup = at(p.signupDay, w.clock(&r, &p))
	p.channel = r.pick(w.kinds[p.persona].channels)
	if r.chance(740) {
		p.household = r.between(1, 4)
		if p.persona == family {
			p.household = r.between(3, 5)
		}
	}
	for t := range w.shop.Tags {
		if r.chance(25) || t == kind.tag && r.chance(600) {
			p.tags = append(p.tags, t)
		}
	}
	p.byMail, p.byText = answer(&r, kind.consent), answer(&r, 300)
	p.device = r.pick(w.kinds[p.persona].devices)
	return p
}

// answer draws a consent that is given with a chance; of the others a third
// were never asked.
func answer(r *stream, chance int) yesNo {
	switch {
	case r.chance(chance):
		return yes
	case r.chance(333):
		return unset
	}
	return no
}

// clock draws a time of day in seconds, by the habits of the persona. Shops
// keep Zone's time; Portugal and the United Kingdom lie an hour behind it.
func (w *world) clock(r *stream, p *person) int {
	h := r.pick(w.kinds[p.persona].hours)
	if p.country != 0 && h < 23 {
		h++
	}
	return h*3600 + r.below(3600)
}

// phone makes a number that nobody has: the prefixes are unassigned or, in the
// United Kingdom, set aside for fiction.
func phone(prefix string, n int) string {
	digits := strconv.Itoa(1_000_000 + n)[1:]
	if strings.HasSuffix(prefix, "900") {
		return prefix + " " + digits[:3]
	}
	return prefix + " " + digits[:3] + " " + digits[3:]
}

// mailName makes the part of an address out of a name: lower case letters a–z.
func mailName(name string) string {
	var b strings.Builder
	for _, c := range norm.NFD.String(strings.ToLower(name)) {
		if c >= 'a' && c <= 'z' {
			b.WriteRune(c)
		}
	}
	return b.String()
}
