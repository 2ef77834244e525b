package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"tesela/agent/model"
	"tesela/cmd/internal/evalreport"
	"tesela/evals"
	"tesela/evals/perturb"
)

// evalFlags are what `tesela eval` is told.
type evalFlags struct {
	models, filters, perturb, prices []string
	jobs, repeat, seed               int
	journal, html, junit, out        string
	traces                           string
	baseline, save                   string
	list                             bool
	bounds                           bounds
	total                            float64              // dollars of the whole run; 0 is no bound
	live                             *live                // the language models that are asked
	limits                           map[string]*fraction // thresholds, by name
}

func newEval(a *app) *cobra.Command { return newEvalWith(a, time.Now) }

func newEvalWith(a *app, clock func() time.Time) *cobra.Command {
	f := evalFlags{limits: map[string]*fraction{}}
	c := &cobra.Command{
		Use:   "eval [SUITE…]",
		Short: "Score suites of questions with known answers",
		Long: "Asks the questions of suites and compares what the answers come to with what is known to be so.\n" +
			"A SUITE is a shipped one (--list), a file or a folder; without any, the shipped audited suites\n" +
			"are asked. The data come with the suites; no workspace is needed or touched.\n\n" +
			"Exits with 1 where a threshold is missed or a case that passed in the baseline does no more.",
		Example: "  tesela eval                                        # the audited suites, offline\n" +
			"  tesela eval audited/demo --filter lang=es,pt,family=comparison\n" +
			"  tesela eval --model offline --model openai:NAME --journal run.jsonl --html report.html\n" +
			"  tesela eval --perturb typos --perturb accents,case --seed 7\n" +
			"  tesela eval --save-baseline base.json              # then change something, and\n" +
			"  tesela eval --baseline base.json --max-wrong 0.015",
		RunE: func(c *cobra.Command, args []string) error {
			if f.list {
				return a.listSuites(args)
			}
			if f.total > 0 {
				if _, err := f.leastPrice(); err != nil {
					return usageError("--max-total-cost needs the prices: %w", err)
				}
			}
			if err := f.bounds.check(c.Flags().Changed, func() (model.Price, error) { return f.leastPrice() }); err != nil {
				return err
			}
			return a.eval(c.Context(), &f, args, clock)
		},
	}
	flags := c.Flags()
	flags.StringArrayVar(&f.models, "model", []string{"offline"}, "who is asked; give it several times to see `NAME`s side by side")
	flags.StringArrayVar(&f.filters, "filter", nil, "only the cases of this `FILTER`: part of an id, or pairs such as lang=es,family=comparison,tag=never-doers,tool=measure;\nverdict=wrong lists only those")
	flags.IntVar(&f.jobs, "jobs", runtime.GOMAXPROCS(0), "how many cases to ask at a time")
	flags.IntVar(&f.repeat, "repeat", 1, "ask each case this many times, for pass^k")
	flags.StringArrayVar(&f.perturb, "perturb", nil, "ask all again with noise, of the `KINDS` "+strings.Join(evals.Perturbations, ",")+", and tell the drop; several times for several noises")
	flags.IntVar(&f.seed, "seed", 1, "seed of the noise")
	flags.StringVar(&f.journal, "journal", "", "keep each answer in this `FILE` as it comes; a run broken off goes on from there")
	flags.StringVar(&f.traces, "traces", "", "write what each turn did to this `FILE`, a trace on a line as `tesela trace --json` shows them")
	flags.StringVar(&f.html, "html", "", "write the report as one HTML `FILE`")
	flags.StringVar(&f.junit, "junit", "", "write the report as JUnit XML to this `FILE`")
	flags.StringVar(&f.out, "out", "", "write the report as JSON to this `FILE`")
	flags.StringVar(&f.baseline, "baseline", "", "fail where a case got worse that passed in this `FILE`: an earlier report, or what --save-baseline wrote")
	flags.StringVar(&f.save, "save-baseline", "", "write what became of each case to this `FILE`, a case on a line")
	flags.StringArrayVar(&f.prices, "price", nil, "what a million tokens cost, `MODEL=IN,OUT`; costs are reported of these models only")
	f.bounds.add(c, "give up on a question", 0)
	flags.Float64Var(&f.total, "max-total-cost", 0, "stop once all cases together have cost so many `DOLLARS`; with --journal it goes on from there (default: no bound)")
	flags.BoolVar(&f.list, "list", false, "list the suites with their cases by language")
	for _, t := range evals.Thresholds {
		f.limits[t.Name] = new(fraction)
		f.limits[t.Name].points = t.Points
		flags.Var(f.limits[t.Name], t.Name, "fail unless "+t.Says)
	}
	return c
}

// eval runs and reports.
func (a *app) eval(ctx context.Context, f *evalFlags, args []string, clock func() time.Time) (err error) {
	o := evals.Options{Jobs: f.jobs, Repeat: f.repeat, Seed: f.seed, Clock: clock}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	f.live = &live{stop: stop, most: f.total}
	if err := f.options(&o); err != nil {
		return err
	}
	if len(args) == 0 {
		args = []string{evals.Audited}
		fmt.Fprintln(a.errs, "No suite is named: the shipped audited ones are asked (`tesela eval --list` shows them).")
	}
	if o.Suites, err = evals.Find(args...); err != nil {
		return suiteFault(err)
	}
	if err := o.Filter.Check(o.Suites); err != nil {
		return usageError("%w", err)
	}
	base, err := f.readBaseline()
	if err != nil {
		return err
	}
	if err := f.checkFiles(); err != nil {
		return err
	}
	if f.journal != "" {
		if o.Program, err = programSum(); err != nil {
			return err
		}
		o.Program += f.bounds.mark()
		if o.Journal, err = evals.OpenJournal(f.journal); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, o.Journal.Close()) }()
	}
	if f.traces != "" {
		file, wrong := openTraceFile(f.traces)
		if wrong != nil {
			return wrong
		}
		defer func() { err = errors.Join(err, file.close()) }()
		o.Traces = file.add
	}
	show := a.newEvalProgress(&o, clock)
	shown := o.Progress
	o.Progress = func(at evals.Progress) {
		shown(at)
		f.live.cost(at)
	}
	report, err := evals.Run(ctx, o)
	show.clear()
	if err != nil {
		return f.stopped(ctx, err)
	}
	report.Notes = append(report.Notes, f.live.notes()...)
	show.end(o.Journal)
	return a.reportEval(f, &o, report, base)
}

