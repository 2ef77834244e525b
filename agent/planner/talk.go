package planner

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"tesela/agent/model"
	"tesela/tools"
)

// talkTurn is a question of the conversation with what came of it.
type talkTurn struct{ messages []model.Message }

func (t talkTurn) text() string { return t.messages[0].Text }

// reply is what was decided, nil where that is not known.
func (t talkTurn) reply() *model.Decision {
	for _, m := range t.messages {
		if m.Role == model.Assistant && m.Reply != nil {
			return m.Reply
		}
	}
	return nil
}

// calls are those that found something; keeping or writing finds nothing.
func (t talkTurn) calls() []model.Call {
	var out []model.Call
	for _, m := range t.messages {
		if m.Role != model.Assistant {
			continue
		}
		for _, c := range m.Calls {
			if !isOrder(c.Name) {
				out = append(out, model.Call{ID: strconv.Itoa(len(out) + 1), Name: c.Name, Args: c.Args})
			}
		}
	}
	return out
}

// order is what the turn had kept, written or forgotten, nil for none.
func (t talkTurn) order() *model.Call {
	for _, m := range t.messages {
		for i := range m.Calls {
			if m.Role == model.Assistant && isOrder(m.Calls[i].Name) {
				return &m.Calls[i]
			}
		}
	}
	return nil
}

// unclear tells whether the turn was asked back or refused.
func (t talkTurn) unclear() bool {
	d := t.reply()
	return len(t.calls()) == 0 && d != nil && (d.Status == model.Clarify || d.Status == model.Cannot)
}

// talking is a question being read as talk about the conversation.
type talking struct {
	p        *Planner
	ctx      context.Context
	r        model.Request // what was taken back is gone from it
	q        int
	turns    []talkTurn
	question string
	toks     []token
	lang     string
	zone     *time.Location
	err      error
}

// said is a form that fits what was said.
type said struct {
	kind  string
	lang  string
	weak  bool
	spans map[string][2]int
	toks  []token
	text  string
}

// slot is the text of a part as it was typed.
func (s *said) slot(name string) string {
	at, ok := s.spans[name]
	if !ok || at[0] >= at[1] {
		return ""
	}
	return s.text[s.toks[at[0]].from:s.toks[at[1]-1].to]
}

// longestMove is how many words talk about the talk itself may have.
const longestMove = 14

// talkOf finds the form of moves or of changes that fits a text, in the given
// language before the others; each is tried until it is taken.
func (p *Planner) talkOf(text, lang string, changes bool, take func(*said) bool) bool {
	toks := tokenize(text)
	if len(toks) == 0 || len(toks) > maxTokens || !changes && len(toks) > longestMove {
		return false
	}
	h := heard{words: map[string]bool{}}
	for _, t := range toks {
		for _, w := range strings.Fields(t.folded) {
			h.words[w] = true
		}
	}
	for _, l := range append([]string{lang}, languages...) {
		w := p.talk[l]
		if w == nil || l == lang && h.near != nil {
			continue
		}
		h.near = map[string][]string{} // the language at hand has had its turn
		forms := w.moves
		if changes {
			forms = w.changes
		}
		from, to := p.orders.langs[l].bare(toks)
		for _, f := range forms {
			if !h.has(f.needs) {
				continue
			}
			// What has no weight elsewhere may be the first word of a form.
			for _, at := range [][2]int{{0, len(toks)}, {from, to}} {
				if spans := fitsWhole(f.of, toks, text, at[0], at[1], p.lexicons[l]); spans != nil {
					if take(&said{kind: f.kind, lang: l, weak: f.weak, spans: spans, toks: toks, text: text}) {
						return true
					}
					break
				}
			}
		}
	}
	return false
}

// moveOf is the move that a text is, nil for none.
func (p *Planner) moveOf(text, lang string) *said {
	var move *said
	p.talkOf(text, lang, false, func(s *said) bool { move = s; return true })
	return move
}

