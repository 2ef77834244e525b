package bench

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"tesela/segment/cluster"
)

// KMeansOptions say how KMeans is measured.
type KMeansOptions struct {
	Rows  int // of each shape
	K     int
	Pairs int    // how often each shape is clustered by both
	JSON  string // the file the figures go to; "" for none
	Out   io.Writer
}

// KMeansResult is one shape of data clustered by both, over the same prepared
// rows: the median times in seconds, scikit-learn's over ours, and the
// inertia, ours over scikit-learn's.
type KMeansResult struct {
	Shape     string  `json:"shape"`
	Rows      int     `json:"rows"`
	Dims      int     `json:"dims"`
	K         int     `json:"k"`
	Ours      float64 `json:"ours_s"`
	Theirs    float64 `json:"sklearn_s"`
	Once      float64 `json:"sklearn_one_start_s"`
	Ratio     float64 `json:"ratio"`
	RatioOnce float64 `json:"ratio_one_start"`
	Inertia   float64 `json:"inertia_ratio"`
}

// sklearnScript clusters what it is told to, line by line, in one process that
// has loaded all it needs; times are of fit alone.
const sklearnScript = `
import json, sys, time
import numpy as np
from sklearn.cluster import KMeans
for line in sys.stdin:
    q = json.loads(line)
    x = np.fromfile(q["path"], dtype="<f4").reshape(-1, q["dims"]).astype(np.float64)
    t = time.perf_counter()
    m = KMeans(n_clusters=q["k"], n_init=q["starts"], random_state=q["seed"]).fit(x)
    print(json.dumps({"seconds": time.perf_counter() - t, "inertia": m.inertia_}), flush=True)
`

// sklearnRun is a running scikit-learn.
type sklearnRun struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Scanner
	err bytes.Buffer
}

func startSklearn(ctx context.Context) (*sklearnRun, error) {
	for _, name := range []string{"/usr/bin/python3", "python3"} {
		if exec.CommandContext(ctx, name, "-c", "import sklearn").Run() != nil {
			continue
		}
		s := &sklearnRun{cmd: exec.CommandContext(ctx, name, "-c", sklearnScript)}
		s.cmd.Stderr = &s.err
		var err error
		if s.in, err = s.cmd.StdinPipe(); err != nil {
			return nil, err
		}
		out, err := s.cmd.StdoutPipe()
		if err != nil {
			return nil, err
		}
		s.out = bufio.NewScanner(out)
		return s, s.cmd.Start()
	}
	return nil, errors.New("there is no python3 with scikit-learn: apt-get install python3-sklearn")
}

func (s *sklearnRun) stop() {
	_ = s.in.Close()
	_ = s.cmd.Wait()
}

func (s *sklearnRun) fit(path string, dims, k, starts, seed int) (seconds, inertia float64, err error) {
	q, err := json.Marshal(map[string]any{"path": path, "dims": dims, "k": k, "starts": starts, "seed": seed})
	if err != nil {
		return 0, 0, err
	}
	if _, err := s.in.Write(append(q, '\n')); err != nil {
		return 0, 0, err
	}
	if !s.out.Scan() {
		return 0, 0, fmt.Errorf("scikit-learn ended: %s", s.err.String())
	}
	var a struct{ Seconds, Inertia float64 }
	err = json.Unmarshal(s.out.Bytes(), &a)
	return a.Seconds, a.Inertia, err
}

// KMeans clusters five shapes of data with segment/cluster and with
// scikit-learn's KMeans (20 starts), in turn, and prints times and inertia side
// by side.
func KMeans(ctx context.Context, o KMeansOptions) ([]KMeansResult, error) {
	dir, err := os.MkdirTemp("", "tesela-kmeans-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	theirs, err := startSklearn(ctx)
	if err != nil {
		return nil, err
	}
	defer theirs.stop()
	fmt.Fprintf(o.Out, "%-18s %9s %5s %3s %10s %12s %7s %14s %7s %14s\n",
		"shape", "rows", "dims", "k", "ours s", "sklearn s", "ratio", "its one start", "ratio", "inertia ratio")
	var all []KMeansResult
	for _, shape := range kmeansShapes(o.Rows) {
		r, err := o.contest(ctx, theirs, dir, shape)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", shape.name, err)
		}
		fmt.Fprintf(o.Out, "%-18s %9d %5d %3d %10.3f %12.3f %7.2f %14.3f %7.2f %14.5f\n",
			r.Shape, r.Rows, r.Dims, r.K, r.Ours, r.Theirs, r.Ratio, r.Once, r.RatioOnce, r.Inertia)
		all = append(all, r)
	}
	if o.JSON == "" {
		return all, nil
	}
	text, err := json.MarshalIndent(all, "", " ")
	if err != nil {
		return nil, err
	}
	return all, os.WriteFile(o.JSON, append(text, '\n'), 0o644)
}

