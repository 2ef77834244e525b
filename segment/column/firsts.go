package column

// FindFirsts marks the rows of whole customers Who[from:to] that are the first
// of their event, in bits counted from row 64·(Starts[from]/64) on; bits of
// other rows stay as they are. It serves tables whose events' rows are
// neighbours.
func (t *Table) FindFirsts(from, to int, bits []uint64) {
	if from >= to {
		return
	}
	base := t.Starts[from] &^ 63
	prev := uint32(0)
	lo, hi := t.Starts[from], t.Starts[to]
	for row := lo; row < hi; row++ {
		id, fresh := t.IDs[row], uint64(0)
		if id == 0 || id != prev {
			fresh = 1
		}
		bits[(row-base)>>6] |= fresh << (row & 63)
		prev = id
	}
	for _, row := range t.Starts[from:to] { // ids are a customer's own
		bits[(row-base)>>6] |= 1 << (row & 63)
	}
}