// inContext leaves out of the earlier turns what was taken back since, so that
// all that is read is read after what still stands.
func (p *Planner) inContext(r model.Request, q int) (model.Request, int, []talkTurn) {
	first := 0
	for first < q && r.Messages[first].Role != model.User {
		first++
	}
	var turns []talkTurn
	for at := first; at < q; {
		end := at + 1
		for end < q && r.Messages[end].Role != model.User {
			end++
		}
		turns = append(turns, talkTurn{r.Messages[at:end]})
		at = end
	}
	standing, changed := p.standing(turns)
	if !changed {
		return r, q, standing
	}
	messages := slices.Clone(r.Messages[:first])
	if len(standing) == 0 {
		if l := spoken(r.Messages[:q]); l != "" { // the language stays
			messages = append(messages, model.Message{Role: model.Assistant, Reply: &model.Decision{Language: l}})
		}
	}
	messages = withTurns(messages, standing)
	q0 := len(messages)
	r.Messages = append(messages, r.Messages[q:]...)
	return r, q0, standing
}

func withTurns(messages []model.Message, turns []talkTurn) []model.Message {
	for _, t := range turns {
		messages = append(messages, t.messages...)
	}
	return messages
}

// standing goes through the turns as they were said: each change stands until
// it is undone, and nothing does where all was to be forgotten.
func (p *Planner) standing(turns []talkTurn) (left []talkTurn, changed bool) {
	for _, t := range turns {
		lang := ""
		if d := t.reply(); d != nil {
			lang = d.Language
		}
		move := p.moveOf(t.text(), lang)
		if move == nil {
			move = p.mendedMove(t.text(), lang)
		}
		kind := ""
		if move != nil {
			kind = move.kind
		}
		switch kind {
		case "undo":
			if changed = true; t.order() == nil { // else it took back what was kept only
				left, _ = back(left, p.steps(move))
			}
		case "start_over":
			left, changed = nil, true
		case "repeat", "understood":
			changed = true
		default:
			left = append(left[:len(left):len(left)], t)
		}
	}
	return left, changed
}

// back takes n changes back, and with them what was asked back around them;
// gone are the questions that were answered with what is gone.
func back(turns []talkTurn, n int) (left []talkTurn, gone []string) {
	for len(turns) > 0 && (len(gone) < n || turns[len(turns)-1].unclear()) {
		last := turns[len(turns)-1]
		turns = turns[:len(turns)-1]
		if len(last.calls()) > 0 {
			gone = append(gone, last.text())
		}
	}
	return turns, gone
}

// steps is how many changes a move takes back.
func (p *Planner) steps(s *said) int {
	text := s.slot("n")
	if text == "" {
		return 1
	}
	n := p.smallNumber(text, s.lang)
	return max(1, min(n, 32))
}

// smallNumber is a number in figures or words, 0 where it is none.
func (p *Planner) smallNumber(text, lang string) int {
	ps := newParse(tokenize(text), p.lexicons[lang], nil, p.ix, time.Time{}, time.UTC)
	if ps.build(context.Background()) != nil {
		return 0
	}
	for _, n := range ps.cells[0][len(ps.toks)] {
		if n.cat == cNum && n.num != nil && n.num.IsInt() && n.num.Num().IsInt64() {
			return int(n.num.Num().Int64())
		}
	}
	return 0
}

// talked reads what is said about the conversation or changes one thing of the
// last question; late, what says in passing what a word means, once the text is
// no order to keep one. Ok is false where it is something else.
func (p *Planner) talked(ctx context.Context, r model.Request, q int, turns []talkTurn, toks []token, lang string, late bool) (calls []model.Call, dec *model.Decision, ok bool, err error) {
	zone, err := time.LoadLocation(p.ix.cat.Zone)
	if err != nil {
		return nil, nil, false, err
	}
	t := &talking{p: p, ctx: ctx, r: r, q: q, turns: turns, question: r.Messages[q].Text, toks: toks, lang: lang, zone: zone}
	reads := []func() ([]model.Call, *model.Decision){t.move, t.choice, t.answerWord, t.change}
	if late {
		reads = []func() ([]model.Call, *model.Decision){t.passing}
	}
	for _, read := range reads {
		calls, dec = read()
		if t.err != nil {
			return nil, nil, false, t.err
		}
		if dec == nil {
			continue
		}
		if r.Language != "" {
			dec.Language = r.Language
		}
		if dec.Status == model.Answered && len(r.Tools) > 0 {
			calls = slices.DeleteFunc(calls, func(c model.Call) bool {
				return !slices.ContainsFunc(r.Tools, func(tool model.Tool) bool { return tool.Name == c.Name })
			})
			if len(calls) == 0 {
				return nil, nil, false, nil
			}
		}
		return calls, dec, true, nil
	}
	return nil, nil, false, nil
}

