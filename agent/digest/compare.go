package digest

import (
	"bytes"
	"encoding/json"
	"maps"
	"reflect"
	"slices"

	"tesela/agent"
	"tesela/agent/model"
	"tesela/agent/wording"
	"tesela/tools"
)

// Changes is what is different between two answers to one question, as plain
// texts in a language; see Text. Where Why is set nothing was compared.
type Changes struct {
	Language string
	Why      Why
	// Definitions are those that changed, where that is why.
	Definitions []agent.DefinitionChange
	// Unchanged is set where no figure differs, SameData where all the data is
	// what it was.
	Unchanged, SameData bool
	Calls               []CallChanges
}

// Why is the reason for which something is not compared.
type Why string

// The reasons.
const (
	Unanswered   Why = "unanswered"  // one of the two answers nothing
	OtherCalls   Why = "reading"     // the question led to other computations
	OtherShape   Why = "shape"       // the figures are others
	Redefined    Why = "definitions" // what they stand for is defined anew
	RowsWithheld Why = "withheld"    // rows that tell of single customers are not there
	RowsAlike    Why = "rows"        // rows cannot be told apart
)

// CallChanges is what is different in one computation.
type CallChanges struct {
	Tool, Title string
	Why         Why // not compared, or not the rows
	// Otherwise is set where it was computed by other arguments than then.
	Otherwise bool
	Values    []Change
	// Figure names what moved in the rows; Moved are those that grew or fell
	// most.
	Figure     string
	Moved      []Change
	MovedMore  int
	New, Gone  []Row
	NewMore    int
	GoneMore   int
	figureless bool
}

// Change is a figure then and now. By is the difference with its sign, Rate
// the same relative to then; "" where there is none.
type Change struct{ Name, Then, Now, By, Rate string }

// Row is a row that came or went.
type Row struct{ Name, Value string }

// mostRows bounds how many rows of a kind are told.
const mostRows = 5

// Compare tells what changed between two answers to one question, in a
// language (en, es, pt; English for others). Rows that were withheld from one
// of them, as agent.Withhold leaves it, are not compared.
func Compare(lang string, then, now *agent.Answer) Changes {
	return CompareShown(lang, then, now, bare(then) || bare(now))
}

// CompareShown is Compare for answers of which the caller knows whether rows
// were withheld.
func CompareShown(lang string, then, now *agent.Answer, withheld bool) Changes {
	c := Changes{Language: lang}
	voice, err := wording.For(lang)
	switch {
	case err != nil, then == nil, now == nil, then.Status != model.Answered, now.Status != model.Answered, len(now.Calls) == 0:
		c.Why = Unanswered
		return c
	}
	c.SameData = then.Data == now.Data && then.Data != ""
	if c.Definitions = redefined(then, now); len(c.Definitions) > 0 {
		c.Why = Redefined
		return c
	}
	pairs, ok := paired(then.Calls, now.Calls)
	if !ok {
		c.Why = OtherCalls
		return c
	}
	c.Unchanged = true
	for _, p := range pairs {
		one := compareCall(voice, p[0], p[1], withheld)
		c.Unchanged = c.Unchanged && one.unchanged()
		c.Calls = append(c.Calls, one)
	}
	return c
}

// bare tells an answer from which rows were withheld: its text went with them.
func bare(a *agent.Answer) bool { return a != nil && a.Text == "" }

// redefined lists the definitions that both answers lean on and that are not
// the same.
func redefined(then, now *agent.Answer) (list []agent.DefinitionChange) {
	if then.Basis == nil || now.Basis == nil {
		return nil
	}
	a, b := then.Basis.Definitions, now.Basis.Definitions
	differ := func(kind, name, a, b string) {
		if a != b {
			list = append(list, agent.DefinitionChange{Kind: kind, Name: name, Then: a, Now: b})
		}
	}
	for _, kind := range []struct {
		name string
		a, b map[string]string
	}{{"segment", a.Segments, b.Segments}, {"word", a.Words, b.Words}, {"role", a.Roles, b.Roles}} {
		names := slices.AppendSeq(slices.Collect(maps.Keys(kind.a)), maps.Keys(kind.b))
		slices.Sort(names)
		for _, name := range slices.Compact(names) {
			differ(kind.name, name, kind.a[name], kind.b[name])
		}
	}
	differ("zone", "", a.Zone, b.Zone)
	differ("currency", "", a.Currency, b.Currency)
	return list
}

