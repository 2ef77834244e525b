package tools_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tesela/segment"
	"tesela/segment/column"
	"tesela/segment/effect"
	"tesela/store"
	"tesela/store/sqlite"
	"tesela/tools"
)

// fair is a shop with one campaign: of 400 customers, half in Spain, the even
// ones are treated at 50 cents each on 1 April and the odd ones held out. In the 30
// days after 80 of the treated buy for 10 euros and 40 of the others: of the
// Spaniards 60 and 20, of the others 20 and 20. Nobody bought before. All got a
// newsletter in March, and the treated the campaign's mail.
func fair(t testing.TB, heldOut string) store.Workspace {
	t.Helper()
	ctx := context.Background()
	ws, err := sqlite.Create(ctx, filepath.Join(t.TempDir(), "fair.db"))
	must(t, err)
	t.Cleanup(func() { must(t, ws.Close()) })
	b, err := ws.Import(ctx)
	must(t, err)
	must(t, b.Configure("EUR", "UTC"))
	at := func(month, day, hour int) int64 {
		return time.Date(2024, time.Month(month), day, hour, 0, 0, 0, time.UTC).UnixMicro()
	}
	text := func(event, name string) func(word string) uint32 {
		ref := segment.FieldRef{Event: event, Name: name}
		must(t, b.Declare(ref, column.Text))
		return func(word string) uint32 { return b.Words(ref).Code([]byte(word)) }
	}
	country := text("", "country")
	campaign, arm := text("assignment", "campaign"), text("assignment", "arm")
	sent := text("send", "campaign")
	must(t, b.Declare(segment.FieldRef{Event: "assignment", Name: "cost"}, column.Money))
	must(t, b.Declare(segment.FieldRef{Event: "order", Name: "amount"}, column.Money))
	rows := func(texts ...string) *column.Rows {
		r := &column.Rows{Props: map[string]*column.Column{}}
		for _, name := range texts {
			r.Props[name] = &column.Column{Kind: column.Text}
		}
		return r
	}
	add := func(r *column.Rows, who uint32, when int64) {
		r.Customers, r.Times = append(r.Customers, who), append(r.Times, when)
	}
	assigned, sends, orders := rows("campaign", "arm"), rows("campaign"), rows()
	assigned.Props["cost"], orders.Props["amount"] = &column.Column{Kind: column.Money}, &column.Column{Kind: column.Money}
	var who []uint32
	countries := &column.Column{Kind: column.Text}
	for i := range 400 {
		id := b.Customers().Code(fmt.Appendf(nil, "c%03d", i)) - 1
		who = append(who, id)
		treated, spanish, k := i%2 == 0, i < 200, i%200/2 // k from 0 to 99 within its group and arm
		countries.Codes = append(countries.Codes, country(map[bool]string{true: "Spain", false: "Peru"}[spanish]))
		add(sends, id, at(3, 20, 9))
		sends.Props["campaign"].Codes = append(sends.Props["campaign"].Codes, sent("News"))
		add(assigned, id, at(4, 1, 9))
		assigned.Props["campaign"].Codes = append(assigned.Props["campaign"].Codes, campaign("Fair"))
		label, cost := heldOut, int64(column.Unset)
		if treated {
			label, cost = "mail", 50
			add(sends, id, at(4, 1, 10))
			sends.Props["campaign"].Codes = append(sends.Props["campaign"].Codes, sent("Fair"))
		}
		assigned.Props["arm"].Codes = append(assigned.Props["arm"].Codes, arm(label))
		assigned.Props["cost"].Ints = append(assigned.Props["cost"].Ints, cost)
		if k < 20 || treated && spanish && k < 60 {
			add(orders, id, at(4, 5+k%20, 12))
			orders.Props["amount"].Ints = append(orders.Props["amount"].Ints, 1000)
		}
	}
	_, err = b.SetTrait(ctx, "country", who, countries)
	must(t, err)
	for event, r := range map[string]*column.Rows{"assignment": assigned, "send": sends, "order": orders} {
		_, err := b.AddRows(ctx, event, r)
		must(t, err)
	}
	last := rows() // so that T is 2024-07-01
	add(last, who[0], at(6, 30, 12))
	_, err = b.AddRows(ctx, "visit", last)
	must(t, err)
	for role, target := range map[string]string{"purchase": "order", "amount": "order.amount", "send": "send", "campaign": "send.campaign"} {
		must(t, b.SetRole(role, target))
	}
	must(t, b.Commit(ctx))
	return ws
}

