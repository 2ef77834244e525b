package worlds

import (
	"context"
	"fmt"
	"time"

	"tesela/segment/column"
	"tesela/store"
)

// Traders is how many customers the wholesaler has.
const Traders = 2000

var (
	tradeSegments = []choice{{"contractor", 38}, {"retailer", 26}, {"industrial", 18}, {"public_sector", 10}, {"", 8}}
	tradeRegions  = []choice{{"Ontario", 36}, {"Québec", 26}, {"Prairies", 16}, {"Atlantic", 8}, {"British Columbia", 14}}
	tradeManagers = []choice{{"Chloé O'Neil", 26}, {"Raj Patel", 24}, {"Dana Kowalski", 20}, {"Tom Ng", 14}, {"", 16}}
	tradeTerms    = []choice{{"net_30", 56}, {"net_60", 22}, {"prepaid", 22}}
	tradeStatus   = []choice{{"won", 44}, {"lost", 32}, {"open", 24}}
	tradeRivals   = []choice{{"price", 40}, {"lead_time", 24}, {"no_budget", 20}, {"", 16}}
	tradeOutcomes = []choice{{"reached", 46}, {"voicemail", 32}, {"no_answer", 22}}
	tradeSeverity = []choice{{"low", 40}, {"medium", 34}, {"high", 18}, {"critical", 8}}
	tradeTopics   = []choice{{"billing", 30}, {"delivery", 34}, {"defect", 22}, {"safety", 14}}
	tradeLetters  = []choice{{"Spring Catalogue", 32}, {"Paint Week", 24}, {"Winter Clearance", 26}, {"Safety First", 18}}
	tradeReturns  = []choice{{"defect", 40}, {"wrong_item", 32}, {"surplus", 28}}

	// tradeGoods is the catalogue with cents a piece.
	tradeGoods = []struct {
		sku, category string
		price         int
	}{
		{"FX-1001", "fasteners", 450},
		{"FX-1002", "fasteners", 720},
		{"FX-2040", "fasteners", 1190},
		{"PT-110", "paint", 3890},
		{"PT-220", "paint", 5490},
		{"TL-07", "tools", 8900},
		{"TL-19", "tools", 15900},
		{"EL-330", "electrical", 2250},
		{"EL-331", "electrical", 4100},
		{"SF-9", "safety", 1790},
		{"SF-12", "safety", 6400},
		{"LB-500", "lumber", 2980},
	}
)

// Wholesale fills an empty workspace with the wholesaler.
func Wholesale(ctx context.Context, ws store.Workspace, o Options) error {
	err := fill(ctx, ws, o, business{
		currency: "CAD", zone: "America/Toronto",
		roles: [][2]string{
			{"purchase", "order"},
			{"amount", "order.amount"},
			{"product", "order.sku"},
			{"category", "order.category"},
			{"refund", "return"},
			{"send", "email_send"},
			{"open", "email_open"},
			{"campaign", "email_send.campaign"},
			{"account", "company"},
			{"signup", "customer_since"},
		},
	}, wholesale)
	if err != nil {
		return err
	}
	return ws.SetWord(ctx, "pipeline", `sum(quote.amount where status = "open")`)
}

