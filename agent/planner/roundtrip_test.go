package planner

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"

	"tesela/agent/model"
	"tesela/segment/syntax"
	"tesela/tools"
)

// randomPlan makes a call of the kind the planner makes, over shop().
func randomPlan(r *rand.Rand) (string, any) {
	pick := func(list ...string) string { return list[r.IntN(len(list))] }
	window := func() string {
		return pick("", "", ", last 90d", ", last 6mo", ", last 1y", ", last 2w", ", this year", ", last month", ", 2025", ", 2025-03", ", since 2025-02-01", ", before 2025-06-01",
			", from 2025-03-01 to 2025-04-16", ", last quarter", ", last 12h", ", yesterday")
	}
	where := func() string {
		return pick("", "", ` where category = "Shoes"`, ` where category in ("Shoes", "Bags")`, ` where category = "home_decor"`)
	}
	op := func() string { return pick(">=", ">", "<=", "<", "=") }
	n := func() string { return fmt.Sprint(2 + r.IntN(30)) }
	cond := func() string {
		switch r.IntN(12) {
		case 0:
			return fmt.Sprintf(`country = %q`, pick("Spain", "Portugal", "Germany"))
		case 1:
			return `country in ("Spain", "France")`
		case 2:
			return `gender = "female"`
		case 3:
			return "consent_email = true"
		case 4:
			return "email is not set"
		case 5:
			return fmt.Sprintf("count(order%s%s) %s %s", where(), window(), op(), n())
		case 6:
			return fmt.Sprintf("count(%s%s) = 0", pick("order", "visit", "refund", "cart"), window())
		case 7:
			return fmt.Sprintf("sum(order.amount%s) %s %s", window(), op(), pick("1000", "99.5", "250", "12500"))
		case 8:
			return fmt.Sprintf("days_since(%s) %s %s", pick("order", "visit"), pick(">", "<", ">=", "<="), n())
		case 9:
			return fmt.Sprintf("count(%s%s) >= 1", pick("visit", "refund", "cart"), window())
		case 10:
			return "signup within " + pick("2024", "2025-03", "last 90d")
		default:
			return fmt.Sprintf("household_size %s %s", op(), n())
		}
	}
	formula := func(most int) string {
		var list []syntax.Formula
		seen := map[string]bool{}
		for range 1 + r.IntN(most) {
			f, err := syntax.Parse(cond())
			if err != nil {
				panic(err)
			}
			// Two conditions on one thing may imply each other; people do not
			// ask so.
			k := subject(f)
			if !seen[k] {
				seen[k] = true
				list = append(list, f)
			}
		}
		return syntax.All(list...).String()
	}
	switch r.IntN(6) {
	case 0:
		m := tools.MeasureArgs{Measures: []string{pick("revenue", "orders", "aov", "gross_revenue", "items", "repeat_rate", "customers", "buyers", "new_buyers")}}
		if r.IntN(2) == 0 {
			m.GroupBy = []string{pick("country", "channel", "gender")}
		}
		if m.Measures[0] != "customers" {
			if r.IntN(2) == 0 {
				m.Per = pick("month", "week", "year", "quarter", "day", "weekday", "hour")
			}
			if w := window(); w != "" {
				m.Window = w[2:]
			}
		} else if m.GroupBy == nil {
			m.GroupBy = []string{"country"}
		}
		// Buyers without more are counted as people, with the same figure.
		if m.Measures[0] == "buyers" && m.GroupBy == nil && m.Per == "" {
			m.Measures[0] = "orders"
		}
		return "measure", m
	case 1:
		return "list_customers", tools.ListCustomersArgs{Formula: formula(2)}
	default:
		return "count_segment", tools.CountSegmentArgs{Formula: formula(3)}
	}
}

// subject is what a condition speaks of.
func subject(f syntax.Formula) string {
	s := ""
	syntax.Walk(f, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.Call:
			s = n.Event
			return false
		case *syntax.Name:
			s = n.Name
		}
		return s == ""
	})
	return s
}

// TestRestatementRoundTrip holds the planner to what it says it understood:
// reading the restatement gives the same call.
func TestRestatementRoundTrip(t *testing.T) {
	p := planner(t, shop())
	readBack(t, p, draws(t, 1500, 200), 11, 7, func(r *rand.Rand, _ int) (string, any) { return randomPlan(r) })
}

// draws is how many calls are drawn: so many, fewer in a short run, or as many
// as TESELA_ROUNDTRIPS says.
func draws(t *testing.T, plain, short int) int {
	t.Helper()
	if text := os.Getenv("TESELA_ROUNDTRIPS"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil {
			t.Fatalf("TESELA_ROUNDTRIPS: %v", err)
		}
		return n
	}
	if testing.Short() {
		return short
	}
	return plain
}

// readBack says so many drawn calls in each language and holds the planner to
// reading each back. A draw of no tool is passed over.
func readBack(t *testing.T, p *Planner, calls int, seed1, seed2 uint64, draw func(r *rand.Rand, i int) (tool string, args any)) {
	t.Helper()
	for _, lang := range languages {
		r := rand.New(rand.NewPCG(seed1, seed2))
		failed := 0
		for i := range calls {
			tool, args := draw(r, i)
			if tool == "" {
				continue
			}
			raw, err := json.Marshal(args)
			if err != nil {
				t.Fatal(err)
			}
			said, _ := p.say.Call(lang, tool, raw, p.ix.cat)
			o := ask(t, p, nil, said)
			if len(o.calls) != 1 || o.calls[0].Name != tool || string(o.calls[0].Args) != string(raw) {
				if failed++; failed <= 12 {
					t.Errorf("%s: %s %s\n  said: %s\n  read: %s", lang, tool, raw, said, show(o))
				}
			}
		}
		if failed > 0 {
			t.Errorf("%s: %d of %d calls were not read back", lang, failed, calls)
		}
	}
}

func show(o outcome) string {
	s := fmt.Sprintf("%s %s %s %v", o.decision.Language, o.decision.Status, o.decision.Reason, o.decision.Unknown)
	for _, c := range o.calls {
		s += " " + c.Name + " " + string(c.Args)
	}
	for _, c := range o.decision.Choices {
		s += "\n      > " + c.Question
	}
	if o.decision.Status == model.Answered && len(o.calls) == 0 {
		s += " (no call)"
	}
	return s
}
