package main

import (
	"cmp"
	_ "embed"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
)

// finding is one thing amiss: where, what, and what to do about it.
type finding struct {
	file, heading, phrase, what, do string
	advice                          bool // may be meant
}

func (f finding) String() string {
	kind := "fault"
	if f.advice {
		kind = "look"
	}
	return fmt.Sprintf("%s: %s: %s: %q: %s; %s", kind, f.file, f.heading, f.phrase, f.what, f.do)
}

//go:embed allowed.yaml
var allowedText []byte

// allowance is something that looks amiss and is meant. Empty parts fit
// anything.
type allowance struct {
	File, Heading, Phrase, Why string
}

func (a allowance) fits(f finding) bool {
	one := func(want, is string) bool { return want == "" || want == is }
	return one(a.File, f.file) && one(a.Heading, f.heading) && one(a.Phrase, f.phrase)
}

var languages = []string{"en", "es", "pt"}

// check reads all files of the lexicon and gives what is amiss in them.
func check(files fs.FS) ([]finding, error) {
	var allowed []allowance
	if err := yaml.Unmarshal(allowedText, &allowed); err != nil {
		return nil, fmt.Errorf("read allowed.yaml: %w", err)
	}
	for _, a := range allowed {
		if a.Why == "" || a.File+a.Heading+a.Phrase == "" {
			return nil, fmt.Errorf("read allowed.yaml: %s %s %s: say what is allowed, and why", a.File, a.Heading, a.Phrase)
		}
	}
	var out []finding
	byLang := map[string]*words{}
	for _, lang := range languages {
		w, err := readWords(files, lang)
		if err != nil {
			return nil, err
		}
		byLang[lang] = w
		out = append(out, w.spelling()...)
		out = append(out, w.collisions()...)
	}
	out = append(out, gaps(byLang)...)
	for _, read := range []func(fs.FS) ([]finding, error){terms, orderForms, toolForms} {
		list, err := read(files)
		if err != nil {
			return nil, err
		}
		out = append(out, list...)
	}
	out = slices.DeleteFunc(out, func(f finding) bool {
		return slices.ContainsFunc(allowed, func(a allowance) bool { return a.fits(f) })
	})
	slices.SortStableFunc(out, func(a, b finding) int {
		return cmp.Or(cmp.Compare(a.file, b.file), cmp.Compare(a.heading, b.heading), cmp.Compare(a.phrase, b.phrase), cmp.Compare(a.what, b.what))
	})
	return out, nil
}

func readYAML(files fs.FS, name string, into any) error {
	raw, err := fs.ReadFile(files, "lexicon/"+name)
	if err != nil {
		return fmt.Errorf("read the lexicon: %w", err)
	}
	if err := yaml.Unmarshal(raw, into); err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	return nil
}

// terms checks that what means the same does so in every language.
func terms(files fs.FS) ([]finding, error) {
	var out []finding
	for _, file := range []string{"terms.yaml", "trades.yaml"} {
		list, err := termsIn(files, file)
		if err != nil {
			return nil, err
		}
		out = append(out, list...)
	}
	return out, nil
}

func termsIn(files fs.FS, file string) ([]finding, error) {
	var doc struct {
		Terms  []map[string][]string            `yaml:"terms"`
		Values map[string][]map[string][]string `yaml:"values"`
	}
	if err := readYAML(files, file, &doc); err != nil {
		return nil, err
	}
	var out []finding
	group := func(heading string, t map[string][]string) {
		first := ""
		for _, lang := range languages {
			for _, p := range append(slices.Clone(t[lang]), t[lang+"_verbs"]...) {
				if first == "" {
					first = p
				}
				if p != strings.ToLower(p) {
					out = append(out, finding{file: file, heading: heading, phrase: p, what: "has upper case", do: "write it in lower case"})
				}
			}
		}
		for _, lang := range languages {
			if len(t[lang])+len(t[lang+"_verbs"]) == 0 {
				out = append(out, finding{file: file, heading: heading, phrase: first, what: "has no phrase in " + lang, do: "add what people say there, unless another group has it", advice: true})
			}
		}
	}
	for _, t := range doc.Terms {
		group("terms", t)
	}
	for c, list := range doc.Values {
		for _, t := range list {
			group("values "+c, t)
		}
	}
	return out, nil
}
