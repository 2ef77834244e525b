package bench

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// ReadReport reads a report that Write wrote.
func ReadReport(path string) (*Report, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read report: %w", err)
	}
	r := new(Report)
	if err := json.Unmarshal(data, r); err != nil {
		return nil, fmt.Errorf("read report %s: %w", path, err)
	}
	return r, nil
}

// numbers is a list of them as encoding/json lays it out.
var numbers = regexp.MustCompile(`\[\s+-?[0-9][-+.eE0-9,\s]*\]`)

// Write writes a report as JSON, lists of numbers on a line each so that
// versions of it can be told apart by eye.
func (r *Report) Write(path string) error {
	data, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	text := numbers.ReplaceAllStringFunc(string(data), func(list string) string {
		return "[" + strings.ReplaceAll(strings.Join(strings.Fields(strings.Trim(list, "[]")), ""), ",", ", ") + "]"
	})
	return os.WriteFile(path, []byte(text+"\n"), 0o644)
}

// Keep writes a report into a folder under the name of its size and commit.
// Another run of the same commit does not take its place; it gets a number.
func (r *Report) Keep(folder string) (path string, err error) {
	name := r.Size + "-" + r.Commit
	for n := 1; ; n++ {
		path = filepath.Join(folder, name+".json")
		if n > 1 {
			path = filepath.Join(folder, fmt.Sprintf("%s-%d.json", name, n))
		}
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
			return path, r.Write(path)
		} else if err != nil {
			return "", fmt.Errorf("keep report: %w", err)
		}
	}
}
