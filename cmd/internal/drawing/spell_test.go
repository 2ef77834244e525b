package drawing

import (
	"strings"
	"testing"
	"unicode/utf8"

	"tesela/cmd/internal/drawing/charttest"
)

// What there are letters for is written as it is; what there are none for is
// told by what it is, never dropped and never an empty box.
func TestSpelling(t *testing.T) {
	f, err := loadFonts()
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"Señor Müller & Søn Ångström, São João": "Señor Müller & Søn Ångström, São João",
		"€1,234.50 £3 ¥5 12.345,6\u00a0€":       "€1,234.50 £3 ¥5 12.345,6\u00a0€",
		"Ελλάδα Иванов Łódź Kraków Škoda Tiếng": "Ελλάδα Иванов Łódź Kraków Škoda Tiếng",
		"a\u0301 n\u0303 e\u0308":               "á ñ ë",
		"ＡＢＣ ① ㎏":                               "ABC 1 kg",
		"東京 Tokyo":                              "[Han 6771 4EAC] Tokyo",
		"東京":                                    "[Han 6771 4EAC]",
		"東亰":                                    "[Han 6771 4EB0]",
		"ひろ":                                    "[Hiragana 3072 308D]",
		"👟 Zapatillas":                          "[athletic shoe] Zapatillas",
		"👍🏽":                                    "[thumbs up sign]",
		"🇪🇸 España":                             "ES España",
		"1️⃣":                                   "1",
		"₹1,000.00":                             "INR\u00a01,000.00",
		"1.000 ₺":                               "1.000 TRY",
		"1\u202f000":                            "1\u00a0000",
		"\x1b[2J\u202eabc\x00":                  "[2Jabc",
		"\U000f0000":                            "[U+ F0000]",
		"שלום":                                  "שלום",
		"":                                      "",
	} {
		l := newLetters(f)
		got := l.spell(text)
		if got != want {
			t.Errorf("%q is written %q, want %q", text, got, want)
		}
		if again := l.spell(got); again != got {
			t.Errorf("%q is written otherwise the second time: %q", got, again)
		}
		if told := strings.Contains(got, "[") && !strings.Contains(text, "["); l.told != told {
			t.Errorf("%q: that letters were told of is %v", text, l.told)
		}
	}
}

// Whatever the text, every letter of what is written is one that there is.
func FuzzSpelling(f *testing.F) {
	for _, s := range []string{"plain", "東京", "👩‍👩‍👧", "\xff\xfe", "a\u0301\u0302\u0303", charttest.Hostile, "مرحبا", "\u0e01\u0e33", "\U0001f1ea"} {
		f.Add(s)
	}
	fonts, err := loadFonts()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, s string) {
		l := newLetters(fonts)
		got := l.spell(s)
		for _, r := range got + visual(got) {
			if !l.has(r) {
				t.Fatalf("%q is written %q: there is no letter for %U", s, got, r)
			}
		}
		if !utf8.ValidString(got) || len([]rune(visual(got))) != len([]rune(got)) {
			t.Fatalf("%q is drawn as %q", got, visual(got))
		}
	})
}

func TestClip(t *testing.T) {
	for _, c := range []struct {
		text string
		most int
		want string
	}{{"abc", 3, "abc"}, {"abcd", 3, "ab…"}, {"ñññ", 3, "ñññ"}, {"ññññ", 3, "ññ…"}, {"", 3, ""}, {"abc", 100, "abc"}} {
		if got := clip(c.text, c.most); got != c.want {
			t.Errorf("%q in %d is %q, want %q", c.text, c.most, got, c.want)
		}
	}
}

// A text is broken into lines of a width at blanks, and nothing but its end is
// lost.
func TestWrap(t *testing.T) {
	f, err := loadFonts()
	if err != nil {
		t.Fatal(err)
	}
	l := newLetters(f)
	text := "How customers moved within the life cycle from October to January, and who came back"
	for _, wide := range []float64{120, 200, 440, 2000} {
		lines := l.wrap(text, "title", wide, 20)
		if strings.Join(lines, " ") != text {
			t.Errorf("in %v: %q", wide, lines)
		}
		for _, line := range lines {
			if w := l.width(line, lookOf(textShape, "title")); w > wide {
				t.Errorf("in %v: %q is %v wide", wide, line, w)
			}
		}
	}
	cut := l.wrap(text, "title", 120, 2)
	if len(cut) != 2 || !strings.HasSuffix(cut[1], "…") || l.width(cut[1], lookOf(textShape, "title")) > 120 {
		t.Errorf("cut to %q", cut)
	}
	if one := l.wrap(strings.Repeat("x", 500), "title", 120, 3); len(one) != 3 || !strings.HasSuffix(one[2], "…") {
		t.Errorf("without blanks: %q", one)
	}
	if none := l.wrap("", "title", 120, 3); len(none) != 0 {
		t.Errorf("nothing is %q", none)
	}
}