func (o KMeansOptions) contest(ctx context.Context, theirs *sklearnRun, dir string, shape kmeansShape) (r KMeansResult, err error) {
	rows, err := cluster.Prepare(ctx, shape.columns, nil)
	if err != nil {
		return r, err
	}
	path := filepath.Join(dir, strconv.Itoa(len(shape.name)))
	if err := writeRows(path, rows); err != nil {
		return r, err
	}
	r = KMeansResult{Shape: shape.name, Rows: rows.Len(), Dims: rows.Dims(), K: o.K}
	var times [3][]float64
	least := [2]float64{math.Inf(1), math.Inf(1)}
	for pair := range o.Pairs {
		ours := func() error {
			start := time.Now()
			c, err := cluster.KMeans(ctx, rows, o.K, cluster.Options{Seed: uint64(pair)})
			if err != nil {
				return err
			}
			times[0], least[0] = append(times[0], time.Since(start).Seconds()), min(least[0], c.Inertia)
			return nil
		}
		sklearn := func() error {
			seconds, inertia, err := theirs.fit(path, rows.Dims(), o.K, 20, pair)
			if err != nil {
				return err
			}
			times[1], least[1] = append(times[1], seconds), min(least[1], inertia)
			seconds, _, err = theirs.fit(path, rows.Dims(), o.K, 1, pair)
			times[2] = append(times[2], seconds)
			return err
		}
		first, second := ours, sklearn
		if pair%2 == 1 {
			first, second = sklearn, ours
		}
		if err := errors.Join(first(), second()); err != nil {
			return r, err
		}
	}
	for _, t := range times {
		slices.Sort(t)
	}
	r.Ours, r.Theirs, r.Once = times[0][o.Pairs/2], times[1][o.Pairs/2], times[2][o.Pairs/2]
	r.Ratio, r.RatioOnce, r.Inertia = r.Theirs/r.Ours, r.Once/r.Ours, least[0]/least[1]
	return r, nil
}

func writeRows(path string, rows *cluster.Rows) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(f)
	for i := range rows.Len() {
		if err = binary.Write(w, binary.LittleEndian, rows.Row(i)); err != nil {
			break
		}
	}
	return errors.Join(err, w.Flush(), f.Close())
}

// kmeansShape is data of one kind.
type kmeansShape struct {
	name    string
	columns []cluster.Column
}

// kmeansShapes are five kinds of data, seeded.
func kmeansShapes(n int) []kmeansShape {
	return []kmeansShape{
		shaped("blobs", n, 10, 1, blobRows(10, 8, 4, nil)),
		shaped("anisotropic", n, 10, 2, func(r *rand.Rand, row []float64) {
			a, b, group := r.NormFloat64(), 0.3*r.NormFloat64(), float64(3*r.IntN(3))
			for d := range row {
				row[d] = a*float64(d%3) + b + group*float64(d%2) + 0.5*r.NormFloat64()
			}
		}),
		shaped("unequal sizes", n, 10, 3, blobRows(10, 5, 5, []float64{0.7, 0.9, 0.96, 0.99, 1})),
		shaped("heavy tails", n, 10, 4, func(r *rand.Rand, row []float64) {
			for d := range row {
				row[d] = r.NormFloat64() / max(0.02, math.Abs(r.NormFloat64()))
			}
		}),
		shaped("high-dimensional", n, 50, 5, blobRows(50, 8, 1.2, nil)),
	}
}

func shaped(name string, n, dims int, seed uint64, f func(*rand.Rand, []float64)) kmeansShape {
	s := kmeansShape{name: name, columns: make([]cluster.Column, dims)}
	for d := range s.columns {
		s.columns[d].Numbers = make([]float64, n)
	}
	r, row := rand.New(rand.NewPCG(seed, 1)), make([]float64, dims)
	for i := range n {
		f(r, row)
		for d, x := range row {
			s.columns[d].Numbers[i] = x
		}
	}
	return s
}

// blobRows draws rows about k centers; upTo are the cumulated shares, equal
// ones when nil.
func blobRows(dims, k int, apart float64, upTo []float64) func(*rand.Rand, []float64) {
	var centers [][]float64
	return func(r *rand.Rand, row []float64) {
		for len(centers) < k {
			c := make([]float64, dims)
			for d := range c {
				c[d] = apart * r.NormFloat64()
			}
			centers = append(centers, c)
		}
		g := r.IntN(k)
		if upTo != nil {
			u := r.Float64()
			g = slices.IndexFunc(upTo, func(x float64) bool { return u < x })
		}
		for d := range row {
			row[d] = centers[g][d] + r.NormFloat64()
		}
	}
}