// side is one call with its result as JSON has it, whether fresh from a tool or
// kept.
type side struct {
	tool   string
	args   json.RawMessage
	result *tools.Result
}

// paired puts the calls of both sides together, tool by tool in their order.
func paired(then, now []agent.CallRecord) (pairs [][2]side, ok bool) {
	a, b := sides(then), sides(now)
	if len(a) != len(b) || len(a) == 0 {
		return nil, false
	}
	taken := make([]bool, len(a))
	for _, n := range b {
		at := -1
		for i, t := range a {
			if !taken[i] && t.tool == n.tool {
				at = i
				break
			}
		}
		if at < 0 {
			return nil, false
		}
		taken[at] = true
		pairs = append(pairs, [2]side{a[at], n})
	}
	return pairs, true
}

func sides(calls []agent.CallRecord) (list []side) {
	for _, c := range calls {
		if c.Result == nil {
			continue
		}
		b, err := json.Marshal(c.Result)
		if err != nil {
			continue
		}
		d := json.NewDecoder(bytes.NewReader(b))
		d.UseNumber()
		r := &tools.Result{}
		if d.Decode(r) == nil {
			list = append(list, side{c.Tool, c.Args, r})
		}
	}
	return list
}

// compareCall compares two results of one tool.
func compareCall(voice *wording.Language, then, now side, withheld bool) CallChanges {
	c := CallChanges{Tool: now.tool, Title: now.result.Title, Otherwise: !sameArgs(then.args, now.args)}
	if f := now.result.Fingerprint; f != "" && f == then.result.Fingerprint {
		return c // also of what is not there
	}
	a, b := tableOf(then.result), tableOf(now.result)
	hidden := withheld && (len(a.columns) == 0) != (len(b.columns) == 0)
	if !hidden && !sameColumns(then.result.Columns, now.result.Columns) {
		c.Why = OtherShape
		return c
	}
	c.values(voice, then, now)
	switch {
	case hidden:
		c.Why = RowsWithheld
	case len(a.columns) == 0:
	case withheld && (len(a.rows) == 0 || len(b.rows) == 0):
		c.Why = RowsWithheld
	case len(a.rows) <= 1 && len(b.rows) <= 1 && len(now.result.Values) > 0 && len(now.result.Rows) > 0 && len(then.result.Rows) > 0:
		// One row says again what the values say.
	default:
		c.rows(voice, a, b)
	}
	return c
}

func (c CallChanges) unchanged() bool {
	return c.Why == "" && !c.Otherwise && len(c.Values)+len(c.Moved)+len(c.New)+len(c.Gone) == 0
}

func sameArgs(a, b json.RawMessage) bool {
	read := func(raw json.RawMessage) (v any) {
		if len(raw) > 0 && json.Unmarshal(raw, &v) != nil {
			return string(raw)
		}
		return v
	}
	return reflect.DeepEqual(read(a), read(b))
}

// sameColumns tells whether tables can be compared: the same names of the same
// kinds, in the same units.
func sameColumns(a, b []tools.Column) bool {
	return slices.EqualFunc(a, b, func(a, b tools.Column) bool {
		return a.Name == b.Name && a.Kind == b.Kind && a.Unit == b.Unit
	})
}

// values compares the figures that stand alone.
func (c *CallChanges) values(voice *wording.Language, then, now side) {
	facts := voice.Values(wording.Call{Tool: now.tool, Args: now.args, Result: now.result})
	// Counts and sums come before shares, what these are shares of comes last.
	rank := func(f wording.Fact) int {
		switch {
		case f.Key == "base" || f.Key == "shown":
			return 2
		case wording.ValueColumn(f.Key, now.result.Units[f.Key], now.result.Values[f.Key]).Kind == "rate":
			return 1
		}
		return 0
	}
	slices.SortStableFunc(facts, func(a, b wording.Fact) int { return rank(a) - rank(b) })
	for _, f := range facts {
		b := now.result.Values[f.Key]
		a, there := then.result.Values[f.Key]
		column := wording.ValueColumn(f.Key, now.result.Units[f.Key], b)
		switch {
		case !there, then.result.Units[f.Key] != now.result.Units[f.Key]:
			c.Why = OtherShape
		case !reflect.DeepEqual(a, b):
			one := figures(voice, column, a, b)
			one.Name, one.Now = f.Label, f.Value
			c.Values = append(c.Values, one)
		}
	}
	for key := range then.result.Values {
		if _, there := now.result.Values[key]; !there {
			c.Why = OtherShape
		}
	}
}
