package blockkit

import (
	"bytes"
	"image/png"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"tesela/agent"
	"tesela/agent/model"
	"tesela/agent/wording"
	"tesela/tools"
)

// The order of reading: what was understood, what was assumed, the answer, what
// must be known of it, where it comes from.
func TestOrder(t *testing.T) {
	a := recorded(t)["months"]
	a.Assumptions = []string{"revenue is purchases less refunds"}
	r := render1(t, a, Options{})
	if len(r.Messages) != 1 {
		t.Fatalf("%d messages", len(r.Messages))
	}
	list := texts(r.Messages[0])
	for i, want := range []string{"_Pedidos por mes este año_", "• revenue is purchases less refunds", "Pedidos, en conjunto: *5.884*", "```\nMes ", "Medida: `orders` · Ventana: `this year`", "offline · a fecha de 31 de diciembre de 2025, 23:00 · 12 ms · respuesta `296319503f79`"} {
		if i >= len(list) || !strings.HasPrefix(list[i], want) {
			t.Fatalf("text %d of\n%s\nwant %s", i, strings.Join(list, "\n---\n"), want)
		}
	}
	if !strings.HasPrefix(r.Messages[0].Text, "Pedidos, en conjunto: 5.884\nEl mayor: diciembre de 2025, con 1.219 pedidos.\nMes: enero de 2025, Pedidos: 469\n") {
		t.Errorf("the fallback is %q", r.Messages[0].Text)
	}
}

// What tools write between backticks in notes is code, as it is elsewhere.
func TestNotes(t *testing.T) {
	res := &tools.Result{Columns: columns("thing:text", "customers:count"), Rows: [][]any{{"a", 1}, {"b", 2}}, Notes: []string{"To settle it: `tesela catalog --role arm=a_b`.", "one ` alone <!here>"}}
	list := texts(render1(t, over(t, "en", res), Options{}).Messages[0])
	if want := "• To settle it: `tesela catalog --role arm=a_b`.\n• one ˋ alone &lt;!here&gt;"; !slices.Contains(list, want) {
		t.Errorf("no\n%s\nin\n%s", want, strings.Join(list, "\n---\n"))
	}
}

// A group's card is a block of its own; notes of the figures stand beside.
func TestCards(t *testing.T) {
	a := recorded(t)["find_microsegments.en"]
	r := render1(t, a, Options{})
	cards := 0
	for _, m := range r.Messages {
		for _, text := range texts(m) {
			for _, s := range a.Calls[0].Result.Segments {
				if strings.HasPrefix(text, "*"+s.Name+"* · ") {
					cards++
					if !strings.Contains(text, codeSpan(s.Formula)) || !strings.Contains(text, "• What sets it apart: ") || !strings.Contains(text, "• What to do: *") {
						t.Errorf("a card %s", text)
					}
				}
			}
		}
	}
	if cards != wording.CardsShown {
		t.Errorf("%d cards", cards)
	}
	rows := read(t, r.Files[0].Body, ',')
	at := slices.Index(rows[0], "Rule")
	for i, s := range a.Calls[0].Result.Segments {
		if rows[i+1][0] != s.Name || rows[i+1][at] != s.Formula {
			t.Errorf("the file tells %q of %q", rows[i+1], s.Name)
		}
	}
}

