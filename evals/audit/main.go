// Command audit checks golds that are given as SQL: each query is run by
// plain SQLite, over tables that neither the store nor the core had a hand in,
// and its result is compared with what is kept beside the suite and with what
// the core says of the same gold. A difference of any of the three fails.
//
//	go run ./evals/audit                   checks evals/suites/audited
//	go run ./evals/audit -write            runs the queries and keeps their results
//	go run ./evals/audit -suite FILE|FOLDER -gold NAME
//	go run ./evals/audit -data demo -sql 'SELECT count(*) FROM customers'
//
// README.md tells of the tables and functions. It judges no answers: package
// evals does, with the kept results.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
)

func main() {
	if err := run(context.Background(), os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "audit:", err)
		os.Exit(1)
	}
}

type options struct {
	suite, gold, data, asOf, sql string
	write, all                   bool
}

func run(ctx context.Context, args []string, out, aside io.Writer) error {
	var o options
	flags := flag.NewFlagSet("audit", flag.ContinueOnError)
	flags.SetOutput(aside)
	flags.StringVar(&o.suite, "suite", "evals/suites/audited", "a suite or a folder of suites")
	flags.StringVar(&o.gold, "gold", "", "only golds whose name contains this")
	flags.BoolVar(&o.write, "write", false, "keep the results")
	flags.BoolVar(&o.all, "all", false, "print the golds that agree too")
	flags.StringVar(&o.data, "data", "", "with -sql: the data set")
	flags.StringVar(&o.asOf, "as-of", "", "with -sql: the clock")
	flags.StringVar(&o.sql, "sql", "", "run this query and print its rows")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return nil
		}
		return err
	}
	x := newAuditor()
	err := x.run(ctx, o, out)
	return errors.Join(err, x.Close())
}

func (x *auditor) run(ctx context.Context, o options, out io.Writer) error {
	if o.sql != "" {
		return x.ask(ctx, o, out)
	}
	suites, err := readAudited(o.suite)
	if err != nil {
		return err
	}
	failed, checked, skipped := 0, 0, 0
	for _, a := range suites {
		for _, gold := range a.names {
			if !strings.Contains(gold, o.gold) {
				continue
			}
			for _, spec := range a.specs() {
				v, err := x.audit(ctx, a, gold, spec, o.write)
				if err != nil {
					return fmt.Errorf("%s: gold %s: %w", a.file, gold, err)
				}
				checked++
				switch {
				case v.skipped != "":
					skipped++
				case v.core != "" || v.kept != "":
					failed++
					fmt.Fprintf(out, "%s  %s on %s\n", a.file, gold, spec)
					v.print(out)
				case o.all:
					fmt.Fprintf(out, "%s  %s on %s: agreed, %d rows\n", a.file, gold, spec, v.rows)
				}
			}
		}
		if o.write && len(a.names) > 0 && len(a.suite.Cases) > 0 {
			if err := a.write(); err != nil {
				return err
			}
		}
	}
	fmt.Fprintf(out, "%d golds on their data: %d agree, %d disagree, %d skipped\n", checked, checked-failed-skipped, failed, skipped)
	if failed > 0 {
		return fmt.Errorf("%d disagree", failed)
	}
	return nil
}

func (v verdict) print(out io.Writer) {
	if v.core != "" {
		fmt.Fprintf(out, "    SQL and core: %s\n", v.core)
	}
	if v.kept != "" {
		fmt.Fprintf(out, "    kept: %s; `go run ./evals/audit -write` runs it again\n", v.kept)
	}
}

// ask prints the rows of one query.
func (x *auditor) ask(ctx context.Context, o options, out io.Writer) error {
	e, err := x.sql(ctx, o.data, o.asOf)
	if err != nil {
		return err
	}
	t, err := e.query(ctx, o.sql)
	if err != nil {
		return err
	}
	fmt.Fprintln(out, strings.Join(t.columns, " | "))
	for _, row := range t.rows {
		fmt.Fprintln(out, show(row))
	}
	return nil
}
