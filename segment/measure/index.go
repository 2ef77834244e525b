package measure

// cellIndex numbers the cells that occur, by key. Where keys are few, or not
// many more than rows, a key is its cell's number.
type cellIndex struct {
	seen  []bool   // by key, where that is its cell's number
	table []uint32 // by key: number + 1; nil where keys are too many
	ids   map[uint64]uint32
	keys  []uint64
}

const (
	// fewKeys are no reason to number cells by what occurs.
	fewKeys = 1 << 12
	// tableKeys is the most keys that are numbered by a table rather than a map.
	tableKeys = 1 << 22
)

// newIndex makes an index for keys below span, with the table of an index
// that is done with, if there is one.
func newIndex(span uint64, dense bool, table []uint32) *cellIndex {
	if dense {
		return &cellIndex{seen: make([]bool, span)}
	}
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

// cells is how many cells there are to keep figures of.
func (x *cellIndex) cells() int {
	if x.seen != nil {
		return len(x.seen)
	}
	return len(x.keys)
}

func (x *cellIndex) id(key uint64) uint32 {
	if x.seen != nil {
		if !x.seen[key] {
			x.seen[key] = true
			x.keys = append(x.keys, key)
		}
		return uint32(key)
	}
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

// number gives the numbers of keys; keys are not their own numbers.
func (x *cellIndex) number(keys []uint64, cells []uint32) {
	cells = cells[:len(keys)]
	last, id := ^uint64(0), uint32(0)
	for i, k := range keys {
		if k != last {
			last, id = k, x.id(k)
		}
		cells[i] = id
	}
}

// find is id for a key that may not occur.
func (x *cellIndex) find(key uint64) (int, bool) {
	if x.seen != nil {
		return int(key), x.seen[key]
	}
	if x.table != nil {
		id := x.table[key]
		return int(id) - 1, id != 0
	}
	id, ok := x.ids[key]
	return int(id), ok
}
