package evals

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"strings"
	"testing"
	"time"

	"tesela/agent/model"
)

// actor is a model that answers each question with what it was told to.
type actor map[string]model.Delta

func (actor) Name() string { return "actor" }

func (a actor) Generate(_ context.Context, r model.Request) iter.Seq2[model.Delta, error] {
	return func(yield func(model.Delta, error) bool) {
		last := r.Messages[len(r.Messages)-1]
		if last.Role != model.User {
			yield(model.Delta{}, nil) // the call is done
			return
		}
		d, ok := a[last.Text]
		if !ok {
			yield(model.Delta{}, errors.New("not in the script"))
			return
		}
		yield(d, nil)
	}
}

func calls(tool, args string) model.Delta {
	return model.Delta{Call: &model.Call{Name: tool, Args: json.RawMessage(args)}}
}

func counts(formula string) model.Delta {
	args, _ := json.Marshal(map[string]string{"formula": formula})
	return calls("count_segment", string(args))
}

func open(t *testing.T, spec string) *Data {
	t.Helper()
	d, err := Open(t.Context(), spec)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

// parse reads one case, with golds by name above it.
func parse(t *testing.T, golds, text string) *Suite {
	t.Helper()
	s, err := Parse([]byte("data: gym\n" + golds + "cases:\n  - {id: x, lang: en, family: f, " + text + "}\n"))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestJudge(t *testing.T) {
	d := open(t, "gym")
	const basic = `plan = "plano_basico"`
	size, err := d.call(t.Context(), d.AsOf, "count_segment", json.RawMessage(`{"formula":"plan = \"plano_basico\""}`))
	if err != nil {
		t.Fatal(err)
	}
	n := size.Values["size"].(int)
	ids, err := d.members(t.Context(), d.AsOf, basic)
	if err != nil || len(ids) != n || n < 10 {
		t.Fatalf("%d members of %d: %v", len(ids), n, err)
	}
	some := jsonText(sorted(ids))
	fewer := jsonText(sorted(ids)[1:])
	decided := func(s model.Status, reason model.Reason, unknown string, choices ...string) model.Delta {
		decision := &model.Decision{Status: s, Language: "en", Reason: reason, Unknown: []string{unknown}}
		for _, c := range choices {
			decision.Choices = append(decision.Choices, model.Choice{Label: c, Question: c})
		}
		return model.Delta{Decision: decision}
	}
	for name, c := range map[string]struct {
		expect string
		says   model.Delta
		want   Verdict
		why    string
	}{
		"the size":                    {`count: 'plan = "plano_basico"'`, counts(basic), Right, ""},
		"another size":                {`count: 'plan = "plano_basico"'`, counts(`plan = "plano_anual"`), Wrong, "other figures"},
		"the same people otherwise":   {`who: 'plan = "plano_basico"'`, counts(`not (plan != "plano_basico" or plan is not set)`), Right, ""},
		"a figure outright":           {`figure: ` + jsonText(n), counts(basic), Right, ""},
		"a figure one off":            {`figure: ` + jsonText(n+1), counts(basic), Wrong, "other figures"},
		"a figure within tolerance":   {`figure: ` + jsonText(n+1) + `, tolerance: 0.2`, counts(basic), Right, ""},
		"members outright":            {`members: ` + some, counts(basic), Right, ""},
		"a member too few":            {`members: ` + fewer, counts(basic), Wrong, "other figures"},
		"the formula":                 {`formula: 'plan   =  "plano_basico"'`, counts(basic), Right, ""},
		"another formula, same size":  {`formula: 'plan = "plano_basico"'`, counts(`plan in ("plano_basico")`), Wrong, "another formula"},
		"the calls":                   {`calls: [{tool: count_segment, args: {formula: 'plan  = "plano_basico"'}}]`, counts(basic), Right, ""},
		"other calls":                 {`calls: [{tool: list_customers}]`, counts(basic), Wrong, "a call of count_segment where list_customers is due"},
		"a tool's figures":            {`run: {tool: stage_lifecycle}`, calls("stage_lifecycle", "{}"), Right, ""},
		"answered though impossible":  {`cannot: true`, counts(basic), Wrong, "answered where it should not have been"},
		"refused":                     {`cannot: true, reason: not_yet`, decided(model.Cannot, model.NotYet, ""), RefusedRightly, ""},
		"refused for another reason":  {`cannot: true, reason: missing_field`, decided(model.Cannot, model.OutOfScope, ""), RefusedOddly, "refused for"},
		"refused though answerable":   {`count: 'plan = "plano_basico"'`, decided(model.Cannot, model.OutOfScope, ""), RefusedWrongly, ""},
		"asked about the word":        {`clarify: true, word: basic`, decided(model.Clarify, model.UnknownWords, "basics"), AskedRightly, ""},
		"asked about another word":    {`clarify: true, word: basic`, decided(model.Clarify, model.UnknownWords, "plan"), AskedOddly, "does not name basic"},
		"asked needlessly":            {`count: 'plan = "plano_basico"'`, decided(model.Clarify, model.UnknownWords, "x"), AskedNeedlessly, ""},
		"a choice that comes to it":   {`clarify: true, choices: [{who: 'plan = "plano_basico"'}]`, decided(model.Clarify, model.Ambiguous, "x", "the basic ones"), AskedRightly, ""},
		"no choice that comes to it":  {`clarify: true, choices: [{who: 'plan = "plano_anual"'}]`, decided(model.Clarify, model.Ambiguous, "x", "the basic ones"), AskedOddly, "none of the 1 choices"},
		"approval due, not asked for": {`approve: {tool: save_segment, args: {name: X}}`, counts(basic), Wrong, "does not wait for approval"},
	} {
		t.Run(name, func(t *testing.T) {
			s := parse(t, "", "q: ask, "+c.expect)
			o := d.With(actor{"ask": c.says, "the basic ones": counts(basic)}).Run(t.Context(), &s.Cases[0], time.Now)
			if strings.Contains(c.expect, "choices:") && !strings.Contains(o.Want, "with the readings count_segment ") {
				t.Errorf("the readings that are due are not told: %s", o.Want)
			}
			if o.Verdict != c.want || !strings.Contains(o.Why, c.why) {
				t.Errorf("%s (%s), not %s (%s)", o.Verdict, o.Why, c.want, c.why)
			}
		})
	}
}

// A list of all is that of the same people, not of as many others.
func TestListOfOthers(t *testing.T) {
	d := open(t, "demo:customers=120")
	bySize := map[string]map[int]string{"=": {}, "!=": {}} // nobody is in both
	for days := 5; days < 300; days += 5 {
		for op, other := range map[string]string{"=": "!=", "!=": "="} {
			f := fmt.Sprintf(`days_since(order) > %d and country %s "Spain"`, days, op)
			ids, err := d.members(t.Context(), d.AsOf, f)
			if err != nil {
				t.Fatal(err)
			}
			bySize[op][len(ids)] = f
			others := bySize[other][len(ids)]
			if len(ids) == 0 || others == "" {
				continue
			}
			for formula, want := range map[string]Verdict{f: Right, others: Wrong} {
				s := parse(t, "", "q: ask, list: {formula: "+jsonText(f)+"}")
				says := calls("list_customers", `{"formula":`+jsonText(formula)+`}`)
				if o := d.With(actor{"ask": says}).Run(t.Context(), &s.Cases[0], time.Now); o.Verdict != want {
					t.Errorf("%s for %s: %s (%s)", formula, f, o.Verdict, o.Why)
				}
			}
			return
		}
	}
	t.Fatal("no two segments of one size: the test shows nothing")
}

// TestSideBySide takes a figure a call for the rows of one table, and nothing
// less.
func TestSideBySide(t *testing.T) {
	d := open(t, "gym")
	orders := func(window string) model.Delta {
		return calls("measure", `{"measures":["orders"],"window":"`+window+`"}`)
	}
	for name, c := range map[string]struct {
		windows []string
		want    Verdict
	}{
		"each year":     {[]string{"2024", "2025"}, Right},
		"other order":   {[]string{"2025", "2024"}, Right},
		"one year":      {[]string{"2024"}, Wrong},
		"one twice":     {[]string{"2024", "2024"}, Wrong},
		"another month": {[]string{"2024", "2025-03"}, Wrong},
	} {
		t.Run(name, func(t *testing.T) {
			s := parse(t, "", `q: ask, measure: {measures: [orders], per: year, window: from 2024-01-01 to 2026-01-01}`)
			var says several
			for _, w := range c.windows {
				says = append(says, orders(w))
			}
			if o := d.With(says).Run(t.Context(), &s.Cases[0], time.Now); o.Verdict != c.want {
				t.Errorf("%s, not %s: %s (%s)", o.Verdict, c.want, o.Why, o.Record().Got)
			}
		})
	}
}

// several is a model that makes the same calls whatever it is asked.
type several []model.Delta

func (several) Name() string { return "several" }

func (s several) Generate(_ context.Context, r model.Request) iter.Seq2[model.Delta, error] {
	return func(yield func(model.Delta, error) bool) {
		if r.Messages[len(r.Messages)-1].Role != model.User {
			return
		}
		for _, d := range s {
			if !yield(d, nil) {
				return
			}
		}
	}
}

// TestSecond tells an answer that is right from one that only comes to the
// same figure here.
func TestSecond(t *testing.T) {
	first, second := open(t, "gym"), open(t, "gym:seed=2")
	size, err := first.call(t.Context(), first.AsOf, "count_segment", json.RawMessage(`{"formula":"plan = \"plano_basico\""}`))
	if err != nil {
		t.Fatal(err)
	}
	s := parse(t, "", `q: ask, count: 'plan = "plano_basico"'`)
	lucky := calls("measure", `{"measures":["customers(everyone) - `+jsonText(1500-size.Values["size"].(int))+`"]}`)
	for _, c := range []struct {
		data *Data
		says model.Delta
		want Verdict
	}{
		{first, lucky, Right},
		{first.Beside(second), lucky, Wrong},
		{first.Beside(second), counts(`plan = "plano_basico"`), Right},
	} {
		o := c.data.With(actor{"ask": c.says}).Run(t.Context(), &s.Cases[0], time.Now)
		if o.Verdict != c.want {
			t.Errorf("%s, not %s: %s (%s)", o.Verdict, c.want, o.Why, o.Record().Got)
		}
		if c.want == Wrong && !strings.Contains(o.Why, "coincidence") {
			t.Errorf("why: %s", o.Why)
		}
	}
}

// TestKept puts another engine's figures in the place of the core's: an error
// of the core that the answer shares is seen.
func TestKept(t *testing.T) {
	d := open(t, "gym")
	const query = "SELECT count(*) AS n FROM customers WHERE plan = 'plano_basico'"
	golds := "golds:\n  basic: {count: 'plan = \"plano_basico\"', sql: \"" + query + "\"}\n"
	size, err := d.call(t.Context(), d.AsOf, "count_segment", json.RawMessage(`{"formula":"plan = \"plano_basico\""}`))
	if err != nil {
		t.Fatal(err)
	}
	n := size.Values["size"].(int)
	file := func(sum, data string, n int) []byte {
		return []byte(jsonText(KeptFile{Golds: map[string]*Kept{"basic": {SQL: sum, On: map[string]*KeptResult{
			"gym": {Data: data, Columns: []string{"n"}, Rows: [][]any{{n}}},
		}}}}))
	}
	for name, c := range map[string]struct {
		kept  []byte
		want  Verdict
		fault string
	}{
		"the same figure":      {file(SQLSum(query), d.Fingerprint, n), Right, ""},
		"another figure":       {file(SQLSum(query), d.Fingerprint, n+1), Wrong, ""},
		"of other data":        {file(SQLSum(query), "sha256:0", n), Failed, ""},
		"of another query":     {file(SQLSum(query+" "), d.Fingerprint, n), Right, ""},
		"of a different query": {file(SQLSum("SELECT 1"), d.Fingerprint, n), "", "no kept result"},
		"nothing kept":         {nil, "", "no kept result"},
		"garbage":              {[]byte("{"), "", "read the kept results"},
	} {
		s := parse(t, golds, "q: ask, gold: basic")
		if err := s.keep(c.kept); c.fault != "" {
			if err == nil || !strings.Contains(err.Error(), c.fault) {
				t.Errorf("%s: %v", name, err)
			}
			continue
		} else if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		o := d.With(actor{"ask": counts(`plan = "plano_basico"`)}).Run(t.Context(), &s.Cases[0], time.Now)
		if o.Verdict != c.want {
			t.Errorf("%s: %s, not %s: %s", name, o.Verdict, c.want, o.Why)
		}
	}
}

func TestParseSpec(t *testing.T) {
	for text, want := range map[string]Spec{
		"demo":                       {Name: "demo"},
		"demo:seed=2,customers=500":  {Name: "demo", Seed: 2, Customers: 500},
		"gym:seed=7":                 {Name: "gym", Seed: 7},
		"retail":                     {Name: "retail"},
		"workspace:C:/shops/a b.db":  {Name: "workspace", Path: "C:/shops/a b.db"},
		"workspace:../here/there.db": {Name: "workspace", Path: "../here/there.db"},
	} {
		if got, err := ParseSpec(text); err != nil || got != want {
			t.Errorf("%s: %+v, %v", text, got, err)
		}
	}
	for text, fault := range map[string]string{
		"":                 "there is no data set",
		"gmy":              "nearest: gym",
		"gym:customers=3":  "no \"customers\"",
		"gym:seed=0":       "a number from 1",
		"gym:seed=x":       "a number from 1",
		"retail:seed=2":    "as it is",
		"workspace:":       "workspace:PATH",
		"demo:seed=1,,":    "a number from 1",
		"demo:seed=-1":     "a number from 1",
		"demo:colour=blue": "a number from 1",
	} {
		if _, err := ParseSpec(text); err == nil || !strings.Contains(err.Error(), fault) {
			t.Errorf("%q: %v", text, err)
		}
	}
}
