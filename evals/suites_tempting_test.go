package evals_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"tesela/evals"
	"tesela/tools"
)

// tempting are wrong readings of trap questions, by suite and gold: a formula
// where the gold is one, else the arguments of measure or list_customers that
// differ. A trap whose wrong reading comes to the same figure catches nobody.
var tempting = map[string]map[string][]any{
	"audited/demo": {
		"one_order":                {"count(order) <= 1", "sum(order.quantity) = 1"},
		"agreed_never_opened":      {"count(open) = 0", "consent_email = true and count(send) >= 1 and count(open) = 0"},
		"homeless_buyers":          {"city is not set"},
		"aov_2025":                 {change{"measures": []any{"avg(order.amount)"}}, change{"measures": []any{"revenue / orders"}}},
		"net_november":             {change{"measures": []any{"gross_revenue"}}},
		"refund_money_by_category": {change{"measures": []any{"revenue"}, "group_by": []any{"order.category"}}},
		"best_brand_revenue":       {change{"measures": []any{"gross_revenue"}}},
		"most_returned_category":   {change{"measures": []any{"orders"}, "group_by": []any{"order.category"}}},
		"biggest_spenders":         {change{"by": "sum(order.amount, 2025)"}, change{"by": "sum(order.amount)"}},
		"orders_last_month":        {change{"window": "2025-12"}, change{"window": "last 1mo"}},
		"lost_in_portugal":         {`count(order, 2024) >= 1 and not (country = "Portugal" and count(order, 2025) >= 1)`},
		"student_buyers":           {`tags contains "student" and count(order where category = "Electronics") >= 1`},
		"unreachable":              {"email is not set or phone is not set"},
	},
	"audited/casino": {
		"never_withdrew":       {"count(withdrawal) = 0"},
		"not_gold":             {`vip_tier != "gold"`},
		"ggr_this_quarter":     {change{"window": "last quarter"}, change{"window": "2025-06"}},
		"median_deposited":     {change{"formula": "count(deposit) >= 1"}},
		"crypto_not_paypal":    {`count(deposit where method = "crypto" and method != "paypal") >= 1`},
		"welcome_then_deposit": {`count(bonus where kind = "welcome") >= 1 and count(deposit) >= 1`},
		"churned":              {`lifecycle in ("churned", "prospect")`},
		"bet_on_game":          {`count(bet where provider = "Golden Goal") >= 1`},
	},
	"audited/gym": {
		"pay_never_come":      {"count(check_in) = 0"},
		"five_weeks_of_eight": {"count(check_in, last 8w) >= 5"},
		"consent_not_refused": {"consent = true"},
		"two_blanks":          {"gender is not set or birthday is not set"},
		"average_payment":     {change{"window": "2025-08"}},
		"check_ins_by_club":   {change{"group_by": []any{"home_club"}}},
		"members_by_plan":     {change{"group_by": []any{"payment.plan"}}},
		"yoga_not_pilates":    {`count(booking where class_type = "yoga" and class_type != "pilates") >= 1`},
		"came_more":           {"count(check_in, last 90d) > count(check_in, last 180d) / 3"},
		"at_risk":             {`lifecycle = "at risk" and count(check_in where club = "moema") >= 1`},
		"came_to_moema":       {`home_club = "moema"`, `count(booking where club = "moema", 2025-08) >= 1`},
	},
	"audited/saas": {
		"paying_and_silent":   {"trial = false and count(churn) = 0 and days_since(login) > 60"},
		"not_healthcare":      {`industry != "healthcare"`},
		"urgent_and_open":     {`count(ticket where priority = "urgent") >= 1 and count(ticket where status = "open") >= 1`},
		"revenue_per_account": {change{"window": "this quarter"}, change{"window": "last 90d"}},
		"winter_day_logins":   {change{"window": "from 2025-01-15T00:00:00Z to 2025-01-16T00:00:00Z"}},
		"invoices_by_plan":    {change{"group_by": []any{"plan_tier"}}},
		"most_used_features":  {change{"measures": []any{"events(feature_use)"}}},
		"api_no_sso":          {`count(feature_use where feature = "api" and feature != "sso") >= 1`},
		"wide_users":          {"count(feature_use, last 90d) >= 5"},
		"top_value_asia":      {`top 20% by sum(invoice.amount, last 1y) among (region = "asia_pacific")`},
		"regions_tickets":     {change{"measures": []any{"events(ticket) / doers(ticket)"}}},
		"used_reports":        {`count(ticket where topic = "reports") >= 1`},
	},
	"audited/traps": {
		"year_2023_orders":    {change{"window": "from 2023-01-01T00:00:00Z to 2024-01-01T00:00:00Z"}},
		"january_2024_buyers": {"count(order, from 2024-01-01T00:00:00Z to 2024-02-01T00:00:00Z) >= 1"},
		"last_month_orders":   {change{"window": "last 30d"}, change{"window": "from 2024-02-01T00:00:00Z to 2024-03-01T00:00:00Z"}},
		"long_day":            {change{"window": "from 2023-11-05T00:00:00Z to 2023-11-06T00:00:00Z"}, change{"window": "from 2023-11-05T04:00:00Z to 2023-11-06T04:00:00Z"}},
		"last_21_days":        {"count(order, last 504h) >= 1"},
		"ten_days_of_may":     {"count(order, from 2023-05-01 to 2023-05-10) >= 1"},
		"after_ninth_march":   {"count(order, since 2024-03-09) >= 1"},
		"three_months":        {"count(order, last 90d) >= 1"},
		"one_month":           {"count(order, last 30d) >= 1", "count(order, last month) >= 1"},
		"july_revenue":        {change{"measures": []any{"gross_revenue"}}},
		"june_aov":            {change{"measures": []any{"revenue / orders"}}},
		"got_it_all_back":     {"sum(refund.amount) >= sum(order.amount)", "count(refund) >= 1"},
		"months_with_refunds": {change{"measures": []any{"gross_revenue"}}},
		"not_said_yes":        {"newsletter = false", "newsletter != true"},
		"average_age":         {change{"measures": []any{"per_customer(age, sum) / customers"}}},
		"silent_ninety_days":  {"days_since(order) > 90", "count(order) >= 1 and count(order, last 90d) = 0"},
		"lookers":             {"count(order) = 0"},
		"never_opened":        {"count(send) >= 1 and count(open) = 0"},
		"crime_not_poetry":    {`count(order where genre = "Crime" and genre != "Poesía") >= 1`},
		"other_than_crime":    {`count(order where genre = "Crime") = 0`, `count(order) >= 1 and count(order where genre = "Crime") = 0`},
		"neither_nor":         {`not (count(order where genre = "Crime") >= 1 and count(order where genre = "Travel") >= 1)`},
		"crime_orders":        {change{"measures": []any{`sum(order.quantity where genre = "Crime")`}}},
		"bought_the_guide":    {`city = "Montréal"`},
		"boston_both":         {`city = "Boston"`, `city = "BOSTON"`},
	},
	"audited/retail": {
		"germans_thrice":       {`country = "Germany" and sum(order.quantity, last 90d) >= 3`},
		"refunded_only":        {"count(refund) >= 1"},
		"november_net":         {change{"measures": []any{"gross_revenue"}}},
		"aov_2011":             {change{"measures": []any{"avg(order.amount)"}}},
		"revenue_by_country":   {change{"measures": []any{"gross_revenue"}}},
		"most_ordered_product": {change{"measures": []any{"items"}}},
		"a_hundred_pieces":     {"count(order where quantity >= 100) >= 1 and count(order where unit_price < 1) >= 1"},
		"half_years":           {change{"measures": []any{"sum(order.amount, from 2011-01-01 to 2011-06-30)", "sum(order.amount, from 2011-07-01 to 2011-11-30)"}}},
	},
}

