// Command lexlint reads the lexicons (prompts/lexicon) as a careful contributor
// would and tells what cannot be meant: a phrase under two headings that say
// opposite things, a word without weight that is also a word for "not", a
// phrase that no question can ever match, a heading or a tool that one language
// has and another lacks, a part named in a form and defined nowhere.
//
//	go run ./evals/lexlint            # faults; exit code 1 where there are some
//	go run ./evals/lexlint -advice    # and what may be meant, but is worth a look
//
// It asks no questions: whether a phrase helps is for `tesela eval` to say.
// What looks amiss and is meant stands in allowed.yaml, each with its reason.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"

	"tesela/prompts"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

func run(args []string, out, aside io.Writer) int {
	flags := flag.NewFlagSet("lexlint", flag.ContinueOnError)
	flags.SetOutput(aside)
	advice := flags.Bool("advice", false, "also tell what may be meant, but is worth a look")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	list, err := check(prompts.Lexicon)
	if err != nil {
		fmt.Fprintln(aside, "lexlint:", err)
		return 2
	}
	faults := 0
	for _, f := range list {
		if f.advice && !*advice {
			continue
		}
		if !f.advice {
			faults++
		}
		fmt.Fprintln(out, f)
	}
	if faults > 0 {
		return 1
	}
	return 0
}