// byColumn gives a row's cells by column.
func byColumn(r *tools.Result, row []any) map[string]any {
	all := map[string]any{}
	for i, c := range r.Columns {
		all[c.Name] = row[i]
	}
	return all
}

func TestMeasureEffect(t *testing.T) {
	ws := fair(t, "control")
	r := run(t, ws, tools.Caller{Language: "en"}, "measure_effect", tools.MeasureEffectArgs{Campaign: "fair"})
	want := effect.Newcombe(80, 200, 40, 200, 0.95)
	for key, figure := range map[string]float64{"treated_value": 0.4, "held_out_value": 0.2, "lift": 0.2, "low": want.Low, "high": want.High, "relative": 1, "p": want.P} {
		if !near(r.Values[key], figure) {
			t.Errorf("%s is %v, want %v", key, r.Values[key], figure)
		}
	}
	// Revenue: 800 against 400 euros over 200 each, so 2 a head and 400 in all.
	for key, value := range map[string]any{"campaign": "Fair", "treated": 200, "held_out": 200, "n": 400, "from": "2024-04-01", "days": 30, "cost": "100.00", "gain": "400.00", "net": "300.00", "worth": "pays"} {
		if r.Values[key] != value {
			t.Errorf("%s is %v (%[2]T), want %v", key, r.Values[key], value)
		}
	}
	money := effect.Welch(effect.Arm{N: 200, Mean: 4, Var: 100 * 80.0 * 120 / 200 / 199}, effect.Arm{N: 200, Mean: 2, Var: 100 * 40.0 * 160 / 200 / 199}, 0.95)
	if got := r.Rows[2]; got[0] != "revenue" || got[3] != "2.00" || got[4] != fmt.Sprintf("%.2f", money.Low) || got[6] != "raises" || got[7] != "EUR" {
		t.Errorf("revenue: %v, want from %.2f", got, money.Low)
	}
	if got := r.Rows[0]; got[0] != "bought" || got[7] != "rate" || !near(got[3], 0.2) {
		t.Errorf("bought: %v", got)
	}
	if !slices.ContainsFunc(r.Notes, func(n string) bool { return strings.Contains(n, "held out, by their names: control") }) {
		t.Errorf("notes %q", r.Notes)
	}

	// By country: 0.4 of Spaniards, nothing of the others; adjusted for two looks.
	r = run(t, ws, tools.Caller{Language: "en"}, "measure_effect", tools.MeasureEffectArgs{Campaign: "Fair", By: []string{"country", "count(order) >= 1"}})
	if len(r.Rows) != 3 || r.Rows[0][0] != "Spain" || r.Rows[1][0] != "Peru" {
		t.Fatalf("rows %v", r.Rows)
	}
	spain, peru, buyers := byColumn(r, r.Rows[0]), byColumn(r, r.Rows[1]), byColumn(r, r.Rows[2])
	if !near(spain["lift"], 0.4) || spain["verdict"] != "raises" || spain["n"] != 200 || !near(spain["q"], 2*effect.Newcombe(60, 100, 20, 100, 0.95).P) {
		t.Errorf("Spain %v", spain)
	}
	if peru["lift"] != 0.0 || peru["verdict"] != "not_shown" || peru["worth"] != "no_gain" || peru["cost"] != "50.00" {
		t.Errorf("Peru %v", peru)
	}
	if buyers["n"] != 0 || buyers["verdict"] != "too_few" || buyers["lift"] != nil {
		t.Errorf("nobody had bought before: %v", buyers)
	}
	// What was drawn in lies between the group's lift and what both show.
	if x := spain["shrunk"].(float64); x >= 0.4 || x <= 0.2 {
		t.Errorf("Spain is drawn to %v", x)
	}

	// All campaigns, in Spain alone; the newsletter is named, as nobody was held out.
	r = run(t, ws, tools.Caller{Language: "es"}, "measure_effect", tools.MeasureEffectArgs{Formula: `country = "Spain"`, Outcome: "count(order)"})
	if r.Values["campaigns"] != 1 || r.Values["raised"] != 1 || !near(byColumn(r, r.Rows[0])["lift"], 0.4) {
		t.Errorf("all: %v, %v", r.Values, r.Rows)
	}
	if !slices.ContainsFunc(r.Notes, func(n string) bool { return strings.Contains(n, "News") && strings.Contains(n, "sin grupo de control") }) {
		t.Errorf("notes %q", r.Notes)
	}
}

