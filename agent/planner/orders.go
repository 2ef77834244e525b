package planner

import (
	"fmt"
	"io/fs"
	"slices"
	"sort"
	"strings"
)

// orders are the forms of what changes something, by language. They are
// matched against the whole of a question before it is read as one, for the
// names they hold are free text that no reading may look into.
type orders struct {
	formats phrases
	langs   map[string]*orderWords
	verbs   [][]string // what an order may begin with, in any language
}

// phrases are lists of words; longer ones first.
type phrases struct {
	list  [][]string
	attrs []string // beside each, for formats
}

type orderWords struct {
	lists      map[string]phrases
	forms      []orderForm
	vocabulary []string // all words of the lists, in order
}

// orderForm is one way to say an order.
type orderForm struct {
	of    string // what is ordered, see orderKinds
	parts []string
	weak  bool // holds only where what it names is known
}

// orderKinds are what can be ordered, in the order of trying.
var orderKinds = []string{"save_segment", "delete_segment", "forget_word", "set_word", "export_segment", "tag_customers"}

// slots take words as they were typed.
var slots = []string{"name", "word", "who", "meaning", "fields", "format"}

func readOrders(files fs.FS) (*orders, error) {
	type language struct {
		Lists map[string][]string `yaml:"lists"`
		Forms map[string][]string `yaml:"forms"`
	}
	var doc struct {
		Formats map[string][]string `yaml:"formats"`
		EN      language            `yaml:"en"`
		ES      language            `yaml:"es"`
		PT      language            `yaml:"pt"`
	}
	if err := readYAML(files, "lexicon/orders.yaml", &doc); err != nil {
		return nil, err
	}
	o := &orders{langs: map[string]*orderWords{}}
	for format, list := range doc.Formats {
		for _, text := range list {
			o.formats.list = append(o.formats.list, strings.Fields(foldPhrase(text)))
			o.formats.attrs = append(o.formats.attrs, format)
		}
	}
	sort.Stable(o.formats)
	for lang, l := range map[string]language{"en": doc.EN, "es": doc.ES, "pt": doc.PT} {
		w := &orderWords{lists: map[string]phrases{}}
		for name, list := range l.Lists {
			var all phrases
			for _, text := range list {
				all.list = append(all.list, strings.Fields(foldPhrase(text)))
			}
			sort.Stable(all)
			w.lists[name] = all
			w.vocabulary = append(w.vocabulary, slices.Concat(all.list...)...)
		}
		slices.Sort(w.vocabulary)
		w.vocabulary = slices.Compact(w.vocabulary)
		for _, kind := range orderKinds {
			if len(l.Forms[kind]) == 0 {
				return nil, fmt.Errorf("read the orders in %s: there is no form of %s", lang, kind)
			}
			for _, text := range l.Forms[kind] {
				f, err := w.form(kind, text)
				if err != nil {
					return nil, fmt.Errorf("read the orders in %s: %w", lang, err)
				}
				w.forms = append(w.forms, f)
				if first := w.lists[f.parts[0]]; len(first.list) > 0 {
					o.verbs = append(o.verbs, first.list...)
				}
			}
		}
		o.langs[lang] = w
	}
	return o, nil
}

// form reads "{save} {who} {as} {name}".
func (w *orderWords) form(kind, text string) (orderForm, error) {
	f := orderForm{of: kind}
	rest, weak := strings.CutPrefix(text, "~")
	f.weak = weak
	for _, part := range strings.Fields(rest) {
		name := strings.Trim(part, "{}")
		if _, known := w.lists[name]; !known && !slices.Contains(slots, name) || part != "{"+name+"}" {
			return f, fmt.Errorf("%q: there is no list or slot %s", text, part)
		}
		f.parts = append(f.parts, name)
	}
	if len(f.parts) == 0 {
		return f, fmt.Errorf("%s has an empty form", kind)
	}
	return f, nil
}

// Len, Less and Swap put longer phrases first, then by their words.
func (p phrases) Len() int { return len(p.list) }

// Less is part of sort.Interface.
func (p phrases) Less(i, j int) bool {
	if len(p.list[i]) != len(p.list[j]) {
		return len(p.list[i]) > len(p.list[j])
	}
	return strings.Join(p.list[i], " ") < strings.Join(p.list[j], " ")
}

