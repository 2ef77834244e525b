package cluster

// Label is a cluster's or group's number, from 0.
type Label interface{ ~uint8 | ~uint16 | ~uint32 }

// AdjustedRand is the adjusted Rand index of two clusterings of the same rows
// (Hubert & Arabie 1985): 1 when they part the rows alike, whatever the
// numbers of the clusters, 0 on average when one of them is shuffled. Two
// clusterings with one cluster each, or all rows apart in both, are alike. The
// labels are equally many and small: a table of all pairs of them is kept.
func AdjustedRand[L, M Label](a []L, b []M) float64 {
	table := contingency(a, b)
	n := len(a)
	var cells, rows, cols float64
	var colSums []int
	if len(table) > 0 {
		colSums = make([]int, len(table[0]))
	}
	for i := range table {
		sum := 0
		for j, m := range table[i] {
			cells += pairs(m)
			sum += m
			colSums[j] += m
		}
		rows += pairs(sum)
	}
	for _, m := range colSums {
		cols += pairs(m)
	}
	all := pairs(n)
	if all == 0 {
		return 1
	}
	expected := rows * cols / all
	most := (rows + cols) / 2
	if most == expected {
		return 1
	}
	return (cells - expected) / (most - expected)
}

func pairs(n int) float64 { return float64(n) * float64(n-1) / 2 }

// contingency counts the rows by their two labels.
func contingency[L, M Label](a []L, b []M) [][]int {
	ka, kb := 0, 0
	for i := range a {
		ka, kb = max(ka, int(a[i])+1), max(kb, int(b[i])+1)
	}
	table := make([][]int, ka)
	for i := range table {
		table[i] = make([]int, kb)
	}
	for i := range a {
		table[a[i]][b[i]]++
	}
	return table
}

// Match pairs the clusters of two clusterings of the same rows so that as many
// rows as can be are in paired ones. It returns to which of b's each of a's
// clusters goes, -1 where there is none left, and the share of the rows that
// are in paired clusters: who kept theirs.
func Match[L, M Label](a []L, b []M) (to []int, share float64) {
	table := contingency(a, b)
	to = assignment(table)
	kept := 0
	for i, j := range to {
		if j >= 0 {
			kept += table[i][j]
		}
	}
	if len(a) == 0 {
		return to, 1
	}
	return to, float64(kept) / float64(len(a))
}

// assignment pairs rows and columns of a table so that the sum over the pairs
// is the largest: the Hungarian algorithm (Kuhn 1955) by shortest augmenting
// paths, on the table filled up to a square with zeros.
func assignment(table [][]int) []int {
	n := len(table)
	width := 0
	for _, row := range table {
		width = max(width, len(row))
	}
	n = max(n, width)
	cost := func(i, j int) int {
		if i < len(table) && j < len(table[i]) {
			return -table[i][j]
		}
		return 0
	}
	const far = int(^uint(0) >> 1)
	u, v := make([]int, n+1), make([]int, n+1)
	match, way := make([]int, n+1), make([]int, n+1) // by column, from 1
	for i := 1; i <= n; i++ {
		match[0] = i
		least, used := make([]int, n+1), make([]bool, n+1)
		for j := range least {
			least[j] = far
		}
		j0 := 0
		for match[j0] != 0 {
			used[j0] = true
			i0, delta, j1 := match[j0], far, 0
			for j := 1; j <= n; j++ {
				if used[j] {
					continue
				}
				if c := cost(i0-1, j-1) - u[i0] - v[j]; c < least[j] {
					least[j], way[j] = c, j0
				}
				if least[j] < delta {
					delta, j1 = least[j], j
				}
			}
			for j := 0; j <= n; j++ {
				if used[j] {
					u[match[j]] += delta
					v[j] -= delta
				} else {
					least[j] -= delta
				}
			}
			j0 = j1
		}
		for j0 != 0 {
			match[j0] = match[way[j0]]
			j0 = way[j0]
		}
	}
	to := make([]int, len(table))
	for j := 1; j <= n; j++ {
		if i := match[j] - 1; i < len(table) {
			to[i] = j - 1
			if j > width {
				to[i] = -1
			}
		}
	}
	return to
}
