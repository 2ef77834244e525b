package main

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// maxPhrase is how many words the planner looks up as one phrase.
const maxPhrase = 8

// place is where a phrase stands: "compare", ">=" or "concepts", "customer noun".
type place struct{ heading, attr string }

func (p place) String() string { return strings.TrimSpace(p.heading + " " + p.attr) }

// words are the phrases of one language's file.
type words struct {
	file     string
	headings map[string]int                // phrases under each
	attrs    map[string]map[string]int     // of headings with parts
	places   map[string]map[place][]string // folded phrase → where, and as written
}

func readWords(files fs.FS, lang string) (*words, error) {
	w := &words{file: lang + ".yaml", headings: map[string]int{}, attrs: map[string]map[string]int{}, places: map[string]map[place][]string{}}
	var doc map[string]any
	if err := readYAML(files, w.file, &doc); err != nil {
		return nil, err
	}
	for heading, v := range doc {
		switch v := v.(type) {
		case []any:
			if len(v) > 0 && isRow(v[0]) {
				w.addRows(heading, v)
				continue
			}
			w.add(place{heading, ""}, v)
		case map[string]any:
			for attr, list := range v {
				switch list := list.(type) {
				case []any:
					w.add(place{heading, attr}, list)
				case map[string]any: // nouns and verbs
					for form, l := range list {
						if l, ok := l.([]any); ok {
							w.add(place{heading, attr + " " + form}, l)
						}
					}
				default: // a phrase and its number
					w.add(place{heading, fmt.Sprint(list)}, []any{attr})
				}
			}
		}
	}
	return w, nil
}

func (w *words) add(at place, list []any) {
	if w.attrs[at.heading] == nil {
		w.attrs[at.heading] = map[string]int{}
	}
	for _, p := range list {
		s := fmt.Sprint(p)
		f := fold(s)
		w.headings[at.heading]++
		w.attrs[at.heading][at.attr]++
		if w.places[f] == nil {
			w.places[f] = map[place][]string{}
		}
		w.places[f][at] = append(w.places[f][at], s)
	}
}

func isRow(v any) bool {
	_, ok := v.(map[string]any)
	return ok
}

// addRows adds what is typed in rows that tell what is meant by it.
func (w *words) addRows(heading string, rows []any) {
	for _, r := range rows {
		row, _ := r.(map[string]any)
		typed, _ := row["typed"].([]any)
		w.add(place{heading, ""}, typed)
	}
}

// spelling finds phrases that are written so that they never match, or twice.
func (w *words) spelling() []finding {
	var out []finding
	for f, places := range w.places {
		for at, written := range places {
			tell := func(what, do string, advice bool) {
				out = append(out, finding{file: w.file, heading: at.String(), phrase: written[0], what: what, do: do, advice: advice})
			}
			if f == "" {
				tell("is empty once it is folded", "take it out", false)
				continue
			}
			if n := len(strings.Fields(f)); n > maxPhrase {
				tell(fmt.Sprintf("has %d words, and phrases of more than %d are never looked up", n, maxPhrase), "shorten it to what sets it apart", false)
			}
			for _, s := range written {
				if s != strings.ToLower(s) {
					tell("has upper case", "write it in lower case", false)
				}
			}
			if len(written) > 1 && slices.Index(written[1:], written[0]) >= 0 {
				tell("stands here twice", "keep one", true)
			} else if len(written) > 1 && accents(written[0]) == accents(written[1]) {
				tell(fmt.Sprintf("is the same as %q here", written[1]), "keep one", true)
			}
		}
	}
	return out
}

// Words without weight, and those that turn a sentence or bound a figure.
var (
	weightless = []string{"glue", "filler", "light"}
	turning    = []string{"not", "not_ever", "none", "except", "only", "or", "neither", "than", "compare", "compare_after", "actions", "forecast", "said_no", "unknown_of", "vague_numbers", "more", "more_often"}
)

