package mcpserver

import (
	"bytes"
	"encoding/json"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
)

// Versions of the protocol before batchless let a client send several messages
// in one line, as a list, and want their answers in one line, too.
const batchless = "2025-06-18"

// batch is the answers to a line of several calls.
type batch struct {
	open    int // calls not answered yet
	answers [][]byte
}

// several takes a line of several messages: all of them, or none and says why.
func (l *lines) several(line []byte) {
	refuse := func(why string) { l.complain(jsonrpc.CodeInvalidRequest, why) }
	var parts []json.RawMessage
	if json.Unmarshal(line, &parts) != nil {
		l.complain(jsonrpc.CodeParseError, "this line is no JSON; send one JSON-RPC message a line")
		return
	}
	l.mu.Lock()
	version := l.version
	l.mu.Unlock()
	switch {
	case version == "" || version >= batchless:
		refuse("batches are not served in this version of the protocol; send one message a line")
		return
	case len(parts) == 0:
		refuse("the batch is empty")
		return
	}
	var messages []jsonrpc.Message
	calls := map[jsonrpc.ID]bool{}
	for _, part := range parts {
		m, err := jsonrpc.DecodeMessage(part)
		r, asks := m.(*jsonrpc.Request)
		asks = asks && r.IsCall()
		switch {
		case err != nil:
			refuse("the batch holds what is no JSON-RPC 2.0 message; nothing of it was done")
			return
		case asks && (calls[r.ID] || r.Method == "initialize"):
			refuse("the batch holds a request that may not be in it, or twice the same id; nothing of it was done")
			return
		case asks:
			calls[r.ID] = true
		}
		messages = append(messages, m)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	b := &batch{open: len(calls)}
	for id := range calls {
		l.batches[id] = b
	}
	l.queue = append(l.queue, messages...)
}

// gathered puts an answer with the others of its batch: nil as long as some are
// missing, then the whole line. An answer of no batch is a line of its own. The
// caller holds the lock.
func (l *lines) gathered(id jsonrpc.ID, answer []byte) []byte {
	b := l.batches[id]
	if b == nil {
		return answer
	}
	delete(l.batches, id)
	b.answers = append(b.answers, answer)
	if b.open--; b.open > 0 {
		return nil
	}
	return append(append([]byte{'['}, bytes.Join(b.answers, []byte{','})...), ']')
}
