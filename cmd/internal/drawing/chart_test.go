package drawing

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tesela/agent/wording"
	"tesela/cmd/internal/drawing/charttest"
	"tesela/tools"
)

// Two groups of 30 and 10: 20 stay in a, 10 go from a to b, 10 from b to c.
// Heights are 100 with gaps of 10: one customer is (100−10)/40 = 2.25, as both
// sides have 40 and the right one three groups: (100−20)/40 = 2 is less.
func TestSankeyLayout(t *testing.T) {
	left, right, bands := lay([]flow{{from: 1, to: 2, size: 10}, {from: 0, to: 1, size: 10}, {from: 0, to: 0, size: 20}, {from: 2, to: 0, size: 0}}, 3, 100, 10)
	if want := []node{{0, 30, 5, 60}, {1, 10, 75, 20}}; !slices.Equal(left, want) {
		t.Errorf("left %v, want %v", left, want)
	}
	if want := []node{{0, 20, 0, 40}, {1, 10, 50, 20}, {2, 10, 80, 20}}; !slices.Equal(right, want) {
		t.Errorf("right %v, want %v", right, want)
	}
	want := []flow{
		{from: 0, to: 0, size: 20, y0: 25, y1: 20, thick: 40},
		{from: 0, to: 1, size: 10, y0: 55, y1: 60, thick: 20},
		{from: 1, to: 2, size: 10, y0: 85, y1: 90, thick: 20},
	}
	if !slices.Equal(bands, want) {
		t.Errorf("bands %v, want %v", bands, want)
	}
	for _, nothing := range [][]flow{nil, {{0, 1, 0, 0, 0, 0}}, {{0, 1, -3, 0, 0, 0}}} {
		if l, r, b := lay(nothing, 2, 100, 10); l != nil || r != nil || b != nil {
			t.Errorf("%v is laid out: %v %v %v", nothing, l, r, b)
		}
	}
}

// Whatever flows, bands fill their groups without gaps and lie within them.
func TestSankeyConserves(t *testing.T) {
	seed := uint64(7)
	next := func(n int) int {
		seed = seed*6364136223846793005 + 1442695040888963407
		return int(seed>>33) % n
	}
	for range 200 {
		groups := 1 + next(12)
		var flows []flow
		for f := range groups {
			for to := range groups {
				flows = append(flows, flow{from: f, to: to, size: float64(next(50) * next(2))})
			}
		}
		left, right, bands := lay(flows, groups, 400, 12)
		for side, nodes := range [][]node{left, right} {
			end := -12.0
			for _, n := range nodes {
				if n.y < end+12-1e-9 || n.y+n.tall > 400+1e-9 {
					t.Fatalf("a group lies at %v after %v", n, end)
				}
				end = n.y + n.tall
				y := n.y
				for _, b := range bands {
					at, of := b.y0, b.from
					if side == 1 {
						at, of = b.y1, b.to
					}
					if of != n.group {
						continue
					}
					if math.Abs(at-b.thick/2-y) > 1e-6 {
						t.Fatalf("a band begins at %v, not %v", at-b.thick/2, y)
					}
					y += b.thick
				}
				if math.Abs(y-end) > 1e-6 {
					t.Fatalf("the bands of a group end at %v, not %v", y, end)
				}
			}
		}
	}
}

func TestTicks(t *testing.T) {
	for _, c := range []struct {
		low, high float64
		want      []float64
	}{
		{0, 878945.22, []float64{0, 250000, 500000, 750000, 1000000}},
		{-3, 7, []float64{-5, -2.5, 0, 2.5, 5, 7.5}},
		{0, 0.034, []float64{0, 0.01, 0.02, 0.03, 0.04}},
		{0, 0, []float64{0, 0.25, 0.5, 0.75, 1}},
		{-12, -3, []float64{-15, -10, -5, 0}},
	} {
		s, got := reach(c.low, c.high, 4)
		near := func(a, b float64) bool { return math.Abs(a-b) < 1e-9 }
		if !slices.EqualFunc(got, c.want, near) || !near(s.low, c.want[0]) || !near(s.high, c.want[len(c.want)-1]) {
			t.Errorf("%v … %v: %v, want %v", c.low, c.high, got, c.want)
		}
	}
	lang := english(t)
	for _, c := range []struct {
		column  tools.Column
		v, step float64
		want    string
	}{
		{tools.Column{Kind: "money", Unit: "EUR"}, 250000, 250000, "€250,000"},
		{tools.Column{Kind: "money", Unit: "EUR"}, 2.5, 2.5, "€2.5"},
		{tools.Column{Kind: "rate"}, 0.025, 0.025, "2.5%"},
		{tools.Column{Kind: "rate"}, 0.3, 0.1, "30%"},
		{tools.Column{Kind: "count"}, 1500, 500, "1,500"},
		{tools.Column{Kind: "number"}, 0.30000000000000004, 0.1, "0.3"},
	} {
		if got := tickText(lang, c.column, c.v, c.step); got != c.want {
			t.Errorf("%v: %q, want %q", c.v, got, c.want)
		}
	}
}

