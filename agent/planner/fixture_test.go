package planner

import (
	"context"
	"testing"
	"time"

	"tesela/agent/model"
)

// words are the values of a field in a made-up catalogue.
type words []string

func (w words) Len() int        { return len(w) }
func (w words) At(i int) string { return w[i] }

func textField(name string, values ...string) model.Field {
	return model.Field{Name: name, Kind: "text", Values: words(values)}
}

func plain(name, kind string) model.Field { return model.Field{Name: name, Kind: kind} }

// shop is a shop with orders of several rows, e-mails, visits and surveys.
func shop() *model.Catalogue {
	product := textField("product", "Wool scarf", "Red Kettle", "22423", "Don't Panic mug")
	category := textField("category", "Shoes", "Bags", "Toys", "home_decor", "Beauty")
	campaign := textField("campaign", "spring_sale", "black_friday_24")
	return &model.Catalogue{
		Customers: 1000, Zone: "Europe/Madrid", Currency: "EUR",
		From: day("2024-01-01"), To: day("2025-12-31"),
		Traits: []model.Field{
			plain("birthday", "date"), textField("channel", "organic", "paid_search", "social"),
			textField("city", "Madrid", "Lisboa", "Porto", "London", "Málaga"), plain("consent_email", "bool"),
			textField("country", "Spain", "Portugal", "United Kingdom", "Germany", "France"),
			{Name: "email", Kind: "text"},
			textField("gender", "female", "male"), plain("household_size", "number"), textField("language", "es", "pt", "en"),
			{Name: "phone", Kind: "text"},
			plain("signup", "time"),
			{Name: "tags", Kind: "tags", Values: words{"vip_list", "beta"}},
		},
		Events: []model.Event{
			{Name: "cart", Props: []model.Field{category, product}},
			{Name: "click", Props: []model.Field{campaign}},
			{Name: "open", Props: []model.Field{campaign}},
			{Name: "order", Tied: true, Props: []model.Field{plain("amount", "money"), textField("brand", "Orla", "Lisboa"), category, plain("gift", "bool"), product, plain("quantity", "number")}},
			{Name: "refund", Props: []model.Field{plain("amount", "money"), category, product}},
			{Name: "send", Props: []model.Field{campaign}},
			{Name: "survey", Props: []model.Field{plain("score", "number")}},
			{Name: "unsubscribe", Props: []model.Field{campaign}},
			{Name: "visit", Props: []model.Field{textField("device", "mobile", "desktop")}},
		},
		Roles: map[string]string{
			"purchase": "order", "amount": "order.amount", "quantity": "order.quantity", "product": "order.product", "category": "order.category",
			"refund": "refund", "visit": "visit", "cart": "cart", "send": "send", "open": "open", "click": "click", "unsubscribe": "unsubscribe",
			"survey": "survey", "score": "survey.score", "country": "country", "city": "city", "signup": "signup", "birthday": "birthday",
			"consent": "consent_email", "channel": "channel", "email": "email", "phone": "phone", "campaign": "send.campaign",
		},
		Words: map[string]string{"GGR": "sum(order.amount) - sum(refund.amount)", "regulars": "count(order, last 90d) >= 3"},
	}
}

// casino has another trade's words, and money events of single rows.
func casino() *model.Catalogue {
	return &model.Catalogue{
		Customers: 500, Zone: "Europe/Malta", Currency: "EUR",
		From: day("2025-01-01"), To: day("2025-12-31"),
		Traits: []model.Field{
			plain("age", "number"), textField("country", "MT", "DE", "BR"), textField("vip_tier", "gold", "silver", "bronze"), plain("joined", "date"),
		},
		Events: []model.Event{
			{Name: "bet", Props: []model.Field{plain("stake", "money"), textField("game", "roulette", "slots", "live_casino"), textField("device", "mobile", "desktop")}},
			{Name: "deposit", Props: []model.Field{plain("amount", "money"), textField("method", "card", "bank_transfer")}},
			{Name: "login"},
			{Name: "withdrawal", Props: []model.Field{plain("amount", "money")}},
		},
		Roles: map[string]string{"purchase": "deposit", "amount": "deposit.amount", "visit": "login", "country": "country", "signup": "joined"},
	}
}

func day(s string) time.Time {
	t, err := time.Parse("2006-01-02", s)
	if err != nil {
		panic(err)
	}
	return t
}

// outcome is what a question came to.
type outcome struct {
	decision *model.Decision
	calls    []model.Call
}

func ask(t testing.TB, p *Planner, history []model.Message, question string) outcome {
	t.Helper()
	var o outcome
	list := append(append([]model.Message(nil), history...), model.Message{Role: model.User, Text: question})
	zone, err := time.LoadLocation(p.ix.cat.Zone)
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, zone)
	for d, err := range p.Generate(context.Background(), model.Request{Messages: list, AsOf: at}) {
		if err != nil {
			t.Fatalf("%q: %v", question, err)
		}
		if d.Decision != nil {
			o.decision = d.Decision
		}
		if d.Call != nil {
			o.calls = append(o.calls, *d.Call)
		}
	}
	if o.decision == nil {
		t.Fatalf("%q: no decision", question)
	}
	return o
}

func planner(t testing.TB, cat *model.Catalogue) *Planner {
	t.Helper()
	p, err := New(cat)
	if err != nil {
		t.Fatal(err)
	}
	return p
}
