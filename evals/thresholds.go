package evals

import "fmt"

// Threshold is a figure that every plain run, or every noise, is held to.
type Threshold struct {
	Name string // min-correct, say
	Says string
	// Points says that the limit is in points of a hundred, not a fraction.
	Points bool
	least  bool
	of     func(r *ScoredRun) (Rate, bool)
	drop   bool
}

// Check is a threshold held against a run.
type Check struct {
	Name  string  `json:"name"`
	Run   string  `json:"run"`
	Limit float64 `json:"limit"`
	Value float64 `json:"value"`
	Met   bool    `json:"met"`
	// None says that there was nothing to take the figure of; the check is
	// not met then.
	None bool `json:"none,omitempty"`
}

func (c *Check) String() string {
	if c.None {
		return fmt.Sprintf("--%s %v: %s has no case that it is a rate of", c.Name, c.Limit, c.Run)
	}
	verb := "meets"
	if !c.Met {
		verb = "misses"
	}
	return fmt.Sprintf("%s %s --%s %v: %.4g", c.Run, verb, c.Name, c.Limit, c.Value)
}

func rateOf(rate func(s *Score) Rate) func(*ScoredRun) (Rate, bool) {
	return func(r *ScoredRun) (Rate, bool) { f := rate(&r.Score); return f, f.Of > 0 }
}

// Thresholds are the figures that can be held to a limit: rates as fractions,
// the language gap and the drop under noise in points of a hundred.
var Thresholds = []Threshold{
	{Name: "min-correct", Says: "at least this part of all cases is answered, asked back or refused as it should be", least: true, of: rateOf(func(s *Score) Rate { return s.Correct })},
	{Name: "max-wrong", Says: "at most this part of all cases is answered wrongly", of: rateOf(func(s *Score) Rate { return s.Wrong })},
	{Name: "min-right", Says: "at least this part of the answerable cases is right", least: true, of: rateOf(func(s *Score) Rate { return s.Right })},
	{Name: "min-coverage", Says: "at least this part of the answerable cases is answered", least: true, of: rateOf(func(s *Score) Rate { return s.Coverage })},
	{Name: "min-precision", Says: "at least this part of the answers is right", least: true, of: rateOf(func(s *Score) Rate { return s.Precision })},
	{Name: "min-grounded", Says: "at least this part of the answers holds only figures of their results", least: true, of: rateOf(func(s *Score) Rate { return s.Grounded })},
	{Name: "max-failed", Says: "at most this part of all cases comes to an error", of: rateOf(func(s *Score) Rate { return s.Failed })},
	{Name: "max-gap", Points: true, Says: "no language is more than this many points of a hundred behind another", of: func(r *ScoredRun) (Rate, bool) {
		if r.Score.Gap == nil {
			return Rate{}, false
		}
		return Rate{Rate: r.Score.Gap.Points}, true
	}},
	{Name: "max-drop", Points: true, Says: "noise (--perturb) costs at most this many points of a hundred", drop: true},
}

// Hold holds the report to a threshold.
func (r *Report) Hold(t Threshold, limit float64) {
	check := func(run string, value float64, there bool) {
		c := Check{Name: t.Name, Run: run, Limit: limit, Value: value, None: !there}
		c.Met = there && (t.least && value >= limit || !t.least && value <= limit)
		r.Checks = append(r.Checks, c)
	}
	if t.drop {
		for _, c := range r.Compare {
			if c.Kind == "noise" {
				check(c.Now, c.Drop, c.Cases > 0)
			}
		}
		return
	}
	for _, run := range r.Runs {
		if run.Perturb == "" {
			rate, there := t.of(run)
			check(run.Name(), rate.Rate, there)
		}
	}
}

// Missed are the checks that are not met.
func (r *Report) Missed() []Check {
	var missed []Check
	for _, c := range r.Checks {
		if !c.Met {
			missed = append(missed, c)
		}
	}
	return missed
}
