package main

import (
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
)

// few and times bound how unlike the languages may be in the number of phrases
// under one heading.
const (
	few   = 15
	times = 6
)

// openHeadings have parts that are each language's own: numbers in words, the
// names of days that it celebrates.
var openHeadings = []string{"numbers", "multipliers", "ordinals", "times_words", "currencies", "age_compare", "named_days"}

// gaps finds headings and parts that one language has and another lacks.
func gaps(byLang map[string]*words) []finding {
	var out []finding
	all := map[string]bool{}
	for _, w := range byLang {
		for h := range w.headings {
			all[h] = true
		}
	}
	for h := range all {
		most, least, lang := 0, 1<<30, ""
		attrs := map[string]bool{}
		for _, l := range languages {
			n := byLang[l].headings[h]
			most = max(most, n)
			if n < least {
				least, lang = n, l
			}
			for a := range byLang[l].attrs[h] {
				attrs[a] = true
			}
		}
		switch {
		case least == 0:
			out = append(out, finding{file: lang + ".yaml", heading: h, what: "has no phrase, other languages have", do: "add what people say there"})
			continue
		case most > few && most > times*least:
			out = append(out, finding{file: lang + ".yaml", heading: h, what: fmt.Sprintf("has %d phrases, another language has %d", least, most), do: "think of what else people say there", advice: true})
		}
		if slices.Contains(openHeadings, h) {
			continue
		}
		for a := range attrs {
			for _, l := range languages {
				if byLang[l].attrs[h][a] == 0 {
					out = append(out, finding{file: l + ".yaml", heading: place{h, a}.String(), what: "has no phrase, other languages have", do: "add what people say there"})
				}
			}
		}
	}
	return out
}

// orderForms checks orders.yaml: lists that forms name and nobody defines, and
// orders that one language cannot give.
func orderForms(files fs.FS) ([]finding, error) {
	var doc map[string]any
	if err := readYAML(files, "orders.yaml", &doc); err != nil {
		return nil, err
	}
	slots := []string{"name", "word", "who", "meaning", "fields", "format"}
	var out []finding
	forms := map[string]map[string]bool{}
	for _, lang := range languages {
		part, _ := doc[lang].(map[string]any)
		lists, _ := part["lists"].(map[string]any)
		byOrder, _ := part["forms"].(map[string]any)
		used := map[string]bool{}
		for order, list := range byOrder {
			for _, f := range asTexts(list) {
				for _, name := range between(f, '{', '}') {
					used[name] = true
					if lists[name] == nil && !slices.Contains(slots, name) {
						out = append(out, finding{file: "orders.yaml", heading: lang + " " + order, phrase: f, what: "names {" + name + "}, which is no list and no slot", do: "define the list or mend the name"})
					}
				}
			}
		}
		for name := range lists {
			if !used[name] && !slices.Contains([]string{"leave", "end", "close", "people"}, name) {
				out = append(out, finding{file: "orders.yaml", heading: lang, phrase: name, what: "is a list that no form names", do: "use it or take it out", advice: true})
			}
		}
		forms[lang] = keysOf(byOrder)
	}
	return append(out, lacking("orders.yaml", forms)...), nil
}

// made are the lists that the planner makes itself: layers and their labels.
var made = []string{"label", "table", "somelayer"}

// toolForms checks tools.yaml and groups.yaml alike.
func toolForms(files fs.FS) ([]finding, error) {
	var out []finding
	shared := map[string]map[string]bool{}
	for _, file := range []string{"tools.yaml", "groups.yaml"} {
		var doc map[string]any
		if err := readYAML(files, file, &doc); err != nil {
			return nil, err
		}
		byLang := doc
		if under, ok := doc["languages"].(map[string]any); ok {
			byLang = under
		}
		forms := map[string]map[string]bool{}
		for _, lang := range languages {
			part, _ := byLang[lang].(map[string]any)
			if shared[lang] == nil {
				shared[lang] = map[string]bool{}
			}
			defined := shared[lang] // the second file has the lists of the first
			stages, _ := part["lists"].([]any)
			for _, stage := range stages {
				m, _ := stage.(map[string]any)
				for name := range m {
					defined[name] = true
				}
			}
			walk(part, func(heading, f string) {
				for _, name := range between(f, '<', '>') {
					if !defined[name] && !slices.Contains(made, name) && !strings.ContainsAny(name, " =") {
						out = append(out, finding{file: file, heading: lang + " " + heading, phrase: f, what: "names <" + name + ">, which no list is called", do: "define the list or mend the name"})
					}
				}
			})
			byTool, _ := part["forms"].(map[string]any)
			forms[lang] = keysOf(byTool)
		}
		out = append(out, lacking(file, forms)...)
	}
	return out, nil
}

// lacking finds tools with forms in one language and none in another.
func lacking(file string, forms map[string]map[string]bool) []finding {
	all := map[string]bool{}
	for _, m := range forms {
		maps.Copy(all, m)
	}
	var out []finding
	for name := range all {
		for _, lang := range languages {
			if !forms[lang][name] {
				out = append(out, finding{file: file, heading: lang, phrase: name, what: "has no form, other languages have", do: "add how people ask for it there"})
			}
		}
	}
	return out
}

// walk gives every text of a part with the heading it stands under.
func walk(v any, f func(heading, text string)) {
	var at func(heading string, v any)
	at = func(heading string, v any) {
		switch v := v.(type) {
		case string:
			f(heading, v)
		case []any:
			for _, x := range v {
				at(heading, x)
			}
		case map[string]any:
			for _, k := range slices.Sorted(maps.Keys(v)) {
				at(k, v[k])
			}
		}
	}
	at("", v)
}

func asTexts(v any) []string {
	var out []string
	walk(v, func(_, s string) { out = append(out, s) })
	return out
}

func keysOf(m map[string]any) map[string]bool {
	out := map[string]bool{}
	for k := range m {
		out[k] = true
	}
	return out
}

// between are the names in a form within a pair of brackets.
func between(s string, open, shut byte) []string {
	var out []string
	for {
		i := strings.IndexByte(s, open)
		if i < 0 {
			return out
		}
		j := strings.IndexByte(s[i:], shut)
		if j < 0 {
			return out
		}
		out = append(out, s[i+1:i+j])
		s = s[i+j+1:]
	}
}
