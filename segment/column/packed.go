package column

import "math"

// Packed is whole numbers in as few bytes as they take: x stands for
// Base + Step·x, and x = 0 for unset. So the order of the numbers is that of
// the x, a range of numbers is one of x, and loops go over x without unpacking.
// One of the slices is in use, the others are nil.
type Packed struct {
	U8         []uint8
	U16        []uint16
	U32        []uint32
	Base, Step int64
	// Least is the least x but 0 there may be, Most the greatest.
	Least, Most uint32
}

// Width is the bytes that an x takes.
func (p *Packed) Width() int {
	switch {
	case p.U8 != nil:
		return 1
	case p.U16 != nil:
		return 2
	}
	return 4
}

// Len is the number of numbers, set or not.
func (p *Packed) Len() int { return len(p.U8) + len(p.U16) + len(p.U32) }

// X is what stands for number i.
func (p *Packed) X(i int) uint32 {
	switch {
	case p.U8 != nil:
		return uint32(p.U8[i])
	case p.U16 != nil:
		return uint32(p.U16[i])
	}
	return p.U32[i]
}

// Of is the number that an x stands for, Unset for 0.
func (p *Packed) Of(x uint32) int64 {
	if x == 0 {
		return Unset
	}
	return p.Base + p.Step*int64(x)
}

// At is number i, or Unset.
func (p *Packed) At(i int) int64 { return p.Of(p.X(i)) }

// Range turns a range of numbers, both ends in, into one of x; ok is false
// where no x lies in it.
func (p *Packed) Range(lo, hi int64) (from, to uint32, ok bool) {
	low, high := p.Of(1), p.Base+p.Step*int64(p.Most)
	if p.Most == 0 || lo > hi || lo > high || hi < low {
		return 0, 0, false
	}
	from, to = 1, p.Most
	if lo > low {
		from = 1 + uint32((uint64(lo)-uint64(low)+uint64(p.Step)-1)/uint64(p.Step))
	}
	if hi < high {
		to = 1 + uint32((uint64(hi)-uint64(low))/uint64(p.Step))
	}
	return from, to, from <= to
}

// NewPacked makes room for n unset numbers from low to high that are whole
// steps apart; nil where they do not fit into four bytes.
func NewPacked(n int, low, high, step int64) *Packed {
	p := &Packed{Step: step}
	if low <= high {
		most := (uint64(high) - uint64(low)) / uint64(step)
		// Of(Most) must not overflow, nor Base fall off the other end.
		if most >= math.MaxUint32 || low < math.MinInt64/2 || high > math.MaxInt64/2 || step > math.MaxInt64/4 {
			return nil
		}
		p.Base, p.Least, p.Most = low-step, 1, uint32(most)+1
		// Where it costs nothing, x is the number of steps itself.
		if low > 0 && low%step == 0 && widthOf(uint64(high/step)) == widthOf(uint64(p.Most)) {
			p.Base, p.Least, p.Most = 0, uint32(low/step), uint32(high/step)
		}
	}
	p.make(n, widthOf(uint64(p.Most)))
	return p
}

func widthOf(most uint64) int {
	switch {
	case most <= math.MaxUint8:
		return 1
	case most <= math.MaxUint16:
		return 2
	case most <= math.MaxUint32:
		return 4
	}
	return 8
}

func (p *Packed) make(n, width int) {
	switch width {
	case 1:
		p.U8 = make([]uint8, n)
	case 2:
		p.U16 = make([]uint16, n)
	default:
		p.U32 = make([]uint32, n)
	}
}

// Empty makes room for n unset numbers of the same width, base and step.
func (p *Packed) Empty(n int) *Packed {
	e := &Packed{Base: p.Base, Step: p.Step, Least: p.Least, Most: p.Most}
	e.make(n, p.Width())
	return e
}

// NewPackedCodes makes room for n codes of a dictionary of so many words. A
// code is its own x.
func NewPackedCodes(n, words int) *Packed {
	p := &Packed{Step: 1, Least: 1, Most: uint32(words)}
	p.make(n, widthOf(uint64(words)))
	return p
}

