package slackbot

import (
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

var hole = regexp.MustCompile(`\{\w+\}`)

// walkWords notes each text of a language with the values that it takes.
func walkWords(t *testing.T, code string, w *words, into map[string]bool) {
	t.Helper()
	v := reflect.ValueOf(*w)
	for i := range v.NumField() {
		field := v.Type().Field(i)
		if tag := field.Tag.Get("yaml"); tag != "" {
			walkWord(t, code, tag, v.Field(i), into)
		}
	}
}

func walkWord(t *testing.T, code, name string, v reflect.Value, into map[string]bool) {
	t.Helper()
	switch v.Kind() {
	case reflect.String:
		if strings.TrimSpace(v.String()) == "" {
			t.Errorf("%s: %s is empty", code, name)
		}
		holes := hole.FindAllString(v.String(), -1)
		slices.Sort(holes)
		into[name+" "+strings.Join(slices.Compact(holes), " ")] = true
	case reflect.Map:
		for _, key := range v.MapKeys() {
			walkWord(t, code, name+"."+key.String(), v.MapIndex(key), into)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			walkWord(t, code, name+"."+v.Type().Field(i).Tag.Get("yaml"), v.Field(i), into)
		}
	case reflect.Slice:
		if v.Len() == 0 {
			t.Errorf("%s: %s is empty", code, name)
		}
		into[name] = true
	}
}

// The file has the same keys in each language, none that is not used.
func TestWordsFile(t *testing.T) {
	var raw map[string]map[string]any
	if err := yaml.Unmarshal(wordsYAML, &raw); err != nil {
		t.Fatal(err)
	}
	for code, list := range raw {
		for key := range raw["en"] {
			if list[key] == nil {
				t.Errorf("%s has no %s", code, key)
			}
		}
		if len(list) != len(raw["en"]) {
			t.Errorf("%s has %d keys", code, len(list))
		}
	}
	source := readSources(t)
	typ := reflect.TypeFor[words]()
	for i := range typ.NumField() {
		if name := typ.Field(i).Name; name != "lang" && !strings.Contains(source, "."+name) {
			t.Errorf("nothing says %s", name)
		}
	}
}

// readSources is the package's own code.
func readSources(t *testing.T) string {
	t.Helper()
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") || name == "words.go" {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(text)
	}
	return all.String()
}
