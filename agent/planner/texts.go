package planner

import (
	"fmt"
	"io/fs"
	"strings"
)

// texts are the planner's own sentences by language and code.
type texts map[string]map[string]string

func readTexts(files fs.FS) (texts, error) {
	var t texts
	if err := readYAML(files, "lexicon/planner.yaml", &t); err != nil {
		return nil, err
	}
	for _, lang := range languages {
		for code := range t["en"] {
			if t[lang][code] == "" {
				return nil, fmt.Errorf("read the planner's texts: %s lacks %q", lang, code)
			}
		}
	}
	return t, nil
}

func (t texts) get(lang, code string) string { return t[lang][code] }

// assumptions words what was assumed, each once.
func (t texts) assumptions(lang string, list []assumption) []string {
	var out []string
	seen := map[string]bool{}
	for _, a := range list {
		s := t[lang][a.code]
		for k, v := range a.args {
			s = strings.ReplaceAll(s, "{"+k+"}", v)
		}
		if s != "" && !seen[s] {
			seen[s] = true
			out = append(out, s)
		}
	}
	return out
}
