package importer_test

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tesela/store/importer"
)

// Which of several paid events is the purchase does not hang on the order of the
// files: one that is called so, else the one that brings most money, and no
// quote, claim or security deposit.
func TestThePurchaseIsWhatBringsMost(t *testing.T) {
	lines := func(head string, amount int) string {
		text := head + "\n"
		for i := range 30 {
			text += fmt.Sprintf("%d,C%d,2024-02-%02d,%d.50\n", i, i/2, i%28+1, amount)
		}
		return text
	}
	files := map[string]string{
		"snacks.csv":   lines("snack_id,customer_id,date,amount", 3),
		"tickets.csv":  lines("ticket_id,customer_id,date,amount", 9),
		"claims.csv":   lines("claim_id,customer_id,date,amount", 900),
		"sales.csv":    lines("sale_id,customer_id,date,total", 5),
		"caucoes.csv":  lines("id_caucao,customer_id,data,valor", 500),
		"locacoes.csv": lines("id_locacao,customer_id,data,valor", 50),
	}
	for _, c := range []struct {
		order    []string
		purchase string
	}{
		{[]string{"snacks.csv", "tickets.csv"}, "ticket"},
		{[]string{"tickets.csv", "snacks.csv"}, "ticket"},
		{[]string{"tickets.csv", "claims.csv"}, "ticket"},
		{[]string{"claims.csv", "tickets.csv"}, "ticket"},
		{[]string{"snacks.csv", "tickets.csv", "sales.csv"}, "sale"},
		{[]string{"sales.csv", "tickets.csv"}, "sale"},
		{[]string{"caucoes.csv", "locacoes.csv"}, "locacao"},
	} {
		ws, guessed := workspace(t), map[string]string{}
		for _, name := range c.order {
			path := filepath.Join(t.TempDir(), name)
			if err := os.WriteFile(path, []byte(files[name]), 0o600); err != nil {
				t.Fatal(err)
			}
			s, err := importer.Run(context.Background(), ws, importer.Options{File: path, Yes: true, Guessed: guessed})
			if err != nil {
				t.Fatal(err)
			}
			maps.Copy(guessed, s.Roles)
		}
		src, err := ws.Source(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		if got := src.Schema().Roles; got["purchase"] != c.purchase || len(got["amount"]) <= len(c.purchase) || got["amount"][:len(c.purchase)] != c.purchase {
			t.Errorf("%v: %v, not %s", c.order, got, c.purchase)
		}
	}
}

// What a later import brings takes no role from what had it before: the user is
// told that it may be the purchase.
func TestALaterImportTakesNoRole(t *testing.T) {
	ws := workspace(t)
	for _, f := range []struct{ name, text string }{
		{"snacks.csv", "snack_id,customer_id,date,amount\n1,C1,2024-02-01,3.50\n2,C2,2024-02-02,3.50\n"},
		{"tickets.csv", "ticket_id,customer_id,date,amount\n1,C1,2024-02-01,9.50\n2,C2,2024-02-02,9.50\n"},
	} {
		path := filepath.Join(t.TempDir(), f.name)
		if err := os.WriteFile(path, []byte(f.text), 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := importer.Run(context.Background(), ws, importer.Options{File: path, Yes: true})
		if err != nil {
			t.Fatal(err)
		}
		told := strings.Contains(strings.Join(s.Notes, "\n"), "catalog --role purchase=ticket")
		if told != (f.name == "tickets.csv") {
			t.Errorf("%s: notes %q", f.name, s.Notes)
		}
	}
	src, err := ws.Source(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if got := src.Schema().Roles["purchase"]; got != "snack" {
		t.Errorf("the purchase is %q", got)
	}
}
