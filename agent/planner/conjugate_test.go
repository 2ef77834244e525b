package planner

import (
	"slices"
	"strings"
	"testing"
)

// The forms are those of a grammar: of regular verbs, of roots that change, of
// spelling before e and i, of irregular participles.
func TestConjugate(t *testing.T) {
	c, err := conjugations()
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct{ lang, phrase, has, not string }{
		{"es", "comprar~", "compran compraron compraste compraban compramos comprado compradas comprando comprarlo comprandonos comprasen", "compraras"},
		{"es", "pagar~", "paguen pagaron pago pagando", "pagen"},
		{"es", "apostar~", "apuestan apostaron apuesten", "apostan"},
		{"es", "pedir~", "piden pidieron pidio pidiendo pedido pedia", "pedieron"},
		{"es", "devolver~", "devuelven devolvieron devuelto", "devolvido"},
		{"es", "canjear~", "canjeen canjearon", ""},
		{"es", "leer~", "leyeron leyo leyendo lean leido", "leieron"},
		{"es", "dar~ de baja", "dieron de baja|darse de baja|dado de baja", ""},
		{"es", "mostrar!", "muestra muestrame mostra mostrame muestreme mostrarnos", "muestralos"},
		{"es", "mostrar!los", "muestramelos mostralos muestrelas mostrarlo", "muestrame"},
		{"pt", "pagar~", "paguem pagaram pagou pago pagando", "pagem"},
		{"pt", "receber~", "recebem receberam recebeu recebido recebesse", "receberao"},
	} {
		got, ok, err := c.expand(x.lang, x.phrase)
		if err != nil || !ok {
			t.Fatalf("%s: %v %v", x.phrase, ok, err)
		}
		words := func(s string) []string {
			if strings.Contains(s, "|") {
				return strings.Split(s, "|")
			}
			return strings.Fields(s)
		}
		for _, w := range words(x.has) {
			if !slices.Contains(got, w) {
				t.Errorf("%s has no form %q: %q", x.phrase, w, got)
			}
		}
		for _, w := range words(x.not) {
			if slices.Contains(got, w) {
				t.Errorf("%s has the form %q", x.phrase, w)
			}
		}
	}
	for _, bad := range []string{"mesa~", "comprar!nos"} {
		if _, _, err := c.expand("es", bad); err == nil {
			t.Errorf("%q is taken for a verb", bad)
		}
	}
}
