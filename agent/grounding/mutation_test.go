package grounding_test

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"

	"tesela/agent/grounding"
	"tesela/agent/model"
	"tesela/agent/wording"
	"tesela/tools"
)

// The check is tested by mutation: true answers in three languages must pass,
// and the same with one figure, unit, sign, date or name changed must not.

// part is a piece of an answer with what would make it false.
type part struct {
	text   string
	wrongs map[string][]string // by what was changed
}

func says(text string) part { return part{text: text} }

// world is a made-up result and how it is told.
type world struct {
	r     *rand.Rand
	code  string
	lang  *wording.Language
	calls []wording.Call
	names []string // of the data, in no result
}

func (w *world) pick(en, es, pt string) string {
	return map[string]string{"en": en, "es": es, "pt": pt}[w.code]
}

// figure is a number as the language writes it, and others that it is not.
func (w *world) figure(n int, write func(int) string) part {
	var wrongs []string
	for _, other := range []int{n + 1 + w.r.IntN(9), n*10 + w.r.IntN(10), max(1, n/2-1), swap(n)} {
		if other != n && other > 12 {
			wrongs = append(wrongs, write(other))
		}
	}
	return part{write(n), map[string][]string{"figure": wrongs}}
}

// swap exchanges the last two digits.
func swap(n int) int { return n/100*100 + n%10*10 + n/10%10 }

func (w *world) count(n int) string { return w.lang.Count(int64(n)) }

// counted is a count with its noun.
func (w *world) counted(n int) []part {
	p := w.figure(n, w.count)
	noun := part{" " + w.pick("customers", "clientes", "clientes"), map[string][]string{"unit": {
		" " + w.pick("orders", "pedidos", "pedidos"), " " + w.pick("days", "días", "dias"), w.pick("%", " %", "%"), " " + w.pick("euros", "euros", "euros"),
	}}}
	return []part{p, noun}
}

// percent is a share with one decimal.
func (w *world) percent(rate float64) part {
	text := w.lang.Percent(rate)
	bare := strings.TrimSpace(strings.TrimRight(strings.ReplaceAll(text, "\u00a0", ""), "%"))
	wrongs := map[string][]string{"unit": {bare + " " + w.pick("customers", "clientes", "clientes"), bare + " " + w.pick("days", "días", "dias")}}
	for _, d := range []float64{0.003, -0.002, 0.01, 0.1} {
		wrongs["figure"] = append(wrongs["figure"], w.lang.Percent(rate+d))
	}
	return part{text, wrongs}
}

func (w *world) money(minor int) part {
	write := func(minor int, currency string) string {
		return w.lang.Money(fmt.Sprintf("%d.%02d", minor/100, minor%100), currency)
	}
	return part{write(minor, "GBP"), map[string][]string{
		"figure": {write(minor+1, "GBP"), write(minor*10+3, "GBP"), write(minor+100, "GBP")},
		"unit":   {write(minor, "EUR"), write(minor, "BRL"), w.lang.Money(fmt.Sprintf("%d.%02d", minor/100, minor%100), "") + "%"},
	}}
}

var countries = []string{"Germany", "France", "Spain", "Portugal", "Brazil", "Norway", "Japan", "Chile", "Ireland", "New Zealand"}

