package digest

import (
	"fmt"
	"os"
	"testing"

	"github.com/goccy/go-yaml"
)

// phrase is a line of testdata/phrases.
type phrase struct {
	Say string `yaml:"say"`
	Is  string `yaml:"is"`
	Ask string `yaml:"ask"`
}

func phrases(t *testing.T, lang string) (list []phrase) {
	t.Helper()
	data, err := os.ReadFile("testdata/phrases/" + lang + ".yaml")
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(data, &list); err != nil {
		t.Fatal(err)
	}
	return list
}

// inShort writes what Parse made of a text in the notation of the phrases.
func inShort(r Request, ok bool) string {
	switch {
	case !ok:
		return "none"
	case r.Refused != "":
		return "refused " + string(r.Refused)
	case r.Doubt != "":
		return fmt.Sprintf("doubt %s %s", r.Doubt, r.Schedule)
	}
	return r.Schedule.String()
}

func TestParseReadsWhatPeopleSay(t *testing.T) {
	for _, lang := range codes {
		list := phrases(t, lang)
		if len(list) < 60 {
			t.Errorf("%s has only %d phrases", lang, len(list))
		}
		for _, p := range list {
			r, ok := Parse(p.Say)
			if got := inShort(r, ok); got != p.Is {
				t.Errorf("%s: %q\n is %s\nnot %s", lang, p.Say, got, p.Is)
				continue
			}
			if p.Ask != "" && r.Question != p.Ask {
				t.Errorf("%s: %q\nasks %q\n not %q", lang, p.Say, r.Question, p.Ask)
			}
			if ok && r.Language != lang {
				t.Errorf("%q was taken for %s, not %s", p.Say, r.Language, lang)
			}
		}
	}
}
