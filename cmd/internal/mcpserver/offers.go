package mcpserver

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"tesela/agent"
	"tesela/agent/wording"
)

// mostOffers bounds the calls that wait at once, mostOwn those of one
// connection, which cannot crowd others out; the oldest are forgotten first.
const (
	mostOffers = 1000
	mostOwn    = 50
)

// offer is a call that waits for a person's yes: the agent keeps what it is
// and that it is decided once; here is to whom it was given out.
type offer struct {
	id       string // of the approval
	owner    string // the connection it was given to
	session  string // the conversation it was asked for in
	language string
	tool     string // that was called: the writing tool itself, or ask
	request  string // print of the tool's arguments
	call     agent.CallRecord
	until    time.Time
	deciding sync.Mutex
}

// offers are the calls that wait.
type offers struct {
	clock func() time.Time
	mu    sync.Mutex
	byID  map[string]*offer
	order []string
}

func newOffers(clock func() time.Time) *offers {
	return &offers{clock: clock, byID: map[string]*offer{}}
}

// add notes an offer and forgets those that expired.
func (o *offers) add(f *offer) {
	o.mu.Lock()
	defer o.mu.Unlock()
	now := o.clock()
	if o.byID[f.id] == nil {
		o.order = append(o.order, f.id)
	}
	o.byID[f.id] = f
	o.order = slices.DeleteFunc(o.order, func(id string) bool {
		gone := !now.Before(o.byID[id].until.Add(time.Minute)) // a little longer, to say that it expired
		if gone {
			delete(o.byID, id)
		}
		return gone
	})
	own := 0
	for _, id := range o.order {
		if o.byID[id].owner == f.owner {
			own++
		}
	}
	o.order = slices.DeleteFunc(o.order, func(id string) bool {
		tooMany := own > mostOwn && o.byID[id].owner == f.owner
		if tooMany {
			own--
			delete(o.byID, id)
		}
		return tooMany
	})
	for len(o.order) > mostOffers {
		delete(o.byID, o.order[0])
		o.order = o.order[1:]
	}
}

// find gives an offer to the connection it was made to, nil to others.
func (o *offers) find(id, owner string) *offer {
	o.mu.Lock()
	defer o.mu.Unlock()
	if f := o.byID[id]; f != nil && f.owner == owner {
		return f
	}
	return nil
}

// ownerOf names the connection that a request came over: its session, or where
// requests come without one, what lets them in. The name is a print: it may be
// kept, and lets nobody in.
func (s *Server) ownerOf(r *mcp.CallToolRequest) string {
	if r.Session != nil {
		if id := r.Session.ID(); id != "" {
			return printOf("session", id)
		}
	}
	if r.Extra != nil && r.Extra.Header != nil {
		return printOf("stateless", r.Extra.Header.Get("Authorization"))
	}
	if r.Session == nil {
		return "nobody"
	}
	if name, ok := s.owners.Load(r.Session); ok {
		return name.(string)
	}
	name, known := s.owners.LoadOrStore(r.Session, printOf("session", rand.Text()))
	if !known {
		go func() {
			_ = r.Session.Wait()
			s.owners.Delete(r.Session)
		}()
	}
	return name.(string)
}

// lasting tells whether requests of this connection follow each other in a
// session.
func lasting(r *mcp.CallToolRequest) bool {
	return r.Session != nil && (r.Session.ID() != "" || r.Extra == nil || r.Extra.Header == nil)
}

// printOf is a short name that texts cannot be told from.
func printOf(texts ...string) string {
	h := sha256.New()
	for _, t := range texts {
		fmt.Fprintf(h, "%d:%s", len(t), t)
	}
	return hex.EncodeToString(h.Sum(nil))[:16]
}

// client is who asks, as it calls itself; "" where it does not.
func client(r *mcp.CallToolRequest) string {
	name := ""
	if info := r.ClientInfo(); info != nil {
		name = wording.Clean(info.Name)
		if v := wording.Clean(info.Version); name != "" && v != "" {
			name += " " + v
		}
	}
	if runes := []rune(name); len(runes) > 80 {
		name = string(runes[:80])
	}
	return name
}
