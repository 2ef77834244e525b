package restate

import (
	"encoding/json"
	"slices"
	"testing"

	"tesela/agent/model"
)

type texts []string

func (t texts) Len() int        { return len(t) }
func (t texts) At(i int) string { return t[i] }

// bakery has a property that stands in two events, and a value that reads like
// the end of a sentence.
var bakery = &model.Catalogue{
	Roles: map[string]string{"purchase": "compra", "amount": "compra.valor"},
	Traits: []model.Field{
		{Name: "city", Kind: "text", Values: texts{"Porto", "Porto in 2025"}}, {Name: "consent", Kind: "bool"}, {Name: "signup", Kind: "date"},
	},
	Events: []model.Event{
		{Name: "compra", Props: []model.Field{{Name: "loja", Kind: "text", Values: texts{"Baixa", "Foz"}}, {Name: "valor", Kind: "money"}}},
		{Name: "visita", Props: []model.Field{{Name: "loja", Kind: "text", Values: texts{"Baixa", "Foz"}}, {Name: "nova", Kind: "bool"}}},
	},
}

func bakeryHolds(event, field, value string) bool {
	return event == "" && field == "city" && slices.Contains(bakery.Traits[0].Values.(texts), value) || field == "loja" && slices.Contains([]string{"Baixa", "Foz"}, value)
}

// What Call says, Read takes back to the same call, in each language.
func TestReadIsCallBackwards(t *testing.T) {
	r, err := New()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ tool, args string }{
		{"count_segment", `{"formula":"count(compra where loja = \"Foz\", last 90d) >= 3 and not city = \"Porto\""}`},
		{"count_segment", `{"formula":"city = \"Porto in 2025\" and (consent = true or consent is not set)"}`},
		{"count_segment", `{"formula":"count(compra, from 2025-02-01 to 2025-03-01) = 0"}`},
		{"count_segment", `{"formula":"sum(compra.valor, last 90d) > 2 * sum(compra.valor, from 180d ago to 90d ago)"}`},
		{"count_segment", `{"formula":"count(visita where nova = true) / count(visita) >= 0.125"}`},
		{"count_segment", `{"formula":"sequence(visita, not visita where nova = true, compra, within 7d, 2025)"}`},
		{"count_segment", `{"formula":"top 2.5% by sum(compra.valor) / count(compra) among (signup before 2025-01-01)"}`},
		{"count_segment", `{"formula":"entered segment \"Fãs\" within last month or rfm(at: 2025-01-01) = \"At Risk\""}`},
		{"list_customers", `{"formula":"everyone","by":"sum(compra.valor)","ascending":true,"limit":5}`},
		{"measure", `{"measures":["revenue","aov"],"formula":"city is set","where":"loja in (\"Baixa\", \"Foz\")","window":"last 6mo","per":"month"}`},
		{"measure", `{"measures":["events(visita)"],"group_by":["visita.loja"],"top":3,"order":"asc"}`},
		{"measure", `{"measures":["customers"],"group_by":["compra.loja","lifecycle"]}`},
		{"score_rfm", `{"formula":"consent = false","bins":3,"window":"last 1y"}`},
		{"stage_lifecycle", `{"lapse_days":60,"new":"last 2w","star_percent":5}`},
	} {
		for _, lang := range []string{"en", "es", "pt"} {
			said, _ := r.Call(lang, c.tool, json.RawMessage(c.args), bakery)
			tool, args, ok := r.Read(lang, said, bakery, bakeryHolds)
			if !ok || tool != c.tool || string(args) != canonicalArgs(t, c.args, args) {
				t.Errorf("%s %s %s\n  said %s\n  read %v %s %s", lang, c.tool, c.args, said, ok, tool, args)
			}
			if _, _, ok := r.Read(lang, said+" x", bakery, bakeryHolds); ok {
				t.Errorf("%s: read with a word more: %s x", lang, said)
			}
		}
	}
}

// canonicalArgs is b where both hold the same, else a.
func canonicalArgs(t *testing.T, a string, b []byte) string {
	t.Helper()
	var x, y map[string]any
	if json.Unmarshal([]byte(a), &x) != nil || json.Unmarshal(b, &y) != nil {
		return a
	}
	left, _ := json.Marshal(x)
	right, _ := json.Marshal(y)
	if string(left) == string(right) {
		return string(b)
	}
	return a
}
