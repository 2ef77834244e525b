package tools

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"
)

// fingerprinted is what a fingerprint covers. Titles, notes and the texts of
// segments are left out: they vary by language and say nothing new.
type fingerprinted struct {
	Data     string            `json:"data"`  // the workspace's fingerprint
	AsOf     string            `json:"as_of"` // T, RFC 3339 in UTC
	Tool     string            `json:"tool"`
	Args     any               `json:"args"` // defaults filled, formulas canonical
	Values   map[string]any    `json:"values"`
	Units    map[string]string `json:"units"`
	Columns  []Column          `json:"columns"`
	Rows     [][]any           `json:"rows"`
	Segments []printedSegment  `json:"segments"`
}

type printedSegment struct {
	Name    string  `json:"name"`
	Formula string  `json:"formula"`
	Size    int     `json:"size"`
	Share   float64 `json:"share"`
}

// fingerprint is "sha256:" and the SHA-256, in hexadecimal, of the canonical
// JSON of what a call was made of and what it found. Equal inputs give equal
// prints on every machine and in every language.
func fingerprint(data string, at time.Time, tool string, args any, r *Result) (string, error) {
	f := fingerprinted{
		Data: data, AsOf: at.UTC().Format(time.RFC3339Nano), Tool: tool, Args: args,
		Values: r.Values, Units: r.Units,
	}
	// A result without rows prints the same whether the list is empty or nil.
	if len(r.Columns) > 0 {
		f.Columns = r.Columns
	}
	if len(r.Rows) > 0 {
		f.Rows = r.Rows
	}
	for _, s := range r.Segments {
		f.Segments = append(f.Segments, printedSegment{s.Name, s.Formula, s.Size, s.Share})
	}
	text, err := canonicalJSON(f)
	if err != nil {
		return "", fmt.Errorf("fingerprint of %s: %w", tool, err)
	}
	sum := sha256.Sum256(text)
	return "sha256:" + hex.EncodeToString(sum[:]), nil
}

// canonicalJSON writes v as JSON in one way only: objects' keys in the order
// of their bytes, no white space, no needless escapes, integers in full,
// other numbers in the shortest text that reads back to the same float64.
func canonicalJSON(v any) ([]byte, error) {
	plain, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	d := json.NewDecoder(bytes.NewReader(plain))
	d.UseNumber() // whole numbers above 2^53 stay whole
	var tree any
	if err := d.Decode(&tree); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	if err := e.Encode(tree); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(out.Bytes(), []byte("\n")), nil
}
