package wording

import (
	"slices"
	"strings"
	"testing"
)

func TestUsed(t *testing.T) {
	for code, c := range map[string]struct {
		one, many []string
	}{
		"en": {[]string{"1 round", "1 token"}, []string{"3 rounds", "about 12,345 tokens", "$0.0043"}},
		"es": {[]string{"1 ronda", "1 token"}, []string{"3 rondas", "unos 12.345 tokens", "0,0043 $"}},
		"pt": {[]string{"1 rodada", "1 token"}, []string{"3 rodadas", "cerca de 12.345 tokens", "US$ 0,0043"}},
	} {
		lang, err := For(code)
		if err != nil {
			t.Fatal(err)
		}
		if got := lang.Used(1, 1, false, 0); !slices.Equal(got, c.one) {
			t.Errorf("%s: %q", code, got)
		}
		if got := lang.Used(3, 12345, true, 0.00428); !slices.Equal(got, c.many) {
			t.Errorf("%s: %q", code, got)
		}
		// All bounds have a name, and no text a place left open.
		all := []string{"rounds", "tokens", "cost", "time", "text"}
		for _, name := range all {
			if lang.Bounds[name] == "" {
				t.Errorf("%s: the bound %s has no name", code, name)
			}
		}
		for _, text := range []string{lang.Bounded(all), lang.Unbounded(all)} {
			if strings.ContainsAny(text, "{}") || !strings.Contains(text, lang.Bounds["time"]) || strings.ContainsAny(text, "0123456789") {
				t.Errorf("%s: %q", code, text)
			}
		}
	}
	en, err := For("en")
	if err != nil {
		t.Fatal(err)
	}
	for cost, want := range map[float64]string{12.345: "$12.35", 0.5: "$0.50", 0.0123: "$0.012", 0.0000004: "$0.00000040", 1e-12: "$0.00000000"} {
		if got := en.Used(1, 1, false, cost)[2]; got != want {
			t.Errorf("%v is %s, expected %s", cost, got, want)
		}
	}
}
