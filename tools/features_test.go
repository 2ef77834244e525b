package tools

import (
	"math"
	"strings"
	"testing"

	"tesela/segment"
	"tesela/segment/column"
	"tesela/segment/feature"
	"tesela/segment/syntax"
)

// featureCall is a call over a catalogue alone.
func featureCall(t *testing.T, language string) *call {
	t.Helper()
	phrases, err := loadPhrases()
	if err != nil {
		t.Fatal(err)
	}
	nouns := map[string]map[string][3]string{
		"en": {"order": {"order", "orders"}, "visit": {"visit", "visits"}, "category": {"category", "categories"}, "score": {"score", "scores"}},
		"es": {"order": {"pedido", "pedidos"}, "visit": {"visita", "visitas", "f"}, "category": {"categoría", "categorías", "f"}, "score": {"nota", "notas", "f"}},
		"pt": {"order": {"pedido", "pedidos"}, "visit": {"visita", "visitas", "f"}, "category": {"categoria", "categorias", "f"}, "score": {"nota", "notas", "f"}},
	}
	s := &segment.Schema{
		Roles: map[string]string{"purchase": "order", "category": "order.category", "country": "country"}, Currency: "EUR", Digits: 2,
		Traits: []segment.Field{{Name: "consent_email", Kind: column.Bool}, {Name: "country", Kind: column.Text}, {Name: "tier", Kind: column.Text}},
	}
	return &call{schema: s, who: Caller{Language: language}, box: &Box{phrases: phrases, nouns: func(language, name string) (string, string, bool) {
		if n, ok := nouns[language][name]; ok {
			return n[0], n[1], n[2] == "f"
		}
		return name, name, false
	}}}
}

// TestFeaturesAreWorded reads features as people would, in three languages.
func TestFeaturesAreWorded(t *testing.T) {
	type words struct{ noun, high, low string }
	for _, c := range []struct {
		f          feature.Feature
		en, es, pt words
	}{
		{
			feature.Feature{Says: feature.Says{Form: feature.Recency, Event: "visit"}},
			words{"days since the last visit", "last visit long ago", "recent visit"},
			words{"días desde la última visita", "última visita hace tiempo", "visita reciente"},
			words{"dias desde a última visita", "última visita há muito tempo", "visita recente"},
		},
		{
			feature.Feature{Says: feature.Says{Form: feature.CountOf, Event: "visit"}},
			words{"number of visits", "many visits", "few visits"},
			words{"número de visitas", "muchas visitas", "pocas visitas"},
			words{"número de visitas", "muitas visitas", "poucas visitas"},
		},
		{
			feature.Feature{Says: feature.Says{Form: feature.ShareWeekend, Event: "order"}},
			words{"share of orders at weekends", "weekend orders", "weekday orders"},
			words{"proporción de pedidos en fin de semana", "pedidos en fin de semana", "pedidos entre semana"},
			words{"proporção de pedidos no fim de semana", "pedidos no fim de semana", "pedidos em dias úteis"},
		},
		{
			feature.Feature{Says: feature.Says{Form: feature.ShareHours, Event: "order", Word: "18-23"}},
			words{"share of orders in the evening", "orders in the evening", "orders rarely in the evening"},
			words{"proporción de pedidos por la noche", "pedidos por la noche", "pedidos rara vez por la noche"},
			words{"proporção de pedidos à noite", "pedidos à noite", "pedidos raramente à noite"},
		},
		{
			feature.Feature{Layer: feature.Product, Says: feature.Says{Form: feature.ShareWord, Event: "order", Prop: "category", Word: "{word} Shoes|x"}},
			words{"share of orders with {word} Shoes|x", "buys {word} Shoes|x", "rarely buys {word} Shoes|x"},
			words{"proporción de pedidos con {word} Shoes|x", "compra {word} Shoes|x", "rara vez compra {word} Shoes|x"},
			words{"proporção de pedidos com {word} Shoes|x", "compra {word} Shoes|x", "raramente compra {word} Shoes|x"},
		},
		{
			feature.Feature{Says: feature.Says{Form: feature.Mean, Event: "order", Prop: "score"}},
			words{"average score of orders", "high score of orders", "low score of orders"},
			words{"promedio de nota de pedidos", "nota de pedidos alta", "nota de pedidos baja"},
			words{"média de nota de pedidos", "nota de pedidos alta", "nota de pedidos baixa"},
		},
		{
			feature.Feature{Says: feature.Says{Form: feature.Per, Event: "visit", Of: "order"}},
			words{"visits per order", "many visits per order", "few visits per order"},
			words{"visitas por pedido", "muchas visitas por pedido", "pocas visitas por pedido"},
			words{"visitas por pedido", "muitas visitas por pedido", "poucas visitas por pedido"},
		},
		{
			feature.Feature{Says: feature.Says{Form: feature.Distinct, Event: "order", Prop: "category"}},
			words{"different categories", "many categories", "few categories"},
			words{"categorías distintas", "muchas categorías", "pocas categorías"},
			words{"categorias diferentes", "muitas categorias", "poucas categorias"},
		},
	} {
		for language, want := range map[string]words{"en": c.en, "es": c.es, "pt": c.pt} {
			call := featureCall(t, language)
			got := words{call.featureNoun(c.f), call.featureHigh(c.f), call.featureLow(c.f)}
			if got != want {
				t.Errorf("%s in %s: %q, want %q", c.f.Says.Form, language, got, want)
			}
		}
	}
}

