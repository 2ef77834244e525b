package demo

import (
	"fmt"
	"math"
	"testing"
	"time"
)

// plant gives the personas of the customers by their numbers.
func plant(t *testing.T, o Options) []PlantedCustomer {
	t.Helper()
	all, err := Plant(o)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestPersonasShow finds the personas' marks in the rows alone.
func TestPersonasShow(t *testing.T) {
	o := Options{Customers: 12_000}
	m, truth, madrid := fill(t, o), plant(t, o), madrid(t)
	type tally struct{ n, orders, lines, weekend, morning, night, season, gift, marked, cents, mails, opens, visits int }
	tallies := map[string]*tally{}
	of := make([]*tally, len(truth))
	shares := map[string]int{}
	for i, c := range truth {
		if m.customers.Word(uint32(i+1)) != c.ID {
			t.Fatalf("customer %d is %s in the plant", i, c.ID)
		}
		if tallies[c.Persona] == nil {
			tallies[c.Persona] = new(tally)
		}
		of[i] = tallies[c.Persona]
		of[i].n++
		shares[c.Persona]++
	}
	for _, p := range personas {
		got, want := float64(shares[p.name])/float64(len(truth)), float64(p.share)/1000
		if math.Abs(got-want) > 4*math.Sqrt(want*(1-want)/float64(len(truth))) {
			t.Errorf("%s: share %.3f, want %.3f", p.name, got, want)
		}
	}
	seen := map[string]bool{}
	for _, rows := range m.rows["order"] {
		for i, who := range rows.Customers {
			c := of[who]
			c.lines++
			c.cents += int(rows.Props["amount"].Ints[i])
			if rows.Props["discount"].IsSet(i) {
				c.marked++
			}
			id := m.ids["order"].Word(rows.IDs[i])
			if seen[id] {
				continue
			}
			seen[id] = true
			c.orders++
			when := time.UnixMicro(rows.Times[i]).In(madrid)
			if d := when.Weekday(); d == time.Saturday || d == time.Sunday {
				c.weekend++
			}
			if h := when.Hour(); h >= 6 && h < 14 {
				c.morning++
			} else if h >= 19 || h < 3 {
				c.night++
			}
			if giftSeason(int(when.Sub(time.Date(2024, 1, 1, 0, 0, 0, 0, madrid)).Hours()+1) / 24) {
				c.season++
			}
			if rows.Props["gift"].Ints[i] == 1 {
				c.gift++
			}
		}
	}
	m.each("visit", func(who uint32, _ int64, _ func(string) string) { of[who].visits++ })
	m.each("send", func(who uint32, _ int64, _ func(string) string) { of[who].mails++ })
	m.each("open", func(who uint32, _ int64, _ func(string) string) { of[who].opens++ })

	// share reports a/b of every persona and asks that exactly those named
	// reach the bound.
	share := func(what string, bound float64, a, b func(*tally) int, named ...int) {
		t.Helper()
		want := map[string]bool{}
		for _, i := range named {
			want[personas[i].name] = true
		}
		for name, c := range tallies {
			if b(c) == 0 {
				continue
			}
			if got := float64(a(c)) / float64(b(c)); (got >= bound) != want[name] {
				t.Errorf("%s: %s is %.3f, at least %.2f: want %v", name, what, got, bound, want[name])
			}
		}
	}
	orders := func(c *tally) int { return c.orders }
	lines := func(c *tally) int { return c.lines }
	customers := func(c *tally) int { return c.n }
	share("orders at weekends", 0.85, func(c *tally) int { return c.weekend }, orders, family)
	share("orders before 14:00", 0.80, func(c *tally) int { return c.morning }, orders, premium)
	share("orders after 19:00", 0.80, func(c *tally) int { return c.night }, orders, trend)
	share("orders in the gift season", 0.85, func(c *tally) int { return c.season }, orders, gifts)
	share("presents", 0.75, func(c *tally) int { return c.gift }, orders, gifts)
	share("lines marked down", 0.75, func(c *tally) int { return c.marked }, lines, deals)
	share("lines an order", 2.5, lines, orders, family)
	share("cents a line", 9000, func(c *tally) int { return c.cents }, lines, premium)
	share("orders a customer", 0.01, orders, customers, premium, family, deals, gifts, single, lapsing, trend)
	share("opened mails", 0.45, func(c *tally) int { return c.opens }, func(c *tally) int { return c.mails }, premium)
	if b := tallies[personas[browser].name]; b.orders != 0 || b.visits < 2*b.n {
		t.Errorf("browsers: %d orders, %d visits of %d", b.orders, b.visits, b.n)
	}
	for name, c := range tallies {
		t.Logf("%s: %+v", name, *c)
	}
}

// TestPlantIsInTheRows counts the trials' outcomes from the rows and compares
// with what Plant says of each customer.
func TestPlantIsInTheRows(t *testing.T) {
	o := Options{Seed: 3, Customers: 6000}
	m, truth := fill(t, o), plant(t, o)
	bought := map[uint32]map[int64]bool{} // orders of one customer differ in time
	for _, rows := range m.rows["order"] {
		for i, who := range rows.Customers {
			if bought[who] == nil {
				bought[who] = map[int64]bool{}
			}
			bought[who][rows.Times[i]] = true
		}
	}
	type part struct {
		who      uint32
		campaign string
	}
	sent := map[part]bool{}
	m.each("send", func(who uint32, _ int64, value func(string) string) { sent[part{who, value("campaign")}] = true })
	found := map[part]PlantedTrial{}
	m.each("assignment", func(who uint32, at int64, value func(string) string) {
		p := PlantedTrial{Campaign: value("campaign"), Treated: value("arm") == "treated"}
		n := 0
		for when := range bought[who] {
			if when >= at && when < at+30*86400*second {
				n++
			}
		}
		if p.Treated {
			p.WithTreatment = n
		} else {
			p.HeldOut = n
		}
		if sent[part{who, p.Campaign}] != p.Treated || (value("cost") != "0") != p.Treated {
			t.Errorf("%s, %s: treated %v, mailed %v, cost %s", m.customers.Word(who+1), p.Campaign, p.Treated, !p.Treated, value("cost"))
		}
		found[part{who, p.Campaign}] = p
	})
	trials := 0
	for i, c := range truth {
		for _, p := range c.Trials {
			trials++
			got := found[part{uint32(i), p.Campaign}]
			if p.Treated {
				p.HeldOut = 0
			} else {
				p.WithTreatment = 0
			}
			if got != p {
				t.Fatalf("%s: rows show %+v, the plant has %+v", c.ID, got, p)
			}
		}
	}
	if trials != len(found) || trials < 10_000 {
		t.Errorf("%d trials in the plant, %d in the rows", trials, len(found))
	}
}

// arm sums the outcomes of one arm.
type arm struct{ n, sum, squares float64 }

func (a *arm) add(outcome int) {
	x := float64(outcome)
	a.n, a.sum, a.squares = a.n+1, a.sum+x, a.squares+x*x
}
func (a arm) mean() float64 { return a.sum / a.n }

// error2 is the squared standard error of the mean.
func (a arm) error2() float64 { return (a.squares - a.sum*a.sum/a.n) / (a.n - 1) / a.n }

// TestEffectsAreTrue makes 100 worlds and compares treated with held-out
// customers in each, as an analysis would that sees only the arm drawn: the
// normal 95% interval has the true effect in it in at least 93 of 100, and
// trials without effect seem to have one in no more than about 5.
func TestEffectsAreTrue(t *testing.T) {
	const worlds, size = 100, 2500
	stated := map[[2]string]Effect{}
	for _, e := range Effects() {
		stated[[2]string{e.Campaign, e.Persona}] = e
	}
	inside, alarms, zero := map[string]int{}, map[string]int{}, map[string]bool{}
	pooled := map[[2]string]*[2]arm{}
	for seed := range uint64(worlds) {
		arms := map[string]*[2]arm{}
		expected := map[string]float64{}
		for _, c := range plant(t, Options{Seed: 1000 + seed, Customers: size}) {
			for _, p := range c.Trials {
				key := [2]string{p.Campaign, c.Persona}
				if arms[p.Campaign] == nil {
					arms[p.Campaign] = new([2]arm)
				}
				if pooled[key] == nil {
					pooled[key] = new([2]arm)
				}
				which, outcome := 0, p.HeldOut
				if p.Treated {
					which, outcome = 1, p.WithTreatment
				}
				arms[p.Campaign][which].add(outcome)
				pooled[key][which].add(outcome)
				e := stated[key]
				expected[p.Campaign] += e.Extra - e.Lost*float64(p.HeldOut)
				if e.Extra != 0 || e.Lost != 0 {
					zero[p.Campaign] = false
				} else if _, known := zero[p.Campaign]; !known {
					zero[p.Campaign] = true
				}
			}
		}
		for campaign, a := range arms {
			seen, reach := a[1].mean()-a[0].mean(), 1.96*math.Sqrt(a[1].error2()+a[0].error2())
			if truth := expected[campaign] / (a[0].n + a[1].n); math.Abs(seen-truth) <= reach {
				inside[campaign]++
			}
			if math.Abs(seen) > reach {
				alarms[campaign]++
			}
		}
	}
	all, trials := 0, 0
	for campaign, n := range inside {
		all, trials = all+n, trials+1
		// 88 is three standard deviations under 95 of 100.
		if n < 88 {
			t.Errorf("%s: the true effect is in the interval in %d of %d worlds", campaign, n, worlds)
		}
		if zero[campaign] && alarms[campaign] > 12 {
			t.Errorf("%s has no effect, but shows one in %d of %d worlds", campaign, alarms[campaign], worlds)
		}
		t.Logf("%-24s inside %d, shows %d of %d", campaign, n, alarms[campaign], worlds)
	}
	if trials != 8 || all < 93*trials {
		t.Errorf("%d trials, true effect in the interval in %d of %d", trials, all, trials*worlds)
	}
	nothing := 0
	for _, none := range zero {
		if none {
			nothing++
		}
	}
	if nothing != 2 {
		t.Errorf("%d trials without effect, want 2", nothing)
	}
	// Persona by persona, over all worlds.
	for key, a := range pooled {
		e := stated[key]
		seen, truth := a[1].mean()-a[0].mean(), e.Extra-e.Lost*a[0].mean()
		if reach := 4*math.Sqrt(a[1].error2()+a[0].error2()) + 1e-9; math.Abs(seen-truth) > reach {
			t.Errorf("%s, %s: %.4f seen over all worlds, %.4f ± %.4f true", key[0], key[1], seen, truth, reach)
		}
	}
}

// TestTrialsAreApart keeps one trial's effect out of the next one's count.
func TestTrialsAreApart(t *testing.T) {
	last, names := -trialDays-1, map[string]bool{}
	for _, c := range campaigns {
		if names[c.name] {
			t.Errorf("two campaigns named %s", c.name)
		}
		names[c.name] = true
		if c.treated == 0 {
			continue
		}
		if c.day-last <= trialDays || c.day+trialDays >= days {
			t.Errorf("%s lies within %d days of the trial before, or of the end", c.name, trialDays)
		}
		last = c.day
	}
	if n := len(Effects()); n != 8*len(personas) {
		t.Error(fmt.Sprint(n) + " effects")
	}
}
