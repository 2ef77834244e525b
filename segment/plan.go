package segment

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"strings"
	"time"

	"tesela/segment/syntax"
)

// Plan is one or more formulas, checked, with every time absolute. It says
// what to compute and nothing of where the rows lie. It is read-only and may
// run any number of times, also concurrently.
type Plan struct {
	src       Source
	schema    *Schema
	calendar  *calendar
	at        time.Time
	texts     []string
	need      Need
	roots     []cond
	values    int // how many different values there are
	scans     []*scan
	traits    []*value
	layered   []*value
	sequences []*sequencePlan
	stages    []*rankStage
	notes     []Note
}

// rankStage is a top or bottom; a later stage may build on earlier ones.
type rankStage struct {
	bottom, percent bool
	n               *big.Rat
	by              *value
	among           cond // nil: everyone
	text, key       string
	span            syntax.Span
}

// At is the instant the plan is for.
func (p *Plan) At() time.Time { return p.at }

// Need lists the columns the plan reads.
func (p *Plan) Need() Need { return p.need }

// Layers is how many layers and scores the plan computes for everybody, one at
// several instants as often.
func (p *Plan) Layers() int { return len(p.layered) }

// Warnings are what checking noticed and is no error, such as a window that
// lies before all data.
func (p *Plan) Warnings() []Note { return p.notes }

// Run evaluates the first formula. The Set carries the plan's warnings and
// what came up on the way.
func (p *Plan) Run(ctx context.Context) (*Set, error) {
	if len(p.roots) == 0 {
		return nil, errors.New("evaluate formula: there is none in the plan")
	}
	sets, err := p.RunEach(ctx)
	if err != nil {
		return nil, err
	}
	return sets[0], nil
}

// RunEach evaluates all formulas of CompileEach together.
func (p *Plan) RunEach(ctx context.Context) ([]*Set, error) {
	r, err := newRun(ctx, p)
	if err != nil {
		return nil, fmt.Errorf("evaluate formula: %w", err)
	}
	sets, err := r.sets(ctx, p.roots)
	if err != nil {
		return nil, fmt.Errorf("evaluate formula: %w", err)
	}
	for _, s := range sets {
		s.notes = r.notes()
	}
	return sets, nil
}

// notes are the plan's warnings and what the layers and stages found.
func (r *run) notes() []Note {
	notes := append(append([]Note(nil), r.plan.notes...), r.said...)
	for _, s := range r.stages {
		notes = append(notes, s.notes...)
	}
	return notes
}

// String prints the plan: its instant, its scans, its stages, and a tree of
// conditions. Equal plans print equally.
func (p *Plan) String() string {
	w := &printer{plan: p}
	w.line("as of %s in %s", p.at.UTC().Format(time.RFC3339Nano), p.schema.Zone)
	for i, s := range p.scans {
		w.line("scan %d: %s", i+1, s)
		for j, a := range s.aggs {
			w.line("  %d.%d %s", i+1, j+1, a)
		}
	}
	for i, q := range p.sequences {
		w.line("sequence %d: %s", i+1, q)
	}
	for i, s := range p.stages {
		which := "top"
		if s.bottom {
			which = "bottom"
		}
		unit := ""
		if s.percent {
			unit = "%"
		}
		w.line("stage %d: %s %s%s by %s", i+1, which, s.n.RatString(), unit, w.value(s.by))
		if s.among != nil {
			w.line("  among")
			w.depth += 2
			s.among.print(w)
			w.depth -= 2
		}
	}
	for i, root := range p.roots {
		w.line("formula %d", i+1)
		w.depth++
		root.print(w)
		w.depth--
	}
	return strings.TrimSuffix(w.b.String(), "\n")
}

func (s *scan) String() string {
	text := syntax.Quote(s.event)
	if s.where != "" {
		text += " where " + s.where
	}
	return text + ", " + s.span.String()
}

func (a agg) String() string {
	text := string(a.fn)
	if a.prop != "" {
		text += " of " + syntax.Quote(a.prop)
	}
	if a.fn == syntax.DaysSince {
		y, m, d := dayDate(a.day)
		text += " to " + time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
	}
	return text
}

// printer writes an indented tree.
type printer struct {
	plan  *Plan
	b     strings.Builder
	depth int
}

func (p *printer) line(format string, args ...any) {
	p.b.WriteString(strings.Repeat("  ", p.depth))
	fmt.Fprintf(&p.b, format, args...)
	p.b.WriteByte('\n')
}

func (p *printer) all(name string, parts []cond) {
	p.line("%s", name)
	p.depth++
	for _, c := range parts {
		c.print(p)
	}
	p.depth--
}

func (p *printer) value(v *value) string {
	switch v.origin {
	case fromScan:
		return fmt.Sprintf("%d.%d", v.scan+1, v.agg+1)
	case fromArith:
		return fmt.Sprintf("(%s %c %s)", p.value(v.left), v.op, p.value(v.right))
	case fromLayer:
		return v.text + " as of " + v.layer.at.UTC().Format(time.RFC3339Nano)
	}
	return v.text
}

func printCond(c cond) string {
	if c == nil {
		return ""
	}
	p := &printer{}
	c.print(p)
	return p.b.String()
}

func (c condConst) print(p *printer) {
	if c {
		p.line("everyone")
	} else {
		p.line("nobody")
	}
}

func (c condAnd) print(p *printer) { p.all("and", c.parts) }
func (c condOr) print(p *printer)  { p.all("or", c.parts) }
func (c condNot) print(p *printer) { p.all("not", []cond{c.part}) }

func (c condTest) print(p *printer) { p.line("%s %s", p.value(c.value), c.text) }

func (c condCompare) print(p *printer) {
	p.line("%s %s %s", p.value(c.left), c.op, p.value(c.right))
}

func (c condMember) print(p *printer)   { p.line("in stage %d", c.stage+1) }
func (c condSequence) print(p *printer) { p.line("has sequence %d", c.index+1) }