// TestEveryFormIsWorded leaves no form without words, no hole in any.
func TestEveryFormIsWorded(t *testing.T) {
	forms := []feature.Form{
		feature.Recency, feature.SinceFirst, feature.CountOf, feature.ActiveMonths, feature.ShareWeekend, feature.ShareTrue, feature.ShareSet,
		feature.ShareWord, feature.ShareRecent, feature.Per, feature.Revenue, feature.Basket, feature.Items, feature.UnitPrice, feature.Rate, feature.Sum,
		feature.Mean, feature.Largest, feature.Distinct, feature.Latest, feature.Earliest, feature.Trait, feature.Since, feature.Age, feature.Label, feature.Formula,
	}
	for _, language := range []string{"en", "es", "pt"} {
		c := featureCall(t, language)
		for _, form := range forms {
			f := feature.Feature{Kind: feature.Number, Says: feature.Says{Form: form, Event: "visit", Prop: "category", Word: "w", Of: "order"}}
			for _, text := range []string{c.featureNoun(f), c.featureHigh(f), c.featureLow(f), c.featureNone(f)} {
				if text == "" || strings.Contains(text, "feature_") || strings.ContainsAny(text, "{}|\x00") {
					t.Errorf("%s in %s is %q", form, language, text)
				}
			}
		}
		for _, word := range []string{"6-11", "12-17", "18-23", "0-5"} {
			if text := c.featureNoun(feature.Feature{Says: feature.Says{Form: feature.ShareHours, Word: word}}); strings.Contains(text, "feature_") {
				t.Errorf("hours %s in %s are %q", word, language, text)
			}
		}
		for _, word := range []string{"12-2", "3-5", "6-8", "9-11"} {
			if text := c.featureNoun(feature.Feature{Says: feature.Says{Form: feature.ShareMonths, Word: word}}); strings.Contains(text, "feature_") {
				t.Errorf("months %s in %s are %q", word, language, text)
			}
		}
	}
}

// TestCategoriesAreWorded says words of categories.
func TestCategoriesAreWorded(t *testing.T) {
	trait := func(name string) feature.Feature {
		return feature.Feature{Kind: feature.Category, Says: feature.Says{Form: feature.Trait, Prop: name}}
	}
	tag := feature.Feature{Kind: feature.Category, If: &syntax.Everyone{}, Says: feature.Says{Form: feature.Tag, Prop: "tags", Word: "vip"}}
	for _, c := range []struct {
		language string
		f        feature.Feature
		words    []string
		want     string
	}{
		{"en", trait("country"), []string{"Spain"}, "Spain"},
		{"en", trait("tier"), []string{"gold"}, "tier gold"},
		{"es", trait("tier"), []string{"gold", "silver", "bronze"}, "tier gold, silver o bronze"},
		{"pt", trait("country"), []string{"Spain", "Peru"}, "Spain ou Peru"},
		{"es", trait("consent_email"), []string{"true"}, "con consent_email"},
		{"en", trait("consent_email"), []string{"false"}, "without consent_email"},
		{"en", tag, []string{"true"}, "tagged vip"},
		{"pt", tag, []string{"false"}, "sem a etiqueta vip"},
		{"es", trait("tier"), nil, "sin dato de tier"},
	} {
		if got := featureCall(t, c.language).featureIs(c.f, c.words...); got != c.want {
			t.Errorf("%v in %s: %q, want %q", c.words, c.language, got, c.want)
		}
	}
}

// TestFiguresAreCells rounds figures as they are told.
func TestFiguresAreCells(t *testing.T) {
	c := featureCall(t, "en")
	for _, x := range []struct {
		unit feature.Unit
		x    float64
		want any
	}{
		{feature.Money, 12.3456, "12.35"},
		{feature.Money, -0.5, "-0.50"},
		{feature.Count, 3, int64(3)},
		{feature.Count, 3.26, 3.3},
		{feature.Days, 90.04, int64(90)},
		{feature.Share, 1. / 3, 0.3333},
		{feature.Plain, 2, int64(2)},
		{feature.Plain, math.NaN(), nil},
	} {
		if got := c.figureOf(feature.Feature{Unit: x.unit}, x.x); got != x.want {
			t.Errorf("%v of %s is %v, want %v", x.x, x.unit, got, x.want)
		}
	}
}
