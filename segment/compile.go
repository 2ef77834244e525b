package segment

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"tesela/segment/column"
	"tesela/segment/syntax"
)

// Compile checks a formula against the source's catalogue and plans it as of
// at. Faults of the formula are *syntax.Error, several of them joined; a
// *RoleError says that the catalogue lacks what a layer is made of.
func Compile(ctx context.Context, f syntax.Formula, src Source, at time.Time, opts ...Option) (*Plan, error) {
	return CompileEach(ctx, []syntax.Formula{f}, src, at, opts...)
}

// CompileEach plans several formulas that are evaluated together: they share
// what they load and scan. See Plan.RunEach.
func CompileEach(ctx context.Context, fs []syntax.Formula, src Source, at time.Time, opts ...Option) (*Plan, error) {
	c := newCompiler(ctx, src, at, opts)
	for _, f := range fs {
		c.plan.roots = append(c.plan.roots, c.formula(f))
		c.plan.texts = append(c.plan.texts, f.String())
	}
	return c.finish()
}

// CompileValue plans a value per customer.
func CompileValue(ctx context.Context, v syntax.Value, src Source, at time.Time, opts ...Option) (*ValuePlan, error) {
	c := newCompiler(ctx, src, at, opts)
	c.plan.texts = []string{v.String()}
	root := c.value(v)
	if root != nil && root.form == inTags {
		c.fail(root.span, "%s is tags; ask for one of them with `%s contains \"…\"`", root.text, root.text)
	}
	p, err := c.finish()
	if err != nil {
		return nil, err
	}
	return &ValuePlan{plan: p, root: root}, nil
}

// Conditions splits a formula into what it is made of: the parts of an `and`,
// else the parts of an `or`, else the formula itself.
func Conditions(f syntax.Formula) []syntax.Formula {
	switch f := f.(type) {
	case *syntax.And:
		return f.Factors
	case *syntax.Or:
		return f.Terms
	}
	return []syntax.Formula{f}
}

// compiler checks formulas and gathers what their plan needs. A fault is
// noted and checking goes on, so that one answer names them all.
type compiler struct {
	ctx      context.Context
	src      Source
	schema   *Schema
	layers   Layers
	calendar *calendar
	plan     *Plan
	errs     []*syntax.Error
	role     *RoleError // the first role that is missing
	err      error      // of the source; ends everything

	// scope: where a saved segment is evaluated inside another formula.
	at     time.Time
	now    time.Time // rows at or after it do not exist
	saved  []string  // the names on the way here
	outer  *syntax.Span
	scopes int // saved definitions planned so far

	event     *Event // inside where: the event whose properties are names
	noInstant bool   // a filter by itself: there is no T
	relative  bool   // the filter at hand depends on T

	values map[string]*value
}

func newCompiler(ctx context.Context, src Source, at time.Time, opts []Option) *compiler {
	s := src.Schema()
	c := &compiler{ctx: ctx, src: src, schema: s, at: at, now: at, values: map[string]*value{}, layers: Analyses()}
	c.calendar = calendarOf(s)
	c.plan = &Plan{src: src, schema: s, at: at, calendar: c.calendar}
	for _, o := range opts {
		o(c)
	}
	return c
}

func (c *compiler) finish() (*Plan, error) {
	if c.err != nil {
		return nil, fmt.Errorf("check formula: %w", c.err)
	}
	if err := joinErrors(c.errs); err != nil {
		return nil, err
	}
	if c.role != nil {
		return nil, c.role
	}
	return c.plan, nil
}

// joinErrors gives one error alone, several joined in the order of the text.
func joinErrors(errs []*syntax.Error) error {
	slices.SortStableFunc(errs, func(a, b *syntax.Error) int { return cmp.Compare(a.Span.From, b.Span.From) })
	errs = slices.CompactFunc(errs, func(a, b *syntax.Error) bool { return a.Error() == b.Error() })
	switch len(errs) {
	case 0:
		return nil
	case 1:
		return errs[0]
	}
	all := make([]error, len(errs))
	for i, e := range errs {
		all[i] = e
	}
	return errors.Join(all...)
}

// fail notes a fault at a place in the formula. Inside a saved segment the
// place is where the formula names the segment.
func (c *compiler) fail(at syntax.Span, format string, args ...any) *syntax.Error {
	e := &syntax.Error{Span: at, Message: fmt.Sprintf(format, args...)}
	if c.outer != nil {
		e.Span = *c.outer
		e.Message = fmt.Sprintf("in segment %s: %s", quote(c.saved[len(c.saved)-1]), e.Message)
	}
	c.errs = append(c.errs, e)
	return e
}

// failWith notes an error that may be a *syntax.Error already. A role that is
// missing is told only where nothing else is wrong: no other formula helps.
func (c *compiler) failWith(at syntax.Span, err error) {
	var role *RoleError
	if errors.As(err, &role) {
		if c.role == nil {
			fault := *c.fail(at, "%s", role.Fault.Message)
			c.errs = c.errs[:len(c.errs)-1]
			c.role = &RoleError{Role: role.Role, For: role.For, Fault: &fault}
		}
		return
	}
	var se *syntax.Error
	if !errors.As(err, &se) {
		c.fail(at, "%v", err)
		return
	}
	if se.Span == (syntax.Span{}) {
		c.fail(at, "%s", se.Message).Nearest = se.Nearest
		return
	}
	c.fail(se.Span, "%s", se.Message).Nearest = se.Nearest
}

func (c *compiler) note(code string, at syntax.Span, args map[string]any, format string, a ...any) {
	if c.outer != nil {
		at = *c.outer
	}
	n := Note{Code: code, Args: args, Span: at, Text: fmt.Sprintf(format, a...)}
	for _, o := range c.plan.notes {
		if o.Code == n.Code && o.Text == n.Text {
			return
		}
	}
	c.plan.notes = append(c.plan.notes, n)
}

// intern gives equal values one position, so that each is computed once.
func (c *compiler) intern(key string, v *value) *value {
	if old, ok := c.values[key]; ok {
		w := *v // keeps its own place in the text
		w.id, w.scan, w.agg = old.id, old.scan, old.agg
		return &w
	}
	v.id = len(c.values)
	c.values[key] = v
	c.plan.values = len(c.values)
	return v
}

// dict loads a field's dictionary.
func (c *compiler) dict(f FieldRef) *column.Dict {
	d, err := c.src.Dict(c.ctx, f)
	if err != nil && c.err == nil {
		c.err = fmt.Errorf("values of %s: %w", f, err)
	}
	return d
}

// resolve makes a window absolute and notes where no row can lie in it.
func (c *compiler) resolve(w *syntax.Window) (Span, bool) {
	s, err := Resolve(w, c.at, c.schema.Zone)
	if err != nil {
		c.failWith(w.Pos(), err)
		return s, false
	}
	if end := micros(c.now); s.To > end {
		s.To = end
		s.From = min(s.From, s.To)
	}
	if w != nil && s.Empty() {
		if s.To == min(micros(c.at), micros(c.now)) {
			c.note("window_ahead", w.Span, map[string]any{"window": w.String()}, "%s lies wholly after the data's end: nothing is in it", w)
		} else {
			c.note("window_empty", w.Span, map[string]any{"window": w.String()}, "%s ends where it begins or before: nothing is in it", w)
		}
	}
	return s, true
}
