package digest

import (
	"embed"
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/goccy/go-yaml"
)

//go:embed words/*.yaml
var files embed.FS

// codes are the languages there are, the first of them the default.
var codes = []string{"en", "es", "pt"}

// lexicon is one language's file; what its headings mean stands in en.yaml.
type lexicon struct {
	Parts     map[string]string `yaml:"parts"`
	Numbers   map[string]int    `yaml:"numbers"`
	Ordinals  map[string]int    `yaml:"ordinals"`
	Nth       map[string]int    `yaml:"nth"`
	LastDay   string            `yaml:"last_day"`
	DayEnd    string            `yaml:"day_end"`
	MonthJoin string            `yaml:"month_join"`
	Weekdays  []string          `yaml:"weekdays"`
	Plurals   []string          `yaml:"plurals"`
	DayJoin   string            `yaml:"day_join"`
	DayTo     string            `yaml:"day_to"`
	Halves    []half            `yaml:"halves"`
	DayParts  map[string]string `yaml:"day_parts"`
	At        string            `yaml:"at"`
	Sharp     string            `yaml:"sharp"`
	Clocks    []clock           `yaml:"clocks"`
	Fixed     []fixed           `yaml:"fixed"`
	InHalf    string            `yaml:"in_half"`
	AndAt     string            `yaml:"and_at"`
	Zones     string            `yaml:"zones"`
	Calendars []calendar        `yaml:"calendars"`
	Send      []string          `yaml:"send"`
	Tell      []string          `yaml:"tell"`
	Show      []string          `yaml:"show"`
	Ask       []string          `yaml:"ask"`
	Courtesy  []string          `yaml:"courtesy"`
	Closing   []string          `yaml:"closing"`
	Relative  []string          `yaml:"relative"`
	Of        []string          `yaml:"of"`
	Papers    []string          `yaml:"papers"`
	PapersOn  []string          `yaml:"papers_on"`
	Nothing   []string          `yaml:"nothing"`
	Say       sayings           `yaml:"say"`
	Changes   changeWords       `yaml:"changes"`
}

// half is a part of the day that has an hour of its own.
type half struct {
	Form string `yaml:"form"`
	Part string `yaml:"part"`
	Hour int    `yaml:"hour"`
	form form
}

// clock is a way of telling the time; Add are minutes to add to it, and Marked
// says that it cannot be read as another figure.
type clock struct {
	Form   string `yaml:"form"`
	Add    int    `yaml:"add"`
	Marked bool   `yaml:"marked"`
	form   form
}

type fixed struct {
	Form string `yaml:"form"`
	Hour int    `yaml:"hour"`
	form form
}

// calendar is a way of saying on which days.
type calendar struct {
	Form   string `yaml:"form"`
	Kind   Kind   `yaml:"kind"`
	Force  force  `yaml:"force"`
	Weeks  int    `yaml:"weeks"`
	Days   []int  `yaml:"days"`
	Refuse Reason `yaml:"refuse"`
	form   form
}

// valued is a phrase that stands for a number.
type valued struct {
	form form
	n    int
}

// language is a lexicon made ready.
type language struct {
	lexicon
	code                              string
	numbers, ordinals, nths           []valued
	days, plurals                     []form // days has the plurals too
	lastDay, dayEnd, monthJoin        form
	dayJoin, dayTo, at, sharp, inHalf form
	andAt, zones                      form
	dayParts                          map[string]form
	halves                            []half
	send, tell, show, ask             []form
	courtesy, closing                 []form
	empty, papers, papersOn           []form
	// What phrases of several kinds may begin with.
	dayWords, numberWords, halfWords map[string]bool
	relative, of                     map[string]bool
}

// load reads the languages once.
var load = sync.OnceValues(func() (map[string]*language, error) {
	all := map[string]*language{}
	for _, code := range codes {
		data, err := files.ReadFile("words/" + code + ".yaml")
		if err != nil {
			return nil, fmt.Errorf("read the words of schedules in %s: %w", code, err)
		}
		l := &language{code: code}
		if err := yaml.UnmarshalWithOptions(data, &l.lexicon, yaml.DisallowUnknownField()); err != nil {
			return nil, fmt.Errorf("read the words of schedules in %s: %w", code, err)
		}
		if err := l.ready(); err != nil {
			return nil, fmt.Errorf("read the words of schedules in %s: %w", code, err)
		}
		all[code] = l
	}
	return all, nil
})

