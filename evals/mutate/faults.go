package main

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"go/parser"
	"go/token"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/goccy/go-yaml"
)

//go:embed faults/*.yaml
var lists embed.FS

// Fault is a small change that makes the program wrong. File is below the
// module's root; Old occurs in it exactly once.
type Fault struct {
	ID   string `yaml:"id"`
	File string `yaml:"file"`
	What string `yaml:"what"`
	Old  string `yaml:"old"`
	New  string `yaml:"new"`
	// Equivalent argues why no input can tell the change; such a fault is kept
	// so that nobody plants it again, and is not run.
	Equivalent string `yaml:"equivalent,omitempty"`
}

// Load reads all lists in the order of their names.
func Load() ([]Fault, error) {
	entries, err := lists.ReadDir("faults")
	if err != nil {
		return nil, fmt.Errorf("load faults: %w", err)
	}
	var all []Fault
	seen := map[string]bool{}
	for _, e := range entries {
		text, err := lists.ReadFile(path.Join("faults", e.Name()))
		if err != nil {
			return nil, fmt.Errorf("load faults: %w", err)
		}
		var some []Fault
		if err := yaml.NewDecoder(bytes.NewReader(text), yaml.Strict()).Decode(&some); err != nil {
			return nil, fmt.Errorf("load faults: %s: %w", e.Name(), err)
		}
		for _, f := range some {
			switch {
			case f.ID == "" || f.What == "" || f.Old == "" || f.Old == f.New:
				return nil, fmt.Errorf("load faults: %s: %q needs an id, what it is, and another text in place of an old one", e.Name(), f.ID)
			case seen[f.ID]:
				return nil, fmt.Errorf("load faults: %s is there twice", f.ID)
			}
			seen[f.ID] = true
		}
		all = append(all, some...)
	}
	return all, nil
}

// Check holds a list to the sources.
func Check(root string, faults []Fault) (errs []error) {
	for _, f := range faults {
		if _, err := f.Mutated(root); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", f.ID, err))
		}
	}
	return errs
}

// Mutated is the file with the fault in it.
func (f Fault) Mutated(root string) ([]byte, error) {
	if strings.HasSuffix(f.File, "_test.go") || !strings.HasSuffix(f.File, ".go") || !filepath.IsLocal(f.File) {
		return nil, fmt.Errorf("%s is no source of the program", f.File)
	}
	text, err := os.ReadFile(filepath.Join(root, f.File))
	if err != nil {
		return nil, err
	}
	switch n := bytes.Count(text, []byte(f.Old)); n {
	case 0:
		return nil, fmt.Errorf("%s has no %q any more: look what became of it and write the fault anew", f.File, f.Old)
	case 1:
	default:
		return nil, fmt.Errorf("%s has %q %d times: take in more of what is around it", f.File, f.Old, n)
	}
	text = bytes.Replace(text, []byte(f.Old), []byte(f.New), 1)
	if _, err := parser.ParseFile(token.NewFileSet(), f.File, text, parser.SkipObjectResolution); err != nil {
		return nil, fmt.Errorf("the changed text is no Go: %w", err)
	}
	return text, nil
}

// Package is the folder of the changed file, as the go command names it.
func (f Fault) Package() string { return "./" + path.Dir(f.File) }

// moduleRoot is the folder above that has this module's go.mod.
func moduleRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		text, err := os.ReadFile(filepath.Join(dir, "go.mod"))
		if err == nil && bytes.HasPrefix(text, []byte("module tesela\n")) {
			return dir, nil
		}
		if filepath.Dir(dir) == dir {
			return "", errors.New("this is no checkout of tesela: no go.mod of it above")
		}
		dir = filepath.Dir(dir)
	}
}