// total tells how many of all are in a group.
func (w *world) total() []part {
	base := 2000 + w.r.IntN(90000)
	size := base/10 + w.r.IntN(base/2)
	share := float64(size) / float64(base)
	w.calls = append(w.calls, wording.Call{
		Tool: "count_segment", Args: json.RawMessage(`{"formula":"count(order, last 90d) >= 5"}`),
		Result: &tools.Result{
			Title: "Customers", Values: map[string]any{"size": size, "base": base, "share": share},
			Units: map[string]string{"size": "customers", "base": "customers", "share": "rate"}, Fingerprint: "sha256:77aa12",
		},
	})
	switch w.r.IntN(5) {
	case 0:
		return append(append([]part{says(w.pick("There are ", "Hay ", "Há "))}, w.counted(size)...),
			says(w.pick(" who ordered at least 5 times in the last 90 days, ", " que pidieron al menos 5 veces en los últimos 90 días, ", " que compraram pelo menos 5 vezes nos últimos 90 dias, ")),
			w.percent(share), says(w.pick(" of ", " de ", " de ")), w.figure(base, w.count), says(". "))
	case 1:
		short := func(n int) string {
			return strings.ReplaceAll(strconv.FormatFloat(float64(n)/1000, 'f', 1, 64), ".", w.lang.Decimal) + "k"
		}
		wrong := short(size + 300 + w.r.IntN(5000))
		return []part{
			says(w.pick("About ", "Unos ", "Cerca de ")),
			{short(size), map[string][]string{"figure": {wrong, short(size * 10)}}},
			says(w.pick(" customers did so. ", " clientes lo hicieron. ", " clientes fizeram isso. ")),
		}
	case 2:
		words, others := w.fraction(share)
		if words == "" {
			break
		}
		return []part{
			says(w.pick("That is ", "Eso es ", "Isso é ")),
			{words, map[string][]string{"figure": others}},
			says(w.pick(" of all customers. ", " de todos los clientes. ", " de todos os clientes. ")),
		}
	case 3:
		return append(append([]part{says("**")}, w.counted(size)...), says("**"+w.pick(" out of ", " de un total de ", " de um total de ")), w.figure(base, w.count), says(". "))
	}
	whole := func(rate float64) string {
		return strconv.Itoa(int(math.Round(rate*100))) + w.pick(" percent", " por ciento", " por cento")
	}
	return []part{
		says(w.pick("Roughly ", "Aproximadamente el ", "Aproximadamente ")),
		{whole(share), map[string][]string{"figure": {whole(share + 0.04), whole(share - 0.05)}}},
		says(w.pick(" of them bought often. ", " de ellos compró a menudo. ", " deles compraram muito. ")),
	}
}

// fraction names a share that is near one with a name.
func (w *world) fraction(share float64) (name string, others []string) {
	for _, f := range []struct {
		of         float64
		en, es, pt string
	}{{1. / 2, "half", "la mitad", "metade"}, {1. / 3, "a third", "un tercio", "um terço"}, {1. / 4, "a quarter", "una cuarta parte", "um quarto"}, {1. / 5, "one in five", "uno de cada cinco", "um em cada cinco"}} {
		text := w.pick(f.en, f.es, f.pt)
		if f.of == 1./4 && w.code == "es" {
			text = "un cuarto"
		}
		switch {
		case math.Abs(share-f.of) < 0.01:
			name = text
		case math.Abs(share-f.of) > 0.06:
			others = append(others, text)
		}
	}
	return name, others
}

// byCountry tells of rows with names.
func (w *world) byCountry() []part {
	order := w.r.Perm(len(countries))
	n := 3 + w.r.IntN(4)
	result := &tools.Result{
		Title:   "Revenue by country",
		Columns: []tools.Column{{Name: "country", Kind: "text"}, {Name: "revenue", Kind: "money", Unit: "GBP"}, {Name: "customers", Kind: "count", Unit: "customers"}},
	}
	var minors, counts []int
	for i := range n {
		minors, counts = append(minors, 10000+w.r.IntN(90_000_000)), append(counts, 20+w.r.IntN(40000))
		result.Rows = append(result.Rows, []any{countries[order[i]], fmt.Sprintf("%d.%02d", minors[i]/100, minors[i]%100), counts[i]})
	}
	w.calls = append(w.calls, wording.Call{Tool: "measure", Args: json.RawMessage(`{"measures":["revenue","customers"],"group_by":["country"]}`), Result: result})
	for _, k := range order[n:] {
		w.names = append(w.names, countries[k])
	}
	name := func(i int) part {
		others := []string{countries[order[(i+1)%n]], countries[order[n]], "Narnia"}
		return part{countries[order[i]], map[string][]string{"name": others}}
	}
	a := w.r.IntN(n)
	b := (a + 1 + w.r.IntN(n-1)) % n
	switch w.r.IntN(4) {
	case 0:
		return append([]part{name(a), says(w.pick(" brought ", " aportó ", " trouxe ")), w.money(minors[a]), says(w.pick(" from ", " de ", " de "))}, append(w.counted(counts[a]), says(". "))...)
	case 1:
		return []part{
			name(a), says(w.pick(" leads with ", " va primero con ", " lidera com ")), w.money(minors[a]), says(". "),
			name(b), says(w.pick(" follows with ", " le sigue con ", " vem depois com ")), w.money(minors[b]), says(". "),
		}
	case 2:
		return []part{says("\n| " + w.pick("Country", "País", "País") + " | " + w.pick("Revenue", "Ingresos", "Receita") + " |\n| --- | ---: |\n| "), name(a), says(" | "), w.money(minors[a]), says(" |\n| "), name(b), says(" | "), w.money(minors[b]), says(" |\n\n")}
	}
	return append([]part{says("\n- **"), name(a), says("**: ")}, append(w.counted(counts[a]), says("\n\n"))...)
}

