package importer_test

import (
	"fmt"
	"slices"
	"testing"

	"tesela/store/importer"
)

func TestFilesOfPeopleComeFirst(t *testing.T) {
	got := importer.PeopleFirst([]string{"w/facturas.csv", "rides.csv", "export_titulares_2024.csv", "visits.csv", "skiers.csv"})
	if want := []string{"export_titulares_2024.csv", "skiers.csv", "w/facturas.csv", "rides.csv", "visits.csv"}; !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

// A purchase by its name alone yields to rows that are paid for.
func TestBookingsYieldToBills(t *testing.T) {
	ws := workspace(t)
	bookings, bills := "id_reserva,id_cliente,fecha,personas\n", "num_ticket,id_cliente,fecha,total\n"
	for i := range 40 {
		bookings += fmt.Sprintf("R%d,C%d,2024-02-%02d,%d\n", i, i, i%28+1, i%4+1)
		bills += fmt.Sprintf("T%d,C%d,2024-03-%02d,%d.50\n", i, i/2, i%28+1, i+10)
	}
	rows := func(of, id string) importer.Mapping {
		return importer.Mapping{Events: of, Customer: "id_cliente", Time: "fecha", EventID: id}
	}
	if s := load(t, ws, bookings, importer.Options{Mapping: rows("reserva", "id_reserva")}); s.Roles["purchase"] != "reserva" {
		t.Errorf("%v", s.Roles)
	}
	paid := rows("ticket", "num_ticket")
	paid.Props = []string{"amount=total:money"}
	if s := load(t, ws, bills, importer.Options{Mapping: paid}); s.Roles["purchase"] != "ticket" || s.Roles["amount"] != "ticket.amount" {
		t.Errorf("%v", s.Roles)
	}
}
