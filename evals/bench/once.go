package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"time"

	"tesela/segment"
	"tesela/store/importer"
	"tesela/store/sqlite"
)

// Once is what a process of its own does, named by its first argument; the
// benchmark starts itself again for it. It prints one line to standard output.
func Once(ctx context.Context, args []string) error {
	if len(args) == 0 {
		return fmt.Errorf("once: what?")
	}
	runtime.GOMAXPROCS(Threads)
	what, args := args[0], args[1:]
	need := map[string]int{"nothing": 0, "tesela": 2, "duckdb": 2, "memory": 1, "import-tesela": 2, "import-duckdb": 2}
	if n, ok := need[what]; !ok || len(args) != n {
		return fmt.Errorf("once: cannot do %q with %d arguments", what, len(args))
	}
	var out any
	var err error
	switch what {
	case "nothing":
	case "tesela":
		out, err = openTesela(ctx, args[0], args[1])
	case "duckdb":
		out, err = openDuckOnce(ctx, args[0], args[1])
	case "memory":
		out, err = measureMemory(ctx, args[0])
	case "import-tesela":
		out, err = importTesela(ctx, args[0], args[1])
	case "import-duckdb":
		out, err = importDuck(ctx, args[0], args[1])
	}
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(out)
}

// again runs Once in a process of its own, reads what it printed, and tells
// what the whole process took.
func again(ctx context.Context, into any, args ...string) (spent, error) {
	self, err := os.Executable()
	if err != nil {
		return spent{}, err
	}
	cmd := exec.CommandContext(ctx, self, append([]string{"once"}, args...)...)
	cmd.Stderr = os.Stderr
	started := time.Now()
	out, err := cmd.Output()
	took := time.Since(started)
	if err != nil {
		return spent{}, fmt.Errorf("%s in a process of its own: %w", args[0], err)
	}
	return spent{took, cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()}, json.Unmarshal(out, into)
}

func findFormula(name string) (Formula, error) {
	for _, f := range Formulas {
		if f.Name == name {
			return f, nil
		}
	}
	return Formula{}, fmt.Errorf("there is no formula %q", name)
}

// openTesela opens a workspace, answers one formula and closes it.
func openTesela(ctx context.Context, path, name string) (int, error) {
	f, err := findFormula(name)
	if err != nil {
		return 0, err
	}
	ws, err := sqlite.Open(ctx, path)
	if err != nil {
		return 0, err
	}
	defer ws.Close()
	src, err := ws.Source(ctx)
	if err != nil {
		return 0, err
	}
	s, err := evaluate(ctx, src, f.Text)
	if err != nil {
		return 0, err
	}
	return s.Len(), nil
}

func openDuckOnce(ctx context.Context, path, name string) (int, error) {
	f, err := findFormula(name)
	if err != nil {
		return 0, err
	}
	db, err := openDuck(path, true)
	if err != nil {
		return 0, err
	}
	defer db.Close()
	return duckCount(ctx, db, f)
}

// Opened are the formulas asked of a file just opened: one that reads times
// only, one that reads properties, one that reads three events, a trait's.
var Opened = []string{"inactive 60 days", "frequency with filter", "sequence within a day", "three conditions with a trait", "top 10% by spend", "rare event"}

// RunOpen times whole processes: start, open the file, answer, end. The files
// are in the page cache.
func RunOpen(ctx context.Context, s Size, dir string, pairs int, tell func(Result)) (*Contest, error) {
	p := s.In(dir)
	var all []*asked
	sizes := make([][2]int, len(Opened))
	for i, name := range Opened {
		q := &asked{
			Result: Result{Name: name},
			ours:   func() (spent, error) { return again(ctx, &sizes[i][0], "tesela", p.Workspace, name) },
			theirs: func() (spent, error) { return again(ctx, &sizes[i][1], "duckdb", p.Duck, name) },
		}
		if _, _, err := pair(1, q.ours, q.theirs); err != nil { // to the page cache
			return nil, err
		}
		if sizes[i][0] != sizes[i][1] {
			return nil, fmt.Errorf("%s: Tesela has %d members, DuckDB %d", name, sizes[i][0], sizes[i][1])
		}
		q.Size = sizes[i][0]
		all = append(all, q)
	}
	c, err := rounds(pairs, all, tell)
	if err != nil {
		return nil, err
	}
	nothing := func() (spent, error) { var none any; return again(ctx, &none, "nothing") }
	a, b, err := pair(pairs, nothing, nothing)
	if err != nil {
		return nil, err
	}
	r := Result{Name: "(a process that does nothing)"}
	r.settle(a, b)
	tell(r)
	return c, nil
}

// ImportFigures are the rates of importing the CSV of order lines.
type ImportFigures struct {
	Rows   int       `json:"rows"`
	Tesela float64   `json:"tesela_rows_per_second"` // median
	DuckDB float64   `json:"duckdb_rows_per_second"` // median
	Ratio  float64   `json:"ratio"`                  // Tesela's rate over DuckDB's, median of Ratios
	Ratios []float64 `json:"ratios"`
	// Times are of the whole processes.
	Times *Times `json:"times,omitempty"`
}

// imported is what a process that imports tells.
type imported struct {
	Rows    int     `json:"rows"`
	Seconds float64 `json:"seconds"`
}

