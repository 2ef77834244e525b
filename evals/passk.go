package evals

// PassHat is the chance that all of k tries succeed, estimated without bias
// from the passes among n: C(passes, k) / C(n, k) (pass^k; S. Yao, N. Shinn, P.
// Razavi and K. Narasimhan, "τ-bench", 2024). k lies within 1 and n.
func PassHat(passes, n, k int) float64 {
	chance := 1.0
	for i := range k {
		chance *= float64(passes-i) / float64(n-i)
	}
	return max(chance, 0)
}

// passK is pass^k for each k from 1 to the number of tries that every case
// has: the mean over the cases. It is nil where nothing was repeated.
func passK(records []Record) []float64 {
	n, passes := map[string]int{}, map[string]int{}
	var keys []string
	for i := range records {
		key := records[i].Key()
		if n[key] == 0 {
			keys = append(keys, key)
		}
		n[key]++
		if records[i].Verdict.Good() {
			passes[key]++
		}
	}
	if len(keys) == 0 {
		return nil
	}
	most := n[keys[0]]
	for _, key := range keys {
		most = min(most, n[key])
	}
	if most < 2 {
		return nil
	}
	means := make([]float64, most)
	for k := range means {
		for _, key := range keys {
			means[k] += PassHat(passes[key], n[key], k+1)
		}
		means[k] /= float64(len(keys))
	}
	return means
}
