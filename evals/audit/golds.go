package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"tesela/evals"
)

// audited is a suite's golds that are given as SQL too, and what is kept of
// them.
type audited struct {
	file  string // of the suite
	suite *evals.Suite
	kept  evals.KeptFile
	names []string // of the golds with SQL
}

// keptPath is where the results of a suite's golds lie.
func keptPath(file string) string { return strings.TrimSuffix(file, ".yaml") + ".golds.json" }

// readAudited reads the suites of a folder, or one file.
func readAudited(path string) ([]*audited, error) {
	files := []string{path}
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		if files, err = filepath.Glob(filepath.Join(path, "*.yaml")); err != nil {
			return nil, err
		}
		slices.Sort(files)
	}
	var all []*audited
	for _, file := range files {
		a, err := readOne(file)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		all = append(all, a)
	}
	return all, nil
}

func readOne(file string) (*audited, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	a := &audited{file: file, kept: evals.KeptFile{Golds: map[string]*evals.Kept{}}}
	if a.suite, err = evals.Parse(text); err != nil {
		return nil, err
	}
	for _, name := range slices.Sorted(maps.Keys(a.suite.Golds)) {
		if a.suite.Golds[name].SQL != "" {
			a.names = append(a.names, name)
		}
	}
	kept, err := os.ReadFile(keptPath(file))
	if errors.Is(err, fs.ErrNotExist) {
		return a, a.clocks()
	}
	if err != nil {
		return nil, err
	}
	d := json.NewDecoder(bytes.NewReader(kept))
	d.UseNumber()
	if err := d.Decode(&a.kept); err != nil {
		return nil, fmt.Errorf("%s: %w", keptPath(file), err)
	}
	return a, a.clocks()
}

// clocks tells of cases with a clock of their own: a kept result is of the
// suite's.
func (a *audited) clocks() error {
	for i := range a.suite.Cases {
		c := &a.suite.Cases[i]
		for _, g := range c.Expected() {
			if g.SQL != "" && c.AsOf != a.suite.AsOf {
				return fmt.Errorf("case %s has a clock of its own, and its gold %s a result kept at the suite's; give it a gold without sql", c.ID, g.Name)
			}
		}
	}
	return nil
}

// specs are the data sets that the suite is asked of.
func (a *audited) specs() []string {
	if a.suite.Second == "" {
		return []string{a.suite.Data}
	}
	return []string{a.suite.Data, a.suite.Second}
}

// keep puts a fresh result in place.
func (a *audited) keep(gold, spec, data string, t *table) {
	if a.kept.Golds == nil {
		a.kept.Golds = map[string]*evals.Kept{}
	}
	sum := evals.SQLSum(a.suite.Golds[gold].SQL)
	k := a.kept.Golds[gold]
	if k == nil || k.SQL != sum {
		k = &evals.Kept{SQL: sum, On: map[string]*evals.KeptResult{}}
		a.kept.Golds[gold] = k
	}
	k.On[spec] = &evals.KeptResult{Data: data, Columns: t.columns, Rows: t.rows}
}

// write writes the kept results, a row a line, so that changes can be read.
// What belongs to no gold or no data set of the suite is dropped.
func (a *audited) write() error {
	var out bytes.Buffer
	out.WriteString("{\"golds\": {")
	sep := "\n"
	for _, name := range a.names {
		k := a.kept.Golds[name]
		if k == nil {
			continue
		}
		fmt.Fprintf(&out, "%s%s: {\"sql\": %s, \"on\": {", sep, quote(name), quote(k.SQL))
		sep = ",\n"
		between := "\n"
		for _, spec := range a.specs() {
			r := k.On[spec]
			if r == nil {
				continue
			}
			columns, err := json.Marshal(r.Columns)
			if err != nil {
				return err
			}
			fmt.Fprintf(&out, "%s  %s: {\"data\": %s, \"columns\": %s, \"rows\": [", between, quote(spec), quote(r.Data), columns)
			between = ",\n"
			if err := writeRows(&out, r.Rows); err != nil {
				return err
			}
			out.WriteString("]}")
		}
		out.WriteString("}}")
	}
	out.WriteString("\n}}\n")
	return os.WriteFile(keptPath(a.file), out.Bytes(), 0o644)
}

// writeRows writes tables a row a line, and single cells, which are mostly
// ids, many to a line.
func writeRows(out *bytes.Buffer, rows [][]any) error {
	for i, row := range rows {
		text, err := json.Marshal(row)
		if err != nil {
			return err
		}
		switch {
		case i > 0 && (len(row) > 1 || i%12 == 0):
			out.WriteString(",\n    ")
		case i > 0:
			out.WriteString(", ")
		case len(rows) > 1:
			out.WriteString("\n    ")
		}
		out.Write(text)
	}
	return nil
}

func quote(text string) string {
	b, _ := json.Marshal(text) // a string always marshals
	return string(b)
}
