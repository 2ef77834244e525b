package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// tested are the packages whose tests may catch a fault below them, the
// quickest to fail first. Front ends are left out: they draw what they are
// given; so is evals, whose questions are the suite.
var tested = []string{
	"./segment", "./segment/segmenttest", "./segment/syntax", "./segment/measure", "./segment/probe", "./tools", "./tools/restate",
	"./agent/wording", "./agent", "./agent/planner", "./store/importer", "./store/sqlite", "./store/demo", "./evals/worlds",
}

// dependents tells whose tests reach a package.
type dependents struct {
	reach map[string]map[string]bool // by tested package
	files string
}

const module = "tesela"

func loadDependents(ctx context.Context, root string) (*dependents, error) {
	c := exec.CommandContext(ctx, "go", append([]string{"list", "-deps", "-test", "-json=ImportPath,ForTest,Deps,Dir,GoFiles"}, tested...)...)
	c.Dir = root
	var why bytes.Buffer
	c.Stderr = &why
	out, err := c.Output()
	if err != nil {
		return nil, fmt.Errorf("list packages: %w\n%s", err, why.String())
	}
	d := &dependents{reach: map[string]map[string]bool{}}
	var files []string
	dec := json.NewDecoder(bytes.NewReader(out))
	for {
		var p struct {
			ImportPath, ForTest, Dir string
			Deps, GoFiles            []string
		}
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, fmt.Errorf("list packages: %w", err)
		}
		if strings.HasPrefix(p.ImportPath, module+"/") && p.ForTest == "" && !strings.HasSuffix(p.ImportPath, ".test") {
			for _, f := range p.GoFiles {
				files = append(files, filepath.Join(p.Dir, f))
			}
		}
		name, isTest := strings.CutSuffix(p.ImportPath, ".test")
		if !isTest {
			continue
		}
		all := map[string]bool{}
		for _, dep := range p.Deps {
			dep, _, _ = strings.Cut(dep, " ") // "tesela/segment [tesela/tools.test]"
			all[folder(dep)] = true
		}
		d.reach[folder(name)] = all
	}
	slices.Sort(files)
	var texts []string
	for _, f := range slices.Compact(files) {
		text, err := os.ReadFile(f)
		if err != nil {
			return nil, fmt.Errorf("list packages: %w", err)
		}
		texts = append(texts, string(text))
	}
	d.files = digest(texts...)
	return d, nil
}

func folder(importPath string) string { return "." + strings.TrimPrefix(importPath, module) }

// of are the packages other than this whose tests reach it, in the order of
// tested.
func (d *dependents) of(pkg string) (out []string) {
	for _, t := range tested {
		if t != pkg && d.reach[t][pkg] {
			out = append(out, t)
		}
	}
	return out
}

// sources is a digest of everything that is tested.
func (d *dependents) sources() string { return d.files }
