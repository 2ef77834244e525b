// Command tesela-bench measures Tesela beside DuckDB; see the README of
// evals/bench.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"regexp"
	"runtime/pprof"
	"strings"
	"time"

	"tesela/evals/bench"
)

const usage = `usage:
  tesela-bench make    [-size 1m] [-dir DIR]             make a world's files
  tesela-bench run     [-size 1m] [-dir DIR] [-pairs 5] [-parts formulas,measures,floors,open,memory,append,import]
                       [-only REGEXP] [-json FILE] [-keep FOLDER]
                                                         measure; makes the world where it is missing; -keep writes the
                                                         report under the name of its size and commit
  tesela-bench profile -only REGEXP [-size 1m] [-cold] [-seconds 5] -out FILE
                                                         a CPU profile of Tesela answering over and over
  tesela-bench compare [-of auto|clock|processor] [-alpha 0.05] [-json] [-fail-on slower|different] BEFORE.json[,…] AFTER.json[,…]
                                                         what became slower or faster beside DuckDB, as far as the runs show
  tesela-bench kmeans  [-rows 100000] [-k 8] [-pairs 3] [-json FILE]
                                                         k-means beside scikit-learn's, on five shapes of data
  tesela-bench growth SMALLER.json LARGER.json           how time grows with the world
`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:])
	stop()
	switch {
	case errors.Is(err, errUsage):
		fmt.Fprint(os.Stderr, usage)
		os.Exit(2)
	case err != nil:
		fmt.Fprintln(os.Stderr, "tesela-bench:", err)
		os.Exit(1)
	}
}

var errUsage = errors.New("usage")

func run(ctx context.Context, args []string) error {
	if len(args) == 0 {
		return errUsage
	}
	switch args[0] {
	case "once": // what run starts in processes of its own
		return bench.Once(ctx, args[1:])
	case "compare":
		return compare(os.Stdout, args[1:])
	case "growth":
		return growth(args[1:])
	case "kmeans":
		return kmeans(ctx, args[1:])
	}
	f := flag.NewFlagSet(args[0], flag.ContinueOnError)
	size := f.String("size", "1m", "the world: tiny, small, 1m or 10m customers")
	dir := f.String("dir", "", "where worlds lie (default: the user's cache folder)")
	pairs := f.Int("pairs", 5, "how often each question is asked of both")
	parts := f.String("parts", "", "what to measure, by commas (default: everything)")
	only := f.String("only", "", "questions whose name matches")
	out := f.String("json", "", "write the report to this file")
	keep := f.String("keep", "", "write the report into this folder, under the name of its size and commit")
	cold := f.Bool("cold", false, "profile opening the file and answering, too")
	seconds := f.Int("seconds", 5, "how long to profile")
	profile := f.String("out", "", "where the profile goes")
	if err := f.Parse(args[1:]); err != nil || f.NArg() > 0 || *pairs < 1 {
		return errUsage
	}
	o := bench.Options{Dir: *dir, Pairs: *pairs, Out: os.Stdout}
	var ok bool
	if o.Size, ok = bench.FindSize(*size); !ok {
		return fmt.Errorf("there is no size %q: tiny, small, 1m or 10m", *size)
	}
	var err error
	if o.Dir == "" {
		if o.Dir, err = bench.CacheDir(); err != nil {
			return err
		}
	}
	if *parts != "" {
		o.Parts = strings.Split(*parts, ",")
	}
	if *only != "" {
		if o.Only, err = regexp.Compile(*only); err != nil {
			return fmt.Errorf("-only: %w", err)
		}
	}
	switch args[0] {
	case "make":
		return bench.Make(ctx, o.Size, o.Dir, true, func(format string, args ...any) { fmt.Printf(format+"\n", args...) })
	case "run":
		r, err := bench.Run(ctx, o)
		if err != nil {
			return err
		}
		return store(r, *out, *keep)
	case "profile":
		if *profile == "" || o.Only == nil {
			return errUsage
		}
		return record(ctx, o, *profile, *cold, time.Duration(*seconds)*time.Second)
	}
	return errUsage
}

// store writes a report where it is wanted.
func store(r *bench.Report, path, folder string) error {
	if path != "" {
		if err := r.Write(path); err != nil {
			return err
		}
	}
	if folder == "" {
		return nil
	}
	path, err := r.Keep(folder)
	if err == nil {
		fmt.Println("kept as", path)
	}
	return err
}

// record writes a CPU profile.
func record(ctx context.Context, o bench.Options, path string, cold bool, d time.Duration) (err error) {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	return bench.Profile(ctx, o, d, cold, func() error { return pprof.StartCPUProfile(file) }, pprof.StopCPUProfile)
}

// kmeans measures clustering.
func kmeans(ctx context.Context, args []string) error {
	f := flag.NewFlagSet("kmeans", flag.ContinueOnError)
	o := bench.KMeansOptions{Out: os.Stdout}
	f.IntVar(&o.Rows, "rows", 100_000, "rows of each shape")
	f.IntVar(&o.K, "k", 8, "clusters")
	f.IntVar(&o.Pairs, "pairs", 3, "how often each shape is clustered by both")
	f.StringVar(&o.JSON, "json", "", "write the figures to this file")
	if err := f.Parse(args); err != nil || f.NArg() > 0 || o.Pairs < 1 || o.Rows < 1 || o.K < 1 || o.K > 64 {
		return errUsage
	}
	_, err := bench.KMeans(ctx, o)
	return err
}
