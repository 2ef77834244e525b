package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"tesela/agent/model"
	"tesela/cmd/internal/evalreport"
	"tesela/evals"
)

// fraction is a flag that is a part of one, written 0.88 or 88%, or points of
// a hundred.
type fraction struct {
	value  float64
	points bool
	set    bool
}

func (f *fraction) String() string {
	if f == nil || !f.set {
		return ""
	}
	return strconv.FormatFloat(f.value, 'g', -1, 64)
}

func (f *fraction) Type() string {
	if f.points {
		return "POINTS"
	}
	return "RATE"
}

func (f *fraction) Set(text string) error {
	number, percent := strings.CutSuffix(strings.TrimSpace(text), "%")
	v, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
	switch {
	case f.points && (err != nil || percent || !(v >= -100 && v <= 100)):
		return errors.New("expected points of a hundred, such as 4")
	case f.points:
	case percent:
		v /= 100
		fallthrough
	default:
		if err != nil || !(v >= 0 && v <= 1) {
			return errors.New("expected a rate within 0 and 1, such as 0.88 or 88%")
		}
	}
	f.value, f.set = v, true
	return nil
}

// leastPrice is one of the prices of the language models that are asked; it is
// wrong to bound costs where one of them has none.
func (f *evalFlags) leastPrice() (model.Price, error) {
	prices, err := f.parsePrices()
	if err != nil {
		return model.Price{}, err
	}
	var known model.Price
	for _, name := range f.models {
		if name == "offline" {
			continue
		}
		if known = model.Price(prices[name]); known.Input+known.Output <= 0 {
			return known, usageError("--max-cost: what %s costs is not known; tell it with --price %s=IN,OUT or in %s, in dollars a million tokens", name, name, envPrice)
		}
	}
	return known, nil
}

// parsePrices reads --price; where the environment tells a price, language
// models have that unless --price says otherwise. A model without one has no
// cost.
func (f *evalFlags) parsePrices() (map[string]evals.Price, error) {
	prices := map[string]evals.Price{}
	usual, err := configured().price()
	if err != nil {
		return nil, err
	}
	for _, name := range f.models {
		if name != "offline" && usual.Input+usual.Output > 0 {
			prices[name] = evals.Price{Input: usual.Input, Output: usual.Output}
		}
	}
	for _, text := range f.prices {
		at := strings.LastIndexByte(text, '=')
		if at < 1 {
			return nil, usageError("--price %q: expected MODEL=IN,OUT, the prices of a million tokens in and out", text)
		}
		name := text[:at]
		in, out, ok := strings.Cut(text[at+1:], ",")
		var p evals.Price
		var errIn, errOut error
		p.Input, errIn = strconv.ParseFloat(in, 64)
		p.Output, errOut = strconv.ParseFloat(out, 64)
		if !ok || errIn != nil || errOut != nil || !(p.Input >= 0) || !(p.Output >= 0) || p.Input+p.Output > 1e9 {
			return nil, usageError("--price %q: expected two prices, as in %s=0.15,0.60", text, name)
		}
		known := false
		for _, m := range f.models {
			known = known || m == name
		}
		if !known {
			return nil, usageError("--price %q: %s is not asked; --model names %s", text, name, strings.Join(f.models, ", "))
		}
		prices[name] = p
	}
	return prices, nil
}

func (f *evalFlags) readBaseline() (*evals.Baseline, error) {
	if f.baseline == "" {
		return nil, nil
	}
	text, err := os.ReadFile(f.baseline)
	if err != nil {
		return nil, fmt.Errorf("read the baseline: %w; --save-baseline writes one", err)
	}
	b, err := evals.ReadBaseline(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.baseline, err)
	}
	return b, nil
}

// checkFiles tells before a long run whether its reports can be written.
func (f *evalFlags) checkFiles() error {
	files := []struct{ flag, path string }{
		{"--html", f.html}, {"--junit", f.junit}, {"--out", f.out}, {"--save-baseline", f.save}, {"--journal", f.journal}, {"--traces", f.traces}, {"--baseline", f.baseline},
	}
	for i, a := range files {
		for _, b := range files[:i] {
			if samePath(a.path, b.path) && !(a.flag == "--baseline" && b.flag == "--save-baseline") {
				return usageError("%s and %s name the same file, %s", b.flag, a.flag, a.path)
			}
		}
	}
	for _, file := range []string{f.html, f.junit, f.out, f.save, f.traces} {
		if file == "" {
			continue
		}
		if info, err := os.Stat(file); err == nil && info.IsDir() {
			return usageError("%s is a folder; name a file in it", file)
		}
		if info, err := os.Stat(filepath.Dir(file)); err != nil || !info.IsDir() {
			return usageError("%s cannot be written: there is no folder %s", file, filepath.Dir(file))
		}
	}
	return nil
}

// samePath tells whether two names are of one file, there or to come; "" and
// what is no regular file, such as a pipe, are like nothing.
func samePath(a, b string) bool {
	if a == "" || b == "" {
		return false
	}
	if x, err := os.Stat(a); err == nil {
		y, err := os.Stat(b)
		return err == nil && x.Mode().IsRegular() && os.SameFile(x, y)
	}
	x, errX := filepath.Abs(a)
	y, errY := filepath.Abs(b)
	return errX == nil && errY == nil && x == y
}

// writeFiles writes what was asked for. A filter's verdicts pick what the
// reports list, not what the baseline keeps.
func (f *evalFlags) writeFiles(r *evals.Report, filter evals.Filter) error {
	saved := writeWhole(f.save, r.WriteBaseline)
	r.Show(filter)
	return errors.Join(
		saved,
		writeWhole(f.html, func(w io.Writer) error { return evalreport.HTML(w, r) }),
		writeWhole(f.junit, func(w io.Writer) error { return evalreport.JUnit(w, r) }),
		writeWhole(f.out, func(w io.Writer) error {
			e := json.NewEncoder(w)
			e.SetEscapeHTML(false)
			e.SetIndent("", "  ")
			return e.Encode(r)
		}),
	)
}

// writeWhole writes a file at once, so that nobody reads half of it; "" is no
// file.
func writeWhole(path string, write func(io.Writer) error) error {
	if path == "" {
		return nil
	}
	var text bytes.Buffer
	if err := write(&text); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		if err := os.WriteFile(path, text.Bytes(), 0o644); err != nil { // a pipe, say
			return fmt.Errorf("write %s: %w", path, err)
		}
		return nil
	}
	part := path + ".part"
	err := os.WriteFile(part, text.Bytes(), 0o644)
	if err == nil {
		err = os.Rename(part, path)
	}
	if err != nil {
		os.Remove(part)
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}

// programSum tells this build of the program from every other.
func programSum() (string, error) {
	path, err := os.Executable()
	if err != nil {
		return "", fmt.Errorf("find this program's own file: %w", err)
	}
	file, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("read this program's own file: %w", err)
	}
	defer file.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, file); err != nil {
		return "", fmt.Errorf("read this program's own file: %w", err)
	}
	return "sha256:" + hex.EncodeToString(sum.Sum(nil)), nil
}
