package planner

import (
	"fmt"
	"io/fs"
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