// options makes the flags into what a run takes.
func (f *evalFlags) options(o *evals.Options) error {
	switch {
	case f.jobs < 1:
		return usageError("--jobs %d: expected a number from 1", f.jobs)
	case f.total < 0 || math.IsNaN(f.total) || math.IsInf(f.total, 0):
		return usageError("--max-total-cost: expected dollars, such as 2.50")
	case f.repeat < 1:
		return usageError("--repeat %d: expected a number from 1", f.repeat)
	}
	for i, name := range f.models {
		if err := checkModel(name); err != nil {
			return err
		}
		if slices.Contains(f.models[:i], name) {
			return usageError("--model %s is named twice; --repeat asks one several times", name)
		}
		asked := evals.Asked{Name: name}
		if name != "offline" {
			asked.Over = func(ctx context.Context, catalogue *model.Catalogue) (model.Model, error) {
				m, err := configured().modelNamed(ctx, name, catalogue)
				if err != nil {
					return nil, err
				}
				return f.live.watch(name, m), nil
			}
		}
		o.Models = append(o.Models, asked)
	}
	for _, text := range f.perturb {
		var kinds []string
		for _, kind := range strings.Split(text, ",") {
			kind = strings.TrimSpace(kind)
			if err := perturb.Check([]string{kind}); err != nil {
				return usageError("--perturb %q: %w", text, err)
			}
			if !slices.Contains(kinds, kind) {
				kinds = append(kinds, kind)
			}
		}
		if slices.ContainsFunc(o.Noise, func(other []string) bool { return slices.Equal(other, kinds) }) {
			return usageError("--perturb %s is given twice", text)
		}
		o.Noise = append(o.Noise, kinds)
	}
	o.Limits = f.bounds.limits()
	var err error
	if o.Filter, err = evals.ParseFilter(f.filters); err != nil {
		return usageError("%w", err)
	}
	o.Prices, err = f.parsePrices()
	return err
}

// suiteFault is an error of a suite: one that is not there was named wrongly.
func suiteFault(err error) error {
	if errors.Is(err, evals.ErrNoSuite) {
		return usageError("%w; `tesela eval --list` lists the shipped ones", err)
	}
	return err
}

// stopped says how a run that was broken off goes on.
func (f *evalFlags) stopped(ctx context.Context, err error) error {
	var stopped *evals.Stopped
	if !errors.As(err, &stopped) {
		return err
	}
	how := "with --journal FILE a run that is broken off goes on from where it was"
	if f.journal != "" {
		how = fmt.Sprintf("the answers so far are in %s, and the same command goes on from there", f.journal)
	}
	why := stopped.Error()
	if cause := context.Cause(ctx); cause != nil && !errors.Is(cause, context.Canceled) {
		why += ": " + cause.Error()
	}
	return fmt.Errorf("%s; %s", why, how)
}

// reportEval compares, holds to the thresholds, and writes.
func (a *app) reportEval(f *evalFlags, o *evals.Options, report *evals.Report, base *evals.Baseline) error {
	// Whatever cannot be compared or written, what was asked for minutes is shown.
	var fault error
	if base != nil {
		if fault = report.Against(base, o.Suites, o.Filter); fault != nil {
			fault = fmt.Errorf("%s: %w", f.baseline, fault)
		}
	}
	for _, t := range evals.Thresholds {
		if limit := f.limits[t.Name]; limit.set {
			report.Hold(t, limit.value)
		}
	}
	worse := report.Regressions()
	if samePath(f.save, f.baseline) && (len(worse) > 0 || fault != nil) {
		why := "cases got worse"
		if fault != nil {
			why = "nothing could be compared with it"
		}
		report.Notes = append(report.Notes, f.save+" is left as it was: "+why)
		f.save = ""
	}
	fault = errors.Join(fault, f.writeFiles(report, o.Filter))
	if a.json {
		if err := a.printJSON(report); err != nil {
			return err
		}
	} else if err := evalreport.Text(a.out, report); err != nil {
		return fmt.Errorf("print the report: %w", err)
	}
	if a.json {
		for _, note := range report.Notes {
			fmt.Fprintln(a.errs, "·", oneLine(note))
		}
	}
	missed := report.Missed()
	for i := range missed {
		fmt.Fprintln(a.errs, "tesela:", oneLine(missed[i].String()))
	}
	if len(worse) > 0 {
		verb := map[bool]string{true: "does", false: "do"}[len(worse) == 1]
		fmt.Fprintf(a.errs, "tesela: %s that passed in %s %s no more:\n", counted(len(worse), "case"), f.baseline, verb)
		for _, c := range worse {
			fmt.Fprintf(a.errs, "  %s %s: %s → %s: %s\n", oneLine(c.Suite), oneLine(c.ID), c.Then, c.Now, oneLine(strings.Join(c.Question, " → ")))
		}
	}
	if fault == nil && len(missed)+len(worse) > 0 {
		return &exitError{code: exitError1}
	}
	return fault
}
