package worlds

import (
	"context"
	"fmt"
	"time"

	"tesela/segment/column"
	"tesela/store"
)

// Shoppers is how many customers the supermarkets have.
const Shoppers = 2000

var (
	grocerCities = []choice{{"Lisboa", 30}, {"Porto", 24}, {"Braga", 14}, {"Coimbra", 11}, {"Setúbal", 8}, {"Évora", 6}, {"", 7}}
	grocerShops  = []choice{{"Chiado", 24}, {"Boavista", 20}, {"Braga", 16}, {"Coimbra", 14}, {"Bonfim", 14}, {"Giraldo", 12}}
	grocerLevels = []choice{{"bronze", 52}, {"prata", 28}, {"ouro", 12}, {"", 8}}
	grocerFirst  = []choice{{"Ana", 14}, {"João", 14}, {"Inês", 12}, {"Tiago", 11}, {"Conceição", 9}, {"Rui", 9}, {"Beatriz", 8}, {"Zé", 4}}
	grocerLast   = []choice{{"Silva", 18}, {"Gonçalves", 12}, {"D'Ávila", 6}, {"Sant'Ana", 6}, {"Simões", 10}, {"Araújo", 10}, {"Melo-Castro", 5}}
	grocerPays   = []choice{{"multibanco", 44}, {"mb_way", 26}, {"dinheiro", 20}, {"vale", 6}, {"", 4}}
	grocerWhy    = []choice{{"estragado", 42}, {"engano", 24}, {"prazo", 20}, {"", 14}}
	grocerPrizes = []choice{{"vale_5", 50}, {"vale_10", 22}, {"cabaz_bebe", 10}, {"combustivel", 18}}
	grocerPages  = []choice{{"folheto", 46}, {"cupoes", 34}, {"receitas", 20}}
	grocerMail   = []choice{{"Folheto de Natal", 30}, {"Semana do Bebé", 22}, {"Vinhos do Douro", 22}, {"Regresso às Aulas", 26}}

	// grocerShelf is what is sold, where, and for how many cents.
	grocerShelf = []struct {
		section, product string
		price            int
	}{
		{"hortifruti", "banana", 129},
		{"hortifruti", "tomate", 189},
		{"hortifruti", "alface", 99},
		{"padaria", "broa", 240},
		{"padaria", "pao_de_forma", 175},
		{"talho", "frango", 549},
		{"talho", "bife", 1290},
		{"peixaria", "bacalhau", 1890},
		{"peixaria", "sardinha", 590},
		{"lacticinios", "leite", 89},
		{"lacticinios", "queijo_da_serra", 1450},
		{"bebidas", "vinho_tinto", 690},
		{"bebidas", "cerveja", 420},
		{"bebidas", "sumo", 149},
		{"limpeza", "detergente", 899},
		{"congelados", "gelado", 379},
		{"bebe", "fraldas", 1399},
		{"bebe", "papa", 329},
		{"animais", "racao_gato", 1120},
		{"higiene", "champo", 310},
	}
)

// Grocer fills an empty workspace with the supermarkets.
func Grocer(ctx context.Context, ws store.Workspace, o Options) error {
	return fill(ctx, ws, o, business{
		currency: "EUR", zone: "Europe/Lisbon",
		roles: [][2]string{
			{"purchase", "compra"},
			{"amount", "compra.valor"},
			{"category", "compra.seccao"},
			{"product", "compra.produto"},
			{"refund", "devolucao"},
			{"visit", "visita_app"},
			{"send", "envio"},
			{"open", "abertura"},
			{"campaign", "envio.campanha"},
			{"name", "nome"},
			{"phone", "telemovel"},
			{"birthday", "nascimento"},
			{"city", "cidade"},
			{"signup", "adesao"},
			{"consent", "aceita_sms"},
		},
	}, grocer)
}