// asks is a question back for a reason of the talk.
func (t *talking) asks(reason model.Reason) *model.Decision {
	return &model.Decision{Status: model.Clarify, Reason: reason, Language: t.lang}
}

// answers is a decision with a note.
func (t *talking) answers(code string, args map[string]string) *model.Decision {
	dec := &model.Decision{Status: model.Answered, Language: t.lang}
	if code != "" {
		say(t.p.texts.notes(t.lang, []assumption{{code, args}}), dec)
	}
	return dec
}

// move reads talk about the talk.
func (t *talking) move() ([]model.Call, *model.Decision) {
	s := t.p.moveOf(t.question, t.lang)
	if s == nil {
		return nil, nil
	}
	switch s.kind {
	case "start_over":
		return nil, t.asks(model.StartedOver)
	case "undo":
		if calls := t.unkept(); calls != nil && t.p.steps(s) == 1 {
			return calls, t.answers("", nil)
		}
		left, gone := back(t.turns, t.p.steps(s))
		if len(gone) == 0 {
			return nil, t.asks(model.NothingBefore)
		}
		if len(left) == 0 {
			return nil, t.asks(model.StartedOver)
		}
		calls := lastFound(left)
		if calls == nil {
			return nil, t.asks(model.StartedOver)
		}
		slices.Reverse(gone)
		return calls, t.answers("undone", map[string]string{"text": quotedList(gone)})
	case "repeat", "understood":
		calls := lastFound(t.turns)
		if calls == nil {
			return nil, t.asks(model.NothingBefore)
		}
		return calls, t.answers("", nil)
	case "keep":
		return t.keepWord()
	}
	return nil, nil
}

// unkept takes back what the last turn had kept: a segment or a word, where it
// is there by now; nil where that kept nothing.
func (t *talking) unkept() []model.Call {
	last := len(t.turns) - 1
	if last < 0 {
		return nil
	}
	kept := t.turns[last].order()
	if kept == nil {
		return nil
	}
	switch kept.Name {
	case "save_segment":
		var a tools.SaveSegmentArgs
		if json.Unmarshal(kept.Args, &a) == nil && slices.Contains(t.p.ix.cat.Segments, a.Name) {
			return []model.Call{{ID: "1", Name: deleting, Args: marshal(tools.DeleteSegmentArgs{Name: a.Name})}}
		}
	case "set_word":
		var a tools.SetWordArgs
		if json.Unmarshal(kept.Args, &a) == nil && a.Meaning != "" && t.p.ix.cat.Words[a.Word] == a.Meaning {
			return []model.Call{{ID: "1", Name: "set_word", Args: marshal(tools.SetWordArgs{Word: a.Word})}}
		}
	}
	return nil
}

// lastFound are the calls of the newest turn that has any.
func lastFound(turns []talkTurn) []model.Call {
	for _, t := range slices.Backward(turns) {
		if calls := t.calls(); len(calls) > 0 {
			return calls
		}
	}
	return nil
}

func quotedList(texts []string) string { return "“" + strings.Join(texts, "”, “") + "”" }

// readAs reads a text as if it had been asked in the place of the question,
// after the given turns.
func (t *talking) readAs(p *Planner, turns []talkTurn, text string) ([]model.Call, *model.Decision) {
	messages := withTurns(nil, turns)
	if len(messages) == 0 {
		messages = append(messages, model.Message{Role: model.Assistant, Reply: &model.Decision{Language: t.lang}})
	}
	r := t.r
	r.Messages = append(messages, model.Message{Role: model.User, Text: text})
	calls, dec, err := p.readAll(t.ctx, r, len(messages))
	if err != nil {
		t.err = err
	}
	return calls, dec
}

func sameArgs(a, b json.RawMessage) bool {
	var x, y any
	return json.Unmarshal(a, &x) == nil && json.Unmarshal(b, &y) == nil && string(marshal(x)) == string(marshal(y))
}
