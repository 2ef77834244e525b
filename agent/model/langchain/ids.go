package langchain

import (
	"crypto/sha256"
	"strconv"
)

// ids is what a vendor wants the ids of calls to be like.
type ids struct {
	least, most int  // bytes
	signs       bool // beside letters and digits also _ and -
}

var (
	// Anthropic's own say so when they refuse one: ^[a-zA-Z0-9_-]+$.
	anthropicIDs = ids{least: 1, most: 64, signs: true}
	// Mistral's are nine letters or digits, neither more nor fewer.
	mistralIDs = ids{least: 9, most: 9}
)

// fits tells whether an id is as the vendor wants it.
func (s ids) fits(id string) bool {
	if len(id) < s.least || len(id) > s.most {
		return false
	}
	for i := range len(id) {
		c := id[i]
		switch {
		case c >= '0' && c <= '9', c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z':
		case s.signs && (c == '_' || c == '-'):
		default:
			return false
		}
	}
	return true
}

// unique is an id that fits and is not used yet: the call's own where it will
// do, else one made of it, so that the same history has the same ids.
func (s ids) unique(id string, at int, used map[string]bool) string {
	own := id
	for n := 0; used[id] || !s.fits(id); n++ {
		id = made(own+"\x00"+strconv.Itoa(at)+"\x00"+strconv.Itoa(n), 9)
	}
	used[id] = true
	return id
}

// made is so many letters and digits that stand for a text.
func made(text string, n int) string {
	const letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	sum := sha256.Sum256([]byte(text))
	b := make([]byte, min(n, len(sum)))
	for i := range b {
		b[i] = letters[int(sum[i])%len(letters)]
	}
	return string(b)
}
