package evals

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

//go:embed suites
var shipped embed.FS

// The folders of shipped suites: Audited is what the product is held to,
// Understanding what its planner was made with.
const (
	Audited       = "audited"
	Understanding = "understanding"
)

// ErrNoSuite is of a name that no suite has.
var ErrNoSuite = errors.New("there is no suite")

// Shipped names the suites that come with the program, folder by folder.
func Shipped() []string {
	var names []string
	for _, folder := range []string{Audited, Understanding} {
		names = append(names, yamlFiles(shipped, path.Join("suites", folder))...)
	}
	for i, name := range names {
		names[i] = strings.TrimSuffix(strings.TrimPrefix(name, "suites/"), ".yaml")
	}
	return names
}

// Find reads suites by name: a shipped one ("audited/demo"), a folder of
// shipped ones ("audited"), a file, or a folder of files. A fault names the
// file and the case. A suite of a file is called as the file is, wherever it
// is named from, so that baselines hold in every folder; of two files of one
// name each has its folder's before it.
func Find(names ...string) ([]*Suite, error) {
	var suites []*Suite
	for _, name := range names {
		some, err := find(name)
		if err != nil {
			return nil, err
		}
		suites = append(suites, some...)
	}
	files := map[string]bool{}
	for _, s := range suites {
		if files[s.file] {
			return nil, fmt.Errorf("the suite %s is named twice", s.Name)
		}
		files[s.file] = true
	}
	for parts := 1; ; parts++ {
		count := map[string]int{}
		for _, s := range suites {
			count[s.Name]++
		}
		alike := false
		for _, s := range suites {
			if parts == 1 && s.own || parts > 1 && count[s.Name] > 1 && s.own {
				alike = s.call(parts) || alike
			}
		}
		if !alike {
			return suites, nil
		}
	}
}

// call names a suite by so many last parts of its file's path; false where
// that names it no longer than before.
func (s *Suite) call(parts int) bool {
	all := strings.Split(strings.TrimSuffix(filepath.ToSlash(s.file), ".yaml"), "/")
	name := strings.Join(all[max(0, len(all)-parts):], "/")
	longer := name != s.Name
	s.Name = name
	for i := range s.Cases {
		s.Cases[i].Suite = name
	}
	return longer
}

func find(name string) ([]*Suite, error) {
	known := Shipped()
	var files []string
	for _, k := range known {
		if k == name || path.Dir(k) == name {
			files = append(files, "suites/"+k+".yaml")
		}
	}
	if len(files) > 0 {
		return readAll(shipped, files, func(file string) string {
			return strings.TrimSuffix(strings.TrimPrefix(file, "suites/"), ".yaml")
		})
	}
	info, err := os.Stat(name)
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("read the suite: %w", err)
		}
		return nil, fmt.Errorf("%w %s: no file or folder of that name, and no shipped one%s", ErrNoSuite, name, nearest(name, append(known, Audited, Understanding)))
	}
	folder, base := filepath.Split(filepath.Clean(name))
	files = []string{base}
	if info.IsDir() {
		folder = name
		if files = yamlFiles(os.DirFS(name), "."); len(files) == 0 {
			return nil, fmt.Errorf("the folder %s holds no suite: no file ends in .yaml", name)
		}
	}
	if folder == "" {
		folder = "."
	}
	suites, err := readAll(os.DirFS(folder), files, func(file string) string {
		return strings.TrimSuffix(filepath.ToSlash(filepath.Join(folder, file)), ".yaml")
	})
	if err != nil {
		return nil, err
	}
	for i, s := range suites {
		s.within(folder)
		if s.file, err = filepath.Abs(filepath.Join(folder, files[i])); err != nil {
			return nil, fmt.Errorf("find the suite %s: %w", s.Name, err)
		}
		s.own = true
	}
	return suites, nil
}

// within takes paths of workspaces to be meant from the suite's own folder.
func (s *Suite) within(folder string) {
	for _, spec := range []*string{&s.Data, &s.Second} {
		if path, ok := strings.CutPrefix(*spec, "workspace:"); ok && !filepath.IsAbs(path) {
			*spec = "workspace:" + filepath.Join(folder, path)
		}
	}
	for i := range s.Cases {
		s.Cases[i].Data = s.Data
	}
}

func yamlFiles(from fs.FS, folder string) []string {
	entries, err := fs.ReadDir(from, folder)
	if err != nil {
		return nil
	}
	var files []string
	for _, e := range entries {
		if !e.IsDir() && path.Ext(e.Name()) == ".yaml" {
			files = append(files, path.Join(folder, e.Name()))
		}
	}
	slices.Sort(files)
	return files
}

func readAll(from fs.FS, files []string, name func(file string) string) ([]*Suite, error) {
	var suites []*Suite
	for _, file := range files {
		s, err := read(from, file, name(file))
		if err != nil {
			return nil, err
		}
		suites = append(suites, s)
	}
	return suites, nil
}

// read reads one suite and the kept results of its SQL golds beside it.
func read(from fs.FS, file, name string) (*Suite, error) {
	text, err := fs.ReadFile(from, file)
	if err != nil {
		return nil, fmt.Errorf("read the suite %s: %w", name, err)
	}
	s, err := Parse(text)
	if err != nil {
		return nil, fmt.Errorf("suite %s: %w", name, err)
	}
	s.Name, s.file = name, name
	for i := range s.Cases {
		s.Cases[i].Suite = name
	}
	kept, err := fs.ReadFile(from, strings.TrimSuffix(file, ".yaml")+".golds.json")
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("suite %s: read the kept results: %w", name, err)
	}
	if err := s.keep(kept); err != nil {
		return nil, fmt.Errorf("suite %s: %w", name, err)
	}
	sum := sha256.New()
	fmt.Fprintf(sum, "%d\n", len(text))
	sum.Write(text)
	sum.Write(kept)
	s.Sum = "sha256:" + hex.EncodeToString(sum.Sum(nil))
	return s, nil
}

// Load reads suites of a file system, such as that of the sealed ones.
func Load(from fs.FS, folder string) ([]*Suite, error) {
	return readAll(from, yamlFiles(from, folder), func(file string) string {
		return strings.TrimSuffix(file, ".yaml")
	})
}
