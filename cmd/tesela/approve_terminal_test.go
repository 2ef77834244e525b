package main

import (
	"strings"
	"testing"
)

// At a terminal a person is asked at once, in the chat and by ask; only a yes
// does it.
func TestApprovingAtATerminal(t *testing.T) {
	s := newShell(t)
	smallDemo(s)
	saved := func() string { return s.run("segment", "list", "--json", "--db", "demo.db").exits(exitOK).out }

	w := newWindow(s, 100, 40, program(t)+" chat --db demo.db --session s")
	w.shows("400")
	w.says("how many customers are from Spain?")
	w.shows("customers (")
	w.says("save them as Spaniards")
	w.shows("Save the segment", "y does it")
	if got := saved(); strings.Contains(got, "Spaniards") {
		t.Errorf("saved before a yes: %s", got)
	}
	w.says("y")
	w.shows("is saved")
	if got := saved(); !strings.Contains(got, "Spaniards") {
		t.Errorf("not saved: %s", got)
	}
	// The new name is known at once.
	w.says("borra el segmento spaniards")
	w.shows("Borrar el segmento guardado", "s lo hace")
	w.says("no")
	w.shows("Rechazado")
	w.keys("C-d")
	w.shows("ended with 0")

	w = newWindow(s, 100, 40, program(t)+" ask --db demo.db delete the segment spaniards")
	w.shows("Do it? [y/N]")
	w.keys("Enter")
	w.shows("Rejected", "ended with 0")
	if got := saved(); !strings.Contains(got, "Spaniards") {
		t.Errorf("deleted without a yes: %s", got)
	}
	w = newWindow(s, 100, 40, program(t)+" ask --db demo.db --lang es borra el segmento Spaniards")
	w.shows("¿Hacerlo? [s/N]")
	w.says("sí")
	w.shows("está borrado", "ended with 0")
	if got := saved(); strings.Contains(got, "Spaniards") {
		t.Errorf("not deleted: %s", got)
	}
}
