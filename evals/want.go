package evals

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"tesela/tools"
)

// want is what a gold comes to on a data set.
type want struct {
	Gold
	result *tools.Result // figures; nil where none are looked at
	// members are those of a segment, where they are known.
	members []string
}

// want computes a gold as of an instant. Where another engine's result was
// kept of this data, its figures stand in the core's.
func (d *Data) want(ctx context.Context, g Gold, at time.Time) (want, error) {
	w := want{Gold: g, members: g.Members}
	tool, args, err := g.Call()
	if err != nil || tool == "" {
		return w, err
	}
	if w.result, err = d.call(ctx, at, tool, args); err != nil {
		return w, fmt.Errorf("the gold's own %s: %w", tool, err)
	}
	if g.kept == nil {
		return w, nil
	}
	kept := g.kept.On[d.Spec]
	if kept != nil && kept.Data != d.Fingerprint {
		return w, fmt.Errorf("gold %s: the data %s is not what its SQL ran on; `go run ./evals/audit -write` runs it again", g.Name, d.Spec)
	}
	for _, spec := range sorted(g.kept.On) { // the same data under another name
		if kept == nil && g.kept.On[spec].Data == d.Fingerprint {
			kept = g.kept.On[spec]
		}
	}
	if kept == nil {
		return w, nil
	}
	return w.overlay(kept)
}

// overlay puts kept figures in the place of the core's, in the same shape.
func (w want) overlay(kept *KeptResult) (want, error) {
	r := *w.result
	w.result = &r
	cell := func() (any, error) {
		if len(kept.Rows) != 1 || len(kept.Rows[0]) != 1 {
			return nil, fmt.Errorf("gold %s: its SQL gave %d rows of %d columns where one figure is due", w.Name, len(kept.Rows), len(kept.Columns))
		}
		return plainCell(kept.Rows[0][0]), nil
	}
	ids := len(kept.Columns) == 1 && kept.Columns[0] == "id"
	switch {
	case w.Count != "" || w.Who != "":
		var size any = int64(len(kept.Rows))
		if ids {
			for _, row := range kept.Rows {
				w.members = append(w.members, fmt.Sprint(plainCell(row[0])))
			}
		} else {
			var err error
			if size, err = cell(); err != nil {
				return w, err
			}
		}
		r.Values = map[string]any{"size": size}
	case w.Share != "":
		share, err := cell()
		if err != nil {
			return w, err
		}
		r.Values = map[string]any{"share": share}
	case len(r.Rows) == 0 && w.List == nil:
		return w, w.overlayTotals(kept)
	default:
		r.Rows = make([][]any, len(kept.Rows))
		for i, row := range kept.Rows {
			cells := make([]any, len(row))
			for j, c := range row {
				cells[j] = plainCell(c)
			}
			r.Rows[i] = cells
		}
	}
	return w, nil
}

// overlayTotals takes kept figures for those of a result without rows: by the
// columns' names, or the only one for the only one.
func (w want) overlayTotals(kept *KeptResult) error {
	if len(kept.Rows) != 1 {
		return fmt.Errorf("gold %s: its SQL gave %d rows where one is due", w.Name, len(kept.Rows))
	}
	values := map[string]any{}
	for i, name := range kept.Columns {
		if _, ok := w.result.Values[name]; ok {
			values[name] = plainCell(kept.Rows[0][i])
		} else if len(kept.Columns) == 1 && len(w.result.Values) == 1 {
			values[sorted(w.result.Values)[0]] = plainCell(kept.Rows[0][0])
		}
	}
	if len(values) == 0 || len(values) != len(kept.Columns) {
		return fmt.Errorf("gold %s: its SQL gave the columns %v where %v are due", w.Name, kept.Columns, sorted(w.result.Values))
	}
	w.result.Values = values
	return nil
}

// plainCell is a cell read from JSON as results hold it.
func plainCell(v any) any {
	n, ok := v.(json.Number)
	if !ok {
		return v
	}
	if i, err := n.Int64(); err == nil {
		return i
	}
	f, err := n.Float64()
	if err != nil {
		return n.String()
	}
	return f
}

// people is the formula whose members must be those of the answer's: of who,
// and of a list of all that is in no order; "" where rows or figures are
// compared.
func (w want) people() string {
	if w.List != nil && w.List["by"] == nil && w.List["limit"] == nil {
		formula, _ := w.List["formula"].(string)
		return formula
	}
	return w.Who
}

// text says what is expected, in a line.
func (w want) text() string {
	switch {
	case w.Figure != nil:
		return fmt.Sprint(w.Figure)
	case w.Table != nil:
		return brief(&tools.Result{Rows: w.Table})
	case w.Gold.Members != nil:
		if len(w.Gold.Members) == 1 {
			return "the member " + w.Gold.Members[0]
		}
		return fmt.Sprintf("%d members", len(w.Gold.Members))
	case w.Formula != "":
		return "the formula " + w.Formula
	case w.Calls != nil:
		return "calls " + jsonText(w.Calls)
	case w.Approve != nil:
		return "approval of " + w.Approve.Tool + " " + jsonText(w.Approve.Args)
	case w.Tool != "":
		return "a call of " + w.Tool
	}
	tool, args, _ := w.Call()
	return tool + " " + jsonText(args) + " = " + brief(w.result)
}

// jsonText is a value as JSON that people read: <, > and & as they are.
func jsonText(v any) string {
	if raw, ok := v.(json.RawMessage); ok {
		var plain any
		if json.Unmarshal(raw, &plain) == nil {
			v = plain
		}
	}
	var text strings.Builder
	e := json.NewEncoder(&text)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return fmt.Sprint(v)
	}
	return strings.TrimSpace(text.String())
}