func wholesale(m *maker) error {
	order := m.event("order", field{"amount", column.Money}, field{"quantity", column.Number}, field{"sku", column.Text}, field{"category", column.Text})
	back := m.event("return", field{"amount", column.Money}, field{"sku", column.Text}, field{"reason", column.Text})
	quote := m.event("quote", field{"amount", column.Money}, field{"status", column.Text}, field{"lost_reason", column.Text})
	call := m.event("call", field{"minutes", column.Number}, field{"outcome", column.Text}, field{"rep", column.Text})
	ticket := m.event("support_case", field{"severity", column.Text}, field{"topic", column.Text}, field{"reopened", column.Bool})
	sent, opened := m.event("email_send", field{"campaign", column.Text}), m.event("email_open", field{"campaign", column.Text})
	company, kind := m.trait("company", column.Text), m.trait("segment", column.Text)
	staff, region := m.trait("employees", column.Number), m.trait("region", column.Text)
	manager, since := m.trait("account_manager", column.Text), m.trait("customer_since", column.Date)
	hold, terms := m.trait("credit_hold", column.Bool), m.trait("payment_terms", column.Text)
	renews := m.trait("contract_end", column.Date)

	from := time.Date(2024, 2, 1, 0, 0, 0, 0, m.zone)
	const days = 629 // to 2025-10-21
	for n := range Traders {
		s := m.stream(n, 0x94d0, 23)
		who := m.batch.Customers().Code(fmt.Appendf(nil, "A%04d", n+1)) - 1
		joined := s.below(days - 4)
		on := func(day int) time.Time {
			d := from.AddDate(0, 0, min(day, days-1))
			return time.Date(d.Year(), d.Month(), d.Day(), s.between(7, 18), s.below(60), s.below(60), 0, m.zone)
		}
		company.set(who, fmt.Sprintf("Account %04d Ltd", n+1))
		kind.set(who, s.pick(tradeSegments))
		size := 1 + s.below(1+s.below(600))
		if s.chance(83) {
			staff.set(who, size)
		}
		region.set(who, s.pick(tradeRegions))
		owner := s.pick(tradeManagers)
		manager.set(who, owner)
		since.set(who, date(2024, 2, 1)+int64(joined))
		if s.chance(92) {
			hold.set(who, s.chance(9))
		}
		terms.set(who, s.pick(tradeTerms))
		if s.chance(60) {
			renews.set(who, date(2025, 10, 10)+int64(s.below(420)))
		}

		last := days - 1
		if s.chance(26) {
			last = joined + s.below(days-joined)
		}
		day := func() int { return joined + s.below(last-joined+1) }
		orders := 0
		if !s.chance(14) { // the others are prospects
			orders = 1 + (last-joined+1)*s.below(8)/190
		}
		likes := s.below(len(tradeGoods))
		for o := range orders {
			at, id := on(day()), fmt.Sprintf("SO%d-%d", n+1, o+1)
			for range s.between(1, 4) {
				item := tradeGoods[s.below(len(tradeGoods))]
				if s.chance(35) {
					item = tradeGoods[likes]
				}
				pieces := s.between(2, 20+size/8)
				order.line(id, who, at, int64(pieces*item.price), pieces, item.sku, item.category)
				if s.chance(3) {
					worth := pieces * item.price
					if s.chance(15) {
						worth = worth*11/10 + 2500 // with the freight
					}
					if after := at.AddDate(0, 0, s.between(2, 25)); after.Before(from.AddDate(0, 0, days)) {
						back.add(who, after, int64(worth), item.sku, s.pick(tradeReturns))
					}
				}
			}
		}
		for range s.below(5) {
			status, why := s.pick(tradeStatus), ""
			if status == "lost" {
				why = s.pick(tradeRivals)
			}
			quote.add(who, on(day()), int64(s.between(2, 400)*10000), status, why)
		}
		for range s.below(1 + s.below(12)) {
			rep := owner
			if s.chance(25) {
				rep = s.pick(tradeManagers)
			}
			outcome, minutes := s.pick(tradeOutcomes), 0
			if outcome == "reached" {
				minutes = s.between(1, 45)
			}
			call.add(who, on(day()), minutes, outcome, rep)
		}
		for range s.below(1 + s.below(4)) {
			ticket.add(who, on(day()), s.pick(tradeSeverity), s.pick(tradeTopics), s.chance(14))
		}
		for range s.below(4) {
			campaign, at := s.pick(tradeLetters), day()
			sent.add(who, on(at), campaign)
			if s.chance(36) {
				opened.add(who, on(min(at+s.below(4), last)).Add(30*time.Minute), campaign)
			}
		}
	}
	return nil
}
