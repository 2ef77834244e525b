package bench

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
)

// Verdict is what a comparison shows.
type Verdict string

// The verdicts.
const (
	Slower       Verdict = "slower"
	Faster       Verdict = "faster"
	NoDifference Verdict = "no difference shown"
)

// CompareOptions say how reports are compared. Alpha is the chance, over all
// questions and geometric means together, of calling any different that is not.
type CompareOptions struct {
	Alpha float64
	Of    Of
}

// Of is which times are compared. On a machine that others use too the clock
// tells more of them than of the engines; Auto is Processor where either run
// was so disturbed, and Clock where the machine was quiet.
type Of string

// What may be compared.
const (
	Auto      Of = "auto"
	Clock     Of = "clock"
	Processor Of = "processor"
)

// choose settles Auto.
func (o Of) choose(a, b *Report) Of {
	switch {
	case o == Clock || o == Processor:
		return o
	case disturbed(a) || disturbed(b):
		return Processor
	}
	return Clock
}

// disturbed tells whether others had a share of the cores.
func disturbed(r *Report) bool { return load(r) > float64(r.Machine.Cores) }

// Comparison is how a later report differs from an earlier one of the same
// world. Differs and Shared are what the reader must know of the two runs
// before believing it.
type Comparison struct {
	Before   string           `json:"before"`
	After    string           `json:"after"`
	Of       Of               `json:"of"`
	Alpha    float64          `json:"alpha"`
	Notes    []string         `json:"notes"`
	Contests []ContestChanges `json:"contests"`
}

// ContestChanges are the questions that both reports have, and the geometric
// mean of them. Left are those that cannot be compared, with the reason.
type ContestChanges struct {
	Name      string   `json:"name"`
	Questions []Change `json:"questions"`
	Mean      *Change  `json:"geometric_mean,omitempty"` // of two questions and more
	Left      []string `json:"left_out,omitempty"`
}

// Change is what became of a question. Factor is Tesela's time relative to
// DuckDB's in the later run over the same in the earlier run: 1.2 is a fifth
// slower, whatever the machines. Low and High hold it with 95% each for itself;
// 0 for an end that so few pairs cannot tell.
type Change struct {
	Name   string  `json:"name,omitempty"`
	Before float64 `json:"before"` // Tesela's time relative to DuckDB's, median of the pairs
	After  float64 `json:"after"`
	Pairs  [2]int  `json:"pairs"`
	Factor float64 `json:"factor"`
	Low    float64 `json:"low"`
	High   float64 `json:"high"`
	Test   string  `json:"test"`
	P      float64 `json:"p"`
	// Adjusted is P for all questions and geometric means together (Holm).
	Adjusted float64 `json:"p_adjusted"`
	Verdict  Verdict `json:"verdict"`
	// Seen is the factor that, with this noise and as many questions, would
	// have been seen about every second time; 0 for none.
	Seen float64 `json:"would_be_seen,omitempty"`
}

// intervals are of this level each.
const intervals = 0.05

// Compare tells how a later report differs from an earlier one. Reports of
// other worlds, or beside another DuckDB, are refused: their ratios are of
// different things.
func Compare(before, after *Report, o CompareOptions) (*Comparison, error) {
	if err := refusal(before, after); err != nil {
		return nil, err
	}
	c := &Comparison{Before: label(before), After: label(after), Of: o.Of.choose(before, after), Alpha: o.Alpha, Notes: notes(before, after)}
	var all []matched
	for _, k := range contests(before, after) {
		found, left := match(k.before, k.after, c.Of == Processor)
		for i := range found {
			found[i].contest = len(c.Contests)
		}
		all = append(all, found...)
		if len(found)+len(left) > 0 {
			c.Contests = append(c.Contests, ContestChanges{Name: k.name, Left: left})
		}
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("compare: the reports have no question in common with every pair's times (%s); `run` writes them", c.Of)
	}
	for _, q := range changes(append(all, c.means(all)...), o.Alpha) {
		to := &c.Contests[q.contest]
		if q.Name == "" {
			to.Mean = &q.Change
		} else {
			to.Questions = append(to.Questions, q.Change)
		}
	}
	return c, nil
}

// refusal says why two reports cannot be compared.
func refusal(a, b *Report) error {
	var differ []error
	note := func(what string, x, y any) {
		if x != y {
			differ = append(differ, fmt.Errorf("%s: %v and %v", what, x, y))
		}
	}
	note("size", a.Size, b.Size)
	note("customers", a.Customers, b.Customers)
	note("rows", a.Rows, b.Rows)
	if len(differ) > 0 {
		return fmt.Errorf("compare: the reports are of different worlds (`growth` tells how time grows): %w", errors.Join(differ...))
	}
	note("DuckDB", a.DuckDB, b.DuckDB)
	if len(differ) > 0 {
		return fmt.Errorf("compare: the peer is another, run the earlier commit again beside it: %w", errors.Join(differ...))
	}
	return nil
}