// Fits tells whether x goes into the width.
func (p *Packed) Fits(x uint32) bool {
	switch p.Width() {
	case 1:
		return x <= math.MaxUint8
	case 2:
		return x <= math.MaxUint16
	}
	return true
}

// Set puts x at i; it fits the width.
func (p *Packed) Set(i int, x uint32) {
	switch {
	case p.U8 != nil:
		p.U8[i] = uint8(x)
	case p.U16 != nil:
		p.U16[i] = uint16(x)
	default:
		p.U32[i] = x
	}
}

// Pack packs whole numbers, Unset among them; nil where they take more than
// four bytes.
func Pack(figures []int64) *Packed {
	low, high, step := int64(math.MaxInt64), int64(math.MinInt64), uint64(0)
	for _, v := range figures {
		if v != Unset {
			low, high = min(low, v), max(high, v)
		}
	}
	for _, v := range figures {
		if v != Unset && step != 1 {
			step = divisor(step, uint64(v)-uint64(low))
		}
	}
	if step > math.MaxInt64/4 {
		return nil
	}
	p := NewPacked(len(figures), low, high, max(1, int64(step)))
	if p == nil {
		return nil
	}
	for i, v := range figures {
		if v != Unset {
			p.Set(i, uint32((uint64(v)-uint64(p.Base))/uint64(p.Step)))
		}
	}
	return p
}

// PackCodes packs codes of a dictionary of so many words.
func PackCodes(codes []uint32, words int) *Packed {
	p := NewPackedCodes(len(codes), words)
	for i, c := range codes {
		p.Set(i, c)
	}
	return p
}

// divisor is the greatest common divisor; 0 divides by everything.
func divisor(a, b uint64) uint64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// Pack gives the column packed where that is possible, else as it is.
func (c *Column) Pack() *Column {
	packed := *c
	packed.Codes, packed.Ints, packed.Floats = nil, nil, nil
	switch {
	case c.Packed != nil || c.Kind == Tags:
		return c
	case c.Kind == Text:
		packed.Packed = PackCodes(c.Codes, c.Dict.Len())
	case c.Kind == Number:
		ints, scale, ok := decimals(c.Floats)
		if !ok {
			return c
		}
		packed.Packed, packed.Scale = Pack(ints), scale
	default:
		packed.Packed = Pack(c.Ints)
	}
	if packed.Packed == nil {
		return c
	}
	return &packed
}

// Pack packs the times of the table and its properties where that is possible,
// and marks the first rows of its events.
func (t *Table) Pack() {
	if t.IDs != nil && !t.Scattered && t.Firsts == nil {
		t.Firsts = make([]uint64, len(t.IDs)/64+2)
		t.FindFirsts(0, len(t.Who), t.Firsts)
	}
	if p := Pack(t.Times); p != nil && t.Clock == nil {
		t.Clock, t.Times = p, nil
	}
	for name, c := range t.Props {
		t.Props[name] = c.Pack()
	}
}

// decimals gives numbers as whole ones over a power of ten, where that gives
// every one of them back bit by bit.
func decimals(floats []float64) (ints []int64, scale float64, ok bool) {
	const most, exact = 1e6, 1 << 53
	scale = 1
	whole := func(v float64) (int64, bool) {
		if math.IsNaN(v) {
			return Unset, true
		}
		r := math.Round(v * scale)
		return int64(r), r >= -exact && r <= exact && math.Float64bits(r/scale) == math.Float64bits(v) && (r != 0 || !math.Signbit(r))
	}
	for _, v := range floats {
		for {
			if _, ok := whole(v); ok {
				break
			}
			if scale *= 10; scale > most {
				return nil, 0, false
			}
		}
	}
	ints = make([]int64, len(floats))
	for i, v := range floats {
		if ints[i], ok = whole(v); !ok {
			return nil, 0, false
		}
	}
	return ints, scale, true
}
