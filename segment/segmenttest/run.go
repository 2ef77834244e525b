package segmenttest

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"time"

	"tesela/segment"
	"tesela/segment/syntax"
)

//go:embed testdata/*.test
var testdata embed.FS

// Engine is anything that evaluates formulas over a world.
type Engine interface {
	// Set tells which customers satisfy the formula, by number, ascending.
	Set(ctx context.Context, f syntax.Formula, w *World, at time.Time) (members []int, notes []segment.Note, err error)
	// Value gives the value of each customer as a tool's cell; nil is unset.
	Value(ctx context.Context, v syntax.Value, w *World, at time.Time) ([]any, error)
}

// Cases reads the test files that come with the package.
func Cases() ([]Case, error) {
	names, err := fs.Glob(testdata, "testdata/*.test")
	if err != nil {
		return nil, err
	}
	var all []Case
	for _, name := range names {
		text, err := testdata.ReadFile(name)
		if err != nil {
			return nil, err
		}
		cases, err := ParseFile(strings.TrimPrefix(name, "testdata/"), string(text))
		if err != nil {
			return nil, err
		}
		all = append(all, cases...)
	}
	return all, nil
}

// Run holds an engine to all the package's cases.
func Run(t *testing.T, engine Engine) {
	t.Helper()
	cases, err := Cases()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		t.Run(fmt.Sprintf("%s:%d", c.File, c.Line), func(t *testing.T) {
			if err := Check(context.Background(), engine, c); err != nil {
				t.Errorf("%s at %s\n%v", c, c.At.Format(time.RFC3339), err)
			}
		})
	}
}

// Check runs one case; the error says how the answer differs.
func Check(ctx context.Context, engine Engine, c Case) error {
	switch c.Verb {
	case "eval_value", "error_value":
		v, err := syntax.ParseValue(c.Text)
		if err != nil {
			return wantError(c, err)
		}
		cells, err := engine.Value(ctx, v, c.World, c.At)
		if c.Verb == "error_value" || err != nil {
			return wantError(c, err)
		}
		return same(c.Want, cellsText(c.World, cells))
	}
	f, err := syntax.Parse(c.Text)
	if err != nil {
		return wantError(c, err)
	}
	members, notes, err := engine.Set(ctx, f, c.World, c.At)
	if c.Verb == "error" || err != nil {
		return wantError(c, err)
	}
	if c.Verb == "note" {
		var codes []string
		for _, n := range notes {
			codes = append(codes, n.Code)
		}
		return same(c.Want, none(strings.Join(codes, " ")))
	}
	var ids []string
	for _, i := range members {
		ids = append(ids, c.World.Customers[i].ID)
	}
	return same(c.Want, none(strings.Join(ids, " ")))
}

func wantError(c Case, err error) error {
	switch {
	case !strings.HasPrefix(c.Verb, "error"):
		return err
	case err == nil:
		return fmt.Errorf("no error, want one that says %q", c.Want)
	case !strings.Contains(err.Error(), c.Want):
		return fmt.Errorf("got error  %v\nwant in it %s", err, c.Want)
	}
	return nil
}

func cellsText(w *World, cells []any) string {
	var parts []string
	for i, cell := range cells {
		switch cell := cell.(type) {
		case nil:
		case time.Time:
			parts = append(parts, w.Customers[i].ID+"="+cell.Format(time.RFC3339Nano))
		default:
			parts = append(parts, fmt.Sprintf("%s=%v", w.Customers[i].ID, cell))
		}
	}
	return none(strings.Join(parts, " "))
}

func none(s string) string {
	if s == "" {
		return "none"
	}
	return s
}

func same(want, got string) error {
	if want = strings.Join(strings.Fields(want), " "); want != got {
		return fmt.Errorf("got  %s\nwant %s", got, want)
	}
	return nil
}

// Columnar is the engine of package segment over columns in memory.
type Columnar struct{}

// Set implements Engine.
func (Columnar) Set(ctx context.Context, f syntax.Formula, w *World, at time.Time) ([]int, []segment.Note, error) {
	src, err := NewSource(w)
	if err != nil {
		return nil, nil, err
	}
	plan, err := segment.Compile(ctx, f, src, at)
	if err != nil {
		return nil, nil, err
	}
	set, err := plan.Run(ctx)
	if err != nil {
		return nil, nil, err
	}
	var members []int
	set.Each(func(i int) { members = append(members, i) })
	return members, set.Notes(), nil
}

// Value implements Engine.
func (Columnar) Value(ctx context.Context, v syntax.Value, w *World, at time.Time) ([]any, error) {
	src, err := NewSource(w)
	if err != nil {
		return nil, err
	}
	plan, err := segment.CompileValue(ctx, v, src, at)
	if err != nil {
		return nil, err
	}
	values, err := plan.Run(ctx)
	if err != nil {
		return nil, err
	}
	cells := make([]any, values.N())
	for i := range cells {
		cells[i] = values.Cell(i)
	}
	return cells, nil
}