// Swap is part of sort.Interface.
func (p phrases) Swap(i, j int) {
	p.list[i], p.list[j] = p.list[j], p.list[i]
	if p.attrs != nil {
		p.attrs[i], p.attrs[j] = p.attrs[j], p.attrs[i]
	}
}

// at lists where the phrases that begin at token i end, longest first, with
// the attribute of each.
func (p phrases) at(toks []token, i int) (ends []int, attrs []string) {
	for k, words := range p.list {
		if n := matchWords(toks[i:], words); n > 0 && !slices.Contains(ends, i+n) {
			ends = append(ends, i+n)
			attr := ""
			if p.attrs != nil {
				attr = p.attrs[k]
			}
			attrs = append(attrs, attr)
		}
	}
	return ends, attrs
}

// matchWords tells how many tokens the words take up at the beginning, 0 for
// no match. A token may be of several words, as "guarda-os" is.
func matchWords(toks []token, words []string) int {
	at := 0
	for n, t := range toks {
		if t.kind == tokQuoted || t.kind == tokBreak {
			return 0
		}
		for _, w := range strings.Fields(t.folded) {
			if at == len(words) || words[at] != w {
				return 0
			}
			at++
		}
		if at == len(words) {
			return n + 1
		}
	}
	return 0
}

// found is a form that fits a question: which tokens each part takes.
type found struct {
	form   orderForm
	spans  map[string][2]int
	format string
}

// match tries the forms on tokens from…to until one is taken.
func (w *orderWords) match(o *orders, toks []token, from, to int, take func(found) bool) bool {
	for _, f := range w.forms {
		m := &matching{w: w, o: o, toks: toks, to: to, found: found{form: f, spans: map[string][2]int{}}, take: take}
		if m.from(0, from) {
			return true
		}
	}
	return false
}

// isPause tells whether a token only parts what stands beside it; brackets may
// be of a formula.
func isPause(t token) bool { return t.kind == tokBreak && t.text != "(" && t.text != ")" }

// matching is one form being tried.
type matching struct {
	w     *orderWords
	o     *orders
	toks  []token
	to    int
	found found
	take  func(found) bool
}

// from matches the parts from number k on at token i.
func (m *matching) from(k, i int) bool {
	for i < m.to && isPause(m.toks[i]) {
		i++
	}
	parts := m.found.form.parts
	if k == len(parts) {
		return i == m.to && m.take(m.found)
	}
	if i >= m.to {
		return false
	}
	name := parts[k]
	then := func(end int) bool {
		m.found.spans[name] = [2]int{i, end}
		return m.from(k+1, end)
	}
	last := k == len(parts)-1
	switch name {
	case "format":
		ends, attrs := m.o.formats.at(m.toks[:m.to], i)
		for n, end := range ends {
			if m.found.format = attrs[n]; then(end) {
				return true
			}
		}
		return false
	case "name", "word":
		if m.toks[i].kind == tokQuoted {
			return then(i + 1)
		}
		most := 1 // before another part a name needs quotes, a word few words
		switch {
		case last:
			return m.plainName(i) && then(m.to)
		case name == "word":
			most = 4
		case k > 0 && strings.HasSuffix(parts[k-1], "segment"): // what follows is a short phrase at the end
			most = 8
		default:
			return false
		}
		for end := i + 1; end <= min(i+most, m.to); end++ {
			if then(end) {
				return true
			}
		}
		return false
	case "who", "meaning", "fields":
		for end := m.to; end > i; end-- {
			if (last == (end == m.to)) && then(end) {
				return true
			}
			if last {
				return false
			}
		}
		return false
	}
	ends, _ := m.w.lists[name].at(m.toks[:m.to], i)
	return slices.ContainsFunc(ends, then)
}

// longestName is how many words a name without quotes may have.
const longestName = 8

// plainName tells whether the rest may be a name without quotes: a few words
// in one piece, and no second order behind it.
func (m *matching) plainName(i int) bool {
	if m.to-i > longestName {
		return false
	}
	for k := i; k < m.to; k++ {
		t := m.toks[k]
		if t.kind == tokQuoted || t.kind == tokBreak && strings.ContainsAny(t.text, ",;:?¿()") {
			return false
		}
		if k > i && slices.ContainsFunc(m.o.verbs, func(verb []string) bool { return matchWords(m.toks[k:m.to], verb) > 0 }) {
			return false
		}
	}
	return true
}
