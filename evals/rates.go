package evals

import (
	"math"
	"slices"
	"strconv"
)

// Tally counts verdicts.
type Tally map[Verdict]int

// Score is how a set of records did. Each Rate says of what it is one.
type Score struct {
	Cases    int   `json:"cases"` // distinct ones
	Asked    int   `json:"asked"` // with repeats
	Verdicts Tally `json:"verdicts"`

	Correct Rate `json:"correct"` // of all: right, asked rightly, refused rightly
	Wrong   Rate `json:"wrong"`   // of all: answered, but not with what is so, or where no answer was due
	Failed  Rate `json:"failed"`  // of all: came to an error

	Right Rate `json:"right"` // of the answerable: as expected
	// Coverage is how many of the answerable ones were answered, rightly or
	// wrongly; where a question back is as right, and came, no answer was due.
	Coverage  Rate `json:"coverage"`
	Precision Rate `json:"precision"` // of those answered: right

	AskedRightly    Rate `json:"asked_rightly"`    // of the ambiguous
	AskedOddly      Rate `json:"asked_oddly"`      // of the ambiguous: about something else
	AskedNeedlessly Rate `json:"asked_needlessly"` // of the others
	RefusedRightly  Rate `json:"refused_rightly"`  // of the impossible; or asked back, where that is as right
	RefusedOddly    Rate `json:"refused_oddly"`    // of the impossible: for another reason
	RefusedWrongly  Rate `json:"refused_wrongly"`  // of the others

	// Grounded is of those answered: every figure of the text is a result's.
	Grounded Rate `json:"grounded"`

	Penalty []Penalty `json:"penalty"`
	Gap     *Gap      `json:"language_gap,omitempty"` // where there are two languages
	PassK   []float64 `json:"pass_k,omitempty"`       // pass^1, pass^2, …; see PassHat

	Calls        Spread  `json:"calls"`
	InputTokens  Spread  `json:"input_tokens"`
	OutputTokens Spread  `json:"output_tokens"`
	Cost         *Spread `json:"cost,omitempty"` // where a price is known
	Time         Spread  `json:"time"`           // milliseconds of the last turn
}

// Penalty is the mean score of a case where what is right or rightly not
// answered counts 1, a needless question or refusal 0 (an error too), and a
// wrong answer −C.
type Penalty struct {
	C    int     `json:"c"`
	Mean float64 `json:"mean"`
	Sum  int     `json:"sum"`
}

// penalties are what a wrong answer costs.
var penalties = []int{0, 5, 10}

// Gap is how far the language that does worst is behind the one that does
// best, in points of a hundred of Right.
type Gap struct {
	Best   string  `json:"best"`
	Worst  string  `json:"worst"`
	Points float64 `json:"points"`
}

// Spread is what something came to over the records. The percentiles are
// nearest ranks: values that occurred.
type Spread struct {
	Sum float64 `json:"sum"`
	P50 float64 `json:"p50"`
	P95 float64 `json:"p95"`
}

// NewSpread takes values together, in any order.
func NewSpread(values []float64) Spread {
	values = slices.Sorted(slices.Values(values))
	var s Spread
	for _, v := range values {
		s.Sum += v
	}
	rank := func(p int) float64 {
		if len(values) == 0 {
			return 0
		}
		return values[int(math.Ceil(float64(p*len(values))/100))-1]
	}
	s.P50, s.P95 = rank(50), rank(95)
	return s
}

// counter counts records that something is true of among those it may be
// true of, and of how many cases they are.
type counter struct {
	n, of int
	cases map[string]bool
}

func (c *counter) add(r *Record, holds bool) {
	if c.cases == nil {
		c.cases = map[string]bool{}
	}
	c.cases[r.Key()] = true
	c.of++
	if holds {
		c.n++
	}
}

func (c *counter) rate() Rate { return clustered(c.n, c.of, len(c.cases)) }

// NewScore scores records, which may be of several suites and tries.
func NewScore(records []Record) Score {
	s := overall(records)
	s.Gap, s.PassK = gap(records), passK(records)
	return s
}

