package agent

import (
	"encoding/json"
	"fmt"
	"hash/maphash"
	"strconv"
	"strings"
	"sync"

	"tesela/agent/model"
	"tesela/store"
)

// Past keeps what earlier turns say to a model from one question to the next,
// so that a session is not read through anew for each. It is safe for
// concurrent use by the conversations over one workspace. The zero Past is
// ready.
type Past struct {
	mu   sync.Mutex
	seed maphash.Seed
	held map[string]*earlier // by the turn's id
}

// mostEarlier bounds the turns that are kept; which ones go makes no difference
// to what is said.
const mostEarlier = 512

// earlier is what one turn says. It is shared and not to be changed.
type earlier struct {
	of       uint64 // the hash of the answer it is read from
	unread   bool   // it failed, or cannot be read: it says nothing
	language string
	reply    *model.Decision
	calls    []model.Call      // without ids
	results  []json.RawMessage // of the calls, without rows
	shown    [][][]string      // what their first rows are of
}

// earlier reads a turn, unless it is known. A nil Past keeps nothing.
func (p *Past) earlier(t store.Turn) *earlier {
	if p == nil {
		return readEarlier(t)
	}
	p.mu.Lock()
	if p.held == nil {
		p.held, p.seed = map[string]*earlier{}, maphash.MakeSeed()
	}
	sum := maphash.Bytes(p.seed, t.Answer)
	e := p.held[t.ID]
	p.mu.Unlock()
	if e != nil && e.of == sum {
		return e
	}
	e = readEarlier(t)
	e.of = sum
	p.mu.Lock()
	defer p.mu.Unlock()
	for id := range p.held {
		if len(p.held) < mostEarlier {
			break
		}
		delete(p.held, id)
	}
	p.held[t.ID] = e
	return e
}

func readEarlier(t store.Turn) *earlier {
	var a Answer
	if err := json.Unmarshal(t.Answer, &a); err != nil || a.Status == model.Failed {
		return &earlier{unread: true}
	}
	e := &earlier{language: strings.TrimSpace(a.Language), reply: &model.Decision{
		Status: a.Status, Reason: a.Reason, Language: a.Language, Unknown: a.Unknown, Choices: a.Choices,
		Assumptions: a.Assumptions, Understood: a.Understood, By: a.Model,
	}}
	for _, c := range a.Calls {
		if c.Result == nil || c.Approval != "" || a.Status == model.Clarify || a.Status == model.Cannot {
			c.Result = nil // it failed, has not happened, or only led to what was not answered
		}
		var result json.RawMessage
		if c.Result != nil {
			result = compact(c.Result, 0)
		}
		e.calls = append(e.calls, model.Call{Name: c.Tool, Args: c.Args})
		e.results = append(e.results, result)
		e.shown = append(e.shown, rowsOf(c))
	}
	return e
}

// rowsShown is how many rows of an earlier answer can be taken up by their place.
const rowsShown = 20

// rowsOf says what the first rows of a breakdown or a list are of; nil for any
// other result. Only what reads questions in this process gets to see it.
func rowsOf(c CallRecord) [][]string {
	var groups struct {
		GroupBy []string `json:"group_by"`
	}
	if c.Result == nil || c.Tool != "measure" && c.Tool != "list_customers" || json.Unmarshal(c.Args, &groups) != nil {
		return nil
	}
	n := len(groups.GroupBy)
	if c.Tool == "list_customers" {
		n = 1
	}
	var out [][]string
	for _, row := range c.Result.Rows[:min(len(c.Result.Rows), rowsShown)] {
		if n == 0 || len(row) < n {
			return nil
		}
		names := make([]string, n)
		for i, cell := range row[:n] {
			if cell != nil {
				names[i] = fmt.Sprint(cell)
			}
		}
		out = append(out, names)
	}
	return out
}

// history is the session so far as a model sees it: each question with its
// plan, its decision and the results' key values. Prose and rows stay out: what
// a follow-up edits is the plan, and rows may hold customers. Turns that
// failed are left out, and so is one that cannot be read.
func (p *Past) history(turns []store.Turn) []model.Message {
	if len(turns) > pastTurns {
		turns = turns[len(turns)-pastTurns:]
	}
	var messages []model.Message
	for i, kept := range turns {
		e := p.earlier(kept)
		if e.unread {
			continue
		}
		said := model.Message{Role: model.Assistant, Reply: e.reply}
		var results []model.Message
		for j, c := range e.calls {
			if e.results[j] == nil {
				continue
			}
			c.ID = "turn-" + strconv.Itoa(i+1) + "-" + strconv.Itoa(j+1)
			said.Calls = append(said.Calls, c)
			results = append(results, model.Message{Role: model.ToolRole, CallID: c.ID, Result: e.results[j], Shown: e.shown[j]})
		}
		messages = append(messages, model.Message{Role: model.User, Text: kept.Question}, said)
		messages = append(messages, results...)
	}
	return messages
}

// newest tells the language of the session's last answer, "" where there is
// none.
func (p *Past) newest(turns []store.Turn) string {
	for i := len(turns) - 1; i >= 0; i-- {
		if e := p.earlier(turns[i]); !e.unread {
			return e.language
		}
	}
	return ""
}
