package planner

import (
	"slices"
	"testing"

	"tesela/agent/model"
)

// What a table is called, often a plural, finds what the languages call its
// rows, also where the word is too short for its stem to be told apart.
func TestPluralsFindTheirTerms(t *testing.T) {
	_, th, err := readWords()
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"bets": "apuesta", "bet": "aposta", "loans": "prestamo", "deposits": "deposito"} {
		if !slices.ContainsFunc(th.forms(name), func(a alias) bool { return a.text == want }) {
			t.Errorf("%s does not find %s", name, want)
		}
	}
	if got := th.forms("as"); len(got) > 0 {
		t.Errorf("as finds %v", got)
	}
}

// Hours are another figure than minutes: neither names the other's column.
func TestHoursAreNotMinutes(t *testing.T) {
	_, th, err := readWords()
	if err != nil {
		t.Fatal(err)
	}
	for name, other := range map[string]string{"minutes": "hours", "minutos": "horas", "hours": "minutos", "seconds": "minutes"} {
		if slices.ContainsFunc(th.forms(name), func(a alias) bool { return a.text == other }) {
			t.Errorf("%s is found by %s", name, other)
		}
	}
}

// A plural that has a verb's stem is the name's all the same.
func TestPluralsThatEndLikeVerbs(t *testing.T) {
	lexicons, th, err := readWords()
	if err != nil {
		t.Fatal(err)
	}
	cat := &model.Catalogue{Events: []model.Event{{Name: "loan"}}}
	ix := newIndex(cat, lexicons, th)
	for _, word := range []string{"prestamo", "prestamos", "emprestimo", "emprestimos"} {
		if !slices.ContainsFunc(ix.names[word], func(r nameRef) bool { return r.event == "loan" }) {
			t.Errorf("%s is no loan", word)
		}
	}
}

// Columns are called without the word for "of" that people say.
func TestColumnsLackTheWordForOf(t *testing.T) {
	_, th, err := readWords()
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"taxa entrega": "gastos de envio", "puerto destino": "porto de destino", "estacion salida": "estacao de partida"} {
		if !slices.ContainsFunc(th.forms(name), func(a alias) bool { return a.text == want }) {
			t.Errorf("%s does not find %s", name, want)
		}
	}
}
