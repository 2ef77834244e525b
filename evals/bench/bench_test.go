package bench

import "testing"

// world makes and opens a small world; the two engines hold each other to
// account on it.
func world(t *testing.T) *Engines {
	t.Helper()
	size, _ := FindSize("small")
	if testing.Short() {
		size, _ = FindSize("tiny")
	}
	dir := t.TempDir()
	if err := Make(t.Context(), size, dir, false, func(string, ...any) {}); err != nil {
		t.Fatal(err)
	}
	e, err := Open(t.Context(), size, dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	return e
}

func TestEnginesAgree(t *testing.T) {
	e := world(t)
	for _, f := range Formulas {
		t.Run(f.Name, func(t *testing.T) {
			n, err := e.CheckFormula(t.Context(), f)
			if err != nil {
				t.Fatal(err)
			}
			// An empty or whole segment would be no check of much.
			if n == 0 || n == e.Size.Customers {
				t.Fatalf("%d of %d customers", n, e.Size.Customers)
			}
			if counted, err := e.DuckCount(t.Context(), f); err != nil || counted != n {
				t.Fatalf("DuckDB counts %d (%v), lists %d", counted, err, n)
			}
		})
	}
	for _, m := range Measures {
		t.Run(m.Name, func(t *testing.T) {
			if _, err := e.CheckMeasure(t.Context(), m); err != nil {
				t.Fatal(err)
			}
		})
	}
}