// The newsletter went to all, so nobody is left to compare with; the campaign's
// own mail, by formula, is set against the others and said to be observational.
func TestObservedEffect(t *testing.T) {
	ws := fair(t, "control")
	r := run(t, ws, tools.Caller{Language: "en"}, "measure_effect", tools.MeasureEffectArgs{Campaign: "News"})
	if r.Values["others"] != 0 || r.Values["lift"] != nil || r.Values["observational"] != true {
		t.Errorf("news: %v", r.Values)
	}
	r = run(t, ws, tools.Caller{Language: "en"}, "measure_effect", tools.MeasureEffectArgs{Treated: `count(send where campaign = "Fair") >= 1`, Date: "2024-04-01"})
	if !near(r.Values["lift"], 0.2) && fmt.Sprintf("%.4f", r.Values["lift"]) != "0.2000" || r.Values["treated"] != 200 || r.Values["others"] != 200 {
		t.Errorf("mailed: %v", r.Values)
	}
	if len(r.Rows) == 0 || r.Columns[0].Name != "formula" || !strings.Contains(r.Notes[1], "observational") {
		t.Errorf("rows %v, notes %q", r.Rows, r.Notes)
	}
}

func TestEffectFaults(t *testing.T) {
	red := fair(t, "red")
	for _, c := range []struct {
		ws          store.Workspace
		tool, args  string
		field, says string
	}{
		{red, "measure_effect", `{"campaign": "Fair"}`, "held_out", "mail, red"},
		{red, "measure_effect", `{"campaign": "Fire"}`, "campaign", "Fair"},
		{red, "measure_effect", `{"campaign": "Fair", "held_out": ["blue"]}`, "held_out", "blue"},
		{red, "measure_effect", `{"outcome": "count(order, last 7d) >= 1"}`, "outcome", "last 7d"},
		{red, "measure_effect", `{"outcome": "country"}`, "outcome", "no mean"},
		{red, "measure_effect", `{"by": ["contry"]}`, "by", "contry"},
		{red, "measure_effect", `{"by": ["count(order)"]}`, "by", "too many values"},
		{red, "measure_effect", `{"treated": "everyone"}`, "date", "when it happened"},
		{red, "measure_effect", `{"treated": "everyone", "date": "sometime"}`, "date", "expected a date"},
		{red, "measure_effect", `{"formula": "contry = \"Spain\""}`, "formula", "country"},
		{red, "recommend_actions", `{"by": ["send"]}`, "by", "send"},
		{red, "plan_test", `{"power": 1.5}`, "power", "between"},
		{red, "plan_test", `{"hold_out": 1}`, "hold_out", "between"},
		{red, "plan_test", `{"lift": -500}`, "lift", "between"},
		{red, "review_contacts", `{"window": "last week of may"}`, "window", ""},
		{red, "review_contacts", `{"show": "all"}`, "show", "overlap"},
	} {
		_, err := tools.NewBox(c.ws).Call(t.Context(), tools.Caller{}, c.tool, []byte(c.args))
		var bad *tools.ArgumentError
		if !errors.As(err, &bad) || bad.Field != c.field || !strings.Contains(fmt.Sprint(bad.Message, bad.Nearest), c.says) {
			t.Errorf("%s %s: %v", c.tool, c.args, err)
		}
	}
	r := run(t, red, tools.Caller{}, "measure_effect", tools.MeasureEffectArgs{Campaign: "Fair", HeldOut: []string{"Red"}})
	if !near(r.Values["lift"], 0.2) {
		t.Errorf("named: %v", r.Values)
	}
	bare := shop(t, false)
	for tool, args := range map[string]string{"measure_effect": `{}`, "recommend_actions": `{"by": ["country"]}`, "plan_test": `{}`, "review_contacts": `{}`} {
		var cannot *tools.CannotError
		if _, err := tools.NewBox(bare).Call(t.Context(), tools.Caller{}, tool, []byte(args)); !errors.As(err, &cannot) {
			t.Errorf("%s without roles: %v", tool, err)
		}
	}
}

