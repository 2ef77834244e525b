package bench

import (
	"bufio"
	"bytes"
	"cmp"
	"math"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Report is the figures of a run. Times are milliseconds, ratios DuckDB's time
// over Tesela's: above 1 Tesela is faster. It has no date: the commit tells
// what was measured, and Modified that files differed from it.
type Report struct {
	Machine   Machine        `json:"machine"`
	Commit    string         `json:"commit"`
	Modified  bool           `json:"modified,omitempty"`
	DuckDB    string         `json:"duckdb"`
	Size      string         `json:"size"`
	Customers int            `json:"customers"`
	Rows      int            `json:"rows"`
	Pairs     int            `json:"pairs"`
	Formulas  *Contest       `json:"formulas,omitempty"`
	Measures  *Contest       `json:"measures,omitempty"`
	Floors    []Floor        `json:"floors,omitempty"`
	Open      *Contest       `json:"open,omitempty"`
	Import    *ImportFigures `json:"import,omitempty"`
	Memory    *MemoryFigures `json:"memory,omitempty"`
	Append    *AppendFigures `json:"append,omitempty"`
}

// Machine is where a run took place. Load is the load average of the last
// minute when it began and when it ended: above the number of cores, others
// had a share of them.
type Machine struct {
	CPU      string    `json:"cpu"`
	Cores    int       `json:"cores"`
	MemoryGB float64   `json:"memory_gb"`
	System   string    `json:"system"`
	Go       string    `json:"go"`
	Threads  int       `json:"threads"` // of each engine
	Load     []float64 `json:"load"`
}

// Contest is questions timed with both engines.
type Contest struct {
	Results   []Result `json:"results"`
	Geomean   float64  `json:"geomean"`
	Least     float64  `json:"least"`
	LeastName string   `json:"least_name"`
	// PlainGeomean is that of the ratios to plain SQL.
	PlainGeomean float64 `json:"plain_geomean"`
	// CPUGeomean is that of the ratios of processor time.
	CPUGeomean float64 `json:"cpu_geomean,omitempty"`
}

// Result is one question's times.
type Result struct {
	Name string `json:"name"`
	// Size is members of a segment, or rows of a table.
	Size   int     `json:"size"`
	Tesela float64 `json:"tesela_ms"` // median
	DuckDB float64 `json:"duckdb_ms"` // median
	// Ratio is the median of Ratios, which are of the pairs in turn.
	Ratio  float64   `json:"ratio"`
	Ratios []float64 `json:"ratios"`
	// Plain is DuckDB's median time for SQL that does not lean on the order of
	// rows, PlainRatio what that is over Tesela's; as above where there is but
	// one SQL.
	Plain      float64 `json:"plain_ms"`
	PlainRatio float64 `json:"plain_ratio"`
	// The same as the first of processor time, summed over the threads.
	TeselaCPU float64 `json:"tesela_cpu_ms"`
	DuckDBCPU float64 `json:"duckdb_cpu_ms"`
	CPURatio  float64 `json:"cpu_ratio"`
	// Fastest runs, which other programs disturbed least.
	TeselaLeast float64 `json:"tesela_least_ms"`
	DuckDBLeast float64 `json:"duckdb_least_ms"`
	// Times are every pair's, in the order they were taken; PlainTimes those
	// with the plain SQL.
	Times      *Times `json:"times,omitempty"`
	PlainTimes *Times `json:"plain_times,omitempty"`
}

// Times are those of pairs of runs: on the clock and of processor time, which
// is 0 where the system does not tell it.
type Times struct {
	Tesela    []float64 `json:"tesela_ms"`
	DuckDB    []float64 `json:"duckdb_ms"`
	TeselaCPU []float64 `json:"tesela_cpu_ms"`
	DuckDBCPU []float64 `json:"duckdb_cpu_ms"`
}

func (r *Result) settle(tesela, duck []spent) {
	var cpu []float64
	var times [4][]time.Duration
	r.Times = &Times{}
	for i, t := range tesela {
		d := duck[i]
		r.Ratios = append(r.Ratios, round(over(d.wall, t.wall), 2))
		cpu = append(cpu, round(over(d.cpu, t.cpu), 2))
		for k, x := range []time.Duration{t.wall, d.wall, t.cpu, d.cpu} {
			times[k] = append(times[k], x)
		}
		all := r.Times
		all.Tesela, all.DuckDB = append(all.Tesela, millis(t.wall)), append(all.DuckDB, millis(d.wall))
		all.TeselaCPU, all.DuckDBCPU = append(all.TeselaCPU, millis(t.cpu)), append(all.DuckDBCPU, millis(d.cpu))
	}
	r.Tesela, r.DuckDB = millis(median(times[0])), millis(median(times[1]))
	r.TeselaCPU, r.DuckDBCPU = millis(median(times[2])), millis(median(times[3]))
	r.TeselaLeast, r.DuckDBLeast = millis(slices.Min(times[0])), millis(slices.Min(times[1]))
	r.Ratio, r.CPURatio = median(r.Ratios), median(cpu)
	r.Plain, r.PlainRatio = r.DuckDB, r.Ratio
}

// settlePlain is for DuckDB's plain SQL, run in turn with Tesela too.
func (r *Result) settlePlain(tesela, duck []spent) {
	var other Result
	other.settle(tesela, duck)
	r.Plain, r.PlainRatio, r.PlainTimes = other.DuckDB, other.Ratio, other.Times
}

// over is a ratio; 0 where nothing was measured.
func over(a, b time.Duration) float64 {
	if b <= 0 {
		return 0
	}
	return float64(a) / float64(b)
}

// settle computes what is over all questions.
func (c *Contest) settle() {
	if len(c.Results) == 0 {
		return
	}
	wall, plain, cpu, measured := 0.0, 0.0, 0.0, true
	for _, r := range c.Results {
		wall += math.Log(r.Ratio)
		plain += math.Log(r.PlainRatio)
		cpu += math.Log(r.CPURatio)
		measured = measured && r.CPURatio > 0
	}
	n := float64(len(c.Results))
	least := slices.MinFunc(c.Results, func(a, b Result) int { return cmp.Compare(a.Ratio, b.Ratio) })
	c.Geomean, c.PlainGeomean = round(math.Exp(wall/n), 2), round(math.Exp(plain/n), 2)
	c.Least, c.LeastName = least.Ratio, least.Name
	if measured {
		c.CPUGeomean = round(math.Exp(cpu/n), 2)
	}
}

func median[T cmp.Ordered](all []T) T {
	all = slices.Sorted(slices.Values(all))
	return all[(len(all)-1)/2]
}

func millis(d time.Duration) float64 { return round(float64(d.Nanoseconds())/1e6, 3) }

func round(x float64, digits int) float64 {
	p := math.Pow10(digits)
	return math.Round(x*p) / p
}

// thisMachine describes the machine as far as it tells.
func thisMachine() Machine {
	m := Machine{CPU: "unknown", Cores: runtime.NumCPU(), System: runtime.GOOS + "/" + runtime.GOARCH, Go: runtime.Version(), Threads: Threads}
	for _, line := range lines("/proc/cpuinfo") {
		if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
			m.CPU = strings.TrimSpace(value)
			break
		}
	}
	for _, line := range lines("/proc/meminfo") {
		if rest, ok := strings.CutPrefix(line, "MemTotal:"); ok {
			kb, _ := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 64)
			m.MemoryGB = round(kb/(1<<20), 1)
		}
	}
	m.noteLoad()
	return m
}

