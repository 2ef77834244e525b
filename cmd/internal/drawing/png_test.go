package drawing

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"maps"
	"math"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tesela/agent/wording"
	"tesela/cmd/internal/drawing/charttest"
	"tesela/tools"
)

// every is a result of each kind of chart.
func every() map[string]*tools.Result {
	return map[string]*tools.Result{
		"bars": bars("400.00", "100.00", "250.00", "-200.00"), "effects": charttest.Effects(), "flow": charttest.Moves(), "line": charttest.Course(1),
		"lines": charttest.Course(4), "panels": charttest.Course(7), "points": charttest.Points(), "map": charttest.Map(), "columns": columnsOf(),
	}
}

// bars are amounts by country.
func bars(amounts ...any) *tools.Result {
	r := &tools.Result{
		Title: "Revenue by country", Columns: []tools.Column{{Name: "country", Kind: "text"}, {Name: "revenue", Kind: "money", Unit: "EUR"}},
		Chart: &tools.Chart{Type: "bar", X: "country", Y: "revenue"},
	}
	for i, amount := range amounts {
		r.Rows = append(r.Rows, []any{fmt.Sprintf("Country %c", 'A'+i), amount})
	}
	return r
}

func columnsOf() *tools.Result {
	r := charttest.Course(1)
	r.Chart.Type = "bar"
	return r
}

// pictured draws a result and reads the picture back.
func pictured(t testing.TB, lang *wording.Language, r *tools.Result) (*image.RGBA, string) {
	t.Helper()
	raw, alt, ok, err := PNG(lang, r, Options{AsOf: time.Date(2025, 12, 31, 0, 0, 0, 0, time.UTC), Source: "the shop"})
	if err != nil || !ok {
		t.Fatalf("%.60s is not drawn: %v", r.Title, err)
	}
	return decoded(t, raw), alt
}