// shapes are the attributes of a picture's elements of a kind and class.
func shapes(svg, name, class string) []map[string]float64 {
	var list []map[string]float64
	for _, tag := range regexp.MustCompile(`<`+name+` class="`+class+`"[^>]*>`).FindAllString(svg, -1) {
		one := map[string]float64{}
		for _, m := range regexp.MustCompile(`(\w+)="(-?[\d.]+)"`).FindAllStringSubmatch(tag, -1) {
			one[m[1]], _ = strconv.ParseFloat(m[2], 64)
		}
		list = append(list, one)
	}
	return list
}

func english(t testing.TB) *wording.Language {
	t.Helper()
	lang, err := wording.For("en")
	if err != nil {
		t.Fatal(err)
	}
	return lang
}

func drawn(t *testing.T, r *tools.Result) *Picture {
	t.Helper()
	p, err := SVG(english(t), r, "p1")
	if err != nil {
		t.Fatal(err)
	}
	if p == nil {
		t.Fatalf("%s is not drawn", r.Title)
	}
	return p
}

// Bars are as long as their figures, the figures stand beside them.
func TestBarsAreToScale(t *testing.T) {
	r := &tools.Result{
		Columns: []tools.Column{{Name: "country", Kind: "text"}, {Name: "revenue", Kind: "money", Unit: "EUR"}}, Chart: &tools.Chart{Type: "bar", X: "country", Y: "revenue"},
		Rows: [][]any{{"Spain", "400.00"}, {"Portugal", "100.00"}, {"France", nil}, {"Chile", "-200.00"}},
	}
	p := drawn(t, r)
	for _, svg := range []string{string(p.Wide), string(p.Narrow)} {
		peak, bar, minus := shapes(svg, "rect", "bar peak"), shapes(svg, "rect", "bar"), shapes(svg, "rect", "minus")
		if len(peak) != 1 || len(bar) != 1 || len(minus) != 1 {
			t.Fatalf("%d %d %d bars", len(peak), len(bar), len(minus))
		}
		if w := peak[0]["width"]; math.Abs(bar[0]["width"]*4-w) > 0.5 || math.Abs(minus[0]["width"]*2-w) > 0.5 || w < 70 {
			t.Errorf("lengths %v %v %v", w, bar[0]["width"], minus[0]["width"])
		}
		if math.Abs(minus[0]["x"]+minus[0]["width"]-peak[0]["x"]) > 0.2 {
			t.Error("bars do not meet at 0")
		}
		for _, want := range []string{">€400.00<", ">€100.00<", ">-€200.00<", ">—<", ">Spain<"} {
			if !strings.Contains(svg, want) {
				t.Errorf("%q is not there", want)
			}
		}
	}
	if want := "Bars of Revenue by Country. Spain: €400.00. Portugal: €100.00. Chile: -€200.00."; p.Desc != want {
		t.Errorf("described as %q", p.Desc)
	}
}

// A point whose interval holds 0 is hollow, one under 0 is marked.
func TestForest(t *testing.T) {
	p := drawn(t, charttest.Effects())
	svg := string(p.Wide)
	plain, hollow, minus := shapes(svg, "circle", "dot"), shapes(svg, "circle", "dot hollow"), shapes(svg, "circle", "dot minus")
	if len(plain) != 3 || len(hollow) != 1 || len(minus) != 1 {
		t.Fatalf("%d plain, %d hollow, %d under 0", len(plain), len(hollow), len(minus))
	}
	// 1.4 and 0.95 and 0.5 lie 0.45 apart.
	if a, b := plain[0]["cx"]-plain[1]["cx"], plain[1]["cx"]-plain[2]["cx"]; math.Abs(a-b) > 0.2 || a <= 0 {
		t.Errorf("points are not to scale: %v %v", a, b)
	}
	if !strings.Contains(svg, "orders in the last year: 1.4 (1.3 – 1.52)") || !strings.Contains(p.Desc, "A hollow point") {
		t.Error("the interval is not told")
	}
}

