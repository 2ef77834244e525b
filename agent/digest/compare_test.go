package digest

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"tesela/agent"
	"tesela/agent/model"
	"tesela/tools"
)

var since = time.Date(2024, 3, 4, 9, 0, 0, 0, time.UTC)

// answer is one call's answer as a program holds it.
func answer(data, tool, args string, r tools.Result) *agent.Answer {
	return &agent.Answer{
		ID: data, Status: model.Answered, Text: "said", Data: data,
		Calls: []agent.CallRecord{{Tool: tool, Args: json.RawMessage(args), Result: &r}},
	}
}

// kept is an answer as it comes back from where it was kept.
func kept(t *testing.T, a *agent.Answer) *agent.Answer {
	t.Helper()
	b, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	back := &agent.Answer{}
	if err := json.Unmarshal(b, back); err != nil {
		t.Fatal(err)
	}
	return back
}

func count(data string, size, base int, share float64) *agent.Answer {
	return answer(data, "count_segment", `{"formula":"x"}`, tools.Result{
		Values:  map[string]any{"size": size, "base": base, "share": share},
		Units:   map[string]string{"size": "customers", "base": "customers"},
		Columns: []tools.Column{{Name: "condition", Kind: "text"}, {Name: "alone", Kind: "count"}},
		Rows:    [][]any{{"x", size}},
	})
}

func byCountry(data string, total string, rows ...[]any) *agent.Answer {
	return answer(data, "measure", `{"measures":["revenue"],"group_by":["country"]}`, tools.Result{
		Title: "Revenue by country", Values: map[string]any{"revenue": total}, Units: map[string]string{"revenue": "EUR"},
		Columns: []tools.Column{{Name: "country", Kind: "text"}, {Name: "revenue", Kind: "money", Unit: "EUR"}},
		Rows:    rows, Chart: &tools.Chart{Type: "bar", X: "country", Y: "revenue"},
	})
}

func TestSingleValues(t *testing.T) {
	// 1,301 − 1,234 = 67, and 67 / 1,234 = 5.43 %; 0.0521 − 0.0494 is 0.27 points.
	then, now := count("a", 1234, 24980, 0.0494), count("b", 1301, 24980, 0.0521)
	for lang, want := range map[string]string{
		"en": "Since 4 March 2024:\n- Customers: 1,234 → **1,301** (+67, +5.4%)\n- Share: 4.9% → **5.2%** (+0.3 percentage points)",
		"es": "Desde el 4 de marzo de 2024:\n- Clientes: 1.234 → **1.301** (+67, +5,4\u00a0%)\n- Proporción: 4,9\u00a0% → **5,2\u00a0%** (+0,3 puntos porcentuales)",
		"pt": "Desde 4 de março de 2024:\n- Clientes: 1.234 → **1.301** (+67, +5,4%)\n- Proporção: 4,9% → **5,2%** (+0,3 pontos percentuais)",
	} {
		if got := Compare(lang, kept(t, then), now).Text(since); got != want {
			t.Errorf("%s:\n%s\nnot\n%s", lang, got, want)
		}
	}
}

func TestMoneyIsExact(t *testing.T) {
	// No float holds the cent of these.
	then := byCountry("a", "90071992547409931.10", []any{"Spain", "90071992547409930.10"}, []any{"Chile", "1.00"})
	now := byCountry("b", "90071992547409931.13", []any{"Spain", "90071992547409930.12"}, []any{"Chile", "1.01"})
	c := Compare("en", kept(t, then), now)
	if got := c.Calls[0].Values[0].By; got != "+€0.03" {
		t.Errorf("overall %s", got)
	}
	if m := c.Calls[0].Moved; len(m) != 2 || m[0].Name != "Spain" || m[0].By != "+€0.02" || m[1].By != "+€0.01" || m[1].Rate != "+1.0%" {
		t.Errorf("%+v", m)
	}
}

func TestRowsThatGrewCameAndWent(t *testing.T) {
	then := byCountry("a", "1000.00", []any{"Spain", "500.00"}, []any{"Portugal", "300.00"}, []any{"Germany", "150.00"}, []any{"Peru", "50.00"})
	now := byCountry("b", "1180.00", []any{"Spain", "500.00"}, []any{"Germany", "350.00"}, []any{"Portugal", "270.00"}, []any{"Chile", "60.00"})
	want := `Since 4 March 2024:
- Revenue: €1,000.00 → **€1,180.00** (+€180.00, +18.0%)
- Revenue, what moved most:
  - Germany: €150.00 → **€350.00** (+€200.00, +133.3%)
  - Portugal: €300.00 → **€270.00** (-€30.00, -10.0%)
- New in the table: Chile (€60.00)
- No longer in the table: Peru (€50.00)`
	if got := Compare("en", kept(t, then), now).Text(since); got != want {
		t.Errorf("\n%s\nnot\n%s", got, want)
	}
}