// noteLoad appends the load average where the system tells it.
func (m *Machine) noteLoad() {
	for _, line := range lines("/proc/loadavg") {
		if f := strings.Fields(line); len(f) > 0 {
			if load, err := strconv.ParseFloat(f[0], 64); err == nil {
				m.Load = append(m.Load, load)
			}
		}
	}
}

func lines(path string) []string {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil
	}
	var out []string
	for s := bufio.NewScanner(bytes.NewReader(data)); s.Scan(); {
		out = append(out, s.Text())
	}
	return out
}

// commit is what this program was built from, else, as under `go run`, what is
// checked out here; "unknown" outside a checkout. Modified tells that files
// that are kept differed from it.
func commit() (name string, modified bool) {
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			switch {
			case s.Key == "vcs.revision" && len(s.Value) >= 12:
				name = s.Value[:12]
			case s.Key == "vcs.modified":
				modified = s.Value == "true"
			}
		}
	}
	if name != "" {
		return name, modified
	}
	out, err := exec.Command("git", "rev-parse", "--short=12", "HEAD").Output()
	if err != nil {
		return "unknown", false
	}
	changed, err := exec.Command("git", "status", "--porcelain", "--untracked-files=no").Output()
	return strings.TrimSpace(string(out)), err != nil || len(changed) > 0
}