func TestChartsByShape(t *testing.T) {
	for _, c := range []struct {
		name string
		r    *tools.Result
		want map[string]int // pattern → how often in the wide picture
	}{
		{"one line", charttest.Course(1), map[string]int{`class="curve c0"`: 1, `class="area"`: 1, `class="point c0"`: 12}},
		{"four lines", charttest.Course(4), map[string]int{`class="curve c`: 4, `class="area"`: 0, `class="name c`: 4}},
		{"many lines", charttest.Course(7), map[string]int{`class="curve c0"`: 7, `class="label strong"`: 7}},
		{"a flow", charttest.Moves(), map[string]int{` stay"`: 7, `<rect class="node`: 15}},
		{"points", charttest.Points(), map[string]int{`class="spot"`: 12}},
		{"a map", charttest.Map(), map[string]int{`<rect class="h`: 15, `class="on h`: 15, `<rect class="h6"`: 1}},
	} {
		p := drawn(t, c.r)
		for pattern, n := range c.want {
			if got := strings.Count(string(p.Wide), pattern); got != n {
				t.Errorf("%s: %s is there %d times, not %d", c.name, pattern, got, n)
			}
		}
		if p.Desc == "" || p.Title == "" {
			t.Errorf("%s says nothing of itself", c.name)
		}
	}
}

// What cannot be drawn is left to the table, and nothing panics.
func TestWhatIsNotDrawn(t *testing.T) {
	lang := english(t)
	text, count := tools.Column{Name: "a", Kind: "text"}, tools.Column{Name: "n", Kind: "count"}
	for name, r := range map[string]*tools.Result{
		"no chart":       {Columns: []tools.Column{text, count}, Rows: [][]any{{"x", 1}, {"y", 2}}},
		"one row":        {Columns: []tools.Column{text, count}, Rows: [][]any{{"x", 1}}, Chart: &tools.Chart{Type: "bar", X: "a", Y: "n"}},
		"no such column": {Columns: []tools.Column{text, count}, Rows: [][]any{{"x", 1}, {"y", 2}}, Chart: &tools.Chart{Type: "bar", X: "a", Y: "m"}},
		"all unset":      {Columns: []tools.Column{text, count}, Rows: [][]any{{"x", nil}, {"y", nil}}, Chart: &tools.Chart{Type: "line", X: "a", Y: "n"}},
		"all nothing":    {Columns: []tools.Column{text, count}, Rows: [][]any{{"x", 0}, {"y", 0}}, Chart: &tools.Chart{Type: "bar", X: "a", Y: "n"}},
		"short rows":     {Columns: []tools.Column{text, count}, Rows: [][]any{{"x"}, {}}, Chart: &tools.Chart{Type: "bar", X: "a", Y: "n"}},
		"unknown":        {Columns: []tools.Column{text, count}, Rows: [][]any{{"x", 1}, {"y", 2}}, Chart: &tools.Chart{Type: "pie", X: "a", Y: "n"}},
		"places of two":  {Columns: []tools.Column{text, {Name: "b", Kind: "text"}, count}, Rows: [][]any{{"x", "s", 1}, {"x", "s", 2}}, Chart: &tools.Chart{Type: "heatmap", X: "a", Y: "n", Series: "b"}},
		"no flow":        {Columns: []tools.Column{{Name: "from", Kind: "text"}, {Name: "to", Kind: "text"}, count}, Rows: [][]any{{"x", "s", 0}, {"x", "t", 0}}, Chart: &tools.Chart{Type: "sankey", X: "from", Y: "n", Series: "to"}},
	} {
		if p, err := SVG(lang, r, "p1"); err != nil || p != nil {
			t.Errorf("%s is drawn (%v)", name, err)
		}
	}
	for _, kind := range []string{"bar", "line", "heatmap", "sankey", "scatter"} {
		for _, v := range []any{math.NaN(), math.Inf(1), -1e300, 1e300, "x", nil, true} {
			r := charttest.Moves()
			r.Chart.Type = kind
			r.Rows[0][2], r.Rows[5][2] = v, v
			if p, err := SVG(lang, r, "p1"); err != nil || p != nil && strings.Contains(string(p.Wide), "NaN") {
				t.Errorf("%s with %v writes NaN", kind, v)
			}
		}
	}
}
