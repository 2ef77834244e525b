package mcpserver

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"tesela/agent"
	"tesela/agent/model"
	"tesela/tools"
)

const saving = `{"name":"Spaniards","formula":"country = \"Spain\""}`

// person is a client's user who answers what they are asked.
type person struct {
	asked  atomic.Int32
	last   atomic.Pointer[mcp.ElicitParams]
	answer func(p *mcp.ElicitParams) (*mcp.ElicitResult, error)
}

func (p *person) options() *mcp.ClientOptions {
	return &mcp.ClientOptions{ElicitationHandler: func(_ context.Context, r *mcp.ElicitRequest) (*mcp.ElicitResult, error) {
		p.asked.Add(1)
		p.last.Store(r.Params)
		return p.answer(r.Params)
	}}
}

func says(action string, content map[string]any) func(*mcp.ElicitParams) (*mcp.ElicitResult, error) {
	return func(*mcp.ElicitParams) (*mcp.ElicitResult, error) {
		return &mcp.ElicitResult{Action: action, Content: content}, nil
	}
}

// writing is a world whose server may change something.
func writing(t *testing.T) (*world, *Server) {
	t.Helper()
	w := newWorld()
	c := w.config()
	c.AllowWrites = true
	return w, serve(t, c)
}

func TestThePersonIsAskedThroughTheClient(t *testing.T) {
	yes := map[string]any{"approve": true}
	for _, version := range versions {
		for _, c := range []struct {
			name    string
			answer  func(*mcp.ElicitParams) (*mcp.ElicitResult, error)
			saved   bool
			says    string
			decided bool
		}{
			{"yes", says("accept", yes), true, "approved by tester 9 over MCP, which asked its person", true},
			{"accepted with a no", says("accept", map[string]any{"approve": false}), false, "The person said no: nothing was changed.", true},
			{"declined", says("decline", nil), false, "The person said no: nothing was changed.", true},
			{"dismissed", says("cancel", nil), false, "The person did not decide: nothing was changed.", false},
		} {
			t.Run(version+" "+c.name, func(t *testing.T) {
				w, s := writing(t)
				p := &person{answer: c.answer}
				session := join(t, s, p.options(), version)
				r := callTool(t, session, "save_segment", saving)
				if p.asked.Load() != 1 {
					t.Fatalf("the person was asked %d times", p.asked.Load())
				}
				if asked := p.last.Load().Message; !strings.Contains(asked, "Would save Spaniards") || !strings.Contains(asked, `save_segment {"formula":"country = \"Spain\"","name":"Spaniards"}`) {
					t.Errorf("they were asked %q", asked)
				}
				if got := len(w.tools.savedNames()); (got == 1) != c.saved || got > 1 {
					t.Errorf("it was done %d times", got)
				}
				if r.IsError == c.saved || !strings.Contains(textOf(r), c.says) {
					t.Errorf("it said %q", textOf(r))
				}
				conforms(t, session, "save_segment", r)
				if title := structured[tools.Result](t, r).Title; c.saved && title != "Saved Spaniards" {
					t.Errorf("the result is %q", title)
				}
			})
		}
	}
}

func TestTwoSteps(t *testing.T) {
	for _, version := range versions {
		t.Run(version, func(t *testing.T) {
			w, s := writing(t)
			c := join(t, s, nil, version)
			r := callTool(t, c, "save_segment", saving)
			conforms(t, c, "save_segment", r)
			offered := structured[tools.Result](t, r)
			if r.IsError || offered.Title != "Would save Spaniards" || offered.Approval == "" || len(w.tools.savedNames()) != 0 {
				t.Fatalf("the first step gave %+v and saved %q", offered, w.tools.savedNames())
			}
			text := textOf(r)
			for _, part := range []string{"Nothing has changed yet", "Show the person", offered.Approval, "Would save Spaniards", "save_segment {", "2026-03-02 10:00 UTC", "tesela approve"} {
				if !strings.Contains(text, part) {
					t.Errorf("the text lacks %q:\n%s", part, text)
				}
			}
			approve := `{"approval":"` + offered.Approval + `","confirm":true}`
			r = callTool(t, c, "approve", approve)
			conforms(t, c, "approve", r)
			a := structured[agent.Answer](t, r)
			if r.IsError || a.Decided == nil || !a.Decided.Approved || a.Decided.Again {
				t.Fatalf("the second step gave %+v: %s", a, textOf(r))
			}
			if a.Decided.By != "tester 9 over MCP, as the assistant said its person decided" {
				t.Errorf("decided by %q", a.Decided.By)
			}
			r = callTool(t, c, "approve", approve)
			if a := structured[agent.Answer](t, r); a.Decided == nil || !a.Decided.Again {
				t.Errorf("a second time gave %+v", a)
			}
			r = callTool(t, c, "approve", strings.Replace(approve, "true", "false", 1))
			if !r.IsError {
				t.Error("what is done can be rejected")
			}
			if got := w.tools.savedNames(); len(got) != 1 {
				t.Errorf("it was done %d times", len(got))
			}
		})
	}
}