// byMonth tells of a course through time.
func (w *world) byMonth() []part {
	first := time.Date(2009+w.r.IntN(12), time.Month(1+w.r.IntN(12)), 1, 0, 0, 0, 0, time.UTC)
	result := &tools.Result{Title: "Revenue", Columns: []tools.Column{{Name: "month", Kind: "text", Unit: "month"}, {Name: "revenue", Kind: "money", Unit: "GBP"}}}
	var minors []int
	for i := range 6 {
		minors = append(minors, 10000+w.r.IntN(90_000_000))
		result.Rows = append(result.Rows, []any{first.AddDate(0, i, 0).Format("2006-01"), fmt.Sprintf("%d.%02d", minors[i]/100, minors[i]%100)})
	}
	w.calls = append(w.calls, wording.Call{Tool: "measure", Args: json.RawMessage(`{"measures":["revenue"],"per":"month"}`), Result: result})
	i := w.r.IntN(6)
	month := func(k int) string { return w.lang.Period(first.AddDate(0, k, 0).Format("2006-01")) }
	when := part{month(i), map[string][]string{"date": {month((i + 1) % 6), month(i + 12), month(i - 7)}}}
	return []part{says(w.pick("In ", "En ", "Em ")), when, says(w.pick(" revenue was ", " los ingresos fueron de ", " a receita foi de ")), w.money(minors[i]), says(". ")}
}

// change tells of a figure with a sign.
func (w *world) change() []part {
	rate := float64(20+w.r.IntN(600)) / 1000
	up := w.r.IntN(2) == 0
	signed := rate
	if !up {
		signed = -rate
	}
	w.calls = append(w.calls, wording.Call{Tool: "measure", Args: json.RawMessage(`{"measures":["revenue"]}`), Result: &tools.Result{
		Values: map[string]any{"change": signed}, Units: map[string]string{"change": "rate"},
	}})
	if w.r.IntN(3) == 0 {
		sign := func(x float64) string {
			if x > 0 {
				return "+" + w.lang.Percent(x)
			}
			return w.lang.Percent(x)
		}
		return []part{says(w.pick("Change: ", "Cambio: ", "Variação: ")), {sign(signed), map[string][]string{"sign": {sign(-signed)}, "figure": {sign(signed + 0.02)}}}, says(". ")}
	}
	rose, fell := w.pick("grew by ", "crecieron un ", "cresceu "), w.pick("fell by ", "cayeron un ", "caiu ")
	verb := part{rose, map[string][]string{"sign": {fell}}}
	if !up {
		verb = part{fell, map[string][]string{"sign": {rose}}}
	}
	return []part{says(w.pick("Revenue ", "Los ingresos ", "A receita ")), verb, w.percent(rate), says(". ")}
}

// customers tells of ids and fields.
func (w *world) customers() []part {
	id := fmt.Sprintf("C%05d", w.r.IntN(100000))
	other := fmt.Sprintf("C%05d", w.r.IntN(100000))
	minor := 1000 + w.r.IntN(9_000_000)
	w.calls = append(w.calls, wording.Call{Tool: "list_customers", Args: json.RawMessage(`{"by":"sum(order.amount)","formula":"acquisition_channel = \"Ads\""}`), Result: &tools.Result{
		Columns: []tools.Column{{Name: "id", Kind: "text"}, {Name: "ranked_by", Kind: "money", Unit: "GBP"}},
		Rows:    [][]any{{id, fmt.Sprintf("%d.%02d", minor/100, minor%100)}, {other, "3.00"}},
	}})
	return []part{
		says(w.pick("Customer ", "El cliente ", "O cliente ")),
		{id, map[string][]string{"name": {fmt.Sprintf("C%05d", w.r.IntN(100000)), other}}},
		says(w.pick(" spent ", " gastó ", " gastou ")), w.money(minor), says(w.pick(", by ", ", según ", ", por ")),
		{"`acquisition_channel`", map[string][]string{"name": {"`loyalty_tier`", "`acquisition_cost`"}}},
		says(". "),
	}
}

