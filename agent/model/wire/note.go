package wire

import (
	"context"
	"net/http"
	"sync"
	"time"
)

// mostError bounds what is kept of an error's body.
const mostError = 64 << 10

// Note is what one attempt's reply said, as the transport saw it: of the last
// request where a library made several. It is safe for concurrent use, since
// libraries may read on where nobody waits any more.
type Note struct {
	mu     sync.Mutex
	status int
	header http.Header
	plain  bool
	done   bool
	raw    []byte
	failed error
}

type noteKey struct{}

// With makes requests of a context write to the note.
func (n *Note) With(ctx context.Context) context.Context {
	return context.WithValue(ctx, noteKey{}, n)
}

func noteOf(ctx context.Context) *Note {
	n, _ := ctx.Value(noteKey{}).(*Note)
	return n
}

// Status is the reply's HTTP status, 0 where there was no reply.
func (n *Note) Status() int {
	if n == nil {
		return 0
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.status
}

// Plain tells of a reply that is no stream but one document.
func (n *Note) Plain() bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.plain
}

// Done tells whether a stream said that it is done.
func (n *Note) Done() bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.done
}

// Raw is what came so far of a document or of an error's body; nil for a
// stream.
func (n *Note) Raw() []byte {
	if n == nil {
		return nil
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.raw[:len(n.raw):len(n.raw)]
}

// RetryAfter is how long the reply asks to wait; 0 where it does not.
func (n *Note) RetryAfter() time.Duration {
	if n == nil {
		return 0
	}
	n.mu.Lock()
	header := n.header
	n.mu.Unlock()
	if d := retryAfter(header); d > 0 {
		return d
	}
	if n.Status() < 400 {
		return 0
	}
	return retryIn(n.Raw())
}

// Failure is what the transport itself ended the reply with, nil for nothing.
func (n *Note) Failure() error {
	if n == nil {
		return nil
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.failed
}

func (n *Note) begin() {
	if n == nil {
		return
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.status, n.header, n.plain, n.done, n.raw, n.failed = 0, nil, false, false, nil, nil
}

func (n *Note) replied(status int, header http.Header, plain bool) {
	if n == nil {
		return
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.status, n.header, n.plain = status, header, plain
}

func (n *Note) fail(err error) {
	if n == nil {
		return
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.failed = err
}

// keep takes down bytes of the body. Document is set where they turn out to
// begin one, whatever the reply was said to be.
func (n *Note) keep(p []byte, document bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	bad := n.status >= 400
	n.plain = n.plain || document && !bad
	if n.plain || bad && len(n.raw) < mostError {
		n.raw = append(n.raw, p...)
	}
}

func (n *Note) finish() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.done = true
}