func overall(records []Record) Score {
	s := Score{Asked: len(records), Verdicts: Tally{}}
	for _, v := range Verdicts {
		s.Verdicts[v] = 0
	}
	var correct, wrong, failed, right, coverage, precision, askedRightly, askedOddly, askedNeedlessly, refusedRightly, refusedOddly, refusedWrongly, grounded counter
	var calls, input, output, cost, times []float64
	for i := range records {
		r := &records[i]
		v := r.Verdict
		s.Verdicts[v]++
		correct.add(r, v.Good())
		wrong.add(r, v == Wrong)
		failed.add(r, v == Failed)
		answered := v == Right || v == Wrong
		if r.Kind == Answerable {
			right.add(r, v.Good())
			if v != AskedRightly && v != RefusedRightly {
				coverage.add(r, answered)
			}
		}
		if r.Kind == Unclear {
			askedRightly.add(r, v == AskedRightly)
			askedOddly.add(r, v == AskedOddly)
		} else {
			askedNeedlessly.add(r, v == AskedNeedlessly)
		}
		if r.Kind == Impossible {
			refusedRightly.add(r, v.Good())
			refusedOddly.add(r, v == RefusedOddly)
		} else {
			refusedWrongly.add(r, v == RefusedWrongly)
		}
		if answered {
			precision.add(r, v == Right)
			grounded.add(r, len(r.Ungrounded) == 0)
		}
		calls, times = append(calls, float64(r.Calls)), append(times, r.ElapsedMS)
		input, output = append(input, float64(r.InputTokens)), append(output, float64(r.OutputTokens))
		if r.Cost != nil {
			cost = append(cost, *r.Cost)
		}
	}
	s.Cases = len(correct.cases)
	s.Correct, s.Wrong, s.Failed = correct.rate(), wrong.rate(), failed.rate()
	s.Right, s.Coverage, s.Precision = right.rate(), coverage.rate(), precision.rate()
	s.AskedRightly, s.AskedOddly, s.AskedNeedlessly = askedRightly.rate(), askedOddly.rate(), askedNeedlessly.rate()
	s.RefusedRightly, s.RefusedOddly, s.RefusedWrongly = refusedRightly.rate(), refusedOddly.rate(), refusedWrongly.rate()
	s.Grounded = grounded.rate()
	for _, c := range penalties {
		p := Penalty{C: c, Sum: correct.n - c*wrong.n}
		if len(records) > 0 {
			p.Mean = float64(p.Sum) / float64(len(records))
		}
		s.Penalty = append(s.Penalty, p)
	}
	s.Calls, s.Time = NewSpread(calls), NewSpread(times)
	s.InputTokens, s.OutputTokens = NewSpread(input), NewSpread(output)
	if cost != nil {
		spread := NewSpread(cost)
		s.Cost = &spread
	}
	return s
}

// gap compares the languages that have answerable cases; nil below two.
func gap(records []Record) *Gap {
	rates := map[string]*counter{}
	for i := range records {
		if r := &records[i]; r.Kind == Answerable {
			if rates[r.Lang] == nil {
				rates[r.Lang] = new(counter)
			}
			rates[r.Lang].add(r, r.Verdict.Good())
		}
	}
	if len(rates) < 2 {
		return nil
	}
	langs := sorted(rates)
	of := func(lang string) float64 { return rates[lang].rate().Rate }
	g := &Gap{Best: langs[0], Worst: langs[0]}
	for _, lang := range langs[1:] {
		if of(lang) > of(g.Best) {
			g.Best = lang
		}
		if of(lang) < of(g.Worst) {
			g.Worst = lang
		}
	}
	g.Points = 100 * (of(g.Best) - of(g.Worst))
	return g
}

// Breakdown is the scores of the records that have something in common.
type Breakdown struct {
	By     string  `json:"by"`
	Groups []Group `json:"groups"` // by name
}

// Group is one of a Breakdown; a record of two tags is in two groups.
type Group struct {
	Name string `json:"name"`
	Score
}

// dimensions are what rates are taken by.
var dimensions = []struct {
	name string
	keys func(r *Record) []string
}{
	{"language", func(r *Record) []string { return []string{r.Lang} }},
	{"data", func(r *Record) []string { return some(r.Data) }},
	{"suite", func(r *Record) []string { return some(r.Suite) }},
	{"family", func(r *Record) []string { return []string{r.Family} }},
	{"tag", func(r *Record) []string { return r.Tags }},
	{"tool", func(r *Record) []string { return r.Tools }},
	{"level", func(r *Record) []string {
		if r.Level == 0 {
			return nil
		}
		return []string{strconv.Itoa(r.Level)}
	}},
	{"perturbation", func(r *Record) []string { return some(r.Perturb) }},
}

func some(name string) []string {
	if name == "" {
		return nil
	}
	return []string{name}
}

// Breakdowns scores records by language, data, suite, family, tag, tool,
// level and perturbation; what no record has is left out.
func Breakdowns(records []Record) []Breakdown {
	var all []Breakdown
	for _, d := range dimensions {
		groups := map[string][]Record{}
		for i := range records {
			for _, k := range slices.Compact(slices.Sorted(slices.Values(d.keys(&records[i])))) {
				groups[k] = append(groups[k], records[i])
			}
		}
		if len(groups) == 0 {
			continue
		}
		b := Breakdown{By: d.name}
		for _, name := range sorted(groups) {
			b.Groups = append(b.Groups, Group{Name: name, Score: overall(groups[name])})
		}
		all = append(all, b)
	}
	return all
}
