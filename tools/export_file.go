package tools

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"tesela/segment"
	"tesela/segment/syntax"
)

// export is the customers of a segment as they go into a file, and what
// defines them.
type export struct {
	name, formula, asOf string
	data                string // fingerprint of the workspace
	fingerprint         string // of the definition, its date and the data
	columns             []Column
	rows                [][]any
}

// exported evaluates a formula to its members, by id, with some of their
// traits.
func (c *call) exported(ctx context.Context, f syntax.Formula, name string, traits []segment.Field) (*export, error) {
	plan, err := segment.Compile(ctx, f, c.src, c.at)
	if err != nil {
		return nil, c.wrong("formula", err, f)
	}
	set, err := plan.Run(ctx)
	if err != nil {
		return nil, err
	}
	ids, err := c.src.CustomerIDs(ctx)
	if err != nil {
		return nil, err
	}
	e := &export{name: name, formula: f.String(), asOf: c.at.UTC().Format(time.RFC3339), data: c.data, columns: []Column{{Name: "id", Kind: "text"}}}
	var need segment.Need
	for _, t := range traits {
		need.Traits = append(need.Traits, t.Name)
		e.columns = append(e.columns, Column{Name: t.Name, Kind: cellKind(t.Kind), Unit: unitOf(t.Kind, c.schema)})
	}
	world, err := c.src.Load(ctx, need)
	if err != nil {
		return nil, err
	}
	order := customerOrder{ids: ids}
	for _, i := range best(members(set), set.Len(), order.before) {
		row := []any{order.id(i)}
		for _, t := range traits {
			row = append(row, cellOf(world.Traits[t.Name], i, c.schema))
		}
		e.rows = append(e.rows, row)
	}
	c.noteSet(set.Notes())
	// A saved segment is printed with what its name stands for.
	meant := []string{e.formula}
	for _, name := range mentioned(f) {
		if saved, ok := c.src.Saved(name); ok {
			meant = append(meant, saved.String())
		}
	}
	text, err := canonicalJSON(map[string]any{"formula": meant, "as_of": e.asOf, "data": e.data})
	if err != nil {
		return nil, fmt.Errorf("fingerprint of the definition: %w", err)
	}
	e.fingerprint = digest(text)
	return e, nil
}

func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return "sha256:" + hex.EncodeToString(sum[:])
}

// write gives the file's bytes.
func (e *export) write(format string) ([]byte, error) {
	switch format {
	case "json":
		return e.json()
	case "markdown":
		return e.markdown(), nil
	}
	return e.csv()
}

// csv has a row per customer. What defines them stands in the last column of
// each, so that no program stumbles over lines that are no rows.
func (e *export) csv() ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	var head []string
	for _, c := range e.columns {
		head = append(head, c.Name)
	}
	records := [][]string{append(head, "definition")}
	for _, row := range e.rows {
		record := make([]string, 0, len(row)+1)
		for _, v := range row {
			record = append(record, plainCell(v))
		}
		records = append(records, append(record, e.fingerprint))
	}
	if err := w.WriteAll(records); err != nil {
		return nil, fmt.Errorf("write the rows: %w", err)
	}
	return b.Bytes(), nil
}

func (e *export) json() ([]byte, error) {
	customers := make([]map[string]any, len(e.rows))
	for i, row := range e.rows {
		customers[i] = map[string]any{}
		for j, v := range row {
			customers[i][e.columns[j].Name] = v
		}
	}
	var b bytes.Buffer
	w := json.NewEncoder(&b)
	w.SetEscapeHTML(false)
	w.SetIndent("", " ")
	err := w.Encode(struct {
		Segment     string           `json:"segment,omitempty"`
		Formula     string           `json:"formula"`
		AsOf        string           `json:"as_of"`
		Data        string           `json:"data"`
		Fingerprint string           `json:"fingerprint"`
		Size        int              `json:"size"`
		Customers   []map[string]any `json:"customers"`
	}{e.name, e.formula, e.asOf, e.data, e.fingerprint, len(e.rows), customers})
	if err != nil {
		return nil, fmt.Errorf("write the rows: %w", err)
	}
	return b.Bytes(), nil
}

func (e *export) markdown() []byte {
	var b strings.Builder
	if e.name != "" {
		fmt.Fprintf(&b, "# %s\n\n", markdownText(e.name))
	}
	fmt.Fprintf(&b, "- formula: %s\n- as_of: %s\n- size: %d\n- data: %s\n- fingerprint: %s\n\n", markdownCode(e.formula), e.asOf, len(e.rows), e.data, e.fingerprint)
	for _, c := range e.columns {
		b.WriteString("| " + markdownText(c.Name) + " ")
	}
	b.WriteString("|\n" + strings.Repeat("| --- ", len(e.columns)) + "|\n")
	for _, row := range e.rows {
		for _, v := range row {
			b.WriteString("| " + markdownText(plainCell(v)) + " ")
		}
		b.WriteString("|\n")
	}
	return []byte(b.String())
}

// markdownCode is a text as code, in marks longer than any of its own.
func markdownCode(s string) string {
	fence := "``"
	for strings.Contains(s, fence) {
		fence += "`"
	}
	if strings.HasPrefix(s, "`") || strings.HasSuffix(s, "`") {
		s = " " + s + " "
	}
	return fence + s + fence
}

// plainCell is a cell as text, "" where it is unset.
func plainCell(v any) string {
	if v == nil {
		return ""
	}
	return fmt.Sprint(v)
}

// markdownText makes a text stand for itself in a line of a table.
func markdownText(s string) string {
	return strings.NewReplacer("\n", " ", "\r", " ", "|", `\|`, "\\", `\\`, "`", "\\`", "<", `\<`, "*", `\*`, "_", `\_`, "[", `\[`).Replace(s)
}
