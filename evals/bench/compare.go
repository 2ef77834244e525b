package bench

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
)

// Verdict is what a comparison shows.
type Verdict string

// The verdicts.
const (
	Slower       Verdict = "slower"
	Faster       Verdict = "faster"
	NoDifference Verdict = "no difference shown"
	// Unsettled is a difference between two runs that may be the machine's.
	Unsettled Verdict = "unsettled: one run each on a busy machine"
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
func (o Of) choose(all []*Report) Of {
	switch {
	case o == Clock || o == Processor:
		return o
	case slices.ContainsFunc(all, disturbed):
		return Processor
	}
	return Clock
}

// disturbed tells whether others had a share of the cores.
func disturbed(r *Report) bool { return load(r) > float64(r.Machine.Cores) }

// Comparison is how later reports differ from earlier ones of the same world.
// Notes are what the reader must know of the runs before believing it. Units
// are what the samples are made of: runs, or the pairs of one run each.
type Comparison struct {
	Before   string           `json:"before"`
	After    string           `json:"after"`
	Of       Of               `json:"of"`
	Units    string           `json:"units"`
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
	Before float64 `json:"before"` // Tesela's time relative to DuckDB's, median of the units
	After  float64 `json:"after"`
	Units  [2]int  `json:"units"` // how many
	Factor float64 `json:"factor"`
	Low    float64 `json:"low"`
	High   float64 `json:"high"`
	Test   string  `json:"test"`
	P      float64 `json:"p"`
	// Adjusted is P for all tests together: half of alpha is for the geometric
	// means, half for the questions, and within each it is Holm's.
	Adjusted float64 `json:"p_adjusted"`
	Verdict  Verdict `json:"verdict"`
	// Seen is the factor that, with this noise and as many questions, would
	// have been seen about every second time; 0 for none.
	Seen float64 `json:"would_be_seen,omitempty"`
}

// intervals are of this level each.
const intervals = 0.05

// Compare tells how later reports differ from earlier ones. Reports of other
// worlds, or beside another DuckDB, are refused: their ratios are of different
// things.
//
// With two reports and more on each side a run is one of a sample, so that what
// differs from run to run by itself is told from what the commits differ by.
// With one report on a side the samples are of pairs; then all that differed
// between two runs counts, the machine's doing as well, and where a machine was
// busy no verdict is given but Unsettled.
func Compare(before, after []*Report, o CompareOptions) (*Comparison, error) {
	if len(before) == 0 || len(after) == 0 {
		return nil, errors.New("compare: give reports from before and from after")
	}
	reports := slices.Concat(before, after)
	for _, r := range reports[1:] {
		if err := refusal(reports[0], r); err != nil {
			return nil, err
		}
	}
	c := &Comparison{Before: labels(before), After: labels(after), Of: o.Of.choose(reports), Units: "runs", Alpha: o.Alpha, Notes: notes(reports)}
	settled := len(before) > 1 && len(after) > 1
	if !settled {
		c.Units = "pairs"
		settled = !slices.ContainsFunc(reports, disturbed)
	}
	var all []matched
	for i, name := range contestNames {
		found, left := match(i, before, after, c)
		for k := range found {
			found[k].contest = len(c.Contests)
		}
		all = append(all, found...)
		if len(found)+len(left) > 0 {
			c.Contests = append(c.Contests, ContestChanges{Name: name, Left: left})
		}
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("compare: the reports have no question in common with every pair's times (%s); `run` writes them", c.Of)
	}
	for _, q := range append(changes(all, o.Alpha, settled), changes(c.means(all), o.Alpha, settled)...) {
		to := &c.Contests[q.contest]
		if q.Name == "" {
			to.Mean = &q.Change
		} else {
			to.Questions = append(to.Questions, q.Change)
		}
	}
	return c, nil
}

func labels(all []*Report) string {
	var names []string
	for _, r := range all {
		if l := label(r); !slices.Contains(names, l) {
			names = append(names, l)
		}
	}
	return fmt.Sprintf("%s (runs: %d)", strings.Join(names, ", "), len(all))
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
func notes(all []*Report) []string {
	out := []string{}
	note := func(text string) {
		if !slices.Contains(out, text) {
			out = append(out, text)
		}
	}
	m := all[0].Machine
	least, most := load(all[0]), load(all[0])
	for _, r := range all {
		n := r.Machine
		for _, d := range []struct {
			what string
			x, y any
		}{
			{"the processor", m.CPU, n.CPU},
			{"the number of cores", m.Cores, n.Cores},
			{"memory in GB", m.MemoryGB, n.MemoryGB},
			{"the system", m.System, n.System},
			{"Go", m.Go, n.Go},
			{"the number of threads", m.Threads, n.Threads},
		} {
			if d.x != d.y {
				note(fmt.Sprintf("%s differs: %v and %v; only the ratio to DuckDB is compared, which cancels the speed of a machine and not its kind", d.what, d.x, d.y))
			}
		}
		if r.Modified {
			note(fmt.Sprintf("%s was measured with files that differ from the commit", r.Commit))
		}
		if disturbed(r) {
			note(fmt.Sprintf("%s was measured on a machine that others used too (load average %v on %d cores)", r.Commit, n.Load, n.Cores))
		}
		least, most = min(least, load(r)), max(most, load(r))
	}
	if most-least > 1 {
		note(fmt.Sprintf("the load differs from run to run: at most %v in one, %v in another", least, most))
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

var contestNames = []string{"formulas", "measures", "whole processes", "import"}

// contest is one of those by its place among the names; nil where there is none.
func (r *Report) contest(i int) *Contest {
	if i < 3 {
		return []*Contest{r.Formulas, r.Measures, r.Open}[i]
	}
	if r.Import == nil {
		return nil
	}
	return &Contest{Results: []Result{{Name: "order lines", Size: r.Import.Rows, Times: r.Import.Times}}}
}

// matched is a question of all reports: the logarithms, unit by unit, of
// Tesela's time over DuckDB's.
type matched struct {
	name          string
	contest       int
	before, after []float64
}

// match finds the questions of a contest that all reports have and that all
// answer alike.
func match(contest int, before, after []*Report, c *Comparison) (found []matched, left []string) {
	all := slices.Concat(before, after)
	var names []string
	for _, r := range all {
		k := r.contest(contest)
		if k == nil { // not measured, on purpose
			return nil, nil
		}
		for _, one := range k.Results {
			if !slices.Contains(names, one.Name) {
				names = append(names, one.Name)
			}
		}
	}
	for _, name := range names {
		q, why := matched{name: name}, ""
		size := -1
		for i, r := range all {
			results := r.contest(contest).Results
			k := slices.IndexFunc(results, func(one Result) bool { return one.Name == name })
			switch {
			case k < 0:
				why = "not in all reports"
			case size >= 0 && size != results[k].Size:
				why = fmt.Sprintf("the answers differ, %d and %d", size, results[k].Size)
			default:
				size = results[k].Size
				units := logs(results[k].Times, c.Of == Processor)
				if c.Units == "runs" && len(units) > 0 {
					units = []float64{mean(units)}
				}
				if i < len(before) {
					q.before = append(q.before, units...)
				} else {
					q.after = append(q.after, units...)
				}
			}
		}
		if why == "" && (len(q.before) < 2 || len(q.after) < 2) {
			why = "fewer than two pairs with their times"
		}
		if why != "" {
			left = append(left, name+": "+why)
			continue
		}
		found = append(found, q)
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

// changes compares each question at half of alpha and corrects for how many
// there are.
func changes(all []matched, alpha float64, settled bool) (out []changed) {
	var ps []float64
	each := alpha / 2 / float64(max(1, len(all)))
	for _, q := range all {
		t := choose(len(q.before), len(q.after), each)
		s := compareLogs(t, q.before, q.after, intervals)
		wide := compareLogs(t, q.before, q.after, each)
		one := Change{
			Name: q.name, Before: round(math.Exp(median(q.before)), 4), After: round(math.Exp(median(q.after)), 4), Units: [2]int{len(q.before), len(q.after)},
			Factor: round(math.Exp(s.by), 4), Low: bound(s.low), High: bound(s.high), Test: t.name, P: s.p, Seen: bound((wide.high - wide.low) / 2),
		}
		out, ps = append(out, changed{one, q.contest}), append(ps, s.p)
	}
	for i, p := range holm(ps) {
		q := &out[i]
		q.Adjusted = min(1, 2*p)
		switch {
		case q.Adjusted > alpha || q.Factor == 1:
			q.Verdict = NoDifference
		case !settled:
			q.Verdict = Unsettled
		case q.Factor > 1:
			q.Verdict = Slower
		default:
			q.Verdict = Faster
		}
	}
	return out
}

// bound is 0 for an end that is not known.
func bound(log float64) float64 {
	if math.IsInf(log, 0) || math.IsNaN(log) {
		return 0
	}
	return round(math.Exp(log), 4)
}

// means are the geometric means of contests: the first units of all questions
// are averaged, the second units, and so on, and these are compared
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
