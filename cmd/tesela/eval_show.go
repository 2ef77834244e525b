package main

import (
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"tesela/cmd/internal/evalreport"
	"tesela/evals"
)

// evalProgress shows on standard error how far a run is: a bar on a terminal,
// else a line now and then.
type evalProgress struct {
	bar   *bar
	errs  io.Writer
	clock func() time.Time
	last  time.Time
	plain bool
}

// betweenLines is how long a log is left alone.
const betweenLines = 10 * time.Second

func (a *app) newEvalProgress(o *evals.Options, clock func() time.Time) *evalProgress {
	p := &evalProgress{bar: a.newBar(""), errs: a.errs, clock: clock, last: clock()}
	p.plain = p.bar.w == nil
	o.Progress = p.show
	return p
}

func (p *evalProgress) show(at evals.Progress) {
	text := fmt.Sprintf("%d of %d, %d wrong", at.Done, at.Total, at.Verdicts[evals.Wrong])
	if n := at.Verdicts[evals.Failed]; n > 0 {
		text += fmt.Sprintf(", %d errors", n)
	}
	if !p.plain {
		p.bar.what = text
		p.bar.set(int64(at.Done), int64(at.Total))
		return
	}
	if now := p.clock(); now.Sub(p.last) >= betweenLines {
		p.last = now
		fmt.Fprintln(p.errs, text)
	}
}

func (p *evalProgress) clear() { p.bar.clear() }

// end says what the journal spared.
func (p *evalProgress) end(j *evals.Journal) {
	if j == nil {
		return
	}
	if held, taken := j.Found(); held > 0 {
		text := fmt.Sprintf("Of the %d answers in the journal %d were taken over.", held, taken)
		if taken < held {
			text += " The others are of another suite, data, model, noise or build, or were not asked for."
		}
		fmt.Fprintln(p.errs, text)
	}
}

// suiteLine is a suite as --list shows it.
type suiteLine struct {
	Name   string         `json:"name"`
	Data   string         `json:"data"`
	Second string         `json:"second,omitempty"`
	Cases  int            `json:"cases"`
	Langs  map[string]int `json:"languages"`
}

// listSuites prints suites with their cases by language: the shipped ones, or
// those named.
func (a *app) listSuites(names []string) error {
	if len(names) == 0 {
		names = evals.Shipped()
	}
	suites, err := evals.Find(names...)
	if err != nil {
		return suiteFault(err)
	}
	lines := []suiteLine{}
	total := suiteLine{Langs: map[string]int{}}
	for _, s := range suites {
		line := suiteLine{Name: s.Name, Data: s.Data, Second: s.Second, Cases: len(s.Cases), Langs: map[string]int{}}
		for _, lang := range evals.Languages {
			line.Langs[lang] = 0
		}
		for i := range s.Cases {
			line.Langs[s.Cases[i].Lang]++
			total.Langs[s.Cases[i].Lang]++
		}
		total.Cases += line.Cases
		lines = append(lines, line)
	}
	if a.json {
		return a.printJSON(lines)
	}
	w := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
	row := func(name string, l *suiteLine, data string) {
		fmt.Fprintf(w, "%s\t%d", name, l.Cases)
		for _, lang := range evals.Languages {
			fmt.Fprintf(w, "\t%d", l.Langs[lang])
		}
		fmt.Fprintf(w, "\t%s\n", data)
	}
	fmt.Fprint(w, "suite\tcases")
	for _, lang := range evals.Languages {
		fmt.Fprintf(w, "\t%s", lang)
	}
	fmt.Fprint(w, "\tdata\n")
	for i := range lines {
		data := lines[i].Data
		if lines[i].Second != "" {
			data += " and " + lines[i].Second
		}
		row(evalreport.Plain(lines[i].Name), &lines[i], evalreport.Plain(data))
	}
	row("all", &total, "")
	return w.Flush()
}
