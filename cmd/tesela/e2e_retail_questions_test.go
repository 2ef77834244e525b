package main

import (
	"maps"
	"slices"
)

// retailCase is what is asked of Online Retail, in each language in more than
// one way, and what is known of the answer. Figures are written with a point.
type retailCase struct {
	whole   string            // a figure over everything
	rows    map[string]string // figures by the row's name
	howMany int               // rows; 0 is not looked at
	cannot  []string          // this data cannot tell; what it has and the answer names
	asked   map[string][]string
}

// figures are those that an answer in words must hold.
func (c retailCase) figures() []string {
	figures := slices.Collect(maps.Values(c.rows))
	if c.whole != "" {
		figures = append(figures, c.whole)
	}
	return figures
}

var retailQuestions = []retailCase{
	{whole: "4372", asked: map[string][]string{
		"en": {
			"how many customers do we have?",
			"Total number of customers",
		},
		"es": {
			"¿cuántos clientes hay en total?",
			"número total de clientes",
			"¿Cuántos clientes tenemos?",
		},
		"pt": {
			"quantos clientes temos ao todo?",
			"número total de clientes que temos",
			"Qual é o total de clientes?",
		},
	}},
	{whole: "1115", asked: map[string][]string{
		"en": {
			"how many people have placed five or more orders?",
			"customers who bought at least 5 times",
			"number of customers with 5+ orders",
		},
		"es": {
			"clientes que han comprado al menos cinco veces",
			"¿Cuánta gente ha hecho 5 o más compras?",
		},
		"pt": {
			"clientes que compraram pelo menos cinco vezes",
			"quantos clientes fizeram 5 ou mais pedidos?",
			"Quantas pessoas fizeram no mínimo cinco encomendas?",
		},
	}},
	{whole: "1494", asked: map[string][]string{
		"en": {
			"how many customers ordered only once?",
			"customers with exactly one order",
			"who bought a single time",
		},
		"es": {
			"¿cuántos clientes compraron una sola vez?",
			"clientes con exactamente un pedido",
			"clientes que solo han pedido una vez",
		},
		"pt": {
			"quantos clientes compraram uma única vez?",
			"clientes com exatamente um pedido",
			"clientes que só compraram uma vez",
		},
	}},
	{whole: "22", asked: map[string][]string{
		"en": {
			"how many German customers placed at least three orders in the last 90 days?",
			"customers in Germany who ordered three times or more in the last ninety days",
		},
		"es": {
			"clientes alemanes con al menos tres pedidos en los últimos 90 días",
			"¿cuántos clientes de Alemania han hecho 3 o más compras en los últimos noventa días?",
			"¿Cuántos alemanes compraron tres veces o más en los últimos 90 días?",
		},
		"pt": {
			"clientes alemães com pelo menos três pedidos nos últimos 90 dias",
			"quantos clientes da Alemanha fizeram três ou mais compras nos últimos noventa dias?",
			"Quantos alemães encomendaram ao menos 3 vezes nos últimos 90 dias?",
		},
	}},
	{whole: "1449", asked: map[string][]string{
		"en": {
			"customers who bought before but not in the last 90 days",
			"how many customers have ordered at some point but placed no order in the past 90 days?",
		},
		"es": {
			"clientes que compraron alguna vez pero no en los últimos 90 días",
			"¿cuántos clientes han comprado antes pero no han hecho ningún pedido en los últimos 90 días?",
		},
		"pt": {
			"clientes que já compraram mas não nos últimos 90 dias",
			"quantos clientes compraram alguma vez mas não fizeram nenhum pedido nos últimos 90 dias?",
			"Quantos clientes compraram antes, mas nada nos últimos 90 dias?",
		},
	}},
	{whole: "383", asked: map[string][]string{
		"en": {
			"how many customers spent more than 1,000 in the last year and ordered nothing in the last 60 days?",
			"customers who spent over £1000 during the last 12 months but have not bought in the last 60 days",
		},
		"es": {
			"clientes que gastaron más de 1.000 en el último año y nada en los últimos 60 días",
			"¿cuántos clientes han gastado más de mil libras en los últimos 12 meses pero no han comprado en los últimos 60 días?",
			"clientes con más de 1000 de gasto en el último año y sin pedidos en los últimos 60 días",
		},
		"pt": {
			"clientes que gastaram mais de 1.000 no último ano e nada nos últimos 60 dias",
			"quantos clientes gastaram mais de mil libras nos últimos 12 meses mas não compraram nos últimos 60 dias?",
			"clientes com gastos acima de 1000 no último ano e sem pedidos nos últimos 60 dias",
		},
	}},
	{whole: "8300065.81", asked: map[string][]string{
		"en": {
			"what is our net revenue ever?",
			"total net revenue of all time",
		},
		"es": {
			"¿cuáles son los ingresos netos de toda la historia?",
			"ingresos netos totales",
		},
		"pt": {
			"qual é a receita líquida total?",
		},
	}},
	{rows: map[string]string{"United Kingdom": "6767873.39", "Netherlands": "284661.54", "EIRE": "250285.22"}, howMany: 3, asked: map[string][]string{
		"en": {
			"net revenue by country, top three",
			"which three countries bring the most revenue?",
			"top 3 countries by revenue",
		},
		"es": {
			"ingresos netos por país, los tres primeros",
			"los 3 países con más ingresos",
			"¿Cuáles son los tres países que más ingresos generan?",
		},
		"pt": {
			"receita líquida por país, os três primeiros",
			"os 3 países com maior receita",
			"Quais são os três países que geram mais receita?",
		},
	}},
	{rows: map[string]string{"2010-12": "1400", "2011-11": "2658"}, howMany: 13, asked: map[string][]string{
		"en": {
			"orders per month",
			"how many orders did we get each month?",
			"number of orders by month",
		},
		"es": {
			"pedidos por mes",
			"número de pedidos mensuales",
		},
		"pt": {
			"pedidos por mês",
			"número de encomendas mês a mês",
		},
	}},
	{whole: "437.10", asked: map[string][]string{
		"en": {
			"average order value in November 2011",
			"what was the average order worth in November 2011?",
			"AOV for Nov 2011",
		},
		"es": {
			"valor medio del pedido en noviembre de 2011",
		},
		"pt": {
			"valor médio do pedido em novembro de 2011",
			"qual foi o ticket médio em novembro de 2011?",
		},
	}},
	{cannot: []string{"country"}, asked: map[string][]string{
		"en": {
			"customers by gender",
			"split the customers by sex",
		},
		"es": {
			"clientes por género",
			"reparto de clientes por sexo",
		},
		"pt": {
			"clientes por gênero",
			"divisão de clientes por sexo",
		},
	}},
	{cannot: []string{"country", "order", "refund"}, asked: map[string][]string{
		"en": {
			"how is the weather?",
			"will it rain tomorrow?",
		},
		"es": {
			"¿qué tiempo hace hoy?",
			"¿va a llover mañana?",
		},
		"pt": {
			"como está o tempo?",
			"vai chover amanhã?",
		},
	}},
}
