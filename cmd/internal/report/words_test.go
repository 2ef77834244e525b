package report

import (
	"maps"
	"reflect"
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
	values := regexp.MustCompile(`\{\w+\}`)
	texts := func(w *words) map[string]string {
		out := map[string]string{}
		v := reflect.ValueOf(*w)
		for i := range v.NumField() {
			name := v.Type().Field(i).Name
			if m, ok := v.Field(i).Interface().(map[string]string); ok {
				for key, text := range m {
					out[name+"."+key] = text
				}
				continue
			}
			out[name] = v.Field(i).String()
		}
		return out
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
			a, b := values.FindAllString(text, -1), values.FindAllString(english[name], -1)
			slices.Sort(a)
			slices.Sort(b)
			if !slices.Equal(slices.Compact(a), slices.Compact(b)) {
				t.Errorf("%s: %s holds %v, English %v", code, name, a, b)
			}
		}
	}
}
