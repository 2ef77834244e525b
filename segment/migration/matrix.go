// Package migration counts how customers move between the labels of a layer
// from one date to another, and carries past moves forward: transition rates,
// the sizes they lead to one step on, and how far those may be off. It takes
// codes and counts, and knows neither labels' words nor dates.
package migration

// Matrix counts moves: N[f*Cols+t] went from f to t.
type Matrix struct {
	Rows, Cols int
	N          []int
}

// NewMatrix is a matrix without moves.
func NewMatrix(rows, cols int) *Matrix {
	return &Matrix{Rows: rows, Cols: cols, N: make([]int, rows*cols)}
}

// Add counts n more moves from f to t.
func (m *Matrix) Add(f, t, n int) { m.N[f*m.Cols+t] += n }

// At is how many went from f to t.
func (m *Matrix) At(f, t int) int { return m.N[f*m.Cols+t] }

// Row is how many were in f.
func (m *Matrix) Row(f int) int {
	sum := 0
	for t := range m.Cols {
		sum += m.At(f, t)
	}
	return sum
}

// Col is how many came to t.
func (m *Matrix) Col(t int) int {
	sum := 0
	for f := range m.Rows {
		sum += m.At(f, t)
	}
	return sum
}

// Total is how many there are.
func (m *Matrix) Total() int {
	sum := 0
	for _, n := range m.N {
		sum += n
	}
	return sum
}
