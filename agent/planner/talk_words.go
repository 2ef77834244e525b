package planner

import (
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"
)

// talkWords are how people talk about the talk itself and about one thing of
// the last question (prompts/lexicon/dialogue.yaml), in one language.
type talkWords struct {
	moves   []talkForm // in the order of trying
	changes []talkForm
	// picks and places take what was offered or shown, by number; 0 the last.
	// Picks are figures and letters, which only stand for readings.
	picks, places  []pattern
	pickAny        pattern
	meaning, opens [][]string // longer ones first
	asks, they     [][]string
	nobody         [][]string // verbs as of those told of, and that are of nobody: "se hicieron"
	also           [][]string
	frames         map[string]string
	generic        map[string]bool // words for a reading as such: "option"
	words          map[string]bool // of all moves and changes
	// earlier are the words for the period before, by its unit.
	earlier map[string][][]string
}

// talkForm is one way to say a move or a change.
type talkForm struct {
	kind  string
	of    pattern
	needs clauses
	weak  bool // holds only where it fits the last question
}

// The moves, in the order of trying.
var moveKinds = []string{"undo", "start_over", "repeat", "understood", "both", "neither", "first_n", "other", "keep"}

// changeKinds are the changes of the last question, in the order of trying.
var changeKinds = []string{
	"drop_time", "drop", "reverse", "others", "add_group", "group", "sort_up", "sort", "worst", "best", "worst_n", "share", "mean", "total", "worth", "compare",
	"resize", "correct_back", "correct", "list_with", "count_them", "why", "why_moved", "why_place", "place",
}

var frameNames = []string{"without", "by", "ranked", "group", "follow", "and", "each"}

func readTalk(files fs.FS) (map[string]*talkWords, error) {
	type language struct {
		Lists   []map[string][]string `yaml:"lists"`
		Moves   map[string][]string   `yaml:"moves"`
		Changes map[string][]string   `yaml:"changes"`
		Meaning []string              `yaml:"meaning"`
		Opens   []string              `yaml:"opens"`
		Asks    []string              `yaml:"asks"`
		They    []string              `yaml:"they"`
		Nobody  []string              `yaml:"nobody"`
		Earlier map[string][]string   `yaml:"earlier"`
		Also    []string              `yaml:"also"`
		Frames  map[string]string     `yaml:"frames"`
	}
	var doc map[string]language
	if err := readYAML(files, "lexicon/dialogue.yaml", &doc); err != nil {
		return nil, err
	}
	out := map[string]*talkWords{}
	for _, lang := range languages {
		l, ok := doc[lang]
		if !ok {
			return nil, fmt.Errorf("read how people talk: %s is missing", lang)
		}
		w := &talkWords{frames: l.Frames}
		lists := map[string]pattern{}
		fail := func(what string, err error) error {
			return fmt.Errorf("read how people talk in %s: %s: %w", lang, what, err)
		}
		for _, some := range l.Lists {
			for name, texts := range some {
				p, err := readPattern(strings.Join(texts, " | "), lists)
				if err != nil {
					return nil, fail(name, err)
				}
				lists[name] = sharing(p)
			}
		}
		for n := 0; ; n++ {
			name := "nth_last"
			if n > 0 {
				name = "nth_" + strconv.Itoa(n)
			}
			texts := l.Moves[name]
			if n > 0 && len(texts) == 0 {
				break
			}
			var read []pattern
			for _, text := range texts {
				p, err := readPattern(text, lists)
				if err != nil {
					return nil, fail(name, err)
				}
				read = append(read, p)
			}
			switch {
			case n == 0 && len(read) == 1:
				w.picks, w.places = append(w.picks, oneOf{}), append(w.places, read[0])
			case n > 0 && len(read) == 2:
				w.picks, w.places = append(w.picks, read[0]), append(w.places, read[1])
			default:
				return nil, fail(name, fmt.Errorf("it is not as the others are"))
			}
		}
		var places oneOf
		for n, p := range w.places {
			places = append(places, listing{placeSpan(n), p})
		}
		lists["place"] = sharing(places)
		v := &vocabulary{words: map[string]bool{}, told: map[*shared]bool{}}
		if lists["nth_noun"] == nil {
			return nil, fail("lists", fmt.Errorf("there is no nth_noun"))
		}
		lists["nth_noun"].tell(v)
		w.generic = v.words
		var err error
		if w.pickAny, err = readPattern(strings.Join(l.Moves["nth_any"], " | "), lists); err != nil {
			return nil, fail("nth_any", err)
		}
		if w.moves, err = readTalkForms(moveKinds, l.Moves, lists); err != nil {
			return nil, fail("moves", err)
		}
		if w.changes, err = readTalkForms(changeKinds, l.Changes, lists); err != nil {
			return nil, fail("changes", err)
		}
		all := &vocabulary{words: map[string]bool{}, told: map[*shared]bool{}}
		for _, f := range slices.Concat(w.moves, w.changes) {
			f.of.tell(all)
		}
		w.words, w.earlier = all.words, map[string][][]string{}
		for unit, list := range l.Earlier {
			w.earlier[unit] = byLength(list)
		}
		w.meaning, w.opens, w.asks, w.they = byLength(l.Meaning), byLength(l.Opens), byLength(l.Asks), byLength(l.They)
		w.also, w.nobody = byLength(l.Also), byLength(l.Nobody)
		for _, name := range frameNames {
			if strings.Count(w.frames[name], "{}") > 1 || w.frames[name] == "" {
				return nil, fail("frames", fmt.Errorf("%s is not one", name))
			}
		}
		out[lang] = w
	}
	return out, nil
}

func readTalkForms(kinds []string, texts map[string][]string, lists map[string]pattern) ([]talkForm, error) {
	var out []talkForm
	for _, kind := range kinds {
		if len(texts[kind]) == 0 {
			return nil, fmt.Errorf("there is no form of %s", kind)
		}
		for _, text := range texts[kind] {
			f := talkForm{kind: kind}
			text, f.weak = strings.CutPrefix(text, "?")
			p, err := readPattern(text, lists)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", kind, err)
			}
			f.of, f.needs = p, p.needs()
			out = append(out, f)
		}
	}
	return out, nil
}

// byLength are phrases as their words, longer ones first.
func byLength(list []string) [][]string {
	var out [][]string
	for _, text := range list {
		if words := strings.Fields(foldPhrase(text)); len(words) > 0 {
			out = append(out, words)
		}
	}
	slices.SortStableFunc(out, func(a, b []string) int { return len(b) - len(a) })
	return out
}

// frame puts a text into one of the language's frames.
func (w *talkWords) frame(name, text string) string {
	return strings.ReplaceAll(w.frames[name], "{}", text)
}

// matchAny is how many tokens at the beginning one of the phrases takes.
func matchAny(toks []token, list [][]string) int {
	for _, words := range list {
		if n := matchWords(toks, words); n > 0 {
			return n
		}
	}
	return 0
}

// fitsWhole tells whether a pattern takes all tokens from…to, and what its
// parts take.
func fitsWhole(p pattern, toks []token, question string, from, to int, lex *lexicon) map[string][2]int {
	for to > from && toks[to-1].kind == tokBreak {
		to--
	}
	if from >= to {
		return nil
	}
	m := &fitting{toks: toks, question: question, to: to, spans: map[string][2]int{}, lex: lex, loose: true, steps: mostSteps}
	var found map[string][2]int
	p.match(m, from, func(end int) bool {
		if end != to {
			return false
		}
		found = map[string][2]int{}
		for name, at := range m.spans {
			found[name] = at
		}
		return true
	})
	return found
}
