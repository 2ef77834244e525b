package importer_test

import (
	"fmt"
	"strings"
	"testing"

	"tesela/store/importer"
)

// A trade's files: people by a number of their own kind, whom the other files
// know by their ids alone, and what the trade is paid by its own word.
func TestFilesOfATradeTellWhoseRowsTheyAre(t *testing.T) {
	ws := workspace(t)
	people, paid := "NIF;Designação;Início contrato\n", "Num;NIF;Data;Valor avença\n"
	for i := range 12 {
		people += fmt.Sprintf("P%04d;Ana %d;2024-01-%02d\n", i, i%3, i+1)
		paid += fmt.Sprintf("%d;P%04d;2024-02-%02d;90,50\n", 100+i, i, i+1)
	}
	if s := load(t, ws, people, importer.Options{Yes: true}); s.Customers != 12 {
		t.Fatalf("%+v", s)
	}
	s := load(t, ws, paid, importer.Options{Yes: true})
	if s.Customers != 0 || !strings.HasSuffix(s.Roles["amount"], ".valor_avenca") || s.Roles["purchase"] == "" {
		t.Errorf("%+v", s)
	}
}

func TestWhatIsQuotedIsNotTaken(t *testing.T) {
	ws := workspace(t)
	s := load(t, ws, "customer_id,date,quoted_fee,days_paid\nA,2024-01-01,5.50,3\nB,2024-01-02,6.50,4\n", importer.Options{Yes: true})
	if s.Roles["amount"] != "" {
		t.Errorf("%v", s.Roles)
	}
}

// Rows of known people at a time are what they did, whatever the time is called
// and though nobody has two; what nearly everybody has one of is a trait.
func TestRowsOfKnownPeopleAreWhatTheyDid(t *testing.T) {
	ws := workspace(t)
	people, reviews, left, tiers := "household_id,city\n", "review_id,household_id,created_at,stars\n", "household_id,cancelled_on,reason\n", "household_id,tier,tier_since\n"
	for i := range 40 {
		people += fmt.Sprintf("H%d,Porto\n", i)
		reviews += fmt.Sprintf("%d,H%d,2024-02-%02d,5\n", 900+i, i/2, i%28+1)
		tiers += fmt.Sprintf("H%d,gold,2024-03-%02d\n", i, i%28+1)
		if i%3 == 0 {
			left += fmt.Sprintf("H%d,2024-04-%02d,price\n", i, i%28+1)
		}
	}
	for _, f := range []struct {
		text string
		rows int
		new  int
	}{{people, 0, 40}, {reviews, 40, 0}, {left, 14, 0}, {tiers, 0, 0}} {
		s := load(t, ws, f.text, importer.Options{Yes: true})
		rows := 0
		for _, n := range s.Events {
			rows += n
		}
		if rows != f.rows || s.Customers != f.new {
			t.Errorf("%s: %+v", f.text[:20], s)
		}
	}
}

// A list of people stays one however often it comes: whole though longer than
// what is looked at, or the few of them who changed or came of late.
func TestListsOfKnownPeopleStayLists(t *testing.T) {
	ws := workspace(t)
	list := func(from, to int, last string) string {
		var b strings.Builder
		b.WriteString("customer_id,city,signup_date," + last + "\n")
		for i := from; i < to; i++ {
			fmt.Fprintf(&b, "C%05d,Porto,2024-01-%02d,2025-02-%02d\n", i, i%28+1, i%28+1)
		}
		return b.String()
	}
	for _, f := range []struct {
		text string
		new  int
	}{
		{list(0, 13000, "last_seen"), 13000},
		{list(0, 13000, "last_seen"), 0},
		{list(100, 160, "last_seen"), 0},
		{"customer_id,tier,signup_date\nC00001,gold,2024-01-02\nC00002,gold,2024-01-03\n", 0},
	} {
		if s := load(t, ws, f.text, importer.Options{Yes: true}); len(s.Events) > 0 || s.Customers != f.new {
			t.Errorf("%s: %+v", f.text[:40], s)
		}
	}
}
