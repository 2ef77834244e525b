package bench

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// madeUp are runs that have the speed of a machine, which both engines share, and
// noise of a log-normal kind on every single time.
type madeUp struct {
	questions, pairs int
	noise            float64
	machine          float64                    // every time is so many times as long
	slower           func(question int) float64 // Tesela's
	spikes           float64                    // share of times that something else doubled
}

func (m madeUp) report(seed uint64) *Report {
	r := rand.New(rand.NewPCG(seed, 17))
	time := func(base float64) float64 {
		t := base * m.machine * math.Exp(m.noise*r.NormFloat64())
		if r.Float64() < m.spikes {
			t *= 2
		}
		return t
	}
	out := &Report{Size: "made-up", Customers: 10, Rows: 100, DuckDB: "v1", Commit: fmt.Sprint("c", seed), Formulas: &Contest{}}
	out.Machine = Machine{CPU: "one", Cores: 2, Threads: 2, Load: []float64{2}}
	for q := range m.questions {
		one := Result{Name: fmt.Sprint("question ", q), Size: q, Times: &Times{}}
		for range m.pairs {
			base := float64(1 + q)
			one.Times.Tesela = append(one.Times.Tesela, time(base*m.slower(q)))
			one.Times.DuckDB = append(one.Times.DuckDB, time(10*base))
		}
		out.Formulas.Results = append(out.Formulas.Results, one)
	}
	return out
}

func same(int) float64 { return 1 }