func grocer(m *maker) error {
	compra := m.event("compra", field{"valor", column.Money}, field{"quantidade", column.Number}, field{"seccao", column.Text},
		field{"produto", column.Text}, field{"loja", column.Text}, field{"pagamento", column.Text})
	devolucao := m.event("devolucao", field{"valor", column.Money}, field{"motivo", column.Text}, field{"loja", column.Text})
	resgate := m.event("resgate", field{"pontos", column.Number}, field{"premio", column.Text})
	visita := m.event("visita_app", field{"pagina", column.Text})
	envio, abertura := m.event("envio", field{"campanha", column.Text}), m.event("abertura", field{"campanha", column.Text})
	nome, phone := m.trait("nome", column.Text), m.trait("telemovel", column.Text)
	cidade, nascimento := m.trait("cidade", column.Text), m.trait("nascimento", column.Date)
	adesao, sms := m.trait("adesao", column.Date), m.trait("aceita_sms", column.Bool)
	nivel, habitual := m.trait("nivel_cartao", column.Text), m.trait("loja_habitual", column.Text)
	filhos := m.trait("filhos", column.Number)

	from := time.Date(2024, 1, 1, 0, 0, 0, 0, m.zone)
	const days = 500 // to 2025-05-14
	for n := range Shoppers {
		s := m.stream(n, 0x27d4, 17)
		who := m.batch.Customers().Code(fmt.Appendf(nil, "c%05d", n+1)) - 1
		joined := s.below(days - 3)
		on := func(day int) time.Time {
			d := from.AddDate(0, 0, min(day, days-1))
			return time.Date(d.Year(), d.Month(), d.Day(), s.between(8, 21), s.below(60), s.below(60), 0, m.zone)
		}
		nome.set(who, s.pick(grocerFirst)+" "+s.pick(grocerLast))
		if s.chance(70) {
			phone.set(who, fmt.Sprintf("+3519%08d", s.below(100000000)))
		}
		cidade.set(who, s.pick(grocerCities))
		if s.chance(82) {
			nascimento.set(who, date(1940, 1, 1)+int64(s.below(66*365)))
		}
		adesao.set(who, date(2024, 1, 1)+int64(joined))
		if s.chance(90) {
			sms.set(who, s.chance(58))
		}
		nivel.set(who, s.pick(grocerLevels))
		shop := s.pick(grocerShops)
		if s.chance(88) {
			habitual.set(who, shop)
		}
		if s.chance(64) {
			filhos.set(who, s.below(5))
		}

		// One in eight only took the card.
		last := days - 1
		if s.chance(34) {
			last = joined + s.below(days-joined)
		}
		baskets := 0
		if !s.chance(12) {
			baskets = 1 + (last-joined+1)*s.below(9)/160
		}
		likes := s.below(len(grocerShelf))
		for b := range baskets {
			at := on(joined + s.below(last-joined+1))
			where := shop
			if s.chance(18) {
				where = s.pick(grocerShops)
			}
			id, pay := fmt.Sprintf("t%d-%d", n+1, b+1), s.pick(grocerPays)
			worth := 0
			for range s.between(1, 4) {
				item := grocerShelf[s.below(len(grocerShelf))]
				if s.chance(30) {
					item = grocerShelf[likes]
				}
				pieces := s.between(1, 5)
				compra.line(id, who, at, int64(pieces*item.price), pieces, item.section, item.product, where, pay)
				worth += pieces * item.price
			}
			if s.chance(6) {
				back := worth / s.between(1, 4)
				if s.chance(8) {
					back = worth + 500 // with the bottles' deposit
				}
				if after := at.AddDate(0, 0, s.between(1, 9)); after.Before(from.AddDate(0, 0, days)) {
					devolucao.add(who, after, int64(back), s.pick(grocerWhy), where)
				}
			}
		}
		if baskets > 2 && s.chance(45) {
			for range s.between(1, 3) {
				resgate.add(who, on(joined+s.below(last-joined+1)), 100*s.between(2, 12), s.pick(grocerPrizes))
			}
		}
		for range s.below(8) * s.below(2) {
			visita.add(who, on(joined+s.below(last-joined+1)), s.pick(grocerPages))
		}
		if s.chance(60) {
			campaign, day := s.pick(grocerMail), joined+s.below(last-joined+1)
			envio.add(who, on(day), campaign)
			if s.chance(38) {
				abertura.add(who, on(min(day+s.below(3), last)).Add(time.Hour), campaign)
			}
		}
	}
	return nil
}
