package cluster

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
)

// sklearnScript clusters a file of 32-bit floats and prints the inertia.
const sklearnScript = `
import json, sys
import numpy as np
from sklearn.cluster import KMeans
path, dims, k = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
x = np.fromfile(path, dtype="<f4").reshape(-1, dims).astype(np.float64)
print(json.dumps(KMeans(n_clusters=k, n_init=20, random_state=0).fit(x).inertia_))
`

// sklearn finds a Python that has scikit-learn; it skips where there is none.
func sklearn(t *testing.T) string {
	t.Helper()
	if testing.Short() {
		t.Skip("twenty starts of scikit-learn take a while")
	}
	for _, name := range []string{"/usr/bin/python3", "python3"} {
		if path, err := exec.LookPath(name); err == nil && exec.Command(path, "-c", "import sklearn").Run() == nil {
			return path
		}
	}
	t.Skip("no python3 with scikit-learn here: python3-sklearn on Debian")
	return ""
}

// Five shapes of data: the inertia is within 1% of the best of twenty starts of
// scikit-learn, over the same prepared rows.
func TestInertiaAgainstScikitLearn(t *testing.T) {
	python := sklearn(t)
	const n = 20000 // more than the sample that seedings look at
	shapes := []struct {
		world
		ks []int
	}{
		{blobs("blobs", n, 5, 6, 4, nil, 0, 1), []int{6}},
		{fill("anisotropic", 1, n, 4, 2, func(s *stream, r []float64) int {
			a, b := s.normal(), 0.3*s.normal()
			g := s.below(3)
			r[0], r[1], r[2], r[3] = a+b+float64(3*g), a-b, 2*a+s.normal(), s.normal()
			return g
		}), []int{8}},
		{blobs("unequal sizes", n, 4, 5, 5, []float64{0.7, 0.2, 0.06, 0.03, 0.01}, 0, 3), []int{5}},
		{fill("heavy tails", 1, n, 5, 4, func(s *stream, r []float64) int {
			for i := range r {
				r[i] = s.normal() / math.Max(0.02, math.Abs(s.normal())) // nearly Cauchy
			}
			return 0
		}), []int{8}},
		{blobs("high-dimensional", n, 30, 8, 1.2, nil, 0, 5), []int{4}},
	}
	for _, shape := range shapes {
		r := prepared(t, shape.cols)
		path := filepath.Join(t.TempDir(), "rows")
		f, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := binary.Write(f, binary.LittleEndian, r.x); err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		for _, k := range shape.ks {
			got, err := KMeans(context.Background(), r, k, Options{})
			if err != nil {
				t.Fatal(err)
			}
			out, err := exec.Command(python, "-c", sklearnScript, path, strconv.Itoa(r.dims), strconv.Itoa(k)).Output()
			if err != nil {
				t.Fatalf("scikit-learn: %v", err)
			}
			var want float64
			if err := json.Unmarshal(out, &want); err != nil {
				t.Fatalf("scikit-learn printed %q: %v", out, err)
			}
			t.Logf("%s, k = %d: inertia %.1f, scikit-learn %.1f, ratio %.5f", shape.name, k, got.Inertia, want, got.Inertia/want)
			if got.Inertia > 1.01*want {
				t.Errorf("%s, k = %d: inertia %.1f, scikit-learn has %.1f", shape.name, k, got.Inertia, want)
			}
		}
	}
}
