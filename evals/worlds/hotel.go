package worlds

import (
	"context"
	"fmt"
	"time"

	"tesela/segment/column"
	"tesela/store"
)

// Guests is how many customers the hotels have.
const Guests = 2000

var (
	hotelTiers   = []choice{{"Silver", 30}, {"Gold", 18}, {"Platinum", 7}, {"", 45}}
	hotelFrom    = []choice{{"México", 38}, {"Estados Unidos", 22}, {"España", 10}, {"Argentina", 9}, {"Brasil", 8}, {"Canadá", 6}, {"", 7}}
	hotelTongues = []choice{{"es", 56}, {"en", 28}, {"pt", 8}, {"fr", 4}, {"", 4}}
	hotelFirst   = []choice{{"Sofía", 12}, {"Miguel", 12}, {"Conor", 6}, {"Renata", 10}, {"Íñigo", 4}, {"Aline", 7}, {"Grace", 8}, {"José María", 6}}
	hotelLast    = []choice{{"Hernández", 14}, {"O'Hara", 6}, {"Núñez", 10}, {"Smith", 8}, {"D'Angelo", 5}, {"Peña", 9}, {"Araújo", 6}}
	hotelChannel = []choice{{"web", 40}, {"agencia", 22}, {"booking_com", 20}, {"telefono", 12}, {"", 6}}
	hotelPurpose = []choice{{"ocio", 56}, {"negocios", 28}, {"boda", 10}, {"", 6}}
	hotelReasons = []choice{{"cambio_de_planes", 40}, {"clima", 14}, {"precio", 20}, {"enfermedad", 12}, {"", 14}}
	hotelExtras  = []choice{{"spa", 32}, {"restaurante", 40}, {"traslado", 18}, {"tour", 10}}
	hotelNotes   = []choice{{"limpieza", 24}, {"ruido", 18}, {"desayuno", 26}, {"personal", 20}, {"", 12}}
	hotelHouses  = []choice{{"Cancún", 32}, {"Mérida", 18}, {"Oaxaca", 16}, {"Loreto", 10}, {"CDMX Centro", 24}}

	// hotelRooms is the rooms with pesos a night.
	hotelRooms = []choice{{"estandar", 1450}, {"doble", 1900}, {"familiar", 2600}, {"junior_suite", 3400}, {"suite", 5200}}
)

// Hotel fills an empty workspace with the hotels.
func Hotel(ctx context.Context, ws store.Workspace, o Options) error {
	return fill(ctx, ws, o, business{
		currency: "MXN", zone: "America/Mexico_City",
		roles: [][2]string{
			{"purchase", "booking"},
			{"amount", "booking.amount"},
			{"category", "booking.room_type"},
			{"visit", "check_in"},
			{"survey", "survey"},
			{"score", "survey.score"},
			{"name", "full_name"},
			{"email", "email"},
			{"country", "nationality"},
			{"birthday", "birth_date"},
			{"signup", "member_since"},
			{"consent", "opted_in"},
		},
	}, hotel)
}

func hotel(m *maker) error {
	booking := m.event("booking", field{"amount", column.Money}, field{"nights", column.Number}, field{"room_type", column.Text},
		field{"property", column.Text}, field{"channel", column.Text}, field{"breakfast", column.Bool})
	cancellation := m.event("cancellation", field{"reason", column.Text}, field{"property", column.Text})
	checkIn := m.event("check_in", field{"property", column.Text}, field{"purpose", column.Text})
	extra := m.event("extra", field{"service", column.Text}, field{"price", column.Money})
	survey := m.event("survey", field{"score", column.Number}, field{"property", column.Text}, field{"topic", column.Text})
	name, mail := m.trait("full_name", column.Text), m.trait("email", column.Text)
	tier, nationality := m.trait("tier", column.Text), m.trait("nationality", column.Text)
	tongue, opted := m.trait("language", column.Text), m.trait("opted_in", column.Bool)
	born, since := m.trait("birth_date", column.Date), m.trait("member_since", column.Date)
	favourite, points := m.trait("favourite_property", column.Text), m.trait("points", column.Number)

	from := time.Date(2023, 7, 1, 0, 0, 0, 0, m.zone)
	const days = 821 // to 2025-09-28
	for n := range Guests {
		s := m.stream(n, 0x1656, 19)
		who := m.batch.Customers().Code(fmt.Appendf(nil, "g-%d", 10001+n)) - 1
		joined := s.below(days - 6)
		on := func(day int) time.Time {
			d := from.AddDate(0, 0, min(day, days-1))
			return time.Date(d.Year(), d.Month(), d.Day(), s.between(7, 22), s.below(60), s.below(60), 0, m.zone)
		}
		first := s.pick(hotelFirst)
		name.set(who, first+" "+s.pick(hotelLast))
		if s.chance(86) {
			mail.set(who, fmt.Sprintf("guest%d@example.com", n+1))
		}
		tier.set(who, s.pick(hotelTiers))
		nationality.set(who, s.pick(hotelFrom))
		tongue.set(who, s.pick(hotelTongues))
		if s.chance(85) {
			opted.set(who, s.chance(64))
		}
		if s.chance(74) {
			born.set(who, date(1945, 1, 1)+int64(s.below(60*365)))
		}
		since.set(who, date(2023, 7, 1)+int64(joined))
		house := s.pick(hotelHouses)
		if s.chance(55) {
			favourite.set(who, house)
		}
		if s.chance(80) {
			points.set(who, 50*s.below(400))
		}

		// One in nine signed up at a fair and never booked.
		bookings := 0
		if !s.chance(11) {
			bookings = 1 + s.below(2+s.below(7))
		}
		for b := range bookings {
			day := joined + s.below(days-joined)
			at, where, channel := on(day), house, s.pick(hotelChannel)
			if s.chance(35) {
				where = s.pick(hotelHouses)
			}
			id, nights, fed := fmt.Sprintf("r%d-%d", n+1, b+1), 1+s.below(1+s.below(10)), s.chance(48)
			for range 1 + s.below(2)*s.below(3) {
				room := hotelRooms[s.below(1+s.below(len(hotelRooms)))]
				rate := int64(room.weight * s.between(85, 125))
				if fed {
					rate += 18000
				}
				booking.line(id, who, at, rate*int64(nights), nights, room.text, where, channel, fed)
			}
			arrives := day + s.between(1, 40)
			if s.chance(17) {
				if gone := day + s.below(arrives-day); gone < days {
					cancellation.add(who, on(gone).Add(time.Minute), s.pick(hotelReasons), where)
				}
				continue
			}
			if arrives >= days {
				continue
			}
			checkIn.add(who, on(arrives), where, s.pick(hotelPurpose))
			if s.chance(40) {
				for range s.between(1, 3) {
					extra.add(who, on(arrives+s.below(nights)), s.pick(hotelExtras), int64(s.between(15, 260)*1000))
				}
			}
			if s.chance(34) {
				score := 10 - s.below(1+s.below(11))
				survey.add(who, on(arrives+nights), score, where, s.pick(hotelNotes))
			}
		}
	}
	return nil
}
