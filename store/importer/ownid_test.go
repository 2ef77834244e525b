package importer

import "testing"

func TestRowsAreCalledByTheirOwnIDs(t *testing.T) {
	for _, c := range []struct {
		file, column, noun string
		header             []string
	}{
		{"citas.csv", "id_cita", "cita", []string{"id_cita", "id_cliente", "fecha"}},
		{"vendas_produtos.csv", "num_venda", "venda", []string{"num_venda", "id_cliente", "data"}},
		{"sessoes.csv", "SessaoID", "sessao", []string{"SessaoID", "cliente", "data"}},
		{"order_lines.csv", "order_id", "order", []string{"line_id", "order_id", "customer_id"}},
		{"payments.csv", "payment_id", "payment", []string{"payment_id", "order_id", "customer_id"}},
		{"customers.csv", "", "", []string{"customer_id", "city"}},
		{"export.csv", "", "", []string{"id", "customer_id", "ticket_id"}},
	} {
		im := &importing{opts: &Options{File: "some/" + c.file}, form: form{header: c.header}}
		col, noun, ok := im.rowsOwn()
		if noun != c.noun || ok != (c.noun != "") || ok && c.header[col] != c.column {
			t.Errorf("%s: column %s, %q", c.file, c.header[col], noun)
		}
	}
}

func TestPeopleHaveIDsByAnyName(t *testing.T) {
	for name, want := range map[string]bool{
		"id_aluno": true, "cod_socio": true, "patient_no": true, "numero_de_huesped": true, "member_key": true,
		"id_aula": false, "aluno": false, "tutor_email": false, "id": false, "plan_id": false,
	} {
		if got := personsID(name); got != want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestAnIDOfWhatIsLeftIsNoneOfTheRows(t *testing.T) {
	im := &importing{opts: &Options{File: "level_attempts.csv"}, form: form{header: []string{"player_id", "level_no"}}, sampled: 300}
	im.tallies = []tally{{}, {"1": {}, "2": {}, "3": {}}}
	if _, noun, ok := im.rowsOwn(); ok {
		t.Errorf("rows of three levels are each called a %s", noun)
	}
}

func TestTheCurrencyBehindANameIsNoPartOfIt(t *testing.T) {
	for name, want := range map[string]bool{"price_usd": true, "unit_price": true, "price_tax": false, "price": true} {
		if _, ok := rank(words().Columns["price"], name); ok != want {
			t.Errorf("%s: %v", name, ok)
		}
	}
}
