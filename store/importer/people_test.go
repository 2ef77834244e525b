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