func compared(t *testing.T, before, after *Report) *Comparison {
	t.Helper()
	c, err := Compare([]*Report{before}, []*Report{after}, CompareOptions{Alpha: 0.05})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Where nothing changed, hardly ever anything is said to have: over all
// questions of a report together, and whether the noise is tame or not.
func TestSameIsNotDifferent(t *testing.T) {
	for _, m := range []madeUp{
		{questions: 1, pairs: 5, noise: 0.05},
		{questions: 41, pairs: 5, noise: 0.05},
		{questions: 41, pairs: 5, noise: 0.05, spikes: 0.1},
		{questions: 41, pairs: 10, noise: 0.05, spikes: 0.1},
	} {
		m.slower = same
		quick := m
		m.machine, quick.machine = 3, 1
		const trials = 200
		none := 0
		for i := range uint64(trials) {
			c := compared(t, m.report(2*i), quick.report(2*i+1))
			if len(c.With(Slower))+len(c.With(Faster)) == 0 {
				none++
			}
		}
		t.Logf("%d questions, %d pairs, %v spikes: %d of %d", m.questions, m.pairs, m.spikes, none, trials)
		if none < trials*95/100 {
			t.Errorf("%d questions, %d pairs: no difference shown in %d of %d trials", m.questions, m.pairs, none, trials)
		}
	}
}

func TestSlowerIsFound(t *testing.T) {
	for _, k := range []struct {
		name    string
		m       madeUp
		slow    int // the number of questions that are slower, by a fifth
		atLeast float64
	}{
		{"one question, five pairs", madeUp{questions: 1, pairs: 5, noise: 0.05 / math.Sqrt2}, 1, 0.95},
		{"all questions, five pairs", madeUp{questions: 41, pairs: 5, noise: 0.05}, 41, 0.95},
		{"one of many, twelve pairs", madeUp{questions: 41, pairs: 12, noise: 0.05}, 1, 0.9},
	} {
		const trials = 100
		k.m.machine, k.m.slower = 1, same
		after := k.m
		after.slower = func(q int) float64 {
			if q < k.slow {
				return 1.2
			}
			return 1
		}
		found := 0
		for i := range uint64(trials) {
			c := compared(t, k.m.report(1000+2*i), after.report(1001+2*i))
			slow := c.With(Slower)
			if slices.Contains(slow, "formulas: question 0") || k.slow > 1 && slices.Contains(slow, "formulas: geometric mean") {
				found++
			}
		}
		t.Logf("%s: %d of %d", k.name, found, trials)
		if float64(found) < k.atLeast*trials {
			t.Errorf("%s: found in %d of %d trials", k.name, found, trials)
		}
	}
}

// The interval of a question has the truth in it as often as it says.
func TestIntervalsHoldTheTruth(t *testing.T) {
	for _, pairs := range []int{5, 12} {
		m := madeUp{questions: 20, pairs: pairs, noise: 0.05, machine: 1, slower: same}
		after := m
		after.slower = func(int) float64 { return 1.3 }
		in, n := 0, 0
		for i := range uint64(100) {
			for _, q := range compared(t, m.report(5000+2*i), after.report(5001+2*i)).Contests[0].Questions {
				if n++; q.Low <= 1.3 && (q.High == 0 || 1.3 <= q.High) {
					in++
				}
			}
		}
		if share := float64(in) / float64(n); share < 0.94 || share > 0.98 {
			t.Errorf("%d pairs: %.3f of %d intervals hold it", pairs, share, n)
		}
	}
}

// Heights of Darwin's maize, cross- and self-fertilised, in inches (Fisher 1935,
// §17), taken as two samples.
var (
	cross = []float64{23.5, 12, 21, 22, 19.125, 21.5, 22.125, 20.375, 18.25, 21.625, 23.25, 21, 22.125, 23, 12}
	self  = []float64{17.375, 20.375, 20, 20, 18.375, 18.625, 18.625, 15.25, 16.5, 18, 16.25, 18, 12.75, 15.5, 18}
)

func TestWelchAgainstItsFormula(t *testing.T) {
	variance := func(all []float64) float64 {
		sum := 0.0
		for _, x := range all {
			sum += (x - mean(all)) * (x - mean(all))
		}
		return sum / float64(len(all)-1)
	}
	n := float64(len(cross))
	deviation := math.Sqrt(variance(cross)/n + variance(self)/n)
	// Welch and Satterthwaite's degrees of freedom are 22.16 here; tables have
	// Student's quantile at 22 as 2.0739, at 23 as 2.0687.
	s := compareLogs(welch, self, cross, 0.05)
	for _, end := range []float64{s.by - s.low, s.high - s.by} {
		if got := end / deviation; got < 2.0687 || got > 2.0739 {
			t.Errorf("an end lies %v standard errors away", got)
		}
	}
}

// Without ties and with four against three the figures of ranks can be counted
// by hand: of the 35 ways to mix them, one is the most extreme on each side.
func TestMannWhitneyByHand(t *testing.T) {
	a, b := []float64{1, 2, 3, 4}, []float64{11, 12.5, 13.75}
	s := compareLogs(mannWhitney, a, b, 0.06)
	if math.Abs(s.p-2.0/35) > 1e-9 {
		t.Errorf("p is %v, not 2/35", s.p)
	}
	// Differences in order: 7 8 8.5 9 9.5 9.75 10 10.5 10.75 11.5 11.75 12.75,
	// so 9.875 is their median. At 2/35 only shifts outside all are rejected.
	if s.by != 9.875 || math.Abs(s.low-7) > 1e-6 || math.Abs(s.high-12.75) > 1e-6 {
		t.Errorf("by %v, %v … %v", s.by, s.low, s.high)
	}
	if s := compareLogs(mannWhitney, a, b, 0.05); !math.IsInf(s.low, -1) || !math.IsInf(s.high, 1) {
		t.Errorf("seven times cannot tell anything at 0.05, but %v … %v", s.low, s.high)
	}
}

func TestChoose(t *testing.T) {
	for _, k := range []struct {
		n, m  int
		alpha float64
		want  string
	}{
		{5, 5, 0.05, "Mann–Whitney"},      // 2/252
		{5, 5, 0.05 / 41, "Welch"},        //
		{6, 7, 0.05 / 41, "Mann–Whitney"}, // 2/1716
		{6, 6, 0.05 / 41, "Welch"},        // 2/924
		{3, 3, 0.05, "Welch"},             // 2/20
	} {
		if got := choose(k.n, k.m, k.alpha).name; got != k.want {
			t.Errorf("%d and %d pairs at %.4f: %s", k.n, k.m, k.alpha, got)
		}
	}
}

// Sorted p times 5, 4, 3, 2, 1, never falling: 0.005 0.04 0.09 0.08→0.09 0.6.
func TestHolm(t *testing.T) {
	got := holm([]float64{0.03, 0.001, 0.04, 0.01, 0.6})
	want := []float64{0.09, 0.005, 0.09, 0.04, 0.6}
	for i := range got {
		if math.Abs(got[i]-want[i]) > 1e-12 {
			t.Fatalf("%v, not %v", got, want)
		}
	}
}

func TestWhatCannotBeCompared(t *testing.T) {
	m := madeUp{questions: 2, pairs: 5, noise: 0.05, machine: 1, slower: same}
	for _, k := range []struct {
		change func(r *Report)
		says   string
	}{
		{func(r *Report) { r.Rows = 99 }, "different worlds"},
		{func(r *Report) { r.Size = "1m" }, "different worlds"},
		{func(r *Report) { r.DuckDB = "v2" }, "the peer is another"},
		{func(r *Report) { r.Formulas = nil }, "in common"},
	} {
		other := m.report(2)
		k.change(other)
		if _, err := Compare([]*Report{m.report(1)}, []*Report{other}, CompareOptions{Alpha: 0.05}); err == nil || !strings.Contains(err.Error(), k.says) {
			t.Errorf("%v, not %q", err, k.says)
		}
	}
	other := m.report(2)
	other.Machine.CPU, other.Machine.Load, other.Modified = "two", []float64{9}, true
	other.Formulas.Results[1].Size++
	c, err := Compare([]*Report{m.report(1)}, []*Report{other}, CompareOptions{Alpha: 0.05, Of: Clock})
	if err != nil {
		t.Fatal(err)
	}
	var text bytes.Buffer
	if err := c.Print(&text); err != nil {
		t.Fatal(err)
	}
	for _, says := range []string{"the processor differs: one and two", "the load differs from run to run: at most 2 in one, 9 in another", "others used too", "files that differ", "left out: question 1: the answers differ, 1 and 2"} {
		if !strings.Contains(text.String(), says) {
			t.Errorf("it does not say %q:\n%s", says, text.String())
		}
	}
}

// What a run has by itself, all its pairs have. Where runs of one commit differ
// by a tenth, two single runs differ for certain, and three of each hardly ever.
func TestRunsAreTheUnits(t *testing.T) {
	m := madeUp{questions: 20, pairs: 5, noise: 0.03}
	runs := func(seed uint64, commit float64) (all []*Report) {
		r := rand.New(rand.NewPCG(seed, 23))
		for i := range uint64(3) {
			m.machine = 1
			own := math.Exp(0.1 * r.NormFloat64())
			m.slower = func(int) float64 { return own * commit }
			all = append(all, m.report(seed*100+i))
		}
		return all
	}
	const trials = 100
	single, alike, found := 0, 0, 0
	for i := range uint64(trials) {
		before, after, slower := runs(2*i+1, 1), runs(2*i+2, 1), runs(2*i+2, 2)
		if c := compared(t, before[0], after[0]); len(c.With(Slower))+len(c.With(Faster)) > 0 {
			single++
		}
		if c, err := Compare(before, after, CompareOptions{Alpha: 0.05}); err != nil {
			t.Fatal(err)
		} else if len(c.With(Slower))+len(c.With(Faster)) == 0 {
			alike++
		}
		if c, err := Compare(before, slower, CompareOptions{Alpha: 0.05}); err != nil {
			t.Fatal(err)
		} else if slices.Contains(c.With(Slower), "formulas: geometric mean") {
			found++
		}
	}
	t.Logf("of %d: single runs differ %d, three each are alike %d, twice as slow found %d", trials, single, alike, found)
	if single < trials/2 {
		t.Errorf("single runs differ in %d of %d: the test shows nothing", single, trials)
	}
	if alike < trials*95/100 {
		t.Errorf("three runs each of the same are alike in %d of %d", alike, trials)
	}
	if found < trials*9/10 {
		t.Errorf("twice as slow is found in %d of %d", found, trials)
	}
}

// On a machine that others used, processor time is what is compared.
func TestWhatIsCompared(t *testing.T) {
	report := func(load float64) *Report {
		r := madeUp{questions: 1, pairs: 10, noise: 0.01, machine: 1, slower: same}.report(uint64(load))
		r.Machine.Load = []float64{0.3, load}
		times := r.Formulas.Results[0].Times
		times.TeselaCPU, times.DuckDBCPU = slices.Clone(times.Tesela), slices.Clone(times.DuckDB)
		return r
	}
	quiet, loud := report(1), report(7)
	for i := range loud.Formulas.Results[0].Times.Tesela {
		loud.Formulas.Results[0].Times.Tesela[i] *= 3 // somebody else's doing
	}
	for _, k := range []struct {
		of, was Of
		after   *Report
		verdict Verdict
	}{{Auto, Clock, quiet, NoDifference}, {Auto, Processor, loud, NoDifference}, {Clock, Clock, loud, Unsettled}, {Processor, Processor, quiet, NoDifference}} {
		c, err := Compare([]*Report{report(2)}, []*Report{k.after}, CompareOptions{Alpha: 0.05, Of: k.of})
		if err != nil || c.Of != k.was || c.Contests[0].Questions[0].Verdict != k.verdict {
			t.Errorf("%s: %+v (%v)", k.of, c, err)
		}
	}
}

// What is kept reads back the same, and a second run of a commit is kept
// beside the first.
func TestKeep(t *testing.T) {
	folder := t.TempDir()
	r := madeUp{questions: 3, pairs: 4, noise: 0.05, machine: 1, slower: same}.report(3)
	for _, want := range []string{"made-up-c3.json", "made-up-c3-2.json"} {
		path, err := r.Keep(folder)
		if err != nil || filepath.Base(path) != want {
			t.Fatalf("%s (%v), not %s", path, err, want)
		}
		back, err := ReadReport(path)
		if err != nil {
			t.Fatal(err)
		}
		for i, q := range r.Formulas.Results {
			if !slices.Equal(q.Times.Tesela, back.Formulas.Results[i].Times.Tesela) || q.Name != back.Formulas.Results[i].Name {
				t.Errorf("%s came back other", q.Name)
			}
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if lines := strings.Count(string(text), "\n"); lines > 130 {
			t.Errorf("%d lines:\n%s", lines, text)
		}
	}
}
