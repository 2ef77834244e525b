package evals

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
)

// KeptFile is what lies beside a suite: what an engine that is not the core
// came to for each SQL gold (evals/audit writes it).
type KeptFile struct {
	Golds map[string]*Kept `json:"golds"`
}

// Kept is the result of one gold's query on each data set it was run on.
type Kept struct {
	SQL string                 `json:"sql"` // SQLSum of the query
	On  map[string]*KeptResult `json:"on"`  // by the data set's spec
}

// KeptResult is a query's result. Cells are texts, numbers or null.
type KeptResult struct {
	Data    string   `json:"data"` // fingerprint of the data set
	Columns []string `json:"columns"`
	Rows    [][]any  `json:"rows"`
}

// SQLSum tells one query from another, whatever space is around it.
func SQLSum(query string) string {
	sum := sha256.Sum256([]byte(strings.TrimSpace(query)))
	return "sha256:" + hex.EncodeToString(sum[:])
}

// keep gives the SQL golds their kept results; text is the kept file, nil
// where there is none.
func (s *Suite) keep(text []byte) error {
	var file KeptFile
	if text != nil {
		d := json.NewDecoder(bytes.NewReader(text))
		d.UseNumber()
		if err := d.Decode(&file); err != nil {
			return fmt.Errorf("read the kept results: %w", err)
		}
	}
	for _, name := range sorted(s.Golds) {
		g := s.Golds[name]
		if g.SQL == "" {
			continue
		}
		k := file.Golds[name]
		if k == nil || k.SQL != SQLSum(g.SQL) {
			return fmt.Errorf("gold %s: its SQL has no kept result; `go run ./evals/audit -write` makes one", name)
		}
		g.kept = k
		s.Golds[name] = g
	}
	for i := range s.Cases {
		c := &s.Cases[i]
		for _, g := range c.golds() {
			if g.SQL != "" {
				g.kept = s.Golds[g.Name].kept
			}
		}
	}
	return nil
}

// golds are all golds of a case, its choices' too.
func (c *Case) golds() []*Gold {
	golds := []*Gold{&c.Gold}
	for i := range c.Or {
		golds = append(golds, &c.Or[i])
	}
	for i := range c.Choices {
		golds = append(golds, &c.Choices[i])
	}
	return golds
}
