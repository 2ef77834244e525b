package demo

import "time"

// A campaign is a mailing. Those with a trial keep some customers back, by the
// toss of a coin, and say in the data who.
type campaign struct {
	name string
	day  int
	// treated is the chance of getting it, in thousandths; 0 is no trial:
	// everybody who may be mailed is.
	treated int
	cost    int64 // of each treated customer, in cents
	// extra is the chance, per persona and in thousandths, that being treated
	// brings one more purchase within 30 days.
	extra perPersona
	// lost is the chance, per persona and in thousandths, that being treated
	// loses a purchase of those 30 days.
	lost perPersona
	// unsubscribes scales the usual chance, in percent.
	unsubscribes int
}

// perPersona holds a figure for each persona, by its index.
type perPersona [len(personas)]int

const (
	assignHour = 9  // when a trial decides who is treated
	sendHour   = 10 // when mails leave
	trialDays  = 30
	// settled is how many days after signing up a customer may be mailed.
	settled = 7
)

// campaigns in the order of their days. Trials lie more than 30 days apart, so
// that no trial's effect falls into another's count.
var campaigns = [...]campaign{
	{name: "Hello Newsletter 2024", day: day(2024, 2, 20), unsubscribes: 100},
	{
		name: "Spring Vouchers 2024", day: day(2024, 4, 8), treated: 500, cost: 35, unsubscribes: 100,
		extra: perPersona{deals: 150, single: 40, lapsing: 30},
	},
	{name: "Summer Newsletter 2024", day: day(2024, 6, 10), unsubscribes: 100},
	{
		name: "Free Shipping Weeks 2024", day: day(2024, 7, 1), treated: 600, cost: 90, unsubscribes: 80,
		extra: perPersona{family: 120, trend: 80},
	},
	{name: "Brand Story 2024", day: day(2024, 9, 16), treated: 500, cost: 12, unsubscribes: 100},
	{name: "Black Friday 2024", day: day(2024, 11, 25), unsubscribes: 150},
	{name: "Christmas Gifts 2024", day: day(2024, 12, 9), unsubscribes: 100},
	{name: "January Sale 2025", day: day(2025, 1, 7), unsubscribes: 110},
	{
		name: "We Miss You 2025", day: day(2025, 2, 17), treated: 500, cost: 110, unsubscribes: 120,
		extra: perPersona{lapsing: 160, single: 30},
	},
	{
		name: "Mother's Day 2025", day: day(2025, 4, 10), treated: 700, cost: 25, unsubscribes: 100,
		extra: perPersona{gifts: 200, family: 40},
	},
	{
		name: "Gold Preview 2025", day: day(2025, 6, 2), treated: 500, cost: 60, unsubscribes: 50,
		extra: perPersona{premium: 250, family: 50},
	},
	{name: "Podcast Launch 2025", day: day(2025, 7, 14), treated: 500, cost: 8, unsubscribes: 100},
	{
		name: "Daily Reminders 2025", day: day(2025, 9, 15), treated: 500, cost: 40, unsubscribes: 400,
		lost: perPersona{premium: 400, family: 400, deals: 400, gifts: 400, single: 400, lapsing: 400, trend: 400},
	},
	{name: "Black Friday 2025", day: day(2025, 11, 24), unsubscribes: 150},
	{name: "Christmas Gifts 2025", day: day(2025, 12, 8), unsubscribes: 100},
}

// Effect is what a trial really does to one persona in the 30 days from the
// assignment: a treated customer makes Extra more purchases on average, and
// each of the purchases that a held-out customer would have made is lost with
// the chance Lost. Trials without any effect have both at 0.
type Effect struct {
	Campaign string
	Persona  string
	Assigned time.Time // when customers were assigned
	Treated  float64   // share of customers that is treated, in 0…1
	Extra    float64
	Lost     float64
}

// Effects lists the true effects of all trials, by campaign and then persona.
// They are the same for every seed.
func Effects() []Effect {
	var all []Effect
	for _, c := range campaigns {
		if c.treated == 0 {
			continue
		}
		for i := range personas {
			all = append(all, Effect{
				Campaign: c.name, Persona: personas[i].name,
				Assigned: time.UnixMicro(at(c.day, assignHour*3600)).UTC(),
				Treated:  float64(c.treated) / 1000,
				Extra:    float64(c.extra[i]) / 1000,
				Lost:     float64(c.lost[i]) / 1000,
			})
		}
	}
	return all
}
