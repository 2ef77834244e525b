// Package worlds makes businesses to ask questions of: small, seeded and
// invented, of trades quite unlike a shop. Each fills an empty workspace. It
// is for evaluations and tests; nothing of the product needs it.
//
// # Casino
//
// A betting site in euros, Europe/Malta, 2024-01-01 to 2025-06-30. Customers
// are players.
//
//	deposit     amount, method, device    role purchase, amount
//	bet         amount, payout, game, provider, device
//	withdrawal  amount, method
//	login       device                    role visit
//	bonus       amount, kind
//
// Traits are country, vip_tier, age, signup, email and gender; vip_tier, age
// and gender are unset for some. "Golden Goal" is both a game and a provider.
// The business word GGR is the bets less their payouts.
//
// # Gym
//
// A chain of gyms in reais, America/Sao_Paulo, 2024-01-01 to 2025-08-31.
// Customers are members; texts are Portuguese, most in snake case.
//
//	payment       amount, method, plan    role purchase, amount
//	booking       class_type, club, instructor
//	check_in      class_type, club        role visit
//	cancellation  reason
//
// Traits are plan, home_club, gender, birthday, consent, signup and tags; all
// but signup are unset for some. A club's name stands in home_club,
// booking.club and check_in.club, a plan's in plan and payment.plan.
//
// # SaaS
//
// A subscription software in dollars, America/New_York, 2024-01-01 to
// 2025-09-30. Customers are accounts, that is companies.
//
//	invoice      amount, plan, billing       role purchase, amount
//	login        device                      role visit
//	feature_use  feature
//	ticket       priority, status, topic
//	upgrade      from_plan, to_plan
//	churn        reason
//
// Traits are industry, employees, plan_tier, region, owner, trial, renewal and
// signup; industry, employees, owner and renewal are unset for some. A plan
// stands in plan_tier, invoice.plan, upgrade.from_plan and upgrade.to_plan;
// "reports" is both a feature and a ticket's topic. Those on trial have no
// invoices. The business word MRR is the invoices of the last 30 days.
//
// Draws are integer arithmetic from SplitMix64, so equal seeds give equal rows
// on every machine.
package worlds
