package mcpserver

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// Server serves any number of sessions over one workspace.
type Server struct {
	c   Config
	mcp *mcp.Server
	log *slog.Logger
}

// New makes a server. It fails where the words or the schemas of this build
// are broken, or the config lacks what it needs.
func New(c Config) (*Server, error) {
	switch {
	case c.Tools == nil:
		return nil, errors.New("make the MCP server: it has no tools")
	case c.Converse == nil:
		return nil, errors.New("make the MCP server: it has no conversations")
	}
	c.Language = cmp.Or(c.Language, "en")
	if c.Clock == nil {
		c.Clock = time.Now
	}
	s := &Server{c: c, log: c.Log}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	s.mcp = mcp.NewServer(&mcp.Implementation{Name: "tesela", Title: "Tesela", Version: cmp.Or(c.Version, "dev")}, &mcp.ServerOptions{
		Logger: slog.New(slog.DiscardHandler),
	})
	s.mcp.AddReceivingMiddleware(s.recovered)
	return s, nil
}

// MCP is the server as the SDK's transports take it. It may serve any number
// of sessions at once.
func (s *Server) MCP() *mcp.Server { return s.mcp }

// recovered ends a call whose handler panics, and nothing else.
func (s *Server) recovered(next mcp.MethodHandler) mcp.MethodHandler {
	return func(ctx context.Context, method string, r mcp.Request) (result mcp.Result, err error) {
		defer func() {
			if p := recover(); p != nil {
				s.log.Error("a handler broke off", "method", method, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
				result, err = nil, &jsonrpc.Error{Code: jsonrpc.CodeInternalError, Message: "this call failed inside Tesela; others go on"}
			}
		}()
		return next(ctx, method, r)
	}
}
