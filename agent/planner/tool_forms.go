package planner

import (
	"cmp"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"sort"
	"strings"
	"sync"
)

// toolForms are the ways to ask for the tools that no reading of plain parts
// comes to: why a customer is in a group, how two groups differ, who is nearly
// in one, what hangs on a number, where a text stands in the data. A form
// knows the frame of such a question; the groups in it are read as questions
// of their own.
type toolForms struct{ langs map[string]*toolWords }

type toolWords struct {
	forms []toolForm
	heads pattern
	// people are set before the words of a group that alone say nobody.
	people []string
	extras []toolExtra
	signs  string // that only this language is written with
	labels []layerLabel
	// vocabulary is all words of the forms, in order.
	vocabulary []string
	layer      pattern // what tells that a layer is spoken of
	all        pattern // a group that is everyone
	// layerWords are what the layers are called, labelWords their labels, which
	// stand between labelBefore and labelAfter.
	layerWords              map[string]pattern
	labelWords              map[string]map[string]pattern
	labelBefore, labelAfter pattern
	traits                  map[string]pattern // layers of traits
	traitNames              []string           // in order
	part                    pattern            // what stands between the parts of a list
	rest                    pattern            // all the others
	needed                  neededWords
	nth                     []pattern // "the second one", by number; 0 the last
}

// toolForm is one way to ask for a tool.
type toolForm struct {
	tool  string
	of    pattern
	needs []int // see neededWords
	// weak forms hold only where all in them is understood; late ones are
	// tried where the question says nothing without them.
	weak, late bool
	follows    bool // holds only behind a question of the same tool
}

// layerLabel is a way to say that customers have a label of a layer.
type layerLabel struct {
	layer  string
	labels []string
	not    bool // that they have another
	of     pattern
	needs  clauses
}

// layerTools are the tools that show a layer, by the layer.
var layerTools = map[string]string{"rfm": "score_rfm", "lifecycle": "stage_lifecycle", "engagement": "stage_engagement", "value_tier": "tier_value"}

// layerNames are the layers in a fixed order.
var layerNames = []string{"rfm", "lifecycle", "engagement", "value_tier"}

// toolExtra is something said beside a layer, such as the number of bins.
type toolExtra struct {
	name  string
	of    pattern
	needs clauses
}

// formTools are the tools with forms, in the order of trying.
var formTools = []string{"explain_customer", "diff_segments", "check_sensitivity", "find_near_misses", "find_values", "describe_data"}

// extraNames are what may be said beside a layer.
var extraNames = []string{"bins", "top", "low", "star", "lapse", "new"}

// add takes a form up.
func (w *toolWords) add(f toolForm) {
	f.needs = w.needed.enter(f.of.needs())
	w.forms = append(w.forms, f)
}

