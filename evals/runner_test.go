package evals

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tesela/agent/model"
	"tesela/agent/trace"
)

// small is a suite of a tiny shop: what the offline planner is sure to read,
// what it refuses, and a gold that is wrong on purpose.
const small = `
data: demo:customers=120
cases:
  - {id: a-1, lang: en, q: "How many customers do we have?", family: size, tags: [plain], count: everyone}
  - {id: a-2, lang: es, q: "¿Cuántos clientes tenemos?", family: size, count: everyone}
  - {id: a-3, lang: pt, q: "Quantos clientes temos?", family: size, level: 2, count: everyone}
  - {id: b-1, lang: en, q: "What is the weather like in Seville?", family: scope, cannot: true}
  - {id: c-1, lang: en, q: "How many customers are there?", family: size, tags: [trap], count: 'count(order) >= 1000'}
  - {id: d-1, lang: en, q: "revenue by country", family: breakdown, measure: {measures: [revenue], group_by: [country]}}
`

func smallSuite(t *testing.T, text string) []*Suite {
	t.Helper()
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "small.yaml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Chdir(folder)
	suites, err := Find("small.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return suites
}

// countAll is a model that counts everyone, whatever it is asked, and says what
// that took. It counts how often it is asked, and stops the run at stopAt.
type countAll struct {
	asked  *atomic.Int32
	stopAt int32
	stop   func()
}

func (countAll) Name() string { return "counts" }

func (m countAll) Generate(ctx context.Context, r model.Request) iter.Seq2[model.Delta, error] {
	return func(yield func(model.Delta, error) bool) {
		if last := r.Messages[len(r.Messages)-1]; last.Role == model.ToolRole {
			yield(model.Delta{Decision: &model.Decision{Status: model.Answered, Language: "en"}}, nil)
			return
		}
		if n := m.asked.Add(1); m.stop != nil && n == m.stopAt {
			m.stop()
			yield(model.Delta{}, ctx.Err())
			return
		}
		if !yield(model.Delta{Call: &model.Call{ID: "1", Name: "count_segment", Args: json.RawMessage(`{"formula":"everyone"}`)}}, nil) {
			return
		}
		yield(model.Delta{Usage: &model.Usage{InputTokens: 1000, OutputTokens: 10}}, nil)
	}
}

func asked(m model.Model) Asked {
	return Asked{Name: m.Name(), Over: func(context.Context, *model.Catalogue) (model.Model, error) { return m, nil }}
}

func verdictsOf(records []Record) string {
	var parts []string
	for i := range records {
		parts = append(parts, records[i].ID+" "+string(records[i].Verdict))
	}
	return strings.Join(parts, ", ")
}

func TestRunSideBySide(t *testing.T) {
	r, err := Run(t.Context(), Options{
		Suites: smallSuite(t, small), Models: []Asked{{Name: "offline"}, asked(countAll{asked: new(atomic.Int32)})}, Jobs: 3,
		Prices: map[string]Price{"counts": {Input: 2, Output: 10}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := verdictsOf(r.Runs[0].Records), "a-1 right, a-2 right, a-3 right, b-1 refused rightly, c-1 wrong, d-1 right"; got != want {
		t.Errorf("offline: %s", got)
	}
	if got, want := verdictsOf(r.Runs[1].Records), "a-1 right, a-2 right, a-3 right, b-1 wrong, c-1 wrong, d-1 wrong"; got != want {
		t.Errorf("counts: %s", got)
	}
	c := r.Compare[0]
	if c.Kind != "model" || c.Then != "offline" || c.Now != "counts" || !slices.Equal(ids(c.Worse), []string{"b-1", "d-1"}) || len(c.Better) != 0 {
		t.Errorf("%+v", c)
	}
	// Each answer of counts takes a thousand tokens in and ten out at least:
	// two dollars a million in, ten out.
	s := r.Runs[1].Score
	if s.Cost == nil || s.InputTokens.P50 < 1000 || s.OutputTokens.P50 < 10 {
		t.Fatalf("%+v", s)
	}
	near(t, "cost", s.Cost.Sum, (2*s.InputTokens.Sum+10*s.OutputTokens.Sum)/1e6, 1e-12)
	if r.Runs[0].Score.Cost != nil || r.Runs[0].Score.InputTokens.Sum != 0 {
		t.Error("the planner has a cost")
	}
}

// What each turn did is told, with times that the answers do not have.
func TestRunTraces(t *testing.T) {
	var mu sync.Mutex
	var got []*trace.Trace
	r, err := Run(t.Context(), Options{
		Suites: smallSuite(t, small), Models: []Asked{{Name: "offline"}, asked(countAll{asked: new(atomic.Int32)})}, Jobs: 3, Clock: time.Now,
		Traces: func(tr *trace.Trace) {
			mu.Lock()
			defer mu.Unlock()
			got = append(got, tr)
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	cases := len(r.Runs[0].Records) + len(r.Runs[1].Records)
	by := map[string]int{}
	for _, tr := range got {
		by[tr.By]++
		if tr.Question == "" || tr.Status == "" || len(tr.Rounds) == 0 || tr.EndMS <= 0 || tr.Withheld != "" {
			t.Errorf("%+v", tr)
		}
	}
	if len(got) < cases || by["offline"] == 0 || by["counts"] == 0 {
		t.Errorf("%d traces of %d cases, %v", len(got), cases, by)
	}
}

// However many hands, however the repeats and noises are mixed: the report is
// the same.
func TestRunIsTheSameInParallel(t *testing.T) {
	suites := smallSuite(t, small)
	var first []byte
	for _, jobs := range []int{1, 2, 7} {
		r, err := Run(t.Context(), Options{Suites: suites, Models: []Asked{{Name: "offline"}}, Jobs: jobs, Repeat: 2, Noise: [][]string{{"typos", "accents"}}, Seed: 3})
		if err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = text
		} else if diff := cmp.Diff(string(first), string(text)); diff != "" {
			t.Errorf("%d jobs: %s", jobs, diff)
		}
		if len(r.Runs) != 2 || r.Runs[1].Perturb != "typos,accents" || len(r.Runs[0].Records) != 12 || len(r.Runs[1].Records) > 12 || r.Compare[0].Kind != "noise" {
			t.Errorf("%d runs", len(r.Runs))
		}
		if c := r.Compare[0]; len(c.New)+len(c.Vanished) > 0 || 2*c.Cases != len(r.Runs[1].Records) {
			t.Errorf("%d cases of %d records, %v gone", c.Cases, len(r.Runs[1].Records), c.Vanished)
		}
		if k := r.Runs[0].Score.PassK; len(k) != 2 || k[0] != k[1] {
			t.Errorf("pass^k %v of a planner without chance", k)
		}
	}
}

// A word is named as it was typed.
func TestWordAsTyped(t *testing.T) {
	for _, c := range []struct{ word, plain, noisy, want string }{
		{"switched", "premium members who switched", "premium members who switcehd", "switcehd"},
		{"switched", "premium members who switched?", "premium members who switcehd?", "switcehd"},
		{"fiéis", "quantos clientes fiéis temos?", "quantos cleintes FIEIS temos?", "fiéis"},
		{"best ones", "who are the best ones, really", "who are the bset ones, relaly", "bset ones"},
		{"good", "how many good customers", "could you tell me how many godo customers", ""},
		{"", "how many", "hwo many", ""},
	} {
		if got := asTyped(c.word, []string{c.plain}, []string{c.noisy}); got != c.want {
			t.Errorf("%s in %s: %q", c.word, c.noisy, got)
		}
	}
}

func TestFilterPicks(t *testing.T) {
	suites := smallSuite(t, small)
	for text, want := range map[string]string{
		"a-":                          "a-1 a-2 a-3",
		"a-,1":                        "a-1 a-2 a-3 b-1 c-1 d-1",
		"lang=es":                     "a-2",
		"lang=es,pt":                  "a-2 a-3",
		"lang=en,family=size":         "a-1 c-1",
		"family=size,breakdown,tag=x": "!no case has it",
		"tag=trap":                    "c-1",
		"tool=measure":                "d-1",
		"kind=impossible":             "b-1",
		"level=2":                     "a-3",
		"data=demo:customers=120":     "a-1 a-2 a-3 b-1 c-1 d-1",
		"tag=trap,lang=es":            "!no case is left",
		"langs=es":                    "!no key",
		"verdict=rihgt":               "!no verdict",
		"lang=":                       "!expected",
	} {
		f, err := ParseFilter([]string{text})
		if err == nil {
			err = f.Check(suites)
		}
		if fault, ok := strings.CutPrefix(want, "!"); ok {
			if err == nil || !strings.Contains(err.Error(), fault) {
				t.Errorf("%s: %v", text, err)
			}
			continue
		}
		var got []string
		for i := range suites[0].Cases {
			if f.Takes(&suites[0].Cases[i]) {
				got = append(got, suites[0].Cases[i].ID)
			}
		}
		if err != nil || strings.Join(got, " ") != want {
			t.Errorf("%s takes %v, %v", text, got, err)
		}
	}
	f, err := ParseFilter([]string{"lang=en", "family=size"})
	if err != nil || !f.Takes(&suites[0].Cases[0]) || f.Takes(&suites[0].Cases[1]) || f.Takes(&suites[0].Cases[5]) {
		t.Errorf("two filters: %v, %v", f, err)
	}
}

// A run that was broken off goes on: no case is asked twice, and the report
// is that of an unbroken one.
func TestJournalGoesOn(t *testing.T) {
	suites := smallSuite(t, small)
	var asks atomic.Int32
	options := func(ctx context.Context, m countAll) Options {
		m.asked = &asks
		j, err := OpenJournal("run.jsonl")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { j.Close() })
		return Options{Suites: suites, Models: []Asked{asked(m)}, Journal: j, Program: "p1", Clock: time.Now}
	}
	ctx, cancel := context.WithCancel(t.Context())
	_, err := Run(ctx, options(ctx, countAll{stopAt: 4, stop: cancel}))
	var stopped *Stopped
	if !errors.As(err, &stopped) || stopped.Done != 3 || stopped.Total != 6 {
		t.Fatalf("broken off: %v", err)
	}
	// The program died while it wrote a line.
	file, err := os.OpenFile("run.jsonl", os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprint(file, `{"journal":1,"of":{"suite_s`)
	file.Close()

	asks.Store(0)
	o := options(t.Context(), countAll{})
	r, err := Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if held, taken := o.Journal.Found(); asks.Load() != 3 || held != 3 || taken != 3 {
		t.Errorf("%d cases were asked again, %d of %d taken over", asks.Load(), taken, held)
	}
	whole, err := Run(t.Context(), Options{Suites: suites, Models: []Asked{asked(countAll{asked: &asks})}})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := verdictsOf(r.Runs[0].Records), verdictsOf(whole.Runs[0].Records); got != want {
		t.Errorf("%s, not %s", got, want)
	}
	// All of it lies in the journal now, the torn line notwithstanding.
	asks.Store(0)
	if _, err := Run(t.Context(), options(t.Context(), countAll{})); err != nil || asks.Load() != 0 {
		t.Errorf("asked %d times more, %v", asks.Load(), err)
	}
}

// Records of another text, data set, build, model or noise are left alone.
func TestJournalTakesOnlyItsOwn(t *testing.T) {
	of := Stamp{Suite: "s1", Data: "d1", Second: "d2", Program: "p1", Seed: 7}
	r := Record{Model: "m", Suite: "s", ID: "a", Perturb: "typos", Repeat: 1, Verdict: Right, Got: "42"}
	path := filepath.Join(t.TempDir(), "j")
	j, err := OpenJournal(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := j.Add(of, r, time.Time{}); err != nil {
		t.Fatal(err)
	}
	failed := r
	failed.ID, failed.Verdict = "b", Failed
	if err := errors.Join(j.Add(of, failed, time.Time{}), j.Close()); err != nil {
		t.Fatal(err)
	}
	if j, err = OpenJournal(path); err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	if got, ok := j.Take(of, r); !ok || got.Got != "42" {
		t.Errorf("%+v, %v", got, ok)
	}
	for name, change := range map[string]func(of *Stamp, r *Record){
		"suite":   func(of *Stamp, _ *Record) { of.Suite = "s2" },
		"data":    func(of *Stamp, _ *Record) { of.Data = "d3" },
		"second":  func(of *Stamp, _ *Record) { of.Second = "" },
		"program": func(of *Stamp, _ *Record) { of.Program = "p2" },
		"seed":    func(of *Stamp, _ *Record) { of.Seed = 8 },
		"model":   func(_ *Stamp, r *Record) { r.Model = "n" },
		"id":      func(_ *Stamp, r *Record) { r.ID = "c" },
		"noise":   func(_ *Stamp, r *Record) { r.Perturb = "" },
		"repeat":  func(_ *Stamp, r *Record) { r.Repeat = 0 },
		"failed":  func(_ *Stamp, r *Record) { r.ID = "b" },
	} {
		o, q := of, r
		change(&o, &q)
		if _, ok := j.Take(o, q); ok {
			t.Errorf("another %s is taken over", name)
		}
	}
}

func TestJournalIsNoOtherFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "notes.txt")
	const notes = "do not lose me\n"
	if err := os.WriteFile(path, []byte(notes), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenJournal(path); err == nil || !strings.Contains(err.Error(), "no journal") {
		t.Error(err)
	}
	if text, err := os.ReadFile(path); err != nil || string(text) != notes {
		t.Errorf("%q, %v", text, err)
	}
}

func TestRunSkipsWhatIsNotHere(t *testing.T) {
	t.Setenv("TESELA_DATA", t.TempDir())
	suites := smallSuite(t, small)
	retail, err := Parse([]byte("data: retail\ncases:\n  - {id: r-1, lang: en, q: hello, family: scope, cannot: true}\n"))
	if err != nil {
		t.Fatal(err)
	}
	retail.Name = "retail"
	r, err := Run(t.Context(), Options{Suites: append(suites, retail), Models: []Asked{{Name: "offline"}}, Jobs: 2})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Runs[0].Records) != 6 || r.Suites[1].Skipped == "" || len(r.Notes) != 1 {
		t.Errorf("%d records, %+v, %v", len(r.Runs[0].Records), r.Suites[1], r.Notes)
	}
	if _, err := Run(t.Context(), Options{Suites: []*Suite{retail}, Models: []Asked{{Name: "offline"}}}); err == nil || !strings.Contains(err.Error(), "nothing was asked") {
		t.Errorf("nothing asked is %v", err)
	}
}

// What keeps a model from being built, or the data from being opened, ends
// the run and is no verdict.
func TestRunFails(t *testing.T) {
	broken := Asked{Name: "m", Over: func(context.Context, *model.Catalogue) (model.Model, error) { return nil, errors.New("no key is set") }}
	if _, err := Run(t.Context(), Options{Suites: smallSuite(t, small), Models: []Asked{broken}, Jobs: 2}); err == nil || !strings.Contains(err.Error(), "no key") {
		t.Error(err)
	}
	// So does a gold that the data cannot come to, before anybody is asked.
	var asks atomic.Int32
	bad := smallSuite(t, strings.Replace(small, "count(order) >= 1000", "count(ordr) >= 1000", 1))
	_, err := Run(t.Context(), Options{Suites: bad, Models: []Asked{asked(countAll{asked: &asks})}})
	if err == nil || !strings.Contains(err.Error(), "small: case c-1") || !strings.Contains(err.Error(), "nearest: order") || asks.Load() > 0 {
		t.Errorf("%v after %d questions", err, asks.Load())
	}
	// And one that names what there is not, though nothing is computed of it.
	for gold, fault := range map[string]string{
		"tool: count_segmnt": "nearest: count_segment",
		"calls: [{tool: measure, args: {mesures: [orders]}}]": "nearest: measures",
		"approve: {tool: save_segmnt}":                        "nearest: save_segment",
		"formula: contry = 1":                                 "nearest: country",
		"members: [nobody]":                                   `no customer "nobody"`,
	} {
		s := smallSuite(t, strings.Replace(small, "count: 'count(order) >= 1000'", gold, 1))
		_, err := Run(t.Context(), Options{Suites: s, Models: []Asked{asked(countAll{asked: &asks})}})
		if err == nil || !strings.Contains(err.Error(), "small: case c-1: ") || !strings.Contains(err.Error(), fault) || asks.Load() > 0 {
			t.Errorf("%s: %v after %d questions", gold, err, asks.Load())
		}
	}
	s := smallSuite(t, strings.Replace(small, "demo:customers=120", "workspace:nowhere.db", 1))
	if _, err := Run(t.Context(), Options{Suites: s, Models: []Asked{{Name: "offline"}}}); err == nil || !strings.Contains(err.Error(), "nowhere.db") {
		t.Error(err)
	}
}
