package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"tesela/evals/bench"
)

// compare tells two reports apart; with -fail-on it fails where they differ
// that way.
func compare(w io.Writer, args []string) error {
	f := flag.NewFlagSet("compare", flag.ContinueOnError)
	of := f.String("of", "auto", "clock, processor, or auto: processor where either machine was used by others too")
	alpha := f.Float64("alpha", 0.05, "the chance of calling any question different that is not")
	asJSON := f.Bool("json", false, "print JSON")
	failOn := f.String("fail-on", "", "slower, or different: exit 1 where a question or a geometric mean is shown to be")
	if err := f.Parse(args); err != nil || f.NArg() != 2 {
		return errUsage
	}
	var fatal []bench.Verdict
	switch *failOn {
	case "":
	case "slower":
		fatal = []bench.Verdict{bench.Slower}
	case "different":
		fatal = []bench.Verdict{bench.Slower, bench.Faster}
	default:
		return errUsage
	}
	times := bench.Of(*of)
	if times != bench.Auto && times != bench.Clock && times != bench.Processor || *alpha <= 0 || *alpha >= 1 {
		return errUsage
	}
	var sides [2][]*bench.Report
	for i, side := range f.Args() {
		for _, path := range strings.Split(side, ",") {
			r, err := bench.ReadReport(path)
			if err != nil {
				return err
			}
			sides[i] = append(sides[i], r)
		}
	}
	c, err := bench.Compare(sides[0], sides[1], bench.CompareOptions{Alpha: *alpha, Of: times})
	if err != nil {
		return err
	}
	if *asJSON {
		out := json.NewEncoder(w)
		out.SetIndent("", "  ")
		err = out.Encode(c)
	} else {
		err = c.Print(w)
	}
	if err != nil {
		return err
	}
	var found []string
	for _, v := range fatal {
		for _, name := range c.With(v) {
			found = append(found, name+" is "+string(v))
		}
	}
	if len(found) > 0 {
		return fmt.Errorf("compare: %s", strings.Join(found, "; "))
	}
	return nil
}

func growth(args []string) error {
	if len(args) != 2 {
		return errUsage
	}
	smaller, err := bench.ReadReport(args[0])
	if err != nil {
		return err
	}
	larger, err := bench.ReadReport(args[1])
	if err != nil {
		return err
	}
	bench.Growth(os.Stdout, smaller, larger)
	return nil
}