func readToolForms(files fs.FS) (*toolForms, error) {
	type language struct {
		// Lists are patterns that later lists and all forms may name.
		Lists  []map[string][]string `yaml:"lists"`
		People []string              `yaml:"people"`
		Signs  string                `yaml:"signs"`
		Forms  map[string][]string   `yaml:"forms"`
		Extras map[string][]string   `yaml:"extras"`
		// Layers are what a layer is called, LayerForms ways to ask for its
		// table, with <table> for the name.
		Layers     map[string][]string `yaml:"layers"`
		LayerForms []string            `yaml:"layer_forms"`
		// Labels by layer, and LabelForms ways to say that someone has one,
		// with <label> and <table>.
		Labels     map[string]map[string][]string `yaml:"labels"`
		LabelForms []string                       `yaml:"label_forms"`
		LabelNots  []string                       `yaml:"label_nots"` // that someone has another
	}
	var doc map[string]language
	var groups groupForms
	var reading sync.WaitGroup
	var err error
	reading.Go(func() { err = readYAML(files, "lexicon/groups.yaml", &groups) })
	other := readYAML(files, "lexicon/tools.yaml", &doc)
	if reading.Wait(); err != nil || other != nil {
		return nil, cmp.Or(err, other)
	}
	t := &toolForms{langs: map[string]*toolWords{}}
	for _, lang := range languages {
		l, ok := doc[lang]
		if !ok {
			return nil, fmt.Errorf("read the forms of the tools: %s is missing", lang)
		}
		w := &toolWords{people: l.People, signs: l.Signs, layerWords: map[string]pattern{}, labelWords: map[string]map[string]pattern{}, needed: newNeededWords()}
		lists := map[string]pattern{}
		for _, some := range l.Lists {
			for name, texts := range some {
				p, err := readPattern(strings.Join(texts, " | "), lists)
				if err != nil {
					return nil, fmt.Errorf("read the forms of the tools in %s: %s: %w", lang, name, err)
				}
				lists[name] = sharing(p)
			}
		}
		for _, name := range []string{"heads", "layer", "everyone", "a_time", "a_count", "an_amount", "whole"} {
			if lists[name] == nil {
				return nil, fmt.Errorf("read the forms of the tools in %s: there is no list %s", lang, name)
			}
		}
		w.heads, w.layer, w.all = lists["heads"], lists["layer"], lists["everyone"]
		for _, tool := range formTools {
			if len(l.Forms[tool]) == 0 {
				return nil, fmt.Errorf("read the forms of the tools in %s: there is none of %s", lang, tool)
			}
			for _, text := range l.Forms[tool] {
				f := toolForm{tool: tool}
				text, f.weak = strings.CutPrefix(text, "~")
				text, f.late = strings.CutPrefix(text, "?")
				text, f.follows = strings.CutPrefix(text, "+")
				var err error
				if f.of, err = readPattern(text, lists); err != nil {
					return nil, fmt.Errorf("read the forms of the tools in %s: %s: %w", lang, tool, err)
				}
				w.add(f)
			}
		}
		for _, layer := range layerNames {
			table, err := readPattern(strings.Join(l.Layers[layer], " | "), lists)
			if err != nil {
				return nil, fmt.Errorf("read the layers in %s: %s: %w", lang, layer, err)
			}
			lists["table"] = sharing(table)
			w.layerWords[layer] = table
			w.labelWords[layer] = map[string]pattern{}
			for _, text := range l.LayerForms {
				p, err := readPattern(text, lists)
				if err != nil {
					return nil, fmt.Errorf("read the layers in %s: %w", lang, err)
				}
				w.add(toolForm{tool: layerTools[layer], of: p, weak: true})
			}
			some := layerLabel{layer: layer}
			for label := range l.Labels[layer] {
				some.labels = append(some.labels, label)
			}
			sort.Strings(some.labels)
			var all oneOf
			for _, label := range some.labels {
				p, err := readPattern(strings.Join(l.Labels[layer][label], " | "), lists)
				if err != nil {
					return nil, fmt.Errorf("read the labels in %s: %s: %w", lang, layer, err)
				}
				w.labelWords[layer][label] = p
				all = append(all, listing{"=" + label, p})
			}
			lists["label"] = sharing(all)
			for k, text := range slices.Concat(l.LabelForms, l.LabelNots) {
				p, err := readPattern(text, lists)
				if err != nil {
					return nil, fmt.Errorf("read the labels in %s: %w", lang, err)
				}
				some.of, some.needs, some.not = p, p.needs(), k >= len(l.LabelForms)
				w.labels = append(w.labels, some)
			}
			delete(lists, "table")
			delete(lists, "label")
		}
		var layers oneOf
		for _, layer := range layerNames {
			layers = append(layers, listing{"@" + layer, w.layerWords[layer]})
		}
		lists["somelayer"] = sharing(layers)
		if err := w.readGroupForms(&groups, lang, lists); err != nil {
			return nil, err
		}
		for _, name := range extraNames {
			for _, text := range l.Extras[name] {
				p, err := readPattern(text, lists)
				if err != nil {
					return nil, fmt.Errorf("read what is said beside layers in %s: %s: %w", lang, name, err)
				}
				w.extras = append(w.extras, toolExtra{name, p, p.needs()})
			}
		}
		v := &vocabulary{words: map[string]bool{}, told: map[*shared]bool{}}
		for _, f := range w.forms {
			f.of.tell(v)
		}
		for _, l := range w.labels {
			l.of.tell(v)
		}
		for _, e := range w.extras {
			e.of.tell(v)
		}
		w.vocabulary = slices.Sorted(maps.Keys(v.words))
		w.needed.shared = nil // no more are entered
		t.langs[lang] = w
	}
	return t, nil
}
