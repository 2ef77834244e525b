package wording

import (
	"encoding/json"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"tesela/agent/model"
	"tesela/tools"
)

func lang(t *testing.T, code string) *Language {
	t.Helper()
	l, err := For(code)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// Every text that one language has, all have, with the same placeholders.
func TestLanguagesAreComplete(t *testing.T) {
	flat := func(code string) map[string]string {
		out := map[string]string{}
		var walk func(path string, v reflect.Value)
		walk = func(path string, v reflect.Value) {
			switch v.Kind() {
			case reflect.String:
				marks := placeholder.FindAllString(v.String(), -1)
				seen := map[string]bool{}
				for _, m := range marks {
					seen[m] = true
				}
				b, _ := json.Marshal(seen)
				if v.String() == "" {
					t.Errorf("%s: %s is empty", code, path)
				}
				out[path] = string(b)
			case reflect.Map:
				for _, k := range v.MapKeys() {
					walk(path+"."+k.String(), v.MapIndex(k))
				}
			case reflect.Struct:
				for i := range v.NumField() {
					if name := v.Type().Field(i).Name; name != "Symbols" && name != "Group" {
						walk(path+"."+name, v.Field(i))
					}
				}
			}
		}
		walk("", reflect.ValueOf(*lang(t, code)))
		return out
	}
	want := flat("en")
	for _, code := range []string{"es", "pt"} {
		got := flat(code)
		for path, marks := range want {
			if got[path] != marks {
				t.Errorf("%s: %s has %s, English %s", code, path, got[path], marks)
			}
		}
		for path := range got {
			if _, ok := want[path]; !ok {
				t.Errorf("%s: %s is not in English", code, path)
			}
		}
	}
}

func TestNumbers(t *testing.T) {
	for _, c := range []struct {
		name       string
		write      func(l *Language) string
		en, es, pt string
	}{
		{"count", func(l *Language) string { return l.Count(1115) }, "1,115", "1.115", "1.115"},
		{"large", func(l *Language) string { return l.Count(-1234567) }, "-1,234,567", "-1.234.567", "-1.234.567"},
		{"hundreds", func(l *Language) string { return l.Count(-123) }, "-123", "-123", "-123"},
		{"number", func(l *Language) string { return l.Number(4872.256) }, "4,872.26", "4.872,26", "4.872,26"},
		{"half", func(l *Language) string { return l.Number(2.5) }, "2.5", "2,5", "2,5"},
		{"small", func(l *Language) string { return l.Number(0.012345) }, "0.0123", "0,0123", "0,0123"},
		{"not a number", func(l *Language) string { return l.Number(math.NaN()) }, "—", "—", "—"},
		{"pounds", func(l *Language) string { return l.Money("8300065.81", "GBP") }, "£8,300,065.81", "8.300.065,81\u00a0£", "8.300.065,81\u00a0£"},
		{"euros", func(l *Language) string { return l.Money("-1234.56", "EUR") }, "-€1,234.56", "-1.234,56\u00a0€", "-1.234,56\u00a0€"},
		{"code", func(l *Language) string { return l.Money("10.00", "SEK") }, "SEK 10.00", "10,00\u00a0SEK", "10,00\u00a0SEK"},
		{"no currency", func(l *Language) string { return l.Money("1000.00", "") }, "1,000.00", "1.000,00", "1.000,00"},
		{"rate", func(l *Language) string { return l.Percent(1115.0 / 4372) }, "25.5%", "25,5\u00a0%", "25,5%"},
		{"hardly any", func(l *Language) string { return l.Percent(0.0002) }, "0.02%", "0,02\u00a0%", "0,02%"},
		{"nearly all", func(l *Language) string { return l.Percent(0.9998) }, "99.98%", "99,98\u00a0%", "99,98%"},
		{"all", func(l *Language) string { return l.Percent(1) }, "100.0%", "100,0\u00a0%", "100,0%"},
		{"month", func(l *Language) string { return l.Period("2011-11") }, "November 2011", "noviembre de 2011", "novembro de 2011"},
		{"day", func(l *Language) string { return l.Period("2011-03-05") }, "5 March 2011", "5 de marzo de 2011", "5 de março de 2011"},
		{"quarter", func(l *Language) string { return l.Period("2011-Q1") }, "Q1 2011", "T1 de 2011", "1.º trimestre de 2011"},
		{"week", func(l *Language) string { return l.Period("2011-W09") }, "week 9 of 2011", "semana 9 de 2011", "semana 9 de 2011"},
		{"year", func(l *Language) string { return l.Period("2011") }, "2011", "2011", "2011"},
		{"no period", func(l *Language) string { return l.Period("2011-13") }, "2011-13", "2011-13", "2011-13"},
		{
			"time", func(l *Language) string { return l.Time(time.Date(2011, 12, 9, 8, 5, 0, 0, time.UTC)) },
			"9 December 2011, 08:05", "9 de diciembre de 2011, 08:05", "9 de dezembro de 2011, 08:05",
		},
	} {
		for code, want := range map[string]string{"en": c.en, "es": c.es, "pt": c.pt} {
			if got := c.write(lang(t, code)); got != want {
				t.Errorf("%s in %s: %q, want %q", c.name, code, got, want)
			}
		}
	}
}

// What a language writes it reads back.
func TestParseNumber(t *testing.T) {
	for _, code := range Codes() {
		l := lang(t, code)
		for _, n := range []float64{0, 7, 999, 1000, 4372, 1234567, 12.5, 1234.56, 0.25} {
			if got, _, ok := l.ParseNumber(l.Number(n)); !ok || got != n {
				t.Errorf("%s: %s read as %v %v, want %v", code, l.Number(n), got, ok, n)
			}
		}
		for _, s := range []string{"", "1" + l.Group + "23", "1" + l.Group, l.Decimal + "5", "5" + l.Decimal, "1" + l.Group + "2345"} {
			if n, _, ok := l.ParseNumber(s); ok {
				t.Errorf("%s: %q read as %v", code, s, n)
			}
		}
	}
}

func TestCells(t *testing.T) {
	es := lang(t, "es")
	for _, c := range []struct {
		column tools.Column
		cell   any
		want   string
	}{
		{tools.Column{Name: "country", Kind: "text"}, nil, "—"},
		{tools.Column{Name: "vip", Kind: "bool"}, true, "sí"},
		{tools.Column{Name: "revenue", Kind: "money", Unit: "EUR"}, "1234.50", "1.234,50\u00a0€"},
		{tools.Column{Name: "orders", Kind: "count"}, json.Number("4372"), "4.372"},
		{tools.Column{Name: "share", Kind: "rate"}, 0.5, "50,0\u00a0%"},
		{tools.Column{Name: "month", Kind: "text"}, "2011-11", "noviembre de 2011"},
		{tools.Column{Name: "year", Kind: "number"}, 2011, "2011"},
		{tools.Column{Name: "code", Kind: "text"}, "2011-11", "2011-11"},
		{tools.Column{Name: "weekday", Kind: "number"}, int64(1), "lunes"},
		{tools.Column{Name: "weekday", Kind: "number"}, json.Number("7"), "domingo"},
		{tools.Column{Name: "hour", Kind: "number"}, int64(9), "09:00"},
		{tools.Column{Name: "what", Kind: "text"}, "property", "propiedad"},
		{tools.Column{Name: "country", Kind: "text"}, "property", "property"},
		{tools.Column{Name: "birthday", Kind: "date"}, "1980-02-01", "1 de febrero de 1980"},
		{tools.Column{Name: "tags", Kind: "text"}, []any{"a", "b"}, "a, b"},
		{tools.Column{Name: "name", Kind: "text"}, "a\x1b[31m\nb\u202e", "a[31m b"},
	} {
		if got := es.Cell(c.column, c.cell); got != c.want {
			t.Errorf("%s %v: %q, want %q", c.column.Name, c.cell, got, c.want)
		}
	}
}

func TestAnswerToACount(t *testing.T) {
	call := func(size, base int, share float64) []Call {
		return []Call{{Tool: "count_segment", Args: json.RawMessage(`{"formula":"count(order) >= 5"}`), Result: &tools.Result{
			Title: "x", Values: map[string]any{"size": size, "base": base, "share": share}, Units: map[string]string{"size": "customers", "base": "customers"},
		}}}
	}
	for _, c := range []struct {
		calls      []Call
		en, es, pt string
	}{
		{call(1115, 4372, 1115.0/4372), "**1,115** customers (25.5% of 4,372).", "**1.115** clientes (25,5\u00a0% de 4.372).", "**1.115** clientes (25,5% de 4.372)."},
		{call(1, 4372, 1.0/4372), "**1** customer (0.02% of 4,372).", "**1** cliente (0,02\u00a0% de 4.372).", "**1** cliente (0,02% de 4.372)."},
		{call(0, 4372, 0), "**0** customers, of 4,372.", "**0** clientes, de 4.372.", "**0** clientes, de 4.372."},
		{call(4372, 4372, 1), "**4,372** customers: all there are.", "**4.372** clientes: todos los que hay.", "**4.372** clientes: todos os que há."},
	} {
		for code, want := range map[string]string{"en": c.en, "es": c.es, "pt": c.pt} {
			l := lang(t, code)
			want += "\n\n" + l.Arguments["formula"] + ": `count(order) >= 5`"
			if got := l.Answer(c.calls); got != want {
				t.Errorf("%s: %q, want %q", code, got, want)
			}
		}
	}
}

func TestAnswerWithRows(t *testing.T) {
	calls := []Call{{Tool: "measure", Args: json.RawMessage(`{"measures":["revenue"],"group_by":["country"],"top":3}`), Result: &tools.Result{
		Title:   "revenue by country",
		Columns: []tools.Column{{Name: "country", Kind: "text"}, {Name: "revenue", Kind: "money", Unit: "GBP"}},
		Rows:    [][]any{{"United Kingdom", "6767873.39"}, {"Netherlands", "284661.54"}, {nil, "250285.22"}},
		Chart:   &tools.Chart{Type: "bar", X: "country", Y: "revenue"},
		Notes:   []string{"net of refunds"},
	}}}
	want := `Most: **United Kingdom**, with £6,767,873.39.

| Country | Revenue |
| --- | ---: |
| United Kingdom | £6,767,873.39 |
| Netherlands | £284,661.54 |
| — | £250,285.22 |

- net of refunds

Measure: ` + "`revenue`"
	if got := lang(t, "en").Answer(calls); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	want = `El mayor: **United Kingdom**, con 6.767.873,39` + "\u00a0" + `£.

| País | Ingresos |
| --- | ---: |
| United Kingdom | 6.767.873,39` + "\u00a0" + `£ |`
	if got := lang(t, "es").Answer(calls); !strings.HasPrefix(got, want) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	// A tie at the top has no leader.
	calls[0].Result.Rows[1][1] = "6767873.39"
	if got := lang(t, "en").Answer(calls); strings.Contains(got, "Most") {
		t.Errorf("a tie has a leader:\n%s", got)
	}
}

// The leader of periods may stand anywhere; that of groups comes first, and a
// tie has none.
func TestLeader(t *testing.T) {
	answer := func(x, kind string, args string, figures ...any) string {
		r := &tools.Result{
			Values: map[string]any{"orders": 12}, Units: map[string]string{"orders": "orders"},
			Columns: []tools.Column{{Name: x, Kind: "text"}, {Name: "orders", Kind: "count", Unit: "order"}}, Chart: &tools.Chart{Type: kind, X: x, Y: "orders"},
		}
		for i, f := range figures {
			r.Rows = append(r.Rows, []any{[]string{"2011-01", "2011-02", "2011-03"}[i], f})
		}
		text, _, _ := strings.Cut(lang(t, "en").Answer([]Call{{Tool: "measure", Args: json.RawMessage(args), Result: r}}), "\n\n|")
		return text
	}
	overall := "Orders overall: **12**"
	for _, c := range []struct{ got, want string }{
		{answer("month", "line", `{}`, 3, 5, 4), overall + "\n\nMost: **February 2011**, with 5 orders."},
		{answer("month", "line", `{}`, 5, 3, 5), overall},
		{answer("month", "line", `{"top":3}`, 3, 5, 4), overall},
		{answer("code", "bar", `{}`, 4, 5, 3), overall},
		{answer("code", "bar", `{}`, 6, 5, 1), overall + "\n\nMost: **2011-01**, with 6 orders."},
		{answer("code", "bar", `{}`, 1, 5, 6), overall + "\n\nLeast: **2011-01**, with 1 order."},
		{answer("code", "bar", `{}`, 1, nil, nil), overall},
		{answer("code", "bar", `{}`, nil, 1, 2), overall},
		{answer("code", "heatmap", `{}`, 6, 5, 1), overall},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

// What one condition keeps is the count itself; several are shown, as code.
func TestConditionsAreShownWhereTheyDiffer(t *testing.T) {
	r := &tools.Result{
		Values:   map[string]any{"size": 22, "base": 4372, "share": 0.005},
		Columns:  []tools.Column{{Name: "condition", Kind: "text"}, {Name: "alone", Kind: "count"}, {Name: "note", Kind: "text"}},
		Rows:     [][]any{{`country = "a|b"`, 94, nil}},
		Segments: []tools.Segment{{Formula: "x", Size: 22}},
		Chart:    &tools.Chart{Type: "bar", X: "condition", Y: "alone"},
	}
	one := lang(t, "en").Answer([]Call{{Tool: "count_segment", Result: r}})
	r.Rows = append(r.Rows, []any{"count(order) >= 3", 300, nil})
	two := lang(t, "en").Answer([]Call{{Tool: "count_segment", Result: r}})
	head := "**22** customers (0.5% of 4,372)."
	if one != head {
		t.Errorf("got %q", one)
	}
	if want := head + "\n\n| Condition | On its own |\n| --- | ---: |\n| `country = \"a\\|b\"` | 94 |\n| `count(order) >= 3` | 300 |"; two != want {
		t.Errorf("got\n%s\nwant\n%s", two, want)
	}
}

func TestAnswerCutsLongTablesAndWordsEmptyOnes(t *testing.T) {
	r := &tools.Result{Columns: []tools.Column{{Name: "month", Kind: "text"}, {Name: "orders", Kind: "count"}}}
	if got, want := lang(t, "pt").Answer([]Call{{Tool: "measure", Result: r}}), "Nada nos dados corresponde a isto: não há nenhuma linha a mostrar."; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	for i := range TableRows + 1 {
		r.Rows = append(r.Rows, []any{"2010-12", 1400 + i})
	}
	got := lang(t, "en").Answer([]Call{{Tool: "measure", Result: r}})
	if !strings.Contains(got, "| December 2010 | 1,400 |") || !strings.HasSuffix(got, "\n\n… and 1 more row.") || strings.Contains(got, "1,420") {
		t.Errorf("got\n%s", got)
	}
}

func TestAnswerWithPlainValues(t *testing.T) {
	calls := []Call{
		{Tool: "measure", Args: json.RawMessage(`{"measures":["revenue","aov","days_between"],"window":"2011-11"}`), Result: &tools.Result{
			Title: "revenue", Values: map[string]any{"aov": "437.10", "revenue": "8300065.81", "days_between": 34.25},
			Units: map[string]string{"aov": "GBP", "revenue": "GBP", "days_between": "days"},
		}},
		{Tool: "other", Args: json.RawMessage(`{}`), Result: &tools.Result{Title: "b*", Values: map[string]any{"repeat_rate": nil}}},
	}
	want := "**revenue**\n\nRevenue: **£8,300,065.81**  \nAverage order value: **£437.10**  \nDays between purchases: **34.25 days**\n\n" +
		"Measure: `revenue`, `aov`, `days_between` · Window: `2011-11`\n\n**b\\***\n\nRepeat rate: **—**"
	if got := lang(t, "en").Answer(calls); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestAnswerAboutDataWithoutEvents(t *testing.T) {
	r := &tools.Result{Values: map[string]any{"customers": 3, "events": 0, "as_of": "1970-01-02T00:00:00Z"}, Columns: []tools.Column{{Name: "events", Kind: "count"}}, Rows: [][]any{{1}}}
	got := lang(t, "es").Answer([]Call{{Tool: "describe_data", Result: r}})
	if !strings.HasPrefix(got, "**3** clientes, sin eventos.\n\n|") {
		t.Errorf("got %q", got)
	}
	r.Values["from"], r.Values["to"] = "2010-12-01", "2011-12-09"
	got = lang(t, "es").Answer([]Call{{Tool: "describe_data", Result: r}})
	if !strings.HasPrefix(got, "**3** clientes, con eventos desde el 1 de diciembre de 2010 hasta el 9 de diciembre de 2011.") {
		t.Errorf("got %q", got)
	}
}

// Several counts share a title, which then says nothing, and a note once.
func TestAnswerToTwoCounts(t *testing.T) {
	count := func(size int, formula string) Call {
		return Call{Tool: "count_segment", Args: json.RawMessage(`{"formula":"` + formula + `"}`), Result: &tools.Result{
			Title: "Customers in the segment", Notes: []string{"n"}, Values: map[string]any{"size": size, "base": 100, "share": float64(size) / 100},
		}}
	}
	want := "**22** customers (22.0% of 100).\n\n- n\n\nFormula: `a`\n\n**7** customers (7.0% of 100).\n\nFormula: `b`"
	if got := lang(t, "en").Answer([]Call{count(22, "a"), count(7, "b")}); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// Values from the data cannot break the table or carry marks of their own.
func TestHostileTexts(t *testing.T) {
	r := &tools.Result{Columns: []tools.Column{{Name: "category", Kind: "text"}}, Rows: [][]any{{"a | **b**\n# c [x](http://y) `z`\x07"}}}
	got := lang(t, "en").Answer([]Call{{Tool: "measure", Result: r}})
	want := "| Category |\n| --- |\n| a \\| \\*\\*b\\*\\* # c \\[x\\](http://y) \\`z\\` |"
	if got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestDecisions(t *testing.T) {
	catalogue := &model.Catalogue{
		Traits: []model.Field{{Name: "country"}, {Name: "city"}},
		Events: []model.Event{{Name: "order", Props: []model.Field{{Name: "amount"}}}, {Name: "visit"}},
	}
	for _, c := range []struct {
		decision   model.Decision
		en, es, pt string
	}{
		{
			model.Decision{Status: model.Cannot, Reason: model.MissingField, Params: map[string]string{"word": "gender"}},
			"This data does not hold “gender”.\n\n- What is known of customers: `country`, `city`.\n- What they do: `order` (`amount`), `visit`.",
			"Estos datos no contienen «gender».\n\n- Lo que se sabe de los clientes: `country`, `city`.\n- Lo que hacen: `order` (`amount`), `visit`.",
			"Estes dados não contêm “gender”.\n\n- O que se sabe dos clientes: `country`, `city`.\n- O que eles fazem: `order` (`amount`), `visit`.",
		},
		{
			model.Decision{Status: model.Clarify, Unknown: []string{"flurb", "gadget"}},
			"I do not know these words here: “flurb” and “gadget”. Say it in other words, or teach it once: `tesela catalog --word 'WORD=FORMULA'`.",
			"No conozco aquí estas palabras: «flurb» y «gadget». Dígalo con otras palabras o enséñelo una vez: `tesela catalog --word 'PALABRA=FÓRMULA'`.",
			"Não conheço aqui estas palavras: “flurb” e “gadget”. Diga de outra forma ou ensine uma vez: `tesela catalog --word 'PALAVRA=FÓRMULA'`.",
		},
		{
			model.Decision{Status: model.Clarify, Reason: model.Ambiguous, Params: map[string]string{"word": "recent"}, Choices: []model.Choice{
				{Label: "in the last 30 days", Question: "who ordered in the last 30 days"}, {Question: "who ordered this month"},
			}},
			"“recent” can be read in more than one way.\n\nDid you mean:\n\n1. in the last 30 days\n2. who ordered this month",
			"«recent» se puede entender de más de una manera.\n\n¿Quería decir…?\n\n1. in the last 30 days\n2. who ordered this month",
			"“recent” pode ser entendido de mais de uma maneira.\n\nQueria dizer:\n\n1. in the last 30 days\n2. who ordered this month",
		},
		{
			model.Decision{Status: model.Cannot, Reason: model.NoRole, Params: map[string]string{"role": "purchase"}, Nearest: []string{"order"}},
			"This data does not say what “purchase” is, which the question needs. Say it with `tesela catalog --role purchase=NAME`.\n\nThe nearest in this data: `order`.",
			"Estos datos no dicen qué es «purchase», que la pregunta necesita. Dígalo con `tesela catalog --role purchase=NOMBRE`.\n\nLo más cercano en estos datos: `order`.",
			"Estes dados não dizem o que é “purchase”, de que a pergunta precisa. Diga-o com `tesela catalog --role purchase=NOME`.\n\nO mais próximo nestes dados: `order`.",
		},
	} {
		for code, want := range map[string]string{"en": c.en, "es": c.es, "pt": c.pt} {
			if got := lang(t, code).Decision(&c.decision, catalogue); got != want {
				t.Errorf("%s:\n%s\nwant\n%s", code, got, want)
			}
		}
	}
}

// Every reason has words in every language, for questions back and refusals.
func TestEveryReasonIsWorded(t *testing.T) {
	for _, code := range Codes() {
		for _, status := range []model.Status{model.Clarify, model.Cannot} {
			for _, reason := range []model.Reason{"", model.UnknownWords, model.Ambiguous, model.MissingField, model.OutOfScope, model.NoRole, model.NotYet, model.ByCommand, model.EmptyQuestion, model.StartedOver, model.NothingBefore, model.DoesNotFit, model.NoSuchChoice, model.NoneOfThem, model.NoCause, "unheard of"} {
				text := lang(t, code).Decision(&model.Decision{Status: status, Reason: reason}, nil)
				if text == "" || strings.ContainsAny(text, "{}") {
					t.Errorf("%s %s %q: %q", code, status, reason, text)
				}
			}
		}
	}
}

func TestTitles(t *testing.T) {
	en := lang(t, "en")
	for name, want := range map[string]string{
		"country": "Country", "order.category": "Category", "signup_date": "Signup date", "revenue_share": "Revenue, share",
		"count(order) / 2": "count(order) / 2", "events(gym_visit)": "Gym visit (count)", "doers(visit)": "Customers with visit", "dated(signup_date)": "Customers by signup date",
		"sum(order.amount)": "Total amount (order)", "per_customer(count(order), median)": "Order (count), median per customer", "events(visit) / customers": "Visit (count) / Customers",
		"per_customer(age, mean)": "Age, mean per customer", "per_customer(age, p75)": "per_customer(age, p75)", "sum(order.amount) - sum(refund.amount)": "Total amount (order) - Total amount (refund)",
		"count(order where gift = true)": "count(order where gift = true)", "sum(order.amount, last 90d) / customers": "sum(order.amount, last 90d) / customers", "distinct(order.brand)_share": "Different brand (order), share", "order.épice_fine": "Épice fine", "": "",
	} {
		if got := en.Title(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}