// tied are the golds whose wrong reading cuts the ties off: the number asked for.
var tied = map[string]map[string]int{
	"audited/traps":  {"top_three_visitors": 3, "top_ten_spenders": 10, "top_five_orderers": 5, "top_four_percent": 4},
	"audited/casino": {"busiest_twenty": 20},
	"audited/gym":    {"keenest_ten": 10},
	"audited/saas":   {"heaviest_users": 15},
}

// change is what a wrong reading has for other arguments.
type change map[string]any

// checkTempting sees that wrong readings come to other figures on this data.
func checkTempting(t *testing.T, s *evals.Suite, data *evals.Data) {
	t.Helper()
	for name, readings := range tempting[s.Name] {
		g, ok := s.Golds[name]
		if !ok {
			t.Errorf("there is no gold %s", name)
			continue
		}
		tool, args, err := g.Call()
		if err != nil {
			t.Fatal(err)
		}
		right := figuresOf(t, data, tool, args)
		for _, reading := range readings {
			if wrong := figuresOf(t, data, tool, misread(t, args, reading)); wrong == right {
				t.Errorf("%s: misread as %v it comes to the same: %s", name, reading, right)
			}
		}
	}
	for name, n := range tied[s.Name] {
		g, ok := s.Golds[name]
		if !ok {
			t.Errorf("there is no gold %s", name)
			continue
		}
		tool, args, err := g.Call()
		if err != nil {
			t.Fatal(err)
		}
		if got := figuresOf(t, data, tool, args); got == fmt.Sprintf("%d members", n) {
			t.Errorf("%s: nobody is tied with the last: %s", name, got)
		}
	}
}

// misread puts a wrong reading in the place of a call's arguments.
func misread(t *testing.T, args json.RawMessage, reading any) json.RawMessage {
	t.Helper()
	all := map[string]any{}
	if err := json.Unmarshal(args, &all); err != nil {
		t.Fatal(err)
	}
	switch r := reading.(type) {
	case string:
		all["formula"] = r
	case change:
		for name, v := range r {
			all[name] = v
		}
	}
	text, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// figuresOf is what a call comes to, without the names of columns.
func figuresOf(t *testing.T, data *evals.Data, tool string, args json.RawMessage) string {
	t.Helper()
	r, err := data.Box.Call(t.Context(), tools.Caller{Language: "en", AsOf: data.AsOf, Person: true}, tool, args)
	if err != nil {
		t.Errorf("%s %s: %v", tool, args, err)
		return ""
	}
	if tool == "count_segment" {
		return fmt.Sprintf("%v members", r.Values["size"])
	}
	if len(r.Rows) > 0 {
		return fmt.Sprint(r.Rows)
	}
	values := make([]string, 0, len(r.Values))
	for _, v := range r.Values {
		values = append(values, fmt.Sprint(v))
	}
	slices.Sort(values)
	return fmt.Sprint(values)
}
