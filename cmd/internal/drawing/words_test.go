package drawing

import (
	"maps"
	"regexp"
	"slices"
	"testing"

	"tesela/agent/wording"
)

// Every language says everything, with the same values in it.
func TestWordsAreWholeInEachLanguage(t *testing.T) {
	all, err := loadWords()
	if err != nil {
		t.Fatal(err)
	}
	texts := func(w *words) map[string]string {
		out := maps.Clone(w.Chart)
		out["more_drawn"], out["as_of"], out["told"] = w.MoreDrawn, w.AsOf, w.Told
		return out
	}
	values := regexp.MustCompile(`\{\w+\}`)
	in := func(text string) []string {
		return slices.Compact(slices.Sorted(slices.Values(values.FindAllString(text, -1))))
	}
	english := texts(all["en"])
	for _, code := range wording.Codes() {
		own := texts(all[code])
		if !slices.Equal(slices.Sorted(maps.Keys(own)), slices.Sorted(maps.Keys(english))) {
			t.Errorf("%s has other texts than English", code)
		}
		for name, text := range own {
			if text == "" {
				t.Errorf("%s says nothing for %s", code, name)
			}
			if !slices.Equal(in(text), in(english[name])) {
				t.Errorf("%s: %s holds %v, English %v", code, name, in(text), in(english[name]))
			}
		}
	}
}
