package mcpserver

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// mostLine bounds a message on standard input, in bytes.
const mostLine = 4 << 20

// parting is how long calls that were cancelled may take to notice.
const parting = 5 * time.Second

// RunStdio serves one session of a message a line until in ends, its calls
// under way are answered, and nothing is left; or until ctx ends, which stops
// the calls. Nothing but protocol is written to out.
func (s *Server) RunStdio(ctx context.Context, in io.Reader, out io.Writer) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	l := &lines{
		ctx: ctx, out: out, id: rand.Text(), read: make(chan input),
		batches: map[jsonrpc.ID]*batch{}, incoming: map[jsonrpc.ID]bool{}, outgoing: map[jsonrpc.ID]bool{}, closed: make(chan struct{}), changed: make(chan struct{}, 1),
	}
	go l.scan(in)
	session, err := s.mcp.Connect(ctx, l, nil)
	if err != nil {
		return fmt.Errorf("serve MCP on standard input and output: %w", err)
	}
	err = session.Wait()
	// What still runs reads the workspace that the caller is about to close.
	rest, enough := context.WithTimeout(context.WithoutCancel(ctx), parting)
	defer enough()
	_ = s.Drain(rest)
	if err != nil && ctx.Err() == nil {
		return fmt.Errorf("serve MCP on standard input and output: %w", err)
	}
	return nil
}

// lines carries messages as lines. Other than the SDK's own transport it
// answers a line that is no message and goes on, and when the input ends it
// lets the calls under way be answered, as a script that pipes its requests in
// expects.
type lines struct {
	ctx  context.Context
	id   string
	read chan input

	writing sync.Mutex
	out     io.Writer

	mu       sync.Mutex
	incoming map[jsonrpc.ID]bool // requests not answered yet, true for those that end only with the session
	outgoing map[jsonrpc.ID]bool // our own requests
	ended    bool                // there is no more input
	hello    jsonrpc.ID          // of the handshake
	version  string              // that it came to
	batches  map[jsonrpc.ID]*batch
	queue    []jsonrpc.Message // of a line of several

	closing sync.Once
	closed  chan struct{}
	changed chan struct{} // something was answered or asked
}

// input is a line, or why there are no more.
type input struct {
	line []byte
	err  error
}

var errLong = fmt.Errorf("a message of over %d bytes", mostLine)

// scan reads lines until there are no more or nobody takes them.
func (l *lines) scan(in io.Reader) {
	r := bufio.NewReaderSize(in, 64<<10)
	for {
		var line []byte
		long := false
		for {
			part, err := r.ReadSlice('\n')
			if !long {
				line = append(line, part...)
			}
			if len(line) > mostLine {
				line, long = nil, true
			}
			if errors.Is(err, bufio.ErrBufferFull) {
				continue
			}
			item := input{line: bytes.TrimSpace(line)}
			if long {
				item.err = errLong
			}
			if long || len(item.line) > 0 {
				if !l.give(item) {
					return
				}
			}
			if err != nil {
				l.give(input{err: io.EOF})
				return
			}
			break
		}
	}
}

func (l *lines) give(item input) bool {
	select {
	case l.read <- item:
		return true
	case <-l.closed:
		return false
	case <-l.ctx.Done():
		return false
	}
}

// Connect implements mcp.Transport.
func (l *lines) Connect(context.Context) (mcp.Connection, error) { return l, nil }

// SessionID implements mcp.Connection.
func (l *lines) SessionID() string { return l.id }

// Close implements mcp.Connection. The streams are the caller's.
func (l *lines) Close() error {
	l.closing.Do(func() { close(l.closed) })
	return nil
}

