package worlds

import (
	"context"
	"fmt"
	"time"

	"tesela/segment/column"
	"tesela/store"
)

// Players is how many customers the casino has.
const Players = 1500

type game struct {
	name, provider string
	weight, edge   int // edge: percent the house keeps
}

var (
	casinoCountries = []choice{{"Malta", 18}, {"Germany", 16}, {"Spain", 15}, {"Portugal", 12}, {"Brazil", 11}, {"Sweden", 9}, {"United Kingdom", 8}, {"Finland", 6}, {"Côte d'Ivoire", 3}, {"Mexico", 2}}
	casinoTiers     = []choice{{"bronze", 40}, {"silver", 22}, {"gold", 12}, {"platinum", 6}, {"diamond", 2}, {"", 18}}
	casinoGenders   = []choice{{"female", 34}, {"male", 56}, {"", 10}}
	casinoMethods   = []choice{{"visa", 34}, {"mastercard", 18}, {"skrill", 14}, {"bank_transfer", 12}, {"paypal", 12}, {"crypto", 7}, {"paysafecard", 3}}
	casinoDevices   = []choice{{"mobile", 58}, {"desktop", 32}, {"tablet", 10}}
	casinoBonuses   = []choice{{"welcome", 30}, {"free_spins", 35}, {"cashback", 20}, {"reload", 15}}
	casinoGames     = []game{
		{"Book of Sands", "Aurora Gaming", 22, 5},
		{"Mega Frutas", "NeoPlay", 18, 7},
		{"Live Roulette", "RedKite", 16, 3},
		{"Blackjack Classic", "RedKite", 12, 2},
		{"Aviãozinho", "NeoPlay", 10, 4},
		{"Golden Goal", "Sportline", 8, 8},
		{"Penalty Rush", "Golden Goal", 6, 9},
		{"Café Royale", "Aurora Gaming", 5, 6},
		{"Dragon Poker", "Sportline", 3, 4},
	}
)

// Casino fills an empty workspace with the betting site.
func Casino(ctx context.Context, ws store.Workspace, o Options) error {
	err := fill(ctx, ws, o, business{
		currency: "EUR", zone: "Europe/Malta",
		roles: [][2]string{
			{"purchase", "deposit"},
			{"amount", "deposit.amount"},
			{"visit", "login"},
			{"country", "country"},
			{"signup", "signup"},
			{"email", "email"},
		},
	}, casino)
	if err != nil {
		return err
	}
	return ws.SetWord(ctx, "GGR", "sum(bet.amount) - sum(bet.payout)")
}

func casino(m *maker) error {
	deposit := m.event("deposit", field{"amount", column.Money}, field{"method", column.Text}, field{"device", column.Text})
	bet := m.event("bet", field{"amount", column.Money}, field{"payout", column.Money}, field{"game", column.Text}, field{"provider", column.Text}, field{"device", column.Text})
	withdrawal := m.event("withdrawal", field{"amount", column.Money}, field{"method", column.Text})
	login := m.event("login", field{"device", column.Text})
	bonus := m.event("bonus", field{"amount", column.Money}, field{"kind", column.Text})
	country, tier := m.trait("country", column.Text), m.trait("vip_tier", column.Text)
	age, signup := m.trait("age", column.Number), m.trait("signup", column.Date)
	email, gender := m.trait("email", column.Text), m.trait("gender", column.Text)

	from := time.Date(2024, 1, 1, 0, 0, 0, 0, m.zone)
	const days = 547 // to 2025-06-30
	for n := range Players {
		s := m.stream(n, 0x9e37, 7)
		who := m.batch.Customers().Code(fmt.Appendf(nil, "p%05d", n+1)) - 1
		joined := s.below(days - 5)
		tierName := s.pick(casinoTiers)
		country.set(who, s.pick(casinoCountries))
		tier.set(who, tierName)
		if !s.chance(7) {
			age.set(who, 18+min(s.below(30)+s.below(40), 62))
		}
		signup.set(who, date(2024, 1, 1)+int64(joined))
		if s.chance(92) {
			email.set(who, fmt.Sprintf("player%d@example.com", n+1))
		}
		gender.set(who, s.pick(casinoGenders))

		// A fifth never deposit; the others do so for a while, then may stop.
		logins, deposits := 1+s.below(12), 0
		if s.chance(80) {
			deposits = 1 + s.below(4)
			if s.chance(35) {
				deposits += s.below(16)
			}
			logins += deposits
		}
		lives := days - joined
		if s.chance(45) {
			lives = 1 + s.below(min(lives, 120))
		}
		when := func() time.Time {
			day := from.AddDate(0, 0, joined+s.below(lives))
			return time.Date(day.Year(), day.Month(), day.Day(), 8+s.below(16), s.below(60), s.below(60), 0, m.zone)
		}
		for range logins {
			login.add(who, when(), s.pick(casinoDevices))
		}
		stake := 100 * (1 + s.below(20))
		if tierName == "diamond" || tierName == "platinum" {
			stake *= 5
		}
		for range deposits {
			at := when()
			deposit.add(who, at, int64(1000*(1+s.below(10))+stake*s.between(2, 10)), s.pick(casinoMethods), s.pick(casinoDevices))
			for range s.below(4) {
				at = at.Add(time.Duration(1+s.below(5)) * time.Minute)
				g := s.game()
				amount, payout := int64(stake+50*s.below(10)), int64(0)
				if s.chance(45) {
					payout = amount * int64(200-2*g.edge+s.below(20)) / 100
				}
				bet.add(who, at, amount, payout, g.name, g.provider, s.pick(casinoDevices))
			}
			if s.chance(18) {
				withdrawal.add(who, at.Add(time.Duration(s.between(2, 40))*time.Minute), int64(stake*s.between(5, 30)), s.pick(casinoMethods))
			}
		}
		for range s.below(3) {
			bonus.add(who, when(), int64(500*(1+s.below(8))), s.pick(casinoBonuses))
		}
	}
	return nil
}

func (s *stream) game() game {
	sum := 0
	for _, g := range casinoGames {
		sum += g.weight
	}
	x := s.below(sum)
	for _, g := range casinoGames {
		if x -= g.weight; x < 0 {
			return g
		}
	}
	return casinoGames[0]
}