func TestRecommendActions(t *testing.T) {
	r := run(t, fair(t, "control"), tools.Caller{Language: "en"}, "recommend_actions", tools.RecommendActionsArgs{By: []string{"country"}})
	if len(r.Rows) != 2 || len(r.Segments) != 2 || r.Values["recommended"] != 1 || r.Values["harmed"] != 0 {
		t.Fatalf("%v, %v", r.Rows, r.Values)
	}
	peru, spain := byColumn(r, r.Rows[0]), byColumn(r, r.Rows[1])
	if spain["group"] != "Spain" || spain["action"] != "Fair" || spain["reason"] != "evidence" || spain["customers"] != 200 || spain["cost_per_treated"] != "0.50" {
		t.Errorf("Spain %v", spain)
	}
	if peru["action"] != nil || peru["reason"] != "no_evidence" {
		t.Errorf("Peru %v", peru)
	}
	if s := r.Segments[1]; s.Formula != `country = "Spain"` || !strings.Contains(s.Action, "Fair") || !strings.Contains(s.Evidence, "60%") || s.Size != 200 {
		t.Errorf("card %+v", s)
	}
	if s := r.Segments[0]; s.Action != "" || !strings.Contains(s.Evidence, "No evidence") {
		t.Errorf("card %+v", s)
	}
}

// In June nobody bought; over 90 days, from 2 April on, 120 of 400 did.
func TestPlanTest(t *testing.T) {
	ws := fair(t, "control")
	r := run(t, ws, tools.Caller{Language: "en"}, "plan_test", tools.PlanTestArgs{Days: 90, Lift: 0.5, Name: "spring", HoldOut: 0.25})
	n, m, ok := effect.Usual.Size(effect.Outcome{Rate: true, Mean: 0.3}, 0.15, 0.25)
	if !ok || r.Values["treated_needed"] != n || r.Values["held_out_needed"] != m || r.Values["suffices"] != (n+m <= 400) || !near(r.Values["base_value"], 0.3) {
		t.Errorf("values %v, want %d and %d", r.Values, n, m)
	}
	if r.Values["treated"] != 300 || r.Values["held_out"] != 100 {
		t.Errorf("arms %v", r.Values)
	}
	if got := []string{r.Segments[0].Formula, r.Segments[1].Formula}; got[0] != `split("spring", held_out: 25) = "treated"` || got[1] != `split("spring", held_out: 25) = "held out"` {
		t.Errorf("formulas %q", got)
	}
	if r.Segments[0].Size+r.Segments[1].Size != 400 {
		t.Errorf("sizes %+v", r.Segments)
	}
	// The formulas are counted as they stand.
	c := run(t, ws, tools.Caller{}, "count_segment", tools.CountSegmentArgs{Formula: r.Segments[1].Formula})
	if c.Values["size"] != r.Segments[1].Size {
		t.Errorf("counted %v, told %d", c.Values["size"], r.Segments[1].Size)
	}
	// With a large lift less than half suffices, and the least does.
	r = run(t, ws, tools.Caller{Language: "pt"}, "plan_test", tools.PlanTestArgs{Days: 90, Lift: 1, Formula: `country = "Spain"`})
	share := r.Values["hold_out"].(float64)
	o := effect.Outcome{Rate: true, Mean: 0.4}
	if share >= 0.5 || o.Shows(200*(1-share), 200*share, 0.4, 0.05) < 0.79 || o.Shows(200*(1-share+0.01), 200*(share-0.01), 0.4, 0.05) > 0.8 {
		t.Errorf("held out %v", share)
	}
	r = run(t, ws, tools.Caller{}, "plan_test", tools.PlanTestArgs{})
	if r.Values["smallest_lift"] != nil || len(r.Segments) != 2 || len(r.Rows) != 0 {
		t.Errorf("nobody bought lately: %v", r.Values)
	}
}