func TestApprovalsAreForOneCallOneConnectionAndATime(t *testing.T) {
	offer := func(t *testing.T, c *mcp.ClientSession) string {
		t.Helper()
		return structured[tools.Result](t, callTool(t, c, "save_segment", saving)).Approval
	}
	refused := func(t *testing.T, w *world, r *mcp.CallToolResult, part string) {
		t.Helper()
		if !r.IsError || !strings.Contains(textOf(r), part) || len(w.tools.savedNames()) != 0 {
			t.Errorf("it gave %q and saved %q; expected %q", textOf(r), w.tools.savedNames(), part)
		}
	}
	yes := func(id string) string { return `{"approval":"` + id + `","confirm":true}` }
	t.Run("another connection", func(t *testing.T) {
		w, s := writing(t)
		id := offer(t, join(t, s, nil))
		refused(t, w, callTool(t, join(t, s, nil), "approve", yes(id)), "never given to this connection")
	})
	t.Run("expired", func(t *testing.T) {
		w, s := writing(t)
		c := join(t, s, nil)
		id := offer(t, c)
		w.pass(time.Hour + time.Second)
		refused(t, w, callTool(t, c, "approve", yes(id)), "expired")
	})
	t.Run("rejected", func(t *testing.T) {
		w, s := writing(t)
		c := join(t, s, nil)
		id := offer(t, c)
		if r := callTool(t, c, "approve", strings.Replace(yes(id), "true", "false", 1)); r.IsError {
			t.Fatal(textOf(r))
		}
		refused(t, w, callTool(t, c, "approve", yes(id)), "rejected")
	})
	t.Run("changed data", func(t *testing.T) {
		w, s := writing(t)
		c := join(t, s, nil)
		id := offer(t, c)
		w.tools.mu.Lock()
		w.tools.data = "imported anew"
		w.tools.mu.Unlock()
		refused(t, w, callTool(t, c, "approve", yes(id)), "no longer what was shown")
	})
	t.Run("made up", func(t *testing.T) {
		w, s := writing(t)
		c := join(t, s, nil)
		id := offer(t, c)
		refused(t, w, callTool(t, c, "approve", yes(id[:len(id)-1]+"x")), "no approval")
		refused(t, w, callTool(t, c, "approve", `{"approval":"`+id+`"}`), "confirm")
		refused(t, w, callTool(t, c, "approve", `{"confirm":true}`), "approval")
		refused(t, w, callTool(t, c, "approve", `{"approval":"`+id+`","confirm":"yes"}`), "true or false")
	})
}

// A client that can ask its person must, also in the second step: the
// assistant does not decide alone there.
func TestTheSecondStepAsksWhereItCan(t *testing.T) {
	for _, version := range versions {
		t.Run(version, func(t *testing.T) {
			w, s := writing(t)
			answers := []func(*mcp.ElicitParams) (*mcp.ElicitResult, error){
				says("cancel", nil), says("decline", nil),
			}
			p := &person{}
			p.answer = func(q *mcp.ElicitParams) (*mcp.ElicitResult, error) { return answers[p.asked.Load()-1](q) }
			c := join(t, s, p.options(), version)
			a := callTool(t, c, "ask", `{"question":"save them"}`)
			if p.asked.Load() != 1 || !a.IsError {
				t.Fatalf("asked %d times, said %q", p.asked.Load(), textOf(a))
			}
			id := ""
			for known := range s.offers.byID {
				id = known
			}
			r := callTool(t, c, "approve", `{"approval":"`+id+`","confirm":true}`)
			if p.asked.Load() != 2 || !r.IsError || len(w.tools.savedNames()) != 0 {
				t.Errorf("asked %d times, saved %q, said %q", p.asked.Load(), w.tools.savedNames(), textOf(r))
			}
		})
	}
}

