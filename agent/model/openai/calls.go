package openai

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"tesela/agent/model"
	"tesela/agent/model/prompting"
	"tesela/agent/model/wire"
)

// piece is what a chunk says of a tool call. Endpoints leave out the index,
// repeat the name with each piece or send it as null, and split the arguments
// anywhere.
type piece struct {
	index          *int
	id, name, args string
}

// calls gathers a reply's tool calls from their pieces.
type calls struct {
	known []model.Tool
	items []gathered
}

type gathered struct {
	index    *int
	id, name string
	args     []byte
}

// take reads the tool calls of one chunk.
func (c *calls) take(raw json.RawMessage) error {
	if len(raw) == 0 || string(raw) == "null" {
		return nil
	}
	var list []struct {
		Index    json.RawMessage `json:"index"`
		ID       json.RawMessage `json:"id"`
		Function struct {
			Name      json.RawMessage `json:"name"`
			Arguments json.RawMessage `json:"arguments"`
		} `json:"function"`
	}
	if err := json.Unmarshal(raw, &list); err != nil {
		return err
	}
	for _, one := range list {
		p := piece{id: text(one.ID), name: text(one.Function.Name), args: text(one.Function.Arguments)}
		if a := one.Function.Arguments; len(a) > 0 && a[0] == '{' {
			p.args = string(a) // an object, where a string of it is due
		}
		if n, err := strconv.Atoi(strings.Trim(string(one.Index), `"`)); err == nil {
			p.index = &n
		}
		c.add(p)
	}
	return nil
}

// add puts a piece to the call it belongs to.
func (c *calls) add(p piece) {
	at := c.find(p)
	if at < 0 {
		c.items = append(c.items, gathered{index: p.index, id: p.id})
		at = len(c.items) - 1
	}
	g := &c.items[at]
	if g.id == "" {
		g.id = p.id
	}
	switch {
	case p.name == "" || p.name == g.name || c.knows(g.name):
	case len(g.args) == 0:
		g.name += p.name // the name came in pieces
	}
	switch {
	case len(g.args) > 0 && whole(p.args) && whole(g.args): // the short one first, as pieces are many
		// The arguments once more, all of them: what came last stands, unless
		// it says nothing.
		if strings.TrimSpace(p.args) != "{}" {
			g.args = []byte(p.args)
		}
	default:
		g.args = append(g.args, p.args...)
	}
}

// find is the place of the call a piece belongs to, -1 for a new one.
func (c *calls) find(p piece) int {
	last := len(c.items) - 1
	if last < 0 {
		return -1
	}
	if p.id != "" {
		for i := range c.items {
			if c.items[i].id == p.id && (p.index == nil || c.items[i].index == nil || *c.items[i].index == *p.index) {
				return i
			}
		}
	}
	if p.index != nil {
		for i := len(c.items) - 1; i >= 0; i-- {
			g := &c.items[i]
			if g.index == nil || *g.index != *p.index {
				continue
			}
			// Some number every call 0: another id with a name is another call.
			if p.id != "" && g.id != "" && p.id != g.id && p.name != "" {
				return -1
			}
			return i
		}
		return -1
	}
	g := &c.items[last]
	switch {
	case p.id != "" && g.id != "":
		return -1
	case p.name != "" && c.knows(g.name) && whole(g.args):
		return -1 // a name after a finished call begins the next
	}
	return last
}

func (c *calls) knows(name string) bool {
	return slices.ContainsFunc(c.known, func(t model.Tool) bool { return t.Name == name })
}

// whole tells whether a text is a finished JSON object.
func whole[T string | []byte](args T) bool {
	if strings.IndexByte(" \t\r\n}", last(args)) < 0 {
		return false // quickly, as long ones come in many pieces
	}
	text := bytes.TrimSpace([]byte(args))
	return bytes.HasPrefix(text, []byte("{")) && json.Valid(text)
}

// last is a text's last byte.
func last[T string | []byte](text T) byte {
	if len(text) == 0 {
		return 0
	}
	return text[len(text)-1]
}

// whole tells what is wrong with the calls of a finished reply.
func (c *calls) whole() error {
	for i := range c.items {
		if strings.TrimSpace(c.items[i].name) == "" {
			return wire.ErrNoName
		}
	}
	return nil
}

// list is the calls, each with an id of its own.
func (c *calls) list() []model.Call {
	var list []model.Call
	used := map[string]bool{}
	for i := range c.items {
		g := &c.items[i]
		name := strings.TrimSpace(strings.ToValidUTF8(g.name, "\ufffd"))
		if short := strings.TrimPrefix(name, "functions."); c.knows(short) {
			name = short
		}
		id := strings.ToValidUTF8(g.id, "\ufffd")
		if used[id] {
			id = ""
		}
		used[id] = id != ""
		list = append(list, model.Call{ID: id, Name: name, Args: prompting.Arguments(string(g.args))})
	}
	return list
}

func (c *calls) size() int {
	n := 0
	for i := range c.items {
		n += len(c.items[i].name) + len(c.items[i].args)
	}
	return n
}