func TestReviewContacts(t *testing.T) {
	ws := fair(t, "control")
	r := run(t, ws, tools.Caller{Language: "en"}, "review_contacts", tools.ReviewContactsArgs{Window: "last 1y", More: 1})
	if r.Values["contacted"] != 400 || r.Values["sent"] != 600 || r.Values["got_more"] != 200 || r.Values["campaigns"] != 2 {
		t.Errorf("values %v", r.Values)
	}
	if want := [][]any{{"0", 0, 0.0, 400, nil, nil, nil}, {"1", 200, 0.5, 200, nil, nil, nil}, {"2", 200, 0.5, 0, nil, nil, nil}}; fmt.Sprint(r.Rows) != fmt.Sprint(want) {
		t.Errorf("rows %v, want %v", r.Rows, want)
	}
	if s := r.Segments[0]; s.Formula != "count(send, last 1y) > 1" || s.Size != 200 {
		t.Errorf("segment %+v", s)
	}
	r = run(t, ws, tools.Caller{Language: "pt"}, "review_contacts", tools.ReviewContactsArgs{Window: "last 1y", Show: "overlap", Formula: `country = "Spain"`})
	if want := [][]any{{"News", "Fair", 100, 0.5, 1.0}}; fmt.Sprint(r.Rows) != fmt.Sprint(want) {
		t.Errorf("pairs %v", r.Rows)
	}
}

// Where only sends are known, all campaigns together tell nothing, and each is
// compared with those who did not get it.
func TestSendsOnly(t *testing.T) {
	ctx := context.Background()
	ws, err := sqlite.Create(ctx, filepath.Join(t.TempDir(), "sends.db"))
	must(t, err)
	t.Cleanup(func() { must(t, ws.Close()) })
	b, err := ws.Import(ctx)
	must(t, err)
	must(t, b.Configure("EUR", "UTC"))
	campaign := segment.FieldRef{Event: "send", Name: "campaign"}
	must(t, b.Declare(campaign, column.Text))
	visits, sends := &column.Rows{Props: map[string]*column.Column{}}, &column.Rows{Props: map[string]*column.Column{"campaign": {Kind: column.Text}}}
	orders := &column.Rows{Props: map[string]*column.Column{}}
	day := func(month, d int) int64 {
		return time.Date(2024, time.Month(month), d, 9, 0, 0, 0, time.UTC).UnixMicro()
	}
	add := func(r *column.Rows, who uint32, at int64) {
		r.Customers, r.Times = append(r.Customers, who), append(r.Times, at)
	}
	for i := range 200 { // 100 get it, of whom 50 buy; of the others 25
		who := b.Customers().Code(fmt.Appendf(nil, "s%03d", i)) - 1
		add(visits, who, day(1, 1+i%20))
		if i < 100 {
			add(sends, who, day(3, 1))
			sends.Props["campaign"].Codes = append(sends.Props["campaign"].Codes, b.Words(campaign).Code([]byte("Leaflet")))
		}
		if i < 50 || i >= 175 {
			add(orders, who, day(3, 5))
		}
	}
	add(visits, 0, day(6, 1))
	for event, r := range map[string]*column.Rows{"visit": visits, "send": sends, "order": orders} {
		_, err := b.AddRows(ctx, event, r)
		must(t, err)
	}
	must(t, b.SetRole("purchase", "order"))
	must(t, b.SetRole("send", "send"))
	must(t, b.Commit(ctx))

	r := run(t, ws, tools.Caller{Language: "en"}, "measure_effect", tools.MeasureEffectArgs{})
	if r.Values["campaigns"] != 0 || len(r.Rows) != 0 || !slices.ContainsFunc(r.Notes, func(n string) bool { return strings.Contains(n, "nobody held out") && strings.Contains(n, "Leaflet") }) {
		t.Errorf("all: %v, %v, %q", r.Values, r.Rows, r.Notes)
	}
	r = run(t, ws, tools.Caller{Language: "en"}, "measure_effect", tools.MeasureEffectArgs{Campaign: "leaflet"})
	if r.Values["treated"] != 100 || r.Values["others"] != 100 || fmt.Sprintf("%.2f", r.Values["lift"]) != "0.25" || r.Values["campaign"] != "Leaflet" {
		t.Errorf("leaflet: %v", r.Values)
	}
	r = run(t, ws, tools.Caller{Language: "en"}, "recommend_actions", tools.RecommendActionsArgs{By: []string{"count(visit) >= 1"}})
	if r.Values["recommended"] != 0 || r.Rows[0][3] != "no_trials" || !slices.ContainsFunc(r.Notes, func(n string) bool {
		return strings.Contains(n, "never tested") || strings.Contains(n, "No action was ever tested")
	}) {
		t.Errorf("recommended: %v, %q", r.Rows, r.Notes)
	}
}