func TestOnlyTheMostMovedAreTold(t *testing.T) {
	var a, b [][]any
	for i := range 9 {
		name := string(rune('A' + i))
		a, b = append(a, []any{name, "100.00"}), append(b, []any{name, json.Number("10" + string(rune('0'+i)))})
	}
	for i := range 7 {
		b = append(b, []any{"new " + string(rune('a'+i)), json.Number(string(rune('1' + i)))})
	}
	c := Compare("en", byCountry("a", "1.00", a...), byCountry("b", "1.00", b...))
	one := c.Calls[0]
	var names []string
	for _, m := range one.Moved {
		names = append(names, m.Name)
	}
	// A did not move; of the eight others the five that moved most.
	if got := strings.Join(names, " "); got != "I H G F E" || one.MovedMore != 3 || one.NewMore != 2 || one.New[0].Name != "new g" {
		t.Errorf("%s and %d more; new %v and %d more", got, one.MovedMore, one.New, one.NewMore)
	}
	if text := c.Text(since); !strings.Contains(text, "and 3 more rows moved") || !strings.Contains(text, " and 2 more") {
		t.Error(text)
	}
}

func TestUnchanged(t *testing.T) {
	a := count("a", 10, 100, 0.1)
	for lang, want := range map[string][2]string{
		"en": {"Nothing changed; the data is the same as on 4 March 2024.", "Nothing changed in these figures since last time (4 March 2024), though the data did."},
		"es": {"No cambió nada; los datos son los mismos que el 4 de marzo de 2024.", "Estas cifras no cambiaron desde la última vez (4 de marzo de 2024), aunque los datos sí."},
		"pt": {"Nada mudou; os dados são os mesmos de 4 de março de 2024.", "Estes números não mudaram desde a última vez (4 de março de 2024), embora os dados tenham mudado."},
	} {
		if got := Compare(lang, kept(t, a), a).Text(since); got != want[0] {
			t.Errorf("%s: %q", lang, got)
		}
		if got := Compare(lang, kept(t, a), count("b", 10, 100, 0.1)).Text(since); got != want[1] {
			t.Errorf("%s: %q", lang, got)
		}
	}
	if got := Compare("en", a, count("b", 10, 100, 0.1)).Text(time.Time{}); got != "Nothing changed in these figures since last time, though the data did." {
		t.Error(got)
	}
}

func TestWhatCannotBeCompared(t *testing.T) {
	base := byCountry("a", "10.00", []any{"Spain", "10.00"}, []any{"Chile", "0.00"})
	clarify := &agent.Answer{Status: model.Clarify, Text: "?"}
	defined := func(data, formula string) *agent.Answer {
		a := count(data, 10, 100, 0.1)
		a.Basis = &agent.Basis{Definitions: tools.Definitions{Segments: map[string]string{"VIP": formula}}}
		return a
	}
	other := byCountry("b", "10.00", []any{"Spain", "10.00"})
	other.Calls[0].Result.Columns[1].Unit = "USD"
	for name, c := range map[string]struct {
		then, now *agent.Answer
		why       Why
		says      string
	}{
		"asked back":  {clarify, base, Unanswered, "nothing to compare"},
		"now unclear": {base, clarify, Unanswered, "nothing to compare"},
		"never":       {nil, base, Unanswered, "nothing to compare"},
		"other tool":  {count("a", 1, 2, 0.5), base, OtherCalls, "other computations"},
		"redefined":   {defined("a", "x > 1"), defined("b", "x > 2"), Redefined, "the segment “VIP”"},
	} {
		got := Compare("en", c.then, c.now)
		if got.Why != c.why || !strings.Contains(got.Text(since), c.says) || len(got.Calls) > 0 {
			t.Errorf("%s: %q, %s", name, got.Why, got.Text(since))
		}
	}
	if got := Compare("en", base, other); got.Calls[0].Why != OtherShape || got.Unchanged {
		t.Errorf("another currency: %+v", got)
	}
}

// Rows that were withheld on one side are told of on neither.
func TestWithheldRowsAreNotTold(t *testing.T) {
	list := func(data string, ids ...string) *agent.Answer {
		var rows [][]any
		for _, id := range ids {
			rows = append(rows, []any{id})
		}
		return answer(data, "list_customers", `{"formula":"x"}`, tools.Result{
			Values: map[string]any{"size": len(ids), "shown": len(ids)}, Columns: []tools.Column{{Name: "id", Kind: "text"}}, Rows: rows,
		})
	}
	hide := func(a *agent.Answer) *agent.Answer {
		a = kept(t, a)
		a.Text, a.Calls[0].Result.Rows = "", nil
		return a
	}
	for _, pair := range [][2]*agent.Answer{
		{hide(list("a", "c1", "c2")), list("b", "c2", "c3", "c4")},
		{list("a", "c1", "c2"), hide(list("b", "c2", "c3", "c4"))},
		{hide(list("a", "c1", "c2")), hide(list("b", "c2", "c3", "c4"))},
	} {
		c := Compare("en", pair[0], pair[1])
		text := c.Text(since)
		if c.Calls[0].Why != RowsWithheld || strings.Contains(text, "c1") || strings.Contains(text, "c3") || !strings.Contains(text, "2 → **3") {
			t.Errorf("%+v\n%s", c, text)
		}
	}
	// So it is where the columns went too, which the caller must say.
	without := list("b", "c2", "c3", "c4")
	without.Calls[0].Result.Rows, without.Calls[0].Result.Columns = nil, nil
	if c := CompareShown("en", list("a", "c1", "c2"), without, true); c.Calls[0].Why != RowsWithheld || strings.Contains(c.Text(since), "c1") || len(c.Calls[0].Values) == 0 {
		t.Errorf("%+v", c)
	}
	// With nothing withheld they are.
	text := Compare("en", list("a", "c1", "c2"), list("b", "c2", "c3", "c4")).Text(since)
	if !strings.Contains(text, "New in the table: c3; c4") || !strings.Contains(text, "No longer in the table: c1") {
		t.Error(text)
	}
}

