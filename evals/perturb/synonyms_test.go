package perturb

import "testing"

func TestSynonyms(t *testing.T) {
	n := noise(t)
	n.Learn("en", [][]string{
		{"orders", "purchases", "bought"},
		{"at least", "no less than", "not below"},
		{"least", "fewest"},
		{"net revenue"},
		{"revenue", "income"},
		{"players", "gamblers"},
		{"players", "athletes"},
	})
	for from, comes := range map[string]string{
		"orders in May":           "purchases in May", // and not "bought", which ends otherwise
		"Orders in May":           "Purchases in May",
		"ORDERS IN MAY":           "PURCHASES IN MAY",
		"at least 3 ties":         "at least 3 ties", // "no less than" ends otherwise; "least" is a piece of a phrase
		"net revenue of 2025":     "net revenue of 2025",
		"players of Malta":        "players of Malta", // two things at once
		`who said "orders"?`:      `who said "orders"?`,
		"customers of Orders Ltd": "customers of Orders Ltd", // a name
	} {
		got, kinds := n.Apply(from, []string{"synonyms"}, Options{Lang: "en", ID: "x", Seed: 1})
		if got != comes || (len(kinds) > 0) != (got != from) {
			t.Errorf("%q becomes %q by %v, not %q", from, got, kinds, comes)
		}
	}
	if got, _ := n.Apply("pedidos", []string{"synonyms"}, Options{Lang: "es"}); got != "pedidos" {
		t.Errorf("a language that learnt nothing says %q", got)
	}
}