// importTesela imports into a new workspace.
func importTesela(ctx context.Context, csv, path string) (imported, error) {
	ws, err := sqlite.Create(ctx, path)
	if err != nil {
		return imported{}, err
	}
	defer ws.Close()
	started := time.Now()
	s, err := importer.Run(ctx, ws, importer.Options{
		File: csv, Currency: "EUR", Timezone: "UTC",
		Mapping: importer.Mapping{
			Events: "order", Customer: "customer_id", Time: "ordered_at", EventID: "order_id",
			Props: []string{"category=category", "product=product", "amount=amount:money"},
		},
	})
	if err != nil {
		return imported{}, err
	}
	if s.Imported != s.Read {
		return imported{}, fmt.Errorf("%d of %d rows were imported", s.Imported, s.Read)
	}
	return imported{s.Imported, time.Since(started).Seconds()}, nil
}

// importDuck imports into a new DuckDB file.
func importDuck(ctx context.Context, csv, path string) (imported, error) {
	db, err := openDuck(path, false)
	if err != nil {
		return imported{}, err
	}
	defer db.Close()
	if err := db.PingContext(ctx); err != nil {
		return imported{}, err
	}
	started := time.Now()
	if _, err := db.ExecContext(ctx, "CREATE TABLE orders AS SELECT * FROM read_csv('"+csv+"') ORDER BY customer_id, ordered_at"); err != nil {
		return imported{}, err
	}
	i := imported{Seconds: time.Since(started).Seconds()}
	return i, db.QueryRowContext(ctx, "SELECT count(*) FROM orders").Scan(&i.Rows)
}

// RunImport times imports of the same CSV, each in a process of its own.
func RunImport(ctx context.Context, s Size, dir string, pairs int) (*ImportFigures, error) {
	p := s.In(dir)
	own, err := os.MkdirTemp(dir, "import-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(own)
	into := filepath.Join(own, "new")
	figures := &ImportFigures{}
	var ours, theirs []float64
	one := func(what string, rates *[]float64) (spent, error) {
		var i imported
		s, err := again(ctx, &i, what, p.CSV, into)
		if err == nil && figures.Rows != 0 && figures.Rows != i.Rows {
			err = fmt.Errorf("%s: %d rows, %d by the other", what, i.Rows, figures.Rows)
		}
		figures.Rows = i.Rows
		*rates = append(*rates, round(float64(i.Rows)/i.Seconds, 0))
		if e := remove(into); err == nil {
			err = e
		}
		return s, err
	}
	a, b, err := pair(pairs, func() (spent, error) { return one("import-tesela", &ours) }, func() (spent, error) { return one("import-duckdb", &theirs) })
	if err != nil {
		return nil, err
	}
	var times Result
	times.settle(a, b)
	figures.Times = times.Times
	for i := range ours {
		figures.Ratios = append(figures.Ratios, round(ours[i]/theirs[i], 3))
	}
	figures.Tesela, figures.DuckDB, figures.Ratio = median(ours), median(theirs), median(figures.Ratios)
	return figures, nil
}

// MemoryFigures are bytes of live heap per row with all columns loaded.
type MemoryFigures struct {
	OrderRows int `json:"order_rows"`
	// OrderBytes is what an order line takes: its three properties, time,
	// event id, and its part of what is per customer.
	OrderBytes float64 `json:"order_bytes_per_row"`
	Rows       int     `json:"rows"`
	// AllBytes is the same over all events and traits.
	AllBytes float64 `json:"all_bytes_per_row"`
	// LiveMB is the live heap with everything loaded.
	LiveMB float64 `json:"live_mb"`
}

// measureMemory loads columns and looks at the live heap.
func measureMemory(ctx context.Context, path string) (*MemoryFigures, error) {
	ws, err := sqlite.Open(ctx, path, sqlite.WithCache(cacheBytes))
	if err != nil {
		return nil, err
	}
	defer ws.Close()
	src, err := ws.Source(ctx)
	if err != nil {
		return nil, err
	}
	s := src.Schema()
	m := &MemoryFigures{}
	before := liveHeap()
	var need segment.Need
	for _, e := range s.Events {
		m.Rows += e.Rows
		if e.Name == "order" {
			m.OrderRows = e.Rows
			for _, p := range e.Props {
				need.Add(e.Name, p.Name)
			}
		}
	}
	world, err := src.Load(ctx, need)
	if err != nil {
		return nil, err
	}
	orders := liveHeap()
	for _, e := range s.Events {
		for _, p := range e.Props {
			need.Add(e.Name, p.Name)
		}
	}
	for _, t := range s.Traits {
		need.AddTrait(t.Name)
	}
	all, err := src.Load(ctx, need)
	if err != nil {
		return nil, err
	}
	after := liveHeap()
	runtime.KeepAlive(world)
	runtime.KeepAlive(all)
	m.OrderBytes = round(float64(orders-before)/float64(m.OrderRows), 2)
	m.AllBytes = round(float64(after-before)/float64(m.Rows), 2)
	m.LiveMB = round(float64(after)/1e6, 1)
	return m, nil
}

func liveHeap() uint64 {
	runtime.GC()
	runtime.GC() // what finalizers let go
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// RunMemory measures memory in a process of its own.
func RunMemory(ctx context.Context, s Size, dir string) (*MemoryFigures, error) {
	m := &MemoryFigures{}
	_, err := again(ctx, m, "memory", s.In(dir).Workspace)
	return m, err
}
