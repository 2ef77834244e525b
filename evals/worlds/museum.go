package worlds

import (
	"context"
	"fmt"
	"time"

	"tesela/segment/column"
	"tesela/store"
)

// Patrons is how many members the museum has.
const Patrons = 1200

var (
	museumKinds  = []choice{{"individual", 34}, {"family", 24}, {"student", 18}, {"patron", 8}, {"senior", 16}}
	museumCities = []choice{{"Bristol", 30}, {"Bath", 22}, {"Cardiff", 18}, {"Lisboa", 6}, {"Sevilla", 6}, {"London", 10}, {"", 8}}
	museumFirst  = []choice{{"Ana", 10}, {"Tom", 12}, {"Sue", 9}, {"Rui", 5}, {"Eva", 8}, {"Siân", 6}}
	museumLast   = []choice{{"Díaz", 8}, {"Hill", 12}, {"Costa", 7}, {"Reed", 10}, {"O'Dowd", 5}}
	museumSites  = []choice{{"Main Hall", 44}, {"Sculpture Garden", 22}, {"Science Wing", 24}, {"Bath", 10}}
	museumItems  = []choice{{"Van Gogh mug", 24}, {"tote bag", 26}, {"postcard set", 30}, {"Bath soap", 8}, {"dino puzzle", 12}}
	museumDepts  = []choice{{"homeware", 34}, {"books", 20}, {"toys", 22}, {"prints", 24}}
	museumFunds  = []choice{{"Roof Appeal", 40}, {"Education", 24}, {"General", 36}}
	museumPaid   = []choice{{"card", 60}, {"cash", 22}, {"direct_debit", 18}}
	museumTitles = []choice{{"Life drawing", 36}, {"Pottery", 40}, {"Kids science", 24}}
)

// Museum fills an empty workspace with the museum.
func Museum(ctx context.Context, ws store.Workspace, o Options) error {
	return fill(ctx, ws, o, business{
		currency: "GBP", zone: "Europe/London",
		roles: [][2]string{
			{"purchase", "shop_sale"},
			{"amount", "shop_sale.total"},
			{"product", "shop_sale.item"},
			{"quantity", "shop_sale.qty"},
			{"visit", "visit"},
			{"name", "full_name"},
			{"email", "email"},
			{"city", "city"},
			{"birthday", "dob"},
			{"signup", "joined_on"},
			{"consent", "newsletter"},
		},
	}, museum)
}

func museum(m *maker) error {
	sale := m.event("shop_sale", field{"total", column.Money}, field{"qty", column.Number}, field{"item", column.Text}, field{"dept", column.Text})
	visit := m.event("visit", field{"site", column.Text}, field{"guests", column.Number})
	gift := m.event("donation", field{"amount", column.Money}, field{"fund", column.Text}, field{"method", column.Text})
	workshop := m.event("workshop", field{"title", column.Text}, field{"price", column.Money}, field{"attended", column.Bool})
	name, mail := m.trait("full_name", column.Text), m.trait("email", column.Text)
	kind, city := m.trait("membership_type", column.Text), m.trait("city", column.Text)
	born, since := m.trait("dob", column.Date), m.trait("joined_on", column.Date)
	aid, news := m.trait("gift_aid", column.Bool), m.trait("newsletter", column.Bool)
	kids := m.trait("kids", column.Number)

	from := time.Date(2024, 1, 1, 0, 0, 0, 0, m.zone)
	const days = 670 // to 2025-10-31
	for n := range Patrons {
		s := m.stream(n, 0x9d17, 41)
		who := m.batch.Customers().Code(fmt.Appendf(nil, "M%d", 1001+n)) - 1
		joined := s.below(days - 30)
		on := func() time.Time {
			d := from.AddDate(0, 0, joined+s.below(days-joined))
			return time.Date(d.Year(), d.Month(), d.Day(), s.between(9, 20), s.below(60), s.below(60), 0, m.zone)
		}
		name.set(who, s.pick(museumFirst)+" "+s.pick(museumLast))
		if s.chance(88) {
			mail.set(who, fmt.Sprintf("member%d@example.com", n+1))
		}
		kind.set(who, s.pick(museumKinds))
		city.set(who, s.pick(museumCities))
		if s.chance(84) {
			born.set(who, date(1940, 1, 1)+int64(s.below(66*365)))
		}
		since.set(who, date(2024, 1, 1)+int64(joined))
		aid.set(who, s.chance(48))
		if s.chance(70) {
			news.set(who, s.chance(55))
		}
		kids.set(who, s.below(4)*s.below(2))

		visits := 0
		if s.chance(78) {
			visits = 1 + s.below(1+s.below(12))
		}
		for range visits {
			visit.add(who, on(), s.pick(museumSites), s.below(4)*s.below(2))
		}
		for b := range s.below(1 + s.below(6)) {
			at, id := on(), fmt.Sprintf("R%d-%d", n+1, b+1)
			for range 1 + s.below(3) {
				each := s.between(1, 3)
				sale.line(id, who, at, int64(each*s.between(300, 3500)), each, s.pick(museumItems), s.pick(museumDepts))
			}
		}
		if s.chance(36) {
			for range 1 + s.below(3) {
				gift.add(who, on(), int64([]int{500, 1000, 2000, 5000, 10000, 25000}[s.below(6)]), s.pick(museumFunds), s.pick(museumPaid))
			}
		}
		for range s.below(3) * s.below(2) {
			workshop.add(who, on(), s.pick(museumTitles), int64(600*s.below(6)), s.chance(68))
		}
	}
	return nil
}
