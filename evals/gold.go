package evals

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"tesela/segment/syntax"
	"tesela/tools"
)

// Gold is one expected answer; exactly one of its ways to say it is set,
// beside SQL. Calls are compared by what they come to, not by how they are written,
// except under Formula, Calls and Approve.
type Gold struct {
	// Name is under which the suite keeps it; Ref is a case's word for it.
	Name string `yaml:"-"`
	Ref  string `yaml:"gold,omitempty"`

	Count   string         `yaml:"count,omitempty"`   // the size of this formula
	Share   string         `yaml:"share,omitempty"`   // its share of all customers
	Who     string         `yaml:"who,omitempty"`     // its size or its members
	List    map[string]any `yaml:"list,omitempty"`    // arguments of list_customers
	Measure map[string]any `yaml:"measure,omitempty"` // arguments of measure
	Run     *Call          `yaml:"run,omitempty"`     // any tool's call: its figures
	Tool    string         `yaml:"tool,omitempty"`    // this tool, whatever it finds

	Figure  any      `yaml:"figure,omitempty"`  // this number, text or date
	Table   [][]any  `yaml:"table,omitempty"`   // these rows: a group's names first, then figures
	Members []string `yaml:"members,omitempty"` // just these customers' ids

	Formula string `yaml:"formula,omitempty"` // a call with this very formula
	Calls   []Call `yaml:"calls,omitempty"`   // these calls and no others, with at least these arguments
	Approve *Call  `yaml:"approve,omitempty"` // this call waits for a person's yes

	// SQL is a query whose kept result is expected in place of what the core
	// comes to (see evals/audit).
	SQL string `yaml:"sql,omitempty"`

	// First compares only the first row of a table or list: the question asks
	// for the best, and a table that begins with it is as right.
	First bool `yaml:"first,omitempty"`
	// Ordered says that the rows must come in the gold's order.
	Ordered bool `yaml:"ordered,omitempty"`
	// Tolerance is how far a figure may be off, as a part of it: 0.01 is a
	// hundredth. Figures of the core are exact, so most golds have none.
	Tolerance float64 `yaml:"tolerance,omitempty"`

	kept *Kept // of SQL
}

// Call is a tool call that a gold asks for.
type Call struct {
	Tool string         `yaml:"tool" json:"tool"`
	Args map[string]any `yaml:"args,omitempty" json:"args,omitempty"`
}

// ways counts the ways a gold is given in.
func (g *Gold) ways() int {
	n := 0
	for _, set := range []bool{
		g.Count != "", g.Share != "", g.Who != "", g.List != nil, g.Measure != nil, g.Run != nil, g.Tool != "",
		g.Figure != nil, g.Table != nil, g.Members != nil, g.Formula != "", g.Calls != nil, g.Approve != nil,
	} {
		if set {
			n++
		}
	}
	return n
}

func (g *Gold) empty() bool { return g.ways() == 0 && g.Ref == "" && g.SQL == "" }

// resolve puts a named gold in the place of its name.
func (g *Gold) resolve(named map[string]Gold) error {
	if g.Ref == "" {
		return nil
	}
	of, ok := named[g.Ref]
	if !ok {
		return fmt.Errorf("there is no gold %q%s", g.Ref, nearest(g.Ref, sorted(named)))
	}
	if g.ways() > 0 || g.SQL != "" {
		return errors.New("a gold by name says nothing else but first, ordered and tolerance")
	}
	by := *g
	*g = of
	g.Ref = by.Ref
	g.First, g.Ordered = by.First || of.First, by.Ordered || of.Ordered
	if by.Tolerance != 0 {
		g.Tolerance = by.Tolerance
	}
	return nil
}

func (g *Gold) check() error {
	switch {
	case g.ways() > 1:
		return errors.New("a gold is said in one way only")
	case g.ways() == 0:
		return errors.New("a gold says nothing")
	case g.Tolerance < 0 || g.Tolerance >= 1:
		return fmt.Errorf("tolerance %v is not within 0 and 1", g.Tolerance)
	case g.Table != nil && len(g.Table) == 0, g.Members != nil && len(g.Members) == 0, g.Calls != nil && len(g.Calls) == 0:
		return errors.New("table, members and calls hold one at least")
	case g.Figure != nil && !plainFigure(g.Figure):
		return errors.New("figure is one number, text or date; a table holds several")
	case g.SQL != "" && !g.computed():
		return errors.New("sql stands beside count, share, who, list or measure")
	}
	for _, call := range append([]*Call{g.Run, g.Approve}, pointers(g.Calls)...) {
		if call != nil && call.Tool == "" {
			return errors.New("a call names its tool")
		}
	}
	if text := g.Formula + g.Count + g.Share + g.Who; text != "" {
		if _, err := syntax.Parse(text); err != nil {
			return fmt.Errorf("formula %s: %w", text, err)
		}
	}
	return nil
}

// plainFigure tells whether a value is a single one.
func plainFigure(v any) bool {
	switch v.(type) {
	case []any, map[string]any:
		return false
	}
	return true
}

func pointers(calls []Call) []*Call {
	all := make([]*Call, len(calls))
	for i := range calls {
		all[i] = &calls[i]
	}
	return all
}

// computed tells whether the gold is a call whose figures are looked at.
func (g *Gold) computed() bool {
	return g.Count != "" || g.Share != "" || g.Who != "" || g.List != nil || g.Measure != nil || g.Run != nil
}

// Call is the tool call that computes the gold; tool is "" where the gold
// says what is expected without one.
func (g *Gold) Call() (tool string, args json.RawMessage, err error) {
	formula := func(text string) (string, json.RawMessage, error) {
		args, err := json.Marshal(tools.CountSegmentArgs{Formula: text})
		return "count_segment", args, err
	}
	switch {
	case g.Count != "":
		return formula(g.Count)
	case g.Share != "":
		return formula(g.Share)
	case g.Who != "":
		return formula(g.Who)
	case g.List != nil:
		args, err = json.Marshal(g.List)
		return "list_customers", args, err
	case g.Measure != nil:
		args, err = json.Marshal(g.Measure)
		return "measure", args, err
	case g.Run != nil:
		args, err = json.Marshal(g.Run.Args)
		if g.Run.Args == nil {
			args = json.RawMessage("{}")
		}
		return g.Run.Tool, args, err
	}
	return "", nil, nil
}

// ToolName is the tool that a gold is about.
func (g *Gold) ToolName() string {
	switch {
	case g.Tool != "":
		return g.Tool
	case g.Approve != nil:
		return g.Approve.Tool
	case len(g.Calls) > 0:
		return g.Calls[0].Tool
	case g.Members != nil || g.Formula != "" || g.Figure != nil:
		return "count_segment"
	case g.Table != nil:
		return "measure"
	}
	tool, _, _ := g.Call()
	return tool
}

// checkTime tells whether a clock can be read: a date or an instant.
func checkTime(text string) error {
	if text == "" {
		return nil
	}
	if _, err := syntax.ParseDate(text); err != nil {
		return fmt.Errorf("as_of %q: expected a date such as 2025-03-01 or an instant", text)
	}
	return nil
}

// clock is the instant that a case is asked at.
func clock(text string, zone *time.Location, now time.Time) (time.Time, error) {
	if text == "" {
		return now, nil
	}
	day, err := syntax.ParseDate(text)
	if err != nil {
		return time.Time{}, err
	}
	at, _ := day.Time(zone)
	return at, nil
}