// Rows that list customers are shown where they may be, and their absence is
// said where they may not.
func TestPersonal(t *testing.T) {
	a := recorded(t)["list_customers.es"]
	id := a.Calls[0].Result.Rows[0][0].(string)
	open := render1(t, a, Options{Personal: true})
	if text := said(open.Messages); !strings.Contains(text, id) || strings.Contains(text, ":lock:") {
		t.Errorf("open: %s", text)
	}
	for _, own := range []string{a.Text, "", "The first is " + id + ".", "| Mine |\n| --- |\n| " + id + " |"} {
		bare := *a
		bare.Text = own
		r := render1(t, &bare, Options{})
		text := said(r.Messages) + r.Messages[0].Text
		for _, f := range r.Files {
			text += string(f.Body)
		}
		for _, row := range a.Calls[0].Result.Rows {
			if strings.Contains(text, row[0].(string)) {
				t.Errorf("%v is in %s", row[0], text)
			}
		}
		if !strings.Contains(text, ":lock: Las filas que hablan de clientes concretos no se muestran en los canales.") || !strings.Contains(text, "clientes") {
			t.Errorf("closed: %s", text)
		}
	}
	// What comes withheld has neither rows nor text.
	res := *a.Calls[0].Result
	res.Rows = nil
	withheld := &agent.Answer{ID: "x", Language: "en", Status: model.Answered, Calls: []agent.CallRecord{{Tool: "list_customers", Args: a.Calls[0].Args, Result: &res}}}
	text := said(render1(t, withheld, Options{Withheld: true, Direct: true}).Messages)
	if strings.Contains(text, "Nothing in the data") || !strings.Contains(text, "*784* customers") || !strings.Contains(text, "allowed to see them") {
		t.Errorf("withheld: %s", text)
	}
}

// Words around an answer may be in another language than it: what it tells
// stays as it is, its tables are still found.
func TestAnotherLanguage(t *testing.T) {
	a := recorded(t)["measure.en"]
	r := render1(t, a, Options{Language: "es"})
	text := said(r.Messages)
	if !strings.Contains(text, "January 2025") || !strings.Contains(text, "Las primeras 10 de 144 filas") || strings.Count(text, "```") != 2 || len(r.Files) != 1 {
		t.Errorf("%d files, %s", len(r.Files), text)
	}
}

// Charts are pictures with what they show in words; those that Charts draws are
// those of the answer.
func TestCharts(t *testing.T) {
	all := recorded(t)
	for name, want := range map[string]int{"months": 1, "measure.pt": 1, "trace_migration.pt": 1, "find_microsegments.pt": 1, "cannot": 0, "save": 0, "describe_data.es": 0, "count": 0} {
		a := all[name]
		r, err := Answer(a, Options{Personal: true})
		if err != nil {
			t.Fatal(err)
		}
		fits(t, r)
		var pictures []File
		for _, f := range r.Files {
			if strings.HasSuffix(f.Name, ".png") {
				pictures = append(pictures, f)
				if _, err := png.Decode(bytes.NewReader(f.Body)); err != nil || f.Alt == "" {
					t.Errorf("%s: alt %q, %v", name, f.Alt, err)
				}
			}
		}
		if len(pictures) != want {
			t.Errorf("%s: %d charts", name, len(pictures))
		}
		later, err := Charts(a, Options{Personal: true})
		if err != nil || len(later) != len(pictures) {
			t.Fatalf("%s: %d charts later, %v", name, len(later), err)
		}
		for i := range later {
			if later[i].Name != pictures[i].Name || later[i].Title != pictures[i].Title || !bytes.Equal(later[i].Body, pictures[i].Body) {
				t.Errorf("%s: %q later, %q at once", name, later[i].Name, pictures[i].Name)
			}
		}
		if r, err = Answer(a, Options{Personal: true, Later: true}); err != nil || slices.ContainsFunc(r.Files, func(f File) bool { return strings.HasSuffix(f.Name, ".png") }) {
			t.Errorf("%s: drawn though later, %v", name, err)
		}
	}
}

// An answer that says nothing still is a message.
func TestNothingToSay(t *testing.T) {
	for _, a := range []*agent.Answer{{}, {Status: model.Failed}, {Status: model.Answered, Calls: []agent.CallRecord{{Tool: "x", Error: "no"}}}, {Question: "why?", Status: model.Clarify}} {
		r, err := Answer(a, Options{})
		if err != nil || len(r.Messages) != 1 || r.Messages[0].Text == "" {
			t.Fatalf("%+v: %+v, %v", a, r, err)
		}
		fits(t, r)
	}
}

var hole = regexp.MustCompile(`\{\w+\}`)