// Read implements mcp.Connection.
func (l *lines) Read(ctx context.Context) (jsonrpc.Message, error) {
	for {
		if m := l.queued(); m != nil {
			return m, nil
		}
		if m, done := l.after(); m != nil {
			return m, nil
		} else if done {
			return nil, io.EOF
		}
		lines := l.read
		if l.over() {
			lines = nil
		}
		select {
		case <-l.ctx.Done():
			return nil, io.EOF
		case <-ctx.Done():
			return nil, io.EOF
		case <-l.closed:
			return nil, io.EOF
		case <-l.changed:
		case item := <-lines:
			switch {
			case errors.Is(item.err, errLong):
				l.complain(jsonrpc.CodeInvalidRequest, item.err.Error())
			case item.err != nil:
				l.mu.Lock()
				l.ended = true
				l.mu.Unlock()
			default:
				if m := l.message(item.line); m != nil {
					return m, nil
				}
			}
		}
	}
}

func (l *lines) over() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.ended
}

// after tells what follows the end of the input: our own requests fail, as
// nobody can answer them, and when all of theirs are answered it is over.
func (l *lines) after() (jsonrpc.Message, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.ended {
		return nil, false
	}
	for id := range l.outgoing {
		delete(l.outgoing, id)
		return &jsonrpc.Response{ID: id, Error: &jsonrpc.Error{Code: jsonrpc.CodeInternalError, Message: "the input ended before this was answered"}}, false
	}
	for _, open := range l.incoming {
		if !open {
			return nil, false
		}
	}
	return nil, true
}

// message reads a line; nil for one that is none, which is said.
func (l *lines) message(line []byte) jsonrpc.Message {
	if line[0] == '[' {
		l.several(line)
		return nil
	}
	m, err := jsonrpc.DecodeMessage(line)
	if err != nil {
		if json.Valid(line) {
			l.complain(jsonrpc.CodeInvalidRequest, "this is no JSON-RPC 2.0 message: expected jsonrpc, and a method or a result")
		} else {
			l.complain(jsonrpc.CodeParseError, "this line is no JSON; send one JSON-RPC message a line")
		}
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.noted(m)
}

// queued is the next message of a line of several, nil for none.
func (l *lines) queued() jsonrpc.Message {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.queue) == 0 {
		return nil
	}
	m := l.queue[0]
	l.queue = l.queue[1:]
	return l.noted(m)
}

// noted remembers what is to be answered. The caller holds the lock.
func (l *lines) noted(m jsonrpc.Message) jsonrpc.Message {
	switch m := m.(type) {
	case *jsonrpc.Request:
		if !m.IsCall() {
			break
		}
		l.incoming[m.ID] = m.Method == "subscriptions/listen"
		if m.Method == "initialize" {
			l.hello = m.ID
		}
	case *jsonrpc.Response:
		delete(l.outgoing, m.ID)
	}
	return m
}

// complain answers what cannot be told whose request it was.
func (l *lines) complain(code int64, message string) {
	text, _ := json.Marshal(message)
	_ = l.line(fmt.Appendf(nil, `{"jsonrpc":"2.0","id":null,"error":{"code":%d,"message":%s}}`, code, text))
}

// Write implements mcp.Connection.
func (l *lines) Write(_ context.Context, m jsonrpc.Message) error {
	data, err := jsonrpc.EncodeMessage(m)
	if err != nil {
		return err
	}
	if r, ok := m.(*jsonrpc.Request); ok && r.IsCall() {
		l.note(func() { l.outgoing[r.ID] = true })
	}
	r, answers := m.(*jsonrpc.Response)
	if !answers {
		return l.line(data)
	}
	l.mu.Lock()
	if r.ID == l.hello && l.version == "" {
		var agreed struct{ ProtocolVersion string }
		_ = json.Unmarshal(r.Result, &agreed)
		l.version = agreed.ProtocolVersion
	}
	data = l.gathered(r.ID, data)
	l.mu.Unlock()
	if data != nil {
		err = l.line(data)
	}
	l.note(func() { delete(l.incoming, r.ID) })
	return err
}

func (l *lines) note(f func()) {
	l.mu.Lock()
	f()
	l.mu.Unlock()
	select {
	case l.changed <- struct{}{}:
	default:
	}
}

func (l *lines) line(data []byte) error {
	l.writing.Lock()
	defer l.writing.Unlock()
	_, err := l.out.Write(append(data, '\n'))
	return err
}
