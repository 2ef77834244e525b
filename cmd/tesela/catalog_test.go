package main

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
)

func TestCatalog(t *testing.T) {
	db := filepath.Join(t.TempDir(), "t.db")
	if code, _, errs := call(t, "", "catalog", "--db", db); code != exitError1 || !strings.Contains(errs, "tesela import") {
		t.Errorf("without a workspace: exit %d: %s", code, errs)
	}
	lines := write(t, "bets.csv", "player,when,stake,Land\na,2020-01-01 10:00,5.50,Spain\nb,2020-03-01,12,Peru\n")
	code, _, errs := call(t, "", "import", "--db", db, lines, "--events", "bet", "--customer", "player", "--time", "when",
		"--prop", "stake=stake:money", "--customer-trait", "country=Land", "--currency", "EUR", "--timezone", "Europe/Madrid")
	if code != exitOK {
		t.Fatal(errs)
	}
	code, out, errs := call(t, "", "catalog", "--db", db, "--role", "purchase=bet", "--role", "amount=bet.stake",
		"--word", "GGR=sum( bet.stake )", "--word", `spaniards=country="Spain"`, "--json")
	if code != exitOK {
		t.Fatal(errs)
	}
	var got catalogJSON
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatal(err)
	}
	if got.Customers != 2 || got.Rows != 2 || got.Currency != "EUR" || got.Timezone != "Europe/Madrid" || got.AsOf != "2020-03-02T00:00:00+01:00" ||
		len(got.Events) != 1 || got.Events[0].From != "2020-01-01T10:00:00+01:00" || len(got.Events[0].Properties) != 1 ||
		got.Events[0].Properties[0].Low != "5.50" || got.Events[0].Properties[0].High != "12.00" ||
		len(got.Traits) != 1 || got.Traits[0].Distinct != 2 ||
		got.Roles["purchase"] != "bet" || got.Roles["amount"] != "bet.stake" || got.Roles["country"] != "country" ||
		got.Words["GGR"] != "sum(bet.stake)" || got.Words["spaniards"] != `country = "Spain"` {
		t.Errorf("%s", out)
	}
	code, out, _ = call(t, "", "catalog", "--db", db)
	for _, want := range []string{"event bet: 2 rows, 2020-01-01 to 2020-03-01", "5.50 to 12.00", "GGR", "purchase", "amounts in EUR"} {
		if code != exitOK || !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
	for _, c := range []struct {
		args []string
		says string
	}{
		{[]string{"--role", "purchse=bet"}, "nearest: purchase"},
		{[]string{"--role", "purchase=bets"}, "nearest: bet"},
		{[]string{"--role", "amount=bet.stak"}, "nearest: bet.stake"},
		{[]string{"--role", "purchase"}, "ROLE=TARGET"},
		{[]string{"--word", "X=sum(bet.steak)"}, "nearest: stake"},
		{[]string{"--word", "X=sum(bet.stake"}, "expected"},
		{[]string{"--word", "X"}, "WORD="},
		{[]string{"--forget-word", "GGRR"}, "nearest: GGR"},
		{[]string{"--forget-role", "refund"}, "nothing has the role"},
		// A fault in one change stops them all.
		{[]string{"--word", "Y=count(bet)", "--role", "purchase=nothing"}, "no event"},
	} {
		code, out, errs := call(t, "", append([]string{"catalog", "--db", db}, c.args...)...)
		if code != exitUsage || !strings.Contains(errs, c.says) || out != "" {
			t.Errorf("%v: exit %d, %q", c.args, code, errs)
		}
	}
	code, out, _ = call(t, "", "catalog", "--db", db, "--forget-word", "GGR", "--forget-role", "amount", "--json")
	got = catalogJSON{}
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatal(err)
	}
	if _, there := got.Words["GGR"]; code != exitOK || there || len(got.Words) != 1 || got.Roles["amount"] != "" {
		t.Errorf("%s", out)
	}
}