func TestAClientThatFailsToAsk(t *testing.T) {
	w, s := writing(t)
	p := &person{answer: func(*mcp.ElicitParams) (*mcp.ElicitResult, error) { return nil, errors.New("no window") }}
	c := join(t, s, p.options(), versions[0])
	r := callTool(t, c, "save_segment", saving)
	id := structured[tools.Result](t, r).Approval
	if r.IsError || id == "" || len(w.tools.savedNames()) != 0 {
		t.Errorf("it gave %q and saved %q", textOf(r), w.tools.savedNames())
	}
	// Its word is not enough in the second step: it could have asked.
	r = callTool(t, c, "approve", `{"approval":"`+id+`","confirm":true}`)
	if !r.IsError || len(w.tools.savedNames()) != 0 {
		t.Errorf("the second step gave %q and saved %q", textOf(r), w.tools.savedNames())
	}
	p.answer = says("accept", map[string]any{"approve": true})
	r = callTool(t, c, "approve", `{"approval":"`+id+`","confirm":true}`)
	if r.IsError || len(w.tools.savedNames()) != 1 {
		t.Errorf("after it asked, it gave %q and saved %q", textOf(r), w.tools.savedNames())
	}
}

func TestAskWaitsForAPerson(t *testing.T) {
	for _, version := range versions {
		t.Run(version, func(t *testing.T) {
			w, s := writing(t)
			c := join(t, s, nil, version)
			r := callTool(t, c, "ask", `{"question":"save them as Spaniards","session":"x"}`)
			conforms(t, c, "ask", r)
			a := structured[agent.Answer](t, r)
			if a.Status != model.Approve || len(a.Calls) != 1 || a.Calls[0].Approval == "" || !strings.Contains(textOf(r), "Nothing has changed yet") {
				t.Fatalf("it gave %+v: %s", a, textOf(r))
			}
			r = callTool(t, c, "approve", `{"approval":"`+a.Calls[0].Approval+`","confirm":true}`)
			if r.IsError || len(w.tools.savedNames()) != 1 {
				t.Errorf("approve said %q", textOf(r))
			}

			w, s = writing(t)
			p := &person{answer: says("accept", map[string]any{"approve": true})}
			c = join(t, s, p.options(), version)
			r = callTool(t, c, "ask", `{"question":"save them as Spaniards"}`)
			if a := structured[agent.Answer](t, r); r.IsError || a.Decided == nil || len(w.tools.savedNames()) != 1 || p.asked.Load() != 1 {
				t.Errorf("with a person to ask it gave %q", textOf(r))
			}
			conforms(t, c, "ask", r)
		})
	}
}

func TestAskChangesNothingWithoutLeave(t *testing.T) {
	w := newWorld()
	p := &person{answer: says("accept", map[string]any{"approve": true})}
	c := join(t, serve(t, w.config()), p.options())
	r := callTool(t, c, "ask", `{"question":"save them"}`)
	a := structured[agent.Answer](t, r)
	if p.asked.Load() != 0 || a.Status != model.Approve || len(w.tools.savedNames()) != 0 || !strings.Contains(textOf(r), "--allow-writes") {
		t.Errorf("asked %d times, %+v: %s", p.asked.Load(), a, textOf(r))
	}
}

// A made-up state of an earlier round does nothing.
func TestStatesAreNotTakenOnTrust(t *testing.T) {
	w, s := writing(t)
	o := &mcp.ClientOptions{MultiRoundTrip: &mcp.MultiRoundTripOptions{Disabled: true}, ElicitationHandler: (&person{}).options().ElicitationHandler}
	c, other := join(t, s, o), join(t, s, o)
	first, err := c.CallTool(t.Context(), &mcp.CallToolParams{Name: "save_segment", Arguments: json.RawMessage(saving)})
	if err != nil || !first.NeedsInput() {
		t.Fatalf("the first round gave %+v, %v", first, err)
	}
	yes := mcp.InputResponseMap{first.RequestState: &mcp.ElicitResult{Action: "accept", Content: map[string]any{"approve": true}}}
	for _, try := range []struct {
		what       string
		from       *mcp.ClientSession
		tool, args string
		state      string
		said       mcp.InputResponseMap
	}{
		{"another connection", other, "save_segment", saving, first.RequestState, yes},
		{"other arguments", c, "save_segment", `{"name":"Everyone","formula":"everyone"}`, first.RequestState, yes},
		{"another tool", c, "delete_segment", saving, first.RequestState, yes},
		{"another state", c, "save_segment", saving, "made up", yes},
		{"no answer", c, "save_segment", saving, first.RequestState, nil},
	} {
		r, err := try.from.CallTool(t.Context(), &mcp.CallToolParams{Name: try.tool, Arguments: json.RawMessage(try.args), RequestState: try.state, InputResponses: try.said})
		if err != nil || !r.IsError || len(w.tools.savedNames()) != 0 {
			t.Errorf("%s: it gave %+v, %v and saved %q", try.what, r, err, w.tools.savedNames())
		}
	}
	r, err := c.CallTool(t.Context(), &mcp.CallToolParams{Name: "save_segment", Arguments: json.RawMessage(saving), RequestState: first.RequestState, InputResponses: yes})
	if err != nil || r.IsError || len(w.tools.savedNames()) != 1 {
		t.Errorf("the true one gave %+v, %v and saved %q", r, err, w.tools.savedNames())
	}
}

