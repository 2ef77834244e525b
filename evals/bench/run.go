package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"runtime"
	"slices"
)

// Parts are what a run may be made of.
var Parts = []string{"formulas", "measures", "floors", "open", "memory", "append", "import"}

// Options of a run.
type Options struct {
	Size  Size
	Dir   string
	Pairs int
	Parts []string       // nil: all
	Only  *regexp.Regexp // questions by name; nil: all
	Out   io.Writer      // what people read
}

// Run makes the world where it is missing, measures, and tells as it goes.
func Run(ctx context.Context, o Options) (_ *Report, err error) {
	runtime.GOMAXPROCS(Threads)
	wants := func(part string) bool { return len(o.Parts) == 0 || slices.Contains(o.Parts, part) }
	line := func(format string, args ...any) { fmt.Fprintf(o.Out, format+"\n", args...) }
	if err := Make(ctx, o.Size, o.Dir, wants("import"), line); err != nil {
		return nil, err
	}
	r := &Report{Machine: thisMachine(), Size: o.Size.Name, Customers: o.Size.Customers, Pairs: o.Pairs}
	r.Commit, r.Modified = commit()
	if err := r.questions(ctx, o, wants, line); err != nil {
		return nil, err
	}
	tell := o.table("whole processes: open the file, answer")
	if wants("open") {
		if r.Open, err = RunOpen(ctx, o.Size, o.Dir, o.Pairs, tell); err != nil {
			return nil, err
		}
		r.Open.sum(line)
	}
	if wants("memory") {
		if r.Memory, err = RunMemory(ctx, o.Size, o.Dir); err != nil {
			return nil, err
		}
		line("\nmemory: %.1f bytes per order line with three properties, %.1f per row of all; %.0f MB live", r.Memory.OrderBytes, r.Memory.AllBytes, r.Memory.LiveMB)
	}
	if wants("append") {
		if r.Append, err = RunAppend(ctx, o.Size, o.Dir); err != nil {
			return nil, err
		}
		a := r.Append
		line("\nappend of %d rows: stored in %.1f ms (the first %.1f ms), next question %.1f ms (warm %.1f ms; of times only %.1f ms), together %.1f ms; %d of %d chunks rewritten",
			a.Rows, a.Store, a.FirstStore, a.Question, a.Warm, a.Times, a.Seen, a.Rewritten, a.Chunks)
	}
	if wants("import") {
		if r.Import, err = RunImport(ctx, o.Size, o.Dir, min(o.Pairs, 3)); err != nil {
			return nil, err
		}
		i := r.Import
		line("\nimport of %d order lines: Tesela %.0f rows/s, DuckDB %.0f rows/s, %.2f of its rate %v", i.Rows, i.Tesela, i.DuckDB, i.Ratio, i.Ratios)
	}
	r.Machine.noteLoad()
	line("\nload average %v on %d cores", r.Machine.Load, r.Machine.Cores)
	return r, nil
}

// questions times formulas and measures in this process.
func (r *Report) questions(ctx context.Context, o Options, wants func(string) bool, line func(string, ...any)) (err error) {
	e, err := Open(ctx, o.Size, o.Dir)
	if err != nil {
		return err
	}
	defer func() {
		err = errors.Join(err, e.Close())
		e.src, e.ws = nil, nil
		runtime.GC()
	}()
	r.Rows = e.Rows()
	if r.DuckDB, err = e.Version(ctx); err != nil {
		return err
	}
	line("%s: %d customers, %d rows; DuckDB %s, %d threads; medians of %d alternated pairs", o.Size.Name, r.Customers, r.Rows, r.DuckDB, Threads, o.Pairs)
	if wants("formulas") {
		fs := slices.DeleteFunc(slices.Clone(Formulas), func(f Formula) bool { return o.Only != nil && !o.Only.MatchString(f.Name) })
		if r.Formulas, err = e.RunFormulas(ctx, fs, o.Pairs, o.table("formulas")); err != nil {
			return err
		}
		r.Formulas.sum(line)
	}
	if wants("measures") {
		ms := slices.DeleteFunc(slices.Clone(Measures), func(m Measure) bool { return o.Only != nil && !o.Only.MatchString(m.Name) })
		if r.Measures, err = e.RunMeasures(ctx, ms, o.Pairs, o.table("measures")); err != nil {
			return err
		}
		r.Measures.sum(line)
	}
	if wants("floors") {
		line("\nloops written for one question, one core")
		if r.Floors, err = e.RunFloors(ctx, max(3, o.Pairs), func(f Floor) { line("%-40s %.2f ms", f.Name, f.CPU) }); err != nil {
			return err
		}
	}
	return nil
}

// table prints results as they come, under a heading.
func (o Options) table(title string) func(Result) {
	headed := false
	return func(r Result) {
		if !headed {
			headed = true
			fmt.Fprintf(o.Out, "\n%-40s %8s %10s %10s %7s | %8s %8s %7s | %8s %7s  %s\n", title, "size", "Tesela ms", "DuckDB ms", "ratio",
				"CPU ms", "CPU ms", "ratio", "plain ms", "ratio", "pair by pair")
		}
		fmt.Fprintf(o.Out, "%-40s %8d %10.2f %10.2f %7.1f | %8.1f %8.1f %7.1f | %8.1f %7.1f  %v\n", r.Name, r.Size, r.Tesela, r.DuckDB, r.Ratio,
			r.TeselaCPU, r.DuckDBCPU, r.CPURatio, r.Plain, r.PlainRatio, r.Ratios)
	}
}

func (c *Contest) sum(line func(string, ...any)) {
	line("geometric mean %.2f, least %.2f (%s); of processor time %.2f; to plain SQL %.2f", c.Geomean, c.Least, c.LeastName, c.CPUGeomean, c.PlainGeomean)
}
