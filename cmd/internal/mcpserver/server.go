package mcpserver

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// Server serves any number of sessions over one workspace.
type Server struct {
	c       Config
	mcp     *mcp.Server
	log     *slog.Logger
	words   map[string]*words
	schemas schemas
	offers  *offers
	lists   listed
	picks   picks

	owners  sync.Map // of *mcp.ServerSession without an id of its own: string
	running work     // handlers, also those that nobody waits for any more
}

// defaultHold is how long a call that changes something waits for a yes.
const defaultHold = time.Hour

// New makes a server. It fails where the words or the schemas of this build
// are broken, or the config lacks what it needs.
func New(c Config) (*Server, error) {
	switch {
	case c.Tools == nil:
		return nil, errors.New("make the MCP server: it has no tools")
	case c.Converse == nil:
		return nil, errors.New("make the MCP server: it has no conversations")
	case c.PageSize < 0:
		return nil, fmt.Errorf("make the MCP server: pages of %d", c.PageSize)
	}
	c.Language, c.Hold, c.PageSize = cmp.Or(c.Language, "en"), cmp.Or(c.Hold, defaultHold), cmp.Or(c.PageSize, 100)
	if !slices.Contains(languages, c.Language) {
		return nil, fmt.Errorf("make the MCP server: language %q: expected en, es or pt", c.Language)
	}
	if c.Clock == nil {
		c.Clock = time.Now
	}
	s := &Server{c: c, log: c.Log, offers: newOffers(c.Clock)}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	var err error
	if s.words, err = loadWords(); err != nil {
		return nil, err
	}
	if s.schemas, err = newSchemas(); err != nil {
		return nil, err
	}
	w := s.words[c.Language]
	instructions := w.Instructions + "\n" + w.ReadOnly
	if c.AllowWrites {
		instructions = w.Instructions + "\n" + w.Writes
	}
	s.mcp = mcp.NewServer(&mcp.Implementation{Name: "tesela", Title: "Tesela", Version: cmp.Or(c.Version, "dev")}, &mcp.ServerOptions{
		Instructions: instructions, PageSize: c.PageSize,
		Logger:             slog.New(slog.DiscardHandler), // what is worth it, we log
		CompletionHandler:  s.complete,
		SubscribeHandler:   s.subscribe,
		UnsubscribeHandler: func(context.Context, *mcp.UnsubscribeRequest) error { return nil },
		SetCacheable:       func(_ context.Context, _ mcp.Request, c *mcp.Cacheable) { c.CacheScope = "private" },
	})
	s.addTools()
	s.addResources()
	if err := s.addPrompts(); err != nil {
		return nil, err
	}
	s.mcp.AddReceivingMiddleware(s.apart)
	// Listed before anybody looks, so that the first look changes nothing.
	_, _ = s.safely(context.Background(), nothing, listing, nil)
	return s, nil
}

// MCP is the server as the SDK's transports take it. It may serve any number
// of sessions at once.
func (s *Server) MCP() *mcp.Server { return s.mcp }

// Drain waits until no handler runs any more, also none that its caller has
// cancelled, but no longer than ctx allows. Whoever closes the workspace calls
// it first.
func (s *Server) Drain(ctx context.Context) error {
	select {
	case <-s.running.over():
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// work counts what runs.
type work struct {
	mu   sync.Mutex
	n    int
	idle chan struct{} // closed when nothing runs
}

func (w *work) begin() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.n++; w.n == 1 {
		w.idle = make(chan struct{})
	}
}

func (w *work) end() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.n--; w.n == 0 {
		close(w.idle)
	}
}

// over is closed as soon as nothing runs.
func (w *work) over() <-chan struct{} {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.n == 0 {
		nothing := make(chan struct{})
		close(nothing)
		return nothing
	}
	return w.idle
}

// errCancelled answers a call that its caller ended, for callers that still
// listen.
var errCancelled = &jsonrpc.Error{Code: -32800, Message: "the call was cancelled"}

// computed are the methods whose handlers compute; the others answer at once.
var computed = []string{"tools/call", "resources/read", listing, "prompts/get", "completion/complete"}

// listing is the method whose list comes and goes with the workspace.
const listing = "resources/list"

// apart runs handlers apart from each other: one that panics ends its own call
// alone, and one that is slow to notice a cancellation does not hold up the
// end of its call.
func (s *Server) apart(next mcp.MethodHandler) mcp.MethodHandler {
	return func(ctx context.Context, method string, r mcp.Request) (mcp.Result, error) {
		if !slices.Contains(computed, method) {
			return s.safely(ctx, next, method, r)
		}
		type outcome struct {
			result mcp.Result
			err    error
		}
		done := make(chan outcome, 1)
		s.running.begin()
		go func() {
			defer s.running.end()
			var o outcome
			o.result, o.err = s.safely(ctx, next, method, r)
			done <- o
		}()
		select {
		case o := <-done:
			if o.err != nil && ctx.Err() != nil {
				return nil, errCancelled
			}
			return o.result, o.err
		case <-ctx.Done():
			return nil, errCancelled
		}
	}
}

// nothing is a handler of no request.
func nothing(context.Context, string, mcp.Request) (mcp.Result, error) { return nil, nil }

// safely makes a panic the error of its call.
func (s *Server) safely(ctx context.Context, next mcp.MethodHandler, method string, r mcp.Request) (result mcp.Result, err error) {
	defer func() {
		if p := recover(); p != nil {
			s.log.Error("a handler broke off", "method", method, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
			result, err = nil, &jsonrpc.Error{Code: jsonrpc.CodeInternalError, Message: s.say(s.c.Language, "broke_off")}
		}
	}()
	if method == listing {
		s.refresh(ctx)
	}
	result, err = next(ctx, method, r)
	var e *jsonrpc.Error
	if errors.As(err, &e) && len(e.Data) > 0 && !json.Valid(e.Data) {
		// It could not be written, and would end the session.
		return nil, &jsonrpc.Error{Code: e.Code, Message: e.Message}
	}
	return result, err
}
