package measure

// InChunksOf makes a plan work in parts of so many rows, so that small worlds
// test the merging of parts.
func (p *Plan) InChunksOf(rows int) { p.chunkRows = rows }