// opposite are parts of one heading, or two headings, that cannot both be
// meant by the same phrase.
var opposite = [][2]string{
	{"ask_most", "ask_least"},
	{"said_yes", "said_no"},
	{"since", "until"},
	{"before", "after"},
	{"not", "only"},
	{"last_event", "first_event"},
	{"start_of", "end_of"},
	{"and", "or"},
	{"greetings", "correction"},
}

// single are the headings of which a phrase can mean one part only.
var single = []string{
	"compare", "compare_after", "age_compare", "age_years", "numbers", "multipliers", "ordinals", "units", "months", "weekdays", "quarter_names",
	"half_names", "best_selling", "most_common", "measures", "order_phrase", "more", "more_often", "times_words", "named_days", "stats_after", "to_date", "days", "part_of",
}

// collisions finds phrases whose places cannot all be meant.
func (w *words) collisions() []finding {
	var out []finding
	for f, places := range w.places {
		has := map[string][]place{}
		for at := range places {
			has[at.heading] = append(has[at.heading], at)
		}
		for _, g := range weightless {
			for _, t := range turning {
				if len(has[g]) > 0 && len(has[t]) > 0 && sameAccents(places, g, t) {
					out = append(out, finding{file: w.file, heading: g, phrase: f, what: "carries no weight here and turns or bounds a sentence under " + t, do: "take it out of " + g})
				}
			}
		}
		for _, o := range opposite {
			if len(has[o[0]]) > 0 && len(has[o[1]]) > 0 && sameAccents(places, o[0], o[1]) {
				out = append(out, finding{file: w.file, heading: o[0], phrase: f, what: "also means the opposite, under " + o[1], do: "keep the one people mean"})
			}
		}
		for _, h := range single {
			attrs := map[string]bool{}
			for _, at := range has[h] {
				attrs[at.attr] = true
			}
			if len(attrs) > 1 {
				out = append(out, finding{file: w.file, heading: h, phrase: f, what: "means two parts of one heading", do: "keep the one people mean"})
			}
		}
		out = append(out, w.halfAccented(f, places)...)
	}
	return out
}

// sameAccents tells whether a phrase is written alike under two headings: "e"
// and "é" may be two words.
func sameAccents(places map[place][]string, a, b string) bool {
	written := map[string]bool{}
	for at, list := range places {
		if at.heading == a {
			for _, s := range list {
				written[accents(s)] = true
			}
		}
	}
	for at, list := range places {
		if at.heading == b {
			for _, s := range list {
				if written[accents(s)] {
					return true
				}
			}
		}
	}
	return false
}

// halfAccented finds phrases with an accent in one place and without in
// another that means something else: typed in haste they cannot be told apart.
func (w *words) halfAccented(f string, places map[place][]string) []finding {
	with, without := place{}, place{}
	for at, list := range places {
		for _, s := range list {
			if accents(s) == f {
				without = at
			} else {
				with = at
			}
		}
	}
	if with.heading == "" || without.heading == "" || with.heading == without.heading {
		return nil
	}
	return []finding{{file: w.file, heading: with.String(), phrase: f, what: "is written with an accent here and without under " + without.String(), do: "write the accent in both, unless they are two words", advice: true}}
}

// accents is a phrase as typed but for its case, signs and spaces.
func accents(s string) string {
	return strings.Join(strings.Fields(strings.Map(letters, strings.ToLower(norm.NFC.String(s)))), " ")
}

// fold is a phrase as the planner compares it: no case, no accents, no signs
// but where it is made of nothing else.
func fold(s string) string {
	bare := strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(strings.ToLower(s)))
	if f := strings.Join(strings.Fields(strings.Map(letters, bare)), " "); f != "" {
		return f
	}
	return strings.TrimSpace(bare)
}

func letters(r rune) rune {
	switch {
	case r == '\'' || r == '’':
		return -1
	case r == '-' || r == '_' || r == '/':
		return ' '
	}
	return r
}
