package measure

// cellIndex numbers the cells that occur, by key.
type cellIndex struct {
	table []uint32 // by key: number + 1; nil where keys are too many
	ids   map[uint64]uint32
	keys  []uint64
}

// tableKeys is the most keys that are numbered by a table rather than a map.
const tableKeys = 1 << 22

// newIndex makes an index for keys below span, with the table of an index
// that is done with, if there is one.
func newIndex(span uint64, table []uint32) *cellIndex {
	if span <= tableKeys {
		if uint64(len(table)) < span {
			table = make([]uint32, span)
		}
		return &cellIndex{table: table}
	}
	return &cellIndex{ids: map[uint64]uint32{}}
}

// release gives the table back empty.
func (x *cellIndex) release() []uint32 {
	for _, k := range x.keys {
		if x.table != nil {
			x.table[k] = 0
		}
	}
	t := x.table
	x.table = nil
	return t
}

func (x *cellIndex) id(key uint64) uint32 {
	if x.table != nil {
		if id := x.table[key]; id != 0 {
			return id - 1
		}
		x.keys = append(x.keys, key)
		x.table[key] = uint32(len(x.keys))
		return uint32(len(x.keys) - 1)
	}
	id, ok := x.ids[key]
	if !ok {
		id = uint32(len(x.keys))
		x.keys = append(x.keys, key)
		x.ids[key] = id
	}
	return id
}

// number gives the numbers of keys, each divided by div first.
func (x *cellIndex) number(keys []uint64, div uint64, cells []uint32) {
	cells = cells[:len(keys)]
	if x.table == nil || div != 1 {
		last, id := ^uint64(0), uint32(0)
		for i, k := range keys {
			if k /= div; k != last {
				last, id = k, x.id(k)
			}
			cells[i] = id
		}
		return
	}
	for i, k := range keys {
		id := x.table[k]
		if id == 0 {
			id = x.id(k) + 1
		}
		cells[i] = id - 1
	}
}

// find is id for a key that may not occur.
func (x *cellIndex) find(key uint64) (int, bool) {
	if x.table != nil {
		id := x.table[key]
		return int(id) - 1, id != 0
	}
	id, ok := x.ids[key]
	return int(id), ok
}