func TestRowsOfTheSameNameAreNotMixedUp(t *testing.T) {
	// The first column alone does not tell them apart, two do.
	build := func(data string, rows ...[]any) *agent.Answer {
		return answer(data, "measure", `{}`, tools.Result{
			Columns: []tools.Column{{Name: "country", Kind: "text"}, {Name: "channel", Kind: "text"}, {Name: "size", Kind: "count"}}, Rows: rows,
		})
	}
	c := Compare("en", build("a", []any{"Spain", "web", 1}, []any{"Spain", "shop", 2}), build("b", []any{"Spain", "web", 4}, []any{"Spain", "shop", 2}))
	if m := c.Calls[0].Moved; len(m) != 1 || m[0].Name != "Spain, web" || m[0].By != "+3" || m[0].Rate != "+300.0%" {
		t.Errorf("%+v", c.Calls[0])
	}
	c = Compare("en", build("a", []any{"Spain", "web", 1}, []any{"Spain", "web", 2}), build("b", []any{"Spain", "web", 4}))
	if c.Calls[0].Why != RowsAlike {
		t.Errorf("%+v", c.Calls[0])
	}
}

func TestTextsFromTheDataAreEscaped(t *testing.T) {
	c := Compare("en", byCountry("a", "1.00", []any{"*Spain*", "1.00"}, []any{"x", "1.00"}), byCountry("b", "1.00", []any{"*Spain*", "2.00"}, []any{"[y](http://z)\n# h", "1.00"}))
	text := c.Text(since)
	if !strings.Contains(text, `\*Spain\*`) || strings.Contains(text, "[y](") || strings.Contains(text, "\n# h") {
		t.Error(text)
	}
}

func TestHugeExponentsFillNothing(t *testing.T) {
	a := answer("a", "measure", `{}`, tools.Result{Values: map[string]any{"x": json.Number("1e400000000")}})
	b := answer("b", "measure", `{}`, tools.Result{Values: map[string]any{"x": json.Number("2")}})
	if c := Compare("en", a, b); len(c.Calls[0].Values) != 1 || c.Calls[0].Values[0].By != "" {
		t.Errorf("%+v", c)
	}
}

// Compared with itself nothing changed; the other way round what grew fell.
func FuzzCompare(f *testing.F) {
	f.Add("Spain", "1.00", "Spain", "2.50", 3, 4.5)
	f.Add("", "-", "a\x00b", "1e9", -1, 0.0)
	f.Fuzz(func(t *testing.T, nameA, moneyA, nameB, moneyB string, size int, share float64) {
		a := byCountry("a", moneyA, []any{nameA, moneyA}, []any{"x", size})
		b := byCountry("b", moneyB, []any{nameB, moneyB}, []any{"x", share})
		if _, err := json.Marshal(b); err != nil {
			return
		}
		if c := Compare("en", a, a); !c.Unchanged || !c.SameData {
			t.Errorf("%+v differs from itself", c)
		}
		there, back := Compare("es", a, b), Compare("es", b, a)
		if len(there.Calls[0].Moved) != len(back.Calls[0].Moved) || len(there.Calls[0].New) != len(back.Calls[0].Gone) {
			t.Errorf("there %+v, back %+v", there, back)
		}
		there.Text(since)
	})
}

func TestWordsAreInAllLanguages(t *testing.T) {
	for _, lang := range codes {
		l, err := languageFor(lang)
		if err != nil {
			t.Fatal(err)
		}
		for _, why := range []Why{Unanswered, OtherCalls, OtherShape, RowsWithheld, RowsAlike} {
			if l.Changes.Why[why] == "" {
				t.Errorf("%s: nothing is said for %s", lang, why)
			}
		}
		for _, kind := range []string{"segment", "word", "role", "zone", "currency"} {
			if l.Changes.Definition[kind] == "" {
				t.Errorf("%s: no word for %s", lang, kind)
			}
		}
	}
}
