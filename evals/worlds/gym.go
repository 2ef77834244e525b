package worlds

import (
	"context"
	"fmt"
	"time"

	"tesela/segment/column"
	"tesela/store"
)

// Members is how many customers the gym chain has.
const Members = 1500

var (
	gymPlans       = []choice{{"plano_basico", 44}, {"plano_premium", 26}, {"plano_familia", 14}, {"plano_anual", 10}, {"", 6}}
	gymClubs       = []choice{{"pinheiros", 26}, {"vila_mariana", 22}, {"moema", 18}, {"tatuapé", 14}, {"santo_amaro", 12}, {"lapa", 8}}
	gymGenders     = []choice{{"feminino", 52}, {"masculino", 40}, {"nao_binario", 2}, {"", 6}}
	gymClasses     = []choice{{"musculacao", 34}, {"yoga", 16}, {"spinning", 14}, {"pilates", 12}, {"natacao", 10}, {"danca", 8}, {"crossfit", 6}}
	gymMethods     = []choice{{"cartao_credito", 46}, {"pix", 30}, {"boleto", 14}, {"debito_automatico", 10}}
	gymInstructors = []choice{{"João", 24}, {"Conceição", 20}, {"Inês", 18}, {"Thaís", 16}, {"Marcão", 12}, {"", 10}}
	gymReasons     = []choice{{"preco", 34}, {"mudanca", 26}, {"sem_tempo", 24}, {"lesao", 10}, {"", 6}}
	gymPrices      = map[string]int64{"plano_basico": 8990, "plano_premium": 17990, "plano_familia": 24990, "plano_anual": 99900, "": 9990}
	gymTags        = []choice{{"estudante", 30}, {"indicação", 30}, {"corporativo", 25}, {"ex-aluno", 15}}
)

// Gym fills an empty workspace with the chain of gyms.
func Gym(ctx context.Context, ws store.Workspace, o Options) error {
	return fill(ctx, ws, o, business{
		currency: "BRL", zone: "America/Sao_Paulo",
		roles: [][2]string{
			{"purchase", "payment"},
			{"amount", "payment.amount"},
			{"visit", "check_in"},
			{"birthday", "birthday"},
			{"consent", "consent"},
			{"signup", "signup"},
		},
	}, gym)
}

func gym(m *maker) error {
	payment := m.event("payment", field{"amount", column.Money}, field{"method", column.Text}, field{"plan", column.Text})
	booking := m.event("booking", field{"class_type", column.Text}, field{"club", column.Text}, field{"instructor", column.Text})
	checkIn := m.event("check_in", field{"class_type", column.Text}, field{"club", column.Text})
	cancellation := m.event("cancellation", field{"reason", column.Text})
	plan, home := m.trait("plan", column.Text), m.trait("home_club", column.Text)
	gender, birthday := m.trait("gender", column.Text), m.trait("birthday", column.Date)
	consent, signup := m.trait("consent", column.Bool), m.trait("signup", column.Date)
	tags := m.trait("tags", column.Tags)

	from := time.Date(2024, 1, 1, 0, 0, 0, 0, m.zone)
	const days = 609 // to 2025-08-31
	for n := range Members {
		s := m.stream(n, 0xc2b2, 11)
		who := m.batch.Customers().Code(fmt.Appendf(nil, "m%04d", n+1)) - 1
		joined := s.below(days - 2)
		planName, club := s.pick(gymPlans), s.pick(gymClubs)
		plan.set(who, planName)
		if s.chance(94) {
			home.set(who, club)
		}
		gender.set(who, s.pick(gymGenders))
		if s.chance(90) {
			birthday.set(who, date(1950, 1, 1)+int64(s.below(57*365)))
		}
		if s.chance(88) {
			consent.set(who, s.chance(70))
		}
		signup.set(who, date(2024, 1, 1)+int64(joined))
		if s.chance(25) {
			list := []string{s.pick(gymTags)}
			if other := s.pick(gymTags); s.chance(20) && other != list[0] {
				list = append(list, other)
			}
			tags.set(who, list)
		}

		last := days - 1
		left := s.chance(38)
		if left {
			last = joined + s.below(days-joined)
		}
		on := func(day int) time.Time {
			d := from.AddDate(0, 0, day)
			return time.Date(d.Year(), d.Month(), d.Day(), s.between(6, 21), s.below(60), s.below(60), 0, m.zone)
		}
		// A trial visitor pays nothing; the others pay monthly, or once a year.
		step := 30
		if planName == "plano_anual" {
			step = 365
		}
		if !s.chance(9) {
			method := s.pick(gymMethods)
			for day := joined; day <= last; day += step {
				if s.chance(8) {
					continue // a month unpaid
				}
				if s.chance(10) {
					method = s.pick(gymMethods)
				}
				payment.add(who, on(min(day+s.below(4), days-1)), gymPrices[planName], method, planName)
			}
		}
		favourite := s.pick(gymClasses)
		visits := (last - joined + 1) * s.below(6) / 40
		for range visits {
			day := joined + s.below(last-joined+1)
			class, where := favourite, club
			if s.chance(30) {
				class = s.pick(gymClasses)
			}
			if s.chance(12) {
				where = s.pick(gymClubs)
			}
			if s.chance(60) {
				booking.add(who, on(max(day-1, joined)), class, where, s.pick(gymInstructors))
			}
			if s.chance(80) {
				checkIn.add(who, on(day), class, where)
			}
		}
		if left && s.chance(75) {
			cancellation.add(who, on(last), s.pick(gymReasons))
		}
	}
	return nil
}