// Each language says all that the others say, with the same values.
func TestWordsHaveTheSameKeys(t *testing.T) {
	all, err := loadWords()
	if err != nil {
		t.Fatal(err)
	}
	for _, code := range wording.Codes() {
		for what, pair := range map[string][2]words{"words": {all.words["en"], all.words[code]}, "tools": {all.tools["en"], all.tools[code]}} {
			keys, want := slices.Sorted(maps.Keys(pair[1])), slices.Sorted(maps.Keys(pair[0]))
			if !slices.Equal(keys, want) {
				t.Errorf("%s of %s: %v, en has %v", what, code, keys, want)
			}
			for _, k := range keys {
				holes := func(s string) []string {
					list := hole.FindAllString(s, -1)
					slices.Sort(list)
					return list
				}
				if pair[1][k] == "" || !slices.Equal(holes(pair[0][k]), holes(pair[1][k])) {
					t.Errorf("%s of %s: %s is %q", what, code, k, pair[1][k])
				}
			}
		}
	}
	for _, broken := range []string{"en: [", "en: {a: b}", "en: {a: 1}\nes: {}\npt: {}"} {
		if _, err := readWords([]byte(broken)); err == nil {
			t.Errorf("%q was read", broken)
		}
	}
}

// Progress is told in words and as a bar.
func TestWaiting(t *testing.T) {
	for _, c := range []struct {
		language, what string
		done, total    int
		want, text     string
	}{
		{"en", "", 0, 0, ":hourglass_flowing_sand: Looking at it…", "Looking at it…"},
		{"es", "measure", 0, 0, ":hourglass_flowing_sand: Calculando las cifras…", "Calculando las cifras…"},
		{"pt", "find_microsegments", 5, 10, ":hourglass_flowing_sand: Procurando microssegmentos…\n`██████░░░░░░`  5 de 10", "Procurando microssegmentos… 50%"},
		{"en", "some_new_tool", 30, 20, ":hourglass_flowing_sand: Computing…\n`████████████`  20 of 20", "Computing… 100%"},
		{"zz", "Reading <!here>…", -1, 1000, ":hourglass_flowing_sand: Reading &lt;!here&gt;…\n`░░░░░░░░░░░░`  0 of 1,000", "Reading &lt;!here&gt;… 0%"},
	} {
		m := Waiting(c.language, c.what, c.done, c.total)
		checkMessage(t, c.what, m)
		if got := texts(m)[0]; got != c.want || m.Text != c.text {
			t.Errorf("%+v is\n%s\n%s", c, got, m.Text)
		}
		s := Stoppable(m, c.language, "turn 7")
		checkMessage(t, c.what, s)
		if list := pressable(s, ActionStop); len(list) != 1 || list[0].Value != "turn 7" || len(m.Blocks) != 1 {
			t.Errorf("%+v: %d buttons", c, len(list))
		}
	}
	if got := texts(Stopped("es", "Ana"))[0]; got != "Detenido por Ana." {
		t.Errorf("stopped is %q", got)
	}
}

// Results without a title, and titles from data, still give files a name.
func TestFilesOfSeveralResults(t *testing.T) {
	long := func(title string) *tools.Result {
		res := &tools.Result{Title: title, Columns: columns("thing:text", "customers:count")}
		for i := range 30 {
			res.Rows = append(res.Rows, []any{title, i})
		}
		return res
	}
	a := worded(t, "en",
		agent.CallRecord{Tool: "measure", Args: []byte(`{}`), Result: long("Same")},
		agent.CallRecord{Tool: "measure", Args: []byte(`{}`), Result: long("Same")},
		agent.CallRecord{Tool: "measure", Args: []byte(`{}`), Result: long("../<!here>")})
	a.Understood = ""
	r := render1(t, a, Options{})
	fits(t, r)
	var names []string
	for _, f := range r.Files {
		names = append(names, f.Name)
	}
	if !slices.Equal(names, []string{"same.csv", "same-2.csv", "here.csv"}) {
		t.Errorf("files %q", names)
	}
}
