// Command mutate plants small faults in the program, one at a time, and tells
// which of them the offline suite and the tests catch: a comparison flipped, a
// window a day too long, a filter dropped, refunds forgotten. What it finds is
// how far a green run may be believed; it finds no faults that are there.
//
// A fault is data: a file, a text that occurs in it exactly once, and the text
// in its place (faults/*.yaml). The tree is never touched: the go command reads
// the changed file through an overlay. A fault that does not compile is an
// error of the list and counts for nobody; one that can make no difference is
// kept with the argument why, and is not counted.
//
//	go run ./evals/mutate                       # everything; resumes what was begun
//	go run ./evals/mutate -only '^window' -v
//	go run ./evals/mutate -suite-too -json out.json
//
// Its own tests are quick and compile nothing: they hold the list to the
// sources as they are now. README.md says what came out.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"regexp"
	"runtime"
	"time"
)

const usage = `usage: mutate [flags]
  -only REGEXP     faults whose id matches
  -jobs N          how many at once (default 1; the go command uses the other cores)
  -suite COMMAND   the offline suite (default: tesela eval against the baseline, else go test ./evals/)
  -suite-too       ask the suite about every fault, also about those that tests have caught
  -suite-only      ask nothing but the suite; -tests-only: do not ask it at all
  -limit DURATION  for each step of a fault; one that does not end by then is caught (default 6m)
  -least SHARE     exit 1 where a smaller share is caught (default 0.96)
  -journal FILE    what is done already (default: in the user's cache folder)
  -again           try survivors again, as after a new test; -anew tries everything again
  -json FILE       write the report
  -markdown        print the table as Markdown
  -v               print what caught each fault
`

// options are what was asked for.
type options struct {
	only      *regexp.Regexp
	jobs      int
	suite     string
	suiteToo  bool
	suiteOnly bool
	testsOnly bool
	limit     time.Duration
	least     float64
	journal   string
	anew      bool
	again     bool
	json      string
	markdown  bool
	verbose   bool
}

var errUsage = errors.New("usage")

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:])
	stop()
	switch {
	case errors.Is(err, errUsage):
		fmt.Fprint(os.Stderr, usage)
		os.Exit(2)
	case err != nil:
		fmt.Fprintln(os.Stderr, "mutate:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	o, err := parse(args)
	if err != nil {
		return err
	}
	root, err := moduleRoot()
	if err != nil {
		return err
	}
	if o.suite == "" {
		o.suite = defaultSuite(root)
	}
	faults, err := Load()
	if err != nil {
		return err
	}
	if errs := Check(root, faults); len(errs) > 0 {
		return fmt.Errorf("the list does not fit the sources: %w", errors.Join(errs...))
	}
	var chosen []Fault
	for _, f := range faults {
		if f.Equivalent == "" && (o.only == nil || o.only.MatchString(f.ID)) {
			chosen = append(chosen, f)
		}
	}
	if len(chosen) == 0 {
		return errors.New("no fault has such an id")
	}
	b, err := newBench(ctx, root, o)
	if err != nil {
		return err
	}
	outcomes, err := b.all(ctx, chosen)
	if err != nil {
		return err
	}
	report := Summarise(outcomes, o.suite)
	if o.json != "" {
		if err := report.Write(o.json); err != nil {
			return err
		}
	}
	report.Print(os.Stdout, o.markdown)
	return report.Verdict(o.least)
}

func parse(args []string) (o options, err error) {
	f := flag.NewFlagSet("mutate", flag.ContinueOnError)
	f.SetOutput(io.Discard)
	only := f.String("only", "", "")
	f.IntVar(&o.jobs, "jobs", 1, "")
	f.StringVar(&o.suite, "suite", "", "")
	f.BoolVar(&o.suiteToo, "suite-too", false, "")
	f.BoolVar(&o.suiteOnly, "suite-only", false, "")
	f.BoolVar(&o.testsOnly, "tests-only", false, "")
	f.DurationVar(&o.limit, "limit", 6*time.Minute, "")
	f.Float64Var(&o.least, "least", 0.96, "")
	f.StringVar(&o.journal, "journal", "", "")
	f.BoolVar(&o.anew, "anew", false, "")
	f.BoolVar(&o.again, "again", false, "")
	f.StringVar(&o.json, "json", "", "")
	f.BoolVar(&o.markdown, "markdown", false, "")
	f.BoolVar(&o.verbose, "v", false, "")
	if err := f.Parse(args); err != nil || f.NArg() > 0 || o.jobs < 1 || o.jobs > runtime.NumCPU() || (o.suiteToo || o.testsOnly) && o.suiteOnly || o.suiteToo && o.testsOnly {
		return o, errUsage
	}
	if *only != "" {
		if o.only, err = regexp.Compile(*only); err != nil {
			return o, fmt.Errorf("-only: %w", err)
		}
	}
	return o, nil
}
