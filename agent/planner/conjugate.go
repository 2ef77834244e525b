package planner

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"tesela/prompts"
)

// conjugator makes the forms of verbs as prompts/lexicon/verbs.yaml says, so
// that a list needs an infinitive only: "comprar~" is "compran", "compraste",
// "comprándolo"; "mostrar!" what one says to be shown, "muéstreme".
type conjugator struct{ langs map[string]*conjugation }

// conjugation is one language's verbs.
type conjugation struct {
	Clitics []string             `yaml:"clitics"` // joined to infinitives and gerunds
	Me      []string             `yaml:"me"`      // joined to what is asked for
	Them    []string             `yaml:"them"`    // the things asked for
	Classes map[string]verbClass `yaml:"classes"` // by the infinitive's ending
	Verbs   map[string]verbKind  `yaml:"verbs"`   // those that differ
}

// verbClass holds the endings by the root that they follow.
type verbClass struct {
	Stressed []string    `yaml:"stressed"`
	Plain    []string    `yaml:"plain"`
	Past     []string    `yaml:"past"`
	Ask      []string    `yaml:"ask"`          // of orders, behind the plain root
	AskRoot  []string    `yaml:"ask_stressed"` // and behind the stressed one
	Joined   []string    `yaml:"joined"`       // behind which clitics are written
	Spelling [][3]string `yaml:"spelling"`     // before these letters a root's end is spelled so: [ei, c, qu]
	Vowel    [][2]string `yaml:"after_vowel"`  // endings behind a vowel
}

// verbKind is how a verb differs from its class.
type verbKind struct {
	Stressed string   `yaml:"stressed"`
	Past     string   `yaml:"past"`
	Forms    []string `yaml:"forms"`   // more forms
	Ask      []string `yaml:"ask"`     // in place of the class's orders
	Without  []string `yaml:"without"` // forms that mean something else
	Only     bool     `yaml:"only"`    // no forms but those listed
}

// conjugations are those of prompts/lexicon/verbs.yaml, read once.
var conjugations = sync.OnceValues(func() (*conjugator, error) { return readConjugator(prompts.Lexicon) })

func readConjugator(files fs.FS) (*conjugator, error) {
	c := &conjugator{}
	if err := readYAML(files, "lexicon/verbs.yaml", &c.langs); err != nil {
		return nil, err
	}
	return c, nil
}

// expand gives the phrases that a phrase with marked verbs stands for; ok is
// false where none is marked.
func (c *conjugator) expand(lang, phrase string) (list []string, ok bool, err error) {
	if !strings.ContainsAny(phrase, "~!") {
		return nil, false, nil
	}
	list = []string{""}
	for _, w := range strings.Fields(phrase) {
		forms := []string{w}
		at := strings.IndexAny(w, "~!")
		if at > 1 {
			if forms, err = c.forms(lang, w[:at], w[at:]); err != nil {
				return nil, false, fmt.Errorf("%q: %w", phrase, err)
			}
			ok = true
		}
		longer := make([]string, 0, len(list)*len(forms))
		for _, head := range list {
			for _, f := range forms {
				longer = append(longer, strings.TrimSpace(head+" "+f))
			}
		}
		list = longer
	}
	return list, ok, nil
}

// forms are a verb's, by the mark behind it: ~ all that state it, ! those that
// ask for it, !me those that say for whom, !los those that ask for the things.
func (c *conjugator) forms(lang, verb, mark string) ([]string, error) {
	l := c.langs[lang]
	if l == nil {
		return nil, fmt.Errorf("there are no verbs of the language %q", lang)
	}
	ending := ""
	for e := range l.Classes {
		if strings.HasSuffix(verb, e) && len(e) > len(ending) {
			ending = e
		}
	}
	class, ok := l.Classes[ending]
	if !ok && !l.Verbs[verb].Only {
		return nil, fmt.Errorf("%q ends like no verb", verb)
	}
	v := &inflecting{class: class, kind: l.Verbs[verb], root: strings.TrimSuffix(verb, ending)}
	switch mark {
	case "~":
		v.statements(l.Clitics)
	case "!":
		v.orders(append([]string{""}, l.Me...), []string{""})
	case "!me":
		v.orders(l.Me, []string{""})
	case "!los":
		v.orders(append([]string{""}, l.Me...), l.Them)
	default:
		return nil, fmt.Errorf("a verb is marked ~, !, !me or !los, not %q", mark)
	}
	return v.out, nil
}

// inflecting is a verb whose forms are being made.
type inflecting struct {
	class verbClass
	kind  verbKind
	root  string
	out   []string
}

func (v *inflecting) statements(clitics []string) {
	if !v.kind.Only {
		for _, part := range []struct {
			root    string
			endings []string
		}{{v.kind.Stressed, v.class.Stressed}, {v.root, v.class.Plain}, {v.kind.Past, v.class.Past}} {
			root := part.root
			if root == "" {
				root = v.root
			}
			for _, e := range part.endings {
				f := v.join(root, e)
				v.add(f)
				if slices.Contains(v.class.Joined, e) {
					for _, c := range clitics {
						v.add(f + c)
					}
				}
			}
		}
	}
	for _, f := range v.kind.Forms {
		v.add(fold(f))
	}
}

func (v *inflecting) orders(me, them []string) {
	var bare []string
	for _, e := range v.class.Ask {
		bare = append(bare, v.join(v.root, e))
	}
	if v.kind.Ask != nil {
		bare = bare[:0]
		for _, f := range v.kind.Ask {
			bare = append(bare, fold(f))
		}
	} else {
		root := v.kind.Stressed
		if root == "" {
			root = v.root
		}
		for _, e := range v.class.AskRoot {
			bare = append(bare, v.join(root, e))
		}
	}
	for _, f := range bare {
		for _, m := range me {
			for _, t := range them {
				v.add(f + m + t)
			}
		}
	}
}

// join sets an ending behind a root as they are spelled together.
func (v *inflecting) join(root, ending string) string {
	root, ending = fold(root), fold(ending)
	for _, s := range v.class.Spelling {
		if ending != "" && strings.ContainsRune(s[0], rune(ending[0])) && strings.HasSuffix(root, s[1]) {
			root = strings.TrimSuffix(root, s[1]) + s[2]
			break
		}
	}
	if root != "" && strings.IndexByte("aeou", root[len(root)-1]) >= 0 {
		for _, s := range v.class.Vowel {
			if strings.HasPrefix(ending, s[0]) {
				ending = s[1] + strings.TrimPrefix(ending, s[0])
				break
			}
		}
	}
	return root + ending
}

func (v *inflecting) add(form string) {
	if !slices.Contains(v.kind.Without, form) && !slices.Contains(v.out, form) {
		v.out = append(v.out, form)
	}
}