// segments tells of groups by their names.
func (w *world) segments() []part {
	names := []string{"Weekend Regulars", "Sleeping Champions", "Bargain Hunters"}
	r := &tools.Result{Units: map[string]string{"revenue": "GBP"}}
	var sizes []int
	for _, n := range names {
		sizes = append(sizes, 50+w.r.IntN(9000))
		r.Segments = append(r.Segments, tools.Segment{Name: n, Formula: "count(order) >= 2", Size: sizes[len(sizes)-1], Share: float64(sizes[len(sizes)-1]) / 10000})
	}
	w.calls = append(w.calls, wording.Call{Tool: "find_microsegments", Result: r})
	i := w.r.IntN(3)
	q := part{"“" + names[i] + "”", map[string][]string{"name": {"“" + names[(i+1)%3] + "”", "“Loyal Lions”"}}}
	return append(append([]part{q, says(w.pick(" holds ", " reúne ", " reúne "))}, w.counted(sizes[i])...), says(". "))
}

// inWords tells a count in words.
func (w *world) inWords() []part {
	tens := []string{"twenty", "thirty", "forty", "fifty", "sixty"}
	if w.code != "en" {
		tens = map[string][]string{"es": {"veinte", "treinta", "cuarenta", "cincuenta", "sesenta"}, "pt": {"vinte", "trinta", "quarenta", "cinquenta", "sessenta"}}[w.code]
	}
	i := w.r.IntN(len(tens))
	w.calls = append(w.calls, wording.Call{Tool: "count_segment", Args: json.RawMessage(`{"formula":"visits > 3"}`), Result: &tools.Result{
		Values: map[string]any{"size": 1000 * (20 + 10*i)}, Units: map[string]string{"size": "customers"},
	}})
	return []part{
		says(w.pick("They are ", "Son ", "São ")), {tens[i], map[string][]string{"figure": {tens[(i+1)%5], tens[(i+2)%5]}}}, says(w.pick(" thousand customers. ", " mil clientes. ", " mil clientes. ")),
	}
}

// values are the data's own.
type values []string

func (v values) Len() int        { return len(v) }
func (v values) At(i int) string { return v[i] }

func TestMutations(t *testing.T) {
	const answers = 2000
	r := rand.New(rand.NewPCG(11, 12))
	refused, missed, mutants := 0, map[string]int{}, map[string]int{}
	shown := map[string]int{}
	show := func(what, format string, a ...any) {
		if shown[what]++; shown[what] <= 4 {
			t.Logf(format, a...)
		}
	}
	for i := range answers {
		code := wording.Codes()[i%3]
		lang, err := wording.For(code)
		if err != nil {
			t.Fatal(err)
		}
		w := &world{r: r, code: code, lang: lang}
		tell := []func() []part{w.total, w.byCountry, w.byMonth, w.change, w.customers, w.segments, w.inWords}
		r.Shuffle(len(tell), func(a, b int) { tell[a], tell[b] = tell[b], tell[a] })
		var parts []part
		for _, f := range tell[:1+r.IntN(3)] {
			parts = append(parts, f()...)
		}
		turn := grounding.Turn{Language: lang, Calls: w.calls, Catalogue: &model.Catalogue{Traits: []model.Field{{Name: "country", Values: values(countries)}}}}
		check := func(text string) []grounding.Strange {
			found, err := grounding.Check(turn, text)
			if err != nil {
				t.Fatal(err)
			}
			return found
		}
		whole := func(at int, with string) string {
			var b strings.Builder
			for k, p := range parts {
				if k == at {
					b.WriteString(with)
					continue
				}
				b.WriteString(p.text)
			}
			return b.String()
		}
		if found := check(whole(-1, "")); len(found) > 0 {
			refused++
			show("true", "refused though true: %v in %s", found, whole(-1, ""))
			continue
		}
		// One change of one part, whichever.
		var options [][3]any
		for k, p := range parts {
			for _, kind := range []string{"figure", "unit", "sign", "date", "name"} {
				for _, wrong := range p.wrongs[kind] {
					options = append(options, [3]any{k, kind, wrong})
				}
			}
		}
		o := options[r.IntN(len(options))]
		kind := o[1].(string)
		mutants[kind]++
		if text := whole(o[0].(int), o[2].(string)); len(check(text)) == 0 {
			missed[kind]++
			show(kind, "missed %s %q for %q: %s", kind, o[2], parts[o[0].(int)].text, text)
		}
	}
	all, through := 0, 0
	for kind, n := range mutants {
		t.Logf("%s: %d of %d caught", kind, n-missed[kind], n)
		all, through = all+n, through+missed[kind]
	}
	t.Logf("%d of %d true answers refused; %d of %d false ones passed", refused, answers, through, all)
	if refused*100 > answers || through*100 > all {
		t.Error("more than one in a hundred true ones refused or false ones passed")
	}
}
