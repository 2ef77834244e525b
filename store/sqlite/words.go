package sqlite

import (
	"context"
	"maps"
	"slices"
	"strings"

	"tesela/store/sqlite/chunk"
)

// mostWords bounds a stretch of words in the file, by bytes.
const mostWords = 64 << 20

// storeWords appends the new words of all dictionaries.
func (b *batch) storeWords(ctx context.Context) error {
	keys := slices.SortedFunc(maps.Keys(b.interners), func(x, y dictKey) int {
		if c := strings.Compare(x.Event, y.Event); c != 0 {
			return c
		}
		return strings.Compare(x.Name, y.Name)
	})
	for _, key := range keys {
		in := b.interners[key]
		words := make([]string, 0, in.Len()-in.stored)
		for code := in.stored + 1; code <= in.Len(); code++ {
			words = append(words, in.Word(uint32(code)))
		}
		if len(words) == 0 {
			continue
		}
		b.digest.words(key, words)
		first := in.stored + 1
		for len(words) > 0 {
			n, bytes := 0, 0
			for n < len(words) && bytes < mostWords {
				bytes += len(words[n]) + 8
				n++
			}
			if err := b.appendWords(ctx, key, first, words[:n]); err != nil {
				return err
			}
			words, first = words[n:], first+n
		}
		b.cat.words[key] = in.Len()
	}
	return nil
}

// appendWords adds a stretch to a dictionary. Shorter stretches before it
// become one with it, so that many small imports leave few of them.
func (b *batch) appendWords(ctx context.Context, of dictKey, first int, words []string) error {
	tx := b.t.conn
	for {
		var before, count, size int
		var data []byte
		err := tx.QueryRowContext(ctx, `SELECT first, count, length(data) FROM dictionary
			WHERE event = ? AND name = ? AND first < ? ORDER BY first DESC LIMIT 1`, of.Event, of.Name, first).Scan(&before, &count, &size)
		if noRows(err) || err == nil && (count >= 2*len(words) || size >= mostWords/2) {
			break
		}
		if err != nil {
			return err
		}
		if err := tx.QueryRowContext(ctx, "SELECT data FROM dictionary WHERE event = ? AND name = ? AND first = ?", of.Event, of.Name, before).Scan(&data); err != nil {
			return err
		}
		old, err := chunk.Words(make([]string, 0, count+len(words)), data)
		if err != nil {
			return err
		}
		words, first = append(old, words...), before
		if _, err := tx.ExecContext(ctx, "DELETE FROM dictionary WHERE event = ? AND name = ? AND first = ?", of.Event, of.Name, first); err != nil {
			return err
		}
	}
	_, err := tx.ExecContext(ctx, "INSERT INTO dictionary VALUES(?,?,?,?,?)", of.Event, of.Name, first, len(words), chunk.AppendWords(nil, words))
	return err
}
