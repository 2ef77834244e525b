package chunk

import (
	"fmt"
	"math"
)

// AppendTags appends a chunk of lists of codes: list i is
// codes[starts[i]:starts[i+1]].
func AppendTags(b []byte, starts, codes []uint32) []byte {
	from := len(b)
	counts := make([]uint32, max(0, len(starts)-1))
	for i := range counts {
		counts[i] = starts[i+1] - starts[i]
	}
	if len(counts) > 0 {
		codes = codes[starts[0]:starts[len(counts)]]
	}
	b = header{form: formTags, rows: len(counts), factor: 1}.append(b)
	b = appendInner(b, func(b []byte) []byte { return AppendCodes(b, counts) })
	b = appendInner(b, func(b []byte) []byte { return AppendCodes(b, codes) })
	return seal(b, from)
}

// Tags unpacks a chunk of lists: it writes the end of each list, counted from
// len(codes), to ends, which it must fill, and appends the codes themselves.
// A code above most is an error.
func Tags(ends []uint32, codes []uint32, b []byte, most uint32) ([]uint32, error) {
	h, p, err := open(b)
	if err != nil {
		return codes, err
	}
	if err := h.want(len(ends), formTags); err != nil {
		return codes, err
	}
	lengths, p, err := inner(p)
	if err != nil {
		return codes, err
	}
	words, _, err := inner(p)
	if err != nil {
		return codes, err
	}
	total, err := Len(words)
	if err != nil {
		return codes, err
	}
	if err := Codes(ends, lengths, math.MaxUint32); err != nil {
		return codes, err
	}
	at := uint64(len(codes))
	for i, n := range ends {
		at += uint64(n)
		if at > uint64(len(codes)+total) {
			return codes, fmt.Errorf("%w: a list of %d tags of %d", ErrDamaged, n, total)
		}
		ends[i] = uint32(at)
	}
	if at != uint64(len(codes)+total) || at > math.MaxUint32 {
		return codes, fmt.Errorf("%w: %d tags for lists of %d", ErrDamaged, total, at)
	}
	if err := checkRoom(words, total); err != nil {
		return codes, err
	}
	from := len(codes)
	codes = append(codes, make([]uint32, total)...)
	return codes, Codes(codes[from:], words, most)
}

// checkRoom opens a chunk before room for its values is made, so that damaged
// bytes cannot ask for more memory than a chunk may have values.
func checkRoom(b []byte, rows int) error {
	h, _, err := open(b)
	if err != nil {
		return err
	}
	const most = 1 << 28
	if rows > most {
		return fmt.Errorf("%w: %d values in one chunk", ErrDamaged, rows)
	}
	return h.want(rows, formInts)
}

// AppendWords appends a chunk of texts.
func AppendWords(b []byte, words []string) []byte {
	from := len(b)
	lengths := make([]uint32, len(words))
	for i, w := range words {
		lengths[i] = uint32(len(w))
	}
	b = header{form: formWords, rows: len(words), factor: 1}.append(b)
	b = appendInner(b, func(b []byte) []byte { return AppendCodes(b, lengths) })
	for _, w := range words {
		b = append(b, w...)
	}
	return seal(b, from)
}

// Words unpacks a chunk of texts and appends them to dst. They share one
// string.
func Words(dst []string, b []byte) ([]string, error) {
	ends, text, err := Texts(b)
	if err != nil {
		return dst, err
	}
	all, from := string(text), uint32(0)
	for _, to := range ends {
		dst = append(dst, all[from:to])
		from = to
	}
	return dst, nil
}

// Texts unpacks a chunk of texts: they lie end to end in a part of b, and each
// ends where ends tells.
func Texts(b []byte) (ends []uint32, text []byte, err error) {
	h, p, err := open(b)
	if err != nil {
		return nil, nil, err
	}
	if err := h.want(h.rows, formWords); err != nil {
		return nil, nil, err
	}
	packed, text, err := inner(p)
	if err != nil {
		return nil, nil, err
	}
	if err := checkRoom(packed, h.rows); err != nil {
		return nil, nil, err
	}
	ends = make([]uint32, h.rows)
	if err := Codes(ends, packed, math.MaxUint32); err != nil {
		return nil, nil, err
	}
	var sum uint64
	for i, n := range ends {
		sum += uint64(n)
		ends[i] = uint32(sum)
	}
	if sum != uint64(len(text)) || sum > math.MaxUint32 {
		return nil, nil, fmt.Errorf("%w: %d bytes of texts where %d belong", ErrDamaged, len(text), sum)
	}
	return ends, text, nil
}
