package feature_test

import (
	"fmt"
	"strings"
)

// thirds is a world of many customers whose shares, means and money are
// fractions that no float64 holds, in a zone whose clocks change at midnight.
func thirds() string {
	var b strings.Builder
	b.WriteString("load\nzone America/Sao_Paulo\ncurrency BRL 2\nrole purchase pago\nrole amount pago.valor\nrole quantity pago.n\nrole category pago.tipo\nrole visit visita\nrole birthday nascimento\nrole signup desde\n")
	b.WriteString("customers plano:text nascimento:date desde:date renova:time peso:number\n")
	x := uint64(1)
	next := func(n int) int {
		x = x*6364136223846793005 + 1442695040888963407
		return int(x>>33) % n
	}
	const n = 60
	for i := range n {
		fmt.Fprintf(&b, "  c%d %s 19%02d-%02d-%02d 201%d-%02d-%02d 2017-%02d-%02dT%02d:30 0.%d\n", i,
			[]string{"Ouro", "Prata", `"O'Neil \"x\""`, "-"}[next(3)], 40+next(60), 1+next(12), 1+next(28), 2+next(7), 1+next(12), 1+next(28), 1+next(12), 1+next(28), next(24), next(1000))
	}
	b.WriteString("event pago id valor:money n:number tipo:text prova:bool taxa:money\n")
	for i := range 700 {
		fee := "-"
		if next(3) == 0 {
			fee = fmt.Sprintf("0.%02d", next(100))
		}
		fmt.Fprintf(&b, "  c%d 2017-%02d-%02dT%02d:%02d p%d %d.%02d %d.%d %s %t %s\n", next(n*3/4), 1+next(12), 1+next(28), next(24), next(60), i*2/3,
			next(400), next(100), next(9), next(10), []string{"aula", "passe", "loja"}[next(3)], next(7) == 0, fee)
	}
	b.WriteString("event visita canal:text\n")
	for range 300 {
		fmt.Fprintf(&b, "  c%d 2017-%02d-%02dT%02d:%02d %s\n", next(n), 1+next(12), 1+next(28), next(24), next(60), []string{"web", "app"}[next(2)])
	}
	b.WriteString("at 2018-01-01\n")
	return b.String()
}