func TestApprovedAtOnceIsDoneOnce(t *testing.T) {
	w, s := writing(t)
	c := join(t, s, nil)
	id := structured[tools.Result](t, callTool(t, c, "save_segment", saving)).Approval
	const n = 8
	again := make(chan bool, n)
	for range n {
		go func() {
			r, err := c.CallTool(context.Background(), &mcp.CallToolParams{Name: "approve", Arguments: map[string]any{"approval": id, "confirm": true}})
			again <- err == nil && !r.IsError
		}()
	}
	for range n {
		if !<-again {
			t.Error("one of them failed")
		}
	}
	if got := w.tools.savedNames(); len(got) != 1 {
		t.Errorf("it was done %d times", len(got))
	}
}

// Where requests come without a session, what lets them in tells them apart.
func TestOwners(t *testing.T) {
	s := serve(t, newWorld().config())
	bearing := func(token string) *mcp.CallToolRequest {
		return &mcp.CallToolRequest{Session: &mcp.ServerSession{}, Extra: &mcp.RequestExtra{Header: http.Header{"Authorization": {token}}}}
	}
	one, two := bearing("Bearer one"), bearing("Bearer two")
	if s.ownerOf(one) != s.ownerOf(bearing("Bearer one")) || s.ownerOf(one) == s.ownerOf(two) || strings.Contains(s.ownerOf(one), "one") {
		t.Errorf("they are %s and %s", s.ownerOf(one), s.ownerOf(two))
	}
	if a, b := s.sessionOf(one, ""), s.sessionOf(one, ""); lasting(one) || a == b {
		t.Errorf("two questions without a session share %s", a)
	}
	if a, b := s.sessionOf(one, "x"), s.sessionOf(two, "x"); a != b || a != "mcp:named:x" {
		t.Errorf("a name stands for %s and %s", a, b)
	}
}

func TestOffersAreBounded(t *testing.T) {
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	o := newOffers(func() time.Time { return now })
	o.add(&offer{id: "first", owner: "you", until: now.Add(time.Hour)})
	for i := range 2 * mostOwn {
		o.add(&offer{id: fmt.Sprint(i), owner: "me", until: now.Add(time.Hour)})
	}
	if len(o.byID) != mostOwn+1 || o.find("first", "you") == nil || o.find(fmt.Sprint(mostOwn-1), "me") != nil || o.find(fmt.Sprint(mostOwn), "me") == nil {
		t.Errorf("of one connection %d offers wait", len(o.byID)-1)
	}
	for i := range mostOffers + 10 {
		o.add(&offer{id: fmt.Sprint("x", i), owner: fmt.Sprint(i), until: now.Add(time.Hour)})
	}
	if len(o.byID) != mostOffers || len(o.order) != mostOffers {
		t.Errorf("%d offers wait", len(o.byID))
	}
	now = now.Add(2 * time.Hour)
	o.add(&offer{id: "new", owner: "me", until: now.Add(time.Hour)})
	if len(o.byID) != 1 || o.find("new", "you") != nil || o.find("new", "me") == nil {
		t.Errorf("after they expired %d wait", len(o.byID))
	}
}

func TestUnmarked(t *testing.T) {
	if got := unmarked("**Save “a\\_b”** \\\\ `x**\\_y` 2 * 3"); got != "Save “a_b” \\ `x**\\_y` 2 * 3" {
		t.Errorf("it is %q", got)
	}
}