// notes are what differs between the runs, and what disturbed them.
func notes(a, b *Report) []string {
	out := []string{}
	note := func(what string, x, y any) {
		if x != y {
			out = append(out, fmt.Sprintf("%s differs: %v before, %v after; only the ratio to DuckDB is compared, which cancels the speed of a machine and not its kind", what, x, y))
		}
	}
	m, n := a.Machine, b.Machine
	note("the processor", m.CPU, n.CPU)
	note("the number of cores", m.Cores, n.Cores)
	note("memory in GB", m.MemoryGB, n.MemoryGB)
	note("the system", m.System, n.System)
	note("Go", m.Go, n.Go)
	note("the number of threads", m.Threads, n.Threads)
	for _, r := range []*Report{a, b} {
		if r.Modified {
			out = append(out, fmt.Sprintf("%s was measured with files that differ from the commit", r.Commit))
		}
		if disturbed(r) {
			out = append(out, fmt.Sprintf("%s was measured on a machine that others used too (load average %v on %d cores)", r.Commit, r.Machine.Load, r.Machine.Cores))
		}
	}
	if x, y := load(a), load(b); math.Abs(x-y) > 1 {
		out = append(out, fmt.Sprintf("the load differs: %v before, %v after", a.Machine.Load, b.Machine.Load))
	}
	return out
}

// load is the highest load average of a run.
func load(r *Report) float64 {
	if len(r.Machine.Load) == 0 {
		return 0
	}
	return slices.Max(r.Machine.Load)
}

type pairOfContests struct {
	name          string
	before, after *Contest
}

func contests(a, b *Report) []pairOfContests {
	imports := func(i *ImportFigures) *Contest {
		if i == nil {
			return nil
		}
		return &Contest{Results: []Result{{Name: "order lines", Size: i.Rows, Times: i.Times}}}
	}
	return []pairOfContests{
		{"formulas", a.Formulas, b.Formulas},
		{"measures", a.Measures, b.Measures},
		{"whole processes", a.Open, b.Open},
		{"import", imports(a.Import), imports(b.Import)},
	}
}

// matched is a question of both reports: the logarithms, pair by pair, of
// Tesela's time over DuckDB's.
type matched struct {
	name          string
	contest       int
	before, after []float64
}

func match(before, after *Contest, cpu bool) (found []matched, left []string) {
	if before == nil || after == nil {
		return nil, nil
	}
	for _, b := range after.Results {
		i := slices.IndexFunc(before.Results, func(a Result) bool { return a.Name == b.Name })
		if i < 0 {
			left = append(left, b.Name+": only after")
			continue
		}
		a := before.Results[i]
		q := matched{name: b.Name, before: logs(a.Times, cpu), after: logs(b.Times, cpu)}
		switch {
		case a.Size != b.Size:
			left = append(left, fmt.Sprintf("%s: the answers differ, %d before and %d after", b.Name, a.Size, b.Size))
		case len(q.before) < 2 || len(q.after) < 2:
			left = append(left, b.Name+": fewer than two pairs with their times")
		default:
			found = append(found, q)
		}
	}
	for _, a := range before.Results {
		if !slices.ContainsFunc(after.Results, func(b Result) bool { return a.Name == b.Name }) {
			left = append(left, a.Name+": only before")
		}
	}
	return found, left
}

// logs are of the pairs that have both times.
func logs(t *Times, cpu bool) (out []float64) {
	if t == nil {
		return nil
	}
	ours, theirs := t.Tesela, t.DuckDB
	if cpu {
		ours, theirs = t.TeselaCPU, t.DuckDBCPU
	}
	for i := range min(len(ours), len(theirs)) {
		if ours[i] > 0 && theirs[i] > 0 {
			out = append(out, math.Log(ours[i]/theirs[i]))
		}
	}
	return out
}

type changed struct {
	Change
	contest int
}

// changes compares each question and corrects for how many there are.
func changes(all []matched, alpha float64) (out []changed) {
	var ps []float64
	each := alpha / float64(max(1, len(all)))
	for _, q := range all {
		t := choose(len(q.before), len(q.after), each)
		s := compareLogs(t, q.before, q.after, intervals)
		wide := compareLogs(t, q.before, q.after, each)
		one := Change{
			Name: q.name, Before: round(math.Exp(median(q.before)), 4), After: round(math.Exp(median(q.after)), 4), Pairs: [2]int{len(q.before), len(q.after)},
			Factor: round(math.Exp(s.by), 4), Low: bound(s.low), High: bound(s.high), Test: t.name, P: s.p, Seen: bound((wide.high - wide.low) / 2),
		}
		out, ps = append(out, changed{one, q.contest}), append(ps, s.p)
	}
	for i, p := range holm(ps) {
		out[i].Adjusted = p
		out[i].Verdict = verdict(p, alpha, out[i].Factor)
	}
	return out
}

func verdict(p, alpha, factor float64) Verdict {
	switch {
	case p > alpha || factor == 1:
		return NoDifference
	case factor > 1:
		return Slower
	}
	return Faster
}

// bound is 0 for an end that is not known.
func bound(log float64) float64 {
	if math.IsInf(log, 0) || math.IsNaN(log) {
		return 0
	}
	return round(math.Exp(log), 4)
}

// means are the geometric means of contests: the first pairs of all questions
// make one sample, the second pairs the next, and so on, and these are compared
// as a question's are. So the interval is about the noise of these questions,
// and says nothing of other questions. They have no name.
func (c *Comparison) means(all []matched) (over []matched) {
	for i := range c.Contests {
		own := slices.DeleteFunc(slices.Clone(all), func(q matched) bool { return q.contest != i })
		if len(own) > 1 {
			over = append(over, matched{contest: i, before: across(own, false), after: across(own, true)})
		}
	}
	return over
}

func across(all []matched, after bool) []float64 {
	of := func(q matched) []float64 {
		if after {
			return q.after
		}
		return q.before
	}
	n := len(of(slices.MinFunc(all, func(a, b matched) int { return cmp.Compare(len(of(a)), len(of(b))) })))
	out := make([]float64, n)
	for i := range out {
		for _, q := range all {
			out[i] += of(q)[i] / float64(len(all))
		}
	}
	return out
}
