// Command score asks the planner the questions of the suites and prints how
// it did: rates, and what went amiss in each case. With -sealed it asks the
// sealed ones and prints rates only. With -perturb the questions come with
// noise. With -ignored it lists, instead, the words that changed nothing when
// they were left out.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"tesela/evals"
	"tesela/evals/sealed"
	"tesela/tools"
)

func main() {
	if err := run(context.Background(), os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "score:", err)
		os.Exit(1)
	}
}

type filter struct {
	data, lang, family, tag, id, verdict string
}

func (f filter) takes(c *evals.Case) bool {
	one := func(list, value string) bool { return list == "" || slices.Contains(strings.Split(list, ","), value) }
	return one(f.data, c.Data) && one(f.lang, c.Lang) && one(f.family, c.Family) &&
		(f.tag == "" || slices.Contains(c.Tags, f.tag)) && strings.Contains(c.ID, f.id)
}

func run(ctx context.Context, args []string, out, aside io.Writer) error {
	var f filter
	var hidden, all, quiet, ignored bool
	var noise string
	var seed int
	flags := flag.NewFlagSet("score", flag.ContinueOnError)
	flags.SetOutput(aside)
	flags.BoolVar(&hidden, "sealed", false, "score the sealed suites; prints rates only")
	flags.BoolVar(&all, "all", false, "print the cases that went well too")
	flags.BoolVar(&quiet, "quiet", false, "print rates only")
	flags.StringVar(&f.data, "data", "", "only these data sets: demo,retail,casino,gym,saas,grocer,hotel,wholesale,museum")
	flags.StringVar(&f.lang, "lang", "", "only these languages: en,es,pt")
	flags.StringVar(&f.family, "family", "", "only these families")
	flags.StringVar(&f.tag, "tag", "", "only cases with this tag")
	flags.StringVar(&f.id, "id", "", "only cases whose id contains this")
	flags.StringVar(&f.verdict, "verdict", "", "print only cases of these verdicts, as wrong,error")
	flags.BoolVar(&ignored, "ignored", false, "list the words that make no difference to the answers")
	flags.StringVar(&noise, "perturb", "", "type the answerable questions worse: "+strings.Join(evals.Perturbations, ","))
	flags.IntVar(&seed, "seed", 1, "seed of -perturb")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return nil
		}
		return err
	}
	if hidden && (f.id != "" || ignored) {
		return errors.New("sealed cases are not looked at one by one")
	}
	suites, err := load(hidden)
	if err != nil {
		return err
	}
	if noise != "" {
		perturb(suites, strings.Split(noise, ","), seed)
	}
	if ignored {
		return listIgnored(ctx, out, suites, f)
	}
	var outcomes []evals.Outcome
	for i := range suites {
		some, err := ask(ctx, suites[i], f)
		if errors.Is(err, evals.ErrMissing) {
			fmt.Fprintf(aside, "%s is skipped: %v\n", suites[i].Data, err)
			continue
		}
		if err != nil {
			return err
		}
		outcomes = append(outcomes, some...)
	}
	if !hidden && !quiet {
		for i := range outcomes {
			if v := outcomes[i].Verdict; (!v.Good() || all) && (f.verdict == "" || slices.Contains(strings.Split(f.verdict, ","), string(v))) {
				show(out, &outcomes[i])
			}
		}
	}
	records := make([]evals.Record, len(outcomes))
	for i := range outcomes {
		records[i] = outcomes[i].Record()
	}
	return evals.WriteRates(out, records)
}

// load reads the sealed suites, or those that the planner is made with.
func load(hidden bool) ([]*evals.Suite, error) {
	if hidden {
		return evals.Load(sealed.Files, ".")
	}
	return evals.Find(evals.Understanding)
}

func ask(ctx context.Context, s *evals.Suite, f filter) ([]evals.Outcome, error) {
	var outcomes []evals.Outcome
	var data *evals.Data
	for i := range s.Cases {
		c := &s.Cases[i]
		if !f.takes(c) {
			continue
		}
		if data == nil {
			var err error
			if data, err = evals.Open(ctx, s.Data); err != nil {
				return nil, err
			}
			defer data.Close()
		}
		outcomes = append(outcomes, data.Run(ctx, c, time.Now))
	}
	return outcomes, nil
}

// perturb types the questions that have an answer worse, and leaves out those
// that stay as they are.
func perturb(suites []*evals.Suite, kinds []string, seed int) {
	for i := range suites {
		var cases []evals.Case
		for _, c := range suites[i].Cases {
			if c = evals.Perturb(c, kinds, seed); c.Kind() == evals.Answerable && len(c.Noise) > 0 {
				cases = append(cases, c)
			}
		}
		suites[i].Cases = cases
	}
}

// listIgnored prints each word that made no difference, how often, and one of
// the cases.
func listIgnored(ctx context.Context, out io.Writer, suites []*evals.Suite, f filter) error {
	times, where := map[string]int{}, map[string]string{}
	for i := range suites {
		data, err := evals.Open(ctx, suites[i].Data)
		if errors.Is(err, evals.ErrMissing) {
			continue
		}
		if err != nil {
			return err
		}
		defer data.Close()
		for j := range suites[i].Cases {
			c := &suites[i].Cases[j]
			if !f.takes(c) {
				continue
			}
			words, err := data.Ignored(ctx, c)
			if err != nil {
				return err
			}
			for _, w := range words {
				times[c.Lang+" "+w]++
				where[c.Lang+" "+w] = c.Turns[len(c.Turns)-1]
			}
		}
	}
	words := slices.Sorted(maps.Keys(times))
	slices.SortStableFunc(words, func(a, b string) int { return times[b] - times[a] })
	for _, w := range words {
		fmt.Fprintf(out, "%4d  %-22s %s\n", times[w], w, where[w])
	}
	return nil
}

// show prints a case, what was expected and what came.
func show(w io.Writer, o *evals.Outcome) {
	c := o.Case
	fmt.Fprintf(w, "%s  %s (%s %s %s)\n", strings.ToUpper(string(o.Verdict)), c.ID, c.Lang, c.Family, strings.Join(c.Tags, " "))
	fmt.Fprintf(w, "  asked     %s\n", strings.Join(c.Turns, " → "))
	fmt.Fprintf(w, "  expected  %s\n", o.Want)
	if o.Why != "" {
		fmt.Fprintf(w, "  amiss     %s\n", o.Why)
	}
	if a := o.Answer; a != nil {
		fmt.Fprintf(w, "  got       %s %s\n", a.Status, a.Understood)
		for _, call := range a.Calls {
			fmt.Fprintf(w, "            %s %s %s%s\n", call.Tool, call.Args, figures(call.Result), call.Error)
		}
		if len(a.Unknown) > 0 {
			fmt.Fprintf(w, "            not understood: %s\n", strings.Join(a.Unknown, ", "))
		}
		for _, choice := range a.Choices {
			fmt.Fprintf(w, "            choice: %s [%s]\n", choice.Question, choice.Label)
		}
	}
	fmt.Fprintln(w)
}

func figures(r *tools.Result) string {
	if r == nil {
		return ""
	}
	text := fmt.Sprint(r.Values)
	for i := range min(3, len(r.Rows)) {
		text += fmt.Sprint(r.Rows[i])
	}
	return text
}
