package sqlite

import (
	"context"
	"encoding/json"
	"strings"

	"tesela/segment/syntax"
	"tesela/store"
)

// What a list shows of a turn, and the words it is found by, lie in a table of
// their own, so that going through all turns does not go through their answers.

// createHeads makes format 2.
func createHeads(ctx context.Context, tx querier) error {
	for _, statement := range []string{
		`CREATE TABLE turn_head(n INTEGER PRIMARY KEY, id TEXT NOT NULL, session TEXT NOT NULL, asked TEXT NOT NULL,
			at INTEGER NOT NULL, status TEXT NOT NULL, language TEXT NOT NULL, question TEXT NOT NULL, words TEXT NOT NULL)`,
		`CREATE INDEX turn_head_of ON turn_head(session, n)`,
	} {
		if _, err := tx.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	for after := int64(0); ; {
		numbers, turns, err := turnsAfter(ctx, tx, after)
		if err != nil {
			return err
		}
		if len(turns) == 0 {
			return nil
		}
		for i, t := range turns {
			if err := insertHead(ctx, tx, numbers[i], t); err != nil {
				return err
			}
		}
		after = numbers[len(numbers)-1]
	}
}

// turnsAfter reads some turns with their numbers, in order.
func turnsAfter(ctx context.Context, tx querier, after int64) (numbers []int64, turns []store.Turn, err error) {
	rows, err := tx.QueryContext(ctx, "SELECT n, id, session, asked, question, answer FROM turn WHERE n > ? ORDER BY n LIMIT 500", after)
	if err != nil {
		return nil, nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var n int64
		t, err := scanTurn(numbered{rows, &n})
		if err != nil {
			return nil, nil, err
		}
		numbers, turns = append(numbers, n), append(turns, t)
	}
	return numbers, turns, rows.Err()
}

// numbered scans a turn's number before the turn.
type numbered struct {
	row interface{ Scan(...any) error }
	n   *int64
}

func (s numbered) Scan(to ...any) error { return s.row.Scan(append([]any{s.n}, to...)...) }

// mostSearched bounds what of an answer can be searched, in bytes.
const mostSearched = 16 << 10

// insertHead keeps what is listed and searched of a turn. An answer that
// cannot be read is found by its question alone.
func insertHead(ctx context.Context, tx querier, n int64, t store.Turn) error {
	var said struct{ Status, Language, Understood, Text string }
	if json.Unmarshal(t.Answer, &said) != nil {
		said.Status, said.Language, said.Understood, said.Text = "", "", "", ""
	}
	words := searched(t.Question + " " + said.Understood + " " + said.Text)
	_, err := tx.ExecContext(ctx, "INSERT INTO turn_head(n, id, session, asked, at, status, language, question, words) VALUES(?,?,?,?,?,?,?,?,?)",
		n, t.ID, t.Session, stamp(t.Asked), t.Asked.UnixMicro(), said.Status, said.Language, t.Question, words)
	return err
}

// searched is a text as it is searched: without case, accents, marks of
// Markdown and needless space.
func searched(text string) string {
	if len(text) > mostSearched {
		text = strings.ToValidUTF8(text[:mostSearched], "")
	}
	return strings.Join(strings.Fields(unmarked.Replace(syntax.Fold(text))), " ")
}

var unmarked = strings.NewReplacer("*", "", "`", "", `\`, "", "|", " ")

// FindTurns lists the turns that fit, newest first.
func (w *Workspace) FindTurns(ctx context.Context, q store.TurnQuery) (heads []store.TurnHead, err error) {
	where, args := []string{"1"}, []any{}
	add := func(condition string, arg any) { where, args = append(where, condition), append(args, arg) }
	if q.Session != "" {
		add("session = ?", q.Session)
	}
	if q.Status != "" {
		add("status = ?", q.Status)
	}
	if !q.Since.IsZero() {
		add("at >= ?", q.Since.UnixMicro())
	}
	for _, word := range q.Words {
		if word = searched(word); word != "" {
			add("instr(words, ?) > 0", word)
		}
	}
	query := "SELECT id, session, asked, status, language, question FROM turn_head WHERE " + strings.Join(where, " AND ") + " ORDER BY n DESC LIMIT ?"
	if args = append(args, q.Limit); q.Limit <= 0 {
		args[len(args)-1] = -1
	}
	err = w.view(ctx, "find turns", func(tx querier) error {
		rows, err := tx.QueryContext(ctx, query, args...)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var h store.TurnHead
			var asked string
			if err := rows.Scan(&h.ID, &h.Session, &asked, &h.Status, &h.Language, &h.Question); err != nil {
				return err
			}
			if h.Asked, err = unstamp(asked); err != nil {
				return err
			}
			heads = append(heads, h)
		}
		return rows.Err()
	})
	return heads, err
}
