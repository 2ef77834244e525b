package mcpserver

import (
	"context"
	"strings"
	"sync"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"tesela/agent/wording"
)

// progress tells a caller that gave a token how far its call is, and what of an
// answer is written already. What is told
// only ever grows, as the protocol wants it, also where a call goes through
// several stages or runs several tools together: it is the sum over all
// stages so far.
type progress struct {
	ctx     context.Context
	session *mcp.ServerSession
	token   any

	mu     sync.Mutex
	stages map[string][2]int // done and total of the stages under way
	past   int               // done in stages that began anew
	told   int
	last   *mcp.ProgressNotificationParams
	wake   chan struct{}
	ended  bool
	done   chan struct{}
}

// newProgress tells the progress of a request; of one without a token nothing.
func newProgress(ctx context.Context, session *mcp.ServerSession, token any) *progress {
	p := &progress{ctx: ctx, session: session, token: token, stages: map[string][2]int{}, told: -1}
	if token == nil || session == nil {
		return p
	}
	p.wake, p.done = make(chan struct{}, 1), make(chan struct{})
	go p.tell()
	return p
}

// work takes what a tool tells; see tools.Caller.
func (p *progress) work(what string, done, total int) {
	if p.wake == nil || done < 0 {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	before := p.stages[what]
	if done < before[0] {
		p.past += before[0]
	}
	p.stages[what] = [2]int{done, total}
	sum, of := p.past, p.past
	for _, s := range p.stages {
		sum, of = sum+s[0], of+max(s[0], s[1])
	}
	p.say(wording.Clean(what), sum, of)
}

// write takes what is written of an answer already, all of it: only the newest
// that is told may be heard. A draft that is taken back is "".
func (p *progress) write(draft string) {
	if p.wake == nil {
		return
	}
	lines := strings.Split(strings.TrimSpace(draft), "\n")
	for i, line := range lines {
		lines[i] = wording.Clean(line)
	}
	text := strings.Join(lines, "\n")
	if text == "" {
		text = "…"
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.past++ // a step that is over
	sum, of := p.past, p.past
	for _, s := range p.stages {
		sum, of = sum+s[0], of+max(s[0], s[1])
	}
	p.say(text, max(sum, p.told+1), max(of, p.told+1))
}

// say has something told next, where it is further than what was told before.
func (p *progress) say(text string, sum, of int) {
	if sum <= p.told || p.ended {
		return
	}
	p.told = sum
	p.last = &mcp.ProgressNotificationParams{
		ProgressToken: p.token, Message: text, Progress: float64(sum), Total: float64(of),
	}
	select {
	case p.wake <- struct{}{}:
	default: // what is told next is the newest anyway
	}
}

// tell sends the newest there is, so that a slow reader holds up no tool.
func (p *progress) tell() {
	defer close(p.done)
	for range p.wake {
		p.mu.Lock()
		next := p.last
		p.last = nil
		p.mu.Unlock()
		if next == nil || p.ctx.Err() != nil {
			continue
		}
		_ = p.session.NotifyProgress(p.ctx, next)
	}
}

// end sends what is left and nothing after it.
func (p *progress) end() {
	if p.wake == nil {
		return
	}
	p.mu.Lock()
	if p.ended {
		p.mu.Unlock()
		return
	}
	p.ended = true
	close(p.wake)
	p.mu.Unlock()
	select {
	case <-p.done:
	case <-p.ctx.Done():
	}
}
