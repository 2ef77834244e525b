package digest

import (
	"strings"
	"time"

	"tesela/agent/wording"
)

// changeWords are what changes are said with.
type changeWords struct {
	Since       string            `yaml:"since"`
	SinceThen   string            `yaml:"since_then"`
	Same        string            `yaml:"same"`
	SameThen    string            `yaml:"same_then"`
	Unchanged   string            `yaml:"unchanged"`
	Value       string            `yaml:"value"`
	ValueBy     string            `yaml:"value_by"`
	ValueRate   string            `yaml:"value_rate"`
	Moved       string            `yaml:"moved"`
	MovedMore   map[string]string `yaml:"moved_more"`
	New         string            `yaml:"new"`
	Gone        string            `yaml:"gone"`
	Row         string            `yaml:"row"`
	More        string            `yaml:"more"`
	Otherwise   string            `yaml:"otherwise"`
	Points      map[string]string `yaml:"points"`
	Why         map[Why]string    `yaml:"why"`
	Definition  map[string]string `yaml:"definition"`
	NoneElse    string            `yaml:"none_else"`
	Definitions string            `yaml:"definitions"`
}

// Text says in Markdown what changed since an instant; with the zero time,
// since last time. Its figures are those of the two answers.
func (c Changes) Text(since time.Time) string {
	l, err := languageFor(c.Language)
	if err != nil {
		return ""
	}
	voice, err := wording.For(c.Language)
	if err != nil {
		return ""
	}
	say := l.Changes
	date := voice.Date(since)
	pick := func(dated, undated string) string {
		if since.IsZero() {
			return undated
		}
		return wording.Fill(dated, "date", date)
	}
	switch {
	case c.Why == Redefined:
		var names []string
		for _, d := range c.Definitions {
			names = append(names, wording.Fill(say.Definition[d.Kind], "name", wording.Escape(d.Name)))
		}
		return wording.Fill(say.Definitions, "names", l.Say.joined(names))
	case c.Why != "":
		return say.Why[c.Why]
	case c.Unchanged && c.SameData:
		return pick(say.Same, say.SameThen)
	case c.Unchanged:
		return pick(say.Unchanged, strings.ReplaceAll(say.Unchanged, " ({date})", ""))
	}
	lines := []string{pick(say.Since, say.SinceThen)}
	for _, call := range c.Calls {
		if len(c.Calls) > 1 && call.Title != "" && !call.unchanged() {
			lines = append(lines, "", "**"+wording.Escape(call.Title)+"**")
		}
		lines = append(lines, say.call(l, voice, call)...)
	}
	return strings.Join(lines, "\n")
}

// call says what changed in one computation, a line each.
func (w changeWords) call(l *language, voice *wording.Language, c CallChanges) (lines []string) {
	if c.Why == OtherShape {
		return []string{"- " + w.Why[OtherShape]}
	}
	if c.Otherwise {
		lines = append(lines, "- "+w.Otherwise)
	}
	for _, v := range c.Values {
		lines = append(lines, "- "+w.change(v))
	}
	if len(c.Moved) > 0 {
		lines = append(lines, "- "+wording.Fill(w.Moved, "figure", wording.Escape(c.Figure)))
		for _, m := range c.Moved {
			lines = append(lines, "  - "+w.change(m))
		}
		if c.MovedMore > 0 {
			form := w.MovedMore["other"]
			if c.MovedMore == 1 {
				form = w.MovedMore["one"]
			}
			lines = append(lines, "  - "+wording.Fill(form, "n", voice.Count(int64(c.MovedMore))))
		}
	}
	for _, side := range []struct {
		form string
		rows []Row
		more int
	}{{w.New, c.New, c.NewMore}, {w.Gone, c.Gone, c.GoneMore}} {
		if len(side.rows) == 0 {
			continue
		}
		var names []string
		for _, r := range side.rows {
			name := wording.Escape(r.Name)
			if r.Value != "" && !c.figureless {
				name = wording.Fill(w.Row, "name", name, "value", wording.Escape(r.Value))
			}
			names = append(names, name)
		}
		list := strings.Join(names, "; ")
		if side.more > 0 {
			list = wording.Fill(w.More, "names", list, "n", voice.Count(int64(side.more)))
		}
		lines = append(lines, "- "+wording.Fill(side.form, "names", list))
	}
	if c.Why != "" {
		lines = append(lines, "- "+w.Why[c.Why])
	} else if len(lines) == 0 {
		lines = append(lines, "- "+w.NoneElse)
	}
	return lines
}

func (w changeWords) change(c Change) string {
	form := w.Value
	switch {
	case c.Rate != "":
		form = w.ValueRate
	case c.By != "":
		form = w.ValueBy
	}
	return wording.Fill(form, "name", wording.Escape(c.Name), "then", wording.Escape(c.Then), "now", wording.Escape(c.Now), "by", wording.Escape(c.By), "rate", wording.Escape(c.Rate))
}