// languageFor gives a language by its code; English for those there are not.
func languageFor(code string) (*language, error) {
	all, err := load()
	if err != nil {
		return nil, err
	}
	if l, ok := all[code]; ok {
		return l, nil
	}
	return all[codes[0]], nil
}

// ready compiles the forms of a lexicon.
func (l *language) ready() error {
	var failed error
	one := func(notation string) form {
		f, err := compile(notation, l.Parts)
		if failed == nil {
			failed = err
		}
		return f
	}
	list := func(notations []string) (out []form) {
		for _, n := range notations {
			out = append(out, one(n))
		}
		return out
	}
	numbers := func(m map[string]int) (out []valued) {
		words := slices.Sorted(maps.Keys(m))
		// The longer one first: twenty-one before twenty.
		slices.SortStableFunc(words, func(a, b string) int { return len(tokens(b)) - len(tokens(a)) })
		for _, w := range words {
			out = append(out, valued{one(w), m[w]})
		}
		return out
	}
	l.numbers, l.ordinals, l.nths = numbers(l.Numbers), numbers(l.Ordinals), numbers(l.Nth)
	l.lastDay, l.dayEnd, l.monthJoin = one(l.LastDay), one(l.DayEnd), one(l.MonthJoin)
	l.plurals, l.dayJoin, l.dayTo = list(l.Plurals), one(l.DayJoin), one(l.DayTo)
	for i, f := range list(l.Weekdays) {
		if i < len(l.plurals) {
			f = either([]form{f, l.plurals[i]})
		}
		l.days = append(l.days, f)
	}
	l.at, l.sharp, l.inHalf, l.andAt, l.zones = one(l.At), one(l.Sharp), one(l.InHalf), one(l.AndAt), one(l.Zones)
	l.tell, l.show, l.ask = list(l.Tell), list(l.Show), list(l.Ask)
	l.send = append(list(l.Send), l.tell...)
	l.courtesy, l.closing, l.empty = list(l.Courtesy), list(l.Closing), list(l.Nothing)
	l.papers, l.papersOn = list(l.Papers), list(l.PapersOn)
	l.dayParts = map[string]form{}
	for part, notation := range l.DayParts {
		l.dayParts[part] = one(notation)
	}
	for _, h := range l.Halves {
		h.form = one(h.Form)
		l.halves = append(l.halves, h)
	}
	for i := range l.Clocks {
		l.Clocks[i].form = one(l.Clocks[i].Form)
	}
	for i := range l.Fixed {
		l.Fixed[i].form = one(l.Fixed[i].Form)
	}
	for i := range l.Calendars {
		l.Calendars[i].form = one(l.Calendars[i].Form)
	}
	l.first()
	set := func(words []string) map[string]bool {
		m := map[string]bool{}
		for _, w := range words {
			m[fold(w)] = true
		}
		return m
	}
	l.relative, l.of = set(l.Relative), set(l.Of)
	if failed == nil && (len(l.days) != 7 || len(l.plurals) != 7 || len(l.Say.Each) != 7 || len(l.Say.On) != 7 || len(l.Say.Names) != 7) {
		failed = fmt.Errorf("7 weekdays are needed")
	}
	return failed
}

// first gathers what slots may begin with.
func (l *language) first() {
	var days, numbers, halves begins
	for _, f := range l.days {
		days.add(f.begins)
	}
	for _, list := range [][]valued{l.numbers, l.ordinals, l.nths} {
		for _, v := range list {
			numbers.add(v.form.begins)
		}
	}
	numbers.add(l.lastDay.begins)
	for _, h := range l.halves {
		halves.add(h.form.begins)
	}
	l.dayWords, l.numberWords, l.halfWords = days.words, numbers.words, halves.words
}
