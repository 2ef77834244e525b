package worlds

import (
	"context"
	"fmt"
	"time"

	"tesela/segment/column"
	"tesela/store"
)

// Accounts is how many customers the software has.
const Accounts = 1200

var (
	saasIndustries = []choice{{"retail", 20}, {"healthcare", 16}, {"financial_services", 14}, {"manufacturing", 14}, {"education", 12}, {"logistics", 10}, {"media", 8}, {"", 6}}
	saasPlans      = []choice{{"starter", 46}, {"team", 30}, {"business", 17}, {"enterprise", 7}}
	saasRegions    = []choice{{"north_america", 48}, {"europe", 26}, {"latin_america", 16}, {"asia_pacific", 10}}
	saasOwners     = []choice{{"Dana Whitfield", 24}, {"Marcus Oyelaran", 22}, {"Priya Raman", 20}, {"Sofía Ledesma", 18}, {"", 16}}
	saasFeatures   = []choice{{"dashboards", 30}, {"reports", 22}, {"api", 14}, {"automations", 14}, {"integrations", 12}, {"sso", 8}}
	saasPriorities = []choice{{"low", 34}, {"medium", 38}, {"high", 20}, {"urgent", 8}}
	saasStatuses   = []choice{{"solved", 64}, {"open", 20}, {"pending", 16}}
	saasTopics     = []choice{{"billing", 28}, {"bug", 32}, {"how_to", 26}, {"reports", 14}}
	saasDevices    = []choice{{"web", 74}, {"mobile_app", 26}}
	saasReasons    = []choice{{"price", 36}, {"missing_feature", 26}, {"competitor", 22}, {"out_of_business", 8}, {"", 8}}

	// saasLadder is the plans from small to large, with cents a month and the
	// most that a company of the plan may employ.
	saasLadder = []struct {
		plan  string
		price int64
		staff int
	}{{"starter", 4900, 40}, {"team", 19900, 200}, {"business", 79900, 900}, {"enterprise", 249900, 9000}}
)

// SaaS fills an empty workspace with the subscription software.
func SaaS(ctx context.Context, ws store.Workspace, o Options) error {
	err := fill(ctx, ws, o, business{
		currency: "USD", zone: "America/New_York",
		roles: [][2]string{
			{"purchase", "invoice"},
			{"amount", "invoice.amount"},
			{"visit", "login"},
			{"signup", "signup"},
		},
	}, saas)
	if err != nil {
		return err
	}
	return ws.SetWord(ctx, "MRR", "sum(invoice.amount, last 30d)")
}

func saas(m *maker) error {
	invoice := m.event("invoice", field{"amount", column.Money}, field{"plan", column.Text}, field{"billing", column.Text})
	login := m.event("login", field{"device", column.Text})
	use := m.event("feature_use", field{"feature", column.Text})
	ticket := m.event("ticket", field{"priority", column.Text}, field{"status", column.Text}, field{"topic", column.Text})
	upgrade := m.event("upgrade", field{"from_plan", column.Text}, field{"to_plan", column.Text})
	churn := m.event("churn", field{"reason", column.Text})
	industry, employees := m.trait("industry", column.Text), m.trait("employees", column.Number)
	tier, region, owner := m.trait("plan_tier", column.Text), m.trait("region", column.Text), m.trait("owner", column.Text)
	trial, renewal, signup := m.trait("trial", column.Bool), m.trait("renewal", column.Date), m.trait("signup", column.Date)

	from := time.Date(2024, 1, 1, 0, 0, 0, 0, m.zone)
	const days = 639 // to 2025-09-30
	for n := range Accounts {
		s := m.stream(n, 0x85eb, 13)
		who := m.batch.Customers().Code(fmt.Appendf(nil, "a%04d", n+1)) - 1
		joined := s.below(days - 4)
		on := func(day int) time.Time {
			d := from.AddDate(0, 0, min(day, days-1))
			return time.Date(d.Year(), d.Month(), d.Day(), s.between(7, 19), s.below(60), s.below(60), 0, m.zone)
		}
		rung := 0
		for plan := s.pick(saasPlans); saasLadder[rung].plan != plan; {
			rung++
		}
		onTrial := s.chance(11)
		last := days - 1
		left := !onTrial && s.chance(24)
		if left {
			last = joined + s.below(days-joined)
		}
		if !onTrial {
			billing, step, times := "monthly", 30, int64(1)
			if s.chance(22) {
				billing, step, times = "annual", 365, 10
			}
			grows := rung < 3 && s.chance(16)
			for day := joined; day <= last; day += step {
				if grows && day > joined && s.chance(20) {
					upgrade.add(who, on(day), saasLadder[rung].plan, saasLadder[rung+1].plan)
					rung, grows = rung+1, false
				}
				if !s.chance(4) { // some months go unbilled
					invoice.add(who, on(day), saasLadder[rung].price*times, saasLadder[rung].plan, billing)
				}
			}
			if !left && s.chance(90) {
				renewal.set(who, date(2025, 10, 1)+int64(s.below(365)))
			}
		}
		plan := saasLadder[rung]
		industry.set(who, s.pick(saasIndustries))
		if s.chance(91) {
			employees.set(who, 1+s.below(plan.staff))
		}
		tier.set(who, plan.plan)
		region.set(who, s.pick(saasRegions))
		owner.set(who, s.pick(saasOwners))
		trial.set(who, onTrial)
		signup.set(who, date(2024, 1, 1)+int64(joined))

		// One in nine stays idle, whether it pays or not.
		life := last - joined + 1
		visits := min(90, life*(1+s.below(12))/60)
		if s.chance(11) {
			visits = 0
		}
		for range visits {
			day := joined + s.below(life)
			login.add(who, on(day), s.pick(saasDevices))
			if s.chance(70) {
				use.add(who, on(day), s.pick(saasFeatures))
			}
		}
		for range s.below(1 + s.below(6)) {
			ticket.add(who, on(joined+s.below(life)), s.pick(saasPriorities), s.pick(saasStatuses), s.pick(saasTopics))
		}
		if left {
			churn.add(who, on(last), s.pick(saasReasons))
		}
	}
	return nil
}
