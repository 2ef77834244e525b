package evals_test

import (
	"errors"
	"fmt"
	"hash/fnv"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"tesela/agent/model"
	"tesela/evals"
	"tesela/prompts"
)

// turning are the headings of the lexicons whose words turn a question into
// another: what is denied, bounded or left out.
var turning = []string{
	"not", "not_ever", "none", "neither", "except", "compare", "months", "weekdays", "days", "half_names", "quarter_names", "to_date",
	"calendar_last", "before", "until", "ask_least", "just_one",
}

// mostIgnored is how many of the heavy words that were left out, in a hundred,
// may have made no difference: some say again what another word says, as the 1
// of "before 1 March" and the last of "last Black Friday". Those that were read
// one by one, some 500, were all of that kind.
const mostIgnored = 4.0

// TestNothingIsIgnored leaves a heavy word out of questions of every business:
// a value of the data, a figure, a negation or a bound. Another answer must
// come, or a question back. Questions are chosen by hash; -run with -v lists
// the words.
func TestNothingIsIgnored(t *testing.T) {
	one := uint32(3) // of so many questions
	if testing.Short() {
		one = 12
	}
	suites, err := evals.Find(evals.Understanding)
	if err != nil {
		t.Fatal(err)
	}
	heavy := turningWords(t)
	sets := map[string]*evals.Data{}
	asked, tried, ignored := map[string]int{}, 0, 0
	for _, s := range suites {
		if s.Data == "retail" {
			continue
		}
		if sets[s.Data] == nil {
			data, err := evals.Open(t.Context(), s.Data)
			if errors.Is(err, evals.ErrMissing) {
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			defer data.Close()
			sets[s.Data] = data
		}
		data := sets[s.Data]
		values := singleValues(data.Catalogue)
		for i := range s.Cases {
			c := &s.Cases[i]
			h := fnv.New32a()
			fmt.Fprint(h, c.ID)
			if h.Sum32()%one != 0 || c.Kind() != evals.Answerable || byCall(c) {
				continue
			}
			asked[s.Data+" "+c.Lang]++
			text := strings.ToLower(c.Turns[len(c.Turns)-1])
			words, err := data.IgnoredOf(t.Context(), c, func(w string) bool {
				takes := (heavy[c.Lang][w] || values[w] || isFigure(w)) && !saidTwice(text, w, heavy[c.Lang])
				if takes {
					tried++
				}
				return takes
			})
			if err != nil {
				t.Fatal(err)
			}
			for _, w := range words {
				ignored++
				t.Logf("%s %s: %q comes to the same without %q", s.Data, c.ID, c.Turns[len(c.Turns)-1], w)
			}
		}
	}
	t.Logf("%d of %d words made no difference, of questions %v", ignored, tried, asked)
	if tried < 100 {
		t.Fatalf("only %d words were tried", tried)
	}
	if share := 100 * float64(ignored) / float64(tried); share > mostIgnored && ignored > 8 {
		t.Errorf("%.1f%% of %d words made no difference, at most %.1f%% may", share, tried, mostIgnored)
	}
}

// isFigure tells figures but ten, which is how many are listed where nobody
// says.
func isFigure(w string) bool {
	return w != "" && w != "10" && strings.Trim(w, "0123456789.,%€$") == "" && strings.ContainsAny(w, "0123456789")
}

// saidTwice tells whether a word stands in a text twice, or is one of two that
// deny: "no compraron nada".
func saidTwice(text, w string, heavy map[string]bool) bool {
	words := strings.Fields(text)
	denials := 0
	for i := range words {
		words[i] = strings.Trim(words[i], "¿?¡!.,;:'\"()")
		if heavy["deny "+words[i]] {
			denials++
		}
	}
	same := 0
	for _, o := range words {
		if o == w {
			same++
		}
	}
	return same > 1 || heavy["deny "+w] && denials > 1
}

// turningWords are the single words under the turning headings, by language;
// those that deny once more behind "deny".
func turningWords(t *testing.T) map[string]map[string]bool {
	t.Helper()
	out := map[string]map[string]bool{}
	for _, lang := range evals.Languages {
		raw, err := fs.ReadFile(prompts.Lexicon, "lexicon/"+lang+".yaml")
		if err != nil {
			t.Fatal(err)
		}
		var doc map[string]any
		if err := yaml.Unmarshal(raw, &doc); err != nil {
			t.Fatal(err)
		}
		words := map[string]bool{}
		var gather func(v any, deny bool)
		gather = func(v any, deny bool) {
			switch v := v.(type) {
			case string:
				if w := strings.ToLower(v); !strings.ContainsAny(w, " ~") {
					words[w] = true
					words["deny "+w] = words["deny "+w] || deny
				}
			case []any:
				for _, x := range v {
					gather(x, deny)
				}
			case map[string]any:
				for _, x := range v {
					gather(x, deny)
				}
			}
		}
		for _, heading := range turning {
			gather(doc[heading], slices.Contains([]string{"not", "not_ever", "none", "neither"}, heading))
		}
		// A word that is without weight elsewhere may be so here.
		for _, heading := range []string{"glue", "glue_weak", "filler", "light"} {
			list, _ := doc[heading].([]any)
			for _, x := range list {
				delete(words, strings.ToLower(fmt.Sprint(x)))
			}
		}
		out[lang] = words
	}
	return out
}

// singleValues are the values of one word of the data's fields.
func singleValues(cat *model.Catalogue) map[string]bool {
	out := map[string]bool{}
	learn := func(fields []model.Field) {
		for _, f := range fields {
			if f.Values == nil || f.Values.Len() > 1000 {
				continue
			}
			for i := range f.Values.Len() {
				if v := strings.ToLower(f.Values.At(i)); len(v) > 3 && !strings.Contains(v, " ") {
					out[v] = true
				}
			}
		}
	}
	learn(cat.Traits)
	for _, e := range cat.Events {
		learn(e.Props)
	}
	return out
}
