// Package demo makes a shop to try Tesela on, and to test it with: some 25,000
// customers in three countries, two years (2024-01-01 to 2025-12-31, so that T
// is 2026-01-01 in Europe/Madrid), and some 600,000 rows. It fills an empty
// store.Workspace; it knows no driver, reads no clock and no machine's settings.
// Everybody in it is invented: addresses lie in domains reserved for examples,
// and no phone number can be dialled.
//
// # The same everywhere
//
// All draws are integer arithmetic from a SplitMix64 stream per customer and
// purpose, so equal options give equal rows on every machine, and a demo of
// 26,000 customers begins with the 25,000 of the smaller one of the same seed.
//
// # The rows
//
//	visit       device, source
//	view        product, category
//	cart        product, category, quantity, amount
//	order       one row a line, tied by the order's id: product, category, brand, quantity,
//	            amount (paid), discount (taken off; unset if none), payment_method, store, gift
//	refund      product, category, brand, quantity, amount
//	assignment  campaign, arm (treated or held_out), cost: one row per customer of a trial
//	send open click unsubscribe   campaign
//	survey      score, 0 to 10
//	ticket      topic, solved
//
// Traits are name, email, phone, birthday, gender, country, city, language,
// signup, channel, tier, household_size, consent_email, consent_sms and tags; many
// are unset for some. A tier counts purchases (bronze from 1, silver from 4, gold
// from 8), and who unsubscribed has consent_email = false. Some texts are meant to
// be hard: brands that are towns, products named alike, one that gives orders to
// a language model.
//
// Days weigh by month, weekday, sales (January, a week in May, July, Black
// Friday's week) and Christmas; sign-ups come in a rush in the first sixty days
// and then grow by 60%.
//
// # Planted personas
//
// Each customer has a hidden persona; it is in no row, and Plant tells it.
// Purchases come day by day while a customer is active: at the customer's own
// rate (gamma distributed around the persona's; of shape 2 for lapsing mailers,
// else 6), times the day's weight. After each purchase the customer may pause.
// The rate is that of 2025, without pauses.
//
//	persona                 share  orders a year  last before a pause  lines  marked down  presents  opens mails
//	premium loyalist        7.0%   5.60           1.0%                 1–2    1%           4%        55%
//	weekend family          14.0%  2.90           2.0%                 2–4    6%           3%        32%
//	deal hunter             14.0%  2.40           2.5%                 1–3    80%          2%        42%
//	gift season buyer       12.0%  1.60           1.5%                 1–3    8%           50%       22%
//	one and done            17.0%  0.06           90.0%                1–2    30%          6%        15%
//	browser who never buys  20.0%  0.00           0.0%                 1–2    0%           0%        24%
//	lapsing mailer          10.0%  7.50           30.0%                1–3    12%          4%        50%
//	night trend follower    6.0%   4.20           2.5%                 1–3    15%          3%        30%
//
// What tells them apart, layer by layer:
//
//   - rhythm: families buy on Saturday and Sunday (over nine in ten orders),
//     before and after noon; loyalists on weekday mornings; trend followers from
//     eight in the evening; deal hunters during sales; gift season buyers from 20
//     November to 22 December.
//   - value: loyalists take the dearest of five products, families the cheaper of
//     two and deal hunters the cheapest of three.
//   - product: families buy for children, kitchen and home; loyalists electronics,
//     bags and delicacies; trend followers clothes, shoes and beauty; gift season
//     buyers toys, books and beauty, nine in ten times as a present; deal hunters
//     whatever is marked down.
//   - engagement: browsers visit and never buy; one-and-done customers buy within a
//     week of signing up and, nine in ten, never again; lapsing mailers buy often at
//     first, stop after three or four orders on average, and then leave mails
//     unopened.
//   - demography: families are 32 to 48, have three to five at home and are often
//     tagged parent; loyalists are 45 to 72 and often tagged club member; trend
//     followers are 18 to 30 and on mobile.
//
// They are separable where a customer has been there long enough to show it:
// from about three purchases on, or for browsers from about three visits. Clusters
// of the buyers with three orders or more by eight plain figures of their orders
// agree with the personas at an adjusted Rand index of about 0.9.
//
// # Planted effects
//
// Campaigns go to customers who agreed to mails, at least a week after signing
// up. In eight of them a coin decides who gets it and who is held out: the
// assignment event, at nine in the morning. The outcome is the number of purchases
// in the 30 days after. An effect of +0.15 is 0.15 more purchases per treated
// customer on average; −40% is that each purchase that would have been made is
// lost with that chance. Personas not named have no effect at all, and trials
// never overlap. Other campaigns go to everybody and have no planted effect.
//
//	trial                     assigned    treated  true effect
//	Spring Vouchers 2024      2024-04-08  50%      deal hunter +0.15
//	                                               one and done +0.04
//	                                               lapsing mailer +0.03
//	Free Shipping Weeks 2024  2024-07-01  60%      weekend family +0.12
//	                                               night trend follower +0.08
//	Brand Story 2024          2024-09-16  50%      none
//	We Miss You 2025          2025-02-17  50%      one and done +0.03
//	                                               lapsing mailer +0.16
//	Mother's Day 2025         2025-04-10  70%      weekend family +0.04
//	                                               gift season buyer +0.20
//	Gold Preview 2025         2025-06-02  50%      premium loyalist +0.25
//	                                               weekend family +0.05
//	Podcast Launch 2025       2025-07-14  50%      none
//	Daily Reminders 2025      2025-09-15  50%      premium loyalist −40%
//	                                               weekend family −40%
//	                                               deal hunter −40%
//	                                               gift season buyer −40%
//	                                               one and done −40%
//	                                               lapsing mailer −40%
//	                                               night trend follower −40%
//
// Plant also gives each customer's purchases in both arms, so that the true
// effect on any outcome (the share that buys, say) in a group can be counted.
package demo