// decoded is a picture within the bounds of all.
func decoded(t testing.TB, raw []byte) *image.RGBA {
	t.Helper()
	im, err := png.Decode(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	b := im.Bounds()
	if b.Dx() != PixelWidth || b.Dy() > MaxHeight || b.Dy() < 200 || len(raw) > MaxBytes {
		t.Errorf("a picture of %v in %d bytes", b, len(raw))
	}
	rgba, ok := im.(*image.RGBA)
	if !ok {
		t.Fatalf("a picture of another kind: %T", im)
	}
	// Nothing reaches the edge: what lay outside would be cut.
	for i := range max(b.Dx(), b.Dy()) {
		for _, at := range [][2]int{{i, 6}, {i, b.Dy() - 7}, {6, i}, {b.Dx() - 7, i}} {
			if at[0] < b.Dx() && at[1] < b.Dy() && rgba.RGBAAt(at[0], at[1]) != (color.RGBA{255, 255, 255, 255}) {
				t.Errorf("something is drawn at the edge, %v of %v", at, b)
				return rgba
			}
		}
	}
	return rgba
}

// near tells a pixel of a colour, or one that the colour covers more than half.
func near(c color.RGBA, to color.NRGBA) bool {
	if c.R == c.G && c.G == c.B {
		return false
	}
	at := [3]float64{255 - float64(c.R), 255 - float64(c.G), 255 - float64(c.B)}
	full := [3]float64{255 - float64(to.R), 255 - float64(to.G), 255 - float64(to.B)}
	dot, long := 0.0, 0.0
	for i := range at {
		dot, long = dot+at[i]*full[i], long+full[i]*full[i]
	}
	cover := min(1, dot/long)
	off := 0.0
	for i := range at {
		off = math.Hypot(off, at[i]-cover*full[i])
	}
	return cover >= 0.5 && off < 20
}

// stripes are the lengths of a picture's bars from the top, in pixels, and
// where each begins: runs of a bar's colour that go on for some lines.
func stripes(im *image.RGBA) (lengths, starts []int) {
	colours := []color.NRGBA{paint("bar", 1), paint("peak", 1), paint("minus", 1)}
	tall := 0
	longest, start := 0, 0
	for y := range im.Bounds().Dy() + 1 {
		run, from := 0, 0
		for _, c := range colours {
			n := 0
			for x := range im.Bounds().Dx() {
				if y == im.Bounds().Dy() {
					break
				}
				if near(im.RGBAAt(x, y), c) {
					if n++; n > run {
						run, from = n, x-n+1
					}
				} else {
					n = 0
				}
			}
		}
		if run > 10 {
			if tall++; run > longest {
				longest, start = run, from
			}
			continue
		}
		if tall > 20 {
			lengths, starts = append(lengths, longest), append(starts, start)
		}
		tall, longest = 0, 0
	}
	return lengths, starts
}

// The pixels of bars are to each other as the figures are.
func TestBarsOfPicturesAreToScale(t *testing.T) {
	lang := english(t)
	for _, amounts := range [][]float64{{400, 100, 250, 333}, {12, 11, 10, 9, 8, 7}, {-400, -100, -250}, {1000, 20, 999}, {300, -100, 200}} {
		var cells []any
		most := 0.0
		for _, a := range amounts {
			cells = append(cells, fmt.Sprintf("%.2f", a))
			most = max(most, math.Abs(a))
		}
		im, _ := pictured(t, lang, bars(cells...))
		lengths, starts := stripes(im)
		if len(lengths) != len(amounts) {
			t.Errorf("%v: %d bars in the picture: %v", amounts, len(lengths), lengths)
			continue
		}
		lost := 0.0 // of each, under half of the line at 0
		if slices.Min(amounts) < 0 {
			lost = 0.5 * PixelWidth / (widths[0] + 2*margin)
		}
		longest := float64(slices.Max(lengths)) + lost
		if longest < 300 {
			t.Errorf("%v: the longest bar has %v pixels", amounts, longest)
		}
		for i, a := range amounts {
			if want := math.Abs(a) / most * longest; math.Abs(float64(lengths[i])+lost-want) > 1 {
				t.Errorf("%v: bar %d has %d pixels, not %.1f", amounts, i, lengths[i], want)
			}
			zero := starts[0]
			if amounts[0] < 0 {
				zero += lengths[0]
			}
			at := starts[i]
			if a < 0 {
				at += lengths[i]
			}
			if at < zero-3 || at > zero+3 {
				t.Errorf("%v: bar %d begins at %d, the first at %d", amounts, i, at, zero)
			}
		}
	}
}

// The colours that a kind of chart tells by are there.
func TestColoursOfPictures(t *testing.T) {
	for name, want := range map[string][]string{
		"bars": {"bar", "peak", "minus"}, "effects": {"peak", "minus"}, "flow": {"c0", "c1", "c2", "c3", "c4", "c5", "c6", "c7"},
		"lines": {"c0", "c1", "c2", "c3"}, "map": {"h1", "h2", "h3", "h4", "h5", "h6"},
	} {
		im, _ := pictured(t, english(t), every()[name])
		for _, colour := range append(want, "ink", "soft") {
			c, n := paint(colour, 1), 0
			for i := 0; i < len(im.Pix); i += 4 {
				if im.Pix[i] == c.R && im.Pix[i+1] == c.G && im.Pix[i+2] == c.B {
					n++
				}
			}
			if n < 200 {
				t.Errorf("%s: %d pixels are %s", name, n, colour)
			}
		}
	}
}

// A picture is the same whenever and wherever it is drawn.
func TestSameResultSamePicture(t *testing.T) {
	lang := english(t)
	first := map[string][]byte{}
	for _, name := range []string{"bars", "flow", "lines", "map"} {
		raw, _, _, err := PNG(lang, every()[name], Options{})
		if err != nil {
			t.Fatal(err)
		}
		first[name] = raw
	}
	for procs, names := range map[int][]string{1: {"bars"}, 4: slices.Sorted(maps.Keys(first))} {
		before := runtime.GOMAXPROCS(procs)
		var all sync.WaitGroup
		for _, name := range names {
			r := every()[name]
			all.Go(func() {
				raw, _, _, err := PNG(lang, r, Options{})
				if err != nil || !bytes.Equal(raw, first[name]) {
					t.Errorf("%s: another picture with %d processors (%v)", name, procs, err)
				}
			})
		}
		all.Wait()
		runtime.GOMAXPROCS(before)
	}
}

// What a picture shows is told with the result's figures, in the data's own
// letters, also of what the picture cannot write.
func TestAltTellsTheFigures(t *testing.T) {
	r := bars("400.00", "100.00")
	r.Rows[1][0] = "東京"
	_, alt := pictured(t, english(t), r)
	if want := "Revenue by country. Bars of Revenue by Country. Country A: €400.00. 東京: €100.00."; alt != want {
		t.Errorf("told as %q, want %q", alt, want)
	}
	r.Title = strings.Repeat("long ", 100_000)
	for i := range r.Rows {
		r.Rows[i][0] = fmt.Sprint(i, strings.Repeat("ñ", 50_000))
	}
	if _, alt = pictured(t, english(t), r); len([]rune(alt)) > longestAlt || !strings.Contains(alt, "€400.00") {
		t.Errorf("told in %d letters: %.200s", len([]rune(alt)), alt)
	}
	if _, alt = pictured(t, english(t), charttest.Points()); !strings.Contains(alt, "Group B") {
		t.Errorf("the points have no names: %s", alt)
	}
}

// What a chart has too much of is bounded and said.
func TestPicturesSayWhatTheyLeaveOut(t *testing.T) {
	var amounts []any
	for i := range 10_000 {
		amounts = append(amounts, 10_000-i)
	}
	r := bars(amounts...)
	s := sheetOf(t, english(t), r)
	if text := texts(s.frame); !slices.Contains(text, "The chart draws the first 12 of 10,000; the table has the others.") {
		t.Errorf("not said: %q", text)
	}
	im, _ := pictured(t, english(t), r)
	if lengths, _ := stripes(im); len(lengths) != 12 {
		t.Errorf("%d bars", len(lengths))
	}
}

func sheetOf(t testing.TB, lang *wording.Language, r *tools.Result) *sheet {
	t.Helper()
	f, err := loadFonts()
	if err != nil {
		t.Fatal(err)
	}
	w, err := wordsFor(lang)
	if err != nil {
		t.Fatal(err)
	}
	s := &sheet{letters: newLetters(f), words: w, lang: lang, title: r.Title, options: Options{AsOf: time.Date(2025, 12, 31, 9, 30, 0, 0, time.UTC), Source: "the shop"}}
	if !s.take(r) {
		t.Fatalf("%.60s is not drawn", r.Title)
	}
	s.compose()
	return s
}

// texts are those of a canvas.
func texts(c *canvas) []string {
	var list []string
	for i := range c.marks {
		if c.marks[i].shape == textShape {
			list = append(list, c.marks[i].text)
		}
	}
	return list
}

// Title, what is shown, the names of the lines, the date and the source stand
// around a chart, in each language.
func TestWhatStandsAroundAChart(t *testing.T) {
	for code, foot := range map[string]string{"en": "As of 31 December 2025, 09:30 · the shop", "es": "A fecha de 31 de diciembre de 2025, 09:30 · the shop", "pt": "À data de 31 de dezembro de 2025, 09:30 · the shop"} {
		lang, err := wording.For(code)
		if err != nil {
			t.Fatal(err)
		}
		got := texts(sheetOf(t, lang, charttest.Course(3)).frame)
		for _, want := range []string{"Size over time", foot, "star", "active", "new"} {
			if !slices.Contains(got, want) {
				t.Errorf("%s: %q is not among %q", code, want, got)
			}
		}
	}
	const hollow = "A hollow point's interval holds 0."
	if got := texts(sheetOf(t, english(t), charttest.Effects()).frame); !slices.Contains(got, hollow) {
		t.Errorf("around effects stands %q", got)
	}
	if got := texts(sheetOf(t, english(t), bars("1.00", "2.00")).frame); slices.Contains(got, "Country A") || len(got) != 3 {
		t.Errorf("around bars stands %q", got)
	}
}

// A result that tells of segments alone is drawn by their sizes; one of nothing
// to compare is not drawn.
func TestWhatHasAPicture(t *testing.T) {
	lang := english(t)
	r := &tools.Result{Title: "Groups"}
	for i := range 8 {
		r.Segments = append(r.Segments, tools.Segment{Name: fmt.Sprint("Group ", i), Size: 800 - 100*i, Share: 0.1, Formula: "x", Stage: "star"})
	}
	im, alt := pictured(t, lang, r)
	if lengths, _ := stripes(im); len(lengths) != 8 || !strings.Contains(alt, "Group 1: 700") {
		t.Errorf("bars %v, told as %q", lengths, alt)
	}
	for name, r := range map[string]*tools.Result{
		"nothing": {}, "one row": bars("3.00"), "no rows": bars(), "all nothing": bars("0.00", "0.00"), "all unset": bars(nil, nil), "all no numbers": bars("x", "y"),
		"no finite": bars(math.NaN(), math.NaN()),
	} {
		if raw, alt, ok, err := PNG(lang, r, Options{}); ok || err != nil || raw != nil || alt != "" {
			t.Errorf("%s has a picture of %d bytes: %q %v", name, len(raw), alt, err)
		}
	}
}
